/**
 * List commands: pushing and popping at the ends, reading and changing by index.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import {
  COUNT_NOT_POSITIVE,
  LIST_INDEX_OUT_OF_RANGE,
  NO_SUCH_KEY,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as quicklist from '../structures/quicklist';
import { nodeAt, Quicklist } from '../structures/quicklist';
import * as change from '../structures/quicklist-change';
import * as nodes from '../structures/quicklist-node';
import { Node } from '../structures/quicklist-node';
import * as walk from '../structures/quicklist-walk';
import { TYPE_LIST } from '../values/kind';
import * as lists from '../values/lists';
import * as args from './arguments';
import { replyElements } from './elements';
import * as keyed from './keyed';
import { refuseArgumentCount } from './refusal';

/** What an element may take beside its bytes: a node, and the frame of a listpack. */
const ELEMENT_COST: u32 = 64;
/** So few elements need no thought: `reserve` always keeps more. */
const FEW: u32 = 1024;

/** Reserves memory for work on compressed nodes; false if there is none, and that is replied. */
export function canOpen(list: Quicklist): bool {
  return !list.depth || canTake(quicklist.packedSize(list));
}

/** Reserves so much memory; false if there is none, and that is replied. */
export function canTake(size: u64): bool {
  return keyed.hasMemory(<usize>min<u64>(size, usize.MAX_VALUE));
}

/** Tells of a change of so many elements; a list without elements is removed. */
export function finish(entry: Entry, changes: u64): void {
  if (lists.count(entry)) return database.signalBy(entry, changes);
  effects.changedBy(changes - 1);
  keyed.remove(entry);
}

// Pushing

/** LPUSH key element [element ...] */
export function lpush(): void {
  push(true, false);
}

/** RPUSH key element [element ...] */
export function rpush(): void {
  push(false, false);
}

/** LPUSHX key element [element ...] */
export function lpushx(): void {
  push(true, true);
}

/** RPUSHX key element [element ...] */
export function rpushx(): void {
  push(false, true);
}

function push(atHead: bool, onlyIfPresent: bool): void {
  if (!keyed.writes(1, TYPE_LIST)) return;
  const found = keyed.entry;
  if (!found && onlyIfPresent) return reply.integer(0);
  const elements = args.count - 2;
  if (elements > FEW && !keyed.hasMemory(elements * ELEMENT_COST)) return;
  if (found) {
    const list = lists.listOf(found);
    if (list.depth && !canTake(quicklist.endsCost(list))) return;
    pushAll(list, atHead);
    database.signalBy(found, elements);
  } else {
    const added = lists.createEntry(args.address(1), args.length(1), 0);
    pushAll(lists.listOf(added), atHead);
    database.add(added);
    effects.changedBy(elements - 1);
  }
  keyed.notify(atHead ? notifications.LPUSH : notifications.RPUSH, 1);
}

function pushAll(list: Quicklist, atHead: bool): void {
  for (let index: u32 = 2; index < args.count; index++) {
    if (atHead) quicklist.pushHead(list, args.address(index), args.length(index));
    else quicklist.pushTail(list, args.address(index), args.length(index));
  }
  reply.integer(list.count);
}

// Popping

/** LPOP key [count] */
export function lpop(): void {
  if (args.count > 3) return refuseArgumentCount('lpop');
  if (args.count == 3) popMany(true);
  else popOne(true);
}

/** RPOP key [count] */
export function rpop(): void {
  if (args.count > 3) return refuseArgumentCount('rpop');
  if (args.count == 3) popMany(false);
  else popOne(false);
}

