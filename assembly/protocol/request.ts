/**
 * Request: cuts the bytes of a batch into commands and their arguments.
 *
 *   *3 CR LF  $3 CR LF SET CR LF  $1 CR LF k CR LF  $1 CR LF v CR LF
 *   PING hello CR LF                                    (inline)
 *
 * Arguments are not copied: each is an address and a length in the batch. They are put
 * into one vector for all commands of a window:
 *
 *   +---------+--------+---------+--------+---
 *   | address | length | address | length |      u32 each
 *   +---------+--------+---------+--------+---
 *
 * Limits and error texts are those of Redis 7.0.15 (processMultibulkBuffer and
 * processInlineBuffer of networking.c).
 */
import { allocate, release, reserve } from '../memory/heap';
import { parseInteger, parsedInteger } from '../memory/integer-text';
import { splitArguments } from './inline';

/** What `next` found at the cursor. */
export const COMMAND: u32 = 0;
/** A command of no arguments, which is skipped without a reply. */
export const EMPTY: u32 = 1;
export const INCOMPLETE: u32 = 2;
export const MALFORMED: u32 = 3;
/** An inline command that may not be parsed ahead of its turn. */
export const INLINE_LATER: u32 = 4;

const LINE_MAX: usize = 64 * 1024;
const ARGUMENT_SIZE: usize = 8;
const ASTERISK: u8 = 0x2a;
const DOLLAR: u8 = 0x24;
const CR: u8 = 0x0d;
const UNAUTHENTICATED_ARGUMENTS: i64 = 10;
const UNAUTHENTICATED_LENGTH: i64 = 16384;

/** The parser's place in the batch, and the batch's end. */
export let cursor: usize = 0;
let end: usize = 0;

let vector: usize = 0;
let vectorCapacity: u32 = 0;
let vectorCount: u32 = 0;

/** The command that `next` found last: where its arguments begin in the vector, how many. */
export let first: u32 = 0;
export let count: u32 = 0;
/** Why the input is malformed. */
export let problem: string = '';
/** The byte found in place of `$`, for its error text. */
export let problemByte: u8 = 0;
/** At the least this many bytes of the batch are missing to complete the command. */
export let missing: u64 = 0;

let bulkLengthMax: i64 = 512 << 20;
let argumentsMax: i64 = 1024 * 1024;
let unauthenticated: bool = false;

export function setBulkLengthMax(bytes: i64): void {
  bulkLengthMax = bytes;
}

export function setUnauthenticated(on: bool): void {
  unauthenticated = on;
}

/** Begins a batch. Sixteen bytes after `to` must be readable. */
export function open(from: usize, to: usize): void {
  cursor = from;
  end = to;
}

/** Forgets the byte that was found in place of another. */
export function clearProblem(): void {
  problemByte = 0;
}

export function seek(to: usize): void {
  cursor = to;
}

export function atEnd(): bool {
  return cursor >= end;
}

/** Forgets the arguments of all commands before. */
export function clearVector(): void {
  vectorCount = 0;
}

/** The vector's arguments, to be indexed by `first`. */
export function argumentsAt(index: u32): usize {
  return vector + <usize>index * ARGUMENT_SIZE;
}

/** Parses the command at the cursor and moves the cursor behind it. */
export function next(inlineAllowed: bool): u32 {
  missing = 1;
  if (cursor >= end) return INCOMPLETE;
  first = vectorCount;
  if (load<u8>(cursor) == ASTERISK) return multibulk();
  return inlineAllowed ? inline() : INLINE_LATER;
}

// Commands in RESP

function multibulk(): u32 {
  let at = cursor;
  let total: i64 = 0;
  // `*3 CR LF`: a single digit, which is nearly always.
  const head = load<u32>(at);
  const digit = ((head >> 8) & 0xff) - 0x30;
  if (digit - 1 < 9 && head >>> 16 == 0x0a0d && at + 4 <= end) {
    total = digit;
    at += 4;
  } else {
    const lineEnd = findCarriageReturn(at, end);
    if (!lineEnd) return unfinishedLine(at, 'too big mbulk count string');
    if (lineEnd + 2 > end) return INCOMPLETE;
    if (!parseInteger(at + 1, lineEnd - at - 1)) return malformed('invalid multibulk length');
    total = parsedInteger;
    if (total > <i64>i32.MAX_VALUE) return malformed('invalid multibulk length');
    if (unauthenticated && total > UNAUTHENTICATED_ARGUMENTS) {
      return malformed('unauthenticated multibulk length');
    }
    at = lineEnd + 2;
    if (total <= 0) {
      cursor = at;
      return EMPTY;
    }
  }
  return bulks(at, <u32>total);
}

