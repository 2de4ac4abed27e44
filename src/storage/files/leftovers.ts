/** Deletes what is no longer wanted in the directory of a store. */
import type { Disk } from './disk.js';
import { type Layout, leftBehindBy } from './layout.js';
import type { Processes } from './lock.js';

/** All of a store but its lock. */
export async function removeAll(disk: Disk, layout: Layout): Promise<void> {
  for (const name of await disk.list(layout.journals)) {
    if (name.startsWith(layout.names.appendfilename)) await disk.remove(layout.inJournals(name));
  }
  await disk.removeDirectory(layout.journals);
  for (const name of await disk.list(layout.quarantine)) {
    await disk.remove(`${layout.quarantine}/${name}`);
  }
  await disk.removeDirectory(layout.quarantine);
  for (const path of [layout.dump, layout.previousDump, layout.reserve]) await disk.remove(path);
}

/** Snapshots that were not finished by processes which are no more. */
export async function removeLeftBehind(
  disk: Disk,
  layout: Layout,
  processes: Processes,
): Promise<void> {
  for (const name of await disk.list(layout.directory)) {
    const pid = leftBehindBy(name);
    if (pid === null || (await processes.startOf(pid)) !== null) continue;
    await disk.remove(`${layout.directory}/${name}`);
  }
}
