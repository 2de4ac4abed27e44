/** The hash table against a model: a flag per key, through growth and shrinking. */
import { start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import { hash, setSeed } from '../../assembly/memory/siphash';
import * as dict from '../../assembly/structures/dict';
import { Dict } from '../../assembly/structures/dict';
import { randomRecord } from '../../assembly/structures/dict-random';
import { create, dispose, Entry } from '../../assembly/structures/entry';

const KEYS: u32 = 30000;
const present: usize = memory.data(30000);
const seen: usize = memory.data(30000);
const table: Dict = changetype<Dict>(memory.data(64, 16));
const key: usize = memory.data(16, 8);
const KEY_LENGTH: usize = 12;

function begin(): void {
  start();
  seed(3, 4);
  setSeed(5, 6);
}

/** Writes the key of this number; keys share most of their bytes. */
function nameKey(number: u32): void {
  memory.fill(key, 0x6b, 8);
  store<u32>(key, number, 8);
}

function numberOf(entry: Entry): u32 {
  return load<u32>(entry.keyAddress, 8);
}

function findNumber(number: u32): Entry | null {
  nameKey(number);
  return dict.find<Entry>(table, hash(key, KEY_LENGTH), key, KEY_LENGTH);
}

function insertNumber(number: u32): void {
  nameKey(number);
  const entry = create(key, KEY_LENGTH, 0, 4);
  store<u32>(entry.valuePlace, number);
  dict.insert(table, hash(key, KEY_LENGTH), entry);
  store<u8>(present + number, 1);
}

function removeNumber(number: u32): void {
  const entry = findNumber(number);
  assert(entry != null);
  if (!entry) return;
  dict.remove<Entry>(table, hash(key, KEY_LENGTH), entry);
  dispose(entry);
  store<u8>(present + number, 0);
}

function toggle(number: u32): void {
  if (load<u8>(present + number)) removeNumber(number);
  else insertNumber(number);
}

function checkAll(): void {
  let count: u32 = 0;
  for (let number: u32 = 0; number < KEYS; number++) {
    const entry = findNumber(number);
    assert((entry != null) == (load<u8>(present + number) != 0), 'model and table agree');
    if (!entry) continue;
    assert(load<u32>(entry.valuePlace) == number);
    count++;
  }
  assert(count == table.count);
}

function clearAll(): void {
  for (let number: u32 = 0; number < KEYS; number++) {
    if (load<u8>(present + number)) removeNumber(number);
  }
  assert(table.count == 0);
  assert(usedBytes() == 0, 'the heap is back where it was');
}

export function behavesLikeTheModelThroughGrowthAndShrinking(): void {
  begin();
  for (let reach: u32 = 16; reach <= KEYS; reach = reach << 2) {
    for (let round: u32 = 0; round < reach; round++) toggle(<u32>below(reach));
    checkAll();
  }
  for (let round: u32 = 0; round < 60000; round++) toggle(<u32>below(KEYS));
  checkAll();
  clearAll();
}

export function replacedEntriesAreFound(): void {
  begin();
  for (let number: u32 = 0; number < 1000; number++) insertNumber(number);
  for (let number: u32 = 0; number < 1000; number += 3) {
    const old = findNumber(number);
    assert(old != null);
    if (!old) return;
    const entry = create(key, KEY_LENGTH, 0, 200);
    store<u32>(entry.valuePlace, number);
    dict.replace(table, hash(key, KEY_LENGTH), old, entry);
    dispose(old);
    assert(findNumber(number) == entry);
  }
  checkAll();
  clearAll();
}

function see(entry: Entry): void {
  store<u8>(seen + numberOf(entry), 1);
}

/** Keys below this stay during the whole scan; the others come and go. */
const STAYING: u32 = 3000;

function scanWhile(disturb: (round: u32) => void): void {
  let cursor: u32 = 0;
  let round: u32 = 0;
  do {
    cursor = dict.scan<Entry>(table, cursor, see);
    disturb(round++);
    assert(round < 200000, 'a scan ends');
  } while (cursor);
  for (let number: u32 = 0; number < STAYING; number++) {
    assert(load<u8>(seen + number) == 1, 'a key that stays is seen');
  }
}

export function aScanSeesEveryKeyThatStaysWhileTheTableGrows(): void {
  begin();
  for (let number: u32 = 0; number < STAYING; number++) insertNumber(number);
  scanWhile((round) => {
    for (let step: u32 = 0; step < 20; step++) {
      const number = STAYING + round * 20 + step;
      if (number < KEYS) insertNumber(number);
    }
  });
  clearAll();
}

export function aScanSeesEveryKeyThatStaysWhileTheTableShrinks(): void {
  begin();
  for (let number: u32 = 0; number < KEYS; number++) insertNumber(number);
  scanWhile((round) => {
    for (let step: u32 = 0; step < 20; step++) {
      const number = STAYING + round * 20 + step;
      if (number < KEYS) removeNumber(number);
    }
  });
  clearAll();
}

export function aScanSeesEveryKeyThatStaysWhileTheTableDoesBoth(): void {
  begin();
  for (let number: u32 = 0; number < KEYS; number += 2) insertNumber(number);
  for (let number: u32 = 1; number < STAYING; number += 2) insertNumber(number);
  scanWhile((round) => {
    const growing = (round >> 7) & 1;
    for (let step = 0; step < 40; step++) {
      const number = STAYING + <u32>below(KEYS - STAYING);
      if ((load<u8>(present + number) != 0) != (growing != 0)) toggle(number);
    }
  });
  clearAll();
}

export function everyEntryIsDrawnAtRandom(): void {
  begin();
  for (let number: u32 = 0; number < 500; number++) insertNumber(number);
  for (let draw = 0; draw < 40000; draw++) {
    const entry = randomRecord<Entry>(table);
    assert(entry != null);
    if (entry) see(entry);
  }
  for (let number: u32 = 0; number < 500; number++) assert(load<u8>(seen + number) == 1);
  clearAll();
}

export function anEmptyTableHasNothing(): void {
  begin();
  assert(findNumber(1) == null);
  assert(randomRecord<Entry>(table) == null);
  assert(dict.scan<Entry>(table, 0, see) == 0);
  dict.dispose(table);
  assert(usedBytes() == 0);
}

export function disposingFreesBucketsOfEverySize(): void {
  begin();
  for (let size: u32 = 1; size < 20000; size = size * 3 + 1) {
    for (let number: u32 = 0; number < size; number++) insertNumber(number);
    for (let number: u32 = 0; number < table.bucketCount; number++) {
      dict.visitBucket<Entry>(table, number, (entry: Entry) => dispose(entry));
    }
    dict.dispose(table);
    assert(usedBytes() == 0);
    memory.fill(present, 0, KEYS);
  }
}
