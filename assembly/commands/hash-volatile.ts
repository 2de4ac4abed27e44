/**
 * Hash commands that read or set fields and their deadlines at once: HGETEX, HGETDEL and
 * HSETEX. As Redis 8.0 has them; 7.0 does not.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  FIELDS_NOT_POSITIVE,
  FXX_AND_FNX,
  INVALID_FIELD_COUNT,
  MISSING_EXPIRE_TIME,
  OUT_OF_MEMORY,
  TWO_FIELD_TIMES,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as hashes from '../values/hashes';
import { TYPE_HASH } from '../values/kind';
import * as args from './arguments';
import * as deadline from './deadline';
import * as hashTarget from './hash-target';
import * as keyed from './keyed';
import { refuseArgumentCount } from './refusal';

/** What a value takes in a reply beside its bytes. */
const VALUE_ROOM: usize = 48;

/** HGETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST] FIELDS numfields field [field ...] */
export function hgetex(): void {
  if (!keyed.writes(1, TYPE_HASH)) return;
  const option = deadline.timedOption(2);
  if (option && !isTime(3, option, 'hgetex')) return;
  const persists = !option && args.is(2, 'PERSIST');
  const fieldsAt: u32 = option ? 4 : persists ? 3 : 2;
  if (!hashTarget.hasFields(fieldsAt, FIELDS_NOT_POSITIVE)) return;
  const first = fieldsAt + 2;
  hashTarget.goOn(first, 1);
  const entry = hashTarget.entry;
  if (entry && (option || persists)) {
    if (!keyed.hasMemory(hashTarget.deadlineCost(entry, first))) return;
  }
  replyValues(entry, first);
  if (!entry || !reply.fits()) return;
  if (persists) persistFields(entry, first);
  else if (option) expireFields(entry, first);
}

/** Reads the time of one of the options that tell one. */
function isTime(index: u32, option: u32, command: string): bool {
  const unit: i64 = option & (deadline.EX | deadline.EX_AT) ? 1000 : 1;
  const base: i64 = option & (deadline.EX | deadline.PX) ? database.now : 0;
  return hashTarget.isTime(index, base, unit, command);
}

function replyValues(entry: Entry | null, first: u32): void {
  reply.array(args.count - first);
  for (let index = first; index < args.count; index++) replyValue(entry, index);
}

/** Replies the value of the field at argument `index`; true if it is there. */
function replyValue(entry: Entry | null, index: u32): bool {
  if (!entry || !hashes.find(entry, args.address(index), args.length(index))) {
    reply.nil();
    return false;
  }
  reply.bulk(hashes.address, hashes.length);
  return true;
}

function persistFields(entry: Entry, first: u32): void {
  let changed: u32 = 0;
  for (let index = first; index < args.count; index++) {
    const field = args.address(index);
    const size = args.length(index);
    if (hashes.deadlineOf(entry, field, size) < 0) continue;
    hashes.clearDeadline(entry, field, size);
    args.keep(first + changed++, index);
  }
  if (!changed) return;
  database.signalBy(entry, changed);
  keyed.notify(notifications.HPERSIST, 1);
  effects.begin(database.selected, changed + 4);
  effects.literal('HPERSIST');
  effects.argument(args.address(1), args.length(1));
  hashTarget.propagateFields(first, changed);
}

function expireFields(entry: Entry, first: u32): void {
  const past = hashTarget.isTimePast();
  let changed: u32 = 0;
  for (let index = first; index < args.count; index++) {
    const field = args.address(index);
    const size = args.length(index);
    if (!(past ? hashes.remove(entry, field, size) : hashes.has(entry, field, size))) continue;
    if (!past) hashTarget.setDeadline(entry, index);
    args.keep(first + changed++, index);
  }
  hashTarget.finishDeadlines(entry, first, changed, 0);
}

/** HGETDEL key FIELDS numfields field [field ...] */
export function hgetdel(): void {
  if (!keyed.writes(1, TYPE_HASH)) return;
  if (!hashTarget.hasFields(2, FIELDS_NOT_POSITIVE)) return;
  hashTarget.goOn(4, 1);
  const entry = hashTarget.entry;
  if (!entry) return replyValues(null, 4);
  // A field that is named twice is gone the second time: reply and removal go together.
  if (!reply.pending().hasRoom(roomForValues(entry, 4))) return reply.error(OUT_OF_MEMORY);
  reply.array(args.count - 4);
  let removed: u32 = 0;
  for (let index: u32 = 4; index < args.count; index++) {
    if (!replyValue(entry, index)) continue;
    hashes.remove(entry, args.address(index), args.length(index));
    args.keep(4 + removed++, index);
  }
  if (removed) propagateRemoval(4, removed);
  hashTarget.finishRemoval(entry, removed);
}

function roomForValues(entry: Entry, first: u32): usize {
  let room: usize = VALUE_ROOM;
  for (let index = first; index < args.count; index++) {
    const found = hashes.find(entry, args.address(index), args.length(index));
    room += VALUE_ROOM + (found ? hashes.length : 0);
  }
  return room;
}

