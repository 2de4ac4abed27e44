/**
 * Timeouts: how long a command may wait, in seconds with fractions. Redis reads them as the
 * long double of x86, multiplies by 1000 and rounds up:
 *
 *   0.0001 -> 1 ms      -0.0001 -> 0, for ever      0x1 -> 1000 ms      1e16 -> "is negative"
 *
 * The text of that long double has 17 decimals at the most, and is exact enough.
 */
import { addFloats, FIRST_NOT_A_FLOAT, FLOAT_SUM_ROOM, SUM_NOT_FINITE } from '../memory/extended';
import { parseDouble, parsedDouble } from '../memory/float-text';
import { allocate, release, reserve } from '../memory/heap';
import { OUT_OF_MEMORY, TIMEOUT_BELOW_ZERO, TIMEOUT_NOT_A_FLOAT } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as args from './arguments';

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const ZERO_TEXT: usize = memory.data<u8>([0x30, 0, 0, 0, 0, 0, 0, 0], 8);
/** The longest text of milliseconds that 63 bits hold has so many digits. */
const DIGITS_MAX: usize = 19;

/** The timeout that was read, in milliseconds; 0: for ever. */
export let milliseconds: f64 = 0;

/** Reads argument `index` into `milliseconds`, or replies what is wrong with it. */
export function isTimeout(index: u32): bool {
  if (isCommon(index)) return true;
  if (!reserve(FLOAT_SUM_ROOM)) return refused(OUT_OF_MEMORY);
  const text = allocate(FLOAT_SUM_ROOM);
  const length = addFloats(args.address(index), args.length(index), ZERO_TEXT, 1, text);
  const valid =
    length == FIRST_NOT_A_FLOAT
      ? refused(TIMEOUT_NOT_A_FLOAT)
      : (length != SUM_NOT_FINITE && isInRange(text, length)) || refused(TIMEOUT_BELOW_ZERO);
  release(text);
  if (valid && milliseconds == 0 && !isZero(index)) milliseconds = 1;
  return valid;
}

/** One digit, which most timeouts are. */
function isCommon(index: u32): bool {
  if (args.length(index) != 1) return false;
  const digit = <u32>(load<u8>(args.address(index)) - ZERO);
  milliseconds = <f64>digit * 1000;
  return digit < 10;
}

function refused(error: string): bool {
  reply.error(error);
  return false;
}

/** Whether no part of the number was lost because it has too many decimals. */
function isZero(index: u32): bool {
  const address = args.address(index);
  return load<u8>(address) == MINUS || (parseDouble(address, args.length(index)) && !parsedDouble);
}

/** Reads `-12.345`; milliseconds of more than 63 bits count as negative, as they do in Redis. */
function isInRange(text: usize, length: i32): bool {
  const negative = load<u8>(text) == MINUS;
  const end = text + length;
  let at = negative ? text + 1 : text;
  let value: u64 = 0;
  let digits: usize = 0;
  for (; at < end && load<u8>(at) != POINT; at++) {
    value = value * 10 + (load<u8>(at) - ZERO);
    digits++;
  }
  if (digits + 3 > DIGITS_MAX) return false;
  let rest = false;
  for (let place: usize = 1; place <= 3; place++) {
    value = value * 10 + (at + place < end ? load<u8>(at + place) - ZERO : 0);
  }
  // There are no zeros at the end.
  if (at + 4 < end) rest = true;
  if (negative) {
    milliseconds = 0;
    return value == 0;
  }
  value += rest ? 1 : 0;
  milliseconds = <f64>value;
  return <i64>value >= 0;
}
