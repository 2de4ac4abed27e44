/** What the tests of files share: a directory of their own in memory, stores in it, what it holds. */
import { isFault } from '../../src/storage/errors.js';
import { FileStorage, type FileStorageOptions } from '../../src/storage/files/file-storage.js';
import type { Processes } from '../../src/storage/files/lock.js';
import type { Loader, SnapshotWriter, Storage } from '../../src/storage/storage.js';
import { FakeScheduler } from './fake-scheduler.js';
import { MemoryDisk } from './memory-disk.js';

export const NAMES = {
  dbfilename: 'dump.rdb',
  appenddirname: 'appendonlydir',
  appendfilename: 'appendonly.aof',
};

/** The first file of commands. */
export const FIRST = 'appendonlydir/appendonly.aof.1.incr.aof';

/** What the tests append, one commit each. */
export const COMMANDS = ['1', '2', '3'].map((value) => command('INCRBY', 'a', value).toString());

let tokens = 0;

/** Each is a process that lives as long as it is not ended. */
export class TestProcesses implements Processes {
  static readonly living = new Map<number, string>();
  readonly self: Processes['self'];

  constructor(pid = 100_000 + tokens++, started = `start ${pid}`) {
    this.self = { pid, started, space: 'test' };
    TestProcesses.living.set(pid, started);
  }

  async startOf(pid: number): Promise<string | null> {
    return TestProcesses.living.get(pid) ?? null;
  }

  end(): void {
    TestProcesses.living.delete(this.self.pid);
  }
}

export class TestDirectory {
  readonly lines: string[] = [];

  readonly disk = new MemoryDisk();
  readonly path = '/store';

  open(options: Partial<FileStorageOptions> = {}): Promise<FileStorage> {
    return FileStorage.open({
      directory: this.path,
      names: NAMES,
      durability: 'always',
      journals: true,
      loadTruncated: true,
      scheduler: new FakeScheduler(),
      processes: new TestProcesses(),
      token: String(tokens++),
      log: (_, text) => this.lines.push(text),
      reserveBytes: 0,
      disk: this.disk,
      ...options,
    });
  }

  /** What is loaded from here, as text. */
  async contents(options: Partial<FileStorageOptions> = {}): Promise<string> {
    const storage = await this.open(options);
    try {
      return await loaded(storage);
    } finally {
      await storage.close();
    }
  }

  async names(under = ''): Promise<string[]> {
    return (await this.disk.list(under === '' ? this.path : `${this.path}/${under}`)).sort();
  }

  async read(name: string): Promise<Buffer> {
    const bytes = await this.disk.read(`${this.path}/${name}`);
    if (bytes === null) throw new Error(`there is no ${name}`);
    return Buffer.from(bytes);
  }

  write(name: string, bytes: Uint8Array | string): void {
    this.disk.put(`${this.path}/${name}`, Buffer.from(bytes));
  }
}

/** Writes down what is delivered: snapshots as `<...>`, journal as it is. */
export class TextLoader implements Loader {
  text = '';
  /** Snapshots with one of these in them are damaged. */
  refuse: (snapshot: string) => Error | null = () => null;
  private snapshotText = '';

  beginSnapshot(): void {
    this.text = '';
    this.snapshotText = '';
  }

  snapshot(bytes: Uint8Array): void {
    this.snapshotText += Buffer.from(bytes).toString('latin1');
  }

  endSnapshot(): void {
    const problem = this.refuse(this.snapshotText);
    if (problem !== null) throw problem;
    this.text = `<${this.snapshotText}>`;
  }

  reset(): void {
    this.text = '';
  }

  journal(bytes: Uint8Array): void {
    this.text += Buffer.from(bytes).toString('latin1');
  }
}

export async function loaded(storage: FileStorage): Promise<string> {
  const loader = new TextLoader();
  await storage.load(loader);
  return loader.text;
}

/** A command as the journal has it. */
export function command(...words: string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

const RDB_MARK = Buffer.from('REDIS');

/**
 * `storage` for those to whom a snapshot is any bytes: here it has to begin as an RDB file does, so that
 * is put in front of it, taken off again, and not counted.
 */
export function taking(storage: FileStorage): Storage {
  const less = <T extends { readonly snapshotBytes: number }>(given: T): T => ({
    ...given,
    snapshotBytes: Math.max(0, given.snapshotBytes - RDB_MARK.length),
  });
  const beginSnapshot: Storage['beginSnapshot'] = (kind) => withMark(storage.beginSnapshot(kind));
  const load: Storage['load'] = (loader) => storage.load(withoutMark(loader));
  return new Proxy<Storage>(storage, {
    get(_, name) {
      if (name === 'report') return less(storage.report);
      if (name === 'facts') return less(storage.facts);
      if (name === 'beginSnapshot') return beginSnapshot;
      if (name === 'load') return load;
      const found: unknown = Reflect.get(storage, name, storage);
      return typeof found === 'function' ? found.bind(storage) : found;
    },
  });
}

function withMark(writer: SnapshotWriter): SnapshotWriter {
  const marked = writer.write(RDB_MARK.slice());
  marked.catch(() => {});
  return {
    write: async (bytes) => {
      await marked;
      await writer.write(bytes);
    },
    commit: async () => {
      await marked;
      await writer.commit();
    },
    abort: () => writer.abort(),
  };
}

function withoutMark(loader: Loader): Loader {
  let passed = 0;
  return {
    beginSnapshot() {
      passed = 0;
      loader.beginSnapshot();
    },
    snapshot(bytes) {
      const mark = Math.min(bytes.length, RDB_MARK.length - passed);
      passed += mark;
      return loader.snapshot(bytes.subarray(mark));
    },
    endSnapshot: () => loader.endSnapshot(),
    reset: () => loader.reset?.(),
    journal: (bytes) => loader.journal(bytes),
  };
}

/** What opening and loading come to. */
export interface Outcome {
  readonly text: string | null;
  readonly isReported: boolean;
}

export async function outcomeOf(directory: TestDirectory): Promise<Outcome> {
  try {
    const storage = await directory.open();
    try {
      return { text: await loaded(storage), isReported: storage.report.damaged !== null };
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!isFault(error, 'damaged')) throw error;
    return { text: null, isReported: true };
  }
}

/** Where blocks begin. */
export function startsIn(file: Buffer): number[] {
  return [...file.toString('latin1').matchAll(/#RS:/g)].map(({ index }) => index);
}

export function blocksIn(file: Buffer): Buffer[] {
  const starts = startsIn(file);
  return starts.map((start, at) => file.subarray(start, starts[at + 1]));
}
