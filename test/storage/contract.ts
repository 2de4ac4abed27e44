/**
 * What every Storage must do, as cases that know no test runner: they run in Node and inside a page of
 * a real browser. A case that a target cannot pass is skipped there for a reason written in `needs`.
 */
import type { Durability, Loader, SnapshotKind, Storage } from '../../src/storage/storage.js';
import { FakeScheduler } from './fake-scheduler.js';

export interface Opened {
  readonly storage: Storage;
  readonly scheduler: FakeScheduler;
}

export interface StorageTarget {
  /** False for storage that by its nature forgets at close and has no second owner. */
  readonly keeps: boolean;
  open(name: string, durability: Durability, scheduler: FakeScheduler): Promise<Storage>;
}

export interface ContractCase {
  readonly title: string;
  readonly needs: 'nothing' | 'keeping';
  run(store: Store): Promise<void>;
}

/** One store of a target, under a name of its own. */
export class Store {
  readonly #target: StorageTarget;
  readonly #name: string;

  constructor(target: StorageTarget, name: string) {
    this.#target = target;
    this.#name = name;
  }

  async open(durability: Durability = 'always', suffix = ''): Promise<Opened> {
    const scheduler = new FakeScheduler();
    const storage = await this.#target.open(this.#name + suffix, durability, scheduler);
    return { storage, scheduler };
  }
}

export const CONTRACT: readonly ContractCase[] = [
  {
    title: 'is empty at first and says so',
    needs: 'nothing',
    async run(store) {
      const { storage } = await store.open();
      const { created, frames, bytes, damaged, epoch } = storage.report;
      same([created, frames, bytes, damaged, epoch], [true, 0, 0, null, 1]);
      same([storage.position, storage.durablePosition], [0, 0]);
      same(await contents(storage), '');
      await storage.close();
    },
  },
  {
    title: 'counts the bytes appended',
    needs: 'nothing',
    async run(store) {
      const { storage } = await store.open();
      same([storage.append(bytes('abc')), storage.append(bytes('de'))], [3, 5]);
      same(storage.append(new Uint8Array(0)), 5);
      same(storage.position, 5);
      await storage.flush();
      same(storage.durablePosition, 5);
      await storage.close();
    },
  },
  {
    title: 'answers for every position appended and for none beyond',
    needs: 'nothing',
    async run(store) {
      const { storage } = await store.open();
      const first = storage.append(bytes('first'));
      const second = storage.append(bytes('second'));
      await Promise.all([storage.durable(second), storage.durable(first), storage.durable(0)]);
      same(await failure(storage.durable(second + 1)), 'RangeError');
      await storage.close();
    },
  },
  {
    title: 'keeps everything over a close, in order',
    needs: 'keeping',
    async run(store) {
      const first = await store.open();
      for (const text of ['one ', 'two ', 'three ']) first.storage.append(bytes(text));
      await first.storage.close();
      const second = await store.open();
      same(second.storage.report.created, false);
      same(second.storage.report.bytes, 14);
      same(await contents(second.storage), 'one two three ');
      second.storage.append(bytes('four'));
      await second.storage.close();
      const third = await store.open();
      same(await contents(third.storage), 'one two three four');
      await third.storage.close();
    },
  },
  {
    title: 'copies what is appended',
    needs: 'keeping',
    async run(store) {
      const first = await store.open();
      const buffer = bytes('kept');
      first.storage.append(buffer);
      buffer.fill(0);
      await first.storage.close();
      const second = await store.open();
      same(await contents(second.storage), 'kept');
      await second.storage.close();
    },
  },
  {
    title: 'delivers all that was appended, as often as asked, durable or not',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open('everysec');
      same(await contents(storage), '');
      storage.append(bytes('a'));
      await storage.flush();
      same(await contents(storage), 'a');
      storage.append(bytes('b'));
      same(storage.durablePosition, 1);
      same(await contents(storage), 'ab');
      await storage.flush();
      same(await contents(storage), 'ab');
      await storage.close();
    },
  },
  {
    title: 'takes appends of every size whole',
    needs: 'keeping',
    async run(store) {
      const sizes = [1, 32_735, 32_736, 32_737, 65_472, 65_473, 1_000_000];
      const first = await store.open();
      for (const size of sizes) {
        first.storage.append(new Uint8Array(size).fill(size % 251));
        await first.storage.flush();
      }
      await first.storage.close();
      const second = await store.open();
      const delivered: Uint8Array[] = [];
      await second.storage.load(journalOnly((part) => delivered.push(part)));
      same(
        delivered.map(({ length }) => length),
        sizes,
      );
      same(
        delivered.every((part) => part.every((byte) => byte === part.length % 251)),
        true,
      );
      await second.storage.close();
    },
  },
  {
    title: 'numbers its owners upwards',
    needs: 'keeping',
    async run(store) {
      const epochs: number[] = [];
      for (let round = 0; round < 4; round++) {
        const { storage } = await store.open();
        epochs.push(storage.report.epoch);
        await storage.close();
      }
      same(epochs, [1, 2, 3, 4]);
    },
  },
  {
    title: 'keeps stores of different names apart',
    needs: 'keeping',
    async run(store) {
      const one = await store.open('always', '-one');
      const two = await store.open('always', '-two');
      one.storage.append(bytes('1'));
      two.storage.append(bytes('2'));
      await Promise.all([one.storage.close(), two.storage.close()]);
      const again = await store.open('always', '-one');
      same(await contents(again.storage), '1');
      await again.storage.close();
    },
  },
  {
    title: 'refuses the writes of an owner that was replaced',
    needs: 'keeping',
    async run(store) {
      const older = await store.open();
      older.storage.append(bytes('before '));
      await older.storage.flush();
      const newer = await store.open();
      let told = '';
      older.storage.onState(({ error }) => {
        told = error?.name ?? '';
      });
      older.storage.append(bytes('too late '));
      same(await failure(older.storage.flush()), 'FencedError');
      same(told, 'FencedError');
      same(await failure(older.storage.durable(older.storage.position)), 'FencedError');
      same(await failure(older.storage.verify()), 'FencedError');
      same(await failure(async () => older.storage.append(bytes('x'))), 'FencedError');
      same(older.storage.durablePosition, 7);
      await newer.storage.verify();
      newer.storage.append(bytes('after'));
      await newer.storage.close();
      await older.storage.close().catch(() => {});
      const last = await store.open();
      same(await contents(last.storage), 'before after');
      await last.storage.close();
    },
  },
  {
    title: 'tells an owner that was replaced, without a write',
    needs: 'keeping',
    async run(store) {
      const older = await store.open();
      await older.storage.verify();
      const newer = await store.open();
      same(await failure(older.storage.verify()), 'FencedError');
      await newer.storage.close();
    },
  },
  {
    title: 'writes nothing after it was closed',
    needs: 'nothing',
    async run(store) {
      const { storage } = await store.open();
      await storage.close();
      same(await failure(async () => storage.append(bytes('x'))), 'StorageError');
      same(await failure(storage.verify()), 'StorageError');
    },
  },
  {
    title: 'flushes what is waiting when it is closed',
    needs: 'keeping',
    async run(store) {
      const first = await store.open('everysec');
      first.storage.append(bytes('a'));
      await first.storage.flush();
      first.storage.append(bytes('b'));
      await first.storage.close();
      const second = await store.open('everysec');
      same(await contents(second.storage), 'ab');
      await second.storage.close();
    },
  },
  {
    title: 'writes at most a second after the last write under everysec',
    needs: 'keeping',
    async run(store) {
      const { storage, scheduler } = await store.open('everysec');
      storage.append(bytes('quiet before'));
      await storage.durable(storage.position);
      const position = storage.append(bytes('soon after'));
      const durable = storage.durable(position);
      await storage.verify();
      same(storage.durablePosition, 12);
      scheduler.advance(1000);
      await durable;
      same(storage.durablePosition, position);
      await storage.close();
    },
  },
  {
    title: 'changes between all three modes while it runs, and loses nothing',
    needs: 'keeping',
    async run(store) {
      const { storage } = await store.open('everysec');
      const modes: Durability[] = ['always', 'no', 'always', 'no', 'no', 'everysec', 'always'];
      let expected = '';
      for (const mode of modes) {
        storage.append(bytes(`before ${mode} `));
        const changed = storage.setDurability(mode);
        storage.append(bytes('meanwhile '));
        await changed;
        storage.append(bytes('after '));
        await storage.flush();
        expected += `before ${mode} meanwhile after `;
        same(await contents(storage), expected);
      }
      await storage.close();
      const again = await store.open('no');
      same(await contents(again.storage), expected);
      await again.storage.close();
    },
  },
  {
    title: 'brings everything along from mode to mode',
    needs: 'keeping',
    async run(store) {
      const modes: Durability[] = ['always', 'no', 'no', 'everysec', 'no', 'always', 'always'];
      let expected = '';
      for (const [round, mode] of modes.entries()) {
        const { storage } = await store.open(mode);
        same(await contents(storage), expected);
        storage.append(bytes(`${round}${mode} `));
        await storage.flush();
        expected += `${round}${mode} `;
        await storage.close();
      }
      const { storage } = await store.open();
      same(await contents(storage), expected);
      await storage.close();
    },
  },
];

