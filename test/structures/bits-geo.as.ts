/** Bitmaps, HyperLogLogs, geohashes and their arithmetic against slow models, and their examples. */
import { FIXED_TEXT_ROOM, formatFixed, formatShortest } from '../../assembly/memory/fixed-text';
import { start, usedBytes } from '../../assembly/memory/heap';
import { below, next, seed } from '../../assembly/memory/random';
import * as trigonometry from '../../assembly/memory/trigonometry';
import * as bitmap from '../../assembly/structures/bitmap';
import * as points from '../../assembly/structures/geo-points';
import * as geohash from '../../assembly/structures/geohash';
import * as hyperloglog from '../../assembly/structures/hyperloglog';
import * as sparse from '../../assembly/structures/hyperloglog-sparse';
import * as sphere from '../../assembly/structures/sphere';

const SIZE: usize = 4096;
const block: usize = memory.data(4096, 16);
const other: usize = memory.data(4096, 16);
const result: usize = memory.data(4096, 16);
const dense: usize = memory.data(12304, 16);
const raw: usize = memory.data(16384, 16);
const opcodes: usize = memory.data(16384, 16);
const text: usize = memory.data(400, 16);

function randomize(place: usize): void {
  for (let at: usize = 0; at < SIZE; at += 8) {
    // Runs of equal bytes are the hard part of finding a bit.
    store<u64>(place + at, below(3) ? (below(2) ? ~(<u64>0) : 0) : next());
  }
}

function bitAt(place: usize, offset: u64): u32 {
  return (<u32>load<u8>(place + <usize>(offset >> 3)) >> (7 - (<u32>offset & 7))) & 1;
}

export function countsAndFindsBitsAsOneByOne(): void {
  seed(1, 2);
  for (let round = 0; round < 300; round++) {
    randomize(block);
    const first = <u64>below(2000);
    const last = first + <u64>below(2000);
    let bits: u64 = 0;
    let zero: i64 = -1;
    let one: i64 = -1;
    for (let offset = first; offset <= last; offset++) {
      const bit = bitAt(block, offset);
      bits += bit;
      if (bit && one < 0) one = <i64>offset;
      if (!bit && zero < 0) zero = <i64>offset;
    }
    assert(bitmap.countBitRange(block, first, last) == bits);
    assert(bitmap.findBit(block, true, first, last) == one);
    assert(bitmap.findBit(block, false, first, last) == zero);
  }
}

export function countsMoreThanOneVectorCanHold(): void {
  memory.fill(block, 0xff, SIZE);
  for (let length: usize = 0; length < SIZE; length += 13) {
    assert(bitmap.countBits(block, length) == (<u64>length) << 3);
  }
}

export function combinesAsByteByByte(): void {
  seed(3, 4);
  for (let operation = bitmap.AND; operation <= bitmap.XOR; operation++) {
    for (let length: usize = 0; length < 100; length++) {
      randomize(block);
      randomize(other);
      memory.copy(result, block, SIZE);
      bitmap.combine(operation, result, 100, other, length);
      for (let at: usize = 0; at < 100; at++) {
        const a: u32 = load<u8>(block + at);
        const b: u32 = at < length ? load<u8>(other + at) : 0;
        const want = operation == bitmap.AND ? a & b : operation == bitmap.OR ? a | b : a ^ b;
        assert(load<u8>(result + at) == want);
      }
      assert(load<u8>(result + 100) == load<u8>(block + 100), 'nothing beyond is touched');
    }
  }
}

export function readsAndWritesFieldsAsBitByBit(): void {
  seed(5, 6);
  for (let round = 0; round < 3000; round++) {
    const bits: u32 = 1 + <u32>below(64);
    const offset = <u64>below(500);
    const value = next() >> (64 - bits);
    bitmap.writeField(block, offset, bits, value);
    assert(bitmap.readField(block, SIZE, offset, bits) == value);
    for (let bit: u32 = 0; bit < bits; bit++) {
      const wanted = <u32>(value >> (bits - 1 - bit)) & 1;
      assert(bitAt(block, offset + bit) == wanted);
    }
  }
}

