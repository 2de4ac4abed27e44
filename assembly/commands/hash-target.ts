/**
 * Hash target: how hash commands get from arguments to a hash and its fields. A question that
 * fails has written its error reply.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as fieldExpiry from '../keyspace/field-expiry';
import * as notifications from '../keyspace/notifications';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import { FIELDS_MISMATCH, NEGATIVE_EXPIRE_TIME, NO_FIELDS } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as hashes from '../values/hashes';
import { TYPE_HASH } from '../values/kind';
import * as args from './arguments';
import * as deadline from './deadline';
import * as keyed from './keyed';

/** Deadlines of fields are at the most this, as in Redis: they have 46 bits there. */
const TIME_MAX: i64 = ((<i64>1) << 46) - 1;
/** What a field takes beside the bytes of the pair. */
const PAIR_COST: usize = 16;

/** The hash that was looked up last, or null. */
export let entry: Entry | null = null;
/** The longest argument that `measure` saw, and the bytes that all of them take. */
export let longest: usize = 0;
export let total: usize = 0;
/** The deadline that `isTime` read, in Unix milliseconds. */
export let expiresAt: i64 = 0;

// Looking up

/**
 * Looks the hash at argument 1 up for writing. Of the fields at argument `first` and every
 * `step`-th after it, those that have ended are removed.
 */
export function writes(first: u32, step: u32): bool {
  if (!keyed.writes(1, TYPE_HASH)) return false;
  goOn(first, step);
  return true;
}

/** As `writes`, for a hash that was looked up for writing just now. */
export function goOn(first: u32, step: u32): void {
  const found = keyed.entry;
  entry = found;
  if (found && hashes.isExpiring(found)) endFields(found, first, step);
}

function endFields(found: Entry, first: u32, step: u32): void {
  for (let index = first; index < args.count; index += step) {
    if (fieldExpiry.endField(found, args.address(index), args.length(index))) continue;
    entry = null;
    return;
  }
}

/** Looks the hash at argument 1 up for reading, without any field that has ended. */
export function readsThere(): bool {
  if (!keyed.reads(1, TYPE_HASH)) return false;
  const found = keyed.entry;
  entry = found;
  if (found && hashes.isExpiring(found) && !fieldExpiry.endAll(found)) entry = null;
  return true;
}

// Setting

/** Finds the longest text from argument `first` on, and what all of them take. */
export function measure(first: u32): void {
  longest = 0;
  total = <usize>(args.count - first) * PAIR_COST;
  for (let index = first; index < args.count; index++) {
    const size = args.length(index);
    longest = max(longest, size);
    total += size;
  }
}

/** The hash, or a new one for the key at argument 1, which is not there. */
export function targetOf(found: Entry | null): Entry {
  return found ? found : hashes.createEntry(args.address(1), args.length(1), 0);
}

/** Sets the pairs from argument `first` on, which were measured; returns how many are new. */
export function setPairs(target: Entry, first: u32, keeps: bool): u32 {
  let added: u32 = 0;
  hashes.prepare(target, longest, total);
  for (let index = first; index < args.count; index += 2) {
    const value = index + 1;
    const isNew = hashes.set(
      target,
      args.address(index),
      args.length(index),
      args.address(value),
      args.length(value),
      keeps,
    );
    if (isNew) added++;
  }
  return added;
}

/** Adds the hash if it was not there, and tells of so many changes. */
export function finish(old: Entry | null, target: Entry, changes: u32): void {
  if (!old) {
    database.add(target);
    changes--;
  }
  if (changes) database.signalBy(target, changes);
}

/** Tells of so many fields that are gone; without any left the hash goes too. */
export function finishRemoval(target: Entry, removed: u32): void {
  if (!removed) return;
  keyed.notify(notifications.HDEL, 1);
  if (hashes.count(target)) return database.signalBy(target, removed);
  if (removed > 1) database.signalBy(target, removed - 1);
  keyed.remove(target);
}

// Arguments

/** Whether FIELDS stands at `index`, then their number, then so many up to the end. */
export function hasFields(index: u32, countError: string): bool {
  if (index + 1 >= args.count || !args.is(index, 'FIELDS')) {
    reply.error(NO_FIELDS);
    return false;
  }
  if (!parseInteger(args.address(index + 1), args.length(index + 1)) || parsedInteger < 1) {
    reply.error(countError);
    return false;
  }
  if (parsedInteger == args.count - index - 2) return true;
  reply.error(FIELDS_MISMATCH);
  return false;
}

/** Reads argument `index` as a time in these units after `base` into `expiresAt`. */
export function isTime(index: u32, base: i64, unit: i64, command: string): bool {
  if (!args.isInteger(index)) return false;
  const time = args.integer;
  if (time < 0) {
    reply.error(NEGATIVE_EXPIRE_TIME);
    return false;
  }
  if (time > TIME_MAX / unit || time * unit > TIME_MAX - base) return deadline.refuse(command);
  expiresAt = base + time * unit;
  return true;
}

/** True if the deadline has passed: then fields go at once. While loading, they stay. */
export function isTimePast(): bool {
  return expiresAt <= database.now && !database.isLoading();
}

// Deadlines

/** Memory that must be reserved to give the fields from argument `first` on deadlines. */
export function deadlineCost(target: Entry, first: u32): usize {
  if (!hashes.isTable(target)) return hashes.conversionCost(target) << 1;
  let sum: usize = 0;
  let largest: usize = 0;
  for (let index = first; index < args.count; index++) {
    const size = hashes.sizeWithDeadline(target, args.address(index), args.length(index));
    // A block that grows by eight bytes grows by less than half, or by these.
    sum += (size >> 1) + 16;
    largest = max(largest, size);
  }
  return sum + largest;
}

/** Gives the field at argument `index`, which is there, the deadline that `isTime` read. */
export function setDeadline(target: Entry, index: u32): void {
  database.rememberFields(target);
  hashes.setDeadline(target, args.address(index), args.length(index), expiresAt);
  database.endsAt(expiresAt);
}

// Effects

/** Writes down that `count` fields from argument `first` on are gone, one by one as Redis. */
export function propagateRemoval(first: u32, count: u32): void {
  for (let index = first; index < first + count; index++) {
    effects.fieldDeletion(
      database.selected,
      args.address(1),
      args.length(1),
      args.address(index),
      args.length(index),
    );
  }
  effects.suppress();
}

/** Ends a command that is being written down: FIELDS, and `count` of them. */
export function propagateFields(first: u32, count: u32): void {
  effects.literal('FIELDS');
  effects.integer(count);
  for (let index = first; index < first + count; index++) {
    effects.argument(args.address(index), args.length(index));
  }
}

/**
 * Ends a command that gave `count` fields, now from argument `first` on, the deadline that
 * `isTime` read, or has removed them because it has passed. The condition is an argument, or 0.
 */
export function finishDeadlines(target: Entry, first: u32, count: u32, condition: u32): void {
  if (!count) return;
  if (isTimePast()) {
    propagateRemoval(first, count);
    return finishRemoval(target, count);
  }
  database.signalBy(target, count);
  keyed.notify(notifications.HEXPIRE, 1);
  effects.begin(database.selected, count + (condition ? 6 : 5));
  effects.literal('HPEXPIREAT');
  effects.argument(args.address(1), args.length(1));
  effects.integer(expiresAt);
  if (condition) effects.argument(args.address(condition), args.length(condition));
  propagateFields(first, count);
}
