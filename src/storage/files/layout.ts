/**
 * What is where in the directory of a store:
 *
 *   dump.rdb                              the snapshot, without a journal
 *   dump.rdb.previous                     the one before it
 *   appendonlydir/
 *     appendonly.aof.manifest             which of the files below count
 *     appendonly.aof.7.base.rdb           a snapshot (base.aof: as commands)
 *     appendonly.aof.9.incr.aof           what came after it
 *     appendonly.aof.previous             which files the base before it is made of
 *   redstart.lock.4                       whose the directory is
 *   redstart.reserve                      space to give away on a full disk
 *   redstart.quarantine/                  copies of what was damaged
 *   temp-4711.rdb, temp-rewriteaof-bg-4711.aof   snapshots on their way
 */
import type { SnapshotKind } from '../storage.js';

export interface Names {
  readonly dbfilename: string;
  readonly appenddirname: string;
  readonly appendfilename: string;
}

export class Layout {
  /** The name of the dump, which may change. */
  dbfilename: string;
  readonly journals: string;
  readonly manifestName: string;
  readonly manifest: string;
  readonly previousName: string;
  readonly previous: string;
  readonly reserve: string;
  readonly quarantine: string;

  constructor(
    readonly directory: string,
    readonly names: Names,
  ) {
    const { appendfilename, appenddirname } = names;
    this.dbfilename = names.dbfilename;
    this.journals = `${directory}/${appenddirname}`;
    this.manifestName = `${appendfilename}.manifest`;
    this.manifest = `${this.journals}/${this.manifestName}`;
    this.previousName = `${appendfilename}.previous`;
    this.previous = `${this.journals}/${this.previousName}`;
    this.reserve = `${directory}/redstart.reserve`;
    this.quarantine = `${directory}/redstart.quarantine`;
  }

  get dump(): string {
    return `${this.directory}/${this.dbfilename}`;
  }

  get previousDump(): string {
    return `${this.dump}.previous`;
  }

  /** Where a journal of former versions would be. */
  get oldJournal(): string {
    return `${this.directory}/${this.names.appendfilename}`;
  }

  inJournals(name: string): string {
    return `${this.journals}/${name}`;
  }

  baseName(sequence: number, isCommands: boolean): string {
    return `${this.names.appendfilename}.${sequence}.base.${isCommands ? 'aof' : 'rdb'}`;
  }

  incrementName(sequence: number): string {
    return `${this.names.appendfilename}.${sequence}.incr.aof`;
  }

  temporary(kind: SnapshotKind, pid: number): string {
    const name = kind === 'dump' ? `temp-${pid}.rdb` : `temp-rewriteaof-bg-${pid}.aof`;
    return `${this.directory}/${name}`;
  }
}

/** The number in the name of a snapshot that its owner has left behind; null for other files. */
export function leftBehindBy(name: string): number | null {
  const match = /^temp-(?:rewriteaof-bg-)?(\d+)\.(?:rdb|aof)$/.exec(name);
  return match === null ? null : Number(match[1]);
}
