/**
 * Generated sequences answer as redis-server answers them, family by family and all of them on
 * the same keys. `npx vitest run differential -t lists`; COMMANDS and SEED are variables of the
 * environment.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRedis, openServer, type ProcessStore } from '../support/target-process.js';
import { explain } from './compare.js';
import { FAMILIES } from './families.js';
import type { Grammar } from './grammar.js';
import { compareSides, lengthOfRun, seedOfRun } from './run.js';
import { connectSide, openInlineSide, type Side } from './sides.js';

const TIMEOUT_MS = 7_200_000;
const USUAL_LENGTH = 40_000;
const USUAL_LENGTH_OVER_TCP = 20_000;

let redis: ProcessStore;

beforeAll(async () => {
  redis = await openRedis();
});

afterAll(() => redis.close());

async function expectSame(
  grammar: Grammar,
  openOurs: () => Promise<Side>,
  usualLength: number,
): Promise<void> {
  const seed = seedOfRun();
  const commands = lengthOfRun(usualLength);
  const theirs = await connectSide(redis.port);
  const { compared, finding } = await compareSides(openOurs, theirs, { grammar, seed, commands });
  await theirs.close();
  console.log(`${grammar.name} SEED=${seed} COMMANDS=${commands}: ${compared} were compared`);
  expect(finding && explain(finding.sequence, finding.difference), `SEED=${seed}`).toBe(null);
  expect(compared).toBeGreaterThanOrEqual(commands);
}

test.each(FAMILIES)(
  '$name: the engine and host in this thread',
  (grammar) => expectSame(grammar, openInlineSide, USUAL_LENGTH),
  TIMEOUT_MS,
);

test(
  'our server over TCP',
  async () => {
    const server = await openServer();
    const [mixed] = FAMILIES.slice(-1);
    const open = () => connectSide(server.port);
    await expectSame(mixed as Grammar, open, USUAL_LENGTH_OVER_TCP).finally(() => server.close());
  },
  TIMEOUT_MS,
);
