/** Asks what is kept of a store and what is wrong with it, also when it does not open. */
import { withDeadline } from '../resp/deadline.js';
import { unpackError, WorkerLoadError } from '../resp/errors.js';
import type { StoreInspection } from '../resp/persistence.js';
import { spawnWorker } from './spawn-worker.js';
import { askWorker } from './worker-control.js';
import type { WorkerOptions } from './worker-store.js';

export type InspectOptions = Pick<WorkerOptions, 'name' | 'worker' | 'openTimeoutMs'>;

const TIMEOUT_MS = 60_000;

/**
 * Reads all that is kept of the store `name`, in a worker of its own, and changes nothing. Rejects with
 * a StorageError if it cannot be read, with a WorkerLoadError if the worker does not start.
 */
export async function inspectStore(options: InspectOptions): Promise<StoreInspection> {
  const { name, openTimeoutMs = TIMEOUT_MS } = options;
  const worker = spawnWorker(name, options.worker);
  try {
    const failed = new Promise<never>((_, reject) => {
      worker.addEventListener('error', ({ message }) => {
        reject(
          new WorkerLoadError(`The worker did not load: ${message || 'not found, or blocked'}`),
        );
      });
    });
    const late = () => new WorkerLoadError(`The worker did not answer within ${openTimeoutMs} ms`);
    const asked = Promise.race([askWorker(worker, 'inspect', [name]), failed]);
    const outcome = await withDeadline(asked, openTimeoutMs, late);
    if ('error' in outcome) throw unpackError(outcome.error);
    return outcome.value;
  } finally {
    worker.terminate();
  }
}
