/**
 * Decimal text as a binary fraction of 64 bits: the common part of doubles and of 80-bit
 * long doubles. Only decimals of up to 19 significant digits whose power of ten is within
 * 27 of zero are taken here (5^27 is the last power of five below 2^64); the host does the
 * rest.
 *
 *   "-12.50"  ->  negative, digits 1250, tens -2
 *             ->  mantissa c8 00 00 00 00 00 00 00, exponent -60, tail 0
 *                 value = mantissa * 2^exponent, the top bit of the mantissa is set
 */
import { divideWide, multiplyWide, remainder, roundHalfEven, wideHigh, wideLow } from './wide';

/** The largest power of ten, and of five, that is dealt with here. */
export const TENS_MAX: i32 = 27;

const DIGITS_MAX: i32 = 19;
const TOP_BIT: u64 = (<u64>1) << 63;

const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const LETTER_E: u32 = 0x65;
const ZERO: u32 = 0x30;

/** 5^0 to 5^22: all that a double holds exactly. */
const POWERS_MAX: i32 = 22;
const powers: usize = memory.data<u64>([
  1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625, 1220703125,
  6103515625, 30517578125, 152587890625, 762939453125, 3814697265625, 19073486328125,
  95367431640625, 476837158203125, 2384185791015625,
]);

/** What scanDecimal found: value = digits * 10^tens. */
export let negative: bool = false;
export let digits: u64 = 0;
export let tens: i32 = 0;

/** What toBinary made of it. */
export let mantissa: u64 = 0;
export let exponent: i32 = 0;
/** The bits below the mantissa, as if they went on: 0 if exact, 2^63 if half, 1 for "a bit". */
export let tail: u64 = 0;

/** 5^power for 0 to 27. */
export function powerOfFive(power: i32): u64 {
  if (power <= POWERS_MAX) return load<u64>(powers + ((<usize>power) << 3));
  return load<u64>(powers + ((<usize>POWERS_MAX) << 3)) * powerOfFive(power - POWERS_MAX);
}

/** Whether the bytes are a decimal that can be dealt with here. Says nothing about others. */
export function scanDecimal(address: usize, length: usize): bool {
  const end = address + length;
  negative = false;
  digits = 0;
  tens = 0;
  if (address < end) {
    const sign: u32 = load<u8>(address);
    negative = sign == MINUS;
    if (negative || sign == PLUS) address++;
  }
  const exponentAt = scanDigits(address, end);
  if (exponentAt == 0) return false;
  if (exponentAt < end && !scanExponent(exponentAt + 1, end)) return false;
  return digits == 0 || (tens >= -TENS_MAX && tens <= TENS_MAX);
}

/** Turns `digits` and `tens` into `mantissa`, `exponent` and `tail`; all are 0 for zero. */
export function toBinary(): void {
  if (digits == 0) {
    setBinary(0, 0, 0);
  } else if (tens < 0) {
    divideByPower(-tens);
  } else {
    multiplyWide(digits, powerOfFive(tens));
    setBinary(wideHigh, wideLow, tens);
  }
}

/** Normalizes high:low * 2^power into `mantissa`, `exponent` and `tail`; all are 0 for zero. */
export function setBinary(high: u64, low: u64, power: i32): void {
  if ((high | low) == 0) {
    mantissa = 0;
    exponent = 0;
    tail = 0;
    return;
  }
  if (high == 0) {
    high = low;
    low = 0;
    power -= 64;
  }
  const shift = clz(high);
  mantissa = shift == 0 ? high : (high << shift) | (low >> (64 - shift));
  tail = low << shift;
  exponent = power + 64 - <i32>shift;
}

/** Rounds the tail away, half to even. */
export function roundMantissa(): void {
  const rounded = roundHalfEven(mantissa, tail, 0);
  if (rounded < mantissa) {
    mantissa = TOP_BIT;
    exponent++;
  } else {
    mantissa = rounded;
  }
  tail = 0;
}

/** digits / 10^power: the quotient has its top bit at 63 or 62; the next bit is computed. */
function divideByPower(power: i32): void {
  const five = powerOfFive(power);
  const dividendShift = clz(digits);
  const divisorShift = clz(five);
  const dividend = digits << dividendShift;
  const divisor = five << divisorShift;
  const quotient = divideWide(dividend >> 1, dividend << 63, divisor);
  const rest = remainder;
  const low = rest == 0 ? 0 : nextBits(rest, divisor);
  setBinary(quotient, low, <i32>divisorShift - <i32>dividendShift - power - 63 - 64);
}

/** The first two bits of rest / divisor, and a third that is set if anything follows. */
function nextBits(rest: u64, divisor: u64): u64 {
  let bits: u64 = 0;
  for (let bit = TOP_BIT; bit > TOP_BIT >> 2; bit >>= 1) {
    if (rest >= divisor - rest) {
      bits |= bit;
      rest -= divisor - rest;
    } else {
      rest <<= 1;
    }
  }
  return rest == 0 ? bits : bits | (TOP_BIT >> 2);
}

/** Digits with at most one point; returns where they end, or 0 if they are not for us. */
function scanDigits(address: usize, end: usize): usize {
  let count = 0;
  let any = false;
  let seenPoint = false;
  for (; address < end; address++) {
    const byte: u32 = load<u8>(address);
    if (byte == POINT && !seenPoint) {
      seenPoint = true;
    } else if (byte - ZERO < 10) {
      any = true;
      if (byte != ZERO || digits != 0) count++;
      if (count > DIGITS_MAX) return 0;
      digits = digits * 10 + (byte - ZERO);
      if (seenPoint) tens--;
    } else {
      return any && (byte | 0x20) == LETTER_E ? address : 0;
    }
  }
  return any ? address : 0;
}

/** An exponent of one to three digits, added to `tens`. */
function scanExponent(address: usize, end: usize): bool {
  if (address == end) return false;
  const sign: u32 = load<u8>(address);
  if (sign == MINUS || sign == PLUS) address++;
  if (end - address - 1 >= 3) return false;
  let value = 0;
  for (; address < end; address++) {
    const digit = <u32>load<u8>(address) - ZERO;
    if (digit >= 10) return false;
    value = value * 10 + <i32>digit;
  }
  tens += sign == MINUS ? -value : value;
  return true;
}
