/** What CONFIG SET may change of files while a server runs, and what not. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../host/config-values.js';
import type { Host } from '../host/host.js';
import { FileStorage } from '../storage/files/file-storage.js';
import { systemErrorText } from './system-errors.js';

/**
 * The directory stays the same: it has one owner, and the journal is in it. redis-server would take
 * another, and begin a journal there that lacks what is in the first.
 */
export function followFiles({ config, storage }: Host): void {
  if (!(storage instanceof FileStorage)) return;
  const directory = resolve(config.text('dir'));
  config.declare('dir', directory);
  config.onChange('dir', (given) => {
    const path = resolve(directory, given);
    mustBeDirectory(path);
    if (path !== directory) {
      throw new ConfigError(`data stay in ${directory} until the server is started with another`);
    }
    config.declare('dir', directory);
  });
  config.onChange('dbfilename', (name) => storage.nameDump(name));
}

function mustBeDirectory(path: string): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(path).isDirectory();
  } catch (error) {
    throw new ConfigError(systemErrorText(error));
  }
  if (!isDirectory) throw new ConfigError('Not a directory');
}
