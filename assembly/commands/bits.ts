/**
 * Bitmap commands: single bits, counting, finding and combining them. Fields of several bits are
 * in bitfield.ts.
 */
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import { copy } from '../memory/bytes';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  BIT_ARGUMENT,
  BIT_NOT_BIT,
  BIT_OFFSET,
  BITOP_NOT,
  SYNTAX_ERROR,
  WRONG_TYPE,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as bitmap from '../structures/bitmap';
import { Entry } from '../structures/entry';
import { TYPE_STRING, typeOf } from '../values/kind';
import * as strings from '../values/strings';
import * as args from './arguments';
import * as keyed from './keyed';
import { lengthMax } from './strings';

const HASH_SIGN: u8 = 0x23;

/** What the last `isOffset` found. */
export let offset: u64 = 0;
/** Whether the last `growString` made the string, or made it longer. */
export let grown: bool = false;

/** The part of a string that BITCOUNT or BITPOS looks at, in bits; empty if first > last. */
let firstBit: i64 = 0;
let lastBit: i64 = 0;

/**
 * Reads argument `index` into `offset`, or replies that it is none. With `bits` it may be
 * `#n`, the n-th field of so many bits; that product may wrap, as it does in Redis.
 */
export function isOffset(index: u32, bits: u32): bool {
  const address = args.address(index);
  const skipped: usize = bits && load<u8>(address) == HASH_SIGN && args.length(index) ? 1 : 0;
  if (parseInteger(address + skipped, args.length(index) - skipped)) {
    const value = skipped ? parsedInteger * bits : parsedInteger;
    if (value >= 0 && <u64>value >> 3 < lengthMax) {
      offset = <u64>value;
      return true;
    }
  }
  reply.error(BIT_OFFSET);
  return false;
}

/**
 * Makes the string in `keyed.entry`, which was looked up for argument 1, raw and `size` bytes
 * long at least; a new one is added. Answers its entry, with the bytes in `strings.address`;
 * without memory null, and that is replied.
 */
export function growString(size: usize): Entry | null {
  const entry = keyed.entry;
  if (!entry) return addZeros(size);
  strings.read(entry);
  grown = size > strings.length;
  if (!grown && strings.isRaw(entry)) return entry;
  const length = max(size, strings.length);
  if (!keyed.hasMemory(length + strings.cost(args.length(1), length))) return null;
  const stretched = strings.stretch(entry, length);
  database.move(entry, stretched);
  return stretched;
}

function addZeros(size: usize): Entry | null {
  if (!keyed.hasMemory(strings.cost(args.length(1), size))) return null;
  const empty = strings.createEntry(args.address(1), args.length(1), 0, 0, 0);
  const added = strings.stretch(empty, size);
  database.add(added);
  grown = true;
  return added;
}

/** SETBIT key offset value */
export function setbit(): void {
  if (!isOffset(2, 0) || !args.isIntegerOr(3, BIT_NOT_BIT)) return;
  const bit = args.integer;
  if (bit & ~1) return reply.error(BIT_NOT_BIT);
  if (!keyed.writesString(1)) return;
  const isNew = !keyed.entry;
  const entry = growString(<usize>(offset >> 3) + 1);
  if (!entry) return;
  const place = strings.address + <usize>(offset >> 3);
  const shift = 7 - (<u32>offset & 7);
  const byte: u32 = load<u8>(place);
  const old = (byte >> shift) & 1;
  store<u8>(place, (byte & ~((<u32>1) << shift)) | ((<u32>bit) << shift));
  if (grown || old != <u32>bit) {
    if (!isNew) database.signal(entry);
    keyed.notify(notifications.SETBIT, 1);
  }
  reply.integer(old);
}

