/**
 * What storage tests share: a fake IndexedDB with its records at hand, and stores opened on it.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { wrap } from 'idb';
import { databaseName } from '../../src/storage/aside.js';
import type { StoreName } from '../../src/storage/connection.js';
import { Place } from '../../src/storage/frames.js';
import { type OpenStorageOptions, openStorage } from '../../src/storage/open.js';
import type { Storage } from '../../src/storage/storage.js';
import { contents } from './contract.js';
import { nextTask } from './drive.js';
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

export interface DumpedRecord extends StoredRecord {
  readonly store: StoreName;
  readonly place: Place;
}

/** `frame` changed by `change` and then sealed again, as another program might write it. */
export function resealed(frame: Uint8Array, change: (frame: DataView) => void): Uint8Array {
  const copy = frame.slice();
  change(new DataView(copy.buffer));
  new DataView(copy.buffer).setUint32(0, crc32cBitwise(copy.subarray(4)), true);
  return copy;
}

/** CRC-32C straight from its definition (RFC 3720, B.4), so that the library is checked too. */
function crc32cBitwise(target: Uint8Array): number {
  let crc = ~0;
  for (const byte of target) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** A factory on which databases named `*part*` open late, or open but answer late. */
export function slowFactory(
  factory: IDBFactory,
  part: string,
  { before = 0, after = 0 }: { before?: number; after?: number },
): globalThis.IDBFactory {
  const open = (name: string, version?: number) => {
    const wait = name.includes(part);
    return lateRequest(() => factory.open(name, version), wait ? before : 0, wait ? after : 0);
  };
  return { open } as unknown as globalThis.IDBFactory;
}

/** As much of a request as storage uses. */
function lateRequest(ask: () => IDBOpenDBRequest, before: number, after: number) {
  let request: IDBOpenDBRequest | null = null;
  const late = {
    onupgradeneeded: (): void => {},
    onsuccess: (): void => {},
    onerror: (_event: Event): void => {},
    get result() {
      return request?.result;
    },
    get transaction() {
      return request?.transaction;
    },
    get error() {
      return request?.error;
    },
  };
  void turns(before).then(() => {
    request = ask();
    request.onupgradeneeded = () => late.onupgradeneeded();
    request.onsuccess = () => turns(after).then(() => late.onsuccess());
    request.onerror = (event) => turns(after).then(() => late.onerror(event));
  });
  return late;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTask();
}

/** One browser profile: a fake IndexedDB and one store in it. */
export class Profile {
  readonly factory = new IDBFactory();
  readonly name = 'test';

  open(options: Partial<OpenStorageOptions> = {}): Promise<Storage> {
    const scheduler = new FakeScheduler();
    const { factory, name } = this;
    const basics = {
      name,
      durability: 'always',
      scheduler,
      random,
      indexedDB: factory,
      reserveBytes: 1024,
    } as const;
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

  /** Every record of the store, chunks as plain bytes. */
  async dump(): Promise<DumpedRecord[]> {
    const dumped: DumpedRecord[] = [];
    for (const place of [Place.Strict, Place.Relaxed]) {
      for (const store of ['journal', 'chunks', 'manifest'] as const) {
        for (const { key, value } of await this.records(store, place)) {
          const plain = value instanceof Blob ? new Uint8Array(await value.arrayBuffer()) : value;
          dumped.push({ store, place, key, value: plain });
        }
      }
    }
    return dumped;
  }

  /** A profile that holds just `records`. */
  static async of(records: readonly DumpedRecord[]): Promise<Profile> {
    const profile = new Profile();
    for (const place of [Place.Strict, Place.Relaxed]) {
      const here = records.filter((record) => record.place === place);
      if (here.length === 0 && place === Place.Relaxed) continue;
      await profile.#with(place, async (database) => {
        for (const { store, key, value } of here) await database.put(store, value, key);
      });
    }
    return profile;
  }

  async remove(store: StoreName, key: IDBValidKey, place: Place = Place.Strict): Promise<void> {
    await this.#with(place, (database) => database.delete(store, key));
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
