/**
 * Snapshots in IndexedDB where the shared contract does not reach: what is kept of older generations,
 * what is deleted and when, and falling back from a snapshot that is damaged.
 */
import { describe, expect, it } from 'vitest';
import { StorageFault } from '../../src/storage/errors.js';
import { Place } from '../../src/storage/frames.js';
import type { Durability, Loader, Storage } from '../../src/storage/storage.js';
import { bytes, save, state } from './contract.js';
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
