/** A storage that keeps everything in an array, as its contract says, and fails when it is told to. */
import type { StorageError } from '../../src/resp/errors.js';
import { FencedError } from '../../src/resp/errors.js';
import { StorageFault } from '../../src/storage/errors.js';
import type {
  Durability,
  Loader,
  OpenReport,
  SnapshotKind,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from '../../src/storage/storage.js';

interface Generation {
  readonly kind: SnapshotKind;
  readonly bytes: Uint8Array;
  /** Appends that it holds already. */
  readonly cut: number;
}

type Trouble = 'full' | 'failed' | 'fenced' | 'wiped';

export class KeepingStorage implements Storage {
  report: OpenReport;
  journals = true;
  /** What it was asked to do, in order. */
  readonly calls: string[] = [];
  generations: Generation[] = [];
  appends: Uint8Array[] = [];
  /** How many of the appends are on the disk. */
  private durableCount = 0;
  private error: StorageError | null = null;
  /** Whether there is no space for anything at all when it is full. */
  exhausted = false;
  private waiters: { position: number; resolve(): void; reject(error: Error): void }[] = [];
  private readonly listeners: ((state: StorageState) => void)[] = [];
  /** Commits of snapshots wait for this. */
  gate: Promise<void> = Promise.resolve();
  /** What `verify` answers. */
  owned = true;
  /** Loading fails with that, so often. */
  loadFailures: Error[] = [];
  /** What is appended is durable at once. */
  isInstant = false;
  private pending: { kind: SnapshotKind; from: number } | null = null;

  constructor(
    readonly durability: Durability = 'everysec',
    backend: OpenReport['backend'] = 'files',
  ) {
    this.report = {
      backend,
      reason: null,
      durability,
      created: true,
      epoch: 3,
      frames: 0,
      bytes: 0,
      snapshotBytes: 0,
      damaged: null,
    };
  }

  async load(loader: Loader): Promise<void> {
    this.calls.push('load');
    const failure = this.loadFailures.shift();
    if (failure !== undefined) throw failure;
    const last = this.generations.at(-1);
    if (last !== undefined) {
      loader.beginSnapshot();
      await loader.snapshot(last.bytes);
      await loader.endSnapshot();
    }
    for (const bytes of this.appends.slice(last?.cut ?? 0)) await loader.journal(bytes);
  }

  append(bytes: Uint8Array): number {
    if (this.state.kind === 'ended') throw this.error;
    if (!this.journals && this.pending?.kind !== 'base') throw new Error('there is no journal');
    this.appends.push(bytes.slice());
    if (this.isInstant) this.sync();
    return this.position;
  }

  get position(): number {
    return this.bytesOf(this.appends.length);
  }

  get durablePosition(): number {
    return this.bytesOf(this.durableCount);
  }

  get text(): string {
    return Buffer.concat(this.appends).toString('latin1');
  }

  /** The disk has taken everything. */
  sync(): void {
    this.durableCount = this.appends.length;
    for (const { resolve } of this.waiters.splice(0)) resolve();
  }

  durable(position: number): Promise<void> {
    if (position <= this.durablePosition) return Promise.resolve();
    if (this.error !== null) return Promise.reject(this.error);
    return new Promise((resolve, reject) => this.waiters.push({ position, resolve, reject }));
  }

  async flush(): Promise<void> {
    this.calls.push('flush');
    if (this.error !== null) throw this.error;
    this.sync();
  }

  async discard(): Promise<void> {
    this.calls.push('discard');
    this.appends.length = this.durableCount;
  }

  async verify(): Promise<void> {
    this.calls.push('verify');
    if (!this.owned) throw new FencedError('another owner has taken over this store');
  }

  beginSnapshot(kind: SnapshotKind): SnapshotWriter {
    this.calls.push(`begin ${kind}`);
    const cut = this.appends.length;
    const slices: Uint8Array[] = [];
    this.pending = { kind, from: cut };
    return {
      write: async (bytes) => {
        if (this.error !== null) throw this.error;
        slices.push(bytes);
      },
      commit: async () => {
        await this.gate;
        if (this.error !== null) throw this.error;
        this.generations.push({ kind, bytes: Buffer.concat(slices), cut });
        if (kind === 'base') this.journals = true;
        this.pending = null;
        this.calls.push(`commit ${kind}`);
      },
      abort: async () => {
        this.pending = null;
        this.calls.push(`abort ${kind}`);
        if (!this.journals) this.appends.length = cut;
      },
    };
  }

  async stopJournal(): Promise<void> {
    this.calls.push('stop');
    this.journals = false;
  }

  async setDurability(mode: Durability): Promise<void> {
    this.calls.push(mode);
  }

  /** From now on nothing can be written; what waits hears of it. */
  fail(trouble: Trouble, message = 'the disk is full'): void {
    this.error =
      trouble === 'fenced' ? new FencedError(message) : new StorageFault(trouble, message);
    for (const { reject } of this.waiters.splice(0)) reject(this.error);
    this.tell();
  }

  heal(): void {
    this.error = null;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.state);
  }

  get facts(): StorageFacts {
    const last = this.generations.at(-1);
    return {
      generation: this.generations.length,
      snapshotBytes: last?.bytes.length ?? 0,
      journalBytes: this.position - this.bytesOf(last?.cut ?? 0),
      lastDurableAt: null,
    };
  }

  get state(): StorageState {
    const { error } = this;
    if (error === null) return { kind: 'ok', error: null };
    if (error instanceof FencedError) return { kind: 'ended', error };
    const { kind } = error as StorageFault;
    if (kind === 'full') return { kind, error, exhausted: this.exhausted };
    return { kind: kind === 'wiped' ? 'ended' : 'failing', error };
  }

  onState(listener: (state: StorageState) => void): void {
    this.listeners.push(listener);
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  async destroy(): Promise<void> {
    this.calls.push('destroy');
  }

  /** The same data for the next owner. */
  reopened(durability = this.durability): KeepingStorage {
    const next = new KeepingStorage(durability, this.report.backend);
    next.generations = [...this.generations];
    next.appends = this.appends.slice(0, this.durableCount);
    next.durableCount = this.durableCount;
    next.journals = this.journals;
    return next;
  }

  private bytesOf(count: number): number {
    return this.appends.slice(0, count).reduce((sum, { length }) => sum + length, 0);
  }
}
