/**
 * The disk below the simulated IndexedDB: databases of ordered records, whole transactions, and what
 * a power cut leaves of them.
 *
 *   committed transactions of a database, oldest first
 *   +--------+--------+---------+---------+---------+
 *   | synced | synced | relaxed | relaxed | relaxed |
 *   +--------+--------+---------+---------+---------+
 *                               ^ a cut takes any number from the end, whole ones
 *
 * A strict transaction is synced, and all before it, once its `complete` is on its way. Between being
 * done and that it may be lost, or not.
 */
import type { Dice, World } from './world.js';

export type Key = number | string | readonly Key[];

/** A Blob whose bytes come in the order of the world. It cannot change, so it is never copied. */
export class SimulatedBlob {
  /** How its bytes are waited for. */
  static turn: () => Promise<void> = () => Promise.resolve();
  readonly size: number;
  readonly #parts: readonly Uint8Array[];

  constructor(parts: readonly (Uint8Array | ArrayBuffer | SimulatedBlob)[] = []) {
    this.#parts = parts.flatMap((part) => {
      if (part instanceof SimulatedBlob) return part.#parts;
      return [new Uint8Array(part).slice()];
    });
    this.size = this.#parts.reduce((sum, { length }) => sum + length, 0);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    await SimulatedBlob.turn();
    return this.bytes().buffer as ArrayBuffer;
  }

  slice(from = 0, to = this.size): SimulatedBlob {
    return new SimulatedBlob([this.bytes().subarray(from, to)]);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** What the structured clone makes of the few kinds of values that we store. */
export function cloned(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof SimulatedBlob) return value;
  if (Array.isArray(value)) return value.map(cloned);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new DOMException('no such value here', 'DataCloneError');
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cloned(part)]));
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof SimulatedBlob) return value.size;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 0);
}

/** IndexedDB's order: numbers, then strings, then arrays. */
export function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'object' && typeof b === 'object') {
    for (let index = 0; index < a.length && index < b.length; index++) {
      const order = compareKeys(a[index] as Key, b[index] as Key);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  return rank(a) - rank(b);
}

function rank(key: Key): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}

export class KeyRange {
  constructor(
    readonly lower: Key | undefined,
    readonly upper: Key | undefined,
    readonly lowerOpen: boolean,
    readonly upperOpen: boolean,
  ) {}

  static only = (key: Key) => new KeyRange(key, key, false, false);
  static lowerBound = (key: Key, open = false) => new KeyRange(key, undefined, open, false);
  static upperBound = (key: Key, open = false) => new KeyRange(undefined, key, false, open);
  static bound = (from: Key, to: Key, lowerOpen = false, upperOpen = false) =>
    new KeyRange(from, to, lowerOpen, upperOpen);
}

export interface DiskRecord {
  readonly key: Key;
  value: unknown;
  /** Which writing of the store has put it there. */
  writing: number;
}

/** One object store: records in the order of their keys. */
export class DiskStore {
  readonly records: DiskRecord[] = [];
  #writings = 0;

  constructor(private readonly disk: SimulatedDisk) {}

