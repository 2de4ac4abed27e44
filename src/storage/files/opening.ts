/**
 * Finds out what a directory holds, and what of it counts, in the words of redis-server. A torn end is
 * copied to quarantine and cut off; other damage is refused.
 */
import { isFault, StorageFault } from '../errors.js';
import type { DamageReport } from '../storage.js';
import { type Disk, type DiskFile, writeAll } from './disk.js';
import type { Generations, Log } from './generations.js';
import type { Layout } from './layout.js';
import type { Manifest, ManifestFile } from './manifest.js';
import { link, type Scanned, scan } from './scan.js';

export interface OpeningOptions {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly generations: Generations;
  readonly log: Log;
  /** `aof-load-truncated`. */
  readonly loadTruncated: boolean;
  /** `truncate`: cuts at damage that is no torn end, too. */
  readonly recover: 'refuse' | 'truncate';
  /** Of this owner: part of the names in quarantine. */
  readonly epoch: number;
}

/** The files of a journal, as far as they count, the base first. */
export interface Journal {
  readonly base: Scanned | null;
  readonly increments: readonly Scanned[];
  /** It is the generation before, with more journal: the base in force is damaged. */
  readonly isOlder?: boolean;
}

export class Opening {
  damaged: DamageReport | null = null;
  private readonly options: OpeningOptions;

  constructor(options: OpeningOptions) {
    this.options = options;
  }

  /** What the manifest names. */
  async journal(): Promise<Journal> {
    const { generations } = this.options;
    await generations.readManifest();
    await this.upgrade();
    return this.lookAt(generations.manifest);
  }

  /** As `look`, or the generation before it, if a base of commands is damaged. */
  async lookAt(manifest: Manifest): Promise<Journal> {
    try {
      return await this.look(manifest);
    } catch (error) {
      if (!isFault(error, 'damaged') || manifest.base === null) throw error;
      const older = await this.olderThan(manifest, manifest.base, error);
      if (older === null) throw error;
      return older;
    }
  }

  /** Null if it is not the base that is to blame, or there is no other. */
  private async olderThan(
    { increments }: Manifest,
    file: ManifestFile,
    error: StorageFault,
  ): Promise<Journal | null> {
    const { disk, generations, layout, log } = this.options;
    const path = layout.inJournals(file.name);
    const base = await scan(disk, path, file);
    if (base === null || base.snapshotBytes > 0 || isWhole(base)) return null;
    const previous = await generations.readPrevious();
    if (previous === null) return null;
    const behind = [...previous.increments, ...increments];
    const older = await this.look({ base: previous.base, increments: behind, history: [] });
    await this.setAside(path, file.name, 0, base.size);
    log('warning', `${path} is damaged and was set aside: ${error.message}`);
    const at = { epoch: file.sequence, n: base.end };
    this.damaged = { kind: 'damaged', at, bytesLost: base.size, cause: error.message };
    return { ...older, isOlder: true };
  }

  /** What these files hold. Rejects with a StorageFault `damaged`. */
  async look(manifest: Manifest): Promise<Journal> {
    const named = [...(manifest.base === null ? [] : [manifest.base]), ...manifest.increments];
    const scanned: Scanned[] = [];
    for (const file of named) scanned.push(await this.scan(file));
    for (const [index, one] of scanned.entries()) {
      const next = scanned[index + 1];
      if (next !== undefined) scanned[index] = await this.leading(one, next, manifest);
      else if (one.trouble !== null) await this.endTorn(one);
    }
    const base = manifest.base === null ? null : (scanned[0] ?? null);
    if (base !== null) this.mustBeWhole(base);
    return { base, increments: base === null ? scanned : scanned.slice(1) };
  }

  /** A copy of what no longer counts, before it is cut off or replaced. */
  async setAside(path: string, name: string, from: number, size: number): Promise<void> {
    const { disk, epoch, layout } = this.options;
    await disk.makeDirectory(layout.quarantine);
    const source = await disk.open(path, 'read');
    const copyPath = `${layout.quarantine}/${name}.${from}.${epoch}`;
    await disk.remove(copyPath);
    const copy = await disk.open(copyPath, 'make');
    try {
      await copyBytes(source, copy, from, size);
      await copy.sync();
    } finally {
      await source.close();
      await copy.close();
    }
    await disk.syncDirectory(layout.quarantine);
    await disk.syncDirectory(layout.directory);
  }

  /** A single file of former versions becomes the base of a directory. */
  private async upgrade(): Promise<void> {
    const { disk, generations, layout, log } = this.options;
    const { appenddirname, appendfilename } = layout.names;
    if ((await disk.size(layout.oldJournal)) === null) return;
    const { base, increments } = generations.manifest;
    const isBegun =
      base?.name === appendfilename &&
      increments.length === 0 &&
      (await disk.size(layout.inJournals(appendfilename))) === null;
    const isNew = base === null && increments.length === 0;
    if (!isBegun && !isNew) return;
    await disk.makeDirectory(layout.journals);
    if (!isBegun) {
      const old: ManifestFile = { name: appendfilename, sequence: 1, type: 'b' };
      await generations.persist({ base: old, increments: [], history: [] });
    }
    await disk.rename(layout.oldJournal, layout.inJournals(appendfilename));
    await disk.syncDirectory(layout.journals);
    await disk.syncDirectory(layout.directory);
    log(
      'notice',
      `Successfully migrated an old-style AOF configuration (${appendfilename}) into the AOF ` +
        `directory (${appenddirname}).`,
    );
  }

