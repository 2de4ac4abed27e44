/**
 * Skiplist node: up to 32 entries in order, each a score and the member that it belongs to,
 * in columns, so that a search reads scores only and asks a member only where scores tie.
 *
 *   0       4       8      12         16           304           448        592       736
 *   +-------+-------+------+----------+------------+-------------+----------+---------+
 *   | count | level | next | previous | 36 scores  | 36 members  | children | spans   |
 *   +-------+-------+------+----------+------------+-------------+----------+---------+
 *     u32     u32     u32    u32        f64 each     u32 each      u32 each   u32 each
 *
 * A leaf (level 0) ends at 448, which is a size class of the heap; next and previous link it
 * to its neighbours. A branch has two columns more: for each child its address and its span,
 * the number of entries below it; the child's first entry stands in the first two columns.
 *
 * Columns have room for four entries more than a node ever holds: loops go by fours, and may
 * run over. Places beyond `count` have NaN for a score, of which no comparison is true: three
 * scores tell in which eight of a node to search, and these are compared without a branch.
 *
 * Example: a leaf with score 1.5 for the member at 0x5000, alone:
 *
 *   01 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00
 *   00 00 00 00 00 00 f8 3f   00 00 00 00 00 00 f8 7f   34 more NaN   00 50 00 00 ...
 *   1.5                       NaN                                     member 0
 */
import { compare } from '../memory/bytes';
import { allocate, usableSize } from '../memory/heap';
import { Member } from './member';

/** Entries that a node has at the most. */
export const CAPACITY: u32 = 32;
/** Entries that a column has room for. */
export const WIDTH: u32 = CAPACITY + 4;
const SCORES: usize = 16;
const MEMBERS: usize = SCORES + WIDTH * 8;
const LEAF_SIZE: usize = MEMBERS + WIDTH * 4;
const CHILDREN: usize = LEAF_SIZE;
const SPANS: usize = CHILDREN + WIDTH * 4;
const BRANCH_SIZE: usize = SPANS + WIDTH * 4;
const NOTHING: v128 = f64x2(NaN, NaN);

if (CAPACITY != 32) ERROR('a node is searched as four times eight scores');

@unmanaged
export class Node {
  count: u32;
  level: u32;
  next: Node | null;
  previous: Node | null;

  @inline private place(column: usize, index: u32): usize {
    return changetype<usize>(this) + column + ((<usize>index) << 2);
  }

  @inline scorePlace(index: u32): usize {
    return changetype<usize>(this) + SCORES + ((<usize>index) << 3);
  }

  @inline score(index: u32): f64 {
    return load<f64>(this.scorePlace(index));
  }

  @inline setScore(index: u32, score: f64): void {
    store<f64>(this.scorePlace(index), score);
  }

  @inline member(index: u32): Member {
    return changetype<Member>(<usize>load<u32>(this.place(MEMBERS, index)));
  }

  @inline setEntry(index: u32, score: f64, member: Member): void {
    this.setScore(index, score);
    store<u32>(this.place(MEMBERS, index), <u32>changetype<usize>(member));
  }

  @inline child(index: u32): Node {
    return changetype<Node>(<usize>load<u32>(this.place(CHILDREN, index)));
  }

  @inline span(index: u32): u32 {
    return load<u32>(this.place(SPANS, index));
  }

  @inline addToSpan(index: u32, entries: i32): void {
    store<u32>(this.place(SPANS, index), this.span(index) + entries);
  }

  /** Bytes that the node takes. */
  get size(): usize {
    return usableSize(this.level ? BRANCH_SIZE : LEAF_SIZE);
  }

  /** Entries below this node. */
  get total(): u32 {
    return this.level ? this.spanBefore(this.count) : this.count;
  }

  /** Entries below the children before child `index`. */
  spanBefore(index: u32): u32 {
    const limit = i32x4.splat(<i32>index);
    const four = i32x4.splat(4);
    let places = i32x4(0, 1, 2, 3);
    let sum = i32x4.splat(0);
    const end = this.place(SPANS, CAPACITY);
    for (let at = this.place(SPANS, 0); at < end; at += 16) {
      sum = i32x4.add(sum, v128.and(v128.load(at), i32x4.lt_s(places, limit)));
      places = i32x4.add(places, four);
    }
    const pairs = i32x4.add(sum, i32x4.shuffle(sum, sum, 2, 3, 0, 1));
    return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
  }

  // Searching

