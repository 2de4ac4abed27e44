/**
 * redstart-check: says of the files that a store is kept in whether they are whole, and if not where and
 * why. `--fix` cuts off what is torn, after it has been copied to quarantine; it deletes nothing.
 *
 *   redstart-check [--fix] FILE|DIRECTORY
 *
 * FILE is an RDB file, an append only file, or a manifest; DIRECTORY the one of a store, or its
 * appendonlydir. The exit code is 0 if all is well or was made so, 1 if not, 2 for a wrong call.
 */
import { basename, dirname, join } from 'node:path';
import { Engine } from '../engine/engine.js';
import { SnapshotFormatError } from '../engine/snapshot.js';
import { codeOf, type Disk, NODE_DISK, wordsOf, writeAll } from '../storage/files/disk.js';
import { decodeManifest, type Manifest, ManifestError } from '../storage/files/manifest.js';
import { beginsAsRdb } from '../storage/files/preamble.js';
import { link, type Scanned, scan } from '../storage/files/scan.js';
import { type CoreSource, loadCore } from './core-module.js';

const USAGE = 'Usage: redstart-check [--fix] FILE|DIRECTORY\n';
const READ_BYTES = 256 * 1024;
const SEED_BYTES = 16;
const DATABASES_MAX = 16_384;
const QUARANTINE = 'redstart.quarantine';

export interface CheckOptions {
  say(line: string): void;
  readonly core?: CoreSource;
}

/** Does what `args` say; the exit code. */
export async function check(args: readonly string[], options: CheckOptions): Promise<number> {
  const fixes = args.includes('--fix');
  const [path, ...more] = args.filter((word) => word !== '--fix');
  if (path === undefined || more.length > 0 || path.startsWith('-')) {
    options.say(USAGE.trimEnd());
    return 2;
  }
  const checking = new Checking(options, fixes);
  try {
    await checking.path(path);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    checking.bad(`${path}: ${wordsOf(error)}`);
  }
  return checking.isGood ? 0 : 1;
}

class Checking {
  isGood = true;
  private readonly disk: Disk = NODE_DISK;

  constructor(
    private readonly options: CheckOptions,
    private readonly fixes: boolean,
  ) {}

  bad(text: string): void {
    this.isGood = false;
    this.options.say(text);
  }

  async path(path: string): Promise<void> {
    const names = await this.disk.list(path).catch(() => null);
    if (names !== null && names.length > 0) return this.directory(path, names);
    if (path.endsWith('.manifest')) return this.manifest(path);
    if ((await this.disk.size(path)) === null) return this.bad(`${path}: there is no such file`);
    const file = await this.disk.open(path, 'read').catch(() => null);
    if (file === null) return this.bad(`${path}: there is nothing to be checked`);
    const isRdb = await beginsAsRdb(file);
    await file.close();
    const isDump = isRdb && !path.endsWith('.aof');
    if (isDump || path.endsWith('.rdb')) await this.rdb(path);
    else await this.journal(dirname(path), [basename(path)]);
  }

  /** All that a store may be loaded from. */
  private async directory(path: string, names: readonly string[]): Promise<void> {
    let found = false;
    for (const name of [...names].sort()) {
      const inside = join(path, name);
      const within = await this.disk.list(inside).catch(() => []);
      const isJournals = within.some((one) => one.endsWith('.manifest'));
      if (name.endsWith('.manifest')) await this.manifest(inside);
      else if (isJournals) await this.directory(inside, within);
      else if (name.endsWith('.rdb') && !/\.base\.rdb$|^temp-/.test(name)) await this.rdb(inside);
      else continue;
      found = true;
    }
    if (!found) this.bad(`${path}: there is nothing here that a store could be loaded from`);
  }

  private async manifest(path: string): Promise<void> {
    let manifest: Manifest;
    try {
      const bytes = await this.disk.read(path);
      if (bytes === null) return this.bad(`${path}: there is no such file`);
      manifest = decodeManifest(bytes);
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      const place = error.line === null ? '' : `, line ${error.line.number}`;
      return this.bad(`${path}${place}: damaged: ${error.message}`);
    }
    this.options.say(`${path}: whole`);
    const { base, increments } = manifest;
    const files = [...(base === null ? [] : [base]), ...increments].map(({ name }) => name);
    const isRdb = base?.name.endsWith('.rdb') === true;
    if (isRdb) await this.rdb(join(dirname(path), base.name));
    await this.journal(dirname(path), isRdb ? files.slice(1) : files);
  }

