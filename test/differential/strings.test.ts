/** Strings, keys and expiry: generated sequences answer as redis-server answers them. */
import { expect, test } from 'vitest';
import { openInline } from '../support/target-inline.js';
import { openRedis, openServer } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { explain } from './compare.js';
import { compareStores, lengthOfRun, seedOfRun } from './run.js';
import { stringsGrammar } from './strings-grammar.js';

const TIMEOUT_MS = 3_600_000;

async function expectSame(openOurs: () => Promise<Store>, usualLength: number): Promise<void> {
  const theirs = await openRedis();
  const seed = seedOfRun();
  const commands = lengthOfRun(usualLength);
  try {
    const run = { grammar: stringsGrammar, seed, commands };
    const { compared, finding } = await compareStores(openOurs, theirs, run);
    console.log(`SEED=${seed} COMMANDS=${commands}: ${compared} commands were compared`);
    expect(finding && explain(finding.sequence, finding.difference), `SEED=${seed}`).toBe(null);
    expect(compared).toBeGreaterThanOrEqual(commands);
  } finally {
    await theirs.close();
  }
}

test('the engine and host in this thread', () => expectSame(openInline, 60_000), TIMEOUT_MS);

test('our server over TCP', () => expectSame(openServer, 20_000), TIMEOUT_MS);
