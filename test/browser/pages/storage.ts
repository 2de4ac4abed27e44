/**
 * The page of storage.test.ts: the contract of Storage, and one store to be killed, run inside the
 * browser; the test calls `window.storageTest`.
 */
import { openStorage } from '../../../src/storage/open.js';
import { systemScheduler } from '../../../src/storage/scheduler.js';
import type { Durability, OpenReport, Storage } from '../../../src/storage/storage.js';
import { bytes, CONTRACT, contents, Store } from '../../storage/contract.js';
import { SNAPSHOT_CONTRACT } from '../../storage/contract-snapshots.js';

const random = (target: Uint8Array) =>
  void crypto.getRandomValues(target as Uint8Array<ArrayBuffer>);

let store: Storage | null = null;
const durabilities = new Map<string, Set<string>>();

const page = {
  /** Runs one case on a store of its own; rejects with what the case found. */
  async runCase(title: string): Promise<void> {
    const found = [...CONTRACT, ...SNAPSHOT_CONTRACT].find((one) => one.title === title);
    if (found === undefined) throw new Error(`no case is called ${title}`);
    const target = {
      keeps: true,
      open: (name: string, durability: Durability, scheduler: typeof systemScheduler) =>
        openStorage({ name, durability, scheduler, random }),
    };
    await found.run(new Store(target, title));
  },

  async open(name: string, durability: Durability): Promise<OpenReport> {
    store = await openStorage({ name, durability, scheduler: systemScheduler, random });
    return store.report;
  },

  contents: () => contents(store as Storage),

  append: (text: string) => (store as Storage).append(bytes(text)),

  flush: () => (store as Storage).flush(),

  /** The name and kind of the error that flushing ends with, or 'none'. */
  flushFailure: () =>
    (store as Storage).flush().then(
      () => 'none',
      (error: Error & { kind?: string }) => [error.name, error.kind].filter(Boolean).join(' '),
    ),

  /** Notes from now on with which durability each database is used. */
  watchTransactions(): void {
    const original = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...given) {
      const transaction = original.apply(this, given);
      const seen = durabilities.get(this.name) ?? new Set();
      durabilities.set(this.name, seen.add(transaction.durability));
      return transaction;
    };
  },

  durabilities: () =>
    Object.fromEntries([...durabilities].map(([name, seen]) => [name, [...seen]])),

  /** Appends numbered lines for ever and reports each that is durable through `acknowledged`. */
  async appendForEver(): Promise<void> {
    for (let line = 0; ; line++) {
      (store as Storage).append(bytes(`${line}\n`));
      await (store as Storage).flush();
      window.acknowledged(line);
    }
  },
};

export type StoragePage = typeof page;

declare global {
  interface Window {
    storageTest: StoragePage;
    acknowledged(line: number): void;
  }
}

window.storageTest = page;
