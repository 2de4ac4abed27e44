/**
 * What storage asks of a file system, so that tests can let any call of it fail; and Node's own. Files
 * are made for their owner alone, from their first moment.
 */
import { constants, type Dirent, writeSync } from 'node:fs';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { type FaultKind, StorageFault } from '../errors.js';

export const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

export interface DiskFile {
  size(): Promise<number>;
  /** Fills the beginning of `bytes` from `at` on; how many bytes there were. */
  read(bytes: Uint8Array, at: number): Promise<number>;
  /** May write less than all, as the system does: how many bytes. */
  write(bytes: Uint8Array, at: number): Promise<number>;
  /** The same, done when it returns: the system has the bytes, not yet the disk. */
  writeNow(bytes: Uint8Array, at: number): number;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  /** `make`: a new file, and an error if there is one; `write`: one that is there, or a new one. */
  open(path: string, how: 'read' | 'write' | 'make'): Promise<DiskFile>;
  /** The whole of a small file; null if there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Null if there is no such file. */
  size(path: string): Promise<number | null>;
  /** Names in a directory; empty if there is none. */
  list(path: string): Promise<string[]>;
  makeDirectory(path: string): Promise<void>;
  /** A second name for a file; an error `EEXIST` if that name is taken. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** No error if there is none. */
  remove(path: string): Promise<void>;
  /** If it is empty. */
  removeDirectory(path: string): Promise<void>;
  /** Resolves when the names in it are on the disk. */
  syncDirectory(path: string): Promise<void>;
}

const OPEN_FLAGS = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR | constants.O_CREAT,
  make: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
};

export const NODE_DISK: Disk = {
  open: async (path, how) => diskFile(await open(path, OPEN_FLAGS[how], FILE_MODE)),
  read: (path) => unlessMissing(readFile(path)),
  size: async (path) => (await unlessMissing(stat(path)))?.size ?? null,
  list: async (path) => {
    const entries: Dirent[] | null = await unlessMissing(readdir(path, { withFileTypes: true }));
    return (entries ?? []).map(({ name }) => name);
  },
  makeDirectory: async (path) => {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  },
  link,
  rename,
  remove: (path) => rm(path, { force: true }),
  removeDirectory: async (path) => {
    await rmdir(path).catch(() => {});
  },
  syncDirectory: async (path) => {
    const directory = await open(path, constants.O_RDONLY);
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

function diskFile(handle: FileHandle): DiskFile {
  return {
    size: async () => (await handle.stat()).size,
    read: async (bytes, at) => (await handle.read(bytes, 0, bytes.length, at)).bytesRead,
    write: async (bytes, at) => (await handle.write(bytes, 0, bytes.length, at)).bytesWritten,
    writeNow: (bytes, at) => writeSync(handle.fd, bytes, 0, bytes.length, at),
    sync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    close: () => handle.close(),
  };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Writes all of `bytes`, in as many calls as it takes. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += mustBeMore(await file.write(bytes.subarray(done), at + done));
  }
}

/** The same, done when it returns. */
export function writeAllNow(file: DiskFile, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += mustBeMore(file.writeNow(bytes.subarray(done), at + done));
  }
}

/** Nothing written is not an error of the system, but it would go on for ever. */
function mustBeMore(written: number): number {
  if (written <= 0) throw new StorageFault('full', 'nothing more could be written');
  return written;
}

/** A file that is there whole or not at all: through another one beside it. */
export async function replaceFile(
  disk: Disk,
  directory: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const beside = `${directory}/temp-${name}`;
  try {
    await disk.remove(beside);
    const file = await disk.open(beside, 'make');
    try {
      await writeAll(file, bytes, 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(beside, `${directory}/${name}`);
  } catch (error) {
    await disk.remove(beside).catch(() => {});
    throw error;
  }
  await disk.syncDirectory(directory);
}

/** What an error of the system is called, or ''. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

const KINDS: Readonly<Record<string, FaultKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
};
const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'No space left on device',
  EDQUOT: 'Disk quota exceeded',
  EFBIG: 'File too large',
  EIO: 'Input/output error',
  EROFS: 'Read-only file system',
  EACCES: 'Permission denied',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
};

/** What the C library says of an error of the system. */
export function wordsOf(error: unknown): string {
  const known = Object.hasOwn(WORDS, codeOf(error)) ? WORDS[codeOf(error)] : undefined;
  return known ?? (error instanceof Error ? error.message : String(error));
}

export function toFault(error: unknown, doing: string): StorageFault {
  if (error instanceof StorageFault) return error;
  const kind = Object.hasOwn(KINDS, codeOf(error)) ? KINDS[codeOf(error)] : undefined;
  return new StorageFault(kind ?? 'failed', `${doing}: ${wordsOf(error)}`, { cause: error });
}
