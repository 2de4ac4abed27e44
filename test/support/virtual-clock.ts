/** A clock that stands still until a test says so; its timers run when their time comes. */
import type { Clock, Timer } from '../../src/host/clock.js';

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

export class VirtualClock implements Clock {
  at = 1_700_000_000_000;
  private readonly waiting = new Set<Waiting>();
  now = () => this.at;
  monotonic = () => this.at;

  startTimer = (delayMs: number, callback: () => void): Timer => {
    const waiting = { at: this.at + delayMs, callback };
    this.waiting.add(waiting);
    return { cancel: () => this.waiting.delete(waiting) };
  };

  /** Goes on by so much; every timer finds the time that it was set for. */
  pass(ms: number): void {
    const end = this.at + ms;
    for (let next = this.next(end); next !== null; next = this.next(end)) {
      this.waiting.delete(next);
      this.at = Math.max(this.at, next.at);
      next.callback();
    }
    this.at = end;
  }

  private next(end: number): Waiting | null {
    let first: Waiting | null = null;
    for (const one of this.waiting) {
      if (one.at <= end && (first === null || one.at < first.at)) first = one;
    }
    return first;
  }
}
