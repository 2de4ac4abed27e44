/**
 * Persistence: what a store does so that its data outlive it. It opens storage and fills the engine
 * from it, hands effects on, refuses writes that could not be kept, saves, and tells of all that.
 */

import { CommandFlag } from '../../commands/flags.js';
import { FencedError, StorageError } from '../../resp/errors.js';
import type { PersistenceEvent, PersistenceProgress, StorageInfo } from '../../resp/persistence.js';
import { isFault, isFinal } from '../../storage/errors.js';
import type { SnapshotKind, Storage, StorageState } from '../../storage/storage.js';
import { ConfigError } from '../config-values.js';
import type { Host } from '../host.js';
import { Durability } from './durability.js';
import { PersistenceEvents } from './persistence-events.js';
import { Recovery } from './recovery.js';
import { isRefused, journalRefusal, SNAPSHOT_REFUSAL } from './refusals.js';
import { loadEngine } from './replay.js';
import { Saves } from './saves.js';

/** A pause this long between two turns may have cost the store its ownership (F9). */
const PAUSE_MS_MAX = 500;
/** After storage could not tell whose the store is. */
const VERIFY_RETRY_MS = 500;
const NO_JOURNAL = 'Unable to turn on AOF. Check server logs.';

export class Persistence {
  readonly events = new PersistenceEvents();
  readonly saves: Saves;
  readonly recovery: Recovery;
  readonly durability: Durability | null;
  /** Whether some commands are refused for now: asked for each batch, so it is kept. */
  isRefusing = false;
  /** Why the store has ended, if it has. */
  ending: Error | null = null;
  private savesAtClose = true;
  private readonly endListeners: ((error: Error) => void)[] = [];
  /** A base is being written that the journal is to begin with. */
  private isStarting = false;
  /** Whether there is to be a journal: a base (BGREWRITEAOF) is written without one too. */
  private wantsJournal: boolean;
  /** A change of `appendonly` that is under way. */
  private journalChange: Promise<void> | null = null;
  /** When the host was last at work, by both clocks. */
  private turnAt: number;
  private turnAtMonotonic: number;
  private isVerifying = false;
  /** Whether another owner may take the store over. */
  private readonly canBeRobbed: boolean;

  constructor(private readonly host: Host) {
    const { clock, storage } = host;
    this.wantsJournal = storage?.journals ?? false;
    this.saves = new Saves(host);
    this.recovery = new Recovery(host);
    this.durability =
      storage === null ? null : new Durability(storage, () => this.recovery.afterRefusal());
    this.turnAt = clock.now();
    this.turnAtMonotonic = clock.monotonic();
    this.canBeRobbed = storage?.report.backend === 'indexeddb';
    if (storage !== null) this.follow();
  }

  // For those who show it to users

  /** What happened before anybody listened is told to the first listener. */
  on(listener: (event: PersistenceEvent) => void): void {
    this.events.on(listener);
  }

  onProgress(listener: (progress: PersistenceProgress) => void): void {
    this.events.onProgress(listener);
  }

  /** `listener` hears that the store has ended by itself: it answers nobody any more. */
  onEnd(listener: (error: Error) => void): void {
    this.endListeners.push(listener);
  }

  info(): StorageInfo {
    const { storage } = this.host;
    const { saves } = this;
    const report = storage?.report;
    const state = storage?.state ?? { kind: 'ok', error: null };
    const facts = storage?.facts;
    return {
      backend: report?.backend ?? 'memory',
      durability: this.host.config.text('appendfsync') as StorageInfo['durability'],
      appendOnly: storage?.journals ?? false,
      generation: facts?.generation ?? 0,
      snapshotBytes: facts?.snapshotBytes ?? 0,
      journalBytes: facts?.journalBytes ?? 0,
      lastDurableAt: facts?.lastDurableAt ?? null,
      lastSaveAt: saves.hasSaved ? saves.lastSaveAt : null,
      bytesLost: report?.damaged?.bytesLost ?? 0,
      epoch: report?.epoch ?? 0,
      created: report?.created ?? true,
      state: this.ending === null ? state.kind : 'ended',
      reason: this.ending?.message ?? state.error?.message ?? report?.reason ?? null,
    };
  }

  /** Resolves when the snapshot is durable. Rejects with a StorageError, or EngineMemoryError. */
  save(kind: SnapshotKind): Promise<void> {
    return this.saves.save(kind);
  }

  /** Deletes everything that is kept; the store ends. */
  async destroy(): Promise<void> {
    this.host.scheduler.stop();
    for (const session of [...this.host.sessions.values()]) this.host.kill(session);
    await this.host.storage?.destroy();
  }

