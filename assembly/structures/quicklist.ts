/**
 * Quicklist: a list of any length, as a chain of nodes that have a listpack each.
 *
 *   0      4      8       12       16     18      20        22
 *   +------+------+-------+--------+------+-------+---------+
 *   | head | tail | count | length | fill | depth | watched |
 *   +------+------+-------+--------+------+-------+---------+
 *     u32    u32    u32     u32      i16    u16     u16
 *
 *   head                                                       tail
 *   +------+     +------+     +----------+     +------+     +------+
 *   | node | <-> | node | <-> | node LZF | <-> | node | <-> | node |
 *   +------+     +------+     +----------+     +------+     +------+
 *   |- depth = 2 -------|                      |------- depth = 2 -|
 *
 * `count` is elements, `length` nodes. `fill` limits a node: elements if it is positive, -1 to
 * -5 for 4 to 64 KiB. The first and last `depth` nodes are never compressed, those between
 * are; 0 says that none is. Both are fixed when the list is made, as in Redis. `watched` is the
 * number under which a snapshot watches the list, or 0 (watch.ts).
 *
 * A million elements of 16 bytes at the default of 8 KiB: 454 elements are 7 + 454 * 18 = 8179
 * bytes of a block of 8192; with the node's 32 bytes that is 18.1 bytes an element.
 *
 * Changes in the middle stand in quicklist-change.ts.
 */
import { allocate, release, usableSize } from '../memory/heap';
import * as listpack from './listpack';
import * as nodes from './quicklist-node';
import { Node, UNPACKED } from './quicklist-node';
import { nodeIsGone, nodeWillChange } from './watch';

@unmanaged
export class Quicklist {
  head: u32;
  tail: u32;
  count: u32;
  length: u32;
  fill: i16;
  depth: u16;
  watched: u16;
}

const FILL_MAX: i64 = 0x7fff;
const FILL_MIN: i64 = -5;
const DEPTH_MAX: i64 = 0xffff;
/** Nodes from which on a new one has room ahead of need, and how much that may be. */
const LONG: u32 = 4;
const ROOM_MAX: u32 = 65536;

/** In which node `locate` found the element. */
export let place: u32 = 0;

/** The node at this address, or null. */
export function nodeAt(address: u32): Node | null {
  return address ? changetype<Node>(<usize>address) : null;
}

// The whole

export function create(fill: i64, depth: i64): Quicklist {
  const list = changetype<Quicklist>(allocate(offsetof<Quicklist>()));
  list.head = 0;
  list.tail = 0;
  list.count = 0;
  list.length = 0;
  list.fill = <i16>max(FILL_MIN, min(fill, FILL_MAX));
  list.watched = 0;
  list.depth = <u16>max<i64>(0, min(depth, DEPTH_MAX));
  return list;
}

export function dispose(list: Quicklist): void {
  for (let at = list.head; at; ) {
    const node = changetype<Node>(<usize>at);
    at = node.next;
    nodes.dispose(node);
  }
  release(changetype<usize>(list));
}

/** Frees the first node of a list that is given up; false once all is freed, the list too. */
export function dropHead(list: Quicklist): bool {
  const node = changetype<Node>(<usize>list.head);
  if (list.head) {
    list.head = <u32>changetype<usize>(node.next);
    nodes.dispose(node);
    return true;
  }
  release(changetype<usize>(list));
  return false;
}

/** A copy of the list, of the memory that `footprint` tells. */
export function duplicate(list: Quicklist): Quicklist {
  const copied = create(list.fill, list.depth);
  for (let at = list.head; at; ) {
    const node = changetype<Node>(<usize>at);
    at = node.next;
    const added = nodes.duplicate(node);
    chain(copied, nodeAt(copied.tail), null, added);
    copied.count += added.count;
  }
  return copied;
}

/** The bytes that the list takes from the heap, guessed from the first `samples` nodes or all. */
export function footprint(list: Quicklist, samples: u32): usize {
  let sum: u64 = 0;
  let seen: u32 = 0;
  for (let at = list.head; at; ) {
    const node = changetype<Node>(<usize>at);
    sum += nodes.footprint(node);
    at = ++seen == samples ? 0 : node.next;
  }
  if (seen && seen < list.length) sum = (sum * list.length) / seen;
  return <usize>sum + usableSize(offsetof<Quicklist>());
}

