/**
 * Frozen queue: the large collections that a snapshot writes next, one after the other. Whoever is
 * about to change one puts it here; so does the snapshot itself when it comes by.
 *
 *   head: deadline, type, key, count    what was put aside    the rest    the end, of a stream
 */
import { Entry } from '../structures/entry';
import { Quicklist } from '../structures/quicklist';
import { beginEra } from '../structures/watch';
import * as hashes from '../values/hashes';
import {
  blockOf,
  HASH_EXPIRING,
  keepsMembers,
  LIST_QUICKLIST,
  STREAM_NODES,
  shapeOf,
} from '../values/kind';
import * as sets from '../values/sets';
import * as streams from '../values/streams';
import * as format from './format';
import * as frozen from './frozen';
import { Frozen } from './frozen';
import * as lists from './frozen-lists';
import * as frozenStreams from './frozen-streams';
import * as tables from './frozen-tables';
import * as stream from './write-stream';
import * as value from './write-value';

/** What has no more members or nodes than this is written in one go. */
const MEMBERS_MAX: u32 = 32;
const NODES_MAX: u32 = 4;

let first: u32 = 0;
let last: u32 = 0;

/** A snapshot begins. */
export function begin(): void {
  frozen.setUseless(false);
  beginEra();
}

/** True if writing the value in one go would take long. */
export function isLarge(entry: Entry): bool {
  if (keepsMembers(entry)) return sets.tableOf(entry).count > MEMBERS_MAX;
  const shape = shapeOf(entry);
  if (shape == LIST_QUICKLIST) return changetype<Quicklist>(blockOf(entry)).length > NODES_MAX;
  return shape == STREAM_NODES && streams.streamOf(entry).index.count > NODES_MAX;
}

/** True if there is anything to be written. */
export function isWaiting(): bool {
  return first != 0;
}

/** What is to be written first. */
export function atHand(): Frozen {
  return changetype<Frozen>(<usize>first);
}

/** True if a collection is in the middle of being written. */
export function isBusy(): bool {
  return first != 0 && atHand().begun;
}

/** Puts a large collection at the end; false if that cannot be done: it is to be written at once. */
export function add(entry: Entry, source: u32): bool {
  const kept = frozen.create();
  if (!kept) return false;
  kept.source = source;
  kept.shape = shapeOf(entry);
  kept.block = <u32>blockOf(entry);
  if (!watch(kept, entry)) {
    frozen.dispose(kept);
    return false;
  }
  if (last) changetype<Frozen>(<usize>last).next = <u32>changetype<usize>(kept);
  else first = <u32>changetype<usize>(kept);
  last = <u32>changetype<usize>(kept);
  return true;
}

/** Begins to watch a collection, and puts aside what is not in its elements. */
function watch(kept: Frozen, entry: Entry): bool {
  if (keepsMembers(entry)) {
    if (!tables.begin(kept)) return false;
    kept.timed = value.formatOf(entry) == format.HASH_METADATA;
    if (kept.shape == HASH_EXPIRING) kept.earliest = hashes.earliestDeadline(entry);
  } else if (kept.shape == LIST_QUICKLIST) {
    lists.begin(kept);
  } else {
    frozenStreams.begin(kept);
    frozen.openPiece();
    stream.end(entry);
    kept.tail = frozen.closePiece(kept.tail);
  }
  frozen.openPiece();
  value.writeHead(entry);
  value.writeCount(entry);
  kept.pieces = frozen.closePiece(kept.pieces);
  return true;
}

/** A slice begins. */
export function resume(): void {
  if (isBusy() && keepsTable(atHand())) tables.resume(atHand());
}

/** A slice has ended. */
export function pause(): void {
  if (isBusy() && keepsTable(atHand())) tables.pause(atHand());
}

function keepsTable(kept: Frozen): bool {
  return kept.shape != LIST_QUICKLIST && kept.shape != STREAM_NODES;
}

/** Writes the next piece of what is at hand; true if that is done with. */
export function step(): bool {
  const kept = atHand();
  if (!kept.begun) {
    kept.begun = true;
    if (keepsTable(kept)) tables.resume(kept);
  }
  if (kept.pieces) {
    kept.pieces = frozen.writePiece(kept.pieces);
    return false;
  }
  if (!kept.ended) {
    kept.ended = stepElements(kept);
    return false;
  }
  if (kept.shape == STREAM_NODES && kept.tail) {
    kept.tail = frozen.writePiece(kept.tail);
    return false;
  }
  end(kept);
  return true;
}

function stepElements(kept: Frozen): bool {
  if (kept.shape == LIST_QUICKLIST) return lists.step(kept);
  return kept.shape == STREAM_NODES ? frozenStreams.step(kept) : tables.step(kept);
}

function end(kept: Frozen): void {
  first = kept.next;
  if (!first) last = 0;
  if (kept.shape == LIST_QUICKLIST) lists.end(kept);
  else if (kept.shape == STREAM_NODES) frozenStreams.end(kept);
  else tables.end(kept);
  frozen.dispose(kept);
}
