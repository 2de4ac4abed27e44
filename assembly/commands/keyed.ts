/**
 * Keyed: how commands get from an argument to an entry. A function that answers false
 * has written the error reply; else the entry, or null, is in `entry`.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { reserve } from '../memory/heap';
import { OUT_OF_MEMORY, WRONG_TYPE } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_STRING, typeOf } from '../values/kind';
import * as args from './arguments';

/** What the last successful question found; null if there is no such key. */
export let entry: Entry | null = null;

/** Looks argument `index` up for reading; it must be of this type or missing. */
export function reads(index: u32, type: u32): bool {
  return isOf(database.read(args.address(index), args.length(index)), type);
}

/** Looks argument `index` up for writing; it must be of this type or missing. */
export function writes(index: u32, type: u32): bool {
  return isOf(database.write(args.address(index), args.length(index)), type);
}

/** Whether this, which was looked up, is of this type or missing. */
export function isOf(found: Entry | null, type: u32): bool {
  entry = found;
  if (!found || typeOf(found) == type) return true;
  reply.error(WRONG_TYPE);
  return false;
}

/** Looks argument `index` up for reading; it must be a string or missing. */
export function readsString(index: u32): bool {
  return reads(index, TYPE_STRING);
}

/** Looks argument `index` up for writing; it must be a string or missing. */
export function writesString(index: u32): bool {
  return writes(index, TYPE_STRING);
}

/**
 * Puts a new entry into the selected database, in place of whatever has its key; without an
 * entry (null) the key at argument `index` just goes. True if there was such a key.
 */
export function put(index: u32, value: Entry | null): bool {
  const key = args.address(index);
  const length = args.length(index);
  // As in Redis, what has ended already is not missed first if there is nothing to replace it.
  const taken = value ? database.write(key, length) : database.peek(key, length);
  if (!value) {
    if (taken) remove(taken);
  } else if (taken) {
    database.exchange(taken, value);
  } else {
    database.add(value);
  }
  return taken != null;
}

/** Removes a key, and tells listeners. */
export function remove(found: Entry): void {
  database.notify(notifications.DEL, found);
  database.erase(found);
}

/** Tells listeners what has become of the key at argument `index`. */
export function notify(event: u32, index: u32): void {
  notifications.notify(event, database.selected, args.address(index), args.length(index));
}

/** Announces that the arguments from the first on, every `step`-th, are looked up in order. */
export function expectKeys(step: u32): void {
  database.expectMany(args.place() + 8, (args.count - 1) / step, step);
}

/** Reserves memory ahead of a change; false if there is none, and that has been replied. */
export function hasMemory(size: usize): bool {
  if (reserve(size)) return true;
  reply.error(OUT_OF_MEMORY);
  return false;
}
