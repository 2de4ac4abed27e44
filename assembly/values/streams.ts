/**
 * Streams: the type STREAM_NODES. The block of the entry is a record about the whole, in which
 * the index of the nodes and the groups are embedded:
 *
 *   0        8         24         40           56      64        68            84
 *   +--------+---------+----------+------------+-------+---------+-------------+--------+
 *   | length | last id | first id | deleted id | added | watched | index       | groups |
 *   +--------+---------+----------+------------+-------+---------+-------------+--------+
 *     u64      u64, u64  u64, u64   u64, u64     u64     u32       StreamIndex   Names
 *
 *   index: first id of a node -> its listpack (structures/stream-node.ts)
 *
 * A node is full at the limits `stream-node-max-bytes` and `-entries`, counted as Redis does, so
 * that both have the same nodes: what approximate trimming removes depends on that.
 */
import { copy } from '../memory/bytes';
import { allocate, blockSize, release } from '../memory/heap';
import { create, Entry, entryCost } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as streamIndex from '../structures/stream-index';
import { INDEX_SIZE, IndexRecord, StreamIndex } from '../structures/stream-index';
import { NAMES_SIZE, Names } from '../structures/stream-names';
import * as node from '../structures/stream-node';
import { inherits, packIsGone, packWillChange } from '../structures/watch';
import { blockOf, REFERENCE_SIZE, STREAM_NODES, setBlock } from './kind';
import * as limits from './limits';
import * as groups from './stream-groups';
import * as range from './stream-range';

@unmanaged
export class Stream {
  length: u64;
  /** The highest id ever. */
  lastMs: u64;
  lastSeq: u64;
  /** The id of the first entry; 0-0 while there is none. */
  firstMs: u64;
  firstSeq: u64;
  /** The highest id that XDEL removed. */
  deletedMs: u64;
  deletedSeq: u64;
  /** Entries ever added. */
  added: u64;
  /** The number under which a snapshot watches the stream, or 0 (structures/watch.ts). */
  watched: u32;

  @inline get index(): StreamIndex {
    return changetype<StreamIndex>(changetype<usize>(this) + INDEX_PLACE);
  }

  @inline get groups(): Names {
    return changetype<Names>(changetype<usize>(this) + GROUPS_PLACE);
  }
}

const INDEX_PLACE: usize = offsetof<Stream>();
const GROUPS_PLACE: usize = INDEX_PLACE + INDEX_SIZE;
const STREAM_SIZE: usize = GROUPS_PLACE + NAMES_SIZE;
/** The most bytes of a node, and of the fields and values of an entry, whatever is configured. */
const NODE_BYTES_MAX: i64 = 1 << 30;
const COPY_SLACK: usize = 256;

export function streamOf(entry: Entry): Stream {
  return changetype<Stream>(blockOf(entry));
}

/** A stream without entries under a key. `flags` is VOLATILE or 0. */
export function createEntry(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, STREAM_NODES | flags, REFERENCE_SIZE);
  const block = allocate(STREAM_SIZE);
  memory.fill(block, 0, STREAM_SIZE);
  setBlock(entry, block);
  return entry;
}

/** An upper bound of the memory that a stream without entries takes. */
export function createCost(keyLength: usize): usize {
  return entryCost(keyLength, REFERENCE_SIZE) + STREAM_SIZE;
}

// Adding

/** The bytes of fields and values, which Redis bounds to 1 GiB. */
export let payload: u64 = 0;

/** Adds up the bytes of `words` arguments; false if they are too many for an entry. */
export function isPayload(vector: usize, words: u32): bool {
  payload = 0;
  const end = vector + ((<usize>words) << 3);
  for (let at = vector; at < end; at += 8) payload += load<u32>(at, 4);
  return <i64>payload <= NODE_BYTES_MAX;
}

