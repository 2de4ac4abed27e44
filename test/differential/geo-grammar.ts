/** The grammar of places: sorted sets whose scores are where their members are. */
import { count, familyKeys, float, member } from './arguments.js';
import {
  args,
  command,
  constant,
  type Grammar,
  type Make,
  many,
  maybe,
  oneOf,
  option,
  options,
  type Part,
  type Rows,
  type Step,
  sequence,
  weighted,
  word,
  words,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

export const GEO_KEYS = familyKeys('geo');
const key = GEO_KEYS.any;

/** Near each other, anywhere, at the edges, nowhere. */
function degrees(most: number, near: number): Make<string> {
  const edges = [`${most}`, `-${most}`, `${most - 1e-6}`, '0', '-0.0', '179.999999', '-180'];
  return weighted(
    [12, (random) => (near + random.below(2000) / 1000 - 1).toFixed(random.below(8))],
    [4, (random) => String((random.next() / 2 ** 32 - 0.5) * 2 * most)],
    [1, oneOf(...edges)],
    [1, float],
  );
}

const position = sequence(degrees(180, 13), degrees(85.05112878, 38));
const unit = words('m', 'km', 'ft', 'mi', 'm', 'km', 'ft', 'mi', 'm', 'km', 'ft', 'mi', 'x');
const length: Make<string> = weighted(
  [8, (random) => String(random.below(200) * random.pick([1, 10, 1000]))],
  [4, (random) => (random.below(1_000_000) / 1000).toString()],
  [1, oneOf('0', '-1', '1e7', '1e10', '40075000')],
  [1, float],
);
const extras = [word('WITHCOORD'), word('WITHDIST'), word('WITHHASH')];
const order = words('ASC', 'DESC');
const limit: Part = sequence(word('COUNT'), count, maybe(word('ANY')));
const storing = [option('STORE', key)];
const readOptions = options(4, ...extras, order, option('COUNT', count), limit);
const radius = sequence(length, unit);
const from: Part = weighted([3, option('FROMMEMBER', member)], [5, option('FROMLONLAT', position)]);
const by: Part = weighted(
  [1, option('BYRADIUS', radius)],
  [1, option('BYBOX', length, length, unit)],
);

/** A stored distance has all its digits, and the last of them is a matter of the sine. */
const storeDistances: Make<Step> = (random) => {
  const target = constant(key(random));
  const search = [from, by, options(2, order, limit), word('STOREDIST')];
  return [
    args('GEOSEARCHSTORE', target, key, ...search)(random),
    args('ZRANGE', target, constant('0'), constant('-1'), constant('WITHSCORES'))(random),
    args('DEL', target)(random),
  ];
};

export const GEO: Rows = [
  [14, command('GEOADD', key, many(sequence(position, member), 1, 4))],
  [4, command('GEOADD', key, many(sequence(position, member), 20, 50))],
  [
    4,
    command(
      'GEOADD',
      key,
      options(2, word('NX'), word('XX'), word('CH')),
      many(sequence(position, member), 1, 3),
    ),
  ],
  [3, command('GEOPOS', key, many(member, 0, 4))],
  [5, command('GEODIST', key, member, member, maybe(unit))],
  [3, command('GEOHASH', key, many(member, 0, 4))],
  [4, command('GEORADIUS', key, position, radius, readOptions)],
  [2, command('GEORADIUS', key, position, radius, options(2, ...storing, order, limit))],
  [3, command('GEORADIUS_RO', key, position, radius, readOptions)],
  [4, command('GEORADIUSBYMEMBER', key, member, radius, readOptions)],
  [2, command('GEORADIUSBYMEMBER', key, member, radius, options(2, ...storing, order, limit))],
  [3, command('GEORADIUSBYMEMBER_RO', key, member, radius, readOptions)],
  [12, command('GEOSEARCH', key, from, by, readOptions)],
  [1, command('GEOSEARCH', key, options(3, from, by, limit))],
  [5, command('GEOSEARCHSTORE', key, key, from, by, options(2, order, limit))],
  [2, storeDistances],
  [2, command('ZREM', key, many(member))],
  [2, command('ZRANGE', key, () => ['0', '-1', 'WITHSCORES'])],
  [1, command('ZADD', key, float, member)],
];

export const geoGrammar: Grammar = {
  name: 'geo',
  rows: [...GEO, ...GEO, ...genericRows(key)],
  keys: GEO_KEYS.all,
};
