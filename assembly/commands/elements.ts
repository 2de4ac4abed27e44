/**
 * Elements: replies what a listpack has, element by element.
 *
 *   "abc", 1000    ->   $3 CR LF abc CR LF   $4 CR LF 1000 CR LF
 */
import * as reply from '../protocol/reply';
import * as listpack from '../structures/listpack';

// The first byte of a text of up to 63 bytes: its length beside these.
const SHORT_TEXT: u32 = 0x80;
const LENGTHS: u32 = 0x40;

/** Replies so many elements from `at` on; there must be so many. */
export function replyElements(at: usize, elements: u32): void {
  for (; elements; elements--) {
    const byte = <u32>load<u8>(at);
    if (byte - SHORT_TEXT < LENGTHS) {
      const length = <usize>(byte - SHORT_TEXT);
      reply.bulk(at + 1, length);
      at += length + 2;
    } else {
      at = replyOther(at);
    }
  }
}

/** Writes an element that is no short text; returns where the next one is. */
function replyOther(at: usize): usize {
  listpack.read(at);
  if (listpack.isInteger) reply.bulkInteger(listpack.integer);
  else reply.bulk(listpack.address, listpack.length);
  return at + listpack.span(at);
}