  // For the host

  /** Whether anything outlives the program. */
  get isKept(): boolean {
    const { storage } = this.host;
    return storage !== null && storage.report.backend !== 'memory';
  }

  /** Whether what is written is noted down for the journal. */
  get notesEffects(): boolean {
    if (!this.isKept || !this.wantsJournal) return false;
    return this.isStarting || this.host.storage?.journals === true;
  }

  /** Something has changed that decides what is refused. */
  decide(): void {
    this.isRefusing = this.state.kind !== 'ok' || this.isSaveMissing;
  }

  /** The error reply to a command with these flags, or null. */
  refusalOf(flags: number): string | null {
    if (this.isSaveMissing && flags & CommandFlag.WRITE) return SNAPSHOT_REFUSAL;
    const { state } = this;
    const isStrict = this.durability?.strict === true;
    return isRefused(state, flags, isStrict) ? journalRefusal(state.error) : null;
  }

  /** To PING, which tells of trouble of any kind. */
  get refusalOfPing(): string | null {
    return this.isRefusing
      ? (this.refusalOf(CommandFlag.WRITE | CommandFlag.DENYOOM) ?? null)
      : null;
  }

  /** Fills the engine, which is empty, when the store is opened. */
  async open(): Promise<void> {
    const { config, engine, scripts, storage } = this.host;
    if (storage === null) return;
    const { bytes: journalBytes, snapshotBytes } = storage.report;
    const total = journalBytes + snapshotBytes;
    const { libraries, snapshotKeys } = await loadEngine(
      storage,
      engine,
      config.number('databases'),
      (bytes) => this.events.progress({ doing: 'loading', bytes, total: Math.max(bytes, total) }),
    );
    scripts.libraries.restore(libraries);
    this.saves.loadedKeys = snapshotKeys;
    this.saves.resetChanges();
    this.events.opened(storage.report);
    this.decide();
    this.turnAt = this.host.clock.now();
    this.turnAtMonotonic = this.host.clock.monotonic();
  }

  /** Whether everything that has been executed is in the journal, and that is durable. */
  get isDurable(): boolean {
    const { storage } = this.host;
    if (!storage?.journals || this.journalChange !== null) return false;
    return storage.durablePosition >= storage.position;
  }

  async executedIsDurable(): Promise<void> {
    // What was executed before a journal begins is in the base on which it follows.
    while (this.journalChange !== null) await this.journalChange.catch(() => {});
    await this.host.storage?.flush();
  }

  /** All data have been replaced by what was never written down: keeps them. */
  async keepAll(): Promise<void> {
    if (!this.isKept) return;
    await this.saves.save(this.host.storage?.journals ? 'base' : 'dump');
  }

  /**
   * What SHUTDOWN has to save first, `save` as it was asked for: null if that is nothing. Rejects if it
   * fails.
   */
  prepareForShutdown(save: boolean | null): Promise<void> | null {
    const { log, storage } = this.host;
    log('warning', 'User requested shutdown...');
    if (storage === null || !this.isKept) return null;
    const saves = save ?? this.saves.hasRules;
    return storage.journals || saves ? this.writeTheLast(storage, saves) : null;
  }

  /** What is to be saved has been saved or given up: the store ends, and `close` saves nothing more. */
  noteShutdown(): void {
    this.savesAtClose = false;
  }

  /**
   * What `close` has to save: without a journal all that has changed since the last snapshot, if there
   * are rules for when to save. Rejects if it fails.
   */
  async saveTheLast(): Promise<void> {
    const { storage } = this.host;
    if (storage === null || storage.journals || !this.isKept || !this.savesAtClose) return;
    if (this.ending !== null || storage.state.kind === 'ended') return;
    if (this.saves.hasRules && this.saves.changes > 0) await this.saves.save('dump');
  }

  /** `appendonly` is to be this from now on. Throws a ConfigError if it cannot. */
  setJournal(on: boolean): void | Promise<void> {
    const { host } = this;
    const { storage } = host;
    if (on && (storage === null || !this.isKept)) {
      host.log('warning', 'There is no place here that an append only file could be kept in.');
      throw new ConfigError(NO_JOURNAL);
    }
    const again = () => this.setJournal(on);
    // One change after the other: the last one holds in the end.
    if (this.journalChange !== null) return this.journalChange.then(again, again);
    if (storage === null || storage.journals === on) return;
    host.takeEffects();
    const change = on ? this.startJournal() : storage.stopJournal();
    this.journalChange = change
      .then(() => {
        // One that could not be stopped goes on.
        this.wantsJournal = on;
        host.engine.setEffects(this.notesEffects);
        this.decide();
      })
      .finally(() => {
        this.journalChange = null;
      });
    return this.journalChange;
  }

