/**
 * Skiplist: members in the order of their scores, and of their bytes where scores tie, with
 * ranks. It does what the skiplist of Redis does, unrolled: entries lie in leaves of up to 32,
 * and instead of towers of links there are branches over the leaves, which know the first
 * entry of each child and how many entries it spans (a counted B+ tree).
 *
 *   0      4       8       12
 *   +------+-------+-------+-------+        root -> [ a:40 | e:30 | ... ]     branch, level 1
 *   | root | first | last  | count |                  |      |
 *   +------+-------+-------+-------+        first -> [a b ...] <-> [e f ...] <-> ...   leaves
 *     u32    u32     u32     u32
 *
 * Invariants: all leaves have the same depth; no node is empty; a branch has two children at
 * least; what a branch knows of a child is exact. A full leaf shares with a neighbour, and two
 * full ones become three, so leaves are two thirds full or more after insertions in any order;
 * appending (and prepending) fills leaves wholly. A node that has become less than half full is
 * joined with a neighbour, or takes from it.
 *
 * 1M members of 14 bytes in random order: 24 B the member, 11 B its place in the table, 17 B
 * its entry in a leaf that is 4/5 full, 1 B in branches: 53 B, where Redis takes 110 B.
 *
 * Example: one entry, in a leaf at 0x4000.
 *
 *   00 40 00 00   00 40 00 00   00 40 00 00   01 00 00 00
 *   root          first         last          count
 *
 * Idea: W. Pugh, Skip lists (https://dl.acm.org/doi/10.1145/78973.78977), for the spans; two
 * nodes to three: D. Knuth's B* trees, The Art of Computer Programming 3, 6.2.4.
 */
import { release } from '../memory/heap';
import { Member } from './member';
import { CAPACITY, createNode, Node } from './skiplist-node';

@unmanaged
export class Skiplist {
  root: Node | null;
  first: Node | null;
  last: Node | null;
  count: u32;
}

/** Two neighbours with so many entries or less are joined after a removal. */
const JOIN_MAX: u32 = CAPACITY - 4;
/** A node with less is joined with a neighbour, or takes from it. */
const COUNT_MIN: u32 = 14;
/** Two neighbours with more are not worth balancing: they become three. */
const PAIR_ROOMY: u32 = 2 * CAPACITY - 3;
/** Entries of a full branch that go to a new one at its end, if that is where it grows. */
const EDGE: u32 = 4;
/** More than the levels of 2^32 entries. */
const LEVELS_MAX: usize = 12;

/** A way down: for each level the branch there, and the child that was taken. */
@unmanaged
class Step {
  node: Node;
  index: u32;
}

const STEP_BITS: usize = 3;
const way: usize = memory.data(96, 16);
/** The way to where an entry moves, while `way` leads to where it was. */
const wayTo: usize = memory.data(96, 16);
if (LEVELS_MAX << STEP_BITS != 96) ERROR('a way has a step for each level');

function stepAt(path: usize, level: u32): Step {
  return changetype<Step>(path + ((<usize>level) << STEP_BITS));
}

function note(path: usize, node: Node, index: u32): void {
  const step = stepAt(path, node.level);
  step.node = node;
  step.index = index;
}

// Looking

/**
 * A place in the list, found by `seek` or `countBelow`: entry `place` of leaf `leaf`. The latter
 * may find the end of a leaf, where the next one goes on.
 */
export let leaf: Node | null = null;
export let place: u32 = 0;

/** Finds the entry of this rank, which is below the count. */
export function seek(list: Skiplist, rank: u32): void {
  let node = list.root;
  while (node && node.level) {
    let index: u32 = 0;
    let span = node.span(0);
    while (rank >= span) {
      rank -= span;
      span = node.span(++index);
    }
    note(way, node, index);
    node = node.child(index);
  }
  leaf = node;
  place = rank;
}

/** How many entries come before this one, whether it is there or not. */
export function rankOf(list: Skiplist, score: f64, member: Member): u32 {
  let node = list.root;
  if (!node) return 0;
  let rank: u32 = 0;
  while (node.level) {
    const index = node.childFor(score, member);
    rank += node.spanBefore(index);
    node = node.child(index);
  }
  return rank + node.placeOf(score, member);
}

