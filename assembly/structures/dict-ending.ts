/**
 * Dict ending: the members of a hash table whose hashes end in the same bits. However much the table
 * has grown or shrunk, they are all in the buckets whose numbers end so, or in one bucket with others.
 */
import { overflowOf, recordAt, usedSlots } from './bucket';
import { bucketOf, Dict, visitBucket } from './dict';
import { Member } from './member';

type Visitor = (member: Member) => void;

/** Visits the members whose hashes end in the bits of `ending`, of which `mask` tells how many. */
export function visitEnding(table: Dict, ending: u32, mask: u32, visit: Visitor): void {
  if (table.mask < mask) return visitMatching(bucketOf(table, ending), ending, mask, visit);
  const count = table.bucketCount;
  for (let number = ending; number < count; number += mask + 1) {
    visitBucket<Member>(table, number, visit);
  }
}

/** Visits those members of a chain whose hashes end so. */
function visitMatching(bucket: usize, ending: u32, mask: u32, visit: Visitor): void {
  while (bucket) {
    for (let used = usedSlots(bucket); used; used &= used - 1) {
      const member = changetype<Member>(recordAt(bucket, ctz(used)));
      if ((<u32>member.keyHash & mask) == ending) visit(member);
    }
    bucket = overflowOf(bucket);
  }
}
