/**
 * Execute: runs a batch of requests, in windows of up to 32 commands.
 *
 *   parse      32 commands
 *   look up    each command, and hash its first key
 *   touch      the bucket of each key, then the entry of each key
 *   run        in order
 *
 * Touching first lets the cache misses of independent commands overlap, which is worth
 * a factor of three once the data exceeds the cache. Fewer than eight commands are not
 * worth it.
 *
 * The batch stops early at a command that belongs to the host or would have to wait, when a
 * key of interest was touched, at malformed input, and when the replies fill their buffer. The
 * host acts, then calls again; parsing resumes at `position`.
 *
 * While a batch is stopped another one can be nested in it: that of EXEC, the commands of a
 * script, those of a client that was blocked. Of the outer one only two addresses are kept:
 *
 *   0          4
 *   +----------+-----+
 *   | position | end |   u32 each, for each level
 *   +----------+-----+
 */

import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as expected from '../keyspace/expected';
import * as interest from '../keyspace/interest';
import * as notifications from '../keyspace/notifications';
import { attention, settle } from '../memory/buffer';
import { equals } from '../memory/bytes';
import { reserve } from '../memory/heap';
import { hash } from '../memory/siphash';
import { OUT_OF_MEMORY, REPLY_TOO_LARGE } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as request from '../protocol/request';
import { Request } from '../protocol/request';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import * as args from './arguments';
import * as blocking from './blocking';
import { CONTAINER, DENYOOM, HOST, WRITE } from './flags';
import * as members from './members';
import { refuse, refuseUnknown } from './refusal';
import * as registry from './registry';
import { Command } from './registry';
import * as soundness from './soundness';
import * as timing from './timing';

/** Why `run` came back. Persisted nowhere, but src/engine knows the numbers. */
export const DRAINED: u32 = 0;
export const HOST_COMMAND: u32 = 1;
export const INTEREST: u32 = 2;
export const OUTPUT_FULL: u32 = 3;
export const PROTOCOL_ERROR: u32 = 4;
export const STEPPED: u32 = 5;
export const BLOCKED: u32 = 6;
export const SLOW: u32 = 7;
export const REFUSED: u32 = 8;

const WINDOW_MIN: u32 = 8;
/** Where a request has what `expected` takes: key, entry, hash. */
const KEY_OFFSET: usize = offsetof<Request>('key');
const OUTPUT_MAX: usize = 256 * 1024;
/** How deep batches may be nested: EXEC, in it a script, in it a command; and one to spare. */
export const DEPTH_MAX: u32 = 4;
const LEVEL_SIZE: usize = 8;

const levels: usize = memory.data(32, 8);
if (LEVEL_SIZE * DEPTH_MAX > 32) ERROR('all levels fit');

/** How many batches wait for the one that runs. */
export let depth: u32 = 0;

/** The level whose nested batch is a piece of work of its own, belonging to no command. */
let heldAt: u32 = u32.MAX_VALUE;
/** Everything before this has been executed. */
export let position: usize = 0;
/** The command that ran last, or at which `run` stopped for the host. */
export let stoppedAt: Command | null = null;
/** Error replies up to the last command that had one: what comes on top is the next one's. */
let errorsBefore: u64 = 0;
/** Keeps the touching loads from being optimised away. */
// biome-ignore lint/correctness/noUnusedVariables: it is only written, which is what it is for
let touched: u32 = 0;

/** Begins a batch at `from`. Sixteen bytes after `to` must be readable. */
export function open(from: usize, to: usize): void {
  request.open(to);
  position = from;
}

/** Puts the batch aside for another one; false if there are too many already. */
export function nest(): bool {
  if (depth == DEPTH_MAX) return false;
  if (soundness.holdAll(position)) heldAt = depth;
  const level = levels + <usize>depth * LEVEL_SIZE;
  store<u32>(level, <u32>position);
  store<u32>(level, <u32>request.batchEnd(), 4);
  depth++;
  return true;
}

/** Goes back to the batch that was put aside last. */
export function unnest(): void {
  depth--;
  if (heldAt == depth) releaseNested();
  const level = levels + <usize>depth * LEVEL_SIZE;
  open(<usize>load<u32>(level), <usize>load<u32>(level, 4));
}

function releaseNested(): void {
  heldAt = u32.MAX_VALUE;
  soundness.release();
}

/** Where the outermost batch is. */
export function outermostPosition(): usize {
  return depth ? <usize>load<u32>(levels) : position;
}

