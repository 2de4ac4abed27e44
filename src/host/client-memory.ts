/** What a client takes of memory: CLIENT LIST shows it, limits and eviction count it. */
import type { Session } from './session.js';

/** What a session and its socket are taken to cost while nothing happens: an estimate. */
const IDLE_BYTES = 4096;
/** About what a name or a key takes that a set holds, beside its bytes. */
const ENTRY_BYTES = 64;

/** Replies that have left the core and that the other side has not taken. */
export function outputBytes(session: Session): number {
  return (session.sink.pendingBytes ?? 0) + session.heldBytes;
}

/** What MULTI has queued, and what WATCH keeps in mind. */
export function transactionBytes({ transaction, executing, watched }: Session): number {
  const queued = transaction?.memory ?? executing?.memory ?? 0;
  return queued + bytesOfNames(watched.keys(), watched.size);
}

/** The bytes of a command's arguments. */
export function argumentBytes(args: readonly Uint8Array[]): number {
  return args.reduce((sum, { length }) => sum + length, 0);
}

/** All of it; `ofArguments` are those of the command that it is executing. */
export function totalBytes(session: Session, ofArguments = 0): number {
  const { input, subscriptions } = session;
  let names = 0;
  for (const set of Object.values(subscriptions)) names += bytesOfNames(set, set.size);
  return (
    IDLE_BYTES +
    ofArguments +
    names +
    input.capacity +
    transactionBytes(session) +
    outputBytes(session)
  );
}

function bytesOfNames(names: Iterable<string>, count: number): number {
  if (count === 0) return 0;
  let bytes = 0;
  for (const name of names) bytes += ENTRY_BYTES + name.length;
  return bytes;
}
