/**
 * Read stream: a stream from any of the forms that Redis has written it in; write-stream.ts draws
 * them. The first version had no first id, deleted id and entries added, and groups no number of
 * entries read; the third has one time more for each consumer, which is not kept.
 *
 * What is claimed must agree: ids ascend, counts are those of the entries, every pending entry
 * has one consumer.
 */
import { allocate, release } from '../memory/heap';
import { Entry } from '../structures/entry';
import * as streamIndex from '../structures/stream-index';
import * as groups from '../values/stream-groups';
import { Consumer, Group, Pending } from '../values/stream-groups';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as format from './format';
import { readPack } from './packs';
import * as reader from './reader';
import * as node from './stream-check';

const RAW_ID_SIZE: usize = 16;
const PENDING_SIZE: usize = (offsetof<Pending>() + 7) & ~7;
const SLACK: u64 = 1024;

/** The id that was read last. */
let ms: u64 = 0;
let seq: u64 = 0;

/** Reads the body of a stream; the caller looks for trouble. */
export function readStream(type: u32, key: usize, keyLength: usize, flags: u32): Entry {
  const entry = streams.createEntry(key, keyLength, flags);
  const stream = streams.streamOf(entry);
  for (let left = reader.count(2); left; left--) if (!readNode(stream)) break;
  readRest(stream, type);
  return entry;
}

/** Reads what stands behind the nodes. */
export function readRest(stream: Stream, type: u32): void {
  readHead(stream, type != format.STREAM_LISTPACKS);
  for (let left = reader.count(1); left && !reader.trouble; left--) readGroup(stream, type);
}

function readId(): void {
  ms = reader.length();
  seq = reader.length();
}

function takeRawId(at: usize): void {
  ms = bswap<u64>(load<u64>(at));
  seq = bswap<u64>(load<u64>(at, 8));
}

function readRawId(): bool {
  const at = reader.raw(RAW_ID_SIZE);
  if (at) takeRawId(at);
  return at != 0;
}

// Nodes

function refuse(): void {
  reader.refuse();
}

/** Reads a node, whose entries come behind those that are there; false if there is trouble. */
export function readNode(stream: Stream): bool {
  const text = reader.second;
  if (!reader.string(text)) return false;
  if (text.length != RAW_ID_SIZE) return reader.refuse();
  takeRawId(text.address);
  const pack = readPack();
  if (!pack) return false;
  const isBehind =
    !stream.index.count || streamIndex.isBelow(stream.lastMs, stream.lastSeq, ms, seq);
  if (!isBehind || !node.check(pack, ms, seq) || !reader.hasMemory(putCost(stream))) {
    release(pack);
    return reader.refuse();
  }
  streamIndex.put(stream.index, ms, seq).value = <u32>pack;
  stream.length += node.liveCount;
  stream.lastMs = node.lastMs;
  stream.lastSeq = node.lastSeq;
  return true;
}

function putCost(stream: Stream): u64 {
  return streamIndex.putCost(stream.index, 1) + SLACK;
}

/** Reads what is said of all entries, and compares it with them. */
function readHead(stream: Stream, isLong: bool): void {
  if (reader.length() != stream.length) return refuse();
  readId();
  if (streamIndex.isBelow(ms, seq, stream.lastMs, stream.lastSeq)) return refuse();
  stream.lastMs = ms;
  stream.lastSeq = seq;
  stream.added = stream.length;
  streams.refreshFirst(stream);
  if (!isLong) return;
  // The first id is known from the entries.
  readId();
  readId();
  if (streamIndex.isBelow(stream.lastMs, stream.lastSeq, ms, seq)) return refuse();
  stream.deletedMs = ms;
  stream.deletedSeq = seq;
  stream.added = reader.length();
  if (stream.added < stream.length) refuse();
}

// Groups

function readGroup(stream: Stream, type: u32): void {
  const name = reader.first;
  if (!reader.string(name)) return;
  if (groups.find(stream.groups, name.address, name.length)) return refuse();
  if (!reader.hasMemory(groups.createCost(stream.groups, name.length) + SLACK)) return;
  const group = groups.create(stream.groups, name.address, name.length);
  readId();
  group.lastMs = ms;
  group.lastSeq = seq;
  group.entriesRead = groups.UNKNOWN;
  if (type != format.STREAM_LISTPACKS) group.entriesRead = reader.length();
  if (group.entriesRead < groups.UNKNOWN) return refuse();
  readPending(group);
  const pending = group.pending.count;
  let assigned: u64 = 0;
  for (let left = reader.count(1); left && !reader.trouble; left--) {
    assigned += readConsumer(group, type);
  }
  if (assigned != pending) refuse();
}

function readPending(group: Group): void {
  for (let left = reader.count(25); left; left--) {
    if (!readRawId()) return;
    if (!reader.hasMemory(streamIndex.putCost(group.pending, 1) + SLACK)) return;
    const record = streamIndex.put(group.pending, ms, seq);
    if (!streamIndex.added) return refuse();
    const pending = changetype<Pending>(allocate(PENDING_SIZE));
    record.value = <u32>changetype<usize>(pending);
    pending.consumer = 0;
    pending.deliveredAt = reader.word();
    pending.deliveries = reader.length();
  }
}

/** Reads a consumer; returns how many entries are pending for it. */
function readConsumer(group: Group, type: u32): u64 {
  const name = reader.first;
  if (!reader.string(name)) return 0;
  const taken = groups.findConsumer(group, name.address, name.length);
  if (taken) refuse();
  if (!reader.hasMemory(groups.createCost(group.consumers, name.length) + SLACK)) return 0;
  const seenAt = <i64>reader.word();
  if (type == format.STREAM_LISTPACKS_3) reader.word();
  if (reader.trouble) return 0;
  const consumer = groups.createConsumer(group, name.address, name.length, seenAt);
  const pending = reader.count(<u32>RAW_ID_SIZE);
  for (let left = pending; left; left--) if (!assignNext(group, consumer)) return 0;
  return pending;
}

/** Gives the pending entry whose id comes next to the consumer, unless another one has it. */
function assignNext(group: Group, consumer: Consumer): bool {
  if (!readRawId()) return false;
  const pending = groups.findPending(group, ms, seq);
  if (!pending || pending.consumer) return reader.refuse();
  if (!reader.hasMemory(streamIndex.putCost(consumer.pending, 1) + SLACK)) return false;
  groups.assign(pending, consumer, ms, seq);
  return true;
}
