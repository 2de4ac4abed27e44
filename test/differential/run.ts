/**
 * A differential run: seeded sequences until enough commands were compared. The length is
 * COMMANDS, the seed SEED, both environment variables; so a failure can be run again.
 */
import * as fc from 'fast-check';
import type { Connection } from '../support/connection.js';
import type { Store } from '../support/targets.js';
import { type Difference, firstDifference, minimize, type Sequence } from './compare.js';
import type { Command } from './grammar.js';

const SEQUENCE_LENGTH = 400;
/** Mostly whole batches; a part of the rounds tears requests apart. */
const SLICES = [0, 0, 0, 1021, 0, 0, 61];

export interface Run {
  readonly grammar: fc.Arbitrary<Command>;
  readonly seed: number;
  readonly commands: number;
}

export interface Finding {
  readonly sequence: Sequence;
  readonly difference: Difference;
}

export interface Outcome {
  readonly compared: number;
  readonly finding: Finding | null;
}

export function seedOfRun(): number {
  return Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
}

export function lengthOfRun(usual: number): number {
  return Number(process.env.COMMANDS ?? usual);
}

export async function compareStores(
  openOurs: () => Promise<Store>,
  theirs: Store,
  run: Run,
): Promise<Outcome> {
  const ours = await openOurs();
  const sides = { ours: await ours.connect(), theirs: await theirs.connect() };
  let compared = 0;
  let finding: Finding | null = null;
  for (let round = 0; compared < run.commands && finding === null; round++) {
    const sequence = generate(run, round);
    const difference = await firstDifference(sides, sequence);
    if (difference === null) compared += sequence.commands.length;
    else finding = { sequence, difference };
  }
  if (finding !== null) finding = await smallest(openOurs, sides.theirs, finding);
  sides.ours.close();
  sides.theirs.close();
  await ours.close();
  return { compared, finding };
}

function generate({ grammar, seed }: Run, round: number): Sequence {
  const bounds = { minLength: SEQUENCE_LENGTH, maxLength: SEQUENCE_LENGTH };
  const sequences = fc.array(grammar, bounds);
  const [commands = []] = fc.sample(sequences, { seed: seed + round, numRuns: 1 });
  const slice = SLICES[round % SLICES.length] as number;
  return { protocol: round % 2 === 0 ? 2 : 3, slice, commands };
}

/**
 * Each attempt gets a store of ours that is new, so that nothing of the last one is left over. A
 * difference that is not there in a new store needs what came before: it stays as it was found.
 */
async function smallest(
  openOurs: () => Promise<Store>,
  theirs: Connection,
  finding: Finding,
): Promise<Finding> {
  const attempt = async (sequence: Sequence) => {
    const store = await openOurs();
    try {
      return await firstDifference({ ours: await store.connect(), theirs }, sequence);
    } finally {
      await store.close();
    }
  };
  if ((await attempt(finding.sequence)) === null) return finding;
  const sequence = await minimize(attempt, finding.sequence);
  const difference = await attempt(sequence);
  return difference === null ? finding : { sequence, difference };
}
