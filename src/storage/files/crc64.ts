/**
 * The checksum at the end of an RDB file: CRC-64 with the polynomial of Jones, reflected, from 0. The
 * core has its own; this one tells where an RDB file ends that commands follow.
 *
 * The sum of "123456789" is e9c6d914c4b8d9ca.
 */

/** 0xad93d23594c935a9 with its bits in reverse order, as two halves. */
const POLYNOMIAL_HIGH = 0x95ac9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

const HIGH = new Uint32Array(256);
const LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = ((low >>> 1) | (high << 31)) >>> 0;
    high >>>= 1;
    if (odd === 0) continue;
    low = (low ^ POLYNOMIAL_LOW) >>> 0;
    high = (high ^ POLYNOMIAL_HIGH) >>> 0;
  }
  HIGH[byte] = high;
  LOW[byte] = low;
}

export class Crc64 {
  high = 0;
  low = 0;

  add(bytes: Uint8Array): this {
    let { high, low } = this;
    for (let at = 0; at < bytes.length; at++) {
      const index = (low ^ (bytes[at] as number)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
      high = (high >>> 8) ^ (HIGH[index] as number);
    }
    this.high = high >>> 0;
    this.low = low >>> 0;
    return this;
  }

  /** Whether the eight bytes at `at` are this sum. */
  isAt(bytes: Uint8Array, at: number): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
    return view.getUint32(0, true) === this.low && view.getUint32(4, true) === this.high;
  }
}
