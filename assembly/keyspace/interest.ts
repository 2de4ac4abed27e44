/**
 * Interest: keys of which the host wants to know when they are touched: WATCHed ones,
 * ones that clients are blocked on, ones that a client caches. A touch is noted once;
 * the command at hand is finished, then the core returns to the host.
 *
 * The notes, drained by the host, one for each touched key:
 *
 *   0          4        8
 *   +----------+--------+-----------+
 *   | database | length | key bytes |   u32, u32
 *   +----------+--------+-----------+
 *
 * The top byte of `database` tells what happened, because clients that are blocked on a key are
 * not tried after every change of it (in Redis it is then ready):
 *
 *   0  it was changed
 *   1  it has come about, or was added to: a list
 *   2  a sorted set
 *   3  a stream
 *   4  it was a stream, and is gone
 *   5  its database was exchanged or emptied
 *   6  a stream that has lost a group, which is no change to those who WATCH
 *
 * Clients that cache know keys by their names, in whichever database: those are declared with the
 * database ANYWHERE, which has a table of its own. They want to hear too that a database was
 * emptied, as event 7 of no key; some of every key that is touched.
 */
import { Buffer, bufferAt, raise } from '../memory/buffer';
import { allocate, reserve } from '../memory/heap';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { create, dispose, Entry, entryCost } from '../structures/entry';

const DICT_SIZE: usize = (offsetof<Dict>() + 15) & ~15;
/** There is room for so many databases without asking for memory. */
const COUNT_AT_START: u32 = 16;

const room: usize = memory.data(512, 16);
let tables: usize = room;
const notes: Buffer = bufferAt(memory.data(48, 16));
const ANYWHERE: u32 = 0xffffffff;
// What `follow` asks for beside declared keys.
const FOLLOW_EMPTYING: u32 = 1;
const FOLLOW_ALL: u32 = 2;
const anywhere: Dict = changetype<Dict>(memory.data(32, 16));
if (DICT_SIZE > 32) ERROR('a table fits');
let followed: u32 = 0;
export const CHANGED: u32 = 0;
export const LIST_CAME: u32 = 1;
export const ZSET_CAME: u32 = 2;
export const STREAM_CAME: u32 = 3;
export const STREAM_GONE: u32 = 4;
const EXCHANGED: u32 = 5;
export const GROUP_GONE: u32 = 6;
const EMPTIED: u32 = 7;
const EVENT_SHIFT: u32 = 24;
let count: u32 = 0;
let noted: u32 = 0;
let visitedDatabase: u32 = 0;
let tableBefore: Dict = changetype<Dict>(tables);
let tableAfter: Dict = changetype<Dict>(tables);

if (DICT_SIZE * COUNT_AT_START > 512) ERROR('the tables of all databases fit');

/** Makes room for `databases` of them; false if there is no memory. */
export function provide(databases: u32): bool {
  if (databases <= COUNT_AT_START) return true;
  const size = DICT_SIZE * databases;
  if (!reserve(size)) return false;
  tables = allocate(size);
  memory.fill(tables, 0, size);
  return true;
}

/** Whether anybody wants to hear of keys: if not, nothing else here costs anything. */
export function declared(): bool {
  return (count | (followed & FOLLOW_ALL)) != 0;
}

/** Sets what is noted beside declared keys. */
export function follow(bits: u32): void {
  followed = bits;
}

/** Notes that one database or more were emptied. */
export function noteEmptied(): void {
  if (followed & FOLLOW_EMPTYING) note(EMPTIED << EVENT_SHIFT, 0, 0);
}

/** True if keys were touched since the notes were cleared. */
export function pending(): bool {
  return noted != 0;
}

export function touched(): Buffer {
  return notes;
}

export function clear(): void {
  notes.clear();
  noted = 0;
}

function table(database: u32): Dict {
  if (database == ANYWHERE) return anywhere;
  return changetype<Dict>(tables + <usize>database * DICT_SIZE);
}

/** Declares or withdraws interest in a key; false if there is no memory for that. */
export function declare(database: u32, key: usize, keyLength: usize, on: bool): bool {
  const keyHash = hash(key, keyLength);
  const existing = lookup(database, keyHash, key, keyLength);
  if (on == (existing != null)) return true;
  if (existing) {
    dict.remove<Entry>(table(database), keyHash, existing);
    dispose(existing);
    count--;
    return true;
  }
  if (!reserve(entryCost(keyLength, 0))) return false;
  dict.insert(table(database), keyHash, create(key, keyLength, 0, 0));
  count++;
  return true;
}

function lookup(database: u32, keyHash: u64, key: usize, keyLength: usize): Entry | null {
  return dict.find<Entry>(table(database), keyHash, key, keyLength);
}

/** Notes that something happened to a key, if anyone cares. */
export function touch(database: u32, keyHash: u64, key: usize, keyLength: usize, event: u32): void {
  if (
    !(followed & FOLLOW_ALL) &&
    !lookup(database, keyHash, key, keyLength) &&
    !lookup(ANYWHERE, keyHash, key, keyLength)
  ) {
    return;
  }
  note(database | (event << EVENT_SHIFT), key, keyLength);
}

function note(database: u32, key: usize, keyLength: usize): void {
  const place = scratchHead;
  store<u32>(place, database);
  store<u32>(place, <u32>keyLength, 4);
  notes.raw(place, 8);
  notes.raw(key, keyLength);
  noted++;
  raise();
}

const scratchHead: usize = memory.data(8, 8);

/**
 * Notes the declared keys of a database that are in one of two tables: those that it has and
 * those that it will have, when all of it is exchanged.
 */
export function touchAll(database: u32, before: Dict, after: Dict): void {
  if (!count) return;
  visitedDatabase = database;
  tableBefore = before;
  tableAfter = after;
  const keys = table(database);
  for (let number: u32 = 0; number < keys.bucketCount; number++) {
    dict.visitBucket<Entry>(keys, number, noteVisited);
  }
}

function noteVisited(entry: Entry): void {
  if (!isIn(tableBefore, entry) && !isIn(tableAfter, entry)) return;
  note(visitedDatabase | (EXCHANGED << EVENT_SHIFT), entry.keyAddress, entry.keyLength);
}

function isIn(keys: Dict, entry: Entry): bool {
  return dict.find<Entry>(keys, entry.keyHash, entry.keyAddress, entry.keyLength) != null;
}
