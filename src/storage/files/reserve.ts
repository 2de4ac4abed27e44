/** Space that is given away when the disk is full, so that what takes little can go on (P9). */
import { type Disk, writeAll } from './disk.js';

export const RESERVE_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
const PROBE_BYTES = 4096;

export class Reserve {
  /** Whether it is there to be given away. */
  isThere = false;

  constructor(
    private readonly disk: Disk,
    private readonly path: string,
    private readonly bytes: number,
  ) {}

  /** Rejects if there is no space for it. */
  async put(): Promise<void> {
    if (this.isThere || this.bytes === 0) return;
    await this.write(this.path, this.bytes);
    this.isThere = true;
  }

  /** True if there was something to give. */
  async give(): Promise<boolean> {
    if (!this.isThere) return false;
    this.isThere = false;
    await this.disk.remove(this.path);
    return true;
  }

  /** Finds out whether anything at all can be written. */
  async probe(): Promise<void> {
    const path = `${this.path}.probe`;
    await this.write(path, PROBE_BYTES);
    await this.disk.remove(path);
  }

  private async write(path: string, size: number): Promise<void> {
    try {
      await this.disk.remove(path);
      const file = await this.disk.open(path, 'make');
      try {
        const piece = new Uint8Array(Math.min(PIECE_BYTES, size)).fill(0x52);
        for (let at = 0; at < size; at += piece.length) await writeAll(file, piece, at);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await this.disk.remove(path).catch(() => {});
      throw error;
    }
  }
}
