/** Tables of fields: their bytes, deadlines, and the walk that finds ended fields. */
import { blockSize, release, start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import { setSeed } from '../../assembly/memory/siphash';
import { Dict } from '../../assembly/structures/dict';
import { dispose } from '../../assembly/structures/entry';
import {
  bytesOf,
  createTable,
  disposeMembers,
  TABLE_SIZE,
} from '../../assembly/structures/member-table';
import * as fields from '../../assembly/values/hash-table';
import * as hashes from '../../assembly/values/hashes';

const key: usize = memory.data(16, 8);
const bytes: usize = memory.data(80000, 8);
const FIELDS: u32 = 800;
/** Of each field: its value's length + 1, or 0; its deadline, or 0. */
const lengths: usize = memory.data(3200, 8);
const deadlines: usize = memory.data(6400, 8);

let block: usize = 0;

function begin(): void {
  start();
  seed(5, 6);
  setSeed(7, 8);
  fields.setTime(0);
  block = createTable(TABLE_SIZE);
}

function table(): Dict {
  return changetype<Dict>(block);
}

function nameKey(number: u32): void {
  store<u32>(key, number * 2654435761);
  store<u32>(key, number, 4);
}

function end(): void {
  disposeMembers(table());
  release(block);
  assert(usedBytes() == 0);
}

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  begin();
  store<u8>(key, 0x61);
  store<u16>(bytes, 0x7978);
  fields.add(table(), key, 1, bytes, 2);
  const found = fields.find(table(), key, 1);
  assert(found != null);
  if (!found) return;
  const at = changetype<usize>(found);
  assert(load<u16>(at) == 1 && load<u8>(at, 2) == 0x61);
  assert(load<u16>(at, 3) == 2 && load<u16>(at, 5) == 0x7978);
  assert(blockSize(at) == 8);
  end();
}

export function aHashThatIsAListpackIsLaidOutAsDrawn(): void {
  start();
  store<u16>(key, 0x3161);
  const entry = hashes.createEntry(key, 1, 0);
  assert(hashes.set(entry, key, 1, key + 1, 1, false));
  const pack = hashes.tableOf(entry);
  assert(load<u64>(changetype<usize>(pack)) == 0x6181_0002_0000_000c);
  assert(load<u32>(changetype<usize>(pack), 8) == 0xff01_0102);
  assert(hashes.count(entry) == 1 && hashes.find(entry, key, 1) && hashes.length == 1);
  hashes.disposeValue(entry);
  dispose(entry);
  assert(usedBytes() == 0);
}

export function valuesOfEveryLengthAroundTheLongValueLimitAreKept(): void {
  begin();
  nameKey(1);
  for (let length: usize = 65530; length < 65545; length++) {
    memory.fill(bytes, <u8>length, length);
    const isNew = fields.set(table(), key, 8, bytes, length, false);
    assert(isNew == (length == 65530));
    const found = fields.find(table(), key, 8);
    if (found) fields.readValue(found);
    assert(fields.length == length);
    assert(load<u8>(fields.address + length - 1) == <u8>length);
  }
  end();
}

function checkField(number: u32): void {
  nameKey(number);
  const found = fields.find(table(), key, 8);
  const length = load<u32>(lengths + (number << 2));
  assert((found != null) == (length != 0));
  if (!found) return;
  fields.readValue(found);
  assert(fields.length == length - 1);
  if (length > 1) assert(load<u8>(fields.address) == <u8>number);
  const deadline = load<u64>(deadlines + (number << 3));
  assert(found.hasWord == (deadline != 0));
  if (deadline) assert(found.word == deadline);
}

function change(number: u32): void {
  nameKey(number);
  const known = load<u32>(lengths + (number << 2)) != 0;
  const choice = below(8);
  if (choice == 0) {
    assert(fields.remove(table(), key, 8) == known);
    store<u32>(lengths + (number << 2), 0);
    store<u64>(deadlines + (number << 3), 0);
  } else if (choice < 5) {
    const length = <u32>below(choice == 4 ? 300 : 40);
    const keeps = choice == 3;
    memory.fill(bytes, <u8>number, length);
    assert(fields.set(table(), key, 8, bytes, length, keeps) == !known);
    store<u32>(lengths + (number << 2), length + 1);
    if (!keeps) store<u64>(deadlines + (number << 3), 0);
  } else if (known) {
    const found = fields.find(table(), key, 8);
    if (!found) return;
    if (choice == 5 && found.hasWord) {
      fields.clearDeadline(table(), found);
      store<u64>(deadlines + (number << 3), 0);
    } else {
      const deadline = 1 + below(100000);
      fields.setDeadline(table(), found, deadline);
      store<u64>(deadlines + (number << 3), deadline);
    }
  }
}

/** One round of the walk, after which no field that has ended is left. */
function walk(now: i64): void {
  fields.setTime(now);
  let steps = 0;
  while (fields.earliestOf(table()) < now) {
    fields.step(table());
    for (let index: u32 = 0; index < fields.endedCount; index++) {
      const ended = fields.endedAt(index);
      const number = load<u32>(ended.keyAddress, 4);
      assert(<i64>load<u64>(deadlines + (number << 3)) < now);
      store<u32>(lengths + (number << 2), 0);
      store<u64>(deadlines + (number << 3), 0);
      fields.removeMember(table(), ended);
    }
    assert(++steps < 5000);
  }
  let earliest = i64.MAX_VALUE;
  let count: u32 = 0;
  for (let number: u32 = 0; number < FIELDS; number++) {
    const deadline = <i64>load<u64>(deadlines + (number << 3));
    assert(!deadline || deadline >= now);
    if (deadline) earliest = min(earliest, deadline);
    if (load<u32>(lengths + (number << 2))) count++;
  }
  assert(earliest >= fields.earliestOf(table()));
  assert(count == table().count);
  fields.setTime(0);
}

export function behavesLikeTheModelWithDeadlinesThatComeAndGo(): void {
  begin();
  block = fields.beginDeadlines(block);
  for (let round: u32 = 1; round <= 60; round++) {
    for (let changes = 0; changes < 600; changes++) change(<u32>below(FIELDS));
    for (let number: u32 = 0; number < FIELDS; number++) checkField(number);
    walk(<i64>round * 1000);
    assert(bytesOf(table(), 0) + blockSize(block) == <usize>usedBytes());
  }
  walk(200000);
  assert(!fields.hasDeadlines(table()));
  block = fields.endDeadlines(block);
  end();
}

export function anEndedFieldIsNotFoundButRemoved(): void {
  begin();
  block = fields.beginDeadlines(block);
  nameKey(1);
  fields.add(table(), key, 8, bytes, 2);
  const found = fields.find(table(), key, 8);
  if (found) fields.setDeadline(table(), found, 10);
  fields.setTime(10);
  assert(fields.find(table(), key, 8) != null && !fields.findEnded(table(), key, 8));
  fields.setTime(11);
  assert(!fields.find(table(), key, 8));
  const ended = fields.findEnded(table(), key, 8);
  assert(ended != null);
  if (ended) fields.removeMember(table(), ended);
  assert(table().count == 0);
  end();
}
