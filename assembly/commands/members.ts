/**
 * Members: has the members that a window's commands look for in large tables loaded before they
 * are asked for, so that the cache misses of independent commands overlap. The entries of the
 * keys have been loaded before.
 *
 *   find     the table of each command's first key, and the hash of its member
 *   load     the bucket of each member
 *   find     in the bucket the record that probably has it
 *   load     that record
 *
 * Smaller tables are in cache anyway.
 */

import { hash } from '../memory/siphash';
import * as request from '../protocol/request';
import { Request } from '../protocol/request';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { Entry } from '../structures/entry';
import { know } from '../structures/member-table';
import { blockOf, keepsMembers } from '../values/kind';
import { Command } from './registry';

/** Members that a table has at the least. */
const COUNT_MIN: u32 = 1024;
/** A record mostly lies across the end of a cache line: both are loaded. */
const RECORD_SIZE: usize = 40;

/** Loads ahead what the commands of the window look for; returns something, so that it is done. */
export function touchAhead(count: u32): u32 {
  know(0, 0);
  if (!find(count)) return 0;
  let sum: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    sum += load<u32>(request.at(index).memberPlace);
  }
  for (let index: u32 = 0; index < count; index++) {
    const slot = request.at(index);
    const bucket = slot.memberPlace;
    if (bucket) slot.memberPlace = <u32>dict.candidate(bucket, slot.memberHash);
  }
  for (let index: u32 = 0; index < count; index++) {
    const record = <usize>request.at(index).memberPlace;
    sum += load<u32>(record) + load<u32>(record, RECORD_SIZE);
  }
  return sum;
}

/** Finds the bucket of each command's member; returns how many there are. */
function find(count: u32): u32 {
  let found: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const slot = request.at(index);
    slot.member = 0;
    slot.memberPlace = 0;
    if (!slot.entry || !slot.command) continue;
    const member = changetype<Command>(<usize>slot.command).member;
    if (member && member < slot.count) found += findBucket(slot, member);
  }
  return found;
}

function findBucket(slot: Request, argument: u32): u32 {
  const entry = changetype<Entry>(<usize>slot.entry);
  if (!keepsMembers(entry)) return 0;
  const table = changetype<Dict>(blockOf(entry));
  if (table.count < COUNT_MIN) return 0;
  const member = load<u64>(<usize>slot.arguments + ((<usize>argument) << 3));
  slot.member = <u32>member;
  slot.memberHash = hash(<usize>(<u32>member), <usize>(member >> 32));
  slot.memberPlace = <u32>dict.bucketOf(table, slot.memberHash);
  return 1;
}

/** The command of this slot runs now: the hash of its member is known. */
export function expect(slot: Request): void {
  know(slot.member, slot.memberHash);
}

/** Nothing is known of any member: the bytes of the batch have changed. */
export function forget(): void {
  know(0, 0);
}
