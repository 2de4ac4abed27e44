/** How many clients the system lets in: each takes a file descriptor, and some are needed besides. */
import { readFileSync } from 'node:fs';
import { ConfigError } from '../host/config-values.js';
import type { Host } from '../host/host.js';

/** For what listens, for files and for the runtime: Redis reserves as many. */
const RESERVED = 32;

/** Open files that the process may have, as `ulimit -n` tells; Infinity where that is not known. */
export function descriptorsMax(limits = readLimits()): number {
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Lowers `maxclients` to what is possible, now and whenever it is set. */
export function boundClients({ config, log }: Host, descriptors = descriptorsMax()): void {
  const most = Math.max(1, descriptors - RESERVED);
  const wanted = config.number('maxclients');
  if (wanted > most) {
    const needed = wanted + RESERVED;
    const request = `You requested maxclients of ${wanted} requiring at least ${needed}`;
    log('warning', `${request} max file descriptors.`);
    log(
      'warning',
      `Current maximum open files is ${descriptors}. maxclients has been reduced to ${most} to ` +
        "compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.",
    );
    config.declare('maxclients', String(most));
  }
  config.onChange('maxclients', (value) => {
    if (Number(value) <= most) return;
    throw new ConfigError(
      `The operating system is not able to handle the specified number of clients, try with ${most}`,
    );
  });
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1');
  } catch {
    return '';
  }
}
