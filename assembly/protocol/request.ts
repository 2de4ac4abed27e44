/**
 * Request: cuts the bytes of a batch into commands and their arguments.
 *
 *   *3 CR LF  $3 CR LF SET CR LF  $1 CR LF k CR LF  $1 CR LF v CR LF
 *   PING hello CR LF                                    (inline)
 *
 * A window of up to WINDOW_MAX commands is parsed at a time. Arguments are not copied: each
 * is an address and a length in the batch. They lie in one vector for the whole window:
 *
 *   +---------+--------+---------+--------+---
 *   | address | length | address | length |      u32 each
 *   +---------+--------+---------+--------+---
 *
 * Limits and error texts are those of Redis 7.0.15 (processMultibulkBuffer and
 * processInlineBuffer of networking.c).
 */
import { allocate, release, reserve } from '../memory/heap';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import { splitArguments } from './inline';

/** Why `parse` ended. */
export const COMPLETE: u32 = 0;
export const INCOMPLETE: u32 = 1;
export const MALFORMED: u32 = 2;

/** A command that was parsed, and what is found out about it before it runs. */
@unmanaged
export class Request {
  /** Where its bytes begin and end. */
  start: u32;
  end: u32;
  /** Address and number of its arguments. */
  arguments: u32;
  count: u32;
  /** For the executor: its first key, the entry that has it probably, and the key's hash. */
  key: u32;
  entry: u32;
  hash: u64;
  /** Likewise: the command's record. */
  command: u32;
  /** The member it looks for in a large table, what of the table was loaded last, its hash. */
  member: u32;
  memberPlace: u32;
  memberHash: u64;
}

export const WINDOW_MAX: u32 = 32;
const REQUEST_SIZE: usize = (offsetof<Request>() + 7) & ~7;
const requests: usize = memory.data(2048, 16);
if (REQUEST_SIZE * WINDOW_MAX > 2048) ERROR('the window fits');

const ARGUMENT_SIZE: usize = 8;
/** Arguments that a window has room for, unless a single command has more. */
const VECTOR_MIN: u32 = 2048;
const LINE_MAX: usize = 64 * 1024;
const ASTERISK: u8 = 0x2a;
const DOLLAR: u32 = 0x24;
const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const UNAUTHENTICATED_ARGUMENTS: i64 = 10;
const UNAUTHENTICATED_LENGTH: i64 = 16384;

let end: usize = 0;
let vector: usize = 0;
let vectorEnd: usize = 0;
/** Where the next argument goes. */
let place: usize = 0;

/** How many commands `parse` found. */
export let count: u32 = 0;
/** Why the input is malformed. */
export let problem: string = '';
/** The byte found in place of `$`, for its error text. */
export let problemByte: u8 = 0;
/** At the least this many bytes are missing to complete the last command. */
export let missing: u64 = 0;
/** Where the parsing of the next window begins: what is before is parsed or to be skipped. */
let cursor: usize = 0;

/** More arguments than there is memory for end the session: nobody knows what they were to do. */
const NO_MEMORY: string = 'no memory for so many arguments';
/** True if an inline command has such. */
let lacking: bool = false;

let bulkLengthMax: i64 = 512 << 20;
let unauthenticated: bool = false;

export function setBulkLengthMax(bytes: i64): void {
  bulkLengthMax = bytes;
}

export function setUnauthenticated(on: bool): void {
  unauthenticated = on;
}

/** Forgets the byte that was found in place of another. */
export function clearProblem(): void {
  problemByte = 0;
}

/** Takes the memory that every window needs. */
export function start(): void {
  const size = <usize>VECTOR_MIN * ARGUMENT_SIZE;
  setVector(allocate(size), size);
}

/** The batch ends before `to`. Sixteen bytes after it must be readable. */
export function open(to: usize): void {
  end = to;
}

/** Where the batch ends. */
export function batchEnd(): usize {
  return end;
}

export function at(index: u32): Request {
  return changetype<Request>(requests + <usize>index * REQUEST_SIZE);
}

/**
 * Parses up to `most` commands from `from` on; how many is in `count`. Returns COMPLETE if
 * there may be more, else why there is not.
 */
