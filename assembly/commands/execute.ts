/**
 * Execute: runs a batch of requests, in windows of up to 32 commands.
 *
 *   parse and look up    32 commands, hash the first key of each
 *   touch                the bucket of each key, then the entry of each key
 *   run                  in order
 *
 * Touching first lets the cache misses of independent commands overlap, which is worth
 * a factor of three once the data exceeds the cache. Fewer than eight commands are not
 * worth it.
 *
 * The batch stops early at a command that belongs to the host, when a key of interest
 * was touched, at malformed input, and when the replies fill their buffer. The host
 * acts, then calls again; parsing resumes at `position`.
 */
import { reserve } from '../memory/heap';
import { hash } from '../memory/siphash';
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as interest from '../keyspace/interest';
import { OUT_OF_MEMORY, REPLY_TOO_LARGE } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as request from '../protocol/request';
import * as dict from '../structures/dict';
import * as args from './arguments';
import { refuse, refuseUnknown } from './refusal';
import * as registry from './registry';
import { Command } from './registry';
import { CONTAINER, DENYOOM, HOST } from './table';

/** Why `run` came back. Persisted nowhere, but src/engine knows the numbers. */
export const DRAINED: u32 = 0;
export const HOST_COMMAND: u32 = 1;
export const INTEREST: u32 = 2;
export const OUTPUT_FULL: u32 = 3;
export const PROTOCOL_ERROR: u32 = 4;
export const STEPPED: u32 = 5;

const WINDOW: u32 = 32;
const WINDOW_MIN: u32 = 8;
const OUTPUT_MAX: usize = 256 * 1024;

/** One command of the window. */
@unmanaged
class Slot {
  command: Command | null;
  first: u32;
  count: u32;
  start: u32;
  end: u32;
  key: u32;
  hash: u64;
}

const SLOT_SIZE: usize = (offsetof<Slot>() + 7) & ~7;
const slots: usize = memory.data(1280, 16);
if (SLOT_SIZE * WINDOW > 1280) ERROR('the window fits');

/** Everything before this has been executed. */
export let position: usize = 0;
/** The command at which `run` stopped for the host. */
export let stoppedAt: Command | null = null;
/** Commands executed in all. */
export let executed: u64 = 0;
/** Keeps the touching loads from being optimised away. */
export let touched: u32 = 0;
let windowCount: u32 = 0;
let windowResult: u32 = request.COMMAND;

/** Begins a batch at `from`. Sixteen bytes after `to` must be readable. */
export function open(from: usize, to: usize): void {
  request.open(from, to);
  position = from;
}

/** Runs from `position` until the batch is drained or the host is needed. */
export function run(step: bool): u32 {
  while (true) {
    fillWindow(step ? 1 : WINDOW);
    if (windowCount >= WINDOW_MIN) touchAhead();
    for (let index: u32 = 0; index < windowCount; index++) {
      const reason = runSlot(slotAt(index), step);
      if (reason != DRAINED) return reason;
    }
    if (windowResult == request.MALFORMED) return protocolError();
    if (windowResult == request.INCOMPLETE) return DRAINED;
    if (reply.pending().length > OUTPUT_MAX) return OUTPUT_FULL;
  }
}

function slotAt(index: u32): Slot {
  return changetype<Slot>(slots + <usize>index * SLOT_SIZE);
}

// First: parse

function fillWindow(size: u32): void {
  windowCount = 0;
  request.clearVector();
  request.seek(position);
  while (windowCount < size) {
    const start = request.cursor;
    windowResult = request.next(windowCount == 0);
    if (windowResult == request.EMPTY) {
      if (windowCount == 0) position = request.cursor;
      continue;
    }
    if (windowResult != request.COMMAND) return;
    const slot = slotAt(windowCount++);
    slot.start = <u32>start;
    slot.end = <u32>request.cursor;
    slot.first = request.first;
    slot.count = request.count;
    if (!prepare(slot)) return;
  }
}

