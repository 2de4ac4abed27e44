/**
 * Sorted set commands on several sets: union, intersection and difference, of sorted sets and
 * of sets, whose members count as if they had score 1.
 *
 * The inputs lie in a buffer, 16 bytes each:
 *
 *   0        4                  8
 *   +--------+------------------+----------+
 *   | entry  | number of members | weight  |
 *   +--------+------------------+----------+
 *     u32      u32                f64
 *
 * As in Redis they are sorted by their size first (not for a difference), since scores may
 * depend on the order in which they are added. The result is gathered in a table that belongs
 * to no database yet; memory is reserved for each member.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { Buffer, bufferAt } from '../memory/buffer';
import { parseDouble, parsedDouble } from '../memory/float-text';
import { reserve } from '../memory/heap';
import {
  NEGATIVE_LIMIT,
  OUT_OF_MEMORY,
  SYNTAX_ERROR,
  WEIGHT_NOT_A_FLOAT,
  WRONG_TYPE,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { dispose, Entry } from '../structures/entry';
import { TYPE_SET, TYPE_ZSET, typeOf } from '../values/kind';
import * as sets from '../values/sets';
import * as zsets from '../values/zsets';
import * as results from '../values/zsets-results';
import * as args from './arguments';
import * as keyed from './keyed';
import { replyWalk } from './zsets';

// In the order of the events of what is stored
const UNION: u32 = 0;
const INTERSECTION: u32 = 1;
const DIFFERENCE: u32 = 2;
const SUM: u32 = 0;
const MIN: u32 = 1;
const MAX: u32 = 2;

@unmanaged
class Input {
  entry: Entry | null;
  count: u32;
  weight: f64;
}

const INPUT_SIZE: usize = 16;
if (offsetof<Input>() != INPUT_SIZE) ERROR('inputs lie one behind the other');
/** What a member takes in a table, beside its bytes. */
const MEMBER_ROOM: usize = 256;

const inputs: Buffer = bufferAt(memory.data(48, 16));
let inputCount: u32 = 0;
let operation: u32 = UNION;
let aggregation: u32 = SUM;
let withScores: bool = false;
let result: Entry = changetype<Entry>(0);
/** True if memory ran out, so that the result is not whole. */
let failed: bool = false;
/** Members found by ZINTERCARD, which ends at `limit` of them unless that is 0. */
let limit: i64 = 0;
let counted: i64 = 0;

/** The score that `hasMember` has found. */
let found: f64 = 0;
/** The weight of the input that is added to a union. */
let weight: f64 = 1;

// Commands

/** ZUNION numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
export function zunion(): void {
  replyResult(UNION, 'zunion');
}

/** ZINTER numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM | MIN | MAX] [WITHSCORES] */
export function zinter(): void {
  replyResult(INTERSECTION, 'zinter');
}

/** ZDIFF numkeys key [key ...] [WITHSCORES] */
export function zdiff(): void {
  replyResult(DIFFERENCE, 'zdiff');
}

/** ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM | MIN | MAX] */
export function zunionstore(): void {
  storeResult(UNION, 'zunionstore');
}

/** ZINTERSTORE destination numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM | MIN | MAX] */
export function zinterstore(): void {
  storeResult(INTERSECTION, 'zinterstore');
}

/** ZDIFFSTORE destination numkeys key [key ...] */
export function zdiffstore(): void {
  storeResult(DIFFERENCE, 'zdiffstore');
}

function replyResult(wanted: u32, command: string): void {
  if (!readInputs(1, command) || !readOptions(inputCount + 2, wanted, true)) return;
  if (!compute(0, 0)) return;
  const count = zsets.count(result);
  zsets.walk(result, 0, false);
  replyWalk(count, withScores);
  discard();
}

function storeResult(wanted: u32, command: string): void {
  if (!readInputs(2, command) || !readOptions(inputCount + 3, wanted, false)) return;
  if (!compute(args.address(1), args.length(1))) return;
  const count = zsets.count(result);
  zsets.compact(result);
  if (count) keyed.put(1, result);
  else keyed.put(1, null);
  if (count) keyed.notify(storeEvent(), 1);
  if (!count) discard();
  reply.integer(count);
}

function storeEvent(): u32 {
  if (operation == UNION) return notifications.ZUNIONSTORE;
  return operation == INTERSECTION ? notifications.ZINTERSTORE : notifications.ZDIFFSTORE;
}

