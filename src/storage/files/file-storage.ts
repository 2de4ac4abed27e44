/**
 * Storage in a directory of Node's, in the files of Redis 7: dump.rdb, and an append only directory with
 * its manifest (src/storage/files/layout.ts). redis-server loads them, and we load its own.
 *
 *   appendonly no     load: dump.rdb                       `dump` replaces it
 *   appendonly yes    load: the manifest's base, then its  `base` begins a file, and replaces the base
 *                     increments; dump.rdb is not looked at
 *
 * What becomes damaged is never deleted: it is copied to quarantine, and told.
 */
import { isFault, StorageFault } from '../errors.js';
import { GroupCommit, handoverOf, type Pace, RETRY_MS } from '../group-commit.js';
import { Health } from '../health.js';
import type {
  DamageReport,
  Durability,
  Handover,
  Loader,
  OpenReport,
  Scheduler,
  SnapshotKind,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from '../storage.js';
import { deliverJournal, deliverSnapshot } from './delivery.js';
import { type Disk, NODE_DISK } from './disk.js';
import { attempt, type Found, figuresOf, findDump, findJournal, sizeOf } from './found.js';
import { Generations, type Log } from './generations.js';
import { Increments } from './increments.js';
import { Layout, type Names } from './layout.js';
import { removeAll, removeLeftBehind } from './leftovers.js';
import { DirectoryLock, type Processes } from './lock.js';
import { type Journal, Opening } from './opening.js';
import { RESERVE_BYTES, Reserve } from './reserve.js';
import { SnapshotFile, type WrittenFile } from './snapshot-file.js';

export interface FileStorageOptions {
  /** Where everything is; an absolute path. */
  readonly directory: string;
  readonly names: Names;
  readonly durability: Durability;
  /** `appendonly`. */
  readonly journals: boolean;
  /** `aof-load-truncated`: a torn end is cut off. */
  readonly loadTruncated: boolean;
  /** `truncate` cuts at other damage too. */
  readonly recover?: 'refuse' | 'truncate';
  readonly scheduler: Scheduler;
  readonly processes: Processes;
  /** What nobody else has or can guess: the name of a file for a moment, and the keys of blocks. */
  readonly token: string;
  readonly log?: Log;
  readonly disk?: Disk;
  readonly reserveBytes?: number;
}

export class FileStorage implements Storage {
  private readonly disk: Disk;
  private readonly layout: Layout;
  private readonly log: Log;
  private readonly increments: Increments;
  private readonly reserve: Reserve;
  private readonly group: GroupCommit;
  private readonly health: Health;
  private currentReport: OpenReport;
  private hasJournal: boolean;
  private writer: SnapshotFile | null = null;
  /** What is behind the snapshot in force leads to the same as the one before it. */
  private isContinuous: boolean;
  private lastSnapshotAt: number | null = null;
  private hasLoaded = false;
  /** What was there at open, until it has been loaded or appended to. */
  private found: Journal | null;
  /** The dump in force is damaged: it does not take the place of the one before. */
  private isDumpBad = false;
  private readonly cancelUpkeep: () => void;
  readonly handover: Handover;

  private constructor(
    private readonly options: FileStorageOptions,
    private readonly lock: DirectoryLock,
    private readonly generations: Generations,
    private readonly opening: Opening,
    found: Found,
  ) {
    const { durability, log, scheduler } = options;
    this.disk = options.disk ?? NODE_DISK;
    this.layout = generations.layout;
    this.log = log ?? (() => {});
    const reserveBytes = options.reserveBytes ?? RESERVE_BYTES;
    this.reserve = new Reserve(this.disk, this.layout.reserve, reserveBytes);
    const { disk, reserve } = this;
    const now = () => scheduler.now();
    const { token: secret } = options;
    this.increments = new Increments({ disk, generations, reserve, secret, now });
    this.increments.syncs = durability !== 'no';
    this.hasJournal = options.journals;
    this.found = options.journals ? found.journal : null;
    this.isContinuous = options.journals && !found.journal.isOlder;
    this.group = new GroupCommit(this.increments, scheduler, paceOf(durability));
    this.handover = handoverOf(this.group);
    this.health = new Health(scheduler, {
      small: () => this.group.withTail(() => this.reserve.probe()),
      whole: (given) => this.probe(given),
    });
    this.group.onFailure((error) => this.health.failed(error));
    this.group.onSuccess(() => this.health.succeeded());
    this.increments.onReserveGiven = (error) => this.health.reserveGiven(error);
    this.currentReport = {
      backend: 'files',
      reason: null,
      durability,
      created: found.created,
      epoch: lock.number,
      ...figuresOf(found.journal),
      snapshotBytes: found.snapshotBytes,
      damaged: opening.damaged,
    };
    generations.snapshotBytes = found.snapshotBytes;
    generations.journalBytes = sizeOf(found.journal);
    this.cancelUpkeep = scheduler.after(RETRY_MS, () => void this.upkeep());
  }

  /** Rejects with a StorageFault: `unavailable` if the directory is in use, `damaged`, or another. */
  static async open(options: FileStorageOptions): Promise<FileStorage> {
    const disk = options.disk ?? NODE_DISK;
    const layout = new Layout(options.directory, options.names);
    const log: Log = options.log ?? (() => {});
    await attempt(`making ${layout.directory}`, disk.makeDirectory(layout.directory));
    const lock = await attempt(
      `taking ${layout.directory}`,
      DirectoryLock.take(disk, layout.directory, options.processes, options.token),
    );
    try {
      const generations = new Generations({ disk, layout, lock, log });
      const { loadTruncated, recover = 'refuse' } = options;
      const epoch = lock.number;
      const opening = new Opening({
        disk,
        layout,
        generations,
        log,
        loadTruncated,
        recover,
        epoch,
      });
      const found = await attempt(
        `opening ${layout.directory}`,
        options.journals ? findJournal(opening) : findDump(disk, layout),
      );
      const storage = new FileStorage(options, lock, generations, opening, found);
      if (options.journals) await attempt('opening the append only file', storage.goOn(found));
      return storage;
    } catch (error) {
      await lock.release().catch(() => {});
      throw error;
    }
  }

  get report(): OpenReport {
    return this.currentReport;
  }

  load(loader: Loader): Promise<void> {
    const { increments } = this;
    return this.group.withTail(async (tail) => {
      const behind = increments.without(tail);
      increments.isRead = true;
      try {
        if (this.hasJournal && increments.isOpen) await this.loadJournal(loader);
        else await this.loadDump(loader);
      } finally {
        increments.isRead = false;
      }
      for (const bytes of behind) await loader.journal(bytes);
      this.hasLoaded = true;
    });
  }

  append(bytes: Uint8Array): number {
    this.found = null;
    return this.group.append(bytes);
  }

  get position(): number {
    return this.group.position;
  }

  get durablePosition(): number {
    return this.group.durablePosition;
  }

  durable(position: number): Promise<void> {
    return this.group.durable(position);
  }

  flush(): Promise<void> {
    return this.group.flush();
  }

  discard(): Promise<void> {
    this.writer?.cancel(new StorageFault('failed', 'what was not durable has been discarded'));
    return this.group.discard(() => this.increments.landed());
  }

  verify(): Promise<void> {
    return this.group.check();
  }

  beginSnapshot(kind: SnapshotKind): SnapshotWriter {
    if (this.writer !== null) {
      throw new StorageFault('failed', 'a snapshot is being written already');
    }
    const starts = kind === 'base' && !this.hasJournal;
    const { position } = this.group;
    if (starts) {
      this.hasJournal = true;
      this.group.hold(true);
    } else if (kind === 'base') this.group.seal(() => this.increments.cutHere());
    const { disk } = this;
    this.writer = new SnapshotFile({
      disk,
      path: this.layout.temporary(kind, this.options.processes.self.pid),
      complete: (written) =>
        kind === 'dump' ? this.installDump(written) : this.installBase(written, position, starts),
      ended: () => this.snapshotEnded(starts),
    });
    return this.writer;
  }

  get journals(): boolean {
    return this.hasJournal;
  }

  async stopJournal(): Promise<void> {
    await this.group.flush();
    await this.group.exclusive(async () => {
      if (!this.increments.syncs) await this.increments.sync();
      await this.increments.close();
    });
    this.hasJournal = false;
    this.isContinuous = false;
  }

  async setDurability(mode: Durability): Promise<void> {
    const { increments } = this;
    if (mode !== 'no' && !increments.syncs) {
      increments.syncs = true;
      // What was written without waiting counts as durable from now on.
      await this.group.exclusive(() => increments.sync());
    }
    increments.syncs = mode !== 'no';
    this.group.setPace(paceOf(mode));
  }

  /** Dumps have this name from now on; those that are there keep theirs. */
  nameDump(name: string): void {
    this.isDumpBad &&= name === this.layout.dbfilename;
    this.layout.dbfilename = name;
  }

  get facts(): StorageFacts {
    const { generations, hasJournal } = this;
    const journaled = this.increments.lastDurableAt;
    const saved = this.lastSnapshotAt;
    return {
      generation: hasJournal ? (generations.manifest.base?.sequence ?? 0) : generations.dumps,
      snapshotBytes: generations.snapshotBytes,
      journalBytes: generations.journalBytes,
      lastDurableAt: journaled === null ? saved : Math.max(journaled, saved ?? 0),
    };
  }

  get state(): StorageState {
    return this.health.state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.health.onState(listener);
  }

  async close(): Promise<void> {
    try {
      await this.group.flush();
      if (!this.increments.syncs) await this.increments.sync();
    } finally {
      await this.end();
      await this.reserve.give().catch(() => false);
      await this.lock.release().catch(() => {});
    }
  }

  async destroy(): Promise<void> {
    const { disk, layout } = this;
    await this.end();
    await removeAll(disk, layout);
    await this.lock.remove();
    await disk.syncDirectory(layout.directory).catch(() => {});
  }

  private async end(): Promise<void> {
    this.cancelUpkeep();
    const error = new StorageFault('closed', 'the store is closed');
    this.writer?.cancel(error);
    this.group.stop(error);
    this.health.failed(error);
    await this.increments.close().catch(() => {});
  }

  /** Appends behind what was found. */
  private async goOn({ journal }: Found): Promise<void> {
    const { generations, increments, layout, log } = this;
    await this.disk.makeDirectory(layout.journals);
    const last = journal.increments.at(-1);
    if (last === undefined) return increments.open(null);
    const { end, file, key } = last;
    const { sum } = (end === 0 ? journal.increments.at(-2) : last) ?? last;
    await increments.open({ name: file.name, end, sum, key });
    log('notice', `Opening AOF incr file ${file.name} on server start`);
    await generations.dropHistory();
  }

  private async loadDump(loader: Loader): Promise<void> {
    const { disk, layout, log } = this;
    const size = await disk.size(layout.dump);
    if (size === null) return;
    const startedAt = this.options.scheduler.monotonic();
    try {
      await deliverSnapshot(disk, layout.dump, size, loader);
      this.tellLoaded(`DB loaded from disk: ${this.secondsSince(startedAt)} seconds`);
    } catch (error) {
      if (!isFault(error, 'damaged')) throw error;
      const older = await disk.size(layout.previousDump);
      if (older === null) throw error;
      this.isDumpBad = true;
      await this.fallBack(layout.dump, layout.dbfilename, size, error);
      await deliverSnapshot(disk, layout.previousDump, older, loader);
      this.currentReport = { ...this.currentReport, snapshotBytes: older };
      log('warning', `${layout.previousDump} was loaded, the snapshot before.`);
    }
  }

  private async loadJournal(loader: Loader): Promise<void> {
    const { generations, opening } = this;
    const startedAt = this.options.scheduler.monotonic();
    const journal = this.found ?? (await this.lookAgain());
    this.found = null;
    if (journal.isOlder) this.isContinuous = false;
    try {
      await this.deliver(journal, loader);
    } catch (error) {
      const { base } = journal;
      const canFallBack = isFault(error, 'damaged') && !journal.isOlder;
      const previous = canFallBack ? await generations.readPrevious() : null;
      if (previous === null || base === null || base.snapshotBytes === 0) throw error;
      const increments = [...previous.increments, ...generations.manifest.increments];
      const older = await opening.look({ base: previous.base, increments, history: [] });
      if (older.base === null) loader.reset?.();
      this.isContinuous = false;
      const { name } = base.file;
      const path = this.layout.inJournals(name);
      await this.fallBack(path, name, base.size, error as StorageFault);
      await this.deliver(older, loader);
      this.currentReport = {
        ...this.currentReport,
        ...figuresOf(older),
        snapshotBytes: older.base?.snapshotBytes ?? 0,
      };
    }
    this.tellLoaded(`DB loaded from append only file: ${this.secondsSince(startedAt)} seconds`);
  }

  private async lookAgain(): Promise<Journal> {
    // What a failed commit has left is not to be taken for damage.
    await this.increments.tidy();
    return this.opening.lookAt(this.generations.manifest);
  }

  private async deliver(journal: Journal, loader: Loader): Promise<void> {
    const { disk, layout } = this;
    let startedAt = this.options.scheduler.monotonic();
    const delivered = ({ file }: { file: { name: string } }, isBase: boolean) => {
      const seconds = this.secondsSince(startedAt);
      this.tellLoaded(
        `DB loaded from ${isBase ? 'base' : 'incr'} file ${file.name}: ${seconds} seconds`,
      );
      startedAt = this.options.scheduler.monotonic();
    };
    if (journal.base?.snapshotBytes) {
      this.tellLoaded('Reading RDB base file on AOF loading...');
    }
    await deliverJournal({ disk, layout, delivered }, journal, loader);
  }

  /** A snapshot turned out to be damaged: a copy is kept, and the one before it is taken. */
  private async fallBack(
    path: string,
    name: string,
    size: number,
    error: StorageFault,
  ): Promise<void> {
    await this.opening.setAside(path, name, 0, size);
    this.log('warning', `${path} is damaged and was set aside: ${error.message}`);
    const damaged: DamageReport = {
      kind: 'damaged',
      at: { epoch: this.generations.manifest.base?.sequence ?? 0, n: 0 },
      bytesLost: size,
      cause: `${path}: ${error.message}`,
    };
    this.currentReport = { ...this.currentReport, damaged };
  }

  private tellLoaded(text: string): void {
    if (!this.hasLoaded) this.log('notice', text);
  }

  private secondsSince(startedAt: number): string {
    return ((this.options.scheduler.monotonic() - startedAt) / 1000).toFixed(3);
  }

  private async installDump({ bytes, path }: WrittenFile): Promise<void> {
    const { disk, generations, layout } = this;
    // The one before stays under a name of its own.
    if (!this.isDumpBad && (await disk.size(layout.dump)) !== null) {
      const beside = `${path}.previous`;
      await disk.remove(beside);
      await disk.link(layout.dump, beside);
      await disk.rename(beside, layout.previousDump);
    }
    await disk.rename(path, layout.dump);
    this.isDumpBad = false;
    await disk.syncDirectory(layout.directory);
    generations.dumps++;
    if (!this.hasJournal) generations.snapshotBytes = bytes;
    this.lastSnapshotAt = this.options.scheduler.now();
  }

  private async installBase(written: WrittenFile, position: number, starts: boolean) {
    if (!starts) {
      this.group.urge();
      await this.group.durable(position);
    }
    await this.group.exclusive(() => this.putBase(written, starts));
    // What was appended meanwhile is to be durable with the base that it follows on.
    if (starts) await this.group.flush();
  }

  private async putBase({ bytes, isCommands, path }: WrittenFile, starts: boolean): Promise<void> {
    const { disk, generations, increments, layout } = this;
    await disk.makeDirectory(layout.journals);
    if (starts) await generations.readManifest().catch(() => {});
    if (starts) increments.cutHere();
    const cut = await increments.passCut();
    const base = { ...generations.nextBase(isCommands), bytes };
    await disk.rename(path, layout.inJournals(base.name));
    await disk.syncDirectory(layout.journals);
    await disk.syncDirectory(layout.directory);
    await generations.install(base, cut, this.isContinuous && !starts);
    this.isContinuous = true;
    generations.snapshotBytes = bytes;
    generations.journalBytes = 0;
    this.lastSnapshotAt = this.options.scheduler.now();
    if (starts) this.group.hold(false);
  }

  private snapshotEnded(starts: boolean): void {
    this.writer = null;
    if (!starts || !this.group.held) return;
    // The journal was to start and does not: what waited for it follows on nothing.
    this.hasJournal = false;
    this.group.dropHeld();
  }

  private async probe(reserveGiven: boolean): Promise<void> {
    if (reserveGiven) {
      await this.group.exclusive(() => this.reserve.put());
      this.health.reserveBack();
    } else if (this.group.idle) await this.group.exclusive(() => this.reserve.probe());
    // There is nothing that would have to be written again.
    if (this.group.idle) await this.group.check();
  }

  /** What need not be done before the first command. A disk too small for a reserve works without. */
  private async upkeep(): Promise<void> {
    const { disk, layout } = this;
    const { processes } = this.options;
    await this.group.exclusive(() => this.reserve.put()).catch(() => {});
    await this.group.exclusive(() => removeLeftBehind(disk, layout, processes)).catch(() => {});
  }
}

function paceOf(durability: Durability): Pace {
  return durability === 'always' ? 'always' : 'paced';
}
