/**
 * Sorted set commands on members: adding, removing, asking, popping, ZSCAN.
 */
import * as database from '../keyspace/database';
import * as effects from '../keyspace/effects';
import * as notifications from '../keyspace/notifications';
import { parseDouble, parsedDouble } from '../memory/float-text';
import {
  COUNT_NOT_POSITIVE,
  GT_LT_AND_NX,
  INCR_ONE_PAIR,
  NOT_A_FLOAT,
  NX_AND_XX,
  SCORE_NOT_A_NUMBER,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { Member } from '../structures/member';
import { TYPE_ZSET } from '../values/kind';
import * as zsets from '../values/zsets';
import { ADDED, GT, INCR, LT, NOT_A_NUMBER, NX, REFUSED, UPDATED, XX } from '../values/zsets';
import * as args from './arguments';
import * as keyed from './keyed';
import * as popping from './popping';
import * as scanning from './scanning';

/** Beside the options that `zsets.add` knows: reply how many members were changed. */
const CH: u32 = 32;

// Adding

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...] */
export function zadd(): void {
  if (args.count == 4 && parseDouble(args.address(2), args.length(2))) return addPairs(2, 0);
  let options: u32 = 0;
  let index: u32 = 2;
  for (let option: u32 = addOption(index); option; option = addOption(index)) {
    options |= option;
    if (++index == args.count) break;
  }
  const words = args.count - index;
  if (!words || words % 2) return reply.error(SYNTAX_ERROR);
  if (options & NX && options & XX) return reply.error(NX_AND_XX);
  const bounds = options & (GT | LT);
  if (bounds == (GT | LT) || (bounds && options & NX)) return reply.error(GT_LT_AND_NX);
  if (options & INCR && words > 2) return reply.error(INCR_ONE_PAIR);
  if (hasScores(index)) addPairs(index, options);
}

function addOption(index: u32): u32 {
  if (args.is(index, 'NX')) return NX;
  if (args.is(index, 'XX')) return XX;
  if (args.is(index, 'GT')) return GT;
  if (args.is(index, 'LT')) return LT;
  if (args.is(index, 'CH')) return CH;
  return args.is(index, 'INCR') ? INCR : 0;
}

/** True if every other argument from `index` on is a score; the last is in `parsedDouble`. */
function hasScores(index: u32): bool {
  for (; index < args.count; index += 2) {
    if (!isScore(index)) return false;
  }
  return true;
}

function isScore(index: u32): bool {
  if (parseDouble(args.address(index), args.length(index))) return true;
  reply.error(NOT_A_FLOAT);
  return false;
}

/** ZINCRBY key increment member */
export function zincrby(): void {
  if (isScore(2)) addPairs(2, INCR);
}

/** Adds the pairs from argument `index` on; the last score is in `parsedDouble`. */
function addPairs(index: u32, options: u32): void {
  if (!keyed.writes(1, TYPE_ZSET)) return;
  const last = args.count - 2;
  const lastScore = parsedDouble;
  let entry = keyed.entry;
  if (!entry && options & XX) return replyAdded(REFUSED, 0, 0, options);
  if (!isCheap(entry, index) && !keyed.hasMemory(costOf(entry, index))) return;
  const isNew = !entry;
  if (!entry) {
    entry = zsets.createEntry(args.address(1), args.length(1), 0);
    database.add(entry);
  }
  let added: u32 = 0;
  let updated: u32 = 0;
  let status: u32 = 0;
  for (; index <= last; index += 2) {
    const score = index == last ? lastScore : scoreAt(index);
    status = zsets.add(entry, score, args.address(index + 1), args.length(index + 1), options);
    if (status == ADDED) added++;
    else if (status == UPDATED) updated++;
  }
  const changes = isNew ? added + updated - 1 : added + updated;
  if (changes) database.signalBy(entry, changes);
  if (added + updated) keyed.notify(options & INCR ? notifications.ZINCR : notifications.ZADD, 1);
  replyAdded(status, added, updated, options);
}

function scoreAt(index: u32): f64 {
  parseDouble(args.address(index), args.length(index));
  return parsedDouble;
}

