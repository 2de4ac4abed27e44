/**
 * What a store tells of how its data are kept: the words of the host, of the worker and of the
 * client alike. Names and values are public API.
 */

/**
 * - `ok`: what had failed works again
 * - `full`: there is no space. Commands that need some are refused, others go on
 * - `degraded`: writes fail, or what is written is not kept; the message says why
 * - `recovered`: something was found damaged and set aside; the store goes on without it
 * - `wiped`: the data were deleted from outside (by the browser, or by the user through it)
 */
export type PersistenceState = 'ok' | 'full' | 'degraded' | 'recovered' | 'wiped';

export interface PersistenceEvent {
  readonly state: PersistenceState;
  /** For people and logs. */
  readonly message: string;
  /** Bytes that were set aside. */
  readonly bytesLost?: number;
  /** Where what was set aside began, as `epoch:frame` of the journal or as `file:offset`. */
  readonly at?: string;
}

/** How far a long piece of work is. */
export interface PersistenceProgress {
  readonly doing: 'loading' | 'saving';
  readonly bytes: number;
  /** Null while it is not known. */
  readonly total: number | null;
}

/** How data are kept, and how much of them. Sizes in bytes, times in Unix milliseconds. */
export interface StorageInfo {
  /** `memory`: nothing is kept. */
  readonly backend: 'indexeddb' | 'files' | 'memory';
  readonly durability: 'always' | 'everysec' | 'no';
  /** Whether there is a journal; else there are snapshots alone. */
  readonly appendOnly: boolean;
  /** Of the snapshot in force, counted up from 1; 0: there is none. */
  readonly generation: number;
  readonly snapshotBytes: number;
  /** Of the journal behind the snapshot. */
  readonly journalBytes: number;
  /** When something became durable last; null: nothing yet. */
  readonly lastDurableAt: number | null;
  /** When the last snapshot was complete; null: none yet. */
  readonly lastSaveAt: number | null;
  /** Bytes that were damaged and set aside when the store was opened. */
  readonly bytesLost: number;
  /** The number of this ownership of the store: higher than that of any owner before. */
  readonly epoch: number;
  /** True if the store did not exist before it was opened. */
  readonly created: boolean;
  /** `full` and `failing` are tried again and again; `ended`: nothing can be written any more. */
  readonly state: 'ok' | 'full' | 'failing' | 'ended';
  /** Why the state is not `ok`, or why nothing is kept; else null. */
  readonly reason: string | null;
}

/** The cause of the StorageError with which an open store ends that was deleted from outside. */
export const WIPED = 'wiped';

/** What a store tells without being asked, from the moment on that it is being opened. */
export type StoreNotice =
  | { readonly persistence: PersistenceEvent }
  | { readonly progress: PersistenceProgress }
  /** Something was written for the first time since the store was opened: so many bytes. */
  | { readonly kept: number };

/** What can be asked of a store beside its commands. Errors are typed. */
export interface StoreRequests {
  /** Resolves once everything executed so far is on disk; at once where nothing is kept. */
  flush(): Promise<void>;
  /** As `flush`, but rejects with a StorageError where that cannot be promised. */
  durable(): Promise<void>;
  storage(): Promise<StorageInfo>;
  /** All data as they are now, as an RDB file. */
  exportRdb(): Promise<Blob>;
  /**
   * Replaces all data by those of an RDB file; resolves once that is durable. Rejects with a
   * FormatError if the file is not right, and then the data are as before.
   */
  importRdb(file: Blob | Uint8Array | ArrayBuffer): Promise<void>;
  /** Deletes all that is kept of the store, and ends it: every client of it is disconnected. */
  deleteStore(): Promise<void>;
}

/** A copy of a bad record: nothing that is damaged is deleted. */
export interface SetAside {
  readonly database: 'strict' | 'relaxed';
  /** Where it stood. */
  readonly key: unknown;
  readonly why: string;
  /** Null if it was none. */
  readonly bytes: Uint8Array | null;
}

/** What is wrong with a store, and what opening it with `recover: 'truncate'` would come to. */
export interface Diagnosis {
  /** Null: nothing is wrong. */
  readonly damaged: {
    /** `torn`: the end alone, which is dropped in any case. */
    readonly kind: 'torn' | 'damaged';
    readonly cause: string;
    readonly bytesLost: number;
  } | null;
  /** What would be there: the generation of the snapshot (0: none), and bytes. */
  readonly generation: number;
  readonly snapshotBytes: number;
  readonly journalBytes: number;
  /** Of the journal, that would not be there any more. */
  readonly journalBytesLost: number;
}

export interface StoreInspection {
  readonly quarantine: readonly SetAside[];
  /** Null: there is no such store. */
  readonly diagnosis: Diagnosis | null;
}
