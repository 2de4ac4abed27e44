/**
 * Run by hand: goes on for some seconds after each difference, and prints every kind of it once,
 * minimized, with the seed and round that found it.
 *
 *   npx tsx test/differential/explore.ts FAMILY [SECONDS] [SEED]
 */
import { program } from '../../scripts/program.js';
import { openRedis } from '../support/target-process.js';
import { type Difference, explain } from './compare.js';
import { FAMILIES } from './families.js';
import { compareSides } from './run.js';
import { connectSide, openInlineSide } from './sides.js';

const COMMANDS_BETWEEN_LOOKS = 50_000;

await program(import.meta.url, async ([family = 'mixed', seconds = '60', seed = '1']) => {
  const grammar = FAMILIES.find(({ name }) => name === family);
  if (grammar === undefined) throw new Error(`there is no family '${family}'`);
  const redis = await openRedis();
  const theirs = await connectSide(redis.port);
  const start = performance.now();
  const seen = new Set<string>();
  let compared = 0;
  for (let firstRound = 0; performance.now() - start < Number(seconds) * 1000; ) {
    const isKnown = (difference: Difference) => seen.has(kindOf(difference));
    const run = {
      grammar,
      seed: Number(seed),
      commands: COMMANDS_BETWEEN_LOOKS,
      firstRound,
      isKnown,
    };
    const outcome = await compareSides(openInlineSide, theirs, run);
    compared += outcome.compared;
    firstRound = outcome.nextRound;
    if (outcome.finding === null) continue;
    const { sequence, difference, found, round } = outcome.finding;
    const last = sequence.steps.at(-1)?.at(-1);
    const kind = isDigest(difference) ? `DIGEST ${last?.[0]}` : kindOf(difference);
    if (seen.has(kind)) continue;
    seen.add(kind);
    if (!isDigest(found)) seen.add(kindOf(found));
    console.log(`\n# ${family} SEED=${seed} round ${round}\n${explain(sequence, difference)}`);
  }
  const rate = compared / ((performance.now() - start) / 1000);
  console.log(
    `\n${family}: ${compared} commands, ${Math.round(rate)} a second, ${seen.size} kinds`,
  );
  await theirs.close();
  await redis.close();
});

/** Differences of a kind most likely have one cause. */
function kindOf({ command, ours }: Difference): string {
  return `${command[0]} ${ours.slice(0, 12)}`.toUpperCase();
}

function isDigest({ command }: Difference): boolean {
  return command[0] === 'DEBUG';
}
