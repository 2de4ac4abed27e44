/**
 * A disk with so much space and no more, on top of fake-indexeddb: a transaction that needs more than
 * there is aborts with QuotaExceededError. Only single records that are deleted give space back.
 */
import 'fake-indexeddb/auto';
import type { IDBFactory } from 'fake-indexeddb';

/** The part of fake-indexeddb's transactions that its types do not tell. */
interface FakeTransaction extends IDBTransaction {
  _abort(name: string | null): void;
}

export class SmallDisk {
  readonly #factory: IDBFactory;
  readonly #sizes = new Map<string, number>();
  /** Bytes that are left; less than none: nothing can be written, whatever it takes. */
  space: number;
  /** After so many more transactions there is no space at all. */
  fullAfter = Number.POSITIVE_INFINITY;
  /** Transactions that were refused. */
  refused = 0;

  constructor(factory: IDBFactory, space: number) {
    this.#factory = factory;
    this.space = space;
  }

  /** The factory to hand to a store. */
  get factory(): globalThis.IDBFactory {
    const open = (name: string, version?: number) => {
      const request = this.#factory.open(name, version) as unknown as IDBOpenDBRequest;
      request.addEventListener('success', () => this.#watch(request.result));
      return request;
    };
    return { open } as unknown as globalThis.IDBFactory;
  }

  #watch(database: IDBDatabase): void {
    const original = database.transaction.bind(database);
    database.transaction = ((...given: Parameters<IDBDatabase['transaction']>) => {
      const transaction = original(...given) as FakeTransaction;
      if (transaction.mode === 'readwrite') this.#meter(transaction);
      return transaction;
    }) as IDBDatabase['transaction'];
  }

  #meter(transaction: FakeTransaction): void {
    const sizes = new Map<string, number>();
    const objectStore = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name) => {
      const store = objectStore(name);
      const note = (key: unknown, size: number) =>
        sizes.set(`${name} ${JSON.stringify(key)}`, size);
      for (const method of ['put', 'add'] as const) {
        const write = store[method].bind(store);
        store[method] = (value, key) => {
          note(key, sizeOf(value));
          return write(value, key);
        };
      }
      const remove = store.delete.bind(store);
      store.delete = (key) => {
        if (Array.isArray(key)) note(key, 0);
        return remove(key);
      };
      return store;
    };
    const commit = transaction.commit.bind(transaction);
    transaction.commit = () => {
      commit();
      if (!this.#take(sizes)) transaction._abort('QuotaExceededError');
    };
  }

  #take(sizes: ReadonlyMap<string, number>): boolean {
    let more = 0;
    for (const [key, size] of sizes) more += size - (this.#sizes.get(key) ?? 0);
    if (this.fullAfter-- <= 0 || this.space < 0 || (more > this.space && more > 0)) {
      this.refused++;
      return false;
    }
    this.space -= more;
    for (const [key, size] of sizes) this.#sizes.set(key, size);
    return true;
  }
}

function sizeOf(value: unknown): number {
  if (value instanceof Blob) return value.size;
  return value instanceof Uint8Array ? value.length : 0;
}
