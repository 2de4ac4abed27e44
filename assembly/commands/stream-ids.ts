/**
 * Stream ids as text, `ms-seq`: from arguments, and to replies and effects.
 *
 * Redis reads each half as C does: white space and a sign may stand in front of the digits, a
 * minus makes it wrap, a NUL ends it.
 */
import * as effects from '../keyspace/effects';
import { formatUnsigned, parsedInteger, parseInteger } from '../memory/integer-text';
import { INVALID_RANGE_END, INVALID_RANGE_START, INVALID_STREAM_ID } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as args from './arguments';

const DASH: u8 = 0x2d;
const PLUS: u8 = 0x2b;
const STAR: u8 = 0x2a;
const PARENTHESIS: u8 = 0x28;
const ZERO: u8 = 0x30;
const TEXT_MAX: usize = 127;
const MAX: u64 = u64.MAX_VALUE;

/** The id that was read. */
export let milliseconds: u64 = 0;
export let sequence: u64 = 0;
/** Whether it was read as `ms-*`. */
export let isPartial: bool = false;

const text: usize = memory.data(64, 16);
let number: u64 = 0;

// Reading

/** True if the argument is this byte alone. */
export function isByte(index: u32, byte: u8): bool {
  const length = args.length(index);
  if (!length || load<u8>(args.address(index)) != byte) return false;
  return length == 1 || !load<u8>(args.address(index) + 1);
}

/** Reads an id; without a sequence it is that of `missing`. `-` and `+` are none. */
export function isId(index: u32, missing: u64): bool {
  return accepts(isStrict(args.address(index), args.length(index), missing) && !isPartial);
}

/** Reads the id of XADD, which may be `ms-*`. */
export function isIdToAdd(index: u32): bool {
  return accepts(isStrict(args.address(index), args.length(index), 0));
}

/** Reads an id, `-` for the lowest or `+` for the highest. */
export function isIdOrEnd(index: u32): bool {
  return accepts(isLoose(args.address(index), args.length(index), 0));
}

/** As `isId`, without a reply. */
export function isIdSilently(index: u32): bool {
  return isStrict(args.address(index), args.length(index), 0) && !isPartial;
}

function accepts(valid: bool): bool {
  if (!valid) reply.error(INVALID_STREAM_ID);
  return valid;
}

function isLoose(address: usize, length: usize, missing: u64): bool {
  const size = lengthOfText(address, length);
  const byte: u8 = size == 1 ? load<u8>(address) : 0;
  if (byte != DASH && byte != PLUS) return isStrict(address, length, missing) && !isPartial;
  milliseconds = byte == DASH ? 0 : MAX;
  sequence = milliseconds;
  return true;
}

/** Bytes up to the first NUL. */
function lengthOfText(address: usize, length: usize): usize {
  let size: usize = 0;
  while (size < length && load<u8>(address + size)) size++;
  return size;
}

function isStrict(address: usize, length: usize, missing: u64): bool {
  isPartial = false;
  if (length > TEXT_MAX) return false;
  const size = lengthOfText(address, length);
  let dash: usize = 0;
  while (dash < size && load<u8>(address + dash) != DASH) dash++;
  if (!isNumber(address, dash)) return false;
  milliseconds = number;
  sequence = missing;
  if (dash == size) return true;
  const tail = address + dash + 1;
  const tailSize = size - dash - 1;
  isPartial = tailSize == 1 && load<u8>(tail) == STAR;
  if (!isPartial && !isNumber(tail, tailSize)) return false;
  sequence = isPartial ? 0 : number;
  return true;
}

function isNumber(address: usize, length: usize): bool {
  if (parseInteger(address, length)) {
    number = <u64>parsedInteger;
    return parsedInteger >= 0;
  }
  const end = address + length;
  while (address < end && isSpace(load<u8>(address))) address++;
  if (address == end) return false;
  const sign = load<u8>(address);
  if (sign == DASH || sign == PLUS) address++;
  if (address == end || !areDigits(address, end)) return false;
  if (sign == DASH) number = 0 - number;
  return true;
}

function isSpace(byte: u8): bool {
  return byte == 0x20 || byte - 9 < 5;
}

function areDigits(address: usize, end: usize): bool {
  number = 0;
  for (; address < end; address++) {
    const digit = <u64>load<u8>(address) - ZERO;
    if (digit > 9 || number > MAX / 10) return false;
    const next = number * 10 + digit;
    if (next < digit) return false;
    number = next;
  }
  return true;
}

// Intervals

/** Reads the start of an interval; `(id` leaves that one out. */
export function isStart(index: u32): bool {
  if (!isInterval(index, 0)) return false;
  if (!isExclusive(index)) return true;
  if (increment()) return true;
  reply.error(INVALID_RANGE_START);
  return false;
}

/** Reads the end of an interval. */
export function isEnd(index: u32): bool {
  if (!isInterval(index, MAX)) return false;
  if (!isExclusive(index)) return true;
  if (decrement()) return true;
  reply.error(INVALID_RANGE_END);
  return false;
}

function isExclusive(index: u32): bool {
  return args.length(index) > 1 && load<u8>(args.address(index)) == PARENTHESIS;
}

function isInterval(index: u32, missing: u64): bool {
  const address = args.address(index);
  const length = args.length(index);
  if (!isExclusive(index)) return accepts(isLoose(address, length, missing));
  return accepts(isStrict(address + 1, length - 1, missing) && !isPartial);
}

// Arithmetic

export function assign(ms: u64, seq: u64): void {
  milliseconds = ms;
  sequence = seq;
}

/** The next id; false, and it is 0-0, if there is none. */
export function increment(): bool {
  sequence++;
  if (sequence) return true;
  milliseconds++;
  return milliseconds != 0;
}

/** The id in front; false, and it is the highest, if there is none. */
function decrement(): bool {
  sequence--;
  if (sequence != MAX) return true;
  milliseconds--;
  return milliseconds != MAX;
}

// Writing

/** Room that `write` needs: two numbers of 20 digits, a dash, and what a last store spills. */
export const TEXT_ROOM: usize = 64;

/** Writes an id; returns its length. See TEXT_ROOM. */
export function write(ms: u64, seq: u64, to: usize): usize {
  let length = formatUnsigned(ms, to);
  store<u8>(to + length++, DASH);
  return length + formatUnsigned(seq, to + length);
}

/** Replies an id. */
export function replyId(ms: u64, seq: u64): void {
  reply.bulk(text, write(ms, seq, text));
}

/** An id as an argument of an effect. */
export function effectId(ms: u64, seq: u64): void {
  effects.argument(text, write(ms, seq, text));
}
