/**
 * Save: a whole snapshot, as a file of RDB that is written in slices while commands go on. It
 * shows the data as they were when it began.
 *
 *   "REDIS0010"  extras  database ...  END  crc64
 *
 *   database     SELECT_DB number  [RESIZE_DB keys volatiles]  entry ...
 *   entry        [EXPIRE_MS i64]  type  key  body
 *   extras       see extras.ts
 *
 * Each entry has a mark that says if it is written, and what is newer than the snapshot is born
 * written. A cursor goes over the tables; an entry that is about to change before the cursor
 * gets there is written first (keyspace/observer.ts calls). So each is written once, as it was:
 *
 *   - a database that is emptied gives its table to the snapshot, which frees it as it goes;
 *   - databases that are exchanged keep their old numbers in the snapshot;
 *   - a large collection counts as written at once, but is watched until it really is: it is
 *     written next, in steps, and a change puts aside what it touches (frozen.ts);
 *   - a long string is written in steps. A change to it writes the rest of it at once;
 *   - a change to another entry while one is in the middle writes that one aside, to follow it.
 *
 * What a change can have to wait for is therefore a string, or a few elements of a collection.
 */
import * as database from '../keyspace/database';
import * as emptied from '../keyspace/emptied';
import * as observer from '../keyspace/observer';
import { Buffer, bufferAt } from '../memory/buffer';
import { crc64 } from '../memory/crc64';
import { allocate, reserve } from '../memory/heap';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { touch } from '../structures/dict-touch';
import { Entry, exchangeMarks } from '../structures/entry';
import { TYPE_STRING, typeOf } from '../values/kind';
import * as extras from './extras';
import * as format from './format';
import * as frozen from './frozen';
import * as queue from './frozen-queue';
import * as value from './write-value';
import * as writer from './writer';

export const MORE: u32 = 0;
export const DONE: u32 = 1;
/** There was no memory for it, and it is given up. */
export const FAILED: u32 = 2;
/** There is no snapshot. */
export const NONE: u32 = 3;

/** What looking at one bucket counts for, in bytes of a slice, and a step in a large collection. */
const BUCKET_COST: usize = 64;
const STEP_COST: usize = 256;
const NOWHERE: u32 = 0xffffffff;

/** One database as it was: where its table is now, and how far it is written. */
@unmanaged
class Source {
  /** The database that has the table, or NOWHERE: then the table is `own`. */
  live: u32;
  cursor: u32;
  /** True once its RESIZE_DB is written. */
  announced: bool;
}

const OWN_OFFSET: usize = 16;
const SOURCE_SIZE: usize = (OWN_OFFSET + offsetof<Dict>() + 15) & ~15;
/** There is room for so many sources without asking for memory. */
const COUNT_AT_START: u32 = 16;
const room: usize = memory.data(1024, 16);
if (SOURCE_SIZE * COUNT_AT_START > 1024) ERROR('there is a source for each database');
let sources: usize = room;
let sourceCount: u32 = COUNT_AT_START;
if (offsetof<Source>() > OWN_OFFSET) ERROR('a table follows each source');

const out: Buffer = bufferAt(memory.data(48, 16));
/** Entries that had to be written while another one was in the middle. */
const aside: Buffer = bufferAt(memory.data(48, 16));

let running: bool = false;
/** A snapshot was given up, and there may be entries that it has not written. */
let sweeping: bool = false;
let failed: bool = false;
/** The source that is being written, and the numbers that were selected last in the buffers. */
let sourceIndex: u32 = 0;
let outDatabase: u32 = NOWHERE;
let asideDatabase: u32 = NOWHERE;
/** The long string that is in the middle of being written, or null. */
let current: Entry | null = null;
/** The end of the slice, as a length of `out`, and what it has done beside writing. */
let sliceEnd: usize = 0;
let spent: usize = 0;
/** Whether the slice has written an entry, and whether it has ended within a bucket. */
let moved: bool = false;
let cut: bool = false;
let checksum: u64 = 0;
/** So many bytes of `out` are in the checksum. */
let summed: usize = 0;

function sourceAt(index: u32): Source {
  return changetype<Source>(sources + <usize>index * SOURCE_SIZE);
}

function ownTable(source: Source): Dict {
  return changetype<Dict>(changetype<usize>(source) + OWN_OFFSET);
}

function tableOf(source: Source): Dict {
  return source.live == NOWHERE ? ownTable(source) : database.keysOf(source.live);
}

