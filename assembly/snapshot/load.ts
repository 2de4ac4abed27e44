/**
 * Load: a whole snapshot, from bytes that come in pieces of any size. What it holds is put
 * aside, in databases that nobody sees (keyspace/database.ts, `staged`), and takes the place of
 * all data at the end, if the end is there and right. A snapshot that is not valid to its last
 * byte changes nothing.
 *
 * Whatever begins with a type or an opcode is an item. An item is looked at when all of it is
 * there: first to see where it ends, then to be read. One that is not all there waits until
 * half as much again has come, so that a large value is not looked at too often; but a large
 * collection is read as it comes (read-large.ts).
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as databases from '../keyspace/databases';
import { Buffer, bufferAt } from '../memory/buffer';
import { crc64 } from '../memory/crc64';
import { dispose, Entry, VOLATILE } from '../structures/entry';
import { disposeValue } from '../values/value';
import * as extras from './extras';
import * as format from './format';
import * as large from './read-large';
import * as value from './read-value';
import * as reader from './reader';
import { skipModuleAux, skipValue } from './skip';

const SIGNATURE: u64 = 0x5349444552; // "REDIS"
const SIGNATURE_MASK: u64 = 0xffffffffff;
const HEAD_SIZE: usize = 9;
/** Snapshots before this version end without a checksum. */
const VERSION_OF_CHECKSUM: u32 = 5;
const NOT_GIVEN: i64 = -1;
/** So much of a collection is there when it is read as it comes. */
const LARGE_MIN: usize = 1 << 14;

/** What has come and is not read yet. */
const waiting: Buffer = bufferAt(memory.data(48, 16));
/** Nothing is looked at before so many bytes wait. */
let wanted: usize = 0;
let trouble: u32 = reader.FINE;
let version: u32 = 0;
let ended: bool = false;
let checksum: u64 = 0;
let target: u32 = 0;
// What was said about the next key.
let expiresAt: i64 = NOT_GIVEN;
let idleSeconds: i64 = NOT_GIVEN;
let frequency: i64 = NOT_GIVEN;

/** Begins a load; one that has not ended is given up. */
export function begin(): void {
  abort();
  trouble = reader.FINE;
  wanted = HEAD_SIZE;
  version = 0;
  ended = false;
  checksum = 0;
  target = 0;
  forgetAttributes();
}

/** Gives up what was loaded. */
export function abort(): void {
  for (let index: u32 = 0; index < database.count; index++) {
    databases.empty(database.staged(index));
  }
  large.abandon();
  waiting.clear();
  extras.loaded().clear();
  trouble = reader.MALFORMED;
}

/** Where the next `size` bytes are to be written; 0 without memory. */
export function place(size: usize): usize {
  return waiting.hasRoom(size) ? waiting.end : 0;
}

/** Takes the bytes written there, and reads what is whole. What is wrong: reader.FINE or more. */
export function next(size: usize): u32 {
  waiting.end += size;
  if (!trouble && waiting.length >= wanted) readAll();
  return trouble;
}

/** Ends the load: if all was well, it takes the place of all data. */
export function end(): u32 {
  if (!trouble) readAll();
  if (!trouble && !ended) trouble = reader.SHORT;
  const result = trouble;
  if (result == reader.FINE) {
    for (let index: u32 = 0; index < database.count; index++) databases.adopt(index);
    waiting.clear();
    trouble = reader.MALFORMED;
  } else {
    abort();
  }
  return result;
}

function readAll(): void {
  const selected = database.selected;
  let from = waiting.bytes;
  while (!trouble && !ended) {
    const size = readItem(from);
    if (!size) break;
    from += size;
  }
  database.select(selected);
  if (ended && from < waiting.end) trouble = reader.MALFORMED;
  const left = waiting.end - from;
  memory.copy(waiting.bytes, from, left);
  waiting.end = waiting.bytes + left;
  wanted = large.isUnderWay() && !large.isAtRest() ? left + 1 : left + (left >> 1) + 1;
}

/** Reads the item that begins at `from`; returns its size, 0 if it is wrong or not all there. */
function readItem(from: usize): usize {
  const began = version != 0;
  reader.open(from, waiting.end - from);
  if (large.isUnderWay()) return readMore(from);
  if (began) skipItem();
  else readHead();
  if (reader.trouble == reader.SHORT) return began ? beginLarge(from) : 0;
  const size = reader.at - from;
  if (began && !reader.trouble) perform(from, size);
  checksum = crc64(checksum, from, size);
  trouble = reader.trouble == reader.SHORT ? reader.MALFORMED : reader.trouble;
  return trouble ? 0 : size;
}

/** Begins with a collection that is not all there; returns the size of what has been read. */
function beginLarge(from: usize): usize {
  if (waiting.end - from < LARGE_MIN) return 0;
  reader.open(from, waiting.end - from);
  const type = reader.byte();
  if (!large.isOfElements(type)) return 0;
  const began = large.begin(type, flagsOfNext());
  const size = reader.at - from;
  reader.close();
  if (reader.trouble != reader.SHORT) trouble = reader.trouble;
  if (!began || trouble) return 0;
  checksum = crc64(checksum, from, size);
  return size;
}

