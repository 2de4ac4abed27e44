/**
 * Listpack: a sequence of texts and integers in one block, byte for byte as Redis has it, for
 * it is written to snapshots as it is. Elements are described in listpack-element.ts.
 *
 *   0       4       6
 *   +-------+-------+-----------+-----------+---+-----------+------+---------
 *   | total | count | element 0 | element 1 |   | element n | ff   | room
 *   +-------+-------+-----------+-----------+---+-----------+------+---------
 *     u32     u16                                                  total
 *
 * A count of 65535 says that the elements are to be counted.
 *
 * Example: 1000 and "abc"
 *
 *   0f 00 00 00   02 00   c3 e8 02   83 61 62 63 04   ff
 *   total 15      count   1000       "abc"            end
 *
 * The block may be larger than the listpack, but begins with it. What changes a listpack may
 * move it, and returns where it is. Memory must be reserved: an eighth more
 * than the listpack will have.
 *
 * Format: https://github.com/antirez/listpack/blob/master/listpack.md
 */
import { copy, equals as sameBytes } from '../memory/bytes';
import { allocate, blockSize, release, reserve, resize, usableSize } from '../memory/heap';
import {
  formatInteger,
  INTEGER_TEXT_ROOM,
  parsedInteger,
  parseInteger,
} from '../memory/integer-text';
import {
  backlenSize,
  beginOf,
  checkedSize,
  END,
  isBacklen,
  measure,
  measureInteger,
  spanAt,
  write,
} from './listpack-element';

/** Bytes in front of the first element. */
export const HEADER_SIZE: usize = 6;
/** The bytes of a listpack without elements. */
export const EMPTY_SIZE: usize = HEADER_SIZE + 1;
const COUNT_UNKNOWN: u32 = 0xffff;
// First bytes of elements: a text of up to 63 bytes, an integer above 127, a longer text.
const SHORT_TEXT: u32 = 0x80;
const LONG_INTEGER: u32 = 0xc0;
const LONG_TEXT: u32 = 0xe0;
/** From here on a listpack that grows gets an eighth more than it needs. */
const SPARE_MIN: usize = 8192;

/** What `read` found: an integer, or text. */
export let isInteger: bool = false;
export let integer: i64 = 0;
/** Bytes of the text that `read` or `readText` found. */
export let address: usize = 0;
export let length: usize = 0;
/** Where the element is that was inserted or replaced last. */
export let inserted: usize = 0;
/** The element behind those that were removed last, or 0. */
export let following: usize = 0;

const integerText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('every integer fits');

// The whole

/** A listpack without elements, in a block of at least `capacity` bytes. */
export function createEmpty(capacity: usize): usize {
  const listpack = allocate(max(capacity, EMPTY_SIZE));
  store<u32>(listpack, <u32>EMPTY_SIZE);
  store<u16>(listpack, 0, 4);
  store<u8>(listpack, END, HEADER_SIZE);
  return listpack;
}

/** The bytes that it takes, header and end included. */
export function bytesOf(listpack: usize): usize {
  return <usize>load<u32>(listpack);
}

/** How many elements there are. */
export function count(listpack: usize): u32 {
  const known = <u32>load<u16>(listpack, 4);
  if (known != COUNT_UNKNOWN) return known;
  let counted: u32 = 0;
  for (let at = listpack + HEADER_SIZE; load<u8>(at) != END; at += spanAt(at)) counted++;
  return counted;
}

function capacityFor(size: usize): usize {
  return size > SPARE_MIN ? size + (size >> 3) : size;
}

/** Gives back what the block has beyond the listpack, if that is anything. */
export function trim(listpack: usize): usize {
  const total = bytesOf(listpack);
  if (usableSize(total) >= blockSize(listpack) || !reserve(total)) return listpack;
  return resize(listpack, total, total);
}

// Walking

/** The first element, or 0. */
export function first(listpack: usize): usize {
  return orNone(listpack + HEADER_SIZE);
}

