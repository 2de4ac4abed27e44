/** The grammar of hashes, as Redis 7.0 has them. */
import { element, familyKeys, float, integer, member, pattern, pickCount } from './arguments.js';
import {
  afterEncoding,
  args,
  command,
  constant,
  type Grammar,
  type Make,
  many,
  option,
  options,
  type Rows,
  type Step,
  sequence,
  weighted,
  word,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

export const HASH_KEYS = familyKeys('hash');
const key = HASH_KEYS.any;
/** Counters have fields of their own, or hardly any increment would find a number. */
const counter: Make<string> = (random) => `n:${random.below(6)}`;
const field = member;
const counterOrField = weighted([8, counter], [1, field]);
const pair = sequence(field, element);
const all = option('COUNT', constant('100000'));

/** All fields first: what is picked must be among them. */
const pick: Make<Step> = (random) => {
  const chosen = constant(key(random));
  const withValues = random.below(2) ? [word('WITHVALUES')] : [];
  const rest = random.below(4) ? [pickCount, ...withValues] : [];
  return [args('HGETALL', chosen)(random), args('HRANDFIELD', chosen, ...rest)(random)];
};

export const HASHES: Rows = [
  [14, command('HSET', key, many(pair, 1, 5))],
  [2, command('HSET', key, many(pair, 10, 40))],
  [3, command('HMSET', key, many(pair, 1, 5))],
  [3, command('HSETNX', key, pair)],
  [4, command('HSET', key, counter, integer)],
  [5, command('HGET', key, field)],
  [3, command('HMGET', key, many(field))],
  [5, afterEncoding('HGETALL', key)],
  [2, afterEncoding('HKEYS', key)],
  [2, afterEncoding('HVALS', key)],
  [2, command('HLEN', key)],
  [2, command('HSTRLEN', key, field)],
  [3, command('HEXISTS', key, field)],
  [8, command('HDEL', key, many(field))],
  [6, command('HINCRBY', key, counterOrField, integer)],
  [6, command('HINCRBYFLOAT', key, counterOrField, float)],
  [1, command('HRANDFIELD', key, constant('0'), word('WITHVALUES'))],
  [4, pick],
  [3, afterEncoding('HSCAN', key, constant('0'), all, options(1, option('MATCH', pattern)))],
];

export const hashesGrammar: Grammar = {
  name: 'hashes',
  rows: [...HASHES, ...HASHES, ...genericRows(key)],
  keys: HASH_KEYS.all,
};
