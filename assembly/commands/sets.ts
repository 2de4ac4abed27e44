/**
 * Set commands on one set, and SMOVE.
 */
import * as access from '../keyspace/access';
import * as database from '../keyspace/database';
import * as notifications from '../keyspace/notifications';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import { Member } from '../structures/member';
import { TYPE_SET } from '../values/kind';
import * as sets from '../values/sets';
import * as args from './arguments';
import * as keyed from './keyed';
import * as scanning from './scanning';

/** SADD key member [member ...] */
export function sadd(): void {
  if (!keyed.writes(1, TYPE_SET)) return;
  let entry = keyed.entry;
  // For one more record what is reserved for every command is enough.
  const isCheap = entry != null && args.count == 3 && sets.isTable(entry);
  if (!isCheap && !keyed.hasMemory(sets.growthCost(entry, args.count - 2, memberBytes()))) return;
  if (!entry) {
    entry = newSet(1, 2);
    // A set that the last lookup did not find, and that all members are new to but repeated ones.
    database.add(entry);
    const added = addMembers(entry);
    if (added > 1) database.signalBy(entry, added - 1);
    keyed.notify(notifications.SADD, 1);
    return reply.integer(added);
  }
  const added = addMembers(entry);
  if (added) {
    database.signalBy(entry, added);
    keyed.notify(notifications.SADD, 1);
  }
  reply.integer(added);
}

/** The bytes of all members of SADD, at the most: they follow each other in the request. */
function memberBytes(): usize {
  const last = args.count - 1;
  return args.address(last) + args.length(last) - args.address(2);
}

/** A set without members under the key at argument `key`, for the member at `first`. */
function newSet(key: u32, first: u32): Entry {
  const bytes = args.address(first);
  return sets.createEntryFor(args.address(key), args.length(key), bytes, args.length(first));
}

function addMembers(entry: Entry): u32 {
  let added: u32 = 0;
  for (let index: u32 = 2; index < args.count; index++) {
    if (sets.add(entry, args.address(index), args.length(index))) added++;
  }
  return added;
}

/** SREM key member [member ...] */
export function srem(): void {
  if (!keyed.writes(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (!entry) return reply.integer(0);
  let removed: u32 = 0;
  for (let index: u32 = 2; index < args.count && sets.count(entry); index++) {
    if (sets.remove(entry, args.address(index), args.length(index))) removed++;
  }
  if (removed) {
    keyed.notify(notifications.SREM, 1);
    signalRemoved(entry, removed);
  }
  reply.integer(removed);
}

/** Tells that members are gone, and with the last of them the key. */
export function signalRemoved(entry: Entry, removed: u32): void {
  if (sets.count(entry)) return database.signalBy(entry, removed);
  if (removed > 1) database.signalBy(entry, removed - 1);
  keyed.remove(entry);
}

/** SISMEMBER key member */
export function sismember(): void {
  if (!keyed.reads(1, TYPE_SET)) return;
  reply.integer(hasMember(keyed.entry, 2) ? 1 : 0);
}

function hasMember(entry: Entry | null, index: u32): bool {
  return entry != null && sets.has(entry, args.address(index), args.length(index));
}

/** SMISMEMBER key member [member ...] */
export function smismember(): void {
  if (!keyed.reads(1, TYPE_SET)) return;
  const entry = keyed.entry;
  reply.array(args.count - 2);
  for (let index: u32 = 2; index < args.count; index++) {
    reply.integer(hasMember(entry, index) ? 1 : 0);
  }
}

/** SCARD key */
export function scard(): void {
  if (!keyed.reads(1, TYPE_SET)) return;
  const entry = keyed.entry;
  reply.integer(entry ? sets.count(entry) : 0);
}

/** SMEMBERS key */
export function smembers(): void {
  if (!keyed.reads(1, TYPE_SET)) return;
  replySet(keyed.entry);
}

/** Replies all members; none of a missing set. */
export function replySet(entry: Entry | null): void {
  if (!entry) return reply.set(0);
  reply.set(sets.count(entry));
  sets.visitBoth(entry, reply.bulk, reply.bulkInteger);
}

/** SSCAN key cursor [MATCH pattern] [COUNT count] */
export function sscan(): void {
  if (!scanning.isCursor(2) || !keyed.reads(1, TYPE_SET)) return;
  const entry = keyed.entry;
  if (entry && !scanning.hasOptions(3, false)) return;
  reply.array(2);
  if (entry && sets.isTable(entry)) return scanTable(entry);
  reply.bulkInteger(0);
  if (!entry) return reply.array(0);
  const head = reply.openArray();
  matched = 0;
  sets.visit(entry, replyMatching);
  reply.closeArray(head, matched);
}

let matched: u64 = 0;

function replyMatching(bytes: usize, size: usize): void {
  if (!scanning.matches(bytes, size)) return;
  reply.bulk(bytes, size);
  matched++;
}

function scanTable(entry: Entry): void {
  scanning.walkMembers(sets.tableOf(entry));
  reply.bulkInteger(scanning.cursor);
  const found = scanning.found;
  reply.array(found.length >> 2);
  for (let at = found.bytes; at < found.end; at += 4) {
    const member = changetype<Member>(<usize>load<u32>(at));
    reply.bulk(member.keyAddress, member.keyLength);
  }
  found.clear();
}

/** SMOVE source destination member */
export function smove(): void {
  if (!keyed.writes(1, TYPE_SET)) return;
  const source = keyed.entry;
  if (!source) return reply.integer(0);
  if (!keyed.writes(2, TYPE_SET)) return;
  const target = keyed.entry;
  const bytes = args.address(3);
  const size = args.length(3);
  if (source == target || !sets.has(source, bytes, size))
    return reply.integer(hasMember(source, 3) ? 1 : 0);
  if (!keyed.hasMemory(sets.growthCost(target, 1, size) + size)) return;
  moveMember(source, target);
  reply.integer(1);
}

function moveMember(source: Entry, target: Entry | null): void {
  sets.remove(source, args.address(3), args.length(3));
  keyed.notify(notifications.SREM, 1);
  signalRemoved(source, 1);
  if (!target) {
    // The destination's key was looked up last, but erasing the source has changed that.
    target = newSet(2, 3);
    target.clock = access.initial();
    database.give(target);
    sets.add(target, args.address(3), args.length(3));
  } else if (sets.add(target, args.address(3), args.length(3))) {
    database.signal(target);
  } else {
    return;
  }
  keyed.notify(notifications.SADD, 2);
}
