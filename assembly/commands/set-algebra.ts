/**
 * Set commands on several sets: SINTER, SUNION, SDIFF and what is made of them.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { Buffer, bufferAt } from '../memory/buffer';
import {
  NEGATIVE_LIMIT,
  NO_KEYS,
  OUT_OF_MEMORY,
  SYNTAX_ERROR,
  TOO_MANY_KEYS,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { dispose, Entry } from '../structures/entry';
import { TYPE_SET } from '../values/kind';
import * as algebra from '../values/set-algebra';
import * as sets from '../values/sets';
import * as args from './arguments';
import * as keyed from './keyed';
import { replySet } from './sets';

/** Addresses of the sets that are there, a u32 each. */
const operands: Buffer = bufferAt(memory.data(48, 16));
/** How many keys there are not; the first one may be among them. */
let missing: u32 = 0;
let firstMissing: bool = false;
/** Whether a further set is the first one again. */
let firstRepeated: bool = false;

/** Looks all sets up: `count` arguments from `first` on. One of another type is an error. */
function takesOperands(first: u32, count: u32): bool {
  missing = 0;
  firstMissing = false;
  firstRepeated = false;
  operands.clear();
  if (!operands.hasRoom((<usize>count) << 2)) {
    reply.error(OUT_OF_MEMORY);
    return false;
  }
  database.expectMany(args.place() + ((<usize>first) << 3), count, 1);
  for (let index = first; index < first + count; index++) {
    if (!keyed.reads(index, TYPE_SET)) return false;
    take(keyed.entry, index == first);
  }
  return true;
}

function take(entry: Entry | null, isFirst: bool): void {
  if (!entry) {
    missing++;
    if (isFirst) firstMissing = true;
    return;
  }
  const address = <u32>changetype<usize>(entry);
  if (!isFirst && !firstMissing && address == load<u32>(operands.bytes)) firstRepeated = true;
  store<u32>(operands.end, address);
  operands.end += 4;
}

function operandCount(): u32 {
  return <u32>(operands.length >> 2);
}

let selected: u64 = 0;

function replyMember(bytes: usize, size: usize): void {
  reply.bulk(bytes, size);
  selected++;
}

function replyInteger(value: i64): void {
  reply.bulkInteger(value);
  selected++;
}

function countInteger(_value: i64): void {
  selected++;
}

function countMember(_bytes: usize, _size: usize): void {
  selected++;
}

/** SINTER key [key ...] */
export function sinter(): void {
  if (!takesOperands(1, args.count - 1)) return;
  if (missing) return reply.set(0);
  const head = reply.openArray();
  selected = 0;
  algebra.intersect(operands.bytes, operandCount(), u64.MAX_VALUE, replyMember, replyInteger);
  reply.closeSet(head, selected);
}

/** SINTERCARD numkeys key [key ...] [LIMIT limit] */
export function sintercard(): void {
  if (!args.isIntegerOr(1, NO_KEYS)) return;
  if (args.integer < 1) return reply.error(NO_KEYS);
  if (args.integer > <i64>args.count - 2) return reply.error(TOO_MANY_KEYS);
  const count = <u32>args.integer;
  let limit: i64 = 0;
  for (let index = count + 2; index < args.count; index += 2) {
    if (!args.is(index, 'LIMIT') || index + 1 == args.count) return reply.error(SYNTAX_ERROR);
    if (!args.isIntegerOr(index + 1, NEGATIVE_LIMIT)) return;
    limit = args.integer;
    if (limit < 0) return reply.error(NEGATIVE_LIMIT);
  }
  if (!takesOperands(2, count)) return;
  selected = 0;
  const most = limit ? <u64>limit : u64.MAX_VALUE;
  if (!missing) algebra.intersect(operands.bytes, operandCount(), most, countMember, countInteger);
  reply.integer(selected);
}

/** SINTERSTORE destination key [key ...] */
export function sinterstore(): void {
  if (!takesOperands(2, args.count - 2)) return;
  const result = algebra.beginResult(args.address(1), args.length(1));
  if (!missing) {
    algebra.intersect(
      operands.bytes,
      operandCount(),
      u64.MAX_VALUE,
      algebra.collect,
      algebra.collectInteger,
    );
  }
  storeResult(result, notifications.SINTERSTORE);
}

/** SUNION key [key ...] */
export function sunion(): void {
  if (!takesOperands(1, args.count - 1)) return;
  const result = algebra.beginResult(0, 0);
  algebra.unite(operands.bytes, operandCount());
  replyResult(result);
}

/** SUNIONSTORE destination key [key ...] */
export function sunionstore(): void {
  if (!takesOperands(2, args.count - 2)) return;
  const result = algebra.beginResult(args.address(1), args.length(1));
  algebra.unite(operands.bytes, operandCount());
  storeResult(result, notifications.SUNIONSTORE);
}

/** SDIFF key [key ...] */
export function sdiff(): void {
  if (!takesOperands(1, args.count - 1)) return;
  const result = algebra.beginResult(0, 0);
  collectDifference();
  replyResult(result);
}

/** SDIFFSTORE destination key [key ...] */
export function sdiffstore(): void {
  if (!takesOperands(2, args.count - 2)) return;
  const result = algebra.beginResult(args.address(1), args.length(1));
  collectDifference();
  storeResult(result, notifications.SDIFFSTORE);
}

function collectDifference(): void {
  if (!firstMissing && !firstRepeated) {
    algebra.collectDifference(operands.bytes, operandCount());
  }
}

/** Replies what was collected, and frees it. */
function replyResult(result: Entry): void {
  if (algebra.refused) {
    reply.error(OUT_OF_MEMORY);
  } else {
    replySet(result);
  }
  drop(result);
}

function drop(result: Entry): void {
  sets.disposeValue(result);
  dispose(result);
}

/** Makes what was collected the value of the destination, which goes if that is nothing. */
function storeResult(result: Entry, event: u32): void {
  const count = sets.count(result);
  if (algebra.refused) reply.error(OUT_OF_MEMORY);
  else if (count) keyed.put(1, result);
  else keyed.put(1, null);
  if (count && !algebra.refused) keyed.notify(event, 1);
  if (algebra.refused || !count) drop(result);
  if (!algebra.refused) reply.integer(count);
}
