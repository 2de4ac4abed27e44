/**
 * The journal of one database: reading it, taking it over, appending to it.
 *
 * Appending is fenced (docs/RELIABILITY.md, "Fencing that follows from F9-F11"): a commit of k frames is one
 * transaction that adds the keys n+1 ... n+k-1 and, as its **last** request, the key n. Whoever takes
 * over adds a fence at that same key n. Exactly one of the two adds can succeed; all engines undo the
 * whole transaction when its last request fails.
 *
 * A snapshot begins to count in the same way: its manifest is put, and what it replaces is deleted, in
 * a transaction whose last request adds a frame that says so at the next key.
 *
 * When a commit fails or its outcome is not known, the record at its key tells: ours, then it was
 * written; another's, then we are deposed; none, then it was not written.
 */
import { examineManifest, newest, type StoredManifest } from './candidates.js';
import { Connection, type ConnectionOptions, type StoreName } from './connection.js';
import { Epochs } from './epochs.js';
import { fenced, isFault, StorageFault, toStorageError, wiped } from './errors.js';
import { encodeCommit, encodeCopyEnd, encodeFence, type Fence, Flag, Place } from './frames.js';
import { encodeManifest, type Manifest } from './manifest.js';
import {
  type Chain,
  type Commit,
  compare,
  describePosition,
  type Entry,
  examine,
  follow,
} from './recovery.js';
import type { Position } from './storage.js';
import { refuseDamage, setAside, type Takeover, type TakeoverOptions } from './takeover.js';
import { COPY_BYTES_MAX, type FirstWriting, lastWriting, storesOf, writeAgain } from './twice.js';

/** Records a read transaction returns at most: 8 MiB. */
const PAGE_RECORDS = 256;

/** Each failed attempt means that the old owner got one more commit in. */
const TAKEOVER_ATTEMPTS_MAX = 1000;

export interface JournalOptions extends ConnectionOptions {
  /** Which of the store's journals this is. */
  readonly place: Place;
  /**
   * Everything is written twice, in two transactions, and counts with the second: in Chromium the first
   * may be lost at a power cut although it is complete (docs/RELIABILITY.md, F24).
   */
  readonly twice?: boolean | undefined;
}

/** A snapshot on its way to count. */
interface Completion {
  readonly frame: Uint8Array;
  readonly before: Position;
  done(): void;
}

const COMPLETION_STORES: StoreName[] = ['journal', 'manifest', 'chunks'];
const FENCE_STORES: StoreName[] = ['journal', 'manifest', 'quarantine'];

export class Journal {
  readonly #options: JournalOptions;
  #connection: Connection;
  #verified = true;
  #entries: Entry[] = [];
  #manifests: readonly StoredManifest[] = [];
  /** The snapshot behind which the journal is followed. The strict journal finds it by itself. */
  base: Manifest | null = null;
  readonly #epochs = new Epochs();
  #owner = 0;
  #next: Position = { epoch: 0, n: 0 };
  /** What was written once, and has to be written again before anything else is. */
  #first: FirstWriting | null = null;
  /** A completion whose outcome is not known yet. */
  #open: Completion | null = null;
  /** The last record that we know to be there: if it is gone, so is the journal. */
  #anchor: Position = { epoch: 0, n: 0 };
  /** The fence that began the epoch. */
  #fence: Position = { epoch: 0, n: 0 };
  readonly created: boolean;
  /** Called when the connection ends by other hands than ours. */
  onLost: () => void = () => {};

  private constructor(options: JournalOptions, connection: Connection) {
    this.#options = options;
    this.#connection = connection;
    this.created = connection.created;
    connection.onLost = () => this.onLost();
  }

  static async open(options: JournalOptions, create: boolean): Promise<Journal> {
    return new Journal(options, await Connection.open(options, create));
  }

  close(): void {
    this.#connection.close();
  }

