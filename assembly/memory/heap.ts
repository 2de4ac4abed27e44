/**
 * Heap: the core's own allocator over linear memory. Blocks carry no header:
 * small ones come from slabs of one size class, large ones are runs of pages.
 *
 *   0            staticEnd     +4 MiB        first page                  top          end
 *   +------------+-------------+-------------+---------------------------+------------+
 *   | asc statics| page table  | page slack  | slabs, runs and free runs | wilderness |
 *   +------------+-------------+-------------+---------------------------+------------+
 *
 * The page table holds one u32 for each page of 4 KiB of the 4 GiB that Wasm can
 * address; its untouched part costs address space only.
 *
 *   page of a slab            slab address | 1
 *   first and last of a run   pages << 2   | 2
 *   first and last, free      pages << 2   | 3
 *
 * Size classes: steps of 8 bytes up to 128, then four to each doubling up to 7168. Blocks of
 * 8192, which nodes of lists often are, would leave an eighth of a slab unused.
 * A slab that becomes empty goes back to the page runs, so its pages may change class.
 *
 *   slab:  0      4          8      12     16    20     24      28            64
 *          +------+----------+------+------+-----+------+-------+-------------+---------+---
 *          | next | previous | free | bump | end | used | class | padding     | block 0 | ...
 *          +------+----------+------+------+-----+------+-------+-------------+---------+---
 *
 * `free` chains released blocks through their first word; `bump` is the first block
 * never handed out. Slabs that have room are linked per class; full ones are not.
 *
 * The last page is never handed out: whoever reads a little beyond a block, to save a
 * branch or to touch a whole cache line, stays inside linear memory.
 *
 * Nobody may need memory that was not reserved: `reserve` before a mutation, answer
 * out-of-memory if it says no. `allocate` after that cannot fail.
 *
 * Ideas: size classes and page runs as in jemalloc (https://jemalloc.net/jemalloc.3.html),
 * free lists per slab as in mimalloc (https://www.microsoft.com/en-us/research/publication/mimalloc-free-list-sharding-in-action/).
 */

import { copy } from './bytes';

export const PAGE_BITS: u32 = 12;
export const PAGE_SIZE: usize = 1 << PAGE_BITS;
/** The largest size that comes from a slab. */
export const SMALL_MAX: usize = 7168;
const SMALL_SLAB_PAGES: u32 = 4;
const BIG_SLAB_PAGES: u32 = 16;
/** Classes above this index take the bigger slabs. */
const SMALL_SLAB_CLASS_MAX: u32 = 27;
const SLAB_HEADER_SIZE: usize = 64;
const PAGE_TABLE_SIZE: usize = 4 << 20;
const BIN_COUNT: u32 = 21;
/** How many free runs of one bin are looked at before a larger bin is tried. */
const BIN_SEARCH_MAX: u32 = 16;
/** Wasm pages to grow by at the least: 16 MiB. */
const GROW_PAGES_MIN: u32 = 256;
/** Room for new slabs that a reservation keeps beside the bytes asked for. */
const RESERVE_SLACK: usize = 8 * BIG_SLAB_PAGES * <u32>PAGE_SIZE;

/** Never handed out, so that reading a cache line from any block on stays inside. */
const GUARD_SIZE: usize = 4096;

const TAG_MASK: u32 = 3;
const TAG_SLAB: u32 = 1;
const TAG_RUN: u32 = 2;
const TAG_FREE: u32 = 3;

@unmanaged
class Slab {
  next: u32;
  previous: u32;
  free: u32;
  bump: u32;
  end: u32;
  used: u32;
  sizeClass: u32;
}

@unmanaged
class FreeRun {
  next: u32;
  previous: u32;
  pages: u32;
}

if (offsetof<Slab>() > SLAB_HEADER_SIZE) ERROR('a slab header fits before its first block');

/** Heads of the lists of slabs with room, one u32 a class. */
const slabsWithRoom: usize = memory.data(160);
/** Heads of the lists of free runs, one u32 for each power of two of pages. */
const freeRuns: usize = memory.data(84);

let atScarcity: (() => bool) | null = null;
let pageTable: usize = 0;
let firstPage: usize = 0;
/** Everything from here to `end` was never used, or was given back. */
let top: usize = 0;
let end: usize = 0;
let memoryPagesMax: u32 = 65535;
let allocatedBytes: u64 = 0;
let allocatedBytesMax: u64 = 0;
/** Test hook: the reservation that counts this down to zero is refused. */
let refuseCountdown: u32 = 0;
/** In a core built for tests (`--use TRAPPING=1`): the step that counts this down to zero traps. */
let trapCountdown: u32 = 0;
/** Reservations of less than this are granted by one comparison. */
let reservable: usize = 0;
/** The largest reservation since the batch began, which may still be counted on. */
export let promised: usize = 0;

