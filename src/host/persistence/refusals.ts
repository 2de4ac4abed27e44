/** What writes are answered while data cannot be kept; in Redis's words. */
import { CommandFlag } from '../../commands/flags.js';
import { FencedError } from '../../resp/errors.js';
import type { StorageState } from '../../storage/storage.js';

export const SNAPSHOT_REFUSAL =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to " +
  'disk. Commands that may modify the data set are disabled, because this instance is configured ' +
  'to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). ' +
  'Please check the Redis logs for details about the RDB error.';

const NEEDS_SPACE = CommandFlag.WRITE | CommandFlag.DENYOOM;
const SEES_DATA = CommandFlag.WRITE | CommandFlag.READONLY;

export function journalRefusal(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `MISCONF Errors writing to the AOF file: ${message.replace(/[\r\n]+/g, ' ')}`;
}

/**
 * Whether a command with these flags is refused. A full disk stops those that need space, any other
 * failure all writes (docs/RELIABILITY.md P9); a store that somebody else owns now does not even
 * read, for what it knows may be old. When nothing at all finds space and replies wait for the disk
 * (`isStrict`), all writes are refused: what is executed would have to be taken back.
 */
export function isRefused(state: StorageState, flags: number, isStrict: boolean): boolean {
  if (state.kind === 'ok') return false;
  const stopsAll = state.kind !== 'full' || (state.exhausted && isStrict);
  if (!stopsAll) return (flags & NEEDS_SPACE) === NEEDS_SPACE;
  if (state.error instanceof FencedError) return (flags & SEES_DATA) !== 0;
  return (flags & CommandFlag.WRITE) !== 0;
}
