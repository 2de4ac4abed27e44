/** The grammar of bitmaps: strings, bit by bit. */
import { familyKeys, integer, tame, value } from './arguments.js';
import {
  between,
  command,
  type Grammar,
  type Make,
  many,
  maybe,
  oneOf,
  option,
  type Part,
  type Rows,
  weighted,
  words,
} from './grammar.js';
import { genericRows } from './strings-grammar.js';

export const BIT_KEYS = familyKeys('bits');
const key = BIT_KEYS.any;
/** Between 2^21 and 2^32 a SETBIT would really allocate the string. */
const position = weighted(
  [30, between(0, 200)],
  [4, between(0, 40_000)],
  [2, oneOf('4294967296', '9223372036854775807', '-1', '-9223372036854775808', 'x', '', '01')],
);
const bit = oneOf('0', '1', '0', '1', '0', '1', '0', '1', '0', '1', '0', '1', '2', '-1', 'x');
const unit = maybe(words('BYTE', 'BIT', 'BYTE', 'BIT', 'BYTE', 'BIT', 'x'));
const operation = words('AND', 'OR', 'XOR', 'AND', 'OR', 'XOR', 'NAND');

const type: Make<string> = (random) => {
  const wrong = random.below(40) === 0;
  if (wrong) return random.pick(['u64', 'i65', 'u0', 'i0', 'x', '', 'u-1', 'i 8', 'U8']);
  const widths = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 62, 63];
  return random.below(16) ? random.pick(['u', 'i']) + random.pick(widths) : 'i64';
};
const slot = weighted([9, position], [3, (random) => `#${random.below(20)}`]);
const get = option('GET', type, slot);
const overflow = option('OVERFLOW', words('WRAP', 'SAT', 'FAIL', 'WRAP', 'SAT', 'FAIL', 'x'));
const field: Part = weighted(
  [4, get],
  [4, option('SET', type, slot, integer)],
  [4, option('INCRBY', type, slot, integer)],
  [2, overflow],
);

export const BITS: Rows = [
  [4, command('SET', key, value)],
  [14, command('SETBIT', key, position, bit)],
  [6, command('GETBIT', key, position)],
  [3, command('BITCOUNT', key)],
  [6, command('BITCOUNT', key, tame, tame, unit)],
  [3, command('BITPOS', key, bit)],
  [3, command('BITPOS', key, bit, tame)],
  [6, command('BITPOS', key, bit, tame, tame, unit)],
  [8, command('BITOP', operation, key, many(key, 1, 4))],
  [3, command('BITOP', words('NOT'), key, key)],
  [12, command('BITFIELD', key, many(field, 1, 4))],
  [6, command('BITFIELD_RO', key, many(get, 1, 3))],
  [1, command('BITFIELD_RO', key, many(field, 1, 2))],
  [4, command('GET', key)],
  [2, command('STRLEN', key)],
];

export const bitsGrammar: Grammar = {
  name: 'bits',
  rows: [...BITS, ...BITS, ...genericRows(key)],
  keys: BIT_KEYS.all,
};
