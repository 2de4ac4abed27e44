/**
 * Drives the workload against a store until the store is gone, and tells what was answered when.
 * Runs in the page and, for servers, in the driver.
 */
import { type Plan, STRING_KEYS, type Step, stepIn, stepOf, tagOf } from './workload.js';

/** The store has said no: the step has not run. Any other error means that the store is gone. */
export class Refusal extends Error {}

/** What the workload needs of a store. Error replies are rejected as a Refusal. */
export interface Target {
  send(args: readonly string[]): Promise<unknown>;
  /** All or nothing; resolves when EXEC has been answered. */
  transaction(commands: Step['commands']): Promise<unknown>;
}

/**
 * Something that was seen, at Unix milliseconds.
 *
 * - `ok`, `refused`: the answer to a step
 * - `read`: another client has read what this step wrote
 * - `snapshot`: one was asked for and is there (SAVE) or has begun
 */
export interface Sight {
  readonly kind: 'ok' | 'refused' | 'read' | 'snapshot';
  readonly step: number;
  readonly at: number;
  /** Of a refusal: the error. */
  readonly why?: string;
}

export type Report = (sight: Sight) => void;

const SNAPSHOTS = ['SAVE', 'BGSAVE', 'BGREWRITEAOF'];

/** Writes through `writer`, and reads through `reader`, until they break. */
export async function wear(
  writer: Target,
  reader: Target,
  plan: Plan,
  report: Report,
): Promise<void> {
  await Promise.allSettled([write(writer, plan, report), read(reader, plan, report)]);
}

async function write(target: Target, plan: Plan, report: Report): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (let number = 0; ; number++) {
    const step = take(target, plan, number, report);
    underWay.add(step);
    step.then(
      () => underWay.delete(step),
      () => {},
    );
    if (plan.snapshotEvery > 0 && number % plan.snapshotEvery === plan.snapshotEvery - 1) {
      void snapshot(target, number, report);
    }
    // One that has failed stays, and ends this.
    if (underWay.size >= plan.inFlight) await Promise.race(underWay);
  }
}

async function take(target: Target, plan: Plan, number: number, report: Report): Promise<void> {
  const { commands } = stepOf(plan, number);
  const [first] = commands;
  try {
    if (commands.length === 1 && first !== undefined) await target.send(first);
    else await target.transaction(commands);
    report({ kind: 'ok', step: number, at: Date.now() });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report({ kind: 'refused', step: number, at: Date.now(), why: error.message });
  }
}

async function snapshot(target: Target, step: number, report: Report): Promise<void> {
  const name = SNAPSHOTS[step % SNAPSHOTS.length] as string;
  const done = await target.send([name]).then(
    () => true,
    () => false,
  );
  if (done) report({ kind: 'snapshot', step, at: Date.now() });
}

/** Looks at some strings, round and round, and reports the newest step that it sees. */
async function read(target: Target, plan: Plan, report: Report): Promise<void> {
  let newest = -1;
  for (let at = 0; ; at = (at + 8) % STRING_KEYS.length) {
    const values = await target.send(['MGET', ...STRING_KEYS.slice(at, at + 8)]);
    for (const value of values as (string | null)[]) {
      const step = value === null ? -1 : stepIn(tagOf(value), plan.life);
      if (step <= newest) continue;
      newest = step;
      report({ kind: 'read', step, at: Date.now() });
    }
  }
}
