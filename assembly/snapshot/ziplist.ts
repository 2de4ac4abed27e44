/**
 * Ziplist: what Redis before 7.0 used where it uses listpacks now. It is only read, and made a
 * listpack of.
 *
 *   0       4      8       10
 *   +-------+------+-------+---------+---+---------+------+
 *   | total | tail | count | entry 0 |   | entry n | ff   |
 *   +-------+------+-------+---------+---+---------+------+
 *     u32     u32    u16
 *
 *   entry      previous, head, bytes
 *   previous   u8 below 254, or fe and u32: the size of the entry in front
 *   head       00nnnnnn                     text of up to 63 bytes
 *              01nnnnnn nnnnnnnn            text of up to 16383 bytes
 *              10000000 and u32, big endian text
 *              c0 i16   d0 i32   e0 i64   f0 i24   fe i8   f1 to fd: 0 to 12
 *
 * `tail` is where the last entry begins; a count of 65535 says that the entries are to be counted.
 *
 * Example: "a" and 5
 *
 *   10 00 00 00   0d 00 00 00   02 00   00        01 61   03        f6   ff
 *   total 16      tail 13       count   previous  "a"     previous  5    end
 */
import { formatInteger } from '../memory/integer-text';

const HEADER_SIZE: usize = 10;
const END: u32 = 0xff;
const LONG_PREVIOUS: u32 = 0xfe;
const COUNT_UNKNOWN: u32 = 0xffff;
const INTEGER_ROOM: usize = 32;

/** The text that `next` found; an integer's stays until the next but one. */
export let address: usize = 0;
export let length: usize = 0;

const integerTexts: usize = memory.data(64, 16);
let integerText: usize = integerTexts;
let at: usize = 0;
let end: usize = 0;
let previousSize: u64 = 0;

/** Goes in front of the first entry, if the bytes are a ziplist from beginning to end. */
export function open(bytes: usize, size: usize): bool {
  if (size < HEADER_SIZE + 1 || <usize>load<u32>(bytes) != size) return false;
  if (<u32>load<u8>(bytes + size - 1) != END) return false;
  begin(bytes, size);
  let entries: u32 = 0;
  let last = at;
  while (at < end) {
    last = at;
    if (!read()) return false;
    entries++;
  }
  const known = <u32>load<u16>(bytes, 8);
  if (known != COUNT_UNKNOWN && known != entries) return false;
  if (last - bytes != <usize>load<u32>(bytes, 4)) return false;
  begin(bytes, size);
  return true;
}

function begin(bytes: usize, size: usize): void {
  at = bytes + HEADER_SIZE;
  end = bytes + size - 1;
  previousSize = 0;
}

/** Finds the next entry; false at the end. */
export function next(): bool {
  return at < end && read();
}

/** Reads an entry; false if it is malformed or reaches beyond the end. */
function read(): bool {
  const start = at;
  if (!readPrevious() || at >= end) return false;
  const head = <u32>load<u8>(at++);
  if (head >= 0xc0 ? !readInteger(head) : !readText(head)) return false;
  previousSize = at - start;
  return true;
}

function readPrevious(): bool {
  let previous = <u64>load<u8>(at++);
  if (previous == END) return false;
  if (previous == LONG_PREVIOUS) {
    if (end - at < 4) return false;
    previous = <u64>load<u32>(at);
    at += 4;
  }
  return previous == previousSize;
}

function readText(head: u32): bool {
  let size = <usize>(head & 0x3f);
  if (head >= 0x80) {
    if (head != 0x80 || end - at < 4) return false;
    size = bswap<u32>(load<u32>(at));
    at += 4;
  } else if (head >= 0x40) {
    if (at >= end) return false;
    size = (size << 8) | load<u8>(at++);
  }
  if (size > end - at) return false;
  address = at;
  length = size;
  at += size;
  return true;
}

function readInteger(head: u32): bool {
  const size = integerSize(head);
  if (size > end - at) return false;
  let value: i64 = 0;
  if (head == 0xc0) value = load<i16>(at);
  else if (head == 0xd0) value = load<i32>(at);
  else if (head == 0xe0) value = load<i64>(at);
  else if (head == 0xf0) value = <i64>(load<i32>(at - 1) >> 8);
  else if (head == 0xfe) value = load<i8>(at);
  else if (head >= 0xf1 && head <= 0xfd) value = <i64>head - 0xf1;
  else return false;
  at += size;
  integerText = integerText == integerTexts ? integerTexts + INTEGER_ROOM : integerTexts;
  address = integerText;
  length = formatInteger(value, integerText);
  return true;
}

function integerSize(head: u32): usize {
  if (head == 0xc0) return 2;
  if (head == 0xd0) return 4;
  if (head == 0xe0) return 8;
  if (head == 0xf0) return 3;
  return head == 0xfe ? 1 : 0;
}
