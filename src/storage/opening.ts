/**
 * One opening of a store in IndexedDB: from nothing to journals that are ours.
 *
 * Who owns the store is settled in the strict journal alone, for both: every owner puts its fence
 * there first and gets its epoch from it. An owner that writes to the strict journal then brings over
 * what the relaxed one has and no snapshot covers, with an end mark: without the mark nothing of the
 * copy counts. An owner that writes to the relaxed one brings nothing over.
 *
 * The same way an owner goes from one journal to the other while it runs: it takes over from itself.
 */

import {
  type AsideRecord,
  databaseName,
  patiently,
  readAside,
  type Series,
  seriesOf,
  setAside,
  willNotOpen,
} from './aside.js';
import {
  type Candidate,
  candidate,
  notAbsorbed,
  type Records,
  type StoredManifest,
} from './candidates.js';
import { fenced, isFault, StorageFault } from './errors.js';
import { Place } from './frames.js';
import type { IndexedDBOptions } from './indexeddb.js';
import { Journal } from './journal.js';
import { type Chain, isCopied } from './recovery.js';
import type { DamageReport } from './storage.js';
import type { Takeover } from './takeover.js';

/** If the relaxed journal knows of later epochs than the strict one, which then has lost some. */
const EPOCH_ATTEMPTS_MAX = 3;

export interface Opened {
  /** Of snapshots and fences, whichever is written to. */
  readonly strict: Journal;
  /** Null: there is none. */
  readonly relaxed: Journal | null;
  /** The one that is written to. */
  readonly active: Journal;
  readonly created: boolean;
  readonly epoch: number;
  readonly owner: number;
  readonly records: Records;
  /** With the newest snapshot whose manifest can be read. */
  readonly newest: Candidate;
  readonly damaged: DamageReport | null;
  readonly series: Series;
  /** The databases that have been set aside, by this opening and before. */
  readonly aside: readonly AsideRecord[];
}

/** What there is, without it being ours. */
export interface Read {
  readonly strict: Journal;
  readonly relaxed: Journal | null;
  readonly records: Records;
  /** Of the epoch in force. */
  readonly owner: number;
}

/** What one opening may do, beside what the store's options say. */
export interface OpeningRights {
  /** The owners that may be deposed; null: any. */
  readonly claims: ReadonlySet<number> | null;
  /** The databases to open; null: whichever are not set aside, and what will not open is. */
  readonly series: Series | null;
}

const ANY: OpeningRights = { claims: null, series: null };

export class Opening {
  readonly #options: IndexedDBOptions;
  readonly #rights: OpeningRights;
  #series: Series = { [Place.Strict]: 0, [Place.Relaxed]: 0 };
  #aside: readonly AsideRecord[] = [];
  readonly owner: number;
  readonly #journals: Journal[] = [];

  constructor(options: IndexedDBOptions, rights = ANY) {
    this.#options = options;
    this.#rights = rights;
    this.owner = drawOwner(options);
  }

  async run(): Promise<Opened> {
    await this.#findSeries();
    const relaxedWanted = this.#options.durability === 'no';
    // A relaxed owner makes its journal before it gets an epoch, so that later owners can find it.
    const strict = await this.#openOrBeginAnew(Place.Strict, true);
    let relaxed = relaxedWanted ? await this.#openOrBeginAnew(Place.Relaxed, true) : null;
    let taken = await this.#takeStrict(strict, 0);
    relaxed ??= await this.#openIfThere(Place.Relaxed);
    if (relaxed === null) return this.#opened(strict, strict, taken, null);

    for (let attempt = 0; attempt < EPOCH_ATTEMPTS_MAX; attempt++) {
      relaxed.base = strict.base;
      const { highestEpoch } = await relaxed.scan();
      if (highestEpoch < taken.epoch) break;
      taken = await this.#takeStrict(strict, highestEpoch);
    }
    relaxed.base = strict.base;
    const takenRelaxed = await this.#takeRelaxed(relaxed, taken.epoch);
    const opened = this.#opened(strict, relaxedWanted ? relaxed : strict, taken, relaxed);
    const fresh = notAbsorbed(taken.chain, takenRelaxed.chain);
    if (!relaxedWanted && fresh.length > 0) await strict.copy(fresh, takenRelaxed.chain.start);
    return opened;
  }

  /** All that is there now, without taking anything over. */
  async read(): Promise<Read> {
    await this.#findSeries();
    const strict = await this.#open(Place.Strict, false);
    const chain = await strict.scan();
    const relaxed = await this.#openIfThere(Place.Relaxed);
    await relaxed?.scan();
    return { strict, relaxed, records: recordsOf(strict, relaxed), owner: chain.owner };
  }

