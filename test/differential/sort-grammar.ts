/** The grammar of SORT: over lists, sets and sorted sets, by and with what other keys hold. */
import { familyKeys, member, pattern, score, value } from './arguments.js';
import {
  between,
  command,
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
} from './grammar.js';
import { LIST_KEYS } from './lists-grammar.js';
import { SET_KEYS } from './sets-grammar.js';
import { genericRows } from './strings-grammar.js';
import { ZSET_KEYS } from './zsets-grammar.js';

/** Lists of numbers: few other elements can be sorted without ALPHA. */
const SORT_KEYS = familyKeys('sort');
const lists = SORT_KEYS.any;
const number: Make<string> = weighted(
  [12, between(-30, 30)],
  [2, oneOf('1.5', '-0.5', '2.25', '1e3', '0', '-0', '007')],
  [1, (random) => String(random.between(-2_000_000, 2_000_000))],
);
const weightKey: Make<string> = (random) => `w_${random.below(30)}`;
const hashKey: Make<string> = (random) => `h_${random.below(30)}`;
const target = weighted([4, lists], [1, LIST_KEYS.any]);
const by = oneOf('w_*', 'h_*->f', 'w_*', 'h_*->g', 'missing_*', 'h_*->', '->', '*', 'h_*->f*');
const get = option('GET', oneOf('#', 'w_*', 'h_*->f', 'h_*->g', 'none', '*', 'missing_*', ''));
const range: Part = option(
  'LIMIT',
  weighted([9, between(0, 6)], [1, number]),
  weighted([9, between(-1, 9)], [1, number]),
);
const order = maybe(weighted([1, word('ASC')], [1, word('DESC')]));
const gets = rarely(2, many(get, 1, 3));
const alpha = rarely(2, word('ALPHA'));
const limit = rarely(2, range);
const store = rarely(2, option('STORE', target));
/** Ties under BY are ordered by the elements themselves; those under BY and ALPHA are not. */
const weighed = rarely(1, option('BY', by));
const unsorted = option('BY', oneOf('nosort', 'x', ''));

/**
 * Redis's SORT takes an error of strtod for its own that an earlier command has had, with 1e-320
 * for example: a score that is read well clears it. No key comes of it.
 */
const CLEAR = ['ZADD', 'none', 'XX', '0', 'm'];

function sorting(name: string, ...parts: Part[]): Make<Step> {
  const make = command(name, ...parts);
  return (random) => [CLEAR, ...make(random)];
}

export const SORT: Rows = [
  [6, command('RPUSH', lists, many(number, 1, 6))],
  [2, command('RPUSH', lists, many(number, 10, 40))],
  [1, command('RPUSH', lists, many(value, 1, 2))],
  [4, command('LPOP', lists)],
  [2, command('DEL', lists)],
  [4, command('SET', weightKey, number)],
  [1, command('SET', weightKey, value)],
  [4, command('HSET', hashKey, oneOf('f', 'g'), number)],
  [8, sorting('SORT', lists, alpha, order, limit, gets, store)],
  [8, sorting('SORT', lists, weighed, order, gets, store)],
  [6, sorting('SORT_RO', lists, weighed, order, gets)],
  [4, sorting('SORT', lists, unsorted, order, limit, gets, store)],
  [2, sorting('SORT', lists, options(6, word('ALPHA'), order, range, get, store))],
  [2, command('SADD', SET_KEYS.any, many(number, 1, 6))],
  [1, command('SADD', SET_KEYS.any, many(member, 1, 6))],
  [3, sorting('SORT', SET_KEYS.any, word('ALPHA'), order, limit, gets, store)],
  [3, sorting('SORT', SET_KEYS.any, weighed, order, gets, store)],
  [2, command('ZADD', ZSET_KEYS.any, many(sequence(score, number), 1, 6))],
  [3, sorting('SORT', ZSET_KEYS.any, alpha, order, limit, gets, store)],
  [3, sorting('SORT', ZSET_KEYS.any, weighed, order, gets, store)],
  [3, sorting('SORT', ZSET_KEYS.any, unsorted, order, limit, gets, store)],
  [1, command('KEYS', pattern)],
];

export const sortGrammar: Grammar = {
  name: 'sort',
  rows: [...SORT, ...SORT, ...genericRows(lists)],
  keys: [...SORT_KEYS.all, ...LIST_KEYS.all, ...SET_KEYS.all, ...ZSET_KEYS.all],
};
