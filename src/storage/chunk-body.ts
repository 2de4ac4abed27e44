/**
 * The content of a chunk while it comes, on its way out of this thread's memory.
 *
 * Whoever makes a Blob of bytes waits for the browser's main process, as long for a few bytes as for
 * many (docs/RELIABILITY.md F26). A Blob that a stream is read into costs that once, when all bytes are
 * there; the bytes leave as they come. Where there are no such streams it is made of pieces.
 */
import { checksum } from './frames.js';
import { type ChunkKey, chunkHeader } from './manifest.js';

/** Where bytes go. */
interface Sink {
  add(bytes: Uint8Array): void;
  /** All that was added, in order. */
  end(): Promise<readonly BlobPart[]>;
  abandon(): void;
}

export class ChunkBody {
  readonly #sink: Sink = canStream() ? new StreamSink() : new PieceSink();
  #length = 0;
  #checksum = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes bytes, which must not change afterwards. */
  add(bytes: Uint8Array): void {
    this.#checksum = checksum(bytes, this.#checksum);
    this.#length += bytes.length;
    this.#sink.add(bytes);
  }

  /** The whole chunk, as the one of `key`. Rejects if the browser cannot hold it. */
  async end(key: ChunkKey): Promise<Blob> {
    const header = chunkHeader(key, this.#length, this.#checksum);
    return new Blob([header as BlobPart, ...(await this.#sink.end())]);
  }

  /** It will not be ended. */
  abandon(): void {
    this.#sink.abandon();
  }
}

function canStream(): boolean {
  return typeof Response === 'function' && typeof ReadableStream === 'function';
}

class StreamSink implements Sink {
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  readonly #blob: Promise<Blob>;

  constructor() {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      // The reader gives up: what `end` returns tells why.
      cancel: () => {
        this.#controller = null;
      },
    });
    this.#blob = new Response(stream).blob();
    this.#blob.catch(() => {});
  }

  add(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  async end(): Promise<readonly BlobPart[]> {
    this.#controller?.close();
    return [await this.#blob];
  }

  abandon(): void {
    this.#controller?.error(new Error('the chunk was given up'));
    this.#controller = null;
  }
}

class PieceSink implements Sink {
  readonly #pieces: BlobPart[] = [];

  add(bytes: Uint8Array): void {
    this.#pieces.push(bytes as BlobPart);
  }

  async end(): Promise<readonly BlobPart[]> {
    return this.#pieces;
  }

  abandon(): void {
    this.#pieces.length = 0;
  }
}
