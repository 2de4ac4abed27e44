/**
 * Stream trimming: the options that XADD and XTRIM share, the trimming itself, and how its
 * outcome is written down: `~ 1000` becomes `= 1072`, if that is what is left.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import {
  LIMIT_BELOW_ZERO,
  LIMIT_WITHOUT_STRATEGY,
  LIMIT_WITHOUT_TILDE,
  MAXLEN_BELOW_ZERO,
  SYNTAX_ERROR,
  TWO_STRATEGIES,
  XTRIM_WITHOUT_STRATEGY,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as streamIndex from '../structures/stream-index';
import * as limits from '../values/limits';
import * as streamTrim from '../values/stream-trim';
import { Stream } from '../values/streams';
import * as args from './arguments';
import * as ids from './stream-ids';

const NONE: u32 = 0;
const MAXLEN: u32 = 1;
const MINID: u32 = 2;
const STAR: u8 = 0x2a;
const TILDE: u8 = 0x7e;
const EQUALS: u8 = 0x3d;
/** Nodes that approximate trimming removes at most, if no LIMIT was given. */
const LIMIT_NODES: i64 = 100;
const LIMIT_DEFAULT: i64 = 10000;
const LIMIT_MAX: i64 = 1000000;

/** The argument that is the id of XADD; the number of arguments if there is none. */
export let idIndex: u32 = 0;
/** Whether XADD is given its id, not `*`; `ids` has it then. */
export let isIdGiven: bool = false;
/** NOMKSTREAM. */
export let onlyIfPresent: bool = false;
/** Whether `~` was given. */
export let isApproximate: bool = false;

let strategy: u32 = NONE;
/** The argument that tells to what is trimmed. */
let threshold: u32 = 0;
let length: i64 = 0;
let minMs: u64 = 0;
let minSeq: u64 = 0;
let limit: i64 = 0;
let hasLimit: bool = false;
/** The argument that was read last, of an option of several. */
let taken: u32 = 0;

/** Reads the options from argument 2 on, for XADD up to the id. */
export function parse(isAdding: bool): bool {
  strategy = NONE;
  isApproximate = false;
  onlyIfPresent = false;
  isIdGiven = false;
  hasLimit = false;
  limit = 0;
  let index: u32 = 2;
  for (; index < args.count; index++) {
    if (isAdding && ids.isByte(index, STAR)) break;
    if (isOption(index)) {
      if (!isTaken(index)) return false;
      index = taken;
    } else if (isAdding && args.is(index, 'NOMKSTREAM')) {
      onlyIfPresent = true;
    } else if (isAdding) {
      if (!ids.isIdToAdd(index)) return false;
      isIdGiven = true;
      break;
    } else {
      reply.error(SYNTAX_ERROR);
      return false;
    }
  }
  idIndex = index;
  return areConsistent(isAdding);
}

function isOption(index: u32): bool {
  if (index + 1 >= args.count) return false;
  return args.is(index, 'MAXLEN') || args.is(index, 'MINID') || args.is(index, 'LIMIT');
}

function isTaken(index: u32): bool {
  if (args.is(index, 'LIMIT')) return isLimit(index + 1);
  if (strategy) return refused(TWO_STRATEGIES);
  strategy = args.is(index, 'MAXLEN') ? MAXLEN : MINID;
  isApproximate = false;
  if (index + 2 < args.count) {
    isApproximate = ids.isByte(index + 1, TILDE);
    if (isApproximate || ids.isByte(index + 1, EQUALS)) index++;
  }
  taken = index + 1;
  threshold = taken;
  return strategy == MAXLEN ? isLength() : isMinimum();
}

function isLength(): bool {
  if (!args.isInteger(taken)) return false;
  length = args.integer;
  return length >= 0 || refused(MAXLEN_BELOW_ZERO);
}

function isMinimum(): bool {
  if (!ids.isId(taken, 0)) return false;
  minMs = ids.milliseconds;
  minSeq = ids.sequence;
  return true;
}

function isLimit(index: u32): bool {
  taken = index;
  if (!args.isInteger(index)) return false;
  limit = args.integer;
  hasLimit = true;
  return limit >= 0 || refused(LIMIT_BELOW_ZERO);
}

function refused(error: string): bool {
  reply.error(error);
  return false;
}

function areConsistent(isAdding: bool): bool {
  if (strategy == NONE) {
    if (limit) return refused(LIMIT_WITHOUT_STRATEGY);
    if (!isAdding) return refused(XTRIM_WITHOUT_STRATEGY);
  }
  // What is replayed says how it ended: its limit has had its effect.
  if (database.isLoading()) limit = 0;
  else if (hasLimit && !isApproximate) return refused(LIMIT_WITHOUT_TILDE);
  else if (!hasLimit && isApproximate) limit = limitByDefault();
  return true;
}

function limitByDefault(): i64 {
  const entries = limits.streamNodeEntries * LIMIT_NODES;
  return entries <= 0 ? LIMIT_DEFAULT : min(entries, LIMIT_MAX);
}

/** Whether there is anything to trim to. */
export function isAsked(): bool {
  return strategy != NONE;
}

/** Trims as asked; returns how many entries that removed. */
export function trim(stream: Stream): u64 {
  const most = <u64>limit;
  if (strategy == MAXLEN) return streamTrim.toLength(stream, <u64>length, isApproximate, most);
  return streamTrim.toId(stream, minMs, minSeq, isApproximate, most);
}

/** Writes down the running command, with what was trimmed, and the id that was added. */
export function propagate(stream: Stream, ms: u64, seq: u64): void {
  effects.begin(database.selected, args.count);
  for (let index: u32 = 0; index < args.count; index++) {
    if (index == idIndex && isIdMade()) ids.effectId(ms, seq);
    else if (isApproximate && index == threshold) propagateThreshold(stream);
    else if (isApproximate && index == threshold - 1) effects.literal('=');
    else effects.argument(args.address(index), args.length(index));
  }
}

/** Whether the id of XADD is not the one that was given. */
export function isIdMade(): bool {
  return !isIdGiven || ids.isPartial;
}

/** The length that is left, or the first id that is left, of an entry deleted before too. */
function propagateThreshold(stream: Stream): void {
  const first = streamIndex.first(stream.index);
  if (strategy == MAXLEN) effects.integer(<i64>stream.length);
  else if (!first) ids.effectId(u64.MAX_VALUE, u64.MAX_VALUE);
  else ids.effectId(first.milliseconds, first.sequence);
}