/** Lays out the heap. Call once, before anything else. */
export function start(): void {
  pageTable = (__heap_base + 15) & ~15;
  firstPage = (pageTable + PAGE_TABLE_SIZE + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
  top = firstPage;
  const missing = <i32>((top + GUARD_SIZE + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  findEnd();
}

function findEnd(): void {
  end = ((<usize>memory.size()) << 16) - GUARD_SIZE;
  measure();
}

/** Brings `reservable` up to date, after top or end have moved or a run was taken. */
function measure(): void {
  const room = end - top;
  reservable = refuseCountdown || room < RESERVE_SLACK ? 0 : room - RESERVE_SLACK;
}

/** Caps linear memory at `pages` Wasm pages of 64 KiB. */
export function limit(pages: u32): void {
  memoryPagesMax = min<u32>(pages, 65535);
}

/** Bytes in blocks that are handed out, rounded as they were allocated. */
export function usedBytes(): u64 {
  return allocatedBytes;
}

/** The most that `usedBytes` has been since the last `resetPeak`. */
export function usedBytesMax(): u64 {
  return allocatedBytesMax;
}

export function resetPeak(): void {
  allocatedBytesMax = allocatedBytes;
}

/** Makes the `count`-th reservation from now fail, once: for tests of out-of-memory. */
export function refuseReservation(count: u32): void {
  refuseCountdown = count;
  measure();
}

/** Makes the `count`-th step from now trap: for tests of what happens then. */
export function trapAfter(count: u32): void {
  trapCountdown = count;
}

/** A step of a change: what a command does may be half done here. */
export function step(): void {
  if (isDefined(TRAPPING) && trapCountdown && --trapCountdown == 0) unreachable();
}

/** The size class of a block of `size` bytes, `size` in 1 ..= SMALL_MAX. */
function classOf(size: usize): u32 {
  if (size <= 128) return (<u32>size - 1) >> 3;
  const below = <u32>size - 1;
  const power = 31 - clz(below);
  return 16 + ((power - 7) << 2) + ((below >> (power - 2)) & 3);
}

function classSize(index: u32): usize {
  if (index < 16) return (<usize>(index + 1)) << 3;
  const step = index - 16;
  return (<usize>(5 + (step & 3))) << (5 + (step >> 2));
}

/** The bytes a block of `size` really takes. Blocks of equal usable size are interchangeable. */
export function usableSize(size: usize): usize {
  if (size <= 128) return max<usize>(8, (size + 7) & ~7);
  if (size > SMALL_MAX) return (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
  const unit: usize = (<usize>1) << (29 - clz(<u32>size - 1));
  return (size + unit - 1) & ~(unit - 1);
}

/** True if blocks of `size` bytes in all can now be allocated without failing. */
export function reserve(size: usize): bool {
  promised = max(promised, size);
  if (size < reservable) return true;
  if (refuseCountdown && --refuseCountdown == 0) return false;
  const needed = <u64>size + RESERVE_SLACK;
  if (hasRoom(needed) || grow(needed)) return true;
  const reclaim = atScarcity;
  return reclaim != null && reclaim() && hasRoom(needed);
}

function hasRoom(size: u64): bool {
  return <u64>(end - top) >= size || hasFreeRun(size);
}

/** Before memory is refused `reclaim` is asked to give back some; it says whether it has. */
export function onScarcity(reclaim: () => bool): void {
  atScarcity = reclaim;
}

/** Says what may still be counted on of what was reserved: 0 when a batch begins. */
export function setPromised(size: usize): void {
  promised = size;
}

/** True if one free run holds `size` bytes: it vouches for what is reserved until one is taken. */
function hasFreeRun(size: u64): bool {
  const pages = <u32>((size + PAGE_SIZE - 1) >> PAGE_BITS);
  for (let bin = binOf(pages); bin < BIN_COUNT; bin++) {
    let run = load<u32>(freeRuns + ((<usize>bin) << 2));
    for (let tries: u32 = 0; run && tries < BIN_SEARCH_MAX; tries++) {
      const found = changetype<FreeRun>(<usize>run).pages;
      if (found >= pages) {
        if (!refuseCountdown) reservable = ((<usize>found) << PAGE_BITS) - RESERVE_SLACK;
        return true;
      }
      run = changetype<FreeRun>(<usize>run).next;
    }
  }
  return false;
}

/** Grows ahead of need, while nobody waits. */
export function growAhead(): void {
  if (end - top < (<usize>GROW_PAGES_MIN) << 14) grow((<u64>GROW_PAGES_MIN) << 15);
}

/** Grows linear memory until `needed` bytes lie between top and end. */
function grow(needed: u64): bool {
  const missing = <u32>((needed - <u64>(end - top) + 0xffff) >>> 16);
  const current = <u32>memory.size();
  if (current + missing > memoryPagesMax) return false;
  const wanted = max<u32>(missing, max<u32>(GROW_PAGES_MIN, current >> 3));
  const step = min<u32>(wanted, memoryPagesMax - current);
  if (memory.grow(<i32>step) < 0 && memory.grow(<i32>missing) < 0) return false;
  findEnd();
  return true;
}

/** A block of at least `size` bytes, 8-byte aligned, contents undefined. */
export function allocate(size: usize): usize {
  step();
  if (size > SMALL_MAX) return allocateRun(size);
  const sizeClass = classOf(max<usize>(size, 1));
  account(<i64>classSize(sizeClass));
  let slab = changetype<Slab>(<usize>load<u32>(slabsWithRoom + ((<usize>sizeClass) << 2)));
  if (!changetype<usize>(slab)) slab = addSlab(sizeClass);
  let block = <usize>slab.free;
  if (block) {
    slab.free = load<u32>(block);
  } else {
    block = slab.bump;
    slab.bump = <u32>(block + classSize(sizeClass));
  }
  slab.used++;
  if (!slab.free && slab.bump == slab.end) unlinkSlab(slab);
  return block;
}

/** Gives a block back. Its size is known from where it lies. */
export function release(block: usize): void {
  step();
  const entry = load<u32>(pageEntry(block));
  if ((entry & TAG_MASK) != TAG_SLAB) return releaseLarge(block, entry >> 2);
  const slab = changetype<Slab>(<usize>(entry & ~TAG_MASK));
  account(-(<i64>classSize(slab.sizeClass)));
  const wasFull = !slab.free && slab.bump == slab.end;
  store<u32>(block, slab.free);
  slab.free = <u32>block;
  slab.used--;
  if (wasFull) linkSlab(slab);
  else if (!slab.used) dropSlab(slab);
}

/** The usable bytes of a block that is handed out. */
export function blockSize(block: usize): usize {
  const entry = load<u32>(pageEntry(block));
  if ((entry & TAG_MASK) != TAG_SLAB) return (<usize>(entry >> 2)) << PAGE_BITS;
  return classSize(changetype<Slab>(<usize>(entry & ~TAG_MASK)).sizeClass);
}

/** A block of `size` bytes that begins with the first `kept` of the given one: it, or another. */
export function resize(block: usize, size: usize, kept: usize): usize {
  if (blockSize(block) == usableSize(size)) return block;
  const moved = allocate(size);
  copy(moved, block, kept);
  release(block);
  return moved;
}

function account(bytes: i64): void {
  allocatedBytes += bytes;
  if (allocatedBytes > allocatedBytesMax) allocatedBytesMax = allocatedBytes;
}

function pageEntry(address: usize): usize {
  return pageTable + ((address >> PAGE_BITS) << 2);
}

// Slabs

function slabPages(sizeClass: u32): u32 {
  return sizeClass <= SMALL_SLAB_CLASS_MAX ? SMALL_SLAB_PAGES : BIG_SLAB_PAGES;
}

function addSlab(sizeClass: u32): Slab {
  const pages = slabPages(sizeClass);
  const address = takeRun(pages);
  for (let page: u32 = 0; page < pages; page++) {
    store<u32>(pageEntry(address + ((<usize>page) << PAGE_BITS)), <u32>address | TAG_SLAB);
  }
  const slab = changetype<Slab>(address);
  const size = classSize(sizeClass);
  const room = ((<usize>pages) << PAGE_BITS) - SLAB_HEADER_SIZE;
  slab.free = 0;
  slab.bump = <u32>(address + SLAB_HEADER_SIZE);
  slab.end = slab.bump + <u32>(room - (room % size));
  slab.used = 0;
  slab.sizeClass = sizeClass;
  linkSlab(slab);
  return slab;
}

function linkSlab(slab: Slab): void {
  const head = slabsWithRoom + ((<usize>slab.sizeClass) << 2);
  const next = load<u32>(head);
  slab.next = next;
  slab.previous = 0;
  if (next) changetype<Slab>(<usize>next).previous = <u32>changetype<usize>(slab);
  store<u32>(head, <u32>changetype<usize>(slab));
}

function unlinkSlab(slab: Slab): void {
  if (slab.next) changetype<Slab>(<usize>slab.next).previous = slab.previous;
  if (slab.previous) changetype<Slab>(<usize>slab.previous).next = slab.next;
  else store<u32>(slabsWithRoom + ((<usize>slab.sizeClass) << 2), slab.next);
}

/** Returns an empty slab's pages, unless it is the last one of its class with room. */
function dropSlab(slab: Slab): void {
  if (!slab.next && !slab.previous) return;
  unlinkSlab(slab);
  returnRun(changetype<usize>(slab), slabPages(slab.sizeClass));
}

// Runs of pages

function allocateRun(size: usize): usize {
  const pages = <u32>((size + PAGE_SIZE - 1) >> PAGE_BITS);
  account((<i64>pages) << PAGE_BITS);
  const address = takeRun(pages);
  markRun(address, pages, TAG_RUN);
  return address;
}

function releaseLarge(address: usize, pages: u32): void {
  account(-((<i64>pages) << PAGE_BITS));
  returnRun(address, pages);
}

function markRun(address: usize, pages: u32, tag: u32): void {
  store<u32>(pageEntry(address), (pages << 2) | tag);
  store<u32>(pageEntry(address + ((<usize>(pages - 1)) << PAGE_BITS)), (pages << 2) | tag);
}

function binOf(pages: u32): u32 {
  return 31 - clz(pages);
}

function takeRun(pages: u32): usize {
  for (let bin = binOf(pages); bin < BIN_COUNT; bin++) {
    let run = load<u32>(freeRuns + ((<usize>bin) << 2));
    for (let tries: u32 = 0; run && tries < BIN_SEARCH_MAX; tries++) {
      const node = changetype<FreeRun>(<usize>run);
      if (node.pages >= pages) return splitRun(node, pages);
      run = node.next;
    }
  }
  return takeFromTop(pages);
}

function splitRun(run: FreeRun, pages: u32): usize {
  const address = changetype<usize>(run);
  const rest = run.pages - pages;
  unlinkRun(run);
  if (rest) linkRun(address + ((<usize>pages) << PAGE_BITS), rest);
  measure();
  return address;
}

function takeFromTop(pages: u32): usize {
  const size = (<usize>pages) << PAGE_BITS;
  if (end - top < size && !grow(size)) unreachable(); // allocated more than was reserved
  const address = top;
  top += size;
  measure();
  return address;
}

/** Gives pages back, joined with free neighbours, or to the wilderness. */
function returnRun(address: usize, pages: u32): void {
  if (address > firstPage) {
    const before = load<u32>(pageEntry(address - PAGE_SIZE));
    if ((before & TAG_MASK) == TAG_FREE) {
      address -= (<usize>(before >> 2)) << PAGE_BITS;
      pages += before >> 2;
      unlinkRun(changetype<FreeRun>(address));
    }
  }
  const following = address + ((<usize>pages) << PAGE_BITS);
  if (following == top) {
    top = address;
    measure();
    return;
  }
  const after = load<u32>(pageEntry(following));
  if ((after & TAG_MASK) == TAG_FREE) {
    unlinkRun(changetype<FreeRun>(following));
    pages += after >> 2;
  }
  linkRun(address, pages);
}

function linkRun(address: usize, pages: u32): void {
  markRun(address, pages, TAG_FREE);
  const run = changetype<FreeRun>(address);
  const head = freeRuns + ((<usize>binOf(pages)) << 2);
  const next = load<u32>(head);
  run.pages = pages;
  run.next = next;
  run.previous = 0;
  if (next) changetype<FreeRun>(<usize>next).previous = <u32>address;
  store<u32>(head, <u32>address);
}

function unlinkRun(run: FreeRun): void {
  if (run.next) changetype<FreeRun>(<usize>run.next).previous = run.previous;
  if (run.previous) changetype<FreeRun>(<usize>run.previous).next = run.next;
  else store<u32>(freeRuns + ((<usize>binOf(run.pages)) << 2), run.next);
}
