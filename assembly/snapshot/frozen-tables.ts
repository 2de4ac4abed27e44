/**
 * Frozen tables: sets, hashes and sorted sets that a snapshot writes while they change. The members
 * are divided into classes whose hashes end in the same bits, about as many as the table had
 * buckets. A class is written whole, and before any of its members changes: so it always has the
 * members that it had when the snapshot began, however the table grows or shrinks meanwhile.
 *
 *   set, hash    class after class; one that is about to change ahead of its turn is put aside
 *   sorted set   from the highest member on, but for those of classes that were put aside. What is
 *                put aside of a class is what lies below the lowest member that is written
 *
 * `classes` has a bit for each class that was put aside.
 */
import { compare } from '../memory/bytes';
import { release } from '../memory/heap';
import { Dict } from '../structures/dict';
import { visitEnding } from '../structures/dict-ending';
import * as members from '../structures/member';
import { HAS_WORD, Member, memberSize } from '../structures/member';
import * as skiplist from '../structures/skiplist';
import { Skiplist } from '../structures/skiplist';
import { Node } from '../structures/skiplist-node';
import { observeTables } from '../structures/watch';
import * as garbage from '../values/garbage';
import { SET_TABLE, ZSET_SKIPLIST } from '../values/kind';
import * as zsets from '../values/zsets';
import * as frozen from './frozen';
import { Frozen } from './frozen';
import * as value from './write-value';
import * as writer from './writer';

/** Members of a sorted set that one step writes. */
const MEMBERS_STEP: u32 = 8;

function tableOf(kept: Frozen): Dict {
  return changetype<Dict>(<usize>kept.block);
}

function listOf(kept: Frozen): Skiplist {
  return zsets.listIn(kept.block);
}

/** Begins to watch the table; false if there is no memory. */
export function begin(kept: Frozen): bool {
  const table = tableOf(kept);
  const size = (<usize>table.mask + 8) >> 3;
  const classes = writer.claim(size);
  if (!classes) return false;
  memory.fill(classes, 0, size);
  kept.classes = <u32>classes;
  kept.mask = table.mask;
  table.watched = <u16>kept.watched;
  observeTables(putAside, moved);
  return true;
}

/** Its turn in the snapshot has come, or goes on after changes. */
export function resume(kept: Frozen): void {
  if (kept.shape != ZSET_SKIPLIST) return;
  const list = listOf(kept);
  const boundary = changetype<Member>(<usize>kept.boundary);
  if (!kept.boundary) kept.cursor = list.count;
  else kept.cursor = skiplist.rankOf(list, scoreOf(boundary), boundary);
}

/** Changes may follow: remembers how far a sorted set is written. */
export function pause(kept: Frozen): void {
  if (kept.shape != ZSET_SKIPLIST || frozen.useless) return;
  const list = listOf(kept);
  if (kept.cursor >= list.count) return;
  skiplist.seek(list, kept.cursor);
  const lowest = changetype<Node>(skiplist.leaf).member(skiplist.place);
  if (!writer.canClaim(memberSize(lowest.keyLength, HAS_WORD, 0))) return frozen.setUseless(true);
  const copied = members.create(lowest.keyAddress, lowest.keyLength, HAS_WORD, 0);
  copied.word = lowest.word;
  forgetBoundary(kept);
  kept.boundary = <u32>changetype<usize>(copied);
}

function forgetBoundary(kept: Frozen): void {
  if (kept.boundary) release(kept.boundary);
}

function scoreOf(member: Member): f64 {
  return reinterpret<f64>(member.word);
}

/** Writes some members; true if they were the last. */
export function step(kept: Frozen): bool {
  if (frozen.useless) return true;
  if (kept.shape == ZSET_SKIPLIST) return stepSorted(kept);
  const number = kept.cursor++;
  if (!isAside(kept, number)) writeClass(kept, number);
  return number == kept.mask;
}

/** Everything is written: ends the watch. */
export function end(kept: Frozen): void {
  release(kept.classes);
  forgetBoundary(kept);
  tableOf(kept).watched = 0;
  if (!kept.owned) return;
  if (kept.shape == ZSET_SKIPLIST) garbage.disposeSorted(kept.block, listOf(kept));
  else garbage.disposeTable(kept.block);
}

// Classes

function isAside(kept: Frozen, number: u32): bool {
  return ((load<u8>(<usize>kept.classes + (number >> 3)) >> (number & 7)) & 1) != 0;
}

/** Puts the class of these hashes aside, unless it was so before or is written. */
function putAside(watched: u32, hash: u64): void {
  const kept = frozen.frozenAt(watched);
  const number = <u32>hash & kept.mask;
  if (frozen.useless || isAside(kept, number)) return;
  if (kept.shape != ZSET_SKIPLIST && number < kept.cursor) return;
  const place = <usize>kept.classes + (number >> 3);
  store<u8>(place, <u32>load<u8>(place) | (1 << (number & 7)));
  kept.divided = true;
  frozen.openPiece();
  writeClass(kept, number);
  kept.pieces = frozen.closePiece(kept.pieces);
}

function writeClass(kept: Frozen, number: u32): void {
  const table = tableOf(kept);
  if (kept.shape == ZSET_SKIPLIST) {
    boundary = kept.boundary;
    visitEnding(table, number, kept.mask, writeBelow);
  } else if (kept.shape == SET_TABLE) {
    visitEnding(table, number, kept.mask, value.writeMember);
  } else {
    value.setTiming(kept.timed, kept.earliest);
    visitEnding(table, number, kept.mask, value.writeField);
  }
}

/** The table is in another block now, or in nobody else's. */
function moved(watched: u32, block: usize): void {
  const kept = frozen.frozenAt(watched);
  if (block) kept.block = <u32>block;
  else kept.owned = true;
}

// Sorted sets

let boundary: u32 = 0;

function writeScored(member: Member): void {
  writer.string(member.keyAddress, member.keyLength);
  writer.double(scoreOf(member));
}

function writeBelow(member: Member): void {
  if (!boundary || isBelow(member, changetype<Member>(<usize>boundary))) writeScored(member);
}

function isBelow(member: Member, other: Member): bool {
  const score = scoreOf(member);
  const limit = scoreOf(other);
  if (score != limit) return score < limit;
  const key = member.keyAddress;
  return compare(key, member.keyLength, other.keyAddress, other.keyLength) < 0;
}

function stepSorted(kept: Frozen): bool {
  if (!kept.cursor) return true;
  const count = min(kept.cursor, MEMBERS_STEP);
  skiplist.seek(listOf(kept), kept.cursor - 1);
  let leaf = changetype<Node>(skiplist.leaf);
  let place = skiplist.place;
  for (let left = count; left; left--) {
    const member = leaf.member(place);
    if (!kept.divided || !isAside(kept, <u32>member.keyHash & kept.mask)) writeScored(member);
    if (place) {
      place--;
    } else if (left > 1) {
      leaf = changetype<Node>(leaf.previous);
      place = leaf.count - 1;
    }
  }
  kept.cursor -= count;
  return !kept.cursor;
}
