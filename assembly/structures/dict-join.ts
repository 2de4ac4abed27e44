/**
 * Dict join: where the records of one hash table would be in another one, without hashing them.
 * All hashes in a bucket end in the bits of its number; if the other table has no more buckets,
 * those tell one of its buckets.
 *
 *   number of a bucket in a table of 12     1011      11 has been added by a split: four bits
 *   bucket in a table of 8                   011      the same hashes are in bucket 3
 *   bucket in a table of 28                 ?1011     11 or 27: one more bit must be known
 */
import { bucketAt, Dict } from './dict';

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
