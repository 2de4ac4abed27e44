/**
 * String commands: SET and GET and what is made of them, ranges, several keys at once.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { copy } from '../memory/bytes';
import { OFFSET_OUT_OF_RANGE, STRING_TOO_LONG, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry, VOLATILE } from '../structures/entry';
import { keepsOutside, TYPE_STRING, typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as args from './arguments';
import * as deadline from './deadline';
import * as keyed from './keyed';
import { refuseArgumentCount } from './refusal';

const NO_DEADLINE: i64 = -1;
/** Keeps whatever deadline the key has. */
const SAME_DEADLINE: i64 = -2;
/** The longest string that may come about (proto-max-bulk-len). */
export let lengthMax: u64 = 512 << 20;

/** Sets the longest string that may come about (proto-max-bulk-len). */
export function setLengthMax(bytes: u64): void {
  lengthMax = bytes;
}

// One key

/** GET key */
export function get(): void {
  if (keyed.readsString(1)) replyString(keyed.entry);
}

function replyString(entry: Entry | null): void {
  if (!entry) return reply.nil();
  strings.read(entry);
  reply.bulk(strings.address, strings.length);
}

/** SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL] */
export function set(): void {
  if (args.count == 3) return setPlain();
  let options: u32 = 0;
  let timeIndex: u32 = 0;
  for (let index: u32 = 3; index < args.count; index++) {
    const option = setOption(index, options);
    if (!option) return reply.error(SYNTAX_ERROR);
    options |= option;
    if (option & deadline.TIMED) timeIndex = ++index;
  }
  if (timeIndex && !deadline.isTime(timeIndex, options, 'set')) return;
  setWith(options);
}

function setPlain(): void {
  const entry = database.write(args.address(1), args.length(1));
  assign(entry, 1, 2, NO_DEADLINE);
  keyed.notify(notifications.SET, 1);
  reply.ok();
}

/** The SET option at `index`, or 0 if it is unknown or does not go with `given`. */
function setOption(index: u32, given: u32): u32 {
  const fixed = deadline.KEEP_TTL | deadline.TIMED;
  if (args.is(index, 'NX')) return given & deadline.XX ? 0 : deadline.NX;
  if (args.is(index, 'XX')) return given & deadline.NX ? 0 : deadline.XX;
  if (args.is(index, 'GET')) return deadline.GET;
  if (args.is(index, 'KEEPTTL')) return given & deadline.TIMED ? 0 : deadline.KEEP_TTL;
  const option = deadline.timedOption(index);
  return given & fixed & ~option || index + 1 == args.count ? 0 : option;
}

function setWith(options: u32): void {
  const timed = (options & deadline.TIMED) != 0;
  const getting = (options & deadline.GET) != 0;
  if (getting) {
    if (!keyed.readsString(1)) return;
    replyString(keyed.entry);
    if (!reply.fits()) return;
  }
  const entry = database.write(args.address(1), args.length(1));
  if (options & deadline.NX ? entry != null : options & deadline.XX && !entry) {
    if (!getting) reply.nil();
    return;
  }
  const kept = options & deadline.KEEP_TTL ? SAME_DEADLINE : NO_DEADLINE;
  assign(entry, 1, 2, timed ? deadline.expiresAt : kept);
  keyed.notify(notifications.SET, 1);
  if (timed) keyed.notify(notifications.EXPIRE, 1);
  if (!getting) reply.ok();
  if (timed) propagateSet(1, 2);
  else if (getting) propagateWithoutGet();
}

/** SET as Redis writes it down when it has a deadline: with the absolute one. */
function propagateSet(key: u32, value: u32): void {
  effects.begin(database.selected, 5);
  effects.literal('SET');
  effects.argument(args.address(key), args.length(key));
  effects.argument(args.address(value), args.length(value));
  effects.literal('PXAT');
  effects.integer(deadline.expiresAt);
}

function propagateWithoutGet(): void {
  let count: u32 = 0;
  for (let index: u32 = 0; index < args.count; index++) {
    if (index < 3 || !args.is(index, 'GET')) count++;
  }
  effects.begin(database.selected, count);
  for (let index: u32 = 0; index < args.count; index++) {
    if (index >= 3 && args.is(index, 'GET')) continue;
    effects.argument(args.address(index), args.length(index));
  }
}

/**
 * Gives the key at argument `key`, which was looked up just now, the value at argument
 * `value`; whatever it was before is gone.
 */
