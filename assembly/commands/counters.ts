/**
 * Counter commands: INCR and its kin.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { addFloats, FLOAT_SUM_ROOM, SUM_NOT_FINITE } from '../memory/extended';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  DECREMENT_OVERFLOW,
  NOT_A_FLOAT,
  NOT_A_NUMBER,
  NOT_AN_INTEGER,
  OVERFLOW,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { STRING_INT, shapeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as args from './arguments';
import * as keyed from './keyed';

/** INCR key */
export function incr(): void {
  add(1);
}

/** DECR key */
export function decr(): void {
  add(-1);
}

/** INCRBY key increment */
export function incrby(): void {
  if (args.isInteger(2)) add(args.integer);
}

/** DECRBY key decrement */
export function decrby(): void {
  if (!args.isInteger(2)) return;
  if (args.integer == i64.MIN_VALUE) return reply.error(DECREMENT_OVERFLOW);
  add(-args.integer);
}

function add(increment: i64): void {
  if (!keyed.writesString(1)) return;
  const entry = keyed.entry;
  let value: i64 = 0;
  if (entry) {
    if (shapeOf(entry) == STRING_INT) {
      value = strings.integerOf(entry);
    } else {
      strings.read(entry);
      if (!parseInteger(strings.address, strings.length)) return reply.error(NOT_AN_INTEGER);
      value = parsedInteger;
    }
  }
  const sum = value + increment;
  if (increment < 0 ? sum > value : sum < value) return reply.error(OVERFLOW);
  storeInteger(entry, sum);
  keyed.notify(notifications.INCRBY, 1);
  reply.integer(sum);
}

function storeInteger(entry: Entry | null, value: i64): void {
  if (!entry) {
    const added = strings.createEntry(args.address(1), args.length(1), 0, ZERO, 1);
    strings.setInteger(added, value);
    return database.add(added);
  }
  if (shapeOf(entry) == STRING_INT) {
    strings.setInteger(entry, value);
    return database.signal(entry);
  }
  strings.disposeValue(entry);
  database.replace(entry, strings.putInteger(entry, value));
}

/** The text "0". */
const ZERO: usize = memory.data<u8>([0x30, 0, 0, 0, 0, 0, 0, 0]);
/** Where the sum of INCRBYFLOAT is written. */
const floatText: usize = memory.data(5120, 16);
if (FLOAT_SUM_ROOM > 5120) ERROR('the longest sum fits');

/** INCRBYFLOAT key increment */
export function incrbyfloat(): void {
  if (!keyed.writesString(1)) return;
  const entry = keyed.entry;
  let address = ZERO;
  let length: usize = 1;
  if (entry) {
    strings.read(entry);
    address = strings.address;
    length = strings.length;
  }
  const size = addFloats(address, length, args.address(2), args.length(2), floatText);
  if (size < 0) return reply.error(size == SUM_NOT_FINITE ? NOT_A_NUMBER : NOT_A_FLOAT);
  storeText(entry, size);
  keyed.notify(notifications.INCRBYFLOAT, 1);
  reply.bulk(floatText, size);
  propagateText(size);
}

/** Keeps the sum as Redis does: as a string, though it may look like an integer. */
function storeText(entry: Entry | null, size: usize): void {
  if (!entry) {
    return database.add(strings.createText(args.address(1), args.length(1), floatText, size));
  }
  strings.disposeValue(entry);
  database.replace(entry, strings.putText(entry, floatText, size));
}

function propagateText(size: usize): void {
  effects.begin(database.selected, 4);
  effects.literal('SET');
  effects.argument(args.address(1), args.length(1));
  effects.argument(floatText, size);
  effects.literal('KEEPTTL');
}
