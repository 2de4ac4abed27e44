/**
 * Sparse registers of a HyperLogLog: runs of equal registers, in order, 16384 in all.
 *
 *   00nnnnnn            ZERO    1 to 64 registers are 0
 *   01nnnnnn nnnnnnnn   XZERO   1 to 16384 registers are 0
 *   1vvvvvnn            VAL     1 to 4 registers are 1 to 32
 *
 * All numbers are stored less one. Example: register 2 is 3, the others are 0.
 *
 *   01        88        7f fc
 *   2 zeros   1 times 3  16381 zeros
 *
 * The bytes may come from a client: nothing here reads or writes beyond them, whatever they are.
 */
import { REGISTERS } from './hyperloglog';

const XZERO: u32 = 0x40;
const VAL: u32 = 0x80;
const ZERO_MAX: u32 = 64;
const VAL_RUN_MAX: u32 = 4;
/** Greatest value that a sparse register can hold. */
export const VALUE_MAX: u32 = 32;
/** How many opcodes from the one before a change on are looked at for neighbours to join. */
const JOINED_MAX: u32 = 5;
/** A change may need so many bytes behind the present ones. */
export const GROWTH_MAX: usize = 4;

// What `raise` answers.
export const UNCHANGED: u32 = 0;
export const CHANGED: u32 = 1;
/** The registers must become dense before this one can be raised. */
export const MUST_BE_DENSE: u32 = 2;
export const CORRUPT: u32 = 3;

/** The number of bytes after `raise`. */
export let length: usize = 0;

/** The opcode read last: its registers, their value, and its bytes. */
let run: u32 = 0;
let value: u32 = 0;
let size: usize = 0;

/** Reads the opcode at `at`, before `end`; a second byte that is missing counts as zero. */
function readOpcode(at: usize, end: usize): void {
  const byte: u32 = load<u8>(at);
  value = 0;
  size = 1;
  if (byte & VAL) {
    run = (byte & 3) + 1;
    value = ((byte >> 2) & 31) + 1;
  } else if (byte & XZERO) {
    run = (((byte & 63) << 8) | (at + 1 < end ? load<u8>(at, 1) : 0)) + 1;
    size = 2;
  } else {
    run = byte + 1;
  }
}

function valueOpcode(registers: u32, held: u32): u32 {
  return VAL | ((held - 1) << 2) | (registers - 1);
}

/** Writes a run of zeros, if there are any; returns where it ends. */
function writeZeros(to: usize, registers: u32): usize {
  if (!registers) return to;
  if (registers <= ZERO_MAX) {
    store<u8>(to, registers - 1);
    return to + 1;
  }
  store<u8>(to, XZERO | ((registers - 1) >> 8));
  store<u8>(to, registers - 1, 1);
  return to + 2;
}

/** Writes a run of a value, if it has registers; returns where it ends. */
function writeRun(to: usize, registers: u32, held: u32): usize {
  if (!held) return writeZeros(to, registers);
  if (!registers) return to;
  store<u8>(to, valueOpcode(registers, held));
  return to + 1;
}

/** The opcodes that take the place of one, before they are put there. */
const sequence: usize = memory.data(8, 8);

/**
 * Raises register `index` to `count` in so many bytes of opcodes, of which there may be
 * `sizeMax` at the most; GROWTH_MAX bytes behind them are ours. Their number is in `length` then.
 */
