/**
 * Recovery: torn ends are dropped and reported, damage refuses, and no way to spoil a small journal
 * makes it load anything but a prefix of what was written.
 */
import { describe, expect, it } from 'vitest';
import { StorageFault } from '../../src/storage/errors.js';
import { encodeCommit, encodeFence, PAYLOAD_BYTES_MAX, Place } from '../../src/storage/frames.js';
import { encodeManifest } from '../../src/storage/manifest.js';
import { examine, follow } from '../../src/storage/recovery.js';
import { bytes, contents } from './contract.js';
import { Profile, resealed, type StoredRecord } from './journal-kit.js';

const BIG = 'b'.repeat(2 * PAYLOAD_BYTES_MAX + 1);

/** A text that can be shown. */
const short = (text: string) => text.replaceAll(BIG, 'BIG');

/** Three owners; commits of one frame and one of three. */
async function writeSmallJournal(): Promise<{ records: StoredRecord[]; commits: string[] }> {
  const profile = new Profile();
  const commits: string[] = [];
  for (const batch of [
    ['a1 ', 'a2 ', 'a3 '],
    [`${BIG} `, 'b2 '],
    ['c1 ', 'c2 ', 'c3 ', 'c4 '],
  ]) {
    const storage = await profile.open();
    for (const text of batch) {
      storage.append(bytes(text));
      await storage.flush();
      commits.push(short(text));
    }
    await storage.close();
  }
  return { records: await profile.records(), commits };
}

interface Verdict {
  readonly text: string | null;
  readonly kind: string;
}

/** What recovery alone makes of `records`, in the words of `load`. */
function judge(records: readonly StoredRecord[]): Verdict {
  const entries = records.map(({ key, value }) => examine(key, value));
  const { commits, fault } = follow(entries, Place.Strict);
  if (fault !== null && fault.kind !== 'torn')
    return { text: null, kind: `refused: ${fault.kind}` };
  const payloads = commits.flatMap((commit) => commit.payloads);
  return { text: short(Buffer.concat(payloads).toString()), kind: fault?.kind ?? 'sound' };
}

interface Outcome extends Verdict {
  readonly profile: Profile;
}

/** What opening makes of `records`. */
async function load(records: readonly StoredRecord[], recover?: 'truncate'): Promise<Outcome> {
  const profile = new Profile();
  await profile.replaceJournal(records);
  try {
    const storage = await profile.open(recover ? { recover } : {});
    const text = short(await contents(storage));
    await storage.close();
    return { text, kind: storage.report.damaged?.kind ?? 'sound', profile };
  } catch (error) {
    if (!(error instanceof StorageFault)) throw error;
    return { text: null, kind: `refused: ${error.kind}`, profile };
  }
}

function isPrefix(text: string, commits: readonly string[]): boolean {
  return (
    commits.some((_, count) => text === commits.slice(0, count).join('')) ||
    text === commits.join('')
  );
}

function withBytes(record: StoredRecord, change: (value: Uint8Array) => Uint8Array): StoredRecord {
  return { key: record.key, value: change((record.value as Uint8Array).slice()) };
}

function flipped(record: StoredRecord, bit: number): StoredRecord {
  return withBytes(record, (value) => {
    (value[bit >> 3] as number) ^= 1 << (bit & 7);
    return value;
  });
}

