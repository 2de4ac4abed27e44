/**
 * Sessions that block, watch, publish and go away see what they would see of redis-server.
 * `COMMANDS=1000000 SEED=7 npx vitest run sessions`; ROUND begins with that round.
 */
import { expect, test } from 'vitest';
import { openRedis } from '../support/target-process.js';
import { lengthOfRun, seedOfRun } from './run.js';
import { openOurStore, openTheirStore } from './session-sides.js';
import {
  explain,
  minimize,
  SessionComparison,
  type SessionSequence,
  sequenceOf,
} from './sessions.js';

const TIMEOUT_MS = 7_200_000;
const USUAL_LENGTH = 15_000;

test(
  'several sessions at once',
  async () => {
    const seed = seedOfRun();
    const wanted = lengthOfRun(USUAL_LENGTH);
    const redis = await openRedis();
    const theirs = await openTheirStore(redis.port);
    let ours = await openOurStore();
    const look = (sequence: SessionSequence) =>
      new SessionComparison(ours, theirs, sequence).firstDifference();
    let compared = 0;
    let round = Number(process.env.ROUND ?? 0);
    for (; compared < wanted; round++) {
      const sequence = sequenceOf(seed, round);
      const found = await look(sequence);
      compared += sequence.moves.length;
      if (found === null) continue;
      ours = await openOurStore();
      const small = await minimize(look, sequence);
      const difference = (await look(small)) ?? found;
      expect(explain(small, difference), `SEED=${seed} ROUND=${round}`).toBe('no difference');
    }
    console.log(`sessions SEED=${seed} COMMANDS=${wanted}: ${compared} were compared`);
    await ours.close();
    await theirs.close();
    await redis.close();
  },
  TIMEOUT_MS,
);
