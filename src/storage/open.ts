/**
 * The door to storage: IndexedDB where there is one that opens, else memory with the reason in the
 * report. A journal that is damaged, newer than this build or owned by a later owner is no reason to
 * go on without it: that rejects.
 */
import { isFault } from './errors.js';
import type { RandomSource } from './incompressible.js';
import { IndexedDBStorage } from './indexeddb.js';
import { MemoryStorage } from './memory.js';
import type { Durability, Scheduler, Storage } from './storage.js';

/** How long one call of IndexedDB may take before it counts as failed. */
const TIMEOUT_MS = 10_000;

export interface OpenStorageOptions {
  /** Of the store; one per origin is one keyspace. */
  readonly name: string;
  readonly durability: Durability;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  /** Null: there is none. Left out: the global one. */
  readonly indexedDB?: IDBFactory | null;
  readonly timeoutMs?: number;
  /** `truncate` opens a damaged journal up to the first bad frame and sets the rest aside. */
  readonly recover?: 'refuse' | 'truncate';
  /** Whether there is to be a journal (`appendonly`). Left out: yes. */
  readonly journals?: boolean;
  /** Each commit is written twice: for Chromium, see JournalOptions. */
  readonly twice?: boolean;
  /** A store begins with new files of the database: for Chromium, see leveldb.ts. */
  readonly freshFiles?: boolean;
  /** Of the record that is given away when there is no space left. */
  readonly reserveBytes?: number;
}

export async function openStorage(options: OpenStorageOptions): Promise<Storage> {
  const { durability } = options;
  const found = findFactory(options.indexedDB);
  if (typeof found === 'string') return new MemoryStorage(durability, found);
  try {
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const recover = options.recover ?? 'refuse';
    const journals = options.journals ?? true;
    return await IndexedDBStorage.open({
      ...options,
      factory: found,
      timeoutMs,
      recover,
      journals,
    });
  } catch (error) {
    if (!isFault(error, 'unavailable', 'unopenable')) throw error;
    return new MemoryStorage(durability, error.message);
  }
}

/** The factory, or why there is none. Touching the global one may throw (SecurityError). */
function findFactory(given: IDBFactory | null | undefined): IDBFactory | string {
  try {
    const factory = given === undefined ? globalThis.indexedDB : given;
    return factory ?? 'there is no IndexedDB here';
  } catch (error) {
    return `IndexedDB may not be used here: ${String(error)}`;
  }
}
