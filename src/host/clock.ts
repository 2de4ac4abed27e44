/** Time as the host sees it. It is handed in, so that a test can set it. */

export interface Clock {
  /** Milliseconds since 1970. May step. */
  now(): number;
  /** Milliseconds since some start. Never steps. */
  monotonic(): number;
  /** Calls back after so many milliseconds; without it the platform's timers do. */
  startTimer?: StartTimer;
}

export type StartTimer = (delayMs: number, callback: () => void) => Timer;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A timer that does not keep a Node process alive. */
export interface Timer {
  cancel(): void;
}

/** The timers that belong to a clock. */
export function timersOf(clock: Clock): StartTimer {
  return clock.startTimer?.bind(clock) ?? startTimer;
}

/** Looks `setTimeout` up at each call, so that the fake timers of test frameworks work. */
export function startTimer(delayMs: number, callback: () => void): Timer {
  const handle: unknown = globalThis.setTimeout(callback, delayMs);
  if (typeof handle === 'object' && handle !== null && 'unref' in handle) {
    (handle as { unref(): void }).unref();
  }
  return { cancel: () => globalThis.clearTimeout(handle as number) };
}
