/**
 * ZRANDMEMBER: members of a sorted set by chance, the same one again or all different ones.
 *
 * A small sample of different members is drawn by ranks, of which a bitmap tells those that were
 * drawn already. Otherwise each member in turn is taken with the chance (still wanted / still to
 * come), which is Algorithm S of Knuth, The Art of Computer Programming, volume 2, 3.4.2.
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { below } from '../memory/random';
import {
  NOT_NEGATABLE,
  OUT_OF_MEMORY,
  OUT_OF_RANGE,
  REPLY_TOO_LARGE,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { TYPE_ZSET } from '../values/kind';
import * as zsets from '../values/zsets';
import * as args from './arguments';
import * as keyed from './keyed';
import { replyWalk } from './zsets';

/** Above this twice the count is no count any more. */
const PAIRS_MAX: i64 = i64.MAX_VALUE / 2;
/** So many members cannot fit into any reply. */
const REPEATS_MAX: i64 = 1 << 29;
/** If the set has so many times more members than are wanted, they are drawn one by one. */
const SPARSE: i64 = 3;

/** A bit for each rank that was drawn. */
const drawn: Buffer = bufferAt(memory.data(48, 16));
let withScores: bool = false;

/** ZRANDMEMBER key [count [WITHSCORES]] */
export function zrandmember(): void {
  if (args.count == 2) return replyOne();
  if (!args.isInteger(2)) return;
  const count = args.integer;
  if (count == i64.MIN_VALUE) return reply.error(NOT_NEGATABLE);
  withScores = args.count > 3;
  if (withScores && (args.count > 4 || !args.is(3, 'WITHSCORES'))) {
    return reply.error(SYNTAX_ERROR);
  }
  if (withScores && (count > PAIRS_MAX || count < -PAIRS_MAX)) return reply.error(OUT_OF_RANGE);
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry || !count) return reply.array(0);
  if (count < 0) replyRepeating(entry, -count);
  else replyDifferent(entry, count);
}

function replyOne(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  stepTo(entry, <u32>below(zsets.count(entry)));
  reply.bulk(zsets.address, zsets.length);
}

function stepTo(entry: Entry, rank: u32): void {
  zsets.walk(entry, rank, false);
  zsets.step();
}

function beginReply(count: i64): void {
  reply.array(withScores && reply.protocol == 2 ? count << 1 : count);
}

function replyMember(): void {
  if (withScores && reply.protocol == 3) reply.array(2);
  reply.bulk(zsets.address, zsets.length);
  if (withScores) reply.double(zsets.score);
}

function replyRepeating(entry: Entry, count: i64): void {
  if (count > REPEATS_MAX) return reply.error(REPLY_TOO_LARGE);
  const all = zsets.count(entry);
  beginReply(count);
  for (let left = count; left && reply.fits(); left--) {
    stepTo(entry, <u32>below(all));
    replyMember();
  }
}

function replyDifferent(entry: Entry, count: i64): void {
  const all = zsets.count(entry);
  if (count >= <i64>all) {
    zsets.walk(entry, 0, false);
    return replyWalk(all, withScores);
  }
  if (count * SPARSE < <i64>all) return replyDrawn(entry, <u32>count, all);
  beginReply(count);
  zsets.walk(entry, 0, false);
  let wanted = <u32>count;
  for (let toCome = all; wanted; toCome--) {
    zsets.step();
    if (below(toCome) >= wanted) continue;
    replyMember();
    wanted--;
  }
}

function replyDrawn(entry: Entry, count: u32, all: u32): void {
  const size = (<usize>all >> 3) + 1;
  drawn.clear();
  if (!drawn.hasRoom(size)) return reply.error(OUT_OF_MEMORY);
  memory.fill(drawn.bytes, 0, size);
  beginReply(count);
  while (count) {
    const rank = <u32>below(all);
    if (!isNew(rank)) continue;
    stepTo(entry, rank);
    replyMember();
    count--;
  }
  drawn.clear();
}

/** Notes a rank; false if it was noted before. */
function isNew(rank: u32): bool {
  const at = drawn.bytes + (<usize>rank >> 3);
  const bit: u8 = 1 << (<u8>rank & 7);
  const before = load<u8>(at);
  store<u8>(at, before | bit);
  return !(before & bit);
}
