/**
 * Stream commands: adding, ranges, removing, trimming. Reading many streams, groups, claims and
 * XINFO have files of their own.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as interest from '../keyspace/interest';
import * as notifications from '../keyspace/notifications';
import {
  ELEMENTS_TOO_LARGE,
  ENTRIES_ADDED_BELOW_ZERO,
  ENTRIES_ADDED_TOO_LOW,
  ID_TOO_LOW,
  ID_ZERO,
  IDS_EXHAUSTED,
  NO_SUCH_KEY,
  SYNTAX_ERROR,
  XSETID_BELOW_GIVEN,
  XSETID_BELOW_TOP,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { isBelow } from '../structures/stream-index';
import * as node from '../structures/stream-node';
import { TYPE_STREAM } from '../values/kind';
import * as range from '../values/stream-range';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as args from './arguments';
import * as keyed from './keyed';
import { refuseArgumentCount } from './refusal';
import * as ids from './stream-ids';
import { replyEntries } from './stream-replies';
import * as trimming from './stream-trimming';

// Adding

/** XADD key [NOMKSTREAM] [MAXLEN | MINID [= | ~] threshold [LIMIT n]] * | id field value ... */
export function xadd(): void {
  if (!trimming.parse(true)) return;
  const first = trimming.idIndex + 1;
  const words = <i32>(args.count - first);
  if (words < 2 || words & 1) return refuseArgumentCount('xadd');
  if (isZero()) return reply.error(ID_ZERO);
  if (!keyed.writes(1, TYPE_STREAM)) return;
  let entry = keyed.entry;
  if (!entry && trimming.onlyIfPresent) return reply.nil();
  if (!isNewId(entry)) return;
  const vector = args.place() + ((<usize>first) << 3);
  if (!streams.isPayload(vector, words)) return reply.error(ELEMENTS_TOO_LARGE);
  if (!keyed.hasMemory(costOf(entry, words))) return;
  if (!entry) {
    entry = streams.createEntry(args.address(1), args.length(1), 0);
    database.add(entry);
  } else {
    database.signalEvent(entry, interest.STREAM_CAME);
  }
  addTo(streams.streamOf(entry), vector, <u32>words >> 1);
}

/** Whether the id is 0-0, written out. */
function isZero(): bool {
  if (!trimming.isIdGiven || ids.isPartial) return false;
  return (ids.milliseconds | ids.sequence) == 0;
}

function costOf(entry: Entry | null, words: u32): usize {
  if (!entry) return streams.createCost(args.length(1)) + ((<usize>streams.payload) << 1);
  return streams.appendCost(streams.streamOf(entry), words);
}

/** Finds the id for the new entry, which must be above the last one. */
function isNewId(entry: Entry | null): bool {
  let lastMs: u64 = 0;
  let lastSeq: u64 = 0;
  if (entry) {
    const stream = streams.streamOf(entry);
    lastMs = stream.lastMs;
    lastSeq = stream.lastSeq;
  }
  if ((lastMs & lastSeq) == u64.MAX_VALUE) return refused(IDS_EXHAUSTED);
  if (!trimming.isIdGiven) {
    generate(lastMs, lastSeq);
    return true;
  }
  if (ids.isPartial && ids.milliseconds == lastMs) {
    if (lastSeq == u64.MAX_VALUE) return refused(ELEMENTS_TOO_LARGE);
    ids.assign(lastMs, lastSeq + 1);
  }
  return isBelow(lastMs, lastSeq, ids.milliseconds, ids.sequence) || refused(ID_TOO_LOW);
}

function refused(error: string): bool {
  reply.error(error);
  return false;
}

function generate(lastMs: u64, lastSeq: u64): void {
  if (<u64>database.now > lastMs) return ids.assign(database.now, 0);
  ids.assign(lastMs, lastSeq);
  ids.increment();
}

function addTo(stream: Stream, vector: usize, pairs: u32): void {
  const ms = ids.milliseconds;
  const seq = ids.sequence;
  streams.append(stream, ms, seq, vector, pairs);
  ids.replyId(ms, seq);
  keyed.notify(notifications.XADD, 1);
  if (trimming.isAsked() && trimming.trim(stream)) keyed.notify(notifications.XTRIM, 1);
  if (!effects.wanted) return;
  if (trimming.isIdMade() || trimming.isApproximate) trimming.propagate(stream, ms, seq);
}

// Reading

