/**
 * Commands that look for elements of a list, or move them out of one of several lists.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { reserve } from '../memory/heap';
import { formatInteger } from '../memory/integer-text';
import {
  COUNT_IS_NEGATIVE,
  MAXLEN_IS_NEGATIVE,
  OUT_OF_MEMORY,
  RANK_IS_ZERO,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import * as walk from '../structures/quicklist-walk';
import { TYPE_LIST } from '../values/kind';
import * as lists from '../values/lists';
import * as args from './arguments';
import * as keyed from './keyed';
import { canOpen, finish, notifyPopped, popFrom, replyEnd } from './lists';
import * as popping from './popping';

/** What an element and perhaps a new list take, beside the bytes of the element. */
const TARGET_COST: usize = 65536;

// LPOS

let rank: i64 = 1;
/** -1: the first match alone, and not as an array. */
let matchesMax: i64 = -1;
let comparedMax: i64 = 0;

/** LPOS key element [RANK rank] [COUNT matches] [MAXLEN length] */
export function lpos(): void {
  rank = 1;
  matchesMax = -1;
  comparedMax = 0;
  for (let index: u32 = 3; index < args.count; index += 2) {
    if (!isSearchOption(index)) return;
  }
  if (!keyed.reads(1, TYPE_LIST)) return;
  const entry = keyed.entry;
  if (entry) {
    const list = lists.listOf(entry);
    if (canOpen(list)) search(list, args.address(2), args.length(2));
  } else if (matchesMax >= 0) {
    reply.array(0);
  } else {
    reply.nil();
  }
}

function isSearchOption(index: u32): bool {
  const last = index + 1 == args.count;
  if (!last && args.is(index, 'RANK')) {
    if (!args.isInteger(index + 1)) return false;
    rank = args.integer;
    if (rank) return true;
    reply.error(RANK_IS_ZERO);
    return false;
  }
  if (!last && args.is(index, 'COUNT')) {
    if (!isAtLeast(index + 1, 0, COUNT_IS_NEGATIVE)) return false;
    matchesMax = args.integer;
    return true;
  }
  if (!last && args.is(index, 'MAXLEN')) {
    if (!isAtLeast(index + 1, 0, MAXLEN_IS_NEGATIVE)) return false;
    comparedMax = args.integer;
    return true;
  }
  reply.error(SYNTAX_ERROR);
  return false;
}

/** Reads argument `index` into `args.integer`, or replies the error, also if it is less. */
function isAtLeast(index: u32, least: i64, error: string): bool {
  if (!args.isIntegerOr(index, error)) return false;
  if (args.integer >= least) return true;
  reply.error(error);
  return false;
}

function search(list: Quicklist, bytes: usize, length: usize): void {
  const backward = rank < 0;
  // The least integer has no positive counterpart and stays: every match is beyond it.
  const from = backward ? -rank : rank;
  const compared = comparedMax ? min<i64>(comparedMax, list.count) : <i64>list.count;
  const many = matchesMax >= 0;
  const opened = many ? reply.openArray() : 0;
  let matches: i64 = 0;
  let written: i64 = 0;
  let more = walk.begin(list, backward ? -1 : 0, backward);
  for (let index: i64 = 0; more && index < compared; index++) {
    if (walk.equals(bytes, length) && ++matches >= from) {
      reply.integer(backward ? list.count - 1 - index : index);
      written++;
      if (!many || (matchesMax && matches - from + 1 >= matchesMax)) break;
    }
    more = walk.step();
  }
  walk.end();
  if (many) reply.closeArray(opened, written);
  else if (!written) reply.nil();
}

// LMOVE

/** The end that `isEnd` has read. */
export let atHead: bool = false;

/** Reads argument `index`, LEFT or RIGHT, into `atHead`, or replies that it is neither. */
export function isEnd(index: u32): bool {
  atHead = args.is(index, 'LEFT');
  if (atHead || args.is(index, 'RIGHT')) return true;
  reply.error(SYNTAX_ERROR);
  return false;
}

