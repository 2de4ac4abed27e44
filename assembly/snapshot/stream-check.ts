/**
 * Stream check: whether a listpack from outside is the node of a stream, as structures/
 * stream-node.ts draws it: what is counted is there, and ids ascend from the node's own on.
 */
import * as listpack from '../structures/listpack';
import { isBelow } from '../structures/stream-index';

const DELETED: u32 = 1;
const SAME_FIELDS: u32 = 2;
/** Flags, two parts of the id, and the number of elements. */
const HEAD_ELEMENTS: u64 = 3;

/** What `check` found: entries that are not deleted, and the last id of all. */
export let liveCount: u64 = 0;
export let lastMs: u64 = 0;
export let lastSeq: u64 = 0;

let pack: usize = 0;
/** The element to be read next; 0 at the end. */
let at: usize = 0;
let wrong: bool = false;

/** Reads an element that is an integer; 0, and it is wrong, if it is none. */
function integer(): i64 {
  if (!at) wrong = true;
  if (wrong) return 0;
  listpack.read(at);
  if (!listpack.isInteger) {
    wrong = true;
    return 0;
  }
  at = listpack.next(pack, at);
  return listpack.integer;
}

/** As `integer`, for a count of what there are at most as many of as elements. */
function count(): u64 {
  const value = integer();
  if (<u64>value > <u64>listpack.bytesOf(pack)) wrong = true;
  return wrong ? 0 : <u64>value;
}

function skip(elements: u64): void {
  for (; elements && at; elements--) at = listpack.next(pack, at);
  if (elements) wrong = true;
}

/** Whether a valid listpack is the node of this id. */
export function check(node: usize, ms: u64, seq: u64): bool {
  pack = node;
  at = listpack.first(node);
  wrong = false;
  lastMs = ms;
  lastSeq = seq;
  liveCount = count();
  let deleted = count();
  const fields = count();
  skip(fields);
  if (integer() != 0) wrong = true;
  for (let entries = liveCount + deleted, first = true; entries && !wrong; entries--) {
    if (isDeletedEntry(ms, seq, fields, first)) deleted--;
    first = false;
  }
  return !wrong && !at && !deleted && liveCount != 0;
}

/** Checks an entry; true if it is deleted. */
function isDeletedEntry(ms: u64, seq: u64, fields: u64, first: bool): bool {
  // The flags are read, and written, as one byte.
  if (at && <u32>load<u8>(at) > (DELETED | SAME_FIELDS)) wrong = true;
  const flags = <u32>integer();
  const entryMs = ms + integer();
  const entrySeq = seq + integer();
  if (isBelow(entryMs, entrySeq, lastMs, lastSeq)) wrong = true;
  if (!first && entryMs == lastMs && entrySeq == lastSeq) wrong = true;
  lastMs = entryMs;
  lastSeq = entrySeq;
  let elements = HEAD_ELEMENTS;
  if (flags & SAME_FIELDS) {
    skip(fields);
    elements += fields;
  } else {
    const own = count();
    skip(own << 1);
    elements += (own << 1) + 1;
  }
  if (<u64>integer() != elements) wrong = true;
  return (flags & DELETED) != 0;
}
