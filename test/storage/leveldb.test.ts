/**
 * Fresh files for Chromium's LevelDB, as far as they can be seen without one: what is written, once, and
 * who waits for it. That it helps is shown by test/reliability/power/torn-files.test.ts.
 */
import { wrap } from 'idb';
import { describe, expect, it } from 'vitest';
import type { OpenStorageOptions } from '../../src/storage/open.js';
import type { Storage } from '../../src/storage/storage.js';
import { bytes } from './contract.js';
import { drive, settle } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';

const BALLAST = 'redstart/1/ballast';
/** LevelDB begins a new MANIFEST at a start if the old one has as much. */
const MANIFEST_BYTES = 2 * 1024 * 1024;
const TABLE_MS = 200;
const PERIOD_MS = 500;

function open(profile: Profile, options: Partial<OpenStorageOptions> = {}): Promise<Storage> {
  return profile.open({ freshFiles: true, ...options });
}

async function opened(profile: Profile, options: Partial<OpenStorageOptions> = {}) {
  const scheduler = new FakeScheduler();
  const storage = await open(profile, { scheduler, ...options });
  const close = () => drive(scheduler, storage.close());
  return { scheduler, storage, close };
}

async function names(profile: Profile): Promise<(string | undefined)[]> {
  return (await profile.factory.databases()).map(({ name }) => name);
}

async function ballastKeys(profile: Profile): Promise<readonly IDBValidKey[]> {
  const request = profile.factory.open(BALLAST);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const keys = await wrap(database).getAllKeys('chunks');
  database.close();
  return keys;
}

async function isDurable(storage: Storage): Promise<boolean> {
  await settle();
  return storage.durablePosition === storage.position;
}

describe('the long key', () => {
  it('is put once for all stores of an origin, between two neighbours', async () => {
    const profile = new Profile();
    for (const name of ['one', 'one', 'two']) {
      const { close } = await opened(profile, { name });
      await settle();
      await close();
      const [before, key, behind, ...others] = await ballastKeys(profile);
      expect([before, behind, others]).toEqual(['before', ['behind'], []]);
      expect((key as ArrayBuffer).byteLength).toBeGreaterThan(MANIFEST_BYTES);
    }
  });

  it('goes with the last store of the origin', async () => {
    const profile = new Profile();
    const [one, two] = [await opened(profile, { name: 'one' }), await opened(profile)];
    await settle();
    await drive(one.scheduler, one.storage.destroy());
    expect(await names(profile)).toContain(BALLAST);
    await drive(two.scheduler, two.storage.destroy());
    expect(await names(profile)).toEqual([]);
  });

  it('is none of the store, which opens without it too', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    // The first call opens its database.
    faulty.arm('UnknownError', 1);
    const { scheduler, storage, close } = await opened(profile, { indexedDB: faulty.factory });
    expect(faulty.failed).toBe(1);
    storage.append(bytes('kept'));
    await drive(scheduler, storage.durable(storage.position));
    await close();
    expect(await profile.contents()).toBe('kept');
  });

  it('is let go of if the store does not open', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    faulty.arm('QuotaExceededError', 2, true);
    const scheduler = new FakeScheduler();
    await drive(scheduler, open(profile, { scheduler, indexedDB: faulty.factory }));
    await settle();
    const deleting = profile.factory.deleteDatabase(BALLAST);
    const ended = await new Promise((resolve) => {
      deleting.onsuccess = () => resolve('deleted');
      deleting.onblocked = () => resolve('blocked');
    });
    expect(ended).toBe('deleted');
  });
});

describe('commits', () => {
  it('wait for new files under always', async () => {
    const { scheduler, storage, close } = await opened(new Profile());
    storage.append(bytes('x'));
    expect(await isDurable(storage)).toBe(false);
    scheduler.advance(TABLE_MS);
    expect(await isDurable(storage)).toBe(true);
    await close();
  });

  it('wait no longer than they do anyway under everysec', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const options = { durability: 'everysec', indexedDB: faulty.factory } as const;
    const { scheduler, storage, close } = await opened(profile, options);
    // The long key never gets there.
    faulty.arm('never', 2);
    storage.append(bytes('x'));
    scheduler.advance(PERIOD_MS - 1);
    expect(await isDurable(storage)).toBe(false);
    scheduler.advance(1);
    expect(await isDurable(storage)).toBe(true);
    await close();
  });

  it('do not wait when the store is closed', async () => {
    const profile = new Profile();
    const { storage } = await opened(profile);
    storage.append(bytes('last'));
    // No time passes.
    await storage.close();
    expect(await profile.contents()).toBe('last');
  });
});
