/** A byte buffer for everything that is written in the store: text, bytes, and all of it at the end. */
import { ByteWriter } from './byte-writer.js';

const encoder = new TextEncoder();
/** From this many characters on, `TextEncoder` is faster than a loop. */
const HAND_LOOP_CHARACTERS_MAX = 128;

export class ByteSink extends ByteWriter {
  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
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

  /** The bytes written so far, as a copy; the sink is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
