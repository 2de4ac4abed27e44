/**
 * Database: the one door to a key. Lazy expiry, the access clock, hits and misses,
 * interest and the book of volatile keys are kept here, once, for all commands.
 *
 * A database is three tables over the same entries:
 *
 *   keys       every entry
 *   volatiles  those with a deadline, for active expiry and INFO
 *   expiring   hashes whose fields may have deadlines, for active expiry
 *
 * Entries move when they change size: after any function here or in `values` that
 * returns an entry, the old address is void.
 */
import { allocate, reserve } from '../memory/heap';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { dispose, Entry, reshape, VOLATILE } from '../structures/entry';
import { setTime as setFieldTime } from '../values/hash-table';
import { beginDeadlines, earliestDeadline as earliestField, endDeadlines } from '../values/hashes';
import { BOOKED, TYPE_LIST, TYPE_STREAM, TYPE_ZSET, typeOf } from '../values/kind';
import { disposeValue } from '../values/value';
import * as access from './access';
import * as effects from './effects';
import * as expected from './expected';
import * as interest from './interest';
import * as notifications from './notifications';
import * as observer from './observer';

const DICT_SIZE: usize = (offsetof<Dict>() + 15) & ~15;
const DATABASE_SIZE: usize = DICT_SIZE * 3;
/** There is room for so many without asking for memory. */
const COUNT_AT_START: u32 = 16;
const room: usize = memory.data(3072, 16);
if (DATABASE_SIZE * COUNT_AT_START * 2 > 3072) ERROR('all databases fit into their table');

/** How many databases there are. */
export let count: u32 = COUNT_AT_START;
/** The tables of all databases, then as many again: where a load puts what will become theirs. */
let databases: usize = room;

/** What a lookup leaves alone. */
export const NO_TOUCH: u32 = 1;
export const NO_STATISTICS: u32 = 2;
/** A key that is missed is no event. */
export const NO_NOTICE: u32 = 4;

export const NEVER: i64 = i64.MAX_VALUE;

/** Unix time in milliseconds, handed in with each batch. */
export let now: i64 = 0;
/** The database that commands work on. */
export let selected: u32 = 0;
/** A time before which nothing expires, in any database. */
export let earliestExpiry: i64 = i64.MAX_VALUE;
export let hits: u64 = 0;
export let misses: u64 = 0;
export let expiredKeys: u64 = 0;
/** Fields of hashes whose time had come. */
export let expiredFields: u64 = 0;
/** While true (loading) deadlines pass without consequence, as in Redis. */
let expiryPaused: bool = false;
/** While true (CLIENT PAUSE) what has expired is not seen, but stays where it is. */
let expiryFrozen: bool = false;
/** While true (CLIENT NO-TOUCH) using a key leaves its access clock alone. */
let clocksKept: bool = false;
let keys: Dict = changetype<Dict>(databases);
let volatiles: Dict = changetype<Dict>(databases + DICT_SIZE);
let expiring: Dict = changetype<Dict>(databases + 2 * DICT_SIZE);

/** The hash of the key that was looked up last. */
let keyHash: u64 = 0;

/** Sets the number of databases while all are empty; false if there is no memory for so many. */
export function provide(wanted: u32): bool {
  if (wanted > COUNT_AT_START) {
    const size = DATABASE_SIZE * wanted * 2;
    if (!reserve(size)) return false;
    databases = allocate(size);
    memory.fill(databases, 0, size);
  }
  count = wanted;
  select(0);
  return true;
}

/** Where a load puts what will become the contents of `database`. */
export function staged(database: u32): u32 {
  return count + database;
}

export function keysOf(database: u32): Dict {
  return changetype<Dict>(databases + <usize>database * DATABASE_SIZE);
}

export function volatilesOf(database: u32): Dict {
  return changetype<Dict>(databases + <usize>database * DATABASE_SIZE + DICT_SIZE);
}

