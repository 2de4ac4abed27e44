/**
 * When calls in flight are too late. One timer for all, and no clock: a call is too late when it
 * was in flight at one tick and is still so four ticks later. A tick is a quarter of the timeout, so
 * a call is given up after 1 to 1.25 times the timeout.
 *
 * Ticks that do not come (a frozen page, a busy thread) do not count against the store, and one
 * late tick leaves the replies in the queue three more to be read (docs/RELIABILITY.md F14).
 */

const TICKS = 4;

export class Deadlines {
  readonly #tickMs: number;
  readonly #expire: (end: number) => void;
  /** The sequence numbers behind what was in flight at the last ticks, oldest first. */
  readonly #marks: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #end = 0;

  /** `expire` gets the sequence number behind the last call that is too late. */
  constructor(timeoutMs: number, expire: (end: number) => void) {
    this.#tickMs = timeoutMs / TICKS;
    this.#expire = expire;
  }

  /** The calls with sequence numbers below `end` have left. */
  sent(end: number): void {
    this.#end = end;
    if (this.#timer === undefined && this.#tickMs > 0) this.#start();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#marks.length = 0;
  }

  #start(): void {
    this.#timer = setTimeout(() => this.#tick(), this.#tickMs);
    // In Node it is not for a deadline to keep a process alive.
    (this.#timer as { unref?(): void }).unref?.();
  }

  #tick(): void {
    const marks = this.#marks;
    const isQuiet = marks.length === TICKS && marks[0] === this.#end;
    marks.push(this.#end);
    if (marks.length > TICKS) this.#expire(marks.shift() as number);
    if (isQuiet) this.clear();
    else this.#start();
  }
}
