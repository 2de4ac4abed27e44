/**
 * Expiry commands: when a key ends.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { GT_AND_LT, NX_AND_OTHERS } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as args from './arguments';
import * as deadline from './deadline';
import * as keyed from './keyed';

const NX: u32 = 1;
const XX: u32 = 2;
const GT: u32 = 4;
const LT: u32 = 8;

let conditions: u32 = 0;

/** EXPIRE key seconds [NX | XX | GT | LT] */
export function expire(): void {
  expireAfter(database.now, 1000, 'expire');
}

/** PEXPIRE key milliseconds [NX | XX | GT | LT] */
export function pexpire(): void {
  expireAfter(database.now, 1, 'pexpire');
}

/** EXPIREAT key unix-seconds [NX | XX | GT | LT] */
export function expireat(): void {
  expireAfter(0, 1000, 'expireat');
}

/** PEXPIREAT key unix-milliseconds [NX | XX | GT | LT] */
export function pexpireat(): void {
  expireAfter(0, 1, 'pexpireat');
}

function expireAfter(base: i64, unit: i64, command: string): void {
  if (!areConditions() || !args.isInteger(2)) return;
  let time = args.integer;
  if (time > i64.MAX_VALUE / unit || time < i64.MIN_VALUE / unit) return refuse(command);
  time *= unit;
  if (time > i64.MAX_VALUE - base) return refuse(command);
  time += base;
  const entry = database.write(args.address(1), args.length(1));
  if (!entry || !meetsConditions(entry, time)) return reply.integer(0);
  if (time <= database.now && !database.isLoading()) return deleteNow(entry);
  if (!keyed.hasMemory(entry.size)) return;
  database.signal(database.setDeadline(entry, time));
  keyed.notify(notifications.EXPIRE, 1);
  propagate(time);
  reply.integer(1);
}

function refuse(command: string): void {
  deadline.refuse(command);
}

/** Reads the options into `conditions`, or replies that they do not go together. */
function areConditions(): bool {
  conditions = 0;
  for (let index: u32 = 3; index < args.count; index++) {
    if (args.is(index, 'NX')) conditions |= NX;
    else if (args.is(index, 'XX')) conditions |= XX;
    else if (args.is(index, 'GT')) conditions |= GT;
    else if (args.is(index, 'LT')) conditions |= LT;
    else return refuseOption(index);
  }
  if (conditions & NX && conditions & ~NX) reply.error(NX_AND_OTHERS);
  else if ((conditions & (GT | LT)) == (GT | LT)) reply.error(GT_AND_LT);
  else return true;
  return false;
}

function refuseOption(index: u32): bool {
  reply.beginError();
  reply.errorText('ERR Unsupported option ');
  reply.errorCString(args.address(index), args.length(index));
  reply.endError();
  return false;
}

/** A key without a deadline counts as one that ends never. */
function meetsConditions(entry: Entry, time: i64): bool {
  if (!conditions) return true;
  const existing = entry.isVolatile;
  if (conditions & NX && existing) return false;
  if (conditions & XX && !existing) return false;
  if (conditions & GT && (!existing || time <= entry.expiresAt)) return false;
  return !(conditions & LT && existing && time >= entry.expiresAt);
}

/** The time has passed already: the key goes, and that is what is written down. */
function deleteNow(entry: Entry): void {
  keyed.remove(entry);
  effects.deletion(database.selected, args.address(1), args.length(1));
  effects.suppress();
  reply.integer(1);
}

function propagate(time: i64): void {
  effects.begin(database.selected, args.count);
  effects.literal('PEXPIREAT');
  effects.argument(args.address(1), args.length(1));
  effects.integer(time);
  for (let index: u32 = 3; index < args.count; index++) {
    effects.argument(args.address(index), args.length(index));
  }
}

/** PERSIST key */
export function persist(): void {
  const entry = database.write(args.address(1), args.length(1));
  if (!entry || !entry.isVolatile) return reply.integer(0);
  database.signal(database.clearDeadline(entry));
  keyed.notify(notifications.PERSIST, 1);
  reply.integer(1);
}

/** TTL key */
export function ttl(): void {
  replyDeadline(database.now, true);
}

/** PTTL key */
export function pttl(): void {
  replyDeadline(database.now, false);
}

/** EXPIRETIME key */
export function expiretime(): void {
  replyDeadline(0, true);
}

/** PEXPIRETIME key */
export function pexpiretime(): void {
  replyDeadline(0, false);
}

/** -2 without a key, -1 without a deadline, else the time from `base` on. */
function replyDeadline(base: i64, inSeconds: bool): void {
  const entry = database.read(args.address(1), args.length(1), database.NO_TOUCH);
  if (!entry) return reply.integer(-2);
  if (!entry.isVolatile) return reply.integer(-1);
  const left = max<i64>(0, entry.expiresAt - base);
  // Unsigned, so that the last half second before the end of time does not overflow.
  reply.integer(inSeconds ? <i64>((<u64>left + 500) / 1000) : left);
}
