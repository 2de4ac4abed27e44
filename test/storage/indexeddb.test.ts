/**
 * Storage in IndexedDB where the shared contract does not reach: two databases, interrupted moves
 * between them, deletion from outside, lost connections.
 */
import { describe, expect, it } from 'vitest';
import { databaseName } from '../../src/storage/aside.js';
import { Place } from '../../src/storage/frames.js';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { bytes, failure } from './contract.js';
import { drive, settle } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';

async function write(profile: Profile, durability: Durability, ...parts: Uint8Array[]) {
  const storage = await profile.open({ durability });
  for (const part of parts) {
    storage.append(part);
    await storage.flush();
  }
  await storage.close();
}

describe('durability', () => {
  it('is strict in one database and relaxed in the other, said on every transaction', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    for (const durability of ['always', 'no', 'everysec', 'no', 'always'] as const) {
      const storage = await profile.open({ durability, indexedDB: faulty.factory });
      storage.append(bytes('x'));
      await storage.close();
    }
    expect([...faulty.durabilities].map(([name, seen]) => [name, ...seen]).sort()).toEqual([
      [databaseName(profile.name, Place.Relaxed), 'relaxed'],
      [databaseName(profile.name, Place.Strict), 'strict'],
    ]);
  });

  it('is what was asked for last, however many changes are under way', async () => {
    const profile = new Profile();
    const storage = await profile.open({ durability: 'everysec' });
    await Promise.all([storage.setDurability('no'), storage.setDurability('always')]);
    const before = await profile.records('journal', Place.Relaxed);
    storage.append(bytes('strict'));
    await storage.durable(storage.position);
    expect(await profile.records('journal', Place.Relaxed)).toEqual(before);
    await storage.close();
    expect(await profile.contents()).toBe('strict');
  });
});

describe('the move from the relaxed to the strict database', () => {
  const part = (letter: string) => bytes(letter.repeat(700_000));
  /** Each run of a letter as the letter and its length. */
  const summary = async (profile: Profile, durability: Durability) =>
    (await profile.contents({ durability })).replaceAll(
      /(.)\1*/g,
      (run) => `${run[0]}${run.length} `,
    );

  it('counts only when it is complete, at whatever transaction it is cut off', async () => {
    const expected = 'a700000 b700000 c700000 d700000 ';
    let cutOff = 0;
    for (let at = 1; ; at++) {
      const profile = new Profile();
      await write(profile, 'always', part('a'));
      await write(profile, 'no', part('b'), part('c'), part('d'));
      const faulty = new FaultyIndexedDB(profile.factory);
      faulty.arm('UnknownError', at, true);
      const scheduler = new FakeScheduler();
      const opening = profile.open({ indexedDB: faulty.factory, scheduler });
      const opened = await drive(scheduler, opening);
      if ('value' in opened && opened.value.report.backend === 'indexeddb') break;
      const copied = (await profile.records()).filter(({ key }) => (key as number[])[0] === 3);
      if (copied.length > 0) cutOff++;
      expect(await summary(profile, at % 2 ? 'no' : 'always')).toBe(expected);
      expect(await summary(profile, 'always')).toBe(expected);
    }
    expect(cutOff, 'cut off in the middle of the copy').toBeGreaterThan(0);
  });

  it('is made once: what was brought over is not brought over again', async () => {
    const profile = new Profile();
    await write(profile, 'no', bytes('a'));
    await write(profile, 'always', bytes('b'));
    const before = (await profile.records()).length;
    await write(profile, 'always', bytes('c'));
    // A fence and one commit.
    expect((await profile.records()).length).toBe(before + 2);
    expect(await profile.contents()).toBe('abc');
  });

  it('is not needed when there is no relaxed database, and makes none', async () => {
    const profile = new Profile();
    await write(profile, 'always', bytes('a'));
    const names = (await profile.factory.databases()).map(({ name }) => name);
    expect(names).toEqual([databaseName(profile.name, Place.Strict)]);
  });

  it('refuses if the relaxed journal is damaged, and reports if it is torn', async () => {
    const profile = new Profile();
    await write(profile, 'no', bytes('a'), bytes('b'));
    const records = await profile.records('journal', Place.Relaxed);
    const spoil = (index: number) =>
      profile.replaceJournal(
        records.with(index, { ...(records[index] as (typeof records)[0]), value: 'bad' }),
        Place.Relaxed,
      );
    await spoil(1);
    await expect(profile.open()).rejects.toMatchObject({ kind: 'damaged' });
    await spoil(2);
    const storage = await profile.open();
    expect(storage.report.damaged?.kind).toBe('torn');
    await storage.close();
    expect(await profile.contents()).toBe('a');
  });

  it('leaves a prefix when a power cut took the relaxed journal', async () => {
    for (const kept of [0, 1, 2, 3]) {
      const profile = new Profile();
      await write(profile, 'always', bytes('a'));
      await write(profile, 'no', bytes('b'), bytes('c'));
      const records = await profile.records('journal', Place.Relaxed);
      await profile.replaceJournal(records.slice(0, kept), Place.Relaxed);
      expect(await profile.contents({ durability: 'no' })).toBe('abc'.slice(0, Math.max(1, kept)));
      await write(profile, 'always', bytes('d'));
      expect(await profile.contents()).toBe(`${'abc'.slice(0, Math.max(1, kept))}d`);
    }
  });

  it('goes on above the epochs of the relaxed journal if the strict one was lost', async () => {
    const profile = new Profile();
    for (const letter of 'abc') await write(profile, 'no', bytes(letter));
    await profile.replaceJournal([], Place.Strict);
    const storage = await profile.open();
    expect(storage.report.epoch).toBeGreaterThan(3);
    storage.append(bytes('d'));
    await storage.close();
    expect(await profile.contents()).toBe('abcd');
  });
});

