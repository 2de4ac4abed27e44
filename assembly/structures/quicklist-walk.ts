/**
 * Walk: one element of a quicklist after the other, in either direction.
 *
 *   for (let more = walk.begin(list, 0, false); more; more = walk.step()) { walk.readText(); ... }
 *   walk.end();
 *
 * There is one walk at a time, and the list stays what it is meanwhile. Memory to open one
 * compressed node must be reserved.
 */
import { equals as sameBytes } from '../memory/bytes';
import * as listpack from './listpack';
import { beginOf, spanAt } from './listpack-element';
import * as quicklist from './quicklist';
import { nodeAt, Quicklist } from './quicklist';
import * as nodes from './quicklist-node';
import { Node } from './quicklist-node';

/** What `read` found: an integer, or text. */
export let isInteger: bool = false;
export let integer: i64 = 0;
/** Bytes of the text that `read` or `readText` found. */
export let address: usize = 0;
export let length: usize = 0;

/** The node, its contents, the element there, and how many follow it in this direction. */
let current: usize = 0;
let contents: usize = 0;
let at: usize = 0;
let left: u32 = 0;
let backward: bool = false;

/** Goes to the element of this number; false if there is none. */
export function begin(list: Quicklist, index: i64, towardsHead: bool): bool {
  const node = quicklist.locate(list, index);
  backward = towardsHead;
  current = 0;
  if (!node) return false;
  enter(node);
  at = node.isPlain ? contents : nodes.elementOf(node, contents, quicklist.place);
  left = towardsHead ? quicklist.place : node.count - quicklist.place - 1;
  return true;
}

function enter(node: Node): void {
  current = changetype<usize>(node);
  contents = nodes.open(node);
}

/** Goes on to the next element; false if there is none. */
export function step(): bool {
  if (!left) return nextNode();
  left--;
  at = backward ? beginOf(at) : at + spanAt(at);
  return true;
}

function nextNode(): bool {
  const node = changetype<Node>(current);
  const next = nodeAt(backward ? node.previous : node.next);
  end();
  if (!next) return false;
  enter(next);
  left = next.count - 1;
  if (next.isPlain) at = contents;
  else at = backward ? nodes.lastOf(next, contents) : nodes.firstOf(contents);
  return true;
}

/** Ends the walk, wherever it is. */
export function end(): void {
  if (current) nodes.close(changetype<Node>(current), contents);
  current = 0;
}

/** Finds what the element is: `isInteger`, then `integer` or `address` and `length`. */
export function read(): void {
  const node = changetype<Node>(current);
  if (node.isPlain) return readPlain(node);
  listpack.read(at);
  isInteger = listpack.isInteger;
  integer = listpack.integer;
  address = listpack.address;
  length = listpack.length;
}

/** Finds the element's text in `address` and `length`; that of an integer lasts until the next. */
export function readText(): void {
  const node = changetype<Node>(current);
  if (node.isPlain) return readPlain(node);
  listpack.readText(at);
  address = listpack.address;
  length = listpack.length;
}

function readPlain(node: Node): void {
  isInteger = false;
  address = contents;
  length = node.size;
}

/** True if the element's text is these bytes. */
export function equals(bytes: usize, size: usize): bool {
  const node = changetype<Node>(current);
  if (!node.isPlain) return listpack.equals(at, bytes, size);
  return <usize>node.size == size && sameBytes(contents, bytes, size);
}