/** Runs from `position` until the batch is drained or the host is needed. */
export function run(step: bool): u32 {
  if (!depth) soundness.release();
  while (true) {
    const result = request.parse(position, step ? 1 : request.WINDOW_MAX);
    const count = request.count;
    const keys = tableToTouch(count);
    lookUp(count, keys);
    timing.beginWindow(count);
    if (keys) touchAhead(count);
    else members.forget();
    for (let index: u32 = 0; index < count; index++) {
      const reason = runRequest(request.at(index), step);
      if (reason != DRAINED) {
        endAt(request.at(index), reason);
        timing.endWindow(index + 1);
        return reason;
      }
    }
    soundness.end();
    timing.endWindow(count);
    position = request.parsedTo();
    if (result == request.MALFORMED) return protocolError();
    if (result == request.INCOMPLETE) return DRAINED;
  }
}

/** The batch stops at a request: it has ended, or the host goes on with it. */
function endAt(slot: Request, reason: u32): void {
  soundness.end();
  if (reason == HOST_COMMAND || reason == STEPPED || reason == BLOCKED) soundness.hold(slot);
}

// First: look up, hash, touch

/** Finds the commands of the window, hashes their first keys and, in a table, their buckets. */
function lookUp(count: u32, keys: Dict | null): void {
  let lastWord: u64 = 0;
  let lastName: u64 = u64.MAX_VALUE;
  let lastCommand: usize = 0;
  let lastKey: u64 = u64.MAX_VALUE;
  let hashed: u64 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const slot = request.at(index);
    const vector = <usize>slot.arguments;
    const name = load<u64>(vector);
    // Batches repeat their commands: short names are compared as one word.
    const word = registry.wordOf(<usize>(<u32>name), <usize>(name >> 32));
    if (word ? word != lastWord : !isSameText(name, lastName)) {
      lastWord = word;
      lastName = name;
      lastCommand = changetype<usize>(registry.find(<usize>(<u32>name), <usize>(name >> 32)));
    }
    const command = changetype<Command>(lastCommand);
    slot.command = <u32>lastCommand;
    slot.key = 0;
    slot.entry = 0;
    if (!lastCommand) continue;
    const first = <u32>command.firstKey;
    if (first - 1 < slot.count - 1) {
      const key = load<u64>(vector + ((<usize>first) << 3));
      if (!isSameText(key, lastKey)) hashed = hash(<usize>(<u32>key), <usize>(key >> 32));
      lastKey = key;
      slot.key = <u32>key;
      slot.hash = hashed;
      if (keys) slot.entry = <u32>dict.bucketOf(keys, hashed);
    } else if (command.flags & CONTAINER && slot.count > 1) {
      findSubcommand(slot, command);
    }
  }
}

/** True if two arguments are the same bytes: batches often have one key over and over. */
function isSameText(a: u64, b: u64): bool {
  const length = <usize>(a >> 32);
  if (length != <usize>(b >> 32)) return false;
  const at = <usize>(<u32>a);
  const other = <usize>(<u32>b);
  // The ends first, with what is in front of short ones: mostly that tells keys apart.
  if (load<u64>(at + length - 8) != load<u64>(other + length - 8)) return false;
  return length <= 8 || equals(at, other, length);
}

/**
 * Loads the buckets that `lookUp` left in `entry`, turns them into the entries that probably
 * have the keys, and loads these, then the blocks of those that are collections. The loops
 * that load do nothing else: the less there is between two loads, the more of them are under
 * way at once.
 */
function touchAhead(count: u32): void {
  let sum: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    sum += load<u32>(request.at(index).entry);
  }
  for (let index: u32 = 0; index < count; index++) {
    const slot = request.at(index);
    if (slot.entry) slot.entry = <u32>dict.candidate(slot.entry, slot.hash);
  }
  for (let index: u32 = 0; index < count; index++) {
    sum += expected.touch(request.at(index).entry);
  }
  for (let index: u32 = 0; index < count; index++) {
    sum += expected.touchValue(request.at(index).entry);
  }
  touched += sum + members.touchAhead(count);
  expected.trustWindow();
}

/** The table to touch ahead in, if that is worth it for so many commands. */
function tableToTouch(count: u32): Dict | null {
  const keys = database.keysOf(database.selected);
  return count >= WINDOW_MIN && keys.directory ? keys : null;
}

function findSubcommand(slot: Request, command: Command): void {
  const name = load<u64>(<usize>slot.arguments, 8);
  const found = registry.findSubcommand(command.id, <usize>(<u32>name), <usize>(name >> 32));
  if (found) slot.command = <u32>changetype<usize>(found);
}

