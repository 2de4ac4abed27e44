/** The note that a store holds something, and what follows when the store is gone and the note is not. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StorageError } from '../../src/resp/errors.js';
import type { StoreNotice } from '../../src/resp/persistence.js';
import { withBeacon } from '../../src/transport/beacon.js';
import type { StoreReport } from '../../src/worker/messages.js';
import { FakeStore } from './fake-store.js';

const NEW: StoreReport = {
  backend: 'indexeddb',
  created: true,
  epoch: 1,
  frames: 0,
  bytes: 0,
  snapshotBytes: 0,
  damaged: null,
  warnings: [],
};
const KEY = 'redstart:beacon:shop';

class FakeStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

let store: FakeStore;
let storage: FakeStorage;
let notices: StoreNotice[];
let calls: string[];

beforeEach(() => {
  store = new FakeStore();
  storage = new FakeStorage();
  notices = [];
  calls = [];
  vi.stubGlobal('localStorage', storage);
});
afterEach(() => vi.unstubAllGlobals());

/** Opens the store `shop`, whose opening finds what `report` says. */
function open(report: Partial<StoreReport>) {
  store.report = { ...NEW, ...report };
  return withBeacon(
    store.open,
    'shop',
  )({
    receive: () => undefined,
    closed: (_, mayReturn) => calls.push(mayReturn ? 'closed, may return' : 'closed'),
    resumed: () => calls.push('resumed'),
    notice: (notice) => notices.push(notice),
  });
}

const wipedNotices = () =>
  notices.filter((notice) => 'persistence' in notice && notice.persistence.state === 'wiped');

describe('the beacon of a store', () => {
  test('is not lit for a store that is new', async () => {
    await open({});
    expect(storage.items.size).toBe(0);
  });

  test('is lit when the store keeps something for the first time', async () => {
    await open({ epoch: 4 });
    store.pipe.tell({ kept: 27 });
    expect(storage.getItem(KEY)).toBe('{"epoch":4,"bytes":27}');
  });

  test('is lit when a store that is opened holds something', async () => {
    await open({ created: false, epoch: 9, bytes: 100, snapshotBytes: 11 });
    expect(storage.getItem(KEY)).toBe('{"epoch":9,"bytes":111}');
    expect(notices).toEqual([]);
  });

  test('tells, once, of a store that is gone', async () => {
    storage.setItem(KEY, '{"epoch":7,"bytes":12}');
    await open({ epoch: 21 });
    expect(wipedNotices()).toMatchObject([
      { persistence: { message: expect.stringMatching(/'shop' was deleted.* 12 bytes.* 7$/) } },
    ]);
    await open({ created: false, epoch: 22 });
    await open({ created: true, epoch: 23 });
    expect(wipedNotices()).toHaveLength(1);
  });

  test('tells every client of the page that shares the new store', async () => {
    storage.setItem(KEY, '{"epoch":7,"bytes":12}');
    await open({ epoch: 31 });
    await open({ epoch: 31 });
    expect(wipedNotices()).toHaveLength(2);
  });

  test('is silent where nothing is kept by intent or for want of IndexedDB', async () => {
    storage.setItem(KEY, '{"epoch":7,"bytes":12}');
    await open({ backend: 'memory' });
    expect(notices).toEqual([]);
    expect(storage.items.size).toBe(1);
  });

  test('goes out with the store: deleted by its user, or from outside while it was open', async () => {
    store.requests = { deleteStore: () => undefined };
    const transport = await open({ created: false, bytes: 1 });
    await transport.ask('deleteStore');
    expect(storage.items.size).toBe(0);
    await open({ created: false, bytes: 1 });
    store.pipe.break(new StorageError('cleared', { cause: 'wiped' }));
    expect(storage.items.size).toBe(0);
    expect(wipedNotices()).toHaveLength(1);
  });

  test('of a store that was deleted while it was open: clients connect anew', async () => {
    await open({ created: false, bytes: 1 });
    store.pipe.break(new StorageError('cleared', { cause: 'wiped' }));
    expect(calls).toEqual(['closed, may return', 'resumed']);
    calls.length = 0;
    await open({ created: true });
    store.pipe.break(new StorageError('broken'));
    expect(calls).toEqual(['closed']);
  });

  test.each([
    ['is missing', undefined],
    [
      'throws',
      {
        getItem: () => {
          throw new Error('denied');
        },
        setItem: () => {
          throw new Error('full');
        },
      },
    ],
    ['holds something else', { getItem: () => 'null', setItem: () => undefined }],
  ])('does no harm where localStorage %s', async (_, broken) => {
    vi.stubGlobal('localStorage', broken);
    const transport = await open({});
    store.pipe.tell({ kept: 27 });
    await open({ created: false, bytes: 3, epoch: 2 });
    expect(transport.report).toMatchObject({ created: true });
    expect(wipedNotices()).toEqual([]);
  });
});