describe('data that is deleted from outside while the store is open', () => {
  async function openedAndWritten(profile: Profile): Promise<Storage> {
    const storage = await profile.open();
    storage.append(bytes('deleted'));
    await storage.flush();
    return storage;
  }

  it('is reported at once and never written back', async () => {
    const profile = new Profile();
    const storage = await openedAndWritten(profile);
    const told: string[] = [];
    storage.onState(({ error }) => told.push((error as { kind?: string } | null)?.kind ?? 'none'));
    await remove(profile);
    await settle();
    expect(told).toEqual(['wiped']);
    await expect(storage.verify()).rejects.toMatchObject({ kind: 'wiped' });
    expect(() => storage.append(bytes('x'))).toThrow('deleted');
    expect(await profile.factory.databases()).toEqual([]);
  });

  it('is not brought back by what waited to be written', async () => {
    const profile = new Profile();
    const storage = await openedAndWritten(profile);
    storage.append(bytes('waiting'));
    const flushed = failure(storage.flush());
    await remove(profile);
    await flushed;
    await settle();
    expect(await profile.factory.databases()).toEqual([]);
  });

  it('is not mixed with a store that somebody made anew', async () => {
    const profile = new Profile();
    const older = await openedAndWritten(profile);
    const removed = remove(profile);
    const newer = await profile.open();
    await removed;
    await settle();
    await expect(older.verify()).rejects.toMatchObject({ kind: 'wiped' });
    newer.append(bytes('new'));
    await newer.close();
    expect(await profile.contents()).toBe('new');
  });

  function remove(profile: Profile): Promise<void> {
    const request = profile.factory.deleteDatabase(databaseName(profile.name, Place.Strict));
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
  }
});

describe('a connection that is lost', () => {
  it('is made again, and what was not durable is written without being asked', async () => {
    for (const fault of ['close', 'InvalidStateError', 'never', 'late', 'unheard'] as const) {
      const profile = new Profile();
      const scheduler = new FakeScheduler();
      const faulty = new FaultyIndexedDB(profile.factory);
      const storage = await profile.open({ indexedDB: faulty.factory, scheduler });
      faulty.arm(fault, 1);
      const position = storage.append(bytes('kept'));
      const told = await drive(scheduler, storage.durable(position));
      expect(told, fault).toHaveProperty('error');
      // It may be durable by now already; asking again must end well in any case.
      expect(await drive(scheduler, storage.durable(position)), fault).toEqual({
        value: undefined,
      });
      await storage.close();
      expect(await profile.contents()).toBe('kept');
    }
  });

  it('is noticed even when nothing is written', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const storage = await profile.open({ indexedDB: faulty.factory });
    faulty.arm('InvalidStateError', 1);
    expect(await failure(storage.verify())).toBe('StorageError');
    await storage.verify();
    await storage.close();
  });
});
