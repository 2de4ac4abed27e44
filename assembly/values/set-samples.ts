/**
 * Set samples: some members of a set, none of them twice, each choice as likely as the others.
 *
 *   chosen   u32 each: the index in an intset, the address of a record of a table
 *   drawn    a table of u32 with open addressing, twice as large as needed at least; 0 is free
 *
 * A small sample of a large table is drawn at random until there are enough. Otherwise each
 * member in turn is taken with the chance (still wanted / still to come), which is Algorithm S
 * of Knuth, The Art of Computer Programming, volume 2, 3.4.2.
 */
import { Buffer, bufferAt } from '../memory/buffer';
import { formatInteger, INTEGER_TEXT_ROOM } from '../memory/integer-text';
import { below } from '../memory/random';
import * as dict from '../structures/dict';
import { randomRecord } from '../structures/dict-random';
import { Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import { dispose, Member } from '../structures/member';
import { memberWillChange } from '../structures/watch';
import { blockOf, setBlock } from './kind';
import { count, isTable, tableOf } from './sets';

/** A sample of at most this part of a table is drawn; one in so many. */
const DRAWN_PART: u32 = 3;
/** Fibonacci hashing: https://probablydance.com/2018/06/16/fibonacci-hashing-the-optimization-that-the-world-forgot-or-a-better-alternative-to-integer-modulo/ */
const GOLDEN: u32 = 0x9e3779b9;

const chosen: Buffer = bufferAt(memory.data(48, 16));
const drawn: Buffer = bufferAt(memory.data(48, 16));
const integerText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('an integer fits its text');

let wanted: u32 = 0;
let toCome: u32 = 0;

/** Chooses `size` members, fewer than the set has. False if there is no memory for that. */
export function choose(entry: Entry, size: u32): bool {
  chosen.clear();
  if (!chosen.hasRoom((<usize>size) << 2)) return false;
  wanted = size;
  toCome = count(entry);
  if (!isTable(entry)) chooseIndexes();
  else if (size < toCome / DRAWN_PART) return drawRecords(tableOf(entry), size);
  else chooseRecords(entry);
  return true;
}

/** Whether what comes next is among those that are wanted. */
function isNextWanted(): bool {
  if (below(toCome--) >= wanted) return false;
  wanted--;
  return true;
}

function take(item: u32): void {
  store<u32>(chosen.end, item);
  chosen.end += 4;
}

function chooseIndexes(): void {
  for (let index: u32 = 0; wanted; index++) {
    if (isNextWanted()) take(index);
  }
}

function chooseRecords(entry: Entry): void {
  const table = tableOf(entry);
  for (let number: u32 = 0; wanted; number++) dict.visitBucket<Member>(table, number, chooseRecord);
}

function chooseRecord(record: Member): void {
  if (wanted && isNextWanted()) take(<u32>changetype<usize>(record));
}

function drawRecords(table: dict.Dict, size: u32): bool {
  const bits: u32 = 33 - clz(size);
  const room = (<usize>4) << bits;
  drawn.clear();
  if (!drawn.hasRoom(room)) return false;
  memory.fill(drawn.bytes, 0, room);
  while (wanted) {
    const record = <u32>changetype<usize>(randomRecord<Member>(table));
    if (!isNew(record, bits)) continue;
    take(record);
    wanted--;
  }
  drawn.clear();
  return true;
}

/** Notes a record; false if it was noted before. */
function isNew(record: u32, bits: u32): bool {
  const mask = (1 << bits) - 1;
  let place = (record * GOLDEN) >> (32 - bits);
  while (true) {
    const at = drawn.bytes + ((<usize>place) << 2);
    const other = load<u32>(at);
    if (!other) {
      store<u32>(at, record);
      return true;
    }
    if (other == record) return false;
    place = (place + 1) & mask;
  }
}

/** Visits what was chosen. */
export function visit(entry: Entry, visitor: (address: usize, length: usize) => void): void {
  const table = isTable(entry);
  for (let at = chosen.bytes; at < chosen.end; at += 4) {
    const item = load<u32>(at);
    if (table) {
      const record = changetype<Member>(<usize>item);
      visitor(record.keyAddress, record.keyLength);
    } else {
      visitor(integerText, formatInteger(intset.at(blockOf(entry), item), integerText));
    }
  }
}

/** Removes what was chosen. */
export function remove(entry: Entry): void {
  if (isTable(entry)) removeRecords(tableOf(entry));
  else setBlock(entry, intset.removeMany(blockOf(entry), chosen.bytes, <u32>(chosen.length >> 2)));
}

function removeRecords(table: dict.Dict): void {
  for (let at = chosen.bytes; at < chosen.end; at += 4) {
    const record = changetype<Member>(<usize>load<u32>(at));
    const hashed = record.keyHash;
    if (table.watched) memberWillChange(table.watched, hashed);
    dict.remove<Member>(table, hashed, record);
    dispose(record);
  }
}

/** Gives the memory of a large sample back. */
export function forget(): void {
  chosen.clear();
}