  /** Reads what has not been read yet and follows the whole. */
  async scan(): Promise<Chain> {
    for (;;) {
      const page = await this.#readPage(this.#entries.at(-1)?.key);
      for (const entry of page) this.#entries.push(entry);
      if (page.length < PAGE_RECORDS) break;
    }
    if (this.#options.place === Place.Strict) this.base = newest(this.#manifests);
    return follow(this.#entries, this.#options.place, this.base);
  }

  /** Copies of bad records, as `setAside` and Generations have made them. */
  async quarantined(): Promise<{ key: unknown; value: unknown; why: string }[]> {
    const [records] = await this.#connection.read<unknown[]>(
      ['quarantine'],
      function* (transaction) {
        yield transaction.objectStore('quarantine').getAll();
      },
    );
    return (records ?? []) as { key: unknown; value: unknown; why: string }[];
  }

  /** What the last scan has read. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get manifests(): readonly StoredManifest[] {
    return this.#manifests;
  }

  /** Lets go of what was read. The next scan begins at the front. */
  forget(): void {
    this.#entries = [];
    this.#manifests = [];
  }

  get place(): Place {
    return this.#options.place;
  }

  get next(): Position {
    return this.#next;
  }

  get owner(): number {
    return this.#owner;
  }

  /** Ends the epoch in force and begins the next one under `owner`. */
  async takeOver(options: TakeoverOptions): Promise<Takeover> {
    let chain = await this.scan();
    for (let attempt = 0; attempt < TAKEOVER_ATTEMPTS_MAX; attempt++) {
      refuseDamage(chain, options.recover);
      const epoch = options.epochAfter(chain);
      const fence = { nextEpoch: epoch, place: options.place, cut: chain.sound };
      const known = this.#entries.length;
      const last = this.#options.twice && !chain.fault ? lastWriting(this.#entries) : null;
      let failure = await this.#tryFence(chain, options.owner, fence, last);
      // Where there is no space for that the store still has to open.
      if (last !== null && isFault(failure, 'full'))
        failure = await this.#tryFence(chain, options.owner, fence, null);
      if (failure === null) {
        await this.#repeat();
        return this.#begin(epoch, options.owner, chain);
      }
      const after = await this.scan();
      // Nobody was there before us: it failed for another reason.
      if (this.#entries.length === known) throw failure;
      chain = after;
    }
    throw new StorageFault('failed', 'the owner of the store writes too fast to be taken over');
  }

  #begin(epoch: number, owner: number, chain: Chain): Takeover {
    this.#epochs.read(this.#entries, chain.next);
    this.#owner = owner;
    this.#anchor = chain.next;
    this.#fence = chain.next;
    this.#next = { epoch, n: 0 };
    return { epoch, chain };
  }

  /** Appends `chunks` as one commit. After a failure the same chunks must be tried again first. */
  async commit(chunks: readonly Uint8Array[]): Promise<void> {
    await this.#connect();
    await this.#append(encodeCommit(chunks, this.#next, this.#owner));
  }

  /** Tells whether `chunks`, whose commit has failed, are there all the same; then they count. */
  async settle(chunks: readonly Uint8Array[]): Promise<boolean> {
    await this.#settleOld();
    const frames = encodeCommit(chunks, this.#next, this.#owner);
    if (!(await this.#landed(frames))) return false;
    await this.#repeatIfThereIsSpace({ position: this.#next, frames });
    this.#advance(frames.length);
    return true;
  }

  /** Finds out whether a completion that has failed is there all the same. */
  async #settleOpen(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    if (await this.#landed([open.frame])) this.#completed(open);
    this.#open = null;
  }

  #completed({ before, done }: Completion): void {
    this.#advance(1);
    this.#noteDropped(before);
    done();
  }

  /**
   * Lets the snapshot of `manifest` count, and deletes what `obsolete` says, with all of this journal
   * in front of `before`. `done` is called once it counts: now, or after a failure whose outcome could
   * not be known, when the next call finds it there.
   */
  async complete(
    manifest: Manifest,
    obsolete: readonly StoredManifest[],
    before: Position,
    done: () => void,
  ): Promise<void> {
    await this.#connect();
    const record = encodeManifest(manifest);
    const [frame] = encodeCommit([record], this.#next, this.#owner, Flag.Snapshot) as [Uint8Array];
    const ranges = this.#epochs.rangesBefore(before, this.#next);
    this.#open = { frame, before, done };
    const { epoch, n } = this.#next;
    try {
      await this.#connection.write<unknown>(COMPLETION_STORES, function* (transaction) {
        const manifests = transaction.objectStore('manifest');
        yield manifests.put(record, [manifest.epoch, manifest.number]);
        for (const { key, manifest: old } of obsolete) {
          yield manifests.delete(key as IDBValidKey);
          if (old) yield transaction.objectStore('chunks').delete(chunkRange(old));
        }
        const journal = transaction.objectStore('journal');
        for (const range of ranges) yield journal.delete(range);
        // The fence: last, as in #append.
        yield journal.add(frame, [epoch, n]);
      });
      const key = [manifest.epoch, manifest.number];
      await this.#repeat({ position: { epoch, n }, frames: [frame], manifest: { record, key } });
    } catch (error) {
      await this.#connect();
      if (compare(this.#next, { epoch, n }) === 0) throw error;
      return;
    }
    this.#completed(this.#open);
    this.#open = null;
  }

  /** Deletes what stands in front of `before`, but for fences. */
  async drop(before: Position): Promise<void> {
    await this.#connect();
    const ranges = this.#epochs.rangesBefore(before, this.#next);
    if (ranges.length === 0) return;
    await this.#connection.write(['journal'], function* (transaction) {
      for (const range of ranges) yield transaction.objectStore('journal').delete(range);
    });
    this.#noteDropped(before);
  }

  #noteDropped(before: Position): void {
    this.#epochs.dropped(before, this.#next);
    if (compare(this.#anchor, before) < 0) this.#anchor = this.#fence;
  }

  /** Appends the commits of another journal from `from` on; they count all together or not at all. */
  async copy(commits: readonly Commit[], from: Position): Promise<void> {
    let frames: Uint8Array[] = [];
    let bytes = 0;
    const start = this.#next;
    let n = start.n;
    const add = async (chunks: readonly Uint8Array[], flags: number) => {
      for (const frame of encodeCommit(chunks, { epoch: start.epoch, n }, this.#owner, flags)) {
        frames.push(frame);
        bytes += frame.length;
        n++;
        if (bytes < COPY_BYTES_MAX) continue;
        await this.#append(frames);
        frames = [];
        bytes = 0;
      }
    };
    for (const { payloads } of commits) await add(payloads, Flag.Copied);
    await add([encodeCopyEnd(from)], Flag.Copied | Flag.CopyEnd);
    if (frames.length > 0) await this.#append(frames);
  }

  /** Resolves if the journal is there and still ours; makes a lost connection anew. */
  async check(): Promise<void> {
    await this.#settleOld();
    const [record] = await this.#get(this.#next);
    if (record === undefined) return;
    // Behind a commit of ours whose end we have not heard of there may be a fence.
    const isOurs = this.#isOurs(this.#next, record) && (await this.#endsWithOurs());
    if (!isOurs) throw fenced();
  }

  async #endsWithOurs(): Promise<boolean> {
    const { epoch, n } = this.#next;
    const rest = IDBKeyRange.bound([epoch, n], [epoch, []]);
    const [keys] = await this.#connection.read(['journal'], function* (transaction) {
      yield transaction.objectStore('journal').getAllKeys(rest);
    });
    const last = { epoch, n: n + (keys?.length ?? 1) - 1 };
    const [record] = await this.#get(last);
    return this.#isOurs(last, record);
  }