/** All that a store delivers, as text: a snapshot in angle brackets, then the journal. */
export async function state(storage: Storage): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  await storage.load({
    beginSnapshot() {
      text = '<';
    },
    snapshot(part) {
      text += decoder.decode(part);
    },
    endSnapshot() {
      text += '>';
    },
    reset() {
      text = '';
    },
    journal(part) {
      text += decoder.decode(part);
    },
  });
  return text;
}

/** A snapshot of `text`, in one piece. */
export async function save(
  storage: Storage,
  text: string,
  kind: SnapshotKind = 'base',
): Promise<void> {
  const writer = storage.beginSnapshot(kind);
  await writer.write(bytes(text));
  await writer.commit();
}

/** All that a store without snapshots delivers, as text. */
export async function contents(storage: Storage): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  await storage.load(
    journalOnly((part) => {
      text += decoder.decode(part);
    }),
  );
  return text;
}

/** A loader for stores that hold a journal alone. */
export function journalOnly(journal: (bytes: Uint8Array) => void): Loader {
  const unexpected = () => {
    throw new Error('there is a snapshot');
  };
  return {
    beginSnapshot: unexpected,
    snapshot: unexpected,
    endSnapshot: unexpected,
    journal,
  };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The name of the error with which it fails; 'none' if it does not. */
export async function failure(work: Promise<unknown> | (() => Promise<unknown>)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** Fails unless both are the same when written as JSON. */
export function same(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`is ${is}, should be ${should}`);
}
