/**
 * The simulated IndexedDB is one: it passes the contract of storage that fake-indexeddb and real
 * Chromium pass, and does what docs/RELIABILITY.md has measured (F10, F11) where they cannot be told to.
 */
import { wrap } from 'idb';
import { describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/open.js';
import { CONTRACT, Store } from '../storage/contract.js';
import { SimulatedBlob, SimulatedDisk } from './simulated-disk.js';
import { soundBrowser } from './simulated-events.js';
import { installGlobals, SimulatedIndexedDB } from './simulated-indexeddb.js';
import { Process, World } from './world.js';

installGlobals();

class Machine {
  readonly world = new World(1);
  readonly browser = soundBrowser();
  readonly disk = new SimulatedDisk(this.world);
  readonly indexedDB = new SimulatedIndexedDB(this.world, this.disk, this.browser);
  #processes = 0;

  process(): Process {
    return new Process(this.world, `process ${++this.#processes}`);
  }

  /** Lets the world go on while `work` is not done. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    ended.catch(() => {});
    while (!over) {
      await this.world.run(() => over);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return ended;
  }

  /** A database with one object store, as this process sees it. */
  async open(process: Process, name = 'a'): Promise<IDBDatabase> {
    const request = this.indexedDB.factoryOf(process).open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore('journal');
    await this.drive(
      new Promise((resolve, reject) => {
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
      }),
    );
    return request.result;
  }

  async keys(database: IDBDatabase): Promise<unknown> {
    const transaction = database.transaction('journal');
    const keys = wrap(transaction.objectStore('journal').getAllKeys());
    transaction.commit();
    return this.drive(keys as unknown as Promise<unknown>);
  }
}

/** One transaction that adds these keys; how it ends. */
function adding(database: IDBDatabase, keys: readonly number[], durability = 'strict') {
  const options = { durability } as IDBTransactionOptions;
  const transaction = database.transaction('journal', 'readwrite', options);
  for (const key of keys) transaction.objectStore('journal').add('value', key);
  transaction.commit();
  return new Promise<string>((resolve) => {
    transaction.oncomplete = () => resolve('complete');
    transaction.onabort = () => resolve(transaction.error?.name ?? 'aborted');
  });
}

describe('storage on the simulated IndexedDB', () => {
  for (const { title, run } of CONTRACT) {
    it(title, async () => {
      const machine = new Machine();
      SimulatedBlob.turn = () => machine.world.pause(1);
      const target = {
        keeps: true,
        open: (name: string, durability: 'always' | 'everysec' | 'no', scheduler: never) => {
          const indexedDB = machine.indexedDB.factoryOf(machine.process());
          const random = (bytes: Uint8Array) => bytes.fill(machine.world.dice.next());
          return openStorage({ name, durability, scheduler, random, indexedDB });
        },
      };
      await machine.drive(run(new Store(target as never, 'contract')));
    });
  }
});

describe('the simulated IndexedDB', () => {
  it('undoes a transaction one of whose requests fails', async () => {
    const machine = new Machine();
    const database = await machine.open(machine.process());
    expect(await machine.drive(adding(database, [1]))).toBe('complete');
    expect(await machine.drive(adding(database, [1, 2]))).toBe('ConstraintError');
    expect(await machine.keys(database)).toEqual([1]);
  });

  it('plays Firefox, where only the last request undoes', async () => {
    const machine = new Machine();
    machine.browser.forgiving = true;
    const database = await machine.open(machine.process());
    await machine.drive(adding(database, [1]));
    expect(await machine.drive(adding(database, [1, 2]))).toBe('complete');
    expect(await machine.drive(adding(database, [3, 1]))).toBe('ConstraintError');
    expect(await machine.keys(database)).toEqual([1, 2]);
  });

  it('loses what is relaxed when the power goes, and nothing that is strict', async () => {
    const left = new Set<number>();
    for (let seed = 1; seed < 40; seed++) {
      const machine = new Machine();
      for (let turn = 0; turn < seed; turn++) machine.world.dice.next();
      const process = machine.process();
      const [strict, relaxed] = [await machine.open(process), await machine.open(process, 'b')];
      for (const key of [1, 2, 3]) {
        await machine.drive(adding(strict, [key]));
        await machine.drive(adding(relaxed, [key], 'relaxed'));
      }
      process.kill();
      machine.indexedDB.powerCut();
      const next = machine.process();
      expect(await machine.keys(await machine.open(next))).toEqual([1, 2, 3]);
      const kept = (await machine.keys(await machine.open(next, 'b'))) as number[];
      expect(kept).toEqual([1, 2, 3].slice(0, kept.length));
      left.add(kept.length);
    }
    expect([...left].sort()).toEqual([0, 1, 2, 3]);
  });

  it('goes on with what a frozen process has committed, and does not tell it', async () => {
    const machine = new Machine();
    const [frozen, live] = [machine.process(), machine.process()];
    const database = await machine.open(frozen);
    let heard = '';
    void adding(database, [1]).then((how) => {
      heard = how;
    });
    frozen.freeze();
    expect(await machine.keys(await machine.open(live))).toEqual([1]);
    expect(heard).toBe('');
    frozen.thaw();
    await machine.drive(machine.world.pause(10));
    expect(heard).toBe('complete');
  });

  it('has no room beyond its capacity, but for what takes less', async () => {
    const machine = new Machine();
    const database = await machine.open(machine.process());
    await machine.drive(adding(database, [1, 2]));
    machine.disk.capacity = machine.disk.used - 1;
    expect(await machine.drive(adding(database, [3]))).toBe('QuotaExceededError');
    const transaction = database.transaction('journal', 'readwrite');
    transaction.objectStore('journal').delete(1);
    transaction.commit();
    await machine.drive(
      new Promise((resolve) => transaction.addEventListener('complete', resolve)),
    );
    expect(await machine.keys(database)).toEqual([2]);
  });
});
