/**
 * HyperLogLog check: what PFSELFTEST finds out: that registers hold what was put into them, and
 * that estimates stay within six standard errors, whatever the elements are.
 */
import { fill } from '../memory/bytes';
import { below, next } from '../memory/random';
import {
  count,
  DENSE_SIZE,
  denseRegister,
  estimate,
  HEADER_SIZE,
  index,
  mergeDense,
  place,
  REGISTERS,
  raiseDense,
  writeDense,
} from './hyperloglog';

/** Bytes of memory that a check works in: dense registers with a header, then raw ones. */
export const CHECK_SIZE: usize = DENSE_SIZE + 32 + REGISTERS;
const RAW: usize = (DENSE_SIZE + 31) & ~15;
const ROUNDS: u32 = 10;
const ELEMENTS_MAX: u32 = 100000;
/** 1.04 / sqrt(16384), the standard error, six times. */
const ERROR_MAX: f64 = 0.04875;

const element: usize = memory.data(16, 8);

/** Whether registers keep what is written into them, and only that. */
export function keepRegisters(work: usize): bool {
  const raw = work + RAW;
  for (let round: u32 = 0; round < ROUNDS; round++) {
    for (let at: u32 = 0; at < REGISTERS; at++) store<u8>(raw + at, <u8>below(64));
    writeDense(work, raw);
    for (let at: u32 = 0; at < REGISTERS; at++) {
      if (denseRegister(work + HEADER_SIZE, at) != <u32>load<u8>(raw + at)) return false;
    }
  }
  return true;
}

/** Whether the estimates of 1, 10, ... 100 000 elements are as good as they are said to be. */
export function estimateWell(work: usize): bool {
  const registers = work + HEADER_SIZE;
  const seed = next();
  let checkpoint: u32 = 1;
  fill(work, 0, DENSE_SIZE);
  for (let added: u32 = 1; added <= ELEMENTS_MAX; added++) {
    store<u64>(element, seed ^ <u64>added);
    place(element, 8);
    raiseDense(registers, index, count);
    if (added != checkpoint) continue;
    if (!isClose(work, checkpoint)) return false;
    checkpoint *= 10;
  }
  return true;
}

function isClose(work: usize, expected: u32): bool {
  const raw = work + RAW;
  fill(raw, 0, REGISTERS);
  mergeDense(raw, work + HEADER_SIZE);
  const error = Math.abs(<f64>estimate(raw) - <f64>expected);
  // Ten elements may meet in a register: that is one too few.
  return error <= Math.ceil(ERROR_MAX * <f64>expected) || (expected == 10 && error <= 1);
}
