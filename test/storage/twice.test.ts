/**
 * Where a commit is written twice (docs/RELIABILITY.md, F24): it counts with the second writing, and what
 * Chromium leaves of one that was under way is a torn end.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { bytes, contents, save } from './contract.js';
import { drive } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';
import { SmallDisk } from './small-disk.js';

const { add, put } = IDBObjectStore.prototype;

afterEach(() => Object.assign(IDBObjectStore.prototype, { add, put }));

/** Notes what is written to journals, as `add 1,0`. */
function watchWrites(): string[] {
  const seen: string[] = [];
  const watch = (name: string, original: typeof add): typeof add =>
    function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.name === 'journal') seen.push(`${name} ${String(key)}`);
      return original.call(this, value, key);
    };
  Object.assign(IDBObjectStore.prototype, { add: watch('add', add), put: watch('put', put) });
  return seen;
}

/** Notes what is put into any store, as `chunks 1,1,0`. */
function watchPuts(): string[] {
  const seen: string[] = [];
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key) {
    seen.push(`${this.name} ${String(key)}`);
    return put.call(this, value, key);
  };
  return seen;
}

describe('a store that writes twice', () => {
  it('writes each commit a second time, at the same place, before it is durable', async () => {
    const storage = await new Profile().open({ twice: true });
    const seen = watchWrites();
    storage.append(bytes('one'));
    await storage.flush();
    expect(seen).toEqual(['add 1,0', 'put 1,0']);
    storage.append(bytes('x'.repeat(70_000)));
    await storage.flush();
    const again = ['put 1,1', 'put 1,2', 'put 1,3'];
    expect(seen.slice(2)).toEqual(['add 1,2', 'add 1,3', 'add 1,1', ...again]);
    await storage.close();
  });

  it('writes each chunk of a snapshot a second time before the snapshot counts', async () => {
    const storage = await new Profile().open({ twice: true });
    const seen = watchPuts();
    await save(storage, 'everything');
    expect(seen).toEqual([
      ...['chunks 1,1,0', 'chunks 1,1,0'],
      ...['manifest 1,1', 'manifest 1,1', 'journal 1,0'],
    ]);
    await storage.close();
  });

  it('writes once where it need not', async () => {
    const storage = await new Profile().open();
    const seen = watchWrites();
    storage.append(bytes('one'));
    await storage.flush();
    expect(seen).toEqual(['add 1,0']);
    await storage.close();
  });

  it('has not made durable what was written only once, and tries again', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const scheduler = new FakeScheduler();
    const storage = await profile.open({ twice: true, indexedDB: faulty.factory, scheduler });
    faulty.arm('UnknownError', 2);
    storage.append(bytes('one'));
    expect(await drive(scheduler, storage.flush())).toHaveProperty('error');
    expect(faulty.failed).toBe(1);
    expect(storage.durablePosition).toBe(0);
    const seen = watchWrites();
    await drive(scheduler, storage.flush());
    expect(seen.at(-1)).toBe('put 1,0');
    expect(storage.durablePosition).toBe(3);
    await storage.close();
    expect(await profile.contents()).toBe('one');
  });
});

describe('whoever takes a store over that writes twice', () => {
  /** What a journal of `write` gets when it is opened again. */
  async function takenOver(write: (profile: Profile) => Promise<void>): Promise<string[]> {
    const profile = new Profile();
    await write(profile);
    const seen = watchWrites();
    await (await profile.open({ twice: true })).close();
    return seen;
  }

  it('writes the last commit with its fence: the owner before may have ended in between', async () => {
    const seen = await takenOver(async (profile) => {
      const storage = await profile.open({ twice: true });
      for (const text of ['one', 'x'.repeat(70_000)]) {
        storage.append(bytes(text));
        await storage.flush();
      }
      await storage.close();
    });
    expect(seen).toEqual(['put 1,1', 'put 1,2', 'put 1,3', 'add 1,4', 'put 1,4']);
  });

  it('writes a fence that was the last', async () => {
    const seen = await takenOver(async (profile) => {
      await (await profile.open({ twice: true })).close();
    });
    expect(seen).toEqual(['put 0,0', 'add 1,0', 'put 1,0']);
  });

  it('writes the completion of a snapshot that was the last, and its manifest', async () => {
    const profile = new Profile();
    const storage = await profile.open({ twice: true });
    await save(storage, 'everything');
    await storage.close();
    const seen = watchPuts();
    await (await profile.open({ twice: true })).close();
    expect(seen).toEqual(['manifest 1,1', 'journal 1,0', 'journal 1,1']);
  });

  it('writes the end of what was brought over', async () => {
    const seen = await takenOver(async (profile) => {
      const relaxed = await profile.open({ durability: 'no' });
      for (const text of ['one', 'two']) relaxed.append(bytes(text));
      await relaxed.close();
      await (await profile.open({ twice: true })).close();
    });
    expect(seen).toEqual(['put 2,0', 'put 2,1', 'add 2,2', 'put 2,2', 'add 2,0']);
  });

  it('opens without it where there is no space', async () => {
    const profile = new Profile();
    const text = 'x'.repeat(70_000);
    const first = await profile.open({ twice: true });
    first.append(bytes(text));
    await first.close();
    const scheduler = new FakeScheduler();
    const disk = new SmallDisk(profile.factory, 1_000);
    const opened = profile.open({ twice: true, indexedDB: disk.factory, scheduler });
    expect(await drive(scheduler, opened.then(contents))).toEqual({ value: text });
    expect(disk.refused).toBeGreaterThan(0);
  });
});

