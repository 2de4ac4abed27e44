/**
 * Read hashes: a hash from any of the forms that Redis has written it in.
 */
import { copy } from '../memory/bytes';
import { release } from '../memory/heap';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as fields from '../values/hash-table';
import * as hashes from '../values/hashes';
import { HASH_LISTPACK, REFERENCE_SIZE, setBlock } from '../values/kind';
import { hashListpackEntries } from '../values/limits';
import { areDistinct } from './distinct';
import * as format from './format';
import { discard, readPack, readZiplist } from './packs';
import * as reader from './reader';
import * as zipmap from './zipmap';

/** What a field takes beside its bytes. */
const FIELD_COST: u64 = 256;
/** Deadlines of fields are at the most this, as in Redis. */
const DEADLINE_MAX: u64 = ((<u64>1) << 46) - 1;
/** Field, value and deadline. */
const TRIPLE: u32 = 3;

/** Reads the body of a hash; null, or the caller looks for trouble. */
export function readHash(type: u32, key: usize, keyLength: usize, flags: u32): Entry | null {
  if (type == format.HASH) return readFields(key, keyLength, flags);
  if (type == format.HASH_ZIPMAP) return readZipmap(key, keyLength, flags);
  if (type == format.HASH_METADATA) return readTimedFields(key, keyLength, flags);
  if (type == format.HASH_LISTPACK_EX) return readTriples(key, keyLength, flags);
  const pack = type == format.HASH_LISTPACK ? readPack() : readZiplist();
  return pack ? adopt(pack, key, keyLength, flags) : null;
}

/** The hash of a listpack, if it is one. */
function adopt(pack: usize, key: usize, keyLength: usize, flags: u32): Entry | null {
  const elements = listpack.count(pack);
  if (!elements || elements & 1 || !areDistinct(pack, 2)) {
    discard(pack);
    return null;
  }
  const entry = create(key, keyLength, HASH_LISTPACK | flags, REFERENCE_SIZE);
  setBlock(entry, pack);
  if (
    <i64>(elements >> 1) > hashListpackEntries &&
    reader.hasMemory(hashes.conversionCost(entry))
  ) {
    hashes.toTable(entry);
  }
  return entry;
}

/** Adds a field; false, and it is trouble, if there is no memory or it is there already. */
function add(entry: Entry, field: usize, size: usize, value: usize, valueSize: usize): bool {
  const added = <u64>size + valueSize;
  if (added > 0x40000000 || !reader.hasMemory(cost(entry, added))) return reader.refuse();
  hashes.prepare(entry, max(size, valueSize), added);
  return hashes.set(entry, field, size, value, valueSize, false) || reader.refuse();
}

function cost(entry: Entry, added: u64): u64 {
  return <u64>hashes.growthCost(entry, <usize>added) + FIELD_COST;
}

function readFields(key: usize, keyLength: usize, flags: u32): Entry {
  const count = reader.count(2);
  if (!count) reader.refuse();
  const entry = createFor(count, key, keyLength, flags);
  for (let left = count; left; left--) if (!readField(entry)) break;
  return entry;
}

/** A hash for so many fields, which are to be read. */
export function createFor(count: u64, key: usize, keyLength: usize, flags: u32): Entry {
  const entry = hashes.createEntry(key, keyLength, flags);
  if (<i64>count > hashListpackEntries) hashes.toTable(entry);
  return entry;
}

/** Reads one field; false if there is trouble. */
export function readField(entry: Entry): bool {
  const field = reader.first;
  const value = reader.second;
  if (!reader.string(field) || !reader.string(value)) return false;
  return add(entry, field.address, field.length, value.address, value.length);
}

function readZipmap(key: usize, keyLength: usize, flags: u32): Entry | null {
  const text = reader.first;
  if (!reader.string(text)) return null;
  if (!zipmap.open(text.address, text.length)) {
    reader.refuse();
    return null;
  }
  const entry = hashes.createEntry(key, keyLength, flags);
  while (zipmap.next()) {
    if (!addPair(entry)) break;
  }
  if (!hashes.count(entry)) reader.refuse();
  return entry;
}

function addPair(entry: Entry): bool {
  return add(entry, zipmap.field, zipmap.fieldLength, zipmap.value, zipmap.valueLength);
}

// Fields with deadlines

/** A hash for fields with deadlines, which are to be read. */
export function createTimed(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = hashes.createEntry(key, keyLength, flags);
  hashes.beginDeadlines(entry);
  return entry;
}

/** A hash with fields; one without deadlines becomes a plain one. */
export function finishTimed(entry: Entry): Entry {
  if (!hashes.count(entry)) reader.refuse();
  if (!fields.hasDeadlines(hashes.tableOf(entry))) hashes.endDeadlines(entry);
  return entry;
}

function setDeadline(entry: Entry, field: usize, size: usize, unixMs: u64): bool {
  if (unixMs > DEADLINE_MAX) return reader.refuse();
  if (!reader.hasMemory(hashes.sizeWithDeadline(entry, field, size))) return false;
  hashes.setDeadline(entry, field, size, unixMs);
  return true;
}

function readTimedFields(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = createTimed(key, keyLength, flags);
  const earliest = readEarliest();
  for (let left = reader.count(TRIPLE); left; left--) if (!readTimedField(entry, earliest)) break;
  return finishTimed(entry);
}

/** Reads what the deadlines of fields count from. */
export function readEarliest(): u64 {
  const earliest = reader.word();
  if (earliest > DEADLINE_MAX) reader.refuse();
  return earliest;
}

/** Reads one field with its deadline; false if there is trouble. */
export function readTimedField(entry: Entry, earliest: u64): bool {
  const distance = reader.length();
  if (!readField(entry)) return false;
  if (!distance) return true;
  const unixMs = earliest + min(distance, DEADLINE_MAX << 1) - 1;
  return setDeadline(entry, reader.first.address, reader.first.length, unixMs);
}

function readTriples(key: usize, keyLength: usize, flags: u32): Entry | null {
  reader.word();
  const pack = readPack();
  if (!pack) return null;
  const entry = createTimed(key, keyLength, flags);
  if (listpack.count(pack) % TRIPLE) reader.refuse();
  for (let at = listpack.first(pack); at && !reader.trouble; ) at = readTriple(entry, pack, at);
  release(pack);
  return finishTimed(entry);
}

/** Adds the field at `at`; returns the one that follows, or 0. */
function readTriple(entry: Entry, pack: usize, at: usize): usize {
  const valueAt = listpack.next(pack, at);
  const deadlineAt = listpack.next(pack, valueAt);
  const text = reader.first;
  copyText(text, at);
  listpack.readText(valueAt);
  if (!add(entry, text.address, text.length, listpack.address, listpack.length)) return 0;
  listpack.read(deadlineAt);
  if (!listpack.isInteger) reader.refuse();
  else if (listpack.integer) setDeadline(entry, text.address, text.length, listpack.integer);
  return listpack.next(pack, deadlineAt);
}

const integerText: usize = memory.data(32, 16);

/** Finds the text of an element where it stays while others are read. */
function copyText(text: reader.Text, at: usize): void {
  listpack.readText(at);
  text.address = listpack.address;
  text.length = listpack.length;
  if (!listpack.isInteger) return;
  copy(integerText, text.address, text.length);
  text.address = integerText;
}
