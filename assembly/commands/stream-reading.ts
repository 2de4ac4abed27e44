/**
 * Stream reading: XREAD and XREADGROUP, of several streams at once.
 *
 *   ... STREAMS | key 1 | ... | key n | id 1 | ... | id n |
 *                 ^ firstKey           streamCount = n
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { Buffer, bufferAt } from '../memory/buffer';
import { reserve } from '../memory/heap';
import {
  GROUP_MISSING,
  GROUP_WITH_XREAD,
  LAST_ID_WITH_GROUP,
  NEW_IDS_WITHOUT_GROUP,
  NOACK_WITH_XREAD,
  OUT_OF_MEMORY,
  SYNTAX_ERROR,
  TIMEOUT_BELOW_ZERO,
  TIMEOUT_NOT_AN_INTEGER,
  UNBALANCED_STREAMS,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as streamIndex from '../structures/stream-index';
import { isBelow } from '../structures/stream-index';
import * as node from '../structures/stream-node';
import { TYPE_STREAM } from '../values/kind';
import * as groups from '../values/stream-groups';
import { Consumer, Group } from '../values/stream-groups';
import * as lag from '../values/stream-lag';
import * as range from '../values/stream-range';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as args from './arguments';
import * as blocking from './blocking';
import * as keyed from './keyed';
import * as streamEffects from './stream-effects';
import * as ids from './stream-ids';
import { replyEntries, replyEntry } from './stream-replies';

const DOLLAR: u8 = 0x24;
const GREATER: u8 = 0x3e;
const MAX: u64 = u64.MAX_VALUE;

let isGroupRead: bool = false;
/** The argument with the group's name, in front of the consumer's; 0 if there is none. */
let groupIndex: u32 = 0;
let noAck: bool = false;
/** Entries of each stream asked for, 0 for all. */
let count: i64 = 0;
/** How long to wait for entries, 0 for ever; -1: not at all. */
let timeout: i64 = -1;
let firstKey: u32 = 0;
let streamCount: u32 = 0;

/** XREAD [COUNT count] [BLOCK ms] STREAMS key [key ...] id [id ...] */
export function xread(): void {
  isGroupRead = false;
  if (areOptions() && areIds()) replyStreams();
}

/** XREADGROUP GROUP group consumer [COUNT count] [BLOCK ms] [NOACK] STREAMS key ... id ... */
export function xreadgroup(): void {
  isGroupRead = true;
  if (areOptions() && areIds()) replyStreams();
}

// Options

function areOptions(): bool {
  groupIndex = 0;
  noAck = false;
  count = 0;
  timeout = -1;
  firstKey = 0;
  for (let index: u32 = 1; index < args.count && !firstKey; index++) {
    const behind = args.count - index - 1;
    if (behind && args.is(index, 'BLOCK')) {
      if (!isTimeout(++index)) return false;
    } else if (behind && args.is(index, 'COUNT')) {
      if (!args.isInteger(++index)) return false;
      count = max<i64>(args.integer, 0);
    } else if (behind && args.is(index, 'STREAMS')) {
      firstKey = index + 1;
      if (behind & 1) return refused(UNBALANCED_STREAMS);
      streamCount = behind >> 1;
    } else if (behind >= 2 && args.is(index, 'GROUP')) {
      if (!isGroupRead) return refused(GROUP_WITH_XREAD);
      groupIndex = index + 1;
      index += 2;
    } else if (args.is(index, 'NOACK')) {
      if (!isGroupRead) return refused(NOACK_WITH_XREAD);
      noAck = true;
    } else {
      return refused(SYNTAX_ERROR);
    }
  }
  if (!firstKey) return refused(SYNTAX_ERROR);
  return !isGroupRead || groupIndex != 0 || refused(GROUP_MISSING);
}

function isTimeout(index: u32): bool {
  if (!args.isIntegerOr(index, TIMEOUT_NOT_AN_INTEGER)) return false;
  timeout = args.integer;
  return timeout >= 0 || refused(TIMEOUT_BELOW_ZERO);
}

function refused(error: string): bool {
  reply.error(error);
  return false;
}

