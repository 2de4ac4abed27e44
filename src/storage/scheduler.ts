/**
 * Time as the platform gives it, and deadlines on top of any Scheduler.
 */
import { StorageFault } from './errors.js';
import type { Scheduler } from './storage.js';

/** The platform's own timers, for those who put a store together. */
export const systemScheduler: Scheduler = {
  // clock: this is the one that is handed in
  monotonic: () => performance.now(),
  // clock: for people only
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** `work`, or a `timeout` fault if it takes longer than `timeoutMs`. */
export function withDeadline<T>(
  scheduler: Scheduler,
  timeoutMs: number,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(timeoutMs, () => {
      reject(new StorageFault('timeout', `${doing}: no answer within ${timeoutMs} ms`));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