export function raise(bytes: usize, bytesLength: usize, index: u32, count: u32, sizeMax: i64): u32 {
  length = bytesLength;
  if (count > VALUE_MAX) return MUST_BE_DENSE;
  const end = bytes + bytesLength;
  let looked = bytes;
  let before = bytes;
  let at = bytes;
  let first: u32 = 0;
  while (at < end) {
    // Sixteen opcodes at once, as long as they are of one byte each and end before the register.
    if (at >= looked && at + 16 <= end) {
      const registers = registersOf(v128.load(at));
      if (registers && first + registers <= index) {
        before = at + 15;
        at += 16;
        first += registers;
        continue;
      }
      looked = at + 16;
    }
    readOpcode(at, end);
    if (index < first + run) break;
    before = at;
    at += size;
    first += run;
  }
  if (at >= end) return CORRUPT;
  if (value >= count) return UNCHANGED;
  if (run == 1 && size == 1) store<u8>(at, valueOpcode(1, count));
  else if (!split(bytes, at, index - first, count, sizeMax)) return MUST_BE_DENSE;
  join(bytes, before);
  return CHANGED;
}

/** How many registers sixteen opcodes of one byte stand for; 0 if one of them has two bytes. */
function registersOf(opcodes: v128): u32 {
  if (v128.any_true(i8x16.gt_s(opcodes, i8x16.splat(<i8>(XZERO - 1))))) return 0;
  // As signed numbers, runs of a value are below zero; their length has two bits instead of six.
  const isRun = i8x16.lt_s(opcodes, i8x16.splat(0));
  const masks = v128.xor(i8x16.splat(63), v128.and(isRun, i8x16.splat(60)));
  const pairs = i16x8.extadd_pairwise_i8x16_u(v128.and(opcodes, masks));
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
  const eights = i32x4.add(fours, i32x4.shuffle(fours, fours, 2, 3, 0, 1));
  return 16 + i32x4.extract_lane(eights, 0) + i32x4.extract_lane(eights, 1);
}

/** Splits the opcode that was read at `at`: its register `offset` gets the value `count`. */
function split(bytes: usize, at: usize, offset: u32, count: u32, sizeMax: i64): bool {
  let to = writeRun(sequence, offset, value);
  to = writeRun(to, 1, count);
  to = writeRun(to, run - offset - 1, value);
  const written = to - sequence;
  if (written > size && <i64>(length + written - size) > sizeMax) return false;
  const next = at + size;
  const end = bytes + length;
  if (written != size && next < end) memory.copy(at + written, next, end - next);
  memory.copy(at, sequence, written);
  length = length + written - size;
  return true;
}

/** Joins runs of the same value from the opcode `at` on. */
function join(bytes: usize, at: usize): void {
  let end = bytes + length;
  for (let looked: u32 = 0; looked < JOINED_MAX && at < end; looked++) {
    const byte: u32 = load<u8>(at);
    if (!(byte & VAL)) {
      at += byte & XZERO ? 2 : 1;
      continue;
    }
    const next: u32 = at + 1 < end ? load<u8>(at, 1) : 0;
    const together = (byte & 3) + (next & 3) + 2;
    if (byte >> 2 != next >> 2 || together > VAL_RUN_MAX) {
      at++;
      continue;
    }
    memory.copy(at, at + 1, end - at - 1);
    store<u8>(at, (byte & ~3) | (together - 1));
    end--;
  }
  length = end - bytes;
}

/** Raises raw registers, a byte each, to these. False if the opcodes are corrupt. */
export function merge(raw: usize, bytes: usize, bytesLength: usize): bool {
  const end = bytes + bytesLength;
  let first: u32 = 0;
  for (let at = bytes; at < end; at += size) {
    readOpcode(at, end);
    if (first + run > REGISTERS) return false;
    for (let index: u32 = 0; value && index < run; index++) {
      const place = raw + first + index;
      if (load<u8>(place) < value) store<u8>(place, value);
    }
    first += run;
  }
  return first == REGISTERS;
}

/** Calls `visitor` for each opcode: its letter is z, Z or v. */
export function visit(
  bytes: usize,
  bytesLength: usize,
  visitor: (letter: u8, registers: u32, held: u32) => void,
): void {
  const end = bytes + bytesLength;
  for (let at = bytes; at < end; at += size) {
    readOpcode(at, end);
    visitor(value ? 0x76 : size == 2 ? 0x5a : 0x7a, run, value);
  }
}
