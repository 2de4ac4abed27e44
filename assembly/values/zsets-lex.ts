/**
 * Ranges of a sorted set by the bytes of its members (BYLEX). They make sense where all scores
 * are the same. Where they are not, a listpack answers as in Redis, which looks at one member
 * after the other; of a table only that is certain that what is found is in the set.
 */
import { compare } from '../memory/bytes';
import { Entry } from '../structures/entry';
import * as listpack from '../structures/listpack';
import { blockOf } from './kind';
import * as zsets from './zsets';
import * as packs from './zsets-listpack';

// What a limit is
export const INCLUSIVE: u32 = 0;
export const EXCLUSIVE: u32 = 1;
/** Lower than all bytes, "-"; and higher, "+". */
export const LOWEST: u32 = 2;
export const HIGHEST: u32 = 3;

let minKind: u32 = LOWEST;
let min: usize = 0;
let minLength: usize = 0;
let maxKind: u32 = HIGHEST;
let max: usize = 0;
let maxLength: usize = 0;

/** The lowest rank of the range that was measured, and how many members it has. */
export let first: u32 = 0;
export let count: u32 = 0;

export function setMin(kind: u32, bytes: usize, length: usize): void {
  minKind = kind;
  min = bytes;
  minLength = length;
}

export function setMax(kind: u32, bytes: usize, length: usize): void {
  maxKind = kind;
  max = bytes;
  maxLength = length;
}

/** Finds what of the set is in the range; `reverse` tells from which end to look. */
export function measure(entry: Entry, reverse: bool): void {
  first = 0;
  count = 0;
  if (isEmpty()) return;
  if (zsets.isTable(entry)) return measureTable(entry);
  const pack = blockOf(entry);
  const head = listpack.first(pack);
  const tail = listpack.last(pack);
  if (!head || !isBelowMax(head) || !isAboveMin(listpack.previous(pack, tail))) return;
  if (reverse) measureBackward(pack);
  else measureForward(pack, head);
}

/** True if no bytes can be in the range. */
function isEmpty(): bool {
  if (minKind == LOWEST || maxKind == HIGHEST) return false;
  if (minKind == HIGHEST || maxKind == LOWEST) return minKind != maxKind;
  const order = compare(min, minLength, max, maxLength);
  return order > 0 || (order == 0 && (minKind | maxKind) != INCLUSIVE);
}

function measureTable(entry: Entry): void {
  const all = zsets.count(entry);
  let end = all;
  if (minKind == HIGHEST || maxKind == LOWEST) return;
  if (minKind != LOWEST) first = zsets.countBefore(entry, min, minLength, minKind == EXCLUSIVE);
  if (maxKind != HIGHEST) end = zsets.countBefore(entry, max, maxLength, maxKind == INCLUSIVE);
  if (end > first) count = end - first;
}

function isAboveMin(at: usize): bool {
  if (minKind >= LOWEST) return minKind == LOWEST;
  const order = packs.compareAt(at, min, minLength);
  return minKind == EXCLUSIVE ? order > 0 : order >= 0;
}

function isBelowMax(at: usize): bool {
  if (maxKind >= LOWEST) return maxKind == HIGHEST;
  const order = packs.compareAt(at, max, maxLength);
  return maxKind == EXCLUSIVE ? order < 0 : order <= 0;
}

function measureForward(pack: usize, at: usize): void {
  for (; at && !isAboveMin(at); at = packs.next(pack, at)) first++;
  for (; at && isBelowMax(at); at = packs.next(pack, at)) count++;
}

function measureBackward(pack: usize): void {
  let at = listpack.previous(pack, listpack.last(pack));
  let end = packs.count(pack);
  for (; at && !isBelowMax(at); at = packs.previous(pack, at)) end--;
  for (; at && isAboveMin(at); at = packs.previous(pack, at)) count++;
  first = end - count;
}
