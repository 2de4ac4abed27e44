/** The heap: blocks never overlap, sizes are what they say, everything comes back. */
import {
  allocate,
  blockSize,
  limit,
  release,
  reserve,
  SMALL_MAX,
  start,
  usableSize,
  usedBytes,
} from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';

const BLOCKS: u32 = 2000;
/** { u32 address, u32 size } of each block; address 0 if there is none. */
const blocks: usize = memory.data(16000, 8);

function addressOf(index: u32): usize {
  return <usize>load<u32>(blocks + ((<usize>index) << 3));
}

function sizeOf(index: u32): usize {
  return <usize>load<u32>(blocks + ((<usize>index) << 3), 4);
}

function setBlock(index: u32, address: usize, size: usize): void {
  store<u32>(blocks + ((<usize>index) << 3), <u32>address);
  store<u32>(blocks + ((<usize>index) << 3), <u32>size, 4);
}

/** A size of any magnitude up to `powers` bits. */
function anySize(powers: u64): usize {
  return <usize>(1 + below((<u64>1) << below(powers)));
}

function mark(index: u32): void {
  memory.fill(addressOf(index), <u8>index, sizeOf(index));
}

function checkMark(index: u32, size: usize): void {
  for (let at: usize = 0; at < size; at++) {
    assert(load<u8>(addressOf(index) + at) == <u8>index, 'a block was written over');
  }
}

function freeAll(): void {
  for (let index: u32 = 0; index < BLOCKS; index++) {
    if (!addressOf(index)) continue;
    checkMark(index, sizeOf(index));
    release(addressOf(index));
    setBlock(index, 0, 0);
  }
}

export function usableSizesAreWhatBlocksHave(): void {
  start();
  for (let size: usize = 1; size < 3 * SMALL_MAX; size += 7) {
    const block = allocate(size);
    assert(block % 8 == 0, 'blocks are aligned');
    assert(blockSize(block) == usableSize(size));
    assert(usableSize(size) >= size);
    assert(usableSize(usableSize(size)) == usableSize(size));
    release(block);
  }
  assert(usedBytes() == 0);
}

export function randomBlocksNeverOverlapAndAllComeBack(): void {
  start();
  seed(1, 2);
  for (let round = 0; round < 40000; round++) {
    const index = <u32>below(BLOCKS);
    if (!addressOf(index)) {
      const size = anySize(17);
      assert(reserve(size));
      setBlock(index, allocate(size), size);
    } else {
      checkMark(index, sizeOf(index));
      release(addressOf(index));
      setBlock(index, 0, 0);
      continue;
    }
    mark(index);
  }
  freeAll();
  assert(usedBytes() == 0);
}

export function emptySlabsServeOtherSizes(): void {
  start();
  fillWith(1024);
  freeAll();
  const pages = memory.size();
  fillWith(768);
  freeAll();
  fillWith(1000);
  freeAll();
  assert(memory.size() == pages, 'no new memory was needed');
}

function fillWith(size: usize): void {
  for (let index: u32 = 0; index < BLOCKS; index++) {
    assert(reserve(size));
    setBlock(index, allocate(size), size);
    mark(index);
  }
}

export function freedRunsJoinTheirNeighbours(): void {
  start();
  const first = allocate(100000);
  const second = allocate(100000);
  const third = allocate(100000);
  release(first);
  release(third);
  release(second);
  const whole = allocate(300000);
  assert(whole == first, 'three neighbours are one run again');
  release(whole);
  assert(usedBytes() == 0);
}

export function reservationsEndAtTheLimit(): void {
  start();
  limit(<u32>memory.size() + 300);
  assert(reserve(1 << 20));
  assert(!reserve(200 << 20), 'more than the limit');
  let taken = 0;
  while (reserve(1 << 20)) {
    allocate(1 << 20);
    assert(++taken < 100, 'the limit holds');
  }
  assert(taken > 0);
}

export function whatIsFreedCanBeReservedAtTheLimit(): void {
  start();
  limit(<u32>memory.size() + 300);
  const block = allocate(12 << 20);
  const next = allocate(64);
  assert(!reserve(10 << 20));
  release(block);
  assert(reserve(10 << 20), 'a free run counts');
  release(next);
}
