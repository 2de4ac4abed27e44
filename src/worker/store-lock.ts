/**
 * The Web Lock that says who owns a store: `redstart:<name>`.
 *
 * A lock is never enough: an owner can be robbed of it and learn that late, so the storage has a
 * fence of its own (docs/RELIABILITY.md F6-F9). The lock only makes it rare that the fence is needed.
 */
import { LeaderLostError, StoreBusyError } from '../resp/errors.js';

export interface StoreLock {
  /** Gives it up; resolves once others can have it. */
  release(): Promise<void>;
}

/**
 * Takes the lock; waits `timeoutMs` for another owner who is just letting go (a page that is
 * reloading), then rejects with a StoreBusyError. `lost` is called if somebody steals it.
 * Null where there are no Web Locks.
 */
export async function takeStoreLock(
  name: string,
  timeoutMs: number,
  lost: (error: LeaderLostError) => void,
): Promise<StoreLock | null> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  if (locks === undefined) return null;
  const lock = `redstart:${name}`;
  const held = await hold(locks, lock, { ifAvailable: true }, lost);
  if (held !== null) return held;
  const waited = await hold(locks, lock, { signal: AbortSignal.timeout(timeoutMs) }, lost);
  if (waited !== null) return waited;
  throw new StoreBusyError(
    `The store '${name}' is open in another tab or worker of this origin. ` +
      'This version of Redstart does not share a store between tabs.',
  );
}

/** Null if the lock was not available, or not in time. */
function hold(
  locks: LockManager,
  name: string,
  options: LockOptions,
  lost: (error: LeaderLostError) => void,
): Promise<StoreLock | null> {
  return new Promise((resolve, reject) => {
    let isHeld = false;
    let isReleased = false;
    let settle: () => void = () => undefined;
    const untilReleased = new Promise<void>((done) => {
      settle = done;
    });
    const request = locks.request(name, options, (granted) => {
      if (granted === null) {
        resolve(null);
        return undefined;
      }
      isHeld = true;
      resolve({
        release: async () => {
          isReleased = true;
          settle();
          await request.catch(() => undefined);
        },
      });
      return untilReleased;
    });
    request.catch((error: unknown) => {
      if (!isHeld && options.signal?.aborted) resolve(null);
      else if (!isHeld) reject(error);
      else if (!isReleased) {
        lost(new LeaderLostError(`Another tab took over the store '${name}'`, { cause: error }));
      }
    });
  });
}