/** Whether all keys, groups and ids are there and right. */
function areIds(): bool {
  memoryWanted = 0;
  entriesWanted = 0;
  for (let number: u32 = 0; number < streamCount; number++) {
    const key = firstKey + number;
    if (!keyed.reads(key, TYPE_STREAM)) return false;
    const entry = keyed.entry;
    const group = isGroupRead ? groupOf(key, entry) : null;
    if (isGroupRead && !group) return false;
    if (!isIdOfStream(key + streamCount)) return false;
    if (!entry || !group) continue;
    const pending = !noAck && isNew(key + streamCount);
    const unread = pending ? unreadOf(streams.streamOf(entry), group) : 0;
    entriesWanted += unread;
    memoryWanted += deliveryCost(group, null, unread);
  }
  return !isGroupRead || isAffordable();
}

/** What will be delivered at the most, and the memory that takes. */
let entriesWanted: u64 = 0;
let memoryWanted: u64 = 0;

function groupOf(key: u32, entry: Entry | null): Group | null {
  const name = args.address(groupIndex);
  const length = args.length(groupIndex);
  const group = entry ? groups.find(streams.streamOf(entry).groups, name, length) : null;
  if (!group) refuseNoGroup(key, groupIndex, ' in XREADGROUP with GROUP option');
  return group;
}

/** Replies that there is no such key, or no such group. */
export function refuseNoGroup(key: u32, group: u32, behind: string): void {
  reply.beginError();
  reply.errorText("NOGROUP No such key '");
  reply.errorCString(args.address(key), args.length(key));
  reply.errorText("' or consumer group '");
  reply.errorCString(args.address(group), args.length(group));
  reply.errorText("'");
  reply.errorText(behind);
  reply.endError();
}

function isIdOfStream(index: u32): bool {
  if (ids.isByte(index, DOLLAR)) return !isGroupRead || refused(LAST_ID_WITH_GROUP);
  if (ids.isByte(index, GREATER)) return isGroupRead || refused(NEW_IDS_WITHOUT_GROUP);
  return ids.isId(index, 0);
}

/** Whether the id stands for all that the group has not read: `>`, or the highest of all ids. */
function isNew(index: u32): bool {
  if (ids.isByte(index, GREATER)) return true;
  return ids.isIdSilently(index) && (ids.milliseconds & ids.sequence) == MAX;
}

/** At most so many entries will be delivered: counts whole nodes. */
function unreadOf(stream: Stream, group: Group): u64 {
  const index = stream.index;
  const below = streamIndex.floor(index, group.lastMs, group.lastSeq);
  let record = below ? below : streamIndex.first(index);
  let found: u64 = 0;
  const most = count ? <u64>count : MAX;
  while (record && found < most) {
    found += node.liveCount(record.value);
    record = streamIndex.following(index, record.milliseconds, record.sequence);
  }
  return min(found, most);
}

/** Whether memory suffices for what will be delivered, and for the effects of that. */
function isAffordable(): bool {
  const length = args.length(groupIndex + 1) + args.length(groupIndex);
  let keys: usize = 0;
  for (let number: u32 = 0; number < streamCount; number++) {
    keys = max(keys, args.length(firstKey + number));
  }
  if (!streamEffects.hasRoom(entriesWanted + streamCount * 2, keys + length)) return false;
  const isPossible = memoryWanted < MEMORY_MAX && reserve(<usize>memoryWanted);
  return isPossible || refused(OUT_OF_MEMORY);
}

const MEMORY_MAX: u64 = (<u64>1) << 32;

// Replies

/** Replies the streams that have something to read; if none has, waits for that or replies nil. */
function replyStreams(): void {
  hasMemory = true;
  if (isGroupRead) effects.suppress();
  if (isGroupRead && streamCount > 1 && !isPossible()) return;
  serveStreams();
  if (!hasMemory) {
    reply.pending().rewind();
    reply.error(OUT_OF_MEMORY);
  } else if (served) {
    reply.closePairs(place, served);
  } else if (timeout < 0) {
    reply.nilArray();
  } else if (areLastIdsFixed()) {
    blocking.wait(<f64>timeout);
  } else {
    reply.error(OUT_OF_MEMORY);
  }
}

