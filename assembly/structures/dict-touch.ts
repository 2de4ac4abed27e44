/**
 * Dict touch: loads the beginning of each record that a step of a scan (dict.ts) will visit. The
 * waits for memory overlap then, where those of a visitor follow one another.
 */
import { overflowOf, recordAt, usedSlots } from './bucket';
import { bucketAt, Dict } from './dict';

/** What it returns means nothing, but has to be kept: or the compiler would leave the loads out. */
export function touch(dict: Dict, cursor: u32): u32 {
  if (!dict.directory) return 0;
  const mask = dict.mask;
  const number = cursor & mask;
  const sum = touchChain(bucketAt(dict, number));
  return number >= dict.split ? sum : sum + touchChain(bucketAt(dict, number + mask + 1));
}

function touchChain(bucket: usize): u32 {
  let sum: u32 = 0;
  while (bucket) {
    let used = usedSlots(bucket);
    while (used) {
      sum += load<u32>(recordAt(bucket, ctz(used)));
      used &= used - 1;
    }
    bucket = overflowOf(bucket);
  }
  return sum;
}