export function parse(from: usize, most: u32): u32 {
  place = vector;
  count = 0;
  cursor = from;
  missing = 1;
  while (count < most) {
    const result = parseFast(most);
    if (result != SLOW) return result;
    const other = parseSlow();
    if (other != COMPLETE) return other == WINDOW_FULL ? COMPLETE : other;
  }
  return COMPLETE;
}

const SLOW: u32 = 3;
const WINDOW_FULL: u32 = 4;
/** `*` d CR LF, as a little-endian word without the digit. */
const ARRAY_HEAD: u32 = 0x0a0d002a;
const HEAD_MASK: u32 = 0xffff00ff;
/** `$` d CR LF likewise, and `$` d d CR without its digits. */
const BULK_HEAD: u32 = 0x0a0d0024;
const LONG_BULK_HEAD: u32 = 0x0d000024;
const LONG_HEAD_MASK: u32 = 0xff0000ff;

/**
 * Parses whole commands of up to nine arguments of up to 99 bytes, which nearly all are.
 * Everything is kept in locals here: this loop is part of every command. SLOW means that
 * the command at the cursor is not of that form, COMPLETE that the window is full.
 */
function parseFast(most: u32): u32 {
  let from = cursor;
  let to = place;
  let request = requests + <usize>count * REQUEST_SIZE;
  const last = requests + <usize>most * REQUEST_SIZE;
  const vectorLast = vectorEnd - 9 * ARGUMENT_SIZE;
  while (request < last) {
    const head = load<u32>(from);
    const total = ((head >> 8) & 0xff) - 0x30;
    if ((head & HEAD_MASK) != ARRAY_HEAD || total - 1 >= 9 || to > vectorLast) break;
    const first = to;
    const argumentsEnd = to + <usize>total * ARGUMENT_SIZE;
    let next = from + 4;
    while (to < argumentsEnd) {
      const bulk = load<u32>(next);
      let length = ((bulk >> 8) & 0xff) - 0x30;
      if ((bulk & HEAD_MASK) == BULK_HEAD && length < 10) {
        next += 4;
      } else {
        const digit = ((bulk >> 16) & 0xff) - 0x30;
        if ((bulk & LONG_HEAD_MASK) != LONG_BULK_HEAD || length - 1 >= 9 || digit >= 10) break;
        length = length * 10 + digit;
        next += 5;
      }
      store<u64>(to, <u64>next | ((<u64>length) << 32));
      to += ARGUMENT_SIZE;
      next += length + 2;
      if (next > end) break;
    }
    if (to < argumentsEnd || next > end) {
      to = first;
      break;
    }
    store<u64>(request, <u64>from | ((<u64>next) << 32));
    store<u64>(request, <u64>first | ((<u64>total) << 32), 8);
    request += REQUEST_SIZE;
    from = next;
  }
  cursor = from;
  place = to;
  count = <u32>((request - requests) / REQUEST_SIZE);
  return request == last ? COMPLETE : SLOW;
}

/** Parses one command of any form at the cursor, with all checks. */
function parseSlow(): u32 {
  if (cursor >= end) return INCOMPLETE;
  if (load<u8>(cursor) == ASTERISK) return multibulk();
  // An inline command is unescaped in place, so it may not be parsed ahead of its turn.
  return count ? WINDOW_FULL : inline();
}

/** Takes the arguments from `first` to `place` as a command; a window full of it ends. */
function accept(start: usize, first: usize, next: usize): u32 {
  const request = at(count);
  request.start = <u32>start;
  request.end = <u32>next;
  request.arguments = <u32>first;
  request.count = <u32>((place - first) / ARGUMENT_SIZE);
  count++;
  cursor = next;
  return COMPLETE;
}

/** Skips a command of no arguments, which gets no reply. */
function skip(next: usize): u32 {
  cursor = next;
  return COMPLETE;
}

/** Where parsing has got to: behind the last command, and behind what was skipped. */
export function parsedTo(): usize {
  return cursor;
}

function malformed(why: string): u32 {
  problem = why;
  return MALFORMED;
}

// Commands in RESP

