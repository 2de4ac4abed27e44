/**
 * Lets a fake scheduler's time pass until a promise ends, without sleeping: between two steps all
 * tasks of the fake IndexedDB get their turn.
 */
import type { FakeScheduler } from './fake-scheduler.js';

const STEP_MS = 500;
const STEPS_MAX = 400;
const TURNS_PER_STEP = 30;

export type Outcome<T> = { readonly value: T } | { readonly error: Error };

/** How `work` ends; throws if it does not. */
export async function drive<T>(scheduler: FakeScheduler, work: Promise<T>): Promise<Outcome<T>> {
  let outcome: Outcome<T> | null = null;
  work.then(
    (value) => {
      outcome = { value };
    },
    (error: Error) => {
      outcome = { error };
    },
  );
  for (let step = 0; step < STEPS_MAX; step++) {
    for (let turn = 0; turn < TURNS_PER_STEP && outcome === null; turn++) await nextTask();
    if (outcome !== null) return outcome;
    scheduler.advance(STEP_MS);
  }
  throw new Error(`no end after ${STEPS_MAX * STEP_MS} ms`);
}

/** After all tasks that wait now. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** After everything that can happen without time passing has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS_PER_STEP; turn++) await nextTask();
}
