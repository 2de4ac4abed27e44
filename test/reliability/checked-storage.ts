/**
 * A Storage that watches another one: it notes down what was appended and what was answered for, and
 * compares what is loaded with that.
 */
import type {
  Durability,
  Loader,
  OpenReport,
  SnapshotKind,
  SnapshotWriter,
  Storage,
  StorageFacts,
  StorageState,
} from '../../src/storage/storage.js';
import { Checksum, type Entry, follow, type History, type Line } from './history.js';
import type { World } from './world.js';

const WEAKEST_FIRST: readonly Durability[] = ['no', 'everysec', 'always'];

export class CheckedStorage implements Storage {
  /** Null before the first load. */
  line: Line | null = null;
  /** Of the data in the engine. */
  digest: () => string | null = () => null;
  /** That of the last change that was made. */
  #durability: Durability;
  /** Changes that are asked for and not made. */
  readonly #changing: Durability[] = [];
  /** Positions of storage at which the entries of this owner end. */
  #ends: number[] = [];
  /** Entries of the line that were there when this owner came, or that no position counts. */
  #base = 0;
  /** Entries that were loaded, or are in a snapshot that counts. */
  #held = 0;
  #isStopped = false;

  constructor(
    private readonly world: World,
    private readonly history: History,
    private readonly owner: string,
    private readonly inner: Storage,
  ) {
    this.#durability = inner.report.durability;
  }

  async load(loader: Loader): Promise<void> {
    const line = this.line ?? this.history.current;
    const wasStopped = this.#isStopped;
    const seen: { snapshot: Checksum | null; journal: Uint8Array[] } = {
      snapshot: null,
      journal: [],
    };
    await this.inner.load({
      beginSnapshot: () => {
        Object.assign(seen, { snapshot: new Checksum(), journal: [] });
        loader.beginSnapshot();
      },
      snapshot: (bytes) => {
        seen.snapshot?.add(bytes);
        return loader.snapshot(bytes);
      },
      endSnapshot: () => loader.endSnapshot(),
      reset: () => {
        Object.assign(seen, { snapshot: null, journal: [] });
        loader.reset?.();
      },
      journal: (bytes) => {
        seen.journal.push(bytes.slice());
        return loader.journal(bytes);
      },
    });
    const count = this.#locate(line, seen.snapshot?.text ?? null, seen.journal);
    this.#held = count;
    if (this.line === null) this.#begin(count);
    else if (wasStopped) this.#stepBack(line, count);
    else if (count !== line.entries.length) {
      const text = `${this.owner} loaded ${count} of its ${line.entries.length} entries again`;
      throw this.world.violation(text);
    }
  }

