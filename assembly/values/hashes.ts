/**
 * Hashes: fields with values. A listpack of both in turn while there are few and short ones,
 * else a table. A hash that has become a table stays one.
 *
 *   HASH_LISTPACK   block = field 0, value 0, field 1, value 1, ... (structures/listpack.ts)
 *   HASH_TABLE      block = the table of fields (hash-table.ts)
 *   HASH_EXPIRING   the same; some fields have deadlines
 *
 * The value is one block address in its entry, which therefore never moves when fields come
 * and go. A hash without fields is for whoever is still filling it: a key has none.
 *
 * A handle stands for a field until the hash is changed: the address of its element in the
 * listpack, or of its member.
 *
 * Example: field "a" with the value "1" as a listpack:
 *
 *   0c 00 00 00   02 00   81 61 02   01 01   ff
 *   total 12      count   a          1       end
 */
import { Buffer } from '../memory/buffer';
import { copy } from '../memory/bytes';
import { allocate, blockSize, release } from '../memory/heap';
import { formatInteger, INTEGER_TEXT_ROOM } from '../memory/integer-text';
import { below } from '../memory/random';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { randomRecord } from '../structures/dict-random';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import { Member } from '../structures/member';
import { bytesOf, createTable, TABLE_SIZE } from '../structures/member-table';
import * as garbage from './garbage';
import * as fields from './hash-table';
import {
  blockOf,
  HASH_EXPIRING,
  HASH_LISTPACK,
  HASH_TABLE,
  REFERENCE_SIZE,
  setBlock,
  setShape,
  shapeOf,
} from './kind';
import { hashListpackEntries, hashListpackValue } from './limits';

/** A new listpack has room for so many bytes. */
const FIRST_CAPACITY: usize = 32;
/** Redis makes no listpack larger than this. */
const LISTPACK_BYTES_MAX: u64 = 1 << 30;
/** What a field takes in a table beside its bytes: its member's head, its place in a bucket. */
const FIELD_COST: usize = 96;
/** A segment of buckets, and a table that grows a little. */
const TABLE_SLACK: usize = 32 * 1024;

const fieldText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('every integer fits');

/** The value that was found last. */
export let address: usize = 0;
export let length: usize = 0;
/** The field that was read last. */
export let fieldAddress: usize = 0;
export let fieldLength: usize = 0;

// Making

/** A new hash without fields. */
export function createEntry(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, HASH_LISTPACK | flags, REFERENCE_SIZE);
  setBlock(entry, listpack.createEmpty(FIRST_CAPACITY));
  return entry;
}

export function isTable(entry: Entry): bool {
  return shapeOf(entry) != HASH_LISTPACK;
}

export function tableOf(entry: Entry): Dict {
  return changetype<Dict>(blockOf(entry));
}

/** How many fields the hash has, those included that have ended and were not removed yet. */
export function count(entry: Entry): u32 {
  return isTable(entry) ? tableOf(entry).count : listpack.count(blockOf(entry)) >> 1;
}

/** How many fields there are for whoever looks now. */
export function countThere(entry: Entry): u32 {
  if (!isExpiring(entry)) return count(entry);
  there = 0;
  visitMembers(tableOf(entry), countMember);
  return there;
}

let there: u32 = 0;

function countMember(member: Member): void {
  if (!fields.hasEnded(member)) there++;
}

/** Memory that must be reserved to add fields and values of so many bytes in all. */
export function growthCost(entry: Entry | null, added: usize): usize {
  const needed = added << 1;
  if (!entry || isTable(entry)) return needed;
  return needed + (added << 1) + conversionCost(entry);
}

/** Memory that must be reserved before the hash is made a table. */
export function conversionCost(entry: Entry): usize {
  if (isTable(entry)) return 0;
  return (listpack.bytesOf(blockOf(entry)) << 2) + <usize>count(entry) * FIELD_COST + TABLE_SLACK;
}

/** Makes a table of the hash if texts as long as this, or so many bytes more, are too much. */
export function prepare(entry: Entry, longest: usize, added: u64): void {
  if (isTable(entry)) return;
  const total = <u64>listpack.bytesOf(blockOf(entry)) + added;
  if (<i64>longest > hashListpackValue || total > LISTPACK_BYTES_MAX) toTable(entry);
}

/** Makes a table of a listpack. */
export function toTable(entry: Entry): void {
  if (isTable(entry)) return;
  const pack = blockOf(entry);
  const table = createTable(TABLE_SIZE);
  for (let at = listpack.first(pack); at; at = nextPair(pack, at)) {
    readPair(pack, at);
    fields.add(changetype<Dict>(table), fieldAddress, fieldLength, address, length);
  }
  release(pack);
  setBlock(entry, table);
  setShape(entry, HASH_TABLE);
}