function orNone(at: usize): usize {
  return load<u8>(at) == END ? 0 : at;
}

/** The last element, or 0. */
export function last(listpack: usize): usize {
  return previous(listpack, listpack + bytesOf(listpack) - 1);
}

/** The element behind this one, or 0. */
export function next(_listpack: usize, at: usize): usize {
  return orNone(at + spanAt(at));
}

/** The element in front of this one, or 0. */
export function previous(listpack: usize, at: usize): usize {
  return at == listpack + HEADER_SIZE ? 0 : beginOf(at);
}

/** The element of this number, negative from the end; 0 if there is none. */
export function elementAt(listpack: usize, index: i64): usize {
  const known = <i64>load<u16>(listpack, 4);
  if (known != COUNT_UNKNOWN) {
    if (index >= known || index < -known) return 0;
    if (index > known >> 1) index -= known;
    else if (index < -1 - (known >> 1)) index += known;
  }
  return index < 0 ? backwardTo(listpack, -1 - index) : forwardTo(listpack, index);
}

function forwardTo(listpack: usize, steps: i64): usize {
  let at = listpack + HEADER_SIZE;
  for (; load<u8>(at) != END; at += spanAt(at)) {
    if (steps-- == 0) return at;
  }
  return 0;
}

function backwardTo(listpack: usize, steps: i64): usize {
  let at = last(listpack);
  for (; at && steps > 0; steps--) at = previous(listpack, at);
  return at;
}

// Elements

/** The bytes of the element with its backlen. */
export function span(at: usize): usize {
  return spanAt(at);
}

/** Finds what the element is: `isInteger`, then `integer` or `address` and `length`. */
export function read(at: usize): void {
  const byte = <u32>load<u8>(at);
  isInteger = false;
  if (byte - 0x80 < 0x40) {
    address = at + 1;
    length = byte & 0x3f;
  } else if (byte >= 0xe0 && byte < 0xf0) {
    address = at + 2;
    length = ((byte & 0x0f) << 8) | load<u8>(at + 1);
  } else if (byte == 0xf0) {
    address = at + 5;
    length = <usize>load<u32>(at + 1);
  } else {
    isInteger = true;
    integer = integerAt(at, byte);
  }
}

function integerAt(at: usize, byte: u32): i64 {
  if (byte < 0x80) return byte;
  if (byte < 0xe0) return <i64>(<i32>((byte << 27) | ((<u32>load<u8>(at + 1)) << 19)) >> 19);
  if (byte == 0xf1) return <i64>load<i16>(at + 1);
  if (byte == 0xf2) return <i64>(load<i32>(at) >> 8);
  if (byte == 0xf3) return <i64>load<i32>(at + 1);
  return load<i64>(at + 1);
}

/** Finds the element's text in `address` and `length`; that of an integer lasts until the next. */
export function readText(at: usize): void {
  read(at);
  if (!isInteger) return;
  address = integerText;
  length = formatInteger(integer, integerText);
}

/** True if the element's text is these bytes. */
export function equals(at: usize, bytes: usize, size: usize): bool {
  read(at);
  if (!isInteger) return length == size && sameBytes(address, bytes, size);
  return size <= 20 && parseInteger(bytes, size) && parsedInteger == integer;
}

/**
 * The first element from `from` on with these bytes, of which `skip` are left out after each
 * that is looked at; 0 if there is none. `from` may be 0.
 */
export function find(_listpack: usize, from: usize, bytes: usize, size: usize, skip: u32): usize {
  if (!from) return 0;
  const numeric = size <= 20 && parseInteger(bytes, size);
  if (!numeric && size < 64) return findShort(from, bytes, size, skip);
  const number = parsedInteger;
  for (let at = from; load<u8>(at) != END; ) {
    read(at);
    if (isInteger) {
      if (numeric && integer == number) return at;
    } else if (length == size && sameBytes(address, bytes, size)) {
      return at;
    }
    at += spanAt(at);
    for (let left = skip; left && load<u8>(at) != END; left--) at += spanAt(at);
  }
  return 0;
}

