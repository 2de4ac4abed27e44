/**
 * Value: what can be done to a value whatever its type is. The switches over types
 * stand here and nowhere else.
 */

import { copy } from '../memory/bytes';
import { blockSize } from '../memory/heap';
import { create, Entry, entryCost, VOLATILE } from '../structures/entry';
import * as hashes from './hashes';
import {
  STRING_EMBSTR,
  STRING_INT,
  shapeOf,
  TYPE_HASH,
  TYPE_LIST,
  TYPE_SET,
  TYPE_STRING,
  TYPE_ZSET,
  typeOf,
} from './kind';
import * as lists from './lists';
import * as sets from './sets';
import * as streams from './streams';
import * as strings from './strings';
import * as zsets from './zsets';

/** Frees whatever the value keeps outside of its entry. */
export function disposeValue(entry: Entry): void {
  const type = typeOf(entry);
  if (type == TYPE_STRING) strings.disposeValue(entry);
  else if (type == TYPE_LIST) lists.disposeValue(entry);
  else if (type == TYPE_SET) sets.disposeValue(entry);
  else if (type == TYPE_ZSET) zsets.disposeValue(entry);
  else if (type == TYPE_HASH) hashes.disposeValue(entry);
  else streams.disposeValue(entry);
}

/** An upper bound of the memory that a copy under a key of this length takes. */
export function copyCost(entry: Entry, keyLength: usize): usize {
  if (typeOf(entry) == TYPE_STRING) return strings.cost(keyLength, strings.lengthOf(entry));
  return entryCost(keyLength, 0) + copyCostOutside(entry);
}

function copyCostOutside(entry: Entry): usize {
  const type = typeOf(entry);
  if (type == TYPE_LIST) return lists.copyCost(entry);
  if (type == TYPE_SET) return sets.copyCost(entry);
  if (type == TYPE_ZSET) return zsets.copyCost(entry);
  if (type == TYPE_HASH) return hashes.copyCost(entry);
  return streams.copyCost(entry);
}

/** A deep copy of the value under another key; `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const type = typeOf(entry);
  if (type == TYPE_STRING) return strings.copyEntry(entry, key, keyLength, flags);
  if (type == TYPE_LIST) return lists.copyEntry(entry, key, keyLength, flags);
  if (type == TYPE_SET) return sets.copyEntry(entry, key, keyLength, flags);
  if (type == TYPE_ZSET) return zsets.copyEntry(entry, key, keyLength, flags);
  if (type == TYPE_HASH) return hashes.copyEntry(entry, key, keyLength, flags);
  return streams.copyEntry(entry, key, keyLength, flags);
}

/**
 * An entry under another key to which the value, the clock and the deadline have moved.
 * Of the old entry only the shell is left: dispose of it, not of its value.
 */
export function moveEntry(entry: Entry, key: usize, keyLength: usize): Entry {
  const moved = create(key, keyLength, entry.kind, entry.valueLength);
  moved.clock = entry.clock;
  if (entry.kind & VOLATILE) moved.expiresAt = entry.expiresAt;
  copy(moved.valuePlace, entry.valuePlace, entry.valueLength);
  return moved;
}

/** Redis shares the objects of small integers, and says so with this count. */
const SHARED_COUNT: i64 = 2147483647;
const SHARED_INTEGERS: u64 = 10000;

/** What OBJECT REFCOUNT tells. */
export function referencesTo(entry: Entry): i64 {
  const shared = shapeOf(entry) == STRING_INT && <u64>strings.integerOf(entry) < SHARED_INTEGERS;
  return shared ? SHARED_COUNT : 1;
}

/** What TYPE calls the value. */
export function typeName(entry: Entry): string {
  const type = typeOf(entry);
  if (type == TYPE_STRING) return 'string';
  if (type == TYPE_LIST) return 'list';
  if (type == TYPE_SET) return 'set';
  if (type == TYPE_ZSET) return 'zset';
  return type == TYPE_HASH ? 'hash' : 'stream';
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(entry: Entry): string {
  const type = typeOf(entry);
  if (type == TYPE_LIST) return lists.encodingName(entry);
  if (type == TYPE_SET) return sets.encodingName(entry);
  if (type == TYPE_ZSET) return zsets.encodingName(entry);
  if (type == TYPE_HASH) return hashes.encodingName(entry);
  if (type != TYPE_STRING) return streams.encodingName(entry);
  const shape = shapeOf(entry);
  if (shape == STRING_INT) return 'int';
  return shape == STRING_EMBSTR ? 'embstr' : 'raw';
}

/** Bytes that the key and its value take; of a collection `samples` elements are measured. */
export function memoryOf(entry: Entry, samples: u32): usize {
  return blockSize(changetype<usize>(entry)) + memoryOutside(entry, samples);
}

function memoryOutside(entry: Entry, samples: u32): usize {
  const type = typeOf(entry);
  if (type == TYPE_STRING) return strings.memoryOf(entry);
  if (type == TYPE_LIST) return lists.memoryOf(entry, samples);
  if (type == TYPE_SET) return sets.memoryOf(entry, samples);
  if (type == TYPE_ZSET) return zsets.memoryOf(entry, samples);
  if (type == TYPE_HASH) return hashes.memoryOf(entry, samples);
  return streams.memoryOf(entry, samples);
}
