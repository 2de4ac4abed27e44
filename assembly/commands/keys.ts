/**
 * Key commands: what can be done to a key whatever its value is, and to whole databases.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as databases from '../keyspace/databases';
import * as effects from '../keyspace/effects';
import * as emptied from '../keyspace/emptied';
import * as interest from '../keyspace/interest';
import * as notifications from '../keyspace/notifications';
import { equals } from '../memory/bytes';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  INDEX_OUT_OF_RANGE,
  INVALID_FIRST_INDEX,
  INVALID_SECOND_INDEX,
  NO_SUCH_KEY,
  NOT_INT32,
  SAME_OBJECT,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { dispose, Entry, VOLATILE } from '../structures/entry';
import { copyCost, copyEntry, disposeValue, moveEntry, typeName } from '../values/value';
import * as args from './arguments';
import * as iteration from './iteration';
import * as keyed from './keyed';
import { expectKeys } from './keyed';

// Counting and removing

/** DEL key [key ...] */
export function del(): void {
  let removed = 0;
  expectKeys(1);
  for (let index: u32 = 1; index < args.count; index++) {
    const entry = database.lookup(args.address(index), args.length(index));
    if (!entry) continue;
    keyed.remove(entry);
    removed++;
  }
  reply.integer(removed);
}

/** UNLINK key [key ...]: here the same as DEL, which frees large collections by and by. */
export function unlink(): void {
  del();
}

/** EXISTS key [key ...] */
export function exists(): void {
  countKeys(database.NO_TOUCH);
}

/** TOUCH key [key ...]: also for a client whose other commands leave no trace. */
export function touch(): void {
  const kept = database.keepClocks(false);
  countKeys(0);
  database.keepClocks(kept);
}

function countKeys(flags: u32): void {
  let found = 0;
  expectKeys(1);
  for (let index: u32 = 1; index < args.count; index++) {
    if (database.read(args.address(index), args.length(index), flags)) found++;
  }
  reply.integer(found);
}

/** TYPE key */
export function type(): void {
  const entry = database.read(args.address(1), args.length(1), database.NO_TOUCH);
  reply.simple(entry ? typeName(entry) : 'none');
}

/** RANDOMKEY */
export function randomkey(): void {
  const entry = databases.randomKey();
  if (entry) reply.bulk(entry.keyAddress, entry.keyLength);
  else reply.nil();
}

/** DBSIZE */
export function dbsize(): void {
  reply.integer(databases.keyCount(database.selected));
}

// Moving and copying

function sameKey(first: u32, second: u32): bool {
  const length = args.length(first);
  if (length != args.length(second)) return false;
  return equals(args.address(first), args.address(second), length);
}

/** RENAME key newkey */
export function rename(): void {
  renameTo(false);
}

/** RENAMENX key newkey */
export function renamenx(): void {
  renameTo(true);
}

function renameTo(onlyIfAbsent: bool): void {
  if (!database.write(args.address(1), args.length(1))) return reply.error(NO_SUCH_KEY);
  if (sameKey(1, 2)) return replyRenamed(onlyIfAbsent, false);
  const target = database.write(args.address(2), args.length(2));
  if (target && onlyIfAbsent) return replyRenamed(true, false);
  if (!keyed.hasMemory(args.length(2) << 1)) return;
  if (target) database.erase(target);
  const source = database.write(args.address(1), args.length(1));
  if (!source) return reply.error(NO_SUCH_KEY);
  const moved = moveEntry(source, args.address(2), args.length(2));
  database.take(source);
  dispose(source);
  database.give(moved);
  keyed.notify(notifications.RENAME_FROM, 1);
  keyed.notify(notifications.RENAME_TO, 2);
  replyRenamed(onlyIfAbsent, true);
}

function replyRenamed(asInteger: bool, renamed: bool): void {
  if (asInteger) reply.integer(renamed ? 1 : 0);
  else reply.ok();
}

/** COPY source destination [DB destination-db] [REPLACE] */
export function copy(): void {
  let target = database.selected;
  let replacing = false;
  for (let index: u32 = 3; index < args.count; index++) {
    if (args.is(index, 'REPLACE')) {
      replacing = true;
    } else if (args.is(index, 'DB') && index + 1 < args.count) {
      if (!isDatabase(++index)) return;
      target = databaseIndex;
    } else {
      return reply.error(SYNTAX_ERROR);
    }
  }
  if (target == database.selected && sameKey(1, 2)) return reply.error(SAME_OBJECT);
  copyTo(target, replacing);
}

