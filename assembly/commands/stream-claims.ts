/**
 * Stream claims: XCLAIM and XAUTOCLAIM, by which a consumer takes over what others have not
 * acknowledged.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { allocate, release } from '../memory/heap';
import {
  CLAIM_COUNT_TOO_HIGH,
  CLAIM_COUNT_TOO_LOW,
  SYNTAX_ERROR,
  XAUTOCLAIM_MIN_IDLE,
  XCLAIM_IDLE,
  XCLAIM_MIN_IDLE,
  XCLAIM_RETRYCOUNT,
  XCLAIM_TIME,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as streamIndex from '../structures/stream-index';
import { isBelow } from '../structures/stream-index';
import { TYPE_STREAM } from '../values/kind';
import * as groups from '../values/stream-groups';
import { Consumer, Group, Pending } from '../values/stream-groups';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as args from './arguments';
import * as keyed from './keyed';
import * as streamEffects from './stream-effects';
import * as ids from './stream-ids';
import { refuseNoGroup, seenConsumer } from './stream-reading';
import { replyEntry } from './stream-replies';

const NOT_GIVEN: i64 = -1;
const AUTOCLAIM_COUNT: i64 = 100;
const AUTOCLAIM_COUNT_MAX: i64 = i64.MAX_VALUE / 16;
/** From here on Redis finds no memory to remember that many ids. */
const AUTOCLAIM_COUNT_REFUSED: i64 = (<i64>1) << 43;
/** Pending entries that are looked at for each that may be claimed. */
const ATTEMPTS: u64 = 10;

// Options
let idleMin: i64 = 0;
let isForced: bool = false;
let onlyIds: bool = false;
let deliveredAt: i64 = 0;
let deliveries: i64 = 0;
let count: i64 = 0;
/** Ids of XCLAIM are the arguments from 5 on, in front of this one. */
let idsEnd: u32 = 0;

// What is claimed from, and by whom
let group: Group = changetype<Group>(0);
let consumer: Consumer | null = null;
let changes: u64 = 0;
/** While the replies are written for the first time, to see whether they fit: nothing is claimed. */
let isTrial: bool = false;

/** Finds the group in `keyed.entry`, or replies that it is not there. */
function isGroup(): bool {
  const entry = keyed.entry;
  const name = args.address(2);
  const found = entry ? groups.find(streams.streamOf(entry).groups, name, args.length(2)) : null;
  if (!found) {
    refuseNoGroup(1, 2, '');
    return false;
  }
  group = found;
  return true;
}

function isIdleMin(error: string): bool {
  if (!args.isIntegerOr(4, error)) return false;
  idleMin = max<i64>(args.integer, 0);
  return true;
}

function refused(error: string): bool {
  reply.error(error);
  return false;
}

// XCLAIM

/**
 * XCLAIM key group consumer min-idle id [id ...] [IDLE ms] [TIME ms] [RETRYCOUNT n] [FORCE]
 * [JUSTID] [LASTID id]
 */
export function xclaim(): void {
  if (!keyed.reads(1, TYPE_STREAM) || !isGroup() || !isIdleMin(XCLAIM_MIN_IDLE)) return;
  idsEnd = 5;
  while (idsEnd < args.count && ids.isIdSilently(idsEnd)) idsEnd++;
  if (!areClaimOptions()) return;
  const entry = keyed.entry;
  if (!entry || !isPossible(streams.streamOf(entry))) return;
  const raisesLast = isBelow(group.lastMs, group.lastSeq, lastMs, lastSeq);
  if (raisesLast) {
    group.lastMs = lastMs;
    group.lastSeq = lastSeq;
  }
  effects.suppress();
  claimGiven(streams.streamOf(entry));
  if (raisesLast && !changes) {
    streamEffects.setId(1, group);
    changes++;
  }
  finish();
}

/** Whether there is room for the reply of XCLAIM, and then for its claims; or that is replied. */
function isPossible(stream: Stream): bool {
  isTrial = true;
  claimGiven(stream);
  isTrial = false;
  if (!reply.fits()) return false;
  reply.pending().rewind();
  return isAffordable(idsEnd - 5);
}

function finish(): void {
  if (changes) effects.changedBy(changes);
}

let lastMs: u64 = 0;
let lastSeq: u64 = 0;

function areClaimOptions(): bool {
  isForced = false;
  onlyIds = false;
  deliveredAt = NOT_GIVEN;
  deliveries = NOT_GIVEN;
  lastMs = 0;
  lastSeq = 0;
  for (let index = idsEnd; index < args.count; index++) {
    if (args.is(index, 'FORCE')) isForced = true;
    else if (args.is(index, 'JUSTID')) onlyIds = true;
    else if (!isValuedOption(index)) return false;
    else index++;
  }
  const now = database.now;
  if (deliveredAt < 0 || deliveredAt > now) deliveredAt = now;
  return true;
}

