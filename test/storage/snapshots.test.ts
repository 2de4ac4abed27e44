/**
 * Snapshots in IndexedDB where the shared contract does not reach: what is kept of older generations,
 * what is deleted and when, and falling back from a snapshot that is damaged.
 */
import { describe, expect, it } from 'vitest';
import { FencedError } from '../../src/resp/errors.js';
import { StorageFault } from '../../src/storage/errors.js';
import { Place } from '../../src/storage/frames.js';
import type { Durability, Loader, Storage } from '../../src/storage/storage.js';
import { bytes, failure, save, state } from './contract.js';
import { drive, settle } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile, type StoredRecord } from './journal-kit.js';

const MODES: readonly Durability[] = ['always', 'everysec', 'no'];

/** Two generations with journal in front of, between and behind them. */
async function twoGenerations(profile: Profile, mode: Durability): Promise<void> {
  const storage = await profile.open({ durability: mode });
  await append(storage, 'a');
  await save(storage, 'A');
  await append(storage, 'b');
  await save(storage, 'AB');
  await append(storage, 'c');
  await storage.close();
}

async function append(storage: Storage, text: string): Promise<void> {
  storage.append(bytes(text));
  await storage.flush();
}

async function stateOf(profile: Profile, durability: Durability = 'always'): Promise<string> {
  const storage = await profile.open({ durability });
  const text = await state(storage);
  await storage.close();
  return text;
}

async function spoilChunk(profile: Profile, index: number): Promise<void> {
  const chunks = await profile.records('chunks');
  const { key } = chunks[index] as StoredRecord;
  await profile.put('chunks', { key, value: new Uint8Array(100) });
}

describe('a snapshot that is damaged', () => {
  it.each(MODES)('gives way to the one before with more journal, under %s', async (mode) => {
    const profile = new Profile();
    await twoGenerations(profile, mode);
    await spoilChunk(profile, 1);
    const storage = await profile.open({ durability: mode });
    expect(await state(storage)).toBe('<A>bc');
    expect(storage.report.damaged).toMatchObject({ kind: 'damaged', generation: 2, bytesLost: 0 });
    expect(storage.report.damaged?.cause).toContain('chunk 0 of generation 2');
    expect(storage.facts).toMatchObject({ generation: 1, snapshotBytes: 1, journalBytes: 2 });
    const [quarantined] = await profile.records('quarantine');
    expect(quarantined?.value).toMatchObject({ value: new Uint8Array(100) });
    await append(storage, 'd');
    expect(await state(storage)).toBe('<A>bcd');
    await save(storage, 'ABCD');
    await append(storage, 'e');
    await storage.close();
    // The bad one was not one of the two: the first is kept instead.
    const numbers = (await profile.records('manifest')).map(({ key }) => (key as number[])[1]);
    expect(numbers).toEqual([1, 3]);
    expect(await stateOf(profile)).toBe('<ABCD>e');
    await spoilChunk(profile, 1);
    expect(await stateOf(profile)).toBe('<A>bcde');
  });

  it.each(MODES)('gives way to the journal alone if it is the only one, under %s', async (mode) => {
    const profile = new Profile();
    const first = await profile.open({ durability: mode });
    await append(first, 'a');
    await save(first, 'A');
    await append(first, 'b');
    await first.close();
    await spoilChunk(profile, 0);
    expect(await stateOf(profile, mode)).toBe('ab');
    expect(await stateOf(profile)).toBe('ab');
  });

  it('is refused if no other is whole', async () => {
    const profile = new Profile();
    await twoGenerations(profile, 'always');
    await spoilChunk(profile, 0);
    await spoilChunk(profile, 1);
    const storage = await profile.open();
    await expect(state(storage)).rejects.toMatchObject({ kind: 'damaged' });
    await storage.close();
  });

  it('may be found so by the loader, which then gets the one before', async () => {
    const profile = new Profile();
    await twoGenerations(profile, 'always');
    const storage = await profile.open();
    let text = '';
    const picky: Loader = {
      beginSnapshot() {
        text = '<';
      },
      snapshot(part) {
        text += new TextDecoder().decode(part);
        if (text === '<AB') throw new StorageFault('damaged', 'not to my taste');
      },
      endSnapshot() {
        text += '>';
      },
      journal(part) {
        text += new TextDecoder().decode(part);
      },
    };
    await storage.load(picky);
    expect(text).toBe('<A>bc');
    expect(storage.report.damaged?.cause).toBe('not to my taste');
    const [quarantined] = await profile.records('quarantine');
    expect(quarantined?.value).toMatchObject({ why: 'not to my taste' });
    await storage.close();
  });

  it.each(MODES)('in its manifest gives way likewise, under %s', async (mode) => {
    for (const value of ['bad', new Uint8Array(64), undefined]) {
      const profile = new Profile();
      await twoGenerations(profile, mode);
      const { key } = (await profile.records('manifest'))[1] as StoredRecord;
      if (value === undefined) await profile.remove('manifest', key);
      else await profile.put('manifest', { key, value });
      const storage = await profile.open({ durability: mode });
      expect(await state(storage)).toBe('<A>bc');
      await save(storage, 'ABC');
      await storage.close();
      expect(await stateOf(profile)).toBe('<ABC>');
    }
  });
});

