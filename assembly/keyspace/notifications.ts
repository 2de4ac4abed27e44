/**
 * Notifications: what has become of which key, for those who listen to keyspace events. While
 * the host wants no class of them, all that is left of this is a test of `wanted`.
 *
 * A note for the host, one for each event, in order:
 *
 *   0        4          8        12
 *   +--------+----------+--------+-----------+
 *   | event  | database | length | key bytes |   u32 each
 *   +--------+----------+--------+-----------+
 *
 * An event is a number that has its class in it: class * 32 + n. The names, which only the host
 * needs, are in src/engine/notifications.ts, in the same order. Append-only.
 */
import { Buffer, bufferAt, raise } from '../memory/buffer';

const CLASS_SHIFT: u32 = 5;
const HEAD_SIZE: usize = 12;

// Classes: g $ l s h z x e t m n of notify-keyspace-events; the bit of a class is 1 << class.
const GENERIC: u32 = 0 << 5;
const STRING: u32 = 1 << 5;
const LIST: u32 = 2 << 5;
const SET_CLASS: u32 = 3 << 5;
const HASH: u32 = 4 << 5;
const ZSET: u32 = 5 << 5;
const EXPIRED_CLASS: u32 = 6 << 5;
// 7 << 5 is for keys that are evicted: there are none.
const STREAM: u32 = 8 << 5;
const MISS_CLASS: u32 = 9 << 5;
const NEW_CLASS: u32 = 10 << 5;

// Keys of any type
export const DEL: u32 = GENERIC;
export const EXPIRE: u32 = GENERIC + 1;
export const PERSIST: u32 = GENERIC + 2;
export const RENAME_FROM: u32 = GENERIC + 3;
export const RENAME_TO: u32 = GENERIC + 4;
export const MOVE_FROM: u32 = GENERIC + 5;
export const MOVE_TO: u32 = GENERIC + 6;
export const COPY_TO: u32 = GENERIC + 7;
export const RESTORE: u32 = GENERIC + 8;

// Strings
export const SET: u32 = STRING;
export const APPEND: u32 = STRING + 1;
export const SETRANGE: u32 = STRING + 2;
export const INCRBY: u32 = STRING + 3;
export const INCRBYFLOAT: u32 = STRING + 4;
export const SETBIT: u32 = STRING + 5;
export const PFADD: u32 = STRING + 6;

// Lists
export const LPUSH: u32 = LIST;
export const RPUSH: u32 = LIST + 1;
export const LPOP: u32 = LIST + 2;
export const RPOP: u32 = LIST + 3;
export const LSET: u32 = LIST + 4;
export const LINSERT: u32 = LIST + 5;
export const LREM: u32 = LIST + 6;
export const LTRIM: u32 = LIST + 7;
export const SORTSTORE: u32 = LIST + 8;

// Sets
export const SADD: u32 = SET_CLASS;
export const SREM: u32 = SET_CLASS + 1;
export const SPOP: u32 = SET_CLASS + 2;
export const SINTERSTORE: u32 = SET_CLASS + 3;
export const SUNIONSTORE: u32 = SET_CLASS + 4;
export const SDIFFSTORE: u32 = SET_CLASS + 5;

// Hashes
export const HSET: u32 = HASH;
export const HDEL: u32 = HASH + 1;
export const HINCRBY: u32 = HASH + 2;
export const HINCRBYFLOAT: u32 = HASH + 3;
export const HEXPIRE: u32 = HASH + 4;
export const HPERSIST: u32 = HASH + 5;
export const HEXPIRED: u32 = HASH + 6;

// Sorted sets
export const ZADD: u32 = ZSET;
export const ZINCR: u32 = ZSET + 1;
export const ZREM: u32 = ZSET + 2;
export const ZREMRANGEBYRANK: u32 = ZSET + 3;
export const ZREMRANGEBYSCORE: u32 = ZSET + 4;
export const ZREMRANGEBYLEX: u32 = ZSET + 5;
export const ZPOPMIN: u32 = ZSET + 6;
export const ZPOPMAX: u32 = ZSET + 7;
export const ZUNIONSTORE: u32 = ZSET + 8;
export const ZINTERSTORE: u32 = ZSET + 9;
export const ZDIFFSTORE: u32 = ZSET + 10;
export const ZRANGESTORE: u32 = ZSET + 11;
export const GEORADIUSSTORE: u32 = ZSET + 12;
export const GEOSEARCHSTORE: u32 = ZSET + 13;

// Streams
export const XADD: u32 = STREAM;
export const XTRIM: u32 = STREAM + 1;
export const XDEL: u32 = STREAM + 2;
export const XSETID: u32 = STREAM + 3;
export const XGROUP_CREATE: u32 = STREAM + 4;
export const XGROUP_SETID: u32 = STREAM + 5;
export const XGROUP_DESTROY: u32 = STREAM + 6;
export const XGROUP_CREATECONSUMER: u32 = STREAM + 7;
export const XGROUP_DELCONSUMER: u32 = STREAM + 8;

// What no command of that name does
export const EXPIRED: u32 = EXPIRED_CLASS;
export const KEYMISS: u32 = MISS_CLASS;
export const NEW: u32 = NEW_CLASS;

const notes: Buffer = bufferAt(memory.data(48, 16));

/** A bit for each class that the host wants to hear of. */
export let wanted: u32 = 0;

export function want(classes: u32): void {
  wanted = classes;
}

/** The notes since `clear`. */
export function taken(): Buffer {
  return notes;
}

export function clear(): void {
  notes.clear();
}

/** True if there are notes. */
export function pending(): bool {
  return notes.length != 0;
}

/** Tells of an event. The key must still be there to be read. */
export function notify(event: u32, database: u32, key: usize, keyLength: usize): void {
  if (wanted) note(event, database, key, keyLength);
}

/** Without memory the event is lost, as is one that a listener is too slow for. */
function note(event: u32, database: u32, key: usize, keyLength: usize): void {
  if (!(wanted & (1 << (event >> CLASS_SHIFT))) || !notes.hasRoom(HEAD_SIZE + keyLength)) return;
  const head = notes.end;
  store<u32>(head, event);
  store<u32>(head, database, 4);
  store<u32>(head, <u32>keyLength, 8);
  notes.end = head + HEAD_SIZE;
  notes.raw(key, keyLength);
  raise();
}
