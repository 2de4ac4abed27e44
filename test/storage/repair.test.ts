/**
 * What is told of a damaged store without opening it, and that telling changes nothing.
 */
import { describe, expect, it } from 'vitest';
import { diagnose, listQuarantine } from '../../src/storage/repair.js';
import { bytes, save, state } from './contract.js';
import { FakeScheduler } from './fake-scheduler.js';
import { Profile, type StoredRecord } from './journal-kit.js';

async function filled(): Promise<Profile> {
  const profile = new Profile();
  const storage = await profile.open();
  for (const letter of 'abcd') {
    storage.append(bytes(letter));
    await storage.flush();
    if (letter < 'c') await save(storage, letter.toUpperCase());
  }
  await storage.close();
  return profile;
}

function optionsFor({ factory, name }: Profile) {
  return { factory, name, scheduler: new FakeScheduler(), timeoutMs: 1000 };
}

async function spoil(profile: Profile, store: 'journal' | 'chunks', index: number): Promise<void> {
  const { key } = (await profile.records(store)).at(index) as StoredRecord;
  await profile.put(store, { key, value: new Uint8Array(50) });
}

describe('the diagnosis of a store', () => {
  it('finds nothing wrong with one that is whole, and takes nothing from its owner', async () => {
    const profile = await filled();
    const owner = await profile.open();
    expect(await diagnose(optionsFor(profile))).toEqual({
      damaged: null,
      generation: 2,
      snapshotBytes: 1,
      journalBytes: 2,
      journalBytesLost: 0,
    });
    await owner.verify();
    await owner.close();
  });

  it.each([
    ['journal', -2],
    ['journal', -1],
    ['chunks', 1],
    ['chunks', 0],
  ] as const)(
    'says what truncating comes to (%s, %i) and changes nothing',
    async (store, index) => {
      const profile = await filled();
      await spoil(profile, store, index);
      const before = await profile.dump();
      const told = await diagnose(optionsFor(profile));
      expect(await profile.dump()).toEqual(before);
      expect(await profile.records('quarantine')).toEqual([]);

      const cut = await profile.open({ recover: 'truncate' });
      await state(cut);
      expect([told.generation, told.snapshotBytes]).toEqual([
        cut.facts.generation,
        cut.facts.snapshotBytes,
      ]);
      expect(told.journalBytes).toBe(cut.facts.journalBytes);
      expect(told.damaged).toEqual(cut.report.damaged);
      expect(told.journalBytesLost).toBe(cut.report.damaged?.bytesLost ?? 0);
      await cut.close();
    },
  );

  it('says that there is no store, and makes none', async () => {
    const profile = new Profile();
    await expect(diagnose(optionsFor(profile))).rejects.toMatchObject({ kind: 'missing' });
    expect(await profile.factory.databases()).toEqual([]);
  });
});

describe('what is in quarantine', () => {
  it('is listed with where it was, why, and its bytes', async () => {
    const profile = await filled();
    expect(await listQuarantine(optionsFor(profile))).toEqual([]);
    await spoil(profile, 'journal', -1);
    await spoil(profile, 'chunks', 1);
    const storage = await profile.open();
    expect(await state(storage)).toBe('<A>bc');
    await storage.close();
    expect(await listQuarantine(optionsFor(profile))).toEqual([
      {
        database: 'strict',
        key: [1, 5],
        why: 'no frame begins here',
        bytes: new Uint8Array(50),
      },
      {
        database: 'strict',
        key: [1, 2, 0],
        why: expect.stringContaining('chunk 0 of generation 2'),
        bytes: new Uint8Array(50),
      },
    ]);
  });
});