export function expiringOf(database: u32): Dict {
  return changetype<Dict>(databases + <usize>database * DATABASE_SIZE + 2 * DICT_SIZE);
}

export function setTime(unixMs: i64): void {
  now = unixMs;
  access.setTime(unixMs);
  setFieldTime(expiryPaused ? i64.MIN_VALUE : unixMs);
}

export function pauseExpiry(on: bool): void {
  expiryPaused = on;
  setTime(now);
}

export function freezeExpiry(on: bool): void {
  expiryFrozen = on;
}

/** Whether clocks stay as they are; returns what was so before. */
export function keepClocks(on: bool): bool {
  const before = clocksKept;
  clocksKept = on;
  return before;
}

/** True while a journal or a snapshot is being loaded. */
export function isLoading(): bool {
  return expiryPaused;
}

export function select(database: u32): void {
  selected = database;
  expected.nothing();
  keys = keysOf(database);
  volatiles = volatilesOf(database);
  expiring = expiringOf(database);
}

export function resetStatistics(): void {
  hits = 0;
  misses = 0;
  expiredKeys = 0;
  expiredFields = 0;
}

/** Expects the keys at every `step`-th argument from the place `first` of a vector on. */
export function expectMany(first: usize, count: u32, step: u32): void {
  expected.many(keys, first, count, step);
}

// Lookup

/** The entry for reading: expired keys are gone, hits and misses counted, the clock set. */
export function read(key: usize, keyLength: usize, flags: u32 = 0): Entry | null {
  const entry = expiryFrozen ? visible(key, keyLength) : lookup(key, keyLength);
  if (!(flags & NO_STATISTICS)) {
    if (entry) hits++;
    else misses++;
  }
  if (entry) {
    if (!(flags & NO_TOUCH)) touch(entry);
  } else if (!(flags & NO_NOTICE)) {
    notifications.notify(notifications.KEYMISS, selected, key, keyLength);
  }
  return entry;
}

/** The entry for writing. */
export function write(key: usize, keyLength: usize): Entry | null {
  const entry = lookup(key, keyLength);
  if (entry) {
    if (entry.isUnwritten) observer.willChange(selected, entry);
    touch(entry);
  }
  return entry;
}

/** The entry, unless expired; no statistics, clock untouched. */
export function lookup(key: usize, keyLength: usize): Entry | null {
  const entry = key == expected.address() ? findExpected(key, keyLength) : find(key, keyLength);
  if (entry && entry.isVolatile && isExpired(entry)) {
    expire(entry);
    return null;
  }
  return entry;
}

/** As `lookup`, but what has expired stays. */
function visible(key: usize, keyLength: usize): Entry | null {
  const entry = key == expected.address() ? findExpected(key, keyLength) : find(key, keyLength);
  return entry && entry.isVolatile && isExpired(entry) ? null : entry;
}

/** The entry even if it has expired, and without any trace of having looked. */
export function peek(key: usize, keyLength: usize): Entry | null {
  return dict.find<Entry>(keys, hash(key, keyLength), key, keyLength);
}

function find(key: usize, keyLength: usize): Entry | null {
  keyHash = hash(key, keyLength);
  return dict.find<Entry>(keys, keyHash, key, keyLength);
}

/** The key is the one that was expected, so its hash is known, and its entry perhaps too. */
function findExpected(key: usize, keyLength: usize): Entry | null {
  keyHash = expected.keyHash();
  const likely = expected.entry();
  expected.advance(keys);
  if (likely && changetype<Entry>(likely).hasKey(key, keyLength)) {
    return changetype<Entry>(likely);
  }
  return dict.find<Entry>(keys, keyHash, key, keyLength);
}

function touch(entry: Entry): void {
  if (clocksKept) return;
  const clock = access.used(entry.clock);
  if (clock != entry.clock) entry.clock = clock;
}

export function isExpired(entry: Entry): bool {
  return isPast(entry.expiresAt);
}