  closeAll(): void {
    for (const journal of this.#journals) journal.close();
  }

  async #open(place: Place, create: boolean): Promise<Journal> {
    const { factory, name, scheduler, timeoutMs } = this.#options;
    const durability = place === Place.Strict ? 'strict' : 'relaxed';
    const database = databaseName(name, place, this.#series[place]);
    const options = { factory, name: database, durability, scheduler, timeoutMs } as const;
    const twice = place === Place.Strict && this.#options.twice === true;
    const open = () => Journal.open({ ...options, place, twice }, create);
    const journal = await patiently(scheduler, open);
    this.#journals.push(journal);
    return journal;
  }

  async #findSeries(): Promise<void> {
    const { series } = this.#rights;
    this.#aside = series === null ? await readAside(this.#options) : [];
    this.#series = series ?? seriesOf(this.#options, this.#aside);
  }

  /** Without the strict database the relaxed one is a part of something: it is set aside with it. */
  async #openOrBeginAnew(place: Place, create: boolean): Promise<Journal> {
    try {
      return await this.#open(place, create);
    } catch (error) {
      if (this.#rights.series !== null || !willNotOpen(error)) throw error;
      const places = place === Place.Strict ? [Place.Strict, Place.Relaxed] : [Place.Relaxed];
      this.#series = await setAside(this.#options, this.#series, places, error.message);
      this.#aside = await readAside(this.#options);
      return this.#open(place, create);
    }
  }

  async #openIfThere(place: Place): Promise<Journal | null> {
    try {
      return await this.#openOrBeginAnew(place, false);
    } catch (error) {
      if (isFault(error, 'missing')) return null;
      throw error;
    }
  }

  #takeStrict(journal: Journal, above: number): Promise<Takeover> {
    return journal.takeOver({
      ...this.#claim(),
      epochAfter: ({ highestEpoch, owner }) => {
        const mine = this.#rights.claims?.has(owner) ?? true;
        if (!mine && owner !== this.owner) throw fenced();
        return Math.max(highestEpoch, above) + 1;
      },
    });
  }

  #takeRelaxed(journal: Journal, epoch: number): Promise<Takeover> {
    return journal.takeOver({
      ...this.#claim(),
      epochAfter: ({ highestEpoch }) => {
        // A later owner was here first.
        if (highestEpoch >= epoch) throw fenced();
        return epoch;
      },
    });
  }

  #claim() {
    const { durability, recover } = this.#options;
    const place = durability === 'no' ? Place.Relaxed : Place.Strict;
    return { place, owner: this.owner, recover };
  }

  #opened(strict: Journal, active: Journal, taken: Takeover, relaxed: Journal | null): Opened {
    const records = recordsOf(strict, relaxed);
    const newest = candidate(records, strict.base);
    if (newest.gap !== null && this.#options.recover === 'refuse') {
      const { at, cause } = newest.gap;
      throw new StorageFault('damaged', cause, { at });
    }
    const damaged =
      damageOf(newest.strict) ?? damageOf(newest.relaxed) ?? damageOfManifests(records.manifests);
    strict.forget();
    relaxed?.forget();
    const { created } = strict;
    return {
      strict,
      relaxed,
      active,
      created,
      epoch: taken.epoch,
      owner: this.owner,
      records,
      newest,
      damaged,
      series: this.#series,
      aside: this.#aside,
    };
  }
}

function recordsOf(strict: Journal, relaxed: Journal | null): Records {
  return {
    strict: strict.entries,
    relaxed: relaxed?.entries ?? null,
    manifests: strict.manifests,
  };
}

/** What is wrong with a journal, and what goes with it. */
export function damageOf(chain: Chain | null): DamageReport | null {
  const fault = chain?.fault ?? null;
  if (fault === null) return null;
  // A copy that was not finished, whose original counts, costs nothing.
  if (fault.kind === 'torn' && fault.dropped.every(isCopied)) return null;
  const bytesLost = fault.dropped.reduce((sum, { bytes }) => sum + bytes, 0);
  const kind = fault.kind === 'torn' ? 'torn' : 'damaged';
  return { kind, at: fault.at, bytesLost, cause: fault.cause };
}

/** A manifest that cannot be read costs nothing as long as an older snapshot is whole. */
function damageOfManifests(manifests: readonly StoredManifest[]): DamageReport | null {
  const bad = manifests.find(({ manifest }) => manifest === null);
  if (bad === undefined) return null;
  const [epoch, n] = Array.isArray(bad.key) ? bad.key.map(Number) : [];
  const at = { epoch: epoch ?? 0, n: n ?? 0 };
  return { kind: 'damaged', at, bytesLost: 0, cause: bad.fault };
}

function drawOwner({ random }: IndexedDBOptions): number {
  const bytes = new Uint8Array(4);
  random(bytes);
  return new DataView(bytes.buffer).getUint32(0, true);
}
