/**
 * HyperLogLog: how many different elements were seen, within about 0.8 %, in 12 kB or less. The
 * bytes are Redis's own, a string to clients; docs/formats/hyperloglog.md draws all of it.
 *
 *   0        4          5          8                 16
 *   +--------+----------+----------+-----------------+----------------------+
 *   | "HYLL" | encoding | 00 00 00 | cardinality     | registers            |
 *   +--------+----------+----------+-----------------+----------------------+
 *     4 bytes  u8                    u64               dense (0) or sparse (1)
 *
 * The top bit of the cardinality says that it is out of date. Dense registers are 16384 fields of
 * 6 bits, the lowest bits first; sparse ones are in hyperloglog-sparse.ts.
 *
 * Example: empty, as PFADD without elements makes it; one run of 16384 zeros follows the header.
 *
 *   48 59 4c 4c  01  00 00 00  00 00 00 00 00 00 00 00  7f ff
 *   H  Y  L  L   sparse        cardinality 0
 *
 * The estimate is that of Otmar Ertl (https://arxiv.org/abs/1702.01284, algorithm 6); the hash is
 * MurmurHash64A (https://github.com/aappleby/smhasher).
 */
import { fill } from '../memory/bytes';

export const REGISTERS: u32 = 16384;
const INDEX_BITS: u64 = 14;
/** The greatest count that a hash can lead to, less one. */
const COUNT_BITS: u32 = 50;
export const HEADER_SIZE: usize = 16;
export const DENSE_SIZE: usize = HEADER_SIZE + ((<usize>REGISTERS * 6) >> 3);
export const DENSE: u32 = 0;
export const SPARSE: u32 = 1;
/** Bytes of an empty one. */
export const EMPTY_SIZE: usize = HEADER_SIZE + 2;

const MAGIC: u32 = 0x4c4c5948;
/** The magic and the encoding. */
const DENSE_MASK: u64 = 0xffffffffff;
const EMPTY_RUN: u16 = 0xff7f;
const ENCODING_OFFSET: usize = 4;
const CARDINALITY_OFFSET: usize = 8;
const STALE: u64 = (<u64>1) << 63;

const HASH_SEED: u64 = 0xadc83b19;
const HASH_FACTOR: u64 = 0xc6a4a7935bd1e995;
/** 1 / (2 ln 2) */
const ALPHA: f64 = 0.72134752044448170368;

/** The register that the last `place` chose, and what it must hold at least. */
export let index: u32 = 0;
export let count: u32 = 0;

/** How many registers hold each value. */
const histogram: usize = memory.data(256 * 4, 8);

// Header

/** True if the bytes look like a HyperLogLog; sparse registers may still be corrupt. */
export function isValid(bytes: usize, length: usize): bool {
  if (length < HEADER_SIZE || load<u32>(bytes) != MAGIC) return false;
  const encoding = encodingOf(bytes);
  return encoding == SPARSE || (encoding == DENSE && length == DENSE_SIZE);
}

/** True if the bytes are a dense HyperLogLog. */
export function isDense(bytes: usize, length: usize): bool {
  return (
    length == DENSE_SIZE && (load<u64>(bytes) & DENSE_MASK) == (<u64>MAGIC | ((<u64>DENSE) << 32))
  );
}

export function encodingOf(bytes: usize): u32 {
  return load<u8>(bytes, ENCODING_OFFSET);
}

/** Writes an empty one, of EMPTY_SIZE bytes. */
export function writeEmpty(to: usize): void {
  store<u64>(to, <u64>MAGIC | ((<u64>SPARSE) << 32));
  store<u64>(to, 0, CARDINALITY_OFFSET);
  store<u16>(to, EMPTY_RUN, HEADER_SIZE);
}

export function hasCardinality(bytes: usize): bool {
  return <i64>load<u64>(bytes, CARDINALITY_OFFSET) >= 0;
}

export function cardinality(bytes: usize): u64 {
  return load<u64>(bytes, CARDINALITY_OFFSET);
}

export function setCardinality(bytes: usize, value: u64): void {
  store<u64>(bytes, value, CARDINALITY_OFFSET);
}

/** Marks the cardinality as out of date. */
export function invalidate(bytes: usize): void {
  store<u64>(bytes, load<u64>(bytes, CARDINALITY_OFFSET) | STALE, CARDINALITY_OFFSET);
}

// Elements

/** Finds `index` and `count` of an element. Reads, but does not use, seven bytes after it. */
export function place(element: usize, length: usize): void {
  const hashed = hash(element, length);
  index = <u32>hashed & (REGISTERS - 1);
  count = <u32>ctz((hashed >> INDEX_BITS) | ((<u64>1) << COUNT_BITS)) + 1;
}

