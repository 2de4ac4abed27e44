/**
 * A growing byte buffer with the few writes that RESP needs. The reply writer and the request
 * writer are made of it.
 */

const CR = 13;
const LF = 10;
const DIGIT_0 = 48;

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
    this.bytes[this.length++] = CR;
    this.bytes[this.length++] = LF;
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
    if (value >= 0 && value < 10) {
      this.bytes[this.length++] = DIGIT_0 + value;
    } else if (value >= 0 && value < 100) {
      const tens = (value / 10) | 0;
      this.bytes[this.length++] = DIGIT_0 + tens;
      this.bytes[this.length++] = DIGIT_0 + value - tens * 10;
    } else {
      this.ascii(String(value));
    }
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