function propagateRemoval(first: u32, count: u32): void {
  effects.begin(database.selected, count + 2);
  effects.literal('HDEL');
  effects.argument(args.address(1), args.length(1));
  for (let index = first; index < first + count; index++) {
    effects.argument(args.address(index), args.length(index));
  }
}

// HSETEX

let conditions: u32 = 0;
let timed: u32 = 0;
let timeIndex: u32 = 0;
let firstField: u32 = 0;

/**
 * HSETEX key [FNX | FXX] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]
 *   FIELDS numfields field value [field value ...]
 */
export function hsetex(): void {
  if (!areOptions() || !keyed.writes(1, TYPE_HASH)) return;
  hashTarget.goOn(firstField, 2);
  const entry = hashTarget.entry;
  if (!areConditionsMet(entry)) return reply.integer(0);
  if (timeIndex && hashTarget.isTimePast()) return setPast(entry);
  hashTarget.measure(firstField);
  const needed = hashTarget.total * 3 + (hashTarget.longest << 1);
  if (!keyed.hasMemory(hashes.growthCost(entry, needed))) return;
  setFields(entry);
  reply.integer(1);
  if (timeIndex && timed != deadline.PX_AT) propagateSet();
}

function setFields(entry: Entry | null): void {
  const target = hashTarget.targetOf(entry);
  hashTarget.setPairs(target, firstField, timed == deadline.KEEP_TTL);
  hashTarget.finish(entry, target, (args.count - firstField) >> 1);
  keyed.notify(notifications.HSET, 1);
  if (!timeIndex) return;
  keyed.notify(notifications.HEXPIRE, 1);
  for (let index = firstField; index < args.count; index += 2) {
    hashTarget.setDeadline(target, index);
  }
}

function areOptions(): bool {
  conditions = 0;
  timed = 0;
  timeIndex = 0;
  for (let index: u32 = 2; index < args.count; index++) {
    if (args.is(index, 'FIELDS')) return arePairs(index);
    if (args.is(index, 'FNX')) {
      if (!isOnly(conditions, FXX_AND_FNX)) return false;
      conditions = deadline.NX;
    } else if (args.is(index, 'FXX')) {
      if (!isOnly(conditions, FXX_AND_FNX)) return false;
      conditions = deadline.XX;
    } else {
      const option = args.is(index, 'KEEPTTL') ? deadline.KEEP_TTL : deadline.timedOption(index);
      if (!option) return refuseArgument(index);
      if (!isOnly(timed, TWO_FIELD_TIMES)) return false;
      timed = option;
      if (option == deadline.KEEP_TTL) continue;
      timeIndex = ++index;
      if (!isTimeGiven(option)) return false;
    }
  }
  return refuseCount();
}

/** True if nothing else of its kind was given before. */
function isOnly(given: u32, error: string): bool {
  if (!given) return true;
  reply.error(error);
  return false;
}

function isTimeGiven(option: u32): bool {
  if (timeIndex < args.count) return isTime(timeIndex, option, 'hsetex');
  reply.error(MISSING_EXPIRE_TIME);
  return false;
}

/** Whether behind FIELDS at `index` there is a number and so many pairs, and no more. */
function arePairs(index: u32): bool {
  if (index + 1 == args.count) return refuseCount();
  if (!parseInteger(args.address(index + 1), args.length(index + 1)) || parsedInteger < 1) {
    reply.error(INVALID_FIELD_COUNT);
    return false;
  }
  firstField = index + 2;
  const given: i64 = args.count - firstField;
  return parsedInteger <= given && parsedInteger << 1 == given ? true : refuseCount();
}

function refuseCount(): bool {
  refuseArgumentCount('hsetex');
  return false;
}

function refuseArgument(index: u32): bool {
  reply.beginError();
  reply.errorText('ERR unknown argument: ');
  reply.errorCString(args.address(index), args.length(index));
  reply.endError();
  return false;
}

/** FNX: none of the fields is there. FXX: all of them are. */
function areConditionsMet(entry: Entry | null): bool {
  if (!conditions) return true;
  const wanted = conditions == deadline.XX;
  for (let index = firstField; index < args.count; index += 2) {
    const there = entry != null && hashes.has(entry, args.address(index), args.length(index));
    if (there != wanted) return false;
  }
  return true;
}

/** The deadline has passed already: what is there goes, and the rest does not come. */
function setPast(entry: Entry | null): void {
  let removed: u32 = 0;
  for (let index = firstField; index < args.count; index += 2) {
    if (!entry || !hashes.remove(entry, args.address(index), args.length(index))) continue;
    args.keep(firstField + removed++, index);
  }
  reply.integer(1);
  if (!entry || !removed) return;
  hashTarget.propagateRemoval(firstField, removed);
  hashTarget.finishRemoval(entry, removed);
}

/** HSETEX with its deadline as an absolute one. */
function propagateSet(): void {
  effects.begin(database.selected, args.count);
  effects.literal('HSETEX');
  for (let index: u32 = 1; index < args.count; index++) {
    if (index + 1 == timeIndex) effects.literal('PXAT');
    else if (index == timeIndex) effects.integer(hashTarget.expiresAt);
    else effects.argument(args.address(index), args.length(index));
  }
}