  /** A base has been begun that starts the journal: what is executed from now on follows it there. */
  journalFollows(): void {
    if (!this.wantsJournal) return;
    this.isStarting = true;
    this.host.engine.setEffects(true);
  }

  /** A base is there: where no journal is wanted, none begins with it. */
  async endUnwantedJournal(): Promise<void> {
    const { storage } = this.host;
    if (!this.wantsJournal && storage?.journals) await storage.stopJournal();
  }

  /** The host is at work. After a pause it answers nothing before it is sure of its store. */
  noteTurn(now: number): void {
    if (!this.canBeRobbed) return;
    const monotonic = this.host.clock.monotonic();
    const pause = Math.max(now - this.turnAt, monotonic - this.turnAtMonotonic);
    this.turnAt = now;
    this.turnAtMonotonic = monotonic;
    if (pause > PAUSE_MS_MAX && !this.isVerifying) void this.verify();
  }

  /** The store cannot go on: nobody is answered any more. */
  end(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (this.ending !== null) return;
    this.ending = error;
    this.host.log('warning', `The store has ended: ${error.message}`);
    this.events.emit({ state: 'degraded', message: error.message });
    this.host.scheduler.stop();
    for (const session of [...this.host.sessions.values()]) this.host.kill(session);
    for (const listener of this.endListeners) listener(error);
  }

  /** The last snapshot could not be written, and that is not to go unnoticed. */
  private get isSaveMissing(): boolean {
    if (this.saves.dump.isOk || !this.saves.hasRules) return false;
    return this.host.config.flag('stop-writes-on-bgsave-error');
  }

  private get state(): StorageState {
    const { storage } = this.host;
    // Without a journal a snapshot that fails tells it.
    if (storage === null || !(storage.journals || storage.state.kind === 'ended')) return SOUND;
    return storage.state;
  }

  /** Keeps the configuration and everybody informed about storage. */
  private follow(): void {
    const { config, log, storage } = this.host;
    if (storage === null || this.durability === null) return;
    this.durability.strict = storage.report.durability === 'always';
    config.declare('appendfsync', storage.report.durability);
    config.declare('appendonly', storage.journals && this.isKept ? 'yes' : 'no');
    let wasOk = true;
    storage.onState((state) => {
      const { error } = state;
      this.decide();
      if (isFault(error, 'closed')) return;
      if (error === null) {
        log('warning', 'AOF write error looks solved. The server can write again.');
      } else if (wasOk) log('warning', `Error writing to the journal: ${error.message}`);
      wasOk = error === null;
      this.events.storage(state);
      if (isFault(error, 'wiped')) this.recovery.afterWipe();
    });
  }

  private async writeTheLast(storage: Storage, saves: boolean): Promise<void> {
    const { log } = this.host;
    if (storage.journals) {
      log('notice', 'Calling fsync() on the AOF file.');
      await storage.flush();
    }
    if (!saves) return;
    log('notice', 'Saving the final RDB snapshot before exiting.');
    await this.saves.save('dump');
    log('notice', 'DB saved on disk');
  }

  private async startJournal(): Promise<void> {
    const { engine, log } = this.host;
    this.wantsJournal = true;
    try {
      await this.saves.save('base');
    } catch (error) {
      log('warning', `The append only file could not be begun: ${String(error)}`);
      this.wantsJournal = false;
      throw new ConfigError(NO_JOURNAL);
    } finally {
      this.isStarting = false;
      engine.setEffects(this.notesEffects);
      if (!this.notesEffects) engine.clearEffects();
    }
  }

  private async verify(): Promise<void> {
    this.isVerifying = true;
    const release = this.host.batches.hold();
    while (!(await this.isSettled())) await this.pause(VERIFY_RETRY_MS);
    this.isVerifying = false;
    release();
  }

  /** False if storage cannot tell whether the store is still ours. */
  private async isSettled(): Promise<boolean> {
    try {
      await this.host.storage?.verify();
    } catch (error) {
      if (error instanceof FencedError) this.end(error);
      return !(error instanceof StorageError) || isFinal(error);
    }
    return true;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.host.startTimer(ms, resolve));
  }
}

const SOUND: StorageState = { kind: 'ok', error: null };