// Listpacks

/** Reads the field at `at` and its value. */
function readPair(pack: usize, at: usize): void {
  listpack.read(at);
  if (listpack.isInteger) {
    fieldAddress = fieldText;
    fieldLength = formatInteger(listpack.integer, fieldText);
  } else {
    fieldAddress = listpack.address;
    fieldLength = listpack.length;
  }
  readElement(listpack.next(pack, at));
}

function readElement(at: usize): void {
  listpack.readText(at);
  address = listpack.address;
  length = listpack.length;
}

function nextPair(pack: usize, at: usize): usize {
  return listpack.next(pack, listpack.next(pack, at));
}

function findIn(pack: usize, field: usize, size: usize): usize {
  return listpack.find(pack, listpack.first(pack), field, size, 1);
}

// One field

/** Finds the value of a field: `address` and `length`; false if there is no such field. */
export function find(entry: Entry, field: usize, size: usize): bool {
  if (isTable(entry)) {
    const found = fields.find(tableOf(entry), field, size);
    if (!found) return false;
    readMember(found);
    return true;
  }
  const pack = blockOf(entry);
  const at = findIn(pack, field, size);
  if (at) readElement(listpack.next(pack, at));
  return at != 0;
}

function readMember(member: Member): void {
  fields.readValue(member);
  address = fields.address;
  length = fields.length;
}

/** True if there is such a field. */
export function has(entry: Entry, field: usize, size: usize): bool {
  if (isTable(entry)) return fields.find(tableOf(entry), field, size) != null;
  return findIn(blockOf(entry), field, size) != 0;
}

/**
 * Gives a field its value; a deadline that it has goes unless `keeps`. True if the field is
 * new. `prepare` must have seen the lengths, and memory must be reserved.
 */
export function set(
  entry: Entry,
  field: usize,
  size: usize,
  value: usize,
  valueSize: usize,
  keeps: bool,
): bool {
  if (isTable(entry)) return fields.set(tableOf(entry), field, size, value, valueSize, keeps);
  let pack = blockOf(entry);
  const at = findIn(pack, field, size);
  if (at) {
    pack = listpack.replace(pack, listpack.next(pack, at), value, valueSize);
  } else {
    pack = listpack.append(listpack.append(pack, field, size), value, valueSize);
  }
  setBlock(entry, pack);
  if (<i64>(listpack.count(pack) >> 1) > hashListpackEntries) toTable(entry);
  return !at;
}

/** Removes a field; false if it is not there. The last one leaves a hash to be disposed of. */
export function remove(entry: Entry, field: usize, size: usize): bool {
  if (isTable(entry)) return fields.remove(tableOf(entry), field, size);
  const pack = blockOf(entry);
  const at = findIn(pack, field, size);
  if (at) setBlock(entry, listpack.removeRange(pack, at, 2));
  return at != 0;
}

// Deadlines

/** What `deadlineOf` answers of a field that is not there, or has no deadline. */
export const NO_FIELD: i64 = -2;
export const NO_DEADLINE: i64 = -1;

/** True if fields of the hash may have deadlines. */
export function isExpiring(entry: Entry): bool {
  return shapeOf(entry) == HASH_EXPIRING;
}

/** The Unix time in milliseconds at which the field ends, or one of the numbers above. */
export function deadlineOf(entry: Entry, field: usize, size: usize): i64 {
  if (!isTable(entry)) return findIn(blockOf(entry), field, size) ? NO_DEADLINE : NO_FIELD;
  const found = fields.find(tableOf(entry), field, size);
  if (!found) return NO_FIELD;
  return found.hasWord ? <i64>found.word : NO_DEADLINE;
}

/** Makes the hash one whose fields can have deadlines. Memory must be reserved. */
export function beginDeadlines(entry: Entry): void {
  toTable(entry);
  setBlock(entry, fields.beginDeadlines(blockOf(entry)));
  setShape(entry, HASH_EXPIRING);
}

/** Makes the hash one without deadlines again; no field has one. */
export function endDeadlines(entry: Entry): void {
  setBlock(entry, fields.endDeadlines(blockOf(entry)));
  setShape(entry, HASH_TABLE);
}

/** No field of an expiring hash ends before this. */
export function earliestDeadline(entry: Entry): i64 {
  return fields.earliestOf(tableOf(entry));
}

