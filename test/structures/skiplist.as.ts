/** The skiplist against a model: an array of entries in order, changed alongside. */
import { compare } from '../../assembly/memory/bytes';
import { start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import * as members from '../../assembly/structures/member';
import { create, HAS_WORD, Member } from '../../assembly/structures/member';
import * as skiplist from '../../assembly/structures/skiplist';
import { Skiplist } from '../../assembly/structures/skiplist';
import { CAPACITY, Node, WIDTH } from '../../assembly/structures/skiplist-node';

const MODEL_MAX: u32 = 60000;
const list: Skiplist = changetype<Skiplist>(memory.data(16, 16));
/** The model: scores and members in order. */
const scores: usize = memory.data(60000 * 8, 16);
const keys: usize = memory.data(60000 * 4, 16);
const text: usize = memory.data(32, 16);
let count: u32 = 0;
let serial: u32 = 0;

function begin(): void {
  start();
  seed(7, 8);
  count = 0;
}

function scoreAt(rank: u32): f64 {
  return load<f64>(scores + ((<usize>rank) << 3));
}

function memberAt(rank: u32): Member {
  return changetype<Member>(<usize>load<u32>(keys + ((<usize>rank) << 2)));
}

function newMember(): Member {
  store<u32>(text, <u32>below(0xffffffff));
  store<u32>(text, serial++, 4);
  return create(text, 4 + <usize>below(5), HAS_WORD, 0);
}

function precedes(a: f64, one: Member, b: f64, other: Member): bool {
  if (a != b) return a < b;
  return compare(one.keyAddress, one.keyLength, other.keyAddress, other.keyLength) < 0;
}

/** The rank that the model gives such an entry. */
function modelRank(score: f64, member: Member): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (precedes(scoreAt(middle), memberAt(middle), score, member)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function modelInsert(score: f64, member: Member): void {
  const rank = modelRank(score, member);
  const at = scores + ((<usize>rank) << 3);
  memory.copy(at + 8, at, (<usize>(count - rank)) << 3);
  store<f64>(at, score);
  const place = keys + ((<usize>rank) << 2);
  memory.copy(place + 4, place, (<usize>(count - rank)) << 2);
  store<u32>(place, <u32>changetype<usize>(member));
  count++;
}

function modelCut(rank: u32, length: u32): void {
  const left = count - rank - length;
  const at = scores + ((<usize>rank) << 3);
  memory.copy(at, at + ((<usize>length) << 3), (<usize>left) << 3);
  const place = keys + ((<usize>rank) << 2);
  memory.copy(place, place + ((<usize>length) << 2), (<usize>left) << 2);
  count -= length;
}

function add(score: f64): void {
  const member = newMember();
  modelInsert(score, member);
  skiplist.insert(list, score, member);
}

function removeRank(rank: u32): void {
  const member = memberAt(rank);
  skiplist.remove(list, scoreAt(rank), member);
  modelCut(rank, 1);
  members.dispose(member);
}

function moveRank(rank: u32, score: f64): void {
  const old = scoreAt(rank);
  const member = memberAt(rank);
  if (old == score) return;
  skiplist.move(list, member, old, score);
  modelCut(rank, 1);
  modelInsert(score, member);
}

function cutRange(rank: u32, length: u32): void {
  for (let offset: u32 = 0; offset < length; offset++) members.dispose(memberAt(rank + offset));
  for (let left = length; left; ) {
    skiplist.seek(list, rank);
    const leaf = skiplist.leaf;
    const part: u32 = leaf ? min(left, leaf.count - skiplist.place) : 0;
    skiplist.cutFound(list, part);
    left -= part;
  }
  modelCut(rank, length);
}

// Checks

let visited: u32 = 0;
let leavesSeen: u32 = 0;
let lastLeaf: Node | null = null;

function checkNode(node: Node): void {
  assert(node.count > 0 && node.count <= CAPACITY, 'no node is empty or too full');
  for (let index: u32 = node.count; index < WIDTH; index++) {
    assert(node.score(index) != node.score(index), 'unused places are NaN');
  }
  if (!node.level) return checkLeaf(node);
  assert(node.count > 1, 'a branch has two children at least');
  for (let index: u32 = 0; index < node.count; index++) {
    const child = node.child(index);
    assert(child.level + 1 == node.level, 'leaves have the same depth');
    assert(child.total == node.span(index), 'spans are exact');
    assert(child.score(0) == node.score(index), 'first scores are exact');
    assert(child.member(0) == node.member(index), 'first members are exact');
    checkNode(child);
  }
}

function checkLeaf(node: Node): void {
  assert(node.previous == lastLeaf, 'leaves are linked');
  if (lastLeaf) assert((<Node>lastLeaf).next == node);
  else assert(list.first == node);
  lastLeaf = node;
  leavesSeen++;
  for (let index: u32 = 0; index < node.count; index++, visited++) {
    assert(node.score(index) == scoreAt(visited), 'scores are those of the model');
    assert(node.member(index) == memberAt(visited), 'members are those of the model');
  }
}

function check(): void {
  assert(list.count == count);
  visited = 0;
  leavesSeen = 0;
  lastLeaf = null;
  const root = list.root;
  if (root) checkNode(root);
  assert(list.last == lastLeaf);
  assert(visited == count);
}

function checkRank(rank: u32): void {
  const score = scoreAt(rank);
  assert(skiplist.rankOf(list, score, memberAt(rank)) == rank, 'ranks are exact');
  skiplist.seek(list, rank);
  const leaf = skiplist.leaf;
  assert(leaf != null && leaf.member(skiplist.place) == memberAt(rank), 'ranks are found');
  let lower = rank;
  while (lower && scoreAt(lower - 1) == score) lower--;
  assert(skiplist.countBelow(list, score, false) == lower);
  let upper = rank;
  while (upper < count && scoreAt(upper) == score) upper++;
  assert(skiplist.countBelow(list, score, true) == upper);
}

function clear(): void {
  while (count) removeRank(<u32>below(count));
  check();
  assert(list.root == null && usedBytes() == 0, 'the heap is back where it was');
}

function fill(): f64 {
  return <f64>count / <f64>(leavesSeen * CAPACITY);
}

// Tests

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  begin();
  skiplist.insert(list, 1.5, changetype<Member>(0x5000));
  const leaf = changetype<usize>(list.root);
  const at = changetype<usize>(list);
  const address = <u32>leaf;
  assert(load<u32>(at) == address && load<u32>(at, 4) == address);
  assert(load<u32>(at, 8) == address && load<u32>(at, 12) == 1);
  assert(load<u64>(leaf) == 1 && load<u64>(leaf, 8) == 0);
  assert(load<u64>(leaf, 16) == 0x3ff8000000000000);
  assert(
    load<u64>(leaf, 24) == 0x7ff8000000000000 && load<u64>(leaf, 16 + 35 * 8) == 0x7ff8000000000000,
  );
  assert(load<u32>(leaf, 304) == 0x5000);
  skiplist.dispose(list);
  assert(usedBytes() == 0);
}

/** Random steps: `variety` scores; the size swings around `size`. */
function swing(steps: u32, size: u32, variety: u64): void {
  begin();
  for (let step: u32 = 0; step < steps; step++) {
    const choice = <u32>below(100);
    const growing: u32 = count < size ? 50 : 20;
    if (!count || choice < growing) add(<f64>below(variety));
    else if (choice < 70) moveRank(<u32>below(count), <f64>below(variety));
    else if (choice < 98) removeRank(<u32>below(count));
    else cutRange(<u32>below(count), 1);
    check();
    if (count) checkRank(<u32>below(count));
  }
  clear();
}

export function behavesLikeTheModelWithFewEntries(): void {
  swing(4000, 80, 1000);
}

export function behavesLikeTheModelWhereMostScoresTie(): void {
  swing(4000, 300, 3);
}

export function behavesLikeTheModelOverSeveralLevels(): void {
  swing(6000, 2500, 100000);
}

export function keepsLeavesTwoThirdsFullWhateverTheOrder(): void {
  begin();
  for (let index: u32 = 0; index < 20000; index++) add(<f64>below(1 << 40));
  check();
  assert(fill() > 0.75);
  for (let index: u32 = 0; index < 40000; index++) {
    moveRank(<u32>below(count), <f64>below(1 << 40));
    if (index % 1000 == 0) check();
  }
  check();
  assert(fill() > 0.64);
  clear();
}

export function fillsLeavesWhollyFromEitherEnd(): void {
  begin();
  for (let index: u32 = 0; index < 20000; index++) add(<f64>index);
  check();
  assert(fill() > 0.99);
  for (let index: u32 = 1; index < 20000; index++) add(-(<f64>index));
  check();
  assert(fill() > 0.99);
  while (count > 100) removeRank(0);
  check();
  while (count) removeRank(count - 1);
  clear();
}

export function cutsRangesOfAnyLength(): void {
  begin();
  for (let round = 0; round < 300; round++) {
    while (count < 3000) add(<f64>below(500));
    const rank = <u32>below(count);
    cutRange(rank, <u32>below(1 + <u64>(count - rank)));
    check();
    if (count) checkRank(<u32>below(count));
  }
  cutRange(0, count);
  clear();
}

export function smallStepsOfAScoreStayInPlace(): void {
  begin();
  for (let index: u32 = 0; index < 3000; index++) add(<f64>below(100) * 10);
  for (let step = 0; step < 6000; step++) {
    const rank = <u32>below(count);
    moveRank(rank, scoreAt(rank) + <f64>below(5) - 2);
    if (step % 10 == 0) check();
  }
  check();
  clear();
}

export function countsMembersByTheirBytesWhereScoresAreTheSame(): void {
  begin();
  for (let index: u32 = 0; index < 2000; index++) add(0);
  for (let rank: u32 = 0; rank < count; rank += 7) {
    const member = memberAt(rank);
    const key = member.keyAddress;
    assert(skiplist.countBefore(list, key, member.keyLength, false) == rank);
    assert(skiplist.countBefore(list, key, member.keyLength, true) == rank + 1);
  }
  assert(skiplist.countBefore(list, text, 0, true) == 0);
  clear();
}

export function infinitiesAndZerosOfBothSignsHaveTheirPlaces(): void {
  begin();
  for (let index: u32 = 0; index < 300; index++) {
    add(Infinity);
    add(-Infinity);
    add(0);
    add(-0.0);
  }
  check();
  assert(skiplist.countBelow(list, -Infinity, false) == 0);
  assert(skiplist.countBelow(list, -Infinity, true) == 300);
  assert(
    skiplist.countBelow(list, 0, false) == 300 && skiplist.countBelow(list, -0.0, true) == 900,
  );
  assert(skiplist.countBelow(list, Infinity, true) == 1200);
  clear();
}

export function growsToAllLevelsAndBack(): void {
  begin();
  for (let index: u32 = 0; index < MODEL_MAX; index++) add(<f64>below(1 << 50));
  check();
  const root = list.root;
  assert(root != null && root.level == 3);
  assert(skiplist.memoryOf(list) < <usize>count * 20);
  for (let step = 0; step < 1000; step++) checkRank(<u32>below(count));
  clear();
}
