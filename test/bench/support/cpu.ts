/**
 * CPU time of other processes' threads, which the clock on the wall cannot tell on a machine
 * that is shared. Linux only: null elsewhere.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The nanoseconds-exact CPU seconds of the processes' threads whose name begins with `name`. */
export function threadSeconds(processIds: readonly number[], name = ''): number | null {
  let milliseconds: number | null = null;
  for (const id of processIds) {
    for (const folder of threadFolders(id)) {
      const used = threadMilliseconds(folder, name);
      if (used !== null) milliseconds = (milliseconds ?? 0) + used;
    }
  }
  return milliseconds === null ? null : milliseconds / 1000;
}

function threadFolders(processId: number): string[] {
  const folder = `/proc/${processId}/task`;
  return existsSync(folder) ? readdirSync(folder).map((id) => `${folder}/${id}`) : [];
}

/** Exact for a thread that sleeps; null for one that has another name, or has ended. */
function threadMilliseconds(folder: string, name: string): number | null {
  try {
    if (!readFileSync(`${folder}/comm`, 'utf8').startsWith(name)) return null;
    const found = /sum_exec_runtime\s*:\s*([\d.]+)/.exec(readFileSync(`${folder}/sched`, 'utf8'));
    return found === null ? null : Number(found[1]);
  } catch {
    return null;
  }
}