/** The bytes of all nodes as they are without compression. */
export function uncompressedSize(list: Quicklist): u64 {
  let sum: u64 = 0;
  for (let at = list.head; at; at = changetype<Node>(<usize>at).next) {
    sum += changetype<Node>(<usize>at).size;
  }
  return sum;
}

/** Memory that it takes to have all compressed nodes open at once: 0 if there are none. */
export function packedSize(list: Quicklist): u64 {
  if (!list.depth) return 0;
  let sum: u64 = 0;
  for (let at = list.head; at; at = changetype<Node>(<usize>at).next) {
    if (changetype<Node>(<usize>at).isPacked) sum += changetype<Node>(<usize>at).size;
  }
  return sum;
}

// Nodes

/** Links a node in behind `before`, or in front of `after`, one of which may be null. */
function chain(list: Quicklist, before: Node | null, after: Node | null, node: Node): void {
  const address = <u32>changetype<usize>(node);
  node.previous = <u32>changetype<usize>(before);
  node.next = <u32>changetype<usize>(after);
  if (before) before.next = address;
  else list.head = address;
  if (after) after.previous = address;
  else list.tail = address;
  list.length++;
}

/** Adds a new node behind another, or first of all if that is null. */
export function linkAfter(list: Quicklist, node: Node | null, added: Node): void {
  chain(list, node, node ? nodeAt(node.next) : nodeAt(list.head), added);
  compressBoth(list, node, added);
}

/** Adds a new node in front of another, or last of all if that is null. */
export function linkBefore(list: Quicklist, node: Node | null, added: Node): void {
  chain(list, node ? nodeAt(node.previous) : nodeAt(list.tail), node, added);
  compressBoth(list, node, added);
}

function compressBoth(list: Quicklist, node: Node | null, added: Node): void {
  if (!list.depth) return;
  if (node) compress(list, node);
  compress(list, added);
}

/** Tells that the node is about to get other elements. */
export function willChange(list: Quicklist, node: Node): void {
  if (list.watched) nodeWillChange(list.watched, changetype<usize>(node));
}

/** Takes the node out of the chain, without freeing it; true if it is somebody else's now. */
export function unlink(list: Quicklist, node: Node): bool {
  const before = nodeAt(node.previous);
  const following = node.next;
  const after = nodeAt(following);
  if (before) before.next = node.next;
  else list.head = node.next;
  if (after) after.previous = node.previous;
  else list.tail = node.previous;
  list.length--;
  compressAround(list, null);
  return list.watched != 0 && nodeIsGone(list.watched, changetype<usize>(node), following);
}

/** Removes the node with its elements. */
export function removeNode(list: Quicklist, node: Node): void {
  list.count -= node.count;
  if (!unlink(list, node)) nodes.dispose(node);
}

/** Appends a node around `size` bytes in this block, a listpack or one plain element. */
export function appendBlock(list: Quicklist, block: usize, size: usize, plain: bool): void {
  const elements = plain ? 1 : listpack.count(block);
  const node = nodes.adopt(block, size, elements, plain ? nodes.PLAIN : 0);
  list.count += elements;
  linkAfter(list, nodeAt(list.tail), node);
}

// Compression

/** Compresses a node that was changed or opened, if it lies deep enough. */
export function compress(list: Quicklist, node: Node): void {
  if (node.flags & UNPACKED && node.previous && node.next) nodes.pack(node);
  else compressAround(list, node);
}

/** Compresses the node again if it was opened for use. */
export function recompress(node: Node): void {
  if (node.flags & UNPACKED && node.previous && node.next) nodes.pack(node);
}

/** Opens the nodes at both ends, compresses those that come next, and this one if it is neither. */
function compressAround(list: Quicklist, node: Node | null): void {
  const depth = <u32>list.depth;
  if (!depth || list.length < depth << 1) return;
  let forward = changetype<Node>(<usize>list.head);
  let backward = changetype<Node>(<usize>list.tail);
  let near = !node;
  for (let passed: u32 = 0; passed < depth; passed++) {
    nodes.unpack(forward);
    nodes.unpack(backward);
    if (forward == node || backward == node) near = true;
    if (forward == backward || forward.next == <u32>changetype<usize>(backward)) return;
    forward = changetype<Node>(<usize>forward.next);
    backward = changetype<Node>(<usize>backward.previous);
  }
  if (node && !near) nodes.pack(node);
  nodes.pack(forward);
  nodes.pack(backward);
}