// Second: run

function runRequest(slot: Request, step: bool): u32 {
  args.open(slot.arguments, slot.count);
  reply.pending().begin();
  soundness.begin(slot);
  const command = changetype<Command>(<usize>slot.command);
  if (!slot.command || slot.count - command.countMin > command.countRange || step) {
    position = slot.end;
    return runOther(slot, step);
  }
  return runCommand(command, slot);
}

/** What is not simply run: unknown commands, refused ones, the host's, and stepping. */
function runOther(slot: Request, step: bool): u32 {
  if (!slot.command) {
    stoppedAt = null;
    refuseUnknown();
    return attendRefused(slot, step);
  }
  const command = changetype<Command>(<usize>slot.command);
  stoppedAt = command;
  if (refuse(command)) {
    command.rejected++;
    return attendRefused(slot, step);
  }
  if (command.flags & HOST) return HOST_COMMAND;
  return step ? STEPPED : runCommand(command, slot);
}

function runCommand(command: Command, slot: Request): u32 {
  if (!timing.isTimed(command, slot)) return runUntimed(command, slot);
  timing.start();
  const reason = runUntimed(command, slot);
  return timing.stop(command) && reason != BLOCKED ? stop(slot, SLOW) : reason;
}

function runUntimed(command: Command, slot: Request): u32 {
  if (command.flags & DENYOOM && !reserve((<usize>(slot.end - slot.start)) << 1)) {
    command.rejected++;
    reply.error(OUT_OF_MEMORY);
    return attend(slot);
  }
  stoppedAt = command;
  expected.one(changetype<usize>(slot) + KEY_OFFSET);
  if (command.member) members.expect(slot);
  if (effects.wanted) runRecorded(command, slot);
  else call_indirect<void>(command.handler);
  command.calls++;
  if (!attention) return DRAINED;
  if (reply.errors != errorsBefore || reply.pending().failed) command.failed++;
  return attend(slot);
}

/** The host hears of a refused command if it looks at each. */
function attendRefused(slot: Request, step: bool): u32 {
  const reason = attend(slot);
  return step ? stop(slot, REFUSED) : reason;
}

/** Looks at what was rare about a command or its refusal, and whether the host must know. */
function attend(slot: Request): u32 {
  const output = reply.pending();
  if (output.failed) replaceReply();
  errorsBefore = reply.errors;
  settle();
  if (blocking.takeWaiting()) return stop(slot, BLOCKED);
  if (interest.pending() || notifications.pending()) return stop(slot, INTEREST);
  return output.strained || output.length > OUTPUT_MAX ? stop(slot, OUTPUT_FULL) : DRAINED;
}

function stop(slot: Request, reason: u32): u32 {
  position = slot.end;
  return reason;
}

/** Runs the command and propagates it as it came, unless it did that in its own way. */
function runRecorded(command: Command, slot: Request): void {
  if (command.flags & WRITE && !effects.hasRoom(slot.end - slot.start)) {
    return reply.error(OUT_OF_MEMORY);
  }
  const changes = effects.changes;
  effects.start();
  call_indirect<void>(command.handler);
  if (effects.changes != changes && !effects.rewritten) propagate(slot);
  effects.finish();
}

/** Runs the command at which `run(true)` stopped. */
export function runStepped(): u32 {
  const command = stoppedAt;
  if (!command) return DRAINED;
  timing.beginWindow(1);
  soundness.begin(request.at(0));
  const reason = runCommand(command, request.at(0));
  soundness.end();
  if (!depth && reason != BLOCKED) soundness.release();
  timing.endWindow(1);
  return reason;
}

/** The reply did not fit into memory: an error takes its place. */
function replaceReply(): void {
  reply.pending().rewind();
  reply.error(REPLY_TOO_LARGE);
}

/** Writes the command down as it came; inline ones in RESP, renamed ones by their own name. */
function propagate(slot: Request): void {
  const isRenamed = registry.renamed;
  if (load<u8>(slot.start) == ASTERISK && !isRenamed) {
    return effects.verbatim(database.selected, slot.start, slot.end - slot.start);
  }
  const command = registry.calledBy(changetype<Command>(<usize>slot.command));
  effects.begin(database.selected, slot.count);
  if (isRenamed) effects.argument(command.name, command.nameLength);
  for (let index: u32 = isRenamed ? 1 : 0; index < slot.count; index++) {
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
