/**
 * A differential run: seeded sequences until enough commands were compared. The length is
 * COMMANDS, the seed SEED, both environment variables; so a failure can be run again.
 */
import * as fc from 'fast-check';
import type { Store } from '../support/targets.js';
import {
  type Difference,
  firstDifference,
  minimize,
  type Sequence,
  type Sides,
} from './compare.js';
import type { Command } from './grammar.js';

const SEQUENCE_LENGTH = 400;

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

export async function compareStores(ours: Store, theirs: Store, run: Run): Promise<Outcome> {
  const sides = { ours: await ours.connect(), theirs: await theirs.connect() };
  let compared = 0;
  for (let round = 0; compared < run.commands; round++) {
    const sequence = generate(run, round);
    const difference = await firstDifference(sides, sequence);
    if (difference !== null) {
      return { compared, finding: await smallest(sides, { sequence, difference }) };
    }
    compared += sequence.commands.length;
  }
  sides.ours.close();
  sides.theirs.close();
  return { compared, finding: null };
}

function generate({ grammar, seed }: Run, round: number): Sequence {
  const bounds = { minLength: SEQUENCE_LENGTH, maxLength: SEQUENCE_LENGTH };
  const sequences = fc.array(grammar, bounds);
  const [commands = []] = fc.sample(sequences, { seed: seed + round, numRuns: 1 });
  return { protocol: round % 2 === 0 ? 2 : 3, commands };
}

async function smallest(sides: Sides, finding: Finding): Promise<Finding> {
  const sequence = await minimize(sides, finding.sequence);
  const difference = await firstDifference(sides, sequence);
  return difference === null ? finding : { sequence, difference };
}