// Both ends

/** Adds an element at the end. The bytes must not lie in the list. */
export function pushTail(list: Quicklist, bytes: usize, length: usize): void {
  const tail = nodeAt(list.tail);
  list.count++;
  if (tail && nodes.takes(tail, list.fill, length)) {
    willChange(list, tail);
    if (tail.isPacked) nodes.unpackForUse(tail);
    return nodes.append(tail, bytes, length);
  }
  linkAfter(list, tail, newNode(list, tail, bytes, length, false));
}

/** Adds an element at the beginning. The bytes must not lie in the list. */
export function pushHead(list: Quicklist, bytes: usize, length: usize): void {
  const head = nodeAt(list.head);
  list.count++;
  if (head && nodes.takes(head, list.fill, length)) {
    willChange(list, head);
    if (head.isPacked) nodes.unpackForUse(head);
    return nodes.prepend(head, bytes, length);
  }
  linkBefore(list, head, newNode(list, head, bytes, length, true));
}

/** What `readEnd` found: an integer, or text. */
export let isInteger: bool = false;
export let integer: i64 = 0;
export let address: usize = 0;
export let length: usize = 0;

/** Finds what the first or the last element is; there are some. */
export function readEnd(list: Quicklist, atHead: bool): void {
  const node = changetype<Node>(<usize>(atHead ? list.head : list.tail));
  if (node.isPacked) nodes.unpackForUse(node);
  const contents = node.contents;
  isInteger = false;
  if (node.isPlain) {
    address = contents;
    length = node.size;
    return;
  }
  listpack.read(atHead ? nodes.firstOf(contents) : nodes.lastOf(node, contents));
  isInteger = listpack.isInteger;
  integer = listpack.integer;
  address = listpack.address;
  length = listpack.length;
}

/** Removes the first or the last element, which `readEnd` has found. */
export function pop(list: Quicklist, atHead: bool): void {
  const node = changetype<Node>(<usize>(atHead ? list.head : list.tail));
  if (node.count == 1) return removeNode(list, node);
  willChange(list, node);
  list.count--;
  const contents = node.contents;
  if (atHead) nodes.cutFront(node, firstEndOf(contents), 1);
  else nodes.cutBack(node, nodes.lastOf(node, contents), 1);
}

/** Where the first element of a listpack node ends. */
function firstEndOf(contents: usize): usize {
  const first = nodes.firstOf(contents);
  return first + listpack.span(first);
}

/**
 * A new end of the list, beside the node that took no more. In a longer list its block is as
 * large as what it will probably hold, which spares moving it again and again.
 */
function newNode(
  list: Quicklist,
  full: Node | null,
  bytes: usize,
  length: usize,
  atHead: bool,
): Node {
  if (full) nodes.trim(full);
  if (nodes.isLarge(length)) return nodes.createPlain(bytes, length);
  if (!full || list.length < LONG || full.size > ROOM_MAX) return nodes.create(bytes, length);
  return nodes.createRoomy(bytes, length, full.size, atHead);
}

/** Memory that must be reserved to use the first and the last node. */
export function endsCost(list: Quicklist): u64 {
  if (!list.depth) return 0;
  const head = nodeAt(list.head);
  const tail = nodeAt(list.tail);
  let sum: u64 = 0;
  if (head && head.isPacked) sum += head.size;
  if (tail && tail.isPacked) sum += tail.size;
  return sum;
}

// Finding

/** The node that has the element of this number, which is `place` there; null if there is none. */
export function locate(list: Quicklist, index: i64): Node | null {
  if (index < 0) index += list.count;
  if (<u64>index >= <u64>list.count) return null;
  return index < <i64>(list.count >> 1)
    ? locateForward(list, <u32>index)
    : locateBack(list, <u32>index);
}

function locateForward(list: Quicklist, index: u32): Node {
  let node = changetype<Node>(<usize>list.head);
  while (index >= node.count) {
    index -= node.count;
    node = changetype<Node>(<usize>node.next);
  }
  place = index;
  return node;
}

function locateBack(list: Quicklist, index: u32): Node {
  let node = changetype<Node>(<usize>list.tail);
  let before = list.count - node.count;
  while (index < before) {
    node = changetype<Node>(<usize>node.previous);
    before -= node.count;
  }
  place = index - before;
  return node;
}
