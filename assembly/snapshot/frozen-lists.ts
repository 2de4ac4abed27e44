/**
 * Frozen lists: lists that a snapshot writes while they change, from the first node on. The era of
 * a node tells whether the snapshot still needs it. A node that is about to change is copied, and
 * one that goes is kept; both wait in front of the node behind which the snapshot will get to them:
 *
 *   as it was    A     B     C     D        B was changed, C has gone, E is new
 *   now          A  [B]B' [C]D     E        the snapshot reads A B C D
 *
 * What waits in front of a node is a circle of nodes, of which `kept` is the last; what waits
 * behind the last node, `tail` is the last of.
 */
import { Quicklist } from '../structures/quicklist';
import * as nodes from '../structures/quicklist-node';
import { Node } from '../structures/quicklist-node';
import { era, observeLists } from '../structures/watch';
import * as garbage from '../values/garbage';
import * as frozen from './frozen';
import { Frozen } from './frozen';
import * as value from './write-value';
import * as writer from './writer';

function listOf(kept: Frozen): Quicklist {
  return changetype<Quicklist>(<usize>kept.block);
}

function nodeAt(address: u32): Node {
  return changetype<Node>(<usize>address);
}

/** Begins to watch the list. */
export function begin(kept: Frozen): void {
  const list = listOf(kept);
  kept.cursor = list.head;
  list.watched = <u16>kept.watched;
  observeLists(copyNode, keepNode);
}

/** Writes a node; true if it was the last. */
export function step(kept: Frozen): bool {
  const node = nodeAt(kept.cursor);
  if (!kept.cursor) {
    if (kept.tail) kept.tail = writeFirst(kept.tail);
    return !kept.tail;
  }
  if (node.kept) {
    node.kept = writeFirst(node.kept);
    return false;
  }
  if (node.era != era) {
    node.era = era;
    write(node);
  }
  kept.cursor = node.next;
  return !kept.cursor && !kept.tail;
}

/** Everything is written: ends the watch. */
export function end(kept: Frozen): void {
  listOf(kept).watched = 0;
  if (kept.owned) garbage.disposeList(listOf(kept));
}

function write(node: Node): void {
  if (!frozen.useless) value.writeNode(node);
}

/** Writes the first node of a circle, and frees it; returns the last of those left, or 0. */
function writeFirst(last: u32): u32 {
  const first = nodeAt(nodeAt(last).next);
  const rest: u32 = <u32>changetype<usize>(first) == last ? 0 : last;
  nodeAt(last).next = first.next;
  write(first);
  nodes.dispose(first);
  return rest;
}

/** Joins two circles, each known by its last node or 0; returns the last. */
function join(last: u32, following: u32): u32 {
  if (!last) return following;
  if (!following) return last;
  const first = nodeAt(last).next;
  nodeAt(last).next = nodeAt(following).next;
  nodeAt(following).next = first;
  return following;
}

/** Adds a node, which is linked to nothing, to a circle; returns the last. */
function append(last: u32, node: Node): u32 {
  const added = <u32>changetype<usize>(node);
  node.next = added;
  return join(last, added);
}

/** A node is about to change. */
function copyNode(_watched: u32, address: usize): void {
  const node = changetype<Node>(address);
  if (node.era == era || frozen.useless) return;
  if (!writer.canClaim(nodes.footprint(node))) return frozen.setUseless(true);
  node.kept = append(node.kept, nodes.duplicate(node));
  node.era = era;
}

/** A node has left the list: keeps it if it is needed, and what waits in front of it. */
function keepNode(watched: u32, address: usize, after: u32): bool {
  const node = changetype<Node>(address);
  const kept = frozen.frozenAt(watched);
  const isNeeded = node.era != era && !frozen.useless;
  let waiting = node.kept;
  node.kept = 0;
  if (isNeeded) waiting = append(waiting, node);
  if (kept.cursor == <u32>address) kept.cursor = after;
  if (after) nodeAt(after).kept = join(waiting, nodeAt(after).kept);
  else kept.tail = join(waiting, kept.tail);
  return isNeeded;
}
