/**
 * LZF: a fast compression of bytes, as Redis uses it for strings in snapshots and for the
 * inner nodes of lists. A stream is a row of runs and references, told apart by their first
 * byte:
 *
 *   000nnnnn                    then n + 1 bytes as they are
 *   nnnooooo oooooooo           n + 2 bytes from o + 1 bytes back, n from 1 to 6
 *   111ooooo nnnnnnnn oooooooo  n + 9 bytes from o + 1 bytes back
 *
 * A reference may reach into what it writes itself: "aaaa" is one "a" and three from one back.
 *
 * Example: "abc" eight times takes 10 bytes:
 *
 *   03 61 62 63 61     e0 0a 02                00 63
 *   run of 4, "abca"   19 bytes from 3 back    run of 1, "c"
 *
 * The choices (which positions are remembered, the hash, where a match ends) are those of
 * liblzf as Redis compiles it, so that the same bytes come out.
 * http://oldhome.schmorp.de/marc/liblzf.html
 */
import { copy } from './bytes';

const HASH_BITS: u32 = 16;
const HASH_MASK: u32 = (1 << HASH_BITS) - 1;
const RUN_MAX: u32 = 1 << 5;
const OFFSET_MAX: u32 = 1 << 13;
const MATCH_MAX: usize = (1 << 8) + (1 << 3);
/** So many bytes of a match are compared before its end is looked for, if the input has them. */
const UNCHECKED: usize = 16;
const EPOCH_MAX: u64 = 0xffffffff;

/** Where three bytes of this hash were seen last: epoch + position, u32 each. */
const table: usize = memory.data(262144, 16);
if ((<usize>4) << HASH_BITS != 262144) ERROR('the table has a slot for each hash');
/** Positions of this input count from here: what is not above it belongs to one before. */
let epoch: u32 = 1;

/** The slot of the three bytes at `at`. */
function slotOf(at: usize): usize {
  const three = ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at, 1)) << 8) | load<u8>(at, 2);
  return table + ((<usize>(((three >> (24 - HASH_BITS)) - three * 5) & HASH_MASK)) << 2);
}

function equalThree(a: usize, b: usize): bool {
  return load<u16>(a) == load<u16>(b) && load<u8>(a, 2) == load<u8>(b, 2);
}

/** How many of the bytes at `at` repeat those at `reference`; three do. */
function matchLength(reference: usize, at: usize, end: usize): usize {
  const most = min<usize>(end - at - 2, MATCH_MAX);
  let length: usize = 2;
  if (most > UNCHECKED) {
    while (length < 2 + UNCHECKED) {
      length++;
      if (load<u8>(reference + length) != load<u8>(at + length)) return length;
    }
  }
  do length++;
  while (length < most && load<u8>(reference + length) == load<u8>(at + length));
  return length;
}

/** Writes a reference; returns where the next piece begins. */
function putReference(to: usize, length: usize, offset: u32): usize {
  const count = length - 2;
  if (count < 7) {
    store<u8>(to++, (offset >> 8) + ((<u32>count) << 5));
  } else {
    store<u8>(to++, (offset >> 8) + (7 << 5));
    store<u8>(to++, count - 7);
  }
  store<u8>(to, offset);
  return to + 1;
}

/** Begins a new input: makes all that is in the table older than its first position. */
function beginEpoch(length: usize): void {
  if (<u64>epoch + length <= EPOCH_MAX) return;
  memory.fill(table, 0, (<usize>4) << HASH_BITS);
  epoch = 1;
}

/**
 * Compresses `length` bytes to at most `room` bytes at `to`; returns how many, 0 if they do
 * not fit. The ranges must not overlap.
 */
export function compress(from: usize, length: usize, to: usize, room: usize): usize {
  if (!length || !room) return 0;
  beginEpoch(length);
  const base = epoch - <u32>from;
  const end = from + length;
  const limit = to + room;
  const first = epoch;
  epoch += <u32>length;
  let at = from;
  // `place` is behind the run so far; the byte in front of the run is its head.
  let place = to + 1;
  let run: u32 = 0;
  while (at + 2 < end) {
    const slot = slotOf(at);
    const seen = load<u32>(slot);
    const now = base + <u32>at;
    store<u32>(slot, now);
    const offset = now - seen - 1;
    const reference = at - offset - 1;
    if (seen <= first || offset >= OFFSET_MAX || !equalThree(reference, at)) {
      if (place >= limit) return 0;
      store<u8>(place++, load<u8>(at++));
      if (++run == RUN_MAX) {
        store<u8>(place - run - 1, run - 1);
        place++;
        run = 0;
      }
      continue;
    }
    const unused: usize = run ? 0 : 1;
    if (place - unused + 4 >= limit) return 0;
    if (run) store<u8>(place - run - 1, run - 1);
    const matched = matchLength(reference, at, end);
    place = putReference(place - unused, matched, offset) + 1;
    run = 0;
    at += matched;
    if (at + 2 >= end) break;
    store<u32>(slotOf(at - 2), base + <u32>at - 2);
    store<u32>(slotOf(at - 1), base + <u32>at - 1);
  }
  return finish(at, end, place, run, limit, to);
}

/** Writes the last bytes, at most two, behind a run of `run` bytes; returns the whole length. */
function finish(at: usize, end: usize, place: usize, run: u32, limit: usize, to: usize): usize {
  if (place + 3 > limit) return 0;
  while (at < end) {
    store<u8>(place++, load<u8>(at++));
    if (++run < RUN_MAX) continue;
    store<u8>(place - run - 1, run - 1);
    place++;
    run = 0;
  }
  if (!run) return place - 1 - to;
  store<u8>(place - run - 1, run - 1);
  return place - to;
}

/**
 * Decompresses `length` bytes to at most `room` bytes at `to`; returns how many, 0 if the bytes
 * are malformed or do not fit. Nothing outside of the two ranges is touched.
 */
export function decompress(from: usize, length: usize, to: usize, room: usize): usize {
  const end = from + length;
  const limit = to + room;
  let place = to;
  while (from < end) {
    const head = <u32>load<u8>(from++);
    if (head < RUN_MAX) {
      const run = <usize>head + 1;
      if (run > end - from || run > limit - place) return 0;
      copy(place, from, run);
      from += run;
      place += run;
      continue;
    }
    let count = <usize>(head >> 5) + 2;
    if (count == 9) {
      if (from >= end) return 0;
      count += load<u8>(from++);
    }
    if (from >= end) return 0;
    const offset = <usize>(((head & 31) << 8) | load<u8>(from++)) + 1;
    if (offset > place - to || count > limit - place) return 0;
    repeat(place, offset, count);
    place += count;
  }
  return place - to;
}

/** Writes `count` bytes at `place` that repeat those from `offset` back on. */
function repeat(place: usize, offset: usize, count: usize): void {
  const end = place + count;
  if (offset >= count) return copy(place, place - offset, count);
  while (place < end) {
    store<u8>(place, load<u8>(place - offset));
    place++;
  }
}