/** LMOVE source destination LEFT | RIGHT LEFT | RIGHT */
export function lmove(): void {
  if (!isEnd(3)) return;
  const fromHead = atHead;
  if (isEnd(4) && move(fromHead, atHead) == NOTHING) reply.nil();
}

/** RPOPLPUSH source destination */
export function rpoplpush(): void {
  if (move(false, true) == NOTHING) reply.nil();
}

/** What came of a move: an error is replied, there is nothing to move, or it is done. */
export const REFUSED: u32 = 0;
export const NOTHING: u32 = 1;
export const MOVED: u32 = 2;

/** Moves an element from the list of argument 1 to that of argument 2, and replies it. */
export function move(fromHead: bool, toHead: bool): u32 {
  if (!keyed.writes(1, TYPE_LIST)) return REFUSED;
  const source = keyed.entry;
  if (!source) return NOTHING;
  if (!keyed.writes(2, TYPE_LIST)) return REFUSED;
  const target = keyed.entry;
  const list = lists.listOf(source);
  if (!canOpen(list) || (target && !canOpen(lists.listOf(target)))) return REFUSED;
  replyEnd(list, fromHead);
  if (!reply.fits() || !isRoomFor(quicklist.length)) return REFUSED;
  takeText();
  quicklist.pop(list, fromHead);
  const destination = target ? target : createTarget();
  if (toHead) quicklist.pushHead(lists.listOf(destination), text, textLength);
  else quicklist.pushTail(lists.listOf(destination), text, textLength);
  // A move is one change, that of its target.
  if (target) database.signal(target);
  keyed.notify(toHead ? notifications.LPUSH : notifications.RPUSH, 2);
  notifyPopped(source, fromHead);
  if (source != target) finish(source, 0);
  return MOVED;
}

/** Reserves memory for an element of this length; if there is none, that becomes the reply. */
function isRoomFor(length: usize): bool {
  if (reserve(length + (length >> 1) + TARGET_COST)) return true;
  reply.pending().rewind();
  reply.error(OUT_OF_MEMORY);
  return false;
}

/** The element that moves: its list lets go of it before the other one has it. */
let text: usize = 0;
let textLength: usize = 0;
const integerText: usize = memory.data(32, 16);

/** Finds the element that was just replied, in the reply, where it stays. */
function takeText(): void {
  if (quicklist.isInteger) {
    text = integerText;
    textLength = formatInteger(quicklist.integer, integerText);
  } else {
    textLength = quicklist.length;
    text = reply.pending().end - 2 - textLength;
  }
}

function createTarget(): Entry {
  const added = lists.createEntry(args.address(2), args.length(2), 0);
  added.clock = access.initial();
  database.give(added);
  return added;
}

// LMPOP

/** LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count] */
export function lmpop(): void {
  if (isPopOfMany(1) && !popFirst(2)) reply.nilArray();
}

/** Reads the arguments from `numkeys`, number `index`, on; or replies what is wrong with them. */
export function isPopOfMany(index: u32): bool {
  return popping.areKeys(index) && isEnd(popping.keysEnd) && popping.isCount();
}

/** Pops from the first list of those named from argument `index` on; false if there is none. */
export function popFirst(index: u32): bool {
  for (; index < popping.keysEnd; index++) {
    if (!keyed.writes(index, TYPE_LIST)) return true;
    const entry = keyed.entry;
    if (!entry) continue;
    popKeyed(index, entry, popping.most);
    return true;
  }
  return false;
}

function popKeyed(index: u32, entry: Entry, most: i64): void {
  if (!canOpen(lists.listOf(entry))) return;
  reply.array(2);
  reply.bulk(args.address(index), args.length(index));
  const popped = popFrom(entry, atHead, most);
  if (!popped) return;
  effects.begin(database.selected, 3);
  effects.literal(atHead ? 'LPOP' : 'RPOP');
  effects.argument(args.address(index), args.length(index));
  effects.integer(popped);
}