export function aFieldOfBitmapsIsTheExample(): void {
  store<u16>(block, 0xa001);
  assert(bitmap.readField(block, 2, 6, 5) == 13);
  store<u8>(block, 0x41);
  assert(bitAt(block, 1) == 1 && bitAt(block, 7) == 1 && bitmap.countBits(block, 1) == 2);
}

export function anEmptyHyperLogLogIsTheExample(): void {
  hyperloglog.writeEmpty(block);
  assert(load<u64>(block) == 0x000000014c4c5948);
  assert(load<u64>(block, 8) == 0);
  assert(load<u16>(block, 16) == 0xff7f);
  assert(hyperloglog.isValid(block, hyperloglog.EMPTY_SIZE));
}

export function oneSparseRegisterIsTheExample(): void {
  store<u16>(opcodes, 0xff7f);
  assert(sparse.raise(opcodes, 2, 2, 3, 3000) == sparse.CHANGED);
  assert(sparse.length == 4 && load<u32>(opcodes) == 0xfc7f8801);
}

export function sparseAndDenseRegistersAgree(): void {
  seed(7, 8);
  memory.fill(dense, 0, 12304);
  store<u16>(opcodes, 0xff7f);
  let length: usize = 2;
  for (let round = 0; round < 3000; round++) {
    const index = <u32>below(hyperloglog.REGISTERS);
    const value = 1 + <u32>below(32);
    const raised = hyperloglog.raiseDense(dense, index, value);
    const status = sparse.raise(opcodes, length, index, value, 16000);
    assert(raised ? status == sparse.CHANGED : status == sparse.UNCHANGED);
    length = sparse.length;
  }
  memory.fill(raw, 0, 16384);
  assert(sparse.merge(raw, opcodes, length));
  for (let index: u32 = 0; index < hyperloglog.REGISTERS; index++) {
    assert(load<u8>(raw + index) == hyperloglog.denseRegister(dense, index));
  }
  memory.fill(raw, 0, 16384);
  hyperloglog.mergeDense(raw, dense);
  for (let index: u32 = 0; index < hyperloglog.REGISTERS; index++) {
    assert(load<u8>(raw + index) == hyperloglog.denseRegister(dense, index));
  }
}

export function corruptOpcodesAreNeverReadBeyond(): void {
  seed(9, 10);
  for (let round = 0; round < 20000; round++) {
    const length = <usize>below(40);
    for (let at: usize = 0; at < 64; at++) store<u8>(opcodes + at, <u8>next());
    const behind = load<u64>(opcodes + length, sparse.GROWTH_MAX);
    sparse.raise(opcodes, length, <u32>below(hyperloglog.REGISTERS), 1 + <u32>below(40), 3000);
    assert(load<u64>(opcodes + length, sparse.GROWTH_MAX) == behind, 'four bytes are ours');
    sparse.merge(raw, opcodes, length);
  }
}

export function palermoIsTheExample(): void {
  const hash = geohash.encode(13.361389, 38.115556, geohash.LATITUDE_MAX, geohash.STEPS_MAX);
  assert(hash == 3479099956230698);
  geohash.decodeScore(<f64>hash);
  assert(abs(geohash.longitude - 13.361389) < 3e-6 && abs(geohash.latitude - 38.115556) < 2e-6);
}

export function neighboursOfACellTouchIt(): void {
  seed(11, 12);
  for (let round = 0; round < 1000; round++) {
    const step = 2 + <u32>below(25);
    const hash = next() >> (64 - (step << 1));
    geohash.decode(hash, step);
    const east = geohash.east;
    const north = geohash.north;
    geohash.decode(geohash.neighbour(hash, step, 1, 0), step);
    assert(geohash.west == east || east == 180);
    geohash.decode(geohash.neighbour(hash, step, 0, 1), step);
    assert(geohash.south == north || north == geohash.LATITUDE_MAX);
    const there = geohash.neighbour(hash, step, -1, 1);
    assert(geohash.neighbour(there, step, 1, -1) == hash, 'and back');
  }
}