  /** How many entries of the line were delivered. */
  #locate(line: Line, snapshot: string | null, journal: readonly Uint8Array[]): number {
    const starts = snapshot === null ? [0] : this.history.entriesOf(snapshot, line);
    const ends = starts.map((start) => follow(line, start, journal));
    const end = ends.find((found) => typeof found === 'number');
    if (end === undefined) throw this.world.violation(`${this.owner}: ${ends[0]}`);
    return end as number;
  }

  #begin(count: number): void {
    const { durability, epoch } = this.inner.report;
    this.line = this.history.succeed(this.owner, epoch, count, durability !== 'no');
    this.#base = count;
  }

  append(bytes: Uint8Array): number {
    const before = this.inner.position;
    const position = this.inner.append(bytes);
    if (bytes.length === 0 || this.line === null) return position;
    if (position === before) {
      // There is no journal: only a snapshot can hold it.
      this.#forgetBeyond(this.line, position);
      this.#note(bytes.slice(), true);
      this.#ends.push(position);
      return position;
    }
    this.#forgetBeyond(this.line, position - bytes.length);
    this.#note(bytes.slice(), false);
    this.#ends.push(position);
    return position;
  }

  /** What was to follow on a base that came to nothing is only in memory; its positions are free again. */
  #forgetBeyond(line: Line, position: number): void {
    for (let index = this.#ends.length - 1; index >= 0; index--) {
      if ((this.#ends[index] as number) <= position) return;
      this.#ends[index] = position;
      const entry = line.entries[this.#base + index];
      if (entry !== undefined) entry.unjournaled = true;
    }
  }

  #note(bytes: Uint8Array, unjournaled: boolean): void {
    const entry: Entry = { bytes, at: this.world.now, digest: this.digest(), unjournaled };
    this.line?.entries.push(entry);
  }

  get report(): OpenReport {
    return this.inner.report;
  }

  get position(): number {
    return this.inner.position;
  }

  get durablePosition(): number {
    return this.inner.durablePosition;
  }

  async durable(position: number): Promise<void> {
    await this.inner.durable(position);
    this.#answered(position, 'durable');
  }

  async flush(): Promise<void> {
    const position = this.inner.position;
    await this.inner.flush();
    this.#answered(position, 'flush');
  }

  /** The entries that end at or before `position` are durable. Under `no` that means nothing. */
  #answered(position: number, why: string): void {
    if (this.inner.durablePosition < position) {
      throw this.world.violation(`${this.owner}: ${why} resolved before ${position} was durable`);
    }
    if (this.durability === 'no') return;
    this.line?.answerFor(this.entriesAt(position), why);
  }

  /** P2: everything that was appended `ms` ago or earlier is safe from now on, unless under `no`. */
  answerForOld(ms: number): void {
    const { line, world } = this;
    if (line === null || line.taken !== null || this.durability === 'no') return;
    if (this.#isStopped) return;
    const since = world.now - ms;
    let count = line.entries.length;
    while (count > this.#base && (line.entries[count - 1]?.at ?? 0) > since) count--;
    line.answerFor(this.#journaled(count), `older than ${ms} ms`);
  }

  /** Entries of the line up to a position of storage. */
  entriesAt(position: number): number {
    let count = this.#ends.length;
    while (count > 0 && (this.#ends[count - 1] as number) > position) count--;
    return this.#journaled(this.#base + count);
  }

  /** What only a snapshot holds is answered for by that alone, as soon as it counts. */
  #journaled(count: number): number {
    let journaled = count;
    while (journaled > this.#held && this.line?.entries[journaled - 1]?.unjournaled) journaled--;
    return journaled;
  }

  async discard(): Promise<void> {
    await this.inner.discard();
    const { line } = this;
    if (line === null || this.#isStopped) return;
    this.#stepBack(line, this.entriesAt(this.inner.position));
  }

  /** Only the first `count` entries are left. */
  #stepBack(line: Line, count: number): void {
    if (count < line.bound) {
      throw this.world.violation(`P9: ${this.owner} has thrown away what it had answered for`);
    }
    this.world.note(`${this.owner} steps back from ${line.entries.length} to ${count} entries`);
    line.entries.splice(count);
    this.#ends.splice(Math.max(0, count - this.#base));
  }

  async verify(): Promise<void> {
    const successors = this.line?.taken !== null;
    await this.inner.verify();
    if (successors)
      throw this.world.violation(`P5: ${this.owner} was told that it still owns the store`);
  }

  beginSnapshot(kind: SnapshotKind): SnapshotWriter {
    const { line } = this;
    if (!this.inner.journals) this.#isStopped = true;
    const writer = this.inner.beginSnapshot(kind);
    if (line === null) return writer;
    if (this.#isStopped) {
      this.#forgetBeyond(line, this.inner.position);
      this.#note(new Uint8Array(0), true);
      this.#ends.push(this.inner.position);
    }
    const last = line.entries.at(-1);
    const ended = this.inner.state.kind === 'ended';
    if (last !== undefined && !ended && last.digest !== this.digest()) {
      throw this.world.violation(`${this.owner} takes a snapshot of what was not appended`);
    }
    const cut = line.entries.length;
    const checksum = new Checksum();
    this.world.note(`${this.owner} begins a snapshot of ${cut} entries`);
    return {
      write: (bytes) => {
        checksum.add(bytes);
        return writer.write(bytes);
      },
      commit: async () => {
        // It may be there although nobody hears of it.
        this.history.noteSnapshot(checksum.text, line, cut);
        await writer.commit();
        line.answerFor(cut, 'snapshot');
        this.#held = cut;
        if (this.inner.journals) this.#isStopped = false;
        this.world.note(`${this.owner} has a snapshot of ${cut} entries`);
      },
      abort: () => writer.abort(),
    };
  }

  /** There is no journal, or it waits for the base that it is to begin with. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  get journals(): boolean {
    return this.inner.journals;
  }

  async stopJournal(): Promise<void> {
    await this.inner.stopJournal();
    this.#isStopped = true;
  }

  async setDurability(mode: Durability): Promise<void> {
    this.#changing.push(mode);
    try {
      await this.inner.setDurability(mode);
      this.#durability = mode;
    } finally {
      this.#changing.splice(this.#changing.indexOf(mode), 1);
    }
  }

  /** What is promised while it changes is the least of all that it may be. */
  get durability(): Durability {
    const modes = [this.#durability, ...this.#changing];
    return WEAKEST_FIRST.find((mode) => modes.includes(mode)) ?? this.#durability;
  }

  get facts(): StorageFacts {
    return this.inner.facts;
  }

  get state(): StorageState {
    return this.inner.state;
  }

  onState(listener: (state: StorageState) => void): void {
    this.inner.onState(listener);
  }

  async close(): Promise<void> {
    const { position } = this.inner;
    await this.inner.close();
    if (this.durability !== 'no') this.line?.answerFor(this.entriesAt(position), 'close');
  }

  async destroy(): Promise<void> {
    await this.inner.destroy();
  }
}
