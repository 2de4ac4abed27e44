/** Looks at what is kept of a store, without opening it. */
import type { StoreInspection } from '../resp/persistence.js';
import { isFault } from '../storage/errors.js';
import { diagnose, listQuarantine } from '../storage/repair.js';
import { systemScheduler } from '../storage/scheduler.js';

const TIMEOUT_MS = 10_000;

export async function inspectStore(name: string): Promise<StoreInspection> {
  const options = { name, factory: indexedDB, scheduler: systemScheduler, timeoutMs: TIMEOUT_MS };
  try {
    return { quarantine: await listQuarantine(options), diagnosis: await diagnose(options) };
  } catch (error) {
    if (isFault(error, 'missing')) return { quarantine: [], diagnosis: null };
    throw error;
  }
}
