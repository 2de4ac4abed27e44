/** Who hears how the data are kept, and how far long work is. */
import type { PersistenceEvent, PersistenceProgress } from '../../resp/persistence.js';
import { isFault } from '../../storage/errors.js';
import type { OpenReport, StorageState } from '../../storage/storage.js';

/** Watchers are told when so much more has been done: each time is a message to a page. */
const PROGRESS_STEP_BYTES = 1024 * 1024;

export class PersistenceEvents {
  private readonly listeners: ((event: PersistenceEvent) => void)[] = [];
  private readonly watchers: ((progress: PersistenceProgress) => void)[] = [];
  /** What happened before anybody listened. */
  private unheard: PersistenceEvent[] = [];
  private last: StorageState['kind'] = 'ok';
  /** What watchers were told last. */
  private told: PersistenceProgress | null = null;

  on(listener: (event: PersistenceEvent) => void): void {
    this.listeners.push(listener);
    const { unheard } = this;
    this.unheard = [];
    for (const event of unheard) listener(event);
  }

  onProgress(watcher: (progress: PersistenceProgress) => void): void {
    this.watchers.push(watcher);
  }

  emit(event: PersistenceEvent): void {
    if (this.listeners.length === 0) this.unheard.push(event);
    for (const listener of this.listeners) listener(event);
  }

  progress(progress: PersistenceProgress): void {
    if (!this.isNews(progress)) return;
    this.told = progress;
    for (const watcher of this.watchers) watcher(progress);
  }

  private isNews({ doing, bytes, total }: PersistenceProgress): boolean {
    const { told } = this;
    if (told === null || told.doing !== doing || bytes < told.bytes || bytes === total) return true;
    return bytes - told.bytes >= PROGRESS_STEP_BYTES;
  }

  /** What was found when the store was opened. */
  opened({ backend, damaged, reason }: OpenReport): void {
    if (backend === 'memory' && reason !== null && reason !== ASKED_FOR) {
      this.emit({ state: 'degraded', message: `nothing will be kept: ${reason}` });
    }
    if (damaged === null) return;
    const { at, bytesLost, cause } = damaged;
    const place = `${at.epoch}:${at.n}`;
    this.emit({ state: 'recovered', message: `set aside: ${cause}`, bytesLost, at: place });
  }

  /** Storage is in another state. */
  storage(state: StorageState): void {
    if (state.kind === this.last) return;
    this.last = state.kind;
    if (state.kind === 'ok') this.emit({ state: 'ok', message: 'writes are taken again' });
    else if (!isFault(state.error, 'closed')) {
      const isWiped = isFault(state.error, 'wiped');
      const failed = state.kind === 'full' ? 'full' : 'degraded';
      this.emit({ state: isWiped ? 'wiped' : failed, message: state.error.message });
    }
  }
}

/** The reason of a store that was to keep nothing. */
const ASKED_FOR = 'asked for';
