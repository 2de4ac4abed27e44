/** The configuration file as CONFIG REWRITE needs it. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigFile } from '../host/host.js';
import { systemErrorCode, systemErrorText } from './system-errors.js';

const MODE = 0o644;

/** `path` is taken as it is understood now, whatever directory is changed to later. */
export function configFileAt(path: string): ConfigFile & { readonly path: string } {
  const file = resolve(path);
  return {
    path: file,
    read: () => inWords(() => readIfThere(file)),
    replace: (text) => inWords(() => replaceFile(file, text)),
  };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Through another file beside it, so that at any moment one of the two texts is there. */
function replaceFile(file: string, text: string): void {
  const beside = `${file}-${process.pid}.tmp`;
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? MODE;
  try {
    const descriptor = openSync(beside, 'wx', mode & 0o777);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') rmSync(beside, { force: true });
    throw error;
  }
}

function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(systemErrorText(error), { cause: error });
  }
}
