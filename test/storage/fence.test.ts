/**
 * The fence: of all owners that a store has had, only the last can write, and no other ever gets an OK
 * for what is not there (P5).
 */
import fc from 'fast-check';
import { type IDBPDatabase, wrap } from 'idb';
import { describe, expect, it } from 'vitest';
import { FencedError } from '../../src/resp/errors.js';
import { databaseName } from '../../src/storage/aside.js';
import { Place } from '../../src/storage/frames.js';
import { Journal } from '../../src/storage/journal.js';
import type { Chain } from '../../src/storage/recovery.js';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { bytes, failure } from './contract.js';
import { drive, nextTask } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile, slowFactory } from './journal-kit.js';

const MODES: readonly Durability[] = ['always', 'everysec', 'no'];
const PAIRS = MODES.flatMap((older) => MODES.map((newer) => [older, newer] as const));

async function outcomeOf(work: Promise<void>): Promise<'OK' | 'fenced'> {
  try {
    await work;
    return 'OK';
  } catch (error) {
    if (error instanceof FencedError) return 'fenced';
    throw error;
  }
}

async function writeX(owner: Storage): Promise<'OK' | 'fenced'> {
  owner.append(bytes('x'));
  return outcomeOf(owner.flush());
}

describe('a takeover', () => {
  it.each(PAIRS)('from %s to %s refuses all that the older owner writes', async (one, two) => {
    const profile = new Profile();
    const older = await profile.open({ durability: one });
    older.append(bytes('old '));
    await older.flush();
    const newer = await profile.open({ durability: two });
    older.append(bytes('late '));
    expect(await outcomeOf(older.flush())).toBe('fenced');
    newer.append(bytes('new'));
    await newer.close();
    expect(await profile.contents()).toBe('old new');
  });

  it.each(PAIRS)(
    'from %s to %s while a write is under way loses nothing acknowledged',
    async (one, two) => {
      const outcomes = new Set<string>();
      for (let turns = 0; turns < 40; turns++) {
        const profile = new Profile();
        const older = await profile.open({ durability: one });
        const opening = profile.open({ durability: two });
        for (let turn = 0; turn < turns; turn++) await nextTask();
        older.append(bytes('in flight '));
        const outcome = await outcomeOf(older.flush());
        const newer = await opening;
        newer.append(bytes('new'));
        await newer.close();
        outcomes.add(outcome);
        expect(await profile.contents()).toBe(outcome === 'OK' ? 'in flight new' : 'new');
      }
      // Both orders have been seen, or the test says nothing.
      expect([...outcomes].sort()).toEqual(['OK', 'fenced']);
    },
  );

  it('is seen behind a commit that landed and was not heard of', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    const scheduler = new FakeScheduler();
    const owned = async (owner: number): Promise<Journal> => {
      const name = databaseName(profile.name, Place.Strict);
      const options = { name, factory: faulty.factory, durability: 'strict', scheduler } as const;
      const journal = await Journal.open(
        { ...options, timeoutMs: 1000, place: Place.Strict },
        true,
      );
      const epochAfter = ({ highestEpoch }: Chain) => highestEpoch + 1;
      await journal.takeOver({ epochAfter, place: Place.Strict, owner, recover: 'refuse' });
      return journal;
    };
    const older = await owned(1);
    faulty.arm('unheard', 1);
    expect(await drive(scheduler, older.commit([bytes('x')]))).toHaveProperty('error');
    expect(await drive(scheduler, outcomeOf(older.check()))).toEqual({ value: 'OK' });
    await owned(2);
    expect(await drive(scheduler, outcomeOf(older.check()))).toEqual({ value: 'fenced' });
  });

  it('from no to always is safe, however slow either is with the relaxed database', async () => {
    for (let wait = 0; wait < 60; wait += 3) {
      const delays = [{ before: wait }, { after: wait }];
      for (const [older, newer] of delays.flatMap((a) => delays.map((b) => [a, b] as const))) {
        for (const first of ['no', 'always'] as const) {
          const profile = new Profile();
          const openSlowly = (durability: Durability, delay: (typeof delays)[0]) =>
            profile.open({ durability, indexedDB: slowFactory(profile.factory, 'relaxed', delay) });
          const second = first === 'no' ? 'always' : 'no';
          const openings = [openSlowly(first, older), openSlowly(second, newer)];
          const opened = await Promise.allSettled(openings);
          const owners = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
          const outcomes = await Promise.all(owners.map(writeX));
          expect(outcomes.filter((outcome) => outcome === 'OK').length).toBe(1);
          expect(await profile.contents()).toBe('x');
        }
      }
    }
  });

  it('gets its turn behind an owner that never stops writing', async () => {
    const profile = new Profile();
    const older = await profile.open();
    let written = '';
    const writing = (async () => {
      for (let count = 0; ; count++) {
        older.append(bytes(`${count} `));
        await older.flush();
        written += `${count} `;
        // A rhythm as uneven as a browser's; in Chromium it takes up to a dozen attempts.
        for (let turn = 0; turn < (count * 7) % 25; turn++) await nextTask();
      }
    })();
    const stopped = failure(writing);
    for (let turn = 0; turn < 20; turn++) await nextTask();
    const newer = await profile.open();
    expect(await stopped).toBe('FencedError');
    await newer.close();
    expect(written.length).toBeGreaterThan(0);
    expect(await profile.contents()).toBe(written);
  });

  it('leaves one owner when many open at the same time', async () => {
    for (const modes of [MODES, ['no', 'no', 'always', 'always'] as const]) {
      const profile = new Profile();
      const openings = modes.map((durability) => profile.open({ durability }));
      const owners: Storage[] = [];
      for (const opening of await Promise.allSettled(openings)) {
        if (opening.status === 'fulfilled') owners.push(opening.value);
        else expect(opening.reason).toBeInstanceOf(FencedError);
      }
      const outcomes = await Promise.all(owners.map(writeX));
      expect(outcomes.filter((outcome) => outcome === 'OK').length).toBe(1);
      expect(new Set(owners.map(({ report }) => report.epoch)).size).toBe(owners.length);
      expect(await profile.contents()).toBe('x');
    }
  });
});

