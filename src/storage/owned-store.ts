/**
 * A store in IndexedDB that is ours: what happens in its databases, one call at a time. Who calls, and
 * when, is GroupCommit's and IndexedDBStorage's.
 */
import { examineManifest, type Records, type StoredManifest } from './candidates.js';
import { fenced, isFault, StorageFault } from './errors.js';
import { Place } from './frames.js';
import { Generations } from './generations.js';
import type { CommitTarget } from './group-commit.js';
import type { IndexedDBOptions } from './indexeddb.js';
import type { Journal } from './journal.js';
import type { FreshFiles } from './leveldb.js';
import { type Cut, encodeManifest, type Manifest } from './manifest.js';
import { type Opened, Opening } from './opening.js';
import { compare, startIn } from './recovery.js';
import { RESERVE_BYTES, Reserve } from './reserve.js';
import type { Durability, Position } from './storage.js';

const NOWHERE: Position = { epoch: 0, n: 0 };

export class OwnedStore implements CommitTarget {
  readonly #options: IndexedDBOptions;
  #opened: Opened;
  #durability: Durability;
  /** Owners whose epochs are ours to end. */
  readonly #claims: Set<number>;
  /** True after a change of epoch that has failed half-way: the next call finishes it. */
  #stale = false;
  #manifests: readonly StoredManifest[];
  readonly generations: Generations;
  readonly reserve: Reserve;
  /** Generations whose content turned out to be bad. */
  readonly bad = new Set<number>();
  #lastNumber: number;
  /** Unix milliseconds; null: nothing yet. */
  lastDurableAt: number | null = null;
  /** Called when a connection ends by other hands than ours. */
  onLost: () => void = () => {};
  /** Called when the reserve is given away, and why. */
  onReserveGiven: (error: StorageFault) => void = () => {};

  private constructor(options: IndexedDBOptions, opened: Opened) {
    this.#options = options;
    this.#opened = opened;
    this.#durability = options.durability;
    this.#claims = new Set([opened.owner]);
    this.#manifests = opened.records.manifests;
    const numbers = [...opened.newest.strict.snapshots, opened.newest.base].map(numberOf);
    this.#lastNumber = Math.max(0, ...numbers, ...this.#manifests.map(numberIn));
    const connection = () => this.#opened.strict.connection();
    const { scheduler, timeoutMs, random, twice } = options;
    const bytes = options.reserveBytes ?? RESERVE_BYTES;
    this.generations = new Generations({ connection, scheduler, timeoutMs, twice });
    this.reserve = new Reserve({ bytes, connection, random });
    this.#adopt(opened);
  }

  static async open(options: IndexedDBOptions): Promise<OwnedStore> {
    const opening = new Opening(options);
    try {
      return new OwnedStore(options, await opening.run());
    } catch (error) {
      opening.closeAll();
      throw error;
    }
  }

  get opened(): Opened {
    return this.#opened;
  }

  /** Of the snapshot that comes next. */
  nextNumber(): number {
    return ++this.#lastNumber;
  }

  /** Where the journal goes on. To be asked between two commits. */
  cut(): Cut {
    const { place, next, owner } = this.#opened.active;
    return { place, position: next, owner };
  }

  async commit(chunks: readonly Uint8Array[]): Promise<void> {
    const { active } = await this.#current();
    try {
      await this.#withReserve(() => active.commit(chunks));
    } catch (error) {
      // What there was space for once but not twice is there, and must not be called refused.
      if (!isFault(error, 'full') || !(await active.settle(chunks))) throw error;
    }
    this.lastDurableAt = this.#options.scheduler.now();
  }

  async check(): Promise<void> {
    const { active, strict } = await this.#current();
    await active.check();
    if (strict !== active) await strict.check();
  }

  /** Tells whether `chunks`, whose commit has failed, are there all the same. */
  async landed(chunks: readonly Uint8Array[]): Promise<boolean> {
    const { active } = await this.#current();
    return active.settle(chunks);
  }

  /** Lets a snapshot count; with `keepAll` nothing is deleted for it. `done` as Journal.complete has it. */
  async complete(manifest: Manifest, keepAll: boolean, done: () => void): Promise<void> {
    const { epoch, strict, relaxed } = await this.#current();
    // What a new epoch has brought over is in the snapshot already, and to whoever sweeps its chunks
    // are those of an earlier owner.
    if (manifest.epoch !== epoch) {
      throw new StorageFault('failed', 'the snapshot was given up: appendfsync was changed');
    }
    const previous = keepAll ? null : this.#previous();
    const obsolete = keepAll ? [] : await this.#obsolete(previous);
    const before = previous && startIn(Place.Strict, previous.cut);
    const counts = () => {
      const key = [manifest.epoch, manifest.number];
      const kept = this.#manifests.filter((record) => !obsolete.includes(record));
      this.#manifests = [...kept, examineManifest(key, encodeManifest(manifest))];
      this.lastDurableAt = this.#options.scheduler.now();
      done();
    };
    await this.#withReserve(() => strict.complete(manifest, obsolete, before ?? NOWHERE, counts));
    // Should this fail the next one will do it.
    if (previous !== null)
      await relaxed?.drop(startIn(Place.Relaxed, previous.cut)).catch(() => {});
  }

