/**
 * Iteration commands: KEYS and SCAN.
 */
import * as database from '../keyspace/database';
import { Buffer, bufferAt } from '../memory/buffer';
import { isKeyword } from '../memory/bytes';
import { INVALID_CURSOR, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import { matchesGlob } from '../structures/glob';
import { typeName } from '../values/value';
import * as args from './arguments';

const COUNT_DEFAULT: i64 = 10;
/** SCAN looks at this many buckets for each key asked for, at the most. */
const BUCKETS_PER_KEY: i64 = 10;
const STAR: u8 = 0x2a;
const DIGIT_ZERO: u8 = 0x30;

/** Addresses of the entries that a step of SCAN found. */
const found: Buffer = bufferAt(memory.data(48, 16));

// What the visitors look for; 0 for no pattern and no type.
let pattern: usize = 0;
let patternLength: usize = 0;
let wantedType: usize = 0;
let wantedTypeLength: usize = 0;
let visited: i64 = 0;
let written: u64 = 0;

/** KEYS pattern */
export function keys(): void {
  lookFor(args.address(1), args.length(1));
  const table = database.keysOf(database.selected);
  const head = reply.openArray();
  written = 0;
  for (let number: u32 = 0; number < table.bucketCount; number++) {
    dict.visitBucket<Entry>(table, number, replyIfWanted);
  }
  reply.closeArray(head, written);
}

function lookFor(address: usize, length: usize): void {
  const everything = length == 1 && load<u8>(address) == STAR;
  pattern = everything ? 0 : address;
  patternLength = length;
  wantedType = 0;
}

function replyIfWanted(entry: Entry): void {
  if (isEnded(entry) || !matchesPattern(entry)) return;
  reply.bulk(entry.keyAddress, entry.keyLength);
  written++;
}

function isEnded(entry: Entry): bool {
  return entry.isVolatile && database.isExpired(entry);
}

function matchesPattern(entry: Entry): bool {
  if (!pattern) return true;
  return matchesGlob(pattern, patternLength, entry.keyAddress, entry.keyLength, false);
}

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export function scan(): void {
  if (!isCursor(1)) return reply.error(INVALID_CURSOR);
  const cursor = cursorValue;
  let count = COUNT_DEFAULT;
  pattern = 0;
  wantedType = 0;
  for (let index: u32 = 2; index < args.count; index += 2) {
    if (index + 1 == args.count) return reply.error(SYNTAX_ERROR);
    if (args.is(index, 'COUNT')) {
      if (!args.isInteger(index + 1)) return;
      count = args.integer;
      if (count < 1) return reply.error(SYNTAX_ERROR);
    } else if (args.is(index, 'MATCH')) {
      lookForPattern(index + 1);
    } else if (args.is(index, 'TYPE')) {
      wantedType = args.address(index + 1);
      wantedTypeLength = args.length(index + 1);
    } else {
      return reply.error(SYNTAX_ERROR);
    }
  }
  replyScan(cursor, count);
}

function lookForPattern(index: u32): void {
  const type = wantedType;
  lookFor(args.address(index), args.length(index));
  wantedType = type;
}

function replyScan(cursor: u32, count: i64): void {
  const table = database.keysOf(database.selected);
  const buckets = count > i64.MAX_VALUE / BUCKETS_PER_KEY ? i64.MAX_VALUE : count * BUCKETS_PER_KEY;
  found.clear();
  visited = 0;
  for (let bucket: i64 = 0; bucket < buckets; bucket++) {
    cursor = dict.scan<Entry>(table, cursor, collect);
    if (!cursor || visited >= count) break;
  }
  reply.array(2);
  reply.bulkInteger(cursor);
  replyFound();
}

function collect(entry: Entry): void {
  visited++;
  if (!matchesPattern(entry)) return;
  found.room(4);
  store<u32>(found.end, <u32>changetype<usize>(entry));
  found.end += 4;
}

function replyFound(): void {
  const head = reply.openArray();
  written = 0;
  for (let at = found.bytes; at < found.end; at += 4) {
    answer(changetype<Entry>(<usize>load<u32>(at)));
  }
  reply.closeArray(head, written);
  found.clear();
}

/** Replies the key if it is of the wanted type. An expired one goes; its type is none. */
function answer(entry: Entry): void {
  const ended = isEnded(entry);
  const type = ended ? 'none' : typeName(entry);
  if (wantedType ? isKeyword(wantedType, wantedTypeLength, type) : !ended) {
    reply.bulk(entry.keyAddress, entry.keyLength);
    written++;
  }
  if (ended) database.expire(entry);
}

/** The length of argument `index` up to its first NUL: Redis reads it as a C string. */
function textLength(index: u32): usize {
  const bytes = args.address(index);
  const length = args.length(index);
  let at: usize = 0;
  while (at < length && load<u8>(bytes + at)) at++;
  return at;
}

let cursorValue: u32 = 0;

/** Reads a cursor as strtoul does; only its low 32 bits are ever given out. */
function isCursor(index: u32): bool {
  let at = args.address(index);
  const end = at + textLength(index);
  cursorValue = 0;
  if (at == end) return true;
  const sign = load<u8>(at);
  const negative = sign == 0x2d;
  if (negative || sign == 0x2b) at++;
  if (at == end) return false;
  let value: u64 = 0;
  for (; at < end; at++) {
    const digit = load<u8>(at) - DIGIT_ZERO;
    if (digit > 9 || value > (u64.MAX_VALUE - digit) / 10) return false;
    value = value * 10 + digit;
  }
  cursorValue = <u32>(negative ? 0 - value : value);
  return true;
}
