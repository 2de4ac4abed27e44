/**
 * Frozen: a large collection that a snapshot still needs as it was when it began, while commands
 * change it. It is watched (structures/watch.ts): what a change is about to touch is put aside
 * first, a few elements at a time, so that no change waits for the whole collection.
 *
 *   frozen-tables.ts    sets, hashes, sorted sets: in classes of members whose hashes end alike
 *   frozen-lists.ts     lists, node by node
 *   frozen-streams.ts   streams, node by node
 *
 * What is put aside in its final form are pieces, a circle of blocks of which the last is known:
 *
 *   0      4      8
 *   +------+------+-------+
 *   | next | size | bytes |     u32, u32
 *   +------+------+-------+
 *
 * The numbers under which collections are watched are places in a table, from 1 on; a place that
 * is free has the number of the next free one.
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { copy } from '../memory/bytes';
import { release } from '../memory/heap';
import { INDEX_SIZE, StreamIndex } from '../structures/stream-index';
import * as writer from './writer';

@unmanaged
export class Frozen {
  /** The one that is written behind it, or 0. */
  next: u32;
  /** The database that has it in the snapshot. */
  source: u32;
  shape: u32;
  block: u32;
  watched: u32;
  /** True once its first bytes are in the snapshot. */
  begun: bool;
  /** True once all elements are. */
  ended: bool;
  /** True if nobody else has the collection any more. */
  owned: bool;
  /** Of a hash: whether fields have deadlines, which count from `earliest`. */
  timed: bool;
  earliest: i64;
  /** The last of the pieces that come next, and of those that come at the end. */
  pieces: u32;
  tail: u32;
  /** How far it is written: a class, how many members are left, or a node. */
  cursor: u32;
  /** Of a table: the bits that make a class, and a bit for each that was put aside; if any was. */
  mask: u32;
  classes: u32;
  divided: bool;
  /** Of a sorted set: a copy of the lowest member that is written, or 0. */
  boundary: u32;
  /** Of a stream: the lowest id that is not written yet. */
  ms: u64;
  seq: u64;

  /** Of a stream: the listpacks that were put aside; 0 for a node that is new. */
  @inline get packs(): StreamIndex {
    return changetype<StreamIndex>(changetype<usize>(this) + PACKS_PLACE);
  }
}

const PACKS_PLACE: usize = offsetof<Frozen>();
const FROZEN_SIZE: usize = PACKS_PLACE + INDEX_SIZE;
const PIECE_HEAD: usize = 8;
/** Bytes of a piece at the most: what one step writes. */
const PIECE_MAX: usize = 1 << 15;
const PLACES_MIN: u32 = 64;
const PLACES_MAX: u32 = 1 << 16;

/** Where a piece is written. */
export const scratch: Buffer = bufferAt(memory.data(48, 16));

let places: usize = 0;
let placeCount: u32 = 0;
let freePlace: u32 = 0;
/** True once the snapshot is given up, for one: something found no memory. All is thrown away. */
export let useless: bool = false;

export function setUseless(on: bool): void {
  useless = on;
}

/** The collection that is watched under this number. */
export function frozenAt(watched: u32): Frozen {
  return changetype<Frozen>(<usize>load<u32>(places + ((<usize>watched) << 2)));
}

/** A new one, all zero but for its number; null if there is no memory, or there are too many. */
export function create(): Frozen | null {
  if (!freePlace && !addPlaces()) return null;
  const block = writer.claim(FROZEN_SIZE);
  if (!block) return null;
  memory.fill(block, 0, FROZEN_SIZE);
  const frozen = changetype<Frozen>(block);
  frozen.watched = freePlace;
  const place = places + ((<usize>freePlace) << 2);
  freePlace = load<u32>(place);
  store<u32>(place, <u32>block);
  return frozen;
}

export function dispose(frozen: Frozen): void {
  store<u32>(places + ((<usize>frozen.watched) << 2), freePlace);
  freePlace = frozen.watched;
  release(changetype<usize>(frozen));
}

function addPlaces(): bool {
  const count = max(PLACES_MIN, placeCount << 1);
  if (count > PLACES_MAX) return false;
  const grown = writer.claim((<usize>count) << 2);
  if (!grown) return false;
  if (placeCount) {
    copy(grown, places, (<usize>placeCount) << 2);
    release(places);
  }
  // Nothing is watched under the number 0.
  for (let place = max<u32>(placeCount, 1); place < count; place++) {
    store<u32>(grown + ((<usize>place) << 2), place + 1 < count ? place + 1 : 0);
  }
  freePlace = max<u32>(placeCount, 1);
  places = grown;
  placeCount = count;
  return true;
}

// Pieces

/** Begins to write a piece. */
export function openPiece(): void {
  scratch.clear();
  writer.openSnapshot(scratch);
}

/** Adds what was written to a circle of pieces, and returns its last. Without memory: `useless`. */
export function closePiece(last: u32): u32 {
  if (writer.failed) useless = true;
  for (let from = scratch.bytes; from < scratch.end && !useless; ) {
    const size = min(scratch.end - from, PIECE_MAX);
    const piece = writer.claim(PIECE_HEAD + size);
    if (!piece) {
      useless = true;
      break;
    }
    store<u32>(piece, <u32>size, 4);
    copy(piece + PIECE_HEAD, from, size);
    last = <u32>append(last, piece);
    from += size;
  }
  return last;
}

/** Adds a block, whose first word links it, to a circle; returns the last. */
function append(last: usize, block: usize): usize {
  store<u32>(block, <u32>(last ? <usize>load<u32>(last) : block));
  if (last) store<u32>(last, <u32>block);
  return block;
}

/** Writes the first piece, and frees it; returns the last of those that are left, or 0. */
export function writePiece(last: u32): u32 {
  const piece = <usize>load<u32>(<usize>last);
  if (!useless) writer.raw(piece + PIECE_HEAD, <usize>load<u32>(piece, 4));
  const rest: u32 = piece == last ? 0 : last;
  store<u32>(<usize>last, load<u32>(piece));
  release(piece);
  return rest;
}
