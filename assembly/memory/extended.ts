/**
 * INCRBYFLOAT and HINCRBYFLOAT: the sum of two decimals as the long double of x86 computes
 * it, which is what redis-server does: both are rounded to a mantissa of 64 bits, so is
 * their sum, and the sum is written with 17 decimals (`%.17Lf`) whose zeros at the end are
 * dropped (LD_STR_HUMAN of src/util.c).
 *
 *   10.5 + 0.1 = 10.6        5.0e3 + 2.0e2 = 5200        1 + 1e-18 = 1
 *
 * Sums below 2^64 of short decimals are done here, all else by the host.
 */

import * as host from '../env';
import {
  exponent,
  mantissa,
  negative,
  roundMantissa,
  scanDecimal,
  setBinary,
  toBinary,
} from './decimal';
import { formatUnsigned } from './integer-text';
import { multiplyWide, shiftWide, wideHigh, wideLow } from './wide';

/** Room that addFloats needs at `to`: the longest sum has 4933 digits and 17 decimals. */
export const FLOAT_SUM_ROOM: usize = 5120;

/** What addFloats answers instead of a length. */
export const FIRST_NOT_A_FLOAT: i32 = -1;
export const SECOND_NOT_A_FLOAT: i32 = -2;
export const SUM_NOT_FINITE: i32 = -3;

/** Redis copies the text into a buffer of this size, its NUL included. */
const TEXT_MAX: usize = 5119;

const TEN_TO_17: u64 = 100000000 * 1000000000;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** The first operand, then the sum: its mantissa has the top bit set or is 0. */
let sumNegative: bool = false;
let sumMantissa: u64 = 0;
let sumExponent: i32 = 0;

/** Writes a + b; returns the length or one of the statuses above. See FLOAT_SUM_ROOM. */
export function addFloats(a: usize, aLength: usize, b: usize, bLength: usize, to: usize): i32 {
  if (readExtended(a, aLength)) {
    setSum(negative);
    if (readExtended(b, bLength)) {
      addToSum();
      if (sumExponent <= 0) return <i32>formatSum(to);
    }
  }
  return host.addExtended(a, aLength, b, bLength, to);
}

/** Leaves the decimal, rounded to 64 bits, in `negative`, `mantissa` and `exponent`. */
function readExtended(address: usize, length: usize): bool {
  if (length > TEXT_MAX || !scanDecimal(address, length)) return false;
  toBinary();
  roundMantissa();
  return true;
}

function setSum(isNegative: bool): void {
  sumNegative = isNegative;
  sumMantissa = mantissa;
  sumExponent = exponent;
}

/** Adds what was read last. Both are normalized: the greater exponent is the greater number. */
function addToSum(): void {
  if (mantissa == 0) return;
  if (sumMantissa == 0) {
    setSum(negative);
  } else if (exponent > sumExponent) {
    combine(mantissa, exponent, negative, sumMantissa, sumExponent, sumNegative);
  } else {
    combine(sumMantissa, sumExponent, sumNegative, mantissa, exponent, negative);
  }
}

/**
 * Both mantissas are laid out in 128 bits, two places below the top so that the sum has
 * room; what the smaller one loses at the low end is remembered in its last bit.
 */
function combine(
  big: u64,
  power: i32,
  bigNegative: bool,
  small: u64,
  smallPower: i32,
  smallNegative: bool,
): void {
  const bigLow = big << 62;
  const smallHigh = highAfter(small, <u64>(power - smallPower));
  const smallLow = lowAfter(small, <u64>(power - smallPower));
  if (bigNegative == smallNegative) {
    const low = bigLow + smallLow;
    setBinary((big >> 2) + smallHigh + (low < bigLow ? 1 : 0), low, power - 62);
    finish(bigNegative);
    return;
  }
  let low = bigLow - smallLow;
  let high = (big >> 2) - smallHigh - (bigLow < smallLow ? 1 : 0);
  const turned = <i64>high < 0;
  if (turned) {
    low = 0 - low;
    high = ~high + (low == 0 ? 1 : 0);
  }
  setBinary(high, low, power - 62);
  finish(bigNegative != turned);
}

function finish(isNegative: bool): void {
  roundMantissa();
  setSum(isNegative);
}

/** The high half of small * 2^62 / 2^shift. */
function highAfter(small: u64, shift: u64): u64 {
  return shift < 62 ? small >> (shift + 2) : 0;
}

/** The low half of small * 2^62 / 2^shift, its last bit set if anything was lost. */
function lowAfter(small: u64, shift: u64): u64 {
  if (shift <= 62) return small << (62 - shift);
  const gone = shift - 62;
  if (gone >= 64) return 0; // Too little to turn the rounding of the sum.
  return (small >> gone) | (small << (64 - gone) != 0 ? 1 : 0);
}

/** %.17Lf without the zeros at its end; the sum is below 2^64. */
function formatSum(to: usize): usize {
  const shift = <u64>-sumExponent;
  let whole: u64 = shift < 64 ? sumMantissa >> shift : 0;
  multiplyWide(shift < 64 ? sumMantissa & (((<u64>1) << shift) - 1) : sumMantissa, TEN_TO_17);
  let decimals: u64 = shift < 128 ? shiftWide(wideHigh, wideLow, shift) : 0;
  if (decimals == TEN_TO_17) {
    decimals = 0;
    whole++;
  }
  let length: usize = 0;
  if (sumNegative && (whole | decimals) != 0) {
    store<u8>(to, MINUS);
    length = 1;
  }
  length += formatUnsigned(whole, to + length);
  if (decimals == 0) return length;
  // A one in front keeps the zeros that decimals begin with; the point then takes its place.
  const point = to + length;
  length += formatUnsigned(TEN_TO_17 + decimals, point);
  store<u8>(point, POINT);
  while (load<u8>(to + length - 1) == ZERO) length--;
  return length;
}
