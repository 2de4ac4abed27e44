/**
 * Stream groups: XGROUP, and what is pending: XACK, XPENDING.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as interest from '../keyspace/interest';
import * as notifications from '../keyspace/notifications';
import {
  BUSY_GROUP,
  ENTRIES_READ_BELOW_ZERO,
  NO_STREAM_FOR_GROUP,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as streamIndex from '../structures/stream-index';
import { IndexRecord } from '../structures/stream-index';
import { TYPE_STREAM } from '../values/kind';
import * as groups from '../values/stream-groups';
import { Group } from '../values/stream-groups';
import * as streams from '../values/streams';
import * as args from './arguments';
import * as keyed from './keyed';
import * as ids from './stream-ids';
import { refuseNoGroup } from './stream-reading';

const DOLLAR: u8 = 0x24;

let makesStream: bool = false;
let entriesRead: i64 = 0;
/** The group that XGROUP is about, if it is there. */
let group: Group | null = null;

function refused(error: string): bool {
  reply.error(error);
  return false;
}

// XGROUP

/** XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD count] */
export function create(): void {
  if (!areOptions(true) || !isGroupCommand(false) || !isShort(8)) return;
  const entry = keyed.entry;
  if (ids.isByte(4, DOLLAR)) assignLast(entry);
  else if (!ids.isId(4, 0)) return;
  if (group) return reply.error(BUSY_GROUP);
  if (!keyed.hasMemory(costOf(entry))) return;
  if (entry) {
    addGroup(entry);
    effects.changed();
  } else {
    const created = streams.createEntry(args.address(2), args.length(2), 0);
    addGroup(created);
    database.add(created);
  }
  keyed.notify(notifications.XGROUP_CREATE, 2);
  reply.ok();
}

function isShort(most: u32): bool {
  return args.count <= most || refuseForm('XGROUP');
}

function costOf(entry: Entry | null): usize {
  if (!entry) return streams.createCost(args.length(2)) + args.length(3);
  return groups.createCost(streams.streamOf(entry).groups, args.length(3));
}

function assignLast(entry: Entry | null): void {
  if (!entry) return ids.assign(0, 0);
  const stream = streams.streamOf(entry);
  ids.assign(stream.lastMs, stream.lastSeq);
}

function addGroup(entry: Entry): void {
  const name = args.address(3);
  setGroup(groups.create(streams.streamOf(entry).groups, name, args.length(3)));
}

/** Puts a group behind the id that was read. */
function setGroup(created: Group): void {
  created.lastMs = ids.milliseconds;
  created.lastSeq = ids.sequence;
  created.entriesRead = entriesRead;
}

function areOptions(isCreating: bool): bool {
  makesStream = false;
  entriesRead = groups.UNKNOWN;
  for (let index: u32 = 5; index < args.count; index++) {
    if (isCreating && args.is(index, 'MKSTREAM')) {
      makesStream = true;
    } else if (index + 1 < args.count && args.is(index, 'ENTRIESREAD')) {
      if (!args.isInteger(++index)) return false;
      entriesRead = args.integer;
      if (entriesRead < groups.UNKNOWN) return refused(ENTRIES_READ_BELOW_ZERO);
    } else {
      return refuseForm('XGROUP');
    }
  }
  return true;
}

/** Replies that the subcommand, or how it was called, is wrong. */
export function refuseForm(container: string): bool {
  reply.beginError();
  reply.errorText("ERR unknown subcommand or wrong number of arguments for '");
  reply.errorCString(args.address(1), min(args.length(1), 128));
  reply.errorText("'. Try ");
  reply.errorText(container);
  reply.errorText(' HELP.');
  reply.endError();
  return false;
}

/** Finds key and group; whether both must be there, the options and `needsGroup` tell. */
function isGroupCommand(needsGroup: bool): bool {
  group = null;
  if (!keyed.writes(2, TYPE_STREAM)) return false;
  const entry = keyed.entry;
  if (!entry) return makesStream || refused(NO_STREAM_FOR_GROUP);
  group = groups.find(streams.streamOf(entry).groups, args.address(3), args.length(3));
  return group != null || !needsGroup || isNoGroup(2, 3);
}

