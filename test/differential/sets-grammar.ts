/** The grammar of sets. */
import { count, familyKeys, integer, member, number, pattern, pickCount } from './arguments.js';
import {
  afterEncoding,
  args,
  command,
  constant,
  counted,
  type Grammar,
  type Make,
  many,
  option,
  options,
  type Rows,
  type Step,
  weighted,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

/** The first ones mostly hold integers, so that there are intsets. */
export const SET_KEYS = familyKeys('set', 5);
const key = SET_KEYS.any;
const integers = weighted([1, constant('set:1')], [1, constant('set:2')]);
const all = option('COUNT', constant('100000'));

/** All members first: what is picked must be among them. */
const pick: Make<Step> = (random) => {
  const chosen = constant(key(random));
  const rest = random.below(4) ? [pickCount] : [];
  return [args('SMEMBERS', chosen)(random), args('SRANDMEMBER', chosen, ...rest)(random)];
};

/** What is left is not the same on both sides, so nothing may be left. */
const pop: Make<Step> = (random) => {
  const chosen = constant(key(random));
  const rest = random.below(3) ? [count] : [];
  return [
    args('SMEMBERS', chosen)(random),
    args('SPOP', chosen, ...rest)(random),
    args('SCARD', chosen)(random),
    args('DEL', chosen)(random),
  ];
};

/** Never without the count: one that is popped at random would be missed. */
const popAll: Make<Step> = (random) => [args('SPOP', key, constant('100000'))(random)];

export const SETS: Rows = [
  [12, command('SADD', key, many(member, 1, 6))],
  [12, command('SADD', integers, many(number, 1, 6))],
  [3, command('SADD', integers, many(number, 20, 60))],
  [1, command('SADD', key, many(member, 20, 60))],
  [8, command('SREM', key, many(member))],
  [4, command('SREM', integers, many(number))],
  [5, afterEncoding('SMEMBERS', key)],
  [3, command('SISMEMBER', key, member)],
  [3, command('SISMEMBER', integers, number)],
  [3, command('SMISMEMBER', key, many(member))],
  [3, command('SCARD', key)],
  [1, pop],
  [1, popAll],
  [4, pick],
  [4, command('SMOVE', key, key, member)],
  [2, command('SMOVE', integers, integers, number)],
  [4, command('SINTER', many(key, 1, 3))],
  [2, command('SINTER', many(integers, 1, 2))],
  [3, command('SINTERCARD', counted(key), options(1, option('LIMIT', integer)))],
  [3, command('SINTERSTORE', key, many(key, 1, 3))],
  [3, command('SUNION', many(key, 1, 3))],
  [3, command('SUNIONSTORE', key, many(key, 1, 3))],
  [1, command('SUNIONSTORE', integers, many(integers, 1, 3))],
  [3, command('SDIFF', many(key, 1, 4))],
  [3, command('SDIFFSTORE', key, many(key, 1, 4))],
  [3, afterEncoding('SSCAN', key, constant('0'), all, options(1, option('MATCH', pattern)))],
];

export const setsGrammar: Grammar = {
  name: 'sets',
  rows: [...SETS, ...SETS, ...genericRows(key)],
  keys: SET_KEYS.all,
};
