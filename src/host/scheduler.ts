/**
 * Work by the clock: active expiry, idle connections, rates. It runs `hz` times a second while
 * there is something to do and not at all otherwise: commands wake it.
 */
import type { StartTimer, Timer } from './clock.js';

export interface PeriodicWork {
  /** Does a slice; ms until it wants to run again, or Infinity. */
  run(): number;
}

/** Timers cannot be longer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class Scheduler {
  private timer: Timer | null = null;
  /** The timer was set for later than one period. */
  private isFarAway = false;
  private stopped = false;

  constructor(
    private readonly periodMs: () => number,
    private readonly work: readonly PeriodicWork[],
    private readonly startTimer: StartTimer,
  ) {}

  /** Something has happened: run within a period. Costs nothing when that is planned already. */
  wake(): void {
    if (this.timer === null || this.isFarAway) this.runIn(this.periodMs());
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.timer = null;
  }

  private runIn(delayMs: number): void {
    this.timer?.cancel();
    this.timer = null;
    if (this.stopped || delayMs === Number.POSITIVE_INFINITY) return;
    const delay = Math.min(TIMER_MS_MAX, Math.max(1, Math.ceil(delayMs)));
    this.isFarAway = delay > Math.ceil(this.periodMs());
    this.timer = this.startTimer(delay, () => this.runAll());
  }

  private runAll(): void {
    this.timer = null;
    this.runIn(Math.min(...this.work.map((work) => work.run())));
  }
}
