/**
 * An append only file of former versions may begin with an RDB file, and commands follow it. Nothing
 * says where it ends but the checksum: behind the byte ff stand eight more, which are the sum of all
 * before them, or zero if it was written without one; then a command or the end.
 */
import { Crc64 } from './crc64.js';
import type { DiskFile } from './disk.js';

const END = 0xff;
const SUM_BYTES = 8;
const ASTERISK = 0x2a;
const HASH = 0x23;
const READ_BYTES = 1024 * 1024;
export const RDB_MARK = 'REDIS';
const latin1 = new TextDecoder('latin1');

export async function beginsAsRdb(file: DiskFile): Promise<boolean> {
  const start = new Uint8Array(RDB_MARK.length);
  return (await file.read(start, 0)) === start.length && latin1.decode(start) === RDB_MARK;
}

/** Where the RDB file at the beginning of `file` ends; its whole size if no end is found. */
export async function rdbEnd(file: DiskFile, size: number): Promise<number> {
  const sum = new Crc64();
  const buffer = new Uint8Array(READ_BYTES + SUM_BYTES + 1);
  for (let at = 0; at < size; ) {
    const there = await file.read(buffer, at);
    const ours = Math.min(READ_BYTES, there);
    const end = endIn(buffer.subarray(0, there), ours, sum);
    if (end !== null) return at + end;
    if (ours === 0) break;
    at += ours;
  }
  return size;
}

/** Looks at the first `count` of `bytes`; the rest is what may stand behind. */
function endIn(bytes: Uint8Array, count: number, sum: Crc64): number | null {
  let summed = 0;
  for (let at = bytes.indexOf(END); at >= 0 && at < count; at = bytes.indexOf(END, at + 1)) {
    sum.add(bytes.subarray(summed, at + 1));
    summed = at + 1;
    const end = summed + SUM_BYTES;
    if (end > bytes.length) continue;
    const isWithout = bytes.subarray(summed, end).every((byte) => byte === 0);
    const next = bytes[end];
    const mayEnd = next === undefined || next === ASTERISK || next === HASH;
    if (mayEnd && (isWithout || sum.isAt(bytes, summed))) return end;
  }
  sum.add(bytes.subarray(summed, count));
  return null;
}
