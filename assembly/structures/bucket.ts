/**
 * Bucket: one cache line of a hash table (dict.ts), with room for twelve records.
 *
 *   0                  12         16                                   64
 *   +------------------+----------+----------+----------+---+----------+
 *   | 12 tags, u8 each | overflow | record 0 | record 1 |   | record 11|
 *   +------------------+----------+----------+----------+---+----------+
 *     top hash byte      u32        u32, address of a record
 *
 * Tag 0 means empty; one i8x16.eq finds the candidates. `overflow` leads to a further
 * bucket of the same shape: together they are a chain.
 */

export const SLOTS: u32 = 12;
const SLOT_MASK: u32 = (1 << SLOTS) - 1;
const OVERFLOW: usize = 12;
export const FIRST_SLOT: usize = 16;
export const BUCKET_BITS: usize = 6;
export const BUCKET_SIZE: usize = 1 << BUCKET_BITS;

if (FIRST_SLOT + SLOTS * 4 != BUCKET_SIZE) ERROR('a bucket fills one cache line');

export function tagOf(hash: u64): u32 {
  const tag = <u32>(hash >>> 56);
  return tag ? tag : 1;
}

/** A bit for each slot whose tag is `tag`. */
export function matches(bucket: usize, tag: u32): u32 {
  return i8x16.bitmask(i8x16.eq(v128.load(bucket), i8x16.splat(<i8>tag))) & SLOT_MASK;
}

/** A bit for each slot with a record. */
export function usedSlots(bucket: usize): u32 {
  return ~matches(bucket, 0) & SLOT_MASK;
}

export function isEmpty(bucket: usize): bool {
  return matches(bucket, 0) == SLOT_MASK;
}

/** The next bucket of the chain, or 0. */
export function overflowOf(bucket: usize): usize {
  return <usize>load<u32>(bucket, OVERFLOW);
}

export function setOverflow(bucket: usize, next: usize): void {
  store<u32>(bucket, <u32>next, OVERFLOW);
}

export function slotAt(bucket: usize, index: u32): usize {
  return bucket + FIRST_SLOT + ((<usize>index) << 2);
}

export function recordAt(bucket: usize, index: u32): usize {
  return <usize>load<u32>(slotAt(bucket, index));
}

export function putSlot(bucket: usize, index: u32, tag: u32, record: usize): void {
  store<u8>(bucket + index, <u8>tag);
  store<u32>(slotAt(bucket, index), <u32>record);
}