  /** Files that follow one on the other. */
  private async journal(directory: string, names: readonly string[]): Promise<void> {
    const scanned: Scanned[] = [];
    for (const name of names) {
      const path = join(directory, name);
      const found = await scan(this.disk, path, { name, sequence: 1, type: 'i' });
      if (found === null) this.bad(`${path}: is named in the manifest and missing`);
      else scanned.push(found);
    }
    for (const [index, one] of scanned.entries()) {
      const next = scanned[index + 1];
      const path = join(directory, one.file.name);
      if (one.snapshotBytes > 0) await this.rdb(path, one.snapshotBytes);
      const linked = next === undefined ? one : await link(this.disk, path, one, next);
      if (linked === null) {
        const cause = one.trouble?.cause ?? `${next?.file.name} does not follow on it`;
        this.bad(`${path}: damaged at offset ${one.end}: ${cause}`);
      } else if (linked.trouble === null) {
        this.options.say(`${path}: whole, ${linked.bytes} bytes of commands`);
      } else await this.torn(path, linked);
    }
  }

  private async torn(path: string, { end, size, trouble }: Scanned): Promise<void> {
    const cause = trouble?.cause ?? '';
    if (trouble?.isTorn !== true) {
      return this.bad(`${path}: damaged at offset ${end}: ${cause}`);
    }
    const what = `${path}: torn at offset ${end}, ${size - end} bytes: ${cause}`;
    if (!this.fixes) return this.bad(`${what}. With --fix they are cut off`);
    const copy = await this.setAside(path, end, size);
    const file = await this.disk.open(path, 'write');
    try {
      await file.truncate(end);
      await file.sync();
    } finally {
      await file.close();
    }
    this.options.say(`${what}. They were cut off; a copy is ${copy}`);
  }

  private async setAside(path: string, from: number, size: number): Promise<string> {
    const { disk } = this;
    const directory = join(dirname(path), QUARANTINE);
    await disk.makeDirectory(directory);
    const taken = new Set(await disk.list(directory));
    let copy = `${basename(path)}.${from}`;
    for (let number = 1; taken.has(copy); number++) copy = `${basename(path)}.${from}.${number}`;
    const source = await disk.open(path, 'read');
    const target = await disk.open(join(directory, copy), 'make');
    try {
      const bytes = new Uint8Array(READ_BYTES);
      for (let at = from; at < size; ) {
        const got = await source.read(bytes, at);
        if (got === 0) break;
        await writeAll(target, bytes.subarray(0, got), at - from);
        at += got;
      }
      await target.sync();
    } finally {
      await source.close();
      await target.close();
    }
    await disk.syncDirectory(directory);
    return join(directory, copy);
  }

  /** The first `length` bytes of a file, or all of them, read as the store would. */
  private async rdb(path: string, length?: number): Promise<void> {
    const size = length ?? (await this.disk.size(path));
    if (size === null) return this.bad(`${path}: is missing`);
    const module = await loadCore(this.options.core);
    const engine = Engine.create(module, { seed: new Uint8Array(SEED_BYTES) });
    engine.configure('databases', DATABASES_MAX);
    const file = await this.disk.open(path, 'read');
    let at = 0;
    try {
      engine.loadBegin();
      const bytes = new Uint8Array(READ_BYTES);
      while (at < size) {
        const got = await file.read(bytes.subarray(0, Math.min(READ_BYTES, size - at)), at);
        if (got === 0) break;
        engine.loadNext(bytes.subarray(0, got));
        at += got;
      }
      engine.loadEnd();
      this.options.say(`${path}: whole, ${size} bytes of a snapshot`);
    } catch (error) {
      if (!(error instanceof SnapshotFormatError)) throw error;
      this.bad(
        `${path}: damaged before offset ${Math.min(at + READ_BYTES, size)}: ${error.message}`,
      );
    } finally {
      await file.close();
    }
  }
}
