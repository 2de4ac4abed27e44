/** The grammar of SORT: over lists, sets and sorted sets, by and with what other keys hold. */
import { value } from './arguments.js';
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
import { genericRows } from './strings-grammar.js';

/**
 * Lists of numbers: few other elements can be sorted without ALPHA. All of it is in keys of their
 * own: a sorted set with a score like 1e-320 somewhere makes Redis's SORT fail, because strtod
 * says ERANGE of it.
 */
const LISTS = ['sort:1', 'sort:2', 'sort:3'];
const SETS = ['sort:s1', 'sort:s2'];
const ZSETS = ['sort:z1', 'sort:z2'];
const SORT_KEYS = [...LISTS, ...SETS, ...ZSETS];
const lists = oneOf(...LISTS);
const sets = oneOf(...SETS);
const zsets = oneOf(...ZSETS);
/** No set gets into a list's key: what LIMIT leaves of a set that is not sorted is any of it. */
const anyKey = oneOf(...LISTS, ...ZSETS, 'w_1', 'h_1', 'missing');
const number: Make<string> = weighted(
  [12, between(-30, 30)],
  [2, oneOf('1.5', '-0.5', '2.25', '1e3', '0', '-0', '007')],
  [1, (random) => String(random.between(-2_000_000, 2_000_000))],
);
/** No zero bytes: strcoll ends there, and what is equal comes as a set happens to have it. */
const text = oneOf('a', 'b', 'ab', 'm:1', 'm:2', 'm:10', '', 'B', '\xff', '10', '9');
const weightKey: Make<string> = (random) => `w_${random.below(30)}`;
const hashKey: Make<string> = (random) => `h_${random.below(30)}`;
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
const store = rarely(2, option('STORE', lists));
/** Ties under BY are ordered by the elements themselves; those under BY and ALPHA are not. */
const weighed = rarely(1, option('BY', by));
const unsorted = option('BY', oneOf('nosort', 'x', ''));

/**
 * Redis's SORT takes an error of strtod for its own that an earlier command has had: a score that is read well clears it. No key comes of it.
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
  [2, command('SADD', sets, many(number, 1, 6))],
  [1, command('SADD', sets, many(text, 1, 6))],
  [3, sorting('SORT', sets, word('ALPHA'), order, limit, gets, store)],
  [3, sorting('SORT', sets, weighed, order, gets, store)],
  [
    2,
    command('ZADD', zsets, many(sequence(oneOf('1', '2', '3', '-1.5', 'inf', '-0'), number), 1, 6)),
  ],
  [3, sorting('SORT', zsets, alpha, order, limit, gets, store)],
  [3, sorting('SORT', zsets, weighed, order, gets, store)],
  [3, sorting('SORT', zsets, unsorted, order, limit, gets, store)],
];

export const sortGrammar: Grammar = {
  name: 'sort',
  rows: [...SORT, ...SORT, ...genericRows(anyKey)],
  keys: SORT_KEYS,
};