/** Replies that the key has no such group. */
export function isNoGroup(key: u32, name: u32): bool {
  reply.beginError();
  reply.errorText("NOGROUP No such consumer group '");
  reply.errorCString(args.address(name), args.length(name));
  reply.errorText("' for key name '");
  reply.errorCString(args.address(key), args.length(key));
  reply.errorText("'");
  reply.endError();
  return false;
}

/** XGROUP SETID key group id | $ [ENTRIESREAD count] */
export function setid(): void {
  if (!areOptions(false) || !isGroupCommand(true) || !isShort(7)) return;
  const entry = keyed.entry;
  const found = group;
  if (!entry || !found) return;
  if (ids.isByte(4, DOLLAR)) assignLast(entry);
  else if (!ids.isIdOrEnd(4)) return;
  setGroup(found);
  effects.changed();
  keyed.notify(notifications.XGROUP_SETID, 2);
  reply.ok();
}

/** XGROUP DESTROY key group */
export function destroy(): void {
  makesStream = false;
  if (!isGroupCommand(false)) return;
  const entry = keyed.entry;
  const found = group;
  if (!entry || !found) return reply.integer(0);
  groups.destroy(streams.streamOf(entry).groups, found);
  effects.changed();
  database.tell(entry, interest.GROUP_GONE);
  keyed.notify(notifications.XGROUP_DESTROY, 2);
  reply.integer(1);
}

/** XGROUP CREATECONSUMER key group consumer */
export function createconsumer(): void {
  makesStream = false;
  if (!isGroupCommand(true)) return;
  const entry = keyed.entry;
  const found = group;
  if (!entry || !found) return;
  if (groups.findConsumer(found, args.address(4), args.length(4))) return reply.integer(0);
  if (!keyed.hasMemory(groups.createCost(found.consumers, args.length(4)))) return;
  groups.createConsumer(found, args.address(4), args.length(4), database.now);
  effects.changed();
  keyed.notify(notifications.XGROUP_CREATECONSUMER, 2);
  reply.integer(1);
}

/** XGROUP DELCONSUMER key group consumer */
export function delconsumer(): void {
  makesStream = false;
  if (!isGroupCommand(true)) return;
  const entry = keyed.entry;
  const found = group;
  if (!entry || !found) return;
  const consumer = groups.findConsumer(found, args.address(4), args.length(4));
  if (!consumer) return reply.integer(0);
  reply.integer(consumer.pending.count);
  groups.deleteConsumer(found, consumer);
  effects.changed();
  keyed.notify(notifications.XGROUP_DELCONSUMER, 2);
}

/** XGROUP HELP */
export function help(): void {
  reply.array(17);
  reply.simple('XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:');
  reply.simple('CREATE <key> <groupname> <id|$> [option]');
  reply.simple('    Create a new consumer group. Options are:');
  reply.simple('    * MKSTREAM');
  reply.simple('      Create the empty stream if it does not exist.');
  reply.simple('    * ENTRIESREAD entries_read');
  reply.simple("      Set the group's entries_read counter (internal use).");
  reply.simple('CREATECONSUMER <key> <groupname> <consumer>');
  reply.simple('    Create a new consumer in the specified group.');
  reply.simple('DELCONSUMER <key> <groupname> <consumer>');
  reply.simple('    Remove the specified consumer.');
  reply.simple('DESTROY <key> <groupname>');
  reply.simple('    Remove the specified group.');
  reply.simple('SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]');
  reply.simple('    Set the current group ID and entries_read counter.');
  reply.simple('HELP');
  reply.simple('    Prints this help.');
}

// Pending entries

