/**
 * BITFIELD: integers of 1 to 64 bits at any bit offset of a string. All operations are read and
 * checked first, without a note of them; then they are read again and done, one reply each.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  BITFIELD_OVERFLOW,
  BITFIELD_READ_ONLY,
  BITFIELD_TYPE,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as bitmap from '../structures/bitmap';
import * as strings from '../values/strings';
import * as args from './arguments';
import * as bits from './bits';
import * as keyed from './keyed';

const GET: u32 = 1;
const SET: u32 = 2;
const INCRBY: u32 = 3;

const WRAP: u32 = 0;
const SAT: u32 = 1;
const FAIL: u32 = 2;

const LETTER_I: u8 = 0x69;
const LETTER_U: u8 = 0x75;

/** The longest reply to one operation. */
const REPLY_ROOM: usize = 24;

/** The operation that was read last: its type, and the value given to SET and INCRBY. */
let isSigned: bool = false;
let width: u32 = 0;
let given: i64 = 0;
/** What an overflow leads to, from the last OVERFLOW on. */
let overflow: u32 = WRAP;
/** The last bit that is written to, or -1. */
let lastWritten: i64 = -1;
/** What `add` came to. */
let sum: u64 = 0;

/** BITFIELD key [GET type offset | [OVERFLOW WRAP | SAT | FAIL] SET | INCRBY type offset value] ... */
export function bitfield(): void {
  const operations = check();
  if (operations < 0) return;
  if (lastWritten < 0) return answerReads(operations);
  // The replies are written between the changes, when it is too late to refuse.
  if (!reply.pending().hasRoom(<usize>(operations + 1) * REPLY_ROOM)) return reply.fail();
  if (!keyed.writesString(1)) return;
  const isNew = !keyed.entry;
  const entry = bits.growString(<usize>(lastWritten >> 3) + 1);
  if (!entry) return;
  const before: u64 = isNew ? 1 : 0;
  const changes = perform(operations, strings.lengthOf(entry));
  if (changes > before) database.signalBy(entry, changes - before);
  else if (!isNew && bits.grown) database.signal(entry);
  if (changes) keyed.notify(notifications.SETBIT, 1);
}

/** BITFIELD_RO key [GET type offset ...] */
export function bitfieldRo(): void {
  const operations = check();
  if (operations < 0) return;
  if (lastWritten >= 0) return reply.error(BITFIELD_READ_ONLY);
  answerReads(operations);
}

// Reading the arguments

/** Reads and checks them all; answers how many operations there are, or -1 after an error. */
function check(): i32 {
  let count = 0;
  lastWritten = -1;
  for (let index: u32 = 2; index < args.count; ) {
    if (isOverflow(index)) {
      if (!takeOverflow(index + 1)) return -1;
      index += 2;
      continue;
    }
    const operation = operationAt(index);
    if (!operation) return refuse(SYNTAX_ERROR);
    if (!takeField(index, operation)) return -1;
    if (operation != GET) lastWritten = max(lastWritten, <i64>(bits.offset + width - 1));
    index += operation == GET ? 3 : 4;
    count++;
  }
  return count;
}

function refuse(error: string): i32 {
  reply.error(error);
  return -1;
}

/** The operation at `index`, if it has all of its arguments; else 0. */
function operationAt(index: u32): u32 {
  const following = args.count - index - 1;
  if (args.is(index, 'GET')) return following >= 2 ? GET : 0;
  if (following < 3) return 0;
  if (args.is(index, 'SET')) return SET;
  return args.is(index, 'INCRBY') ? INCRBY : 0;
}

function isOverflow(index: u32): bool {
  return index + 1 < args.count && args.is(index, 'OVERFLOW');
}

function takeOverflow(index: u32): bool {
  if (args.is(index, 'WRAP')) overflow = WRAP;
  else if (args.is(index, 'SAT')) overflow = SAT;
  else if (args.is(index, 'FAIL')) overflow = FAIL;
  else return refuse(BITFIELD_OVERFLOW) == 0;
  return true;
}