/**
 * Whether there is room for the replies of several streams, and then for what is delivered; or that
 * is replied. One alone finds that out before it delivers anything.
 */
function isPossible(): bool {
  isTrial = true;
  serveStreams();
  isTrial = false;
  if (!reply.fits()) return false;
  reply.pending().rewind();
  return isAffordable();
}

function serveStreams(): void {
  served = 0;
  for (let number: u32 = 0; number < streamCount && reply.fits() && hasMemory; number++) {
    const key = firstKey + number;
    const entry = database.read(args.address(key), args.length(key));
    if (!entry) continue;
    if (isGroupRead) serveGroup(entry, key);
    else serve(streams.streamOf(entry), key);
  }
}

/** The texts of ids that `$` stands for. */
const lastIds: Buffer = bufferAt(memory.data(48, 16));

/**
 * Puts the last id of its stream in the place of each `$`: entries that come while the command
 * waits are above it. False if there is no memory.
 */
function areLastIdsFixed(): bool {
  lastIds.clear();
  if (!lastIds.hasRoom(<usize>streamCount * ids.TEXT_ROOM)) return false;
  for (let number: u32 = 0; number < streamCount; number++) {
    const key = firstKey + number;
    if (!ids.isByte(key + streamCount, DOLLAR)) continue;
    const entry = database.lookup(args.address(key), args.length(key));
    const stream = entry ? streams.streamOf(entry) : null;
    const length = ids.write(stream ? stream.lastMs : 0, stream ? stream.lastSeq : 0, lastIds.end);
    args.set(key + streamCount, lastIds.end, length);
    lastIds.end += length;
  }
  return true;
}

/** Streams in the reply so far, and where it begins. */
let served: u64 = 0;
let place: usize = 0;
let hasMemory: bool = true;
/** While the replies are written for the first time, to see whether they fit: nothing is delivered. */
let isTrial: bool = false;

function openStream(key: u32): void {
  if (!served) place = reply.openArray();
  served++;
  reply.pair();
  reply.bulk(args.address(key), args.length(key));
}

/** The id above which is read. */
function resolve(stream: Stream, index: u32): void {
  if (ids.isByte(index, DOLLAR)) ids.assign(stream.lastMs, stream.lastSeq);
  else ids.isIdSilently(index);
}

/** XREAD of one stream, if it has something. */
function serve(stream: Stream, key: u32): void {
  resolve(stream, key + streamCount);
  if (!hasAbove(stream, ids.milliseconds, ids.sequence)) return;
  openStream(key);
  openAbove(stream, ids.milliseconds, ids.sequence);
  replyEntries(count, false);
}

/** Whether the stream has an entry above the id. */
function hasAbove(stream: Stream, ms: u64, seq: u64): bool {
  if (!stream.length) return false;
  range.openAll(stream.index);
  return range.previous() && isBelow(ms, seq, node.milliseconds, node.sequence);
}

/** Begins a walk over what is above the id. */
function openAbove(stream: Stream, ms: u64, seq: u64): void {
  ids.assign(ms, seq);
  ids.increment();
  range.open(stream.index, ids.milliseconds, ids.sequence, MAX, MAX);
}

// Groups

/** XREADGROUP of one stream: what is new, if anything is, or what was delivered before. */
function serveGroup(entry: Entry, key: u32): void {
  const stream = streams.streamOf(entry);
  const name = args.address(groupIndex);
  const group = groups.find(stream.groups, name, args.length(groupIndex));
  if (!group) return;
  const fresh = isNew(key + streamCount);
  const ms = fresh ? group.lastMs : ids.milliseconds;
  const seq = fresh ? group.lastSeq : ids.sequence;
  if (fresh && !hasAbove(stream, ms, seq)) return;
  const consumer = groups.findConsumer(group, nameOfConsumer(), args.length(groupIndex + 1));
  openStream(key);
  const replied = fresh ? replyNew(stream, ms, seq) : replyHistory(stream, consumer, ms, seq);
  if (isTrial || !reply.fits() || !canDeliver(group, consumer, fresh && !noAck ? replied : 0))
    return;
  const reader = consumerFor(group, key);
  if (fresh) deliverNew(stream, group, reader, key, replied);
  else deliverAgain(stream, reader, ms, seq, replied);
  effects.changed();
}

