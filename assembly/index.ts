/**
 * The core's boundary: what the host can call, and nothing else. docs/formats/abi.md
 * tells each call's contract; src/engine is its only caller.
 */

import * as args from './commands/arguments';
import * as blocking from './commands/blocking';
import * as execution from './commands/execute';
import * as information from './commands/information';
import * as lcs from './commands/lcs';
import * as registry from './commands/registry';
import * as soundness from './commands/soundness';
import * as strings from './commands/strings';
import { registerAll } from './commands/table';
import * as timing from './commands/timing';
import * as access from './keyspace/access';
import * as database from './keyspace/database';
import * as databases from './keyspace/databases';
import * as digest from './keyspace/digest';
import * as effects from './keyspace/effects';
import * as emptied from './keyspace/emptied';
import * as expiry from './keyspace/expiry';
import * as interest from './keyspace/interest';
import * as notifications from './keyspace/notifications';
import { Buffer, bufferAt } from './memory/buffer';
import * as heap from './memory/heap';
import * as random from './memory/random';
import { setSeed } from './memory/siphash';
import * as counts from './protocol/error-counts';
import * as reply from './protocol/reply';
import * as request from './protocol/request';
import * as extras from './snapshot/extras';
import * as loading from './snapshot/load';
import * as saving from './snapshot/save';
import { setCompression } from './snapshot/writer';
import { setPackedThreshold } from './structures/quicklist-node';
import { setLimit } from './values/limits';

const BUFFER_SIZE: usize = 48;
/** Bytes after the input that the parser may read. */
const INPUT_PADDING: usize = 16;

// Parameters of `configure`; append-only, src/engine/parameters.ts knows them.
const DATABASES: u32 = 0;
const MEMORY_PAGES_MAX: u32 = 1;
const BULK_LENGTH_MAX: u32 = 2;
const UNAUTHENTICATED: u32 = 3;
const EFFECTS: u32 = 4;
const LOADING: u32 = 5;
const ACTIVE_EXPIRY: u32 = 6;
const REFUSE_RESERVATION: u32 = 7;
const COUNT_FREQUENCY: u32 = 8;
const LFU_LOG_FACTOR: u32 = 9;
const LFU_DECAY_MINUTES: u32 = 10;
const QUICKLIST_PACKED_THRESHOLD: u32 = 11;
const SNAPSHOT_COMPRESSION: u32 = 12;
const SLOW_MICROSECONDS: u32 = 13;
const LATENCY_TRACKING: u32 = 14;
const TRAP_AFTER: u32 = 15;
const FREEZE_EXPIRY: u32 = 20;
const NO_TOUCH: u32 = 21;
const NOTIFICATIONS: u32 = 22;
const FOLLOW: u32 = 23;
/** From here on the limits of values/limits.ts. */
const LIMITS_BEGIN: u32 = 32;

/** The requests of each level of nesting. */
const inputs: usize = memory.data(BUFFER_SIZE * 5, 16);
if (execution.DEPTH_MAX > 4) ERROR('each level has its input');

/** Prepares the core. `seed0` and `seed1` are secret random bits for hashing. */
export function start(seed0: u64, seed1: u64): void {
  heap.start();
  reply.pending().prime();
  request.start();
  effects.pending().prime();
  interest.touched().prime();
  notifications.taken().prime();
  setSeed(seed0, seed1);
  random.seed(seed1, seed0);
  registerAll();
  emptied.start();
  database.select(0);
}

/** Sets parameter `name` to `value`. Unknown names are ignored. */
export function configure(name: u32, value: f64): void {
  if (name == DATABASES) databases.setCount(<u32>value);
  else if (name == MEMORY_PAGES_MAX) heap.limit(<u32>value);
  else if (name == BULK_LENGTH_MAX) setBulkLengthMax(value);
  else if (name == UNAUTHENTICATED) request.setUnauthenticated(value != 0);
  else if (name == EFFECTS) effects.want(value != 0);
  else if (name == LOADING) database.pauseExpiry(value != 0);
  else if (name == ACTIVE_EXPIRY) expiry.enable(value != 0);
  else if (name == REFUSE_RESERVATION) heap.refuseReservation(<u32>value);
  else configureAccess(name, value);
}

function configureAccess(name: u32, value: f64): void {
  if (name == COUNT_FREQUENCY) access.countFrequency(value != 0);
  else if (name == LFU_LOG_FACTOR) access.setLogFactor(value);
  else if (name == LFU_DECAY_MINUTES) access.setDecayMinutes(<u32>value);
  else if (name == QUICKLIST_PACKED_THRESHOLD) setPackedThreshold(<u64>value);
  else if (name == SNAPSHOT_COMPRESSION) setCompression(value != 0);
  else if (name == SLOW_MICROSECONDS) timing.setSlow(value);
  else if (name == LATENCY_TRACKING) timing.keepHistograms(value != 0);
  else if (name == TRAP_AFTER) heap.trapAfter(<u32>value);
  else if (name == FREEZE_EXPIRY) database.freezeExpiry(value != 0);
  else if (name == NO_TOUCH) database.keepClocks(value != 0);
  else if (name == NOTIFICATIONS) notifications.want(<u32>value);
  else if (name == FOLLOW) interest.follow(<u32>value);
  else if (name >= LIMITS_BEGIN) setLimit(name - LIMITS_BEGIN, <i64>value);
}

