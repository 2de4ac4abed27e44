/**
 * Group commit: appended bytes wait in memory, one commit is under way at a time and takes along
 * everything that waited, the next one fills meanwhile. When a commit starts depends on the mode:
 *
 *   always    as soon as no other is under way
 *   paced     (everysec, no) at once after a quiet second, else FLUSH_PERIOD_MS after the last start
 *
 * What a commit took stays in memory until it is durable. After a failure the same commit is tried
 * again every RETRY_MS, so that an outcome that is not known (timeout, lost connection) is found out;
 * those who waited have been told. After a final error (deposed, wiped, closed) nothing is tried.
 */
import type { StorageError } from '../resp/errors.js';
import { isFinal, StorageFault, toStorageError } from './errors.js';
import type { Handover, Scheduler } from './storage.js';

/** No acknowledged byte is older than a second before it is durable (P2): the rest is for the commit. */
export const FLUSH_PERIOD_MS = 500;

/** Writing resumes by itself within two seconds after the cause has gone (P9). */
export const RETRY_MS = 1000;

/** More bytes than this do not wait, and one commit takes no more (but at least one append). */
export const COMMIT_BYTES_MAX = 8 * 1024 * 1024;

const DISCARDED = 'what was not durable has been discarded';

export type Pace = 'always' | 'paced';

/** Where commits go. One call at a time. */
export interface CommitTarget {
  /**
   * Resolves when all of `chunks` is durable. Called with the same chunks again after a failure.
   * `written` may be called once nothing but the waiting for the disk is left.
   */
  commit(chunks: readonly Uint8Array[], written: () => void): Promise<void>;
  /** Resolves if the target is there and still ours. */
  check(): Promise<void>;
  /** Where what is paced need not wait in this process, which may be killed. */
  readonly ahead?: Ahead;
}

/** Takes appends ahead of their commit, which then only has to wait for the disk. */
export interface Ahead {
  /** How many bytes behind the last commit it has: never a part of an append. */
  readonly bytes: number;
  /** Takes what follows on those, at once and whole; false if it cannot now. */
  take(chunks: readonly Uint8Array[]): boolean;
}

interface Waiter {
  readonly position: number;
  resolve(): void;
  reject(error: StorageError): void;
}

/** To be told once the appends in front of it are durable, before any behind it are taken. */
interface Seal {
  readonly position: number;
  reached(): void;
}

/** Something else that wants the target for itself. */
interface Job {
  run(): Promise<void>;
  reject(error: StorageError): void;
}

interface Batch {
  readonly chunks: readonly Uint8Array[];
  readonly end: number;
}

export class GroupCommit {
  readonly #target: CommitTarget;
  readonly #scheduler: Scheduler;
  #pace: Pace;
  /** Appends that no commit has taken yet. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Taken by a commit that is under way or has failed. */
  #batch: Batch | null = null;
  #position = 0;
  #durablePosition = 0;
  /** Up to here no pace holds back. */
  #urgentPosition = 0;
  #waiters: Waiter[] = [];
  #checkers: Waiter[] = [];
  #seals: Seal[] = [];
  readonly #jobs: Job[] = [];
  /** What was appended behind this position no commit takes; null: there is no such place. */
  #heldFrom: number | null = null;
  #busy = false;
  #pumpQueued = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Set while commits fail: when to try again. */
  #retryAt: number | null = null;
  /** What waited for commits that failed ends here: all is well again once it is durable. */
  #lateEnd = 0;
  #cancelTimer: (() => void) | null = null;
  /** When the timer is due; null: there is none. */
  #timerAt: number | null = null;
  #final: StorageError | null = null;
  readonly #onHandedOver: (() => void)[] = [];
  readonly #listeners: ((error: StorageError) => void)[] = [];
  #succeeded: () => void = () => {};

  constructor(target: CommitTarget, scheduler: Scheduler, pace: Pace) {
    this.#target = target;
    this.#scheduler = scheduler;
    this.#pace = pace;
  }

  get position(): number {
    return this.#position;
  }

  get durablePosition(): number {
    return this.#durablePosition;
  }

