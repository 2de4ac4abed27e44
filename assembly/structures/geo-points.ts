/**
 * Geo points: what a search has found, in a block that grows. Distances are the quick ones until
 * somebody needs the exact one.
 *
 *   0          8       16        20       24      28      32
 *   +----------+-------+---------+--------+-------+-------+
 *   | distance | score | member  | length | exact | 0     |
 *   +----------+-------+---------+--------+-------+-------+
 *     f64        f64     address   u32      u32
 */
import { allocate, release, reserve } from '../memory/heap';
import { decodeScore, latitude, longitude } from './geohash';
import { distance, QUICK_ERROR } from './sphere';

@unmanaged
export class Point {
  distance: f64;
  score: f64;
  member: u32;
  length: u32;
  exact: u32;
  unused: u32;
}

export const POINT_SIZE: usize = 32;
if (offsetof<Point>() != POINT_SIZE) ERROR('a point is two words of 16 bytes');
const CAPACITY_MIN: u32 = 64;
/** Ranges shorter than this are sorted by insertion. */
const INSERTION_MAX: u32 = 8;

let points: usize = 0;
let capacity: u32 = 0;
export let count: u32 = 0;
/** The place that distances are measured from. */
let centreX: f64 = 0;
let centreY: f64 = 0;
/** 1 if the nearest come first, -1 if the farthest. */
let direction: f64 = 1;

/** Begins a list of points around a place. `end` must follow. */
export function begin(x: f64, y: f64): void {
  centreX = x;
  centreY = y;
  count = 0;
}

/** Frees the list. */
export function end(): void {
  if (points) release(points);
  points = 0;
  capacity = 0;
  count = 0;
}

export function at(index: u32): Point {
  return changetype<Point>(points + <usize>index * POINT_SIZE);
}

/** Adds a point; false without memory. */
export function push(away: f64, score: f64, member: usize, length: usize): bool {
  if (count == capacity && !grow()) return false;
  const point = at(count++);
  point.distance = away;
  point.score = score;
  point.member = <u32>member;
  point.length = <u32>length;
  point.exact = 0;
  return true;
}

function grow(): bool {
  const wanted = max(CAPACITY_MIN, capacity << 1);
  if (!reserve(<usize>wanted * POINT_SIZE)) return false;
  const moved = allocate(<usize>wanted * POINT_SIZE);
  if (points) {
    memory.copy(moved, points, <usize>count * POINT_SIZE);
    release(points);
  }
  points = moved;
  capacity = wanted;
  return true;
}

/** The distance of a point, to the last digit. */
export function exactDistance(point: Point): f64 {
  if (!point.exact) {
    decodeScore(point.score);
    point.distance = distance(centreX, centreY, longitude, latitude);
    point.exact = 1;
  }
  return point.distance;
}

/** Below zero if `a` comes before `b`. Quick distances do, unless they are too near. */
function compare(a: usize, b: usize): f64 {
  const first = changetype<Point>(a);
  const second = changetype<Point>(b);
  const difference = first.distance - second.distance;
  if (abs(difference) > 4 * QUICK_ERROR * first.distance) return difference * direction;
  return (exactDistance(first) - exactDistance(second)) * direction;
}

function swap(a: usize, b: usize): void {
  const low = v128.load(a);
  const high = v128.load(a, 16);
  move(a, b);
  v128.store(b, low);
  v128.store(b, high, 16);
}

