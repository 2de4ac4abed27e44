/**
 * Stream index: an ordered map from the 128-bit ids of streams to u32 values. It leads from
 * the first id of each node of a stream to its listpack, and from pending ids to what is known
 * about their delivery.
 *
 *   directory   | free ... | block 0 | block 1 |   | block n-1 | free ...
 *                u32 each, from slot `begin` on
 *
 *   0       2          4          24
 *   +-------+----------+----------+----------+---
 *   | count | capacity | record 0 | record 1 |         records ascend within and between blocks
 *   +-------+----------+----------+----------+---
 *     u16     u16        milliseconds u64, sequence u64, value u32
 *
 * New ids are mostly the highest: they go to the end of the last block. A block that is full
 * is split in halves elsewhere; one that is nearly empty is merged into a neighbour. All blocks
 * are of BLOCK_MAX records, unless there is but one. Seeking is two binary searches. A record
 * takes 20 bytes of its own; of 24 if blocks are appended to, of 40 after splits.
 *
 * Example: id 5-1 with the value 0x1000 in a block with room for two
 *
 *   01 00  02 00   05 00 00 00 00 00 00 00   01 00 00 00 00 00 00 00   00 10 00 00
 *   count  room    5                         1                         value
 */
import { allocate, blockSize, release, usableSize } from '../memory/heap';

/** One id and its value. Its address is void after the map has changed. */
@unmanaged
export class IndexRecord {
  milliseconds: u64;
  sequence: u64;
  value: u32;
}

/** A map. All zero is the empty one; nothing but this record is there then. */
@unmanaged
export class StreamIndex {
  directory: u32;
  begin: u32;
  blockCount: u32;
  count: u32;
}

/** Bytes of the map's own record, for those that embed it. */
export const INDEX_SIZE: usize = offsetof<StreamIndex>();
const RECORD_SIZE: usize = offsetof<IndexRecord>();
if (RECORD_SIZE != 20) ERROR('records are packed');
const HEADER_SIZE: usize = 4;
/** Records of a block of 2 KiB. */
const BLOCK_MAX: u32 = 102;
const BLOCK_SIZE: usize = HEADER_SIZE + RECORD_SIZE * BLOCK_MAX;
const SPARSE: u32 = BLOCK_MAX >> 2;
const MERGED_MAX: u32 = (BLOCK_MAX * 3) >> 2;
const FIRST_CAPACITY: u32 = 2;

/** Whether the last `put` made a new record. */
export let added: bool = false;
// Where `locate` found the first record that is not below an id
let blockNumber: u32 = 0;
let slot: u32 = 0;
let exact: bool = false;

// Blocks

function directoryPlace(index: StreamIndex, number: u32): usize {
  return <usize>index.directory + ((<usize>(index.begin + number)) << 2);
}

function blockAt(index: StreamIndex, number: u32): usize {
  return <usize>load<u32>(directoryPlace(index, number));
}

function countOf(block: usize): u32 {
  return load<u16>(block);
}

function capacityOf(block: usize): u32 {
  return load<u16>(block, 2);
}

function setCount(block: usize, count: u32): void {
  store<u16>(block, <u16>count);
}

function recordAt(block: usize, number: u32): IndexRecord {
  return changetype<IndexRecord>(placeOf(block, number));
}

function placeOf(block: usize, number: u32): usize {
  return block + HEADER_SIZE + <usize>number * RECORD_SIZE;
}

/** A block that holds at least so many records, with as many as its memory has room for. */
function createBlock(records: u32): usize {
  const size = usableSize(HEADER_SIZE + RECORD_SIZE * records);
  const block = allocate(size);
  const capacity = min<u32>(<u32>((size - HEADER_SIZE) / RECORD_SIZE), BLOCK_MAX);
  store<u32>(block, capacity << 16);
  return block;
}

// Seeking

/** True if the first id is below the second. */
export function isBelow(ms: u64, seq: u64, otherMs: u64, otherSeq: u64): bool {
  return ms < otherMs || (ms == otherMs && seq < otherSeq);
}

function isRecordBelow(record: IndexRecord, ms: u64, seq: u64): bool {
  return isBelow(record.milliseconds, record.sequence, ms, seq);
}

/** Finds the first record that is not below the id, or the place behind the last one. */
function locate(index: StreamIndex, ms: u64, seq: u64): void {
  exact = false;
  blockNumber = 0;
  slot = 0;
  if (!index.count) return;
  let low: u32 = 0;
  let high = index.blockCount - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blockAt(index, middle);
    if (isRecordBelow(recordAt(block, countOf(block) - 1), ms, seq)) low = middle + 1;
    else high = middle;
  }
  blockNumber = low;
  locateWithin(blockAt(index, low), ms, seq);
}

