/** Stream indexes against a model: an array of ids in order, changed alongside. */
import { start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import * as streamIndex from '../../assembly/structures/stream-index';
import { INDEX_SIZE, IndexRecord, StreamIndex } from '../../assembly/structures/stream-index';
import { nodeCount } from '../../assembly/structures/stream-radix';

const MODEL_MAX: u32 = 4000;
const index = changetype<StreamIndex>(memory.data(16, 16));
if (INDEX_SIZE != 16) ERROR('the place of the index is as large as it is');
/** The model: ids of one word each, ascending; the low half is the sequence. */
const ids: usize = memory.data(4000 * 8, 16);
let count: u32 = 0;

function begin(): void {
  start();
  seed(3, 4);
  memory.fill(changetype<usize>(index), 0, INDEX_SIZE);
  count = 0;
}

function idAt(position: u32): u64 {
  return load<u64>(ids + ((<usize>position) << 3));
}

/** The position of the first id of the model that is not below this one. */
function lowerBound(id: u64): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (idAt(middle) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isModel(id: u64): bool {
  const position = lowerBound(id);
  return position < count && idAt(position) == id;
}

function put(id: u64): void {
  const known = isModel(id);
  const record = streamIndex.put(index, id >> 32, id & 0xffffffff);
  assert(streamIndex.added != known);
  record.value = <u32>id ^ 0x55;
  if (known) return;
  const place = ids + ((<usize>lowerBound(id)) << 3);
  memory.copy(place + 8, place, ids + ((<usize>count) << 3) - place);
  store<u64>(place, id);
  count++;
}

function remove(id: u64): void {
  const known = isModel(id);
  assert(streamIndex.remove(index, id >> 32, id & 0xffffffff) == known);
  if (!known) return;
  const place = ids + ((<usize>lowerBound(id)) << 3);
  count--;
  memory.copy(place, place + 8, ids + ((<usize>count) << 3) - place);
}

/** True if the record is the one at this position of the model, or missing as there. */
function isAt(record: IndexRecord | null, position: u32): bool {
  if (position >= count) return record == null;
  if (!record) return false;
  const id = idAt(position);
  const same = record.milliseconds == id >> 32 && record.sequence == (id & 0xffffffff);
  return same && record.value == (<u32>id ^ 0x55);
}

function check(id: u64): void {
  const ms = id >> 32;
  const seq = id & 0xffffffff;
  const position = lowerBound(id);
  const known: u32 = isModel(id) ? 1 : 0;
  assert(isAt(streamIndex.ceiling(index, ms, seq), position));
  assert(isAt(streamIndex.following(index, ms, seq), position + known));
  assert(isAt(streamIndex.preceding(index, ms, seq), position - 1));
  assert(isAt(streamIndex.floor(index, ms, seq), position + known - 1));
  assert(isAt(streamIndex.find(index, ms, seq), known ? position : u32.MAX_VALUE));
  assert(isAt(streamIndex.first(index), count ? 0 : u32.MAX_VALUE));
  assert(isAt(streamIndex.last(index), count - 1));
}

let visited: u32 = 0;

function checkVisited(record: IndexRecord): void {
  assert(isAt(record, visited));
  visited++;
}

function checkAll(): void {
  assert(index.count == count);
  visited = 0;
  streamIndex.visit(index, checkVisited);
  assert(visited == count);
}

function randomId(): u64 {
  return (below(40) << 32) | below(100);
}

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  begin();
  streamIndex.put(index, 5, 1).value = 0x1000;
  const block = <usize>load<u32>(index.directory);
  assert(load<u32>(block) == 0x00020001);
  assert(load<u64>(block, 4) == 5 && load<u64>(block, 12) == 1 && load<u32>(block, 20) == 0x1000);
  assert(streamIndex.remove(index, 5, 1));
  assert(usedBytes() == 0);
}

export function randomChangesFollowTheModel(): void {
  begin();
  for (let round = 0; round < 20; round++) {
    const growing = round % 4 < 2;
    for (let step = 0; step < 1500 && count < MODEL_MAX - 1; step++) {
      if (below(10) < (growing ? 8 : 2)) put(randomId());
      else remove(randomId());
      check(randomId());
    }
    checkAll();
  }
  streamIndex.dispose(index);
  assert(index.count == 0);
  assert(usedBytes() == 0);
}

export function idsThatAreAppendedAndTakenFromTheBeginNeedNoMoreBlocksThanRecords(): void {
  begin();
  for (let id: u64 = 1; id <= 3500; id++) {
    put(id << 16);
    if (id > 700) remove((id - 700) << 16);
    check(id << 16);
  }
  checkAll();
  assert(index.blockCount <= 8);
  while (count) remove(idAt(0));
  assert(usedBytes() == 0);
}

export function theCostOfPuttingIsAnUpperBound(): void {
  begin();
  for (let round = 0; round < 300; round++) {
    const puts = 1 + below(20);
    const most = usedBytes() + streamIndex.putCost(index, puts);
    for (let left = puts; left; left--) put(randomId());
    assert(usedBytes() <= most);
  }
  streamIndex.dispose(index);
}

export function theHighestIdsOfAllAreIdsLikeOthers(): void {
  begin();
  const highest = u64.MAX_VALUE;
  streamIndex.put(index, highest, highest).value = 7;
  streamIndex.put(index, 0, 0).value = 8;
  assert(streamIndex.following(index, highest, highest) == null);
  assert(streamIndex.preceding(index, 0, 0) == null);
  const top = streamIndex.following(index, 0, 0);
  assert(top != null && top.value == 7);
  streamIndex.dispose(index);
  assert(usedBytes() == 0);
}

export function aRadixTreeOfTheSameIdsWouldHaveSoManyNodes(): void {
  begin();
  assert(nodeCount(index) == 1);
  streamIndex.put(index, 1, 0);
  assert(nodeCount(index) == 2);
  streamIndex.put(index, 2, 0);
  assert(nodeCount(index) == 6);
  streamIndex.put(index, 2, 1);
  // 00.. | 1 or 2 | a run and an end below 1; a run, 0 or 1, and two ends below 2
  assert(nodeCount(index) == 8);
  streamIndex.dispose(index);
}
