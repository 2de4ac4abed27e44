/**
 * The Nth call of IndexedDB fails, for every N until the story passes without, in every way that a
 * browser knows, once or for good (RELIABILITY R8). Whatever happens: every promise ends, every failure
 * is a StorageError, and what was acknowledged is there afterwards, as part of a prefix.
 */
import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/resp/errors.js';
import { isFinal } from '../../src/storage/errors.js';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { bytes } from './contract.js';
import { drive } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FAULTS, type FaultName, FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';

/** What there was before, and with which mode the store is opened under faults. */
interface Story {
  readonly title: string;
  readonly mode: Durability;
  prepare(profile: Profile): Promise<void>;
}

const STORIES: readonly Story[] = [
  { title: 'a new store', mode: 'always', prepare: async () => {} },
  { title: 'a store that is taken over', mode: 'everysec', prepare: (p) => write(p, 'always') },
  { title: 'a store with a torn end', mode: 'always', prepare: tear },
  { title: 'a new store without promises', mode: 'no', prepare: async () => {} },
  {
    title: 'a store that comes back from no to always',
    mode: 'always',
    async prepare(profile) {
      await write(profile, 'always');
      await write(profile, 'no');
    },
  },
];

async function write(profile: Profile, durability: Durability): Promise<void> {
  const storage = await profile.open({ durability });
  storage.append(bytes(`${durability} `));
  await storage.close();
}

async function tear(profile: Profile): Promise<void> {
  await write(profile, 'always');
  await write(profile, 'always');
  const records = await profile.records();
  await profile.put('journal', { key: [2, 1], value: new Uint8Array(50) });
  expect(records.at(-1)?.key).toEqual([2, 0]);
}

describe.each(STORIES)('when a call fails, $title', (story) => {
  it.each(FAULTS)('survives %s once, whichever call it is', async (fault) => {
    const struck = await sweep(story, fault, false);
    expect(struck).toBeGreaterThan(4);
  });

  it.each(FAULTS)('survives %s from any call on', async (fault) => {
    await sweep(story, fault, true);
  });
});

/** Plays the story with the fault at call 1, 2, ... until it is not reached; how many were struck. */
async function sweep(story: Story, fault: FaultName, forever: boolean): Promise<number> {
  for (let at = 1; at < 200; at++) {
    const struck = await play(story, fault, at, forever).catch((error) => {
      throw new Error(`${fault} at call ${at}: ${error.message}`, { cause: error });
    });
    if (!struck) return at - 1;
  }
  throw new Error('the story never ends');
}

async function play(
  story: Story,
  fault: FaultName,
  at: number,
  forever: boolean,
): Promise<boolean> {
  const profile = new Profile();
  await story.prepare(profile);
  const before = await textOf(profile);
  const faulty = new FaultyIndexedDB(profile.factory);
  faulty.arm(fault, at, forever);
  const writer = new Writer();
  await writer.run(profile, faulty, story.mode);
  const struck = faulty.failed > 0;
  faulty.heal();
  await writer.recover();

  const after = await textOf(profile);
  const written = after.slice(before.length);
  expect(after.startsWith(before), 'what was there before').toBe(true);
  expect(writer.appended.startsWith(written), `a prefix: ${written}`).toBe(true);
  expect(written.startsWith(writer.acknowledged), `${writer.acknowledged} in ${written}`).toBe(
    true,
  );
  if (!struck) expect(written).toBe(writer.appended);
  return struck;
}

/** Everything in the store now, read by an owner that leaves it as it was for the next. */
async function textOf(profile: Profile): Promise<string> {
  // `no` copies nothing, so looking changes nothing that the story depends on.
  const isThere = (await profile.factory.databases()).length > 0;
  return isThere ? profile.contents({ durability: 'no' }) : '';
}

/** Writes five things and remembers which of them it may rely on. */
class Writer {
  readonly #scheduler = new FakeScheduler();
  #storage: Storage | null = null;
  appended = '';
  acknowledged = '';

  async run(profile: Profile, faulty: FaultyIndexedDB, durability: Durability): Promise<void> {
    const options = { durability, indexedDB: faulty.factory, scheduler: this.#scheduler };
    const opened = await drive(this.#scheduler, profile.open(options));
    if ('error' in opened) return expectStorageError(opened.error);
    // What memory keeps is promised to nobody.
    if (opened.value.report.backend === 'memory') return;
    this.#storage = opened.value;
    for (const text of ['a ', 'b ', 'c ', 'd ', 'e ']) await this.#write(opened.value, text);
  }

  /** The disk works again: so must the store, unless it has ended for good. */
  async recover(): Promise<void> {
    const storage = this.#storage;
    if (storage === null) return;
    let flushed = await drive(this.#scheduler, storage.flush());
    // The first may have waited for an attempt that began before.
    if ('error' in flushed && !isFinal(flushed.error as StorageError))
      flushed = await drive(this.#scheduler, storage.flush());
    if ('value' in flushed) this.acknowledged = this.appended;
    else expect(isFinal(flushed.error as StorageError), flushed.error.message).toBe(true);
    const closed = await drive(this.#scheduler, storage.close());
    if ('error' in closed) expectStorageError(closed.error);
  }

  async #write(storage: Storage, text: string): Promise<void> {
    try {
      storage.append(bytes(text));
    } catch (error) {
      return expectStorageError(error);
    }
    this.appended += text;
    const flushed = await drive(this.#scheduler, storage.flush());
    if ('error' in flushed) expectStorageError(flushed.error);
    else this.acknowledged = this.appended;
  }
}

function expectStorageError(error: unknown): void {
  expect(error).toBeInstanceOf(StorageError);
}