/** How many entries have a lower score, or also those of the same one. */
export function countBelow(list: Skiplist, score: f64, inclusive: bool): u32 {
  let node = list.root;
  if (!node) return 0;
  let rank: u32 = 0;
  let bound = inclusive ? node.countUpTo(score) : node.countBelow(score);
  while (node.level) {
    const index = bound ? bound - 1 : 0;
    rank += node.spanBefore(index);
    node = node.child(index);
    bound = inclusive ? node.countUpTo(score) : node.countBelow(score);
  }
  leaf = node;
  place = bound;
  return rank + bound;
}

/** How many members come before these bytes, or are them too; all scores must be the same. */
export function countBefore(list: Skiplist, key: usize, keyLength: usize, inclusive: bool): u32 {
  let node = list.root;
  if (!node) return 0;
  let rank: u32 = 0;
  while (true) {
    const bound = node.lexBound(key, keyLength, inclusive);
    if (!node.level) return rank + bound;
    if (!bound) return rank;
    rank += node.spanBefore(bound - 1);
    node = node.child(bound - 1);
  }
}

// Inserting

/** Adds an entry that is not there yet. Memory must be reserved. */
export function insert(list: Skiplist, score: f64, member: Member): void {
  list.count++;
  const node = list.root ? descend(list, score, member) : plant(list);
  const index = node.lowerBound(score, member);
  if (node.count < CAPACITY) node.insert(index, score, member);
  else overflow(list, node, index, score, member);
}

function plant(list: Skiplist): Node {
  const node = createNode(0);
  list.root = node;
  list.first = node;
  list.last = node;
  return node;
}

/** The leaf for a new entry, which is counted on the way. */
function descend(list: Skiplist, score: f64, member: Member): Node {
  let node = changetype<Node>(list.root);
  while (node.level) {
    const bound = node.lowerBound(score, member);
    const index = bound ? bound - 1 : 0;
    if (!bound) node.setEntry(0, score, member);
    node.addToSpan(index, 1);
    note(way, node, index);
    node = node.child(index);
  }
  return node;
}

/** Inserts into a full leaf. */
function overflow(list: Skiplist, node: Node, at: u32, score: f64, member: Member): void {
  if (node == list.root) growRoot(list, node);
  const parent = stepAt(way, 1).node;
  const index = stepAt(way, 1).index;
  if (at == CAPACITY && !node.next) return addAtEdge(list, node, index + 1, score, member);
  if (at == 0 && !node.previous) return addAtEdge(list, node, 0, score, member);
  if (parent.count == 1) parent.insertChild(1, follow(list, node));
  const first = pairWith(parent, index);
  const low = parent.child(first);
  const high = parent.child(first + 1);
  if (index != first) at += low.count;
  const third = low.count + high.count > PAIR_ROOMY ? splitPair(list, low, high) : null;
  if (!third) low.balance(high);
  insertAmong(low, third ? third : high, high, at, score, member);
  parent.refresh(first);
  parent.refresh(first + 1);
  if (third) addChild(list, 1, first + 1, third);
}

/** A leaf of its own for an entry at either end of the list: the full leaf stays full. */
function addAtEdge(list: Skiplist, node: Node, index: u32, score: f64, member: Member): void {
  const added = index ? follow(list, node) : precede(list, node);
  added.insert(0, score, member);
  const step = stepAt(way, 1);
  step.node.refresh(step.index);
  addChild(list, 1, index, added);
}

/** The lower of two neighbours below `parent`: child `index` and the emptier one beside it. */
function pairWith(parent: Node, index: u32): u32 {
  if (index + 1 == parent.count) return index - 1;
  if (!index) return 0;
  return parent.child(index - 1).count < parent.child(index + 1).count ? index - 1 : index;
}

/** Makes three leaves of two full ones; the new one is between them. */
function splitPair(list: Skiplist, low: Node, high: Node): Node {
  const third = follow(list, low);
  const share = (low.count + high.count) / 3;
  low.moveUp(third, low.count - share);
  high.moveDown(third, high.count - share);
  return third;
}

/** Inserts at place `at` of two or three leaves taken as one; there is room. */
function insertAmong(a: Node, b: Node, c: Node, at: u32, score: f64, member: Member): void {
  if (at <= a.count) return a.insert(at, score, member);
  at -= a.count;
  if (at <= b.count) return b.insert(at, score, member);
  c.insert(at - b.count, score, member);
}

