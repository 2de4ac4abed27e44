/**
 * HyperLogLogs: strings whose bytes are those of structures/hyperloglog. What changes them may
 * move their entry: it answers where that is then.
 */
import { fill } from '../memory/bytes';
import { allocate, release } from '../memory/heap';
import { Entry } from '../structures/entry';
import {
  cardinality,
  DENSE,
  DENSE_SIZE,
  EMPTY_SIZE,
  encodingOf,
  estimate,
  HEADER_SIZE,
  hasCardinality,
  isDense as isDenseForm,
  isValid,
  mergeDense,
  REGISTERS,
  raiseDense,
  setCardinality,
  writeDense,
  writeEmpty,
} from '../structures/hyperloglog';
import * as sparse from '../structures/hyperloglog-sparse';
import { STRING_BLOB, STRING_INT, shapeOf } from './kind';
import { hllSparseBytes } from './limits';
import * as strings from './strings';

/** What came of the last change or question: UNCHANGED, CHANGED or CORRUPT. */
export let status: u32 = sparse.UNCHANGED;

/** True if the string looks like a HyperLogLog. */
export function isHyperLogLog(entry: Entry): bool {
  if (shapeOf(entry) == STRING_INT) return false;
  strings.read(entry);
  return isValid(strings.address, strings.length);
}

/** True if it is dense; `strings.address` has its bytes then, which may be changed. */
export function isDense(entry: Entry): bool {
  // So many bytes are never inside of an entry.
  if (shapeOf(entry) != STRING_BLOB) return false;
  strings.read(entry);
  return isDenseForm(strings.address, strings.length);
}

/** Forgets what came of changes before. */
export function begin(): void {
  status = sparse.UNCHANGED;
}

/** True if a raw one remembers its cardinality. */
export function isCounted(entry: Entry): bool {
  strings.read(entry);
  return hasCardinality(strings.address);
}

/** An empty one under a new key. */
export function createEntry(key: usize, keyLength: usize): Entry {
  const empty = strings.createEntry(key, keyLength, 0, 0, 0);
  const entry = strings.stretch(empty, EMPTY_SIZE);
  writeEmpty(strings.address);
  return entry;
}

/** Memory that must be reserved before any change of it. */
export function changeCost(entry: Entry): usize {
  return (strings.lengthOf(entry) << 2) + (DENSE_SIZE << 2);
}

/** Makes the string raw: its bytes can be changed then. */
export function toRaw(entry: Entry): Entry {
  if (strings.isRaw(entry)) return entry;
  return strings.stretch(entry, strings.lengthOf(entry));
}

/** Raises register `index` of a raw one to `count`; `status` tells if that was a change. */
export function raise(entry: Entry, index: u32, count: u32): Entry {
  strings.read(entry);
  if (encodingOf(strings.address) == DENSE) return raiseInDense(entry, index, count);
  const size = strings.length;
  const needed = size + sparse.GROWTH_MAX;
  if (strings.roomOf(entry) < needed) {
    entry = strings.stretch(entry, needed);
    strings.setLength(entry, size);
  }
  strings.read(entry);
  const opcodes = strings.address + HEADER_SIZE;
  const sizeMax = hllSparseBytes - <i64>HEADER_SIZE;
  status = sparse.raise(opcodes, size - HEADER_SIZE, index, count, sizeMax);
  if (status == sparse.CHANGED) strings.setLength(entry, sparse.length + HEADER_SIZE);
  if (status != sparse.MUST_BE_DENSE) return entry;
  entry = toDense(entry);
  return status == sparse.CORRUPT ? entry : raiseInDense(entry, index, count);
}

function raiseInDense(entry: Entry, index: u32, count: u32): Entry {
  strings.read(entry);
  const raised = raiseDense(strings.address + HEADER_SIZE, index, count);
  status = raised ? sparse.CHANGED : sparse.UNCHANGED;
  return entry;
}

/** Makes a raw one dense; `status` tells if it was not before, or is corrupt. */
export function toDense(entry: Entry): Entry {
  strings.read(entry);
  status = sparse.UNCHANGED;
  if (encodingOf(strings.address) == DENSE) return entry;
  const raw = allocate(REGISTERS);
  fill(raw, 0, REGISTERS);
  const sound = mergeInto(raw, entry);
  if (sound) {
    entry = strings.stretch(entry, DENSE_SIZE);
    writeDense(strings.address, raw);
  }
  release(raw);
  status = sound ? sparse.CHANGED : sparse.CORRUPT;
  return entry;
}

/** Raises raw registers, a byte each, to those of this one. False if it is corrupt. */
export function mergeInto(raw: usize, entry: Entry): bool {
  strings.read(entry);
  const registers = strings.address + HEADER_SIZE;
  if (encodingOf(strings.address) != DENSE) {
    return sparse.merge(raw, registers, strings.length - HEADER_SIZE);
  }
  mergeDense(raw, registers);
  return true;
}

/**
 * The cardinality of a raw one, which remembers it; CHANGED means that it was computed. `raw` has
 * room for all registers, all zero.
 */
export function count(entry: Entry, raw: usize): u64 {
  strings.read(entry);
  const bytes = strings.address;
  status = sparse.UNCHANGED;
  if (hasCardinality(bytes)) return cardinality(bytes);
  const sound = mergeInto(raw, entry);
  status = sound ? sparse.CHANGED : sparse.CORRUPT;
  if (!sound) return 0;
  setCardinality(bytes, estimate(raw));
  return cardinality(bytes);
}

/** Raises all registers to raw ones. The entry may move. */
export function raiseAll(entry: Entry, raw: usize): Entry {
  for (let index: u32 = 0; index < REGISTERS; index++) {
    const value: u32 = load<u8>(raw + index);
    if (value) entry = raise(entry, index, value);
  }
  return entry;
}