  /** The newest snapshot that is not known to be bad. */
  #previous(): Manifest | null {
    const sound = this.#manifests.filter(
      ({ manifest }) => manifest !== null && !this.bad.has(manifest.number),
    );
    return sound.at(-1)?.manifest ?? null;
  }

  /** All but `previous`, and but for what is bad and could not be copied. */
  async #obsolete(previous: Manifest | null): Promise<readonly StoredManifest[]> {
    const unreadable = this.#manifests.filter(({ manifest }) => manifest === null);
    const saved = await this.generations
      .setAside(unreadable, this.#opened.epoch)
      .then(() => true)
      .catch(() => false);
    return this.#manifests.filter(({ manifest }) => {
      if (manifest === null) return saved;
      return manifest !== previous && !this.generations.unsaved.has(manifest.number);
    });
  }

  /** As leveldb.ts has it. */
  async begin(files: FreshFiles): Promise<void> {
    await files.begin(await this.#opened.strict.connection());
  }

  /** Deletes what earlier owners have left of snapshots that never counted. */
  async sweep(): Promise<void> {
    const kept: Manifest[] = [];
    for (const { manifest } of this.#manifests) if (manifest !== null) kept.push(manifest);
    // What a manifest that cannot be read speaks of must stay.
    if (kept.length === this.#manifests.length)
      await this.generations.sweep(kept, this.#opened.epoch);
  }

  /** All that is durable now. */
  async read(): Promise<Records> {
    const { active, owner, series } = await this.#current();
    const opening = new Opening(this.#options, { claims: null, series });
    try {
      const read = await opening.read();
      if (read.owner !== owner) throw fenced();
      // Who came while we read may have written what we have read last.
      await this.check();
      return withoutOpen(read.records, active);
    } catch (error) {
      if (isFault(error, 'missing')) throw new StorageFault('wiped', error.message);
      throw error;
    } finally {
      opening.closeAll();
    }
  }

  /** Goes over to `durability` in a new epoch. If that fails it stays as it was. */
  async change(durability: Durability): Promise<void> {
    await this.#current();
    await this.#renew(durability);
  }

  close(): void {
    const { strict, relaxed } = this.#opened;
    for (const journal of [strict, relaxed]) journal?.close();
  }

  async #current(): Promise<Opened> {
    if (this.#stale) await this.#renew(this.#durability);
    return this.#opened;
  }

  async #renew(durability: Durability): Promise<void> {
    const rights = { claims: this.#claims, series: this.#opened.series };
    const opening = new Opening({ ...this.#options, durability }, rights);
    this.#stale = true;
    this.#claims.add(opening.owner);
    try {
      const opened = await opening.run();
      this.close();
      this.#opened = opened;
      this.#manifests = opened.records.manifests;
      this.#adopt(opened);
    } catch (error) {
      opening.closeAll();
      throw isFault(error, 'missing') ? new StorageFault('wiped', error.message) : error;
    }
    this.#durability = durability;
    this.#stale = false;
  }

  #adopt({ strict, active }: Opened): void {
    for (const journal of [strict, active]) journal.onLost = () => this.onLost();
  }

  /** Lets `work` have the space of the reserve if there is no other. */
  async #withReserve(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isFault(error, 'full')) throw error;
      const given = await this.reserve.release().catch(() => false);
      if (!given) throw error;
      this.onReserveGiven(error);
      await work();
    }
  }
}

/** Without what may have been written in a commit that has failed. */
function withoutOpen(records: Records, active: Journal): Records {
  const settled = ({ position }: Records['strict'][number]) =>
    position === null || compare(position, active.next) < 0;
  if (active.place === Place.Strict) return { ...records, strict: records.strict.filter(settled) };
  return { ...records, relaxed: records.relaxed?.filter(settled) ?? null };
}

function numberOf(manifest: Manifest | null): number {
  return manifest?.number ?? 0;
}

/** Also of one that cannot be read, by its key. */
function numberIn({ key }: StoredManifest): number {
  const number = Array.isArray(key) ? Number(key[1]) : 0;
  return Number.isSafeInteger(number) ? number : 0;
}