describe('a snapshot between which and the one before the journal stood still', () => {
  async function stopped(profile: Profile, tail: string): Promise<void> {
    const storage = await profile.open();
    await append(storage, 'a');
    await save(storage, 'A');
    await append(storage, 'b');
    await storage.stopJournal();
    await save(storage, 'AB and more', tail === '' ? 'dump' : 'base');
    if (tail !== '') await append(storage, tail);
    await storage.close();
    await spoilChunk(profile, 1);
  }

  it('is not replaced by the one before if something builds upon it', async () => {
    const profile = new Profile();
    await stopped(profile, 'c');
    const storage = await profile.open();
    await expect(state(storage)).rejects.toMatchObject({
      kind: 'damaged',
      message: expect.stringContaining('chunk 0 of generation 2'),
    });
    await storage.close();
    const cut = await profile.open({ recover: 'truncate' });
    expect(await state(cut)).toBe('<A>b');
    expect(cut.report.damaged).toMatchObject({ kind: 'damaged', bytesLost: 1 });
    await cut.close();
  });

  it('is replaced by what there was then if it was the last', async () => {
    const profile = new Profile();
    await stopped(profile, '');
    const storage = await profile.open({ journals: false });
    expect(await state(storage)).toBe('<A>b');
    expect(storage.report.damaged).toMatchObject({ kind: 'damaged', generation: 2 });
    await save(storage, 'new', 'dump');
    await storage.close();
    expect(await stateOf(profile)).toBe('<new>');
  });
});

describe('a journal that begins with a snapshot', () => {
  it('takes what was appended while it was being stopped before', async () => {
    const profile = new Profile();
    const scheduler = new FakeScheduler();
    const storage = await profile.open({ durability: 'everysec', scheduler });
    storage.append(bytes('a'));
    const stopping = storage.stopJournal();
    await Promise.resolve();
    storage.append(bytes('b'));
    await stopping;
    expect(storage.durablePosition).toBe(1);
    expect(await drive(scheduler, save(storage, 'AB'))).toEqual({ value: undefined });
    await append(storage, 'c');
    await storage.close();
    expect(await stateOf(profile)).toBe('<AB>c');
  });

  it('keeps that if the snapshot comes to nothing, and nothing that came later', async () => {
    const profile = new Profile();
    const storage = await profile.open({ durability: 'everysec' });
    storage.append(bytes('a'));
    const stopping = storage.stopJournal();
    await Promise.resolve();
    storage.append(bytes('b'));
    await stopping;
    const first = storage.beginSnapshot('base');
    const lost = storage.append(bytes('lost'));
    const told = failure(storage.durable(lost));
    const aborting = first.abort();
    const second = storage.beginSnapshot('base');
    storage.append(bytes('c'));
    expect(await told).toBe('StorageError');
    await aborting;
    await second.write(bytes('AB and more'));
    await second.commit();
    await storage.close();
    expect(await stateOf(profile)).toBe('<AB and more>c');
  });

  it('does not begin with one that was given up, when that turns out to be there', async () => {
    const profile = new Profile();
    const scheduler = new FakeScheduler();
    const faulty = new FaultyIndexedDB(profile.factory);
    const storage = await profile.open({ scheduler, indexedDB: faulty.factory });
    await append(storage, 'a');
    await storage.stopJournal();
    const first = storage.beginSnapshot('base');
    await first.write(bytes('A'));
    // Its chunk is written; nobody hears that it counts, and there is no connection any more.
    faulty.arm('unheard', 2, true);
    expect(await drive(scheduler, first.commit())).toHaveProperty('error');
    faulty.heal();
    await settle();
    const second = storage.beginSnapshot('base');
    storage.append(bytes('behind the second'));
    await drive(scheduler, storage.verify());
    await settle();
    // The process dies.
    expect(await stateOf(profile)).toBe('<A>');
    await second.abort();
    await storage.close().catch(() => {});
  });
});

describe('a power cut that takes the end of the relaxed journal', () => {
  /** Two generations; the end of the journal in front of the second cut is gone. */
  async function cut(profile: Profile): Promise<void> {
    const first = await profile.open({ durability: 'no' });
    await append(first, 'a');
    await save(first, 'A');
    await append(first, 'b');
    await append(first, 'c');
    await save(first, 'ABC');
    await append(first, 'd');
    await first.close();
    const records = await profile.records('journal', Place.Relaxed);
    expect(records.map(({ key }) => key)).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    await profile.replaceJournal(records.slice(0, 2), Place.Relaxed);
  }

  it.each(MODES)('leaves the snapshot that covers it, and %s goes on behind it', async (mode) => {
    const profile = new Profile();
    await cut(profile);
    const storage = await profile.open({ durability: mode });
    expect(await state(storage)).toBe('<ABC>');
    expect(storage.report.damaged).toBeNull();
    await append(storage, 'e');
    await storage.close();
    for (const next of MODES) expect(await stateOf(profile, next)).toBe('<ABC>e');
  });

  it.each(MODES)('is not papered over with an older snapshot, under %s', async (mode) => {
    const profile = new Profile();
    await cut(profile);
    const storage = await profile.open({ durability: mode });
    await append(storage, 'e');
    await storage.close();
    await spoilChunk(profile, 1);
    const again = await profile.open({ durability: mode });
    await expect(state(again)).rejects.toMatchObject({ kind: 'damaged' });
    await again.close();
  });
});

