/**
 * The file that is appended to, and the way from one to the next. The next one is begun where a base
 * begins, and after a failure to bring bytes to the disk: the system may have forgotten by then that
 * they are not there, so the file is not trusted any more, and the commit stands in the next one.
 */
import { isFault } from '../errors.js';
import type { CommitTarget } from '../group-commit.js';
import { type BlockPlace, encodeBlock, keyOf, NO_SUM, NOWHERE, type Sum } from './blocks.js';
import { type Disk, type DiskFile, toFault, writeAll } from './disk.js';
import type { Generations } from './generations.js';
import type { Reserve } from './reserve.js';

/** Where the appending goes on. */
export interface Place {
  readonly name: string;
  readonly end: number;
  readonly sum: Sum;
  /** Null if there is no block in the file yet. */
  readonly key: number | null;
}

const DOING = 'writing the append only file';

export interface IncrementsOptions {
  readonly disk: Disk;
  readonly generations: Generations;
  readonly reserve: Reserve;
  /** Nobody else can tell it: the keys of files are made of it. */
  readonly secret: string;
  now(): number;
}

export class Increments implements CommitTarget {
  /** Whether a commit waits for the disk. */
  syncs = true;
  lastDurableAt: number | null = null;
  /** The number of the file that was begun for a base; null while it has not been yet. */
  cut: number | null = null;
  /** Called when the reserve was given away for a commit. */
  onReserveGiven: (error: ReturnType<typeof toFault>) => void = () => {};
  private readonly options: IncrementsOptions;
  private file: DiskFile | null = null;
  /** Of the next block. */
  private place: BlockPlace = NOWHERE;
  /** Another file is to be begun, because of `why`. */
  private isNextDue = false;
  private isDoubtful = false;
  /** What is in the file behind its end may be more than nothing. */
  private isRagged = false;

  constructor(options: IncrementsOptions) {
    this.options = options;
  }

  /** Whether there is a file to append to. */
  get isOpen(): boolean {
    return this.file !== null;
  }

  /** Goes on at `place`; without one begins a file. */
  async open(place: Place | null): Promise<void> {
    const { disk, generations } = this.options;
    if (place === null) return this.begin('on server start');
    this.file = await disk.open(generations.layout.inJournals(place.name), 'write');
    const { end, key, name, sum } = place;
    if (end === 0) return this.writeHead(this.file, name, sum);
    // A process that was killed may not have waited for the disk.
    await this.file.sync();
    this.place = { key: key ?? this.keyOf(name), offset: end, durable: end, before: sum };
  }

  /** The next commit begins another file: a base begins here. */
  cutHere(): void {
    this.cut = null;
    this.isNextDue = true;
  }

  /** Makes sure that the cut is there. */
  async passCut(): Promise<number> {
    if (this.isNextDue) await this.begin('on background rewrite');
    return this.cut ?? 0;
  }

  async commit(chunks: readonly Uint8Array[]): Promise<void> {
    try {
      await this.tryCommit(chunks);
    } catch (error) {
      const fault = toFault(error, DOING);
      if (!isFault(fault, 'full') || !(await this.options.reserve.give())) throw fault;
      this.onReserveGiven(fault);
      await this.tryCommit(chunks).catch((again) => {
        throw toFault(again, DOING);
      });
    }
  }

  async check(): Promise<void> {
    await this.options.generations.check();
  }

  /** A commit that has failed is not there, once this resolves. */
  async landed(): Promise<boolean> {
    if (this.isRagged) await this.cutBack();
    return false;
  }

  /** What was written without waiting is on the disk. */
  async sync(): Promise<void> {
    const { offset: durable } = this.place;
    try {
      await this.file?.sync();
    } catch (error) {
      this.isDoubtful = true;
      throw toFault(error, DOING);
    }
    this.place = { ...this.place, durable };
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    this.isNextDue = false;
    this.isDoubtful = false;
    await file?.close();
  }

  /** Begins the next file, which follows on this one or, if there is none, on nothing. */
  async begin(why: string): Promise<void> {
    const { disk, generations } = this.options;
    const next = generations.nextIncrement();
    const path = generations.layout.inJournals(next.name);
    // One that an attempt has left which was not whole; the manifest does not know it.
    await disk.remove(path);
    const file = await disk.open(path, 'make');
    const before = this.place;
    try {
      if (this.file !== null && !this.isDoubtful && !this.syncs) await this.file.sync();
      await this.writeHead(file, next.name, this.file === null ? NO_SUM : before.before);
      await disk.syncDirectory(generations.layout.journals);
      await generations.addIncrement(next);
    } catch (error) {
      this.place = before;
      await file.close().catch(() => {});
      await disk.remove(path).catch(() => {});
      throw error;
    }
    generations.log('notice', `Creating AOF incr file ${next.name} ${why}`);
    await this.file?.close().catch(() => {});
    this.file = file;
    if (this.isNextDue) this.cut = next.sequence;
    this.isNextDue = false;
    this.isDoubtful = false;
    this.isRagged = false;
  }

  private keyOf(name: string): number {
    return keyOf(`${this.options.secret} ${name}`);
  }

  private async writeHead(file: DiskFile, name: string, after: Sum): Promise<void> {
    const key = this.keyOf(name);
    const { bytes, sum } = encodeBlock([], { ...NOWHERE, key, before: after });
    await writeAll(file, bytes, 0);
    await file.sync();
    this.place = { key, offset: bytes.length, durable: bytes.length, before: sum };
  }

  private async tryCommit(chunks: readonly Uint8Array[]): Promise<void> {
    if (this.isNextDue) await this.begin('on background rewrite');
    else if (this.isDoubtful) await this.begin('after a failed write');
    if (this.isRagged) await this.cutBack();
    const { place } = this;
    const { bytes, sum } = encodeBlock(chunks, place);
    await this.write(bytes);
    const offset = place.offset + bytes.length;
    const durable = this.syncs ? offset : place.durable;
    this.place = { ...place, offset, durable, before: sum };
    this.options.generations.grow(bytes.length);
    this.lastDurableAt = this.options.now();
  }

  private async write(bytes: Uint8Array): Promise<void> {
    const { file } = this;
    if (file === null) throw new Error('there is no append only file');
    this.isRagged = true;
    try {
      await writeAll(file, bytes, this.place.offset);
      if (this.syncs) await this.syncOrDoubt(file);
    } catch (error) {
      // What is there of it would be in the way of those who read the file meanwhile.
      await this.cutBack().catch(() => {});
      throw error;
    }
    this.isRagged = false;
  }

  private async syncOrDoubt(file: DiskFile): Promise<void> {
    try {
      await file.sync();
    } catch (error) {
      this.isDoubtful = true;
      throw error;
    }
  }

  private async cutBack(): Promise<void> {
    await this.file?.truncate(this.place.offset);
    this.isRagged = false;
  }
}
