/**
 * Read value: the body of a value, from bytes that nobody vouches for, as an entry that no
 * table holds yet. It is there whole and valid, or not at all: then `reader.trouble` says why.
 */
import { dispose, Entry, entryCost } from '../structures/entry';
import * as strings from '../values/strings';
import { disposeValue } from '../values/value';
import * as format from './format';
import { readHash } from './read-hashes';
import { readList } from './read-lists';
import { readSet } from './read-sets';
import { readStream } from './read-stream';
import { readSortedSet } from './read-zsets';
import * as reader from './reader';
import { isStream } from './skip';

/** What an empty collection takes beside its entry. */
const HEAD_COST: usize = 1024;

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
  if (!reader.hasMemory(entryCost(keyLength, 0) + HEAD_COST)) return null;
  if (type == format.STRING) entry = readString(key, keyLength, flags);
  else if (isList(type)) entry = readList(type, key, keyLength, flags);
  else if (isSet(type)) entry = readSet(type, key, keyLength, flags);
  else if (isSortedSet(type)) entry = readSortedSet(type, key, keyLength, flags);
  else if (isHash(type)) entry = readHash(type, key, keyLength, flags);
  else if (isStream(type)) entry = readStream(type, key, keyLength, flags);
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

function isList(type: u32): bool {
  if (type == format.LIST || type == format.LIST_ZIPLIST) return true;
  return type == format.LIST_QUICKLIST || type == format.LIST_QUICKLIST_2;
}

function isSet(type: u32): bool {
  return type == format.SET || type == format.SET_INTSET || type == format.SET_LISTPACK;
}

function isSortedSet(type: u32): bool {
  if (type == format.ZSET || type == format.ZSET_2) return true;
  return type == format.ZSET_ZIPLIST || type == format.ZSET_LISTPACK;
}

function isHash(type: u32): bool {
  if (type == format.HASH || type == format.HASH_ZIPMAP) return true;
  if (type == format.HASH_METADATA || type == format.HASH_LISTPACK_EX) return true;
  return type == format.HASH_ZIPLIST || type == format.HASH_LISTPACK;
}
