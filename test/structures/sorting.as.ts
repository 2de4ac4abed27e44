/** Sorting: what comes out is in order, whatever goes in, and takes no more time than it may. */
import { below, seed } from '../../assembly/memory/random';
import { sort } from '../../assembly/structures/sorting';

const ITEMS_MAX: u32 = 20000;
const items: usize = memory.data(80000);
const seen: usize = memory.data(80000);
let comparisons: u64 = 0;

function ascending(a: u32, b: u32): i32 {
  comparisons++;
  return a < b ? -1 : a > b ? 1 : 0;
}

function itemAt(index: u32): u32 {
  return load<u32>(items + ((<usize>index) << 2));
}

function put(index: u32, value: u32): void {
  store<u32>(items + ((<usize>index) << 2), value);
}

function checkSorted(count: u32): void {
  let sum: u64 = 0;
  for (let index: u32 = 0; index < count; index++) sum += itemAt(index);
  comparisons = 0;
  sort(items, count, ascending);
  let after: u64 = 0;
  for (let index: u32 = 0; index < count; index++) {
    after += itemAt(index);
    assert(index == 0 || itemAt(index - 1) <= itemAt(index), 'items ascend');
  }
  assert(sum == after, 'none is lost');
  assert(comparisons <= <u64>count * (40 + 4 * (32 - clz(count))), 'work is bounded');
}

export function randomItemsAscend(): void {
  seed(1, 2);
  for (let count: u32 = 0; count < 300; count++) {
    for (let index: u32 = 0; index < count; index++) put(index, <u32>below(count + 1));
    checkSorted(count);
  }
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, <u32>below((<u64>1) << 32));
  checkSorted(ITEMS_MAX);
}

export function inputThatIsSortedEqualOrInStairsTakesNoLonger(): void {
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, index);
  checkSorted(ITEMS_MAX);
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, ITEMS_MAX - index);
  checkSorted(ITEMS_MAX);
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, 7);
  checkSorted(ITEMS_MAX);
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, index % 16);
  checkSorted(ITEMS_MAX);
  for (let index: u32 = 0; index < ITEMS_MAX; index++) put(index, min(index, ITEMS_MAX - index));
  checkSorted(ITEMS_MAX);
}

let solid: u32 = 0;

/** McIlroy's adversary (https://www.cs.dartmouth.edu/~doug/mdmspe.pdf): decides while it is asked. */
function adverse(a: u32, b: u32): i32 {
  comparisons++;
  const one = load<u32>(seen + ((<usize>a) << 2));
  const other = load<u32>(seen + ((<usize>b) << 2));
  if (one == u32.MAX_VALUE && other == u32.MAX_VALUE && a != b) {
    store<u32>(seen + ((<usize>(a == candidate ? b : a)) << 2), solid++);
  }
  if (load<u32>(seen + ((<usize>a) << 2)) == u32.MAX_VALUE) candidate = a;
  else if (load<u32>(seen + ((<usize>b) << 2)) == u32.MAX_VALUE) candidate = b;
  const x = load<u32>(seen + ((<usize>a) << 2));
  const y = load<u32>(seen + ((<usize>b) << 2));
  return x < y ? -1 : x > y ? 1 : 0;
}

let candidate: u32 = 0;

export function anAdversaryCannotMakeItQuadratic(): void {
  for (let index: u32 = 0; index < ITEMS_MAX; index++) {
    put(index, index);
    store<u32>(seen + ((<usize>index) << 2), u32.MAX_VALUE);
  }
  solid = 0;
  comparisons = 0;
  sort(items, ITEMS_MAX, adverse);
  assert(comparisons < <u64>ITEMS_MAX * 100);
}