describe('a disk with space for one writing and no more', () => {
  it('has what was written, and nothing else before it was written again', async () => {
    const profile = new Profile();
    const disk = new SmallDisk(profile.factory, 10_000);
    const scheduler = new FakeScheduler();
    const options = { twice: true, indexedDB: disk.factory, scheduler } as const;
    const storage = await profile.open({ ...options, durability: 'always' });
    disk.fullAfter = 1;
    storage.append(bytes('one'));
    expect(await drive(scheduler, storage.flush())).toEqual({ value: undefined });
    expect(storage.durablePosition).toBe(3);
    storage.append(bytes('two'));
    expect(await drive(scheduler, storage.flush())).toHaveProperty('error');
    expect(await drive(scheduler, storage.discard())).toEqual({ value: undefined });
    expect(storage.position).toBe(3);
    expect(await drive(scheduler, contents(storage))).toEqual({ value: 'one' });
    disk.fullAfter = Number.POSITIVE_INFINITY;
    const seen = watchWrites();
    storage.append(bytes('three'));
    await drive(scheduler, storage.flush());
    expect(seen).toEqual(['put 1,0', 'add 1,1', 'put 1,1']);
    await drive(scheduler, storage.close());
    expect(await profile.contents()).toBe('onethree');
  });
});

describe('a commit of which Chromium has kept some frames', () => {
  it('is a torn end, whichever they are', async () => {
    const frames = [1, 2, 3, 4];
    for (let kept = 1; kept < 15; kept++) {
      const profile = new Profile();
      const storage = await profile.open();
      storage.append(bytes('before'));
      await storage.flush();
      storage.append(bytes('x'.repeat(120_000)));
      await storage.flush();
      await storage.close();
      for (const n of frames.filter((_, index) => (kept & (1 << index)) === 0)) {
        await profile.remove('journal', [1, n]);
      }
      const opened = await profile.open();
      expect(opened.report.damaged?.kind, `kept ${kept}`).toBe('torn');
      expect(await contents(opened)).toBe('before');
      await opened.close();
    }
  });

  it('is damage if a whole commit follows', async () => {
    const profile = new Profile();
    const storage = await profile.open();
    for (const text of ['one', 'two', 'three']) {
      storage.append(bytes(text));
      await storage.flush();
    }
    await storage.close();
    await profile.remove('journal', [1, 1]);
    await expect(profile.open()).rejects.toThrow('damaged');
  });
});

describe('a copy of the relaxed journal of which Chromium has kept some frames', () => {
  async function copied(): Promise<Profile> {
    const profile = new Profile();
    const relaxed = await profile.open({ durability: 'no' });
    for (const text of ['one', 'x'.repeat(40_000), 'three']) {
      relaxed.append(bytes(text));
      await relaxed.flush();
    }
    await relaxed.close();
    await (await profile.open({ twice: true })).close();
    return profile;
  }

  it('does not count and is no damage, whichever they are', async () => {
    const text = `one${'x'.repeat(40_000)}three`;
    // Frames 0 to 3 are commits, frame 4 is the end of the copy.
    for (let kept = 0; kept < 31; kept++) {
      const profile = await copied();
      for (let n = 0; n < 5; n++)
        if ((kept & (1 << n)) === 0) await profile.remove('journal', [2, n]);
      const opened = await profile.open();
      expect(opened.report.damaged, `kept ${kept}`).toBeNull();
      expect(await contents(opened)).toBe(text);
      opened.append(bytes('more'));
      await opened.close();
      expect(await profile.contents()).toBe(`${text}more`);
    }
  });

  it('is damage if a commit follows that was not copied', async () => {
    const profile = await copied();
    const relaxed = await profile.open({ durability: 'no' });
    relaxed.append(bytes('four'));
    await relaxed.close();
    const strict = await profile.open();
    strict.append(bytes('five'));
    await strict.close();
    await profile.remove('journal', [strict.report.epoch, 0]);
    await expect(profile.open()).rejects.toThrow('damaged');
  });
});
