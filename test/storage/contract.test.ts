/**
 * The contract of Storage on the targets that run in Node: memory, and IndexedDB as fake-indexeddb
 * plays it. Real Chromium is in test/browser/storage.test.ts.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { openStorage } from '../../src/storage/open.js';
import { CONTRACT, type StorageTarget, Store } from './contract.js';
import { SNAPSHOT_CONTRACT } from './contract-snapshots.js';
import { FakeScheduler } from './fake-scheduler.js';
import { countingRandom } from './journal-kit.js';

const random = countingRandom();

function indexedDBTarget(): StorageTarget {
  const factory = new IDBFactory();
  return {
    keeps: true,
    open: (name, durability, scheduler) =>
      openStorage({ name, durability, scheduler, random, indexedDB: factory }),
  };
}

const memoryTarget: StorageTarget = {
  keeps: false,
  open: (name, durability, scheduler) =>
    openStorage({ name, durability, scheduler, random, indexedDB: null }),
};

describe.each([
  ['IndexedDB (fake)', indexedDBTarget],
  ['memory', () => memoryTarget],
])('storage in %s', (_, makeTarget) => {
  for (const { title, needs, run } of [...CONTRACT, ...SNAPSHOT_CONTRACT]) {
    const target = makeTarget();
    it.skipIf(needs === 'keeping' && !target.keeps)(title, () =>
      run(new Store(target, 'contract')),
    );
  }
});

describe('storage without IndexedDB', () => {
  const options = {
    name: 'x',
    durability: 'always',
    scheduler: new FakeScheduler(),
    random,
  } as const;

  it('runs in memory and says why', async () => {
    const { report } = await openStorage({ ...options, indexedDB: null });
    expect(report).toMatchObject({ backend: 'memory', reason: 'there is no IndexedDB here' });
  });

  it('runs in memory where IndexedDB may not even be touched', async () => {
    const found = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB') as PropertyDescriptor;
    const get = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, get });
    try {
      const { report } = await openStorage(options);
      expect(report.backend).toBe('memory');
      expect(report.reason).toContain('denied');
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', found);
    }
  });

  it.each(['SecurityError', 'InvalidStateError', 'UnknownError'])(
    'runs in memory where opening fails with %s',
    async (name) => {
      const open = () => {
        throw new DOMException('no', name);
      };
      const factory = { open } as unknown as IDBFactory;
      const { report } = await openStorage({ ...options, indexedDB: factory });
      expect(report.backend).toBe('memory');
      expect(report.reason).toContain(name);
    },
  );
});