/** An option with a value behind it. */
function isValuedOption(index: u32): bool {
  const value = index + 1;
  if (value == args.count) return isUnknown(index);
  if (args.is(index, 'IDLE')) {
    if (!args.isIntegerOr(value, XCLAIM_IDLE)) return false;
    deliveredAt = database.now - args.integer;
  } else if (args.is(index, 'TIME')) {
    if (!args.isIntegerOr(value, XCLAIM_TIME)) return false;
    deliveredAt = args.integer;
  } else if (args.is(index, 'RETRYCOUNT')) {
    if (!args.isIntegerOr(value, XCLAIM_RETRYCOUNT)) return false;
    deliveries = args.integer;
  } else if (args.is(index, 'LASTID')) {
    if (!ids.isId(value, 0)) return false;
    lastMs = ids.milliseconds;
    lastSeq = ids.sequence;
  } else {
    return isUnknown(index);
  }
  return true;
}

function isUnknown(index: u32): bool {
  reply.beginError();
  reply.errorText("ERR Unrecognized XCLAIM option '");
  reply.errorCString(args.address(index), args.length(index));
  reply.errorText("'");
  reply.endError();
  return false;
}

/** Whether memory suffices to claim so many entries, and to write that down. */
function isAffordable(entries: u64): bool {
  changes = 0;
  consumer = null;
  const name = args.length(3);
  const longest = max(name, longestConsumer());
  if (!streamEffects.hasRoom(entries + 1, args.length(1) + args.length(2) + longest)) return false;
  const own = groups.findConsumer(group, args.address(3), name);
  const consumerCost = groups.createCost(group.consumers, name);
  const cost = groups.pendingCost(group, own, entries) + consumerCost;
  return keyed.hasMemory(<usize>min<u64>(cost, u32.MAX_VALUE));
}

/** Bytes of the longest name that an effect may have to tell. */
function longestConsumer(): usize {
  let longest: usize = 0;
  for (let position: u32 = 0; position < group.consumers.count; position++) {
    longest = max<usize>(longest, groups.consumerAt(group, position).nameLength);
  }
  return longest;
}

/** Claims the ids that were given, and replies those that could be. */
function claimGiven(stream: Stream): void {
  const place = reply.openArray();
  let claimed: u64 = 0;
  for (let index: u32 = 5; index < idsEnd && reply.fits(); index++) {
    ids.isIdSilently(index);
    if (isClaimed(stream, index)) claimed++;
  }
  reply.closeArray(place, claimed);
}

function isClaimed(stream: Stream, index: u32): bool {
  const ms = ids.milliseconds;
  const seq = ids.sequence;
  const pending = groups.findPending(group, ms, seq);
  if (!streams.find(stream, ms, seq)) {
    if (!pending || isTrial) return false;
    streamEffects.claimGiven(1, group, index, pending);
    forget(ms, seq);
    return false;
  }
  if (!pending && !isForced) return false;
  if (pending && isBusy(pending)) return false;
  replyClaimed(ms, seq);
  if (isTrial) return true;
  const claimed = take(pending, ms, seq);
  claimed.deliveredAt = deliveredAt;
  if (deliveries >= 0) claimed.deliveries = deliveries;
  else if (!onlyIds) claimed.deliveries++;
  streamEffects.claimGiven(1, group, index, claimed);
  return true;
}

/** Whether it was delivered too short a time ago. */
function isBusy(pending: Pending): bool {
  return idleMin != 0 && database.now - pending.deliveredAt < idleMin;
}

/** Replies the entry that was found, or its id. */
function replyClaimed(ms: u64, seq: u64): void {
  if (onlyIds) ids.replyId(ms, seq);
  else replyEntry();
}

/** Gives the id to the consumer that claims, both of which may be new. */
function take(pending: Pending | null, ms: u64, seq: u64): Pending {
  const owner = claimer();
  changes++;
  if (!pending) return groups.deliver(group, owner, ms, seq, database.now);
  groups.assign(pending, owner, ms, seq);
  return pending;
}

function claimer(): Consumer {
  const known = consumer;
  if (known) return known;
  let found = seenConsumer(group, 3);
  if (!found) {
    found = groups.createConsumer(group, args.address(3), args.length(3), database.now);
    keyed.notify(notifications.XGROUP_CREATECONSUMER, 1);
    changes++;
  }
  consumer = found;
  return found;
}

/** An entry that is not in the stream any more is pending no longer. */
function forget(ms: u64, seq: u64): void {
  groups.acknowledge(group, ms, seq);
  changes++;
}

// XAUTOCLAIM

// Ids that were found to be deleted: { u64, u64 } each
let deletedIds: usize = 0;
let deletedCount: u32 = 0;
const ID_SIZE: usize = 16;

