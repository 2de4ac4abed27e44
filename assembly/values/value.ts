/**
 * Value: what can be done to a value whatever its type is. The switches over types
 * stand here and nowhere else.
 */

import { copy } from '../memory/bytes';
import { create, Entry, VOLATILE } from '../structures/entry';
import { STRING_EMBSTR, STRING_INT, shapeOf, TYPE_STRING, typeOf } from './kind';
import * as strings from './strings';

/** Frees whatever the value keeps outside of its entry. */
export function disposeValue(entry: Entry): void {
  if (typeOf(entry) == TYPE_STRING) strings.disposeValue(entry);
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry, keyLength: usize): usize {
  return strings.cost(keyLength, strings.lengthOf(entry));
}

/** A deep copy of the value under another key; `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  return strings.copyEntry(entry, key, keyLength, flags);
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
  return typeOf(entry) == TYPE_STRING ? 'string' : 'unknown';
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(entry: Entry): string {
  const shape = shapeOf(entry);
  if (shape == STRING_INT) return 'int';
  return shape == STRING_EMBSTR ? 'embstr' : 'raw';
}
