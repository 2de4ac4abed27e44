/** HyperLogLog commands. The values are strings; values/hyperloglogs.ts knows what is in them. */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { fill } from '../memory/bytes';
import { allocate, release } from '../memory/heap';
import { formatUnsigned, INTEGER_TEXT_ROOM } from '../memory/integer-text';
import {
  CORRUPT_HYPERLOGLOG,
  ESTIMATES_FAILED,
  KEY_MISSING,
  NOT_HYPERLOGLOG,
  NOT_SPARSE,
  OUT_OF_MEMORY,
  REGISTERS_FAILED,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import {
  count,
  DENSE,
  denseRegister,
  encodingOf,
  estimate,
  HEADER_SIZE,
  index,
  invalidate,
  place,
  REGISTERS,
  raiseDense,
} from '../structures/hyperloglog';
import { CHECK_SIZE, estimateWell, keepRegisters } from '../structures/hyperloglog-check';
import { CHANGED, CORRUPT, visit } from '../structures/hyperloglog-sparse';
import * as hyperloglogs from '../values/hyperloglogs';
import * as strings from '../values/strings';
import * as args from './arguments';
import * as keyed from './keyed';

/** More than PFCOUNT with its key takes as a command. */
const COUNT_ROOM: usize = 64;
/** `:63 CR LF` for each, and the head. */
const REGISTERS_REPLY_MAX: usize = <usize>REGISTERS * 5 + 32;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const SPACE: u8 = 0x20;

/** True if `keyed.entry` is a HyperLogLog or missing; else that has been replied. */
function isHyperLogLog(): bool {
  const entry = keyed.entry;
  if (!entry || hyperloglogs.isHyperLogLog(entry)) return true;
  reply.error(NOT_HYPERLOGLOG);
  return false;
}

function reads(key: u32): bool {
  return keyed.readsString(key) && isHyperLogLog();
}

/** `entry` made raw, in the place where it was; the last lookup found it. */
function toRaw(entry: Entry): Entry {
  const raw = hyperloglogs.toRaw(entry);
  database.move(entry, raw);
  return raw;
}

// PFADD

/** PFADD key [element ...] */
export function pfadd(): void {
  if (!keyed.writesString(1)) return;
  const found = keyed.entry;
  if (found && hyperloglogs.isDense(found)) return addToDense(found);
  if (!isHyperLogLog()) return;
  if (found && !keyed.hasMemory(hyperloglogs.changeCost(found))) return;
  const entry = found ? toRaw(found) : hyperloglogs.createEntry(args.address(1), args.length(1));
  let current = entry;
  let changes: u64 = 0;
  hyperloglogs.begin();
  for (let at: u32 = 2; at < args.count && hyperloglogs.status != CORRUPT; at++) {
    place(args.address(at), args.length(at));
    current = hyperloglogs.raise(current, index, count);
    if (hyperloglogs.status == CHANGED) changes++;
  }
  if (found) database.move(entry, current);
  else database.add(current);
  if (changes || !found) finishChange(current, changes);
  if (hyperloglogs.status == CORRUPT) return reply.error(CORRUPT_HYPERLOGLOG);
  replyAdded(changes != 0 || !found);
}

/** Nothing moves here, and no memory is needed. */
function addToDense(entry: Entry): void {
  const bytes = strings.address;
  let changes: u64 = 0;
  for (let at: u32 = 2; at < args.count; at++) {
    place(args.address(at), args.length(at));
    if (raiseDense(bytes + HEADER_SIZE, index, count)) changes++;
  }
  if (changes) finishChange(entry, changes);
  replyAdded(changes != 0);
}

function replyAdded(hasChanged: bool): void {
  if (hasChanged) keyed.notify(notifications.PFADD, 1);
  reply.integer(hasChanged ? 1 : 0);
}

/** The cardinality is no longer right, and so many changes are to be told of. */
function finishChange(entry: Entry, changes: u64): void {
  strings.read(entry);
  invalidate(strings.address);
  if (changes) database.signalBy(entry, changes);
}

// PFCOUNT, PFMERGE

/** Raw registers, all zero; to be released. */
function takeRegisters(): usize {
  const raw = allocate(REGISTERS);
  fill(raw, 0, REGISTERS);
  return raw;
}

/** PFCOUNT key [key ...] */
export function pfcount(): void {
  if (args.count == 2) return countOne();
  const raw = takeRegisters();
  if (mergeKeys(raw, 1)) reply.integer(estimate(raw));
  release(raw);
}

/** The cardinality is remembered in the value, which is a change. */
function countOne(): void {
  if (!reads(1)) return;
  const found = keyed.entry;
  if (!found) return reply.integer(0);
  if (!keyed.hasMemory(hyperloglogs.changeCost(found))) return;
  const entry = toRaw(found);
  const isCounted = hyperloglogs.isCounted(entry);
  if (!isCounted && effects.wanted && !effects.hasRoom(args.length(1) + COUNT_ROOM)) {
    return reply.error(OUT_OF_MEMORY);
  }
  const raw: usize = isCounted ? 0 : takeRegisters();
  const cardinality = hyperloglogs.count(entry, raw);
  if (raw) release(raw);
  if (hyperloglogs.status == CORRUPT) return reply.error(CORRUPT_HYPERLOGLOG);
  reply.integer(cardinality);
  if (hyperloglogs.status == CHANGED) database.signal(entry);
}

/** Merges the keys from argument `from` on; false, and replied, if that cannot be. */
function mergeKeys(raw: usize, from: u32): bool {
  anyDense = false;
  for (let key = from; key < args.count; key++) {
    if (!reads(key)) return false;
    const entry = keyed.entry;
    if (!entry) continue;
    strings.read(entry);
    if (encodingOf(strings.address) == DENSE) anyDense = true;
    if (hyperloglogs.mergeInto(raw, entry)) continue;
    reply.error(CORRUPT_HYPERLOGLOG);
    return false;
  }
  return true;
}

/** Whether one of the merged keys was dense. */
let anyDense: bool = false;

/** PFMERGE destkey [sourcekey ...] */
export function pfmerge(): void {
  const raw = takeRegisters();
  if (mergeKeys(raw, 1)) mergeTo(raw);
  release(raw);
}

function mergeTo(raw: usize): void {
  const found = database.write(args.address(1), args.length(1));
  if (found && !keyed.hasMemory(hyperloglogs.changeCost(found))) return;
  const entry = found ? toRaw(found) : hyperloglogs.createEntry(args.address(1), args.length(1));
  let current = anyDense ? hyperloglogs.toDense(entry) : entry;
  current = hyperloglogs.raiseAll(current, raw);
  strings.read(current);
  invalidate(strings.address);
  if (found) database.replace(entry, current);
  else database.add(current);
  keyed.notify(notifications.PFADD, 1);
  reply.ok();
}

// PFDEBUG, PFSELFTEST

/** PFDEBUG GETREG | DECODE | ENCODING | TODENSE key */
export function pfdebug(): void {
  if (!keyed.writesString(2)) return;
  const found = keyed.entry;
  if (!found) return reply.error(KEY_MISSING);
  if (!isHyperLogLog()) return;
  // A value that becomes dense is replied afterwards.
  if (args.is(1, 'GETREG') && !reply.pending().hasRoom(REGISTERS_REPLY_MAX)) return reply.fail();
  if (!keyed.hasMemory(hyperloglogs.changeCost(found))) return;
  const entry = toRaw(found);
  if (args.is(1, 'GETREG')) replyRegisters(entry);
  else if (args.is(1, 'DECODE')) replyOpcodes(entry);
  else if (args.is(1, 'ENCODING')) reply.simple(isDense(entry) ? 'dense' : 'sparse');
  else if (args.is(1, 'TODENSE')) replyConversion(entry);
  else refuseSubcommand();
}

function refuseSubcommand(): void {
  reply.beginError();
  reply.errorText("ERR Unknown PFDEBUG subcommand '");
  reply.errorCString(args.address(1), args.length(1));
  reply.errorText("'");
  reply.endError();
}

function isDense(entry: Entry): bool {
  strings.read(entry);
  return encodingOf(strings.address) == DENSE;
}

/** Makes the value dense; false, and replied, if it is corrupt. */
function becomesDense(entry: Entry): Entry | null {
  const dense = hyperloglogs.toDense(entry);
  if (hyperloglogs.status == CORRUPT) {
    reply.error(CORRUPT_HYPERLOGLOG);
    return null;
  }
  if (hyperloglogs.status == CHANGED) database.replace(entry, dense);
  return dense;
}

function replyConversion(entry: Entry): void {
  if (becomesDense(entry)) reply.integer(hyperloglogs.status == CHANGED ? 1 : 0);
}

function replyRegisters(entry: Entry): void {
  const dense = becomesDense(entry);
  if (!dense) return;
  strings.read(dense);
  reply.array(REGISTERS);
  for (let at: u32 = 0; at < REGISTERS; at++) {
    reply.integer(denseRegister(strings.address + HEADER_SIZE, at));
  }
}

/** The text that PFDEBUG DECODE is writing; opcodes take up to 8 bytes of text each. */
let text: usize = 0;
let textEnd: usize = 0;
const OPCODE_TEXT_MAX: usize = 8;

function replyOpcodes(entry: Entry): void {
  if (isDense(entry)) return reply.error(NOT_SPARSE);
  const room = strings.length * OPCODE_TEXT_MAX + INTEGER_TEXT_ROOM;
  if (!keyed.hasMemory(room)) return;
  text = allocate(room);
  textEnd = text;
  visit(strings.address + HEADER_SIZE, strings.length - HEADER_SIZE, writeOpcode);
  reply.bulk(text, textEnd > text ? textEnd - text - 1 : 0);
  release(text);
}

/** `z:3 `, `Z:300 ` or `v:2,1 `. */
function writeOpcode(letter: u8, registers: u32, held: u32): void {
  store<u8>(textEnd, letter);
  store<u8>(textEnd, COLON, 1);
  textEnd += 2;
  if (held) {
    textEnd += formatUnsigned(held, textEnd);
    store<u8>(textEnd++, COMMA);
  }
  textEnd += formatUnsigned(registers, textEnd);
  store<u8>(textEnd++, SPACE);
}

/** PFSELFTEST */
export function pfselftest(): void {
  if (!keyed.hasMemory(CHECK_SIZE)) return;
  const work = allocate(CHECK_SIZE);
  if (!keepRegisters(work)) reply.error(REGISTERS_FAILED);
  else if (!estimateWell(work)) reply.error(ESTIMATES_FAILED);
  else reply.ok();
  release(work);
}
