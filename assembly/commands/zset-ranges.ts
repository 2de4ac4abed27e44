/**
 * Sorted set commands on ranges, by rank, by score or by bytes: all of them find the first rank
 * and the length of the range, and then reply, count, store or remove it.
 */
import * as notifications from '../keyspace/notifications';
import { LIMIT_OF_RANKS, SCORES_OF_LEX, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_ZSET } from '../values/kind';
import { zsetListpackEntries, zsetListpackValue } from '../values/limits';
import * as zsets from '../values/zsets';
import * as lex from '../values/zsets-lex';
import * as args from './arguments';
import * as keyed from './keyed';
import * as limits from './zset-limits';
import { replyWalk, signalRemoved } from './zsets';

// What a range is given by; AUTO leaves it to the options
const AUTO: u32 = 0;
// and in the order of the events of what is removed
const BY_RANK: u32 = 1;
const BY_SCORE: u32 = 2;
const BY_LEX: u32 = 3;
const FORWARD: u32 = 1;
const REVERSE: u32 = 2;

let kind: u32 = BY_RANK;
let reverse: bool = false;
let withScores: bool = false;
let offset: i64 = 0;
/** Members at the most, or negative. */
let limit: i64 = -1;

/** The range that was found: where a walk begins, and how many members it has. */
let start: u32 = 0;
let length: u32 = 0;
/** True if `zsets.walkOn` can begin there. */
let isFound: bool = false;

// Replying

/** ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES] */
export function zrange(): void {
  replyRange(AUTO, AUTO);
}

/** ZREVRANGE key start stop [WITHSCORES] */
export function zrevrange(): void {
  replyRange(BY_RANK, REVERSE);
}

/** ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */
export function zrangebyscore(): void {
  replyRange(BY_SCORE, FORWARD);
}

/** ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */
export function zrevrangebyscore(): void {
  replyRange(BY_SCORE, REVERSE);
}

/** ZRANGEBYLEX key min max [LIMIT offset count] */
export function zrangebylex(): void {
  replyRange(BY_LEX, FORWARD);
}

/** ZREVRANGEBYLEX key max min [LIMIT offset count] */
export function zrevrangebylex(): void {
  replyRange(BY_LEX, REVERSE);
}

function replyRange(fixedKind: u32, direction: u32): void {
  if (!isRange(2, fixedKind, direction, false)) return;
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.array(0);
  find(entry);
  if (isFound) zsets.walkOn(entry, start);
  else if (length) zsets.walk(entry, start, reverse);
  replyWalk(length, withScores);
}

/** Reads the range at argument `min` and the one behind it, and the options that follow. */
function isRange(min: u32, fixedKind: u32, direction: u32, storing: bool): bool {
  withScores = false;
  offset = 0;
  limit = -1;
  kind = fixedKind;
  for (let index = min + 2; index < args.count; index++) {
    if (!storing && args.is(index, 'WITHSCORES')) {
      withScores = true;
    } else if (args.is(index, 'LIMIT') && index + 2 < args.count) {
      if (!isLimit(index)) return false;
      index += 2;
    } else if (direction == AUTO && args.is(index, 'REV')) {
      direction = REVERSE;
    } else if (kind == AUTO && args.is(index, 'BYLEX')) {
      kind = BY_LEX;
    } else if (kind == AUTO && args.is(index, 'BYSCORE')) {
      kind = BY_SCORE;
    } else {
      return refuse(SYNTAX_ERROR);
    }
  }
  reverse = direction == REVERSE;
  if (kind == AUTO) kind = BY_RANK;
  if (limit != -1 && kind == BY_RANK) return refuse(LIMIT_OF_RANKS);
  if (withScores && kind == BY_LEX) return refuse(SCORES_OF_LEX);
  if (kind == BY_RANK) return limits.isRankRange(min, min + 1);
  const low = reverse ? min + 1 : min;
  const high = reverse ? min : min + 1;
  return kind == BY_SCORE ? limits.isScoreRange(low, high) : limits.isLexRange(low, high);
}

function isLimit(index: u32): bool {
  if (!args.isInteger(index + 1)) return false;
  offset = args.integer;
  if (!args.isInteger(index + 2)) return false;
  limit = args.integer;
  return true;
}

function refuse(error: string): bool {
  reply.error(error);
  return false;
}

// Finding

/** Finds the range in a set: `start` and `length`. */
function find(entry: Entry): void {
  isFound = false;
  if (kind == BY_RANK) return findRanks(zsets.count(entry));
  if (kind == BY_SCORE) {
    findScores(entry);
  } else {
    lex.measure(entry, reverse);
    start = lex.first;
    length = lex.count;
  }
  applyLimit();
}

