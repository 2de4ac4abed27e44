/**
 * Scripts made by chance answer as they do in redis-server, and leave the same behind.
 * `COMMANDS=100000 SEED=7 npx vitest run differential/scripts`
 */
import { expect, test } from 'vitest';
import { openRedis } from '../support/target-process.js';
import { explain } from './compare.js';
import { compareSides, lengthOfRun, seedOfRun } from './run.js';
import { scriptsGrammar } from './scripts-grammar.js';
import { connectSide, openInlineSide } from './sides.js';

const TIMEOUT_MS = 7_200_000;
const USUAL_LENGTH = 400;

test(
  'scripts',
  async () => {
    const seed = seedOfRun();
    const commands = lengthOfRun(USUAL_LENGTH);
    const redis = await openRedis();
    const theirs = await connectSide(redis.port);
    const run = { grammar: scriptsGrammar, seed, commands };
    const { compared, finding } = await compareSides(openInlineSide, theirs, run);
    await theirs.close();
    await redis.close();
    console.log(`scripts SEED=${seed} COMMANDS=${commands}: ${compared} were compared`);
    expect(finding && explain(finding.sequence, finding.difference), `SEED=${seed}`).toBe(null);
    expect(compared).toBeGreaterThanOrEqual(commands);
  },
  TIMEOUT_MS,
);