function assign(entry: Entry | null, key: u32, value: u32, expiresAt: i64): void {
  const bytes = args.address(value);
  const size = args.length(value);
  if (!entry) {
    const flags = expiresAt >= 0 ? VOLATILE : 0;
    const added = strings.createEntry(args.address(key), args.length(key), flags, bytes, size);
    if (flags) added.expiresAt = expiresAt;
    return database.add(added);
  }
  if (keepsOutside(entry)) database.dropValue(entry);
  if (expiresAt >= 0) entry = database.setDeadline(entry, expiresAt);
  else if (expiresAt == NO_DEADLINE && entry.isVolatile) entry = database.clearDeadline(entry);
  database.replace(entry, strings.put(entry, bytes, size));
}

/** SETNX key value */
export function setnx(): void {
  const entry = database.write(args.address(1), args.length(1));
  if (entry) return reply.integer(0);
  assign(null, 1, 2, NO_DEADLINE);
  keyed.notify(notifications.SET, 1);
  reply.integer(1);
}

/** SETEX key seconds value */
export function setex(): void {
  setFor(deadline.EX, 'setex');
}

/** PSETEX key milliseconds value */
export function psetex(): void {
  setFor(deadline.PX, 'psetex');
}

function setFor(option: u32, command: string): void {
  if (!deadline.isTime(2, option, command)) return;
  assign(database.write(args.address(1), args.length(1)), 1, 3, deadline.expiresAt);
  keyed.notify(notifications.SET, 1);
  keyed.notify(notifications.EXPIRE, 1);
  propagateSet(1, 3);
  reply.ok();
}

/** GETSET key value */
export function getset(): void {
  if (!keyed.readsString(1)) return;
  replyString(keyed.entry);
  if (!reply.fits()) return;
  assign(database.write(args.address(1), args.length(1)), 1, 2, NO_DEADLINE);
  keyed.notify(notifications.SET, 1);
  effects.begin(database.selected, 3);
  effects.literal('SET');
  effects.argument(args.address(1), args.length(1));
  effects.argument(args.address(2), args.length(2));
}

/** GETDEL key */
export function getdel(): void {
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  replyString(entry);
  if (!entry || !reply.fits()) return;
  keyed.remove(entry);
  effects.deletion(database.selected, args.address(1), args.length(1));
  effects.suppress();
}

/** GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] */
export function getex(): void {
  let options: u32 = 0;
  let timeIndex: u32 = 0;
  for (let index: u32 = 2; index < args.count; index++) {
    const option = getexOption(index, options);
    if (!option) return reply.error(SYNTAX_ERROR);
    options |= option;
    if (option & deadline.TIMED) timeIndex = ++index;
  }
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  if (timeIndex && !deadline.isTime(timeIndex, options, 'getex')) return;
  if (timeIndex && !keyed.hasMemory(entry.size)) return;
  replyString(entry);
  if (!reply.fits()) return;
  if (timeIndex) expireRead(entry, options);
  else if (options & deadline.PERSIST) persistRead(entry);
}

function getexOption(index: u32, given: u32): u32 {
  if (args.is(index, 'PERSIST')) return given & deadline.TIMED ? 0 : deadline.PERSIST;
  const option = deadline.timedOption(index);
  const fixed = deadline.PERSIST | deadline.TIMED;
  return given & fixed & ~option || index + 1 == args.count ? 0 : option;
}

function expireRead(entry: Entry, options: u32): void {
  const absolute = (options & (deadline.EX_AT | deadline.PX_AT)) != 0;
  if (absolute && deadline.expiresAt <= database.now && !database.isLoading()) {
    keyed.remove(entry);
    effects.deletion(database.selected, args.address(1), args.length(1));
    effects.suppress();
    return;
  }
  database.signal(database.setDeadline(entry, deadline.expiresAt));
  keyed.notify(notifications.EXPIRE, 1);
  effects.begin(database.selected, 3);
  effects.literal('PEXPIREAT');
  effects.argument(args.address(1), args.length(1));
  effects.integer(deadline.expiresAt);
}

function persistRead(entry: Entry): void {
  if (!entry.isVolatile) return;
  database.signal(database.clearDeadline(entry));
  keyed.notify(notifications.PERSIST, 1);
  effects.begin(database.selected, 2);
  effects.literal('PERSIST');
  effects.argument(args.address(1), args.length(1));
}

// Several keys

