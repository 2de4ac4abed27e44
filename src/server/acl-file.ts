/** The file of users (`aclfile`). Its text has one character a byte. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AclFile } from '../host/acl/acl.js';
import { inWords, replaceFile } from './replace-file.js';

/** Nobody else needs to read the digests of passwords. */
const MODE = 0o600;

/** `path` is taken as it is understood now, whatever directory is changed to later. */
export function aclFileAt(path: string): AclFile {
  const file = resolve(path);
  return {
    path,
    read: () => inWords(() => readFileSync(file, 'latin1')),
    write: (text) => inWords(() => replaceFile(file, Buffer.from(text, 'latin1'), MODE)),
  };
}
