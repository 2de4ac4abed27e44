/** What a directory held when a store was opened. */
import { type Disk, toFault } from './disk.js';
import type { Layout } from './layout.js';
import type { Journal, Opening } from './opening.js';

const EMPTY: Journal = { base: null, increments: [] };

/** What was there when a store was opened. */
export interface Found {
  readonly created: boolean;
  readonly snapshotBytes: number;
  readonly journal: Journal;
}

export async function findDump(disk: Disk, layout: Layout): Promise<Found> {
  const size = await disk.size(layout.dump);
  return { created: size === null, snapshotBytes: size ?? 0, journal: EMPTY };
}

export async function findJournal(opening: Opening): Promise<Found> {
  const journal = await opening.journal();
  const created = journal.base === null && journal.increments.length === 0;
  return { created, snapshotBytes: journal.base?.snapshotBytes ?? 0, journal };
}

export function figuresOf({ base, increments }: Journal): { frames: number; bytes: number } {
  let frames = base?.frames ?? 0;
  let bytes = base?.bytes ?? 0;
  for (const increment of increments) {
    frames += increment.frames;
    bytes += increment.bytes;
  }
  return { frames, bytes };
}

export function sizeOf({ increments }: Journal): number {
  return increments.reduce((sum, { end }) => sum + end, 0);
}

/** Errors of the system become StorageFaults. */
export async function attempt<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toFault(error, doing);
  }
}