/** As `find`, for a text of up to 63 bytes that is no integer: most names are. */
function findShort(at: usize, bytes: usize, size: usize, skip: u32): usize {
  const head = SHORT_TEXT | <u32>size;
  const mask: u64 = size < 8 ? ((<u64>1) << ((<u64>size) << 3)) - 1 : u64.MAX_VALUE;
  const word = load<u64>(bytes) & mask;
  while (true) {
    let byte = <u32>load<u8>(at);
    if (byte == head) {
      const alike = (load<u64>(at + 1) & mask) == word;
      if (alike && (size <= 8 || sameBytes(at + 1, bytes, size))) return at;
    } else if (byte >= LONG_TEXT) {
      // A short text in a long form is nothing that we write, but may have been restored.
      if (byte == END) return 0;
      if (equals(at, bytes, size)) return at;
    }
    at = behind(at, byte);
    for (let left = skip; left; left--) {
      byte = load<u8>(at);
      if (byte == END) return 0;
      at = behind(at, byte);
    }
  }
}

/** Where the element that begins with this byte ends: for integers below 128 and short texts. */
function behind(at: usize, byte: u32): usize {
  if (byte < SHORT_TEXT) return at + 2;
  if (byte < LONG_INTEGER) return at + (byte & 0x3f) + 2;
  return at + spanAt(at);
}

/** The bytes that an element with this text takes. */
export function elementSize(bytes: usize, size: usize): usize {
  return measure(bytes, size);
}

// Adding

/** Appends an element with this text. The bytes must not lie in this listpack. */
export function append(listpack: usize, bytes: usize, size: usize): usize {
  return appendMeasured(listpack, measure(bytes, size));
}

export function appendInteger(listpack: usize, value: i64): usize {
  return appendMeasured(listpack, measureInteger(value));
}

function appendMeasured(listpack: usize, size: usize): usize {
  listpack = extend(listpack, size);
  store<u8>(write(inserted), END);
  return listpack;
}

/** Appends a copy of an element of another listpack. */
export function appendFrom(listpack: usize, at: usize): usize {
  const size = spanAt(at);
  listpack = extend(listpack, size);
  copy(inserted, at, size);
  store<u8>(inserted + size, END);
  return listpack;
}

/** Makes room for an element of `size` bytes at the end, `inserted`; the end is to be written. */
function extend(listpack: usize, size: usize): usize {
  const total = bytesOf(listpack);
  const grown = total + size;
  if (grown > blockSize(listpack)) listpack = resize(listpack, capacityFor(grown), total - 1);
  store<u32>(listpack, <u32>grown);
  addToCount(listpack, 1);
  inserted = listpack + total - 1;
  return listpack;
}

function addToCount(listpack: usize, elements: u32): void {
  const known = <u32>load<u16>(listpack, 4);
  if (known == COUNT_UNKNOWN) return;
  store<u16>(listpack, <u16>min(known + elements, COUNT_UNKNOWN), 4);
}

export function prepend(listpack: usize, bytes: usize, size: usize): usize {
  return insertBefore(listpack, listpack + HEADER_SIZE, bytes, size);
}

export function insertAfter(listpack: usize, at: usize, bytes: usize, size: usize): usize {
  return insertBefore(listpack, at + spanAt(at), bytes, size);
}

/** Inserts an element with this text, which must not lie in this listpack. */
export function insertBefore(listpack: usize, at: usize, bytes: usize, size: usize): usize {
  listpack = exchange(listpack, at, 0, measure(bytes, size));
  write(inserted);
  addToCount(listpack, 1);
  return listpack;
}

/** Gives the element another text, which must not lie in this listpack. */
export function replace(listpack: usize, at: usize, bytes: usize, size: usize): usize {
  listpack = exchange(listpack, at, spanAt(at), measure(bytes, size));
  write(inserted);
  return listpack;
}

