/**
 * The calls that wait for a reply, oldest first: parallel arrays, so that a call costs no object
 * beyond its promise.
 *
 *   0        head                               end of the arrays
 *   | answered | in flight ... | not yet sent ... |
 *
 * A call has a sequence number: how many were made before it.
 */
import type { ReplyTypes } from '../resp/reply-decoder.js';

export type Resolve = (value: unknown) => void;
export type Reject = (error: unknown) => void;

/** What is unusual about a call. */
export interface CallExtra {
  readonly types: ReplyTypes | undefined;
  /** It may wait as long as it likes: a blocking command, or one with a deadline of its own. */
  readonly isPatient: boolean;
  /** Its replies are pushes. */
  readonly isSubscription: boolean;
  /** Replies still to come. */
  remaining: number;
  /** Of a pipeline: those that came. */
  readonly results: unknown[] | null;
}

/** With so many answered calls at the front, and no more behind them, the arrays are moved up. */
const ANSWERED_MAX = 1024;

export class PendingCalls {
  readonly #resolves: (Resolve | undefined)[] = [];
  readonly #rejects: (Reject | undefined)[] = [];
  readonly #extras: (CallExtra | undefined)[] = [];
  #head = 0;
  /** The sequence number of the call at index 0. */
  #base = 0;

  get length(): number {
    return this.#resolves.length - this.#head;
  }

  /** The sequence number of the first call that waits. */
  get first(): number {
    return this.#base + this.#head;
  }

  /** The sequence number that the next call will have. */
  get end(): number {
    return this.#base + this.#resolves.length;
  }

  push(resolve: Resolve, reject: Reject, extra: CallExtra | undefined): void {
    this.#resolves.push(resolve);
    this.#rejects.push(reject);
    this.#extras.push(extra);
  }

  /** Of the first call. */
  get extra(): CallExtra | undefined {
    return this.#extras[this.#head];
  }

  /** Takes the first call off and answers it. */
  resolve(value: unknown): void {
    this.#answer(this.#resolves, value);
  }

  reject(error: unknown): void {
    this.#answer(this.#rejects, error);
  }

  /**
   * Rejects the impatient calls with sequence numbers below `end`; they keep their place in the
   * order, for their replies may still come.
   */
  expire(end: number, error: () => Error): void {
    for (let at = this.#head; at < end - this.#base; at++) {
      if (!this.#extras[at]?.isPatient) this.#rejects[at]?.(error());
    }
  }

  #answer(answers: readonly (Resolve | undefined)[], value: unknown): void {
    const at = this.#head++;
    const answer = answers[at];
    this.#resolves[at] = this.#rejects[at] = this.#extras[at] = undefined;
    if (this.#head >= ANSWERED_MAX && this.#head >= this.length) {
      this.#base += this.#head;
      for (const array of [this.#resolves, this.#rejects, this.#extras]) {
        array.splice(0, this.#head);
      }
      this.#head = 0;
    }
    answer?.(value);
  }
}
