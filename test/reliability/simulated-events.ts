/**
 * What the parts of the simulated IndexedDB have in common: events, and the ways in which calls fail.
 */
import type { FaultName } from '../storage/faulty-indexeddb.js';
import type { Process, World } from './world.js';

export interface SimulatedEvent {
  readonly type: string;
  readonly target: unknown;
  prevented: boolean;
  preventDefault(): void;
}

type Listener = (event: SimulatedEvent) => void;

/** An EventTarget that does without everything that we do not use. */
export class Emitter {
  onsuccess: Listener | null = null;
  onerror: Listener | null = null;
  oncomplete: Listener | null = null;
  onabort: Listener | null = null;
  onclose: Listener | null = null;
  onblocked: Listener | null = null;
  onversionchange: Listener | null = null;
  onupgradeneeded: Listener | null = null;
  #listeners: { readonly type: string; readonly listener: Listener }[] = [];

  addEventListener(type: string, listener: Listener): void {
    this.#listeners = [...this.#listeners, { type, listener }];
  }

  removeEventListener(type: string, given: Listener): void {
    this.#listeners = this.#listeners.filter(
      ({ type: other, listener }) => other !== type || listener !== given,
    );
  }

  dispatch(type: string, event = eventOf(type, this)): SimulatedEvent {
    (this as unknown as Record<string, Listener | null>)[`on${type}`]?.(event);
    for (const { type: other, listener } of this.#listeners) if (other === type) listener(event);
    return event;
  }
}

function eventOf(type: string, target: unknown): SimulatedEvent {
  const event: SimulatedEvent = {
    type,
    target,
    prevented: false,
    preventDefault: () => {
      event.prevented = true;
    },
  };
  return event;
}

/** How this browser differs from others, and what goes wrong in it. */
export interface Browser {
  /** Firefox: a failed request after `commit()` that is not the last undoes nothing (F11). */
  forgiving: boolean;
  /** WebKit: a transaction that was undone has no error. */
  silent: boolean;
  /** Chromium: a power cut may take a strict transaction out of the midst of others (F24). */
  forgetful: boolean;
  /** What a full disk is called: QuotaExceededError or, in Chromium for files, DataError. */
  fullName: 'QuotaExceededError' | 'DataError';
  /** Milliseconds that a step of the disk takes at most. */
  latencyMs: number;
  /** What becomes of the next call: an open or a transaction. */
  fault(what: 'open' | 'read' | 'write', process: Process): FaultName | null;
}

export const FAULTS: readonly FaultName[] = [
  'QuotaExceededError',
  'DataError',
  'UnknownError',
  'AbortError',
  'null',
  'InvalidStateError',
  'never',
  'late',
  'unheard',
  'close',
];

/** A browser in which nothing goes wrong. */
export function soundBrowser(): Browser {
  return {
    forgiving: false,
    silent: false,
    forgetful: false,
    fullName: 'QuotaExceededError',
    latencyMs: 10,
    fault: () => null,
  };
}

/** Hands events to a process one after the other, each in a task of its own. */
export class EventLine {
  readonly #waiting: { label: string; fire: () => void }[] = [];
  #running = false;

  constructor(
    private readonly world: World,
    private readonly process: Process,
  ) {}

  add(label: string, fire: () => void): void {
    this.#waiting.push({ label, fire });
    if (!this.#running) this.#next();
  }

  #next(): void {
    const event = this.#waiting.shift();
    this.#running = event !== undefined;
    if (event === undefined) return;
    this.world.after(this.world.dice.ms(0.4), this.process, event.label, () => {
      event.fire();
      this.#next();
    });
  }
}