it('a relaxed journal that is gone is missed by an older snapshot', async () => {
  const profile = new Profile();
  await twoGenerations(profile, 'no');
  await profile.replaceJournal([], Place.Relaxed);
  await spoilChunk(profile, 1);
  const storage = await profile.open({ durability: 'no' });
  await expect(state(storage)).rejects.toMatchObject({ kind: 'damaged' });
  await storage.close();
});

describe('damage in the journal', () => {
  it('between the two cuts does not stop opening from the newer snapshot', async () => {
    for (const mode of MODES) {
      const profile = new Profile();
      await twoGenerations(profile, mode);
      const place = mode === 'no' ? Place.Relaxed : Place.Strict;
      const records = await profile.records('journal', place);
      const between = records.find(({ value }) => textOf(value) === 'b') as StoredRecord;
      await profile.put('journal', { key: between.key, value: new Uint8Array(40) }, place);
      expect(await stateOf(profile, mode)).toBe('<AB>c');
      await spoilChunk(profile, 1);
      const storage = await profile.open({ durability: mode });
      await expect(state(storage)).rejects.toMatchObject({ kind: 'damaged' });
      await storage.close();
    }
  });

  it('behind the newest cut refuses, as it does without snapshots', async () => {
    const profile = new Profile();
    await twoGenerations(profile, 'always');
    const storage = await profile.open();
    await append(storage, 'd');
    await storage.close();
    const records = await profile.records();
    const behind = records.find(({ value }) => textOf(value) === 'c') as StoredRecord;
    await profile.put('journal', { key: behind.key, value: new Uint8Array(40) });
    await expect(profile.open()).rejects.toMatchObject({ kind: 'damaged' });
    const cut = await profile.open({ recover: 'truncate' });
    expect(await state(cut)).toBe('<AB>');
    await cut.close();
  });
});

describe('an owner of which a snapshot has left nothing but its fence', () => {
  it.each(MODES)('is deposed all the same, under %s', async (mode) => {
    const profile = new Profile();
    const older = await profile.open({ durability: mode });
    await append(older, 'a');
    await save(older, 'A');
    await save(older, 'A');
    const newer = await profile.open({ durability: mode });
    older.append(bytes('late'));
    await expect(older.flush()).rejects.toBeInstanceOf(FencedError);
    await append(newer, 'b');
    expect(await state(newer)).toBe('<A>b');
    await newer.close();
  });

  it('finds its journal again after a lost connection', async () => {
    for (const mode of MODES) {
      const profile = new Profile();
      const faulty = new FaultyIndexedDB(profile.factory);
      const storage = await profile.open({ durability: mode, indexedDB: faulty.factory });
      await append(storage, 'a');
      await save(storage, 'A');
      await save(storage, 'A');
      faulty.arm('InvalidStateError', 1);
      await expect(storage.verify()).rejects.toMatchObject({ kind: 'lost' });
      await storage.verify();
      await append(storage, 'b');
      expect(await state(storage)).toBe('<A>b');
      await storage.close();
    }
  });
});

describe('what a snapshot makes superfluous', () => {
  it.each(MODES)('is deleted but for two generations and all fences, under %s', async (mode) => {
    const profile = new Profile();
    for (let number = 1; number <= 5; number++) {
      const storage = await profile.open({ durability: mode });
      await append(storage, `in front of ${number}`);
      await save(storage, `${number}`);
      await append(storage, `behind ${number}`);
      await storage.close();
    }
    const numbersIn = async (store: 'manifest' | 'chunks') =>
      (await profile.records(store)).map(({ key }) => (key as number[])[1]);
    expect(await numbersIn('manifest')).toEqual([4, 5]);
    expect(await numbersIn('chunks')).toEqual([4, 5]);
    const place = mode === 'no' ? Place.Relaxed : Place.Strict;
    const texts = (await profile.records('journal', place)).map(({ value }) => textOf(value));
    expect(texts.join()).not.toMatch(/of [1-4]|behind [1-3]/);
    expect(texts.join()).toMatch(/behind 4.*of 5.*behind 5/s);
    const fences = (await profile.records()).filter(({ value }) => isFence(value));
    expect(fences.map(({ key }) => (key as number[])[0])).toEqual([0, 1, 2, 3, 4]);
    expect(await stateOf(profile)).toBe('<5>behind 5');
    await spoilChunk(profile, 1);
    expect(await stateOf(profile)).toBe('<4>behind 4in front of 5behind 5');
  });
});

function textOf(value: unknown): string {
  return new TextDecoder().decode((value as Uint8Array).subarray(32));
}

function isFence(value: unknown): boolean {
  return (((value as Uint8Array)[28] ?? 0) & 4) !== 0;
}
