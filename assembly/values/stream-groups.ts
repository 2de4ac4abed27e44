/**
 * Stream groups: consumer groups, their consumers, and what was delivered but not acknowledged.
 *
 *   group      0       8         24             32        48          56
 *              +-------+---------+--------------+---------+-----------+------+
 *              | name  | last id | entries read | pending | consumers | name |
 *              +-------+---------+--------------+---------+-----------+------+
 *               Named   u64, u64  i64, -1: unknown  index   Names
 *
 *   consumer   0       8         16        32
 *              +-------+---------+---------+------+
 *              | name  | seen at | pending | name |
 *              +-------+---------+---------+------+
 *               Named   i64       index
 *
 *   pending    0              8            16
 *              +--------------+------------+----------+
 *              | delivered at | deliveries | consumer |
 *              +--------------+------------+----------+
 *               i64            u64          u32
 *
 * What is known about a pending id is one record, to which the indexes of the group and of the
 * consumer lead: 24 bytes, and 24 to 40 for each of the two.
 */
import { allocate, release } from '../memory/heap';
import * as streamIndex from '../structures/stream-index';
import { INDEX_SIZE, IndexRecord, StreamIndex } from '../structures/stream-index';
import * as names from '../structures/stream-names';
import { NAMES_SIZE, Named, Names } from '../structures/stream-names';

@unmanaged
export class Group extends Named {
  lastMs: u64;
  lastSeq: u64;
  /** Entries that were read up to the last id, or UNKNOWN. */
  entriesRead: i64;

  @inline get pending(): StreamIndex {
    return changetype<StreamIndex>(changetype<usize>(this) + GROUP_PENDING);
  }

  @inline get consumers(): Names {
    return changetype<Names>(changetype<usize>(this) + GROUP_CONSUMERS);
  }
}

@unmanaged
export class Consumer extends Named {
  seenAt: i64;

  @inline get pending(): StreamIndex {
    return changetype<StreamIndex>(changetype<usize>(this) + CONSUMER_PENDING);
  }
}

@unmanaged
export class Pending {
  deliveredAt: i64;
  deliveries: u64;
  consumer: u32;
}

const GROUP_PENDING: usize = offsetof<Group>();
const GROUP_CONSUMERS: usize = GROUP_PENDING + INDEX_SIZE;
const GROUP_SIZE: usize = GROUP_CONSUMERS + NAMES_SIZE;
const CONSUMER_PENDING: usize = offsetof<Consumer>();
const CONSUMER_SIZE: usize = CONSUMER_PENDING + INDEX_SIZE;
const PENDING_SIZE: usize = offsetof<Pending>();
if (GROUP_SIZE != 56 || CONSUMER_SIZE != 32) ERROR('records are as drawn');
const SLACK: usize = 256;

/** The number of entries read is not known. */
export const UNKNOWN: i64 = -1;

// Groups

/** The group of this name, or null. */
export function find(groups: Names, name: usize, length: usize): Group | null {
  return changetype<Group>(names.find(groups, name, length));
}

/** The group at this position in the order of names. */
export function at(groups: Names, position: u32): Group {
  return changetype<Group>(names.at(groups, position));
}

/** An upper bound of the memory that a group or a consumer of such a name takes. */
export function createCost(among: Names, length: usize): usize {
  return names.addCost(among) + length + SLACK;
}

/** Adds a group, whose name must be new, behind entry 0-0. */
export function create(groups: Names, name: usize, length: usize): Group {
  const group = changetype<Group>(names.create(GROUP_SIZE, name, length));
  names.add(groups, group);
  return group;
}

/** Removes a group with its consumers. */
export function destroy(groups: Names, group: Group): void {
  disposeContents(group);
  names.remove(groups, group);
}

function disposeContents(group: Group): void {
  streamIndex.visit(group.pending, releasePending);
  streamIndex.dispose(group.pending);
  const consumers = group.consumers;
  for (let position: u32 = 0; position < consumers.count; position++) {
    const consumer = consumerAt(group, position);
    streamIndex.dispose(consumer.pending);
    release(changetype<usize>(consumer));
  }
  names.dispose(consumers);
}

function releasePending(record: IndexRecord): void {
  release(record.value);
}

/** Frees all groups. */
export function disposeAll(groups: Names): void {
  for (let position: u32 = 0; position < groups.count; position++) {
    const group = at(groups, position);
    disposeContents(group);
    release(changetype<usize>(group));
  }
  names.dispose(groups);
}

// Consumers

/** The consumer of this name, or null. */
export function findConsumer(group: Group, name: usize, length: usize): Consumer | null {
  return changetype<Consumer>(names.find(group.consumers, name, length));
}

/** The consumer at this position in the order of names. */
export function consumerAt(group: Group, position: u32): Consumer {
  return changetype<Consumer>(names.at(group.consumers, position));
}

/** Adds a consumer, whose name must be new. */
export function createConsumer(group: Group, name: usize, length: usize, now: i64): Consumer {
  const consumer = changetype<Consumer>(names.create(CONSUMER_SIZE, name, length));
  consumer.seenAt = now;
  names.add(group.consumers, consumer);
  return consumer;
}