  append(bytes: Uint8Array): number {
    if (this.#final) throw this.#final;
    if (bytes.length === 0) return this.#position;
    this.#pending.push(bytes.slice());
    this.#pendingBytes += bytes.length;
    this.#position += bytes.length;
    this.#queuePump();
    return this.#position;
  }

  durable(position: number): Promise<void> {
    if (position > this.#position) {
      return Promise.reject(new RangeError(`nothing was appended at ${position} yet`));
    }
    if (position <= this.#durablePosition) return Promise.resolve();
    return this.#wait(this.#waiters, position);
  }

  /** True if there is nothing to be written. */
  get idle(): boolean {
    return this.#batch === null && this.#pending.length === 0;
  }

  flush(): Promise<void> {
    this.urge();
    return this.durable(this.#position);
  }

  /** Asks the target whether it is still ours, between two commits. */
  check(): Promise<void> {
    const checked = this.#wait(this.#checkers, 0);
    this.#queuePump();
    return checked;
  }

  /**
   * Calls `reached` once everything appended so far is durable and before anything later is taken:
   * no commit spans this place. Asks for no write by itself.
   */
  seal(reached: () => void): void {
    if (this.#final) return;
    this.#seals.push({ position: this.#position, reached });
    if (!this.#busy) this.#passSeals();
  }

  get held(): boolean {
    return this.#heldFrom !== null;
  }

  /** Takes nothing that is appended from now on, or goes on. */
  hold(held: boolean): void {
    this.#heldFrom = held ? this.#position : null;
    this.#tellHandedOver();
    this.#queuePump();
  }

  /** Forgets what is held, which no commit has taken, and goes on. */
  dropHeld(): void {
    const from = this.#heldFrom;
    this.hold(false);
    if (from === null || this.#final) return;
    while (this.#position > from) {
      const { length } = this.#pending.pop() as Uint8Array;
      this.#pendingBytes -= length;
      this.#position -= length;
    }
    this.#urgentPosition = Math.min(this.#urgentPosition, from);
    this.#lateEnd = Math.min(this.#lateEnd, from);
    this.#seals = this.#seals.filter(({ position }) => position <= from);
    const dropped = this.#waiters.filter(({ position }) => position > from);
    this.#waiters = this.#waiters.filter(({ position }) => position <= from);
    for (const waiter of dropped) waiter.reject(new StorageFault('failed', DISCARDED));
  }

  /**
   * Runs `job` between two commits. A commit that has failed is tried again before it, and if that
   * fails the job is not run.
   */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    return this.#enqueue(async () => {
      if (this.#batch !== null) await this.#commitAgain();
      return job();
    });
  }

  /**
   * Forgets what is not durable. `landed` tells whether chunks whose commit has failed are there all
   * the same, and takes back what was taken ahead. If it cannot, nothing is forgotten.
   */
  discard(landed: (chunks: readonly Uint8Array[]) => Promise<boolean>): Promise<void> {
    return this.#enqueue(async () => {
      const batch = this.#batch;
      const isDoubtful = batch !== null || (this.#target.ahead?.bytes ?? 0) > 0;
      const isThere = isDoubtful && (await landed(batch?.chunks ?? []));
      const end = isThere && batch !== null ? batch.end : null;
      if (this.#final) return;
      if (end !== null) this.#durablePosition = end;
      this.#batch = null;
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#seals = [];
      this.#position = this.#durablePosition;
      this.#urgentPosition = this.#position;
      this.#lateEnd = this.#position;
      if (this.#heldFrom !== null) this.#heldFrom = this.#position;
      this.#resolveWaiters();
      this.#reject(new StorageFault('failed', DISCARDED));
    });
  }

  /** Runs `job` between two commits, whether or not one has failed; hands over what is not durable. */
  withTail<T>(job: (tail: readonly Uint8Array[]) => Promise<T>): Promise<T> {
    return this.#enqueue(() => job([...(this.#batch?.chunks ?? []), ...this.#pending]));
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    if (this.#final) return Promise.reject(this.#final);
    return new Promise((resolve, reject) => {
      this.#jobs.push({ run: () => job().then(resolve), reject });
      this.#queuePump();
    });
  }

  setPace(pace: Pace): void {
    this.#pace = pace;
    this.#tellHandedOver();
    this.#queuePump();
  }

  onFailure(listener: (error: StorageError) => void): void {
    this.#listeners.push(listener);
  }

  /** `listener` hears of each commit that has become durable. */
  onSuccess(listener: () => void): void {
    this.#succeeded = listener;
  }

  /** Ends everything with `error`; what is not durable yet is forgotten. */
  stop(error: StorageError): void {
    if (this.#final) return;
    this.#final = error;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#batch = null;
    this.#seals = [];
    this.#setTimer(null);
    this.#tellHandedOver();
    this.#reject(error);
  }

  #wait(list: Waiter[], position: number): Promise<void> {
    if (this.#final) return Promise.reject(this.#final);
    return new Promise((resolve, reject) => list.push({ position, resolve, reject }));
  }

  /** What was appended so far is to be written at once. */
  urge(): void {
    this.#urgentPosition = this.#position;
    if (this.#retryAt !== null) this.#retryAt = this.#scheduler.monotonic();
    this.#queuePump();
  }

  /** Whether something could be taken ahead and has not been. */
  get isBehind(): boolean {
    const { ahead } = this.#target;
    if (ahead === undefined || this.#pace === 'always' || this.held || this.#final) return false;
    return this.#retryAt === null && this.#durablePosition + ahead.bytes < this.#position;
  }

  /** Lets the target take ahead what it can; calls `done` when it has all, or if commits fail. */
  handOver(done: () => void): void {
    this.#takeAhead();
    if (this.isBehind) this.#onHandedOver.push(done);
    else done();
  }

  /** Hands over what nobody has but this process. What cannot be taken is committed as soon as may be. */
  #takeAhead(): void {
    const { ahead } = this.#target;
    if (ahead === undefined || !this.isBehind) return;
    // A commit that has to write first takes its turn, and what is behind a seal follows it.
    const taken = this.#durablePosition + ahead.bytes;
    if (taken < (this.#batch?.end ?? 0)) return;
    const isOpen = this.#seals.length === 0;
    if (isOpen && ahead.take(this.#lastBytes(this.#position - taken))) this.#tellHandedOver();
    else if (!this.#busy) this.urge();
  }

  #tellHandedOver(): void {
    if (this.#onHandedOver.length === 0 || this.isBehind) return;
    for (const done of this.#onHandedOver.splice(0)) done();
  }

  /** The last of what waits, which comes to so many bytes. */
  #lastBytes(count: number): Uint8Array[] {
    let first = this.#pending.length;
    for (let left = count; left > 0; ) left -= this.#pending[--first]?.length ?? left;
    return this.#pending.slice(first);
  }

  /** Lets the rest of the current task append more before anything starts. */
  #queuePump(): void {
    if (this.#pumpQueued) return;
    this.#pumpQueued = true;
    queueMicrotask(() => {
      this.#pumpQueued = false;
      this.#pump();
    });
  }

  /** Starts what is due; else sets the timer. */
  #pump(): void {
    if (this.#busy || this.#final) return;
    const dueAt = this.#dueAt();
    const delay = dueAt - this.#scheduler.monotonic();
    const job = this.#jobs.shift();
    if (job !== undefined) void this.#runJob(job);
    else if (this.#checkers.length > 0) void this.#work(() => this.#checkOnce());
    else if (delay <= 0) void this.#work(() => this.#commitOnce());
    else this.#setTimer(Number.isFinite(delay) ? dueAt : null, delay);
  }

  #dueAt(): number {
    const isHeld = this.#heldFrom !== null && this.#heldFrom <= this.#durablePosition;
    const takes = this.#pending.length > 0 && !isHeld;
    if (this.#batch === null && !takes) return Number.POSITIVE_INFINITY;
    if (this.#retryAt !== null) return this.#retryAt;
    const urgent = this.#urgentPosition > this.#durablePosition;
    if (this.#pace === 'always' || urgent || this.#pendingBytes >= COMMIT_BYTES_MAX) {
      return Number.NEGATIVE_INFINITY;
    }
    return this.#lastStart + FLUSH_PERIOD_MS;
  }

  /** At `at`, which is in `delayMs`; null: never. */
  #setTimer(at: number | null, delayMs = 0): void {
    if (at === this.#timerAt) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#timerAt = at;
    if (at === null) return;
    this.#cancelTimer = this.#scheduler.after(delayMs, () => {
      this.#cancelTimer = null;
      this.#timerAt = null;
      this.#pump();
    });
  }

  async #work(job: () => Promise<void>): Promise<void> {
    this.#busy = true;
    this.#setTimer(null);
    await this.#attempt(job).catch(() => {});
    this.#goOn();
  }

  /** `job`, of which all who wait hear when it fails. */
  async #attempt(job: () => Promise<void>): Promise<void> {
    try {
      await job();
      if (this.#retryAt !== null) this.#catchUp();
      // A check says nothing about a commit that has failed, but that it may be tried again.
      if (this.#batch === null && this.#durablePosition >= this.#lateEnd) this.#succeeded();
    } catch (thrown) {
      const error = toStorageError(thrown, 'writing the journal');
      this.#fail(error);
      throw error;
    }
  }

  /** What has waited while commits failed waits no longer, whatever the pace. */
  #catchUp(): void {
    this.#retryAt = null;
    this.#lateEnd = this.#heldFrom ?? this.#position;
    this.#urgentPosition = this.#position;
  }

  #commitAgain(): Promise<void> {
    return this.#attempt(() => this.#commitOnce());
  }

  /** A failure is its caller's to see to; only a final one ends the rest too. */
  async #runJob(job: Job): Promise<void> {
    this.#busy = true;
    this.#setTimer(null);
    try {
      await job.run();
    } catch (thrown) {
      const error = toStorageError(thrown, 'writing');
      job.reject(error);
      if (isFinal(error)) this.#fail(error);
    }
    this.#goOn();
  }

  #goOn(): void {
    this.#busy = false;
    this.#passSeals();
    this.#takeAhead();
    this.#tellHandedOver();
    this.#pump();
  }

  async #checkOnce(): Promise<void> {
    const checkers = this.#checkers.length;
    await this.#target.check();
    for (const checker of this.#checkers.splice(0, checkers)) checker.resolve();
  }

  async #commitOnce(): Promise<void> {
    // A flush takes everything along that has come so far, however many commits that needs.
    this.#urgentPosition = this.#position;
    this.#lastStart = this.#scheduler.monotonic();
    if (this.#batch === null) this.#takeAhead();
    this.#batch ??= this.#takeBatch();
    const { chunks, end } = this.#batch;
    await this.#target.commit(chunks, () => this.#takeAhead());
    // stop() has answered everybody meanwhile.
    if (this.#final) return;
    this.#batch = null;
    this.#durablePosition = end;
    this.#resolveWaiters();
    this.#passSeals();
  }

  #passSeals(): void {
    if (this.#batch !== null) return;
    while (this.#seals[0]?.position === this.#durablePosition) this.#seals.shift()?.reached();
  }

  #takeBatch(): Batch {
    const seal = this.#seals[0]?.position ?? Number.POSITIVE_INFINITY;
    const end = Math.min(seal, this.#heldFrom ?? Number.POSITIVE_INFINITY);
    // What was taken ahead costs nothing more.
    const most = Math.max(COMMIT_BYTES_MAX, this.#target.ahead?.bytes ?? 0);
    const bytesMax = Math.min(most, end - this.#durablePosition);
    let count = 0;
    let bytes = 0;
    do bytes += this.#pending[count++]?.length ?? 0;
    while (count < this.#pending.length && bytes + (this.#pending[count]?.length ?? 0) <= bytesMax);
    this.#pendingBytes -= bytes;
    return { chunks: this.#pending.splice(0, count), end: this.#durablePosition + bytes };
  }

  /** Positions are asked for in ascending order nearly always, so this looks at few. */
  #resolveWaiters(): void {
    const waiting = this.#waiters;
    this.#waiters = waiting.filter(({ position }) => position > this.#durablePosition);
    for (const waiter of waiting) if (waiter.position <= this.#durablePosition) waiter.resolve();
  }

  #fail(error: StorageError): void {
    if (this.#final) return;
    if (isFinal(error)) this.stop(error);
    else this.#retryAt = this.#scheduler.monotonic() + RETRY_MS;
    this.#urgentPosition = this.#durablePosition;
    this.#reject(error);
    for (const listener of this.#listeners) listener(error);
  }

  #reject(error: StorageError): void {
    const rejected = [...this.#waiters, ...this.#checkers];
    this.#waiters = [];
    this.#checkers = [];
    for (const waiter of rejected) waiter.reject(error);
    if (this.#final) for (const job of this.#jobs.splice(0)) job.reject(this.#final);
  }
}

/** `group` as those who answer see it. */
export function handoverOf(group: GroupCommit): Handover {
  return {
    get isDue() {
      return group.isBehind;
    },
    run: (done) => group.handOver(done),
  };
}