function locateWithin(block: usize, ms: u64, seq: u64): void {
  let low: u32 = 0;
  let high = countOf(block);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isRecordBelow(recordAt(block, middle), ms, seq)) low = middle + 1;
    else high = middle;
  }
  slot = low;
  if (low == countOf(block)) return;
  const record = recordAt(block, low);
  exact = record.milliseconds == ms && record.sequence == seq;
}

/** The record where `locate` stopped, `forward` slots on. */
function located(index: StreamIndex, forward: u32): IndexRecord | null {
  if (!index.count) return null;
  let number = slot + forward;
  let block = blockAt(index, blockNumber);
  if (number >= countOf(block)) {
    if (blockNumber + 1 >= index.blockCount) return null;
    block = blockAt(index, blockNumber + 1);
    number = 0;
  }
  return recordAt(block, number);
}

/** The record in front of where `locate` stopped. */
function locatedBefore(index: StreamIndex): IndexRecord | null {
  if (slot) return recordAt(blockAt(index, blockNumber), slot - 1);
  if (!blockNumber) return null;
  const block = blockAt(index, blockNumber - 1);
  return recordAt(block, countOf(block) - 1);
}

/** The record of this id. */
export function find(index: StreamIndex, ms: u64, seq: u64): IndexRecord | null {
  locate(index, ms, seq);
  return exact ? located(index, 0) : null;
}

/** The lowest record at or above the id. */
export function ceiling(index: StreamIndex, ms: u64, seq: u64): IndexRecord | null {
  locate(index, ms, seq);
  return located(index, 0);
}

/** The highest record at or below the id. */
export function floor(index: StreamIndex, ms: u64, seq: u64): IndexRecord | null {
  locate(index, ms, seq);
  return exact ? located(index, 0) : locatedBefore(index);
}

/** The lowest record above the id. */
export function following(index: StreamIndex, ms: u64, seq: u64): IndexRecord | null {
  locate(index, ms, seq);
  return located(index, exact ? 1 : 0);
}

/** The highest record below the id. */
export function preceding(index: StreamIndex, ms: u64, seq: u64): IndexRecord | null {
  locate(index, ms, seq);
  return locatedBefore(index);
}

export function first(index: StreamIndex): IndexRecord | null {
  return index.count ? recordAt(blockAt(index, 0), 0) : null;
}

export function last(index: StreamIndex): IndexRecord | null {
  if (!index.count) return null;
  const block = blockAt(index, index.blockCount - 1);
  return recordAt(block, countOf(block) - 1);
}

/** Calls `visitor` with every record, in order. It must not change the map. */
export function visit(index: StreamIndex, visitor: (record: IndexRecord) => void): void {
  for (let number: u32 = 0; number < index.blockCount; number++) {
    const block = blockAt(index, number);
    for (let at: u32 = 0; at < countOf(block); at++) visitor(recordAt(block, at));
  }
}

// Changes

/** An upper bound of the memory that so many `put` take. */
export function putCost(index: StreamIndex, puts: u64): u64 {
  const splits = min<u64>(puts, index.blockCount + puts / (BLOCK_MAX >> 1)) + 1;
  return splits * (BLOCK_SIZE + 16) + ((<u64>index.blockCount) << 3);
}

/** The record of this id: a new one with the value 0 unless there is one. */
export function put(index: StreamIndex, ms: u64, seq: u64): IndexRecord {
  const highest = last(index);
  if (highest && isRecordBelow(highest, ms, seq)) {
    blockNumber = index.blockCount - 1;
    slot = countOf(blockAt(index, blockNumber));
    exact = false;
  } else {
    locate(index, ms, seq);
  }
  added = !exact;
  if (exact) return recordAt(blockAt(index, blockNumber), slot);
  makeRoom(index);
  return insertLocated(index, ms, seq);
}

function insertLocated(index: StreamIndex, ms: u64, seq: u64): IndexRecord {
  const block = blockAt(index, blockNumber);
  const count = countOf(block);
  const place = placeOf(block, slot);
  if (slot < count) {
    memory.copy(place + RECORD_SIZE, place, <usize>(count - slot) * RECORD_SIZE);
  }
  setCount(block, count + 1);
  index.count++;
  const record = changetype<IndexRecord>(place);
  record.milliseconds = ms;
  record.sequence = seq;
  record.value = 0;
  return record;
}

