/**
 * Stream info: XINFO.
 */
import * as database from '../keyspace/database';
import { NO_SUCH_KEY } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as streamIndex from '../structures/stream-index';
import { IndexRecord, StreamIndex } from '../structures/stream-index';
import { nodeCount } from '../structures/stream-radix';
import { TYPE_STREAM } from '../values/kind';
import * as groups from '../values/stream-groups';
import { Consumer, Group } from '../values/stream-groups';
import * as lag from '../values/stream-lag';
import * as range from '../values/stream-range';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as args from './arguments';
import * as keyed from './keyed';
import { isNoGroup, refuseForm } from './stream-groups';
import { replyId } from './stream-ids';
import { replyEntries, replyEntry } from './stream-replies';

const FULL_COUNT: i64 = 10;

let isFull: bool = false;
/** Entries and pending entries that FULL shows of each kind; 0 for all. */
let count: i64 = 0;

/** The stream at argument 2, or null, and an error was replied. */
function openStream(): Stream | null {
  if (!keyed.reads(2, TYPE_STREAM)) return null;
  const entry = keyed.entry;
  if (entry) return streams.streamOf(entry);
  reply.error(NO_SUCH_KEY);
  return null;
}

function name(address: usize, length: usize): void {
  reply.bulkText('name');
  reply.bulk(address, length);
}

function integer(title: string, value: i64): void {
  reply.bulkText(title);
  reply.integer(value);
}

function id(title: string, ms: u64, seq: u64): void {
  reply.bulkText(title);
  replyId(ms, seq);
}

function integerOrNil(title: string, known: bool, value: i64): void {
  reply.bulkText(title);
  if (known) reply.integer(value);
  else reply.nil();
}

// XINFO STREAM

/** XINFO STREAM key [FULL [COUNT count]] */
export function stream(): void {
  const found = openStream();
  if (!found || !areOptions()) return;
  reply.map(isFull ? 9 : 10);
  replyHead(found);
  if (isFull) replyContents(found);
  else replyEnds(found);
}

function areOptions(): bool {
  isFull = args.count > 3;
  count = FULL_COUNT;
  if (!isFull) return true;
  const isCounted = args.count == 6 && args.is(4, 'COUNT');
  if (!args.is(3, 'FULL') || (args.count != 4 && !isCounted)) return refuseForm('XINFO');
  if (!isCounted) return true;
  if (!args.isInteger(5)) return false;
  count = args.integer < 0 ? FULL_COUNT : args.integer;
  return true;
}

function replyHead(found: Stream): void {
  integer('length', found.length);
  integer('radix-tree-keys', found.index.count);
  integer('radix-tree-nodes', nodeCount(found.index));
  id('last-generated-id', found.lastMs, found.lastSeq);
  id('max-deleted-entry-id', found.deletedMs, found.deletedSeq);
  integer('entries-added', found.added);
  id('recorded-first-entry-id', found.firstMs, found.firstSeq);
}

function replyEnds(found: Stream): void {
  integer('groups', found.groups.count);
  range.openAll(found.index);
  reply.bulkText('first-entry');
  if (range.next()) replyEntry();
  else reply.nil();
  range.openAll(found.index);
  reply.bulkText('last-entry');
  if (range.previous()) replyEntry();
  else reply.nil();
}

function replyContents(found: Stream): void {
  reply.bulkText('entries');
  range.openAll(found.index);
  replyEntries(count, false);
  reply.bulkText('groups');
  reply.array(found.groups.count);
  for (let position: u32 = 0; position < found.groups.count && reply.fits(); position++) {
    replyGroupInFull(found, groups.at(found.groups, position));
  }
}

function replyGroupInFull(found: Stream, group: Group): void {
  reply.map(7);
  name(group.name, group.nameLength);
  replyProgress(found, group);
  integer('pel-count', group.pending.count);
  replyPending(group.pending, true);
  reply.bulkText('consumers');
  reply.array(group.consumers.count);
  for (let position: u32 = 0; position < group.consumers.count && reply.fits(); position++) {
    replyConsumerInFull(groups.consumerAt(group, position));
  }
}

function replyConsumerInFull(consumer: Consumer): void {
  reply.map(4);
  name(consumer.name, consumer.nameLength);
  integer('seen-time', consumer.seenAt);
  integer('pel-count', consumer.pending.count);
  replyPending(consumer.pending, false);
}

/** Pending entries, with the consumers that have them if they are those of a group. */
function replyPending(pending: StreamIndex, isGroup: bool): void {
  reply.bulkText('pending');
  let left: i64 = pending.count;
  if (count) left = min(left, count);
  reply.array(left);
  let record = streamIndex.first(pending);
  for (; record && left && reply.fits(); left--) {
    replyRow(record, isGroup);
    record = streamIndex.following(pending, record.milliseconds, record.sequence);
  }
}

function replyRow(record: IndexRecord, isGroup: bool): void {
  const pending = groups.pendingOf(record);
  reply.array(isGroup ? 4 : 3);
  replyId(record.milliseconds, record.sequence);
  if (isGroup) {
    const consumer = groups.consumerOf(pending);
    reply.bulk(consumer.name, consumer.nameLength);
  }
  reply.integer(pending.deliveredAt);
  reply.integer(pending.deliveries);
}

// XINFO GROUPS, CONSUMERS

function replyProgress(found: Stream, group: Group): void {
  id('last-delivered-id', group.lastMs, group.lastSeq);
  const read = group.entriesRead;
  integerOrNil('entries-read', read != groups.UNKNOWN, read);
  const isKnown = lag.isKnown(found, group);
  integerOrNil('lag', isKnown, lag.lag);
}

/** XINFO GROUPS key */
export function groupsOf(): void {
  const found = openStream();
  if (!found) return;
  reply.array(found.groups.count);
  for (let position: u32 = 0; position < found.groups.count && reply.fits(); position++) {
    const group = groups.at(found.groups, position);
    reply.map(6);
    name(group.name, group.nameLength);
    integer('consumers', group.consumers.count);
    integer('pending', group.pending.count);
    replyProgress(found, group);
  }
}

/** XINFO CONSUMERS key group */
export function consumers(): void {
  const found = openStream();
  if (!found) return;
  const group = groups.find(found.groups, args.address(3), args.length(3));
  if (!group) {
    isNoGroup(2, 3);
    return;
  }
  reply.array(group.consumers.count);
  for (let position: u32 = 0; position < group.consumers.count && reply.fits(); position++) {
    const consumer = groups.consumerAt(group, position);
    reply.map(3);
    name(consumer.name, consumer.nameLength);
    integer('pending', consumer.pending.count);
    integer('idle', max<i64>(database.now - consumer.seenAt, 0));
  }
}

/** XINFO HELP */
export function help(): void {
  reply.array(9);
  reply.simple('XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:');
  reply.simple('CONSUMERS <key> <groupname>');
  reply.simple('    Show consumers of <groupname>.');
  reply.simple('GROUPS <key>');
  reply.simple('    Show the stream consumer groups.');
  reply.simple('STREAM <key> [FULL [COUNT <count>]');
  reply.simple('    Show information about the stream.');
  reply.simple('HELP');
  reply.simple('    Prints this help.');
}
