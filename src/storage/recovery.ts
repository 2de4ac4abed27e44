/**
 * Recovery: from the records of one journal, in key order, to what counts. Pure; touches no database.
 *
 * Sound journals look like this, one column a record, F a fence, ( ) a commit:
 *
 *   [0,0] F1   [1,0] ( )   [1,1] (   [1,2] )   [1,3] F2   [2,0] ( ) ...
 *
 * A fence stands at the very key that the owner before would have written next, so that only one of
 * the two can have it. It names the epoch that it begins and a cut, normally its own place. Records
 * between the cut and the fence are void: they were found bad, copied to quarantine, and count no more.
 *
 * Where the records stop to make sense there is a fault:
 *
 * - `torn`: nothing good follows. The last commit lacks its end, or all records from the fault to the
 *   end are bad. Sound up to the last whole commit; that is what a crash can leave behind.
 * - `damaged`: good frames follow the fault: a bad one in the middle, a gap, a frame in a wrong place.
 *   No crash does that, and what was lost may have been acknowledged.
 * - `newer`: a whole frame of a version that we do not know.
 *
 * The loss of whole commits at the very end cannot be seen; it leaves a prefix.
 */
import { decodeCopyEnd, decodeFrame, type Fence, Flag, type Frame, Place } from './frames.js';
import { type Cut, decodeManifest, type Manifest } from './manifest.js';
import type { Position } from './storage.js';

/** A record, decoded and compared with its key. */
export interface Entry {
  readonly key: unknown;
  readonly value: unknown;
  readonly bytes: number;
  /** Null if the key is none of ours. */
  readonly position: Position | null;
  /** Null if the record is bad, or not where it belongs. */
  readonly frame: Frame | null;
  readonly fault: string;
  readonly newer: boolean;
}

export interface Commit {
  /** Of its first frame. */
  readonly position: Position;
  readonly payloads: readonly Uint8Array[];
}

export interface Fault {
  readonly kind: 'torn' | 'damaged' | 'newer';
  readonly at: Position;
  readonly cause: string;
  /** The records that count no more if the journal is cut at `at`. */
  readonly dropped: readonly Entry[];
}

/** What of the *other* journal has been brought over into this one. */
export interface Absorbed {
  readonly from: Position;
  readonly below: Position;
}

export interface Chain {
  readonly commits: readonly Commit[];
  readonly absorbed: readonly Absorbed[];
  /** The first place that was looked at. */
  readonly start: Position;
  /** The manifests of the snapshots that were completed along the way. */
  readonly snapshots: readonly Manifest[];
  /** From where to where it was followed, by epoch. */
  readonly spans: ReadonlyMap<number, Span>;
  /** The epoch in force at the end, and its owner. 0: none has begun. */
  readonly epoch: number;
  readonly owner: number;
  /** The highest epoch that any good frame or key speaks of. */
  readonly highestEpoch: number;
  /** The key that the owner in force would write next: where the next fence goes. */
  readonly next: Position;
  /** Up to here everything is sound: the cut of the next fence. */
  readonly sound: Position;
  readonly fault: Fault | null;
}

/** Frames of one epoch: from the first, to in front of the last. */
export interface Span {
  readonly from: number;
  to: number;
}

/** True if the journal was followed through `position` without a gap. */
export function reached({ spans }: Chain, { epoch, n }: Position): boolean {
  const span = spans.get(epoch);
  return span !== undefined && span.from <= n && n <= span.to;
}

export function examine(key: unknown, value: unknown): Entry {
  const bytes = value instanceof Uint8Array ? value.length : 0;
  const position = positionOf(key);
  const decoded = decodeFrame(value);
  const entry = { key, value, bytes, position, frame: null, newer: false };
  if (decoded.frame === null) return { ...entry, fault: decoded.fault, newer: decoded.newer };
  if (position === null) return { ...entry, fault: 'the key is not [epoch, n]' };
  if (!equal(position, decoded.frame.position)) {
    return { ...entry, fault: `the frame belongs to ${describePosition(decoded.frame.position)}` };
  }
  return { ...entry, frame: decoded.frame, fault: '' };
}

/**
 * Follows the records from the first, or from where `base` has its cut, to the last, or to the first
 * that makes no sense. What stands in front of the cut need not make sense or be there.
 */
export function follow(
  entries: readonly Entry[],
  place: Place,
  base: Manifest | null = null,
): Chain {
  const walk = new Walk(place);
  if (base !== null) walk.beginAt(base);
  const start = walk.expected;
  const counting: Entry[] = [];
  for (const entry of withoutVoid(entries)) {
    if (entry.position === null || compare(entry.position, start) >= 0) counting.push(entry);
    else walk.passOver(entry);
  }
  let index = 0;
  let cause = '';
  for (; index < counting.length && cause === ''; index++)
    cause = walk.step(counting[index] as Entry);
  const open = walk.commitStart;
  if (cause === '' && open === null) return chainOf(entries, walk, null);
  const faultIndex = cause === '' ? counting.length : index - 1;
  const at = open?.position ?? walk.expected;
  const fault: Fault = {
    kind: kindOf(counting.slice(faultIndex), walk),
    at,
    cause: cause || 'the last commit lacks its end',
    dropped: counting.slice(open?.index ?? faultIndex),
  };
  return chainOf(entries, walk, fault);
}

