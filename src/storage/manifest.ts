/**
 * The records of a snapshot: its chunks, and the manifest that makes them count.
 *
 *   0          4         8       12       16      20       24      28          32      40      48        56      60   64
 *   +----------+---------+-------+--------+-------+--------+-------+-----------+-------+-------+---------+-------+----+
 *   | checksum | RSM 01  | epoch | number | flags | chunks | place | cut epoch | cut n | bytes | created | owner | 0  |
 *   +----------+---------+-------+--------+-------+--------+-------+-----------+-------+-------+---------+-------+----+
 *     u32        magic,    u32     u32      u32     u32      u32     u32         u64     u64     u64       u32     u32
 *                version
 *
 *   0          4         8       12       16      20       24     32
 *   +----------+---------+-------+--------+-------+--------+------+---------+
 *   | checksum | RSC 01  | epoch | number | index | length | 0    | content |
 *   +----------+---------+-------+--------+-------+--------+------+---------+
 *     u32        magic,    u32     u32      u32     u32      u64    length bytes
 *                version
 *
 * Numbers are little-endian. The checksum of a manifest is the CRC-32C of everything behind it; that
 * of a chunk the CRC-32C of the content and, behind that, of the header from byte 4, so that it can be
 * made while the content comes. Epoch and number (and index) must agree with the key of the record.
 * See docs/formats/journal.md, which has the examples in hex.
 */
import { checksum, Place } from './frames.js';
import type { Position } from './storage.js';

/** Where the journal goes on behind a snapshot. */
export interface Cut {
  readonly place: Place;
  /** The first frame behind the snapshot; its epoch was the one in force. */
  readonly position: Position;
  /** Of that epoch. */
  readonly owner: number;
}

export interface Manifest {
  /** Of the owner that made it, for whom `number` is unique. */
  readonly epoch: number;
  /** Of the generation: 1 for the first snapshot of a store. */
  readonly number: number;
  readonly chunks: number;
  /** Of the snapshot, without headers. */
  readonly bytes: number;
  readonly cut: Cut;
  /**
   * True if the generation before, and the journal from its cut to this one's, come to the same data.
   * False if the journal was stopped in between.
   */
  readonly continuous: boolean;
  /** Unix milliseconds, for people. */
  readonly createdAt: number;
}

export type DecodedManifest =
  | { readonly manifest: Manifest; readonly fault: null }
  | { readonly manifest: null; readonly fault: string; readonly newer: boolean };

/** Persisted numbers: append only. */
const ManifestFlag = { Continuous: 1 } as const;
const KNOWN_FLAGS = 1;

/** "RSM" and "RSC" as they stand in the record. */
const MANIFEST_MAGIC = 0x4d5352;
const CHUNK_MAGIC = 0x435352;
const VERSION = 1;

const MANIFEST_BYTES = 64;
export const CHUNK_HEADER_BYTES = 32;

export function encodeManifest(manifest: Manifest): Uint8Array {
  const bytes = new Uint8Array(MANIFEST_BYTES);
  const view = new DataView(bytes.buffer);
  const { place, position, owner } = manifest.cut;
  view.setUint32(4, MANIFEST_MAGIC | (VERSION << 24), true);
  view.setUint32(8, manifest.epoch, true);
  view.setUint32(12, manifest.number, true);
  view.setUint32(16, manifest.continuous ? ManifestFlag.Continuous : 0, true);
  view.setUint32(20, manifest.chunks, true);
  view.setUint32(24, place, true);
  view.setUint32(28, position.epoch, true);
  view.setBigUint64(32, BigInt(position.n), true);
  view.setBigUint64(40, BigInt(manifest.bytes), true);
  view.setBigUint64(48, BigInt(Math.trunc(manifest.createdAt)), true);
  view.setUint32(56, owner, true);
  view.setUint32(0, checksum(bytes.subarray(4)), true);
  return bytes;
}

/** Reads one manifest. Nothing in it is believed before the checksum agrees. */
export function decodeManifest(value: unknown): DecodedManifest {
  if (!(value instanceof Uint8Array)) return bad('the manifest is not a string of bytes');
  if (value.length < 8) return bad(`${value.length} bytes are too few for a manifest`);
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const magic = view.getUint32(4, true);
  if ((magic & 0xffffff) !== MANIFEST_MAGIC) return bad('no manifest begins here');
  if (view.getUint32(0, true) !== checksum(value.subarray(4)))
    return bad('the checksum of the manifest does not agree');
  const version = magic >>> 24;
  if (version !== VERSION) return newer(`manifest version ${version}, this build knows ${VERSION}`);
  if (value.length !== MANIFEST_BYTES) return bad('the length of the manifest does not agree');
  const flags = view.getUint32(16, true);
  const place = view.getUint32(24, true);
  if ((flags & ~KNOWN_FLAGS) !== 0) return newer(`manifest flags ${flags}`);
  if (place !== Place.Strict && place !== Place.Relaxed) return bad('the manifest is malformed');
  const position = { epoch: view.getUint32(28, true), n: Number(view.getBigUint64(32, true)) };
  const manifest = {
    epoch: view.getUint32(8, true),
    number: view.getUint32(12, true),
    chunks: view.getUint32(20, true),
    bytes: Number(view.getBigUint64(40, true)),
    cut: { place, position, owner: view.getUint32(56, true) },
    continuous: (flags & ManifestFlag.Continuous) !== 0,
    createdAt: Number(view.getBigUint64(48, true)),
  };
  return { manifest, fault: null };
}

function bad(fault: string): DecodedManifest {
  return { manifest: null, fault, newer: false };
}

function newer(fault: string): DecodedManifest {
  return { manifest: null, fault, newer: true };
}

/** Which chunk of which generation. */
export type ChunkKey = readonly [epoch: number, number: number, index: number];

/** The header of a chunk whose `length` bytes of content have the checksum `contentChecksum`. */
export function chunkHeader(key: ChunkKey, length: number, contentChecksum: number): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, CHUNK_MAGIC | (VERSION << 24), true);
  for (const [index, part] of key.entries()) view.setUint32(8 + 4 * index, part, true);
  view.setUint32(20, length, true);
  view.setUint32(0, checksum(bytes.subarray(4), contentChecksum), true);
  return bytes;
}

/** The content of a chunk, or why it is not the one of `key`. */
export function decodeChunk(key: ChunkKey, value: Uint8Array): Uint8Array | string {
  if (value.length < CHUNK_HEADER_BYTES) return `${value.length} bytes are too few for a chunk`;
  const content = value.subarray(CHUNK_HEADER_BYTES);
  const header = chunkHeader(key, content.length, checksum(content));
  const same = header.every((byte, index) => byte === value[index]);
  return same ? content : 'the checksum of the chunk does not agree, or it belongs elsewhere';
}
