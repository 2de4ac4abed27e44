/**
 * A snapshot on its way into the strict database: bytes become chunks, and the commit lets
 * them count. While two chunks are on their way to the disk the third waits.
 */
import { ChunkBody } from './chunk-body.js';
import { StorageFault, toStorageError } from './errors.js';
import type { Generations } from './generations.js';
import type { SnapshotWriter } from './storage.js';

/** A chunk is closed when it has as many bytes. The larger, the fewer waits for the disk. */
export const CHUNK_BYTES = 8 * 1024 * 1024;

/** A chunk is no larger than it has to be: of one write it may take a part. */
const PIECE_BYTES = 256 * 1024;

const CHUNKS_UNDER_WAY_MAX = 4;

/** What the writer has written, when it asks to be let in. */
export interface Written {
  readonly epoch: number;
  readonly number: number;
  readonly chunks: number;
  readonly bytes: number;
}

export interface SnapshotTask {
  readonly generations: Generations;
  readonly epoch: number;
  readonly number: number;
  /** Lets what was written count. */
  complete(written: Written): Promise<void>;
  /** The writer has come to its end, well or not. */
  ended(): void;
}

export class GenerationWriter implements SnapshotWriter {
  readonly #task: SnapshotTask;
  #body = new ChunkBody();
  #chunks = 0;
  #bytes = 0;
  readonly #underWay = new Set<Promise<void>>();
  #failure: Error | null = null;
  #over = false;

  constructor(task: SnapshotTask) {
    this.#task = task;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#refuseIfOver();
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
      this.#body.add(bytes.subarray(offset, offset + PIECE_BYTES));
      if (this.#body.length >= CHUNK_BYTES) this.#putChunk();
    }
    while (this.#underWay.size >= CHUNKS_UNDER_WAY_MAX) await Promise.race(this.#underWay);
    await this.#giveUpIfFailed();
  }

  async commit(): Promise<void> {
    this.#refuseIfOver();
    if (this.#body.length > 0) this.#putChunk();
    await Promise.all(this.#underWay);
    await this.#giveUpIfFailed();
    this.#over = true;
    const { epoch, number } = this.#task;
    try {
      // Should this fail, it may count all the same: what no manifest speaks of is swept up later.
      await this.#task.complete({ epoch, number, chunks: this.#chunks, bytes: this.#bytes });
    } finally {
      this.#task.ended();
    }
  }

  async abort(): Promise<void> {
    if (this.#over) return;
    this.#failure ??= new StorageFault('failed', 'the snapshot was given up');
    await this.#giveUpIfFailed().catch(() => {});
  }

  /** Gives it up for a reason of storage's own. The next call of the writer's user hears of it. */
  cancel(reason: Error): void {
    if (this.#over) return;
    this.#failure ??= reason;
    this.#giveUpIfFailed().catch(() => {});
  }

  #putChunk(): void {
    const { epoch, number, generations } = this.#task;
    const key = [epoch, number, this.#chunks++] as const;
    this.#bytes += this.#body.length;
    const putting = generations.put(key, this.#body).catch((error) => {
      this.#failure ??= toStorageError(error, 'writing a snapshot');
    });
    this.#body = new ChunkBody();
    this.#underWay.add(putting);
    void putting.then(() => this.#underWay.delete(putting));
  }

  #refuseIfOver(): void {
    if (this.#over) throw this.#failure ?? new StorageFault('failed', 'the snapshot has ended');
  }

  async #giveUpIfFailed(): Promise<void> {
    const failure = this.#failure;
    if (failure === null) return;
    if (!this.#over) {
      this.#over = true;
      this.#body.abandon();
      this.#task.ended();
      await Promise.all(this.#underWay);
      await this.#task.generations.remove(this.#task).catch(() => {});
    }
    throw failure;
  }
}