/** An upper bound of the memory that adding the entry of `isPayload` takes. */
export function appendCost(stream: Stream, words: u32): usize {
  const size = node.sizeBound(words, <usize>payload);
  const tail = streamIndex.last(stream.index);
  const total: usize = tail ? listpack.bytesOf(tail.value) : 0;
  const index = <usize>streamIndex.putCost(stream.index, 1);
  return max(node.grownSize(total, size), (size << 1) + total) + index;
}

/**
 * Appends an entry with an id above the last one: pairs { u32 address, u32 length } of fields and
 * values in turn, of which `isPayload` has told. Memory must be reserved.
 */
export function append(stream: Stream, ms: u64, seq: u64, vector: usize, pairs: u32): void {
  const size = node.sizeBound(pairs << 1, <usize>payload);
  let tail = streamIndex.last(stream.index);
  if (!tail || isFull(tail.value)) tail = addNode(stream, tail, ms, seq, vector, pairs);
  willChange(stream, tail);
  const roomy = node.withRoom(tail.value, size);
  const msDelta = <i64>(ms - tail.milliseconds);
  tail.value = <u32>node.append(roomy, msDelta, <i64>(seq - tail.sequence), vector, pairs);
  stream.added++;
  stream.lastMs = ms;
  stream.lastSeq = seq;
  if (++stream.length != 1) return;
  stream.firstMs = ms;
  stream.firstSeq = seq;
}

function isFull(tail: usize): bool {
  const configured = limits.streamNodeBytes;
  const bytesMax = configured <= 0 || configured > NODE_BYTES_MAX ? NODE_BYTES_MAX : configured;
  if (<i64>listpack.bytesOf(tail) + <i64>payload >= bytesMax) return true;
  const entriesMax = limits.streamNodeEntries;
  if (entriesMax <= 0) return false;
  return <i64>node.liveCount(tail) + node.deletedCount(tail) >= entriesMax;
}

/**
 * A new node for the id; the one at the end, if any, gives back what it does not need. There is a
 * node of this id already if XSETID has gone back behind entries that were deleted: it is taken.
 */
function addNode(
  stream: Stream,
  tail: IndexRecord | null,
  ms: u64,
  seq: u64,
  vector: usize,
  pairs: u32,
): IndexRecord {
  let expected: usize = 0;
  if (tail) {
    expected = listpack.bytesOf(tail.value);
    tail.value = <u32>listpack.trim(tail.value);
  }
  const record = streamIndex.put(stream.index, ms, seq);
  if (!streamIndex.added) return record;
  const size = node.sizeBound(pairs << 1, <usize>payload);
  record.value = <u32>node.create(vector, pairs, max(expected, size << 1));
  if (stream.watched) packWillChange(stream.watched, ms, seq, 0);
  return record;
}

/** Tells that the node is about to change. */
export function willChange(stream: Stream, record: IndexRecord): void {
  if (!stream.watched) return;
  packWillChange(stream.watched, record.milliseconds, record.sequence, record.value);
}

// Entries

/** Opens the node that would have this id, if there is one, in front of its first entry. */
export function openNode(stream: Stream, ms: u64, seq: u64): IndexRecord | null {
  const record = streamIndex.floor(stream.index, ms, seq);
  if (record) node.open(record.value, record.milliseconds, record.sequence);
  return record;
}

/** Steps to the entry of this id, for reading; false if there is none, or it is deleted. */
export function find(stream: Stream, ms: u64, seq: u64): bool {
  if (!openNode(stream, ms, seq)) return false;
  while (node.step()) {
    if (streamIndex.isBelow(node.milliseconds, node.sequence, ms, seq)) continue;
    return node.milliseconds == ms && node.sequence == seq && !node.isDeleted;
  }
  return false;
}

/** Removes the entry of this id; false if there is none. The first id is left as it was. */
export function remove(stream: Stream, ms: u64, seq: u64): bool {
  if (!find(stream, ms, seq)) return false;
  const record = streamIndex.floor(stream.index, ms, seq);
  if (!record) return false;
  const live = node.liveCount(record.value);
  stream.length--;
  if (live == 1) {
    removeNode(stream, record);
  } else {
    willChange(stream, record);
    node.markDeleted();
    const deleted = node.deletedCount(record.value) + 1;
    record.value = <u32>node.setCounts(record.value, live - 1, deleted);
  }
  if (streamIndex.isBelow(stream.deletedMs, stream.deletedSeq, ms, seq)) {
    stream.deletedMs = ms;
    stream.deletedSeq = seq;
  }
  return true;
}