/** Reads type, offset and value of the operation at `index`, or replies what is wrong. */
function takeField(index: u32, operation: u32): bool {
  if (!isType(index + 1)) return refuse(BITFIELD_TYPE) == 0;
  if (!bits.isOffset(index + 2, width)) return false;
  if (operation == GET) return true;
  if (!args.isInteger(index + 3)) return false;
  given = args.integer;
  return true;
}

/** Reads `i1` to `i64` or `u1` to `u63`. Redis reads a C string: a NUL ends it. */
function isType(index: u32): bool {
  const address = args.address(index);
  let length: usize = 0;
  while (length < args.length(index) && load<u8>(address + length)) length++;
  if (length < 2) return false;
  const letter = load<u8>(address);
  isSigned = letter == LETTER_I;
  if (!isSigned && letter != LETTER_U) return false;
  if (!parseInteger(address + 1, length - 1)) return false;
  if (parsedInteger < 1 || parsedInteger > (isSigned ? 64 : 63)) return false;
  width = <u32>parsedInteger;
  return true;
}

// Doing it

function answerReads(operations: i32): void {
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (entry) strings.read(entry);
  reply.array(operations);
  for (let index: u32 = 2; index < args.count; ) {
    if (isOverflow(index)) {
      index += 2;
      continue;
    }
    takeField(index, GET);
    reply.integer(entry ? current(strings.address, strings.length) : 0);
    index += 3;
  }
}

/** Does all operations on the bytes in `strings.address`; answers how many changed something. */
function perform(operations: i32, length: usize): u64 {
  const address = strings.address;
  let changes: u64 = 0;
  overflow = WRAP;
  reply.array(operations);
  for (let index: u32 = 2; index < args.count; ) {
    if (isOverflow(index)) {
      takeOverflow(index + 1);
      index += 2;
      continue;
    }
    const operation = operationAt(index);
    takeField(index, operation);
    if (operation == GET) reply.integer(current(address, length));
    else if (change(operation, address, length)) changes++;
    index += operation == GET ? 3 : 4;
  }
  return changes;
}

/** The field's value; signed ones have their top bit repeated. */
function current(address: usize, length: usize): i64 {
  const value = bitmap.readField(address, length, bits.offset, width);
  return isSigned ? signed(value) : <i64>value;
}

function signed(value: u64): i64 {
  return <i64>(value << (64 - width)) >> (64 - width);
}

/** SET or INCRBY of one field; true if that counts as a change. */
function change(operation: u32, address: usize, length: usize): bool {
  const old = current(address, length);
  const start = operation == SET ? given : old;
  const increment = operation == SET ? 0 : given;
  const overflows = isSigned ? addSigned(start, increment) : addUnsigned(<u64>start, increment);
  if (overflows && overflow == FAIL) {
    reply.nil();
    return false;
  }
  bitmap.writeField(address, bits.offset, width, sum);
  reply.integer(operation == SET ? old : <i64>sum);
  return bits.grown || <u64>old != sum;
}

/** Puts start + increment into `sum`, wrapped or saturated; true if it did not fit. */
function addUnsigned(start: u64, increment: i64): bool {
  const greatest = ((<u64>1) << width) - 1;
  const above = start > greatest || (increment > 0 && increment > <i64>(greatest - start));
  const below = !above && increment < 0 && increment < -(<i64>start);
  sum = start + increment;
  if (!above && !below) return false;
  if (overflow == SAT) sum = above ? greatest : 0;
  else sum &= greatest;
  return true;
}

/**
 * As `addUnsigned`. Where start itself is far below what fits, so far that the difference
 * wraps, Redis sees it above; so must we.
 */
function addSigned(start: i64, increment: i64): bool {
  const greatest = i64.MAX_VALUE >> (64 - width);
  const least = -greatest - 1;
  const whole = width == 64;
  const up = greatest - start;
  const down = least - start;
  const above =
    start > greatest ||
    (!whole && increment > up) ||
    (start >= 0 && increment > 0 && increment > up);
  const below =
    start < least ||
    (!whole && increment < down) ||
    (start < 0 && increment < 0 && increment < down);
  sum = <u64>(start + increment);
  if (!above && !below) return false;
  if (overflow == SAT) sum = <u64>(above ? greatest : least);
  else sum = <u64>signed(sum);
  return true;
}
