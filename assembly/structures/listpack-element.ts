/**
 * Listpack element: the bytes of one element, in Redis's own encoding.
 *
 *   +------+---------------+---------+
 *   | head | text, if text | backlen |
 *   +------+---------------+---------+
 *
 *   0nnnnnnn                      integer 0 to 127
 *   10nnnnnn                      text of up to 63 bytes follows
 *   110nnnnn nnnnnnnn             integer of 13 bits, two's complement
 *   1110nnnn nnnnnnnn             text of up to 4095 bytes follows
 *   f0 u32                        text of any length follows
 *   f1 i16 / f2 i24 / f3 i32 / f4 i64   integer
 *   ff                            no element: the end of the listpack
 *
 * The backlen is the size of what is in front of it, to be read from its last byte on towards
 * the first: seven bits a byte, the most significant first, all but the first byte with bit 7.
 *
 * Text that looks like an integer, in the one form that formatting gives, is kept as one.
 *
 * Example: 1000 and "abc"
 *
 *   c3 e8   02         83   61 62 63   04
 *   13 bits backlen    text a  b  c    backlen
 */
import { copy } from '../memory/bytes';
import { parsedInteger, parseInteger } from '../memory/integer-text';

/** The byte that stands where an element would begin, at the end. */
export const END: u8 = 0xff;
/** What a short text takes beside its bytes. */
export const SHORT_FRAME: usize = 2;
/** Longest text that can be an integer. */
const INTEGER_TEXT_MAX: usize = 20;

const TEXT_6: u32 = 0x80;
const INTEGER_13: u32 = 0xc0;
const TEXT_12: u32 = 0xe0;
const TEXT_32: u32 = 0xf0;
const INTEGER_16: u32 = 0xf1;
const INTEGER_24: u32 = 0xf2;
const INTEGER_32: u32 = 0xf3;
const INTEGER_64: u32 = 0xf4;

/** Sizes from which on the backlen takes a byte more; Redis's, one off from where it had to. */
const BACKLEN_2: usize = 128;
const BACKLEN_3: usize = 16383;
const BACKLEN_4: usize = 2097151;
const BACKLEN_5: usize = 268435455;

// The element that was measured, and is to be written
let head: u32 = 0;
let value: i64 = 0;
let text: usize = 0;
let textLength: usize = 0;

/** Size of the element that these bytes make, backlen included; `write` can follow. */
export function measure(bytes: usize, length: usize): usize {
  // From '-' on, and up to '9': most texts are seen not to be integers by their first byte.
  if (length <= INTEGER_TEXT_MAX && <u32>load<u8>(bytes) - 0x2d <= 12) {
    if (parseInteger(bytes, length)) return measureInteger(parsedInteger);
  }
  text = bytes;
  textLength = length;
  if (length < 64) {
    head = TEXT_6;
    return length + 2;
  }
  head = length < 4096 ? TEXT_12 : TEXT_32;
  const size = length + (length < 4096 ? 2 : 5);
  return size + backlenSize(size);
}

/** True if these bytes make a text with a head of one byte: for `writeShort`. */
export function isShort(bytes: usize, length: usize): bool {
  if (length >= 64) return false;
  return length > INTEGER_TEXT_MAX || <u32>load<u8>(bytes) - 0x2d > 12;
}

/** Writes a text that is short; returns the address behind it. */
export function writeShort(to: usize, bytes: usize, length: usize): usize {
  store<u8>(to, TEXT_6 | <u32>length);
  copy(to + 1, bytes, length);
  to += length + 1;
  store<u8>(to, <u8>(length + 1));
  return to + 1;
}

/** Size of the element that the integer makes, backlen included; `write` can follow. */
export function measureInteger(integer: i64): usize {
  value = integer;
  if (<u64>integer < 128) {
    head = 0;
    return 2;
  }
  if (<u64>(integer + 4096) < 8192) {
    head = INTEGER_13;
    return 3;
  }
  return measureWide(integer);
}

function measureWide(integer: i64): usize {
  if (integer == <i64>(<i16>integer)) {
    head = INTEGER_16;
    return 4;
  }
  if (<u64>(integer + 0x800000) < 0x1000000) {
    head = INTEGER_24;
    return 5;
  }
  const narrow = integer == <i64>(<i32>integer);
  head = narrow ? INTEGER_32 : INTEGER_64;
  return narrow ? 6 : 10;
}

