/**
 * Stream range: walks over the entries of a stream between two ids, in either direction, past
 * those that are deleted. The entry itself is read with structures/stream-node.ts. One walk at
 * a time, and the index and its nodes must not be changed meanwhile.
 */
import * as streamIndex from '../structures/stream-index';
import { IndexRecord, isBelow, StreamIndex } from '../structures/stream-index';
import * as node from '../structures/stream-node';

// The walk
let index: usize = 0;
let startMs: u64 = 0;
let startSeq: u64 = 0;
let endMs: u64 = 0;
let endSeq: u64 = 0;
/** The node that is open, if any is, by its id. */
let isOpen: bool = false;
let nodeMs: u64 = 0;
let nodeSeq: u64 = 0;

/** Begins a walk over the entries from one id to another, both included. */
export function open(nodes: StreamIndex, fromMs: u64, fromSeq: u64, toMs: u64, toSeq: u64): void {
  index = changetype<usize>(nodes);
  startMs = fromMs;
  startSeq = fromSeq;
  endMs = toMs;
  endSeq = toSeq;
  isOpen = false;
}

/** Begins a walk over all entries. */
export function openAll(nodes: StreamIndex): void {
  open(nodes, 0, 0, u64.MAX_VALUE, u64.MAX_VALUE);
}

function remember(record: IndexRecord): void {
  isOpen = true;
  nodeMs = record.milliseconds;
  nodeSeq = record.sequence;
}

/** Steps to the next entry; false if there is none. */
export function next(): bool {
  while (isOpen || opensFirst()) {
    while (node.step()) {
      // Those that are deleted end no walk: XSETID may have gone back behind them.
      if (node.isDeleted) continue;
      if (isBelow(node.milliseconds, node.sequence, startMs, startSeq)) continue;
      return !isBelow(endMs, endSeq, node.milliseconds, node.sequence);
    }
    if (!opens(streamIndex.following(changetype<StreamIndex>(index), nodeMs, nodeSeq))) break;
  }
  return false;
}

function opensFirst(): bool {
  const nodes = changetype<StreamIndex>(index);
  const record = streamIndex.floor(nodes, startMs, startSeq);
  return opens(record ? record : streamIndex.first(nodes));
}

function opens(record: IndexRecord | null): bool {
  if (!record) return false;
  remember(record);
  node.open(record.value, nodeMs, nodeSeq);
  return true;
}

/** Steps to the entry in front, from the end on; false if there is none. */
export function previous(): bool {
  while (isOpen || opensLast()) {
    while (node.stepBack()) {
      if (node.isDeleted) continue;
      if (isBelow(endMs, endSeq, node.milliseconds, node.sequence)) continue;
      return !isBelow(node.milliseconds, node.sequence, startMs, startSeq);
    }
    const nodes = changetype<StreamIndex>(index);
    if (!opensAtEnd(streamIndex.preceding(nodes, nodeMs, nodeSeq))) break;
  }
  return false;
}

function opensLast(): bool {
  return opensAtEnd(streamIndex.floor(changetype<StreamIndex>(index), endMs, endSeq));
}

function opensAtEnd(record: IndexRecord | null): bool {
  if (!record) return false;
  remember(record);
  node.openAtEnd(record.value, nodeMs, nodeSeq);
  return true;
}