  get(key: Key): DiskRecord | undefined {
    const record = this.records[this.#lowerBound(key)];
    return record !== undefined && compareKeys(record.key, key) === 0 ? record : undefined;
  }

  /** Puts a value, or takes the record away; gives the way back. */
  set(key: Key, value: unknown): Undo {
    const index = this.#lowerBound(key);
    const found = this.records[index];
    const there = found !== undefined && compareKeys(found.key, key) === 0;
    const before = there ? found.value : undefined;
    this.disk.used += (value === undefined ? 0 : sizeOf(value)) - (there ? sizeOf(before) : 0);
    const writing = value === undefined ? undefined : ++this.#writings;
    if (writing === undefined) this.records.splice(index, there ? 1 : 0);
    else if (there) Object.assign(found, { value, writing });
    else this.records.splice(index, 0, { key, value, writing });
    return (isLost = false) => {
      if (isLost && this.get(key)?.writing !== writing) return;
      this.set(key, before);
    };
  }

  range(query: Key | KeyRange | undefined, count = Number.POSITIVE_INFINITY): DiskRecord[] {
    if (query === undefined || query === null) return this.records.slice(0, count);
    const range = query instanceof KeyRange ? query : KeyRange.only(query);
    const found: DiskRecord[] = [];
    let index = range.lower === undefined ? 0 : this.#lowerBound(range.lower);
    for (; index < this.records.length && found.length < count; index++) {
      const record = this.records[index] as DiskRecord;
      if (isInside(record.key, range)) found.push(record);
      else if (range.upper !== undefined && compareKeys(record.key, range.upper) > 0) break;
    }
    return found;
  }

  #lowerBound(key: Key): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys((this.records[middle] as DiskRecord).key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isInside(key: Key, range: KeyRange): boolean {
  if (range.lower !== undefined) {
    const order = compareKeys(key, range.lower);
    if (order < 0 || (order === 0 && range.lowerOpen)) return false;
  }
  if (range.upper === undefined) return true;
  const order = compareKeys(key, range.upper);
  return order < 0 || (order === 0 && !range.upperOpen);
}

/** Takes a change back. `isLost`: only where nothing has been written over it. */
export type Undo = (isLost?: boolean) => void;

/** A transaction that is done: how to undo it, and whether a power cut could still do so. */
export interface Committed {
  readonly undo: readonly Undo[];
  synced: boolean;
}

const RECENT_MAX = 4;

export class DiskDatabase {
  readonly stores = new Map<string, DiskStore>();
  readonly durabilities = new Set<string>();
  committed: Committed[] = [];
  /** The last that were synced. */
  #recent: Committed[] = [];

  constructor(readonly name: string) {}

  /** All before a synced transaction are synced with it, and need not be remembered. */
  sync(transaction: Committed): void {
    transaction.synced = true;
    const index = this.committed.indexOf(transaction);
    if (index >= 0) this.committed = this.committed.slice(index + 1);
    this.#recent = [...this.#recent, transaction].slice(-RECENT_MAX);
  }

  /** Of one of the last transactions the beginning or all is lost, and what came later is kept (F24). */
  loseOne(dice: Dice): void {
    if (this.#recent.length === 0) return;
    const { undo } = dice.pick(this.#recent);
    for (const step of undo.slice(0, dice.below(undo.length + 1)).reverse()) step(true);
    this.#recent = [];
  }

  /** What the power cut takes from the end. */
  lose(count: number): void {
    const lost = this.committed.splice(this.committed.length - count);
    for (const { undo } of lost.reverse()) revert(undo);
    this.committed = [];
  }
}

export function revert(undo: readonly Undo[]): void {
  for (const step of [...undo].reverse()) step();
}

export class SimulatedDisk {
  readonly databases = new Map<string, DiskDatabase>();
  /** Bytes of all values. */
  used = 0;
  /** Bytes there is room for. */
  capacity = Number.POSITIVE_INFINITY;

  constructor(private readonly world: World) {}

  /**
   * The power goes: of what was not synced, each database keeps a prefix of its own. `isForgetful`: what
   * was synced can be lost too (F24).
   */
  cut(isForgetful = false): void {
    for (const database of this.databases.values()) {
      if (database.durabilities.size > 1) {
        throw this.world.violation(
          `${database.name}: strict and relaxed transactions in one database`,
        );
      }
      const { length } = database.committed;
      if (length > 0) database.lose(this.world.dice.below(length + 1));
      if (isForgetful && this.world.dice.chance(0.5)) database.loseOne(this.world.dice);
    }
  }

  /** More is stored than there is room for: the last write has to go. */
  get isFull(): boolean {
    return this.used > this.capacity;
  }
}