function findRanks(all: i64): void {
  let from = limits.startRank;
  let to = limits.endRank;
  if (from < 0) from = max<i64>(from + all, 0);
  if (to < 0) to += all;
  to = min(to, all - 1);
  length = from > to ? 0 : <u32>(to - from + 1);
  start = <u32>(reverse ? all - 1 - from : from);
}

function findScores(entry: Entry): void {
  const isOpen = limits.maxScore == Infinity && !limits.maxExclusive;
  const end = isOpen
    ? zsets.count(entry)
    : zsets.countBelow(entry, limits.maxScore, !limits.maxExclusive);
  start = zsets.countBelow(entry, limits.minScore, limits.minExclusive);
  length = end > start ? end - start : 0;
  isFound = length != 0 && !reverse && !offset;
}

/** Leaves of the range what LIMIT says; `start` becomes the rank at which the walk begins. */
function applyLimit(): void {
  if (<u64>offset >= length) length = 0;
  if (!length) return;
  const skipped = <u32>offset;
  start = reverse ? start + length - 1 - skipped : start + skipped;
  length -= skipped;
  if (limit >= 0) length = <u32>min<i64>(limit, length);
}

// Counting and removing

/** ZCOUNT key min max */
export function zcount(): void {
  if (limits.isScoreRange(2, 3)) countRange(BY_SCORE);
}

/** ZLEXCOUNT key min max */
export function zlexcount(): void {
  if (limits.isLexRange(2, 3)) countRange(BY_LEX);
}

function takeWhole(wholeKind: u32): void {
  kind = wholeKind;
  reverse = false;
  offset = 0;
  limit = -1;
}

function countRange(wholeKind: u32): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  takeWhole(wholeKind);
  find(entry);
  reply.integer(length);
}

/** ZREMRANGEBYRANK key start stop */
export function zremrangebyrank(): void {
  if (limits.isRankRange(2, 3)) removeRange(BY_RANK);
}

/** ZREMRANGEBYSCORE key min max */
export function zremrangebyscore(): void {
  if (limits.isScoreRange(2, 3)) removeRange(BY_SCORE);
}

/** ZREMRANGEBYLEX key min max */
export function zremrangebylex(): void {
  if (limits.isLexRange(2, 3)) removeRange(BY_LEX);
}

function removeRange(wholeKind: u32): void {
  if (!keyed.writes(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  takeWhole(wholeKind);
  find(entry);
  reply.integer(length);
  if (!length) return;
  zsets.removeRange(entry, start, length);
  keyed.notify(removalEvent(wholeKind), 1);
  signalRemoved(entry, length);
}

function removalEvent(wholeKind: u32): u32 {
  if (wholeKind == BY_RANK) return notifications.ZREMRANGEBYRANK;
  return wholeKind == BY_LEX ? notifications.ZREMRANGEBYLEX : notifications.ZREMRANGEBYSCORE;
}

// Storing

/** ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count] */
export function zrangestore(): void {
  if (!isRange(3, AUTO, AUTO, true)) return;
  if (!keyed.reads(2, TYPE_ZSET)) return;
  const source = keyed.entry;
  length = 0;
  if (source) find(source);
  if (!source || !length) {
    keyed.put(1, null);
    return reply.integer(0);
  }
  if (!keyed.hasMemory(costOfRange(source))) return;
  const stored = zsets.createTable(args.address(1), args.length(1), 0);
  // As in Redis, where the result is a listpack until it has to be something else, unless it is
  // known that it will: whole scores, and 0 for -0, are integers there.
  let packed = kind != BY_RANK || <i64>length <= zsetListpackEntries;
  zsets.walk(source, start, reverse);
  for (let at: u32 = 0; at < length; at++) {
    zsets.step();
    if (<i64>at >= zsetListpackEntries || <i64>zsets.length > zsetListpackValue) packed = false;
    const score = packed ? zsets.score + 0.0 : zsets.score;
    zsets.add(stored, score, zsets.address, zsets.length);
  }
  zsets.compact(stored);
  keyed.put(1, stored);
  keyed.notify(notifications.ZRANGESTORE, 1);
  reply.integer(length);
}

/** Memory that a copy of the range takes. */
function costOfRange(source: Entry): usize {
  let bytes: usize = 0;
  zsets.walk(source, start, reverse);
  for (let left = length; left; left--) {
    zsets.step();
    bytes += zsets.length;
  }
  return zsets.addCost(null, length, bytes) + args.length(1);
}