/** MGET key [key ...] */
export function mget(): void {
  reply.array(args.count - 1);
  keyed.expectKeys(1);
  for (let index: u32 = 1; index < args.count; index++) {
    const entry = database.read(args.address(index), args.length(index));
    replyString(entry && typeOf(entry) == TYPE_STRING ? entry : null);
  }
}

/** MSET key value [key value ...] */
export function mset(): void {
  if (args.count % 2 == 0) return refuseArgumentCount('mset');
  assignAll();
  reply.ok();
}

/** MSETNX key value [key value ...] */
export function msetnx(): void {
  if (args.count % 2 == 0) return refuseArgumentCount('msetnx');
  for (let index: u32 = 1; index < args.count; index += 2) {
    if (database.write(args.address(index), args.length(index))) return reply.integer(0);
  }
  assignAll();
  reply.integer(1);
}

function assignAll(): void {
  keyed.expectKeys(2);
  for (let index: u32 = 1; index < args.count; index += 2) {
    const entry = database.write(args.address(index), args.length(index));
    assign(entry, index, index + 1, NO_DEADLINE);
    keyed.notify(notifications.SET, index);
  }
}

// Parts of a string

/** STRLEN key */
export function strlen(): void {
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  reply.integer(entry ? strings.lengthOf(entry) : 0);
}

/** APPEND key value */
export function append(): void {
  if (!keyed.writesString(1)) return;
  const entry = keyed.entry;
  const size = args.length(2);
  if (!entry) {
    assign(null, 1, 2, NO_DEADLINE);
    keyed.notify(notifications.APPEND, 1);
    return reply.integer(size);
  }
  const old = strings.lengthOf(entry);
  if (!fits(<u64>old + size) || !keyed.hasMemory((old + size) << 1)) return;
  overwrite(entry, old, args.address(2), size);
  keyed.notify(notifications.APPEND, 1);
  reply.integer(old + size);
}

function fits(size: u64): bool {
  if (size <= lengthMax) return true;
  reply.error(STRING_TOO_LONG);
  return false;
}

/** Writes bytes at an offset; the string becomes raw and as long as that needs. */
function overwrite(entry: Entry, offset: usize, bytes: usize, size: usize): void {
  const stretched = strings.stretch(entry, max(strings.lengthOf(entry), offset + size));
  copy(strings.address + offset, bytes, size);
  database.replace(entry, stretched);
}

/** SETRANGE key offset value */
export function setrange(): void {
  if (!args.isInteger(2)) return;
  const offset = args.integer;
  if (offset < 0) return reply.error(OFFSET_OUT_OF_RANGE);
  if (!keyed.writesString(1)) return;
  const entry = keyed.entry;
  const old: usize = entry ? strings.lengthOf(entry) : 0;
  const size = args.length(3);
  if (!size) return reply.integer(old);
  if (!fits(<u64>offset + size) || !keyed.hasMemory((<usize>offset + size + old) << 1)) return;
  if (entry) overwrite(entry, <usize>offset, args.address(3), size);
  else createAt(<usize>offset, args.address(3), size);
  keyed.notify(notifications.SETRANGE, 1);
  reply.integer(max(old, <usize>offset + size));
}

/** Adds the key with `offset` zero bytes, then these. */
function createAt(offset: usize, bytes: usize, size: usize): void {
  const empty = strings.createEntry(args.address(1), args.length(1), 0, 0, 0);
  const stretched = strings.stretch(empty, offset + size);
  copy(strings.address + offset, bytes, size);
  database.add(stretched);
}

/** GETRANGE key start end */
export function getrange(): void {
  if (!args.isInteger(2)) return;
  const start = args.integer;
  if (!args.isInteger(3)) return;
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (!entry) return reply.bulk(0, 0);
  replyRange(entry, start, args.integer);
}

/** SUBSTR key start end, the old name of GETRANGE */
export function substr(): void {
  getrange();
}

function replyRange(entry: Entry, start: i64, end: i64): void {
  strings.read(entry);
  const size = <i64>strings.length;
  if (start < 0 && end < 0 && start > end) return reply.bulk(0, 0);
  if (start < 0) start = max<i64>(0, start + size);
  if (end < 0) end = max<i64>(0, end + size);
  end = min(end, size - 1);
  if (start > end || !size) return reply.bulk(0, 0);
  reply.bulk(strings.address + <usize>start, <usize>(end - start + 1));
}