/** The bytes written since the last `take`. */
export function pending(): Buffer {
  return out;
}

/** Forgets the bytes, which the host has. */
export function take(): void {
  sum();
  out.clear();
  summed = 0;
}

/** Begins a snapshot of what is there now; `size` bytes of extras are at `address`. */
export function begin(address: usize, size: usize): void {
  abort();
  while (sweep());
  exchangeMarks();
  failed = !provide();
  for (let index: u32 = 0; index < sourceCount; index++) {
    const source = sourceAt(index);
    source.live = index;
    source.cursor = 0;
    source.announced = false;
  }
  sourceIndex = 0;
  outDatabase = NOWHERE;
  queue.begin();
  running = true;
  observer.observe(willChange, takesOver, swapped);
  open(out);
  extras.writeHead();
  extras.write(address, size);
  close();
}

/** Makes room for a source for each database; false if there is no memory. */
function provide(): bool {
  if (database.count <= sourceCount) return true;
  const size = SOURCE_SIZE * database.count;
  if (!reserve(size)) return false;
  sources = allocate(size);
  memory.fill(sources, 0, size);
  sourceCount = database.count;
  return true;
}

/** Writes about `budget` bytes more. Returns MORE, DONE, FAILED or NONE. */
export function next(budget: usize): u32 {
  if (!running) return NONE;
  sliceEnd = out.length + budget;
  spent = 0;
  moved = false;
  writer.resetEffort();
  open(out);
  queue.resume();
  while (!failed && !isSliceFull() && !isComplete()) {
    if (current) continueCurrent();
    else if (queue.isWaiting()) continueFrozen();
    else advance();
    if (writer.failed) break;
  }
  close();
  queue.pause();
  if (failed || frozen.useless) {
    abort();
    return FAILED;
  }
  if (!isComplete()) return MORE;
  finish();
  return failed ? FAILED : DONE;
}

/** True if the slice has taken its time: what was compressed counts half of its length. */
function isSliceFull(): bool {
  return out.length + spent + (writer.effort >> 1) >= sliceEnd;
}

function isComplete(): bool {
  return sourceIndex >= database.count && !queue.isWaiting();
}

/** Gives the snapshot up, if there is one. Its entries are still to be swept. */
export function abort(): void {
  if (running) {
    for (let index: u32 = 0; index < sourceCount; index++) abandon(sourceAt(index));
    sweeping = true;
    frozen.setUseless(true);
  }
  stop();
  failed = false;
  checksum = 0;
  summed = 0;
  out.clear();
}

/** What the snapshot had for itself is nobody's now. */
function abandon(source: Source): void {
  if (source.live == NOWHERE) emptied.take(ownTable(source));
}

/** True while some entries still look as if a snapshot needed them. */
export function isSweeping(): bool {
  return sweeping;
}

/** After `abort`: makes the entries of a bucket such that count as written; false if all are. */
export function sweep(): bool {
  if (!sweeping) return false;
  if (queue.isWaiting()) {
    queue.step();
    return true;
  }
  if (sourceIndex >= sourceCount) {
    sweeping = false;
    return false;
  }
  const source = sourceAt(sourceIndex);
  if (source.live != NOWHERE) {
    source.cursor = dict.scan<Entry>(tableOf(source), source.cursor, mark);
    if (source.cursor) return true;
  }
  sourceIndex++;
  return true;
}

function mark(entry: Entry): void {
  entry.markWritten();
}

function stop(): void {
  running = false;
  current = null;
  aside.clear();
}

function finish(): void {
  open(out);
  writer.byte(format.END);
  sum();
  writer.word(checksum);
  close();
  summed = out.length;
  stop();
}

function open(buffer: Buffer): void {
  writer.openSnapshot(buffer);
}

function close(): void {
  if (writer.failed) failed = true;
}

/** Brings the checksum up to date with `out`. */
function sum(): void {
  checksum = crc64(checksum, out.bytes + summed, out.length - summed);
  summed = out.length;
}

// Walking the tables

/** Writes what is unwritten in the next bucket of the source at hand. */
function advance(): void {
  const source = sourceAt(sourceIndex);
  const table = tableOf(source);
  spent += BUCKET_COST;
  cut = false;
  touch(table, source.cursor);
  const following = dict.scan<Entry>(table, source.cursor, write);
  if (current || cut || writer.failed) return;
  if (source.live == NOWHERE) dict.scan<Entry>(table, source.cursor, emptied.free);
  source.cursor = following;
  if (following) return;
  if (source.live == NOWHERE) forget(source);
  sourceIndex++;
}

