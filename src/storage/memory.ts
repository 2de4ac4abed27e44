/**
 * Storage that keeps nothing: for places without IndexedDB. Its report says so and why; everything
 * else behaves as if each byte were durable the moment it is appended, so that a store runs on.
 */
import type { StorageError } from '../resp/errors.js';
import { StorageFault } from './errors.js';
import type { Durability, OpenReport, Storage } from './storage.js';

export class MemoryStorage implements Storage {
  readonly report: OpenReport;
  #position = 0;
  #closed: StorageError | null = null;

  constructor(durability: Durability, reason: string) {
    this.report = {
      backend: 'memory',
      reason,
      durability,
      created: true,
      epoch: 1,
      frames: 0,
      bytes: 0,
      damaged: null,
    };
  }

  async replay(): Promise<void> {}

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

  async verify(): Promise<void> {
    if (this.#closed) throw this.#closed;
  }

  /** There is no other database to go to, so every change will do. */
  async setDurability(): Promise<void> {}

  /** Nothing can fail. */
  onFailure(): void {}

  async close(): Promise<void> {
    this.#closed = new StorageFault('closed', 'the store is closed');
  }
}