/** Sees to it that the located block can take one more record. */
function makeRoom(index: StreamIndex): void {
  if (!index.blockCount) return insertBlock(index, 0, createBlock(FIRST_CAPACITY));
  const block = blockAt(index, blockNumber);
  const capacity = capacityOf(block);
  if (countOf(block) < capacity) return;
  if (capacity < BLOCK_MAX) return growBlock(index, block);
  const isEnd = slot == capacity && blockNumber + 1 == index.blockCount;
  const kept: u32 = isEnd ? capacity : BLOCK_MAX >> 1;
  const upper = createBlock(BLOCK_MAX);
  moveRecords(upper, block, kept);
  insertBlock(index, blockNumber + 1, upper);
  if (slot < kept || (slot == kept && !isEnd)) return;
  blockNumber++;
  slot -= kept;
}

/** Moves the records of `from` behind the first `kept` to the end of `to`. */
function moveRecords(to: usize, from: usize, kept: u32): void {
  const moved = countOf(from) - kept;
  const place = placeOf(to, countOf(to));
  memory.copy(place, placeOf(from, kept), <usize>moved * RECORD_SIZE);
  setCount(to, countOf(to) + moved);
  setCount(from, kept);
}

/** The only block takes twice its records, in another place. */
function growBlock(index: StreamIndex, block: usize): void {
  const grown = createBlock(min(capacityOf(block) << 1, BLOCK_MAX));
  moveRecords(grown, block, 0);
  release(block);
  store<u32>(directoryPlace(index, blockNumber), <u32>grown);
}

function insertBlock(index: StreamIndex, number: u32, block: usize): void {
  if (!index.directory) {
    index.directory = <u32>allocate(8);
  } else if ((<usize>(index.begin + index.blockCount)) << 2 >= blockSize(index.directory)) {
    widenDirectory(index);
  }
  const place = directoryPlace(index, number);
  const behind = (<usize>(index.blockCount - number)) << 2;
  memory.copy(place + 4, place, behind);
  store<u32>(place, <u32>block);
  index.blockCount++;
}

/** Makes room at the end of the directory: that at its begin, or twice as much. */
function widenDirectory(index: StreamIndex): void {
  const directory = <usize>index.directory;
  const used = (<usize>index.blockCount) << 2;
  if (index.begin > index.blockCount) {
    memory.copy(directory, directoryPlace(index, 0), used);
  } else {
    const wider = allocate(blockSize(directory) << 1);
    memory.copy(wider, directoryPlace(index, 0), used);
    release(directory);
    index.directory = <u32>wider;
  }
  index.begin = 0;
}

/** Removes the record of this id; false if there is none. */
export function remove(index: StreamIndex, ms: u64, seq: u64): bool {
  locate(index, ms, seq);
  if (!exact) return false;
  const block = blockAt(index, blockNumber);
  const count = countOf(block) - 1;
  const place = placeOf(block, slot);
  memory.copy(place, place + RECORD_SIZE, <usize>(count - slot) * RECORD_SIZE);
  setCount(block, count);
  index.count--;
  if (!count) dropBlock(index, blockNumber);
  else if (count < SPARSE) mergeSparse(index);
  return true;
}

/** Merges the located block into a neighbour, if one has the room. */
function mergeSparse(index: StreamIndex): void {
  if (blockNumber && isMerged(index, blockNumber - 1)) return;
  if (blockNumber + 1 < index.blockCount) isMerged(index, blockNumber);
}

/** Merges a block and the one behind it unless they have too many records. */
function isMerged(index: StreamIndex, number: u32): bool {
  const left = blockAt(index, number);
  const right = blockAt(index, number + 1);
  if (countOf(left) + countOf(right) > MERGED_MAX) return false;
  moveRecords(left, right, 0);
  dropBlock(index, number + 1);
  return true;
}

function dropBlock(index: StreamIndex, number: u32): void {
  release(blockAt(index, number));
  index.blockCount--;
  if (!number) {
    index.begin++;
  } else {
    const place = directoryPlace(index, number);
    memory.copy(place, place + 4, (<usize>(index.blockCount - number)) << 2);
  }
  if (!index.blockCount) freeDirectory(index);
}

function freeDirectory(index: StreamIndex): void {
  release(index.directory);
  index.directory = 0;
  index.begin = 0;
}

/** Frees all but the map's own record, which is the empty map then. What values mean is left. */
export function dispose(index: StreamIndex): void {
  if (!index.blockCount) return;
  for (let number: u32 = 0; number < index.blockCount; number++) release(blockAt(index, number));
  freeDirectory(index);
  index.blockCount = 0;
  index.count = 0;
}

/** The memory that the map takes beside its own record. */
export function memoryOf(index: StreamIndex): usize {
  if (!index.blockCount) return 0;
  const blocks = <usize>index.blockCount * blockSize(blockAt(index, 0));
  return blocks + blockSize(index.directory);
}
