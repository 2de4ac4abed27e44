/**
 * Hash commands: fields with values, one at a time, several and all.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { addFloats, FLOAT_SUM_ROOM, SUM_NOT_FINITE } from '../memory/extended';
import {
  formatInteger,
  INTEGER_TEXT_ROOM,
  parsedInteger,
  parseInteger,
} from '../memory/integer-text';
import {
  HASH_VALUE_NOT_A_FLOAT,
  HASH_VALUE_NOT_AN_INTEGER,
  NOT_A_FLOAT,
  NOT_A_NUMBER,
  NOT_FINITE,
  OVERFLOW,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as hashes from '../values/hashes';
import { blockOf, TYPE_HASH } from '../values/kind';
import * as args from './arguments';
import { replyElements } from './elements';
import * as hashTarget from './hash-target';
import * as keyed from './keyed';
import { refuseArgumentCount } from './refusal';
import * as scanning from './scanning';

// One field

/** HGET key field */
export function hget(): void {
  if (keyed.reads(1, TYPE_HASH)) replyValue(keyed.entry, 2);
}

function replyValue(entry: Entry | null, index: u32): void {
  if (!entry || !hashes.find(entry, args.address(index), args.length(index))) return reply.nil();
  reply.bulk(hashes.address, hashes.length);
}

/** HEXISTS key field */
export function hexists(): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  reply.integer(entry && hashes.has(entry, args.address(2), args.length(2)) ? 1 : 0);
}

/** HSTRLEN key field */
export function hstrlen(): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  const found = entry != null && hashes.find(entry, args.address(2), args.length(2));
  reply.integer(found ? hashes.length : 0);
}

/** HSETNX key field value */
export function hsetnx(): void {
  if (!hashTarget.writes(2, args.count)) return;
  const entry = hashTarget.entry;
  if (entry && hashes.has(entry, args.address(2), args.length(2))) return reply.integer(0);
  if (setPairs(entry) >= 0) reply.integer(1);
}

// Several fields

/** HSET key field value [field value ...] */
export function hset(): void {
  if (args.count % 2) return refuseArgumentCount('hset');
  if (!hashTarget.writes(2, 2)) return;
  const added = setPairs(hashTarget.entry);
  if (added >= 0) reply.integer(added);
}

/** HMSET key field value [field value ...] */
export function hmset(): void {
  if (args.count % 2) return refuseArgumentCount('hmset');
  if (hashTarget.writes(2, 2) && setPairs(hashTarget.entry) >= 0) reply.ok();
}

/**
 * Sets the pairs from argument 2 on in the hash, which was just looked up, or in a new one. The
 * number of new fields; -1, and out of memory has been replied, if there is no room for them.
 */
function setPairs(entry: Entry | null): i64 {
  if (entry && args.count == 4 && hashes.isTable(entry)) return setInTable(entry);
  hashTarget.measure(2);
  const pairs = (args.count - 2) >> 1;
  if (!keyed.hasMemory(hashes.growthCost(entry, hashTarget.total))) return -1;
  const target = hashTarget.targetOf(entry);
  const added = hashTarget.setPairs(target, 2, false);
  hashTarget.finish(entry, target, pairs);
  keyed.notify(notifications.HSET, 1);
  return added;
}

/** Sets the only pair; what is reserved for every command is enough for one more record. */
function setInTable(entry: Entry): i64 {
  const value = args.address(3);
  const isNew = hashes.set(entry, args.address(2), args.length(2), value, args.length(3), false);
  database.signal(entry);
  keyed.notify(notifications.HSET, 1);
  return isNew ? 1 : 0;
}

/** HMGET key field [field ...] */
export function hmget(): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  reply.array(args.count - 2);
  for (let index: u32 = 2; index < args.count; index++) replyValue(entry, index);
}

/** HDEL key field [field ...] */
export function hdel(): void {
  if (!hashTarget.writes(2, 1)) return;
  const entry = hashTarget.entry;
  if (!entry) return reply.integer(0);
  let removed: u32 = 0;
  for (let index: u32 = 2; index < args.count; index++) {
    if (hashes.remove(entry, args.address(index), args.length(index))) removed++;
    if (!hashes.count(entry)) break;
  }
  hashTarget.finishRemoval(entry, removed);
  reply.integer(removed);
}

// Numbers

const numberText: usize = memory.data(5120, 16);
if (FLOAT_SUM_ROOM > 5120 || INTEGER_TEXT_ROOM > 5120) ERROR('the longest sum fits');
/** The text "0". */
const ZERO: usize = memory.data<u8>([0x30, 0, 0, 0, 0, 0, 0, 0]);

/** HINCRBY key field increment */
export function hincrby(): void {
  if (!args.isInteger(3)) return;
  const increment = args.integer;
  if (!hashTarget.writes(2, args.count)) return;
  const entry = hashTarget.entry;
  let value: i64 = 0;
  if (entry && hashes.find(entry, args.address(2), args.length(2))) {
    if (!parseInteger(hashes.address, hashes.length)) {
      return reply.error(HASH_VALUE_NOT_AN_INTEGER);
    }
    value = parsedInteger;
  }
  const sum = value + increment;
  if (increment < 0 ? sum > value : sum < value) return reply.error(OVERFLOW);
  if (!storeNumber(entry, formatInteger(sum, numberText))) return;
  keyed.notify(notifications.HINCRBY, 1);
  reply.integer(sum);
}

