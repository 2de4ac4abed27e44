/**
 * Changes of a quicklist in its middle. Nodes are split and joined where Redis does that, so
 * that the same commands make the same nodes.
 *
 * An insertion into a full node, in the middle of it:
 *
 *   | a b c d |  insert x behind b   | a b |  | x c d |  then neighbours are joined that fit
 *
 * Memory must be reserved: `nodeCost` says how much for a node that is changed.
 */
import { copy, equals } from '../memory/bytes';
import { allocate, release } from '../memory/heap';
import * as listpack from './listpack';
import * as quicklist from './quicklist';
import { linkAfter, linkBefore, nodeAt, Quicklist } from './quicklist';
import * as nodes from './quicklist-node';
import { Node } from './quicklist-node';

/** Memory that must be reserved to change the node by adding `length` bytes. */
export function nodeCost(node: Node, length: usize): u64 {
  return <u64>node.size * 4 + <u64>length * 2 + 4096;
}

/** Where in its node `findEqual` has found the element. */
export let place: u32 = 0;

/** The node of the first element with these bytes, which is `place` there; null if none is. */
export function findEqual(list: Quicklist, bytes: usize, length: usize): Node | null {
  for (let at = list.head; at; at = changetype<Node>(<usize>at).next) {
    const node = changetype<Node>(<usize>at);
    const contents = nodes.open(node);
    const found = find(node, contents, bytes, length);
    place = 0;
    if (found && !node.isPlain) placeOf(contents, found);
    nodes.close(node, contents);
    if (found) return node;
  }
  return null;
}

/** The first element with these bytes in the opened node, or 0. */
function find(node: Node, contents: usize, bytes: usize, length: usize): usize {
  if (!node.isPlain) return listpack.find(contents, nodes.firstOf(contents), bytes, length, 0);
  return <usize>node.size == length && equals(contents, bytes, length) ? contents : 0;
}

function placeOf(contents: usize, element: usize): void {
  for (let at = nodes.firstOf(contents); at != element; at += listpack.span(at)) place++;
}

// Inserting

/** The bytes that are being inserted. */
let element: usize = 0;
let elementLength: usize = 0;

/** Inserts an element beside that of number `at` of the node. */
export function insert(
  list: Quicklist,
  node: Node,
  at: u32,
  behind: bool,
  bytes: usize,
  length: usize,
): void {
  element = bytes;
  elementLength = length;
  const atEnd = behind ? at == node.count - 1 : at == 0;
  if (nodes.isLarge(elementLength)) insertLarge(list, node, at, behind, atEnd || node.isPlain);
  else if (nodes.takes(node, list.fill, elementLength)) insertInto(list, node, at, behind);
  else if (atEnd) insertBeside(list, node, behind);
  else insertSplitting(list, node, at, behind);
  list.count++;
}

function insertInto(list: Quicklist, node: Node, number: u32, behind: bool): void {
  quicklist.willChange(list, node);
  nodes.unpackForUse(node);
  const settled = nodes.settle(node);
  const at = nodes.elementOf(node, settled, number);
  const changed = behind
    ? listpack.insertAfter(settled, at, element, elementLength)
    : listpack.insertBefore(settled, at, element, elementLength);
  nodes.update(node, changed, node.count + 1);
  quicklist.recompress(node);
}

/** Inserts at the very end of a full node: into its neighbour, or a node between. */
function insertBeside(list: Quicklist, node: Node, behind: bool): void {
  const neighbour = nodeAt(behind ? node.next : node.previous);
  if (!neighbour || !nodes.takes(neighbour, list.fill, elementLength)) {
    return link(list, node, nodes.create(element, elementLength), behind);
  }
  quicklist.willChange(list, neighbour);
  nodes.unpackForUse(neighbour);
  if (behind) nodes.prepend(neighbour, element, elementLength);
  else nodes.append(neighbour, element, elementLength);
  quicklist.recompress(neighbour);
}

function link(list: Quicklist, node: Node, added: Node, behind: bool): void {
  if (behind) linkAfter(list, node, added);
  else linkBefore(list, node, added);
}

function insertSplitting(list: Quicklist, node: Node, at: u32, behind: bool): void {
  quicklist.willChange(list, node);
  nodes.unpackForUse(node);
  const taken = nodes.split(node, at, behind);
  if (behind) nodes.prepend(taken, element, elementLength);
  else nodes.append(taken, element, elementLength);
  link(list, node, taken, behind);
  joinAround(list, node);
}

function insertLarge(list: Quicklist, node: Node, at: u32, behind: bool, atEnd: bool): void {
  const added = nodes.createPlain(element, elementLength);
  if (atEnd) return link(list, node, added, behind);
  quicklist.willChange(list, node);
  nodes.unpackForUse(node);
  const taken = nodes.split(node, at, behind);
  link(list, node, added, behind);
  link(list, added, taken, behind);
}

// Joining

/** Joins what fits of the node, the two in front of it and the two behind it. */
function joinAround(list: Quicklist, node: Node): void {
  const before = nodeAt(node.previous);
  if (before) joinIf(list, nodeAt(before.previous), before);
  const after = nodeAt(node.next);
  if (after) joinIf(list, after, nodeAt(after.next));
  const front = nodeAt(node.previous);
  const centre = front && joinIf(list, front, node) ? front : node;
  joinIf(list, centre, nodeAt(centre.next));
}

