/**
 * Looks through the files of a journal before anything is loaded: how much of each counts, and whether
 * each follows on the one before it.
 */
import { NO_SUM, type Sum } from './blocks.js';
import type { Disk, DiskFile } from './disk.js';
import type { ManifestFile } from './manifest.js';
import { beginsAsRdb, rdbEnd } from './preamble.js';
import { AofReader, isTrouble, type Piece, type Trouble } from './reader.js';
import { judge } from './verdict.js';

/** What of a file counts. */
export interface Scanned {
  readonly file: ManifestFile;
  readonly size: number;
  /** Of the RDB file that it begins with; 0 if it begins with none. */
  readonly snapshotBytes: number;
  /** Where the pieces that count end. */
  end: number;
  /** What the next block is to follow on. */
  sum: Sum;
  /** Of the blocks in it; null if there is none. */
  key: number | null;
  /** Blocks, and stretches of commands in between. */
  frames: number;
  /** Of commands. */
  bytes: number;
  /** What the file says that it follows on; null if it says nothing. */
  after: Sum | null;
  /** Why what is behind `end` does not count. */
  trouble: Trouble | null;
  /** It is a base of commands as we write it, and its end is there. */
  isSealed: boolean;
}

/** Null if there is no such file. `until`: what is behind this sum does not count, if it never had to. */
export async function scan(
  disk: Disk,
  path: string,
  file: ManifestFile,
  until: Sum = NO_SUM,
): Promise<Scanned | null> {
  if ((await disk.size(path)) === null) return null;
  const opened = await disk.open(path, 'read');
  try {
    return await scanOpened(opened, file, until);
  } finally {
    await opened.close();
  }
}

async function scanOpened(opened: DiskFile, file: ManifestFile, until: Sum): Promise<Scanned> {
  const size = await opened.size();
  const isRdb = await beginsAsRdb(opened);
  // Only a file of a former version has commands behind it.
  const isWhole = file.name.endsWith('.base.rdb');
  const snapshotBytes = isRdb ? (isWhole ? size : await rdbEnd(opened, size)) : 0;
  const scanned: Scanned = {
    file,
    size,
    snapshotBytes,
    end: snapshotBytes,
    sum: NO_SUM,
    key: null,
    frames: 0,
    bytes: 0,
    after: null,
    trouble: null,
    isSealed: false,
  };
  const reader = new AofReader(opened, size, snapshotBytes);
  let isBehindBlock = false;
  /** As it was at `until`. */
  let there: Scanned | null = null;
  for (;;) {
    const found = await reader.next();
    scanned.key = reader.key;
    if (there !== null && (found === null || isTrouble(found))) return there;
    if (found === null) return scanned;
    if (isTrouble(found)) {
      const { key } = reader;
      scanned.trouble = await judge(opened, found, { size, key, isBehindBlock });
      return scanned;
    }
    isBehindBlock = found.isBlock;
    if (there !== null && found.durable > there.end) there = null;
    take(scanned, found);
    if (until !== NO_SUM && scanned.sum === until) there = { ...scanned };
  }
}

function take(scanned: Scanned, piece: Piece): void {
  const { bytes, end, isBlock, start, sum } = piece;
  if (start === 0) scanned.after = piece.after;
  else scanned.isSealed = isBlock && bytes.length === 0;
  scanned.end = end;
  scanned.sum = sum;
  scanned.bytes += bytes.length;
  if (bytes.length > 0) scanned.frames++;
}

/**
 * What counts of `scanned`, which is at `path`, in front of `next`; null if the two do not follow one on
 * the other, as far as they say. What had not been made safe when a file was given up may stand at its
 * end and once more in the next one, which then follows on what was in front of that.
 */
export async function link(
  disk: Disk,
  path: string,
  scanned: Scanned,
  next: Scanned,
): Promise<Scanned | null> {
  const { after } = next;
  if (after === null) return scanned.trouble === null ? scanned : null;
  // What is behind was given up.
  if (after === scanned.sum) return { ...scanned, trouble: null };
  const shorter = await scan(disk, path, scanned.file, after);
  return shorter?.sum === after ? shorter : null;
}
