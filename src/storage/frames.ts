/**
 * Frames: the records of the journal, each with a checksum over all that it says, its place included.
 *
 *   0          4         8        12       16        24       28      29        32
 *   +----------+---------+--------+--------+---------+--------+-------+---------+---------+
 *   | checksum | RSJ 01  | epoch  | owner  | n       | length | flags | 0  0  0 | payload |
 *   +----------+---------+--------+--------+---------+--------+-------+---------+---------+
 *     u32        magic,    u32      u32      u64       u32      u8      reserved  length
 *                version                                                          bytes
 *
 * Numbers are little-endian. The checksum is the CRC-32C of everything behind it. `epoch` and `n` say
 * where the frame belongs and must agree with the key of the record; `owner` is a random number that
 * each owner draws, so that nobody takes another's record for his own. A commit is one or more frames,
 * the first marked First, the last Last. A frame is at most 32 KiB (docs/RELIABILITY.md F5).
 *
 * A fence is a frame whose payload ends one epoch and begins another:
 *
 *   0            4       8           12     16           24
 *   +------------+-------+-----------+------+------------+
 *   | next epoch | place | cut epoch | 0    | cut n      |
 *   +------------+-------+-----------+------+------------+
 *     u32          u32     u32         u32    u64
 *
 * `place` tells in which database the next epoch writes: 0 strict, 1 relaxed. What stands between the
 * cut and the fence does not count. See docs/formats/journal.md, which has the examples in hex.
 */

import crc32c from 'crc-32/crc32c.js';
import type { Position } from './storage.js';

/** Persisted numbers: append only. */
export const Flag = {
  First: 1,
  Last: 2,
  Fence: 4,
  /** Brought over from the relaxed database; counts only once a CopyEnd of the same epoch is there. */
  Copied: 8,
  CopyEnd: 16,
  /** A snapshot counts from here on: the payload is its manifest. */
  Snapshot: 32,
} as const;

const KNOWN_FLAGS = 63;

/** Persisted numbers: append only. */
export const Place = { Strict: 0, Relaxed: 1 } as const;
export type Place = (typeof Place)[keyof typeof Place];

/** "RSJ" and the version, as they stand in the file. */
const MAGIC = 0x4a5352;
const VERSION = 1;

const HEADER_BYTES = 32;
const FENCE_BYTES = 24;
const COPY_END_BYTES = 16;
export const FRAME_BYTES_MAX = 32 * 1024;
export const PAYLOAD_BYTES_MAX = FRAME_BYTES_MAX - HEADER_BYTES;

export interface Fence {
  readonly nextEpoch: number;
  readonly place: Place;
  readonly cut: Position;
}

export interface Frame {
  readonly position: Position;
  readonly owner: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  /** Present exactly if the Fence flag is. */
  readonly fence: Fence | null;
}

/** What decoding says: a frame, or why it is none (`newer`: whole, but of a version that we do not know). */
export type Decoded =
  | { readonly frame: Frame; readonly fault: null }
  | { readonly frame: null; readonly fault: string; readonly newer: boolean };

/** Lays out the bytes of a frame in a buffer of exactly its size, payload still zero and checksum missing. */
function blankFrame(position: Position, owner: number, flags: number, length: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, MAGIC | (VERSION << 24), true);
  view.setUint32(8, position.epoch, true);
  view.setUint32(12, owner, true);
  view.setBigUint64(16, BigInt(position.n), true);
  view.setUint32(24, length, true);
  bytes[28] = flags;
  return bytes;
}

function seal(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(0, checksumOf(bytes), true);
  return bytes;
}

function checksumOf(bytes: Uint8Array): number {
  return checksum(bytes.subarray(4));
}

/** CRC-32C of `bytes`, or of something with the checksum `before` and `bytes` behind it. */
export function checksum(bytes: Uint8Array, before = 0): number {
  return crc32c.buf(bytes, before | 0) >>> 0;
}

/**
 * The frames of one commit, the first at `start`: all bytes of `chunks`, cut where frames are full.
 * A commit of nothing is one empty frame.
 */