/** Writes what was measured last; returns the address behind it. */
export function write(to: usize): usize {
  if (head == TEXT_6) return writeShort(to, text, textLength);
  if (head == TEXT_12 || head == TEXT_32) return writeText(to);
  const size = writeInteger(to);
  store<u8>(to + size, <u8>size);
  return to + size + 1;
}

function writeText(to: usize): usize {
  let headSize: usize = 2;
  if (head == TEXT_12) {
    store<u8>(to, TEXT_12 | <u32>(textLength >> 8));
    store<u8>(to + 1, <u8>textLength);
  } else {
    headSize = 5;
    store<u8>(to, TEXT_32);
    store<u32>(to + 1, <u32>textLength);
  }
  copy(to + headSize, text, textLength);
  return writeBacklen(to + headSize + textLength, headSize + textLength);
}

/** Writes head and number; returns their size. */
function writeInteger(to: usize): usize {
  if (!head) {
    store<u8>(to, <u8>value);
    return 1;
  }
  if (head == INTEGER_13) {
    store<u8>(to, INTEGER_13 | (<u32>(value >> 8) & 0x1f));
    store<u8>(to + 1, <u8>value);
    return 2;
  }
  store<u8>(to, <u8>head);
  store<u16>(to + 1, <u16>value);
  if (head == INTEGER_16) return 3;
  store<u8>(to + 3, <u8>(value >> 16));
  if (head == INTEGER_24) return 4;
  store<u8>(to + 4, <u8>(value >> 24));
  if (head == INTEGER_32) return 5;
  store<u32>(to + 5, <u32>(value >> 32));
  return 9;
}

// Backlens

/** The bytes that the backlen of so many bytes takes. */
export function backlenSize(size: usize): usize {
  if (size < BACKLEN_2) return 1;
  if (size < BACKLEN_3) return 2;
  if (size < BACKLEN_4) return 3;
  return size < BACKLEN_5 ? 4 : 5;
}

/** Writes the backlen of `size` bytes; returns the address behind it. */
function writeBacklen(to: usize, size: usize): usize {
  const bytes = backlenSize(size);
  for (let at = to + bytes - 1; at > to; at--) {
    store<u8>(at, <u8>(size & 0x7f) | 0x80);
    size >>= 7;
  }
  store<u8>(to, <u8>size);
  return to + bytes;
}

/** True if these `bytes` bytes are the backlen of `size`. */
export function isBacklen(at: usize, bytes: usize, size: usize): bool {
  for (let last = at + bytes - 1; last > at; last--) {
    if (load<u8>(last) != (<u8>(size & 0x7f) | 0x80)) return false;
    size >>= 7;
  }
  return <usize>load<u8>(at) == size;
}

/** Where the element begins whose backlen ends in front of `end`. */
export function beginOf(end: usize): usize {
  let at = end - 1;
  let byte = <u32>load<u8>(at);
  let size = <usize>(byte & 0x7f);
  for (let shift: u32 = 7; byte >= 0x80 && shift < 32; shift += 7) {
    byte = load<u8>(--at);
    size |= (<usize>(byte & 0x7f)) << shift;
  }
  return at - size;
}

// Sizes

/** Size of the element without its backlen. */
export function sizeAt(at: usize): usize {
  const byte = <u32>load<u8>(at);
  if (byte < TEXT_6) return 1;
  if (byte < INTEGER_13) return (byte & 0x3f) + 1;
  if (byte < TEXT_12) return 2;
  if (byte < TEXT_32) return (((byte & 0x0f) << 8) | load<u8>(at + 1)) + 2;
  if (byte == TEXT_32) return <usize>load<u32>(at + 1) + 5;
  return byte == INTEGER_64 ? 9 : <usize>(byte - INTEGER_16) + 3;
}

/** Size of the element with its backlen. */
export function spanAt(at: usize): usize {
  const size = sizeAt(at);
  return size < BACKLEN_2 ? size + 1 : size + backlenSize(size);
}

/**
 * Size of the element without its backlen if these are the bytes of one, with no more than
 * `room` bytes; else 0. For bytes that nobody vouches for.
 */
export function checkedSize(at: usize, room: usize): u64 {
  if (!room) return 0;
  const byte = <u32>load<u8>(at);
  if (byte > INTEGER_64) return 0;
  if ((byte >= TEXT_12 && byte < TEXT_32 && room < 2) || (byte == TEXT_32 && room < 5)) return 0;
  const size = byte == TEXT_32 ? <u64>load<u32>(at + 1) + 5 : <u64>sizeAt(at);
  return size <= <u64>room ? size : 0;
}
