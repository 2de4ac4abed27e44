/**
 * Sorted sets: a listpack while small, else a table of members, whose words are their scores,
 * and a skiplist over the same members. The block of the latter is
 *
 *   0                                  32                                48
 *   +----------------------------------+---------------------------------+
 *   | Dict, see structures/dict.ts     | Skiplist                        |
 *   +----------------------------------+---------------------------------+
 *
 * A rank is a position from 0 on. All ranges, by score or by bytes too, are turned into a first
 * rank and a count; `walk` and `step` go through them. Entries never move when their value
 * changes. A set that has become empty is to be removed by the caller.
 */
import { blockSize, release } from '../memory/heap';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { create, Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import * as members from '../structures/member';
import { HAS_WORD, Member, memberSize } from '../structures/member';
import * as tables from '../structures/member-table';
import * as skiplist from '../structures/skiplist';
import { Skiplist } from '../structures/skiplist';
import { Node } from '../structures/skiplist-node';
import { memberWillChange } from '../structures/watch';
import * as garbage from './garbage';
import {
  blockOf,
  REFERENCE_SIZE,
  setBlock,
  setShape,
  shapeOf,
  ZSET_LISTPACK,
  ZSET_SKIPLIST,
} from './kind';
import { zsetListpackEntries, zsetListpackValue } from './limits';
import * as packs from './zsets-listpack';

// What `add` is asked for
export const NX: u32 = 1;
export const XX: u32 = 2;
export const GT: u32 = 4;
export const LT: u32 = 8;
export const INCR: u32 = 16;

// What `add` answers
/** The member has this score already. */
export const SAME: u32 = 0;
export const ADDED: u32 = 1;
export const UPDATED: u32 = 2;
/** NX, XX, GT or LT stood against it. */
export const REFUSED: u32 = 3;
export const NOT_A_NUMBER: u32 = 4;

const DICT_SIZE: usize = 32;
const TABLE_SIZE: usize = DICT_SIZE + offsetof<Skiplist>();
if (offsetof<Dict>() > DICT_SIZE) ERROR('the skiplist follows the table');
/** Bytes of a new listpack. */
const PACK_CAPACITY: usize = 32;
/** The most that a member takes beside its own bytes: in the table and in a leaf. */
const MEMBER_COST: usize = 48;

/** Members that are touched ahead when those before them were removed. */
const POPPED_NEXT: u32 = 3;
/** No heads of members look like this. */
const NO_HEADS: u32 = 0xffffffff;

/** The score that `add`, `scoreOf`, `rankOf` or `step` has found. */
export let score: f64 = 0;
/** The member that `step` has found; its bytes stay until the next step. */
export let address: usize = 0;
export let length: usize = 0;

/** True if the set is a table, else it is a listpack. */
export function isTable(entry: Entry): bool {
  return shapeOf(entry) == ZSET_SKIPLIST;
}

/** The members of a set that is a table. */
export function tableOf(entry: Entry): Dict {
  return changetype<Dict>(blockOf(entry));
}

/** The members of a table in order. */
export function listOf(entry: Entry): Skiplist {
  return listIn(blockOf(entry));
}

/** The same of the block of a set that is a table. */
export function listIn(block: usize): Skiplist {
  return changetype<Skiplist>(block + DICT_SIZE);
}

function leafAt(leaf: usize): Node {
  return changetype<Node>(leaf);
}

/** What is done with each member that is visited. */
type Visitor = (member: usize, length: usize, score: f64) => void;

// Whole sets

/** An entry with an empty set. */
export function createEntry(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, ZSET_LISTPACK | flags, REFERENCE_SIZE);
  setBlock(entry, listpack.createEmpty(PACK_CAPACITY));
  return entry;
}

/** As `createEntry`, for many members; `compact` may follow when all are there. */
export function createTable(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, ZSET_SKIPLIST | flags, REFERENCE_SIZE);
  setBlock(entry, tables.createTable(TABLE_SIZE));
  return entry;
}

/** How many members there are. */
export function count(entry: Entry): u32 {
  return isTable(entry) ? listOf(entry).count : packs.count(blockOf(entry));
}