function setBulkLengthMax(bytes: f64): void {
  request.setBulkLengthMax(<i64>bytes);
  strings.setLengthMax(<u64>bytes);
  lcs.setMemoryMax(<u64>bytes);
}

/**
 * Calls a command by the name that is lent at the output place, or by none if `length` is 0; false
 * if there is no memory to remember it.
 */
export function renameCommand(id: u32, length: u32): bool {
  return registry.rename(id, reply.pending().end, length);
}

// Requests in, replies out

/** The requests of the batch at hand. */
function input(): Buffer {
  return bufferAt(inputs + <usize>execution.depth * BUFFER_SIZE);
}

/** Where `length` bytes of requests are to be written; 0 if there is no memory for them. */
export function inputPlace(length: u32): usize {
  const requests = input();
  requests.clear();
  const wanted = <usize>length + INPUT_PADDING;
  return requests.hasRoom(wanted) ? requests.bytes : 0;
}

/** Makes the first `length` bytes of the input the batch that `execute` works on. */
export function begin(length: u32, unixMs: f64): void {
  database.setTime(<i64>unixMs);
  heap.setPromised(0);
  const from = input().bytes;
  execution.open(from, from + length);
}

/** Runs the batch from where it is; returns why it stopped, see commands/execute.ts. */
export function execute(databaseIndex: u32, protocol: u32, step: bool): u32 {
  database.select(databaseIndex);
  reply.setProtocol(protocol);
  return execution.run(step);
}

/** Runs the command that `execute` stopped at when stepping. */
export function runStepped(): u32 {
  return execution.runStepped();
}

/** Puts the batch aside so that another one can run inside of it; false if that is too deep. */
export function nest(): bool {
  return execution.nest();
}

/** Goes back to the batch that was put aside. */
export function unnest(): void {
  execution.unnest();
}

/** How long the command that would wait would do so; 0: for ever. */
export function waitMs(): f64 {
  return blocking.timeoutMs;
}

/** How many bytes of the batch are done with; after a trap in a command, `soundConsumed`. */
export function consumed(): u32 {
  if (soundness.isBroken()) return soundConsumed();
  return <u32>(execution.position - input().bytes);
}

/** After a trap: how many bytes of replies are of commands before the one that trapped. */
export function soundOutput(): u32 {
  return <u32>soundness.replies();
}

/** After a trap: the same of the effects. */
export function soundEffects(): u32 {
  return <u32>soundness.effectsLength();
}

/** After a trap: how many bytes of the outermost batch are before the command that trapped. */
export function soundConsumed(): u32 {
  return <u32>(soundness.start(execution.outermostPosition()) - bufferAt(inputs).bytes);
}

/** How many bytes, at the least, the unfinished command at the batch's end still lacks. */
export function missing(): f64 {
  return <f64>request.missing;
}

/** Id of the command that `execute` stopped at. */
export function commandId(): u32 {
  const command = execution.stoppedAt;
  return command ? command.id : u32.MAX_VALUE;
}

export function argumentCount(): u32 {
  return args.count;
}

/** Address of { u32 address, u32 length } of argument `index`. */
export function argumentsPlace(): usize {
  return args.place();
}

/** Where `length` bytes of reply are to be written by the host; 0 without memory. */
export function outputPlace(length: u32): usize {
  const output = reply.pending();
  if (!output.hasRoom(length)) return 0;
  output.begin();
  return output.end;
}

/** Counts bytes written to the output place as replies. */
export function outputAdvance(length: u32): void {
  reply.pending().end += length;
}

/** Address of { u32 bytes, u32 end, ... } of the replies. */
export function outputBuffer(): usize {
  return changetype<usize>(reply.pending());
}

export function clearOutput(): void {
  reply.pending().clear();
  soundness.repliesLeft(0);
}

/** Takes back all replies but the first `length` bytes. */
export function truncateOutput(length: u32): void {
  const output = reply.pending();
  output.end = output.bytes + length;
  output.begin();
  soundness.repliesLeft(length);
}

// Effects, interest and events

/** Address of { u32 bytes, u32 end, ... } of what was propagated. */
export function effectsBuffer(): usize {
  return changetype<usize>(effects.pending());
}

export function clearEffects(): void {
  effects.clear();
  soundness.effectsTaken();
}

/** What is propagated from here to `closeEffects` belongs together. */
export function openEffects(): void {
  effects.open();
}

export function closeEffects(): void {
  effects.close();
}

