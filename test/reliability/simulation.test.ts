/**
 * The promises P1 to P5 and P9 to P13 on simulated machines (docs/RELIABILITY.md R7). A seed that fails is
 * replayed with its last events by `npx tsx test/reliability/simulate.ts SEED 1`.
 */
import { describe, expect, test } from 'vitest';
import { installGlobals } from './simulated-indexeddb.js';
import { type Outcome, simulate } from './simulation.js';

installGlobals();

const SEEDS_A_TEST = 250;
const STORAGE_TESTS = 4;

/** What is worth reading of a seed that failed. */
function story({ seed, steps, hash, violation, trace }: Outcome): string {
  return [`seed ${seed}, step ${steps}, hash ${hash}: ${violation}`, ...trace].join('\n');
}

describe('simulated owners of one store keep every promise', () => {
  for (let part = 0; part < STORAGE_TESTS; part++) {
    const from = 1 + part * SEEDS_A_TEST;
    test(`storage, seeds ${from} to ${from + SEEDS_A_TEST - 1}`, async () => {
      for (let seed = from; seed < from + SEEDS_A_TEST; seed++) {
        const outcome = await simulate(seed);
        expect(outcome.violation === null ? '' : story(outcome)).toBe('');
      }
    });
  }
});

test('a seed gives the same history each time', async () => {
  for (const seed of [3, 17, 40]) {
    const { hash, steps } = await simulate(seed);
    expect(await simulate(seed)).toMatchObject({ hash, steps });
    expect((await simulate(seed + 1)).hash).not.toBe(hash);
  }
});
