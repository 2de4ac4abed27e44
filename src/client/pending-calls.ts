/**
 * The calls that wait for a reply, oldest first: a ring of parallel arrays, so that a call costs
 * no object beyond its promise.
 *
 *        head            sent              tail
 *   .. | in flight ....... | not yet sent .. | ..
 */
import type { ReplyTypes } from '../resp/reply-decoder.js';

export type Resolve = (value: unknown) => void;
export type Reject = (error: unknown) => void;

/** What is unusual about a call. */
export interface CallExtra {
  readonly types: ReplyTypes | undefined;
  /** It may wait as long as it likes: a blocking command, or one with a deadline of its own. */
  readonly isPatient: boolean;
  /** Of a pipeline: replies still to come, and those that came. */
  remaining: number;
  readonly results: unknown[] | null;
}

const CAPACITY_MIN = 1024;

export class PendingCalls {
  /** Number of calls that were ever at the front, so: the sequence number of the first one now. */
  first = 0;
  #resolves: (Resolve | undefined)[] = new Array(CAPACITY_MIN);
  #rejects: (Reject | undefined)[] = new Array(CAPACITY_MIN);
  #extras: (CallExtra | undefined)[] = new Array(CAPACITY_MIN);
  #mask = CAPACITY_MIN - 1;
  #count = 0;

  get length(): number {
    return this.#count;
  }

  /** The sequence number that the next call will have. */
  get end(): number {
    return this.first + this.#count;
  }

  push(resolve: Resolve, reject: Reject, extra: CallExtra | undefined): void {
    if (this.#count > this.#mask) this.#grow();
    const at = this.end & this.#mask;
    this.#resolves[at] = resolve;
    this.#rejects[at] = reject;
    this.#extras[at] = extra;
    this.#count++;
  }

  /** Of the first call. */
  get extra(): CallExtra | undefined {
    return this.#extras[this.first & this.#mask];
  }

  /** Takes the first call off and answers it. */
  resolve(value: unknown): void {
    const resolve = this.#resolves[this.first & this.#mask] as Resolve;
    this.#shift();
    resolve(value);
  }

  reject(error: unknown): void {
    const reject = this.#rejects[this.first & this.#mask] as Reject;
    this.#shift();
    reject(error);
  }

  /**
   * Rejects the impatient calls with sequence numbers below `end`; they keep their place in the
   * order, for their replies may still come.
   */
  expire(end: number, error: () => Error): void {
    const last = Math.min(end, this.end);
    for (let sequence = this.first; sequence < last; sequence++) {
      const at = sequence & this.#mask;
      if (!this.#extras[at]?.isPatient) this.#rejects[at]?.(error());
    }
  }

  #shift(): void {
    const at = this.first & this.#mask;
    this.#resolves[at] = undefined;
    this.#rejects[at] = undefined;
    this.#extras[at] = undefined;
    this.first++;
    this.#count--;
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    this.#resolves = this.#unrolled(this.#resolves, capacity);
    this.#rejects = this.#unrolled(this.#rejects, capacity);
    this.#extras = this.#unrolled(this.#extras, capacity);
    this.#mask = capacity - 1;
  }

  #unrolled<T>(ring: (T | undefined)[], capacity: number): (T | undefined)[] {
    const larger: (T | undefined)[] = new Array(capacity);
    for (let sequence = this.first; sequence < this.end; sequence++) {
      larger[sequence & (capacity - 1)] = ring[sequence & this.#mask];
    }
    return larger;
  }
}