/** XAUTOCLAIM key group consumer min-idle start [COUNT count] [JUSTID] */
export function xautoclaim(): void {
  const found = database.read(args.address(1), args.length(1));
  if (!isIdleMin(XAUTOCLAIM_MIN_IDLE) || !ids.isStart(5)) return;
  const startMs = ids.milliseconds;
  const startSeq = ids.sequence;
  if (!areAutoclaimOptions() || !keyed.isOf(found, TYPE_STREAM) || !isGroup()) return;
  if (count >= AUTOCLAIM_COUNT_REFUSED) return reply.error(CLAIM_COUNT_TOO_HIGH);
  const entry = keyed.entry;
  if (!entry) return;
  const stream = streams.streamOf(entry);
  const about = measure(stream, startMs, startSeq);
  if (!keyed.hasMemory(<usize>min<u64>((about + 1) * ID_SIZE, u32.MAX_VALUE))) return;
  deletedIds = allocate((<usize>about + 1) * ID_SIZE);
  if (isAutoclaimPossible(stream, startMs, startSeq, about)) {
    effects.suppress();
    claimFrom(stream, startMs, startSeq);
    finish();
  }
  release(deletedIds);
}

/** Whether there is room for the reply of XAUTOCLAIM, and then for its claims; or that is replied. */
function isAutoclaimPossible(stream: Stream, ms: u64, seq: u64, about: u64): bool {
  isTrial = true;
  claimFrom(stream, ms, seq);
  isTrial = false;
  if (!reply.fits()) return false;
  reply.pending().rewind();
  return isAffordable(about);
}

function areAutoclaimOptions(): bool {
  count = AUTOCLAIM_COUNT;
  onlyIds = false;
  for (let index: u32 = 6; index < args.count; index++) {
    if (index + 1 < args.count && args.is(index, 'COUNT')) {
      if (!args.isIntegerOr(++index, CLAIM_COUNT_TOO_LOW)) return false;
      count = args.integer;
      if (count < 1 || count > AUTOCLAIM_COUNT_MAX) return refused(CLAIM_COUNT_TOO_LOW);
    } else if (args.is(index, 'JUSTID')) {
      onlyIds = true;
    } else {
      return refused(SYNTAX_ERROR);
    }
  }
  return true;
}

/**
 * Claims what is pending from an id on. Where to go on next time is replied first, so a first
 * walk finds that out, which changes nothing.
 */
function claimFrom(stream: Stream, ms: u64, seq: u64): void {
  deletedCount = 0;
  reply.array(3);
  ids.replyId(nextMs, nextSeq);
  const place = reply.openArray();
  let claimed: u64 = 0;
  let record = streamIndex.ceiling(group.pending, ms, seq);
  while (record && reply.fits()) {
    ms = record.milliseconds;
    seq = record.sequence;
    if (hasNext && !isBelow(ms, seq, nextMs, nextSeq)) break;
    if (isClaimedNext(stream, groups.pendingOf(record), ms, seq)) claimed++;
    record = streamIndex.following(group.pending, ms, seq);
  }
  reply.closeArray(place, claimed);
  replyDeleted();
}

function isClaimedNext(stream: Stream, pending: Pending, ms: u64, seq: u64): bool {
  if (!streams.find(stream, ms, seq)) {
    remember(ms, seq);
    if (isTrial) return false;
    streamEffects.claim(1, group, ms, seq, pending);
    forget(ms, seq);
    return false;
  }
  if (isBusy(pending)) return false;
  replyClaimed(ms, seq);
  if (isTrial) return true;
  take(pending, ms, seq);
  pending.deliveredAt = database.now;
  if (!onlyIds) pending.deliveries++;
  streamEffects.claim(1, group, ms, seq, pending);
  return true;
}

function remember(ms: u64, seq: u64): void {
  const place = deletedIds + <usize>deletedCount * ID_SIZE;
  store<u64>(place, ms);
  store<u64>(place, seq, 8);
  deletedCount++;
}

function replyDeleted(): void {
  reply.array(deletedCount);
  const end = deletedIds + <usize>deletedCount * ID_SIZE;
  for (let at = deletedIds; at < end; at += ID_SIZE) ids.replyId(load<u64>(at), load<u64>(at, 8));
}

// Where the next XAUTOCLAIM is to go on: 0-0 if there is nothing left
let nextMs: u64 = 0;
let nextSeq: u64 = 0;
let hasNext: bool = false;

/** Finds out where claiming from an id on will stop; returns how many ids it will be about. */
function measure(stream: Stream, ms: u64, seq: u64): u64 {
  let attempts = <u64>count * ATTEMPTS;
  let about: u64 = 0;
  let record = streamIndex.ceiling(group.pending, ms, seq);
  while (record && attempts && about < <u64>count) {
    attempts--;
    ms = record.milliseconds;
    seq = record.sequence;
    if (!isBusy(groups.pendingOf(record)) || !streams.find(stream, ms, seq)) about++;
    record = streamIndex.following(group.pending, ms, seq);
  }
  hasNext = record != null;
  nextMs = record ? record.milliseconds : 0;
  nextSeq = record ? record.sequence : 0;
  return about;
}
