/**
 * What can be asked of a store that is damaged, without opening it: what has been set aside, and what
 * `recover: 'truncate'` would keep and lose. Both read only, and depose nobody.
 */

import { readAside, seriesOf } from './aside.js';
import { candidate, newest } from './candidates.js';
import { StorageFault } from './errors.js';
import { Place } from './frames.js';
import { Generations } from './generations.js';
import type { IndexedDBOptions } from './indexeddb.js';
import { deliver } from './loading.js';
import { damageOf, Opening, type Read } from './opening.js';
import type { DamageReport, Loader } from './storage.js';

/** A copy of a bad record. */
export interface Quarantined {
  readonly database: 'strict' | 'relaxed';
  /** Where it stood. */
  readonly key: unknown;
  readonly why: string;
  /** Null if it was none. */
  readonly bytes: Uint8Array | null;
}

export interface Diagnosis {
  /** Null: nothing is wrong. */
  readonly damaged: DamageReport | null;
  /** What would be there after `truncate`: the generation of the snapshot (0: none), and bytes. */
  readonly generation: number;
  readonly snapshotBytes: number;
  readonly journalBytes: number;
  /** Of the journal, that would not be there any more. */
  readonly journalBytesLost: number;
}

export type RepairOptions = Pick<IndexedDBOptions, 'name' | 'factory' | 'scheduler' | 'timeoutMs'>;

/** The records in quarantine, oldest first. Rejects with a `missing` fault if there is no store. */
export function listQuarantine(options: RepairOptions): Promise<Quarantined[]> {
  return looking(options, async ({ strict, relaxed }) => {
    const found: Quarantined[] = [];
    for (const journal of [strict, relaxed]) {
      if (journal === null) continue;
      const database = journal.place === Place.Strict ? 'strict' : 'relaxed';
      for (const { key, value, why } of await journal.quarantined())
        found.push({ database, key, why, bytes: await bytesOf(value) });
    }
    return found;
  });
}

/** What opening with `recover: 'truncate'` would come to. Reads everything once; rejects likewise. */
export function diagnose(options: RepairOptions): Promise<Diagnosis> {
  return looking(options, async ({ strict, records }) => {
    const first = candidate(records, newest(records.manifests));
    const faults = [first.strict.fault, first.relaxed?.fault ?? null].filter(isThere);
    const newer = faults.find(({ kind }) => kind === 'newer');
    if (newer !== undefined) throw new StorageFault('newer', newer.cause, { at: newer.at });
    const { scheduler, timeoutMs } = options;
    const connection = () => strict.connection();
    const delivered = await deliver(NOBODY, {
      records,
      tail: [],
      generations: new Generations({ connection, scheduler, timeoutMs, readOnly: true }),
      bad: new Set(),
      accepted: faults.map(({ at }) => at),
      truncate: true,
      epoch: 0,
      verify: async () => {},
    });
    const damaged = damageOf(first.strict) ?? damageOf(first.relaxed) ?? delivered.damaged;
    const inSnapshots = delivered.damaged?.bytesLost ?? 0;
    return {
      damaged,
      generation: delivered.base?.number ?? 0,
      snapshotBytes: delivered.base?.bytes ?? 0,
      journalBytes: delivered.bytes,
      journalBytesLost:
        damaged === delivered.damaged ? inSnapshots : (damaged?.bytesLost ?? 0) + inSnapshots,
    };
  });
}

async function looking<T>(options: RepairOptions, look: (read: Read) => Promise<T>): Promise<T> {
  const series = seriesOf(options, await readAside(options));
  const more = { durability: 'always', recover: 'truncate', journals: true, random() {} } as const;
  const opening = new Opening({ ...options, ...more }, { claims: null, series });
  try {
    return await look(await opening.read());
  } finally {
    opening.closeAll();
  }
}

/** Takes everything and makes nothing of it. */
const NOBODY: Loader = {
  beginSnapshot() {},
  snapshot() {},
  endSnapshot() {},
  reset() {},
  journal() {},
};

function isThere<T>(value: T | null): value is T {
  return value !== null;
}

async function bytesOf(value: unknown): Promise<Uint8Array | null> {
  if (value instanceof Blob) return new Uint8Array(await value.arrayBuffer());
  return value instanceof Uint8Array ? value : null;
}
