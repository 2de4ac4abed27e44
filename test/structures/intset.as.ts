/** Intsets against a model: a flag per value, at every width. */
import { allocate, release, start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import * as intset from '../../assembly/structures/intset';

const VALUES: u32 = 3000;
const present: usize = memory.data(3000);

function begin(): usize {
  start();
  seed(7, 8);
  return intset.create();
}

/** The value of this number: they lie around zero, so far apart that the widest needs `width`. */
function valueAt(number: u32, step: i64): i64 {
  return (<i64>number - <i64>(VALUES >> 1)) * step;
}

function checkAll(set: usize, step: i64): void {
  let count: u32 = 0;
  for (let number: u32 = 0; number < VALUES; number++) {
    const there = load<u8>(present + number) != 0;
    assert(intset.has(set, valueAt(number, step)) == there, 'model and set agree');
    assert(!intset.has(set, valueAt(number, step) + 1) || step == 1);
    if (!there) continue;
    assert(intset.at(set, count) == valueAt(number, step), 'members ascend');
    count++;
  }
  assert(intset.count(set) == count);
  assert(!count || intset.validate(set, intset.bytesOf(set)));
}

function compareWithModel(step: i64): void {
  const before = usedBytes();
  let set = intset.create();
  memory.fill(present, 0, VALUES);
  for (let reach: u32 = 8; reach <= VALUES; reach = reach * 3) {
    for (let round: u32 = 0; round < reach << 1; round++) {
      const number = (VALUES >> 1) - (reach >> 1) + <u32>below(reach);
      const there = load<u8>(present + number) != 0;
      const value = valueAt(number, step);
      const removing = below(2) == 0;
      set = removing ? intset.remove(set, value) : intset.add(set, value);
      assert(intset.changed == (there == removing), 'it tells what is new, or gone');
      store<u8>(present + number, removing ? 0 : 1);
    }
    checkAll(set, step);
  }
  for (let number: u32 = 0; number < VALUES; number++) {
    set = intset.remove(set, valueAt(number, step));
  }
  assert(intset.count(set) == 0);
  release(set);
  assert(usedBytes() == before, 'the heap is back where it was');
}

export function behavesLikeTheModelAtEveryWidth(): void {
  release(begin());
  compareWithModel(1);
  compareWithModel(21);
  compareWithModel(1000000);
  compareWithModel(5000000000000);
}

function byte(set: usize, at: usize): u32 {
  return load<u8>(set + at);
}

/** The example in the header of intset.ts: 02000000 03000000 ffff 0700 2c01. */
export function theExampleIsStoredAsDrawn(): void {
  let set = begin();
  set = intset.add(set, 300);
  set = intset.add(set, -1);
  set = intset.add(set, 7);
  assert(intset.bytesOf(set) == 14);
  assert(load<u32>(set) == 2 && load<u32>(set, 4) == 3);
  assert(byte(set, 8) == 0xff && byte(set, 9) == 0xff);
  assert(byte(set, 10) == 0x07 && byte(set, 11) == 0x00);
  assert(byte(set, 12) == 0x2c && byte(set, 13) == 0x01);
}

export function aWiderMemberWidensAllAndStaysWhenItGoes(): void {
  let set = begin();
  set = intset.add(set, 5);
  set = intset.add(set, -32769);
  assert(load<u32>(set) == 4 && intset.at(set, 0) == -32769 && intset.at(set, 1) == 5);
  set = intset.add(set, i64.MAX_VALUE);
  set = intset.add(set, i64.MIN_VALUE);
  assert(load<u32>(set) == 8 && intset.at(set, 0) == i64.MIN_VALUE && intset.at(set, 2) == 5);
  assert(intset.at(set, 3) == i64.MAX_VALUE);
  set = intset.remove(set, i64.MAX_VALUE);
  set = intset.remove(set, i64.MIN_VALUE);
  assert(intset.changed && load<u32>(set) == 8 && intset.count(set) == 2);
}

export function manyMembersGoAtOnce(): void {
  let set = begin();
  for (let value: i64 = 0; value < 100; value++) set = intset.add(set, value * 1000);
  const indexes = allocate(12);
  store<u32>(indexes, 0);
  store<u32>(indexes, 50, 4);
  store<u32>(indexes, 99, 8);
  set = intset.removeMany(set, indexes, 3);
  assert(intset.count(set) == 97);
  assert(!intset.has(set, 0) && !intset.has(set, 50000) && !intset.has(set, 99000));
  assert(intset.at(set, 0) == 1000 && intset.at(set, 49) == 51000 && intset.at(set, 96) == 98000);
}

export function seekingFromAnyPlaceFindsTheSameMember(): void {
  let set = begin();
  for (let value: i64 = 0; value < 200; value++) set = intset.add(set, value * 3);
  for (let value: i64 = -2; value < 605; value++) {
    const index = <u32>max<i64>(0, min<i64>(200, (value + 2) / 3));
    for (let from: u32 = 0; from <= index; from += 7) {
      assert(intset.seek(set, value, from) == index);
    }
    assert(intset.seek(set, value, index) == index);
  }
}

export function bytesFromOutsideAreJudged(): void {
  let set = begin();
  assert(!intset.validate(set, 8), 'a set has members');
  for (let value: i64 = 0; value < 5; value++) set = intset.add(set, value * value);
  const size = intset.bytesOf(set);
  assert(intset.validate(set, size));
  for (let short: usize = 0; short < size; short++) assert(!intset.validate(set, short));
  assert(!intset.validate(set, size + 2));
  store<u16>(set, 0, 10);
  assert(!intset.validate(set, size), 'members are distinct');
  store<u16>(set, 1, 10);
  store<u32>(set, 3);
  assert(!intset.validate(set, size), 'the width is 2, 4 or 8');
  store<u32>(set, 2);
  store<u32>(set, 0x80000005, 4);
  assert(!intset.validate(set, size), 'the length is not counted modulo 2^32');
}
