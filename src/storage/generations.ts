/**
 * Generations: the chunks of snapshots in the strict database, written as they come, read one ahead.
 *
 * A chunk is stored as a Blob (chunk-body.ts). Chunks need no fence: their keys are their owner's own,
 * and they count only with a manifest. Whatever refuses them, it is taken for lack
 * of space (docs/RELIABILITY.md F5).
 */
import type { StoredManifest } from './candidates.js';
import type { ChunkBody } from './chunk-body.js';
import type { Connection } from './connection.js';
import { isFault, StorageFault, toStorageError } from './errors.js';
import { chunkRange } from './journal.js';
import { CHUNK_HEADER_BYTES, type ChunkKey, decodeChunk, type Manifest } from './manifest.js';
import { withDeadline } from './scheduler.js';
import type { Scheduler } from './storage.js';

export interface GenerationsOptions {
  /** To the strict database; makes a lost one anew. */
  connection(): Promise<Connection>;
  readonly scheduler: Scheduler;
  readonly timeoutMs: number;
  /** Everything is written twice, as JournalOptions has it. */
  readonly twice?: boolean | undefined;
  /** True: what is bad is not copied anywhere. */
  readonly readOnly?: boolean;
}

/** A chunk as it stands in the database: bad, or with its content. */
interface ReadChunk {
  readonly key: ChunkKey;
  readonly value: unknown;
  readonly content: Uint8Array | string;
}

export class Generations {
  readonly #options: GenerationsOptions;
  /** Generations with something bad that could not be copied: they must stay. */
  readonly unsaved = new Set<number>();
  /** False once the browser has refused to store a Blob. */
  #blobs = typeof Blob === 'function';

  constructor(options: GenerationsOptions) {
    this.#options = options;
  }

  async put(key: ChunkKey, body: ChunkBody): Promise<void> {
    const chunk = await body.end(key);
    await this.#putOnce(key, chunk);
    if (this.#options.twice) await this.#putOnce(key, chunk);
  }

  async #putOnce(key: ChunkKey, chunk: Blob): Promise<void> {
    if (!this.#blobs) return this.#put(key, await bytesOf(chunk));
    try {
      await this.#put(key, chunk);
    } catch (error) {
      if (nameOfCause(error) !== 'DataCloneError') throw error;
      this.#blobs = false;
      await this.#put(key, await bytesOf(chunk));
    }
  }

  async #put(key: ChunkKey, value: Blob | Uint8Array): Promise<void> {
    const connection = await this.#options.connection();
    try {
      await connection.write(['chunks'], function* (transaction) {
        yield transaction.objectStore('chunks').put(value, [...key]);
      });
    } catch (error) {
      if (!isFault(error, 'failed') || nameOfCause(error) === 'DataCloneError') throw error;
      throw new StorageFault('full', error.message, { cause: error.cause });
    }
  }