function move(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/**
 * Sorts so that the first `wanted` are right. Points of one distance stay in their order if all
 * are wanted, else they come as Redis's partial quicksort leaves them. False without memory.
 */
export function sort(descending: bool, wanted: u32): bool {
  direction = descending ? -1 : 1;
  if (count < 2) return true;
  if (wanted < count) {
    sortPart(points, count, points, points + <usize>(wanted - 1) * POINT_SIZE);
    return true;
  }
  const size = <usize>count * POINT_SIZE;
  if (!reserve(size)) return false;
  const spare = allocate(size);
  mergeSort(spare);
  release(spare);
  return true;
}

// All of them: short runs by insertion, then merged, from one block to the other and back

function mergeSort(spare: usize): void {
  for (let first: u32 = 0; first < count; first += INSERTION_MAX) {
    insertionSort(points + <usize>first * POINT_SIZE, min(INSERTION_MAX, count - first));
  }
  let from = points;
  let to = spare;
  for (let width = INSERTION_MAX; width < count; width <<= 1) {
    for (let first: u32 = 0; first < count; first += width << 1) {
      mergeRuns(from, to, first, min(first + width, count), min(first + (width << 1), count));
    }
    const other = from;
    from = to;
    to = other;
  }
  if (from != points) memory.copy(points, from, <usize>count * POINT_SIZE);
}

function mergeRuns(from: usize, to: usize, first: u32, middle: u32, last: u32): void {
  let left = from + <usize>first * POINT_SIZE;
  const leftEnd = from + <usize>middle * POINT_SIZE;
  let right = leftEnd;
  const rightEnd = from + <usize>last * POINT_SIZE;
  to += <usize>first * POINT_SIZE;
  while (left < leftEnd && right < rightEnd) {
    const takesRight = compare(right, left) < 0;
    move(to, takesRight ? right : left);
    to += POINT_SIZE;
    if (takesRight) right += POINT_SIZE;
    else left += POINT_SIZE;
  }
  if (left < leftEnd) memory.copy(to, left, leftEnd - left);
  if (right < rightEnd) memory.copy(to, right, rightEnd - right);
}

function insertionSort(first: usize, length: u32): void {
  const end = first + <usize>length * POINT_SIZE;
  for (let next = first + POINT_SIZE; next < end; next += POINT_SIZE) {
    for (let place = next; place > first && compare(place - POINT_SIZE, place) > 0; ) {
      swap(place, place - POINT_SIZE);
      place -= POINT_SIZE;
    }
  }
}

// Some of them: the quicksort of Bentley and McIlroy (https://doi.org/10.1002/spe.4380231105),
// which leaves alone what lies outside of the places from `low` to `high`

function sortPart(first: usize, length: u32, low: usize, high: usize): void {
  while (length >= 7) {
    swap(first, pivotOf(first, length));
    partition(first, length);
    const above = upperSize;
    const upper = first + <usize>length * POINT_SIZE - above;
    if (lowerSize > POINT_SIZE && overlaps(first, lowerSize, low, high)) {
      sortPart(first, <u32>(lowerSize / POINT_SIZE), low, high);
    }
    if (above <= POINT_SIZE || !overlaps(upper, above, low, high)) return;
    first = upper;
    length = <u32>(above / POINT_SIZE);
  }
  insertionSort(first, length);
}

function overlaps(first: usize, size: usize, low: usize, high: usize): bool {
  return first <= high && first + size > low;
}

function pivotOf(first: usize, length: u32): usize {
  const middle = first + <usize>(length >> 1) * POINT_SIZE;
  if (length == 7) return middle;
  const last = first + <usize>(length - 1) * POINT_SIZE;
  if (length <= 40) return median(first, middle, last);
  const step = <usize>(length >> 3) * POINT_SIZE;
  const low = median(first, first + step, first + (step << 1));
  const high = median(last - (step << 1), last - step, last);
  return median(low, median(middle - step, middle, middle + step), high);
}

function median(a: usize, b: usize, c: usize): usize {
  if (compare(a, b) < 0) return compare(b, c) < 0 ? b : compare(a, c) < 0 ? c : a;
  return compare(b, c) > 0 ? b : compare(a, c) < 0 ? a : c;
}

/** Bytes of the points before and after the pivot's equals, found by `partition`. */
let lowerSize: usize = 0;
let upperSize: usize = 0;

/** Parts the points around the first one. */
function partition(first: usize, length: u32): void {
  const end = first + <usize>length * POINT_SIZE;
  let a = first + POINT_SIZE;
  let b = a;
  let c = end - POINT_SIZE;
  let d = c;
  while (true) {
    for (; b <= c; b += POINT_SIZE) {
      const order = compare(b, first);
      if (order > 0) break;
      if (order < 0) continue;
      swap(a, b);
      a += POINT_SIZE;
    }
    for (; b <= c; c -= POINT_SIZE) {
      const order = compare(c, first);
      if (order < 0) break;
      if (order > 0) continue;
      swap(c, d);
      d -= POINT_SIZE;
    }
    if (b > c) break;
    swap(b, c);
    b += POINT_SIZE;
    c -= POINT_SIZE;
  }
  lowerSize = b - a;
  upperSize = d - c;
  swapRanges(first, b, min(a - first, b - a));
  swapRanges(b, end, min(d - c, end - POINT_SIZE - d));
}

/** Swaps `size` bytes from `first` on with those that end at `behind`. */
function swapRanges(first: usize, behind: usize, size: usize): void {
  const second = behind - size;
  for (let at: usize = 0; at < size; at += POINT_SIZE) swap(first + at, second + at);
}
