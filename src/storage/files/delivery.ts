/** Hands the files of a store over to whoever rebuilds it. */

import { StorageFault } from '../errors.js';
import type { Loader } from '../storage.js';
import type { Disk, DiskFile } from './disk.js';
import type { Layout } from './layout.js';
import type { Journal } from './opening.js';
import { AofReader, isTrouble } from './reader.js';
import type { Scanned } from './scan.js';

const SLICE_BYTES = 256 * 1024;

/** A whole file, or its beginning, as a snapshot. Rejects with what the loader says of it. */
export async function deliverSnapshot(
  disk: Disk,
  path: string,
  size: number,
  loader: Loader,
): Promise<void> {
  await withFile(disk, path, async (file) => {
    loader.beginSnapshot();
    for (let at = 0; at < size; ) {
      const slice = new Uint8Array(Math.min(SLICE_BYTES, size - at));
      const got = await file.read(slice, at);
      if (got === 0) throw new StorageFault('damaged', `${path} has become shorter`);
      await loader.snapshot(slice.subarray(0, got));
      at += got;
    }
    await loader.endSnapshot();
  });
}

export interface DeliverySource {
  readonly disk: Disk;
  readonly layout: Layout;
  /** Called when a file has been handed over. */
  delivered(scanned: Scanned, isBase: boolean): void;
}

/** The base, then what follows on it. */
export async function deliverJournal(
  source: DeliverySource,
  { base, increments }: Journal,
  loader: Loader,
): Promise<void> {
  const { disk, layout } = source;
  for (const scanned of [...(base === null ? [] : [base]), ...increments]) {
    const path = layout.inJournals(scanned.file.name);
    const { snapshotBytes } = scanned;
    if (snapshotBytes > 0) await deliverSnapshot(disk, path, snapshotBytes, loader);
    await withFile(disk, path, (file) => deliverCommands(file, scanned, loader));
    source.delivered(scanned, scanned === base);
  }
}

async function deliverCommands(file: DiskFile, scanned: Scanned, loader: Loader): Promise<void> {
  const reader = new AofReader(file, scanned.end, scanned.snapshotBytes);
  for (;;) {
    const piece = await reader.next();
    if (piece === null) return;
    if (isTrouble(piece)) {
      const { name, sequence } = scanned.file;
      const message = `${name} has changed at offset ${piece.at}: ${piece.cause}`;
      throw new StorageFault('damaged', message, { at: { epoch: sequence, n: piece.at } });
    }
    if (piece.bytes.length > 0) await loader.journal(piece.bytes);
  }
}

async function withFile(
  disk: Disk,
  path: string,
  work: (file: DiskFile) => Promise<void>,
): Promise<void> {
  const file = await disk.open(path, 'read');
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
