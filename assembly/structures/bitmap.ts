/**
 * Bitmap: what can be done with the bits of a string. Bit 0 is the top bit of the first byte,
 * and a field of several bits has its top bit first:
 *
 *   byte          0                   1
 *   bit offset    0 1 2 3 4 5 6 7     8 9 10 ...
 *   worth         128 64 32 ... 1     128 ...
 *
 * Example: the bits 1 and 7 of one byte, and the unsigned field of 5 bits at offset 6 in
 * two bytes, which holds 13:
 *
 *   41             01 a0
 *   0100 0001      0000 0001 1010 0000
 *                         ^^ ^^^
 *
 * Counting: eight bytes at a time. Processors count the bits of a word as fast as they load it,
 * but those of the bytes of a vector only in several steps.
 */
import { fill } from '../memory/bytes';

export const AND: u32 = 1;
export const OR: u32 = 2;
export const XOR: u32 = 3;
export const NOT: u32 = 4;

/** How many bits are set in so many bytes. */
export function countBits(address: usize, length: usize): u64 {
  const end = address + length;
  let bits: u64 = 0;
  let others: u64 = 0;
  // Two sums, which do not wait for each other.
  for (; end - address >= 64; address += 64) {
    bits += popcnt(load<u64>(address)) + popcnt(load<u64>(address, 8));
    others += popcnt(load<u64>(address, 16)) + popcnt(load<u64>(address, 24));
    bits += popcnt(load<u64>(address, 32)) + popcnt(load<u64>(address, 40));
    others += popcnt(load<u64>(address, 48)) + popcnt(load<u64>(address, 56));
  }
  bits += others;
  for (; end - address >= 8; address += 8) bits += popcnt(load<u64>(address));
  for (; address < end; address++) bits += popcnt<u32>(load<u8>(address));
  return bits;
}

/** How many bits are set from bit `first` to bit `last`, both included. */
export function countBitRange(address: usize, first: u64, last: u64): u64 {
  const from = <usize>(first >> 3);
  const to = <usize>(last >> 3);
  const before = load<u8>(address + from) & ~(<u32>0xff >> (<u32>first & 7));
  const behind = load<u8>(address + to) & (<u32>0x7f >> (<u32>last & 7));
  return countBits(address + from, to - from + 1) - popcnt<u32>(before) - popcnt<u32>(behind);
}

/** The offset of the first such bit from bit `first` to bit `last`, or -1. */
export function findBit(address: usize, bit: bool, first: u64, last: u64): i64 {
  const turn: u32 = bit ? 0 : 0xff;
  const lastByte = <usize>(last >> 3);
  let at = <usize>(first >> 3);
  // The first byte counts only from `first` on.
  let byte = (load<u8>(address + at) ^ turn) & (<u32>0xff >> (<u32>first & 7));
  if (!byte && at < lastByte) {
    at = skipBytes(address, at + 1, lastByte, <u8>turn);
    byte = load<u8>(address + at) ^ turn;
  }
  if (at == lastByte) byte &= ~(<u32>0x7f >> (<u32>last & 7));
  return byte ? ((<i64>at) << 3) + clz(byte) - 24 : -1;
}

/** The first byte from `at` on that is not `skipped`, or `last`. */
function skipBytes(address: usize, at: usize, last: usize, skipped: u8): usize {
  const word = i8x16.splat(skipped);
  for (; at + 16 <= last; at += 16) {
    if (v128.any_true(v128.xor(v128.load(address + at), word))) break;
  }
  while (at < last && load<u8>(address + at) == skipped) at++;
  return at;
}

/**
 * Combines so many bytes of a source into the result, which has `room` bytes: a source that is
 * shorter counts as if zeros followed.
 */
export function combine(operation: u32, to: usize, room: usize, from: usize, length: usize): void {
  if (operation == AND) {
    combineAnd(to, from, length);
    fill(to + length, 0, room - length);
  } else if (operation == OR) {
    combineOr(to, from, length);
  } else {
    combineXor(to, from, length);
  }
}

function combineAnd(to: usize, from: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    v128.store(to + at, v128.and(v128.load(to + at), v128.load(from + at)));
  }
  for (; at < length; at++) store<u8>(to + at, load<u8>(to + at) & load<u8>(from + at));
}

function combineOr(to: usize, from: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    v128.store(to + at, v128.or(v128.load(to + at), v128.load(from + at)));
  }
  for (; at < length; at++) store<u8>(to + at, load<u8>(to + at) | load<u8>(from + at));
}

function combineXor(to: usize, from: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    v128.store(to + at, v128.xor(v128.load(to + at), v128.load(from + at)));
  }
  for (; at < length; at++) store<u8>(to + at, load<u8>(to + at) ^ load<u8>(from + at));
}

/** Turns every bit of so many bytes. */
export function invert(address: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    v128.store(address + at, v128.not(v128.load(address + at)));
  }
  for (; at < length; at++) store<u8>(address + at, ~load<u8>(address + at));
}

// Fields

/** The unsigned field of 1 to 64 bits at a bit offset; what lies beyond the bytes is zero. */
export function readField(address: usize, length: usize, offset: u64, bits: u32): u64 {
  const first = offset >> 3;
  let value: u64 = 0;
  for (let index: u64 = 0; index < 8; index++)
    value = (value << 8) | at(address, length, first + index);
  const skipped = <u32>offset & 7;
  value <<= skipped;
  if (skipped) value |= at(address, length, first + 8) >> (8 - skipped);
  return value >> (64 - bits);
}

function at(address: usize, length: usize, index: u64): u64 {
  return index < length ? load<u8>(address + <usize>index) : 0;
}

/** Writes the low `bits` of a value into the field at a bit offset; its bytes must be there. */
export function writeField(address: usize, offset: u64, bits: u32, value: u64): void {
  let left = bits;
  while (left) {
    const place = address + <usize>(offset >> 3);
    const room = 8 - (<u32>offset & 7);
    const taken = min(room, left);
    const shift = room - taken;
    const mask = (((<u32>1) << taken) - 1) << shift;
    const part = (<u32>(value >> (left - taken))) << shift;
    store<u8>(place, (load<u8>(place) & ~mask) | (part & mask));
    left -= taken;
    offset += taken;
  }
}