/** Goes on with it, as far as it is there; returns the size of what has been read. */
function readMore(from: usize): usize {
  let end = from;
  while (!large.isWhole() && large.step()) end = reader.at;
  if (large.isWhole() && !reader.trouble) {
    const entry = large.take();
    if (entry) keepEntry(entry);
  }
  reader.close();
  if (reader.trouble != reader.SHORT) trouble = reader.trouble;
  checksum = crc64(checksum, from, end - from);
  return trouble ? 0 : end - from;
}

function readHead(): void {
  const head = reader.raw(HEAD_SIZE);
  if (!head) return;
  let number: u32 = 0;
  for (let at = head + 5; at < head + HEAD_SIZE; at++) {
    const digit = <u32>load<u8>(at) - 0x30;
    if (digit > 9) number = format.VERSION_MAX + 1;
    else number = number * 10 + digit;
  }
  if ((load<u64>(head) & SIGNATURE_MASK) != SIGNATURE) reader.refuse();
  else if (number - 1 >= format.VERSION_MAX) reader.refuse();
  else version = number;
}

/** Passes over one item. */
function skipItem(): void {
  const type = reader.byte();
  if (type == format.EXPIRE_SECONDS) reader.raw(4);
  else if (type == format.EXPIRE_MS) reader.raw(8);
  else if (type == format.FREQ) reader.raw(1);
  else if (type == format.IDLE || type == format.SELECT_DB) reader.length();
  else if (type == format.FUNCTION_2) reader.skipString();
  else if (type == format.MODULE_AUX) skipModuleAux();
  else if (type == format.END) reader.raw(version < VERSION_OF_CHECKSUM ? 0 : 8);
  else if (type == format.RESIZE_DB) skipLengths();
  else if (type == format.AUX) skipStrings();
  else skipEntry(type);
}

function skipLengths(): void {
  reader.length();
  reader.length();
}

function skipStrings(): void {
  reader.skipString();
  reader.skipString();
}

function skipEntry(type: u32): void {
  reader.skipString();
  skipValue(type);
}

/** Does what the item says, which is `size` bytes. */
function perform(from: usize, size: usize): void {
  reader.open(from, size);
  const type = reader.byte();
  if (type == format.EXPIRE_SECONDS) expiresAt = <i64>(<i32>reader.halfWord()) * 1000;
  else if (type == format.EXPIRE_MS) expiresAt = reader.word();
  else if (type == format.FREQ) frequency = reader.byte();
  else if (type == format.IDLE) idleSeconds = min<u64>(reader.length(), i64.MAX_VALUE);
  else if (type == format.SELECT_DB) selectDatabase(reader.length());
  else if (type == format.END) readEnd(from);
  else if (type == format.AUX) keepFact();
  else if (type == format.FUNCTION_2) keepFunctions();
  else if (type < format.FUNCTION_2) readEntry(type);
  reader.close();
}

function selectDatabase(index: u64): void {
  if (index < database.count) target = <u32>index;
  else reader.refuse();
}

function readEnd(from: usize): void {
  ended = true;
  if (version < VERSION_OF_CHECKSUM) return;
  const sealed = reader.word();
  // Zero says that there is none.
  if (sealed && sealed != crc64(checksum, from, 1)) reader.refuse();
}

function keepFact(): void {
  if (reader.string(reader.first) && reader.string(reader.second)) {
    extras.keep(format.AUX, reader.first, reader.second);
  }
}

function keepFunctions(): void {
  reader.first.length = 0;
  if (reader.string(reader.second)) extras.keep(format.FUNCTION_2, reader.first, reader.second);
}

function forgetAttributes(): void {
  expiresAt = NOT_GIVEN;
  idleSeconds = NOT_GIVEN;
  frequency = NOT_GIVEN;
}

function readEntry(type: u32): void {
  if (!reader.string(reader.key)) return;
  const flags = flagsOfNext();
  const entry = value.read(type, reader.key.address, reader.key.length, flags, true);
  if (entry) keepEntry(entry);
}

function flagsOfNext(): u32 {
  return expiresAt == NOT_GIVEN ? 0 : VOLATILE;
}

/** Puts an entry where it belongs, with what was said about it. */
function keepEntry(entry: Entry): void {
  if (entry.isVolatile) entry.expiresAt = expiresAt;
  entry.clock = access.initial();
  if (frequency != NOT_GIVEN) entry.clock = access.usedOften(entry.clock, <u32>frequency);
  if (idleSeconds != NOT_GIVEN) entry.clock = access.idleSince(entry.clock, idleSeconds);
  forgetAttributes();
  database.select(database.staged(target));
  if (database.load(entry)) return;
  // One key twice: whoever wrote this is mistaken about what it holds.
  disposeValue(entry);
  dispose(entry);
  reader.refuse();
}
