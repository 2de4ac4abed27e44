/**
 * Sorted sets as listpacks: a member and its score in turn, in order.
 *
 *   | member | score | member | score | ...
 *
 * A score is an integer where it is one of up to 2^62, else its text as %.17g. So -0 becomes 0
 * here, as in Redis. What changes a listpack returns its new address.
 *
 * Example: "a" with 1.5 and "b" with 2
 *
 *   14 00 00 00   04 00   81 61 02   83 31 2e 35 04   81 62 02   02 01   ff
 *   total 20      count   "a"        "1.5"            "b"        2       end
 */
import { compare, copy } from '../memory/bytes';
import { DOUBLE_TEXT_ROOM, formatDouble, parseDouble, parsedDouble } from '../memory/float-text';
import { formatInteger } from '../memory/integer-text';
import * as listpack from '../structures/listpack';

/** Scores that are whole and not beyond this are kept as integers. */
const WHOLE_MAX: f64 = 4611686018427387904;

/** The score that `find` has found. */
export let score: f64 = 0;

const text: usize = memory.data(48, 16);
if (DOUBLE_TEXT_ROOM > 48) ERROR('the longest score fits');

/** How many members there are. */
export function count(pack: usize): u32 {
  return listpack.count(pack) >> 1;
}

/** The score behind the member at `at`. */
export function scoreAt(pack: usize, at: usize): f64 {
  listpack.read(listpack.next(pack, at));
  if (listpack.isInteger) return <f64>listpack.integer;
  parseDouble(listpack.address, listpack.length);
  return parsedDouble;
}

/** The member behind this one, or 0. */
export function next(pack: usize, at: usize): usize {
  return listpack.next(pack, listpack.next(pack, at));
}

/** The member in front of this one, or 0. */
export function previous(pack: usize, at: usize): usize {
  const before = listpack.previous(pack, at);
  return before ? listpack.previous(pack, before) : 0;
}

/** The member with these bytes, its score in `score`; or 0. */
export function find(pack: usize, bytes: usize, length: usize): usize {
  const at = listpack.find(pack, listpack.first(pack), bytes, length, 1);
  if (at) score = scoreAt(pack, at);
  return at;
}

/** The rank of the member at `at`. */
export function rankAt(pack: usize, at: usize): u32 {
  let rank: u32 = 0;
  for (let before = listpack.first(pack); before != at; before = next(pack, before)) rank++;
  return rank;
}

/** The member of this rank. */
export function memberAt(pack: usize, rank: u32): usize {
  return listpack.elementAt(pack, (<i64>rank) << 1);
}

/** How many members have a lower score, or also those of the same one. */
export function countBelow(pack: usize, limit: f64, inclusive: bool): u32 {
  let rank: u32 = 0;
  for (let at = listpack.first(pack); at; at = next(pack, at)) {
    const other = scoreAt(pack, at);
    if (inclusive ? other > limit : other >= limit) break;
    rank++;
  }
  return rank;
}

/** The order of the member at `at` and these bytes. */
export function compareAt(at: usize, bytes: usize, length: usize): i32 {
  listpack.readText(at);
  return compare(listpack.address, listpack.length, bytes, length);
}

/** Adds a member that is not there yet. */
export function insert(pack: usize, value: f64, bytes: usize, length: usize): usize {
  let at = listpack.first(pack);
  for (; at; at = next(pack, at)) {
    const other = scoreAt(pack, at);
    if (other > value || (other == value && compareAt(at, bytes, length) > 0)) break;
  }
  const size = formatScore(value);
  if (!at) return listpack.append(listpack.append(pack, bytes, length), text, size);
  pack = listpack.insertBefore(pack, at, bytes, length);
  return listpack.insertAfter(pack, listpack.inserted, text, size);
}

/** Gives the member at `at` another score; it goes where that belongs. */
export function move(pack: usize, at: usize, value: f64, bytes: usize, length: usize): usize {
  return insert(listpack.removeRange(pack, at, 2), value, bytes, length);
}

/** Removes `members` members, the first of which is at `at`. */
export function removeFrom(pack: usize, at: usize, members: u32): usize {
  return listpack.removeRange(pack, at, members << 1);
}

/** Appends a member that comes after all that are there. */
export function append(pack: usize, value: f64, bytes: usize, length: usize): usize {
  return listpack.append(listpack.append(pack, bytes, length), text, formatScore(value));
}

/** Writes the score to `text`, in the form that makes it an integer where it can be one. */
function formatScore(value: f64): usize {
  const whole = abs(value) <= WHOLE_MAX && value == trunc(value);
  return whole ? formatInteger(<i64>value, text) : formatDouble(value, text);
}

/** A copy in a block of its own. */
export function clone(pack: usize): usize {
  const size = listpack.bytesOf(pack);
  const copied = listpack.createEmpty(size);
  copy(copied, pack, size);
  return copied;
}
