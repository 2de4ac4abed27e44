/**
 * Member table: what all collections that are tables of members have in common. The table lies
 * at the beginning of a block of its own; what else the collection keeps may follow it there.
 *
 *   0        28
 *   +--------+-----------------------+
 *   | Dict   | whatever the owner has |
 *   +--------+-----------------------+
 *
 * Example: a new table without anything behind it is 32 zero bytes:
 *
 *   00 00 00 00  00 00 00 00  ...
 *   directory    its capacity ...
 */
import { allocate, blockSize } from '../memory/heap';
import { hash } from '../memory/siphash';
import { BUCKET_SIZE } from './bucket';
import * as dict from './dict';
import { Dict } from './dict';
import * as member from './member';
import { Member } from './member';

/** The bytes of a block that holds nothing but a table. */
export const TABLE_SIZE: usize = (offsetof<Dict>() + 7) & ~7;
/** Buckets come in segments of so many, once there are that many. */
const SEGMENT_BUCKETS: u32 = 256;

/** The key of which the hash is known already, and its hash. Nobody's key is at address 0. */
let knownKey: usize = 0;
let knownHash: u64 = 0;

/** The hash of the bytes at `key`, while they stay there unchanged, need not be computed again. */
export function know(key: usize, keyHash: u64): void {
  knownKey = key;
  knownHash = keyHash;
}

/** The hash of a member's key. */
export function hashOf(key: usize, keyLength: usize): u64 {
  return key == knownKey ? knownHash : hash(key, keyLength);
}

let measuredBytes: usize = 0;
let measuredMembers: u32 = 0;

/** An empty table in a block of `size` bytes, all zero. */
export function createTable(size: usize): usize {
  const block = allocate(size);
  memory.fill(block, 0, size);
  return block;
}

/** Frees the members and the buckets, not the block. */
export function disposeMembers(table: Dict): void {
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Member>(table, number, member.dispose);
  }
  dict.dispose(table);
}

/** Bytes of buckets and members; of the latter `samples` are measured, 0 for all. */
export function bytesOf(table: Dict, samples: u32): usize {
  return bucketBytes(table) + memberBytes(table, samples);
}

function bucketBytes(table: Dict): usize {
  if (!table.directory) return 0;
  const used = table.bucketCount;
  const whole = (used + SEGMENT_BUCKETS - 1) & ~(SEGMENT_BUCKETS - 1);
  const buckets = used < SEGMENT_BUCKETS ? table.firstCapacity : whole;
  const places = (<usize>table.directoryCapacity) << 2;
  return places + <usize>(buckets + table.overflowBuckets) * BUCKET_SIZE;
}

function memberBytes(table: Dict, samples: u32): usize {
  measuredBytes = 0;
  measuredMembers = 0;
  const enough = samples ? samples : table.count;
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets && measuredMembers < enough; number++) {
    dict.visitBucket<Member>(table, number, measure);
  }
  if (!measuredMembers) return 0;
  return <usize>((<u64>measuredBytes * table.count) / measuredMembers);
}

function measure(record: Member): void {
  measuredBytes += blockSize(changetype<usize>(record));
  measuredMembers++;
}
