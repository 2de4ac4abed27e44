/**
 * Dict join: where the records of one hash table would be in another one, without hashing them.
 * All hashes in a bucket end in the bits of its number; if the other table has no more buckets,
 * those tell one of its buckets.
 *
 *   number of a bucket in a table of 12     1011      11 has been added by a split: four bits
 *   bucket in a table of 8                   011      the same hashes are in bucket 3
 *   bucket in a table of 28                 ?1011     11 or 27: one more bit must be known
 */
import { matches, overflowOf, recordAt, SLOTS, usedSlots } from './bucket';
import { bucketAt, Dict } from './dict';
import { Member } from './member';

/** Room for so many pairs: for those of a bucket and a slot beside what makes it be emptied. */
const PAIRS_SIZE: usize = 2048;
const PAIR_SIZE: usize = 8;
const pairs: usize = memory.data(2048, 16);
const pairsFull: usize = pairs + PAIRS_SIZE - <usize>SLOTS * PAIR_SIZE;
let pairsEnd: usize = pairs;
const LAST_SLOT: u32 = 1 << (SLOTS - 1);

/** So many low bits of its number all hashes in a bucket have. */
export function sharedBits(dict: Dict, number: u32): u32 {
  const bits = <u32>popcnt(dict.mask);
  return number < dict.split || number > dict.mask ? bits + 1 : bits;
}

/** The chain for all hashes that end in these bits; 0 if more of them would have to be known. */
export function chainOfBits(dict: Dict, low: u32, bits: u32): usize {
  const needed = <u32>popcnt(dict.mask);
  if (bits < needed || !dict.directory) return 0;
  const number = low & dict.mask;
  if (number >= dict.split) return bucketAt(dict, number);
  return bits == needed ? 0 : bucketAt(dict, low & ((dict.mask << 1) | 1));
}

/**
 * Visits the members of `table` that are in `other` too, while the visitor says true. First all
 * pairs of records are collected that probably are the same, without a branch on whether there
 * is one: then nearly all comparisons say yes.
 */
export function intersect(table: Dict, other: Dict, visitor: (record: Member) => bool): void {
  const buckets = table.bucketCount;
  pairsEnd = pairs;
  for (let number: u32 = 0; number < buckets; number++) {
    const chain = chainOfBits(other, number, sharedBits(table, number));
    let bucket = bucketAt(table, number);
    while (bucket) {
      for (let beside = chain; beside; beside = overflowOf(beside)) {
        if (!collectPairs(bucket, beside, visitor)) return;
      }
      bucket = overflowOf(bucket);
    }
  }
  visitPairs(visitor);
}

/** True if the other table's chain is known for every bucket of `table`. */
export function canIntersect(table: Dict, other: Dict): bool {
  return other.directory != 0 && table.bucketCount >= other.bucketCount;
}

function collectPairs(bucket: usize, beside: usize, visitor: (record: Member) => bool): bool {
  let to = pairsEnd;
  for (let used = usedSlots(bucket); used; used &= used - 1) {
    const index = ctz(used);
    let found = matches(beside, load<u8>(bucket + index));
    const record = <u32>recordAt(bucket, index);
    store<u32>(to, record);
    store<u32>(to, <u32>recordAt(beside, ctz(found | LAST_SLOT)), 4);
    to += select<usize>(PAIR_SIZE, 0, found != 0);
    for (found &= found - 1; found; found &= found - 1) {
      store<u32>(to, record);
      store<u32>(to, <u32>recordAt(beside, ctz(found)), 4);
      to += PAIR_SIZE;
    }
    if (to < pairsFull) continue;
    pairsEnd = to;
    if (!visitPairs(visitor)) return false;
    to = pairs;
  }
  pairsEnd = to;
  return true;
}

/** Visits the pairs that are the same member indeed, and forgets all. */
function visitPairs(visitor: (record: Member) => bool): bool {
  const end = pairsEnd;
  pairsEnd = pairs;
  for (let pair = pairs; pair < end; pair += PAIR_SIZE) {
    const record = changetype<Member>(<usize>load<u32>(pair));
    const other = changetype<Member>(<usize>load<u32>(pair, 4));
    if (other.hasKey(record.keyAddress, record.keyLength) && !visitor(record)) return false;
  }
  return true;
}
