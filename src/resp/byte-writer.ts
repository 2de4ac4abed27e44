/**
 * A growing byte buffer with the few writes that RESP needs. The reply writer and the request
 * writer are made of it.
 *
 * Text is written by a loop over its characters while it is short, because a call of
 * `TextEncoder` costs 200 to 300 ns in Chromium whatever it encodes (LIMITS.md A7).
 */

/** From this many characters on, `TextEncoder.encodeInto` is faster than a loop. */
export const HAND_LOOP_CHARACTERS_MAX = 128;

const CR = 13;
const LF = 10;
const DIGIT_0 = 48;
const encoder = new TextEncoder();

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

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** CR LF, into room that has been reserved. */
  crlf(): void {
    this.bytes[this.length++] = CR;
    this.bytes[this.length++] = LF;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** `text` as UTF-8. */
  text(text: string): void {
    this.reserve(text.length * 3);
    if (text.length > HAND_LOOP_CHARACTERS_MAX || !this.ascii(text)) {
      this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
    }
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

  /** The bytes written so far, as a copy; the writer is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
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
