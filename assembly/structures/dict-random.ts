/**
 * Dict random: some record of a hash table, each with the same chance. Slots are drawn until one
 * is in use: a full bucket is drawn from more often than one that is nearly empty. Four at a
 * time, so that their cache misses overlap.
 *
 *   64 random bits   +----------------------+--------------------+
 *                    | 36 draw the bucket   | 28 draw the slot   |
 *                    +----------------------+--------------------+
 *
 * Whoever takes one record after the other out of a large table has the next one drawn, and the
 * slots for the one after it, before they are asked for: so these are in cache then. What was
 * drawn holds while the table is as it was.
 *
 * Example: with 32 buckets the bits 80 00 00 00 08 00 00 00 draw slot 6 of bucket 16.
 */
import { below, next } from '../memory/random';
import { BUCKET_SIZE, overflowOf, recordAt, SLOTS } from './bucket';
import { bucketAt, Dict, generation, removeAt } from './dict';
import { Member } from './member';

/** So many of 64 random bits draw a slot, the others a bucket. */
const DRAWN_LOW_BITS: u64 = 28;
const DRAWN_LOW: u64 = (1 << 28) - 1;
/** Smaller tables are in cache anyway. */
const AHEAD_MIN: u32 = 1024;
const RECORD_LINE: usize = 24;

// The slots that were drawn last, as addresses of their tags.
let place1: usize = 0;
let place2: usize = 0;
let place3: usize = 0;
let place4: usize = 0;
/** The slot of the next record; 0 if that is not known. */
let planned: usize = 0;
/** The slot of the record that was given out last. */
let given: usize = 0;

// The table for which they were drawn, and its state then.
let drawnTable: usize = 0;
let drawnGeneration: u32 = 0;
let drawnCount: u32 = 0;
let drawnBuckets: u32 = 0;

/** Keeps the touching loads from being optimised away. */
// biome-ignore lint/correctness/noUnusedVariables: it is only written, which is what it is for
let touched: u32 = 0;

/** Some record; null if there is none. */
export function randomRecord<R>(dict: Dict): R | null {
  if (!dict.count) return null;
  if (!isAsDrawn(dict)) draw(dict);
  given = planned ? planned : usedPlace();
  while (!given) {
    draw(dict);
    given = usedPlace();
  }
  planned = 0;
  drawnTable = 0;
  return changetype<R>(recordOf(given));
}

/** Removes the record that was given out just now, and draws ahead. It is not freed. */
export function removeGiven(dict: Dict): void {
  const buckets = dict.bucketCount + dict.overflowBuckets;
  removeAt<Member>(dict, bucketOf(given), slotOf(given));
  if (dict.count < AHEAD_MIN) return;
  const same = buckets == dict.bucketCount + dict.overflowBuckets;
  const ahead = same ? usedPlace() : 0;
  draw(dict);
  planned = ahead;
  touched += <u32>load<u8>(place1) + load<u8>(place2) + load<u8>(place3) + load<u8>(place4);
  if (!ahead) return;
  const record = recordOf(ahead);
  touched += load<u32>(record) + load<u32>(record, RECORD_LINE);
}

function bucketOf(place: usize): usize {
  return place & ~(BUCKET_SIZE - 1);
}

function slotOf(place: usize): u32 {
  return <u32>(place & (BUCKET_SIZE - 1));
}

function recordOf(place: usize): usize {
  return recordAt(bucketOf(place), slotOf(place));
}

function isAsDrawn(dict: Dict): bool {
  if (drawnTable != changetype<usize>(dict) || drawnGeneration != generation) return false;
  return drawnCount == dict.count && drawnBuckets == dict.bucketCount + dict.overflowBuckets;
}

/** Draws four slots. */
function draw(dict: Dict): void {
  planned = 0;
  drawnTable = changetype<usize>(dict);
  drawnGeneration = generation;
  drawnCount = dict.count;
  drawnBuckets = dict.bucketCount + dict.overflowBuckets;
  place1 = drawPlace(dict);
  place2 = drawPlace(dict);
  place3 = drawPlace(dict);
  place4 = drawPlace(dict);
}

/** The first of the four slots that is in use, or 0. */
function usedPlace(): usize {
  const tags12 = <u32>load<u8>(place1) | ((<u32>load<u8>(place2)) << 8);
  const tags34 = <u32>load<u8>(place3) | ((<u32>load<u8>(place4)) << 8);
  if (!(tags12 | tags34)) return 0;
  if (tags12) return tags12 & 0xff ? place1 : place2;
  return tags34 & 0xff ? place3 : place4;
}

/** The tag of some slot; of a third bucket of a chain, which is rare, only once it is shorter. */
function drawPlace(dict: Dict): usize {
  const bits = next();
  const slot = <usize>(((bits & DRAWN_LOW) * SLOTS) >> DRAWN_LOW_BITS);
  const buckets = <u64>dict.bucketCount + dict.overflowBuckets;
  const number = <u32>(((bits >>> DRAWN_LOW_BITS) * buckets) >> (64 - DRAWN_LOW_BITS));
  return (number < dict.bucketCount ? bucketAt(dict, number) : drawOverflow(dict)) + slot;
}

function drawOverflow(dict: Dict): usize {
  while (true) {
    const overflow = overflowOf(bucketAt(dict, <u32>below(dict.bucketCount)));
    if (overflow) return overflow;
  }
}
