/**
 * Hash expiry commands: when a field ends. As Redis 7.4 has them; 7.0 does not.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { FIELDS_NOT_POSITIVE, NUM_FIELDS_NOT_POSITIVE } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as hashes from '../values/hashes';
import { TYPE_HASH } from '../values/kind';
import * as args from './arguments';
import * as hashTarget from './hash-target';
import * as keyed from './keyed';

const NX: u32 = 1;
const XX: u32 = 2;
const GT: u32 = 4;
const LT: u32 = 8;

// What is answered for a field.
const NOT_THERE: i64 = -2;
const NO_DEADLINE: i64 = -1;
const NOT_MET: i64 = 0;
const DONE: i64 = 1;
const DELETED: i64 = 2;

/** HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export function hexpire(): void {
  expireAfter(database.now, 1000, 'hexpire');
}

/** HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export function hpexpire(): void {
  expireAfter(database.now, 1, 'hpexpire');
}

/** HEXPIREAT key unix-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export function hexpireat(): void {
  expireAfter(0, 1000, 'hexpireat');
}

/** HPEXPIREAT key unix-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export function hpexpireat(): void {
  expireAfter(0, 1, 'hpexpireat');
}

function expireAfter(base: i64, unit: i64, command: string): void {
  if (!keyed.writes(1, TYPE_HASH)) return;
  if (!hashTarget.isTime(2, base, unit, command)) return;
  const condition = conditionAt(3);
  const fieldsAt: u32 = condition ? 4 : 3;
  if (!hashTarget.hasFields(fieldsAt, NUM_FIELDS_NOT_POSITIVE)) return;
  const first = fieldsAt + 2;
  hashTarget.goOn(first, 1);
  const entry = hashTarget.entry;
  if (!entry) return replyForAll(first, NOT_THERE);
  if (!keyed.hasMemory(hashTarget.deadlineCost(entry, first))) return;
  reply.array(args.count - first);
  expireFields(entry, first, condition);
}

function conditionAt(index: u32): u32 {
  if (args.is(index, 'NX')) return NX;
  if (args.is(index, 'XX')) return XX;
  if (args.is(index, 'GT')) return GT;
  return args.is(index, 'LT') ? LT : 0;
}

function replyForAll(first: u32, answer: i64): void {
  reply.array(args.count - first);
  for (let index = first; index < args.count; index++) reply.integer(answer);
}

/** Gives the fields their deadline, or removes them at once; writes down those concerned. */
function expireFields(entry: Entry, first: u32, condition: u32): void {
  const past = hashTarget.isTimePast();
  let changed: u32 = 0;
  for (let index = first; index < args.count; index++) {
    const answer = answerFor(entry, index, condition, past);
    reply.integer(answer);
    if (answer > NOT_MET) args.keep(first + changed++, index);
  }
  hashTarget.finishDeadlines(entry, first, changed, condition ? 3 : 0);
}

/** Does what is to be done with one field; the code that is answered. */
function answerFor(entry: Entry, index: u32, condition: u32, past: bool): i64 {
  const field = args.address(index);
  const size = args.length(index);
  const deadline = hashes.deadlineOf(entry, field, size);
  if (deadline == hashes.NO_FIELD) return NOT_THERE;
  if (condition && !isMet(condition, deadline)) return NOT_MET;
  if (past) {
    hashes.remove(entry, field, size);
    return DELETED;
  }
  hashTarget.setDeadline(entry, index);
  return DONE;
}

/** A field without a deadline counts as one that ends never. */
function isMet(condition: u32, deadline: i64): bool {
  const existing = deadline != hashes.NO_DEADLINE;
  if (condition == NX) return !existing;
  if (condition == XX) return existing;
  if (condition == GT) return existing && hashTarget.expiresAt > deadline;
  return !existing || hashTarget.expiresAt < deadline;
}

/** HPERSIST key FIELDS numfields field [field ...] */
export function hpersist(): void {
  if (!keyed.writes(1, TYPE_HASH)) return;
  if (!hashTarget.hasFields(2, FIELDS_NOT_POSITIVE)) return;
  hashTarget.goOn(4, 1);
  const entry = hashTarget.entry;
  if (!entry) return replyForAll(4, NOT_THERE);
  if (!keyed.hasMemory(hashTarget.deadlineCost(entry, 4))) return;
  reply.array(args.count - 4);
  let changed: u32 = 0;
  for (let index: u32 = 4; index < args.count; index++) {
    const answer = persist(entry, index);
    if (answer == DONE) changed++;
    reply.integer(answer);
  }
  if (!changed) return;
  database.signalBy(entry, changed);
  keyed.notify(notifications.HPERSIST, 1);
}

function persist(entry: Entry, index: u32): i64 {
  const deadline = hashes.deadlineOf(entry, args.address(index), args.length(index));
  if (deadline < 0) return codeOf(deadline);
  hashes.clearDeadline(entry, args.address(index), args.length(index));
  return DONE;
}

/** What is answered of a field that has no deadline, or is not there. */
function codeOf(deadline: i64): i64 {
  return deadline == hashes.NO_FIELD ? NOT_THERE : NO_DEADLINE;
}

/** HTTL key FIELDS numfields field [field ...] */
export function httl(): void {
  replyDeadlines(database.now, true);
}

/** HPTTL key FIELDS numfields field [field ...] */
export function hpttl(): void {
  replyDeadlines(database.now, false);
}

/** HEXPIRETIME key FIELDS numfields field [field ...] */
export function hexpiretime(): void {
  replyDeadlines(0, true);
}

/** HPEXPIRETIME key FIELDS numfields field [field ...] */
export function hpexpiretime(): void {
  replyDeadlines(0, false);
}

/** -2 without the field, -1 without a deadline, else the time from `base` on, rounded up. */
function replyDeadlines(base: i64, inSeconds: bool): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  if (!hashTarget.hasFields(2, FIELDS_NOT_POSITIVE)) return;
  const entry = keyed.entry;
  if (!entry) return replyForAll(4, NOT_THERE);
  reply.array(args.count - 4);
  for (let index: u32 = 4; index < args.count; index++) {
    const deadline = hashes.deadlineOf(entry, args.address(index), args.length(index));
    const left = deadline - base;
    if (deadline < 0) reply.integer(codeOf(deadline));
    else reply.integer(inSeconds ? (left + 999) / 1000 : left);
  }
}