describe('the fence in an engine that forgives failed requests after commit() (F11)', () => {
  it('is such an engine: the control', async () => {
    for (const forgiving of [false, true]) {
      const profile = new Profile();
      await (await profile.open()).close();
      const faulty = new FaultyIndexedDB(profile.factory);
      faulty.forgiving = forgiving;
      const request = faulty.factory.open(databaseName(profile.name, Place.Strict), 1);
      const database = (await wrap(request)) as unknown as IDBPDatabase;
      const transaction = database.transaction('journal', 'readwrite');
      const { store } = transaction;
      const requests = [store.add('x', [0, 0]), store.put('y', [9, 9]), transaction.done];
      transaction.commit();
      await Promise.allSettled(requests);
      const keys = (await profile.records()).map(({ key }) => String(key));
      expect(keys).toEqual(forgiving ? ['0,0', '9,9'] : ['0,0']);
    }
  });

  it('is the last request, so nothing of a deposed owner gets in', async () => {
    const profile = new Profile();
    const faulty = new FaultyIndexedDB(profile.factory);
    faulty.forgiving = true;
    const older = await profile.open({ indexedDB: faulty.factory });
    const newer = await profile.open({ indexedDB: faulty.factory });
    older.append(new Uint8Array(200_000));
    expect(await outcomeOf(older.flush())).toBe('fenced');
    newer.append(bytes('new'));
    await newer.close();
    expect((await profile.records()).map(({ key }) => key)).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
  });
});

describe('owners coming and going at random', () => {
  it('keep every acknowledged write, in order, and add nothing', async () => {
    const step = fc.record({
      owner: fc.nat({ max: 3 }),
      action: fc.constantFrom('open', 'write', 'write', 'write', 'verify', 'leave'),
      mode: fc.constantFrom(...MODES),
      turns: fc.nat({ max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const crowd = new Crowd();
        for (const { owner, action, mode, turns } of steps) {
          crowd.act(owner, action, mode);
          for (let turn = 0; turn < turns; turn++) await nextTask();
        }
        await crowd.check();
      }),
      { numRuns: 150 },
    );
  });
});

/** Up to four tabs on one store, each doing one thing after the other. */
class Crowd {
  readonly #profile = new Profile();
  readonly #queues: Promise<void>[] = [];
  readonly #owners: (Storage | null)[] = [];
  #count = 0;
  /** What was answered OK, with the epoch of the owner. */
  readonly #acknowledged: { text: string; epoch: number }[] = [];
  readonly #tried = new Set<string>();

  act(owner: number, action: string, mode: Durability): void {
    const before = this.#queues[owner] ?? Promise.resolve();
    this.#queues[owner] = before.then(() => this.#do(owner, action, mode));
  }

  async check(): Promise<void> {
    await Promise.all(this.#queues);
    const all = (await this.#profile.contents()).split(' ').filter(Boolean);
    expect(new Set(all).size, 'nothing stands twice').toBe(all.length);
    for (const text of all) expect(this.#tried.has(text)).toBe(true);
    // Owners are ordered by epoch, whatever the order in which their answers arrived.
    const acknowledged = this.#acknowledged.toSorted((a, b) => a.epoch - b.epoch);
    const kept = acknowledged.map(({ text }) => all.indexOf(text));
    expect(kept).toEqual(kept.toSorted((a, b) => a - b));
    expect(kept).not.toContain(-1);
  }

  async #do(owner: number, action: string, durability: Durability): Promise<void> {
    try {
      const storage = this.#owners[owner] ?? null;
      if (action === 'open') this.#owners[owner] = await this.#profile.open({ durability });
      else if (action === 'leave') this.#owners[owner] = null;
      else if (action === 'verify') await storage?.verify();
      else if (storage !== null) await this.#write(storage);
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
    }
  }

  async #write(storage: Storage): Promise<void> {
    const text = `w${this.#count++}`;
    this.#tried.add(text);
    storage.append(bytes(`${text} `));
    await storage.flush();
    this.#acknowledged.push({ text, epoch: storage.report.epoch });
  }
}