/** Makes the two nodes the first of them, if they may be one. */
function joinIf(list: Quicklist, first: Node | null, second: Node | null): bool {
  if (!first || !second || !nodes.canJoin(first, second, list.fill)) return false;
  quicklist.willChange(list, first);
  quicklist.willChange(list, second);
  nodes.unpackForUse(first);
  nodes.unpackForUse(second);
  nodes.join(first, second);
  quicklist.unlink(list, second);
  release(changetype<usize>(second));
  quicklist.compress(list, first);
  return true;
}

// Replacing

/** Gives the element of number `place` of the node other bytes. */
export function replace(
  list: Quicklist,
  node: Node,
  place: u32,
  bytes: usize,
  length: usize,
): void {
  const large = nodes.isLarge(length);
  quicklist.willChange(list, node);
  if (!node.isPlain && !large) {
    nodes.unpackForUse(node);
    const settled = nodes.settle(node);
    const at = nodes.elementOf(node, settled, place);
    nodes.update(node, listpack.replace(settled, at, bytes, length), node.count);
    quicklist.compress(list, node);
  } else if (node.isPlain && large) {
    replacePlain(list, node, bytes, length);
  } else {
    insert(list, node, place, true, bytes, length);
    removeFrom(list, node, place);
  }
}

function replacePlain(list: Quicklist, node: Node, bytes: usize, length: usize): void {
  const block = allocate(length);
  copy(block, bytes, length);
  release(<usize>node.block);
  node.block = <u32>block;
  node.size = <u32>length;
  node.flags = <u8>nodes.PLAIN;
  quicklist.compress(list, node);
}

// Removing

/** Removes the element of number `place` of the node, and the node if it has no other. */
function removeFrom(list: Quicklist, node: Node, place: u32): void {
  removeElements(list, node, place, 1);
}

/** Removes `elements` elements of the node from number `place` on; there are so many. */
function removeElements(list: Quicklist, node: Node, place: u32, elements: u32): void {
  if (elements == node.count) return quicklist.removeNode(list, node);
  quicklist.willChange(list, node);
  nodes.unpackForUse(node);
  list.count -= elements;
  if (place == 0) {
    nodes.cutFront(node, nodes.elementOf(node, node.contents, elements), elements);
  } else if (place + elements == node.count) {
    nodes.cutBack(node, nodes.elementOf(node, node.contents, place), elements);
  } else {
    const settled = nodes.settle(node);
    const at = nodes.elementOf(node, settled, place);
    nodes.update(node, listpack.removeRange(settled, at, elements), node.count - elements);
  }
  quicklist.recompress(node);
}

/** Removes `elements` elements from number `index` on, or as many as there are. */
export function removeRange(list: Quicklist, index: i64, elements: u64): void {
  let node = quicklist.locate(list, index);
  let place = quicklist.place;
  while (node && elements) {
    const next = nodeAt(node.next);
    const here = <u32>min<u64>(node.count - place, elements);
    removeElements(list, node, place, here);
    elements -= here;
    place = 0;
    node = next;
  }
}

/**
 * Removes up to `most` elements with these bytes, from the end if `backward`; tells how many.
 * Memory for all compressed nodes must be reserved.
 */
export function removeEqual(
  list: Quicklist,
  bytes: usize,
  length: usize,
  most: u64,
  backward: bool,
): u32 {
  let removed: u32 = 0;
  let node = nodeAt(backward ? list.tail : list.head);
  while (node && removed < most) {
    const next = nodeAt(backward ? node.previous : node.next);
    removed += removeEqualOf(list, node, bytes, length, most - removed, backward);
    node = next;
  }
  return removed;
}

function removeEqualOf(
  list: Quicklist,
  node: Node,
  bytes: usize,
  length: usize,
  most: u64,
  backward: bool,
): u32 {
  if (!hasElement(node, bytes, length)) return 0;
  if (node.isPlain) {
    quicklist.removeNode(list, node);
    return 1;
  }
  quicklist.willChange(list, node);
  nodes.unpackForUse(node);
  const before = node.count;
  if (backward) removeBackward(node, bytes, length, most);
  else removeForward(node, bytes, length, most);
  const removed = before - node.count;
  list.count -= removed;
  if (node.count) quicklist.recompress(node);
  else quicklist.removeNode(list, node);
  return removed;
}

function hasElement(node: Node, bytes: usize, length: usize): bool {
  const contents = nodes.open(node);
  const found = find(node, contents, bytes, length) != 0;
  nodes.close(node, contents);
  return found;
}

function removeForward(node: Node, bytes: usize, length: usize, most: u64): void {
  let changed = nodes.settle(node);
  let at = nodes.firstOf(changed);
  let left = node.count;
  for (; most; most--) {
    at = listpack.find(changed, at, bytes, length, 0);
    if (!at) break;
    changed = listpack.remove(changed, at);
    at = listpack.following;
    left--;
  }
  nodes.update(node, changed, left);
}

function removeBackward(node: Node, bytes: usize, length: usize, most: u64): void {
  let changed = nodes.settle(node);
  let at = listpack.last(changed);
  let left = node.count;
  while (at && most) {
    const match = listpack.equals(at, bytes, length);
    const offset = at - changed;
    if (match) {
      changed = listpack.remove(changed, at);
      at = changed + offset;
      left--;
      most--;
    }
    at = listpack.previous(changed, at);
  }
  nodes.update(node, changed, left);
}
