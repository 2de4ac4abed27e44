/**
 * What is to be thought of bytes that are neither a whole block nor a whole command: a commit that was
 * under way when the machine stopped (`isTorn`), or damage to what was on the disk already.
 *
 *   | block | block | ????? | block: durable up to here v |        damage: it says so itself
 *                                   |-------------------|
 *   | block: durable | block | ????? | block |                     torn: nobody was told that it is there
 *
 * Without waiting for the disk (`appendfsync no`) a power cut may take an earlier commit and leave a
 * later one. Text that a client has put into a value is no witness: it does not know the file's key.
 */
import { decodeHeader, HEADER_BYTES_MAX, hex, MARK, sumOfLine, sumOver } from './blocks.js';
import type { DiskFile } from './disk.js';
import type { Trouble } from './reader.js';

const LOOK_BYTES = 4 * 1024 * 1024;
const ASTERISK = 0x2a;
const latin1 = new TextDecoder('latin1');

export interface Circumstances {
  readonly size: number;
  /** Of the file; null if no block of it was read. */
  readonly key: number | null;
  /** What is in front of it is a block of ours. */
  readonly isBehindBlock: boolean;
}

/** `trouble`, and whether it is torn. */
export async function judge(
  file: DiskFile,
  trouble: Trouble,
  { isBehindBlock, key, size }: Circumstances,
): Promise<Trouble> {
  const damaged: Trouble = { ...trouble, kind: 'bad', isTorn: false };
  if (trouble.isCertain || (await isFollowed(file, trouble, size))) return damaged;
  const mark = key === null ? MARK : `${MARK}${hex(key)} `;
  let zeros = true;
  for (let at = trouble.at; at < size; at += LOOK_BYTES) {
    const bytes = await read(file, at, Math.min(LOOK_BYTES + HEADER_BYTES_MAX, size - at));
    zeros &&= bytes.every((byte) => byte === 0);
    const text = latin1.decode(bytes);
    for (let found = text.indexOf(mark); found >= 0; found = text.indexOf(mark, found + 1)) {
      const longest = text.slice(found, found + HEADER_BYTES_MAX);
      const line = longest.slice(0, longest.indexOf('\n') + 1);
      if (await wasDurable(file, size, at + found, line, trouble.at)) return damaged;
    }
  }
  return { ...trouble, isTorn: trouble.kind !== 'format' || isBehindBlock || zeros };
}

/** Whether redis-server, which does not look at our checksums, has gone on behind a bad block. */
async function isFollowed(file: DiskFile, { end }: Trouble, size: number): Promise<boolean> {
  return end !== null && end < size && (await read(file, end, 1))[0] === ASTERISK;
}

/** Whether `line` at `offset` is that of a whole block that was written when `place` was durable. */
async function wasDurable(
  file: DiskFile,
  size: number,
  offset: number,
  line: string,
  place: number,
): Promise<boolean> {
  const header = decodeHeader(line);
  if (header === null || header.offset !== offset) return false;
  // A whole block that is itself in trouble does not follow on what is in front of it.
  if (offset === place ? header.durable < place : header.durable <= place) return false;
  const start = offset + line.length;
  const end = start + header.length;
  if (end > size) return false;
  let sum = sumOfLine(line);
  for (let at = start; at < end; at += LOOK_BYTES) {
    sum = sumOver(sum, await read(file, at, Math.min(LOOK_BYTES, end - at)));
  }
  return sum === header.sum;
}

async function read(file: DiskFile, at: number, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let filled = 0; filled < count; ) {
    const got = await file.read(bytes.subarray(filled), at + filled);
    if (got === 0) return bytes.subarray(0, filled);
    filled += got;
  }
  return bytes;
}
