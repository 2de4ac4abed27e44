/**
 * Zipmap: what Redis before 2.6 used for small hashes. It is only read.
 *
 *   0       1
 *   +-------+---------------+-------------------------------+---+------+
 *   | count | length, field | length, free u8, value, free  |   | ff   |
 *   +-------+---------------+-------------------------------+---+------+
 *     u8
 *
 * A length is a u8 below 254, or fe and u32. `free` bytes behind the value are unused. A count of
 * 254 or more says that the pairs are to be counted.
 *
 * Example: field "a" with the value "bc"
 *
 *   01     01 61         02      00    62 63   ff
 *   count  "a"           length  free  "bc"    end
 */
const END: u32 = 0xff;
const LONG: u32 = 0xfe;

/** What `next` found. */
export let field: usize = 0;
export let fieldLength: usize = 0;
export let value: usize = 0;
export let valueLength: usize = 0;

let at: usize = 0;
let end: usize = 0;
/** The length that was read last. */
let measured: usize = 0;

/** Goes in front of the first pair, if the bytes are a zipmap from beginning to end. */
export function open(bytes: usize, size: usize): bool {
  if (size < 2 || <u32>load<u8>(bytes + size - 1) != END) return false;
  at = bytes + 1;
  end = bytes + size - 1;
  let pairs: u32 = 0;
  for (; at < end; pairs++) if (!next()) return false;
  const known = <u32>load<u8>(bytes);
  at = bytes + 1;
  return known >= LONG || known == pairs;
}

/** Finds the next pair; false at the end, or if it is malformed. */
export function next(): bool {
  if (at >= end || !readLength()) return false;
  field = at;
  fieldLength = measured;
  at += measured;
  if (at >= end || !readLength() || at >= end) return false;
  const free = <usize>load<u8>(at++);
  if (measured + free > end - at) return false;
  value = at;
  valueLength = measured;
  at += measured + free;
  return true;
}

/** Reads a length; false unless so many bytes follow. */
function readLength(): bool {
  const head = <u32>load<u8>(at++);
  measured = head;
  if (head == END) return false;
  if (head == LONG) {
    if (end - at < 4) return false;
    measured = <usize>load<u32>(at);
    at += 4;
  }
  return measured <= end - at;
}