function hash(element: usize, length: usize): u64 {
  let state = HASH_SEED ^ (<u64>length * HASH_FACTOR);
  const end = element + (length & ~7);
  for (; element < end; element += 8) {
    let word = load<u64>(element) * HASH_FACTOR;
    word = (word ^ (word >> 47)) * HASH_FACTOR;
    state = (state ^ word) * HASH_FACTOR;
  }
  const left = <u64>length & 7;
  if (left) state = (state ^ (load<u64>(element) & (((<u64>1) << (left << 3)) - 1))) * HASH_FACTOR;
  state = (state ^ (state >> 47)) * HASH_FACTOR;
  return state ^ (state >> 47);
}

// Dense registers

// Four registers are three bytes; they are read as one word, with the byte before them, which the
// header has.

function wordOf(registers: usize, at: u32): usize {
  return registers + <usize>(at >> 2) * 3 - 1;
}

function shiftOf(at: u32): u32 {
  return 8 + (at & 3) * 6;
}

/** Register `at` of dense ones. */
export function denseRegister(registers: usize, at: u32): u32 {
  return (load<u32>(wordOf(registers, at)) >> shiftOf(at)) & 63;
}

/** Raises a dense register to `value`; false if it was that high already. */
export function raiseDense(registers: usize, at: u32, value: u32): bool {
  const word = wordOf(registers, at);
  const shift = shiftOf(at);
  const held = load<u32>(word);
  if (((held >> shift) & 63) >= value) return false;
  store<u32>(word, (held & ~((<u32>63) << shift)) | (value << shift));
  return true;
}

/** Makes the bytes behind a header dense registers, DENSE_SIZE in all, as raw ones are. */
export function writeDense(bytes: usize, raw: usize): void {
  const registers = bytes + HEADER_SIZE;
  fill(registers, 0, DENSE_SIZE - HEADER_SIZE);
  store<u8>(bytes, <u8>DENSE, ENCODING_OFFSET);
  for (let at: u32 = 0; at < REGISTERS; at++) raiseDense(registers, at, load<u8>(raw + at));
}

// Raw registers: one byte each

/**
 * Raises raw registers to dense ones: sixteen at a time. Twelve bytes are spread over four lanes,
 * three bytes of four registers each, and these are then moved apart.
 */
export function mergeDense(raw: usize, registers: usize): void {
  const spread = i8x16(0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
  const first = i32x4.splat(0x3f);
  for (let at: usize = 0; at < <usize>REGISTERS; at += 16) {
    // The last twelve bytes are read together with the four before them: nothing lies behind.
    const last = at == <usize>REGISTERS - 16;
    let twelve = v128.load(last ? registers - 4 : registers);
    if (last)
      twelve = i8x16.swizzle(
        twelve,
        i8x16(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16),
      );
    const lanes = i8x16.swizzle(twelve, spread);
    let four = v128.and(lanes, first);
    four = v128.or(four, v128.and(i32x4.shl(lanes, 2), i32x4.splat(0x3f00)));
    four = v128.or(four, v128.and(i32x4.shl(lanes, 4), i32x4.splat(0x3f0000)));
    four = v128.or(four, v128.and(i32x4.shl(lanes, 6), i32x4.splat(0x3f000000)));
    v128.store(raw + at, i8x16.max_u(v128.load(raw + at), four));
    registers += 12;
  }
}

/** The number of elements that raw registers stand for. */
export function estimate(raw: usize): u64 {
  fill(histogram, 0, 256 * 4);
  for (let at: usize = 0; at < <usize>REGISTERS; at++) addRun(load<u8>(raw + at), 1);
  return estimateHistogram();
}

function addRun(value: u32, registers: u32): void {
  const place = histogram + ((<usize>value) << 2);
  store<u32>(place, load<u32>(place) + registers);
}

function countOf(value: u32): f64 {
  return <f64>load<u32>(histogram + ((<usize>value) << 2));
}

function estimateHistogram(): u64 {
  const all = <f64>REGISTERS;
  let sum = all * tau((all - countOf(COUNT_BITS + 1)) / all);
  for (let value = COUNT_BITS; value > 0; value--) sum = (sum + countOf(value)) * 0.5;
  sum += all * sigma(countOf(0) / all);
  const estimated = (ALPHA * all * all) / sum;
  const whole = floor(estimated);
  return <u64>whole + (estimated - whole >= 0.5 ? 1 : 0);
}

function sigma(x: f64): f64 {
  if (x == 1) return Infinity;
  let weight: f64 = 1;
  let sum = x;
  let before: f64 = -1;
  while (sum != before) {
    x *= x;
    before = sum;
    sum += x * weight;
    weight += weight;
  }
  return sum;
}

function tau(x: f64): f64 {
  if (x == 0 || x == 1) return 0;
  let weight: f64 = 1;
  let sum = 1 - x;
  let before: f64 = -1;
  while (sum != before) {
    x = sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= (1 - x) * (1 - x) * weight;
  }
  return sum / 3;
}
