/**
 * A connection to one IndexedDB database, and the only way in which we use it: one-shot transactions.
 *
 * A transaction gets all its requests and `commit()` in one task, so that a page that is frozen can
 * never leave one open and block the other tabs (docs/RELIABILITY.md F10). Each says its durability (F2),
 * the same one for all of a database (F3). The database's version is 1 for ever (F12): all object
 * stores that we shall ever need are made at once. Everything has a deadline.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, wrap } from 'idb';
import { isFault, StorageFault, toStorageError } from './errors.js';
import { withDeadline } from './scheduler.js';
import type { Scheduler } from './storage.js';

/** Persisted names: append never, for the version cannot change. */
export const STORES = ['journal', 'chunks', 'manifest', 'quarantine'] as const;
export type StoreName = (typeof STORES)[number];

export interface Schema extends DBSchema {
  /** Frames by [epoch, n]. */
  journal: { key: IDBValidKey; value: unknown };
  /** Of snapshots by [epoch, number of the generation, index], in the strict database alone. */
  chunks: { key: IDBValidKey; value: unknown };
  /** Of snapshots that count, by [epoch, number]. */
  manifest: { key: IDBValidKey; value: unknown };
  /** Copies of bad records by [epoch that found them, index]; we delete none. */
  quarantine: { key: IDBValidKey; value: unknown };
}

export type OneShot = IDBPTransaction<Schema, StoreName[], 'readonly' | 'readwrite'>;
export type Writing = IDBPTransaction<Schema, StoreName[], 'readwrite'>;

export interface ConnectionOptions {
  readonly factory: IDBFactory;
  readonly name: string;
  readonly durability: 'strict' | 'relaxed';
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
}

/** Issues all requests of a transaction, now, and hands each over to be waited for. */
type Issue<Tx, T> = (transaction: Tx) => Iterable<Promise<T>>;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #database: IDBPDatabase<Schema>;
  #alive = true;
  /** Called once, when the connection ends by other hands than ours. */
  onLost: () => void = () => {};
  /** True if the database was made by this very open. */
  readonly created: boolean;

  private constructor(options: ConnectionOptions, opened: Opened) {
    this.#options = options;
    this.#database = wrap(opened.database) as unknown as IDBPDatabase<Schema>;
    this.created = opened.created;
    // The browser cut us off: Clear-Site-Data, a broken disk, too little memory (F17).
    opened.database.onclose = () => this.#lose();
    // Somebody wants to delete the database: do not stand in the way.
    opened.database.onversionchange = () => this.#lose();
  }

  /** Without `create` a database that does not exist is a `missing` fault and stays inexistent. */
  static async open(options: ConnectionOptions, create: boolean): Promise<Connection> {
    return new Connection(options, await openDatabase(options, create));
  }

  /** Resolves also if there is none; a `timeout` fault if somebody stands in the way. */
  static deleteDatabase(options: Omit<ConnectionOptions, 'durability'>): Promise<void> {
    const { factory, name, scheduler, timeoutMs } = options;
    const doing = `deleting ${name}`;
    const deleting = new Promise<void>((resolve, reject) => {
      const request = factory.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onerror = (event) => {
        event.preventDefault();
        reject(toStorageError(request.error, doing));
      };
    });
    return withDeadline(scheduler, timeoutMs, doing, deleting);
  }

  get alive(): boolean {
    return this.#alive;
  }

  read<T>(stores: StoreName[], issue: Issue<OneShot, T>): Promise<T[]> {
    return this.#run(stores, 'readonly', 'reading the journal', issue);
  }

  /** Resolves only when the browser says that the transaction is complete. */
  write<T>(stores: StoreName[], issue: Issue<Writing, T>): Promise<T[]> {
    return this.#run(stores, 'readwrite', 'writing the journal', (transaction) =>
      issue(transaction as Writing),
    );
  }

  close(): void {
    this.#alive = false;
    this.onLost = () => {};
    this.#database.close();
  }

  async #run<T>(
    stores: StoreName[],
    mode: 'readonly' | 'readwrite',
    doing: string,
    issue: Issue<OneShot, T>,
  ): Promise<T[]> {
    if (!this.#alive) throw new StorageFault('lost', `${doing}: the connection is closed`);
    try {
      const { durability, scheduler, timeoutMs } = this.#options;
      const transaction = this.#database.transaction(stores, mode, { durability });
      return await withDeadline(scheduler, timeoutMs, doing, finish(transaction, issue));
    } catch (error) {
      const failure = toStorageError(error, doing);
      if (isFault(failure, 'lost', 'timeout')) this.#lose();
      throw failure;
    }
  }

  #lose(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#database.close();
    this.onLost();
  }
}

/** Issues the requests and commits in this task; waits for each of them and for the transaction. */
async function finish<T>(transaction: OneShot, issue: Issue<OneShot, T>): Promise<T[]> {
  const requests: Promise<T>[] = [];
  try {
    for (const request of issue(transaction)) requests.push(request);
    transaction.commit();
  } catch (error) {
    // Nobody will look at these any more.
    for (const promise of [...requests, transaction.done]) promise.catch(() => {});
    abortQuietly(transaction);
    throw error;
  }
  // A failed request fails the commit whatever the transaction says: Firefox commits all the same (F11).
  const [results] = await Promise.all([Promise.all(requests), transaction.done]);
  return results;
}

function abortQuietly(transaction: OneShot): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

interface Opened {
  readonly database: IDBDatabase;
  readonly created: boolean;
}

function openDatabase(options: ConnectionOptions, create: boolean): Promise<Opened> {
  const { factory, name, scheduler, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    let created = false;
    let missing = false;
    let given = false;
    const fail = (error: unknown) => {
      given = true;
      reject(
        missing ? new StorageFault('missing', `there is no database ${name}`) : asOpenFault(error),
      );
    };
    const request = openRequest(factory, name);
    const cancel = scheduler.after(timeoutMs, () => {
      fail(new StorageFault('timeout', `opening ${name}: no answer within ${timeoutMs} ms`));
    });
    request.onupgradeneeded = () => {
      created = true;
      missing = !create && !given;
      if (create && !given) for (const store of STORES) request.result.createObjectStore(store);
      else request.transaction?.abort();
    };
    request.onsuccess = () => {
      cancel();
      // Too late: whoever asked has gone on without it.
      if (given) request.result.close();
      else resolve({ database: request.result, created });
    };
    request.onerror = (event) => {
      event.preventDefault();
      cancel();
      fail(request.error);
    };
  });
}

function openRequest(factory: IDBFactory, name: string): IDBOpenDBRequest {
  try {
    return factory.open(name, 1);
  } catch (error) {
    throw asOpenFault(error);
  }
}

function asOpenFault(error: unknown): Error {
  const failure = toStorageError(error, 'opening the database');
  if (isFault(failure, 'failed')) {
    return new StorageFault('unopenable', failure.message, { cause: error });
  }
  // What private windows used to say.
  if (isFault(failure, 'lost')) {
    return new StorageFault('unavailable', failure.message, { cause: error });
  }
  return failure;
}
