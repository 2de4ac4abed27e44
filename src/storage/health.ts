/**
 * How storage is: `ok`, `full`, `failing` or `ended`, from what its attempts come to. While it is not
 * ok something is tried every RETRY_MS, so that it finds out by itself when the cause has gone.
 */
import type { StorageError } from '../resp/errors.js';
import { isFault, isFinal } from './errors.js';
import { RETRY_MS } from './group-commit.js';
import type { Scheduler, StorageState } from './storage.js';

/** What is tried while it is not ok. */
export interface Probes {
  /** Resolves if a few bytes can be written. */
  small(): Promise<void>;
  /** Puts the reserve back if it was given away, else tries to write anything at all. */
  whole(reserveGiven: boolean): Promise<void>;
}

const OK: StorageState = { kind: 'ok', error: null };

export class Health {
  readonly #scheduler: Scheduler;
  readonly #probes: Probes;
  readonly #listeners: ((state: StorageState) => void)[] = [];
  #failure: StorageError | null = null;
  /** For lack of what the reserve was given away; null: it was not. */
  #given: StorageError | null = null;
  /** What failed last failed for lack of space, and a few bytes do not fit either. */
  #exhausted = false;
  #state: StorageState = OK;
  #cancelProbe: (() => void) | null = null;

  constructor(scheduler: Scheduler, probes: Probes) {
    this.#scheduler = scheduler;
    this.#probes = probes;
  }

  get state(): StorageState {
    return this.#state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.#listeners.push(listener);
  }

  failed(error: StorageError): void {
    this.#failure = error;
    this.#exhausted = isFault(error, 'full');
    this.#tell();
    // What failed may have been large.
    if (this.#exhausted) void this.#trySmall();
  }

  succeeded(): void {
    this.#failure = null;
    this.#exhausted = false;
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
    const exhausted = this.#exhausted;
    if (this.#given !== null) return { kind: 'full', error: error ?? this.#given, exhausted };
    if (error === null) return OK;
    return isFault(error, 'full') ? { kind: 'full', error, exhausted } : { kind: 'failing', error };
  }

  #tellChange(): void {
    const next = this.#judge();
    const before = this.#state;
    const isSame = next.kind === before.kind && isExhausted(next) === isExhausted(before);
    if (!isSame) this.#tell();
  }

  #tell(): void {
    this.#state = this.#judge();
    const probes = this.#state.kind === 'full' || this.#state.kind === 'failing';
    if (!probes) this.stop();
    else this.#cancelProbe ??= this.#scheduler.after(RETRY_MS, () => void this.#try());
    for (const listener of this.#listeners) listener(this.#state);
  }

  async #trySmall(): Promise<void> {
    try {
      await this.#probes.small();
      this.#exhausted = false;
      this.#tellChange();
    } catch {
      // It is as it was.
    }
  }

  async #try(): Promise<void> {
    if (this.#exhausted) await this.#trySmall();
    try {
      await this.#probes.whole(this.#given !== null);
    } catch {
      // It is as it was.
    }
    if (this.#cancelProbe === null) return;
    this.#cancelProbe = this.#scheduler.after(RETRY_MS, () => void this.#try());
  }
}

function isExhausted(state: StorageState): boolean {
  return state.kind === 'full' && state.exhausted;
}