function popOne(atHead: bool): void {
  if (!keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  const list = lists.listOf(entry);
  if (list.depth && !canTake(quicklist.endsCost(list))) return;
  replyEnd(list, atHead);
  if (!reply.fits()) return;
  quicklist.pop(list, atHead);
  notifyPopped(entry, atHead);
  finish(entry, 1);
}

/** Tells listeners that elements were taken from one end. */
export function notifyPopped(entry: Entry, atHead: bool): void {
  database.notify(atHead ? notifications.LPOP : notifications.RPOP, entry);
}

/** Writes the first or the last element, which `quicklist.pop` can then remove. */
export function replyEnd(list: Quicklist, atHead: bool): void {
  quicklist.readEnd(list, atHead);
  if (quicklist.isInteger) reply.bulkInteger(quicklist.integer);
  else reply.bulk(quicklist.address, quicklist.length);
}

function popMany(atHead: bool): void {
  if (!args.isIntegerOr(2, COUNT_NOT_POSITIVE)) return;
  if (args.integer < 0) return reply.error(COUNT_NOT_POSITIVE);
  if (!keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nilArray();
  if (args.integer == 0) return reply.array(0);
  if (canOpen(lists.listOf(entry))) popFrom(entry, atHead, args.integer);
}

/**
 * Replies up to `most` elements from one end, and removes them; tells how many. Memory to open the
 * list must be reserved.
 */
export function popFrom(entry: Entry, atHead: bool, most: i64): u32 {
  const list = lists.listOf(entry);
  const elements = <u32>min<i64>(most, list.count);
  replyRange(list, atHead ? 0 : -1, elements, !atHead);
  if (!reply.fits()) return 0;
  change.removeRange(list, atHead ? 0 : list.count - elements, elements);
  notifyPopped(entry, atHead);
  finish(entry, elements);
  return elements;
}

// Reading

/** LLEN key */
export function llen(): void {
  if (!keyed.reads(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  reply.integer(entry ? lists.count(entry) : 0);
}

/** LINDEX key index */
export function lindex(): void {
  if (!keyed.reads(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  if (!args.isInteger(2)) return;
  const list = lists.listOf(entry);
  if (!canOpen(list)) return;
  if (walk.begin(list, args.integer, false)) replyElement();
  else reply.nil();
  walk.end();
}

/** Writes the element that the walk is at. */
function replyElement(): void {
  walk.read();
  if (walk.isInteger) reply.bulkInteger(walk.integer);
  else reply.bulk(walk.address, walk.length);
}

/** The range that the last successful question found. */
let start: i64 = 0;
let stop: i64 = 0;

function isRange(): bool {
  if (!args.isInteger(2)) return false;
  start = args.integer;
  if (!args.isInteger(3)) return false;
  stop = args.integer;
  return true;
}

/** Cuts the range to what the list has; false if that is nothing. */
function clampRange(count: i64): bool {
  if (start < 0) start = max<i64>(0, start + count);
  if (stop < 0) stop += count;
  stop = min(stop, count - 1);
  return start <= stop;
}

/** LRANGE key start stop */
export function lrange(): void {
  if (!isRange() || !keyed.reads(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.array(0);
  const list = lists.listOf(entry);
  if (!clampRange(list.count)) return reply.array(0);
  if (canOpen(list)) replyRange(list, start, <u32>(stop - start + 1), false);
}

/** Writes an array of `elements` elements, from number `index` on; there are so many. */
function replyRange(list: Quicklist, index: i64, elements: u32, backward: bool): void {
  reply.array(elements);
  if (backward) return replyBackward(list, index, elements);
  let node = quicklist.locate(list, index);
  let place = quicklist.place;
  while (node && elements && reply.fits()) {
    const here = min(node.count - place, elements);
    replyNode(node, place, here);
    elements -= here;
    place = 0;
    node = nodeAt(node.next);
  }
}

/** Writes so many elements of the node from number `place` on. */
function replyNode(node: Node, place: u32, elements: u32): void {
  const contents = nodes.open(node);
  if (node.isPlain) {
    reply.bulk(contents, node.size);
  } else {
    replyElements(nodes.elementOf(node, contents, place), elements);
  }
  nodes.close(node, contents);
}

function replyBackward(list: Quicklist, index: i64, elements: u32): void {
  let more = walk.begin(list, index, true);
  for (; more && elements && reply.fits(); elements--) {
    replyElement();
    more = walk.step();
  }
  walk.end();
}

// Changing

/** LSET key index element */
export function lset(): void {
  if (!keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.error(NO_SUCH_KEY);
  if (!args.isInteger(2)) return;
  const list = lists.listOf(entry);
  const node = quicklist.locate(list, args.integer);
  if (!node) return reply.error(LIST_INDEX_OUT_OF_RANGE);
  if (!canOpen(list) || !canTake(change.nodeCost(node, args.length(3)))) return;
  change.replace(list, node, quicklist.place, args.address(3), args.length(3));
  database.signal(entry);
  keyed.notify(notifications.LSET, 1);
  reply.ok();
}

/** LINSERT key BEFORE | AFTER pivot element */
export function linsert(): void {
  const behind = args.is(2, 'AFTER');
  if (!behind && !args.is(2, 'BEFORE')) return reply.error(SYNTAX_ERROR);
  if (!keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  const list = lists.listOf(entry);
  if (!canOpen(list)) return;
  const node = change.findEqual(list, args.address(3), args.length(3));
  if (!node) return reply.integer(-1);
  const cost = change.nodeCost(node, args.length(4)) + quicklist.packedSize(list);
  if (!canTake(cost)) return;
  change.insert(list, node, change.place, behind, args.address(4), args.length(4));
  database.signal(entry);
  keyed.notify(notifications.LINSERT, 1);
  reply.integer(list.count);
}

/** LREM key count element */
export function lrem(): void {
  if (!args.isInteger(2)) return;
  const count = args.integer;
  if (!keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  const list = lists.listOf(entry);
  if (!canOpen(list)) return;
  const most = count == 0 ? u64.MAX_VALUE : <u64>(count < 0 ? -count : count);
  const removed = change.removeEqual(list, args.address(3), args.length(3), most, count < 0);
  if (removed) {
    keyed.notify(notifications.LREM, 1);
    finish(entry, removed);
  }
  reply.integer(removed);
}

/** LTRIM key start stop */
export function ltrim(): void {
  if (!isRange() || !keyed.writes(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (!entry) return reply.ok();
  const list = lists.listOf(entry);
  if (!canOpen(list)) return;
  const count = <i64>list.count;
  const kept = clampRange(count);
  const fromHead = kept ? start : count;
  const fromTail = kept ? count - 1 - stop : 0;
  change.removeRange(list, 0, fromHead);
  if (fromTail) change.removeRange(list, -fromTail, fromTail);
  keyed.notify(notifications.LTRIM, 1);
  finish(entry, fromHead + fromTail);
  reply.ok();
}
