/**
 * Read value: the body of a value, from bytes that nobody vouches for, as an entry that no
 * table holds yet. It is there whole and valid, or not at all: then `reader.trouble` says why.
 */
import { dispose, Entry } from '../structures/entry';
import * as strings from '../values/strings';
import { disposeValue } from '../values/value';
import * as format from './format';
import * as reader from './reader';

/**
 * Reads the body of a value of this type. `flags` is VOLATILE or 0: the deadline is to be filled
 * in. With `alone` nothing may follow. The entry is the caller's.
 */
export function read(
  type: u32,
  key: usize,
  keyLength: usize,
  flags: u32,
  alone: bool,
): Entry | null {
  let entry: Entry | null = null;
  if (type == format.STRING) entry = readString(key, keyLength, flags);
  else reader.refuse();
  if (alone && reader.remaining()) reader.refuse();
  if (entry && reader.trouble) {
    disposeValue(entry);
    dispose(entry);
    return null;
  }
  return entry;
}

function readString(key: usize, keyLength: usize, flags: u32): Entry | null {
  const text = reader.first;
  if (!reader.string(text) || !reader.hasMemory(strings.cost(keyLength, text.length))) return null;
  return strings.createEntry(key, keyLength, flags, text.address, text.length);
}