function bulks(at: usize, total: u32): u32 {
  count = total;
  for (let index: u32 = 0; index < total; index++) {
    // `$3 CR LF` or `$16 CR LF`: again nearly always.
    const head = load<u32>(at);
    const digit = ((head >> 8) & 0xff) - 0x30;
    const second = ((head >> 16) & 0xff) - 0x30;
    let length: usize;
    if ((head & 0xff) == DOLLAR && digit < 10 && head >>> 16 == 0x0a0d && at + 4 <= end) {
      length = digit;
      at += 4;
    } else if (isTwoDigits(head, digit, second) && at + 5 <= end) {
      length = digit * 10 + second;
      at += 5;
    } else {
      const result = bulkHead(at);
      if (result != COMMAND) return result;
      length = headLength;
      at = headEnd;
    }
    const following = <u64>at + length + 2;
    if (following > <u64>end) {
      missing = following - end;
      return INCOMPLETE;
    }
    push(at, length);
    at = <usize>following;
  }
  cursor = at;
  return COMMAND;
}

function isTwoDigits(head: u32, digit: u32, second: u32): bool {
  return (head & 0xff) == DOLLAR && digit - 1 < 9 && second < 10 && head >>> 24 == CR;
}

let headLength: usize = 0;
let headEnd: usize = 0;

/** Parses a bulk head of any form: its length and where it ends. */
function bulkHead(at: usize): u32 {
  const lineEnd = findCarriageReturn(at, end);
  if (!lineEnd) return unfinishedLine(at, 'too big bulk count string');
  if (lineEnd + 2 > end) return INCOMPLETE;
  if (load<u8>(at) != DOLLAR) {
    problemByte = load<u8>(at);
    return malformed("expected '$', got '");
  }
  const valid = parseInteger(at + 1, lineEnd - at - 1);
  if (!valid || parsedInteger < 0 || parsedInteger > bulkLengthMax) {
    return malformed('invalid bulk length');
  }
  if (unauthenticated && parsedInteger > UNAUTHENTICATED_LENGTH) {
    return malformed('unauthenticated bulk length');
  }
  headLength = <usize>parsedInteger;
  headEnd = lineEnd + 2;
  return COMMAND;
}

function unfinishedLine(at: usize, tooLong: string): u32 {
  return end - at > LINE_MAX ? malformed(tooLong) : INCOMPLETE;
}

function malformed(why: string): u32 {
  problem = why;
  return MALFORMED;
}

/** The address of the next CR, or 0. */
function findCarriageReturn(at: usize, to: usize): usize {
  for (; at < to; at++) if (load<u8>(at) == CR) return at;
  return 0;
}

/** Appends an argument to the vector. */
function push(address: usize, length: usize): void {
  if (vectorCount == vectorCapacity) growVector();
  const place = argumentsAt(vectorCount++);
  store<u32>(place, <u32>address);
  store<u32>(place, <u32>length, 4);
}

function growVector(): void {
  const capacity = max<u32>(256, vectorCapacity << 1);
  const size = <usize>capacity * ARGUMENT_SIZE;
  if (!reserve(size)) unreachable();
  const moved = allocate(size);
  if (vector) {
    memory.copy(moved, vector, <usize>vectorCount * ARGUMENT_SIZE);
    release(vector);
  }
  vector = moved;
  vectorCapacity = capacity;
}

// Inline commands

function inline(): u32 {
  let lineEnd = cursor;
  while (lineEnd < end && load<u8>(lineEnd) != 0x0a) lineEnd++;
  if (lineEnd == end) return unfinishedLine(cursor, 'too big inline request');
  const next = lineEnd + 1;
  if (lineEnd > cursor && load<u8>(lineEnd - 1) == CR) lineEnd--;
  const total = splitArguments(cursor, lineEnd, push);
  if (total < 0) return malformed('unbalanced quotes in request');
  cursor = next;
  count = <u32>total;
  return total ? COMMAND : EMPTY;
}
