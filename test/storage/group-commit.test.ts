/**
 * Group commit: what is written when, with a target that ends its commits when the test says so.
 */
import { describe, expect, it } from 'vitest';
import { FencedError, StorageError } from '../../src/resp/errors.js';
import { StorageFault } from '../../src/storage/errors.js';
import {
  COMMIT_BYTES_MAX,
  FLUSH_PERIOD_MS,
  type Pace,
  RETRY_MS,
} from '../../src/storage/group-commit.js';
import { bytes } from './contract.js';
import { settle } from './drive.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { type Made, ManualTarget, makeFor } from './group-kit.js';
import { Profile } from './journal-kit.js';

function make(pace: Pace): Made<ManualTarget> {
  return makeFor(new ManualTarget(), pace);
}

describe('group commit under always', () => {
  it('takes along all appends of one task', async () => {
    const { target, append } = make('always');
    await append('a', 'b', 'c');
    expect(target.commits).toEqual(['a|b|c']);
  });

  it('has one commit under way; the next fills meanwhile and follows at once', async () => {
    const { target, append } = make('always');
    await append('a');
    await append('b');
    await append('c');
    expect(target.commits).toEqual(['a']);
    await target.end();
    expect(target.commits).toEqual(['a', 'b|c']);
  });

  it('answers for a position when its commit has ended, not before', async () => {
    const { target, group, append } = make('always');
    await append('aa');
    await append('bb');
    const answered: number[] = [];
    for (const position of [2, 4, 1])
      void group.durable(position).then(() => answered.push(position));
    await settle();
    expect(answered).toEqual([]);
    await target.end();
    expect([answered, group.durablePosition]).toEqual([[2, 1], 2]);
    await target.end();
    expect(answered).toEqual([2, 1, 4]);
  });

  it('takes no more than a commit may hold, but any one append', async () => {
    const { target, group } = make('always');
    const half = new Uint8Array(COMMIT_BYTES_MAX / 2);
    for (const chunk of [half, half, half, new Uint8Array(2 * COMMIT_BYTES_MAX)])
      group.append(chunk);
    const sizes = () => target.commits.map((text) => text.replaceAll('|', '').length);
    await settle();
    await target.end();
    await target.end();
    expect(sizes()).toEqual([COMMIT_BYTES_MAX, COMMIT_BYTES_MAX / 2, 2 * COMMIT_BYTES_MAX]);
    await target.end();
    expect(group.durablePosition).toBe(group.position);
  });

  it('writes nothing when there is nothing, and sets no timer', async () => {
    const { target, group, scheduler } = make('always');
    await group.flush();
    scheduler.advance(10_000);
    await settle();
    expect([target.commits, scheduler.waiting]).toEqual([[], 0]);
  });
});

describe('group commit under everysec', () => {
  it('writes at once after a quiet second', async () => {
    const { target, scheduler, append } = make('paced');
    await append('a');
    expect(target.commits).toEqual(['a']);
    await target.end();
    scheduler.advance(FLUSH_PERIOD_MS);
    await append('b');
    expect(target.commits).toEqual(['a', 'b']);
  });

  it('writes what follows within a second after the last write, all together', async () => {
    const { target, scheduler, append } = make('paced');
    await append('a');
    await target.end();
    await append('b');
    scheduler.advance(300);
    await append('c');
    scheduler.advance(FLUSH_PERIOD_MS - 301);
    await settle();
    expect(target.commits).toEqual(['a']);
    scheduler.advance(1);
    await settle();
    expect(target.commits).toEqual(['a', 'b|c']);
    expect(FLUSH_PERIOD_MS).toBeLessThan(1000);
  });

  it('never lets an append wait longer than a second to be written, however it is loaded', async () => {
    const { target, scheduler, append } = make('paced');
    const appendedAt: number[] = [];
    const waits: number[] = [];
    let written = 0;
    for (let step = 0; step < 300; step++) {
      appendedAt.push(scheduler.monotonic());
      await append('x');
      for (; written < target.commits.length; written++) {
        const count = (target.commits[written] as string).split('|').length;
        for (const at of appendedAt.splice(0, count)) waits.push(scheduler.monotonic() - at);
        await target.end();
      }
      scheduler.advance((step * 37) % 120);
      await settle();
    }
    expect(waits.length).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThan(FLUSH_PERIOD_MS + 120);
    expect(target.commits.length).toBeLessThan(45);
  });

  it('writes at once when asked to flush, everything that has come', async () => {
    const { target, group, append } = make('paced');
    await append('a');
    await target.end();
    await append('b');
    const flushed = group.flush();
    await settle();
    expect(target.commits).toEqual(['a', 'b']);
    await target.end();
    await flushed;
  });

  it('does not wait with more than a commit may hold', async () => {
    const { target, group, append } = make('paced');
    await append('a');
    await target.end();
    group.append(new Uint8Array(COMMIT_BYTES_MAX));
    await settle();
    expect(target.commits.length).toBe(2);
  });

  it('writes at once what waits when it is changed to always', async () => {
    const { target, group, append } = make('paced');
    await append('a');
    await target.end();
    await append('b');
    group.setPace('always');
    await settle();
    expect(target.commits).toEqual(['a', 'b']);
  });
});