/** The entries of the table are freed: frees the table. */
function forget(source: Source): void {
  emptied.takeTable(ownTable(source));
}

/** Writes an entry if it is unwritten and the slice is not full. */
function write(entry: Entry): void {
  if (!entry.isUnwritten || current || cut || writer.failed) return;
  if (moved && isSliceFull()) {
    cut = true;
    return;
  }
  moved = true;
  if (freeze(sourceIndex, entry)) return open(out);
  outDatabase = select(sourceIndex, outDatabase);
  value.writeHead(entry);
  if (typeOf(entry) == TYPE_STRING) {
    value.begin(entry);
    while (!value.step()) {
      if (!isSliceFull()) continue;
      current = entry;
      return;
    }
  } else {
    value.whole(entry);
  }
  entry.markWritten();
}

/** Has a large collection written as it is now; false if it is to be written at once. */
function freeze(index: u32, entry: Entry): bool {
  if (!queue.isLarge(entry) || !queue.add(entry, index)) return false;
  entry.markWritten();
  return true;
}

/** Says which database the next entry is of, unless that was the last one; returns it. */
function select(index: u32, last: u32): u32 {
  if (index == last) return index;
  writer.byte(format.SELECT_DB);
  writer.length(index);
  const source = sourceAt(index);
  if (source.announced || source.live == NOWHERE) return index;
  source.announced = true;
  writer.byte(format.RESIZE_DB);
  writer.length(database.keysOf(source.live).count);
  writer.length(database.volatilesOf(source.live).count);
  return index;
}

function continueCurrent(): void {
  while (!value.step()) {
    if (isSliceFull() || writer.failed) return;
  }
  endCurrent();
}

function continueFrozen(): void {
  spent += STEP_COST;
  if (!queue.isBusy()) outDatabase = select(queue.atHand().source, outDatabase);
  if (queue.step()) writeAside();
}

/** The long string is written. */
function endCurrent(): void {
  const entry = current;
  if (entry) entry.markWritten();
  current = null;
  writeAside();
}

/** What had to be written aside meanwhile follows. */
function writeAside(): void {
  if (!aside.length) return;
  writer.raw(aside.bytes, aside.length);
  aside.clear();
  outDatabase = asideDatabase;
}

// Changes meanwhile

/** Writes an entry of a database that is about to change. */
function willChange(live: u32, entry: Entry): void {
  if (!running) return entry.markWritten();
  if (current == entry) {
    open(out);
    while (!value.step()) if (writer.failed) break;
    endCurrent();
    close();
  } else {
    writeEarly(live, entry);
  }
  entry.markWritten();
}

function writeEarly(live: u32, entry: Entry): void {
  const index = sourceOf(live);
  if (failed || index == NOWHERE || freeze(index, entry)) return;
  if (current || queue.isBusy()) {
    open(aside);
    asideDatabase = select(index, aside.length ? asideDatabase : NOWHERE);
  } else {
    open(out);
    outDatabase = select(index, outDatabase);
  }
  value.writeHead(entry);
  value.whole(entry);
  close();
}

/** The number that a database had when the snapshot began. */
function sourceOf(live: u32): u32 {
  for (let index: u32 = 0; index < sourceCount; index++) {
    if (sourceAt(index).live == live) return index;
  }
  return NOWHERE;
}

/** Takes over the entries of a database that is emptied, if any of them may be unwritten. */
function takesOver(live: u32): bool {
  const index = running ? sourceOf(live) : NOWHERE;
  if (index == NOWHERE || index < sourceIndex || !database.keysOf(live).count) return false;
  const source = sourceAt(index);
  const own = ownTable(source);
  memory.copy(changetype<usize>(own), changetype<usize>(database.keysOf(live)), offsetof<Dict>());
  memory.fill(changetype<usize>(database.keysOf(live)), 0, offsetof<Dict>());
  source.live = NOWHERE;
  // From the beginning again: what was written already is still to be freed.
  source.cursor = 0;
  return true;
}

function swapped(first: u32, second: u32): void {
  for (let index: u32 = 0; index < sourceCount; index++) {
    const source = sourceAt(index);
    if (source.live == first) source.live = second;
    else if (source.live == second) source.live = first;
  }
}
