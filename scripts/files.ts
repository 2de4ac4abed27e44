/**
 * What the scripts share about files: where the repository is, hashes, and writing a file
 * so that nobody ever sees half of it.
 */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** For stamps and reports: outside dist/, so that none of it is published. */
export const CACHE = join(ROOT, 'node_modules/.cache/redstart');

/** SHA-256 of the parts, each with its length before it. */
export function digest(parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** A name beside `file` that no other process or call has. */
export function temporaryName(file: string): string {
  return `${file}.${process.pid}-${temporaries++}.tmp`;
}
let temporaries = 0;

/** Writes beside `file`, then renames. */
export async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(file);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(temporary, contents);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
