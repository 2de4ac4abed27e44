/**
 * What FUNCTION DUMP answers and FUNCTION RESTORE takes: libraries as an RDB file has them, then
 * the version and a checksum.
 *
 *   0      1                     size - 10   size - 8
 *   +------+----------------+---+-----------+-------+
 *   | 245  | code, a string |...| version   | crc64 |
 *   +------+----------------+---+-----------+-------+
 *     u8     length, bytes        u16         u64, of all bytes in front of it
 *
 * A length is one byte up to 63, two (01 in the highest bits) up to 16383, else 0x80 and four
 * bytes, highest first. 0xc3 is a string that LZF has compressed: its length, that of the text.
 *
 * Example: the library `#!lua name=a LF`, which is short for showing.
 *
 *   f5   0d 23 21 6c 75 61 20 6e 61 6d 65 3d 61 0a   0a 00   ...
 *   245  13 bytes                                    10      crc64
 */
const FUNCTION_2 = 245;
const VERSION = 10;
const VERSION_MAX = 10;
const FOOTER_BYTES = 10;
const CHECKSUM_BYTES = 8;
const LZF = 0xc3;
const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

/** A payload that cannot be read; the message is the error reply. */
export class PayloadError extends Error {}

export function makePayload(codes: readonly Uint8Array[]): Uint8Array {
  const size = codes.reduce((sum, code) => sum + 6 + code.length, FOOTER_BYTES);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const code of codes) {
    bytes[at++] = FUNCTION_2;
    at = putLength(bytes, at, code.length);
    bytes.set(code, at);
    at += code.length;
  }
  bytes[at] = VERSION;
  at += 2;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(at, crc64(bytes.subarray(0, at)), true);
  return bytes.subarray(0, at + CHECKSUM_BYTES);
}

/** The code of every library. Throws a PayloadError. */
export function readPayload(bytes: Uint8Array): Uint8Array[] {
  if (!isSealed(bytes)) throw new PayloadError('ERR DUMP payload version or checksum are wrong');
  const reader = new Reader(bytes.subarray(0, bytes.length - FOOTER_BYTES));
  const codes: Uint8Array[] = [];
  while (!reader.isAtEnd) {
    if (reader.byte() !== FUNCTION_2) throw new PayloadError('ERR given type is not a function');
    codes.push(reader.string());
  }
  return codes;
}

function isSealed(bytes: Uint8Array): boolean {
  if (bytes.length < FOOTER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - CHECKSUM_BYTES;
  if (view.getUint16(end - 2, true) > VERSION_MAX) return false;
  return crc64(bytes.subarray(0, end)) === view.getBigUint64(end, true);
}

function putLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < 64) {
    bytes[at] = length;
    return at + 1;
  }
  if (length < 16384) {
    bytes[at] = 0x40 | (length >> 8);
    bytes[at + 1] = length & 0xff;
    return at + 2;
  }
  bytes[at] = 0x80;
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at + 1, length);
  return at + 5;
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new PayloadError('ERR failed loading functions');
    return byte;
  }

  string(): Uint8Array {
    const first = this.byte();
    if (first !== LZF) return this.take(this.length(first));
    const packed = this.length(this.byte());
    const length = this.length(this.byte());
    return expand(this.take(packed), length);
  }

  private length(first: number): number {
    if (first < 0x40) return first;
    if (first < 0x80) return ((first & 0x3f) << 8) | this.byte();
    if (first !== 0x80) throw new PayloadError('ERR failed loading functions');
    return this.byte() * 2 ** 24 + (this.byte() << 16) + (this.byte() << 8) + this.byte();
  }

  private take(length: number): Uint8Array {
    const bytes = this.bytes.slice(this.at, this.at + length);
    if (bytes.length !== length) throw new PayloadError('ERR failed loading functions');
    this.at += length;
    return bytes;
  }
}

/** LZF: a byte below 32 copies so many and one bytes, others repeat what was written before. */
function expand(packed: Uint8Array, length: number): Uint8Array {
  if (length > packed.length * 256) throw new PayloadError('ERR failed loading functions');
  const bytes = new Uint8Array(length);
  const next = (at: number) => packed[at] ?? 0;
  let from = 0;
  let to = 0;
  while (from < packed.length) {
    const control = next(from++);
    if (control < 32) {
      bytes.set(packed.subarray(from, Math.min(from + control + 1, from + length - to)), to);
      from += control + 1;
      to += control + 1;
      continue;
    }
    let count = control >> 5;
    if (count === 7) count += next(from++);
    let source = to - ((control & 0x1f) << 8) - next(from++) - 1;
    for (count += 2; count > 0; count--) bytes[to++] = bytes[source++] ?? 0;
  }
  if (to !== length) throw new PayloadError('ERR failed loading functions');
  return bytes;
}

/** The checksum of Redis: CRC-64 "Jones", reflected. */
function crc64(bytes: Uint8Array): bigint {
  const table = crcTable();
  let crc = 0n;
  for (const byte of bytes) {
    crc = (table[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (crc >> 8n);
  }
  return crc;
}

let known: BigUint64Array | null = null;

function crcTable(): BigUint64Array {
  if (known !== null) return known;
  known = new BigUint64Array(256);
  for (let index = 0; index < 256; index++) {
    let crc = BigInt(index);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    known[index] = crc;
  }
  return known;
}
