/**
 * Candidates: from the records of both journals and the manifests to what counts, for one snapshot or
 * another. Pure; touches no database.
 *
 *   strict     F1 ( ) ( ) | ( ) [1] ( ) | ( ) [2] ( ) ( )      | cuts, [n] a snapshot is complete
 *              '- gen. 0 --'            |
 *                         '-- gen. 1 ---'- gen. 2 ---------
 *
 * A candidate is a snapshot with all of the journal behind its cut, the newest first; generation 0 is
 * nothing at all with the whole journal. They come to the same data as long as the journal is whole
 * from the older cut through all newer ones and was not stopped in between; an older candidate counts
 * only then.
 */
import { Place } from './frames.js';
import { decodeManifest, type Manifest } from './manifest.js';
import { type Chain, type Commit, compare, type Entry, follow, reached } from './recovery.js';
import type { Position } from './storage.js';

/** A record of the manifests, decoded and compared with its key. */
export interface StoredManifest {
  readonly key: unknown;
  readonly value: unknown;
  /** Null if it is bad. */
  readonly manifest: Manifest | null;
  readonly fault: string;
  readonly newer: boolean;
}

/** All that was read of a store at one moment; oldest manifest first. */
export interface Records {
  readonly strict: readonly Entry[];
  /** Null: there is no such journal. */
  readonly relaxed: readonly Entry[] | null;
  readonly manifests: readonly StoredManifest[];
}

export interface Candidate {
  readonly base: Manifest | null;
  readonly commits: readonly Commit[];
  readonly strict: Chain;
  readonly relaxed: Chain | null;
  /** Where what follows the snapshot stops to be the data that a newer one holds; null: nowhere. */
  readonly gap: Gap | null;
}

export interface Gap {
  readonly at: Position;
  readonly cause: string;
}

export function examineManifest(key: unknown, value: unknown): StoredManifest {
  const decoded = decodeManifest(value);
  const record = { key, value, manifest: null, newer: false };
  if (decoded.manifest === null) return { ...record, fault: decoded.fault, newer: decoded.newer };
  const { epoch, number } = decoded.manifest;
  const agrees = Array.isArray(key) && key.length === 2 && key[0] === epoch && key[1] === number;
  if (!agrees) return { ...record, fault: `the manifest belongs to generation ${number}` };
  return { ...record, manifest: decoded.manifest, fault: '' };
}

/** The manifests that can be read, newest first. */
export function readable(manifests: readonly StoredManifest[]): readonly Manifest[] {
  const good: Manifest[] = [];
  for (const { manifest } of manifests) if (manifest !== null) good.unshift(manifest);
  return good;
}

export function newest(manifests: readonly StoredManifest[]): Manifest | null {
  return readable(manifests)[0] ?? null;
}

/** What counts if `base` is the snapshot in force. */
export function candidate(records: Records, base: Manifest | null): Candidate {
  const strict = follow(records.strict, Place.Strict, base);
  const relaxed = records.relaxed && follow(records.relaxed, Place.Relaxed, base);
  const commits = [...strict.commits, ...notAbsorbed(strict, relaxed)];
  // Each epoch writes to one of the two, so their order is that of the epochs.
  commits.sort((a, b) => compare(a.position, b.position));
  return {
    base,
    commits,
    strict,
    relaxed,
    gap: gapOf(strict, relaxed, commits, base?.number ?? 0),
  };
}

/** Of the relaxed journal, what the strict one has not brought over. */
export function notAbsorbed({ absorbed }: Chain, relaxed: Chain | null): readonly Commit[] {
  const isAbsorbed = ({ position }: Commit) =>
    absorbed.some(
      ({ from, below }) => compare(from, position) <= 0 && compare(position, below) < 0,
    );
  return relaxed?.commits.filter((commit) => !isAbsorbed(commit)) ?? [];
}

function gapOf(
  strict: Chain,
  relaxed: Chain | null,
  commits: readonly Commit[],
  number: number,
): Gap | null {
  for (const later of strict.snapshots) {
    const { place, position: at } = later.cut;
    if (later.number <= number) continue;
    // An older snapshot is what there was then, as long as nothing builds upon the newer one.
    if (!later.continuous && commits.some(({ position }) => compare(position, at) >= 0))
      return { at, cause: `the journal was stopped in front of generation ${later.number}` };
    const chain = place === Place.Strict ? strict : relaxed;
    if (chain === null || !reached(chain, at))
      return { at, cause: `the journal in front of generation ${later.number} is not whole` };
  }
  return null;
}
