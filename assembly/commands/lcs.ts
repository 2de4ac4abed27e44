/**
 * LCS: the longest common subsequence of two strings, by the textbook table.
 *
 *          b0  b1  b2        cell (i, j): length of the longest common subsequence
 *       0   0   0   0        of the first i bytes of a and the first j bytes of b
 *   a0  0   .   .   .
 *   a1  0   .   .   .        u32 each, row by row
 *
 * Walking back from the last cell finds the subsequence, last byte first, and the
 * ranges of both strings that it is made of.
 */

import * as database from '../keyspace/database';
import { Buffer, bufferAt } from '../memory/buffer';
import { allocate, release, reserve } from '../memory/heap';
import {
  LCS_MEMORY,
  LENGTH_AND_INDEXES,
  NOT_STRINGS,
  OUT_OF_MEMORY,
  STRING_TOO_LONG_FOR_LCS,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_STRING, typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as args from './arguments';

const CELL_SIZE: u64 = 4;

/** Copies of the strings: an integer's text does not outlive the next read. */
const texts: Buffer = bufferAt(memory.data(48, 16));
let memoryMax: u64 = 512 << 20;

let a: usize = 0;
let aLength: u32 = 0;
let b: usize = 0;
let bLength: u32 = 0;
let cells: usize = 0;
let matchMin: i64 = 0;
let withLengths: bool = false;
let rangesWritten: u64 = 0;

// The range being walked through; `rangeOpen` false between ranges.
let rangeOpen: bool = false;
let aStart: u32 = 0;
let aEnd: u32 = 0;
let bStart: u32 = 0;
let bEnd: u32 = 0;

/** Sets how much memory the table may take (proto-max-bulk-len). */
export function setMemoryMax(bytes: u64): void {
  memoryMax = bytes;
}

/** LCS key1 key2 [LEN] [IDX] [MINMATCHLEN n] [WITHMATCHLEN] */
export function lcs(): void {
  const first = database.read(args.address(1), args.length(1));
  const second = database.read(args.address(2), args.length(2));
  if (first && typeOf(first) != TYPE_STRING) return reply.error(NOT_STRINGS);
  if (second && typeOf(second) != TYPE_STRING) return reply.error(NOT_STRINGS);
  let onlyLength = false;
  let indexes = false;
  matchMin = 0;
  withLengths = false;
  for (let index: u32 = 3; index < args.count; index++) {
    if (args.is(index, 'IDX')) indexes = true;
    else if (args.is(index, 'LEN')) onlyLength = true;
    else if (args.is(index, 'WITHMATCHLEN')) withLengths = true;
    else if (args.is(index, 'MINMATCHLEN') && index + 1 < args.count) {
      if (!args.isInteger(++index)) return;
      matchMin = max<i64>(0, args.integer);
    } else return reply.error(SYNTAX_ERROR);
  }
  if (indexes && onlyLength) return reply.error(LENGTH_AND_INDEXES);
  if (fillTable(first, second)) {
    if (indexes) replyIndexes();
    else if (onlyLength) reply.integer(cellAt(aLength, bLength));
    else replyText();
    release(cells);
  }
  texts.clear();
}

/** Copies both strings and computes the table, or replies why that cannot be. */
function fillTable(first: Entry | null, second: Entry | null): bool {
  const size = takeTexts(first, second);
  if (texts.failed) {
    reply.error(OUT_OF_MEMORY);
    return false;
  }
  if (size > memoryMax) {
    reply.error(aLength == u32.MAX_VALUE ? STRING_TOO_LONG_FOR_LCS : LCS_MEMORY);
    return false;
  }
  if (!reserve(<usize>size)) {
    reply.error(OUT_OF_MEMORY);
    return false;
  }
  cells = allocate(<usize>size);
  memory.fill(cells, 0, <usize>((<u64>bLength + 1) * CELL_SIZE));
  for (let i: u32 = 1; i <= aLength; i++) fillRow(i);
  return true;
}

/** Copies both strings to `texts`; returns the size of the table. */
function takeTexts(first: Entry | null, second: Entry | null): u64 {
  aLength = 0;
  bLength = 0;
  if (first) {
    strings.read(first);
    texts.raw(strings.address, strings.length);
    aLength = <u32>strings.length;
  }
  if (second) {
    strings.read(second);
    texts.raw(strings.address, strings.length);
    bLength = <u32>strings.length;
  }
  a = texts.bytes;
  b = a + aLength;
  return (<u64>aLength + 1) * (<u64>bLength + 1) * CELL_SIZE;
}

function cellPlace(i: u32, j: u32): usize {
  return cells + ((<usize>i * (<usize>bLength + 1) + j) << 2);
}

function cellAt(i: u32, j: u32): u32 {
  return load<u32>(cellPlace(i, j));
}

function fillRow(i: u32): void {
  const byte = load<u8>(a + i - 1);
  let above = cellPlace(i - 1, 0);
  let here = cellPlace(i, 0);
  let left: u32 = 0;
  store<u32>(here, 0);
  for (let j: u32 = 0; j < bLength; j++) {
    const diagonal = load<u32>(above);
    above += 4;
    here += 4;
    left = byte == load<u8>(b + j) ? diagonal + 1 : max(left, load<u32>(above));
    store<u32>(here, left);
  }
}

function replyText(): void {
  const length = cellAt(aLength, bLength);
  const at = texts.length;
  if (!texts.hasRoom(length)) return reply.fail();
  walkBack(texts.bytes + at, false);
  reply.bulk(texts.bytes + at, length);
}

function replyIndexes(): void {
  reply.map(2);
  reply.bulkText('matches');
  const head = reply.openArray();
  rangesWritten = 0;
  walkBack(0, true);
  reply.closeArray(head, rangesWritten);
  reply.bulkText('len');
  reply.integer(cellAt(aLength, bLength));
}

/** Writes the subsequence to `text`, if that is not 0, and replies the ranges if asked to. */
function walkBack(text: usize, withRanges: bool): void {
  let i = aLength;
  let j = bLength;
  let left = cellAt(i, j);
  // Growing `texts` may have moved the strings.
  a = texts.bytes;
  b = a + aLength;
  rangeOpen = false;
  while (i > 0 && j > 0) {
    const matched = load<u8>(a + i - 1) == load<u8>(b + j - 1);
    if (matched) {
      left--;
      if (text) store<u8>(text + left, load<u8>(a + i - 1));
      if (withRanges) extendRange(i, j);
      i--;
      j--;
    } else {
      if (withRanges && rangeOpen) closeRange();
      if (cellAt(i - 1, j) > cellAt(i, j - 1)) i--;
      else j--;
    }
  }
}

/** Takes the match that ends before (i, j) into the range, or ends the range there. */
function extendRange(i: u32, j: u32): void {
  let ended = false;
  if (!rangeOpen) {
    rangeOpen = true;
    aStart = aEnd = i - 1;
    bStart = bEnd = j - 1;
  } else if (aStart == i && bStart == j) {
    aStart--;
    bStart--;
  } else {
    // As in Redis: a match that does not continue the range only ends it.
    ended = true;
  }
  if (ended || aStart == 0 || bStart == 0) closeRange();
}

function closeRange(): void {
  rangeOpen = false;
  const length = <i64>(aEnd - aStart) + 1;
  if (length < matchMin) return;
  rangesWritten++;
  reply.array(withLengths ? 3 : 2);
  replyRange(aStart, aEnd);
  replyRange(bStart, bEnd);
  if (withLengths) reply.integer(length);
}

function replyRange(start: u32, end: u32): void {
  reply.array(2);
  reply.integer(start);
  reply.integer(end);
}
