/**
 * Finds the keys among a command's arguments, as COMMAND GETKEYS does; ACL rules and cluster slots
 * ask the same question.
 *
 * The key specs of the table answer it for nearly all commands. Where they are unknown, incomplete
 * or contradicted by the arguments, a finder of the command's own is asked, as in Redis 7.0.
 */
import { asciiText } from './ascii.js';
import { KeyFlag, type KeySpec } from './key-specs.js';
import type { CommandRow } from './row.js';

type Arguments = readonly Uint8Array[];

/** An argument that is a key: its index (0 is the command's name) and its bits of KeyFlag. */
export interface KeyPosition {
  readonly index: number;
  readonly flags: number;
}

/** Finds what specs do not say. */
type Finder = (args: Arguments) => KeyPosition[];

const READ = KeyFlag.RO | KeyFlag.ACCESS;
const CHANGE = KeyFlag.RW | KeyFlag.ACCESS | KeyFlag.UPDATE;
const OVERWRITE = KeyFlag.OW | KeyFlag.UPDATE;
const TAKE = KeyFlag.RW | KeyFlag.ACCESS | KeyFlag.DELETE;

const FINDERS: ReadonlyMap<string, Finder> = new Map([
  ['set', setKeys],
  ['bitfield', bitfieldKeys],
  ['sort', sortKeys],
  ['sort_ro', () => [{ index: 1, flags: READ }]],
  ['migrate', migrateKeys],
]);

/** True when the command can have keys at all. */
export function hasKeys(row: CommandRow): boolean {
  return row.keySpecs.some((spec) => !(spec.flags & KeyFlag.NOT_KEY));
}

/**
 * The keys in a command's arguments, name included. Empty when there are none or the arguments
 * make no sense. The number of arguments must satisfy the row's arity.
 */
export function commandKeys(row: CommandRow, args: Arguments): KeyPosition[] {
  const finder = FINDERS.get(row.name);
  const variable = row.keySpecs.some((spec) => spec.flags & KeyFlag.VARIABLE_FLAGS);
  if (finder && variable) return finder(args);
  return keysBySpecs(row.keySpecs, args) ?? finder?.(args) ?? countedKeys(row.keySpecs, args);
}

/** The keys that all specs together find, or null when one of them cannot tell. */
function keysBySpecs(specs: readonly KeySpec[], args: Arguments): KeyPosition[] | null {
  const keys: KeyPosition[] = [];
  for (const spec of specs) {
    if (spec.flags & KeyFlag.NOT_KEY) continue;
    const found = keysBySpec(spec, args);
    if (found === null) return null;
    if (found.length > 0 && spec.flags & KeyFlag.INCOMPLETE) return null;
    keys.push(...found);
  }
  return keys;
}

/** The keys that one spec finds; none when its keyword is absent; null when it cannot tell. */
function keysBySpec(spec: KeySpec, args: Arguments): KeyPosition[] | null {
  const start = startOf(spec, args);
  if (start === null || start === 0) return start === null ? null : [];
  const range = rangeFrom(spec, start, args);
  if (range === null) return null;
  const { first, last, step } = range;
  if (first >= args.length || last >= args.length || last < first) return null;
  const keys: KeyPosition[] = [];
  for (let index = first; index <= last; index += step) keys.push({ index, flags: spec.flags });
  return keys;
}

/** Where a spec's search begins; 0 when its keyword is absent, null when that is unknown. */
function startOf({ begin }: KeySpec, args: Arguments): number | null {
  if (begin.type === 'unknown') return null;
  if (begin.type === 'index') return begin.index;
  const { keyword, startFrom } = begin;
  const step = startFrom > 0 ? 1 : -1;
  const end = startFrom > 0 ? args.length - 1 : 1;
  const start = startFrom > 0 ? startFrom : args.length + startFrom;
  for (let index = start; step * index < step * end; index += step) {
    if (isWord(args[index], keyword)) return index + 1;
  }
  return 0;
}

