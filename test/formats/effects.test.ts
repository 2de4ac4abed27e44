/**
 * Effects are what redis-server appends to its AOF: for generated sequences of every family, both
 * are the same command by command. What may differ is said in test/differential/effects.ts;
 * COMMANDS and SEED are variables of the environment.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain } from '../differential/compare.js';
import {
  firstEffectDifference,
  openInlineWriting,
  openRedisWriting,
  type WritingSide,
} from '../differential/effects.js';
import { FAMILIES } from '../differential/families.js';
import { compareSides, lengthOfRun, seedOfRun } from '../differential/run.js';

const TIMEOUT_MS = 3_600_000;
const USUAL_LENGTH = 20_000;

let theirs: WritingSide;

beforeAll(async () => {
  theirs = await openRedisWriting();
});

afterAll(() => theirs.close());

test.each(FAMILIES)(
  'what is written down of $name is what Redis writes down',
  async (grammar) => {
    const seed = seedOfRun();
    const run = { grammar, seed, commands: lengthOfRun(USUAL_LENGTH) };
    const { compared, finding } = await compareSides(
      openInlineWriting,
      theirs,
      run,
      firstEffectDifference,
    );
    console.log(`${grammar.name} SEED=${seed}: the effects of ${compared} commands`);
    expect(finding && explain(finding.sequence, finding.difference), `SEED=${seed}`).toBe(null);
  },
  TIMEOUT_MS,
);