/** HINCRBYFLOAT key field increment */
export function hincrbyfloat(): void {
  const checked = addFloats(ZERO, 1, args.address(3), args.length(3), numberText);
  if (checked < 0) return reply.error(checked == SUM_NOT_FINITE ? NOT_FINITE : NOT_A_FLOAT);
  if (!hashTarget.writes(2, args.count)) return;
  const entry = hashTarget.entry;
  let address = ZERO;
  let length: usize = 1;
  if (entry && hashes.find(entry, args.address(2), args.length(2))) {
    address = hashes.address;
    length = hashes.length;
  }
  const size = addFloats(address, length, args.address(3), args.length(3), numberText);
  if (size < 0) return reply.error(size == SUM_NOT_FINITE ? NOT_A_NUMBER : HASH_VALUE_NOT_A_FLOAT);
  if (!storeNumber(entry, size)) return;
  keyed.notify(notifications.HINCRBYFLOAT, 1);
  reply.bulk(numberText, size);
  propagateNumber(size);
}

/** The sum is written down as it is, in the form that keeps a deadline if there is one. */
function propagateNumber(size: usize): void {
  const entry = hashTarget.entry;
  const field = args.address(2);
  const length = args.length(2);
  const kept = entry != null && hashes.deadlineOf(entry, field, length) >= 0;
  effects.begin(database.selected, kept ? 7 : 4);
  effects.literal(kept ? 'HSETEX' : 'HSET');
  effects.argument(args.address(1), args.length(1));
  if (kept) effects.literal('KEEPTTL');
  if (kept) effects.literal('FIELDS');
  if (kept) effects.integer(1);
  effects.argument(field, length);
  effects.argument(numberText, size);
}

/** Gives the field at argument 2 the text of the sum; false, and replied, if there is no room. */
function storeNumber(entry: Entry | null, size: usize): bool {
  const fieldLength = args.length(2);
  const added = fieldLength + size + 16;
  if (!keyed.hasMemory(hashes.growthCost(entry, added))) return false;
  const target = hashTarget.targetOf(entry);
  hashes.prepare(target, max(fieldLength, size), added);
  hashes.set(target, args.address(2), fieldLength, numberText, size, true);
  hashTarget.finish(entry, target, 1);
  return true;
}

// All fields

/** HLEN key */
export function hlen(): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  reply.integer(entry ? hashes.count(entry) : 0);
}

/** HGETALL key */
export function hgetall(): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  reply.map(entry ? hashes.countThere(entry) : 0);
  if (!entry) return;
  if (hashes.isTable(entry)) hashes.visit(entry, replyPair);
  else replyElements(listpack.first(blockOf(entry)), hashes.count(entry) << 1);
}

/** HKEYS key */
export function hkeys(): void {
  replyAll(replyField);
}

/** HVALS key */
export function hvals(): void {
  replyAll(replyOnlyValue);
}

type Visitor = (field: usize, fieldLength: usize, value: usize, valueLength: usize) => void;

function replyAll(visitor: Visitor): void {
  if (!keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  reply.array(entry ? hashes.countThere(entry) : 0);
  if (entry) hashes.visit(entry, visitor);
}

function replyPair(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  reply.bulk(field, fieldLength);
  reply.bulk(value, valueLength);
}

function replyField(field: usize, fieldLength: usize, _value: usize, _valueLength: usize): void {
  reply.bulk(field, fieldLength);
}

function replyOnlyValue(_field: usize, _fieldLength: usize, value: usize, length: usize): void {
  reply.bulk(value, length);
}

/** HSCAN key cursor [MATCH pattern] [COUNT count] */
export function hscan(): void {
  if (!scanning.isCursor(2) || !keyed.reads(1, TYPE_HASH)) return;
  const entry = keyed.entry;
  if (entry && !scanning.hasOptions(3, false)) return;
  reply.array(2);
  if (entry && hashes.isTable(entry)) return scanTable(entry);
  reply.bulkInteger(0);
  if (!entry) return reply.array(0);
  const head = reply.openArray();
  matched = 0;
  hashes.visit(entry, replyMatch);
  reply.closeArray(head, matched);
}

let matched: u64 = 0;

function replyMatch(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  if (!scanning.matches(field, fieldLength)) return;
  replyPair(field, fieldLength, value, valueLength);
  matched += 2;
}

function scanTable(entry: Entry): void {
  scanning.walkMembers(hashes.tableOf(entry));
  reply.bulkInteger(scanning.cursor);
  const found = scanning.found;
  const head = reply.openArray();
  matched = 0;
  for (let at = found.bytes; at < found.end; at += 4) {
    const handle = <usize>load<u32>(at);
    if (!hashes.isThere(handle)) continue;
    hashes.readHandle(entry, handle);
    replyPair(hashes.fieldAddress, hashes.fieldLength, hashes.address, hashes.length);
    matched += 2;
  }
  reply.closeArray(head, matched);
  found.clear();
}
