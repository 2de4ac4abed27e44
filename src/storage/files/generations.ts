/**
 * Which files count: the manifest, and the record of the base before the one in force, which is kept
 * with the journal that follows it. redis-server does not know the record, and leaves the files alone.
 */
import { fenced, StorageFault } from '../errors.js';
import { type Disk, replaceFile } from './disk.js';
import type { Layout } from './layout.js';
import type { DirectoryLock } from './lock.js';
import {
  decodeManifest,
  EMPTY_MANIFEST,
  encodeManifest,
  type Manifest,
  ManifestError,
  type ManifestFile,
} from './manifest.js';

export type Log = (level: 'verbose' | 'notice' | 'warning', text: string) => void;

export interface GenerationsOptions {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly lock: DirectoryLock;
  readonly log: Log;
}

export class Generations {
  manifest: Manifest = EMPTY_MANIFEST;
  /** Whether the manifest was there. */
  isThere = false;
  /** Of the base or the dump in force. */
  snapshotBytes = 0;
  /** Of the files behind the base. */
  journalBytes = 0;
  /** Snapshots that were made or found; that of a base is its number. */
  dumps = 0;
  readonly layout: Layout;
  readonly log: Log;
  private readonly disk: Disk;
  private readonly lock: DirectoryLock;

  constructor({ disk, layout, lock, log }: GenerationsOptions) {
    this.disk = disk;
    this.layout = layout;
    this.lock = lock;
    this.log = log;
  }

  /** Throws a StorageFault `damaged`. */
  async readManifest(): Promise<void> {
    const { disk, layout, log } = this;
    const bytes = await disk.read(layout.manifest);
    this.isThere = bytes !== null;
    if (bytes === null) return;
    try {
      this.manifest = decodeManifest(bytes);
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      if (error.line !== null) {
        log('warning', '*** FATAL AOF MANIFEST FILE ERROR ***');
        log('warning', `Reading the manifest file, at line ${error.line.number}`);
        log('warning', `>>> '${error.line.text}'`);
      }
      const message = `${layout.manifest}: ${error.message}`;
      throw new StorageFault('damaged', message, { cause: error, at: { epoch: 0, n: 0 } });
    }
  }

  /** What the base before is made of, up to where the one in force follows; null without one. */
  async readPrevious(): Promise<Manifest | null> {
    const bytes = await this.disk.read(this.layout.previous);
    if (bytes === null) return null;
    try {
      const previous = decodeManifest(bytes);
      // Somebody else may have made other bases since.
      return previous.history[0]?.name === this.manifest.base?.name ? previous : null;
    } catch (error) {
      if (error instanceof ManifestError) return null;
      throw error;
    }
  }

  nextIncrement(): ManifestFile {
    const sequence = (this.manifest.increments.at(-1)?.sequence ?? 0) + 1;
    return { name: this.layout.incrementName(sequence), sequence, type: 'i' };
  }

  nextBase(isCommands: boolean): ManifestFile {
    const sequence = (this.manifest.base?.sequence ?? 0) + 1;
    return { name: this.layout.baseName(sequence, isCommands), sequence, type: 'b' };
  }

  async addIncrement(file: ManifestFile): Promise<void> {
    const { manifest } = this;
    await this.persist({ ...manifest, increments: [...manifest.increments, file] });
  }

  grow(bytes: number): void {
    this.journalBytes += bytes;
  }

  async persist(manifest: Manifest): Promise<void> {
    const { disk, layout } = this;
    await replaceFile(disk, layout.journals, layout.manifestName, encodeManifest(manifest));
    this.manifest = manifest;
    this.isThere = true;
  }

  /**
   * `base`, whose file is in place, and the files from the one with the number `cut` on are what counts
   * from now on. `isContinuous`: what was there before leads to the same.
   */
  async install(base: ManifestFile, cut: number, isContinuous: boolean): Promise<void> {
    const { manifest } = this;
    const before = manifest.increments.filter(({ sequence }) => sequence < cut);
    const behind = manifest.increments.filter(({ sequence }) => sequence >= cut);
    const dropped = await this.filesOfPrevious();
    const isFirst = manifest.base === null && before.length === 0;
    if (isContinuous && !isFirst) {
      const previous: Manifest = {
        base: manifest.base,
        increments: before,
        history: [{ ...base, type: 'h' }],
      };
      const { journals, previousName } = this.layout;
      await replaceFile(this.disk, journals, previousName, encodeManifest(previous));
    } else dropped.push(...before, ...(manifest.base === null ? [] : [manifest.base]));
    await this.persist({ base, increments: behind, history: [] });
    const kept = new Set([base, ...behind].map(({ name }) => name));
    if (isContinuous) for (const { name } of [...before, ...baseOf(manifest)]) kept.add(name);
    else dropped.push({ name: this.layout.previousName, sequence: 1, type: 'h' });
    await this.drop([...manifest.history, ...dropped].filter(({ name }) => !kept.has(name)));
  }

  /** What the manifest calls history is deleted, as redis-server does. */
  async dropHistory(): Promise<void> {
    const { manifest } = this;
    if (manifest.history.length === 0) return;
    await this.drop(manifest.history);
    await this.persist({ ...manifest, history: [] });
  }

  /** Rejects if somebody else has the directory, or nobody: it was deleted. */
  async check(): Promise<void> {
    if (!(await this.lock.stands())) throw fenced();
  }

  private async filesOfPrevious(): Promise<ManifestFile[]> {
    const bytes = await this.disk.read(this.layout.previous);
    if (bytes === null) return [];
    try {
      const { base, increments } = decodeManifest(bytes);
      const counting = new Set(
        [...baseOf(this.manifest), ...this.manifest.increments].map(({ name }) => name),
      );
      return [...(base === null ? [] : [base]), ...increments].filter(
        ({ name }) => !counting.has(name),
      );
    } catch {
      return [];
    }
  }

  private async drop(files: readonly ManifestFile[]): Promise<void> {
    for (const { name } of files) {
      this.log('notice', `Removing the history file ${name} in the background`);
      await this.disk.remove(this.layout.inJournals(name)).catch(() => {});
    }
  }
}

function baseOf({ base }: Manifest): ManifestFile[] {
  return base === null ? [] : [base];
}
