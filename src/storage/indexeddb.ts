/**
 * Storage in IndexedDB: two journals, one for each way to write, snapshots in the strict database,
 * and the group commit between them and the caller.
 *
 * Strict and relaxed transactions must never meet in one database (docs/RELIABILITY.md F3), so `always` and
 * `everysec` write to the strict one and `no` to the relaxed one. Every owner's fence is in the strict
 * one, and every snapshot [1], [2]:
 *
 *   strict    F1 ( ) ( )  F2       [1]  F3 (copied) (copied) (end) ( ) [2] ...
 *   relaxed                  F2 ( ) ( )    F3
 *             '- always -'  '--- no ---'  '------- everysec -------
 *
 * What is replayed is a snapshot, then what is behind its cut in the strict journal and in the epochs
 * of the relaxed one that the strict one has not absorbed, in the order of the epochs.
 */

import { asideName, databaseName } from './aside.js';
import type { Records } from './candidates.js';
import { Connection } from './connection.js';
import { StorageFault } from './errors.js';
import { Place } from './frames.js';
import { FLUSH_PERIOD_MS, GroupCommit, type Pace, RETRY_MS } from './group-commit.js';
import { Health } from './health.js';
import type { RandomSource } from './incompressible.js';
import { FreshFiles } from './leveldb.js';
import { deliver, type LoadSource, sizeOf } from './loading.js';
import type { Cut, Manifest } from './manifest.js';
import type { Opened } from './opening.js';
import { OwnedStore } from './owned-store.js';
import { GenerationWriter, type Written } from './snapshot-writer.js';
import type {
  Durability,
  Loader,
  OpenReport,
  Position,
  Scheduler,
  SnapshotKind,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from './storage.js';

export interface IndexedDBOptions {
  readonly name: string;
  readonly durability: Durability;
  readonly factory: IDBFactory;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  /** How long one call of IndexedDB may take. */
  readonly timeoutMs: number;
  readonly twice?: boolean | undefined;
  /** It begins with new files of the database (leveldb.ts). */
  readonly freshFiles?: boolean | undefined;
  /** What to do about damage that is not at the end: refuse to open, or cut there. */
  readonly recover: 'refuse' | 'truncate';
  /** Whether there is to be a journal (`appendonly`). */
  readonly journals: boolean;
  /** Of the record that is given away when there is no space left. */
  readonly reserveBytes?: number;
}

export class IndexedDBStorage implements Storage {
  readonly #options: IndexedDBOptions;
  readonly #store: OwnedStore;
  readonly #group: GroupCommit;
  readonly #health: Health;
  #report: OpenReport;
  #durability: Durability;
  /** The end of the last change of it. */
  #changes: Promise<void> = Promise.resolve();
  #journals: boolean;
  /** What was there at open, as long as it is all there is. */
  #records: Records | null;
  readonly #accepted: readonly Position[];
  #inForce: Manifest | null;
  /** True if the data is that of the snapshot in force and the journal behind it. */
  #continuous: boolean;
  #writer: GenerationWriter | null = null;
  #loading = 0;
  /** Bytes of the journal behind the snapshot in force: these and what came behind this position. */
  #behind: { readonly bytes: number; readonly since: number };
  readonly #files: FreshFiles | null;
  readonly #cancelUpkeep: () => void;

  private constructor(options: IndexedDBOptions, store: OwnedStore, files: FreshFiles | null) {
    const { opened } = store;
    const { scheduler, durability } = options;
    this.#options = options;
    this.#store = store;
    this.#durability = durability;
    this.#journals = options.journals;
    this.#continuous = options.journals;
    this.#records = opened.records;
    this.#accepted = acceptedIn(opened);
    this.#inForce = opened.newest.base;
    this.#behind = { bytes: sizeOf(opened.newest.commits), since: 0 };
    this.#report = reportOf(options, opened);
    this.#group = new GroupCommit(store, scheduler, paceOf(durability));
    this.#health = new Health(scheduler, {
      small: () => this.#group.withTail(() => this.#store.reserve.probe()),
      whole: (given) => this.#probe(given),
    });
    this.#group.onFailure((error) => this.#health.failed(error));
    this.#group.onSuccess(() => this.#health.succeeded());
    store.onReserveGiven = (error) => this.#health.reserveGiven(error);
    // Find out at once whether the data is gone with the connection; if not, write the rest again.
    store.onLost = () => void this.#group.check().catch(() => {});
    this.#cancelUpkeep = scheduler.after(RETRY_MS, () => void this.#upkeep());
    this.#files = files;
    if (files !== null) this.#leaveOldFiles(files);
  }

  /** In front of all commits, for they would be lost with it. Without space for that they go on. */
  #leaveOldFiles(files: FreshFiles): void {
    const { durability, scheduler } = this.#options;
    // What was answered is not to wait longer for its commit than it ever does.
    if (durability !== 'always') scheduler.after(FLUSH_PERIOD_MS, () => files.hurry());
    this.#group.exclusive(() => this.#store.begin(files)).catch(() => {});
  }

  static async open(options: IndexedDBOptions): Promise<IndexedDBStorage> {
    const files = options.freshFiles === true ? new FreshFiles(options) : null;
    try {
      return new IndexedDBStorage(options, await OwnedStore.open(options), files);
    } catch (error) {
      await files?.close();
      throw error;
    }
  }

  get report(): OpenReport {
    return this.#report;
  }

  async load(loader: Loader): Promise<void> {
    this.#loading++;
    try {
      await this.#load(loader);
    } finally {
      this.#loading--;
    }
  }

  append(bytes: Uint8Array): number {
    // It would follow on nothing. Who appends may not have heard yet that a base was given up.
    if (!this.#journals) return this.#group.position;
    this.#records = null;
    return this.#group.append(bytes);
  }

  get position(): number {
    return this.#group.position;
  }

  get durablePosition(): number {
    return this.#group.durablePosition;
  }

  durable(position: number): Promise<void> {
    return this.#group.durable(position);
  }

  flush(): Promise<void> {
    return this.#group.flush();
  }

  verify(): Promise<void> {
    return this.#group.check();
  }

  /** One change after the other: what was asked for last is what holds in the end. */
  setDurability(mode: Durability): Promise<void> {
    const changed = this.#changes.then(() => this.#change(mode));
    this.#changes = changed.catch(() => {});
    return changed;
  }

  /** Gives up a snapshot that is under way if another database has to be written to. */
  async #change(mode: Durability): Promise<void> {
    if ((mode === 'no') !== (this.#durability === 'no')) {
      await this.#group.exclusive(async () => {
        this.#cancelSnapshot('appendfsync was changed');
        await this.#store.change(mode);
        this.#report = { ...this.#report, epoch: this.#store.opened.epoch };
      });
    }
    this.#durability = mode;
    this.#group.setPace(paceOf(mode));
  }

  discard(): Promise<void> {
    // It holds what is to be forgotten.
    this.#cancelSnapshot('what was not durable has been discarded');
    return this.#group.discard((chunks) => this.#store.landed(chunks));
  }

  beginSnapshot(kind: SnapshotKind): SnapshotWriter {
    if (this.#writer !== null)
      throw new StorageFault('failed', 'a snapshot is being written already');
    const starts = kind === 'base' && !this.#journals;
    const position = this.#group.position;
    const continuous = this.#continuous;
    let cut: Cut | null = null;
    this.#group.seal(() => {
      cut = this.#store.cut();
    });
    let over = false;
    if (starts) this.#startJournal();
    const complete = async (written: Written) => {
      this.#group.urge();
      await this.#group.durable(position);
      const createdAt = this.#options.scheduler.now();
      const manifest = () => ({ ...written, cut: cut as Cut, continuous, createdAt });
      const begins = () => starts && !over;
      await this.#group.exclusive(() => this.#complete(manifest(), position, begins));
      // What was appended meanwhile is to be durable with the snapshot that it follows.
      if (starts) await this.#group.flush().catch(() => {});
    };
    const ended = () => {
      over = true;
      this.#ended(starts);
    };
    const { generations, opened } = this.#store;
    const { epoch } = opened;
    const number = this.#store.nextNumber();
    this.#writer = new GenerationWriter({ generations, epoch, number, complete, ended });
    return this.#writer;
  }

  get journals(): boolean {
    return this.#journals;
  }

  async stopJournal(): Promise<void> {
    await this.#group.flush();
    this.#journals = false;
    this.#continuous = false;
  }

  get facts(): StorageFacts {
    const { bytes, since } = this.#behind;
    return {
      generation: this.#inForce?.number ?? 0,
      snapshotBytes: this.#inForce?.bytes ?? 0,
      journalBytes: bytes + this.#group.position - since,
      lastDurableAt: this.#store.lastDurableAt,
    };
  }

  get state(): StorageState {
    return this.#health.state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.#health.onState(listener);
  }

  async close(): Promise<void> {
    this.#files?.hurry();
    try {
      await this.#group.flush();
    } finally {
      this.#end();
    }
  }

  async destroy(): Promise<void> {
    this.#end();
    const { factory, name, scheduler, timeoutMs } = this.#options;
    const { aside, series } = this.#store.opened;
    const names = aside.map(({ database }) => database);
    // The strict one last: without it the other would count from its beginning.
    for (const place of [Place.Relaxed, Place.Strict])
      names.push(databaseName(name, place, series[place]));
    names.push(asideName(name));
    for (const database of names)
      await Connection.deleteDatabase({ factory, name: database, scheduler, timeoutMs });
    // What would be left holds no data.
    if (this.#files !== null) await FreshFiles.deleteUnused(this.#options).catch(() => {});
  }

  #end(): void {
    this.#cancelUpkeep();
    const error = new StorageFault('closed', 'the store is closed');
    this.#writer?.cancel(error);
    this.#group.stop(error);
    this.#health.failed(error);
    this.#store.close();
    void this.#files?.close();
  }

  /** What need not be done before the first command. */
  async #upkeep(): Promise<void> {
    await this.#group.exclusive(() => this.#store.sweep()).catch(() => {});
    // A store too small for a reserve works without.
    await this.#group.exclusive(() => this.#store.reserve.put()).catch(() => {});
  }

  async #probe(reserveGiven: boolean): Promise<void> {
    if (reserveGiven) {
      await this.#group.exclusive(() => this.#store.reserve.put());
      this.#health.reserveBack();
    } else if (this.#group.idle) {
      await this.#group.exclusive(() => this.#store.reserve.probe());
      await this.#group.check();
    }
  }

  async #load(loader: Loader): Promise<void> {
    const { generations, bad, opened } = this.#store;
    const { records, tail } = await this.#readAll();
    const source: LoadSource = {
      records,
      tail,
      generations,
      bad,
      accepted: this.#accepted,
      truncate: this.#options.recover === 'truncate',
      epoch: opened.epoch,
      verify: () => this.#group.check(),
    };
    const { base, bytes, frames, damaged, whole } = await deliver(loader, source);
    if (!whole) this.#continuous = false;
    this.#inForce = base;
    this.#behind = { bytes, since: this.#group.position - lengthOf(tail) };
    const snapshotBytes = base?.bytes ?? 0;
    this.#report = { ...this.#report, bytes, frames, snapshotBytes };
    if (damaged !== null) this.#report = { ...this.#report, damaged };
  }

  async #readAll(): Promise<{ records: Records; tail: readonly Uint8Array[] }> {
    const records = this.#records;
    this.#records = null;
    if (records !== null) return { records, tail: [] };
    // What was to follow on a snapshot that is not there follows on nothing.
    if (this.#group.held) this.#cancelSnapshot('everything was loaded again');
    if (this.#group.held) await this.discard();
    return this.#group.withTail(async (tail) => ({ records: await this.#store.read(), tail }));
  }

  /** Lets appends wait for the snapshot on which they are to follow. */
  #startJournal(): void {
    this.#journals = true;
    this.#group.hold(true);
  }

  /** `begins`: whether the journal begins with it. Not if nobody waits for that any more. */
  async #complete(manifest: Manifest, position: number, begins: () => boolean): Promise<void> {
    await this.#store.complete(manifest, this.#loading > 0, () => {
      this.#records = null;
      this.#inForce = manifest;
      this.#behind = { bytes: 0, since: position };
      if (!begins()) return;
      this.#continuous = true;
      this.#group.hold(false);
    });
  }

  #ended(starts: boolean): void {
    this.#writer = null;
    if (!starts || !this.#group.held) return;
    // The journal was to start and does not: what waited for it follows on nothing.
    this.#journals = false;
    this.#group.dropHeld();
  }

  #cancelSnapshot(why: string): void {
    this.#writer?.cancel(new StorageFault('failed', `the snapshot was given up: ${why}`));
  }
}

function reportOf(options: IndexedDBOptions, opened: Opened): OpenReport {
  const { newest, created, epoch, damaged, aside } = opened;
  let frames = 0;
  for (const { payloads } of newest.commits) frames += payloads.length;
  return {
    backend: 'indexeddb',
    reason: null,
    durability: options.durability,
    created,
    epoch,
    frames,
    bytes: sizeOf(newest.commits),
    snapshotBytes: newest.base?.bytes ?? 0,
    damaged,
    aside,
  };
}

function acceptedIn({ newest: { strict, relaxed } }: Opened): readonly Position[] {
  const places: Position[] = [];
  for (const chain of [strict, relaxed]) if (chain?.fault) places.push(chain.fault.at);
  return places;
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

function paceOf(durability: Durability): Pace {
  return durability === 'always' ? 'always' : 'paced';
}
