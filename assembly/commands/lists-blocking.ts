/**
 * List commands that wait where there is nothing to pop. What they do is propagated as the
 * command that does not wait.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as quicklist from '../structures/quicklist';
import { TYPE_LIST } from '../values/kind';
import * as lists from '../values/lists';
import * as args from './arguments';
import * as blocking from './blocking';
import * as keyed from './keyed';
import { canTake, finish, notifyPopped, replyEnd } from './lists';
import { atHead, isEnd, isPopOfMany, MOVED, move, NOTHING, popFirst } from './lists-moves';
import * as timeouts from './timeouts';

/** BLPOP key [key ...] timeout */
export function blpop(): void {
  popOrWait(true);
}

/** BRPOP key [key ...] timeout */
export function brpop(): void {
  popOrWait(false);
}

function popOrWait(fromHead: bool): void {
  const last = args.count - 1;
  if (!timeouts.isTimeout(last)) return;
  for (let index: u32 = 1; index < last; index++) {
    if (!keyed.writes(index, TYPE_LIST)) return;
    const entry = keyed.entry;
    if (entry) return popOne(index, entry, fromHead);
  }
  blocking.wait(timeouts.milliseconds);
}

function popOne(index: u32, entry: Entry, fromHead: bool): void {
  const list = lists.listOf(entry);
  if (list.depth && !canTake(quicklist.endsCost(list))) return;
  reply.array(2);
  reply.bulk(args.address(index), args.length(index));
  replyEnd(list, fromHead);
  if (!reply.fits()) return;
  quicklist.pop(list, fromHead);
  notifyPopped(entry, fromHead);
  finish(entry, 1);
  effects.begin(database.selected, 2);
  effects.literal(fromHead ? 'LPOP' : 'RPOP');
  effects.argument(args.address(index), args.length(index));
}

/** BLMOVE source destination LEFT | RIGHT LEFT | RIGHT timeout */
export function blmove(): void {
  if (!isEnd(3)) return;
  const fromHead = atHead;
  if (!isEnd(4)) return;
  const toHead = atHead;
  if (!moves(fromHead, toHead, 5)) return;
  beginMove('LMOVE', 5);
  effects.literal(fromHead ? 'LEFT' : 'RIGHT');
  effects.literal(toHead ? 'LEFT' : 'RIGHT');
}

/** BRPOPLPUSH source destination timeout */
export function brpoplpush(): void {
  if (moves(false, true, 3)) beginMove('RPOPLPUSH', 3);
}

/** Moves an element, or waits for one as long as argument `index` says; true if one was moved. */
function moves(fromHead: bool, toHead: bool, index: u32): bool {
  if (!timeouts.isTimeout(index)) return false;
  const outcome = move(fromHead, toHead);
  if (outcome == NOTHING) blocking.wait(timeouts.milliseconds);
  return outcome == MOVED;
}

function beginMove(name: string, count: u32): void {
  effects.begin(database.selected, count);
  effects.literal(name);
  effects.argument(args.address(1), args.length(1));
  effects.argument(args.address(2), args.length(2));
}

/** BLMPOP timeout numkeys key [key ...] LEFT | RIGHT [COUNT count] */
export function blmpop(): void {
  if (!isPopOfMany(2) || !timeouts.isTimeout(1)) return;
  if (!popFirst(3)) blocking.wait(timeouts.milliseconds);
}