/** XACK key group id [id ...] */
export function xack(): void {
  if (!keyed.reads(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  const found = groups.find(streams.streamOf(entry).groups, args.address(2), args.length(2));
  if (!found) return reply.integer(0);
  for (let index: u32 = 3; index < args.count; index++) {
    if (!ids.isId(index, 0)) return;
  }
  let acknowledged: u64 = 0;
  for (let index: u32 = 3; index < args.count; index++) {
    ids.isIdSilently(index);
    if (groups.acknowledge(found, ids.milliseconds, ids.sequence)) acknowledged++;
  }
  if (acknowledged) effects.changedBy(acknowledged);
  reply.integer(acknowledged);
}

/** What XPENDING is asked for. */
let startMs: u64 = 0;
let startSeq: u64 = 0;
let endMs: u64 = 0;
let endSeq: u64 = 0;
let count: i64 = 0;
let idleMin: i64 = 0;
/** The argument with the consumer; 0 if none is named. */
let consumerIndex: u32 = 0;

/** XPENDING key group [[IDLE ms] start end count [consumer]] */
export function xpending(): void {
  const isSummary = args.count == 3;
  if (!isSummary && (args.count < 6 || args.count > 9)) return reply.error(SYNTAX_ERROR);
  if (!isSummary && !isPendingRange()) return;
  if (!keyed.reads(1, TYPE_STREAM)) return;
  const entry = keyed.entry;
  const name = args.address(2);
  const found = entry ? groups.find(streams.streamOf(entry).groups, name, args.length(2)) : null;
  if (!found) return refuseNoGroup(1, 2, '');
  if (isSummary) replySummary(found);
  else replyPending(found);
}

function isPendingRange(): bool {
  let index: u32 = 3;
  idleMin = 0;
  if (args.is(3, 'IDLE')) {
    if (!args.isInteger(4)) return false;
    idleMin = args.integer;
    if (args.count < 8) return refused(SYNTAX_ERROR);
    index = 5;
  }
  if (!args.isInteger(index + 2)) return false;
  count = max<i64>(args.integer, 0);
  if (!ids.isStart(index)) return false;
  startMs = ids.milliseconds;
  startSeq = ids.sequence;
  if (!ids.isEnd(index + 1)) return false;
  endMs = ids.milliseconds;
  endSeq = ids.sequence;
  consumerIndex = index + 3 < args.count ? index + 3 : 0;
  return true;
}

function replySummary(found: Group): void {
  const pending = found.pending;
  reply.array(4);
  reply.integer(pending.count);
  const lowest = streamIndex.first(pending);
  const highest = streamIndex.last(pending);
  if (!lowest || !highest) {
    reply.nil();
    reply.nil();
    return reply.nilArray();
  }
  ids.replyId(lowest.milliseconds, lowest.sequence);
  ids.replyId(highest.milliseconds, highest.sequence);
  replyOwners(found);
}

/** The consumers with pending entries, and how many they have. */
function replyOwners(found: Group): void {
  const place = reply.openArray();
  let owners: u64 = 0;
  for (let position: u32 = 0; position < found.consumers.count; position++) {
    const consumer = groups.consumerAt(found, position);
    if (!consumer.pending.count) continue;
    owners++;
    reply.array(2);
    reply.bulk(consumer.name, consumer.nameLength);
    reply.bulkInteger(consumer.pending.count);
  }
  reply.closeArray(place, owners);
}

function replyPending(found: Group): void {
  let pending = found.pending;
  if (consumerIndex) {
    const name = args.address(consumerIndex);
    const consumer = groups.findConsumer(found, name, args.length(consumerIndex));
    if (!consumer) return reply.array(0);
    pending = consumer.pending;
  }
  const place = reply.openArray();
  let replied: u64 = 0;
  let record = count ? streamIndex.ceiling(pending, startMs, startSeq) : null;
  while (record && reply.fits()) {
    if (streamIndex.isBelow(endMs, endSeq, record.milliseconds, record.sequence)) break;
    if (isIdle(record)) {
      replyRow(record);
      replied++;
      if (replied == <u64>count) break;
    }
    record = streamIndex.following(pending, record.milliseconds, record.sequence);
  }
  reply.closeArray(place, replied);
}

function isIdle(record: IndexRecord): bool {
  return !idleMin || database.now - groups.pendingOf(record).deliveredAt >= idleMin;
}

function replyRow(record: IndexRecord): void {
  const pending = groups.pendingOf(record);
  const consumer = groups.consumerOf(pending);
  reply.array(4);
  ids.replyId(record.milliseconds, record.sequence);
  reply.bulk(consumer.name, consumer.nameLength);
  reply.integer(max<i64>(database.now - pending.deliveredAt, 0));
  reply.integer(pending.deliveries);
}
