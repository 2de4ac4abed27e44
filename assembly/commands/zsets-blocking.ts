/**
 * Sorted set commands that wait where there is nothing to pop. What they do is propagated as
 * the command that does not wait.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_ZSET } from '../values/kind';
import * as args from './arguments';
import * as blocking from './blocking';
import * as keyed from './keyed';
import * as timeouts from './timeouts';
import { isPopOfMany, popFirst, popSteps } from './zsets';

/** BZPOPMIN key [key ...] timeout */
export function bzpopmin(): void {
  popOrWait(false);
}

/** BZPOPMAX key [key ...] timeout */
export function bzpopmax(): void {
  popOrWait(true);
}

function popOrWait(fromMax: bool): void {
  const last = args.count - 1;
  if (!timeouts.isTimeout(last)) return;
  for (let index: u32 = 1; index < last; index++) {
    if (!keyed.writes(index, TYPE_ZSET)) return;
    const entry = keyed.entry;
    if (entry) return popOne(index, entry, fromMax);
  }
  blocking.wait(timeouts.milliseconds);
}

function popOne(index: u32, entry: Entry, fromMax: bool): void {
  reply.array(3);
  reply.bulk(args.address(index), args.length(index));
  if (!popSteps(entry, 1, fromMax, false)) return;
  effects.begin(database.selected, 2);
  effects.literal(fromMax ? 'ZPOPMAX' : 'ZPOPMIN');
  effects.argument(args.address(index), args.length(index));
}

/** BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count] */
export function bzmpop(): void {
  if (!isPopOfMany(2) || !timeouts.isTimeout(1)) return;
  if (!popFirst(3)) blocking.wait(timeouts.milliseconds);
}
