/**
 * Scanning: what SCAN, SSCAN, HSCAN and ZSCAN have in common: the cursor, the options, and the
 * walk through a table. A question that fails has written its error reply.
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { INVALID_CURSOR, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { Entry } from '../structures/entry';
import { matchesGlob } from '../structures/glob';
import { Member } from '../structures/member';
import * as args from './arguments';

const COUNT_DEFAULT: i64 = 10;
/** A walk looks at this many buckets for each record asked for, at the most. */
const BUCKETS_PER_RECORD: i64 = 10;
const STAR: u8 = 0x2a;
const DIGIT_ZERO: u8 = 0x30;

/** Addresses of what the last walk found, a u32 each; to be cleared by who has read them. */
export const found: Buffer = bufferAt(memory.data(48, 16));
/** Where the walk begins; after it where the next one does, 0 at the end. */
export let cursor: u32 = 0;
/** The type that SCAN asks for; its address is 0 if it does not. */
export let typeAddress: usize = 0;
export let typeLength: usize = 0;

let count: i64 = COUNT_DEFAULT;
let visited: i64 = 0;
/** 0 if everything matches. */
let pattern: usize = 0;
let patternLength: usize = 0;

/** Takes argument `index` as the pattern. */
export function lookFor(index: u32): void {
  const address = args.address(index);
  patternLength = args.length(index);
  pattern = patternLength == 1 && load<u8>(address) == STAR ? 0 : address;
}

/** Whether a key or member is what the pattern describes. */
export function matches(address: usize, length: usize): bool {
  return !pattern || matchesGlob(pattern, patternLength, address, length, false);
}

/** Reads MATCH and COUNT, and TYPE if `typed`, from argument `from` on. */
export function hasOptions(from: u32, typed: bool): bool {
  count = COUNT_DEFAULT;
  pattern = 0;
  typeAddress = 0;
  for (let index = from; index < args.count; index += 2) {
    if (!takeOption(index, typed)) return false;
  }
  return true;
}

function takeOption(index: u32, typed: bool): bool {
  const value = index + 1;
  if (value == args.count) return refuseSyntax();
  if (args.is(index, 'COUNT')) {
    if (!args.isInteger(value)) return false;
    count = args.integer;
    return count < 1 ? refuseSyntax() : true;
  }
  if (args.is(index, 'MATCH')) {
    lookFor(value);
  } else if (typed && args.is(index, 'TYPE')) {
    typeAddress = args.address(value);
    typeLength = args.length(value);
  } else {
    return refuseSyntax();
  }
  return true;
}

function refuseSyntax(): bool {
  reply.error(SYNTAX_ERROR);
  return false;
}

/** Collects in `found` the entries that match, from `cursor` on, and moves that. */
export function walkEntries(table: Dict): void {
  walk<Entry>(table, collectEntry);
}

/** As `walkEntries`, for the members of a collection. */
export function walkMembers(table: Dict): void {
  walk<Member>(table, collectMember);
}

function walk<R>(table: Dict, collector: (record: R) => void): void {
  const limit = i64.MAX_VALUE / BUCKETS_PER_RECORD;
  const buckets = min(count, limit) * BUCKETS_PER_RECORD;
  found.clear();
  visited = 0;
  for (let bucket: i64 = 0; bucket < buckets; bucket++) {
    cursor = dict.scan<R>(table, cursor, collector);
    if (!cursor || visited >= count) break;
  }
}

function collectEntry(entry: Entry): void {
  collect(changetype<usize>(entry), entry.keyAddress, entry.keyLength);
}

function collectMember(member: Member): void {
  collect(changetype<usize>(member), member.keyAddress, member.keyLength);
}

function collect(record: usize, key: usize, keyLength: usize): void {
  visited++;
  if (!matches(key, keyLength)) return;
  if (!found.hasRoom(4)) return reply.fail();
  store<u32>(found.end, <u32>record);
  found.end += 4;
}

/** Argument `index` as `cursor`, or an error reply. */
export function isCursor(index: u32): bool {
  if (readCursor(index)) return true;
  reply.error(INVALID_CURSOR);
  return false;
}

/** Reads a cursor as strtoul does; only its low 32 bits are ever given out. */
function readCursor(index: u32): bool {
  let at = args.address(index);
  const end = at + textLength(index);
  cursor = 0;
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
  cursor = <u32>(negative ? 0 - value : value);
  return true;
}

/** The length of argument `index` up to its first NUL: Redis reads it as a C string. */
function textLength(index: u32): usize {
  const bytes = args.address(index);
  const length = args.length(index);
  let at: usize = 0;
  while (at < length && load<u8>(bytes + at)) at++;
  return at;
}
