/**
 * Strings: the value of a key as bytes or as an integer, in the encoding that Redis
 * would report. A value that moves or changes size may move its entry: every function
 * that returns an entry may have moved it.
 *
 * A blob, for strings that do not fit into an entry or grow by appending:
 *
 *   0        4          8
 *   +--------+----------+---------------------+
 *   | length | capacity | bytes, then room    |
 *   +--------+----------+---------------------+
 *     u32      u32
 *
 * Example: "abc" with room for eight is  03 00 00 00  08 00 00 00  61 62 63 .. .. .. .. ..
 */
import { copy, fill } from '../memory/bytes';
import { allocate, blockSize, release } from '../memory/heap';
import { formatInteger, parsedInteger, parseInteger } from '../memory/integer-text';
import { create, Entry, entryCost, reshape, VOLATILE } from '../structures/entry';
import { STRING_BLOB, STRING_EMBSTR, STRING_INT, STRING_RAW, shapeOf } from './kind';

/** Longest value that SET keeps as embstr. */
export const EMBSTR_MAX: usize = 44;
/** Longest value that lies inside its entry. */
const INLINE_MAX: usize = 2048;
/** Longest text that can be an integer. */
const INTEGER_TEXT_MAX: usize = 20;
const INTEGER_SIZE: usize = 8;
const REFERENCE_SIZE: usize = 4;
/** A string that grows gets as much room again, up to this. */
const SPARE_MAX: usize = 1 << 20;

@unmanaged
class Blob {
  length: u32;
  capacity: u32;
}

const BLOB_HEADER_SIZE: usize = offsetof<Blob>();
const integerText: usize = memory.data(32, 16);

/** The bytes found by the last `read`; they may not outlive the next change of the heap. */
export let address: usize = 0;
/** Their number. */
export let length: usize = 0;

/** Memory that must be reserved to store `valueLength` bytes under a key of `keyLength`. */
export function cost(keyLength: usize, valueLength: usize): usize {
  return entryCost(keyLength, 0) + valueLength + (valueLength >> 2) + 4096;
}

/** Finds the string's bytes: `address` and `length`. An integer is written out first. */
export function read(entry: Entry): void {
  const shape = shapeOf(entry);
  if (shape == STRING_INT) {
    address = integerText;
    length = formatInteger(integerOf(entry), integerText);
  } else if (shape == STRING_BLOB) {
    const blob = blobOf(entry);
    address = changetype<usize>(blob) + BLOB_HEADER_SIZE;
    length = blob.length;
  } else {
    address = entry.valuePlace;
    length = entry.valueLength;
  }
}

/** The length of the string in bytes. */
export function lengthOf(entry: Entry): usize {
  read(entry);
  return length;
}

/** The value of an int-encoded string. */
export function integerOf(entry: Entry): i64 {
  return load<i64>(entry.valuePlace);
}

/** True if the string is raw: its bytes may be changed where they are. */
export function isRaw(entry: Entry): bool {
  return shapeOf(entry) >= STRING_RAW;
}

function blobOf(entry: Entry): Blob {
  return changetype<Blob>(<usize>load<u32>(entry.valuePlace));
}

/** The kind that SET gives these bytes; if an integer, it is in `parsedInteger`. */
function shapeFor(bytes: usize, size: usize): u32 {
  if (size <= INTEGER_TEXT_MAX && parseInteger(bytes, size)) return STRING_INT;
  return textShape(size);
}

function textShape(size: usize): u32 {
  if (size <= EMBSTR_MAX) return STRING_EMBSTR;
  return size <= INLINE_MAX ? STRING_RAW : STRING_BLOB;
}

function placeSize(shape: u32, size: usize): usize {
  if (shape == STRING_INT) return INTEGER_SIZE;
  return shape == STRING_BLOB ? REFERENCE_SIZE : size;
}

function fillValue(entry: Entry, shape: u32, bytes: usize, size: usize): void {
  if (shape == STRING_INT) store<i64>(entry.valuePlace, parsedInteger);
  else if (shape == STRING_BLOB) store<u32>(entry.valuePlace, <u32>newBlob(bytes, size, size));
  else copy(entry.valuePlace, bytes, size);
}

function newBlob(bytes: usize, size: usize, capacity: usize): usize {
  const block = allocate(BLOB_HEADER_SIZE + capacity);
  const blob = changetype<Blob>(block);
  blob.length = <u32>size;
  blob.capacity = <u32>(blockSize(block) - BLOB_HEADER_SIZE);
  copy(block + BLOB_HEADER_SIZE, bytes, size);
  return block;
}

/** A new entry that holds the bytes as SET would. `flags` is VOLATILE or 0. */
export function createEntry(
  key: usize,
  keyLength: usize,
  flags: u32,
  bytes: usize,
  size: usize,
): Entry {
  const shape = shapeFor(bytes, size);
  const entry = create(key, keyLength, shape | flags, placeSize(shape, size));
  fillValue(entry, shape, bytes, size);
  return entry;
}

