/** A promise with a deadline: the one of ours that always ends. */

/** `promise`, or a rejection with `error()` after `timeoutMs`; 0 means no deadline. */
export function withDeadline<T>(
  promise: Promise<T>,
  timeoutMs: number,
  error: () => Error,
): Promise<T> {
  if (timeoutMs <= 0) return promise;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(error()), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
