/**
 * Blocks: how bytes stand in an append only file of ours. A flipped bit in a file of redis-server may
 * load as other data; here each commit is preceded by a line with its checksum. redis-server and
 * redis-check-aof skip lines that begin with `#`.
 *
 *   # R S : 2 7   5 f 0 1 c 2 d 3 CR LF   * 3 CR LF $ 3 CR LF S E T ...
 *   +------------------------------------+--------------------------------+
 *   | length, checksum                   | that many bytes: whole commands|
 *   +------------------------------------+--------------------------------+
 *
 * The checksum is the CRC-32C of the checksum in front of it (4 bytes, little-endian), the length as
 * it stands there, and the bytes. So a block that is missing, doubled or in another's place is found.
 *
 * A file begins with a block of no bytes that names the checksum it follows on, `after`: that of the
 * last block of the file in front of it, 00000000 if there is none. A base that is made of commands
 * ends with another such block.
 *
 *   #RS:0 527d5351 00000000\r\n
 *   checksum of 00 00 00 00 '0'; after nothing
 *
 * docs/formats/files.md has an example of a whole file.
 */
import crc32c from 'crc-32/crc32c.js';

/** A checksum, and what stands for it in front of the first block. */
export type Sum = number;
export const NO_SUM: Sum = 0;

const ascii = new TextEncoder();
const HEADER = /^#RS:(0|[1-9]\d{0,15}) ([0-9a-f]{8})(?: ([0-9a-f]{8}))?\r\n$/;
/** A line that begins so was meant to be ours. */
export const MARK = '#RS:';
/** The longest line of ours, its end included. */
export const HEADER_BYTES_MAX = 4 + 16 + 1 + 8 + 1 + 8 + 2;

export interface BlockHeader {
  readonly length: number;
  readonly sum: Sum;
  /** Only at the beginning of a file. */
  readonly after: Sum | null;
}

export function sumOf(before: Sum, chunks: readonly Uint8Array[], length: number): Sum {
  const place = new Uint8Array(4);
  new DataView(place.buffer).setUint32(0, before, true);
  let sum = crc32c.buf(ascii.encode(String(length)), crc32c.buf(place));
  for (const chunk of chunks) sum = crc32c.buf(chunk, sum);
  return sum >>> 0;
}

export interface Block {
  /** Header and bytes. */
  readonly bytes: Uint8Array;
  readonly sum: Sum;
}

/** `chunks` as one block that follows on `before`. */
export function encodeBlock(chunks: readonly Uint8Array[], before: Sum): Block {
  const length = chunks.reduce((total, chunk) => total + chunk.length, 0);
  const sum = sumOf(before, chunks, length);
  const header = ascii.encode(`${MARK}${length} ${hex(sum)}\r\n`);
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes, sum };
}

/** What a file of ours begins with. */
export function encodeHead(after: Sum): Block {
  const sum = sumOf(after, [], 0);
  return { bytes: ascii.encode(`${MARK}0 ${hex(sum)} ${hex(after)}\r\n`), sum };
}

/** `line` with its end; null if it is not what we write. */
export function decodeHeader(line: string): BlockHeader | null {
  const match = HEADER.exec(line);
  if (match === null) return null;
  const [, length = '', sum = '', after] = match;
  return {
    length: Number(length),
    sum: Number.parseInt(sum, 16),
    after: after === undefined ? null : Number.parseInt(after, 16),
  };
}

export function hex(sum: Sum): string {
  return sum.toString(16).padStart(8, '0');
}
