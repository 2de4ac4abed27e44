/**
 * What storage tests share: a fake IndexedDB with its records at hand, and stores opened on it.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { wrap } from 'idb';
import type { StoreName } from '../../src/storage/connection.js';
import { Place } from '../../src/storage/frames.js';
import { databaseName } from '../../src/storage/indexeddb.js';
import { type OpenStorageOptions, openStorage } from '../../src/storage/open.js';
import type { Storage } from '../../src/storage/storage.js';
import { contents } from './contract.js';
import { FakeScheduler } from './fake-scheduler.js';

/** Numbers that differ from call to call and are the same in every run. */
export function countingRandom(): (bytes: Uint8Array) => void {
  let count = 0;
  return (bytes) => new DataView(bytes.buffer).setUint32(0, ++count, true);
}

const random = countingRandom();

export interface StoredRecord {
  readonly key: IDBValidKey;
  readonly value: unknown;
}

/** One browser profile: a fake IndexedDB and one store in it. */
export class Profile {
  readonly factory = new IDBFactory();
  readonly name = 'test';

  open(options: Partial<OpenStorageOptions> = {}): Promise<Storage> {
    const scheduler = new FakeScheduler();
    const { factory, name } = this;
    const basics = { name, durability: 'always', scheduler, random, indexedDB: factory } as const;
    return openStorage({ ...basics, ...options });
  }

  /** Everything that a new owner would find, as text. */
  async contents(options: Partial<OpenStorageOptions> = {}): Promise<string> {
    const storage = await this.open(options);
    const text = await contents(storage);
    await storage.close();
    return text;
  }

  async records(
    store: StoreName = 'journal',
    place: Place = Place.Strict,
  ): Promise<StoredRecord[]> {
    return this.#with(place, async (database) => {
      const keys = await database.getAllKeys(store);
      const values = await database.getAll(store);
      return keys.map((key, index) => ({ key, value: values[index] }));
    });
  }

  /** Puts `records` in the place of whatever the journal has, making the database if need be. */
  async replaceJournal(
    records: readonly StoredRecord[],
    place: Place = Place.Strict,
  ): Promise<void> {
    await this.#with(place, async (database) => {
      await database.clear('journal');
      for (const { key, value } of records) await database.put('journal', value, key);
    });
  }

  async put(store: StoreName, record: StoredRecord, place: Place = Place.Strict): Promise<void> {
    await this.#with(place, (database) => database.put(store, record.value, record.key));
  }

  async #with<T>(place: Place, work: (database: AnyDatabase) => Promise<T>): Promise<T> {
    const request = this.factory.open(databaseName(this.name, place), 1);
    request.onupgradeneeded = () => {
      for (const store of ['journal', 'chunks', 'manifest', 'quarantine']) {
        request.result.createObjectStore(store);
      }
    };
    const database = (await wrap(request as unknown as IDBOpenDBRequest)) as unknown as AnyDatabase;
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }
}

type AnyDatabase = Awaited<ReturnType<typeof import('idb').openDB>>;
