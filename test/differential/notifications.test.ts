/**
 * Keyspace events: for generated sequences of every family our core notes the same ones, in the
 * same order, as a subscriber of redis-server hears. COMMANDS and SEED are variables of the
 * environment.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explain } from './compare.js';
import { FAMILIES } from './families.js';
import {
  firstNotificationDifference,
  type ListeningSide,
  openInlineListening,
  openRedisListening,
} from './notifications.js';
import { compareSides, lengthOfRun, seedOfRun } from './run.js';

const TIMEOUT_MS = 3_600_000;
const USUAL_LENGTH = 20_000;

let theirs: ListeningSide;

beforeAll(async () => {
  theirs = await openRedisListening();
});

afterAll(() => theirs.close());

test.each(FAMILIES)(
  'the events of $name are those of Redis',
  async (grammar) => {
    const seed = seedOfRun();
    const run = { grammar, seed, commands: lengthOfRun(USUAL_LENGTH) };
    const look = firstNotificationDifference;
    const { compared, finding } = await compareSides(openInlineListening, theirs, run, look);
    console.log(`${grammar.name} SEED=${seed}: the events of ${compared} commands`);
    expect(finding && explain(finding.sequence, finding.difference), `SEED=${seed}`).toBe(null);
  },
  TIMEOUT_MS,
);
