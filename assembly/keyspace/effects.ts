/**
 * Effects: what a write did, in the form that repeats it: RESP commands as Redis writes
 * them to its append-only file. The host drains them after each batch, so each batch
 * names its database first.
 *
 *   *2 CR LF $6 CR LF SELECT CR LF $1 CR LF 0 CR LF   *3 CR LF $3 CR LF SET CR LF ...
 *
 * What belongs together, the several effects of one command or those of a transaction or a
 * script, stands between MULTI and EXEC if it is more than one command.
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { step } from '../memory/heap';

const ARRAY: u8 = 0x2a;
/** Room for the heads of a command, of SELECT, MULTI and EXEC, and for words of our own. */
const COMMAND_ROOM: usize = 640;
/** *1 CR LF $5 CR LF MULTI CR LF */
const MULTI_SIZE: usize = 15;
const WRAP_ROOM: usize = 128;
const NO_DATABASE: u32 = 0xffffffff;

const buffer: Buffer = bufferAt(memory.data(48, 16));
let selected: u32 = NO_DATABASE;

/** True while the host wants to hear of writes. */
export let wanted: bool = false;
/** How many times something was written, also when nobody wants to hear of it. */
export let changes: u64 = 0;
/** True if the running command has written down its effects itself. */
export let rewritten: bool = false;
/** How many commands were written since `start`, and where the first of them began. */
let written: u32 = 0;
let writtenFrom: usize = 0;
/** True between `open` and `close`. */
let grouped: bool = false;

export function want(on: bool): void {
  wanted = on;
}

/** A command begins that may have effects. */
export function start(): void {
  rewritten = false;
  if (!grouped) restart();
}

/** The command has ended: its effects belong together. */
export function finish(): void {
  if (written > 1 && !grouped) wrap();
}

/** What is written from here to `close` belongs together. */
export function open(): void {
  restart();
  grouped = true;
}

export function close(): void {
  grouped = false;
  finish();
}

function restart(): void {
  written = 0;
  writtenFrom = buffer.length;
}

/** Puts MULTI before what was written and EXEC behind it. */
function wrap(): void {
  written = 0;
  buffer.room(WRAP_ROOM);
  if (buffer.failed) return;
  const first = buffer.bytes + writtenFrom;
  memory.copy(first + MULTI_SIZE, first, buffer.end - first);
  const end = buffer.end + MULTI_SIZE;
  buffer.end = first;
  word('MULTI');
  buffer.end = end;
  word('EXEC');
}

function word(name: string): void {
  buffer.header(ARRAY, 1);
  buffer.bulkLiteral(name);
}

/** Counts a change. The command is propagated as it came, unless it says otherwise. */
export function changed(): void {
  step();
  changes++;
}

export function changedBy(count: u64): void {
  step();
  changes += count;
}

/** How many of the bytes are from before what belongs together and is not closed. */
export function closedLength(): usize {
  return grouped ? min(writtenFrom, buffer.length) : buffer.length;
}

/** The drained bytes. */
export function pending(): Buffer {
  return buffer;
}

export function clear(): void {
  buffer.clear();
  selected = NO_DATABASE;
}

/** The running command has no effects beyond those written by `begin`. */
export function suppress(): void {
  rewritten = true;
}

/** Begins a command of `count` arguments; they follow by `argument` and its siblings. */
export function begin(database: u32, count: u32): void {
  rewritten = true;
  if (!wanted) return;
  selectDatabase(database);
  written++;
  buffer.header(ARRAY, count);
}

function selectDatabase(database: u32): void {
  if (database == selected) return;
  selected = database;
  buffer.header(ARRAY, 2);
  buffer.bulkLiteral('SELECT');
  buffer.bulkInteger(database);
}

export function literal(text: string): void {
  if (wanted) buffer.bulkLiteral(text);
}

export function argument(address: usize, length: usize): void {
  if (wanted) buffer.bulk(address, length);
}

export function integer(value: i64): void {
  if (wanted) buffer.bulkInteger(value);
}

/** Propagates a request as it came: bytes that are a RESP command already. */
export function verbatim(database: u32, bytes: usize, length: usize): void {
  selectDatabase(database);
  written++;
  buffer.raw(bytes, length);
}

/** Makes sure that what a write of `size` request bytes propagates can be noted down. */
export function hasRoom(size: usize): bool {
  return buffer.hasRoom((size << 2) + COMMAND_ROOM);
}

/** Propagates the end of a field of a hash, unless there is no memory. */
export function fieldDeletion(
  database: u32,
  key: usize,
  keyLength: usize,
  field: usize,
  fieldLength: usize,
): void {
  if (!wanted || !buffer.hasRoom(keyLength + fieldLength + COMMAND_ROOM)) return;
  const before = rewritten;
  begin(database, 3);
  buffer.bulkLiteral('HDEL');
  buffer.bulk(key, keyLength);
  buffer.bulk(field, fieldLength);
  rewritten = before;
}

/**
 * Propagates the end of a key that expired or was evicted. Without memory it is left out:
 * the key's deadline is on record already.
 */
export function deletion(database: u32, key: usize, keyLength: usize): void {
  if (!wanted || !buffer.hasRoom(keyLength + COMMAND_ROOM)) return;
  const before = rewritten;
  begin(database, 2);
  buffer.bulkLiteral('DEL');
  buffer.bulk(key, keyLength);
  rewritten = before;
}
