/** Members: their bytes, keys of every length, and the tables that they are in. */
import { release, start, usedBytes } from '../../assembly/memory/heap';
import { below, seed } from '../../assembly/memory/random';
import { hash, setSeed } from '../../assembly/memory/siphash';
import * as dict from '../../assembly/structures/dict';
import { Dict } from '../../assembly/structures/dict';
import {
  create,
  dispose,
  HAS_WORD,
  LONG_KEY,
  Member,
  memberSize,
} from '../../assembly/structures/member';
import {
  bytesOf,
  createTable,
  disposeMembers,
  TABLE_SIZE,
} from '../../assembly/structures/member-table';

const key: usize = memory.data(80000, 8);
const KEYS: u32 = 5000;
const present: usize = memory.data(5000);

export function theDrawnExampleIsLaidOutAsDrawn(): void {
  start();
  store<u32>(key, 0x00636261);
  const made = create(key, 3, 0, 0);
  const at = changetype<usize>(made);
  assert(load<u16>(at) == 3);
  assert(load<u8>(at, 2) == 0x61 && load<u8>(at, 3) == 0x62 && load<u8>(at, 4) == 0x63);
  assert(memberSize(3, 0, 0) == 5);
  dispose(made);
  assert(usedBytes() == 0);
}

export function keysOfEveryLengthAroundTheLongKeyLimitAreKept(): void {
  start();
  for (let length: usize = LONG_KEY - 5; length < LONG_KEY + 5; length++) {
    for (let flags: u32 = 0; flags <= HAS_WORD; flags += HAS_WORD) {
      memory.fill(key, 1, length);
      const made = create(key, length, flags, 3);
      if (flags) made.word = 0x123456789abcdef0;
      store<u8>(made.valuePlace, 7, 2);
      assert(made.hasWord == (flags != 0));
      assert(made.keyLength == length && made.hasKey(key, length));
      assert(!made.hasKey(key, length - 1));
      assert(made.valuePlace + 3 == changetype<usize>(made) + memberSize(length, flags, 3));
      if (flags) assert(made.word == 0x123456789abcdef0);
      assert(made.keyHash == hash(key, length));
      store<u8>(key + length - 1, 0);
      assert(!made.hasKey(key, length));
      dispose(made);
    }
  }
  assert(usedBytes() == 0);
}

function nameKey(number: u32): void {
  memory.fill(key, 0x6b, 8);
  store<u32>(key, number, 8);
}

let visited: u32 = 0;

function countMember(member: Member): void {
  assert(load<u8>(present + <usize>load<u32>(member.keyAddress, 8)) != 0);
  visited++;
}

export function aTableOfMembersHoldsWhatTheModelHolds(): void {
  start();
  seed(1, 2);
  setSeed(3, 4);
  const block = createTable(TABLE_SIZE);
  for (let at: usize = 0; at < 32; at += 8) assert(load<u64>(block + at) == 0);
  const table = changetype<Dict>(block);
  for (let round: u32 = 0; round < 60000; round++) {
    const number = <u32>below(KEYS);
    nameKey(number);
    const found = dict.find<Member>(table, hash(key, 12), key, 12);
    assert((found != null) == (load<u8>(present + number) != 0));
    if (found) {
      dict.remove<Member>(table, hash(key, 12), found);
      dispose(found);
    } else {
      dict.insert<Member>(table, hash(key, 12), create(key, 12, 0, number & 31));
    }
    store<u8>(present + number, found ? 0 : 1);
  }
  for (let number: u32 = 0; number < table.bucketCount; number++) {
    dict.visitBucket<Member>(table, number, countMember);
  }
  assert(visited == table.count);
  assert(bytesOf(table, 0) + TABLE_SIZE == <usize>usedBytes());
  const estimate = bytesOf(table, 100);
  assert(estimate > (bytesOf(table, 0) * 3) / 4 && estimate < (bytesOf(table, 0) * 4) / 3);
  disposeMembers(table);
  release(block);
  assert(usedBytes() == 0);
}
