/**
 * Wide integers: products and quotients of 64-bit numbers, exact to the last bit, which is
 * what correct rounding of floats needs. Results of 128 bits are left in `wideHigh` and
 * `wideLow`; the rest of a division in `remainder`. Wasm itself has only the low halves.
 *
 * Division: Knuth's algorithm D as in Hacker's Delight (https://github.com/hcs0/Hackers-Delight,
 * divlu), two digits of 32 bits.
 */

const LOW_HALF: u64 = 0xffffffff;

export let wideHigh: u64 = 0;
export let wideLow: u64 = 0;
export let remainder: u64 = 0;

/** `wideHigh:wideLow` becomes a * b. */
export function multiplyWide(a: u64, b: u64): void {
  const a0 = a & LOW_HALF;
  const a1 = a >> 32;
  const b0 = b & LOW_HALF;
  const b1 = b >> 32;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >> 32);
  const other = a0 * b1 + (middle & LOW_HALF);
  wideHigh = a1 * b1 + (middle >> 32) + (other >> 32);
  wideLow = (other << 32) | (low & LOW_HALF);
}

/** high:low / divisor, rounded down. `divisor` has its top bit set and is above `high`. */
export function divideWide(high: u64, low: u64, divisor: u64): u64 {
  const first = quotientDigit(high, low >> 32, divisor);
  const second = quotientDigit(remainder, low & LOW_HALF, divisor);
  return (first << 32) | second;
}

/** high:low / 2^shift, rounded half to even; it must fit into 64 bits. `shift` is below 128. */
export function shiftWide(high: u64, low: u64, shift: u64): u64 {
  if (shift == 0) return low;
  if (shift > 64) {
    const kept = high >> (shift - 64);
    return roundHalfEven(kept, high << (128 - shift), low);
  }
  if (shift == 64) return roundHalfEven(high, low, 0);
  return roundHalfEven((high << (64 - shift)) | (low >> shift), low << (64 - shift), 0);
}

/** `kept`, or one more, whichever is nearer to kept + (lost:more) / 2^128. May wrap to 0. */
export function roundHalfEven(kept: u64, lost: u64, more: u64): u64 {
  const half = (<u64>1) << 63;
  if (lost < half) return kept;
  return lost > half || more != 0 ? kept + 1 : kept + (kept & 1);
}

/** One digit of (upper * 2^32 + next) / divisor; `remainder` is what is left. */
function quotientDigit(upper: u64, next: u64, divisor: u64): u64 {
  const d1 = divisor >> 32;
  const d0 = divisor & LOW_HALF;
  let digit = upper / d1;
  let rest = upper - digit * d1;
  while (digit > LOW_HALF || digit * d0 > ((rest << 32) | next)) {
    digit--;
    rest += d1;
    if (rest > LOW_HALF) break;
  }
  remainder = (upper << 32) + next - digit * divisor;
  return digit;
}
