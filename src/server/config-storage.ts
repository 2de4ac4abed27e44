/** The configuration file as CONFIG REWRITE needs it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigFile } from '../host/config-rewrite.js';
import { inWords, replaceFile } from './replace-file.js';
import { systemErrorCode } from './system-errors.js';

const MODE = 0o644;

/** `path` is taken as it is understood now, whatever directory is changed to later. */
export function configFileAt(path: string): ConfigFile & { readonly path: string } {
  const file = resolve(path);
  return {
    path: file,
    read: () => inWords(() => readIfThere(file)),
    replace: (text) => inWords(() => replaceFile(file, Buffer.from(text), MODE)),
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