function discard(): void {
  zsets.disposeValue(result);
  dispose(result);
}

/** ZINTERCARD numkeys key [key ...] [LIMIT limit] */
export function zintercard(): void {
  if (!readInputs(1, 'zintercard')) return;
  limit = 0;
  for (let index = inputCount + 2; index < args.count; index += 2) {
    if (index + 1 == args.count || !args.is(index, 'LIMIT')) return reply.error(SYNTAX_ERROR);
    if (!args.isIntegerOr(index + 1, NEGATIVE_LIMIT)) return;
    limit = args.integer;
    if (limit < 0) return reply.error(NEGATIVE_LIMIT);
  }
  sortInputs();
  counted = 0;
  visitInput(0, countCommon);
  inputs.clear();
  reply.integer(counted);
}

// Reading

function inputAt(index: u32): Input {
  return changetype<Input>(inputs.bytes + <usize>index * INPUT_SIZE);
}

/** Looks up the keys whose number is at argument `index`, or replies what is wrong. */
function readInputs(index: u32, command: string): bool {
  if (!args.isInteger(index)) return false;
  if (args.integer < 1) return refuseNumber(command);
  if (args.integer > <i64>(args.count - index - 1)) return refuse(SYNTAX_ERROR);
  inputCount = <u32>args.integer;
  inputs.clear();
  // Sorting takes as much again.
  if (!inputs.hasRoom(<usize>inputCount * INPUT_SIZE * 2)) return refuse(OUT_OF_MEMORY);
  for (let number: u32 = 0; number < inputCount; number++) {
    if (!readInput(number, index + 1 + number)) return false;
  }
  return true;
}

function refuseNumber(command: string): bool {
  reply.beginError();
  reply.errorText("ERR at least 1 input key is needed for '");
  reply.errorText(command);
  reply.errorText("' command");
  reply.endError();
  return false;
}

function refuse(error: string): bool {
  reply.error(error);
  return false;
}

function readInput(number: u32, index: u32): bool {
  const entry = database.read(args.address(index), args.length(index));
  const input = inputAt(number);
  input.entry = entry;
  input.count = 0;
  input.weight = 1;
  if (!entry) return true;
  const type = typeOf(entry);
  if (type == TYPE_ZSET) input.count = zsets.count(entry);
  else if (type == TYPE_SET) input.count = sets.count(entry);
  else return refuse(WRONG_TYPE);
  return true;
}

/** Reads WEIGHTS, AGGREGATE and WITHSCORES from argument `index` on. */
function readOptions(index: u32, wanted: u32, replying: bool): bool {
  operation = wanted;
  aggregation = SUM;
  withScores = false;
  while (index < args.count) {
    const left = args.count - index;
    if (wanted != DIFFERENCE && left > inputCount && args.is(index, 'WEIGHTS')) {
      if (!readWeights(index + 1)) return false;
      index += inputCount + 1;
    } else if (wanted != DIFFERENCE && left > 1 && args.is(index, 'AGGREGATE')) {
      if (!readAggregation(index + 1)) return refuse(SYNTAX_ERROR);
      index += 2;
    } else if (replying && args.is(index, 'WITHSCORES')) {
      withScores = true;
      index++;
    } else {
      return refuse(SYNTAX_ERROR);
    }
  }
  return true;
}

function readWeights(index: u32): bool {
  for (let number: u32 = 0; number < inputCount; number++) {
    if (!parseDouble(args.address(index + number), args.length(index + number))) {
      return refuse(WEIGHT_NOT_A_FLOAT);
    }
    inputAt(number).weight = parsedDouble;
  }
  return true;
}

function readAggregation(index: u32): bool {
  if (args.is(index, 'SUM')) aggregation = SUM;
  else if (args.is(index, 'MIN')) aggregation = MIN;
  else if (args.is(index, 'MAX')) aggregation = MAX;
  else return false;
  return true;
}

/** Sorts the inputs by size, merging runs; those of the same size stay in order. */
function sortInputs(): void {
  const size = <usize>inputCount * INPUT_SIZE;
  let from = inputs.bytes;
  let to = from + size;
  for (let run: u32 = 1; run < inputCount; run <<= 1) {
    for (let at: u32 = 0; at < inputCount; at += run << 1) mergeRuns(from, to, at, run);
    const sorted = to;
    to = from;
    from = sorted;
  }
  if (from != inputs.bytes) memory.copy(inputs.bytes, from, size);
}

