/**
 * Garbage: large collections that nobody sees any more. Freeing a million members takes a tenth of a
 * second, so that is done piece by piece (`step`), between the batches. When memory is scarce all
 * of it is freed at once.
 *
 *   0      4
 *   +------+-------+
 *   | kind | block |   u32 each, for each collection
 *   +------+-------+
 */
import { release } from '../memory/heap';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import * as member from '../structures/member';
import { Member } from '../structures/member';
import { disposeMembers } from '../structures/member-table';
import * as quicklist from '../structures/quicklist';
import { Quicklist } from '../structures/quicklist';
import * as skiplist from '../structures/skiplist';
import { Skiplist } from '../structures/skiplist';
import { inherits } from '../structures/watch';

/** A table of members at the beginning of the block. */
const TABLE: u32 = 0;
const LIST: u32 = 1;

/** From so many members or nodes on a collection is large. */
const MEMBERS_MIN: u32 = 512;
const NODES_MIN: u32 = 64;

const COUNT_MAX: u32 = 256;
const PLACE_BITS: usize = 3;
const places: usize = memory.data(2048, 8);
if ((<usize>COUNT_MAX) << PLACE_BITS != 2048) ERROR('there are so many places');
let count: u32 = 0;

/** True if there is nothing to free. */
export function isEmpty(): bool {
  return count == 0 && !skiplist.hasLeaves();
}

/** Frees a block that begins with a table of members, and these: if they are many, by and by. */
export function disposeTable(block: usize): void {
  const table = changetype<Dict>(block);
  if (inherits(table.watched)) return;
  if (table.count >= MEMBERS_MIN && take(TABLE, block)) return;
  disposeMembers(table);
  release(block);
}

/** The same of a sorted set, whose skiplist is behind the table. */
export function disposeSorted(block: usize, list: Skiplist): void {
  if (inherits(changetype<Dict>(block).watched)) return;
  skiplist.giveUp(list);
  if (changetype<Dict>(block).count < MEMBERS_MIN) while (skiplist.freeLeaf());
  disposeTable(block);
}

/** The same of a list. */
export function disposeList(list: Quicklist): void {
  if (inherits(list.watched)) return;
  if (list.count < NODES_MIN || !take(LIST, changetype<usize>(list))) quicklist.dispose(list);
}

function take(kind: u32, block: usize): bool {
  if (count == COUNT_MAX) return false;
  const place = places + ((<usize>count) << PLACE_BITS);
  store<u32>(place, kind);
  store<u32>(place, <u32>block, 4);
  count++;
  return true;
}

/** Frees a little of what was taken last. */
export function step(): void {
  if (skiplist.freeLeaf() || !count) return;
  const place = places + ((<usize>(count - 1)) << PLACE_BITS);
  const block = <usize>load<u32>(place, 4);
  if (load<u32>(place) == LIST) {
    if (!quicklist.dropHead(changetype<Quicklist>(block))) count--;
  } else if (!dict.dropBucket<Member>(changetype<Dict>(block), member.dispose)) {
    release(block);
    count--;
  }
}
