/**
 * Stream lag: how many entries a group has read, and how many it still has to read. Redis tells
 * as long as that follows from what it keeps: it does not once entries in between were deleted.
 */
import { isBelow } from '../structures/stream-index';
import { Group, UNKNOWN } from './stream-groups';
import { Stream } from './streams';

/** What `isKnown` found: entries that the group has not read. Below zero if XSETID had it so. */
export let lag: i64 = 0;

/** Whether it can be told how many entries the group has not read. */
export function isKnown(stream: Stream, group: Group): bool {
  lag = 0;
  if (!stream.added) return true;
  const isCounted = group.entriesRead != UNKNOWN;
  const isExact = isCounted && !mayLackFrom(stream, group.lastMs, group.lastSeq);
  const read = isExact ? group.entriesRead : entriesUpTo(stream, group.lastMs, group.lastSeq);
  lag = stream.added - read;
  return isExact || read != UNKNOWN;
}

/** Tells the group that the entry of this id was read, if it is above what was read before. */
export function advance(stream: Stream, group: Group, ms: u64, seq: u64): void {
  if (!isBelow(group.lastMs, group.lastSeq, ms, seq)) return;
  if (group.entriesRead != UNKNOWN && !mayLackFrom(stream, ms, seq)) group.entriesRead++;
  else if (stream.added) group.entriesRead = entriesUpTo(stream, ms, seq);
  group.lastMs = ms;
  group.lastSeq = seq;
}

/** Whether an entry at the id or above may have been deleted. */
function mayLackFrom(stream: Stream, ms: u64, seq: u64): bool {
  if (!stream.length || (stream.deletedMs | stream.deletedSeq) == 0) return false;
  if (isBelow(stream.deletedMs, stream.deletedSeq, stream.firstMs, stream.firstSeq)) return false;
  return !isBelow(stream.deletedMs, stream.deletedSeq, ms, seq);
}

/** Entries ever added with ids up to this one, or UNKNOWN. */
function entriesUpTo(stream: Stream, ms: u64, seq: u64): i64 {
  if (!stream.added) return 0;
  const isAhead = isBelow(stream.lastMs, stream.lastSeq, ms, seq);
  if (!stream.length && !isAhead) return stream.added;
  if (ms == stream.lastMs && seq == stream.lastSeq) return stream.added;
  if (isAhead) return UNKNOWN;
  const hasDeleted = (stream.deletedMs | stream.deletedSeq) != 0;
  const firstMs = stream.firstMs;
  const firstSeq = stream.firstSeq;
  if (hasDeleted && !isBelow(stream.deletedMs, stream.deletedSeq, firstMs, firstSeq)) {
    return UNKNOWN;
  }
  if (isBelow(ms, seq, firstMs, firstSeq)) return stream.added - stream.length;
  if (ms == firstMs && seq == firstSeq) return stream.added - stream.length + 1;
  return UNKNOWN;
}
