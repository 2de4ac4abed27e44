/**
 * The keys of interest that something happened to, as assembly/keyspace/interest.ts notes them:
 *
 *   0                  3       4        8
 *   +------------------+-------+--------+-----------+
 *   | database         | event | length | key bytes |
 *   +------------------+-------+--------+-----------+
 */

/** What happened to a key. The numbers are those of assembly/keyspace/interest.ts. */
export enum KeyEvent {
  Changed = 0,
  /** A list has come about. */
  List = 1,
  /** A sorted set has come about. */
  SortedSet = 2,
  /** A stream has come about, or was added to. */
  Stream = 3,
  /** It was a stream, and is gone. */
  StreamGone = 4,
  /** Its database was exchanged or emptied. */
  Exchanged = 5,
  /** A stream has lost a group, which is no change to those who WATCH. */
  GroupGone = 6,
  /** One database or more were emptied; told without a key. */
  Emptied = 7,
}

/** A key, and what happened to it. */
export interface TouchedKey {
  readonly database: number;
  readonly event: KeyEvent;
  readonly key: Uint8Array;
}

/** The first word of a note of interest: an event, and a database. */
const EVENT_SHIFT = 24;
const DATABASE_MASK = 0xffffff;

/** `bytes` are not kept. */
export function decodeTouched(bytes: Uint8Array): TouchedKey[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const touched: TouchedKey[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 8 + view.getUint32(at + 4, true);
    const word = view.getUint32(at, true);
    const database = word & DATABASE_MASK;
    touched.push({ database, key: bytes.slice(at + 8, end), event: word >>> EVENT_SHIFT });
    at = end;
  }
  return touched;
}
