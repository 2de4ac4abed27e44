/** The generator against xoshiro256** in BigInt, and its draws against their odds. */
import { expect, test } from 'vitest';
import { compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('assembly/memory/random.ts');
const word = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint): bigint =>
  word(value << bits) | (value >> (64n - bits));

test('an unseeded generator yields the published sequence for the state 1, 2, 3, 4', () => {
  const core = instantiate(module);
  // https://docs.rs/rand_xoshiro: the vector of its own test, from the reference in C.
  const vector = [11520n, 0n, 1509978240n, 1215971899390074240n, 1216172134540287360n];
  for (const value of vector) expect(word(core.call('next') as bigint)).toBe(value);
});

test('goes on as the reference does', () => {
  const core = instantiate(module);
  let s: [bigint, bigint, bigint, bigint] = [1n, 2n, 3n, 4n];
  for (let round = 0; round < 10_000; round++) {
    expect(word(core.call('next') as bigint)).toBe(word(rotate(word(s[1] * 5n), 7n) * 9n));
    const c = s[2] ^ s[0];
    const d = s[3] ^ s[1];
    s = [s[0] ^ d, s[1] ^ c, c ^ word(s[1] << 17n), rotate(d, 45n)];
  }
});

test('a seed repeats its sequence and every other seed has another one', () => {
  const first = (low: bigint, high: bigint): bigint[] => {
    const core = instantiate(module);
    core.call('seed', low, high);
    return [core.call('next') as bigint, core.call('next') as bigint];
  };
  expect(first(7n, 8n)).toEqual(first(7n, 8n));
  const seeds: [bigint, bigint][] = [
    [0n, 0n],
    [0n, 1n],
    [1n, 0n],
    [8n, 7n],
    [7n, 8n],
    [-1n, -1n],
  ];
  const starts = seeds.map(([low, high]) => first(low, high).join());
  expect(new Set(starts).size).toBe(seeds.length);
});

test('draws stay below their bound and are even', () => {
  const core = instantiate(module);
  core.call('seed', 1n, 2n);
  for (const bound of [1, 2, 3, 10, 97]) {
    const counts = new Array<number>(bound).fill(0);
    const draws = 2000 * bound;
    for (let draw = 0; draw < draws; draw++) {
      counts[Number(core.call('below', BigInt(bound)))] += 1;
    }
    expect(counts.length).toBe(bound);
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(260);
  }
});

test('bounds where a modulo would favour the low half by half do not', () => {
  const core = instantiate(module);
  core.call('seed', 3n, 4n);
  for (const bits of [32n, 64n]) {
    const bound = 3n * 2n ** (bits - 2n);
    let low = 0;
    for (let draw = 0; draw < 6000; draw++) {
      const drawn = word(core.call('below', BigInt.asIntN(64, bound)) as bigint);
      expect(drawn < bound).toBe(true);
      if (drawn < 2n ** (bits - 2n)) low++;
    }
    expect(Math.abs(low - 2000)).toBeLessThan(200);
  }
});