export function encodeCommit(
  chunks: readonly Uint8Array[],
  start: Position,
  owner: number,
  extraFlags = 0,
): Uint8Array[] {
  let left = 0;
  for (const chunk of chunks) left += chunk.length;
  const frames: Uint8Array[] = [];
  const source = new ChunkReader(chunks);
  do {
    const length = Math.min(left, PAYLOAD_BYTES_MAX);
    left -= length;
    const flags =
      extraFlags | (frames.length === 0 ? Flag.First : 0) | (left === 0 ? Flag.Last : 0);
    const frame = blankFrame(
      { epoch: start.epoch, n: start.n + frames.length },
      owner,
      flags,
      length,
    );
    source.fill(frame.subarray(HEADER_BYTES));
    frames.push(seal(frame));
  } while (left > 0);
  return frames;
}

/** Reads a list of chunks as if it were one string of bytes. */
class ChunkReader {
  readonly #chunks: readonly Uint8Array[];
  #index = 0;
  #offset = 0;

  constructor(chunks: readonly Uint8Array[]) {
    this.#chunks = chunks;
  }

  /** Fills `target` with the next bytes; there must be as many. */
  fill(target: Uint8Array): void {
    let filled = 0;
    while (filled < target.length) {
      const chunk = this.#chunks[this.#index];
      if (chunk === undefined) throw new RangeError('no more bytes in the chunks');
      const part = chunk.subarray(this.#offset, this.#offset + target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === chunk.length) {
        this.#index++;
        this.#offset = 0;
      }
    }
  }
}

/** The frame that ends the epoch of `position` there and lets `fence.nextEpoch` begin under `owner`. */
export function encodeFence(position: Position, owner: number, fence: Fence): Uint8Array {
  const bytes = blankFrame(position, owner, Flag.First | Flag.Last | Flag.Fence, FENCE_BYTES);
  const view = new DataView(bytes.buffer, HEADER_BYTES);
  view.setUint32(0, fence.nextEpoch, true);
  view.setUint32(4, fence.place, true);
  view.setUint32(8, fence.cut.epoch, true);
  view.setBigUint64(16, BigInt(fence.cut.n), true);
  return seal(bytes);
}

/** Reads one record. Nothing in it is believed before the checksum agrees. */
export function decodeFrame(value: unknown): Decoded {
  if (!(value instanceof Uint8Array)) return bad('the record is not a string of bytes');
  if (value.length < HEADER_BYTES) return bad(`${value.length} bytes are too few for a frame`);
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const magic = view.getUint32(4, true);
  if ((magic & 0xffffff) !== MAGIC) return bad('no frame begins here');
  if (view.getUint32(0, true) !== checksumOf(value)) return bad('the checksum does not agree');
  const version = magic >>> 24;
  if (version !== VERSION) return newer(`journal version ${version}, this build knows ${VERSION}`);
  if (view.getUint32(24, true) !== value.length - HEADER_BYTES)
    return bad('the length does not agree');
  const flags = view.getUint8(28);
  if ((view.getUint32(28, true) & ~KNOWN_FLAGS) !== 0) {
    return newer(`frame flags ${flags}, this build knows ${KNOWN_FLAGS}`);
  }
  const payload = value.subarray(HEADER_BYTES);
  const fence = (flags & Flag.Fence) !== 0 ? readFence(payload) : null;
  if (fence === undefined) return bad('the fence is malformed');
  const position = { epoch: view.getUint32(8, true), n: Number(view.getBigUint64(16, true)) };
  return {
    frame: { position, owner: view.getUint32(12, true), flags, payload, fence },
    fault: null,
  };
}

function readFence(payload: Uint8Array): Fence | undefined {
  if (payload.length !== FENCE_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const place = view.getUint32(4, true);
  if (place !== Place.Strict && place !== Place.Relaxed) return undefined;
  const cut = { epoch: view.getUint32(8, true), n: Number(view.getBigUint64(16, true)) };
  return { nextEpoch: view.getUint32(0, true), place, cut };
}

/** What the CopyEnd frame says: the copy holds the other journal from `from` on. */
export function encodeCopyEnd(from: Position): Uint8Array {
  const bytes = new Uint8Array(COPY_END_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, from.epoch, true);
  view.setBigUint64(8, BigInt(from.n), true);
  return bytes;
}

export function decodeCopyEnd(payload: Uint8Array): Position | undefined {
  if (payload.length !== COPY_END_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { epoch: view.getUint32(0, true), n: Number(view.getBigUint64(8, true)) };
}

function bad(fault: string): Decoded {
  return { frame: null, fault, newer: false };
}

function newer(fault: string): Decoded {
  return { frame: null, fault, newer: true };
}
