/**
 * Sorting: puts an array of u32 into the order that a function decides, in place. Quicksort with
 * the median of three as pivot; a part that does not get smaller in time is sorted as a heap
 * (introsort, https://doi.org/10.1002/(SICI)1097-024X(199708)27:8%3C983::AID-SPE117%3E3.0.CO;2-%23),
 * so it takes O(n log n) comparisons whoever made the input.
 *
 *   first                     pivot                      last
 *   +-------------------------+---+----------------------+
 *   | not above the pivot     |   | not below it         |
 *   +-------------------------+---+----------------------+
 */

/** Negative, zero or positive, as the first comes before, with or after the second. */
type Order = (a: u32, b: u32) => i32;

const ITEM_SIZE: usize = 4;
/** Parts of so many items at the most are sorted by insertion. */
const INSERTION_MAX: usize = 12;

let order: Order = inOrder;

function inOrder(_a: u32, _b: u32): i32 {
  return 0;
}

/** Sorts `count` items. Which of two equal ones comes first is not decided. */
export function sort(items: usize, count: u32, compare: Order): void {
  if (count < 2) return;
  order = compare;
  sortPart(items, items + ((<usize>(count - 1)) << 2), (32 - clz(count)) << 1);
}

function sortPart(first: usize, last: usize, depth: u32): void {
  while (last > first && last - first >= INSERTION_MAX * ITEM_SIZE) {
    if (!depth--) return sortHeap(first, (last - first) / ITEM_SIZE + 1);
    const middle = partition(first, last);
    // The smaller part by recursion, so that this never gets deep.
    if (middle - first < last - middle) {
      sortPart(first, middle, depth);
      first = middle + ITEM_SIZE;
    } else {
      sortPart(middle + ITEM_SIZE, last, depth);
      last = middle;
    }
  }
  insert(first, last);
}

function swap(a: usize, b: usize): void {
  const item = load<u32>(a);
  store<u32>(a, load<u32>(b));
  store<u32>(b, item);
}

function isBefore(a: usize, b: usize): bool {
  return order(load<u32>(a), load<u32>(b)) < 0;
}

/** Makes two parts of the items: up to the place that is returned, and after it. */
function partition(first: usize, last: usize): usize {
  medianToFirst(first, last);
  const pivot = load<u32>(first);
  let low = first - ITEM_SIZE;
  let high = last + ITEM_SIZE;
  while (true) {
    do low += ITEM_SIZE;
    while (order(load<u32>(low), pivot) < 0);
    do high -= ITEM_SIZE;
    while (order(load<u32>(high), pivot) > 0);
    if (low >= high) return high;
    swap(low, high);
  }
}

function medianToFirst(first: usize, last: usize): void {
  const middle = first + (((last - first) >> 3) << 2);
  if (isBefore(middle, first)) swap(middle, first);
  if (isBefore(last, middle)) swap(last, middle);
  if (isBefore(middle, first)) swap(middle, first);
  swap(first, middle);
}

function insert(first: usize, last: usize): void {
  for (let next = first + ITEM_SIZE; next <= last; next += ITEM_SIZE) {
    const item = load<u32>(next);
    let place = next;
    while (place > first && order(item, load<u32>(place - ITEM_SIZE)) < 0) {
      store<u32>(place, load<u32>(place - ITEM_SIZE));
      place -= ITEM_SIZE;
    }
    store<u32>(place, item);
  }
}

function sortHeap(items: usize, count: usize): void {
  for (let root = count >> 1; root > 0; root--) sift(items, root - 1, count);
  for (let end = count - 1; end > 0; end--) {
    swap(items, items + (end << 2));
    sift(items, 0, end);
  }
}

/** Moves the item at `root` down to where it is not below its children. */
function sift(items: usize, root: usize, count: usize): void {
  for (let child = (root << 1) + 1; child < count; child = (root << 1) + 1) {
    let place = items + (child << 2);
    if (child + 1 < count && isBefore(place, place + ITEM_SIZE)) {
      place += ITEM_SIZE;
      child++;
    }
    if (!isBefore(items + (root << 2), place)) return;
    swap(items + (root << 2), place);
    root = child;
  }
}