/** Memory to be reserved before adding so many members, of so many bytes in all. */
export function addCost(entry: Entry | null, added: u32, bytes: usize): usize {
  const own = <usize>added * (MEMBER_COST + memberSize(0, HAS_WORD, 0)) + bytes;
  if (!entry || isTable(entry)) return own;
  const size = listpack.bytesOf(blockOf(entry));
  return own + ((size + bytes) << 1) + <usize>count(entry) * MEMBER_COST * 2;
}

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  if (isTable(entry)) garbage.disposeSorted(blockOf(entry), listOf(entry));
  else release(blockOf(entry));
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry): usize {
  return memoryOf(entry, 0);
}

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const copied = create(key, keyLength, shapeOf(entry) | flags, REFERENCE_SIZE);
  if (isTable(entry)) {
    setBlock(copied, tables.createTable(TABLE_SIZE));
    target = copied;
    visit(entry, addToTarget);
  } else {
    setBlock(copied, packs.clone(blockOf(entry)));
  }
  return copied;
}

let target: Entry = changetype<Entry>(0);

function addToTarget(bytes: usize, size: usize, value: f64): void {
  addMember(target, tables.hashOf(bytes, size), value, bytes, size);
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(entry: Entry): string {
  return isTable(entry) ? 'skiplist' : 'listpack';
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(entry: Entry, samples: u32): usize {
  const block = blockOf(entry);
  if (!isTable(entry)) return blockSize(block);
  const inTable = tables.bytesOf(tableOf(entry), samples);
  return blockSize(block) + inTable + skiplist.memoryOf(listOf(entry));
}

/** Visits what the value holds, in its order. The visitor must not change it. */
export function visit(entry: Entry, visitor: Visitor): void {
  walk(entry, 0, false);
  visitNext(count(entry), visitor);
}

// Members

/** The score of a member in `score`; false if it is not there. */
export function scoreOf(entry: Entry, bytes: usize, size: usize): bool {
  if (!isTable(entry)) {
    const at = packs.find(blockOf(entry), bytes, size);
    score = packs.score;
    return at != 0;
  }
  const found = dict.find<Member>(tableOf(entry), tables.hashOf(bytes, size), bytes, size);
  if (!found) return false;
  score = reinterpret<f64>(found.word);
  return true;
}

/** The rank of a member, from the low end, its score in `score`; -1 if it is not there. */
export function rankOf(entry: Entry, bytes: usize, size: usize): i64 {
  if (!isTable(entry)) {
    const pack = blockOf(entry);
    const at = packs.find(pack, bytes, size);
    score = packs.score;
    return at ? packs.rankAt(pack, at) : -1;
  }
  const found = dict.find<Member>(tableOf(entry), tables.hashOf(bytes, size), bytes, size);
  if (!found) return -1;
  score = reinterpret<f64>(found.word);
  return skiplist.rankOf(listOf(entry), score, found);
}

/**
 * Gives a member a score, or adds to it; what it has then is in `score` unless refused. Memory
 * must be reserved: see `addCost`.
 */
export function add(entry: Entry, value: f64, bytes: usize, size: usize, flags: u32 = 0): u32 {
  if (!isTable(entry)) return addToPack(entry, value, bytes, size, flags);
  const keyHash = tables.hashOf(bytes, size);
  const found = dict.find<Member>(tableOf(entry), keyHash, bytes, size);
  if (!found) {
    if (flags & XX) return REFUSED;
    addMember(entry, keyHash, value, bytes, size);
    score = value;
    return ADDED;
  }
  const old = reinterpret<f64>(found.word);
  const status = decide(old, value, flags);
  if (status == UPDATED) {
    willChange(tableOf(entry), keyHash);
    found.word = reinterpret<u64>(score);
    skiplist.move(listOf(entry), found, old, score);
  }
  return status;
}

/** What becomes of a member that is there with score `old`. */
function decide(old: f64, value: f64, flags: u32): u32 {
  if (flags & NX) return REFUSED;
  if (flags & INCR) {
    value += old;
    if (value != value) return NOT_A_NUMBER;
  }
  if (flags & LT && value >= old) return REFUSED;
  if (flags & GT && value <= old) return REFUSED;
  score = value;
  return value == old ? SAME : UPDATED;
}

function willChange(table: Dict, keyHash: u64): void {
  if (table.watched) memberWillChange(table.watched, keyHash);
}

function addMember(entry: Entry, keyHash: u64, value: f64, bytes: usize, size: usize): void {
  willChange(tableOf(entry), keyHash);
  const member = members.create(bytes, size, HAS_WORD, 0);
  member.word = reinterpret<u64>(value);
  dict.insert(tableOf(entry), keyHash, member);
  skiplist.insert(listOf(entry), value, member);
}

function addToPack(entry: Entry, value: f64, bytes: usize, size: usize, flags: u32): u32 {
  const pack = blockOf(entry);
  const at = packs.find(pack, bytes, size);
  if (at) {
    const status = decide(packs.score, value, flags);
    if (status == UPDATED) setBlock(entry, packs.move(pack, at, score, bytes, size));
    return status;
  }
  if (flags & XX) return REFUSED;
  score = value;
  const isFull = <i64>packs.count(pack) + 1 > zsetListpackEntries;
  if (isFull || <i64>size > zsetListpackValue) {
    toTable(entry);
    addMember(entry, tables.hashOf(bytes, size), value, bytes, size);
  } else {
    setBlock(entry, packs.insert(pack, value, bytes, size));
  }
  return ADDED;
}

/** Makes a table of a listpack. */
export function toTable(entry: Entry): void {
  const pack = blockOf(entry);
  setBlock(entry, tables.createTable(TABLE_SIZE));
  setShape(entry, ZSET_SKIPLIST);
  for (let at = listpack.first(pack); at; at = packs.next(pack, at)) {
    const value = packs.scoreAt(pack, at);
    listpack.readText(at);
    const keyHash = hash(listpack.address, listpack.length);
    addMember(entry, keyHash, value, listpack.address, listpack.length);
  }
  release(pack);
}

/** Makes a listpack of a table if it is small enough for one, as STORE commands do. */
export function compact(entry: Entry): void {
  if (!isTable(entry) || <i64>count(entry) > zsetListpackEntries) return;
  let bytes: usize = 0;
  walk(entry, 0, false);
  for (let left = count(entry); left; left--) {
    step();
    if (<i64>length > zsetListpackValue) return;
    bytes += length;
  }
  let pack = listpack.createEmpty(bytes + ((<usize>count(entry)) << 3));
  walk(entry, 0, false);
  for (let left = count(entry); left; left--) {
    step();
    pack = packs.append(pack, score, address, length);
  }
  disposeValue(entry);
  setBlock(entry, pack);
  setShape(entry, ZSET_LISTPACK);
}

/** Removes a member; false if it is not there. */
export function remove(entry: Entry, bytes: usize, size: usize): bool {
  if (!isTable(entry)) {
    const at = packs.find(blockOf(entry), bytes, size);
    if (at) setBlock(entry, packs.removeFrom(blockOf(entry), at, 1));
    return at != 0;
  }
  const keyHash = tables.hashOf(bytes, size);
  const table = tableOf(entry);
  const found = dict.find<Member>(table, keyHash, bytes, size);
  if (!found) return false;
  willChange(table, keyHash);
  skiplist.remove(listOf(entry), reinterpret<f64>(found.word), found);
  dict.remove<Member>(table, keyHash, found);
  members.dispose(found);
  return true;
}

/** Removes `removed` members from a rank on; so many there must be. */
export function removeRange(entry: Entry, rank: u32, removed: u32): void {
  if (!removed) return;
  if (!isTable(entry)) {
    const pack = blockOf(entry);
    return setBlock(entry, packs.removeFrom(pack, packs.memberAt(pack, rank), removed));
  }
  const table = tableOf(entry);
  const list = listOf(entry);
  while (removed) {
    skiplist.seek(list, rank);
    const length = disposeFound(table, removed);
    skiplist.cutFound(list, length);
    removed -= length;
  }
}

/** Removes the member at which the last walk began; the set must not have changed since. */
export function removeWalked(entry: Entry, rank: u32): void {
  if (!isTable(entry)) return removeRange(entry, rank, 1);
  skiplist.cutFound(listOf(entry), disposeFound(tableOf(entry), 1));
}

/** Frees members from where `seek` was, up to the end of that leaf; returns how many. */
function disposeFound(table: Dict, most: u32): u32 {
  const leaf = changetype<Node>(skiplist.leaf);
  const first = skiplist.place;
  const length = min(most, leaf.count - first);
  for (let place = first; place < first + length; place++) {
    const member = leaf.member(place);
    const keyHash = member.keyHash;
    willChange(table, keyHash);
    dict.remove<Member>(table, keyHash, member);
    members.dispose(member);
  }
  // Who pops goes on with the next ones.
  touch(leaf, first + length, min(first + length + POPPED_NEXT, leaf.count));
  return length;
}

// Ranks of ranges

/** How many members have a lower score, or also those of the same one. */
export function countBelow(entry: Entry, limit: f64, inclusive: bool): u32 {
  if (isTable(entry)) return skiplist.countBelow(listOf(entry), limit, inclusive);
  return packs.countBelow(blockOf(entry), limit, inclusive);
}

/** As `countBelow`, by bytes; it is a table, and all scores are the same. */
export function countBefore(entry: Entry, bytes: usize, size: usize, inclusive: bool): u32 {
  return skiplist.countBefore(listOf(entry), bytes, size, inclusive);
}

// Walking

/** The listpack that is walked through; 0 if it is a table. */
let cursorPack: usize = 0;
/** The element that is next, or the leaf and the place in it. */
let cursorLeaf: usize = 0;
let cursorPlace: u32 = 0;
let backward: bool = false;

/** Begins a walk at a rank. The set must not change until it ends. */
export function walk(entry: Entry, rank: u32, reverse: bool): void {
  backward = reverse;
  if (isTable(entry)) {
    cursorPack = 0;
    if (!listOf(entry).count) return;
    skiplist.seek(listOf(entry), rank);
    cursorLeaf = changetype<usize>(skiplist.leaf);
    cursorPlace = skiplist.place;
  } else {
    cursorPack = blockOf(entry);
    cursorLeaf = packs.memberAt(cursorPack, rank);
  }
}

/** Begins a walk forward at the member that the last `countBelow`, which gave `rank`, has found. */
export function walkOn(entry: Entry, rank: u32): void {
  if (!isTable(entry)) return walk(entry, rank, false);
  backward = false;
  cursorPack = 0;
  cursorLeaf = changetype<usize>(skiplist.leaf);
  cursorPlace = skiplist.place - 1;
  advance();
}

/** Visits the next members of a walk; there must be so many. */
export function visitNext(most: u32, visitor: Visitor): void {
  if (!cursorPack && !backward) return visitLeaves(most, visitor);
  for (; most; most--) {
    step();
    visitor(address, length, score);
  }
}

function visitLeaves(most: u32, visitor: Visitor): void {
  let place = cursorPlace;
  while (most) {
    const leaf = leafAt(cursorLeaf);
    const end = min(leaf.count, place + most);
    most -= end - place;
    touch(leaf, place, end);
    for (; place < end; place++) {
      const member = leaf.member(place);
      visitor(member.keyAddress, member.keyLength, leaf.score(place));
    }
    cursorLeaf = changetype<usize>(leaf.next);
    place = 0;
  }
}

/** Reads a little of members that are visited soon, so that their cache misses overlap. */
function touch(leaf: Node, place: u32, end: u32): void {
  let heads: u32 = 0;
  for (; place < end; place++) heads |= leaf.member(place).head;
  // Never so, but the compiler does not know.
  if (heads == NO_HEADS) unreachable();
}

/** Finds the next member of the walk: `address`, `length`, `score`. There must be one. */
export function step(): void {
  if (cursorPack) return stepThroughPack();
  const leaf = leafAt(cursorLeaf);
  const member = leaf.member(cursorPlace);
  score = leaf.score(cursorPlace);
  address = member.keyAddress;
  length = member.keyLength;
  if (!backward) advance();
  else if (cursorPlace) cursorPlace--;
  else retreat(leaf);
}

function advance(): void {
  const leaf = leafAt(cursorLeaf);
  if (++cursorPlace < leaf.count) return;
  cursorLeaf = changetype<usize>(leaf.next);
  cursorPlace = 0;
}

function retreat(leaf: Node): void {
  const previous = leaf.previous;
  cursorLeaf = changetype<usize>(previous);
  if (previous) cursorPlace = previous.count - 1;
}

/** Finds the text of the score that `step` has found, of a listpack: `address`, `length`. */
export function readScoreText(): void {
  listpack.readText(listpack.next(cursorPack, stepped));
  address = listpack.address;
  length = listpack.length;
}

/** The member in a listpack that `step` has found. */
let stepped: usize = 0;

function stepThroughPack(): void {
  const at = cursorLeaf;
  stepped = at;
  score = packs.scoreAt(cursorPack, at);
  listpack.readText(at);
  address = listpack.address;
  length = listpack.length;
  cursorLeaf = backward ? packs.previous(cursorPack, at) : packs.next(cursorPack, at);
}
