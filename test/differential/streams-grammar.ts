/**
 * The grammar of streams. Ids are explicit and small; idle times are zero or far from every limit
 * that is asked for, because both sides have a now of their own.
 */
import { count, element, familyKeys, integer, member } from './arguments.js';
import {
  args,
  between,
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
  rarely,
  type Step,
  sequence,
  weighted,
  word,
  words,
} from './grammar.js';
import type { Random } from './random.js';
import { genericRows } from './strings-grammar.js';

export const STREAM_KEYS = familyKeys('stream');
const key = STREAM_KEYS.any;
const group = weighted([12, oneOf('g1', 'g2')], [1, oneOf('g3', '', 'g1\x00')]);
const consumer = oneOf('c1', 'c2', 'c3', 'c\xff');
const MAXIMUM = '18446744073709551615';
const HOSTILE = [
  '0-0',
  '0',
  '',
  'x',
  '-1',
  '1-',
  '-',
  '+',
  `${MAXIMUM}-${MAXIMUM}`,
  '18446744073709551616',
  '1-1-1',
  '01-1',
];

/** Above all that was made before in this sequence, mostly. */
const newId: Make<string> = (random) => {
  if (random.below(60) === 0) return random.pick(HOSTILE);
  if (random.below(12) === 0) return oldId(random);
  random.clock += random.below(3);
  const part = random.below(10);
  if (part === 0) return `${random.clock}-*`;
  if (part === 1) return String(++random.clock);
  return `${random.clock}-${random.clock * 4 + random.below(4)}`;
};

/**
 * For XSETID: above all that was ever there. Redis lets it go back behind entries that were deleted;
 * a node that is made then may have the id of one that is there, and redis-server hangs or asserts.
 */
const farId: Make<string> = weighted(
  [1, oneOf(...HOSTILE)],
  [1, (random) => `${MAXIMUM}-${random.below(1000)}`],
);

/** Of an entry that may be there: one of those made lately, or of the very first. */
const oldId: Make<string> = (random) => {
  const back = random.below(Math.min(random.clock, random.pick([4, 30, 400])));
  const time = random.clock - back;
  return random.below(8) ? `${time}-${time * 4 + random.below(4)}` : String(time);
};
const id = weighted([30, oldId], [1, oneOf(...HOSTILE)]);
const first: Make<string> = weighted(
  [4, constant('-')],
  [8, id],
  [2, (random) => `(${oldId(random)}`],
  [1, constant('+')],
);
const last: Make<string> = weighted(
  [4, constant('+')],
  [8, id],
  [2, (random) => `(${oldId(random)}`],
  [1, constant('-')],
);
const pair = sequence(weighted([6, oneOf('f', 'g', 'field')], [1, member]), element);
const pairs = weighted([4, many(pair, 1, 2)], [1, many(pair, 1, 5)]);
const approximately: Part = oneOf<readonly string[]>([], ['='], ['~']);
const trimLimit: Part = rarely(4, option('LIMIT', count));
const trimming: Part = weighted(
  [3, option('MAXLEN', approximately, weighted([8, between(0, 40)], [1, integer]), trimLimit)],
  [2, option('MINID', approximately, id, trimLimit)],
);
const limit = maybe(option('COUNT', count));

/** `STREAMS key ... id ...`: as many ids as keys, mostly. */
function streams(name: Make<string>, which: Make<string>): Part {
  return (random: Random) => {
    const keys = Array.from({ length: random.between(1, 2) }, () => name(random));
    const ids = keys.map(() => which(random));
    if (random.below(40) === 0) ids.pop();
    return ['STREAMS', ...keys, ...ids];
  };
}

/** Each side's id is of its own now, so nothing of it may stay. */
const addNow: Make<Step> = (random) => {
  const chosen = constant(key(random));
  return [
    args('XADD', chosen, constant('*'), pairs)(random),
    args('XLEN', chosen)(random),
    args('DEL', chosen)(random),
  ];
};

const FAR_IDLE = ['5000000', '60000000', '1000000000'];
/** Nothing is ever idle for so long by itself. */
const minimumIdle = weighted(
  [12, oneOf('0', '1000000', '10000000', '100000000')],
  [1, oneOf('-1', 'x', '9223372036854775807', '')],
);
const claimOptions = options(
  3,
  option('IDLE', oneOf(...FAR_IDLE, '-1', 'x')),
  option('TIME', oneOf('1', '1000', '0', '-1', 'x')),
  option('RETRYCOUNT', weighted([4, between(0, 9)], [1, integer])),
  word('FORCE'),
  word('FORCE'),
  word('JUSTID'),
  option('LASTID', id),
);

const entries: Rows = [
  [30, command('XADD', key, newId, pairs)],
  [4, command('XADD', key, word('NOMKSTREAM'), newId, pairs)],
  [8, command('XADD', key, trimming, newId, pairs)],
  [2, addNow],
  [4, command('XLEN', key)],
  [8, command('XRANGE', key, first, last, limit)],
  [8, command('XREVRANGE', key, last, first, limit)],
  [8, command('XDEL', key, many(id, 1, 4))],
  [5, command('XTRIM', key, trimming)],
  [6, command('XREAD', limit, streams(key, weighted([9, id], [1, constant('$')])))],
  [
    4,
    command(
      'XSETID',
      key,
      farId,
      options(2, option('ENTRIESADDED', between(0, 900)), option('MAXDELETEDID', id)),
    ),
  ],
];

const groups: Rows = [
  [14, command('XGROUP CREATE', key, group, constant('0'), word('MKSTREAM'))],
  [
    8,
    command(
      'XGROUP CREATE',
      key,
      group,
      weighted([4, id], [3, constant('$')], [4, constant('0')]),
      options(
        2,
        word('MKSTREAM'),
        option('ENTRIESREAD', weighted([5, count], [1, constant('-1')])),
      ),
    ),
  ],
  [3, command('XGROUP SETID', key, group, id, options(1, option('ENTRIESREAD', count)))],
  [1, command('XGROUP DESTROY', key, group)],
  [3, command('XGROUP CREATECONSUMER', key, group, consumer)],
  [2, command('XGROUP DELCONSUMER', key, group, consumer)],
  [
    24,
    command(
      'XREADGROUP',
      option('GROUP', group, consumer),
      limit,
      rarely(6, word('NOACK')),
      streams(key, weighted([10, constant('>')], [3, constant('0')], [3, id])),
    ),
  ],
  [8, command('XACK', key, group, many(id, 1, 5))],
  [4, command('XPENDING', key, group)],
  [6, command('XPENDING', key, group, first, last, count, maybe(consumer))],
  [3, command('XPENDING', key, group, word('IDLE'), minimumIdle, first, last, count)],
  [8, command('XCLAIM', key, group, consumer, minimumIdle, many(id, 1, 4), claimOptions)],
  [
    6,
    command(
      'XAUTOCLAIM',
      key,
      group,
      consumer,
      minimumIdle,
      weighted([3, constant('0')], [3, constant('-')], [4, id]),
      options(2, option('COUNT', count), word('JUSTID')),
    ),
  ],
  [4, command('XINFO STREAM', key)],
  [4, command('XINFO STREAM', key, words('FULL'), maybe(option('COUNT', count)))],
  [3, command('XINFO GROUPS', key)],
  [3, command('XINFO CONSUMERS', key, group)],
];

export const STREAMS: Rows = [...entries, ...groups];

export const streamsGrammar: Grammar = {
  name: 'streams',
  rows: [...STREAMS, ...STREAMS, ...STREAMS, ...genericRows(key)],
  keys: STREAM_KEYS.all,
};