function chainOf(entries: readonly Entry[], walk: Walk, fault: Fault | null): Chain {
  // The end may have been dropped because a snapshot covers it, or lost; its keys stay taken.
  const next = later(nextKey(entries), walk.start);
  const sound = fault?.at ?? walk.expected;
  return {
    commits: walk.commits,
    absorbed: walk.absorbed,
    start: walk.start,
    snapshots: walk.snapshots,
    spans: walk.spans,
    epoch: walk.epoch,
    owner: walk.owner,
    highestEpoch: Math.max(highestEpoch(entries, fault), walk.epoch),
    next,
    sound: compare(sound, next) > 0 ? next : sound,
    fault,
  };
}

/** From a fault to the end: can it be what a crash leaves behind? */
function kindOf(rest: readonly Entry[], walk: Walk): Fault['kind'] {
  if (rest.some((entry) => entry.newer)) return 'newer';
  const isBad = rest.every((entry) => entry.frame === null && entry.position !== null);
  return isBad || isRestOfTransaction(rest, walk) ? 'torn' : 'damaged';
}

/**
 * Some frames of the very last transaction are missing, others are there: Chromium leaves that behind when
 * the power goes before it is complete (docs/RELIABILITY.md, F24). It holds one commit, or commits brought
 * over, which count in the other journal as long as nothing follows them.
 */
function isRestOfTransaction(rest: readonly Entry[], { expected, owner }: Walk): boolean {
  const isOurs = rest.every(({ frame }) => {
    if (frame === null || frame.owner !== owner || frame.fence !== null) return false;
    return frame.position.epoch === expected.epoch && frame.position.n > expected.n;
  });
  return isOurs && (rest.every(isCopied) || !rest.some(({ frame }) => has(frame, Flag.First)));
}

/** Brought over from the other journal, which has it as long as no end of the copy counts. */
export function isCopied({ frame }: Entry): boolean {
  return has(frame, Flag.Copied);
}

function has(frame: Frame | null, flag: number): boolean {
  return frame !== null && (frame.flags & flag) !== 0;
}

/** The state of following a journal record by record. */
class Walk {
  readonly #place: Place;
  readonly commits: Commit[] = [];
  readonly absorbed: Absorbed[] = [];
  readonly snapshots: Manifest[] = [];
  readonly spans = new Map<number, Span>();
  /** The first place that was looked at. */
  start: Position = { epoch: 0, n: 0 };
  expected: Position = { epoch: 0, n: 0 };
  epoch = 0;
  owner = 0;
  /** Where the commit that is not whole yet began. */
  commitStart: { position: Position; index: number } | null = null;
  #index = 0;
  #here = false;
  #payloads: Uint8Array[] = [];
  /** Commits brought over whose CopyEnd has not come yet. */
  #copied: Commit[] | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Begins behind the snapshot of `base`, in this journal or beside the other. */
  beginAt({ cut }: Manifest): void {
    this.epoch = cut.position.epoch;
    this.owner = cut.owner;
    this.#here = cut.place === this.#place;
    this.start = startIn(this.#place, cut);
    this.#expect(this.start);
  }

  /** A record in front of the beginning: only a fence that leads beyond it says anything. */
  passOver({ frame }: Entry): void {
    const fence = frame?.fence;
    if (fence && fence.nextEpoch > this.epoch) this.#beginEpoch(fence, frame.owner);
  }

  #expect(position: Position): void {
    this.expected = position;
    const span = this.spans.get(position.epoch);
    if (span === undefined) this.spans.set(position.epoch, { from: position.n, to: position.n });
    else span.to = position.n;
  }