describe('group commit after a failure', () => {
  const broken = () => new StorageFault('full', 'no space');

  it('tells everybody who waits and all listeners', async () => {
    const { target, group, append } = make('always');
    const told: StorageError[] = [];
    group.onFailure((error) => told.push(error));
    await append('a');
    await append('b');
    const waits = Promise.allSettled([group.durable(1), group.durable(2)]);
    await target.end(broken());
    expect((await waits).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(told).toEqual([expect.objectContaining({ kind: 'full' })]);
    expect(group.durablePosition).toBe(0);
  });

  it('makes a StorageError of whatever the target throws', async () => {
    const { target, group, append } = make('always');
    await append('a');
    const wait = group.durable(1).catch((error) => error);
    await target.end(new TypeError('strange'));
    expect(await wait).toBeInstanceOf(StorageError);
  });

  it('tries the same commit again after a second, then goes on', async () => {
    const { target, group, scheduler, append } = make('always');
    await append('a');
    await append('b');
    await target.end(broken());
    scheduler.advance(RETRY_MS - 1);
    await settle();
    expect(target.commits).toEqual(['a']);
    const later = group.durable(2);
    scheduler.advance(1);
    await settle();
    expect(target.commits).toEqual(['a', 'a']);
    await target.end();
    await target.end();
    await later;
    expect(target.commits).toEqual(['a', 'a', 'b']);
  });

  it('tries again at once when asked to flush', async () => {
    const { target, group, append } = make('always');
    await append('a');
    await target.end(broken());
    const flushed = group.flush();
    await settle();
    await target.end();
    await flushed;
    expect(target.commits).toEqual(['a', 'a']);
  });

  it('tries again at once when a check shows that the target lives', async () => {
    const { target, group, append } = make('always');
    await append('a');
    await target.end(broken());
    await group.check();
    await settle();
    expect([target.checks, target.commits]).toEqual([1, ['a', 'a']]);
  });

  it('is well again once what has waited meanwhile is durable, which waits no longer', async () => {
    const { target, group, scheduler, append } = make('paced');
    let successes = 0;
    group.onSuccess(() => successes++);
    await append('a');
    await target.end(broken());
    await append('b', 'c');
    scheduler.advance(RETRY_MS);
    await settle();
    await target.end();
    expect(target.commits).toEqual(['a', 'a', 'b|c']);
    expect(successes).toBe(0);
    await append('d');
    await target.end();
    expect([target.commits.length, successes]).toEqual([3, 1]);
  });

  it('is well again once what had waited has been discarded', async () => {
    const { target, group, append } = make('paced');
    let successes = 0;
    group.onSuccess(() => successes++);
    await append('a');
    await target.end(broken());
    await append('b', 'c');
    await group.check();
    await settle();
    await target.end(broken());
    await group.discard(async () => false);
    expect(successes).toBe(0);
    await append('d');
    await group.check();
    await settle();
    await target.end();
    expect(target.commits.at(-1)).toBe('d');
    expect(successes).toBeGreaterThan(0);
  });

  it('tries nothing any more after a final one', async () => {
    const { target, group, scheduler, append } = make('always');
    await append('a');
    await target.end(new FencedError('deposed'));
    expect(() => group.append(bytes('b'))).toThrow(FencedError);
    await expect(group.durable(1)).rejects.toThrow(FencedError);
    await expect(group.flush()).rejects.toThrow(FencedError);
    await expect(group.check()).rejects.toThrow(FencedError);
    scheduler.advance(60_000);
    await settle();
    expect([target.commits, scheduler.waiting]).toEqual([['a'], 0]);
  });

  it('answers everybody when it is stopped during a commit', async () => {
    const { target, group, append } = make('always');
    await append('a');
    const wait = group.durable(1).catch((error) => error.kind);
    group.stop(new StorageFault('closed', 'closed'));
    expect(await wait).toBe('closed');
    await target.end();
    expect(group.durablePosition).toBe(0);
  });
});

describe('group commit into IndexedDB', () => {
  it('makes few transactions of ten thousand appends', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const storage = await profile.open({ indexedDB: faulty.factory });
    faulty.commits = 0;
    for (let count = 0; count < 10_000; count++) storage.append(bytes(`${count} `));
    await storage.flush();
    expect(faulty.commits).toBe(1);

    let answered = 0;
    for (let count = 0; count < 10_000; count++) {
      void storage.durable(storage.append(bytes(`${count} `))).then(() => answered++);
      if (count % 100 === 0) await settle();
    }
    await storage.flush();
    expect(answered).toBe(10_000);
    expect(faulty.commits).toBeLessThanOrEqual(102);
    await storage.close();
    expect((await profile.contents()).split(' ').length).toBe(20_001);
  });

  it('commits every transaction in the task that made it', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    for (const durability of ['always', 'no', 'everysec'] as const) {
      const storage = await profile.open({ indexedDB: faulty.factory, durability });
      storage.append(new Uint8Array(100_000));
      await storage.verify();
      await storage.close();
    }
    expect(faulty.calls).toBeGreaterThan(15);
    expect(faulty.leftOpen).toBe(0);
  });
});
