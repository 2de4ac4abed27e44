/**
 * Blocks: how bytes stand in an append only file of ours. A flipped bit in a file of redis-server may
 * load as other data; here each commit is preceded by a line with its checksum. redis-server and
 * redis-check-aof skip lines that begin with `#`.
 *
 *   #RS:5f01c2d3 69 69 27 75913f84 d3df9b5d CR LF   *3 CR LF $3 CR LF SET ...
 *       key      |  |  |  before   checksum        '--- length bytes: whole commands ---'
 *         offset-'  |  '-length
 *                   '-durable
 *
 *   key       of the file, made by chance: text in a value is not taken for a line of ours
 *   offset    where the line begins, so that a block that was moved or repeated is found
 *   durable   the file was on the disk up to here before this was written: a bad block in front of that
 *             is damage, one behind it may never have become durable
 *   before    the sum in front of the line, so that what others have written there is checked too
 *   checksum  CRC-32C of the line up to it and of the bytes. It is the sum behind the block
 *
 * Bytes that somebody else has written go into the sum as they are. A file begins with a block of no
 * bytes, whose `before` is the sum behind the file in front of it, 00000000 if there is none. A base
 * that is made of commands ends with another such block.
 *
 *   #RS:00000000 0 0 0 00000000 1155b588\r\n
 *
 * docs/formats/files.md has an example of a whole file.
 */
import crc32c from 'crc-32/crc32c.js';

/** A checksum, and what stands for it in front of the first block. */
export type Sum = number;
export const NO_SUM: Sum = 0;
/** Of what is never read but as a whole: a base, a manifest. */
export const NO_KEY = 0;

const HEADER =
  /^#RS:([0-9a-f]{8}) (0|[1-9]\d{0,15}) (0|[1-9]\d{0,15}) (0|[1-9]\d{0,15}) ([0-9a-f]{8}) ([0-9a-f]{8})\r\n$/;
/** A line that begins so was meant to be ours. */
export const MARK = '#RS:';
const SUM_CHARACTERS = 8;
/** The longest line of ours, its end included. */
export const HEADER_BYTES_MAX = MARK.length + 3 * (SUM_CHARACTERS + 1) + 3 * (16 + 1) + 1;

/** Where a block stands. */
export interface BlockPlace {
  readonly key: number;
  readonly offset: number;
  /** Up to here the file was on the disk. */
  readonly durable: number;
  /** The sum in front of it. */
  readonly before: Sum;
}

export interface BlockHeader extends BlockPlace {
  readonly length: number;
  readonly sum: Sum;
}

/** What a manifest, and the beginning of a base, stand at. */
export const NOWHERE: BlockPlace = { key: NO_KEY, offset: 0, durable: 0, before: NO_SUM };

/** The key of a file: nobody can tell it who does not know `text`. */
export function keyOf(text: string): number {
  return crc32c.str(text) >>> 0;
}

/** `sum` behind more bytes. */
export function sumOver(sum: Sum, bytes: Uint8Array): Sum {
  return crc32c.buf(bytes, sum | 0) >>> 0;
}

/** What `line`, which is a header, begins its checksum with. */
export function sumOfLine(line: string): Sum {
  return crc32c.str(line.slice(0, -SUM_CHARACTERS - 2)) >>> 0;
}

export interface Block {
  /** Header and bytes. */
  readonly bytes: Uint8Array;
  /** The sum behind it. */
  readonly sum: Sum;
}

/** `chunks` as one block at `place`. Its bytes are in `room`, if they fit there. */
export function encodeBlock(
  chunks: readonly Uint8Array[],
  place: BlockPlace,
  room: Buffer | null = null,
): Block {
  const { before, durable, key, offset } = place;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const start = `${MARK}${hex(key)} ${offset} ${durable} ${length} ${hex(before)} `;
  let sum = crc32c.str(start) >>> 0;
  for (const chunk of chunks) sum = sumOver(sum, chunk);
  const header = `${start}${hex(sum)}\r\n`;
  const size = header.length + length;
  const bytes = room !== null && size <= room.length ? room : Buffer.allocUnsafe(size);
  let at = bytes.write(header, 'latin1');
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { bytes: bytes.length === size ? bytes : bytes.subarray(0, size), sum };
}

/** `line` with its end; null if it is not what we write. */
export function decodeHeader(line: string): BlockHeader | null {
  const match = HEADER.exec(line);
  if (match === null) return null;
  const [, key = '', offset = '', durable = '', length = '', before = '', sum = ''] = match;
  return {
    key: Number.parseInt(key, 16),
    offset: Number(offset),
    durable: Number(durable),
    length: Number(length),
    before: Number.parseInt(before, 16),
    sum: Number.parseInt(sum, 16),
  };
}

export function hex(sum: Sum): string {
  return sum.toString(16).padStart(SUM_CHARACTERS, '0');
}
