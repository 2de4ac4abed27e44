/**
 * Storage: what keeps the journal of one store, whatever it is made of.
 *
 * The journal is a string of bytes to which the owner of the store appends. Storage does not know
 * what the bytes mean; it promises that what is replayed after any crash is a prefix of what was
 * appended, cut between two `append` calls, and that the prefix holds at least everything that
 * `durable` has answered for.
 */

import type { StorageError } from '../resp/errors.js';

/**
 * When appended bytes reach the disk, in Redis's words (`appendfsync`).
 *
 * - `always`: as soon as possible; one commit is under way at a time and the next one fills meanwhile.
 * - `everysec`: the first bytes after a quiet second at once, later ones within a second.
 * - `no`: about once a second and without waiting for the disk; a power cut may take any suffix.
 */
export type Durability = 'always' | 'everysec' | 'no';

/** A place in the journal: frame `n` of `epoch`. Both count up; positions are ordered by epoch, then n. */
export interface Position {
  readonly epoch: number;
  readonly n: number;
}

/** What was found broken at open, and set aside. */
export interface DamageReport {
  /** `torn`: the end was incomplete or bad and was dropped. `damaged`: cut there because the caller said so. */
  readonly kind: 'torn' | 'damaged';
  /** The first frame that no longer counts. */
  readonly at: Position;
  /** Bytes of the records that no longer count, all of them copied to quarantine. */
  readonly bytesLost: number;
  readonly cause: string;
}

export interface OpenReport {
  readonly backend: 'indexeddb' | 'memory';
  /** Why nothing will be kept (backend `memory`), else null. */
  readonly reason: string | null;
  readonly durability: Durability;
  /** True if the store did not exist before this open. */
  readonly created: boolean;
  /** The number of this ownership: higher than that of any owner before. */
  readonly epoch: number;
  /** Frames and payload bytes that `replay` will deliver. */
  readonly frames: number;
  readonly bytes: number;
  readonly damaged: DamageReport | null;
}

export interface Storage {
  readonly report: OpenReport;

  /** Delivers all durable journal bytes in order; each call of `deliver` gets one or more whole appends. */
  replay(deliver: (bytes: Uint8Array) => void): Promise<void>;

  /**
   * Copies `bytes` to the end of the journal and returns the position: the number of bytes appended
   * since the store was opened. Bytes of one call survive together or not at all. Throws the final
   * error once the store is closed, was taken over by another owner or was wiped.
   */
  append(bytes: Uint8Array): number;

  readonly position: number;
  readonly durablePosition: number;

  /**
   * Resolves once everything up to `position` is durable; rejects with a StorageError when a write
   * failed (it is tried again later: call again to wait for that), with a FencedError when another
   * owner has taken the store. Asks for no write by itself. Always ends.
   */
  durable(position: number): Promise<void>;

  /** Writes at once; resolves when everything appended so far is durable. Rejects as `durable` does. */
  flush(): Promise<void>;

  /**
   * Resolves if this owner still owned the store at some moment after the call; rejects with a
   * FencedError if not. To be asked after a pause (sleep, freeze) before anything is answered.
   */
  verify(): Promise<void>;

  /** Changes between `always` and `everysec`. To or from `no` the store must be closed and opened again. */
  setDurability(mode: Durability): Promise<void>;

  /** `listener` hears of every failed write, also of those that nobody waits for. */
  onFailure(listener: (error: StorageError) => void): void;

  /** Flushes, then lets go. Rejects if the last bytes could not be written; the store is closed all the same. */
  close(): Promise<void>;
}

/** Time, handed in so that tests need not sleep. */
export interface Scheduler {
  /** Milliseconds since any fixed moment; never steps back. */
  monotonic(): number;
  /** Calls `task` once after `delayMs`; the function returned cancels it. */
  after(delayMs: number, task: () => void): () => void;
}
