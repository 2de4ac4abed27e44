/**
 * HRANDFIELD: fields of a hash by chance, the same one again or all different ones.
 *
 * Different fields are drawn as handles. If many of a hash are wanted, those of all fields are
 * collected, and the first of them exchanged with others by chance. If few of a table are, they
 * are drawn until there are enough, and a small table tells which ones there are already:
 *
 *   +----------+----------+---+------------------------------------+
 *   | handle 0 | handle 1 |   | handles by hash, 0 if there is none |
 *   +----------+----------+---+------------------------------------+
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { below } from '../memory/random';
import {
  NOT_NEGATABLE,
  OUT_OF_MEMORY,
  OUT_OF_RANGE,
  REPLY_TOO_LARGE,
  SYNTAX_ERROR,
} from '../protocol/errors';
import * as reply from '../protocol/reply';
import { Entry } from '../structures/entry';
import * as hashes from '../values/hashes';
import * as args from './arguments';
import * as hashTarget from './hash-target';

/** Above this twice the count is no count any more. */
const PAIRS_MAX: i64 = i64.MAX_VALUE / 2;
/** So many fields cannot fit into any reply. */
const REPEATS_MAX: i64 = 1 << 29;
/** If the hash has so many times more fields than are wanted, they are drawn one by one. */
const SPARSE: u64 = 3;
const GOLDEN: u32 = 0x9e3779b9;

const drawn: Buffer = bufferAt(memory.data(48, 16));
let withValues: bool = false;

/** HRANDFIELD key [count [WITHVALUES]] */
export function hrandfield(): void {
  if (args.count == 2) return replyOne();
  if (!args.isInteger(2)) return;
  const count = args.integer;
  if (count == i64.MIN_VALUE) return reply.error(NOT_NEGATABLE);
  withValues = args.count > 3;
  if (args.count > 4 || (withValues && !args.is(3, 'WITHVALUES'))) {
    return reply.error(SYNTAX_ERROR);
  }
  if (withValues && (count < -PAIRS_MAX || count > PAIRS_MAX)) return reply.error(OUT_OF_RANGE);
  if (!hashTarget.readsThere()) return;
  const entry = hashTarget.entry;
  if (!entry || !count) return reply.array(0);
  if (count < 0) replyRepeating(entry, -count);
  else replyDifferent(entry, count);
}

function replyOne(): void {
  if (!hashTarget.readsThere()) return;
  const entry = hashTarget.entry;
  if (!entry) return reply.nil();
  hashes.readHandle(entry, hashes.randomHandle(entry));
  reply.bulk(hashes.fieldAddress, hashes.fieldLength);
}

/** The head of an array of so many fields, or pairs. */
function beginReply(count: u64): void {
  reply.array(withValues && reply.protocol == 2 ? count << 1 : count);
}

function replyHandle(entry: Entry, handle: usize): void {
  hashes.readHandle(entry, handle);
  replyPair(hashes.fieldAddress, hashes.fieldLength, hashes.address, hashes.length);
}

function replyPair(field: usize, fieldLength: usize, value: usize, valueLength: usize): void {
  if (withValues && reply.protocol == 3) reply.array(2);
  reply.bulk(field, fieldLength);
  if (withValues) reply.bulk(value, valueLength);
}

function replyRepeating(entry: Entry, count: i64): void {
  if (count > REPEATS_MAX) return reply.error(REPLY_TOO_LARGE);
  const isTable = hashes.isTable(entry);
  // Elements of a listpack are not found by their number without walking.
  if (!isTable && !collectAll(entry)) return reply.error(OUT_OF_MEMORY);
  const fields = hashes.count(entry);
  beginReply(count);
  for (let written: i64 = 0; written < count && reply.fits(); written++) {
    replyHandle(entry, isTable ? hashes.randomHandle(entry) : handleAt(<u32>below(fields)));
  }
  drawn.clear();
}

function replyDifferent(entry: Entry, count: i64): void {
  const fields = hashes.count(entry);
  if (count >= <i64>fields) {
    beginReply(fields);
    return hashes.visit(entry, replyPair);
  }
  if (!draw(entry, <u32>count)) return reply.error(OUT_OF_MEMORY);
  beginReply(count);
  for (let index: u32 = 0; index < <u32>count; index++) replyHandle(entry, handleAt(index));
  drawn.clear();
}

// Drawing

function handleAt(index: u32): usize {
  return <usize>load<u32>(drawn.bytes + ((<usize>index) << 2));
}

function setHandle(index: u32, handle: usize): void {
  store<u32>(drawn.bytes + ((<usize>index) << 2), <u32>handle);
}

/** Collects all fields; false if there is no memory. */
function collectAll(entry: Entry): bool {
  drawn.clear();
  if (!drawn.hasRoom((<usize>hashes.count(entry)) << 2)) return false;
  hashes.collectHandles(entry, drawn);
  return true;
}

/** Draws `count` different fields, of more than so many; false if there is no memory. */
function draw(entry: Entry, count: u32): bool {
  if (hashes.isTable(entry) && count * SPARSE <= hashes.count(entry)) {
    return drawOneByOne(entry, count);
  }
  if (!collectAll(entry)) return false;
  const fields = (drawn.end - drawn.bytes) >> 2;
  for (let index: u32 = 0; index < count; index++) {
    const other = index + <u32>below(fields - index);
    const handle = handleAt(other);
    setHandle(other, handleAt(index));
    setHandle(index, handle);
  }
  return true;
}

function drawOneByOne(entry: Entry, count: u32): bool {
  const bits: u32 = 33 - clz(count);
  const capacity = (<usize>1) << bits;
  drawn.clear();
  if (!drawn.hasRoom((capacity + count) << 2)) return false;
  const slots = drawn.bytes + ((<usize>count) << 2);
  memory.fill(slots, 0, capacity << 2);
  for (let index: u32 = 0; index < count; ) {
    const handle = hashes.randomHandle(entry);
    if (isNew(slots, bits, handle)) setHandle(index++, handle);
  }
  return true;
}

/** Notes a handle in 2^bits slots, of which at least half are free; false if it is there. */
function isNew(slots: usize, bits: u32, handle: usize): bool {
  const mask = ((<u32>1) << bits) - 1;
  let slot = (<u32>handle * GOLDEN) >> (32 - bits);
  while (true) {
    const place = slots + ((<usize>slot) << 2);
    const noted = <usize>load<u32>(place);
    if (noted == handle) return false;
    if (!noted) {
      store<u32>(place, <u32>handle);
      return true;
    }
    slot = (slot + 1) & mask;
  }
}