/** Gives a field that is there, of a hash that is expiring, a deadline. */
export function setDeadline(entry: Entry, field: usize, size: usize, unixMs: i64): void {
  const found = fields.find(tableOf(entry), field, size);
  if (found) fields.setDeadline(tableOf(entry), found, unixMs);
}

/** Takes the deadline off a field that has one. */
export function clearDeadline(entry: Entry, field: usize, size: usize): void {
  const found = fields.find(tableOf(entry), field, size);
  if (found) fields.clearDeadline(tableOf(entry), found);
}

/** Bytes that a field of a table takes once it has a deadline; 0 if it is not there. */
export function sizeWithDeadline(entry: Entry, field: usize, size: usize): usize {
  const found = fields.find(tableOf(entry), field, size);
  return found ? fields.sizeWithDeadline(found) : 0;
}

// Handles

/** Reads the field of a handle: `fieldAddress`, `fieldLength`, and its value. */
export function readHandle(entry: Entry, handle: usize): void {
  if (!isTable(entry)) return readPair(blockOf(entry), handle);
  const member = changetype<Member>(handle);
  readMember(member);
  fieldAddress = member.keyAddress;
  fieldLength = member.keyLength;
}

/** False if the field of a handle into a table has ended. */
export function isThere(handle: usize): bool {
  return !fields.hasEnded(changetype<Member>(handle));
}

/** A handle of some field, each with about the same chance. The hash is not empty. */
export function randomHandle(entry: Entry): usize {
  if (isTable(entry)) return changetype<usize>(randomRecord<Member>(tableOf(entry)));
  return listpack.elementAt(blockOf(entry), (<i64>below(count(entry))) << 1);
}

let handles: Buffer = changetype<Buffer>(0);

/** Adds the handles of all fields to a buffer, a u32 each. There must be room. */
export function collectHandles(entry: Entry, to: Buffer): void {
  handles = to;
  if (isTable(entry)) return visitMembers(tableOf(entry), collect);
  const pack = blockOf(entry);
  for (let at = listpack.first(pack); at; at = nextPair(pack, at)) addHandle(at);
}

function collect(member: Member): void {
  if (!fields.hasEnded(member)) addHandle(changetype<usize>(member));
}

function addHandle(handle: usize): void {
  store<u32>(handles.end, <u32>handle);
  handles.end += 4;
}

// All fields

type Visitor = (field: usize, fieldLength: usize, value: usize, valueLength: usize) => void;

let visitor: Visitor = ignore;

function ignore(_field: usize, _fieldLength: usize, _value: usize, _valueLength: usize): void {}

/** Visits the fields with their values, in order. The visitor must not change the hash. */
export function visit(entry: Entry, visitPair: Visitor): void {
  if (isTable(entry)) {
    visitor = visitPair;
    return visitMembers(tableOf(entry), visitMember);
  }
  const pack = blockOf(entry);
  for (let at = listpack.first(pack); at; at = nextPair(pack, at)) {
    readPair(pack, at);
    visitPair(fieldAddress, fieldLength, address, length);
  }
}

function visitMembers(table: Dict, visitRecord: (member: Member) => void): void {
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Member>(table, number, visitRecord);
  }
}

function visitMember(member: Member): void {
  if (fields.hasEnded(member)) return;
  fields.readValue(member);
  visitor(member.keyAddress, member.keyLength, fields.address, fields.length);
}

// The value as a whole

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  if (isTable(entry)) garbage.disposeTable(blockOf(entry));
  else release(blockOf(entry));
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry): usize {
  return memoryOf(entry, 0) + (memoryOf(entry, 0) >> 2) + TABLE_SLACK;
}

let copyTarget: Dict = changetype<Dict>(0);

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const copied = create(key, keyLength, shapeOf(entry) | flags, REFERENCE_SIZE);
  if (isTable(entry)) {
    const table = fields.createLike(tableOf(entry), shapeOf(entry) != HASH_TABLE);
    setBlock(copied, table);
    copyTarget = changetype<Dict>(table);
    visitMembers(tableOf(entry), copyMember);
  } else {
    setBlock(copied, copyPack(blockOf(entry)));
  }
  return copied;
}

function copyPack(pack: usize): usize {
  const size = listpack.bytesOf(pack);
  const copied = allocate(size);
  copy(copied, pack, size);
  return copied;
}

function copyMember(member: Member): void {
  fields.addCopy(copyTarget, member);
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(entry: Entry): string {
  return isTable(entry) ? 'hashtable' : 'listpack';
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(entry: Entry, samples: u32): usize {
  const block = blockSize(blockOf(entry));
  return isTable(entry) ? block + bytesOf(tableOf(entry), samples) : block;
}
