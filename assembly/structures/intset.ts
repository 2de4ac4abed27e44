/**
 * Intset: a sorted array of distinct integers, all stored at the narrowest width that fits the
 * widest of them. The bytes are Redis's own: snapshots store them as they are.
 *
 *   0        4        8
 *   +--------+--------+----------+----------+---+------------+
 *   | width  | length | member 0 | member 1 |   | member n-1 |
 *   +--------+--------+----------+----------+---+------------+
 *     u32      u32      width bytes each, ascending
 *
 * The width is 2, 4 or 8. It grows when a wider member arrives and never shrinks. A set is a heap
 * block that may be larger than these bytes; whoever changes it gets its new address.
 *
 * Example: {-1, 7, 300} takes 14 bytes of 16:
 *
 *   02 00 00 00   03 00 00 00   ff ff   07 00   2c 01
 *   width 2       length 3      -1      7       300
 */
import { allocate, blockSize, resize, SMALL_MAX } from '../memory/heap';

@unmanaged
class Intset {
  width: u32;
  length: u32;
}

const HEADER_SIZE: usize = offsetof<Intset>();
if (HEADER_SIZE != 8) ERROR('snapshots store this header as it is');

/** Whether the last `add` or `remove` changed the set. */
export let changed: bool = false;

/** A new set without members. */
export function create(): usize {
  const set = allocate(HEADER_SIZE);
  changetype<Intset>(set).width = 2;
  changetype<Intset>(set).length = 0;
  return set;
}

/** How many members the set has. */
export function count(set: usize): u32 {
  return changetype<Intset>(set).length;
}

/** The bytes of the set, header included. */
export function bytesOf(set: usize): usize {
  const header = changetype<Intset>(set);
  return HEADER_SIZE + <usize>header.width * header.length;
}

/** The member at `index`, in ascending order. */
export function at(set: usize, index: u32): i64 {
  return memberAt(set, changetype<Intset>(set).width, index);
}

function memberAt(set: usize, width: u32, index: u32): i64 {
  const place = set + HEADER_SIZE + <usize>index * width;
  if (width == 2) return load<i16>(place);
  return width == 4 ? load<i32>(place) : load<i64>(place);
}

function putAt(set: usize, width: u32, index: u32, value: i64): void {
  const place = set + HEADER_SIZE + <usize>index * width;
  if (width == 2) store<i16>(place, <i16>value);
  else if (width == 4) store<i32>(place, <i32>value);
  else store<i64>(place, value);
}

function widthOf(value: i64): u32 {
  if (value == <i64>(<i16>value)) return 2;
  return value == <i64>(<i32>value) ? 4 : 8;
}

// Search

export function has(set: usize, value: i64): bool {
  const header = changetype<Intset>(set);
  if (!header.length || widthOf(value) > header.width) return false;
  const index = lowerBound(set, value);
  return index < header.length && memberAt(set, header.width, index) == value;
}

/** The number of members below `value`, which is no wider than the set. */
function lowerBound(set: usize, value: i64): u32 {
  const header = changetype<Intset>(set);
  const members = set + HEADER_SIZE;
  if (header.width == 2) return search<i16>(members, header.length, <i16>value);
  if (header.width == 4) return search<i32>(members, header.length, <i32>value);
  return search<i64>(members, header.length, value);
}

/** Halves the range without a branch on what is found there: that could not be predicted. */
function search<T>(members: usize, length: u32, value: T): u32 {
  if (!length) return 0;
  let from = members;
  let rest: usize = length;
  while (rest > 1) {
    const half = rest >> 1;
    const middle = from + half * sizeof<T>();
    from = select<usize>(middle, from, load<T>(middle - sizeof<T>()) < value);
    rest -= half;
  }
  const index = <u32>((from - members) / sizeof<T>());
  return load<T>(from) < value ? index + 1 : index;
}

/**
 * The index of the first member from `from` on that is not below `value`; the number of members
 * if there is none. For ascending values, each sought from where the one before was found.
 */
export function seek(set: usize, value: i64, from: u32): u32 {
  const header = changetype<Intset>(set);
  const members = set + HEADER_SIZE;
  const length = header.length;
  if (header.width == 2) return gallop<i16>(members, length, value, from);
  if (header.width == 4) return gallop<i32>(members, length, value, from);
  return gallop<i64>(members, length, value, from);
}

/** Goes on in steps that double, and halves the last of them. */
function gallop<T>(members: usize, length: u32, value: i64, from: u32): u32 {
  let step: u32 = 1;
  while (from < length && <i64>load<T>(members + <usize>from * sizeof<T>()) < value) {
    from += step;
    step <<= 1;
  }
  // What is before the last step is below the value; what the step led to is not.
  let low = from - (step >> 1);
  from = min(from, length);
  while (low < from) {
    const middle = (low + from) >> 1;
    if (<i64>load<T>(members + <usize>middle * sizeof<T>()) < value) low = middle + 1;
    else from = middle;
  }
  return from;
}

