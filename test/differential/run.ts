/**
 * A differential run: seeded sequences until enough commands were compared. The length is
 * COMMANDS, the seed SEED, both environment variables; so a failure can be run again.
 */
import { type Difference, firstDifference, minimize, type Sequence } from './compare.js';
import { type Grammar, type Step, stepsOf } from './grammar.js';
import { Random } from './random.js';
import { changeSetting } from './settings.js';
import type { Side } from './sides.js';

/** Short ones have values in their first encodings; in long ones they grow. */
const LENGTHS = [150, 500, 1000, 2500];
const CHECK_EVERY = 1000;
/** Mostly whole batches; a part of the rounds tears requests apart. */
const SLICES = [0, 0, 0, 1021, 0, 0, 61];
const SETTING_EVERY = 300;

export interface Run {
  readonly grammar: Grammar;
  readonly seed: number;
  readonly commands: number;
  /** Rounds before this one are passed over. */
  readonly firstRound?: number;
  /** Differences that need not be told again: their rounds are passed over. */
  readonly isKnown?: (difference: Difference) => boolean;
}

export interface Finding {
  readonly round: number;
  readonly sequence: Sequence;
  readonly difference: Difference;
  /** The one that was seen first: shrinking may have come upon another. */
  readonly found: Difference;
}

export interface Outcome {
  readonly compared: number;
  readonly nextRound: number;
  readonly finding: Finding | null;
}

export function seedOfRun(): number {
  return Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
}

export function lengthOfRun(usual: number): number {
  return Number(process.env.COMMANDS ?? usual);
}

/** What is compared of a sequence: the replies, or what is written down of it. */
export type Look<S extends Side> = (
  sides: { readonly ours: S; readonly theirs: S },
  sequence: Sequence,
) => Promise<Difference | null>;

/** `theirs` stays open. */
export async function compareSides<S extends Side>(
  openOurs: () => Promise<S>,
  theirs: S,
  run: Run,
  look: Look<S> = firstDifference,
): Promise<Outcome> {
  const sides = { ours: await openOurs(), theirs };
  let compared = 0;
  let finding: Finding | null = null;
  let round = run.firstRound ?? 0;
  for (; compared < run.commands && finding === null; round++) {
    const sequence = generate(run, round);
    const difference = await look(sides, sequence);
    if (difference === null) compared += commandsIn(sequence);
    else if (run.isKnown?.(difference)) sides.ours = await renewed(sides.ours, openOurs);
    else finding = { round, sequence, difference, found: difference };
  }
  await sides.ours.close();
  if (finding !== null) finding = await smallest(openOurs, theirs, finding, look);
  return { compared, nextRound: round, finding };
}

/** One that has failed may be of no use any more. */
async function renewed<S extends Side>(side: S, open: () => Promise<S>): Promise<S> {
  await side.close();
  return open();
}

function commandsIn({ steps }: Sequence): number {
  return steps.reduce((sum, step) => sum + step.length, 0);
}

/** The sequence of a round: always the same for a seed. */
function generate({ grammar, seed }: Pick<Run, 'grammar' | 'seed'>, round: number): Sequence {
  const random = new Random(seed, round);
  const next = stepsOf(grammar);
  const length = random.pick(LENGTHS);
  const steps: Step[] = [];
  const settings = random.pick([0, 0, 2, 6]);
  for (let left = settings; left > 0; left--) steps.push([changeSetting(random)]);
  for (let at = 1; at <= length; at++) {
    const isSetting = settings > 0 && random.below(SETTING_EVERY) === 0;
    steps.push(isSetting ? [changeSetting(random)] : next(random));
    if (at % CHECK_EVERY === 0) steps.push([['DEBUG', 'DIGEST']], ...encodings(grammar));
  }
  const slice = SLICES[round % SLICES.length] as number;
  return { protocol: round % 2 === 0 ? 2 : 3, slice, steps, keys: grammar.keys };
}

function encodings({ keys }: Grammar): Step[] {
  return keys.map((key) => [['OBJECT', 'ENCODING', key]]);
}

/**
 * Each attempt gets a store of ours that is new, so that nothing of the last one is left over. A
 * difference that is not there in a new store needs what came before: it stays as it was found.
 */
async function smallest<S extends Side>(
  openOurs: () => Promise<S>,
  theirs: S,
  finding: Finding,
  look: Look<S>,
): Promise<Finding> {
  const attempt = async (sequence: Sequence) => {
    const ours = await openOurs();
    try {
      return await look({ ours, theirs }, sequence);
    } finally {
      await ours.close();
    }
  };
  if ((await attempt(finding.sequence)) === null) return finding;
  const sequence = await minimize(attempt, finding.sequence);
  const difference = await attempt(sequence);
  return difference === null ? finding : { ...finding, sequence, difference };
}