export function replaceInteger(listpack: usize, at: usize, value: i64): usize {
  listpack = exchange(listpack, at, spanAt(at), measureInteger(value));
  write(inserted);
  return listpack;
}

/** Makes of `old` bytes at `at` a gap of `size` bytes; the gap is `inserted`. */
function exchange(listpack: usize, at: usize, old: usize, size: usize): usize {
  inserted = at;
  if (old == size) return listpack;
  const total = bytesOf(listpack);
  const offset = at - listpack;
  const grown = total - old + size;
  const rest = total - offset - old;
  if (grown <= blockSize(listpack)) {
    if (old != size) memory.copy(at + size, at + old, rest);
  } else {
    const moved = allocate(capacityFor(grown));
    copy(moved, listpack, offset);
    copy(moved + offset + size, at + old, rest);
    release(listpack);
    listpack = moved;
  }
  store<u32>(listpack, <u32>grown);
  inserted = listpack + offset;
  return listpack;
}

/** Appends all elements of `other`, which is freed. */
export function merge(listpack: usize, other: usize): usize {
  const total = bytesOf(listpack);
  const elements = count(listpack) + count(other);
  const added = bytesOf(other) - HEADER_SIZE;
  const grown = total + added - 1;
  if (grown > blockSize(listpack)) listpack = resize(listpack, capacityFor(grown), total - 1);
  copy(listpack + total - 1, other + HEADER_SIZE, added);
  store<u32>(listpack, <u32>grown);
  store<u16>(listpack, <u16>min(elements, COUNT_UNKNOWN), 4);
  release(other);
  return listpack;
}

// Removing

/** Removes the element; the one behind it is `following`. */
export function remove(listpack: usize, at: usize): usize {
  return cut(listpack, at, spanAt(at), 1);
}

/** Removes `elements` elements from `at` on, or as many as there are. */
export function removeRange(listpack: usize, at: usize, elements: u32): usize {
  let end = at;
  let removed: u32 = 0;
  for (; removed < elements && load<u8>(end) != END; removed++) end += spanAt(end);
  return cut(listpack, at, end - at, removed);
}

function cut(listpack: usize, at: usize, size: usize, elements: u32): usize {
  const offset = at - listpack;
  const total = bytesOf(listpack);
  memory.copy(at, at + size, total - offset - size);
  store<u32>(listpack, <u32>(total - size));
  const known = <u32>load<u16>(listpack, 4);
  if (known != COUNT_UNKNOWN) store<u16>(listpack, <u16>(known - elements), 4);
  listpack = shrink(listpack);
  following = orNone(listpack + offset);
  return listpack;
}

/** Takes a smaller block if less than half of this one is used. */
function shrink(listpack: usize): usize {
  const total = bytesOf(listpack);
  if (total << 1 >= blockSize(listpack) || !reserve(total)) return listpack;
  return resize(listpack, total, total);
}

// Checking

/**
 * Whether these bytes are a listpack, so that all of the above can be done with it. For bytes
 * that nobody vouches for: reads nothing outside of them. Unless `deep`, only its frame is
 * looked at.
 */
export function validate(bytes: usize, size: usize, deep: bool): bool {
  if (size < EMPTY_SIZE || bytesOf(bytes) != size) return false;
  const end = bytes + size - 1;
  if (load<u8>(end) != END) return false;
  if (!deep) return true;
  let elements: u32 = 0;
  let at = bytes + HEADER_SIZE;
  for (; at < end; elements++) {
    const element = <usize>checkedSize(at, end - at);
    if (!element) return false;
    const backlen = backlenSize(element);
    if (end - at - element < backlen || !isBacklen(at + element, backlen, element)) return false;
    at += element + backlen;
  }
  const known = <u32>load<u16>(bytes, 4);
  return known == COUNT_UNKNOWN || known == elements;
}
