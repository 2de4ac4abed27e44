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
  /** The last piece, if it is a block: a failed commit may have left it (see `link`). */
  last: { readonly start: number; readonly before: Sum; readonly bytes: number } | null;
  /** What the file says that it follows on; null if it says nothing. */
  after: Sum | null;
  /** Why what is behind `end` does not count. */
  trouble: Trouble | null;
  /** It is a base of commands as we write it, and its end is there. */
  isSealed: boolean;
}

/** Null if there is no such file. */
export async function scan(disk: Disk, path: string, file: ManifestFile): Promise<Scanned | null> {
  if ((await disk.size(path)) === null) return null;
  const opened = await disk.open(path, 'read');
  try {
    return await scanOpened(opened, file);
  } finally {
    await opened.close();
  }
}

async function scanOpened(opened: DiskFile, file: ManifestFile): Promise<Scanned> {
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
    last: null,
    after: null,
    trouble: null,
    isSealed: false,
  };
  const reader = new AofReader(opened, size, snapshotBytes);
  let isBehindBlock = false;
  for (;;) {
    const found = await reader.next();
    scanned.key = reader.key;
    if (found === null) return scanned;
    if (isTrouble(found)) {
      const { key } = reader;
      scanned.trouble = await judge(opened, found, { size, key, isBehindBlock });
      return scanned;
    }
    isBehindBlock = found.isBlock;
    take(scanned, found);
  }
}

function take(scanned: Scanned, piece: Piece): void {
  const { bytes, end, isBlock, start, sum } = piece;
  scanned.last = isBlock ? { start, before: scanned.sum, bytes: bytes.length } : null;
  if (start === 0) scanned.after = piece.after;
  else scanned.isSealed = isBlock && bytes.length === 0;
  if (start === 0 && isBlock) scanned.last = null;
  scanned.end = end;
  scanned.sum = sum;
  scanned.bytes += bytes.length;
  if (bytes.length > 0) scanned.frames++;
}

/**
 * Whether `next` follows on `scanned`, as far as they say. A commit whose outcome was not known may
 * stand at the end of a file and once more at the beginning of the next one, which then follows on
 * what was in front of it: it does not count in the former.
 */
export function link(scanned: Scanned, next: Scanned): boolean {
  if (next.after === null) return scanned.trouble === null;
  if (next.after === scanned.sum) {
    // What is behind was given up.
    scanned.trouble = null;
    return true;
  }
  const { last } = scanned;
  if (last === null || last.before !== next.after) return false;
  scanned.end = last.start;
  scanned.sum = last.before;
  scanned.bytes -= last.bytes;
  scanned.frames--;
  scanned.trouble = null;
  scanned.last = null;
  return true;
}
