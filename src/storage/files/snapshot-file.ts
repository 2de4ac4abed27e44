/**
 * A snapshot on its way: a file beside the others, under the name that redis-server would give it, until
 * it is whole. A base that is made of commands is written in blocks, so that each bit of it is checked.
 */
import { StorageFault } from '../errors.js';
import type { SnapshotWriter } from '../storage.js';
import { encodeBlock, NO_SUM, NOWHERE, type Sum } from './blocks.js';
import { type Disk, type DiskFile, toFault, writeAll } from './disk.js';

const ASTERISK = 0x2a;
const NOTHING: readonly Uint8Array[] = [];

export interface SnapshotFileOptions {
  readonly disk: Disk;
  readonly path: string;
  /** Puts the file in its place, on the disk too. */
  complete(written: WrittenFile): Promise<void>;
  /** Called once, however it ends. */
  ended(): void;
}

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  /** It holds commands, not an RDB file. */
  readonly isCommands: boolean;
}

export class SnapshotFile implements SnapshotWriter {
  private readonly options: SnapshotFileOptions;
  private file: DiskFile | null = null;
  private end = 0;
  private isCommands = false;
  private sum: Sum = NO_SUM;
  private failure: StorageFault | null = null;
  private isOver = false;
  /** The call before. */
  private last: Promise<void> = Promise.resolve();

  constructor(options: SnapshotFileOptions) {
    this.options = options;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.next(() => this.put(bytes));
  }

  commit(): Promise<void> {
    return this.next(async () => {
      const file = await this.opened();
      if (this.isCommands) await this.putBlock(NOTHING);
      await file.sync();
      await file.close();
      this.file = null;
      const { path } = this.options;
      await this.options.complete({ path, bytes: this.end, isCommands: this.isCommands });
      this.finish();
    });
  }

  async abort(): Promise<void> {
    this.cancel(new StorageFault('failed', 'the snapshot was given up'));
    await this.last.catch(() => {});
    await this.clean();
  }

  /** Lets every further call fail with `failure`. */
  cancel(failure: StorageFault): void {
    if (this.isOver) return;
    this.failure ??= failure;
    this.finish();
  }

  private next(work: () => Promise<void>): Promise<void> {
    const next = this.last.then(async () => {
      if (this.failure !== null) throw this.failure;
      try {
        await work();
      } catch (error) {
        this.failure = toFault(error, 'writing a snapshot');
        await this.clean();
        this.finish();
        throw this.failure;
      }
      // Canceled meanwhile.
      if (this.failure !== null) throw this.failure;
    });
    this.last = next.catch(() => {});
    return next;
  }

  private finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.ended();
  }

  private async clean(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close().catch(() => {});
    await this.options.disk.remove(this.options.path).catch(() => {});
  }

  private async opened(): Promise<DiskFile> {
    if (this.file !== null) return this.file;
    const { disk, path } = this.options;
    await disk.remove(path);
    this.file = await disk.open(path, 'make');
    return this.file;
  }

  private async put(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    if (this.end === 0 && bytes[0] === ASTERISK) {
      this.isCommands = true;
      await this.putBlock(NOTHING);
    }
    if (this.isCommands) await this.putBlock([bytes]);
    else await this.putBytes(bytes);
  }

  private putBlock(chunks: readonly Uint8Array[]): Promise<void> {
    const place = { ...NOWHERE, offset: this.end, before: this.sum };
    return this.putEncoded(encodeBlock(chunks, place));
  }

  private async putEncoded(block: { readonly bytes: Uint8Array; readonly sum: Sum }) {
    await this.putBytes(block.bytes);
    this.sum = block.sum;
  }

  private async putBytes(bytes: Uint8Array): Promise<void> {
    const file = await this.opened();
    await writeAll(file, bytes, this.end);
    this.end += bytes.length;
  }
}
