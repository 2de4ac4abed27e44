/**
 * Doubles as text. Reading accepts what Redis accepts (string2d of src/util.c): all that
 * strtod takes, also "inf", "1e5", "0x1.8p3", but no NaN, no spaces, nothing too large and
 * nothing that becomes zero for being small. Writing is `%.17g`, as in Redis 7.0: 17
 * digits, rounded half to even, trailing zeros dropped:
 *
 *   0.1 -> 0.10000000000000001      1e17 -> 1e+17      -0 -> -0      1e-5 -> 1.0000000000000001e-05
 *
 * What is common is done here, exactly, with integers of 128 bits; the rest by the host.
 */

import * as host from '../env';
import { copy, copyLiteral, fill } from './bytes';
import {
  digits,
  exponent,
  mantissa,
  negative,
  powerOfFive,
  scanDecimal,
  tail,
  tens,
  toBinary,
} from './decimal';
import { formatInteger, formatUnsigned } from './integer-text';
import { multiplyWide, shiftWide, wideHigh, wideLow } from './wide';

/** Room that formatDouble needs at `to`: 24 bytes of text and what a last store spills. */
export const DOUBLE_TEXT_ROOM: usize = 40;

const DIGITS: i32 = 17;
const TEN_TO_17: u64 = 100000000 * 1000000000;

/** Integers up to here are written as such by %.17g; fractions from FRACTION_MIN are ours. */
const INTEGER_MAX: f64 = 1e17;
const FRACTION_MIN: f64 = 1e-10;

/** Integers and powers of five up to here are doubles without rounding. */
const EXACT_INTEGER_MAX: u64 = (<u64>1) << 53;
const EXACT_TENS_MAX: i32 = 22;

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** The digits of a number that is being written, with the spill of formatUnsigned. */
const scratch: usize = memory.data(40, 8);

/** The value of the last text that parseDouble accepted. */
export let parsedDouble: f64 = 0;

/** Whether Redis takes the bytes as a double; if so it is in `parsedDouble`. */
export function parseDouble(address: usize, length: usize): bool {
  const value = scanDecimal(address, length) ? fromDecimal() : host.parseDouble(address, length);
  if (value != value) return false; // NaN
  parsedDouble = value;
  return true;
}

/** Writes `value` as %.17g, or inf, -inf, nan; returns the length. See DOUBLE_TEXT_ROOM. */
export function formatDouble(value: f64, to: usize): usize {
  const magnitude = abs(value);
  if (magnitude < INTEGER_MAX) {
    if (value == trunc(value)) return formatWhole(value, to);
    if (magnitude >= FRACTION_MIN) return formatFraction(value, to);
  }
  if (value == Infinity) return copyLiteral(to, 'inf');
  if (value == -Infinity) return copyLiteral(to, '-inf');
  if (value != value) return copyLiteral(to, 'nan');
  return host.formatDouble(value, to);
}

/** The double next to what scanDecimal found. */
function fromDecimal(): f64 {
  const magnitude = digits == 0 ? 0.0 : isExact() ? scaleExactly() : nearestDouble();
  return negative ? -magnitude : magnitude;
}

function isExact(): bool {
  return digits <= EXACT_INTEGER_MAX && tens >= -EXACT_TENS_MAX && tens <= EXACT_TENS_MAX;
}

/** Both operands are exact, so the one division or multiplication rounds correctly (Clinger). */
function scaleExactly(): f64 {
  if (tens >= 0) return <f64>digits * <f64>powerOfFive(tens) * powerOfTwo(tens);
  return (<f64>digits / <f64>powerOfFive(-tens)) * powerOfTwo(tens);
}

/** The conversion to f64 rounds once; the tail only needs to be seen as "more than nothing". */
function nearestDouble(): f64 {
  toBinary();
  return <f64>(mantissa | (tail != 0 ? 1 : 0)) * powerOfTwo(exponent);
}

/** 2^power for the exponents of normal doubles. */
function powerOfTwo(power: i32): f64 {
  return reinterpret<f64>((<u64>(power + 1023)) << 52);
}

function formatWhole(value: f64, to: usize): usize {
  if (value == 0 && reinterpret<i64>(value) < 0) return copyLiteral(to, '-0');
  return formatInteger(<i64>value, to);
}

/**
 * FRACTION_MIN <= |value| < INTEGER_MAX and not whole. With value = m * 2^e the 17 digits are
 * m * 5^p * 2^(e + p), where p places the point behind the seventeenth.
 */
function formatFraction(value: f64, to: usize): usize {
  const bits = reinterpret<u64>(value);
  const biased = <i32>((bits >> 52) & 0x7ff);
  const m = (bits & (EXACT_INTEGER_MAX / 2 - 1)) | (EXACT_INTEGER_MAX / 2);
  // floor(log10) or one less, from floor(log2).
  let decade = ((biased - 1023) * 1233) >> 12;
  let all = scaleToDigits(m, biased - 1075, DIGITS - 1 - decade);
  if (all >= TEN_TO_17) {
    decade++;
    all = scaleToDigits(m, biased - 1075, DIGITS - 1 - decade);
  }
  if (<i64>bits >= 0) return layOut(all, decade, to);
  store<u8>(to, MINUS);
  return layOut(all, decade, to + 1) + 1;
}

function scaleToDigits(m: u64, power: i32, point: i32): u64 {
  multiplyWide(m, powerOfFive(point));
  return shiftWide(wideHigh, wideLow, <u64>(-power - point));
}

/** Writes 17 digits, the first worth 10^decade, without the zeros at their end. */
function layOut(all: u64, decade: i32, to: usize): usize {
  let count = formatUnsigned(all, scratch);
  while (load<u8>(scratch + count - 1) == ZERO) count--;
  if (decade < -4) return layOutScientific(count, -decade, to);
  if (decade < 0) {
    const zeros = <usize>(1 - decade);
    fill(to, ZERO, zeros);
    store<u8>(to + 1, POINT);
    copy(to + zeros, scratch, count);
    return zeros + count;
  }
  const whole = <usize>decade + 1;
  copy(to, scratch, whole);
  if (count <= whole) return whole;
  store<u8>(to + whole, POINT);
  copy(to + whole + 1, scratch + whole, count - whole);
  return count + 1;
}

/** d.ddde-XX; decades here have two digits at most. */
function layOutScientific(count: usize, decades: i32, to: usize): usize {
  store<u8>(to, load<u8>(scratch));
  let length: usize = 1;
  if (count > 1) {
    store<u8>(to + 1, POINT);
    copy(to + 2, scratch + 1, count - 1);
    length = count + 1;
  }
  length += copyLiteral(to + length, 'e-');
  store<u8>(to + length, ZERO + <u8>(decades / 10));
  store<u8>(to + length + 1, ZERO + <u8>(decades % 10));
  return length + 2;
}