  private async scan(file: ManifestFile): Promise<Scanned> {
    const { disk, layout, log } = this.options;
    const found = await scan(disk, layout.inJournals(file.name), file);
    if (found !== null) return found;
    const message = `The AOF file ${file.name} doesn't exist`;
    log('warning', message);
    throw damage(file, 0, message);
  }

  /** What counts of a file that is followed by another. */
  private async leading(one: Scanned, next: Scanned, { base }: Manifest): Promise<Scanned> {
    // The journal goes on behind a base with numbers of its own.
    if (one.file === base && one.trouble === null) return one;
    const { disk, layout } = this.options;
    const { name } = one.file;
    const linked = await link(disk, layout.inJournals(name), one, next);
    if (linked !== null) return linked;
    const { trouble } = one;
    if (trouble !== null && trouble.kind !== 'short') throw this.bad(one);
    this.options.log('warning', 'Fatal error: the truncated file is not the last file');
    const cause = trouble?.cause ?? `${next.file.name} does not follow on it`;
    throw damage(one.file, one.end, `${name} is not whole, at offset ${one.end}: ${cause}`);
  }

  private async endTorn(one: Scanned): Promise<void> {
    const { loadTruncated, log, layout, recover } = this.options;
    const { end, file, size, trouble } = one;
    if (trouble === null) return;
    const cuts = recover === 'truncate';
    if (!trouble.isTorn && !cuts) throw this.bad(one);
    if (!loadTruncated && !cuts) {
      const words =
        `Unexpected end of file reading the append only file ${file.name}. You can: 1) Make a ` +
        'backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) ' +
        "Alternatively you can set the 'aof-load-truncated' configuration option to yes and " +
        'restart the server.';
      log('warning', words);
      throw damage(file, end, `${file.name} ends torn at offset ${end}: ${trouble.cause}`);
    }
    if (trouble.inTransaction) {
      log('warning', `Revert incomplete MULTI/EXEC transaction in AOF file ${file.name}`);
    }
    log('warning', `!!! Warning: short read while loading the AOF file ${file.name}!!!`);
    const path = layout.inJournals(file.name);
    await this.setAside(path, file.name, end, size);
    log('warning', `Truncating the AOF ${file.name} at offset ${end}`);
    await this.cut(path, end);
    log(
      'warning',
      `AOF ${file.name} loaded anyway because aof-load-truncated is enabled; the ` +
        `${size - end} bytes cut off (${trouble.cause}) are in ${layout.quarantine}`,
    );
    const kind = trouble.isTorn ? 'torn' : 'damaged';
    const at = { epoch: file.sequence, n: end };
    this.damaged = { kind, at, bytesLost: size - end, cause: `${file.name}: ${trouble.cause}` };
  }

  private async cut(path: string, end: number): Promise<void> {
    const file = await this.options.disk.open(path, 'write');
    try {
      await file.truncate(end);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** A base of commands that we have written has an end; what an RDB file is like, the core knows. */
  private mustBeWhole(base: Scanned): void {
    if (isWhole(base)) return;
    const { end, file } = base;
    throw damage(file, end, `${file.name} is not whole: it ends at offset ${end}`);
  }

  private bad({ end, file, trouble }: Scanned): StorageFault {
    this.options.log(
      'warning',
      `Bad file format reading the append only file ${file.name}: make a backup of your AOF ` +
        'file, then use ./redis-check-aof --fix <filename.manifest>',
    );
    return damage(file, end, `${file.name} is damaged at offset ${end}: ${trouble?.cause}`);
  }
}

function isWhole({ after, file, isSealed, size, snapshotBytes, trouble }: Scanned): boolean {
  if (snapshotBytes > 0) return true;
  const isAll = file.bytes === undefined || file.bytes === size;
  return trouble === null && isAll && (after === null || isSealed);
}

const COPY_BYTES = 1024 * 1024;

async function copyBytes(from: DiskFile, to: DiskFile, start: number, size: number): Promise<void> {
  for (let at = start; at < size; ) {
    const bytes = new Uint8Array(Math.min(COPY_BYTES, size - at));
    const got = await from.read(bytes, at);
    if (got === 0) return;
    await writeAll(to, bytes.subarray(0, got), at - start);
    at += got;
  }
}

/** `at` of the fault: the number of the file, and the offset in it. */
function damage(file: ManifestFile, offset: number, message: string): StorageFault {
  return new StorageFault('damaged', message, { at: { epoch: file.sequence, n: offset } });
}