/** True if what ends at this time has ended. */
export function isPast(unixMs: i64): bool {
  return now > unixMs && !expiryPaused;
}

/** As `expire`, for one who only looks: while data are frozen, the key stays. */
export function expireSeen(entry: Entry, isMissed: bool): void {
  if (!expiryFrozen) expire(entry, isMissed);
}

/** Removes a key of the selected database whose time has come, and says so; was it missed? */
export function expire(entry: Entry, isMissed: bool = false): void {
  expiredKeys++;
  effects.deletion(selected, entry.keyAddress, entry.keyLength);
  notify(notifications.EXPIRED, entry);
  if (isMissed) {
    misses++;
    notify(notifications.KEYMISS, entry);
  }
  vanish(entry);
}

/** Counts a field whose time has come. */
export function countExpiredField(): void {
  expiredFields++;
}

/** Removes the entry and its value; neither counted as a change nor written down here. */
export function vanish(entry: Entry): void {
  detach(entry);
  disposeValue(entry);
  dispose(entry);
}

// Changes

/** Adds an entry whose key was just looked up and not found. */
export function add(entry: Entry): void {
  entry.clock = access.initial();
  insert(entry);
  signalEvent(entry, comingOf(entry));
  notify(notifications.NEW, entry);
}

/** Puts the entry into the tables; its key was just looked up and not found. */
function insert(entry: Entry): void {
  dict.insert(keys, keyHash, entry);
  if (entry.kind & (VOLATILE | BOOKED)) remember(entry);
}

/** Puts `entry` in place of `old`, which the last lookup found; both volatile or neither. */
export function replace(old: Entry, entry: Entry): void {
  move(old, entry);
  signal(entry);
}

/** As `replace`, where what clients see is the same as before: no change. */
export function move(old: Entry, entry: Entry): void {
  if (old == entry) return;
  dict.replace(keys, keyHash, old, entry);
  if (entry.isVolatile) dict.replace(volatiles, keyHash, old, entry);
}

/** Tells that a key of the selected database was changed. Call after the change. */
export function signal(entry: Entry): void {
  effects.changed();
  touched(entry);
}

/** As `signal`, for a change of so many elements of a collection. */
export function signalBy(entry: Entry, changes: u64): void {
  effects.changedBy(changes);
  touched(entry);
}

/** As `signal`, of something that clients may be blocked on. See interest.ts. */
export function signalEvent(entry: Entry, event: u32): void {
  effects.changed();
  tell(entry, event);
}

/** What it is to those who wait that the entry is there now. */
function comingOf(entry: Entry): u32 {
  const type = typeOf(entry);
  if (type == TYPE_LIST) return interest.LIST_CAME;
  if (type == TYPE_ZSET) return interest.ZSET_CAME;
  return type == TYPE_STREAM ? interest.STREAM_CAME : interest.CHANGED;
}

/** Tells listeners what has become of a key of the selected database. */
export function notify(event: u32, entry: Entry): void {
  notifications.notify(event, selected, entry.keyAddress, entry.keyLength);
}

/** Tells whoever is interested that a key of the selected database is not what it was. */
export function touched(entry: Entry): void {
  tell(entry, interest.CHANGED);
}

export function tell(entry: Entry, event: u32): void {
  if (!interest.declared()) return;
  interest.touch(selected, entry.keyHash, entry.keyAddress, entry.keyLength, event);
}

/** Removes the entry, its value and its deadline. */
export function erase(entry: Entry): void {
  take(entry);
  disposeValue(entry);
  dispose(entry);
}

/** Removes the entry and its value, and takes in another one under its key: one change. */
export function exchange(old: Entry, entry: Entry): void {
  vanish(old);
  entry.clock = access.initial();
  insert(entry);
  signal(entry);
}

/** Takes the entry out of the tables, without freeing anything. */
export function take(entry: Entry): void {
  effects.changed();
  detach(entry);
}

