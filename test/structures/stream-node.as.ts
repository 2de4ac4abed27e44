/** Stream nodes: the bytes of the drawn example, and that entries are read as they were added. */
import { release, start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import * as listpack from '../../assembly/structures/listpack';
import * as node from '../../assembly/structures/stream-node';

const ENTRIES: u32 = 300;
const vector: usize = memory.data(1024, 16);
const text: usize = memory.data(1024, 16);
/** The model: the number of fields and a seed for their text, u32 each, of each entry. */
const model: usize = memory.data(300 * 8, 16);

function setWord(index: u32, address: usize, length: usize): void {
  const place = vector + ((<usize>index) << 3);
  store<u32>(place, <u32>address);
  store<u32>(place, <u32>length, 4);
}

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  start();
  store<u16>(text, 0x6261);
  setWord(0, text, 1);
  setWord(1, text + 1, 1);
  let at = node.create(vector, 1, 64);
  at = node.append(at, 0, 0, vector, 1);
  assert(listpack.bytesOf(at) == 29 && listpack.validate(at, 29, true));
  assert(load<u64>(at) == 0x0101_000a_0000_001d);
  assert(load<u64>(at, 8) == 0x0002_6181_0101_0100);
  assert(load<u64>(at, 16) == 0x8101_0001_0001_0201);
  assert(load<u32>(at, 24) == 0x0104_0262 && load<u8>(at, 28) == 0xff);
  release(at);
  assert(usedBytes() == 0);
}

/** Points at text that follows from a number: a letter, or digits. */
function word(index: u32, number: u32): void {
  const place = text + ((<usize>index) << 4);
  store<u64>(place, 0x3132333435363738);
  if (number & 1) store<u8>(place, 0x61 + <u8>(number % 26));
  setWord(index, place, 1 + (number % 8));
}

function words(pairs: u32, number: u32): void {
  for (let index: u32 = 0; index < pairs << 1; index++) word(index, number + index * 7);
}

function remember(entry: u32, pairs: u32, number: u32): void {
  store<u32>(model + ((<usize>entry) << 3), pairs);
  store<u32>(model + ((<usize>entry) << 3), number, 4);
}

function build(): usize {
  let at: usize = 0;
  for (let entry: u32 = 0; entry < ENTRIES; entry++) {
    const pairs = 1 + <u32>below(3);
    const number = <u32>below(50) * 2;
    words(pairs, number);
    remember(entry, pairs, number);
    if (!at) at = node.create(vector, pairs, 0);
    at = node.withRoom(at, node.sizeBound(pairs << 1, (<usize>pairs) << 4));
    at = node.append(at, entry >> 3, entry, vector, pairs);
  }
  return at;
}

function checkEntry(entry: u32): void {
  const pairs = load<u32>(model + ((<usize>entry) << 3));
  assert(node.milliseconds == 1000 + (entry >> 3) && node.sequence == 5 + <u64>entry);
  assert(node.fieldCount == pairs);
  words(pairs, load<u32>(model + ((<usize>entry) << 3), 4));
  for (let index: u32 = 0; index < pairs << 1; index += 2) {
    node.readField();
    checkWord(index);
    node.readValue();
    checkWord(index + 1);
  }
}

function checkWord(index: u32): void {
  const place = vector + ((<usize>index) << 3);
  assert(listpack.length == <usize>load<u32>(place, 4));
  assert(memory.compare(listpack.address, load<u32>(place), listpack.length) == 0);
}

export function entriesAreReadInBothDirectionsAsTheyWereAdded(): void {
  start();
  seed(1, 2);
  const at = build();
  assert(listpack.validate(at, listpack.bytesOf(at), true));
  assert(node.liveCount(at) == ENTRIES && node.deletedCount(at) == 0);
  node.open(at, 1000, 5);
  for (let entry: u32 = 0; entry < ENTRIES; entry++) {
    assert(node.step());
    if (entry & 1) checkEntry(entry);
  }
  assert(!node.step());
  node.openAtEnd(at, 1000, 5);
  for (let entry = ENTRIES; entry; entry--) {
    assert(node.stepBack());
    checkEntry(entry - 1);
  }
  assert(!node.stepBack());
  release(at);
  assert(usedBytes() == 0);
}

export function deletedEntriesAreMarkedAndCounted(): void {
  start();
  seed(5, 6);
  let at = build();
  node.open(at, 1000, 5);
  for (let entry: u32 = 0; entry < ENTRIES && node.step(); entry++) {
    if (entry % 3 < 2) node.markDeleted();
  }
  at = node.setCounts(at, 100, 200);
  assert(listpack.validate(at, listpack.bytesOf(at), true));
  assert(node.liveCount(at) == 100 && node.deletedCount(at) == 200);
  node.open(at, 1000, 5);
  for (let entry: u32 = 0; node.step(); entry++) {
    assert(node.isDeleted == entry % 3 < 2);
    checkEntry(entry);
  }
  at = node.setCounts(at, 1, 2);
  assert(listpack.validate(at, listpack.bytesOf(at), true));
  release(at);
  assert(usedBytes() == 0);
}