/** GETBIT key offset */
export function getbit(): void {
  if (!isOffset(2, 0) || !keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  strings.read(entry);
  reply.integer(<i64>bitmap.readField(strings.address, strings.length, offset, 1));
}

/** BITCOUNT key [start end [BYTE | BIT]] */
export function bitcount(): void {
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  strings.read(entry);
  if (args.count == 2) return reply.integer(bitmap.countBits(strings.address, strings.length));
  if (args.count == 3 || args.count > 5) return reply.error(SYNTAX_ERROR);
  if (!args.isInteger(2)) return;
  const start = args.integer;
  if (!args.isInteger(3)) return;
  const end = args.integer;
  if (start < 0 && end < 0 && start > end) return reply.integer(0);
  if (args.count == 5 && !isUnit(4)) return reply.error(SYNTAX_ERROR);
  clip(start, end, args.count == 5 && args.is(4, 'BIT'));
  if (firstBit > lastBit) return reply.integer(0);
  reply.integer(bitmap.countBitRange(strings.address, <u64>firstBit, <u64>lastBit));
}

function isUnit(index: u32): bool {
  return args.is(index, 'BIT') || args.is(index, 'BYTE');
}

/** Turns a range of bytes or bits of the string that was read, as clients give it, into ours. */
function clip(start: i64, end: i64, inBits: bool): void {
  const size = (<i64>strings.length) << (inBits ? 3 : 0);
  if (start < 0) start = max<i64>(0, start + size);
  if (end < 0) end = max<i64>(0, end + size);
  end = min(end, size - 1);
  firstBit = inBits || start > end ? start : start << 3;
  lastBit = inBits || start > end ? end : (end << 3) + 7;
}

/** BITPOS key bit [start [end [BYTE | BIT]]] */
export function bitpos(): void {
  if (!args.isInteger(2)) return;
  const bit = args.integer;
  if (bit & ~1) return reply.error(BIT_ARGUMENT);
  if (!keyed.readsString(1)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(-bit);
  strings.read(entry);
  if (!readPositions()) return;
  if (firstBit > lastBit) return reply.integer(-1);
  const found = bitmap.findBit(strings.address, bit != 0, <u64>firstBit, <u64>lastBit);
  // Zeros follow the string, unless the range says where it ends.
  if (found < 0 && !bit && args.count < 5) return reply.integer((<i64>strings.length) << 3);
  reply.integer(found);
}

/** The range of BITPOS; false, and replied, if the arguments give none. */
function readPositions(): bool {
  let end: i64 = -1;
  if (args.count > 6) return refuseSyntax();
  if (args.count > 3 && !args.isInteger(3)) return false;
  const start = args.count > 3 ? args.integer : 0;
  if (args.count == 6 && !isUnit(5)) return refuseSyntax();
  if (args.count > 4) {
    if (!args.isInteger(4)) return false;
    end = args.integer;
  }
  clip(start, end, args.count == 6 && args.is(5, 'BIT'));
  return true;
}

function refuseSyntax(): bool {
  reply.error(SYNTAX_ERROR);
  return false;
}

// BITOP

/** BITOP AND | OR | XOR | NOT destkey key [key ...] */
export function bitop(): void {
  const operation = operationOf(1);
  if (!operation) return reply.error(SYNTAX_ERROR);
  if (operation == bitmap.NOT && args.count != 4) return reply.error(BITOP_NOT);
  const size = longestSource();
  if (size < 0) return;
  if (size && !keyed.hasMemory(strings.cost(args.length(2), <usize>size))) return;
  keyed.put(2, size ? combineSources(operation, <usize>size) : null);
  if (size) keyed.notify(notifications.SET, 2);
  reply.integer(size);
}

function operationOf(index: u32): u32 {
  if (args.is(index, 'AND')) return bitmap.AND;
  if (args.is(index, 'OR')) return bitmap.OR;
  if (args.is(index, 'XOR')) return bitmap.XOR;
  return args.is(index, 'NOT') ? bitmap.NOT : 0;
}

/** The length of the longest source, or -1, and replied, if one of them is no string. */
function longestSource(): i64 {
  let size: usize = 0;
  for (let index: u32 = 3; index < args.count; index++) {
    const entry = database.read(args.address(index), args.length(index));
    if (!entry) continue;
    if (typeOf(entry) != TYPE_STRING) {
      reply.error(WRONG_TYPE);
      return -1;
    }
    size = max(size, strings.lengthOf(entry));
  }
  return <i64>size;
}

/** The result as a new entry. The first source is copied, the others are combined into it. */
function combineSources(operation: u32, size: usize): Entry {
  const empty = strings.createEntry(args.address(2), args.length(2), 0, 0, 0);
  const result = strings.stretch(empty, size);
  const to = strings.address;
  for (let index: u32 = 3; index < args.count; index++) {
    const entry = database.lookup(args.address(index), args.length(index));
    if (entry) strings.read(entry);
    const length: usize = entry ? strings.length : 0;
    if (index == 3) copy(to, strings.address, length);
    else bitmap.combine(operation, to, size, strings.address, length);
  }
  if (operation == bitmap.NOT) bitmap.invert(to, size);
  return result;
}
