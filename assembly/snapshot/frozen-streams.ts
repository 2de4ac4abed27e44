/**
 * Frozen streams: streams that a snapshot writes while they change, from the lowest id on. The
 * listpack of a node that is about to change or to go is put aside under the id of the node; a node
 * that is new is put aside as nothing. So what the snapshot gets to is the lower one of the next node
 * and of the next that was put aside, which goes first where both have one id.
 *
 * The rest, groups too, is put aside as it was at the begin.
 */
import { copy } from '../memory/bytes';
import { allocate, release } from '../memory/heap';
import * as listpack from '../structures/listpack';
import * as streamIndex from '../structures/stream-index';
import { IndexRecord, isBelow } from '../structures/stream-index';
import { observeStreams } from '../structures/watch';
import * as streams from '../values/streams';
import { Stream } from '../values/streams';
import * as frozen from './frozen';
import { Frozen } from './frozen';
import { writePack } from './write-stream';
import * as writer from './writer';

function streamOf(kept: Frozen): Stream {
  return changetype<Stream>(<usize>kept.block);
}

/** Begins to watch the stream. */
export function begin(kept: Frozen): void {
  streamOf(kept).watched = kept.watched;
  observeStreams(putAside, keep);
}

/** Writes a node, or passes one that is new; true if there is no other. */
export function step(kept: Frozen): bool {
  if (frozen.useless) return true;
  const live = streamIndex.ceiling(streamOf(kept).index, kept.ms, kept.seq);
  const aside = streamIndex.ceiling(kept.packs, kept.ms, kept.seq);
  if (aside && (!live || !isBefore(live, aside))) {
    const pack = <usize>aside.value;
    aside.value = 0;
    return pass(kept, aside, pack, pack);
  }
  return !live || pass(kept, live, live.value, 0);
}

function isBefore(node: IndexRecord, other: IndexRecord): bool {
  return isBelow(msOf(node), seqOf(node), msOf(other), seqOf(other));
}

function msOf(record: IndexRecord): u64 {
  return record.milliseconds;
}

function seqOf(record: IndexRecord): u64 {
  return record.sequence;
}

/** Writes the listpack of a node, unless it is 0, frees what is to be freed, and goes behind it. */
function pass(kept: Frozen, node: IndexRecord, pack: usize, freed: usize): bool {
  const ms = msOf(node);
  const seq = seqOf(node);
  if (pack) writePack(ms, seq, pack);
  if (freed) release(freed);
  kept.seq = seq + 1;
  kept.ms = kept.seq ? ms : ms + 1;
  return !kept.seq && !kept.ms;
}

/** Everything is written: ends the watch. */
export function end(kept: Frozen): void {
  streamIndex.visit(kept.packs, releasePack);
  streamIndex.dispose(kept.packs);
  streamOf(kept).watched = 0;
  if (kept.owned) streams.dispose(streamOf(kept));
}

function releasePack(record: IndexRecord): void {
  if (record.value) release(record.value);
}

/** Whether the node of this id is written, or put aside. */
function isSafe(kept: Frozen, ms: u64, seq: u64): bool {
  if (frozen.useless || isBelow(ms, seq, kept.ms, kept.seq)) return true;
  return streamIndex.find(kept.packs, ms, seq) != null;
}

/** A node is about to change; or it is new, and its listpack 0. */
function putAside(watched: u32, ms: u64, seq: u64, pack: usize): void {
  const kept = frozen.frozenAt(watched);
  if (isSafe(kept, ms, seq)) return;
  const size: usize = pack ? listpack.bytesOf(pack) : 0;
  if (!writer.canClaim(<u64>size + streamIndex.putCost(kept.packs, 1))) {
    return frozen.setUseless(true);
  }
  let copied: usize = 0;
  if (pack) {
    copied = allocate(size);
    copy(copied, pack, size);
  }
  streamIndex.put(kept.packs, ms, seq).value = <u32>copied;
}

/** A node is about to go: keeps its listpack if that is needed. */
function keep(watched: u32, ms: u64, seq: u64, pack: usize): bool {
  const kept = frozen.frozenAt(watched);
  if (isSafe(kept, ms, seq)) return false;
  if (!writer.canClaim(streamIndex.putCost(kept.packs, 1))) {
    frozen.setUseless(true);
    return false;
  }
  streamIndex.put(kept.packs, ms, seq).value = <u32>pack;
  return true;
}