/** Looks the command up and hashes its first key; false if the window must end with it. */
function prepare(slot: Slot): bool {
  const vector = request.argumentsAt(slot.first);
  let command = registry.find(<usize>load<u32>(vector), <usize>load<u32>(vector, 4));
  slot.key = 0;
  if (command && command.flags & CONTAINER && slot.count > 1) {
    const sub = registry.findSubcommand(
      command.id,
      <usize>load<u32>(vector, 8),
      <usize>load<u32>(vector, 12),
    );
    if (sub) command = sub;
  }
  slot.command = command;
  if (!command || command.flags & HOST) return false;
  const first = <u32>command.firstKey;
  if (command.firstKey > 0 && first < slot.count) {
    const key = vector + (<usize>first << 3);
    slot.key = load<u32>(key);
    slot.hash = hash(<usize>load<u32>(key), <usize>load<u32>(key, 4));
  }
  return true;
}

// Second: touch

function touchAhead(): void {
  const keys = database.keysOf(database.selected);
  if (!keys.directory) return;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < windowCount; index++) {
    const slot = slotAt(index);
    if (slot.key) sum += load<u32>(dict.bucketOf(keys, slot.hash));
  }
  for (let index: u32 = 0; index < windowCount; index++) {
    const slot = slotAt(index);
    if (slot.key) sum += load<u32>(dict.candidate(dict.bucketOf(keys, slot.hash), slot.hash));
  }
  touched += sum;
}

// Third: run

function runSlot(slot: Slot, step: bool): u32 {
  const command = slot.command;
  args.open(request.argumentsAt(slot.first), slot.count);
  position = slot.end;
  reply.pending().begin();
  if (!command) {
    refuseUnknown();
    return DRAINED;
  }
  if (refuse(command)) {
    command.rejected++;
    return DRAINED;
  }
  stoppedAt = command;
  if (command.flags & HOST) return HOST_COMMAND;
  if (step) return STEPPED;
  return runCommand(command, slot);
}

function runCommand(command: Command, slot: Slot): u32 {
  const size = slot.end - slot.start;
  if (command.flags & DENYOOM && !reserve(<usize>size * 2)) {
    command.rejected++;
    reply.error(OUT_OF_MEMORY);
    return DRAINED;
  }
  database.prehashed(slot.key, slot.hash);
  const changes = effects.changes;
  const errors = reply.errors;
  effects.start();
  call_indirect<void>(command.handler);
  command.calls++;
  executed++;
  if (reply.errors != errors) command.failed++;
  if (reply.pending().failed) replaceReply();
  if (effects.changes != changes && effects.wanted && !effects.rewritten) propagate(slot);
  return interest.pending() ? INTEREST : DRAINED;
}

/** Runs the command at which `run(true)` stopped. */
export function runStepped(): u32 {
  const command = stoppedAt;
  return command ? runCommand(command, slotAt(0)) : DRAINED;
}

/** The reply did not fit into memory: an error takes its place. */
function replaceReply(): void {
  reply.pending().rewind();
  reply.error(REPLY_TOO_LARGE);
}

/** Writes the command down as it came; inline ones in RESP. */
function propagate(slot: Slot): void {
  if (load<u8>(slot.start) == ASTERISK) {
    return effects.verbatim(database.selected, slot.start, slot.end - slot.start);
  }
  effects.begin(database.selected, slot.count);
  for (let index: u32 = 0; index < slot.count; index++) {
    effects.argument(args.address(index), args.length(index));
  }
}

const ASTERISK: u8 = 0x2a;
const APOSTROPHE: u8 = 0x27;

function protocolError(): u32 {
  reply.beginError();
  reply.errorText('ERR Protocol error: ');
  reply.errorText(request.problem);
  if (request.problemByte) {
    reply.errorByte(request.problemByte);
    reply.errorByte(APOSTROPHE);
    request.clearProblem();
  }
  reply.endError();
  return PROTOCOL_ERROR;
}

export function resetStatistics(): void {
  executed = 0;
}
