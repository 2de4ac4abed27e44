/**
 * The page's side of a store that lives in a worker.
 *
 * All clients of one page that name the same store share one worker; each has a MessagePort of
 * its own for data. The worker ends with its last client. When the page is put aside the worker
 * is told to save and let go of the store; when the page is back, clients connect anew, to a new
 * worker.
 */

import { spawnWorker } from './spawn-worker.js';
import type { OpenTransport, Transport, TransportEvents } from './transport.js';
import { type WorkerOptions, WorkerStore } from './worker-store.js';

export type { WorkerOptions } from './worker-store.js';

/** The stores of this page that are open or opening. */
const stores = new Map<string, WorkerStore>();

/** Opens the store in a worker, or joins the one that this page has already. */
export function openWorkerTransport(options: WorkerOptions): OpenTransport {
  return async (events: TransportEvents): Promise<Transport> => {
    const store = stores.get(options.name) ?? startStore(options);
    return store.attach(events);
  };
}

function startStore(options: WorkerOptions): WorkerStore {
  const store = new WorkerStore(spawnWorker(options.name, options.worker), options, () => {
    if (stores.get(options.name) === store) stores.delete(options.name);
  });
  stores.set(options.name, store);
  return store;
}