/** Address of { u32 bytes, u32 end, ... } of the keys of interest that were touched. */
export function touchedBuffer(): usize {
  return changetype<usize>(interest.touched());
}

export function clearTouched(): void {
  interest.clear();
}

/** Declares or withdraws interest in the key written at the output place; 0 without memory. */
export function setInterest(databaseIndex: u32, keyLength: u32, on: bool): bool {
  return interest.declare(databaseIndex, reply.pending().end, keyLength, on);
}

/** Address of { u32 bytes, u32 end, ... } of the notes of keyspace/notifications.ts. */
export function notificationsBuffer(): usize {
  return changetype<usize>(notifications.taken());
}

export function clearNotifications(): void {
  notifications.clear();
}

// Time

/** Does up to `steps` steps of freeing what was given up, and of active expiry. Returns what `dueIn` does. */
export function tick(unixMs: f64, steps: u32): f64 {
  database.setTime(<i64>unixMs);
  soundness.holdAll(execution.position);
  heap.growAhead();
  const left = tidyUp(steps);
  expiry.run(left);
  soundness.release();
  return left ? <f64>expiry.dueIn() : 0;
}

/** Frees what was given up; returns how many of the steps are left. */
function tidyUp(steps: u32): u32 {
  while (steps && !emptied.isEmpty()) {
    emptied.step();
    steps--;
  }
  while (steps && saving.sweep()) steps--;
  return steps;
}

/** Microseconds of the longest removal of keys by `tick` since the last call. */
export function longestExpiry(): f64 {
  return expiry.takeLongest();
}

/** Milliseconds until active expiry may have work: 0 now, negative never. */
export function dueIn(unixMs: f64): f64 {
  database.setTime(<i64>unixMs);
  if (!emptied.isEmpty() || saving.isSweeping()) return 0;
  return <f64>expiry.dueIn();
}

// Snapshots

/** Begins a snapshot of all databases; `length` bytes of extras are at the output place. */
export function snapshotBegin(length: u32): void {
  saving.begin(reply.pending().end, length);
}

/** Writes about `budget` bytes more; returns what is next, see snapshot/save.ts. */
export function snapshotNext(budget: u32): u32 {
  return saving.next(budget);
}

/** Address of { u32 bytes, u32 end, ... } of the snapshot's bytes since `snapshotClear`. */
export function snapshotBuffer(): usize {
  return changetype<usize>(saving.pending());
}

export function snapshotClear(): void {
  saving.take();
}

export function snapshotAbort(): void {
  saving.abort();
}

/** Begins a load, which will take the place of all data. */
export function loadBegin(): void {
  loading.begin();
}

/** Where the next `length` bytes are to be written; 0 if there is no memory for them. */
export function loadPlace(length: u32): usize {
  return loading.place(length);
}

/** Reads the bytes written there; returns what is wrong with them, see snapshot/reader.ts. */
export function loadNext(length: u32): u32 {
  return loading.next(length);
}

/** Ends the load; returns what was wrong. If it is nothing, the data are there. */
export function loadEnd(): u32 {
  return loading.end();
}

export function loadAbort(): void {
  loading.abort();
}

/** Address of { u32 bytes, u32 end, ... } of the extras that the load has found. */
export function loadedExtras(): usize {
  return changetype<usize>(extras.loaded());
}

// Debugging

/** Address of the SHA-1 of all databases. */
export function digestAll(): usize {
  digest.ofAll();
  return digest.result();
}

/** Address of the SHA-1 of the value under the key written at the output place. */
export function digestValue(databaseIndex: u32, keyLength: u32): usize {
  database.select(databaseIndex);
  digest.ofValue(reply.pending().end, keyLength);
  return digest.result();
}

/** See commands/information.ts for these records. */
export function statistics(): usize {
  return information.ofStore();
}

export function databaseStatistics(index: u32): usize {
  return information.ofDatabase(index);
}

export function commandStatistics(id: u32): usize {
  return information.ofCommand(id);
}

/** Address of the histogram of a command's durations, see commands/timing.ts. */
export function commandHistogram(id: u32): usize {
  return information.histogramOf(id);
}

/** What the command took that ran last, if it was timed on its own. */
export function commandMicroseconds(): f64 {
  return timing.microseconds;
}

export function countCall(id: u32, failed: bool, microseconds: f64): void {
  information.countCall(id, failed, microseconds);
}

export function uncountCall(id: u32): void {
  information.uncountCall(id);
}

export function resetStatistics(): void {
  information.reset();
}

/** Address of what is known of the key written at the output place. */
export function describeKey(databaseIndex: u32, keyLength: u32): usize {
  database.select(databaseIndex);
  return information.ofKey(reply.pending().end, keyLength);
}

/** Address of { u64 count, u32 length, code bytes } of each error code, 48 bytes each. */
export function errorCounts(): usize {
  return counts.place();
}

/** How many error codes there are. */
export function errorCodes(): u32 {
  return counts.codes();
}