function nameOfConsumer(): usize {
  return args.address(groupIndex + 1);
}

/** Whether there is memory for so many entries that will be pending; it is there if it was reserved. */
function canDeliver(group: Group, consumer: Consumer | null, entries: u64): bool {
  if (streamCount > 1) return true;
  const cost = deliveryCost(group, consumer, entries);
  hasMemory = cost < MEMORY_MAX && reserve(<usize>cost);
  return hasMemory;
}

/** The memory that so many pending entries take, and the consumer if it is new. */
function deliveryCost(group: Group, consumer: Consumer | null, entries: u64): u64 {
  const name = args.length(groupIndex + 1);
  const own: u64 = consumer ? 0 : <u64>groups.createCost(group.consumers, name);
  return own + (entries ? groups.pendingCost(group, consumer, entries) : 0);
}

/** The consumer that reads, which comes about if it is new. */
function consumerFor(group: Group, key: u32): Consumer {
  const nameIndex = groupIndex + 1;
  const found = seenConsumer(group, nameIndex);
  if (found) return found;
  const name = args.address(nameIndex);
  const created = groups.createConsumer(group, name, args.length(nameIndex), database.now);
  effects.changed();
  keyed.notify(notifications.XGROUP_CREATECONSUMER, key);
  if (noAck) streamEffects.createConsumer(key, group, nameIndex);
  return created;
}

/** The consumer named by an argument, which has been seen now; or null. */
export function seenConsumer(group: Group, nameIndex: u32): Consumer | null {
  const found = groups.findConsumer(group, args.address(nameIndex), args.length(nameIndex));
  if (found) found.seenAt = database.now;
  return found;
}

/** Replies what is above the id; tells how many entries. */
function replyNew(stream: Stream, ms: u64, seq: u64): u64 {
  openAbove(stream, ms, seq);
  return replyEntries(count, false);
}

/** Delivers so many entries that the group has not read. */
function deliverNew(stream: Stream, group: Group, reader: Consumer, key: u32, replied: u64): void {
  openAbove(stream, group.lastMs, group.lastSeq);
  for (let left = replied; left && range.next(); left--) deliver(stream, group, reader, key);
  if (noAck) streamEffects.setId(key, group);
}

/** Delivers the entry that was stepped to. */
function deliver(stream: Stream, group: Group, consumer: Consumer, key: u32): void {
  const ms = node.milliseconds;
  const seq = node.sequence;
  lag.advance(stream, group, ms, seq);
  if (noAck) return;
  const pending = groups.deliver(group, consumer, ms, seq, database.now);
  streamEffects.claim(key, group, ms, seq, pending);
}

/** Replies what the consumer has not acknowledged, above the id; tells how many entries. */
function replyHistory(stream: Stream, consumer: Consumer | null, ms: u64, seq: u64): u64 {
  const place = reply.openArray();
  let replied: u64 = 0;
  let record = consumer ? streamIndex.following(consumer.pending, ms, seq) : null;
  while (consumer && record && reply.fits() && (!count || replied < <u64>count)) {
    ms = record.milliseconds;
    seq = record.sequence;
    if (streams.find(stream, ms, seq)) {
      replyEntry();
    } else {
      reply.array(2);
      ids.replyId(ms, seq);
      reply.nilArray();
    }
    replied++;
    record = streamIndex.following(consumer.pending, ms, seq);
  }
  reply.closeArray(place, replied);
  return replied;
}

/** Notes of so many pending entries that they were delivered once more. */
function deliverAgain(stream: Stream, reader: Consumer, ms: u64, seq: u64, replied: u64): void {
  for (let left = replied; left; left--) {
    const record = streamIndex.following(reader.pending, ms, seq);
    if (!record) return;
    ms = record.milliseconds;
    seq = record.sequence;
    if (!streams.find(stream, ms, seq)) continue;
    const pending = groups.pendingOf(record);
    pending.deliveredAt = database.now;
    pending.deliveries++;
  }
}
