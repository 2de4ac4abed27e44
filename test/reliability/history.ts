/**
 * What must be true of a store, whatever happens to it: the model that a simulation compares with.
 *
 * Each ownership has a line: the appends that it began with, from the line of an owner before, and its
 * own behind them. `bound` of them must be there for every later owner: they were answered for.
 *
 *   line of owner 1    a b c d e f
 *                          ^ bound    ^ all that was executed
 *   line of owner 2    a b c d g h        took four: not less than the bound, cut between two appends
 *
 * A deposed owner goes on for a while. What it answers for must be among what its successor took.
 */
import type { World } from './world.js';

/** A database that does not open is tried so often before it is set aside. */
const TRIES = 3;

export interface Entry {
  readonly bytes: Uint8Array;
  /** When it was appended, in milliseconds of the world. */
  readonly at: number;
  /** Of the engine's data with this entry as the last; null where there is no engine. */
  readonly digest: string | null;
  /** Only snapshots hold it: there was no journal. */
  unjournaled: boolean;
}

/** What a snapshot holds: so many entries, the last of which is this one. */
interface Cut {
  readonly entries: number;
  readonly last: Entry | undefined;
}

export class Line {
  readonly entries: Entry[];
  /** So many entries were answered for. */
  bound: number;
  /** What answered for them. */
  why = 'loaded';
  /** So many of them its successor has taken; null while there is none. */
  taken: number | null = null;
  /** Everything was deleted: its owner has nothing any more, and shows just that (P14). */
  isWiped = false;

  constructor(
    private readonly world: World,
    readonly owner: string,
    entries: readonly Entry[],
    bound: number,
  ) {
    this.entries = [...entries];
    this.bound = bound;
  }

  /** The first `count` entries are promised from now on. */
  answerFor(count: number, why: string): void {
    if (this.taken !== null && count > this.taken) {
      throw this.world.violation(
        `P5: ${this.owner} answered (${why}) for ${count} entries, its successor has ${this.taken}`,
      );
    }
    if (count > this.entries.length) {
      throw this.world.violation(`P1: ${this.owner} answered (${why}) for what it has discarded`);
    }
    if (count <= this.bound) return;
    this.bound = count;
    this.why = why;
  }
}

export class History {
  /** The line that counts: of the last owner. */
  current: Line;
  #epoch = 0;
  /** All since the last time that everything was deleted. */
  readonly #lines: Line[] = [];
  /** Opens that were answered as if the database could not be read. */
  unopened = 0;
  /** Strict databases that were set aside, as the openings have told. */
  #aside = 0;
  /** By the checksum of their bytes. */
  readonly #snapshots = new Map<string, Cut[]>();

  constructor(private readonly world: World) {
    this.current = this.#begin('nobody', [], 0);
  }

  #begin(owner: string, entries: readonly Entry[], bound: number): Line {
    const line = new Line(this.world, owner, entries, bound);
    this.#lines.push(line);
    return line;
  }

  /** Everything was deleted from outside: what was promised is gone, and must not come back (P14). */
  wipe(): void {
    for (const line of this.#lines.splice(0)) line.isWiped = true;
    this.current.taken ??= this.current.entries.length;
    this.current = this.#begin('nobody', [], 0);
    this.#epoch = 0;
    this.#aside = 0;
  }

  /**
   * An opening tells which databases were set aside because they did not open: the store that begins
   * in their place is another one. Whoever still has the old one goes on with that.
   */
  noteAside(databases: readonly string[]): void {
    const strict = databases.filter((name) => name.includes('/strict')).length;
    if (strict <= this.#aside) return;
    if (this.unopened < TRIES) throw this.world.violation('P10: a sound database was set aside');
    this.world.note('the store begins anew, and says so');
    this.#aside = strict;
    this.current = this.#begin('nobody', [], 0);
    this.#epoch = 0;
  }

  noteSnapshot(checksum: string, line: Line, entries: number): void {
    const cuts = this.#snapshots.get(checksum) ?? [];
    this.#snapshots.set(checksum, [{ entries, last: line.entries[entries - 1] }, ...cuts]);
  }

  /** How many entries of `line` a snapshot with these bytes may hold, the likeliest first. */
  entriesOf(checksum: string, line: Line): number[] {
    const cuts = this.#snapshots.get(checksum);
    if (cuts === undefined) throw this.world.violation('P10: nobody made the snapshot loaded');
    const fitting = cuts.filter(({ entries, last }) => line.entries[entries - 1] === last);
    if (fitting.length === 0) {
      throw this.world.violation('P5: the snapshot loaded is of a line that does not count');
    }
    return fitting.map(({ entries }) => entries);
  }

  /**
   * The owner of `epoch` has loaded the first `count` entries of the current line. `isSafe`: they
   * stay. If a later owner was faster, this one begins as a deposed one.
   */
  succeed(owner: string, epoch: number, count: number, isSafe: boolean): Line {
    const before = this.current;
    this.world.note(`${owner} begins with ${count} of ${before.entries.length} entries`);
    if (epoch === this.#epoch) throw this.world.violation(`P5: two owners of epoch ${epoch}`);
    if (epoch < this.#epoch) {
      const deposed = this.#begin(owner, before.entries.slice(0, count), 0);
      deposed.taken = count;
      return deposed;
    }
    this.#epoch = epoch;
    if (count < before.bound) {
      throw this.world.violation(
        `P1, P2: ${owner} loaded ${count} entries, ${before.owner} had answered for ${before.bound} (${before.why})`,
      );
    }
    before.taken = count;
    const bound = isSafe ? count : before.bound;
    this.current = this.#begin(owner, before.entries.slice(0, count), bound);
    return this.current;
  }
}

/**
 * At which entry of `line` bytes end that begin behind the first `start` entries, or why they cannot
 * be those of the line.
 */
export function follow(line: Line, start: number, pieces: readonly Uint8Array[]): number | string {
  let index = start;
  let offset = 0;
  for (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const entry = line.entries[index];
      if (entry === undefined) return `more was loaded than ${line.owner} has appended`;
      if (entry.unjournaled) return 'the journal holds what was never journaled';
      const part = Math.min(entry.bytes.length - offset, piece.length - at);
      if (!sameBytes(piece, at, entry.bytes, offset, part)) return `entry ${index} has other bytes`;
      at += part;
      offset += part;
      if (offset < entry.bytes.length) continue;
      index++;
      offset = 0;
    }
    if (offset > 0) return 'P4: storage delivered a part of an append';
  }
  return index;
}

function sameBytes(a: Uint8Array, from: number, b: Uint8Array, other: number, length: number) {
  for (let index = 0; index < length; index++) {
    if (a[from + index] !== b[other + index]) return false;
  }
  return true;
}

/** FNV-1a over many pieces. */
export class Checksum {
  #value = 0x811c9dc5;
  #length = 0;

  add(bytes: Uint8Array): void {
    let value = this.#value;
    for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
    this.#value = value;
    this.#length += bytes.length;
  }

  get text(): string {
    return `${this.#length}:${(this.#value >>> 0).toString(16)}`;
  }
}