describe('a spoilt journal', async () => {
  const { records, commits } = await writeSmallJournal();
  const whole = commits.join('');
  const last = records.length - 1;

  it('is what the test thinks: twelve data frames and three fences', () => {
    expect(records.map(({ key }) => key)).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 0],
      [2, 1],
      [2, 2],
      [2, 3],
      [2, 4],
      [3, 0],
      [3, 1],
      [3, 2],
      [3, 3],
    ]);
  });

  it('loads whole when nothing is spoilt', async () => {
    expect(await load(records)).toMatchObject({ text: whole, kind: 'sound' });
  });

  it('is refused for a bad bit in any record but the last, and torn at the last', async () => {
    for (let index = 0; index <= last; index++) {
      const record = records[index] as StoredRecord;
      const bits = (record.value as Uint8Array).length * 8;
      for (let bit = 0; bit < bits; bit += bits > 1000 ? 997 : 1) {
        const spoilt = records.with(index, flipped(record, bit));
        expectDamageAt(index, judge(spoilt), `bit ${bit} of record ${index}`);
        // The whole way through a database takes longer and must come to the same.
        if (bit % 97 === 0) expectDamageAt(index, await load(spoilt), `bit ${bit}`);
      }
    }
  });

  it('gives away every truncation of every record', async () => {
    for (let index = 0; index <= last; index++) {
      const { length } = (records[index] as StoredRecord).value as Uint8Array;
      for (let keep = 0; keep < length; keep += length > 1000 ? 499 : 1) {
        const cut = withBytes(records[index] as StoredRecord, (value) => value.slice(0, keep));
        const spoilt = records.with(index, cut);
        expectDamageAt(index, judge(spoilt), `${keep} bytes of record ${index}`);
        if (keep % 20 === 0) expectDamageAt(index, await load(spoilt), `${keep} bytes`);
      }
    }
  });

  function expectDamageAt(index: number, { kind, text }: Verdict, where: string): void {
    expect(kind, where).toBe(index < last ? 'refused: damaged' : 'torn');
    if (index === last) expect(text, where).toBe(commits.slice(0, -1).join(''));
  }

  it('is refused when a record is missing, except at the end where a prefix remains', async () => {
    for (let index = 0; index <= last; index++) {
      const { kind, text } = await load(records.toSpliced(index, 1));
      if (index < last) expect(kind, `without record ${index}`).toBe('refused: damaged');
      else expect(text).toBe(commits.slice(0, -1).join(''));
    }
  });

  it('loads a prefix from every beginning of it', async () => {
    for (let count = 0; count <= records.length; count++) {
      const { text, kind } = await load(records.slice(0, count));
      expect(isPrefix(text as string, commits), `${count} records`).toBe(true);
      const insideBigCommit = count === 6 || count === 7;
      expect(kind).toBe(insideBigCommit ? 'torn' : 'sound');
    }
  });

  it('never takes one record for another', async () => {
    for (let from = 0; from <= last; from++) {
      for (let to = 0; to <= last; to++) {
        if (from === to) continue;
        const moved = { key: records[to]?.key, value: records[from]?.value } as StoredRecord;
        const { text, kind } = await load(records.with(to, moved));
        expect(kind, `${from} in the place of ${to}`).toBe(to < last ? 'refused: damaged' : 'torn');
        if (text !== null) expect(isPrefix(text, commits)).toBe(true);
      }
    }
  });

  it('never takes swapped records', async () => {
    for (let one = 0; one <= last; one++) {
      for (let other = one + 1; other <= last; other++) {
        const a = records[one] as StoredRecord;
        const b = records[other] as StoredRecord;
        const swapped = records
          .with(one, { key: a.key, value: b.value })
          .with(other, { key: b.key, value: a.value });
        const { kind, text } = await load(swapped);
        // Both of the last two: bad to the end, so torn.
        const atEnd = one === last - 1;
        expect(kind, `${one} and ${other}`).toBe(atEnd ? 'torn' : 'refused: damaged');
        if (text !== null) expect(isPrefix(text, commits)).toBe(true);
      }
    }
  });

  it('never takes a record twice', async () => {
    for (const { value } of records) {
      for (const key of [
        [3, 4],
        [3, 5],
        [4, 0],
        [1, 4],
        [7, 0],
        [0, 1],
      ]) {
        const { text } = await load([...records, { key, value }]);
        expect(text === null || text === whole, JSON.stringify(key)).toBe(true);
      }
    }
  });

  it('never takes records that are no frames, or have foreign keys', async () => {
    for (const value of ['text', 17, null, new Uint8Array(0), new ArrayBuffer(64)]) {
      expect(await load([...records, { key: [3, 4], value }])).toMatchObject({
        text: whole,
        kind: 'torn',
      });
    }
    for (const key of [5, 'x', [3], [3, 'x'], [3, 0.5], [3, 1, 1], [-1, 0]]) {
      const { kind } = await load([...records, { key, value: 'text' }]);
      expect(kind, JSON.stringify(key)).toBe('refused: damaged');
    }
  });

  it('never takes a frame of another owner', async () => {
    const [foreign] = encodeCommit([bytes('foreign')], { epoch: 3, n: 4 }, 999);
    const { kind } = await load([...records, { key: [3, 4], value: foreign }]);
    expect(kind).toBe('refused: damaged');
  });

  it('never follows a fence backwards', async () => {
    const fence = { nextEpoch: 3, place: Place.Strict, cut: { epoch: 3, n: 4 } } as const;
    const value = encodeFence({ epoch: 3, n: 4 }, 999, fence);
    const { kind } = await load([...records, { key: [3, 4], value }]);
    expect(kind).toBe('refused: damaged');
  });
});

