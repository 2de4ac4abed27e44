/**
 * Storage: what keeps one store, whatever it is made of: a snapshot, and the journal of what came
 * after it.
 *
 *   snapshot of generation 3       journal
 *   +--------------------------+   +--------+--------+----
 *   | all data at the cut      |   | append | append | ...
 *   +--------------------------+   +--------+--------+----
 *                              ^ the cut: `beginSnapshot` was called here
 *
 * Storage does not know what the bytes mean; it promises that what is loaded after any crash is a
 * prefix of what was appended, cut between two `append` calls, and that the prefix holds at least
 * everything that `durable` has answered for. A snapshot takes the place of the journal in front of
 * its cut once it is durable as a whole, never before. The generation before it is kept too, with
 * the journal that follows it, for the day on which the newer one turns out to be damaged.
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
  /** The snapshot that was set aside for an older one, if that was it. */
  readonly generation?: number;
}

export interface OpenReport {
  readonly backend: 'indexeddb' | 'files' | 'memory';
  /** Why nothing will be kept (backend `memory`), else null. */
  readonly reason: string | null;
  readonly durability: Durability;
  /** True if the store did not exist before this open. */
  readonly created: boolean;
  /** The number of this ownership: higher than that of any owner before. */
  readonly epoch: number;
  /** Frames and payload bytes of the journal that `load` delivers. */
  readonly frames: number;
  readonly bytes: number;
  /** Of the snapshot that `load` delivers; 0 if there is none. */
  readonly snapshotBytes: number;
  readonly damaged: DamageReport | null;
  /** Databases that would not open, at this opening or before: the store began anew without them. */
  readonly aside?: readonly { readonly database: string; readonly why: string }[];
}

/** Takes what a store is rebuilt from, in order. Each call is waited for. */
export interface Loader {
  /** A snapshot comes. What was delivered before is void: it was of a newer one that is damaged. */
  beginSnapshot(): void;
  /** Rejects with a StorageFault `damaged` if these bytes are no snapshot. */
  snapshot(bytes: Uint8Array): void | Promise<void>;
  /** The snapshot is complete; rejects as `snapshot` does. */
  endSnapshot(): void | Promise<void>;
  /**
   * What was delivered before is void, and no snapshot takes its place. Without this a store whose
   * only snapshot is damaged cannot be built from its journal alone.
   */
  reset?(): void;
  /** One or more whole appends. */
  journal(bytes: Uint8Array): void | Promise<void>;
}

/**
 * What a snapshot is written for, where that makes a difference (files): `dump` is what SAVE writes
 * (dump.rdb), `base` what the journal is to follow on (BGREWRITEAOF).
 */
export type SnapshotKind = 'dump' | 'base';

/** A snapshot on its way. One at a time. */
export interface SnapshotWriter {
  /**
   * Takes the next bytes, which are the writer's from now on. Resolves when it wants more; rejects
   * with a StorageError, and then the snapshot has been given up.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the snapshot is durable and counts. Rejects with a StorageError if it will not. */
  commit(): Promise<void>;
  /** Gives it up. What came before still counts. */
  abort(): Promise<void>;
}

/**
 * - `ok`: what is appended becomes durable
 * - `full`: there is no space. What takes little (deletions) goes to a reserve; it is tried again
 *   and again whether there is space
 * - `failing`: another failure that may pass; tried again and again
 * - `ended`: closed, taken over, wiped or damaged; nothing can be written any more
 */
export type StorageState =
  | { readonly kind: 'ok'; readonly error: null }
  | {
      readonly kind: 'full';
      readonly error: StorageError;
      /** Not even what takes little finds space. */
      readonly exhausted: boolean;
    }
  | { readonly kind: 'failing' | 'ended'; readonly error: StorageError };

/** What storage holds now. Sizes in bytes. */
export interface StorageFacts {
  /** Of the snapshot in force, counted up from 1; 0: there is none. */
  readonly generation: number;
  readonly snapshotBytes: number;
  /** Of the journal behind the snapshot. */
  readonly journalBytes: number;
  /** Unix milliseconds at which something became durable last; null: nothing yet. */
  readonly lastDurableAt: number | null;
}

/** For those who answer before what was done is on the disk. */
export interface Handover {
  /** Whether something that was appended is known to this process alone, and would end with it. */
  readonly isDue: boolean;
  /** Gives it to the system. Calls `done` when that has it, or when it is known not to take it now. */
  run(done: () => void): void;
}

export interface Storage {
  readonly report: OpenReport;

  /**
   * Delivers all that counts: the snapshot in force, then the journal behind it, what is appended and
   * not durable yet included. A damaged snapshot is set aside and the one before it delivered, with
   * more journal; `report.damaged` tells of it afterwards. Rejects with a StorageFault `damaged` if
   * no whole state is left. May be called again, to rebuild a store that has broken in memory.
   */
  load(loader: Loader): Promise<void>;

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

  /** What is not to be answered before, under `everysec` and `no`; absent: there is nobody to hand it to. */
  readonly handover?: Handover;

  /** Writes at once; resolves when everything appended so far is durable. Rejects as `durable` does. */
  flush(): Promise<void>;

  /**
   * Forgets what was appended and is not durable, after a failed write: `position` steps back to
   * `durablePosition`. Resolves when it is known which that is; `load` then delivers just that.
   */
  discard(): Promise<void>;

  /**
   * Resolves if this owner still owned the store at some moment after the call; rejects with a
   * FencedError if not. To be asked after a pause (sleep, freeze) before anything is answered.
   */
  verify(): Promise<void>;

  /**
   * A snapshot of the data as they are with everything appended so far; what is appended from now on
   * follows it. While the journal is stopped, a `base` starts it: what is appended meanwhile counts,
   * and becomes durable, with the snapshot's commit.
   */
  beginSnapshot(kind: SnapshotKind): SnapshotWriter;

  /** Whether there is a journal (`appendonly`). While there is none, nothing must be appended. */
  readonly journals: boolean;
  /** Flushes, and appends no more. */
  stopJournal(): Promise<void>;

  /** Changes between the three, at run time too; what waits is written before or after, never lost. */
  setDurability(mode: Durability): Promise<void>;

  readonly facts: StorageFacts;
  readonly state: StorageState;
  /** `listener` hears of every change of the state, and of every failed write while it is not ok. */
  onState(listener: (state: StorageState) => void): void;

  /** Flushes, then lets go. Rejects if the last bytes could not be written; the store is closed all the same. */
  close(): Promise<void>;

  /** Deletes everything of this store and lets go. */
  destroy(): Promise<void>;
}

/** Time, handed in so that tests need not sleep. */
export interface Scheduler {
  /** Milliseconds since any fixed moment; never steps back. */
  monotonic(): number;
  /** Unix milliseconds. For people, and for no decision: it may step. */
  now(): number;
  /** Calls `task` once after `delayMs`; the function returned cancels it. */
  after(delayMs: number, task: () => void): () => void;
}
