/** The grammar of HyperLogLogs, whose very bytes are seen by GET and DUMP. */
import { familyKeys, member } from './arguments.js';
import { command, type Grammar, type Make, many, oneOf, type Rows } from './grammar.js';
import { genericRows } from './strings-grammar.js';

export const HLL_KEYS = familyKeys('hll', 4);
const key = HLL_KEYS.any;
/** So many distinct ones that registers fill and the sparse form has to go. */
const element: Make<string> = (random) => `${random.below(random.spread * 50)}`;

const HEADER = 'HYLL\x01\x00\x00\x00';
const CACHED = `${'\x00'.repeat(7)}\x80`;
/**
 * Strings that are nearly HyperLogLogs: cut, too long a run, a value that is none. None is cut
 * within an opcode: the oracle reads on behind the string.
 */
const NEARLY = [
  'HYLL',
  HEADER,
  `${HEADER}${CACHED}`,
  `${HEADER}${CACHED}\x7f\xff`,
  `${HEADER}${CACHED}\x7f\xff\x7f\xff`,
  `${HEADER}${CACHED}\x7f\xf0\x80\x43\xfc`,
  `${HEADER}${CACHED}\xff\xff\xff\xff\x7f\xff`,
  `HYLL\x00\x00\x00\x00${CACHED}${'\x00'.repeat(100)}`,
  `HYLL\x00\x00\x00\x00${CACHED}${'\x21'.repeat(12_288)}`,
  `HYLL\x02\x00\x00\x00${CACHED}\x7f\xff`,
  `XYLL\x01\x00\x00\x00${CACHED}\x7f\xff`,
];

export const HYPERLOGLOGS: Rows = [
  [14, command('PFADD', key, many(element, 1, 5))],
  [6, command('PFADD', key, many(element, 20, 80))],
  [2, command('PFADD', key, many(member, 0, 5))],
  [8, command('PFCOUNT', key)],
  [6, command('PFCOUNT', many(key, 2, 4))],
  [6, command('PFMERGE', key, many(key, 0, 3))],
  [4, command('GET', key)],
  [3, command('STRLEN', key)],
  [2, command('PFDEBUG ENCODING', key)],
  [1, command('PFDEBUG TODENSE', key)],
  [1, command('PFDEBUG DECODE', key)],
  [1, command('SET', key, oneOf(...NEARLY))],
];

export const hyperloglogGrammar: Grammar = {
  name: 'hyperloglog',
  rows: [...HYPERLOGLOGS, ...HYPERLOGLOGS, ...genericRows(key)],
  keys: HLL_KEYS.all,
};