/** An empty leaf behind `node`. */
function follow(list: Skiplist, node: Node): Node {
  const added = createNode(0);
  const next = node.next;
  added.previous = node;
  added.next = next;
  node.next = added;
  if (next) next.previous = added;
  else list.last = added;
  return added;
}

/** An empty leaf in front of the first one. */
function precede(list: Skiplist, node: Node): Node {
  const added = createNode(0);
  added.next = node;
  node.previous = added;
  list.first = added;
  return added;
}

/** Puts a branch over the root. */
function growRoot(list: Skiplist, root: Node): void {
  const branch = createNode(root.level + 1);
  branch.insertChild(0, root);
  list.root = branch;
  note(way, branch, 0);
}

/** Gives the branch that `way` has at this level one more child, at `index`. */
function addChild(list: Skiplist, level: u32, index: u32, child: Node): void {
  const branch = stepAt(way, level).node;
  if (branch.count == CAPACITY) return splitBranch(list, branch, index, child);
  branch.insertChild(index, child);
  if (!index) raise(list, way, level);
}

function splitBranch(list: Skiplist, branch: Node, index: u32, child: Node): void {
  if (branch == list.root) growRoot(list, branch);
  const added = createNode(branch.level);
  const atEnd = index == CAPACITY;
  branch.moveUp(added, atEnd ? EDGE : index ? CAPACITY / 2 : CAPACITY - EDGE);
  if (index <= branch.count) branch.insertChild(index, child);
  else added.insertChild(index - branch.count, child);
  const step = stepAt(way, branch.level + 1);
  step.node.refresh(step.index);
  addChild(list, branch.level + 1, step.index + 1, added);
  if (!index) raise(list, way, branch.level);
}

/** Tells the branches above a level that the first entry there is another one. */
function raise(list: Skiplist, path: usize, level: u32): void {
  const top = changetype<Node>(list.root).level;
  let below = stepAt(path, level).node;
  while (level < top) {
    const step = stepAt(path, ++level);
    step.node.setEntry(step.index, below.score(0), below.member(0));
    if (step.index) return;
    below = step.node;
  }
}

// Removing

/** Takes out an entry that is there. */
export function remove(list: Skiplist, score: f64, member: Member): void {
  let node = changetype<Node>(list.root);
  while (node.level) {
    const index = node.childFor(score, member);
    note(way, node, index);
    node = node.child(index);
  }
  cut(list, node, node.placeOf(score, member), 1);
}

/** Takes out `length` entries from where `seek` was, all in that leaf; members are not read. */
export function cutFound(list: Skiplist, length: u32): void {
  cut(list, changetype<Node>(leaf), place, length);
}

/** Takes entries out of the leaf that `way` leads to. */
function cut(list: Skiplist, node: Node, at: u32, length: u32): void {
  const top = changetype<Node>(list.root).level;
  list.count -= length;
  if (length == 1) node.remove(at);
  else node.cut(at, length);
  for (let level: u32 = 1; level <= top; level++) {
    const step = stepAt(way, level);
    step.node.addToSpan(step.index, -(<i32>length));
  }
  if (!at && node.count && top) tellFirst(list, way, node);
  if (node.count < COUNT_MIN) thicken(list, node);
}

/** Tells the branches above a leaf what its first entry is now. */
function tellFirst(list: Skiplist, path: usize, node: Node): void {
  const step = stepAt(path, 1);
  step.node.setEntry(step.index, node.score(0), node.member(0));
  if (!step.index) raise(list, path, 1);
}

/** Joins a node that has become thin with a neighbour, or lets it take from it. */
function thicken(list: Skiplist, node: Node): void {
  if (node == list.root) return lowerRoot(list, node);
  const step = stepAt(way, node.level + 1);
  const parent = step.node;
  const first = step.index + 1 < parent.count ? step.index : step.index - 1;
  const low = parent.child(first);
  const high = parent.child(first + 1);
  if (low.count + high.count <= JOIN_MAX) {
    high.moveDown(low, high.count);
    if (!low.level) unlink(list, high);
    release(changetype<usize>(high));
    parent.cut(first + 1, 1);
  } else {
    low.balance(high);
    parent.refresh(first + 1);
  }
  parent.refresh(first);
  if (!first) raise(list, way, parent.level);
  if (parent.count < COUNT_MIN) thicken(list, parent);
}

