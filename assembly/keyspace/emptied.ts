/**
 * Emptied: tables of databases that nobody sees any more, and what is in them. They are freed piece by
 * piece (`step`), between the batches; when memory is scarce, all at once.
 *
 *   0       4          8
 *   +-------+----------+------+
 *   | owner |          | Dict |   for each table; an owner frees the entries, too
 *   +-------+----------+------+
 */
import { onScarcity } from '../memory/heap';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { dispose, Entry } from '../structures/entry';
import * as garbage from '../values/garbage';
import { disposeValue } from '../values/value';

/** A table with less is freed at once. */
const COUNT_MIN: u32 = 512;

const HEAD_SIZE: usize = 8;
const PLACE_SIZE: usize = (HEAD_SIZE + offsetof<Dict>() + 7) & ~7;
const PLACES: u32 = 64;
const places: usize = memory.data(2560, 8);
if (PLACE_SIZE * PLACES > 2560) ERROR('there is room for so many tables');
let count: u32 = 0;

/** Prepares the freeing of all when memory is scarce. */
export function start(): void {
  onScarcity(freeAll);
}

/** True if there is nothing to free. */
export function isEmpty(): bool {
  return !count && garbage.isEmpty();
}

/** Takes a table over with its entries, and leaves an empty one. */
export function take(table: Dict): void {
  if (!place(table, true)) while (dict.dropBucket<Entry>(table, free));
  clear(table);
}

/** The same of a table whose entries are somebody else's. */
export function takeTable(table: Dict): void {
  if (!place(table, false)) while (dict.dropBucket<Entry>(table, leave));
  clear(table);
}

function place(table: Dict, owner: bool): bool {
  dict.invalidate();
  if (count == PLACES || table.count < COUNT_MIN) return false;
  const at = places + <usize>count * PLACE_SIZE;
  store<u32>(at, owner ? 1 : 0);
  memory.copy(at + HEAD_SIZE, changetype<usize>(table), offsetof<Dict>());
  count++;
  return true;
}

function clear(table: Dict): void {
  memory.fill(changetype<usize>(table), 0, offsetof<Dict>());
}

/** Frees a little. */
export function step(): void {
  if (!garbage.isEmpty()) return garbage.step();
  if (!count) return;
  const at = places + <usize>(count - 1) * PLACE_SIZE;
  const table = changetype<Dict>(at + HEAD_SIZE);
  if (load<u32>(at)) {
    if (!dict.dropBucket<Entry>(table, free)) count--;
  } else if (!dict.dropBucket<Entry>(table, leave)) {
    count--;
  }
}

/** Frees all there is; false if there was nothing. */
export function freeAll(): bool {
  if (isEmpty()) return false;
  while (!isEmpty()) step();
  return true;
}

/** Frees an entry and its value. */
export function free(entry: Entry): void {
  disposeValue(entry);
  dispose(entry);
}

// biome-ignore lint/correctness/noUnusedFunctionParameters: it is what a visitor takes
function leave(entry: Entry): void {}