function multibulk(): u32 {
  const lineEnd = findCarriageReturn(cursor, end);
  if (!lineEnd) return unfinishedLine(cursor, 'too big mbulk count string');
  if (lineEnd + 2 > end) return INCOMPLETE;
  const valid = parseInteger(cursor + 1, lineEnd - cursor - 1);
  if (!valid || parsedInteger > <i64>i32.MAX_VALUE) return malformed('invalid multibulk length');
  if (unauthenticated && parsedInteger > UNAUTHENTICATED_ARGUMENTS) {
    return malformed('unauthenticated multibulk length');
  }
  if (parsedInteger <= 0) return skip(lineEnd + 2);
  return bulks(lineEnd + 2, <u32>parsedInteger);
}

function bulks(from: usize, total: u32): u32 {
  const first = place;
  for (let index: u32 = 0; index < total; index++) {
    const result = bulkHead(from);
    if (result != COMPLETE) return abandon(first, result);
    const following = <u64>headEnd + headLength + 2;
    if (following > <u64>end) {
      missing = following - end;
      return abandon(first, INCOMPLETE);
    }
    if (place == vectorEnd) {
      // Only the first command of a window may move the vector.
      if (count) return abandon(first, WINDOW_FULL);
      if (!growVector()) return malformed(NO_MEMORY);
    }
    push(headEnd, headLength);
    from = <usize>following;
  }
  return accept(cursor, count ? first : vector, from);
}

function abandon(first: usize, result: u32): u32 {
  if (count) place = first;
  else place = vector;
  return result;
}

let headLength: usize = 0;
let headEnd: usize = 0;

/** Parses a bulk head of any form: its length and where it ends. */
function bulkHead(from: usize): u32 {
  const lineEnd = findCarriageReturn(from, end);
  if (!lineEnd) return unfinishedLine(from, 'too big bulk count string');
  if (lineEnd + 2 > end) return INCOMPLETE;
  if (load<u8>(from) != DOLLAR) {
    problemByte = load<u8>(from);
    return malformed("expected '$', got '");
  }
  const valid = parseInteger(from + 1, lineEnd - from - 1);
  if (!valid || parsedInteger < 0 || parsedInteger > bulkLengthMax) {
    return malformed('invalid bulk length');
  }
  if (unauthenticated && parsedInteger > UNAUTHENTICATED_LENGTH) {
    return malformed('unauthenticated bulk length');
  }
  headLength = <usize>parsedInteger;
  headEnd = lineEnd + 2;
  return COMPLETE;
}

function unfinishedLine(from: usize, tooLong: string): u32 {
  return end - from > LINE_MAX ? malformed(tooLong) : INCOMPLETE;
}

/** The address of the next CR, or 0. */
function findCarriageReturn(from: usize, to: usize): usize {
  for (; from < to; from++) if (load<u8>(from) == CR) return from;
  return 0;
}

/** Appends an argument to the vector, which has room. */
function push(address: usize, length: usize): void {
  store<u64>(place, <u64>address | ((<u64>length) << 32));
  place += ARGUMENT_SIZE;
}

/** Doubles the vector; what it holds stays. False if there is no memory for that. */
function growVector(): bool {
  const size = (vectorEnd - vector) << 1;
  if (!reserve(size)) return false;
  const moved = allocate(size);
  const used = place - vector;
  memory.copy(moved, vector, used);
  release(vector);
  setVector(moved, size);
  place = moved + used;
  return true;
}

function setVector(moved: usize, size: usize): void {
  vector = moved;
  vectorEnd = moved + size;
}

// Inline commands

function inline(): u32 {
  let lineEnd = cursor;
  // As in Redis, which looks for it in a C string, no line end is found behind a NUL.
  while (lineEnd < end && load<u8>(lineEnd) && load<u8>(lineEnd) != LF) lineEnd++;
  if (lineEnd == end || !load<u8>(lineEnd)) return unfinishedLine(cursor, 'too big inline request');
  const next = lineEnd + 1;
  if (lineEnd > cursor && load<u8>(lineEnd - 1) == CR) lineEnd--;
  lacking = false;
  const total = splitArguments(cursor, lineEnd, pushGrowing);
  if (lacking) return malformed(NO_MEMORY);
  if (total < 0) return malformed('unbalanced quotes in request');
  return total ? accept(cursor, vector, next) : skip(next);
}

function pushGrowing(address: usize, length: usize): void {
  if (place == vectorEnd && !growVector()) lacking = true;
  else push(address, length);
}
