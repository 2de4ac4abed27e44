/**
 * Read large: a collection of a snapshot that does not come in one piece. Its elements are read as
 * they come, so that none of the pieces takes long, and the whole need not wait in memory.
 *
 *   type, key, [earliest deadline], count    elements    of a stream: the rest
 *   `begin`                                  `step`      `step`, once it is there whole
 */
import { dispose, Entry, entryCost } from '../structures/entry';
import * as streams from '../values/streams';
import { disposeValue } from '../values/value';
import * as zsets from '../values/zsets';
import * as format from './format';
import * as hashes from './read-hashes';
import * as lists from './read-lists';
import * as sets from './read-sets';
import * as stream from './read-stream';
import * as sortedSets from './read-zsets';
import * as reader from './reader';
import { isStream, skipRest } from './skip';

/** What an empty collection takes beside its entry, and a listpack that is made of one. */
const HEAD_COST: usize = 1024;
const PACK_COST: u64 = 1 << 16;

let entry: Entry | null = null;
let type: u32 = 0;
/** Elements that are still to come. */
let left: u64 = 0;
let earliest: u64 = 0;
/** The bytes of all members. */
let bytes: u64 = 0;
let ended: bool = false;

/** True while a collection is being read. */
export function isUnderWay(): bool {
  return entry != null;
}

/** True if what comes next can only be read when all of it is there. */
export function isAtRest(): bool {
  return left == 0;
}

/** True if all of it has been read: `take` is next. */
export function isWhole(): bool {
  return ended;
}

/** True if a value of this type can be read so. */
export function isOfElements(kind: u32): bool {
  if (kind <= format.HASH || kind == format.ZSET_2) return kind != format.STRING;
  if (kind == format.LIST_QUICKLIST || kind == format.LIST_QUICKLIST_2) return true;
  return kind == format.HASH_METADATA || isStream(kind);
}

/** Reads what stands in front of the elements, from behind the type on; false if it is not there. */
export function begin(kind: u32, flags: u32): bool {
  const key = reader.key;
  type = kind;
  bytes = 0;
  ended = false;
  if (!reader.string(key)) return false;
  if (type == format.HASH_METADATA) earliest = hashes.readEarliest();
  left = reader.length();
  if (!left && !isStream(type)) reader.refuse();
  if (reader.trouble || !reader.hasMemory(entryCost(key.length, 0) + HEAD_COST)) return false;
  entry = create(key.address, key.length, flags);
  return true;
}

function create(key: usize, keyLength: usize, flags: u32): Entry {
  if (type == format.SET) return sets.createFor(left, key, keyLength, flags);
  if (type == format.HASH) return hashes.createFor(left, key, keyLength, flags);
  if (type == format.HASH_METADATA) return hashes.createTimed(key, keyLength, flags);
  if (isStream(type)) return streams.createEntry(key, keyLength, flags);
  if (type == format.ZSET || type == format.ZSET_2) return zsets.createTable(key, keyLength, flags);
  return lists.createList(key, keyLength, flags);
}

/** Reads what comes next; false if it is not there whole, or wrong: the reader knows. */
export function step(): bool {
  const made = entry;
  if (!made) return false;
  if (left) {
    if (!readElement(made)) return false;
    left--;
  } else if (!readRest(made)) {
    return false;
  }
  ended = left == 0 && (ended || !isStream(type));
  return true;
}

function readElement(made: Entry): bool {
  if (type == format.SET) return sets.readMember(made);
  if (type == format.HASH) return hashes.readField(made);
  if (type == format.HASH_METADATA) return hashes.readTimedField(made, earliest);
  if (isStream(type)) return stream.readNode(streams.streamOf(made));
  if (type == format.ZSET || type == format.ZSET_2) return readScored(made);
  return lists.readPart(type, made);
}

function readScored(made: Entry): bool {
  if (!sortedSets.readMember(made, type == format.ZSET)) return false;
  bytes += reader.first.length;
  return true;
}

/** Reads what stands behind the nodes of a stream. */
function readRest(made: Entry): bool {
  const from = reader.at;
  const size = reader.remaining();
  skipRest(type);
  if (reader.trouble) return false;
  reader.open(from, size);
  stream.readRest(streams.streamOf(made), type);
  ended = true;
  return !reader.trouble;
}

/** The entry, which is the caller's from now on; null, and there is trouble, if it is wrong. */
export function take(): Entry | null {
  const made = entry;
  if (!made) return null;
  if (type == format.HASH_METADATA) {
    hashes.finishTimed(made);
  } else if (type == format.ZSET || type == format.ZSET_2) {
    if (reader.hasMemory((bytes << 1) + PACK_COST)) zsets.compact(made);
  } else if (lists.isEmpty(made)) {
    reader.refuse();
  }
  if (reader.trouble) abandon();
  const whole = entry;
  entry = null;
  return whole;
}

/** Gives up what is being read. */
export function abandon(): void {
  const made = entry;
  entry = null;
  if (!made) return;
  disposeValue(made);
  dispose(made);
}