/** XLEN key */
export function xlen(): void {
  if (!keyed.reads(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  reply.integer(entry ? streams.streamOf(entry).length : 0);
}

/** XRANGE key start end [COUNT count] */
export function xrange(): void {
  replyRange(2, 3, false);
}

/** XREVRANGE key end start [COUNT count] */
export function xrevrange(): void {
  replyRange(3, 2, true);
}

function replyRange(start: u32, end: u32, reverse: bool): void {
  if (!ids.isStart(start)) return;
  const startMs = ids.milliseconds;
  const startSeq = ids.sequence;
  if (!ids.isEnd(end) || !isCount()) return;
  const endMs = ids.milliseconds;
  const endSeq = ids.sequence;
  if (!keyed.reads(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  if (!entry) return reply.array(0);
  if (!count) return reply.nilArray();
  range.open(streams.streamOf(entry).index, startMs, startSeq, endMs, endSeq);
  replyEntries(max<i64>(count, 0), reverse);
}

/** Entries asked for; -1 for all. */
let count: i64 = 0;

/** Reads `COUNT count` from argument 4 on; the last one counts. */
function isCount(): bool {
  count = -1;
  for (let index: u32 = 4; index < args.count; index += 2) {
    if (index + 1 == args.count || !args.is(index, 'COUNT')) return refused(SYNTAX_ERROR);
    if (!args.isInteger(index + 1)) return false;
    count = max<i64>(args.integer, 0);
  }
  return true;
}

// Removing

/** XDEL key id [id ...] */
export function xdel(): void {
  if (!keyed.writes(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  for (let index: u32 = 2; index < args.count; index++) {
    if (!ids.isId(index, 0)) return;
  }
  const stream = streams.streamOf(entry);
  const removed = removeAll(stream);
  reply.integer(removed);
  if (!removed) return;
  database.signalBy(entry, removed);
  keyed.notify(notifications.XDEL, 1);
}

function removeAll(stream: Stream): u32 {
  let removed: u32 = 0;
  let wasFirst = false;
  for (let index: u32 = 2; index < args.count; index++) {
    ids.isIdSilently(index);
    if (!streams.remove(stream, ids.milliseconds, ids.sequence)) continue;
    removed++;
    if (stream.firstMs == ids.milliseconds && stream.firstSeq == ids.sequence) wasFirst = true;
  }
  if (wasFirst) streams.refreshFirst(stream);
  return removed;
}

/** XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count] */
export function xtrim(): void {
  if (!trimming.parse(false) || !keyed.writes(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  const stream = streams.streamOf(entry);
  const removed = trimming.trim(stream);
  reply.integer(removed);
  if (!removed) return;
  database.signalBy(entry, removed);
  keyed.notify(notifications.XTRIM, 1);
  if (trimming.isApproximate) trimming.propagate(stream, 0, 0);
}

// The last id

let added: i64 = 0;
let deletedMs: u64 = 0;
let deletedSeq: u64 = 0;

/** XSETID key last-id [ENTRIESADDED count] [MAXDELETEDID id] */
export function xsetid(): void {
  if (!ids.isId(2, 0)) return;
  const ms = ids.milliseconds;
  const seq = ids.sequence;
  if (!areSetOptions(ms, seq) || !keyed.writes(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  if (!entry) return reply.error(NO_SUCH_KEY);
  const stream = streams.streamOf(entry);
  if (!isSettable(stream, ms, seq)) return;
  stream.lastMs = ms;
  stream.lastSeq = seq;
  if (added >= 0) stream.added = added;
  if (deletedMs | deletedSeq) {
    stream.deletedMs = deletedMs;
    stream.deletedSeq = deletedSeq;
  }
  effects.changed();
  keyed.notify(notifications.XSETID, 1);
  reply.ok();
}

function areSetOptions(ms: u64, seq: u64): bool {
  added = -1;
  deletedMs = 0;
  deletedSeq = 0;
  for (let index: u32 = 3; index < args.count; index += 2) {
    const hasValue = index + 1 < args.count;
    if (hasValue && args.is(index, 'ENTRIESADDED')) {
      if (!args.isInteger(index + 1)) return false;
      added = args.integer;
      if (added < 0) return refused(ENTRIES_ADDED_BELOW_ZERO);
    } else if (hasValue && args.is(index, 'MAXDELETEDID')) {
      if (!ids.isId(index + 1, 0)) return false;
      deletedMs = ids.milliseconds;
      deletedSeq = ids.sequence;
      if (isBelow(ms, seq, deletedMs, deletedSeq)) return refused(XSETID_BELOW_GIVEN);
    } else {
      return refused(SYNTAX_ERROR);
    }
  }
  return true;
}

function isSettable(stream: Stream, ms: u64, seq: u64): bool {
  if (!stream.length) return true;
  range.openAll(stream.index);
  const isTop = range.previous();
  if (isTop && isBelow(ms, seq, node.milliseconds, node.sequence)) return refused(XSETID_BELOW_TOP);
  return added < 0 || stream.length <= <u64>added || refused(ENTRIES_ADDED_TOO_LOW);
}