/** Removes a node with all of its entries; the length is left. */
export function removeNode(stream: Stream, record: IndexRecord): void {
  const ms = record.milliseconds;
  const seq = record.sequence;
  const isTaken = stream.watched != 0 && packIsGone(stream.watched, ms, seq, record.value);
  if (!isTaken) release(record.value);
  streamIndex.remove(stream.index, ms, seq);
}

/** Finds out anew what the first id is, after removals. */
export function refreshFirst(stream: Stream): void {
  range.openAll(stream.index);
  const found = stream.length != 0 && range.next();
  stream.firstMs = found ? node.milliseconds : 0;
  stream.firstSeq = found ? node.sequence : 0;
}

// As a value

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  const stream = streamOf(entry);
  if (!inherits(stream.watched)) dispose(stream);
}

/** Frees a stream with all that it has. */
export function dispose(stream: Stream): void {
  streamIndex.visit(stream.index, releaseListpack);
  streamIndex.dispose(stream.index);
  groups.disposeAll(stream.groups);
  release(changetype<usize>(stream));
}

function releaseListpack(record: IndexRecord): void {
  release(record.value);
}

let sum: usize = 0;
let nodesLeft: u32 = 0;

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry): usize {
  const stream = streamOf(entry);
  const nodes = memoryOfNodes(stream, 0) + streamIndex.memoryOf(stream.index);
  return STREAM_SIZE + (nodes << 1) + (groups.memoryOfAll(stream.groups) << 1) + COPY_SLACK;
}

function memoryOfNodes(stream: Stream, samples: u32): usize {
  sum = 0;
  const count = stream.index.count;
  const measured = samples ? min(samples, count) : count;
  nodesLeft = measured;
  streamIndex.visit(stream.index, addListpack);
  return measured ? <usize>((<u64>sum * count) / measured) : 0;
}

function addListpack(record: IndexRecord): void {
  if (!nodesLeft) return;
  nodesLeft--;
  sum += blockSize(record.value);
}

/** The index that copies of nodes are put into. */
let target: usize = 0;

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const copied = createEntry(key, keyLength, flags);
  const from = streamOf(entry);
  const to = streamOf(copied);
  memory.copy(changetype<usize>(to), changetype<usize>(from), INDEX_PLACE);
  to.watched = 0;
  target = changetype<usize>(to.index);
  streamIndex.visit(from.index, copyNode);
  groups.copyAll(from.groups, to.groups);
  return copied;
}

function copyNode(record: IndexRecord): void {
  const total = listpack.bytesOf(record.value);
  const copied = allocate(total);
  copy(copied, record.value, total);
  const index = changetype<StreamIndex>(target);
  streamIndex.put(index, record.milliseconds, record.sequence).value = <u32>copied;
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(_entry: Entry): string {
  return 'stream';
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(entry: Entry, samples: u32): usize {
  const stream = streamOf(entry);
  const index = streamIndex.memoryOf(stream.index) + groups.memoryOfAll(stream.groups);
  return STREAM_SIZE + memoryOfNodes(stream, samples) + index;
}

/** Visits the entries by id, and of each the fields and values in turn. */
export function visit(
  entry: Entry,
  visitId: (milliseconds: u64, sequence: u64) => void,
  visitText: (address: usize, length: usize) => void,
): void {
  range.openAll(streamOf(entry).index);
  while (range.next()) {
    visitId(node.milliseconds, node.sequence);
    for (let field: u32 = 0; field < node.fieldCount; field++) {
      node.readField();
      visitText(listpack.address, listpack.length);
      node.readValue();
      visitText(listpack.address, listpack.length);
    }
  }
}
