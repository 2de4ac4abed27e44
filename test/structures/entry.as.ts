/** Entries: their bytes, and what stays when they change. */
import { start, usedBytes } from '../../assembly/memory/heap';
import {
  create,
  dispose,
  Entry,
  exchangeMarks,
  reshape,
  VOLATILE,
} from '../../assembly/structures/entry';

const key: usize = memory.data(80000, 8);
const EMBSTR: u32 = 8;

function put(entry: Entry, first: u8, second: u8): void {
  store<u8>(entry.valuePlace, first);
  store<u8>(entry.valuePlace, second, 1);
}

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  start();
  store<u8>(key, 0x61);
  const entry = create(key, 1, EMBSTR, 2);
  put(entry, 0x68, 0x69);
  const at = changetype<usize>(entry);
  assert(load<u64>(at) == 0x0002_0001_0800_0000);
  assert(load<u8>(at, 8) == 0x61 && load<u8>(at, 9) == 0x68 && load<u8>(at, 10) == 0x69);
  assert(entry.size == 11);
  dispose(entry);
  assert(usedBytes() == 0);
}

export function keyClockAndDeadlineStayThroughEveryReshape(): void {
  start();
  store<u32>(key, 0x64636261);
  let entry = create(key, 4, EMBSTR | VOLATILE, 2);
  put(entry, 1, 2);
  entry.clock = 0xabcdef;
  entry.expiresAt = 0x123456789abc;
  for (let length: usize = 2; length < 2000; length += 13) {
    entry = reshape(entry, EMBSTR | VOLATILE, length, 2);
    assert(entry.clock == 0xabcdef);
    assert(entry.expiresAt == 0x123456789abc);
    assert(entry.hasKey(key, 4));
    assert(load<u8>(entry.valuePlace, 1) == 2);
  }
  dispose(entry);
  assert(usedBytes() == 0);
}

export function theDeadlineComesAndGoesWithoutTouchingKeyOrValue(): void {
  start();
  store<u32>(key, 0x64636261);
  let entry = create(key, 4, EMBSTR, 2);
  put(entry, 7, 8);
  for (let round = 0; round < 10; round++) {
    entry = reshape(entry, EMBSTR | VOLATILE, 2, 2);
    entry.expiresAt = round;
    assert(entry.isVolatile && entry.hasKey(key, 4) && load<u8>(entry.valuePlace, 1) == 8);
    entry = reshape(entry, EMBSTR, 2, 2);
    assert(!entry.isVolatile && entry.hasKey(key, 4) && load<u8>(entry.valuePlace, 1) == 8);
  }
  dispose(entry);
  assert(usedBytes() == 0);
}

export function keysOfEveryLengthAroundTheLongKeyLimitAreKept(): void {
  start();
  for (let length: usize = 65530; length < 65545; length++) {
    memory.fill(key, 1, length);
    const entry = create(key, length, EMBSTR, 2);
    assert(entry.keyLength == length && entry.hasKey(key, length));
    assert(!entry.hasKey(key, length - 1));
    store<u8>(key + length - 1, 0);
    assert(!entry.hasKey(key, length));
    dispose(entry);
  }
  assert(usedBytes() == 0);
}

export function theMarkOfSnapshotsIsKeptAndNeverShown(): void {
  start();
  let old = create(key, 4, EMBSTR, 2);
  assert(!old.isUnwritten);
  exchangeMarks();
  const born = create(key, 4, EMBSTR | VOLATILE, 2);
  assert(old.isUnwritten && !born.isUnwritten);
  assert(old.kind == EMBSTR && born.kind == (EMBSTR | VOLATILE));
  old = reshape(old, EMBSTR | VOLATILE, 300, 2);
  old.kind = 2 << 3;
  old.clock = 0xffffff;
  assert(old.isUnwritten && old.kind == 2 << 3 && old.clock == 0xffffff);
  old.markWritten();
  assert(!old.isUnwritten && old.kind == 2 << 3);
  exchangeMarks();
  assert(old.isUnwritten && born.isUnwritten);
  dispose(old);
  dispose(born);
  assert(usedBytes() == 0);
}
