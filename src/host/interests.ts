/**
 * The keys that somebody wants to hear of: watched ones, ones that clients are blocked on, ones that
 * clients have cached. The core is told of each key once, however many want to hear of it.
 */
import type { Engine } from '../engine/engine.js';
import { KeyEvent } from '../engine/touched-keys.js';
import { binaryBytes, binaryText } from './binary-text.js';

export interface KeyOfInterest {
  readonly database: number;
  readonly key: Uint8Array;
  /** The same for the same key of the same database. */
  readonly id: string;
}

/** Stands for all databases. */
const ANYWHERE = 2 ** 32 - 1;
const FOLLOW_EMPTYING = 1;
const FOLLOW_ALL = 2;

type Observer = (touched: KeyOfInterest, event: KeyEvent) => void;

export function keyOfInterest(database: number, key: Uint8Array): KeyOfInterest {
  return { database, key, id: `${database}:${binaryText(key)}` };
}

export class Interests {
  private readonly wanted = new Map<string, { readonly key: KeyOfInterest; count: number }>();
  private readonly observers: Observer[] = [];
  private readonly flushObservers: (() => void)[] = [];
  /** Keys of no database in particular. */
  private readonly keysAnywhere = new Set<string>();
  private followed = 0;

  constructor(private readonly engine: Engine) {}

  /** `observer` hears of every key that something happened to, whoever declared it. */
  observe(observer: Observer): void {
    this.observers.push(observer);
  }

  /** `observer` hears that a database was emptied by a command, if that is followed. */
  observeFlush(observer: () => void): void {
    this.flushObservers.push(observer);
  }

  /** What observers hear of beside declared keys: that databases were emptied, all keys. */
  follow(emptying: boolean, all: boolean): void {
    this.followed = (emptying ? FOLLOW_EMPTYING : 0) | (all ? FOLLOW_ALL : 0);
    this.engine.configure('follow', this.followed);
  }

  /** Declares or withdraws a key of this name in whichever database, once. */
  setAnywhere(key: Uint8Array, on: boolean): void {
    this.engine.setInterest(ANYWHERE, key, on);
    if (on) this.keysAnywhere.add(binaryText(key));
    else this.keysAnywhere.delete(binaryText(key));
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

  /** The core has been started afresh and knows of no key. */
  declareAgain(): void {
    for (const { key } of this.wanted.values())
      this.engine.setInterest(key.database, key.key, true);
    for (const key of this.keysAnywhere) this.engine.setInterest(ANYWHERE, binaryBytes(key), true);
    this.engine.takeTouched();
  }

  /** All data have been replaced: every key counts as touched. */
  tellOfAll(): void {
    for (const { key } of [...this.wanted.values()]) {
      for (const observe of this.observers) observe(key, KeyEvent.Exchanged);
    }
    for (const observe of this.flushObservers) observe();
  }

  /** Tells of the keys that were touched since the last call. */
  tell(): void {
    if (this.wanted.size + this.keysAnywhere.size + this.followed === 0) return;
    for (const { database, key, event } of this.engine.takeTouched()) {
      if (event === KeyEvent.Emptied) {
        for (const observe of this.flushObservers) observe();
        continue;
      }
      const touched = keyOfInterest(database, key);
      for (const observe of this.observers) observe(touched, event);
    }
  }
}