function rangeFrom({ find }: KeySpec, start: number, args: Arguments) {
  if (find.type === 'unknown') return null;
  if (find.type === 'keynum') {
    const count = strictCount(args[start]);
    return count === null ? null : { first: start + 1, last: start + count, step: 1 };
  }
  const { lastKey, limit, keyStep } = find;
  let last = start + lastKey;
  if (lastKey < 0) last = args.length + lastKey;
  if (limit > 0) last = start + Math.trunc((args.length - start) / limit) - 1;
  return { first: start, last, step: keyStep };
}

/** A number of keys in the one form that Redis writes; 64 bits are cut to 32, as Redis does. */
function strictCount(argument: Uint8Array | undefined): number | null {
  const text = asciiText(argument);
  if (!/^(0|[1-9]\d{0,18})$/.test(text)) return null;
  const count = BigInt(text);
  return count < 2n ** 63n ? Number(BigInt.asIntN(32, count)) : null;
}

/**
 * What Redis falls back to where a number of keys is not in that form (`+2`, `2x`): it reads the
 * digits there are, and tells nothing about the keys' use. Keys at fixed places come last.
 */
function countedKeys(specs: readonly KeySpec[], args: Arguments): KeyPosition[] {
  const counted = specs.find((spec) => spec.find.type === 'keynum');
  if (counted?.begin.type !== 'index') return [];
  const at = counted.begin.index;
  const count = Number.parseInt(asciiText(args[at]), 10) | 0;
  if (count < 1 || count > args.length - at - 1) return [];
  const keys = Array.from({ length: count }, (_, key) => ({ index: at + 1 + key, flags: 0 }));
  for (const { begin } of specs) {
    if (begin.type === 'index' && begin.index !== at) keys.push({ index: begin.index, flags: 0 });
  }
  return keys;
}

/** SET overwrites; with GET it also reads. */
function setKeys(args: Arguments): KeyPosition[] {
  const reads = args.some((argument, index) => index >= 3 && isWord(argument, 'GET'));
  return [{ index: 1, flags: reads ? CHANGE : OVERWRITE }];
}

/** BITFIELD only reads while every operation is GET. */
function bitfieldKeys(args: Arguments): KeyPosition[] {
  let index = 2;
  while (index < args.length) {
    const remaining = args.length - index - 1;
    if (isWord(args[index], 'GET') && remaining >= 2) index += 3;
    else if (isWord(args[index], 'OVERFLOW') && remaining >= 1) index += 2;
    else return [{ index: 1, flags: CHANGE }];
  }
  return [{ index: 1, flags: READ }];
}

/** SORT writes to the key after the last STORE. */
function sortKeys(args: Arguments): KeyPosition[] {
  const source: KeyPosition = { index: 1, flags: READ };
  let target = 0;
  for (let index = 2; index < args.length; index++) {
    if (isWord(args[index], 'LIMIT')) index += 2;
    else if (isWord(args[index], 'GET') || isWord(args[index], 'BY')) index += 1;
    else if (isWord(args[index], 'STORE') && index + 1 < args.length) target = index + 1;
  }
  return target === 0 ? [source] : [source, { index: target, flags: OVERWRITE }];
}

/** MIGRATE takes one key, or an empty one there and many after KEYS. */
function migrateKeys(args: Arguments): KeyPosition[] {
  for (let index = 6; index < args.length; index++) {
    if (isWord(args[index], 'AUTH')) index += 1;
    else if (isWord(args[index], 'AUTH2')) index += 2;
    else if (isWord(args[index], 'KEYS')) {
      if (args[3]?.length !== 0) return [];
      return args.slice(index + 1).map((_, key) => ({ index: index + 1 + key, flags: TAKE }));
    }
  }
  return [{ index: 3, flags: TAKE }];
}

function isWord(argument: Uint8Array | undefined, word: string): boolean {
  return argument?.length === word.length && asciiText(argument).toUpperCase() === word;
}
