/**
 * Write stream: the pieces of a stream in a snapshot. `id` is two lengths, milliseconds and
 * sequence; a raw id is sixteen bytes, big endian.
 *
 *   nodes, then for each: string with the raw id, string with the listpack
 *   entries, last id, first id, highest deleted id, entries added
 *   groups, then for each:
 *     name, last id, entries read (2^64 - 1 if that is not known)
 *     pending entries, then for each: raw id, time of delivery i64, deliveries
 *     consumers, then for each:
 *       name, time when it was seen i64
 *       pending entries, then for each: raw id
 */
import { Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as streamIndex from '../structures/stream-index';
import { IndexRecord } from '../structures/stream-index';
import * as groups from '../values/stream-groups';
import { Consumer, Group } from '../values/stream-groups';
import * as streams from '../values/streams';
import * as writer from './writer';

const RAW_ID_SIZE: usize = 16;
const rawId: usize = memory.data(16, 16);

/** Writes the number of nodes. */
export function begin(entry: Entry): void {
  writer.length(streams.streamOf(entry).index.count);
}

/** Writes all nodes. */
export function writeNodes(entry: Entry): void {
  streamIndex.visit(streams.streamOf(entry).index, writeNode);
}

function writeNode(record: IndexRecord): void {
  writePack(record.milliseconds, record.sequence, record.value);
}

/** Writes a node. */
export function writePack(ms: u64, seq: u64, pack: usize): void {
  setRawId(ms, seq);
  writer.string(rawId, RAW_ID_SIZE);
  writer.string(pack, listpack.bytesOf(pack));
}

function setRawId(ms: u64, seq: u64): void {
  store<u64>(rawId, bswap<u64>(ms));
  store<u64>(rawId, bswap<u64>(seq), 8);
}

function id(milliseconds: u64, sequence: u64): void {
  writer.length(milliseconds);
  writer.length(sequence);
}

/** Writes what follows the nodes. */
export function end(entry: Entry): void {
  const stream = streams.streamOf(entry);
  writer.length(stream.length);
  id(stream.lastMs, stream.lastSeq);
  id(stream.firstMs, stream.firstSeq);
  id(stream.deletedMs, stream.deletedSeq);
  writer.length(stream.added);
  writer.length(stream.groups.count);
  for (let at: u32 = 0; at < stream.groups.count; at++) writeGroup(groups.at(stream.groups, at));
}

function writeGroup(group: Group): void {
  writer.string(group.name, group.nameLength);
  id(group.lastMs, group.lastSeq);
  writer.length(group.entriesRead);
  writer.length(group.pending.count);
  streamIndex.visit(group.pending, writePending);
  writer.length(group.consumers.count);
  for (let at: u32 = 0; at < group.consumers.count; at++) {
    writeConsumer(groups.consumerAt(group, at));
  }
}

function writePending(record: IndexRecord): void {
  const pending = groups.pendingOf(record);
  writeRawId(record);
  writer.word(pending.deliveredAt);
  writer.length(pending.deliveries);
}

function writeConsumer(consumer: Consumer): void {
  writer.string(consumer.name, consumer.nameLength);
  writer.word(consumer.seenAt);
  writer.length(consumer.pending.count);
  streamIndex.visit(consumer.pending, writeRawId);
}

function writeRawId(record: IndexRecord): void {
  setRawId(record.milliseconds, record.sequence);
  writer.raw(rawId, RAW_ID_SIZE);
}
