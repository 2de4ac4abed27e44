/**
 * A disk in memory. Any call of it can be made to fail, and its power can be cut: then what was written
 * to a file and not brought to the disk is lost, or half of it, and so are names.
 */
import type { Disk, DiskFile } from '../../src/storage/files/disk.js';

interface Inode {
  bytes: Uint8Array;
  /** What would be there after a power cut. */
  safe: Uint8Array;
}

export type Call = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'link' | 'syncDirectory';

/** Whether a call fails now, with which code. */
export type Fault = (call: Call, path: string) => string | null;

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

export class MemoryDisk implements Disk {
  private names = new Map<string, Inode>();
  private safeNames = new Map<string, Inode>();
  private directories = new Set<string>();
  fault: Fault = () => null;
  /** Calls that change something, so far. */
  calls = 0;
  /** All files together have no more room. */
  room = Number.POSITIVE_INFINITY;

  put(path: string, bytes: Uint8Array): void {
    const inode = { bytes: bytes.slice(), safe: bytes.slice() };
    this.names.set(path, inode);
    this.safeNames.set(path, inode);
    this.directories.add(path.slice(0, path.lastIndexOf('/')));
  }

  /** What a machine finds after it was cut off; `isTorn`: half of what was not safe is there. */
  cutPower(isTorn: boolean): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, inode] of this.safeNames) {
      const { bytes, safe } = inode;
      const more = isTorn ? Math.max(0, bytes.length - safe.length) >> 1 : 0;
      disk.put(path, more > 0 ? bytes.slice(0, safe.length + more) : safe);
    }
    disk.directories = new Set(this.directories);
    return disk;
  }

  async open(path: string, how: 'read' | 'write' | 'make'): Promise<DiskFile> {
    if (how !== 'read') this.touch('open', path);
    let inode = this.names.get(path);
    if (how === 'make' && inode !== undefined) throw systemError('EEXIST');
    if (inode === undefined) {
      if (how === 'read') throw systemError('ENOENT');
      inode = { bytes: new Uint8Array(0), safe: new Uint8Array(0) };
      this.names.set(path, inode);
    }
    return this.file(path, inode);
  }

  async read(path: string): Promise<Uint8Array | null> {
    return this.names.get(path)?.bytes.slice() ?? null;
  }

  async size(path: string): Promise<number | null> {
    return this.names.get(path)?.bytes.length ?? null;
  }

  async list(path: string): Promise<string[]> {
    const within = new Set<string>();
    for (const name of [...this.names.keys(), ...this.directories]) {
      if (!name.startsWith(`${path}/`)) continue;
      within.add(name.slice(path.length + 1).split('/')[0] as string);
    }
    return [...within];
  }

  async makeDirectory(path: string): Promise<void> {
    this.directories.add(path);
  }

  async link(from: string, to: string): Promise<void> {
    this.touch('link', to);
    const inode = this.names.get(from);
    if (inode === undefined) throw systemError('ENOENT');
    if (this.names.has(to)) throw systemError('EEXIST');
    this.names.set(to, inode);
  }

  async rename(from: string, to: string): Promise<void> {
    this.touch('rename', to);
    const inode = this.names.get(from);
    if (inode === undefined) throw systemError('ENOENT');
    this.names.set(to, inode);
    this.names.delete(from);
  }

  async remove(path: string): Promise<void> {
    this.names.delete(path);
  }

  async removeDirectory(path: string): Promise<void> {
    if ((await this.list(path)).length === 0) this.directories.delete(path);
  }

  async syncDirectory(path: string): Promise<void> {
    this.touch('syncDirectory', path);
    const isIn = (name: string) => name.slice(0, name.lastIndexOf('/')) === path;
    for (const name of [...this.safeNames.keys()]) if (isIn(name)) this.safeNames.delete(name);
    for (const [name, inode] of this.names) if (isIn(name)) this.safeNames.set(name, inode);
  }

  private touch(call: Call, path: string): void {
    this.calls++;
    const code = this.fault(call, path);
    if (code !== null) throw systemError(code);
  }

  private file(path: string, inode: Inode): DiskFile {
    return {
      size: async () => inode.bytes.length,
      read: async (bytes, at) => {
        const found = inode.bytes.subarray(at, at + bytes.length);
        bytes.set(found);
        return found.length;
      },
      write: async (bytes, at) => {
        this.touch('write', path);
        return this.write(inode, bytes, at);
      },
      writeNow: (bytes, at) => {
        this.touch('write', path);
        return this.write(inode, bytes, at);
      },
      sync: async () => {
        this.touch('sync', path);
        inode.safe = inode.bytes.slice();
      },
      truncate: async (size) => {
        this.touch('truncate', path);
        inode.bytes = inode.bytes.slice(0, size);
      },
      close: async () => {},
    };
  }

  /** How many of so many more bytes there is no room for. */
  private missing(more: number): number {
    let used = 0;
    for (const one of new Set(this.names.values())) used += one.bytes.length;
    return Math.max(0, used + more - this.room);
  }

  /** As much as there is room for; nothing more: no space. */
  private write(inode: Inode, bytes: Uint8Array, at: number): number {
    const more = Math.max(0, at + bytes.length - inode.bytes.length);
    const missing = this.room === Number.POSITIVE_INFINITY ? 0 : this.missing(more);
    const count = bytes.length - Math.min(missing, bytes.length);
    if (count === 0 && bytes.length > 0) throw systemError('ENOSPC');
    const grown = new Uint8Array(Math.max(inode.bytes.length, at + count));
    grown.set(inode.bytes);
    grown.set(bytes.subarray(0, count), at);
    inode.bytes = grown;
    return count;
  }
}
