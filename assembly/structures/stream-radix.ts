/**
 * Stream radix: how many nodes the radix tree has in which Redis would keep the ids of a
 * stream's nodes. XINFO STREAM tells it, and it follows from the ids alone.
 *
 * Redis's tree has a key of 16 bytes, big endian, for each id. A node is a run of bytes that all
 * keys below it share, a place where keys part, or the end of a key:
 *
 *   ids 1-0 and 2-0     | 7 bytes 00 |    run
 *                       |  01   02  |     place where they part, after 7 bytes
 *             | 8 bytes 00 | 8 bytes 00 | runs
 *                   | end | end |
 *
 *   six nodes; a single id has two, no id has one
 *
 * The ids are taken in order, with a stack of the depths at which the path to the last one
 * parts. A run is counted when what is below it is left for good.
 */
import { IndexRecord, StreamIndex, visit } from './stream-index';

const KEY_BYTES: i32 = 16;
const depths: usize = memory.data(80, 16);
/** Depths on the stack: strictly ascending, so never more than 17. */
let height: i32 = 0;
let nodes: u64 = 0;
let previousMs: u64 = 0;
let previousSeq: u64 = 0;

/** Nodes of the radix tree that Redis would have. */
export function nodeCount(index: StreamIndex): u64 {
  if (!index.count) return 1;
  nodes = 0;
  height = 0;
  visit(index, add);
  leave(-1);
  return nodes;
}

function add(record: IndexRecord): void {
  const ms = record.milliseconds;
  const seq = record.sequence;
  if (height) {
    const depth = commonBytes(ms, seq);
    leave(depth);
    if (top() != depth) push(depth);
  }
  push(KEY_BYTES);
  previousMs = ms;
  previousSeq = seq;
}

/** Bytes that the id shares with the previous one, from the most significant on. */
function commonBytes(ms: u64, seq: u64): i32 {
  if (ms != previousMs) return <i32>(clz(ms ^ previousMs) >> 3);
  return 8 + <i32>(clz(seq ^ previousSeq) >> 3);
}

function top(): i32 {
  return height ? load<i32>(depths + ((<usize>(height - 1)) << 2)) : -1;
}

function push(depth: i32): void {
  store<i32>(depths + ((<usize>height) << 2), depth);
  height++;
  nodes++;
}

/** Leaves all places deeper than this; the run above each is counted. */
function leave(depth: i32): void {
  while (top() > depth) {
    const below = top();
    height--;
    const above = max(top(), depth);
    if (below - above > 1) nodes++;
  }
}