// Change

/** Memory that a set of so many members takes at the most while it grows to them. */
export function costOf(members: usize): usize {
  return HEADER_SIZE + (members << 4) + (members << 2) + 64;
}

/** Adds `value`; tells in `changed` if it is new. The set may move: use the one returned. */
export function add(set: usize, value: i64): usize {
  const header = changetype<Intset>(set);
  const length = header.length;
  const width = widthOf(value);
  if (width > header.width) return addWider(set, value, width);
  let index = length;
  // Members mostly come in ascending order, or in none.
  if (length && value <= memberAt(set, header.width, length - 1)) {
    index = lowerBound(set, value);
    if (memberAt(set, header.width, index) == value) {
      changed = false;
      return set;
    }
  }
  set = withRoom(set, length + 1, header.width);
  openGap(set, index);
  putAt(set, changetype<Intset>(set).width, index, value);
  changetype<Intset>(set).length = length + 1;
  changed = true;
  return set;
}

function openGap(set: usize, index: u32): void {
  const header = changetype<Intset>(set);
  if (index == header.length) return;
  const place = set + HEADER_SIZE + <usize>index * header.width;
  memory.copy(place + header.width, place, <usize>(header.length - index) * header.width);
}

/** Widens all members; the new one, which was too wide, belongs before or behind all of them. */
function addWider(set: usize, value: i64, width: u32): usize {
  const length = changetype<Intset>(set).length;
  const old = changetype<Intset>(set).width;
  set = withRoom(set, length + 1, width);
  const shift: u32 = value < 0 ? 1 : 0;
  // From the end on: each member moves to where only such were that have moved already.
  for (let index = length; index > 0; index--) {
    putAt(set, width, index - 1 + shift, memberAt(set, old, index - 1));
  }
  putAt(set, width, shift ? 0 : length, value);
  changetype<Intset>(set).width = width;
  changetype<Intset>(set).length = length + 1;
  changed = true;
  return set;
}

/** The set in a block with room for `length` members; large ones get more than they need now. */
function withRoom(set: usize, length: u32, width: u32): usize {
  const size = HEADER_SIZE + <usize>length * width;
  if (size <= blockSize(set)) return set;
  return resize(set, size > SMALL_MAX ? size + (size >> 3) : size, bytesOf(set));
}

/** Removes `value`; tells in `changed` if it was there. The set may move: use the one returned. */
export function remove(set: usize, value: i64): usize {
  changed = false;
  const header = changetype<Intset>(set);
  const width = header.width;
  if (!header.length || widthOf(value) > width) return set;
  const index = lowerBound(set, value);
  if (index == header.length || memberAt(set, width, index) != value) return set;
  return removeAt(set, index);
}

/** Removes the member at `index`. The set may move: use the one returned. */
export function removeAt(set: usize, index: u32): usize {
  const header = changetype<Intset>(set);
  const place = set + HEADER_SIZE + <usize>index * header.width;
  header.length--;
  memory.copy(place, place + header.width, <usize>(header.length - index) * header.width);
  changed = true;
  return trim(set);
}

/** Removes the members at these indexes, u32 each and ascending. The set may move. */
export function removeMany(set: usize, indexes: usize, many: u32): usize {
  const header = changetype<Intset>(set);
  const width = header.width;
  const end = indexes + ((<usize>many) << 2);
  let kept: u32 = 0;
  for (let index: u32 = 0; index < header.length; index++) {
    if (indexes < end && load<u32>(indexes) == index) indexes += 4;
    else putAt(set, width, kept++, memberAt(set, width, index));
  }
  header.length = kept;
  return trim(set);
}

/** Gives memory back when most of the block is unused. */
function trim(set: usize): usize {
  const size = bytesOf(set);
  return size << 1 < blockSize(set) ? resize(set, size, size) : set;
}

/** A copy in a block of its own. */
export function copyOf(set: usize): usize {
  const size = bytesOf(set);
  const copied = allocate(size);
  memory.copy(copied, set, size);
  return copied;
}

/** Whether bytes from outside are a set with members. */
export function validate(bytes: usize, size: usize): bool {
  if (size < HEADER_SIZE) return false;
  const width = load<u32>(bytes);
  const length = load<u32>(bytes, 4);
  if (width != 2 && width != 4 && width != 8) return false;
  if (!length || HEADER_SIZE + <u64>length * width != <u64>size) return false;
  for (let index: u32 = 1; index < length; index++) {
    if (memberAt(bytes, width, index - 1) >= memberAt(bytes, width, index)) return false;
  }
  return true;
}