/** Merges two neighbouring runs of `run` inputs or fewer. */
function mergeRuns(from: usize, to: usize, at: u32, run: u32): void {
  const middle = min(at + run, inputCount);
  const end = min(middle + run, inputCount);
  let low = at;
  let high = middle;
  for (let place = at; place < end; place++) {
    const isLow = low < middle && (high == end || countAt(from, low) <= countAt(from, high));
    const taken = isLow ? low++ : high++;
    v128.store(to + <usize>place * INPUT_SIZE, v128.load(from + <usize>taken * INPUT_SIZE));
  }
}

function countAt(base: usize, number: u32): u32 {
  return changetype<Input>(base + <usize>number * INPUT_SIZE).count;
}

// Computing

/** Computes `result` under this key; false if there is no memory, and that has been replied. */
function compute(key: usize, keyLength: usize): bool {
  if (!keyed.hasMemory(keyLength + MEMBER_ROOM)) return false;
  if (operation != DIFFERENCE) sortInputs();
  result = zsets.createTable(key, keyLength, 0);
  failed = false;
  if (operation == UNION) unite();
  else visitInput(0, operation == INTERSECTION ? intersect : subtract);
  inputs.clear();
  if (!failed) {
    if (operation == UNION) results.arrange(result);
    return true;
  }
  discard();
  return refuse(OUT_OF_MEMORY);
}

/** What is done with each member of an input. */
type Visitor = (member: usize, length: usize, score: f64) => void;

let visitor: Visitor = intersect;

function visitInput(number: u32, visit: Visitor): void {
  const entry = inputAt(number).entry;
  if (!entry) return;
  if (typeOf(entry) == TYPE_ZSET) return zsets.visit(entry, visit);
  visitor = visit;
  sets.visit(entry, visitSetMember);
}

function visitSetMember(member: usize, length: usize): void {
  visitor(member, length, 1);
}

function unite(): void {
  for (let number: u32 = 0; number < inputCount && !failed; number++) {
    weight = inputAt(number).weight;
    visitInput(number, addToUnion);
  }
}

function addToUnion(bytes: usize, length: usize, score: f64): void {
  if (!hasRoom(length)) return;
  const member = results.gather(result, bytes, length);
  const weighted = numberOrZero(weight * score);
  const known = reinterpret<f64>(member.word);
  member.word = reinterpret<u64>(results.wasKnown ? aggregate(known, weighted) : weighted);
}

/** Reserves memory for one member more. */
function hasRoom(length: usize): bool {
  if (!failed && !reserve(length + MEMBER_ROOM)) failed = true;
  return !failed;
}

function numberOrZero(value: f64): f64 {
  return value == value ? value : 0;
}

function aggregate(first: f64, second: f64): f64 {
  if (aggregation == SUM) return numberOrZero(first + second);
  if (aggregation == MIN) return second < first ? second : first;
  return second > first ? second : first;
}

function intersect(bytes: usize, length: usize, score: f64): void {
  if (!hasRoom(length)) return;
  let sum = numberOrZero(inputAt(0).weight * score);
  for (let number: u32 = 1; number < inputCount; number++) {
    if (!hasMember(number, bytes, length)) return;
    sum = aggregate(sum, found * inputAt(number).weight);
  }
  zsets.add(result, sum, bytes, length);
}

function subtract(bytes: usize, length: usize, score: f64): void {
  if (!hasRoom(length)) return;
  for (let number: u32 = 1; number < inputCount; number++) {
    if (hasMember(number, bytes, length)) return;
  }
  zsets.add(result, score, bytes, length);
}

function countCommon(bytes: usize, length: usize, _score: f64): void {
  if (limit && counted == limit) return;
  for (let number: u32 = 1; number < inputCount; number++) {
    if (!hasMember(number, bytes, length)) return;
  }
  counted++;
}

function hasMember(number: u32, bytes: usize, length: usize): bool {
  const entry = inputAt(number).entry;
  if (!entry) return false;
  found = 1;
  if (typeOf(entry) == TYPE_SET) return sets.has(entry, bytes, length);
  if (!zsets.scoreOf(entry, bytes, length)) return false;
  found = zsets.score;
  return true;
}
