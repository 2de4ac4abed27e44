/**
 * The keys that somebody wants to hear of: watched ones, ones that clients are blocked on, ones that
 * clients have cached. The core is told of each key once, however many want to hear of it.
 */
import { asciiText } from '../commands/ascii.js';
import type { Engine } from '../engine/engine.js';

export interface KeyOfInterest {
  readonly database: number;
  readonly key: Uint8Array;
  /** The same for the same key of the same database. */
  readonly id: string;
}

type Observer = (touched: KeyOfInterest, isReady: boolean) => void;

export function keyOfInterest(database: number, key: Uint8Array): KeyOfInterest {
  return { database, key, id: `${database}:${asciiText(key)}` };
}

export class Interests {
  private readonly wanted = new Map<string, { readonly key: KeyOfInterest; count: number }>();
  private readonly observers: Observer[] = [];

  constructor(private readonly engine: Engine) {}

  /** `observer` hears of every key that is touched, whoever declared it. */
  observe(observer: Observer): void {
    this.observers.push(observer);
  }

  /** One more wants to hear of the key. Throws EngineMemoryError. */
  declare(key: KeyOfInterest): void {
    const wanted = this.wanted.get(key.id);
    if (wanted !== undefined) {
      wanted.count++;
      return;
    }
    this.engine.setInterest(key.database, key.key, true);
    this.wanted.set(key.id, { key, count: 1 });
  }

  /** One less does. */
  withdraw({ database, key, id }: KeyOfInterest): void {
    const wanted = this.wanted.get(id);
    if (wanted !== undefined && wanted.count > 1) {
      wanted.count--;
      return;
    }
    this.wanted.delete(id);
    this.engine.setInterest(database, key, false);
  }

  /** All data have been replaced: every key counts as touched. */
  tellOfAll(): void {
    for (const { key } of [...this.wanted.values()]) {
      for (const observe of this.observers) observe(key, true);
    }
  }

  /** Tells of the keys that were touched since the last call. */
  tell(): void {
    if (this.wanted.size === 0) return;
    for (const { database, key, isReady } of this.engine.takeTouched()) {
      const touched = keyOfInterest(database, key);
      for (const observe of this.observers) observe(touched, isReady);
    }
  }
}
