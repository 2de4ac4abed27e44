/**
 * When calls in flight are too late: one deadline for each batch and one timer for all, because a
 * timer per call would cost more than the call.
 */
export class Deadlines {
  readonly #ends: number[] = [];
  readonly #times: number[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #due = 0;

  readonly #timeoutMs: number;
  readonly #expire: (end: number) => void;
  readonly #first: () => number;

  /**
   * `expire` gets the sequence number behind the last call that is too late; `first` tells the one
   * of the first call without a reply.
   */
  constructor(timeoutMs: number, expire: (end: number) => void, first: () => number) {
    this.#timeoutMs = timeoutMs;
    this.#expire = expire;
    this.#first = first;
  }

  /** A batch left; its calls have sequence numbers below `end`. */
  add(end: number): void {
    if (this.#timeoutMs <= 0) return;
    const time = performance.now() + this.#timeoutMs;
    if (this.#ends.length > 0 && this.#timer !== null) this.#forget();
    this.#ends.push(end);
    this.#times.push(time);
    if (this.#timer === null) this.#start(this.#timeoutMs);
  }

  clear(): void {
    this.#ends.length = this.#times.length = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Drops the batches that are answered. */
  #forget(): void {
    const first = this.#first();
    let answered = 0;
    while (answered < this.#ends.length && (this.#ends[answered] as number) <= first) answered++;
    if (answered === 0) return;
    this.#ends.splice(0, answered);
    this.#times.splice(0, answered);
  }

  #start(delayMs: number): void {
    this.#due = performance.now() + delayMs;
    const timer: unknown = setTimeout(() => this.#check(), delayMs);
    this.#timer = timer as ReturnType<typeof setTimeout>;
    // In Node: calls in flight keep a process alive by their socket, not by their deadline.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
      (timer as { unref(): void }).unref();
    }
  }

  #check(): void {
    this.#timer = null;
    this.#forget();
    if (this.#ends.length === 0) return;
    const now = performance.now();
    if (now - this.#due > LATE_MS) {
      // The page slept or was busy: replies may be waiting in its queue (RELIABILITY.md F14).
      this.#start(GRACE_MS);
      return;
    }
    let late = 0;
    while (late < this.#times.length && (this.#times[late] as number) <= now + 1) late++;
    if (late > 0) this.#expire(this.#ends[late - 1] as number);
    this.#ends.splice(0, late);
    this.#times.splice(0, late);
    if (this.#times.length > 0) this.#start(Math.max(1, (this.#times[0] as number) - now));
  }
}

/** A timer that comes later than this says nothing about the store. */
const LATE_MS = 500;
const GRACE_MS = 250;
