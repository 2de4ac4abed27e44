/** Files that are replaced as a whole: the configuration, the users. */
import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { systemErrorCode, systemErrorText } from './system-errors.js';

/**
 * Through another file beside it, so that at any moment one of the two texts is there. `newMode` is
 * for a file that is new.
 */
export function replaceFile(file: string, bytes: Uint8Array, newMode: number): void {
  const beside = `${file}-${process.pid}.tmp`;
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? newMode;
  try {
    const descriptor = openSync(beside, 'wx', mode & 0o777);
    try {
      writeFileSync(descriptor, bytes);
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

/** Tells errors of the system as people are used to them. */
export function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(systemErrorText(error), { cause: error });
  }
}
