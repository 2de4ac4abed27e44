/** The grammar of lists. */
import { count, element, familyKeys, integer, tame } from './arguments.js';
import {
  args,
  command,
  constant,
  counted,
  type Grammar,
  many,
  maybe,
  oneOf,
  option,
  options,
  type Rows,
  weighted,
  words,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

export const LIST_KEYS = familyKeys('list');
const key = LIST_KEYS.any;
const side = words('LEFT', 'RIGHT', 'LEFT', 'RIGHT', 'LEFT', 'RIGHT', 'UP');
const rank = weighted([6, oneOf('1', '2', '-1', '-2', '3')], [1, integer]);

export const LISTS: Rows = [
  [10, command('RPUSH', key, many(element, 1, 6))],
  [10, command('LPUSH', key, many(element, 1, 6))],
  [2, command('RPUSH', key, many(element, 20, 60))],
  [2, command('RPUSHX', key, many(element, 1, 3))],
  [2, command('LPUSHX', key, many(element, 1, 3))],
  [4, command('LPOP', key, maybe(count))],
  [4, command('RPOP', key, maybe(count))],
  [3, command('LLEN', key)],
  [4, command('LRANGE', key, tame, tame)],
  [4, command('LRANGE', key, constant('0'), constant('-1'))],
  [4, command('LINDEX', key, tame)],
  [6, command('LSET', key, tame, element)],
  [6, command('LINSERT', key, words('BEFORE', 'AFTER'), element, element)],
  [1, command('LINSERT', key, words('BEFORE', 'AFTER', 'x'), element, element)],
  [5, command('LREM', key, tame, element)],
  [2, command('LTRIM', key, tame, tame)],
  [
    6,
    command(
      'LPOS',
      key,
      element,
      options(3, option('RANK', rank), option('COUNT', count), option('MAXLEN', count)),
    ),
  ],
  [5, command('LMOVE', key, key, side, side)],
  [4, command('RPOPLPUSH', key, key)],
  [4, command('LMPOP', counted(key), side, options(1, option('COUNT', count)))],
  // A list that ends as it began shows how its nodes are cut.
  [1, (random) => [args('DEL', LIST_KEYS.any)(random)]],
];

export const listsGrammar: Grammar = {
  name: 'lists',
  rows: [...LISTS, ...LISTS, ...genericRows(key)],
  keys: LIST_KEYS.all,
};
