/**
 * Doubles as decimals with a fixed number of places, rounded half to even as printf does, and
 * exact for every finite double:
 *
 *   formatFixed(166274.15156960056, 4) -> 166274.1516
 *   formatFixed(1e22, 6)               -> 10000000000000000000000.000000
 *   formatShortest(13.36138933897018, 17) -> 13.36138933897018433   (without zeros at the end)
 */
import { copyLiteral } from './bytes';
import { formatUnsigned } from './integer-text';
import { multiplyWide, shiftWide, wideHigh, wideLow } from './wide';

/** Room that formatFixed needs at `to`: 309 digits, sign, point, places, and a spill. */
export const FIXED_TEXT_ROOM: usize = 384;

const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
const TEN_TO_9: u64 = 1000000000;
/** Doubles from here on are whole numbers. */
const WHOLE_MIN: f64 = 4503599627370496;
const MANTISSA_MASK: u64 = ((<u64>1) << 52) - 1;

/** A great number in base 10^9, the lowest limb first. */
const LIMBS_MAX: u32 = 36;
const limbs: usize = memory.data(36 * 4, 8);

/** Writes `value` with so many places, at most 17; returns the length. */
export function formatFixed(value: f64, places: u32, to: usize): usize {
  if (value != value) return copyLiteral(to, reinterpret<i64>(value) < 0 ? '-nan' : 'nan');
  const negative: usize = reinterpret<i64>(value) < 0 ? 1 : 0;
  if (negative) store<u8>(to, MINUS);
  const magnitude = abs(value);
  if (magnitude == Infinity) return negative + copyLiteral(to + negative, 'inf');
  return negative + formatMagnitude(magnitude, places, to + negative);
}

/** As `formatFixed`, without zeros at the end of the places. */
export function formatShortest(value: f64, places: u32, to: usize): usize {
  let end = to + formatFixed(value, places, to);
  while (load<u8>(end - 1) == ZERO) end--;
  return load<u8>(end - 1) == POINT ? end - 1 - to : end - to;
}

function formatMagnitude(value: f64, places: u32, to: usize): usize {
  const scale = powerOfTen(places);
  let decimals: u64 = 0;
  let length: usize;
  if (value >= WHOLE_MIN) {
    length = formatGreat(value, to);
  } else {
    let whole = <u64>value;
    decimals = scaleFraction(value - <f64>whole, scale);
    if (decimals == scale) {
      decimals = 0;
      whole++;
    }
    length = formatUnsigned(whole, to);
  }
  // A one in front keeps the zeros that the places begin with; the point then takes its place.
  const point = to + length;
  length += formatUnsigned(scale + decimals, point);
  store<u8>(point, POINT);
  return length;
}

function powerOfTen(power: u32): u64 {
  let value: u64 = 1;
  for (; power; power--) value *= 10;
  return value;
}

/** fraction * scale, rounded half to even; the fraction is below one. */
function scaleFraction(fraction: f64, scale: u64): u64 {
  const bits = reinterpret<u64>(fraction);
  const shift = 1075 - (bits >> 52);
  if (shift >= 128) return 0;
  multiplyWide((bits & MANTISSA_MASK) | (MANTISSA_MASK + 1), scale);
  return shiftWide(wideHigh, wideLow, shift);
}

/** Writes a whole number of any size: its mantissa times two to so many powers. */
function formatGreat(value: f64, to: usize): usize {
  const bits = reinterpret<u64>(value);
  const mantissa = (bits & MANTISSA_MASK) | (MANTISSA_MASK + 1);
  store<u32>(limbs, <u32>(mantissa % TEN_TO_9));
  store<u32>(limbs, <u32>(mantissa / TEN_TO_9), 4);
  let used: u32 = 2;
  for (let power = <u32>(bits >> 52) - 1075; power; ) {
    const part = min<u32>(power, 29);
    used = shiftLimbs(used, part);
    power -= part;
  }
  let length = formatUnsigned(load<u32>(limbs + ((<usize>(used - 1)) << 2)), to);
  for (let index = used - 1; index > 0; index--) {
    const limb: u64 = load<u32>(limbs + ((<usize>(index - 1)) << 2));
    // Nine digits with a one in front, over which the digit before is written again.
    const last = load<u8>(to + length - 1);
    length += formatUnsigned(TEN_TO_9 + limb, to + length - 1) - 1;
    store<u8>(to + length - 10, last);
  }
  return length;
}

/** Multiplies the limbs by 2^shift; answers how many there are then. */
function shiftLimbs(used: u32, shift: u32): u32 {
  let carry: u64 = 0;
  for (let index: u32 = 0; index < used; index++) {
    const place = limbs + ((<usize>index) << 2);
    carry += (<u64>load<u32>(place)) << shift;
    store<u32>(place, <u32>(carry % TEN_TO_9));
    carry /= TEN_TO_9;
  }
  if (!carry) return used;
  if (!ASC_NO_ASSERT) assert(used < LIMBS_MAX);
  store<u32>(limbs + ((<usize>used) << 2), <u32>carry);
  return used + 1;
}