function detach(entry: Entry): void {
  if (entry.isUnwritten) observer.willChange(selected, entry);
  keyHash = entry.keyHash;
  if (entry.isVolatile) dict.remove<Entry>(volatiles, keyHash, entry);
  if (entry.kind & BOOKED) dict.remove<Entry>(expiring, keyHash, entry);
  dict.remove<Entry>(keys, keyHash, entry);
  tell(entry, typeOf(entry) == TYPE_STREAM ? interest.STREAM_GONE : interest.CHANGED);
}

/** Takes a new entry in under its own key, which is not in the selected database. */
export function give(entry: Entry): void {
  keyHash = entry.keyHash;
  insert(entry);
  signalEvent(entry, comingOf(entry));
  notify(notifications.NEW, entry);
}

/** Takes in an entry that was loaded; false if there is one with its key already. */
export function load(entry: Entry): bool {
  if (find(entry.keyAddress, entry.keyLength)) return false;
  dict.insert(keys, keyHash, entry);
  if (entry.kind & (VOLATILE | BOOKED)) remember(entry);
  return true;
}

// Deadlines

/** Notes an entry that ends, or in which something does. */
function remember(entry: Entry): void {
  if (entry.isVolatile) {
    dict.insert(volatiles, keyHash, entry);
    endsAt(entry.expiresAt);
  }
  if (entry.kind & BOOKED) {
    dict.insert(expiring, keyHash, entry);
    endsAt(earliestField(entry));
  }
}

/** Something ends at this time. */
export function endsAt(unixMs: i64): void {
  if (unixMs < earliestExpiry) earliestExpiry = unixMs;
}

/** Gives the entry, which the last lookup found, a deadline. Not counted as a change here. */
export function setDeadline(entry: Entry, unixMs: i64): Entry {
  if (entry.isUnwritten) observer.willChange(selected, entry);
  if (entry.isVolatile) {
    entry.expiresAt = unixMs;
    endsAt(unixMs);
    return entry;
  }
  const shaped = reshape(entry, entry.kind | VOLATILE, entry.valueLength, entry.valueLength);
  shaped.expiresAt = unixMs;
  replaceShaped(entry, shaped);
  dict.insert(volatiles, keyHash, shaped);
  endsAt(unixMs);
  return shaped;
}

/** Takes the deadline off the entry, which the last lookup found. Not counted as a change here. */
export function clearDeadline(entry: Entry): Entry {
  if (!entry.isVolatile) return entry;
  if (entry.isUnwritten) observer.willChange(selected, entry);
  dict.remove<Entry>(volatiles, keyHash, entry);
  const shaped = reshape(entry, entry.kind & ~VOLATILE, entry.valueLength, entry.valueLength);
  replaceShaped(entry, shaped);
  return shaped;
}

function replaceShaped(old: Entry, shaped: Entry): void {
  dict.replace(keys, keyHash, old, shaped);
  if (shaped.kind & BOOKED) dict.replace(expiring, keyHash, old, shaped);
}

/** Frees what the entry keeps outside, ahead of another value. The last lookup found it. */
export function dropValue(entry: Entry): void {
  if (typeOf(entry) == TYPE_STREAM) tell(entry, interest.STREAM_GONE);
  forgetFields(entry);
  disposeValue(entry);
}

/** Prepares a hash of the selected database for deadlines of its fields. Memory must be reserved. */
export function rememberFields(entry: Entry): void {
  if (entry.kind & BOOKED) return;
  beginDeadlines(entry);
  dict.insert(expiring, entry.keyHash, entry);
}

/** Makes a hash whose fields have no deadlines any more, or are about to go, a plain one. */
export function forgetFields(entry: Entry): void {
  if (!(entry.kind & BOOKED)) return;
  dict.remove<Entry>(expiring, entry.keyHash, entry);
  endDeadlines(entry);
}

/** Tells that nothing expires before this time. */
export function setEarliestExpiry(unixMs: i64): void {
  earliestExpiry = unixMs;
}
