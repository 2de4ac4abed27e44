/** A host over the real core for the host's own tests: a clock and a storage that obey. */
import { readFile } from 'node:fs/promises';
import { Engine, type EngineOptions } from '../../src/engine/engine.js';
import type { Clock } from '../../src/host/clock.js';
import { Host, type HostOptions, type LogLevel } from '../../src/host/host.js';
import type { ConnectionFacts, Session } from '../../src/host/session.js';
import { StorageError } from '../../src/resp/errors.js';
import type {
  Durability,
  Loader,
  OpenReport,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from '../../src/storage/storage.js';

const CORE = new URL('../../dist/core.wasm', import.meta.url);
const LUA = new URL('../../dist/lua.wasm', import.meta.url);
let compiled: Promise<WebAssembly.Module> | null = null;

export function coreModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(CORE).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

let lua: Promise<WebAssembly.Module> | null = null;

function luaModule(): Promise<WebAssembly.Module> {
  lua ??= readFile(LUA).then((bytes) => WebAssembly.compile(bytes));
  return lua;
}

export class FakeClock implements Clock {
  at = 1_700_000_000_000;
  now = () => this.at;
  monotonic = () => this.at;
}

/** A storage in which nothing becomes durable before the test says so. */
export class FakeStorage implements Storage {
  readonly report: OpenReport;
  position = 0;
  durablePosition = 0;
  appended = '';
  closed = false;
  mode: Durability;
  private failure: StorageError | null = null;
  private waiters: { position: number; resolve(): void; reject(error: Error): void }[] = [];
  private listeners: ((state: StorageState) => void)[] = [];

  constructor(
    durability: Durability = 'always',
    private readonly journal: readonly string[] = [],
  ) {
    this.mode = durability;
    this.report = {
      backend: 'indexeddb',
      reason: null,
      durability,
      created: journal.length === 0,
      epoch: 1,
      frames: journal.length,
      bytes: journal.join('').length,
      snapshotBytes: 0,
      damaged: null,
    };
  }

  async load(loader: Loader): Promise<void> {
    for (const bytes of this.journal) await loader.journal(Buffer.from(bytes, 'latin1'));
  }

  append(bytes: Uint8Array): number {
    this.appended += Buffer.from(bytes).toString('latin1');
    this.position += bytes.length;
    return this.position;
  }

  durable(position: number): Promise<void> {
    if (position <= this.durablePosition) return Promise.resolve();
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => this.waiters.push({ position, resolve, reject }));
  }

  /** The disk has taken everything up to `position`. */
  sync(position = this.position): void {
    this.durablePosition = position;
    for (const waiter of this.waiters.splice(0)) {
      if (waiter.position <= position) waiter.resolve();
      else this.waiters.push(waiter);
    }
  }

  fail(message: string): void {
    this.failure = new StorageError(message);
    for (const waiter of this.waiters.splice(0)) waiter.reject(this.failure);
    for (const listener of this.listeners) listener(this.state);
  }

  heal(): void {
    this.failure = null;
    for (const listener of this.listeners) listener(this.state);
  }

  async flush(): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.sync();
  }

  verify = () => Promise.resolve();

  async setDurability(mode: Durability): Promise<void> {
    this.mode = mode;
  }

  onState(listener: (state: StorageState) => void): void {
    this.listeners.push(listener);
  }

  get state(): StorageState {
    return this.failure === null
      ? { kind: 'ok', error: null }
      : { kind: 'failing', error: this.failure };
  }

  readonly journals = true;

  get facts(): StorageFacts {
    return {
      generation: 0,
      snapshotBytes: 0,
      journalBytes: this.position,
      lastDurableAt: null,
    };
  }

  discard = () => Promise.resolve();
  stopJournal = () => Promise.resolve();
  destroy = () => this.close();

  beginSnapshot(): SnapshotWriter {
    throw new Error('this storage takes no snapshots');
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** A connection whose replies are gathered as text, a byte a character. */
export class TestConnection {
  readonly session: Session;
  received = '';
  ended = false;
  writes = 0;
  congested = false;
  /** Bytes that the other side is said not to have taken. */
  pendingBytes = 0;

  constructor(
    readonly host: Host,
    facts: Partial<ConnectionFacts> = {},
  ) {
    const self = this;
    const sink = {
      write(bytes: Uint8Array) {
        self.received += Buffer.from(bytes).toString('latin1');
        self.writes++;
      },
      end() {
        self.ended = true;
      },
      get congested() {
        return self.congested;
      },
      get pendingBytes() {
        return self.pendingBytes;
      },
    };
    const about = { address: '127.0.0.1:50000', localAddress: '127.0.0.1:6379', kind: 'tcp' };
    this.session = host.connect(sink, { ...(about as ConnectionFacts), ...facts });
  }

  /** Feeds bytes as they are. */
  feed(bytes: string | Uint8Array): void {
    const given = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    this.host.receive(this.session, given);
  }

  /** Sends commands, one a line as in redis-cli without quotes; returns what came back. */
  send(...lines: string[]): string {
    this.received = '';
    this.feed(lines.map((line) => encode(line.split(' '))).join(''));
    return this.received;
  }

  take(): string {
    const { received } = this;
    this.received = '';
    return received;
  }
}

export function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}

export interface TestHost {
  readonly host: Host;
  readonly clock: FakeClock;
  readonly log: string[];
  connect(facts?: Partial<ConnectionFacts>): TestConnection;
}

export async function openTestHost(
  options: Partial<Pick<HostOptions, 'storage' | 'config' | 'shutdown' | 'aclFile' | 'clock'>> &
    Pick<EngineOptions, 'memoryPagesMax'> & { module?: WebAssembly.Module } = {},
): Promise<TestHost> {
  const clock = new FakeClock();
  const log: string[] = [];
  const host = await Host.open({
    engine: Engine.create(options.module ?? (await coreModule()), {
      seed: new Uint8Array(16).fill(7),
      ...(options.memoryPagesMax && { memoryPagesMax: options.memoryPagesMax }),
    }),
    random: (bytes) => bytes.fill(0xab),
    clock: options.clock ?? clock,
    lua: luaModule,
    log: (level: LogLevel, text: string) => log.push(`${level}: ${text}`),
    storage: options.storage ?? null,
    config: { 'enable-debug-command': 'yes', ...options.config },
    ...(options.shutdown && { shutdown: options.shutdown }),
    ...(options.aclFile && { aclFile: options.aclFile }),
  });
  return { host, clock, log, connect: (facts) => new TestConnection(host, facts) };
}

/** Lets promises that are settled run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