  /** The content of a snapshot; a `damaged` fault where it is bad, which has been set aside by then. */
  async *read(manifest: Manifest, finder: number): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    let next = this.#readAhead(manifest, 0);
    for (let index = 0; index < manifest.chunks; index++) {
      const chunk = await next();
      next = this.#readAhead(manifest, index + 1);
      if (typeof chunk.content === 'string') throw await this.#damaged(chunk, finder);
      bytes += chunk.content.length;
      yield chunk.content;
    }
    if (bytes !== manifest.bytes) {
      throw new StorageFault('damaged', `generation ${manifest.number}: the size does not agree`);
    }
  }

  /** Begins to read now; whoever calls what is returned waits for it. */
  #readAhead({ epoch, number, chunks }: Manifest, index: number): () => Promise<ReadChunk> {
    if (index >= chunks) return () => Promise.reject(new RangeError('no more chunks'));
    const reading = this.#readChunk([epoch, number, index]);
    reading.catch(() => {});
    return () => reading;
  }

  async #readChunk(key: ChunkKey): Promise<ReadChunk> {
    const connection = await this.#options.connection();
    const [value] = await connection.read<unknown>(['chunks'], function* (transaction) {
      yield transaction.objectStore('chunks').get([...key]);
    });
    return { key, value, content: await this.#contentOf(key, value) };
  }

  async #contentOf(key: ChunkKey, value: unknown): Promise<Uint8Array | string> {
    if (value instanceof Uint8Array) return decodeChunk(key, value);
    if (!(value instanceof Blob)) return value === undefined ? 'it is missing' : 'it is no bytes';
    if (value.size < CHUNK_HEADER_BYTES) return `${value.size} bytes are too few for a chunk`;
    const { scheduler, timeoutMs } = this.#options;
    const reading = value.arrayBuffer().catch(toFault);
    const buffer = await withDeadline(scheduler, timeoutMs, 'reading a chunk', reading);
    return buffer instanceof ArrayBuffer
      ? decodeChunk(key, new Uint8Array(buffer))
      : buffer.message;
  }

  async #damaged({ key, value, content }: ReadChunk, finder: number): Promise<StorageFault> {
    const [, number, index] = key;
    const why = `chunk ${index} of generation ${number}: ${content}`;
    await this.#save(number, finder, { key, value, why });
    return new StorageFault('damaged', why);
  }

  /** Copies a record that is bad to where it stays. */
  async #quarantine(finder: number, record: { key: unknown; value: unknown; why: string }) {
    const connection = await this.#options.connection();
    const key = [finder, ...(Array.isArray(record.key) ? record.key : [String(record.key)])];
    await connection.write(['quarantine'], function* (transaction) {
      yield transaction.objectStore('quarantine').put(record, key as IDBValidKey);
    });
  }

  /** The same, or else remembers that the only copy is where it was. */
  async #save(
    number: number,
    finder: number,
    record: { key: unknown; value: unknown; why: string },
  ) {
    if (record.value === undefined || this.#options.readOnly) return;
    try {
      await this.#quarantine(finder, record);
    } catch {
      this.unsaved.add(number);
    }
  }

  /** Copies manifests that cannot be read to quarantine. */
  async setAside(manifests: readonly StoredManifest[], finder: number): Promise<void> {
    for (const { key, value, fault } of manifests)
      await this.#quarantine(finder, { key, value, why: fault });
  }

  /** Copies all of a generation whose chunks are sound, but no snapshot. */
  async setAllAside({ epoch, number, chunks }: Manifest, why: string, finder: number) {
    for (let index = 0; index < chunks; index++) {
      const { key, value } = await this.#readChunk([epoch, number, index]);
      await this.#save(number, finder, { key, value, why });
    }
  }

  /** Deletes the chunks of earlier owners that no manifest speaks of. */
  async sweep(kept: readonly Manifest[], epoch: number): Promise<void> {
    const connection = await this.#options.connection();
    const [keys] = await connection.read(['chunks'], function* (transaction) {
      yield transaction.objectStore('chunks').getAllKeys(IDBKeyRange.bound([0], [epoch]));
    });
    const names = new Set(kept.map((manifest) => `${manifest.epoch} ${manifest.number}`));
    const orphans = new Map<string, { epoch: number; number: number }>();
    for (const key of keys ?? []) {
      const [owner, number] = key as number[];
      const name = `${owner} ${number}`;
      if (owner !== undefined && number !== undefined && !names.has(name))
        orphans.set(name, { epoch: owner, number });
    }
    if (orphans.size > 0) await this.#delete(connection, [...orphans.values()]);
  }

  async remove(generation: { epoch: number; number: number }): Promise<void> {
    await this.#delete(await this.#options.connection(), [generation]);
  }

  async #delete(connection: Connection, generations: { epoch: number; number: number }[]) {
    await connection.write(['chunks'], function* (transaction) {
      for (const generation of generations)
        yield transaction.objectStore('chunks').delete(chunkRange(generation));
    });
  }
}

async function bytesOf(chunk: Blob): Promise<Uint8Array> {
  return new Uint8Array(await chunk.arrayBuffer());
}

/** The file behind a Blob may be gone or not be readable. */
function toFault(error: unknown): Error {
  return toStorageError(error, 'reading its file');
}

function nameOfCause(error: unknown): string {
  const cause = error instanceof StorageFault ? error.cause : null;
  return typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : '';
}
