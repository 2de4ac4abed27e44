/** Storage in files, opened as the configuration says. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Config } from '../host/config.js';
import { readDirectives } from '../host/directives.js';
import type { Log } from '../host/host.js';
import { FileStorage } from '../storage/files/file-storage.js';
import { nodeProcesses } from '../storage/files/processes.js';
import { systemScheduler } from '../storage/scheduler.js';
import type { Durability } from '../storage/storage.js';

const TOKEN_BYTES = 6;

/**
 * Opens what is kept in the directory `dir`. Throws a ConfigSetError if a parameter is not right;
 * rejects with a StorageError if the directory is in use or what it holds is damaged.
 */
export async function openFiles(
  given: Readonly<Record<string, string>> | undefined,
  log: Log = () => {},
): Promise<FileStorage> {
  const config = new Config(readDirectives(given).parameters);
  return FileStorage.open({
    directory: resolve(config.text('dir')),
    names: {
      dbfilename: config.text('dbfilename'),
      appenddirname: config.text('appenddirname'),
      appendfilename: config.text('appendfilename'),
    },
    durability: config.text('appendfsync') as Durability,
    journals: config.flag('appendonly'),
    loadTruncated: config.flag('aof-load-truncated'),
    scheduler: systemScheduler,
    processes: await nodeProcesses(),
    token: randomBytes(TOKEN_BYTES).toString('hex'),
    log,
  });
}
