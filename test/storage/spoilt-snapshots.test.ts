/**
 * No way to spoil a small store with two generations makes it load anything but what was written, or a
 * part of it that says so (RELIABILITY R14): every bit, every beginning, every record dropped,
 * repeated, swapped or moved.
 */
import { describe, expect, it } from 'vitest';
import { candidate, examineManifest, newest } from '../../src/storage/candidates.js';
import { StorageFault } from '../../src/storage/errors.js';
import { Place } from '../../src/storage/frames.js';
import { examine } from '../../src/storage/recovery.js';
import type { Durability } from '../../src/storage/storage.js';
import { bytes, save, state } from './contract.js';
import { type DumpedRecord, Profile } from './journal-kit.js';

const WHOLE = 'abcdefgh';

/** Four owners, two of them with a snapshot of all before; modes as given. */
async function smallStore(modes: readonly Durability[]): Promise<DumpedRecord[]> {
  const profile = new Profile();
  let text = '';
  for (const [index, durability] of modes.entries()) {
    const storage = await profile.open({ durability });
    for (const letter of WHOLE.slice(2 * index, 2 * index + 2)) {
      storage.append(bytes(letter));
      await storage.flush();
      text += letter;
      if (index % 2 === 1 && text.length % 2 === 1) await save(storage, text);
    }
    await storage.close();
  }
  return profile.dump();
}

interface Outcome {
  /** Null: refused. */
  readonly text: string | null;
  readonly reported: boolean;
}

async function load(records: readonly DumpedRecord[]): Promise<Outcome> {
  const profile = await Profile.of(records);
  try {
    const storage = await profile.open();
    const text = (await state(storage)).replace(/[<>]/g, '');
    const { damaged } = storage.report;
    await storage.close();
    return { text, reported: damaged !== null };
  } catch (error) {
    if (!(error instanceof StorageFault)) throw error;
    return { text: null, reported: true };
  }
}

/** Of a store that was spoilt: right, or it says so. What is missing is at the end in any case. */
function expectHonest({ text, reported }: Outcome, how: string, mayMiss = 0): void {
  if (text === null) return;
  expect(WHOLE.startsWith(text), `${how}: ${text}`).toBe(true);
  if (!reported) expect(text.length, `${how}: ${text}`).toBeGreaterThanOrEqual(8 - mayMiss);
}

function changed(
  records: readonly DumpedRecord[],
  index: number,
  change: (value: Uint8Array) => Uint8Array,
): DumpedRecord[] {
  const record = records[index] as DumpedRecord;
  const value = change((record.value as Uint8Array).slice());
  return records.with(index, { ...record, value });
}

function nameOf({ place, store, key }: DumpedRecord): string {
  return `${place} ${store} ${JSON.stringify(key)}`;
}

/** What recovery alone makes of the journals with the newest manifest. */
function judge(records: readonly DumpedRecord[]): Outcome {
  const entries = (place: Place) =>
    records
      .filter((record) => record.store === 'journal' && record.place === place)
      .map(({ key, value }) => examine(key, value));
  const manifests = records
    .filter(({ store }) => store === 'manifest')
    .map(({ key, value }) => examineManifest(key, value));
  const base = newest(manifests);
  const all = { strict: entries(Place.Strict), relaxed: entries(Place.Relaxed), manifests };
  const { commits, strict, relaxed, gap } = candidate(all, base);
  const faults = [strict.fault, relaxed?.fault ?? null].filter((fault) => fault !== null);
  if (gap !== null || faults.some(({ kind }) => kind !== 'torn'))
    return { text: null, reported: true };
  const text = Buffer.concat(commits.flatMap(({ payloads }) => payloads)).toString();
  return { text: WHOLE.slice(0, base?.bytes ?? 0) + text, reported: faults.length > 0 };
}

const STORES = [
  ['always', 'always', 'always', 'always'],
  ['no', 'no', 'no', 'no'],
  ['always', 'no', 'always', 'no'],
  ['no', 'always', 'no', 'everysec'],
] as const;

describe.each(STORES)('a spoilt store, written under %s, %s, %s, %s', async (...modes) => {
  const records = await smallStore(modes);
  const indexes = [...records.keys()];

  it('is whole and small when it is not', async () => {
    expect(await load(records)).toEqual({ text: WHOLE, reported: false });
    expect(judge(records).text).toBe(WHOLE);
    expect(records.filter(({ store }) => store === 'manifest').length).toBe(2);
    expect(records.filter(({ store }) => store === 'chunks').length).toBe(2);
    expect(records.length).toBeGreaterThan(12);
  });

  it('is never wrong for a bad bit', async () => {
    for (const index of indexes) {
      const record = records[index] as DumpedRecord;
      const bits = (record.value as Uint8Array).length * 8;
      for (let bit = 0; bit < bits; bit++) {
        const spoilt = changed(records, index, (value) => {
          (value[bit >> 3] as number) ^= 1 << (bit & 7);
          return value;
        });
        const how = `bit ${bit} of ${nameOf(record)}`;
        if (record.store !== 'chunks') expectHonest(judge(spoilt), how);
        // The whole way through a database takes longer and must come to the same.
        if (bit % (record.store === 'journal' ? 257 : 29) === 0)
          expectHonest(await load(spoilt), how);
      }
    }
  });

  it('is never wrong for a record cut short', async () => {
    for (const index of indexes) {
      const record = records[index] as DumpedRecord;
      const { length } = record.value as Uint8Array;
      for (let keep = 0; keep < length; keep++) {
        const cut = changed(records, index, (value) => value.slice(0, keep));
        const how = `${keep} bytes of ${nameOf(record)}`;
        if (record.store !== 'chunks') expectHonest(judge(cut), how);
        if (keep % 29 === 0) expectHonest(await load(cut), how);
      }
    }
  });

  it('is never wrong for a record that is missing', async () => {
    for (const index of indexes) {
      const without = records.toSpliced(index, 1);
      const record = records[index] as DumpedRecord;
      const outcome = await load(without);
      // The last commit of a journal can be missing without a trace.
      expectHonest(outcome, `without ${nameOf(record)}`, record.store === 'journal' ? 1 : 0);
      if (record.store !== 'journal') expect(outcome.text, nameOf(record)).toBe(WHOLE);
    }
  });

  it('is never wrong for a record in the place of another, or swapped', async () => {
    for (const one of indexes) {
      for (const other of indexes) {
        const [a, b] = [records[one] as DumpedRecord, records[other] as DumpedRecord];
        if (one === other || a.store !== b.store) continue;
        const replaced = records.with(one, { ...a, value: b.value });
        expectHonest(await load(replaced), `${nameOf(b)} in the place of ${nameOf(a)}`);
        const swapped = replaced.with(other, { ...b, value: a.value });
        if (one < other) expectHonest(await load(swapped), `${nameOf(a)} and ${nameOf(b)}`);
      }
    }
  });

  it('is never wrong for a record that is there twice', async () => {
    for (const index of indexes) {
      const record = records[index] as DumpedRecord;
      const key = record.key as number[];
      for (let part = 0; part < key.length; part++) {
        for (const by of [1, 2, 7]) {
          const moved = { ...record, key: key.with(part, (key[part] as number) + by) };
          const taken = records.some((other) => nameOf(other) === nameOf(moved));
          if (!taken) expectHonest(await load([...records, moved]), `${nameOf(record)} by ${by}`);
        }
      }
    }
  });
});
