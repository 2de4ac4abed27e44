/**
 * Sine, cosine and arc sine for angles on the earth, in two ways. The quick ones are off by a few
 * units in the last place. The exact ones are what the true value rounds to, so that distances
 * come out as from a C library, which is nearly always right in the last place too.
 *
 * The exact ones add Taylor series in numbers of two doubles, of about 106 bits, whose operations
 * are those of T. J. Dekker (https://doi.org/10.1007/BF01397083): `high` is the sum rounded to a
 * double and `low` what it lacks.
 *
 *   1/3! = high 0x3fc5555555555555 + low 0x3c65555555555555
 */

/** The last result of an operation on two doubles. */
let high: f64 = 0;
let low: f64 = 0;

/** 1/n! for n = 0 to 25, high and low. */
const INVERSE_FACTORIALS: usize = memory.data<f64>([
  1.0, 0.0, 1.0, 0.0, 0.5, 0.0, 0.16666666666666666, 9.25185853854297e-18, 0.041666666666666664,
  2.3129646346357427e-18, 0.008333333333333333, 1.1564823173178714e-19, 0.001388888888888889,
  -5.300543954373577e-20, 0.0001984126984126984, 1.7209558293420705e-22, 2.48015873015873e-5,
  2.1511947866775882e-23, 2.7557319223985893e-6, -1.858393274046472e-22, 2.755731922398589e-7,
  2.3767714622250297e-23, 2.505210838544172e-8, -1.448814070935912e-24, 2.08767569878681e-9,
  -1.20734505911326e-25, 1.6059043836821613e-10, 1.2585294588752098e-26, 1.1470745597729725e-11,
  2.0655512752830745e-28, 7.647163731819816e-13, 7.03872877733453e-30, 4.779477332387385e-14,
  4.399205485834081e-31, 2.8114572543455206e-15, 1.6508842730861433e-31, 1.5619206968586225e-16,
  1.1910679660273754e-32, 8.22063524662433e-18, 2.2141894119604265e-34, 4.110317623312165e-19,
  1.4412973378659527e-36, 1.9572941063391263e-20, -1.3643503830087908e-36, 8.896791392450574e-22,
  -7.911402614872376e-38, 3.868170170630684e-23, -8.843177655482344e-40, 1.6117375710961184e-24,
  -3.6846573564509766e-41, 6.446950284384474e-26, -1.9330404233703465e-42,
]);
/** Terms up to here count for a double, and for two, below pi/4. */
const QUICK_TERMS: u32 = 16;
const EXACT_TERMS: u32 = 24;

/** pi/2 in three parts. */
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;
const HALF_PI_LOWEST: f64 = -1.4973849048591698e-33;
const SPLITTER: f64 = 134217729;
/** Below this a few terms are enough for the quick sine. */
const SMALL_MAX: f64 = 0.05;
/** Below this the arc sine is the better, above it the arc cosine. */
const ASIN_MAX: f64 = 0.7;

// Two doubles

/** a + b; neither needs to be the greater. */
function addOne(a: f64, b: f64): void {
  high = a + b;
  const part = high - a;
  low = a - (high - part) + (b - part);
}

function normalize(a: f64, b: f64): void {
  high = a + b;
  low = b - (high - a);
}

function add(aHigh: f64, aLow: f64, bHigh: f64, bLow: f64): void {
  addOne(aHigh, bHigh);
  const sum = high;
  const rest = low;
  addOne(aLow, bLow);
  const lowest = low;
  normalize(sum, rest + high);
  normalize(high, low + lowest);
}

function multiply(aHigh: f64, aLow: f64, bHigh: f64, bLow: f64): void {
  const product = aHigh * bHigh;
  const aSplit = SPLITTER * aHigh;
  const aTop = aSplit - (aSplit - aHigh);
  const aRest = aHigh - aTop;
  const bSplit = SPLITTER * bHigh;
  const bTop = bSplit - (bSplit - bHigh);
  const bRest = bHigh - bTop;
  const error = aTop * bTop - product + aTop * bRest + aRest * bTop + aRest * bRest;
  normalize(product, error + (aHigh * bLow + aLow * bHigh));
}

