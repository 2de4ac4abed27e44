/**
 * Databases that will not open (F3): after several tries they are left where they are, and the store
 * begins anew beside them and says so. Nothing is set aside for what may pass.
 */
import { describe, expect, it } from 'vitest';
import { asideName, databaseName } from '../../src/storage/aside.js';
import { Place } from '../../src/storage/frames.js';
import type { Storage } from '../../src/storage/storage.js';
import { bytes, save, state } from './contract.js';
import { drive } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { Profile } from './journal-kit.js';

/** A factory that will not open what `broken` says, `times` times. */
class BrokenFactory {
  readonly #profile: Profile;
  readonly #broken: (name: string) => boolean;
  readonly #error: string;
  /** How often it has refused. */
  refused = 0;
  times = Number.POSITIVE_INFINITY;

  constructor(profile: Profile, broken: (name: string) => boolean, error = 'UnknownError') {
    this.#profile = profile;
    this.#broken = broken;
    this.#error = error;
  }

  get factory(): globalThis.IDBFactory {
    const { factory } = this.#profile;
    const open = (name: string, version?: number) => {
      if (!this.#broken(name) || this.refused >= this.times) return factory.open(name, version);
      this.refused++;
      throw new DOMException('Internal error opening backing store', this.#error);
    };
    const deleteDatabase = (name: string) => factory.deleteDatabase(name);
    return { open, deleteDatabase } as unknown as globalThis.IDBFactory;
  }
}

async function open(profile: Profile, broken: BrokenFactory | null): Promise<Storage> {
  const scheduler = new FakeScheduler();
  const indexedDB = broken?.factory ?? profile.factory;
  const opened = await drive(scheduler, profile.open({ indexedDB, scheduler, durability: 'no' }));
  if ('error' in opened) throw opened.error;
  return opened.value;
}

async function filled(): Promise<Profile> {
  const profile = new Profile();
  const storage = await profile.open({ durability: 'no' });
  await save(storage, 'old');
  storage.append(bytes('old'));
  await storage.close();
  return profile;
}

const strict = databaseName('test', Place.Strict);
const relaxed = databaseName('test', Place.Relaxed);

describe('a database that will not open', () => {
  it('is set aside with what depends on it; the store begins anew and says so', async () => {
    const profile = await filled();
    const broken = new BrokenFactory(profile, (name) => name === strict);
    const storage = await open(profile, broken);
    expect(broken.refused).toBe(3);
    expect(storage.report).toMatchObject({ backend: 'indexeddb', created: true, bytes: 0 });
    expect(storage.report.aside?.map(({ database }) => database)).toEqual([strict, relaxed]);
    expect(storage.report.aside?.[0]?.why).toContain('Internal error');
    storage.append(bytes('new'));
    await storage.close();
    const names = (await profile.factory.databases()).map(({ name }) => name).sort();
    expect(names).toEqual(
      [
        strict,
        relaxed,
        databaseName('test', Place.Strict, 1),
        databaseName('test', Place.Relaxed, 1),
        asideName('test'),
      ].sort(),
    );
  });

  it('stays aside should it open again, so that no history is mixed with another', async () => {
    const profile = await filled();
    const first = await open(profile, new BrokenFactory(profile, (name) => name === strict));
    first.append(bytes('new'));
    await first.close();
    const again = await open(profile, null);
    expect(await state(again)).toBe('new');
    expect(again.report.aside?.length).toBe(2);
    await again.close();
    const third = await open(
      profile,
      new BrokenFactory(profile, (name) => name === databaseName('test', Place.Strict, 1)),
    );
    expect([await state(third), third.report.aside?.length]).toEqual(['', 4]);
    await third.close();
  });

  it('is set aside alone if it is the relaxed one', async () => {
    const profile = await filled();
    const storage = await open(profile, new BrokenFactory(profile, (name) => name === relaxed));
    expect(await state(storage)).toBe('<old>');
    expect(storage.report.aside?.map(({ database }) => database)).toEqual([relaxed]);
    await storage.close();
    expect(await state(await open(profile, null))).toBe('<old>');
  });

  it('is given several tries', async () => {
    const profile = await filled();
    const broken = new BrokenFactory(profile, (name) => name === strict);
    broken.times = 2;
    const storage = await open(profile, broken);
    expect(storage.report.aside).toEqual([]);
    expect(await state(storage)).toBe('<old>old');
    await storage.close();
  });

  it.each(['AbortError', 'QuotaExceededError', 'SecurityError', 'VersionError'])(
    'is not set aside for %s',
    async (error) => {
      const profile = await filled();
      await open(profile, new BrokenFactory(profile, (name) => name === strict, error)).catch(
        () => {},
      );
      const names = (await profile.factory.databases()).map(({ name }) => name).sort();
      expect(names).toEqual([relaxed, strict]);
      expect(await state(await open(profile, null))).toBe('<old>old');
    },
  );

  it('is not set aside if none will open: then there is no IndexedDB', async () => {
    const profile = await filled();
    const storage = await open(profile, new BrokenFactory(profile, () => true));
    expect(storage.report.backend).toBe('memory');
    expect(await state(await open(profile, null))).toBe('<old>old');
  });

  it('goes with the store when that is destroyed', async () => {
    const profile = await filled();
    const broken = new BrokenFactory(profile, (name) => name === strict);
    const storage = await open(profile, broken);
    await storage.destroy();
    expect(await profile.factory.databases()).toEqual([]);
  });
});
