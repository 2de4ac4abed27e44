/**
 * Run by hand: goes on for some seconds after each difference, and prints every kind of it once,
 * minimized, with the seed and round that found it.
 *
 *   npx tsx test/differential/explore.ts FAMILY [SECONDS] [SEED] [effects | events]
 *
 * With `effects` it is what is written down that is compared, with `events` what listeners of
 * keyspace events hear, and not the replies.
 */
import { program } from '../../scripts/program.js';
import { openRedis } from '../support/target-process.js';
import { type Difference, explain } from './compare.js';
import { firstEffectDifference, openInlineWriting, openRedisWriting } from './effects.js';
import { FAMILIES } from './families.js';
import {
  firstNotificationDifference,
  openInlineListening,
  openRedisListening,
} from './notifications.js';
import { compareSides, type Outcome, type Run } from './run.js';
import { scriptsGrammar } from './scripts-grammar.js';
import { connectSide, openInlineSide } from './sides.js';

/** A difference is in what was done, not in a reply. */
const DONE = /^\((effects|events)\)$/;
const COMMANDS_BETWEEN_LOOKS = 50_000;

const COMPARISONS: Readonly<Record<string, () => Promise<Comparison>>> = {
  effects: comparingEffects,
  events: comparingEvents,
};

await program(
  import.meta.url,
  async ([family = 'mixed', seconds = '60', seed = '1', what = '']) => {
    const grammar = [...FAMILIES, scriptsGrammar].find(({ name }) => name === family);
    if (grammar === undefined) throw new Error(`there is no family '${family}'`);
    const compare = await (COMPARISONS[what] ?? comparingReplies)();
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
      const outcome = await compare.run(run);
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
    await compare.close();
  },
);

interface Comparison {
  run(run: Run): Promise<Outcome>;
  close(): Promise<void>;
}

async function comparingReplies(): Promise<Comparison> {
  const redis = await openRedis();
  const theirs = await connectSide(redis.port);
  return {
    run: (run) => compareSides(openInlineSide, theirs, run),
    close: async () => {
      await theirs.close();
      await redis.close();
    },
  };
}

async function comparingEffects(): Promise<Comparison> {
  const theirs = await openRedisWriting();
  return {
    run: (run) => compareSides(openInlineWriting, theirs, run, firstEffectDifference),
    close: () => theirs.close(),
  };
}

async function comparingEvents(): Promise<Comparison> {
  const theirs = await openRedisListening();
  return {
    run: (run) => compareSides(openInlineListening, theirs, run, firstNotificationDifference),
    close: () => theirs.close(),
  };
}

/** Differences of a kind most likely have one cause. */
function kindOf({ command, ours, theirs }: Difference): string {
  const shown = DONE.test(command[0] ?? '') ? `${firstWords(ours)} ${firstWords(theirs)}` : ours;
  return `${command[0]} ${shown.slice(0, 16).replace(/\d+/g, '0')}`.toUpperCase();
}

/** `in 0: SET` */
function firstWords(text: string): string {
  return text.split(' ').slice(2, 3).join();
}

function isDigest({ command }: Difference): boolean {
  return command[0] === 'DEBUG';
}
