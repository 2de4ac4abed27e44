/**
 * What stands beside the bytes of a snapshot: the states of writing and reading one, and the extras
 * that it carries for the host. docs/formats/rdb.md draws their records.
 */

/** What `snapshotNext` of the core answers: assembly/snapshot/save.ts. */
export enum SnapshotState {
  More = 0,
  Done = 1,
  Failed = 2,
  /** There is no snapshot, or its last bytes were taken already. */
  None = 3,
}

/** What `loadNext` and `loadEnd` of the core answer: assembly/snapshot/reader.ts. */
export enum LoadTrouble {
  None = 0,
  Short = 1,
  Malformed = 2,
  NoMemory = 3,
}

/** A fact about the snapshot (AUX), or a library of functions, whose name is empty. */
export interface SnapshotExtra {
  readonly kind: 'fact' | 'functions';
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** Thrown when a snapshot cannot be read. */
export class SnapshotFormatError extends Error {
  override readonly name = 'SnapshotFormatError';
}

const HEAD_BYTES = 12;
const KINDS = new Map([
  [250, 'fact'],
  [245, 'functions'],
] as const);
const NUMBERS = { fact: 250, functions: 245 } as const;

/** The records of extras, as the core takes them. */
export function encodeExtras(extras: readonly SnapshotExtra[]): Uint8Array {
  const sizeOf = ({ name, value }: SnapshotExtra) => HEAD_BYTES + name.length + value.length;
  const bytes = new Uint8Array(extras.reduce((sum, extra) => sum + sizeOf(extra), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const extra of extras) {
    view.setUint32(at, NUMBERS[extra.kind], true);
    view.setUint32(at + 4, extra.name.length, true);
    view.setUint32(at + 8, extra.value.length, true);
    bytes.set(extra.name, at + HEAD_BYTES);
    bytes.set(extra.value, at + HEAD_BYTES + extra.name.length);
    at += sizeOf(extra);
  }
  return bytes;
}

/** The extras in records of the core; the bytes are copied. */
export function decodeExtras(bytes: Uint8Array): SnapshotExtra[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const extras: SnapshotExtra[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = KINDS.get(view.getUint32(at, true) as 250 | 245) ?? 'fact';
    const name = at + HEAD_BYTES;
    const value = name + view.getUint32(at + 4, true);
    at = value + view.getUint32(at + 8, true);
    extras.push({ kind, name: bytes.slice(name, value), value: bytes.slice(value, at) });
  }
  return extras;
}