  async #append(frames: readonly Uint8Array[]): Promise<void> {
    const { epoch, n } = this.#next;
    try {
      await this.#connection.write(['journal'], function* (transaction) {
        const journal = transaction.objectStore('journal');
        for (let index = 1; index < frames.length; index++) {
          yield journal.add(frames[index], [epoch, n + index]);
        }
        // The fence: last, or Firefox commits without it (F11).
        yield journal.add(frames[0], [epoch, n]);
      });
    } catch (error) {
      if (!this.#connection.alive || !(await this.#landed(frames))) throw error;
    }
    await this.#repeat({ position: this.#next, frames });
    this.#advance(frames.length);
  }

  /**
   * Writes `first`, which is there, a second time; without it what could not be written a second time
   * yet. Where an owner who is later than we has been meanwhile it changes nothing that counts.
   */
  async #repeat(first: FirstWriting | null = this.#first): Promise<void> {
    if (this.#options.twice !== true || first === null) return;
    this.#first = first;
    await this.#connection.write<unknown>(storesOf(first), (transaction) =>
      writeAgain(transaction, first),
    );
    this.#first = null;
  }

  /** Finds out how what was done before has ended; needs no space. */
  async #settleOld(): Promise<void> {
    await this.#reach();
    await this.#repeatIfThereIsSpace();
    await this.#settleOpen();
  }

  /** Without space it stays the first thing that the next call does. */
  async #repeatIfThereIsSpace(first = this.#first): Promise<void> {
    await this.#repeat(first).catch((error) => {
      if (!isFault(error, 'full')) throw error;
    });
  }

  #advance(frames: number): void {
    const { epoch, n } = this.#next;
    this.#next = { epoch, n: n + frames };
    this.#anchor = { epoch, n: n + frames - 1 };
    this.#epochs.wrote(epoch);
  }

  /** After a failed commit: is it there all the same? */
  async #landed(frames: readonly Uint8Array[]): Promise<boolean> {
    const found = await this.#get(this.#next, frames.length);
    const [first] = found;
    if (first === undefined) return false;
    if (!this.#isOurs(this.#next, first)) throw fenced();
    if (frames.every((frame, index) => sameBytes(frame, found[index]))) return true;
    const at = this.#next;
    const message = `frame ${describePosition(at)} is not what was written there`;
    throw new StorageFault('damaged', message, { at });
  }

  #isOurs(position: Position, record: unknown): boolean {
    const { frame } = examine([position.epoch, position.n], record);
    return frame !== null && frame.owner === this.#owner && frame.fence === null;
  }

  /** The connection, for the snapshots beside the journal. */
  async connection(): Promise<Connection> {
    await this.#settleOld();
    return this.#connection;
  }

  /** A connection that lives; after a loss it makes sure that the journal is still the same one. */
  async #connect(): Promise<void> {
    await this.#reach();
    await this.#repeat();
    await this.#settleOpen();
  }

  async #reach(): Promise<void> {
    if (!this.#connection.alive) {
      this.#connection = await this.#reopen();
      this.#connection.onLost = () => this.onLost();
      this.#verified = false;
    }
    if (!this.#verified) {
      const [record] = await this.#get(this.#anchor);
      const { frame } = examine([this.#anchor.epoch, this.#anchor.n], record);
      if (frame?.owner !== this.#owner) throw wiped();
      this.#verified = true;
    }
  }

  async #reopen(): Promise<Connection> {
    try {
      return await Connection.open(this.#options, false);
    } catch (error) {
      // The browser or the user has deleted it: never write back what was deleted (P14).
      if (isFault(error, 'missing')) throw wiped();
      const failure = toStorageError(error, 'opening the database again');
      if (isFault(failure, 'newer')) throw failure;
      throw new StorageFault('lost', failure.message, { cause: error });
    }
  }

  /** Writes `last` a second time and the fence a first. Null if the fence stands, else why not. */
  async #tryFence(
    chain: Chain,
    owner: number,
    fence: Fence,
    last: FirstWriting | null,
  ): Promise<unknown> {
    const { epoch, n } = chain.next;
    const frame = encodeFence(chain.next, owner, fence);
    try {
      await this.#connection.write<unknown>(FENCE_STORES, function* (transaction) {
        if (last !== null) yield* writeAgain(transaction, last);
        // The fence comes last, as in #append.
        if (chain.fault !== null) yield* setAside(transaction, fence.nextEpoch, chain.fault);
        yield transaction.objectStore('journal').add(frame, [epoch, n]);
      });
      this.#first = { position: chain.next, frames: [frame] };
      return null;
    } catch (error) {
      if (!this.#connection.alive) throw error;
      return error;
    }
  }

  /** The records at `position` and the following keys of its epoch, as many as there are. */
  #get(position: Position, count = 1): Promise<unknown[]> {
    const { epoch, n } = position;
    return this.#connection.read(['journal'], function* (transaction) {
      const journal = transaction.objectStore('journal');
      for (let index = 0; index < count; index++) yield journal.get([epoch, n + index]);
    });
  }

  /** Records behind `after`; with the last of them the manifests as they were at that moment. */
  async #readPage(after: unknown): Promise<Entry[]> {
    const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true);
    const [keys, values, ...manifests] = (await this.#connection.read(
      ['journal', 'manifest'],
      function* (transaction): Iterable<Promise<unknown[]>> {
        const journal = transaction.objectStore('journal');
        yield journal.getAllKeys(range, PAGE_RECORDS);
        yield journal.getAll(range, PAGE_RECORDS);
        yield transaction.objectStore('manifest').getAllKeys();
        yield transaction.objectStore('manifest').getAll();
      },
    )) as [IDBValidKey[], unknown[], IDBValidKey[], unknown[]];
    const [names, records] = manifests;
    this.#manifests = names.map((key, index) => examineManifest(key, records[index]));
    const newer = this.#manifests.find((manifest) => manifest.newer);
    if (newer !== undefined) throw new StorageFault('newer', newer.fault);
    return keys.map((key, index) => examine(key, values[index]));
  }
}

/** Keys of all chunks of one generation. */
export function chunkRange({ epoch, number }: Pick<Manifest, 'epoch' | 'number'>): IDBKeyRange {
  return IDBKeyRange.bound([epoch, number], [epoch, number, []]);
}

function sameBytes(a: Uint8Array, b: unknown): boolean {
  if (!(b instanceof Uint8Array) || a.length !== b.length) return false;
  return a.every((byte, index) => byte === b[index]);
}
