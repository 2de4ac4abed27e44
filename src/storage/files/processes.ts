/** Processes of this machine, as far as it tells of them. */
import { readFile, readlink } from 'node:fs/promises';
import { codeOf } from './disk.js';
import type { Owner, Processes } from './lock.js';

/** What stands in for the moment at which a process began, where nothing tells it. */
const RUNNING = 'running';

export async function nodeProcesses(): Promise<Processes> {
  const started = (await startOf(process.pid)) ?? RUNNING;
  const self: Owner = { pid: process.pid, started, space: await spaceOfNumbers() };
  return { self, startOf };
}

async function startOf(pid: number): Promise<string | null> {
  const boot = await textOf('/proc/sys/kernel/random/boot_id');
  if (boot === null) return isRunning(pid) ? RUNNING : null;
  const stat = await textOf(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything; the tick is the 20th word behind it.
  const words = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state = 'Z'] = words;
  if (stat === null || state === 'Z' || state === 'X') return null;
  return `${boot.trim()}:${words[19] ?? ''}`;
}

/** In another container the same number is another process. */
async function spaceOfNumbers(): Promise<string> {
  try {
    return await readlink('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return null;
  }
}