/** Gives an entry whose value is already disposed of these bytes, encoded as SET would. */
export function put(entry: Entry, bytes: usize, size: usize): Entry {
  const shape = shapeFor(bytes, size);
  entry = reshape(entry, shape | (entry.kind & VOLATILE), placeSize(shape, size), 0);
  fillValue(entry, shape, bytes, size);
  return entry;
}

/** As `createEntry`, for text that stays text even if it looks like an integer. */
export function createText(key: usize, keyLength: usize, bytes: usize, size: usize): Entry {
  const shape = textShape(size);
  const entry = create(key, keyLength, shape, placeSize(shape, size));
  fillValue(entry, shape, bytes, size);
  return entry;
}

/** As `put`, for text that stays text. */
export function putText(entry: Entry, bytes: usize, size: usize): Entry {
  const shape = textShape(size);
  entry = reshape(entry, shape | (entry.kind & VOLATILE), placeSize(shape, size), 0);
  fillValue(entry, shape, bytes, size);
  return entry;
}

/** Gives an entry whose value is already disposed of an integer value. */
export function putInteger(entry: Entry, value: i64): Entry {
  entry = reshape(entry, STRING_INT | (entry.kind & VOLATILE), INTEGER_SIZE, 0);
  store<i64>(entry.valuePlace, value);
  return entry;
}

/** Stores an integer without looking for a better encoding; the entry is int already. */
export function setInteger(entry: Entry, value: i64): void {
  store<i64>(entry.valuePlace, value);
}

/** Bytes that the string takes outside of its entry. */
export function memoryOf(entry: Entry): usize {
  return shapeOf(entry) == STRING_BLOB ? blockSize(changetype<usize>(blobOf(entry))) : 0;
}

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  if (shapeOf(entry) == STRING_BLOB) release(changetype<usize>(blobOf(entry)));
}

/**
 * Makes the string raw and `size` bytes long, in place for writing; the old bytes stay,
 * new ones between are zero. Where the bytes are is in `address` afterwards.
 */
export function stretch(entry: Entry, size: usize): Entry {
  read(entry);
  const old = length;
  const shape = shapeOf(entry);
  if (shape == STRING_BLOB) stretchBlob(entry, size);
  else if (size > INLINE_MAX) entry = toBlob(entry, size);
  else if (shape == STRING_INT) entry = toRaw(entry, size);
  else entry = reshape(entry, STRING_RAW | (entry.kind & VOLATILE), size, min(old, size));
  read(entry);
  if (size > old) fill(address + old, 0, size - old);
  return entry;
}

/** How many bytes a raw string can have where it is. */
export function roomOf(entry: Entry): usize {
  if (shapeOf(entry) == STRING_BLOB) return blobOf(entry).capacity;
  const block = changetype<usize>(entry);
  return min(blockSize(block) - (entry.valuePlace - block), INLINE_MAX);
}

/** Gives a raw string another length, within its room; it stays where it is. */
export function setLength(entry: Entry, size: usize): void {
  if (shapeOf(entry) == STRING_BLOB) blobOf(entry).length = <u32>size;
  else entry.valueLength = <u16>size;
}

function toRaw(entry: Entry, size: usize): Entry {
  const text = length;
  entry = reshape(entry, STRING_RAW | (entry.kind & VOLATILE), size, 0);
  copy(entry.valuePlace, integerText, min(text, size));
  return entry;
}

function toBlob(entry: Entry, size: usize): Entry {
  const block = newBlob(address, min(length, size), size);
  changetype<Blob>(block).length = <u32>size;
  entry = reshape(entry, STRING_BLOB | (entry.kind & VOLATILE), REFERENCE_SIZE, 0);
  store<u32>(entry.valuePlace, <u32>block);
  return entry;
}

function stretchBlob(entry: Entry, size: usize): void {
  const blob = blobOf(entry);
  if (size <= blob.capacity) {
    blob.length = <u32>size;
    return;
  }
  const room = size + min<usize>(size, SPARE_MAX);
  const moved = newBlob(changetype<usize>(blob) + BLOB_HEADER_SIZE, blob.length, room);
  changetype<Blob>(moved).length = <u32>size;
  release(changetype<usize>(blob));
  store<u32>(entry.valuePlace, <u32>moved);
}

/** A copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const shape = shapeOf(entry);
  const copied = create(key, keyLength, shape | flags, entry.valueLength);
  if (shape == STRING_BLOB) {
    read(entry);
    store<u32>(copied.valuePlace, <u32>newBlob(address, length, length));
  } else {
    copy(copied.valuePlace, entry.valuePlace, entry.valueLength);
  }
  return copied;
}
