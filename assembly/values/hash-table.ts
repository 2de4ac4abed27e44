/**
 * Hash table: the fields of a hash that is not a listpack. A table of members, each with its
 * value behind it and perhaps its deadline as the word.
 *
 *   0      28          32         40       48
 *   +------+-----------+----------+--------+--------+
 *   | Dict | deadlines | earliest | so far | cursor |
 *   +------+-----------+----------+--------+--------+
 *            u32         i64        i64      u32      from 32 on: only if it has deadlines
 *
 *   a value    +--------+-------+      or    +------+--------+-------+
 *              | length | bytes |            | ffff | length | bytes |
 *              +--------+-------+            +------+--------+-------+
 *                u16                           u16    u32
 *
 * `deadlines` counts the fields that have one. None of them ends before `earliest`; `so far` and
 * `cursor` belong to the walk that removes ended fields and finds the next `earliest`. A field
 * whose deadline has passed is not there any more for whoever asks, until that walk finds it.
 *
 * Example: field "a" with the value "xy" is a member of 7 bytes:
 *
 *   01 00   61   02 00    78 79
 *   head    a    length   x  y
 */
import { copy } from '../memory/bytes';
import { resize, usableSize } from '../memory/heap';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import * as member from '../structures/member';
import { HAS_WORD, Member, memberSize } from '../structures/member';
import { createTable, hashOf, TABLE_SIZE } from '../structures/member-table';
import { memberWillChange, moved } from '../structures/watch';

@unmanaged
class Fields extends Dict {
  deadlines: u32;
  earliest: i64;
  earliestSoFar: i64;
  cursor: u32;
}

const EXPIRING_SIZE: usize = offsetof<Fields>();
if (offsetof<Fields>('earliest') != TABLE_SIZE) ERROR('the deadlines are behind a plain table');
/** Values of this length and more have their length in 32 bits. */
const LONG_VALUE: usize = 0xffff;
/** What is later than every deadline. */
const NEVER: i64 = i64.MAX_VALUE;

/** The value that was read last. */
export let address: usize = 0;
export let length: usize = 0;
/** Fields whose deadline is before this have ended. */
let now: i64 = i64.MIN_VALUE;

/** Tells the time: nothing has ended at i64.MIN_VALUE. */
export function setTime(unixMs: i64): void {
  now = unixMs;
}

// Members

/** Finds the member's value: `address` and `length`. */
export function readValue(field: Member): void {
  const place = field.valuePlace;
  length = load<u16>(place);
  address = place + 2;
  if (length != LONG_VALUE) return;
  length = load<u32>(place, 2);
  address = place + 6;
}

function valueSize(size: usize): usize {
  return size < LONG_VALUE ? size + 2 : size + 6;
}

function writeValue(field: Member, bytes: usize, size: usize): void {
  const place = field.valuePlace;
  if (size < LONG_VALUE) {
    store<u16>(place, <u16>size);
    copy(place + 2, bytes, size);
  } else {
    store<u16>(place, <u16>LONG_VALUE);
    store<u32>(place, <u32>size, 2);
    copy(place + 6, bytes, size);
  }
}

/** True if the field's deadline has passed. */
export function hasEnded(field: Member): bool {
  return field.hasWord && <i64>field.word < now;
}

// One field

/** The member of this field, unless it has ended. */
export function find(table: Dict, field: usize, fieldLength: usize): Member | null {
  const found = dict.find<Member>(table, hashOf(field, fieldLength), field, fieldLength);
  return found && !hasEnded(found) ? found : null;
}

/** Adds a field that is not there, without deadline. */
export function add(
  table: Dict,
  field: usize,
  fieldLength: usize,
  value: usize,
  size: usize,
): void {
  const hashed = hashOf(field, fieldLength);
  if (table.watched) memberWillChange(table.watched, hashed);
  const added = member.create(field, fieldLength, 0, valueSize(size));
  writeValue(added, value, size);
  dict.insert<Member>(table, hashed, added);
}

/** Gives a field its value; its deadline goes unless `keeps`. True if the field is new. */
export function set(
  table: Dict,
  field: usize,
  fieldLength: usize,
  value: usize,
  size: usize,
  keeps: bool,
): bool {
  const hashed = hashOf(field, fieldLength);
  if (table.watched) memberWillChange(table.watched, hashed);
  const old = dict.find<Member>(table, hashed, field, fieldLength);
  if (!old) {
    const added = member.create(field, fieldLength, 0, valueSize(size));
    writeValue(added, value, size);
    dict.insert<Member>(table, hashed, added);
    return true;
  }
  const flags = keeps ? <u32>old.head & HAS_WORD : 0;
  if ((old.head & HAS_WORD) == flags && fits(old, size)) writeValue(old, value, size);
  else exchange(table, hashed, old, renew(old, flags, value, size));
  return false;
}

/** True if a value of `size` bytes takes the same block as the present one. */
function fits(field: Member, size: usize): bool {
  readValue(field);
  if (size == length) return true;
  const head = field.valuePlace - changetype<usize>(field);
  return usableSize(head + valueSize(size)) == usableSize(head + valueSize(length));
}

/** A new member with the key and, if `flags` say so, the word of another. */
function renew(old: Member, flags: u32, value: usize, size: usize): Member {
  const made = member.create(old.keyAddress, old.keyLength, flags, valueSize(size));
  if (old.hasWord && flags) made.word = old.word;
  writeValue(made, value, size);
  return made;
}

function exchange(table: Dict, hashed: u64, old: Member, made: Member): void {
  if (old.hasWord && !made.hasWord) changetype<Fields>(table).deadlines--;
  dict.replace<Member>(table, hashed, old, made);
  member.dispose(old);
}

