/**
 * Stream replies: entries, as every command that reads streams shows them.
 *
 *   [id [field value field value ...]]
 */
import * as reply from '../protocol/reply';
import * as listpack from '../structures/listpack';
import * as node from '../structures/stream-node';
import * as range from '../values/stream-range';
import { replyId } from './stream-ids';

/** Replies the entry that was stepped to. */
export function replyEntry(): void {
  reply.array(2);
  replyId(node.milliseconds, node.sequence);
  const pairs = node.fieldCount;
  reply.array((<u64>pairs) << 1);
  for (let pair: u32 = 0; pair < pairs; pair++) {
    node.readField();
    reply.bulk(listpack.address, listpack.length);
    node.readValue();
    reply.bulk(listpack.address, listpack.length);
  }
}

/** Replies up to `count` entries, 0 for all, of the walk that was begun; returns how many. */
export function replyEntries(count: i64, reverse: bool): u64 {
  const place = reply.openArray();
  let replied: u64 = 0;
  while (reply.fits() && (reverse ? range.previous() : range.next())) {
    replyEntry();
    replied++;
    if (replied == <u64>count) break;
  }
  reply.closeArray(place, replied);
  return replied;
}
