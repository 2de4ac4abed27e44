/**
 * Set commands that leave the choice to chance: SPOP and SRANDMEMBER.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { parsedInteger, parseInteger } from '../memory/integer-text';
import {
  COUNT_NOT_POSITIVE,
  NOT_NEGATABLE,
  OUT_OF_MEMORY,
  REPLY_TOO_LARGE,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_SET } from '../values/kind';
import * as samples from '../values/set-samples';
import * as sets from '../values/sets';
import * as args from './arguments';
import * as keyed from './keyed';
import { replySet, signalRemoved } from './sets';

/** SPOP leaving less than one in so many members makes the set anew, as in Redis. */
const REMAKE_PART: u64 = 5;
/** So many members cannot fit into any reply: each takes seven bytes at least. */
const REPEATS_MAX: i64 = 1 << 29;
/** What a member takes in the effects beside its bytes. */
const EFFECT_ROOM: usize = 16;

/** SPOP key [count] */
export function spop(): void {
  if (args.count == 2) return popOne();
  if (args.count > 3) return reply.error(SYNTAX_ERROR);
  if (!parseInteger(args.address(2), args.length(2)) || parsedInteger < 0) {
    return reply.error(COUNT_NOT_POSITIVE);
  }
  const count = <u64>parsedInteger;
  if (!keyed.writes(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (!entry || !count) return reply.set(0);
  if (count >= sets.count(entry)) popAll(entry);
  else popMany(entry, <u32>count);
}

function popOne(): void {
  if (!keyed.writes(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  sets.random(entry);
  if (effects.wanted && !effects.hasRoom(sets.length)) return reply.error(OUT_OF_MEMORY);
  reply.bulk(sets.address, sets.length);
  if (!reply.fits()) return;
  beginRemoval(1);
  effects.argument(sets.address, sets.length);
  sets.removeDrawn(entry);
  keyed.notify(notifications.SPOP, 1);
  signalRemoved(entry, 1);
}

/** Begins SREM key member [member ...], the effect of SPOP; the members follow. */
function beginRemoval(members: u32): void {
  effects.begin(database.selected, members + 2);
  effects.literal('SREM');
  effects.argument(args.address(1), args.length(1));
}

function popAll(entry: Entry): void {
  replySet(entry);
  if (!reply.fits()) return;
  const members = sets.count(entry);
  if (members > 1) database.signalBy(entry, members - 1);
  keyed.notify(notifications.SPOP, 1);
  keyed.remove(entry);
  effects.begin(database.selected, 2);
  effects.literal('DEL');
  effects.argument(args.address(1), args.length(1));
}

function popMany(entry: Entry, count: u32): void {
  const remaining = sets.count(entry) - count;
  sampleBytes = 0;
  if (!samples.choose(entry, count)) return reply.error(OUT_OF_MEMORY);
  samples.visit(entry, measure);
  if (effects.wanted && !effects.hasRoom(sampleBytes)) return reply.error(OUT_OF_MEMORY);
  reply.set(count);
  samples.visit(entry, reply.bulk);
  if (reply.fits()) {
    beginRemoval(count);
    samples.visit(entry, effects.argument);
    samples.remove(entry);
    if (<u64>remaining * REMAKE_PART <= count) sets.recode(entry);
    database.signalBy(entry, count);
    keyed.notify(notifications.SPOP, 1);
  }
  samples.forget();
}

let sampleBytes: usize = 0;

function measure(_address: usize, length: usize): void {
  sampleBytes += length + EFFECT_ROOM;
}

/** SRANDMEMBER key [count] */
export function srandmember(): void {
  if (args.count == 2) return replyOne();
  if (args.count > 3) return reply.error(SYNTAX_ERROR);
  if (!args.isInteger(2)) return;
  const count = args.integer;
  if (count == i64.MIN_VALUE) return reply.error(NOT_NEGATABLE);
  if (!keyed.reads(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (!entry || !count) return reply.array(0);
  if (count < 0) replyRepeating(entry, -count);
  else replySample(entry, count);
}

function replyOne(): void {
  if (!keyed.reads(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  sets.random(entry);
  reply.bulk(sets.address, sets.length);
}

function replyRepeating(entry: Entry, count: i64): void {
  if (count > REPEATS_MAX) return reply.error(REPLY_TOO_LARGE);
  reply.array(count);
  for (let written: i64 = 0; written < count && reply.fits(); written++) {
    sets.random(entry);
    reply.bulk(sets.address, sets.length);
  }
}

function replySample(entry: Entry, count: i64): void {
  const members = sets.count(entry);
  if (count >= <i64>members) {
    reply.array(members);
    return sets.visit(entry, reply.bulk);
  }
  if (!samples.choose(entry, <u32>count)) return reply.error(OUT_OF_MEMORY);
  reply.array(count);
  samples.visit(entry, reply.bulk);
  samples.forget();
}
