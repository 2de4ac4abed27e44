/**
 * Bytes: copy, fill, compare, and the few things done to ASCII text in place.
 *
 * Below BULK_MIN bytes a v128 loop wins over memory.copy and memory.fill, whose fixed
 * price is about 4 ns (measured, break-even near 256 bytes). Ends that are no multiple
 * of 16 are covered by one more word that overlaps what was done already:
 *
 *   0               16              32   37
 *   |---- word -----|---- word -----|    |
 *                          |---- tail ---|
 *
 * Nothing here reads or writes outside the bytes it is given.
 */

const BULK_MIN: usize = 256;

/** Copies `length` bytes. The ranges must not overlap: memory.copy is for those that do. */
export function copy(to: usize, from: usize, length: usize): void {
  if (length >= BULK_MIN) {
    memory.copy(to, from, length);
  } else if (length >= 16) {
    const last = length - 16;
    for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
    v128.store(to + last, v128.load(from + last));
  } else {
    copyShort(to, from, length);
  }
}

/**
 * Copies `length` bytes, and perhaps up to 15 more: for short ones, where room is known to
 * follow both ranges.
 */
export function copyPadded(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
}

/** Sets `length` bytes to `byte`. */
export function fill(to: usize, byte: u8, length: usize): void {
  if (length >= BULK_MIN) {
    memory.fill(to, byte, length);
  } else if (length >= 16) {
    const word = i8x16.splat(<i8>byte);
    const last = length - 16;
    for (let at: usize = 0; at < last; at += 16) v128.store(to + at, word);
    v128.store(to + last, word);
  } else {
    for (let at: usize = 0; at < length; at++) store<u8>(to + at, byte);
  }
}

/** Whether the two ranges hold the same `length` bytes. */
export function equals(a: usize, b: usize, length: usize): bool {
  if (length < 16) return equalsShort(a, b, length);
  const last = length - 16;
  for (let at: usize = 0; at < last; at += 16) {
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false;
  }
  return !v128.any_true(v128.xor(v128.load(a + last), v128.load(b + last)));
}

/** Order of memcmp, then the shorter first: negative, zero or positive. */
export function compare(a: usize, aLength: usize, b: usize, bLength: usize): i32 {
  const common = min(aLength, bLength);
  let at: usize = 0;
  for (; at + 16 <= common; at += 16) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)));
    if (same != 0xffff) return compareByte(a, b, at + ctz(~same));
  }
  if (at + 8 <= common) {
    const difference = load<u64>(a + at) ^ load<u64>(b + at);
    if (difference != 0) return compareByte(a, b, at + <usize>(ctz(difference) >> 3));
    at += 8;
  }
  for (; at < common; at++) {
    if (load<u8>(a + at) != load<u8>(b + at)) return compareByte(a, b, at);
  }
  return aLength == bLength ? 0 : aLength < bLength ? -1 : 1;
}

/** `byte` in lower case if it is an ASCII capital. */
export function toLower(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}

/**
 * Whether the bytes are `keyword`, an ASCII literal, in any case: `isKeyword(at, n, 'EXAT')`.
 * Redis compares C strings here, so a NUL ends the bytes early; so it does for us.
 */
export function isKeyword(address: usize, length: usize, keyword: string): bool {
  const keywordLength = <usize>keyword.length;
  if (length < keywordLength) return false;
  if (length > keywordLength && load<u8>(address + keywordLength) != 0) return false;
  const units = changetype<usize>(keyword);
  for (let at: usize = 0; at < keywordLength; at++) {
    if (toLower(load<u8>(address + at)) != toLower(load<u16>(units + (at << 1)))) return false;
  }
  return true;
}

/** Writes an ASCII literal as bytes; returns its length. */
export function copyLiteral(to: usize, literal: string): usize {
  const length = <usize>literal.length;
  const units = changetype<usize>(literal);
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) {
    const eight = v128.load(units + (at << 1));
    v128.store64_lane(to + at, i8x16.narrow_i16x8_u(eight, eight), 0);
  }
  for (; at < length; at++) store<u8>(to + at, load<u16>(units + (at << 1)));
  return length;
}

function copyShort(to: usize, from: usize, length: usize): void {
  if (length >= 8) {
    const tail = load<u64>(from + length - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + length - 8, tail);
  } else if (length >= 4) {
    const tail = load<u32>(from + length - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + length - 4, tail);
  } else if (length > 0) {
    store<u8>(to, load<u8>(from));
    store<u8>(to + (length >> 1), load<u8>(from + (length >> 1)));
    store<u8>(to + length - 1, load<u8>(from + length - 1));
  }
}

function equalsShort(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    const last = length - 8;
    const head = load<u64>(a) ^ load<u64>(b);
    return (head | (load<u64>(a + last) ^ load<u64>(b + last))) == 0;
  }
  if (length >= 4) {
    const last = length - 4;
    const head = load<u32>(a) ^ load<u32>(b);
    return (head | (load<u32>(a + last) ^ load<u32>(b + last))) == 0;
  }
  for (let at: usize = 0; at < length; at++) {
    if (load<u8>(a + at) != load<u8>(b + at)) return false;
  }
  return true;
}

function compareByte(a: usize, b: usize, at: usize): i32 {
  return load<u8>(a + at) < load<u8>(b + at) ? -1 : 1;
}