/** True if what is reserved for every command is enough. */
function isCheap(entry: Entry | null, index: u32): bool {
  return index + 2 == args.count && (!entry || zsets.isTable(entry));
}

function costOf(entry: Entry | null, index: u32): usize {
  const last = args.count - 1;
  const bytes = args.address(last) + args.length(last) - args.address(index);
  return zsets.addCost(entry, (args.count - index) >> 1, bytes);
}

function replyAdded(status: u32, added: u32, updated: u32, options: u32): void {
  if (!(options & INCR)) return reply.integer(options & CH ? added + updated : added);
  if (status == NOT_A_NUMBER) return reply.error(SCORE_NOT_A_NUMBER);
  if (status == REFUSED) return reply.nil();
  reply.double(zsets.score);
}

// Removing

/** ZREM key member [member ...] */
export function zrem(): void {
  if (!keyed.writes(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  let removed: u32 = 0;
  for (let index: u32 = 2; index < args.count && zsets.count(entry); index++) {
    if (zsets.remove(entry, args.address(index), args.length(index))) removed++;
  }
  if (removed) {
    keyed.notify(notifications.ZREM, 1);
    signalRemoved(entry, removed);
  }
  reply.integer(removed);
}

/** Tells that members are gone, and with the last of them the key. */
export function signalRemoved(entry: Entry, removed: u32): void {
  if (zsets.count(entry)) return database.signalBy(entry, removed);
  if (removed > 1) database.signalBy(entry, removed - 1);
  keyed.remove(entry);
}

/** ZPOPMIN key [count] */
export function zpopmin(): void {
  popCounted(false);
}

/** ZPOPMAX key [count] */
export function zpopmax(): void {
  popCounted(true);
}

function popCounted(fromMax: bool): void {
  let wanted: i64 = 1;
  if (args.count > 3) return reply.error(SYNTAX_ERROR);
  if (args.count == 3) {
    if (!args.isIntegerOr(2, COUNT_NOT_POSITIVE)) return;
    wanted = args.integer;
    if (wanted < 0) return reply.error(COUNT_NOT_POSITIVE);
  }
  if (!keyed.writes(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry || !wanted) return reply.array(0);
  pop(entry, wanted, fromMax, args.count == 3 && reply.protocol == 3);
}

/** Replies members from one end and removes them; returns how many. */
function pop(entry: Entry, wanted: i64, fromMax: bool, paired: bool): u32 {
  const length = <u32>min<i64>(wanted, zsets.count(entry));
  reply.array(paired ? length : length << 1);
  return popSteps(entry, length, fromMax, paired);
}

/** As `pop`, so many as there are at the least, into an array that has been begun. */
export function popSteps(entry: Entry, length: u32, fromMax: bool, paired: bool): u32 {
  const all = zsets.count(entry);
  zsets.walk(entry, fromMax ? all - 1 : 0, fromMax);
  replySteps(length, true, paired);
  if (!reply.fits()) return 0;
  if (length == 1) zsets.removeWalked(entry, fromMax ? all - 1 : 0);
  else zsets.removeRange(entry, fromMax ? all - length : 0, length);
  database.notify(fromMax ? notifications.ZPOPMAX : notifications.ZPOPMIN, entry);
  signalRemoved(entry, length);
  return length;
}

/** Replies the next members of a walk, each score behind its member or both as a pair. */
function replySteps(length: u32, scored: bool, paired: bool): void {
  if (paired) zsets.visitNext(length, replyPair);
  else if (scored) zsets.visitNext(length, replyScored);
  else zsets.visitNext(length, replyMember);
}

function replyMember(member: usize, length: usize, _score: f64): void {
  reply.bulk(member, length);
}

function replyScored(member: usize, length: usize, score: f64): void {
  reply.bulk(member, length);
  reply.double(score);
}

function replyPair(member: usize, length: usize, score: f64): void {
  reply.array(2);
  replyScored(member, length, score);
}

/** Replies members of a walk that was begun, with their scores if `scored`. */
export function replyWalk(length: u32, scored: bool): void {
  const paired = scored && reply.protocol == 3;
  reply.array(scored && !paired ? (<u64>length) << 1 : length);
  replySteps(length, scored, paired);
}

let fromHighest: bool = false;

/** ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count] */
export function zmpop(): void {
  if (isPopOfMany(1) && !popFirst(2)) reply.nilArray();
}

/** Reads the arguments from `numkeys`, number `index`, on; or replies what is wrong with them. */
export function isPopOfMany(index: u32): bool {
  if (!popping.areKeys(index)) return false;
  fromHighest = args.is(popping.keysEnd, 'MAX');
  if (fromHighest || args.is(popping.keysEnd, 'MIN')) return popping.isCount();
  reply.error(SYNTAX_ERROR);
  return false;
}

/** Pops from the first of the keys from argument `index` on that is there; false if none is. */
export function popFirst(index: u32): bool {
  for (; index < popping.keysEnd; index++) {
    if (!keyed.writes(index, TYPE_ZSET)) return true;
    const entry = keyed.entry;
    if (!entry) continue;
    reply.array(2);
    reply.bulk(args.address(index), args.length(index));
    const popped = pop(entry, popping.most, fromHighest, true);
    if (popped) propagatePop(index, popped, fromHighest);
    return true;
  }
  return false;
}

function propagatePop(index: u32, popped: u32, fromMax: bool): void {
  effects.begin(database.selected, 3);
  effects.literal(fromMax ? 'ZPOPMAX' : 'ZPOPMIN');
  effects.argument(args.address(index), args.length(index));
  effects.integer(popped);
}

// Asking

/** ZCARD key */
export function zcard(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  reply.integer(entry ? zsets.count(entry) : 0);
}

/** ZSCORE key member */
export function zscore(): void {
  if (keyed.reads(1, TYPE_ZSET)) replyScore(keyed.entry, 2);
}

/** ZMSCORE key member [member ...] */
export function zmscore(): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  reply.array(args.count - 2);
  for (let index: u32 = 2; index < args.count; index++) replyScore(entry, index);
}

function replyScore(entry: Entry | null, index: u32): void {
  if (entry && zsets.scoreOf(entry, args.address(index), args.length(index))) {
    reply.double(zsets.score);
  } else {
    reply.nil();
  }
}

/** ZRANK key member */
export function zrank(): void {
  replyRank(false);
}

/** ZREVRANK key member */
export function zrevrank(): void {
  replyRank(true);
}

function replyRank(reverse: bool): void {
  if (!keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.nil();
  const rank = zsets.rankOf(entry, args.address(2), args.length(2));
  if (rank < 0) return reply.nil();
  reply.integer(reverse ? <i64>zsets.count(entry) - 1 - rank : rank);
}

/** ZSCAN key cursor [MATCH pattern] [COUNT count] */
export function zscan(): void {
  if (!scanning.isCursor(2) || !keyed.reads(1, TYPE_ZSET)) return;
  const entry = keyed.entry;
  if (entry && !scanning.hasOptions(3, false)) return;
  reply.array(2);
  if (entry && zsets.isTable(entry)) return scanTable(entry);
  reply.bulkInteger(0);
  if (entry) scanPack(entry);
  else reply.array(0);
}

/** Scores are replied as the listpack has them: large integers with all digits. */
function scanPack(entry: Entry): void {
  const head = reply.openArray();
  let written: u64 = 0;
  zsets.walk(entry, 0, false);
  for (let left = zsets.count(entry); left; left--) {
    zsets.step();
    if (!scanning.matches(zsets.address, zsets.length)) continue;
    reply.bulk(zsets.address, zsets.length);
    zsets.readScoreText();
    reply.bulk(zsets.address, zsets.length);
    written += 2;
  }
  reply.closeArray(head, written);
}

function scanTable(entry: Entry): void {
  scanning.walkMembers(zsets.tableOf(entry));
  reply.bulkInteger(scanning.cursor);
  const found = scanning.found;
  reply.array(found.length >> 1);
  for (let at = found.bytes; at < found.end; at += 4) {
    const member = changetype<Member>(<usize>load<u32>(at));
    reply.bulk(member.keyAddress, member.keyLength);
    reply.bulkDouble(reinterpret<f64>(member.word));
  }
  found.clear();
}
