/** What quicklist.test.ts drives: one list at a time, arguments in a place of their own. */
import { blockSize, reserve, start, usedBytes } from '../../assembly/memory/heap';
import * as listpack from '../../assembly/structures/listpack';
import * as quicklist from '../../assembly/structures/quicklist';
import { Quicklist } from '../../assembly/structures/quicklist';
import * as change from '../../assembly/structures/quicklist-change';
import * as nodes from '../../assembly/structures/quicklist-node';
import { Node } from '../../assembly/structures/quicklist-node';
import * as walk from '../../assembly/structures/quicklist-walk';

let place: usize = 0;
let list: Quicklist = changetype<Quicklist>(0);

/** Begins; returns the place for arguments, a mebibyte. */
export function begin(_: i32): usize {
  start();
  reserve(64 << 20);
  place = memory.grow(16) << 16;
  return place;
}

export function create(fill: i32, depth: i32, packedThreshold: u32): void {
  nodes.setPackedThreshold(packedThreshold);
  list = quicklist.create(fill, depth);
}

/** Frees the list; true if the heap is back where it was. */
export function end(_: i32): bool {
  quicklist.dispose(list);
  return usedBytes() == 0;
}

export function push(atHead: bool, length: usize): void {
  if (atHead) quicklist.pushHead(list, place, length);
  else quicklist.pushTail(list, place, length);
}

export function pop(atHead: bool): void {
  quicklist.readEnd(list, atHead);
  quicklist.pop(list, atHead);
}

export function insert(index: i32, behind: bool, length: usize): void {
  const node = quicklist.locate(list, index);
  if (node) change.insert(list, node, quicklist.place, behind, place, length);
}

export function replace(index: i32, length: usize): void {
  const node = quicklist.locate(list, index);
  if (node) change.replace(list, node, quicklist.place, place, length);
}

export function removeRange(index: i32, elements: u32): void {
  change.removeRange(list, index, elements);
}

export function removeEqual(length: usize, most: u32, backward: bool): u32 {
  return change.removeEqual(list, place, length, most, backward);
}

/** The list becomes a copy of itself. */
export function renew(_: i32): void {
  const copied = quicklist.duplicate(list);
  quicklist.dispose(list);
  list = copied;
}

/** Number of the first element with these bytes, -1 if there is none. */
export function find(length: usize): i32 {
  const node = change.findEqual(list, place, length);
  if (!node) return -1;
  let index = change.place;
  for (let at = node.previous; at; at = changetype<Node>(<usize>at).previous) {
    index += changetype<Node>(<usize>at).count;
  }
  return index;
}

/** Writes { u32 length, bytes } of each element to the place, in this direction; tells how many. */
export function readAll(backward: bool): u32 {
  let to = place;
  let elements: u32 = 0;
  for (let more = walk.begin(list, backward ? -1 : 0, backward); more; more = walk.step()) {
    walk.readText();
    store<u32>(to, <u32>walk.length);
    memory.copy(to + 4, walk.address, walk.length);
    to += walk.length + 4;
    elements++;
  }
  walk.end();
  return elements;
}

/** Checks all that holds of nodes, and tells how many there are. */
export function checkNodes(_: i32): u32 {
  let elements: u32 = 0;
  let number: u32 = 0;
  let previous: u32 = 0;
  for (let at = list.head; at; number++) {
    const node = changetype<Node>(<usize>at);
    assert(node.previous == previous, 'nodes are chained both ways');
    assert(node.count > 0, 'no node is empty');
    const fromEnd = list.length - 1 - number;
    if (min(number, fromEnd) < list.depth) assert(!node.isPacked, 'the ends are not compressed');
    checkContents(node);
    elements += node.count;
    previous = at;
    at = node.next;
  }
  assert(list.tail == previous && number == list.length && elements == list.count);
  return number;
}

function checkContents(node: Node): void {
  assert(node.isPacked || <usize>node.size + node.offset <= blockSize(<usize>node.block));
  const contents = nodes.open(node);
  if (node.isPlain) assert(node.count == 1);
  else assert(listpack.validate(contents, node.size, true), 'a node has a listpack');
  if (!node.isPlain) assert(listpack.count(contents) == node.count);
  nodes.close(node, contents);
}

/** How many nodes are compressed. */
export function packedNodes(_: i32): u32 {
  let packed: u32 = 0;
  for (let at = list.head; at; at = changetype<Node>(<usize>at).next) {
    if (changetype<Node>(<usize>at).isPacked) packed++;
  }
  return packed;
}

export function usedMemory(_: i32): u32 {
  return <u32>usedBytes();
}

/** Address of the contents of the first node. */
export function headContents(_: i32): usize {
  return changetype<Node>(<usize>list.head).contents;
}
