/** Buffers that are used again: allocating one for each batch costs more than the batch. */

const BUFFER_BYTES = 64 * 1024;
/** Larger ones are left to the collector: one huge value should not be paid for ever. */
const KEPT_BYTES_MAX = 1024 * 1024;
const KEPT_COUNT_MAX = 8;

export class BufferPool {
  readonly #free: ArrayBuffer[] = [];

  /** Of at least BUFFER_BYTES. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#free.pop() ?? new ArrayBuffer(BUFFER_BYTES));
  }

  give(buffer: ArrayBuffer): void {
    const { byteLength } = buffer;
    const isUseful = byteLength >= BUFFER_BYTES && byteLength <= KEPT_BYTES_MAX;
    if (isUseful && this.#free.length < KEPT_COUNT_MAX) this.#free.push(buffer);
  }
}
