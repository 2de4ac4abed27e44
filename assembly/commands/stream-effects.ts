/**
 * Stream effects: what reading and claiming do to a group, in the commands by which Redis has
 * them repeated. The key is argument `key` of the running command.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import { OUT_OF_MEMORY } from '../protocol/errors';
import * as reply from '../protocol/reply';
import { consumerOf, Group, Pending } from '../values/stream-groups';
import * as args from './arguments';
import { effectId } from './stream-ids';

/** What an effect takes beside key and names. */
const FRAME: u64 = 320;
const LENGTH_MAX: u64 = 1 << 30;

/** Makes sure that so many effects with these bytes of names can be written; else replies. */
export function hasRoom(count: u64, namesLength: usize): bool {
  if (!effects.wanted || !count) return true;
  const size = count * (FRAME + namesLength);
  if (size < LENGTH_MAX && effects.hasRoom(<usize>(size >> 2))) return true;
  reply.error(OUT_OF_MEMORY);
  return false;
}

function group(key: u32, from: Group): void {
  effects.argument(args.address(key), args.length(key));
  effects.argument(from.name, from.nameLength);
}

/** The id at argument `id` is pending as it is now. */
export function claimGiven(key: u32, from: Group, id: u32, pending: Pending): void {
  beginClaim(key, from, pending);
  effects.argument(args.address(id), args.length(id));
  endClaim(from, pending);
}

/** The id is pending as it is now. */
export function claim(key: u32, from: Group, ms: u64, seq: u64, pending: Pending): void {
  beginClaim(key, from, pending);
  effectId(ms, seq);
  endClaim(from, pending);
}

function beginClaim(key: u32, from: Group, pending: Pending): void {
  const consumer = consumerOf(pending);
  effects.begin(database.selected, 14);
  effects.literal('XCLAIM');
  group(key, from);
  effects.argument(consumer.name, consumer.nameLength);
  effects.integer(0);
}

function endClaim(from: Group, pending: Pending): void {
  effects.literal('TIME');
  effects.integer(pending.deliveredAt);
  effects.literal('RETRYCOUNT');
  effects.integer(pending.deliveries);
  effects.literal('FORCE');
  effects.literal('JUSTID');
  effects.literal('LASTID');
  effectId(from.lastMs, from.lastSeq);
}

/** The group has read up to where it is now. */
export function setId(key: u32, from: Group): void {
  effects.begin(database.selected, 7);
  effects.literal('XGROUP');
  effects.literal('SETID');
  group(key, from);
  effectId(from.lastMs, from.lastSeq);
  effects.literal('ENTRIESREAD');
  effects.integer(from.entriesRead);
}

/** The group has the consumer whose name is argument `name`. */
export function createConsumer(key: u32, from: Group, name: u32): void {
  effects.begin(database.selected, 5);
  effects.literal('XGROUP');
  effects.literal('CREATECONSUMER');
  group(key, from);
  effects.argument(args.address(name), args.length(name));
}
