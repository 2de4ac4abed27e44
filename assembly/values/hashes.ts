/**
 * Hashs: not there yet.
 */
import { Entry } from '../structures/entry';

/** Frees what lies outside of the entry. */
export function disposeValue(_entry: Entry): void {
  unreachable();
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(_entry: Entry): usize {
  return unreachable();
}

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(_entry: Entry, _key: usize, _keyLength: usize, _flags: u32): Entry {
  return unreachable();
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(_entry: Entry): string {
  return unreachable();
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(_entry: Entry, _samples: u32): usize {
  return unreachable();
}

/** Visits what the value holds, in its order. The visitor must not change it. */
export function visit(
  _entry: Entry,
  _visitor: (field: usize, fieldLength: usize, value: usize, valueLength: usize) => void,
): void {
  unreachable();
}
