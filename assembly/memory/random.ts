/**
 * Random numbers: xoshiro256** by David Blackman and Sebastiano Vigna
 * (https://prng.di.unimi.it/xoshiro256starstar.c), its state filled by splitmix64
 * (https://prng.di.unimi.it/splitmix64.c). Good for sampling, not for secrets. The same
 * seed gives the same sequence, so a run can be repeated.
 */

const GOLDEN: u64 = 0x9e3779b97f4a7c15;
const MIX_1: u64 = 0xbf58476d1ce4e5b9;
const MIX_2: u64 = 0x94d049bb133111eb;

// Never all zero: that state would repeat itself for ever.
let state0: u64 = 1;
let state1: u64 = 2;
let state2: u64 = 3;
let state3: u64 = 4;

/** Starts the sequence that belongs to these 128 bits. */
export function seed(low: u64, high: u64): void {
  state0 = mix(low);
  state1 = mix(low + GOLDEN);
  state2 = mix(high ^ GOLDEN);
  state3 = mix(high + GOLDEN) | 1;
}

/** The next 64 random bits. */
export function next(): u64 {
  const result = rotl(state1 * 5, 7) * 9;
  const shifted = state1 << 17;
  state2 ^= state0;
  state3 ^= state1;
  state1 ^= state2;
  state0 ^= state3;
  state2 ^= shifted;
  state3 = rotl(state3, 45);
  return result;
}

/** A number from 0 to `bound` - 1, each as likely as the others. `bound` is not 0. */
export function below(bound: u64): u64 {
  assert(bound != 0);
  return bound >> 32 == 0 ? belowSmall(bound) : belowLarge(bound);
}

/** Lemire's method (https://arxiv.org/abs/1805.10941): one multiplication, almost never a division. */
function belowSmall(bound: u64): u64 {
  const small = <u32>bound;
  let product = (next() >> 32) * bound;
  if (<u32>product < small) {
    const threshold: u32 = (0 - small) % small;
    while (<u32>product < threshold) product = (next() >> 32) * bound;
  }
  return product >> 32;
}

/** Draws as many bits as `bound` has until they are below it: twice on average at worst. */
function belowLarge(bound: u64): u64 {
  const spare = clz(bound);
  let drawn = next() >> spare;
  while (drawn >= bound) drawn = next() >> spare;
  return drawn;
}

function mix(state: u64): u64 {
  let z = state + GOLDEN;
  z = (z ^ (z >> 30)) * MIX_1;
  z = (z ^ (z >> 27)) * MIX_2;
  return z ^ (z >> 31);
}