/** A root with one child gives way to it; an empty leaf to nothing. */
function lowerRoot(list: Skiplist, root: Node): void {
  if (root.level) {
    if (root.count > 1) return;
    list.root = root.child(0);
  } else {
    if (root.count) return;
    list.root = null;
    list.first = null;
    list.last = null;
  }
  release(changetype<usize>(root));
}

function unlink(list: Skiplist, node: Node): void {
  const next = node.next;
  const previous = changetype<Node>(node.previous);
  previous.next = next;
  if (next) next.previous = previous;
  else list.last = previous;
}

// Moving

/** Gives an entry that is there another score; it goes where that belongs. */
export function move(list: Skiplist, member: Member, old: f64, score: f64): void {
  let from = changetype<Node>(list.root);
  let to = from;
  // Both ways at once: their cache misses overlap.
  while (from.level) {
    const fromIndex = from.childFor(old, member);
    const toIndex = to.childFor(score, member);
    note(way, from, fromIndex);
    note(wayTo, to, toIndex);
    from = from.child(fromIndex);
    to = to.child(toIndex);
  }
  const at = from.placeOf(old, member);
  const target = to.lowerBound(score, member);
  if (from == to) return moveWithin(list, from, at, target, score);
  if (to.count == CAPACITY || from.count <= COUNT_MIN) {
    cut(list, from, at, 1);
    return insert(list, score, member);
  }
  from.remove(at);
  to.insert(target, score, member);
  moveSpan(changetype<Node>(list.root).level);
  if (!at) tellFirst(list, way, from);
  if (!target) tellFirst(list, wayTo, to);
}

/** Moves entry `at` before entry `target` of the same leaf. */
function moveWithin(list: Skiplist, node: Node, at: u32, target: u32, score: f64): void {
  const end = target > at ? target - 1 : target;
  if (end == at) node.setScore(at, score);
  else node.relocate(at, end, score);
  if ((!at || !end) && node.level < changetype<Node>(list.root).level) tellFirst(list, way, node);
}

/** Counts one entry less where `way` leads, and one more where `wayTo` does. */
function moveSpan(top: u32): void {
  for (let level: u32 = 1; level <= top; level++) {
    const from = stepAt(way, level);
    const to = stepAt(wayTo, level);
    from.node.addToSpan(from.index, -1);
    to.node.addToSpan(to.index, 1);
  }
}

// The whole list

/** Bytes that the nodes take. */
export function memoryOf(list: Skiplist): usize {
  const root = list.root;
  return root ? memoryBelow(root) : 0;
}

function memoryBelow(node: Node): usize {
  let sum = node.size;
  if (!node.level) return sum;
  if (node.level == 1) return sum + <usize>node.count * node.child(0).size;
  for (let index: u32 = 0; index < node.count; index++) sum += memoryBelow(node.child(index));
  return sum;
}

/** Frees all nodes, not the members. It can be used again. */
export function dispose(list: Skiplist): void {
  const root = list.root;
  if (root) disposeBelow(root);
  list.root = null;
  list.first = null;
  list.last = null;
  list.count = 0;
}

/** Leaves of skiplists that were given up, chained by their `next`. */
let leaves: Node | null = null;

/** As `dispose`, but of the leaves only those at hand: `freeLeaf` frees them one by one. */
export function giveUp(list: Skiplist): void {
  const root = list.root;
  const last = list.last;
  if (!root || !last) return;
  if (root.level) disposeBranches(root);
  last.next = leaves;
  leaves = list.first;
  list.root = null;
  list.first = null;
  list.last = null;
  list.count = 0;
}

function disposeBranches(node: Node): void {
  for (let index: u32 = 0; node.level > 1 && index < node.count; index++) {
    disposeBranches(node.child(index));
  }
  release(changetype<usize>(node));
}

/** True if there are leaves that were given up. */
export function hasLeaves(): bool {
  return leaves != null;
}

/** Frees a leaf that was given up; false if there is none. */
export function freeLeaf(): bool {
  const leaf = leaves;
  if (!leaf) return false;
  leaves = leaf.next;
  release(changetype<usize>(leaf));
  return true;
}

function disposeBelow(node: Node): void {
  if (node.level) {
    for (let index: u32 = 0; index < node.count; index++) disposeBelow(node.child(index));
  }
  release(changetype<usize>(node));
}
