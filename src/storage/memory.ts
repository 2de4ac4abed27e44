/**
 * Storage that keeps nothing: for places without IndexedDB. Its report says so and why; everything
 * else behaves as if each byte were durable the moment it is appended, so that a store runs on.
 */
import { StorageFault } from './errors.js';
import type {
  Durability,
  OpenReport,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from './storage.js';

const NOTHING: StorageFacts = {
  generation: 0,
  snapshotBytes: 0,
  journalBytes: 0,
  lastDurableAt: null,
};

/** Takes a snapshot, and keeps nothing of it. */
const WRITER: SnapshotWriter = {
  async write() {},
  async commit() {},
  async abort() {},
};

export class MemoryStorage implements Storage {
  readonly report: OpenReport;
  #position = 0;
  #closed: StorageFault | null = null;
  /** What it took is gone with the memory of its user. */
  readonly journals = false;
  readonly facts = NOTHING;

  constructor(durability: Durability, reason: string) {
    this.report = {
      backend: 'memory',
      reason,
      durability,
      created: true,
      epoch: 1,
      frames: 0,
      bytes: 0,
      snapshotBytes: 0,
      damaged: null,
    };
  }

  async load(): Promise<void> {}

  append(bytes: Uint8Array): number {
    if (this.#closed) throw this.#closed;
    this.#position += bytes.length;
    return this.#position;
  }

  get position(): number {
    return this.#position;
  }

  get durablePosition(): number {
    return this.#position;
  }

  async durable(position: number): Promise<void> {
    if (position > this.#position) throw new RangeError(`nothing was appended at ${position} yet`);
  }

  async flush(): Promise<void> {}

  async discard(): Promise<void> {}

  beginSnapshot(): SnapshotWriter {
    return WRITER;
  }

  async stopJournal(): Promise<void> {}

  async verify(): Promise<void> {
    if (this.#closed) throw this.#closed;
  }

  /** There is no other database to go to, so every change will do. */
  async setDurability(): Promise<void> {}

  get state(): StorageState {
    return this.#closed === null
      ? { kind: 'ok', error: null }
      : { kind: 'ended', error: this.#closed };
  }

  /** Nothing can fail. */
  onState(): void {}

  async destroy(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    this.#closed = new StorageFault('closed', 'the store is closed');
  }
}
