/**
 * A growing byte buffer with the few writes that RESP needs. The reply writer and the request
 * writer are made of it.
 */

import { AsciiByte } from './ascii-byte.js';

export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for `count` more bytes. `bytes` may be another array afterwards. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed > this.bytes.length) this.#grow(needed);
  }

  /** A type byte, a decimal number, CR LF: the first line of most of RESP. */
  line(type: number, value: number): void {
    this.reserve(24);
    this.bytes[this.length++] = type;
    this.#decimal(value);
    this.crlf();
  }

  /** CR LF, into room that has been reserved. */
  crlf(): void {
    this.bytes[this.length++] = AsciiByte.CarriageReturn;
    this.bytes[this.length++] = AsciiByte.LineFeed;
  }

  /**
   * Writes `text` if all of it is ASCII and says whether it did; else nothing is written.
   * The room must have been reserved.
   */
  ascii(text: string): boolean {
    const bytes = this.bytes;
    const start = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[start + i] = code;
    }
    this.length = start + text.length;
    return true;
  }

  #decimal(value: number): void {
    if (value < 0 || value >= 100) {
      this.ascii(String(value));
      return;
    }
    if (value >= 10) this.bytes[this.length++] = AsciiByte.Zero + ((value / 10) | 0);
    this.bytes[this.length++] = AsciiByte.Zero + (value % 10);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