/** Removes a field; false if it is not there. */
export function remove(table: Dict, field: usize, fieldLength: usize): bool {
  const hashed = hashOf(field, fieldLength);
  const found = dict.find<Member>(table, hashed, field, fieldLength);
  if (!found) return false;
  if (table.watched) memberWillChange(table.watched, hashed);
  if (found.hasWord) changetype<Fields>(table).deadlines--;
  dict.remove<Member>(table, hashed, found);
  member.dispose(found);
  return true;
}

/** The member of a field that has ended, or null. */
export function findEnded(table: Dict, field: usize, fieldLength: usize): Member | null {
  const found = dict.find<Member>(table, hashOf(field, fieldLength), field, fieldLength);
  return found && hasEnded(found) ? found : null;
}

/** Adds a copy of a member of another table. */
export function addCopy(table: Dict, field: Member): void {
  readValue(field);
  const flags = <u32>field.head & HAS_WORD;
  const size = memberSize(field.keyLength, flags, valueSize(length));
  const copied = member.create(field.keyAddress, field.keyLength, flags, valueSize(length));
  copy(changetype<usize>(copied), changetype<usize>(field), size);
  dict.insert<Member>(table, copied.keyHash, copied);
}

// Deadlines

/** An empty table for copies of the fields of another, with the same deadlines if it has any. */
export function createLike(table: Dict, expiring: bool): usize {
  const made = createTable(expiring ? EXPIRING_SIZE : TABLE_SIZE);
  if (!expiring) return made;
  clearDeadlines(changetype<Fields>(made));
  changetype<Fields>(made).deadlines = changetype<Fields>(table).deadlines;
  changetype<Fields>(made).earliest = changetype<Fields>(table).earliest;
  return made;
}

/** Makes room behind a table for what deadlines need. The block moves. */
export function beginDeadlines(table: usize): usize {
  table = resize(table, EXPIRING_SIZE, TABLE_SIZE);
  tellMoved(table);
  clearDeadlines(changetype<Fields>(table));
  return table;
}

function clearDeadlines(fields: Fields): void {
  fields.deadlines = 0;
  fields.earliest = NEVER;
  fields.earliestSoFar = NEVER;
  fields.cursor = 0;
}

/** Gives that room back: no field has a deadline. The block moves. */
export function endDeadlines(table: usize): usize {
  table = resize(table, TABLE_SIZE, TABLE_SIZE);
  tellMoved(table);
  return table;
}

function tellMoved(table: usize): void {
  const watched = changetype<Dict>(table).watched;
  if (watched) moved(watched, table);
}

export function hasDeadlines(table: Dict): bool {
  return changetype<Fields>(table).deadlines != 0;
}

/** No field of the table ends before this. */
export function earliestOf(table: Dict): i64 {
  return changetype<Fields>(table).earliest;
}

/** Gives a field of a table with room for it a deadline. */
export function setDeadline(table: Dict, field: Member, unixMs: i64): void {
  if (table.watched) memberWillChange(table.watched, field.keyHash);
  const fields = changetype<Fields>(table);
  fields.earliest = min(fields.earliest, unixMs);
  fields.earliestSoFar = min(fields.earliestSoFar, unixMs);
  if (!field.hasWord) {
    readValue(field);
    const made = renew(field, HAS_WORD, address, length);
    exchange(table, field.keyHash, field, made);
    fields.deadlines++;
    field = made;
  }
  field.word = unixMs;
}

/** Takes the deadline off a field that has one. */
export function clearDeadline(table: Dict, field: Member): void {
  if (table.watched) memberWillChange(table.watched, field.keyHash);
  readValue(field);
  exchange(table, field.keyHash, field, renew(field, 0, address, length));
}

/** Bytes of the block that the field takes with a deadline. */
export function sizeWithDeadline(field: Member): usize {
  readValue(field);
  return usableSize(memberSize(field.keyLength, HAS_WORD, valueSize(length)));
}

// The walk for ended fields

/** A step finds so many at the most. */
const ENDED_MAX: u32 = 32;
const ended: usize = memory.data(128, 8);
if (ENDED_MAX * 4 != 128) ERROR('what a step finds has its place');
/** How many ended fields the last step found. */
export let endedCount: u32 = 0;
let walked: Fields = changetype<Fields>(0);
let overflowed: bool = false;

/** One of the ended fields that the last step found. It is to be removed before the next step. */
export function endedAt(index: u32): Member {
  return changetype<Member>(<usize>load<u32>(ended + ((<usize>index) << 2)));
}

/**
 * A step of the walk: looks at one bucket for fields that have ended. After the last one
 * `earliestOf` is up to date.
 */
export function step(table: Dict): void {
  const fields = changetype<Fields>(table);
  walked = fields;
  endedCount = 0;
  overflowed = false;
  const next = dict.scan<Member>(table, fields.cursor, examine);
  if (overflowed) return;
  fields.cursor = next;
  if (next) return;
  fields.earliest = fields.earliestSoFar;
  fields.earliestSoFar = NEVER;
}

function examine(field: Member): void {
  if (!field.hasWord) return;
  if (!hasEnded(field)) {
    walked.earliestSoFar = min(walked.earliestSoFar, <i64>field.word);
  } else if (endedCount < ENDED_MAX) {
    store<u32>(ended + ((<usize>endedCount) << 2), <u32>changetype<usize>(field));
    endedCount++;
  } else {
    overflowed = true;
  }
}

/** Removes a field that was found. */
export function removeMember(table: Dict, field: Member): void {
  if (table.watched) memberWillChange(table.watched, field.keyHash);
  if (field.hasWord) changetype<Fields>(table).deadlines--;
  dict.remove<Member>(table, field.keyHash, field);
  member.dispose(field);
}