export function quickDistancesAreNearlyExact(): void {
  seed(13, 14);
  for (let round = 0; round < 3000; round++) {
    const x = <f64>below(360000) / 1000 - 180;
    const y = <f64>below(170000) / 1000 - 85;
    const exact = sphere.distance(x, y, 10, 20);
    assert(abs(sphere.quickDistance(x, y, 10, 20) - exact) <= exact * sphere.QUICK_ERROR);
  }
}

export function sinesAreThoseOfKnownAngles(): void {
  assert(trigonometry.sine(1) == 0.8414709848078965);
  assert(trigonometry.sine(3) == 0.1411200080598672);
  assert(trigonometry.sine(-2) == -0.9092974268256817);
  assert(trigonometry.cosine(1) == 0.5403023058681398);
  assert(trigonometry.arcSine(0.5) == 0.5235987755982989);
  assert(trigonometry.arcSine(0.9) == 1.1197695149986342);
  assert(trigonometry.arcSine(1) == 1.5707963267948966);
}

function isText(length: usize, wanted: string): bool {
  if (length != <usize>wanted.length) return false;
  for (let at: usize = 0; at < length; at++) {
    if (load<u8>(text + at) != load<u16>(changetype<usize>(wanted) + (at << 1))) return false;
  }
  return true;
}

export function numbersHaveTheirPlaces(): void {
  assert(FIXED_TEXT_ROOM <= 400);
  assert(isText(formatFixed(166274.15156960056, 4, text), '166274.1516'));
  assert(isText(formatFixed(1e22, 6, text), '10000000000000000000000.000000'));
  assert(isText(formatFixed(0.5, 1, text), '0.5'));
  assert(isText(formatFixed(-0.00000051, 6, text), '-0.000001'));
  assert(isText(formatFixed(0.9999999, 6, text), '1.000000'));
  assert(isText(formatFixed(18446744073709551616.0, 6, text), '18446744073709551616.000000'));
  assert(isText(formatFixed(Infinity, 6, text), 'inf'));
  assert(isText(formatShortest(13.36138933897018433, 17, text), '13.36138933897018433'));
  assert(isText(formatShortest(180, 17, text), '180'));
}

function fillPoints(count: u32): void {
  points.begin(0, 0);
  for (let index: u32 = 0; index < count; index++) {
    assert(points.push(<f64>(below(50) + 1), 0, index, 0));
    points.at(index).exact = 1;
  }
}

export function pointsAreSortedAndKeepTheirOrder(): void {
  start();
  seed(15, 16);
  const before = usedBytes();
  for (let count: u32 = 0; count < 200; count += 7) {
    fillPoints(count);
    assert(points.sort(count % 2 == 0, count));
    for (let index: u32 = 1; index < count; index++) {
      const a = points.at(index - 1);
      const b = points.at(index);
      const ordered = count % 2 == 0 ? a.distance > b.distance : a.distance < b.distance;
      assert(ordered || (a.distance == b.distance && a.member < b.member));
    }
    points.end();
  }
  assert(usedBytes() == before, 'the heap is as it was');
}

export function theNearestComeFirst(): void {
  start();
  seed(17, 18);
  for (let count: u32 = 2; count < 200; count += 7) {
    fillPoints(count);
    const wanted: u32 = 1 + <u32>below(count - 1);
    assert(points.sort(false, wanted));
    let greatest: f64 = 0;
    for (let index: u32 = 0; index < wanted; index++) {
      assert(points.at(index).distance >= greatest);
      greatest = points.at(index).distance;
    }
    for (let index = wanted; index < count; index++) {
      assert(points.at(index).distance >= greatest);
    }
    points.end();
  }
}
