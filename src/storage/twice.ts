/**
 * What is written twice: Chromium may lose a transaction that is complete when the power goes, but not
 * one and the next that holds the same (docs/RELIABILITY.md, F24).
 */
import type { StoreName, Writing } from './connection.js';
import { Flag, FRAME_BYTES_MAX } from './frames.js';
import { decodeManifest } from './manifest.js';
import { type Entry, isCopied } from './recovery.js';
import type { Position } from './storage.js';

/** Once a transaction that brings old journal over has so many bytes it gets no more frames. */
export const COPY_BYTES_MAX = 1024 * 1024;

/** What is at `position` and the following keys, and perhaps at a key for manifests. */
export interface FirstWriting {
  readonly position: Position;
  readonly frames: readonly Uint8Array[];
  readonly manifest?: { readonly record: Uint8Array; readonly key: IDBValidKey } | undefined;
}

export function storesOf({ manifest }: FirstWriting): StoreName[] {
  return manifest ? ['journal', 'manifest'] : ['journal'];
}

/** Puts all of it once more. */
export function* writeAgain(transaction: Writing, first: FirstWriting): Iterable<Promise<unknown>> {
  const { position, frames, manifest } = first;
  if (manifest) yield transaction.objectStore('manifest').put(manifest.record, manifest.key);
  const journal = transaction.objectStore('journal');
  for (const [index, frame] of frames.entries())
    yield journal.put(frame, [position.epoch, position.n + index]);
}

/**
 * What the last transaction of a sound journal has written, whose owner may have ended before it was
 * written again. Of what was brought over it may be more than that.
 */
export function lastWriting(entries: readonly Entry[]): FirstWriting | null {
  const frames: Uint8Array[] = [];
  let bytes = 0;
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index] as Entry;
    const { frame } = entry;
    if (frame === null) return null;
    frames.push(entry.value as Uint8Array);
    bytes += entry.bytes;
    if (!isFirst(entry, entries[index - 1], bytes)) continue;
    const manifest = (frame.flags & Flag.Snapshot) !== 0 ? manifestIn(frame.payload) : undefined;
    return { position: frame.position, frames: frames.reverse(), manifest };
  }
  return null;
}

/** Whether a transaction can have begun with `entry`, which holds `bytes` with what follows. */
function isFirst(entry: Entry, before: Entry | undefined, bytes: number): boolean {
  if (!isCopied(entry)) return ((entry.frame?.flags ?? 0) & Flag.First) !== 0;
  return before === undefined || !isCopied(before) || bytes >= COPY_BYTES_MAX + FRAME_BYTES_MAX;
}

function manifestIn(record: Uint8Array): FirstWriting['manifest'] {
  const { manifest } = decodeManifest(record);
  return manifest ? { record, key: [manifest.epoch, manifest.number] } : undefined;
}
