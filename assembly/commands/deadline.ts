/**
 * Deadline: the expiry options that SET, SETEX, GETEX and their kin share.
 */
import * as database from '../keyspace/database';
import * as reply from '../protocol/reply';
import * as args from './arguments';

/** Which options were given: the same bits in all commands that take them. */
export const NX: u32 = 1 << 0;
export const XX: u32 = 1 << 1;
export const GET: u32 = 1 << 2;
export const KEEP_TTL: u32 = 1 << 3;
export const PERSIST: u32 = 1 << 4;
export const EX: u32 = 1 << 5;
export const PX: u32 = 1 << 6;
export const EX_AT: u32 = 1 << 7;
export const PX_AT: u32 = 1 << 8;
/** All options that tell a time. */
export const TIMED: u32 = EX | PX | EX_AT | PX_AT;
const IN_SECONDS: u32 = EX | EX_AT;
const RELATIVE: u32 = EX | PX;

/** The absolute deadline in Unix milliseconds that `isTime` found. */
export let expiresAt: i64 = 0;

/** The option that argument `index` is, among those that take a time; 0 if none. */
export function timedOption(index: u32): u32 {
  if (args.is(index, 'EX')) return EX;
  if (args.is(index, 'PX')) return PX;
  if (args.is(index, 'EXAT')) return EX_AT;
  if (args.is(index, 'PXAT')) return PX_AT;
  return 0;
}

/** Reads argument `index` as the time of this option, or replies what is wrong with it. */
export function isTime(index: u32, option: u32, command: string): bool {
  if (!args.isInteger(index)) return false;
  let time = args.integer;
  if (time <= 0 || (option & IN_SECONDS && time > i64.MAX_VALUE / 1000)) {
    return refuse(command);
  }
  if (option & IN_SECONDS) time *= 1000;
  if (option & RELATIVE) {
    if (time > i64.MAX_VALUE - database.now) return refuse(command);
    time += database.now;
  }
  expiresAt = time;
  return true;
}

/** Replies that the time is invalid. Always false. */
export function refuse(command: string): bool {
  reply.beginError();
  reply.errorText("ERR invalid expire time in '");
  reply.errorText(command);
  reply.errorText("' command");
  reply.endError();
  return false;
}