  /** How many scores are lower. */
  countBelow(score: f64): u32 {
    const eights =
      u32(this.score(8) < score) + u32(this.score(16) < score) + u32(this.score(24) < score);
    const at = this.scorePlace(eights << 3);
    const wanted = f64x2.splat(score);
    const low = i64x2.add(f64x2.lt(v128.load(at), wanted), f64x2.lt(v128.load(at, 16), wanted));
    const high = i64x2.add(
      f64x2.lt(v128.load(at, 32), wanted),
      f64x2.lt(v128.load(at, 48), wanted),
    );
    return (eights << 3) + negatedSum(i64x2.add(low, high));
  }

  /** How many scores are lower or the same. */
  countUpTo(score: f64): u32 {
    const eights =
      u32(this.score(8) <= score) + u32(this.score(16) <= score) + u32(this.score(24) <= score);
    const at = this.scorePlace(eights << 3);
    const wanted = f64x2.splat(score);
    const low = i64x2.add(f64x2.le(v128.load(at), wanted), f64x2.le(v128.load(at, 16), wanted));
    const high = i64x2.add(
      f64x2.le(v128.load(at, 32), wanted),
      f64x2.le(v128.load(at, 48), wanted),
    );
    return (eights << 3) + negatedSum(i64x2.add(low, high));
  }

  /** How many entries are lower than this one. */
  lowerBound(score: f64, member: Member): u32 {
    const below = this.countBelow(score);
    if (below == this.count || this.score(below) != score) return below;
    return this.boundAmong(below, this.countUpTo(score), member.keyAddress, member.keyLength, 0);
  }

  /** Where this entry stands in this leaf: found by its address, so that no member is read. */
  placeOf(score: f64, member: Member): u32 {
    const count = this.count;
    for (let index = this.countBelow(score); index < count; index++) {
      if (this.member(index) == member) return index;
    }
    return this.lowerBound(score, member);
  }

  /** How many members come before these bytes, or are them too; all scores are the same. */
  lexBound(key: usize, keyLength: usize, inclusive: bool): u32 {
    return this.boundAmong(0, this.count, key, keyLength, inclusive ? 1 : 0);
  }

