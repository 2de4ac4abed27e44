/**
 * The Nth call of IndexedDB fails, for every N until the story passes without, in every way that a
 * browser knows, once or for good (RELIABILITY R8). Whatever happens: every promise ends, every failure
 * is a StorageError, and what was acknowledged is there afterwards, as part of a prefix.
 */
import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/resp/errors.js';
import { isFinal } from '../../src/storage/errors.js';
import type { Durability, Storage } from '../../src/storage/storage.js';
import { bytes, save, state } from './contract.js';
import { drive } from './drive.js';
import { FakeScheduler } from './fake-scheduler.js';
import { FAULTS, type FaultName, FaultyIndexedDB } from './faulty-indexeddb.js';
import { Profile } from './journal-kit.js';

/** What there was before, and with which mode the store is opened under faults. */
interface Story {
  readonly title: string;
  readonly mode: Durability;
  /** What is done under faults: texts are appended and flushed, words in capitals are in `Writer`. */
  readonly script: readonly string[];
  prepare(profile: Profile): Promise<void>;
}

/** Short, for each timeout takes many turns of the fake clock. */
const TIMEOUT_MS = 1500;

const TEXTS = ['a ', 'b ', 'c ', 'd ', 'e '];
const SAVES = ['a ', 'SAVE', 'b ', 'SAVE', 'c ', 'SAVE', 'd '];

const STORIES: readonly Story[] = [
  { title: 'a new store', mode: 'always', script: TEXTS, prepare: async () => {} },
  {
    title: 'a store that is taken over',
    mode: 'everysec',
    script: TEXTS,
    prepare: (profile) => write(profile, 'always'),
  },
  { title: 'a store with a torn end', mode: 'always', script: TEXTS, prepare: tear },
  { title: 'a new store without promises', mode: 'no', script: TEXTS, prepare: async () => {} },
  {
    title: 'a store that comes back from no to always',
    mode: 'always',
    script: TEXTS,
    async prepare(profile) {
      await write(profile, 'always');
      await write(profile, 'no');
    },
  },
  { title: 'snapshots', mode: 'always', script: SAVES, prepare: compacted },
  { title: 'snapshots without promises', mode: 'no', script: SAVES, prepare: compacted },
  {
    title: 'changes of the mode, with snapshots in between',
    mode: 'always',
    script: ['a ', 'NO', 'b ', 'SAVE', 'c ', 'ALWAYS', 'd ', 'SAVE', 'e ', 'NO', 'f '],
    prepare: compacted,
  },
  {
    title: 'a store that discards what is not durable',
    mode: 'always',
    script: ['a ', 'DISCARD', 'b ', 'SAVE', 'DISCARD', 'c ', 'DISCARD', 'd '],
    prepare: compacted,
  },
  {
    title: 'a journal that is stopped and started',
    mode: 'everysec',
    script: ['a ', 'STOP', 'START', 'b ', 'STOP', 'START', 'c '],
    prepare: compacted,
  },
];

/** A snapshot with journal in both databases behind it. */
async function compacted(profile: Profile): Promise<void> {
  const first = await profile.open();
  first.append(bytes('first '));
  await save(first, 'first ');
  first.append(bytes('second '));
  await first.close();
  await write(profile, 'no');
}

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

describe.each(STORIES)('when everything ends at some call, $title', (story) => {
  it.each(['AbortError', 'late', 'unheard'] as const)('is what it was (%s)', async (fault) => {
    const struck = await sweep(story, fault, true, false);
    expect(struck).toBeGreaterThan(4);
  });
});

/**
 * Plays the story with the fault at call 1, 2, ... until it is not reached; how many were struck. The
 * owner goes on when the fault has gone, or is never heard of again.
 */
async function sweep(
  story: Story,
  fault: FaultName,
  forever: boolean,
  goesOn = true,
): Promise<number> {
  for (let at = 1; at < 400; at++) {
    const struck = await play(story, fault, at, forever, goesOn).catch((error) => {
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
  goesOn: boolean,
): Promise<boolean> {
  const profile = new Profile();
  await story.prepare(profile);
  const before = await textOf(profile);
  const faulty = new FaultyIndexedDB(profile.factory);
  faulty.arm(fault, at, forever);
  const writer = new Writer();
  writer.before = before;
  await writer.run(profile, faulty, story);
  const struck = faulty.failed > 0;
  faulty.heal();
  if (goesOn) await writer.recover();

  const after = await textOf(profile);
  const written = after.slice(before.length);
  expect(after.startsWith(before), 'what was there before').toBe(true);
  expect(writer.appended.startsWith(written), `a prefix: ${written}`).toBe(true);
  expect(written.startsWith(writer.acknowledged), `${writer.acknowledged} in ${written}`).toBe(
    true,
  );
  if (!struck && goesOn) expect(written).toBe(writer.appended);
  return struck;
}

/** Everything in the store now, read by an owner that leaves it as it was for the next. */
async function textOf(profile: Profile): Promise<string> {
  // `no` copies nothing, so looking changes nothing that the story depends on.
  const isThere = (await profile.factory.databases()).length > 0;
  if (!isThere) return '';
  const storage = await profile.open({ durability: 'no' });
  const text = await state(storage);
  await storage.close();
  // A snapshot holds what the journal in front of it held.
  return text.replace(/[<>]/g, '');
}

/** Acts a script and remembers what it may rely on. */
class Writer {
  readonly #scheduler = new FakeScheduler();
  #storage: Storage | null = null;
  /** What was there already. */
  before = '';
  appended = '';
  acknowledged = '';

  async run(profile: Profile, faulty: FaultyIndexedDB, story: Story): Promise<void> {
    const options = {
      durability: story.mode,
      indexedDB: faulty.factory,
      scheduler: this.#scheduler,
      timeoutMs: TIMEOUT_MS,
    };
    const opened = await drive(this.#scheduler, profile.open(options));
    if ('error' in opened) return expectStorageError(opened.error);
    // What memory keeps is promised to nobody.
    if (opened.value.report.backend === 'memory') return;
    this.#storage = opened.value;
    for (const word of story.script) await this.#act(opened.value, word);
  }

  async #act(storage: Storage, word: string): Promise<void> {
    if (word === 'SAVE') return this.#try(this.#save(storage));
    if (word === 'NO') return this.#try(storage.setDurability('no'));
    if (word === 'ALWAYS') return this.#try(storage.setDurability('always'));
    if (word === 'STOP') return this.#try(storage.stopJournal());
    if (word === 'START') return this.#try(this.#save(storage));
    if (word === 'DISCARD') return this.#discard(storage);
    // Nothing may be appended while the journal stands still.
    if (storage.journals) await this.#write(storage, word);
  }

  async #save(storage: Storage): Promise<void> {
    const text = this.before + this.appended;
    await save(storage, text);
  }

  async #discard(storage: Storage): Promise<void> {
    storage.append(bytes('discarded '));
    await this.#try(storage.discard());
    // It may have been durable already; and if nothing could be known, nothing was forgotten.
    this.appended = `${this.appended}discarded `.slice(0, storage.position);
    if (storage.durablePosition === storage.position) this.acknowledged = this.appended;
  }

  async #try(work: Promise<void>): Promise<void> {
    const outcome = await drive(this.#scheduler, work);
    if ('error' in outcome) expectStorageError(outcome.error);
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
