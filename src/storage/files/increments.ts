/**
 * The file that is appended to, and the way from one to the next. The next one is begun where a base
 * begins, and after a failure to bring bytes to the disk: the system may have forgotten by then that
 * they are not there, so the file is not trusted any more, and the commit stands in the next one.
 *
 *   | block | block | block | block | block |
 *                   ^ `safe`: committed     ^ `place` of the next one
 *                     '-- taken ahead: the system has them, a killed process loses nothing
 */
import { isFault } from '../errors.js';
import type { Ahead, CommitTarget } from '../group-commit.js';
import {
  type Block,
  type BlockPlace,
  encodeBlock,
  keyOf,
  NO_SUM,
  NOWHERE,
  type Sum,
} from './blocks.js';
import { type Disk, type DiskFile, toFault, writeAll, writeAllNow } from './disk.js';
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

const ROOM_BYTES = 64 * 1024;
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
  /** While true nothing is taken ahead: somebody reads the files. */
  isRead = false;
  readonly ahead: Ahead;
  private file: DiskFile | null = null;
  /** Of the next block. */
  private place: BlockPlace = NOWHERE;
  /** Behind the last commit. */
  private safe: BlockPlace = NOWHERE;
  /** Appended bytes between the two. */
  private aheadBytes = 0;
  private isWriting = false;
  /** For a block that is written before anything else happens. */
  private readonly room = Buffer.allocUnsafe(ROOM_BYTES);
  /** Another file is to be begun, because of `why`. */
  private isNextDue = false;
  private isDoubtful = false;
  /** What is in the file behind its end may be more than nothing. */
  private isRagged = false;

  constructor(options: IncrementsOptions) {
    this.options = options;
    const bytes = () => this.aheadBytes;
    this.ahead = {
      get bytes() {
        return bytes();
      },
      take: (chunks) => this.takeAhead(chunks),
    };
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
    this.safe = this.place;
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

  async commit(chunks: readonly Uint8Array[], written: () => void): Promise<void> {
    try {
      await this.tryCommit(chunks, written);
    } catch (error) {
      const fault = toFault(error, DOING);
      if (!isFault(fault, 'full') || !(await this.options.reserve.give())) throw fault;
      this.onReserveGiven(fault);
      await this.tryCommit(chunks, written).catch((again) => {
        throw toFault(again, DOING);
      });
    }
  }

  /** Those of `chunks`, which follow on the last commit, that are not in the file. */
  without(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
    let first = 0;
    for (let taken = this.aheadBytes; taken > 0; ) taken -= chunks[first++]?.length ?? taken;
    return first === 0 ? chunks : chunks.slice(first);
  }

  async check(): Promise<void> {
    await this.options.generations.check();
  }

  /** What a write has left that failed is not there, once this resolves. */
  async tidy(): Promise<void> {
    if (this.isRagged) await this.cutBack();
  }

  /** Nothing behind the last commit is there, once this resolves. */
  async landed(): Promise<boolean> {
    this.forgetAhead();
    await this.tidy();
    return false;
  }

  /** What was written without waiting is on the disk. */
  async sync(): Promise<void> {
    const { offset: durable } = this.place;
    await this.syncOrDoubt();
    this.place = { ...this.place, durable };
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    this.isNextDue = false;
    this.isDoubtful = false;
    this.aheadBytes = 0;
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
      this.safe = before;
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
    this.safe = this.place;
  }

  private async tryCommit(chunks: readonly Uint8Array[], written: () => void): Promise<void> {
    this.isWriting = true;
    try {
      if (this.isNextDue) await this.begin('on background rewrite');
      else if (this.isDoubtful) await this.begin('after a failed write');
      await this.tidy();
      const rest = this.without(chunks);
      if (rest.length > 0) await this.write(rest);
    } finally {
      this.isWriting = false;
    }
    const { aheadBytes, place } = this;
    if (this.syncs) {
      written();
      await this.syncOrDoubt();
      const { offset: durable } = place;
      this.safe = { ...place, durable };
      this.place = { ...this.place, durable };
    } else this.safe = place;
    this.aheadBytes -= aheadBytes;
    this.lastDurableAt = this.options.now();
  }

  /** False if the bytes have to wait for a commit. */
  private takeAhead(chunks: readonly Uint8Array[]): boolean {
    const { file } = this;
    if (file === null || this.isNextDue || this.isDoubtful) return false;
    if (this.isRagged || this.isWriting || this.isRead) return false;
    const block = encodeBlock(chunks, this.place, this.room);
    this.isRagged = true;
    try {
      writeAllNow(file, block.bytes, this.place.offset);
    } catch {
      // The commit that tries again tells of it.
      return false;
    }
    this.passed(block, chunks);
    return true;
  }

  private async write(chunks: readonly Uint8Array[]): Promise<void> {
    const { file } = this;
    if (file === null) throw new Error('there is no append only file');
    const block = encodeBlock(chunks, this.place);
    this.isRagged = true;
    try {
      await writeAll(file, block.bytes, this.place.offset);
    } catch (error) {
      await this.clear();
      throw error;
    }
    this.passed(block, chunks);
  }

  /** `block`, which is of `chunks`, is in the file. */
  private passed({ bytes, sum }: Block, chunks: readonly Uint8Array[]): void {
    this.isRagged = false;
    const { durable, key, offset } = this.place;
    this.place = { key, durable, offset: offset + bytes.length, before: sum };
    for (const chunk of chunks) this.aheadBytes += chunk.length;
    this.options.generations.grow(bytes.length);
  }

  private async syncOrDoubt(): Promise<void> {
    try {
      await this.file?.sync();
    } catch (error) {
      this.isDoubtful = true;
      this.forgetAhead();
      await this.clear();
      throw toFault(error, DOING);
    }
  }

  /** What is not committed has to be written again. */
  private forgetAhead(): void {
    if (this.aheadBytes === 0) return;
    this.options.generations.grow(this.safe.offset - this.place.offset);
    this.aheadBytes = 0;
    this.place = this.safe;
    this.isRagged = true;
  }

  /** What is there of a block would be in the way of those who read the file meanwhile. */
  private clear(): Promise<void> {
    return this.cutBack().catch(() => {});
  }

  private async cutBack(): Promise<void> {
    await this.file?.truncate(this.place.offset);
    this.isRagged = false;
  }
}