/** Removes a consumer with all that it has not acknowledged. */
export function deleteConsumer(group: Group, consumer: Consumer): void {
  const pending = consumer.pending;
  let record = streamIndex.first(pending);
  while (record) {
    const ms = record.milliseconds;
    const seq = record.sequence;
    release(record.value);
    streamIndex.remove(group.pending, ms, seq);
    record = streamIndex.following(pending, ms, seq);
  }
  streamIndex.dispose(pending);
  names.remove(group.consumers, consumer);
}

// Pending entries

/** An upper bound of the memory that so many new pending entries take. */
export function pendingCost(group: Group, consumer: Consumer | null, count: u64): u64 {
  const own = consumer ? streamIndex.putCost(consumer.pending, count) : count << 7;
  return streamIndex.putCost(group.pending, count) + own + (count << 5) + (SLACK << 4);
}

/** What is known about the delivery that an index leads to. */
export function pendingOf(record: IndexRecord): Pending {
  return changetype<Pending>(record.value);
}

export function consumerOf(pending: Pending): Consumer {
  return changetype<Consumer>(pending.consumer);
}

/** The pending entry of this id, or null. */
export function findPending(group: Group, ms: u64, seq: u64): Pending | null {
  const record = streamIndex.find(group.pending, ms, seq);
  return record ? pendingOf(record) : null;
}

/** A pending entry of this id for the consumer, delivered once, whether or not there was one. */
export function deliver(group: Group, consumer: Consumer, ms: u64, seq: u64, now: i64): Pending {
  const record = streamIndex.put(group.pending, ms, seq);
  if (streamIndex.added) record.value = <u32>createPending();
  const pending = pendingOf(record);
  pending.deliveredAt = now;
  pending.deliveries = 1;
  assign(pending, consumer, ms, seq);
  return pending;
}

function createPending(): usize {
  const block = allocate(PENDING_SIZE);
  memory.fill(block, 0, PENDING_SIZE);
  return block;
}

/** Gives the pending entry to a consumer, in place of the one that had it. */
export function assign(pending: Pending, consumer: Consumer, ms: u64, seq: u64): void {
  const owner = <u32>changetype<usize>(consumer);
  if (pending.consumer == owner) return;
  if (pending.consumer) streamIndex.remove(consumerOf(pending).pending, ms, seq);
  streamIndex.put(consumer.pending, ms, seq).value = <u32>changetype<usize>(pending);
  pending.consumer = owner;
}

/** Forgets that the id is pending; false if it is not. */
export function acknowledge(group: Group, ms: u64, seq: u64): bool {
  const pending = findPending(group, ms, seq);
  if (!pending) return false;
  streamIndex.remove(group.pending, ms, seq);
  streamIndex.remove(consumerOf(pending).pending, ms, seq);
  release(changetype<usize>(pending));
  return true;
}

// As parts of a value

/** The memory that all groups take. */
export function memoryOfAll(groups: Names): usize {
  let total: usize = names.addCost(groups);
  for (let position: u32 = 0; position < groups.count; position++) {
    total += memoryOfGroup(at(groups, position));
  }
  return total;
}

function memoryOfGroup(group: Group): usize {
  const pending = group.pending;
  const consumers = group.consumers;
  let total = GROUP_SIZE + group.nameLength + names.addCost(consumers);
  total += streamIndex.memoryOf(pending) + <usize>pending.count * (PENDING_SIZE + 4);
  for (let position: u32 = 0; position < consumers.count; position++) {
    const consumer = consumerAt(group, position);
    total += CONSUMER_SIZE + consumer.nameLength + streamIndex.memoryOf(consumer.pending);
  }
  return total;
}

/** The groups between which pending entries are copied. */
let source: usize = 0;
let target: usize = 0;

/** Copies all groups into `to`, which has none. Memory must be reserved. */
export function copyAll(from: Names, to: Names): void {
  for (let position: u32 = 0; position < from.count; position++) {
    const group = at(from, position);
    const copied = create(to, group.name, group.nameLength);
    copied.lastMs = group.lastMs;
    copied.lastSeq = group.lastSeq;
    copied.entriesRead = group.entriesRead;
    copyContents(group, copied);
  }
}

function copyContents(from: Group, to: Group): void {
  for (let position: u32 = 0; position < from.consumers.count; position++) {
    const consumer = consumerAt(from, position);
    createConsumer(to, consumer.name, consumer.nameLength, consumer.seenAt);
  }
  source = changetype<usize>(from);
  target = changetype<usize>(to);
  streamIndex.visit(from.pending, copyPending);
}

function copyPending(record: IndexRecord): void {
  const group = changetype<Group>(target);
  const pending = pendingOf(record);
  const consumers = changetype<Group>(source).consumers;
  const position = names.positionOf(consumers, consumerOf(pending));
  const ms = record.milliseconds;
  const seq = record.sequence;
  const copied = deliver(group, consumerAt(group, position), ms, seq, pending.deliveredAt);
  copied.deliveries = pending.deliveries;
}
