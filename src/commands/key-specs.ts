/**
 * Key specs: where a command's keys stand among its arguments, and what happens to them.
 *
 * The table writes them in this notation, several separated by commas:
 *
 *   RWau:1..-1/2
 *   | |  | |  |
 *   | |  | |  +-- keys are every second argument (omitted: every one)
 *   | |  | +----- up to the last argument (omitted: this one key)
 *   | |  +------- starting with argument 1
 *   | +---------- access, update
 *   +------------ read and write
 *
 *   RO RW OW RM    reads, reads and writes, overwrites, removes
 *   a u i d        accesses, updates, inserts, deletes the value
 *   x              not a key, though it is routed like one (shard channels)
 *   n              incomplete: there may be more keys than this spec finds
 *   v              what happens depends on the other arguments
 *
 *   2              starts at argument 2
 *   STREAMS@4      starts after the word STREAMS, looked for from argument 4
 *   KEYS@-2        the same, looked for backwards from the last but one
 *   ?              cannot be said
 *
 *   ..-1           ends with the last argument; -2 with the one before
 *   ..1            ends one argument after the first key
 *   ..-1|2         ends in the middle: only the first half of what remains
 *   #              the starting argument is the number of keys that follow it
 */

/** What may happen to a key, as COMMAND INFO names it, in Redis's order. */
export enum KeyFlag {
  RO = 1 << 0,
  RW = 1 << 1,
  OW = 1 << 2,
  RM = 1 << 3,
  ACCESS = 1 << 4,
  UPDATE = 1 << 5,
  INSERT = 1 << 6,
  DELETE = 1 << 7,
  NOT_KEY = 1 << 8,
  INCOMPLETE = 1 << 9,
  VARIABLE_FLAGS = 1 << 10,
}

/** Each flag: its bit, Redis's word, the table's letter. */
const KEY_FLAGS: readonly (readonly [KeyFlag, string, string])[] = [
  [KeyFlag.RO, 'RO', 'RO'],
  [KeyFlag.RW, 'RW', 'RW'],
  [KeyFlag.OW, 'OW', 'OW'],
  [KeyFlag.RM, 'RM', 'RM'],
  [KeyFlag.ACCESS, 'access', 'a'],
  [KeyFlag.UPDATE, 'update', 'u'],
  [KeyFlag.INSERT, 'insert', 'i'],
  [KeyFlag.DELETE, 'delete', 'd'],
  [KeyFlag.NOT_KEY, 'not_key', 'x'],
  [KeyFlag.INCOMPLETE, 'incomplete', 'n'],
  [KeyFlag.VARIABLE_FLAGS, 'variable_flags', 'v'],
];

/** Where the search for keys begins. */
export type KeyBegin =
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'keyword'; readonly keyword: string; readonly startFrom: number }
  | { readonly type: 'unknown' };

/**
 * How many arguments are keys. `range`: to `lastKey` (negative: counted from the end, else from the
 * first key), of the remaining arguments only the first `1/limit`. `keynum`: as many as the first
 * argument says.
 */
export type KeyFind =
  | {
      readonly type: 'range';
      readonly lastKey: number;
      readonly keyStep: number;
      readonly limit: number;
    }
  | { readonly type: 'keynum' }
  | { readonly type: 'unknown' };

export interface KeySpec {
  readonly flags: number;
  readonly begin: KeyBegin;
  readonly find: KeyFind;
}

/** First key, last key and step as COMMAND INFO gives them; all 0 without keys. */
export interface KeyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

const NOTATION =
  /^(RO|RW|OW|RM)?([auidxnv]*):(?:(\?)|(?:([A-Z]+)@)?(-?\d+)(?:(#)|\.\.(-?\d+)(?:\/(\d+))?(?:\|(\d+))?)?)$/;

/** One key spec from the table's notation, or throws: the table is source code. */
export function parseKeySpec(text: string): KeySpec {
  const match = NOTATION.exec(text);
  if (!match) throw new Error(`'${text}' is not a key spec`);
  const [, access = '', letters = '', unknown, keyword, at, keynum, last, step, limit] = match;
  const flags = KEY_FLAGS.reduce(
    (bits, [bit, , letter]) => (letter === access || letters.includes(letter) ? bits | bit : bits),
    0,
  );
  if (unknown) return { flags, begin: { type: 'unknown' }, find: { type: 'unknown' } };
  const position = Number(at);
  const begin: KeyBegin = keyword
    ? { type: 'keyword', keyword, startFrom: position }
    : { type: 'index', index: position };
  if (keynum) return { flags, begin, find: { type: 'keynum' } };
  const find: KeyFind = {
    type: 'range',
    lastKey: Number(last ?? 0),
    keyStep: Number(step ?? 1),
    limit: Number(limit ?? 0),
  };
  return { flags, begin, find };
}

/** The words of key flags, in Redis's order. */
export function keyFlagWords(flags: number): string[] {
  return KEY_FLAGS.filter(([bit]) => flags & bit).map(([, word]) => word);
}

/** True when first, last and step do not tell the whole truth. */
export function hasMovableKeys(specs: readonly KeySpec[]): boolean {
  return specs.some((spec) => spec.begin.type !== 'index' || spec.find.type !== 'range');
}

const NO_KEYS: KeyRange = { first: 0, last: 0, step: 0 };

/**
 * The range that clients older than key specs understand. A single spec is taken as it is; several
 * are joined while they are plain ranges of step 1 that follow one another, as Redis joins them.
 */
export function keyRange(specs: readonly KeySpec[]): KeyRange {
  const ranges: KeyRange[] = [];
  for (const { begin, find } of specs) {
    if (begin.type !== 'index' || find.type !== 'range') continue;
    const last = find.lastKey < 0 ? find.lastKey : begin.index + find.lastKey;
    ranges.push({ first: begin.index, last, step: find.keyStep });
  }
  const [head] = ranges;
  if (!head || specs.length === 1) return head ?? NO_KEYS;
  let last = 0;
  for (const range of ranges) {
    if (range.step !== 1 || (last !== 0 && last !== range.first - 1)) break;
    last = range.last;
  }
  return last === 0 ? NO_KEYS : { first: head.first, last, step: 1 };
}
