/**
 * How storage is: `ok`, `full`, `failing` or `ended`, from what its attempts come to. While it is not
 * ok something is tried every RETRY_MS, so that it finds out by itself when the cause has gone.
 */
import type { StorageError } from '../resp/errors.js';
import { isFault, isFinal } from './errors.js';
import { RETRY_MS } from './group-commit.js';
import type { Scheduler, StorageState } from './storage.js';

const OK: StorageState = { kind: 'ok', error: null };

export class Health {
  readonly #scheduler: Scheduler;
  readonly #probe: (reserveGiven: boolean) => Promise<void>;
  readonly #listeners: ((state: StorageState) => void)[] = [];
  #failure: StorageError | null = null;
  /** For lack of what the reserve was given away; null: it was not. */
  #given: StorageError | null = null;
  #state: StorageState = OK;
  #cancelProbe: (() => void) | null = null;

  /** `probe` puts the reserve back if it was given away, else tries to write anything at all. */
  constructor(scheduler: Scheduler, probe: (reserveGiven: boolean) => Promise<void>) {
    this.#scheduler = scheduler;
    this.#probe = probe;
  }

  get state(): StorageState {
    return this.#state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.#listeners.push(listener);
  }

  failed(error: StorageError): void {
    this.#failure = error;
    this.#tell();
  }

  succeeded(): void {
    this.#failure = null;
    this.#tellChange();
  }

  /** The reserve was given away for lack of space. */
  reserveGiven(error: StorageError): void {
    this.#given ??= error;
    this.#tellChange();
  }

  reserveBack(): void {
    this.#given = null;
    this.#tellChange();
  }

  stop(): void {
    this.#cancelProbe?.();
    this.#cancelProbe = null;
  }

  #judge(): StorageState {
    const error = this.#failure;
    if (error !== null && isFinal(error)) return { kind: 'ended', error };
    if (this.#given !== null) return { kind: 'full', error: error ?? this.#given };
    if (error === null) return OK;
    return { kind: isFault(error, 'full') ? 'full' : 'failing', error };
  }

  #tellChange(): void {
    if (this.#judge().kind !== this.#state.kind) this.#tell();
  }

  #tell(): void {
    this.#state = this.#judge();
    const probes = this.#state.kind === 'full' || this.#state.kind === 'failing';
    if (!probes) this.stop();
    else this.#cancelProbe ??= this.#scheduler.after(RETRY_MS, () => void this.#try());
    for (const listener of this.#listeners) listener(this.#state);
  }

  async #try(): Promise<void> {
    try {
      await this.#probe(this.#given !== null);
    } catch {
      // It is as it was.
    }
    if (this.#cancelProbe === null) return;
    this.#cancelProbe = this.#scheduler.after(RETRY_MS, () => void this.#try());
  }
}
