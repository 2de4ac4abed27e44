/**
 * Recovery: an engine that has broken, or that knows more than storage could keep, is started afresh
 * and filled from storage. Meanwhile the store takes nothing; sessions stay.
 *
 * A core that breaks again and again while it is being filled ends the store: that is no fault that
 * passes.
 */
import { isTrap } from '../../engine/engine.js';
import { StorageError } from '../../resp/errors.js';
import { isFinal } from '../../storage/errors.js';
import { withOwnNames } from '../engine-settings.js';
import type { Host } from '../host.js';
import { loadEngine } from './replay.js';

/** To whose command the core has broken under. */
export const UNDONE = 'ERR internal error: the command was undone';
const ATTEMPTS_MAX = 2;
const READ_ATTEMPTS_MAX = 5;
const RETRY_MS = 1000;

export class Recovery {
  /** How often the engine has been started afresh. */
  restarts = 0;
  /** How often what was executed has been given up. */
  discards = 0;
  /** Resolves when nothing is being mended. */
  done: Promise<void> = Promise.resolve();
  private isAtWork = false;
  /** Changes since the last save, before the engine was started afresh. */
  private unsaved = 0;

  constructor(private readonly host: Host) {}

  /** Whether something is being mended. */
  get isOn(): boolean {
    return this.isAtWork;
  }

  /** Does something with the engine outside of a batch; false if that broke it. */
  guard(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isTrap(error)) throw error;
      this.afterTrap(error);
      return false;
    }
  }

  /**
   * The core is broken. What stood before its last command is kept; all else comes from storage. True
   * if that was the command of a session that had waited: it has been told.
   */
  afterTrap(error: unknown): boolean {
    const { host } = this;
    if (this.isAtWork) throw error;
    host.log('warning', `The core has broken: ${String(error)}. It is started afresh.`);
    const effects = host.engine.soundEffects();
    if (effects.length > 0) host.persistence.durability?.append(effects);
    this.restart();
    this.begin(() => this.refill());
    return host.blocking.failServed(UNDONE);
  }

  /** What was executed cannot be kept and is nobody's: the data become what storage has. */
  afterRefusal(): void {
    if (this.isAtWork) return;
    this.begin(async () => {
      this.discards++;
      await this.host.storage?.discard();
      this.restart();
      await this.refill();
    });
  }

  /** The data were deleted from outside, and are not written again (docs/RELIABILITY.md P14). */
  afterWipe(): void {
    if (this.isAtWork) return;
    this.begin(async () => {
      await null;
      this.restart();
      this.host.scripts.libraries.restore([]);
    });
  }

  /** Reads everything anew (DEBUG LOADAOF). */
  reload(): Promise<void> {
    this.begin(async () => {
      // The command at hand has to end first.
      await null;
      this.host.takeEffects();
      this.restart();
      await this.refill();
    });
    return this.done;
  }

  /** `work` goes on while the store takes nothing. */
  private begin(work: () => Promise<void>): void {
    const release = this.host.batches.hold();
    this.isAtWork = true;
    this.done = work()
      .then(() => {
        this.isAtWork = false;
        this.guard(() => this.tellOthers());
      })
      .catch((error) => this.host.persistence.end(error))
      .finally(release);
  }

  private restart(): void {
    const { host } = this;
    this.unsaved = this.countUnsaved();
    host.scripts.running?.breakOff();
    host.engine.restart();
    this.restarts++;
  }

  /** Rejects with a StorageError if there is no way to get the data. */
  private async refill(): Promise<void> {
    let traps = 0;
    let failures = 0;
    for (;;) {
      try {
        await this.load();
        return;
      } catch (error) {
        if (isTrap(error) && ++traps >= ATTEMPTS_MAX) throw endless(error);
        if (!isTrap(error) && (isEndOf(error) || ++failures >= READ_ATTEMPTS_MAX)) throw error;
        this.restart();
        if (!isTrap(error)) await this.pause();
      }
    }
  }

  private async load(): Promise<void> {
    const { config, engine, scripts, storage } = this.host;
    engine.setTime(this.host.clock.now());
    if (storage === null || storage.report.backend === 'memory') {
      scripts.libraries.restore([]);
      return this.tellOfLoss('all data are gone, for they are kept in memory only');
    }
    const { libraries } = await withOwnNames(this.host, () =>
      loadEngine(storage, engine, config.number('databases'), () => {}),
    );
    scripts.libraries.restore(libraries);
    this.host.persistence.saves.resetChanges(storage.journals ? this.unsaved : 0);
    if (!storage.journals) this.tellOfLoss('changes since the last save are gone');
  }

  private tellOfLoss(what: string): void {
    const message = `The core had to be started afresh: ${what}`;
    this.host.log('warning', message);
    this.host.persistence.events.emit({ state: 'recovered', message });
  }

  /** All keys count as touched: what was watched, cached and waited for is looked at again. */
  private tellOthers(): void {
    const { host } = this;
    host.engine.setEffects(host.notesEffects);
    host.interests.declareAgain();
    host.persistence.durability?.afterDiscard();
    host.interests.tellOfAll();
    host.settle(true);
    host.tracking.broadcast();
    host.takeEffects();
    host.wake();
  }

  /** As far as a broken core can tell it. */
  private countUnsaved(): number {
    try {
      return this.host.persistence.saves.changes;
    } catch {
      return this.unsaved;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => this.host.startTimer(RETRY_MS, resolve));
  }
}

function isEndOf(error: unknown): boolean {
  return !(error instanceof StorageError) || isFinal(error);
}

function endless(cause: unknown): StorageError {
  return new StorageError('The core breaks whenever the data are read: the store has ended', {
    cause,
  });
}