describe('a torn end', async () => {
  const { records, commits } = await writeSmallJournal();
  const torn = records.with(-1, flipped(records.at(-1) as StoredRecord, 200));
  const sound = commits.slice(0, -1).join('');

  it('is reported with place, size and cause', async () => {
    const profile = new Profile();
    await profile.replaceJournal(torn);
    const { report } = await profile.open();
    expect(report.damaged).toEqual({
      kind: 'torn',
      at: { epoch: 3, n: 3 },
      bytesLost: 35,
      cause: 'the checksum does not agree',
    });
  });

  it('is copied to quarantine and left where it was', async () => {
    const { profile } = await load(torn);
    const bad = torn.at(-1) as StoredRecord;
    expect(await profile.records('quarantine')).toEqual([
      { key: [5, 0], value: { ...bad, why: 'the checksum does not agree' } },
    ]);
    expect(await profile.records()).toContainEqual(bad);
  });

  it('is reported once; the store goes on behind it', async () => {
    const { profile } = await load(torn);
    const storage = await profile.open();
    expect(storage.report.damaged).toBeNull();
    storage.append(bytes('more'));
    await storage.close();
    expect(short(await profile.contents())).toBe(`${sound}more`);
  });

  it('may be several bad records, or a commit without its end', async () => {
    const bad = { value: new Uint8Array(40) };
    const { text, kind } = await load([
      ...records,
      { key: [3, 4], ...bad },
      { key: [3, 5], ...bad },
    ]);
    expect([text, kind]).toEqual([commits.join(''), 'torn']);
    const [first, second] = encodeCommit([bytes(BIG)], { epoch: 3, n: 4 }, ownerOf(records));
    const unfinished = [
      { key: [3, 4], value: first },
      { key: [3, 5], value: second },
    ];
    expect(await load([...records, ...unfinished])).toMatchObject({
      text: commits.join(''),
      kind: 'torn',
    });
  });

  it('numbers the next owner above one whose fence was spoilt', async () => {
    const fence = records.findLastIndex(({ key }) => String(key) === '2,4');
    const cut = records.slice(0, fence + 1);
    const { profile, kind } = await load(cut.with(-1, flipped(cut.at(-1) as StoredRecord, 200)));
    expect(kind).toBe('torn');
    const { report } = await profile.open();
    // 3 may have been given away by the fence that cannot be read any more.
    expect(report.epoch).toBeGreaterThan(4);
  });
});

/** Of the last epoch. */
function ownerOf(records: readonly StoredRecord[]): number {
  const value = records.at(-1)?.value as Uint8Array;
  return new DataView(value.buffer, value.byteOffset).getUint32(12, true);
}

describe('damage in the middle', async () => {
  const { records, commits } = await writeSmallJournal();
  const damaged = records.with(2, flipped(records[2] as StoredRecord, 200));

  it('refuses to open, names place and cause, and changes nothing', async () => {
    const profile = new Profile();
    await profile.replaceJournal(damaged);
    await expect(profile.open()).rejects.toMatchObject({
      name: 'StorageError',
      kind: 'damaged',
      at: { epoch: 1, n: 1 },
      message: 'the journal is damaged at frame 1 of epoch 1: the checksum does not agree',
    });
    expect(await profile.records()).toEqual(damaged);
    expect(await profile.records('quarantine')).toEqual([]);
  });

  it('is cut when asked: the rest is quarantined, the store goes on from there', async () => {
    const { profile, text, kind } = await load(damaged, 'truncate');
    expect([text, kind]).toEqual([commits[0], 'damaged']);
    const quarantine = await profile.records('quarantine');
    expect(quarantine.map(({ value }) => (value as StoredRecord).key)).toEqual(
      records.slice(2).map(({ key }) => key),
    );
    const storage = await profile.open();
    expect(storage.report.damaged).toBeNull();
    storage.append(bytes('more'));
    await storage.close();
    expect(short(await profile.contents())).toBe(`${commits[0]}more`);
  });

  it('can be cut wherever it is', async () => {
    for (let index = 0; index < records.length; index++) {
      const spoilt = records.with(index, flipped(records[index] as StoredRecord, 200));
      const { profile, text } = await load(spoilt, 'truncate');
      expect(isPrefix(text as string, commits), `record ${index}`).toBe(true);
      expect(short(await profile.contents())).toBe(text);
    }
  });
});

describe('a newer version', async () => {
  const { records } = await writeSmallJournal();

  it('of a frame is refused and left alone, even under truncate', async () => {
    const newer = [...records, { key: [3, 4], value: frameOfVersion(2, ownerOf(records)) }];
    for (const recover of [undefined, 'truncate'] as const) {
      const { kind, profile } = await load(newer, recover);
      expect(kind).toBe('refused: newer');
      expect(await profile.records()).toEqual(newer);
    }
  });

  it('of the store, known by its manifest, is refused and left alone', async () => {
    const profile = new Profile();
    await profile.replaceJournal(records);
    const whole = encodeManifest({
      epoch: 1,
      number: 1,
      chunks: 0,
      bytes: 0,
      cut: { place: Place.Strict, position: { epoch: 1, n: 1 }, owner: 1 },
      continuous: true,
      createdAt: 0,
    });
    const value = resealed(whole, (view) => view.setUint8(7, 2));
    await profile.put('manifest', { key: [1, 1], value });
    await expect(profile.open()).rejects.toMatchObject({ kind: 'newer' });
    expect(await profile.records()).toEqual(records);
  });
});

/** A whole frame that says another version. */
function frameOfVersion(version: number, owner: number): Uint8Array {
  const [frame] = encodeCommit([bytes('x')], { epoch: 3, n: 4 }, owner);
  return resealed(frame as Uint8Array, (view) => view.setUint8(7, version));
}
