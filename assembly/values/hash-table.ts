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
import { usableSize } from '../memory/heap';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import * as member from '../structures/member';
import { HAS_WORD, Member, memberSize } from '../structures/member';
import { createTable, TABLE_SIZE } from '../structures/member-table';

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

/** The field's deadline, or NEVER. */
export function deadlineOf(field: Member): i64 {
  return field.hasWord ? <i64>field.word : NEVER;
}

// One field

/** The member of this field, unless it has ended. */
export function find(table: Dict, field: usize, fieldLength: usize): Member | null {
  const found = dict.find<Member>(table, hash(field, fieldLength), field, fieldLength);
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
  const added = member.create(field, fieldLength, 0, valueSize(size));
  writeValue(added, value, size);
  dict.insert<Member>(table, hash(field, fieldLength), added);
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
  const hashed = hash(field, fieldLength);
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
  if (flags) made.word = old.word;
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
  const hashed = hash(field, fieldLength);
  const found = dict.find<Member>(table, hashed, field, fieldLength);
  if (!found) return false;
  if (found.hasWord) changetype<Fields>(table).deadlines--;
  dict.remove<Member>(table, hashed, found);
  member.dispose(found);
  return true;
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

// Tables with deadlines

/** An empty table for copies of the fields of another, with the same deadlines if it has any. */
export function createLike(table: Dict, expiring: bool): usize {
  const made = createTable(expiring ? EXPIRING_SIZE : TABLE_SIZE);
  if (!expiring) return made;
  changetype<Fields>(made).deadlines = changetype<Fields>(table).deadlines;
  changetype<Fields>(made).earliest = changetype<Fields>(table).earliest;
  return made;
}
