/**
 * Databases: what concerns whole databases rather than single keys.
 */
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { randomRecord } from '../structures/dict-random';
import { Entry } from '../structures/entry';
import * as database from './database';
import * as effects from './effects';
import * as emptied from './emptied';
import * as interest from './interest';
import * as observer from './observer';

/** Sets how many databases the store has, once, before there is anything in them. */
export function setCount(databases: u32): void {
  if (interest.provide(databases)) database.provide(databases);
}

export function keyCount(index: u32): u32 {
  return database.keysOf(index).count;
}

export function volatileCount(index: u32): u32 {
  return database.volatilesOf(index).count;
}

/** Removes every key of a database; returns how many there were. */
export function flush(index: u32): u32 {
  touchAll(index, index);
  const flushed = keyCount(index);
  empty(index);
  effects.changedBy(flushed);
  return flushed;
}

/** Removes every key of a database, of which nobody hears but a snapshot. */
export function empty(index: u32): void {
  const keys = database.keysOf(index);
  if (!observer.takesOver(index)) emptied.take(keys);
  emptied.takeTable(database.volatilesOf(index));
  emptied.takeTable(database.expiringOf(index));
}

/** Exchanges the contents of two databases. */
export function swap(first: u32, second: u32): void {
  if (first == second) return;
  touchAll(first, second);
  touchAll(second, first);
  exchangeTables(first, second);
}

/** Puts what a load has brought in place of what the database holds. */
export function adopt(index: u32): void {
  const staged = database.staged(index);
  touchAll(index, staged);
  exchangeTables(index, staged);
  empty(staged);
}

/** Notes who is interested in keys of `index`, which gets the contents of `other`. */
function touchAll(index: u32, other: u32): void {
  interest.touchAll(index, database.keysOf(index), database.keysOf(other));
}

function exchangeTables(first: u32, second: u32): void {
  observer.swapped(first, second);
  dict.invalidate();
  exchange(database.keysOf(first), database.keysOf(second));
  exchange(database.volatilesOf(first), database.volatilesOf(second));
  exchange(database.expiringOf(first), database.expiringOf(second));
}

function exchange(first: Dict, second: Dict): void {
  const a = changetype<usize>(first);
  const b = changetype<usize>(second);
  for (let offset: usize = 0; offset < offsetof<Dict>(); offset += 4) {
    const kept = load<u32>(a + offset);
    store<u32>(a + offset, load<u32>(b + offset));
    store<u32>(b + offset, kept);
  }
}

/** Some key that has not expired, or null. */
export function randomKey(): Entry | null {
  const keys = database.keysOf(database.selected);
  // As Redis: when every key may have expired, give up after a while and take any.
  let tries = 100;
  const allVolatile = keys.count == database.volatilesOf(database.selected).count;
  while (keys.count) {
    const entry = randomRecord<Entry>(keys);
    if (!entry || !entry.isVolatile || !database.isExpired(entry)) return entry;
    if (allVolatile && --tries == 0) return entry;
    database.expireSeen(entry, false);
  }
  return null;
}
