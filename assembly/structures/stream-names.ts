/**
 * Stream names: records with a name, ordered by the bytes of their names: the groups of a
 * stream, the consumers of a group. There are few of them: an array with binary search.
 *
 *   | record 0 | record 1 |   | record n-1 | room      u32 addresses
 *
 *   0             4             8                     name offset
 *   +-------------+-------------+---------------------+------------+
 *   | name length | name offset | the owner's own     | name bytes |
 *   +-------------+-------------+---------------------+------------+
 *     u32           u32
 *
 * Example: the name "ab" in a record without anything else takes 10 bytes:
 *
 *   02 00 00 00   08 00 00 00   61 62
 *   length        offset        a  b
 */
import { compare, copy } from '../memory/bytes';
import { allocate, blockSize, release } from '../memory/heap';

/** What each record begins with. */
@unmanaged
export class Named {
  nameLength: u32;
  nameOffset: u32;

  @inline get name(): usize {
    return changetype<usize>(this) + this.nameOffset;
  }
}

/** All zero is none. */
@unmanaged
export class Names {
  array: u32;
  count: u32;
}

/** Bytes of the record of all names, for those that embed it. */
export const NAMES_SIZE: usize = offsetof<Names>();
const FIRST_SIZE: usize = 8;
/** Where `locate` found the name, or where it would be. */
let position: u32 = 0;

/** A new record: `head` bytes, zeroed but for the name's place, then the name. */
export function create(head: usize, name: usize, nameLength: usize): Named {
  const record = allocate(head + nameLength);
  memory.fill(record, 0, head);
  const named = changetype<Named>(record);
  named.nameLength = <u32>nameLength;
  named.nameOffset = <u32>head;
  copy(record + head, name, nameLength);
  return named;
}

function placeOf(names: Names, index: u32): usize {
  return <usize>names.array + ((<usize>index) << 2);
}

/** The record at this position; positions are below `count`. */
export function at(names: Names, index: u32): usize {
  return <usize>load<u32>(placeOf(names, index));
}

function isLocated(names: Names, name: usize, nameLength: usize): bool {
  let low: u32 = 0;
  let high = names.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = changetype<Named>(at(names, middle));
    const order = compare(record.name, record.nameLength, name, nameLength);
    position = middle;
    if (!order) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  position = low;
  return false;
}

/** The record of this name, or 0. */
export function find(names: Names, name: usize, nameLength: usize): usize {
  return isLocated(names, name, nameLength) ? at(names, position) : 0;
}

/** The position of a record that is there. */
export function positionOf(names: Names, record: Named): u32 {
  isLocated(names, record.name, record.nameLength);
  return position;
}

/** An upper bound of the memory that adding takes, beside the record itself. */
export function addCost(names: Names): usize {
  return FIRST_SIZE + ((<usize>names.count) << 3);
}

/** Adds a record whose name is not there. */
export function add(names: Names, record: Named): void {
  isLocated(names, record.name, record.nameLength);
  makeRoom(names);
  const place = placeOf(names, position);
  memory.copy(place + 4, place, (<usize>(names.count - position)) << 2);
  store<u32>(place, <u32>changetype<usize>(record));
  names.count++;
}

function makeRoom(names: Names): void {
  if (!names.array) {
    names.array = <u32>allocate(FIRST_SIZE);
    return;
  }
  const size = (<usize>names.count) << 2;
  if (size < blockSize(names.array)) return;
  const wider = allocate(size << 1);
  copy(wider, names.array, size);
  release(names.array);
  names.array = <u32>wider;
}

/** Takes a record out, and frees it. */
export function remove(names: Names, record: Named): void {
  const place = placeOf(names, positionOf(names, record));
  names.count--;
  const end = placeOf(names, names.count);
  memory.copy(place, place + 4, end - place);
  release(changetype<usize>(record));
  if (!names.count) dispose(names);
}

/** Frees the array, not the records. */
export function dispose(names: Names): void {
  if (names.array) release(names.array);
  names.array = 0;
  names.count = 0;
}
