/**
 * Dict touch: loads the beginning of each record that a step of a scan (dict.ts) will visit. The
 * waits for memory overlap then, where those of a visitor follow one another.
 */
import { overflowOf, recordAt, usedSlots } from './bucket';
import { bucketAt, Dict } from './dict';

/** What was loaded is kept here, or the compiler would leave the loads out. */
const kept: usize = memory.data(16, 16);

export function touch(dict: Dict, cursor: u32): void {
  if (!dict.directory) return;
  const mask = dict.mask;
  const number = cursor & mask;
  touchChain(bucketAt(dict, number));
  if (number < dict.split) touchChain(bucketAt(dict, number + mask + 1));
}

function touchChain(bucket: usize): void {
  let sum: u32 = 0;
  while (bucket) {
    let used = usedSlots(bucket);
    while (used) {
      sum += load<u32>(recordAt(bucket, ctz(used)));
      used &= used - 1;
    }
    bucket = overflowOf(bucket);
  }
  store<u32>(kept, sum);
}
