/** All grammars, and the one in which all families meet on the same keys. */
import { KEYS, key } from './arguments.js';
import { BIT_KEYS, BITS, bitsGrammar } from './bits-grammar.js';
import { DUMPS, dumpGrammar } from './dump-grammar.js';
import { GEO, GEO_KEYS, geoGrammar } from './geo-grammar.js';
import { afterEncoding, type Grammar, type Rows } from './grammar.js';
import { HASH_KEYS, HASHES, hashesGrammar } from './hashes-grammar.js';
import { HLL_KEYS, HYPERLOGLOGS, hyperloglogGrammar } from './hyperloglog-grammar.js';
import { LIST_KEYS, LISTS, listsGrammar } from './lists-grammar.js';
import { SET_KEYS, SETS, setsGrammar } from './sets-grammar.js';
import { SORT, sortGrammar } from './sort-grammar.js';
import { STREAM_KEYS, STREAMS, streamsGrammar } from './streams-grammar.js';
import { genericRows, STRINGS, stringsGrammar } from './strings-grammar.js';
import { ZSET_KEYS, ZSETS, zsetsGrammar } from './zsets-grammar.js';

const FAMILY_ROWS = [
  STRINGS,
  LISTS,
  HASHES,
  SETS,
  ZSETS,
  BITS,
  HYPERLOGLOGS,
  GEO,
  STREAMS,
  SORT,
  DUMPS,
] as const;
const FAMILY_KEYS = [
  LIST_KEYS,
  HASH_KEYS,
  SET_KEYS,
  ZSET_KEYS,
  BIT_KEYS,
  HLL_KEYS,
  GEO_KEYS,
  STREAM_KEYS,
];
const ALL_KEYS = [...KEYS, ...FAMILY_KEYS.flatMap(({ all }) => all)];
/** All families are as frequent as each other. */
const WEIGHT = 200;

const mixedGrammar: Grammar = {
  name: 'mixed',
  rows: [
    ...FAMILY_ROWS.flatMap((rows) => scaled(rows, WEIGHT)),
    ...scaled(genericRows(key), WEIGHT / 2),
    ...FAMILY_KEYS.flatMap(({ any }) => scaled(genericRows(any), WEIGHT / 10)),
    ...FAMILY_KEYS.map(({ any }) => [WEIGHT / 20, afterEncoding('DUMP', any)] as const),
  ],
  keys: ALL_KEYS,
};

function scaled(rows: Rows, total: number): Rows {
  const sum = rows.reduce((all, [weight]) => all + weight, 0);
  return rows.map(([weight, step]) => [Math.max(1, Math.round((weight * total) / sum)), step]);
}

export const FAMILIES: readonly Grammar[] = [
  stringsGrammar,
  listsGrammar,
  hashesGrammar,
  setsGrammar,
  zsetsGrammar,
  bitsGrammar,
  hyperloglogGrammar,
  geoGrammar,
  streamsGrammar,
  sortGrammar,
  dumpGrammar,
  mixedGrammar,
];