  /** The first of the entries `low` to `high`, of one score, that compares with `limit` or more. */
  private boundAmong(low: u32, high: u32, key: usize, keyLength: usize, limit: i32): u32 {
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.member(middle);
      if (compare(other.keyAddress, other.keyLength, key, keyLength) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Below which child such an entry is, or would be: the last that begins no higher. */
  childFor(score: f64, member: Member): u32 {
    const bound = this.lowerBound(score, member);
    const isFirst = bound < this.count && this.member(bound) == member;
    if (isFirst && this.score(bound) == score) return bound;
    return bound ? bound - 1 : 0;
  }

  // Changing one node

  /** Inserts an entry; there is room. */
  insert(index: u32, score: f64, member: Member): void {
    const fours = (this.count - index + 3) >> 2;
    this.count++;
    for (let four = fours; four; four--) {
      const from = index + ((four - 1) << 2);
      const scores = this.scorePlace(from);
      const members = this.place(MEMBERS, from);
      const high = v128.load(scores, 16);
      v128.store(scores + 8, v128.load(scores));
      v128.store(scores + 24, high);
      v128.store(members + 4, v128.load(members));
    }
    this.setEntry(index, score, member);
  }

  /** Takes one entry of a leaf out. */
  remove(index: u32): void {
    const last = this.count - 1;
    this.count = last;
    let scores = this.scorePlace(index);
    let members = this.place(MEMBERS, index);
    const end = this.place(MEMBERS, last);
    for (; members < end; members += 16, scores += 32) {
      const low = v128.load(scores, 8);
      v128.store(scores, low);
      v128.store(scores, v128.load(scores, 24), 16);
      v128.store(members, v128.load(members, 4));
    }
    this.setScore(last, NaN);
  }

  /** Takes `length` entries out, with their children in a branch. */
  cut(index: u32, length: u32): void {
    const count = this.count;
    const left = count - length;
    shiftDown(this.scorePlace(index), this.scorePlace(index + length), this.scorePlace(count));
    this.shiftColumn(MEMBERS, index, length, count);
    if (this.level) {
      this.shiftColumn(CHILDREN, index, length, count);
      this.shiftColumn(SPANS, index, length, count);
    }
    this.clear(left, count);
    this.count = left;
  }

  @inline private shiftColumn(column: usize, index: u32, length: u32, count: u32): void {
    shiftDown(
      this.place(column, index),
      this.place(column, index + length),
      this.place(column, count),
    );
  }

  /** Writes NaN over the scores `from` to `to`. */
  private clear(from: u32, to: u32): void {
    for (let index = from; index < to; index++) this.setScore(index, NaN);
  }

  /** Makes entry `from` entry `to` instead, of the same node, with another score. */
  relocate(from: u32, to: u32, score: f64): void {
    const member = this.member(from);
    if (from < to) {
      shiftDown(this.scorePlace(from), this.scorePlace(from + 1), this.scorePlace(to + 1));
      this.shiftColumn(MEMBERS, from, 1, to + 1);
    } else {
      shiftUp(this.scorePlace(to), this.scorePlace(from), 8);
      shiftUp(this.place(MEMBERS, to), this.place(MEMBERS, from), 4);
    }
    this.setEntry(to, score, member);
  }

  /** Brings what a branch knows of child `index` up to date. */
  refresh(index: u32): void {
    const child = this.child(index);
    this.setEntry(index, child.score(0), child.member(0));
    store<u32>(this.place(SPANS, index), child.total);
  }

  /** Inserts a child; there is room. */
  insertChild(index: u32, child: Node): void {
    shiftUp(this.place(CHILDREN, index), this.place(CHILDREN, this.count), 4);
    shiftUp(this.place(SPANS, index), this.place(SPANS, this.count), 4);
    store<u32>(this.place(CHILDREN, index), <u32>changetype<usize>(child));
    store<u32>(this.place(SPANS, index), child.total);
    this.insert(index, child.score(0), child.member(0));
  }

  // Two nodes of one level

  /** Moves the last `length` entries to the front of the node that follows. */
  moveUp(to: Node, length: u32): void {
    const from = this.count - length;
    shiftUp(to.scorePlace(0), to.scorePlace(to.count), 8 * length);
    memory.copy(to.scorePlace(0), this.scorePlace(from), (<usize>length) << 3);
    this.moveColumnUp(to, MEMBERS, length);
    if (this.level) {
      this.moveColumnUp(to, CHILDREN, length);
      this.moveColumnUp(to, SPANS, length);
    }
    this.clear(from, this.count);
    this.count = from;
    to.count += length;
  }

  private moveColumnUp(to: Node, column: usize, length: u32): void {
    shiftUp(to.place(column, 0), to.place(column, to.count), 4 * length);
    memory.copy(to.place(column, 0), this.place(column, this.count - length), (<usize>length) << 2);
  }

  /** Moves the first `length` entries to the end of the node that comes before. */
  moveDown(to: Node, length: u32): void {
    memory.copy(to.scorePlace(to.count), this.scorePlace(0), (<usize>length) << 3);
    this.moveColumnDown(to, MEMBERS, length);
    if (this.level) {
      this.moveColumnDown(to, CHILDREN, length);
      this.moveColumnDown(to, SPANS, length);
    }
    to.count += length;
    this.cut(0, length);
  }

  @inline private moveColumnDown(to: Node, column: usize, length: u32): void {
    memory.copy(to.place(column, to.count), this.place(column, 0), (<usize>length) << 2);
  }

  /** Shares the entries of this node and the one that follows out evenly. */
  balance(following: Node): void {
    const half = (this.count + following.count) >> 1;
    if (this.count > half) this.moveUp(following, this.count - half);
    else if (this.count < half) following.moveDown(this, half - this.count);
  }
}

if (offsetof<Node>() != SCORES) ERROR('the columns follow the header');

/** A node without entries. */
export function createNode(level: u32): Node {
  const node = changetype<Node>(allocate(level ? BRANCH_SIZE : LEAF_SIZE));
  node.count = 0;
  node.level = level;
  node.next = null;
  node.previous = null;
  const end = changetype<usize>(node) + MEMBERS;
  for (let at = changetype<usize>(node) + SCORES; at < end; at += 16) v128.store(at, NOTHING);
  return node;
}

/** The number of lanes of -1, added up. */
function negatedSum(lanes: v128): u32 {
  return <u32>(0 - i64x2.extract_lane(lanes, 0) - i64x2.extract_lane(lanes, 1));
}

// The parts of a column overlap, and are a few words: a call of memory.copy takes longer.

/** Moves the bytes `from` to `end` up by `distance`. */
function shiftUp(from: usize, end: usize, distance: usize): void {
  for (; end - from >= 16; end -= 16) v128.store(end - 16 + distance, v128.load(end - 16));
  for (; end > from; end -= 4) store<u32>(end - 4 + distance, load<u32>(end - 4));
}

/** Moves the bytes `from` to `end` down to `to`; what follows there may be overwritten up to `end`. */
function shiftDown(to: usize, from: usize, end: usize): void {
  for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.load(from));
  for (; from < end; from += 4, to += 4) store<u32>(to, load<u32>(from));
}
