/** What can be asked of a store beside its commands, done by a host. */
import { EngineMemoryError } from '../engine/engine.js';
import { SnapshotFormatError } from '../engine/snapshot.js';
import { FormatError, StorageError } from '../resp/errors.js';
import type { StorageInfo, StoreNotice, StoreRequests } from '../resp/persistence.js';

/** As much of a host as is needed. */
export interface KeepingHost {
  readonly persistence: { info(): StorageInfo; destroy(): Promise<void> };
  readonly snapshots: {
    write(take: (bytes: Uint8Array) => void | Promise<void>): Promise<void>;
    restore(file: Uint8Array): Promise<void>;
  };
  executedIsDurable(): Promise<void>;
}

/** Progress is told when so much more has been done. */
const PROGRESS_BYTES = 1024 * 1024;
const RDB_TYPE = 'application/octet-stream';

export class HostRequests implements StoreRequests {
  constructor(
    private readonly host: KeepingHost,
    private readonly tell: (notice: StoreNotice) => void,
  ) {}

  flush(): Promise<void> {
    return this.host.executedIsDurable();
  }

  async durable(): Promise<void> {
    this.mustKeep();
    await this.host.executedIsDurable();
    // It may have been changed meanwhile.
    this.mustKeep();
  }

  async storage(): Promise<StorageInfo> {
    return this.host.persistence.info();
  }

  async exportRdb(): Promise<Blob> {
    const slices: Blob[] = [];
    let bytes = 0;
    let told = 0;
    await this.host.snapshots.write((slice) => {
      // A blob copies the slice, to where it need not stay in memory.
      slices.push(new Blob([slice as Uint8Array<ArrayBuffer>]));
      bytes += slice.length;
      if (bytes - told < PROGRESS_BYTES) return;
      told = bytes;
      this.tell({ progress: { doing: 'saving', bytes, total: null } });
    });
    this.tell({ progress: { doing: 'saving', bytes, total: bytes } });
    return new Blob(slices, { type: RDB_TYPE });
  }

  async importRdb(file: Blob | Uint8Array | ArrayBuffer): Promise<void> {
    const bytes = await bytesOf(file);
    try {
      await this.host.snapshots.restore(bytes);
    } catch (error) {
      if (error instanceof SnapshotFormatError) {
        throw new FormatError(`The file was not imported: ${error.message}`, { cause: error });
      }
      if (error instanceof EngineMemoryError) {
        throw new StorageError(`There is no memory for the file: ${error.message}`, {
          cause: error,
        });
      }
      throw error;
    }
  }

  deleteStore(): Promise<void> {
    return this.host.persistence.destroy();
  }

  /** Throws unless what is flushed is durable. */
  private mustKeep(): void {
    const { backend, appendOnly, durability, reason } = this.host.persistence.info();
    const why =
      backend === 'memory'
        ? `nothing is kept: ${reason}`
        : !appendOnly
          ? 'appendonly is no'
          : durability === 'no'
            ? 'appendfsync is no'
            : null;
    if (why !== null) throw new StorageError(`The command has run, but is not durable: ${why}`);
  }
}

async function bytesOf(file: Blob | Uint8Array | ArrayBuffer): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  return new Uint8Array(file instanceof ArrayBuffer ? file : await file.arrayBuffer());
}