  #beginEpoch({ nextEpoch, place }: Fence, owner: number): void {
    this.epoch = nextEpoch;
    this.owner = owner;
    this.#here = place === this.#place;
    this.#expect({ epoch: nextEpoch, n: 0 });
    // An owner that ended before it had brought everything over: what it brought does not count.
    this.#copied = null;
  }

  /** Takes one record in; says why it cannot, or ''. */
  step(entry: Entry): string {
    const { frame } = entry;
    if (frame === null) return entry.fault;
    const cause = frame.fence === null ? this.#stepData(frame) : this.#stepFence(frame);
    this.#index++;
    return cause;
  }

  #stepFence(frame: Frame): string {
    const { fence } = frame;
    if (fence === null) return 'not a fence';
    if (this.commitStart !== null) return 'a fence inside a commit';
    if (!equal(fence.cut, this.expected)) {
      return `frames ${describePosition(this.expected)} to ${describePosition(fence.cut)} are missing`;
    }
    if (fence.nextEpoch <= frame.position.epoch) return 'the fence leads backwards';
    this.#beginEpoch(fence, frame.owner);
    return '';
  }

  #stepData(frame: Frame): string {
    const { position, flags } = frame;
    if (!equal(position, this.expected)) {
      return `frame ${describePosition(this.expected)} is missing`;
    }
    const isSnapshot = (flags & Flag.Snapshot) !== 0;
    // Snapshots are kept in the strict database, whichever the epoch writes to.
    const here = this.#here || (isSnapshot && this.#place === Place.Strict);
    if (!here || frame.owner !== this.owner) return 'the frame is not from the owner in force';
    const first = (flags & Flag.First) !== 0;
    if (first !== (this.commitStart === null))
      return 'a commit begins or goes on where it must not';
    if (first) this.commitStart = { position, index: this.#index };
    this.#expect({ epoch: position.epoch, n: position.n + 1 });
    if (isSnapshot) return this.#noteSnapshot(frame);
    this.#payloads.push(frame.payload);
    if ((flags & Flag.Last) === 0) return '';
    return this.#endCommit(frame);
  }

  /** Changes no data: says that a snapshot, which may be lost by now, counts from here on. */
  #noteSnapshot({ flags, payload }: Frame): string {
    const { manifest, fault } = decodeManifest(payload);
    if (manifest === null) return fault;
    if ((flags & Flag.Last) === 0) return 'a snapshot is noted inside a commit';
    this.commitStart = null;
    this.snapshots.push(manifest);
    return '';
  }

  #endCommit({ position, flags, payload }: Frame): string {
    const first = this.commitStart?.position ?? position;
    const commit = { position: first, payloads: this.#payloads };
    const copied = (flags & Flag.Copied) !== 0;
    if (!copied && this.#copied !== null) return 'new bytes before all old ones were brought over';
    this.commitStart = null;
    this.#payloads = [];
    if (!copied) {
      this.commits.push(commit);
      return '';
    }
    this.#copied ??= [];
    if ((flags & Flag.CopyEnd) === 0) {
      this.#copied.push(commit);
      return '';
    }
    const from = decodeCopyEnd(payload);
    if (from === undefined) return 'the end of the copy is malformed';
    for (const whole of this.#copied) this.commits.push(whole);
    this.#copied = null;
    this.absorbed.push({ from, below: { epoch: position.epoch, n: 0 } });
    return '';
  }
}

/** Leaves out what later fences have declared void. */
function withoutVoid(entries: readonly Entry[]): Entry[] {
  const counting: Entry[] = [];
  let cut: Position | null = null;
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index] as Entry;
    const { position, frame } = entry;
    if (cut !== null && position !== null && compare(position, cut) < 0) cut = null;
    if (cut !== null) continue;
    counting.push(entry);
    const fence = frame?.fence;
    if (fence && position && compare(fence.cut, position) < 0) cut = fence.cut;
  }
  return counting.reverse();
}

/** Bad records may have been fences: leave an epoch free for each. */
function highestEpoch(entries: readonly Entry[], fault: Fault | null): number {
  let highest = 0;
  for (const { position, frame } of entries) {
    highest = Math.max(highest, position?.epoch ?? 0, frame?.fence?.nextEpoch ?? 0);
  }
  const bad = fault?.dropped.filter((entry) => entry.frame === null).length ?? 0;
  return highest + bad;
}

function nextKey(entries: readonly Entry[]): Position {
  for (let index = entries.length - 1; index >= 0; index--) {
    const { position, frame } = entries[index] as Entry;
    if (position === null) continue;
    if (frame?.fence) return { epoch: frame.fence.nextEpoch, n: 0 };
    return { epoch: position.epoch, n: position.n + 1 };
  }
  return { epoch: 0, n: 0 };
}

function positionOf(key: unknown): Position | null {
  if (!Array.isArray(key) || key.length !== 2) return null;
  const [epoch, n] = key as unknown[];
  return isCount(epoch) && isCount(n) ? { epoch, n } : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Where the journal of `place` goes on behind a snapshot. */
export function startIn(place: Place, cut: Cut): Position {
  return place === cut.place ? cut.position : { epoch: cut.position.epoch, n: 0 };
}

export function compare(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.n - b.n;
}

export function later(a: Position, b: Position): Position {
  return compare(a, b) < 0 ? b : a;
}

function equal(a: Position, b: Position): boolean {
  return compare(a, b) === 0;
}

export function describePosition({ epoch, n }: Position): string {
  return `${n} of epoch ${epoch}`;
}