function copyTo(target: u32, replacing: bool): void {
  const from = database.selected;
  const source = database.read(args.address(1), args.length(1));
  if (!source) return reply.integer(0);
  if (!keyed.hasMemory(copyCost(source, args.length(2)))) return;
  const copied = copyEntry(source, args.address(2), args.length(2), source.kind & VOLATILE);
  if (source.isVolatile) copied.expiresAt = source.expiresAt;
  copied.clock = access.initial();
  database.select(target);
  const placed = place(copied, replacing);
  if (placed) keyed.notify(notifications.COPY_TO, 2);
  database.select(from);
  reply.integer(placed ? 1 : 0);
}

/** Puts a new entry into the selected database; false, and it is gone, if its key is taken. */
function place(entry: Entry, replacing: bool): bool {
  const taken = database.lookup(entry.keyAddress, entry.keyLength);
  if (taken && !replacing) {
    discard(entry);
    return false;
  }
  if (taken) database.erase(taken);
  database.give(entry);
  return true;
}

function discard(entry: Entry): void {
  disposeValue(entry);
  dispose(entry);
}

let databaseIndex: u32 = 0;

/** Reads argument `index` as the number of a database, or replies what is wrong. */
function isDatabase(index: u32): bool {
  if (!args.isInteger(index)) return false;
  if (<i64>(<i32>args.integer) != args.integer) {
    reply.error(NOT_INT32);
    return false;
  }
  if (<u64>args.integer >= database.count) {
    reply.error(INDEX_OUT_OF_RANGE);
    return false;
  }
  databaseIndex = <u32>args.integer;
  return true;
}

/** MOVE key db */
export function move(): void {
  if (!isDatabase(2)) return;
  const from = database.selected;
  const target = databaseIndex;
  if (target == from) return reply.error(SAME_OBJECT);
  if (!database.write(args.address(1), args.length(1))) return reply.integer(0);
  database.select(target);
  const taken = database.lookup(args.address(1), args.length(1)) != null;
  database.select(from);
  const source = database.lookup(args.address(1), args.length(1));
  if (taken || !source) return reply.integer(0);
  database.take(source);
  database.select(target);
  database.give(source);
  database.select(from);
  keyed.notify(notifications.MOVE_FROM, 1);
  notifications.notify(notifications.MOVE_TO, target, args.address(1), args.length(1));
  reply.integer(1);
}

// Whole databases

/** SWAPDB index1 index2 */
export function swapdb(): void {
  if (!isInt32(1, INVALID_FIRST_INDEX)) return;
  const first = <u64>args.integer;
  if (!isInt32(2, INVALID_SECOND_INDEX)) return;
  const second = <u64>args.integer;
  if (first >= database.count || second >= database.count) {
    return reply.error(INDEX_OUT_OF_RANGE);
  }
  databases.swap(<u32>first, <u32>second);
  effects.changed();
  reply.ok();
}

function isInt32(index: u32, error: string): bool {
  const valid = parseInteger(args.address(index), args.length(index));
  if (!valid || <i64>(<i32>parsedInteger) != parsedInteger) {
    reply.error(error);
    return false;
  }
  args.setInteger(parsedInteger);
  return true;
}

/** FLUSHDB [ASYNC | SYNC] */
export function flushdb(): void {
  if (!isFlushMode()) return reply.error(SYNTAX_ERROR);
  databases.flush(database.selected);
  endFlush();
  effects.changed();
  reply.ok();
}

/** FLUSHALL [ASYNC | SYNC] */
export function flushall(): void {
  if (!isFlushMode()) return reply.error(SYNTAX_ERROR);
  for (let index: u32 = 0; index < database.count; index++) databases.flush(index);
  endFlush();
  effects.changed();
  reply.ok();
}

/** What was in the databases is freed by and by, unless the caller wants to wait for that. */
function endFlush(): void {
  if (args.count == 2 && args.is(1, 'SYNC')) emptied.freeAll();
  interest.noteEmptied();
}

function isFlushMode(): bool {
  if (args.count == 1) return true;
  return args.count == 2 && (args.is(1, 'ASYNC') || args.is(1, 'SYNC'));
}

// Iteration, in a file of its own: the table names them with the other key commands.

/** KEYS pattern */
export function keys(): void {
  iteration.keys();
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export function scan(): void {
  iteration.scan();
}
