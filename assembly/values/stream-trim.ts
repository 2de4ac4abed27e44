/**
 * Stream trim: removes entries from the begin of a stream, until it has no more than so many
 * (MAXLEN) or none below an id (MINID).
 *
 * Whole nodes go first. Approximate trimming stops there; the exact one marks entries of the
 * next node as deleted. As Redis does, so that as many go.
 */
import * as streamIndex from '../structures/stream-index';
import { IndexRecord, isBelow } from '../structures/stream-index';
import * as node from '../structures/stream-node';
import * as streams from './streams';
import { Stream } from './streams';

// What is trimmed to: the length, or the id
let byLength: bool = false;
let lengthMax: u64 = 0;
let minMs: u64 = 0;
let minSeq: u64 = 0;

/** Trims to a length. `limit` is the most entries to remove, 0 for all; see `trim`. */
export function toLength(stream: Stream, length: u64, approximate: bool, limit: u64): u64 {
  byLength = true;
  lengthMax = length;
  return trim(stream, approximate, limit);
}

/** Removes what is below an id. */
export function toId(stream: Stream, ms: u64, seq: u64, approximate: bool, limit: u64): u64 {
  byLength = false;
  minMs = ms;
  minSeq = seq;
  return trim(stream, approximate, limit);
}

/** Returns how many entries were removed. */
function trim(stream: Stream, approximate: bool, limit: u64): u64 {
  let removed: u64 = 0;
  while (true) {
    if (byLength && stream.length <= lengthMax) break;
    const record = streamIndex.first(stream.index);
    if (!record) break;
    const entries = node.liveCount(record.value);
    if (limit && removed + entries > limit) break;
    if (isWhole(stream, record, entries)) {
      streams.removeNode(stream, record);
      stream.length -= entries;
      removed += entries;
      continue;
    }
    if (!approximate) removed += trimWithin(stream, record, entries);
    break;
  }
  if (removed) streams.refreshFirst(stream);
  return removed;
}

/** Whether all entries of the node are to go. */
function isWhole(stream: Stream, record: IndexRecord, entries: u32): bool {
  if (byLength) return stream.length - entries >= lengthMax;
  node.openAtEnd(record.value, record.milliseconds, record.sequence);
  // The last entry counts even if it is deleted.
  return !node.stepBack() || isBelow(node.milliseconds, node.sequence, minMs, minSeq);
}

/** Marks entries of the first node as deleted, until there is nothing more to trim. */
function trimWithin(stream: Stream, record: IndexRecord, entries: u32): u32 {
  let removed: u32 = 0;
  streams.willChange(stream, record);
  node.open(record.value, record.milliseconds, record.sequence);
  while (node.step() && !isTrimmed(stream)) {
    if (node.isDeleted) continue;
    node.markDeleted();
    removed++;
    stream.length--;
  }
  const deleted = node.deletedCount(record.value) + removed;
  record.value = <u32>node.setCounts(record.value, entries - removed, deleted);
  return removed;
}

/** Whether the entry that was stepped to stays. */
function isTrimmed(stream: Stream): bool {
  if (byLength) return stream.length <= lengthMax;
  return !isBelow(node.milliseconds, node.sequence, minMs, minSeq);
}
