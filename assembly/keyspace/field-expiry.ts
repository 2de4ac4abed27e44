/**
 * Field expiry: removes fields of hashes whose time has come, and the hash with the last of
 * them. Each is written down as the HDEL that it is.
 *
 * The hashes concerned are in a table of their own (`expiringOf`), in which the walk of
 * expiry.ts finds them; within a hash, values/hash-table.ts walks. Whoever looks a field up
 * does not see it any more once it has ended, found by a walk or not.
 */
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import { Member } from '../structures/member';
import * as fields from '../values/hash-table';
import * as hashes from '../values/hashes';
import * as database from './database';
import * as effects from './effects';
import * as notifications from './notifications';
import * as observer from './observer';

/** A hash that the last step of the walk found, with fields that may have ended. */
let due: Entry | null = null;
/** A hash that the last step found, without deadlines. */
let plain: Entry | null = null;
/** True if the last step found more than it could do. */
let unfinished: bool = false;
/** The earliest deadline that the walk has seen since `begin`. */
let earliest: i64 = database.NEVER;

/** Begins a walk through the hashes of all databases. */
export function begin(): void {
  earliest = database.NEVER;
}

/** The earliest deadline that is left after a walk. */
export function earliestLeft(): i64 {
  return earliest;
}

/**
 * One step of the walk through the selected database; returns the next cursor, 0 at the end.
 * While it `isUnfinished` it is to be done again.
 */
export function step(cursor: u32): u32 {
  due = null;
  plain = null;
  unfinished = false;
  const table = database.expiringOf(database.selected);
  const next = dict.scan<Entry>(table, cursor, examine);
  const ended = due;
  const forgotten = plain;
  if (ended) walkInto(ended);
  if (forgotten) database.forgetFields(forgotten);
  return next;
}

/** True if the step is to be done again with the same cursor. */
export function isUnfinished(): bool {
  return unfinished;
}

function examine(entry: Entry): void {
  if (!fields.hasDeadlines(hashes.tableOf(entry))) {
    if (plain) unfinished = true;
    else plain = entry;
  } else if (!database.isPast(hashes.earliestDeadline(entry))) {
    earliest = min(earliest, hashes.earliestDeadline(entry));
  } else {
    due = entry;
    unfinished = true;
  }
}

/** A step of the walk through one hash: some bucket of it. */
function walkInto(entry: Entry): void {
  const table = hashes.tableOf(entry);
  fields.step(table);
  removeFound(entry);
}

/** Removes what the last step found in this hash; false if the hash went with its last field. */
function removeFound(entry: Entry): bool {
  if (!fields.endedCount) return true;
  if (entry.isUnwritten) observer.willChange(database.selected, entry);
  const table = hashes.tableOf(entry);
  for (let index: u32 = 0; index < fields.endedCount; index++) {
    remove(entry, fields.endedAt(index));
  }
  return settle(entry, table.count == 0);
}

function remove(entry: Entry, field: Member): void {
  database.countExpiredField();
  effects.fieldDeletion(
    database.selected,
    entry.keyAddress,
    entry.keyLength,
    field.keyAddress,
    field.keyLength,
  );
  fields.removeMember(hashes.tableOf(entry), field);
}

/** Tells that fields have gone; false if the hash was empty and has gone too. */
function settle(entry: Entry, empty: bool): bool {
  database.notify(notifications.HEXPIRED, entry);
  if (empty) {
    database.notify(notifications.DEL, entry);
    database.vanish(entry);
  } else {
    database.touched(entry);
  }
  return !empty;
}

/** Removes a field that has ended, ahead of a change; false if the hash went with it. */
export function endField(entry: Entry, field: usize, fieldLength: usize): bool {
  const found = fields.findEnded(hashes.tableOf(entry), field, fieldLength);
  if (!found) return true;
  if (entry.isUnwritten) observer.willChange(database.selected, entry);
  remove(entry, found);
  return settle(entry, hashes.tableOf(entry).count == 0);
}

/** Removes all fields that have ended; false if the hash went with them. */
export function endAll(entry: Entry): bool {
  while (database.isPast(hashes.earliestDeadline(entry))) {
    fields.step(hashes.tableOf(entry));
    if (!removeFound(entry)) return false;
  }
  return true;
}