// Exact

/** The sine of an angle of at most pi, rounded correctly. */
export function sine(angle: f64): f64 {
  sineOf(angle, 0);
  return high;
}

/** The cosine of an angle of at most pi/2, rounded correctly. */
export function cosine(angle: f64): f64 {
  sineOf(angle, 1);
  return high;
}

/** The sine of an angle and so many right angles, in `high` and `low`. */
function sineOf(angle: f64, rightAngles: i32): void {
  const turns = nearest(angle / HALF_PI);
  add(angle, 0, -turns * HALF_PI, -turns * HALF_PI_LOW);
  normalize(high, low - turns * HALF_PI_LOWEST);
  const quadrant = <i32>turns + rightAngles;
  sumSeries(high, low, quadrant & 1 ? 0 : 1);
  if (quadrant & 2) {
    high = -high;
    low = -low;
  }
}

/** The series of the sine (`odd` is 1) or the cosine (0) of a small angle. */
function sumSeries(xHigh: f64, xLow: f64, odd: u32): void {
  multiply(xHigh, xLow, xHigh, xLow);
  const squareHigh = high;
  const squareLow = low;
  let place = INVERSE_FACTORIALS + ((<usize>(EXACT_TERMS + odd)) << 4);
  high = load<f64>(place);
  low = load<f64>(place, 8);
  for (let term = EXACT_TERMS; term; term -= 2) {
    place -= 32;
    multiply(high, low, -squareHigh, -squareLow);
    add(load<f64>(place), load<f64>(place, 8), high, low);
  }
  if (odd) multiply(high, low, xHigh, xLow);
}

/** The arc sine of 0 to 1, rounded correctly; NaN above. */
export function arcSine(x: f64): f64 {
  const first = quickArcSine(x);
  if (x <= ASIN_MAX) {
    sineOf(first, 0);
    return first + (x - high - low) / quickCosine(first);
  }
  const rest = 2 * quickArcSine(sqrt((1 - x) * 0.5));
  if (rest == 0) return HALF_PI;
  sineOf(rest, 1);
  const correction = (high - x + low) / quickSine(rest);
  addOne(HALF_PI, -rest);
  return high + (low + (HALF_PI_LOW - correction));
}

// Quick

/** The sine of an angle of at most pi, nearly. */
export function quickSine(angle: f64): f64 {
  if (abs(angle) > SMALL_MAX) return quickSineOf(angle, 0);
  const square = angle * angle;
  const rest = 1.0 / 120 - square * (1.0 / 5040 - square * (1.0 / 362880));
  return angle - angle * square * (1.0 / 6 - square * rest);
}

/** The cosine of an angle of at most pi/2, nearly. */
export function quickCosine(angle: f64): f64 {
  return quickSineOf(angle, 1);
}

function quickSineOf(angle: f64, rightAngles: i32): f64 {
  const turns = nearest(angle / HALF_PI);
  const x = angle - turns * HALF_PI - turns * HALF_PI_LOW;
  const quadrant = <i32>turns + rightAngles;
  const odd: u32 = quadrant & 1 ? 0 : 1;
  const square = x * x;
  let place = INVERSE_FACTORIALS + ((<usize>(QUICK_TERMS + odd)) << 4);
  let sum = load<f64>(place);
  for (let term = QUICK_TERMS; term; term -= 2) {
    place -= 32;
    sum = load<f64>(place) - sum * square;
  }
  if (odd) sum *= x;
  return quadrant & 2 ? -sum : sum;
}

/** The arc sine of 0 to 1, nearly; NaN above. */
export function quickArcSine(x: f64): f64 {
  return NativeMath.asin(x);
}
