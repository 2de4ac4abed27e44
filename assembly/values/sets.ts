/**
 * Sets: an intset while all members are integers and there are few of them, else a table of
 * members. A set that has become a table stays one.
 *
 *   SET_INTSET   block = the intset (structures/intset.ts)
 *   SET_TABLE    block = a Dict, whose records are members without word and value
 *
 * The value is one block address in its entry, which therefore never moves when members come
 * and go. A set without members is for whoever is still filling it: a key has none.
 */
import { blockSize, release, reserve } from '../memory/heap';
import {
  formatInteger,
  INTEGER_TEXT_ROOM,
  parsedInteger,
  parseInteger,
} from '../memory/integer-text';
import { below } from '../memory/random';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { randomRecord, removeGiven } from '../structures/dict-random';
import { create, Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import * as member from '../structures/member';
import { Member } from '../structures/member';
import { bytesOf, createTable, hashOf, TABLE_SIZE } from '../structures/member-table';
import { memberWillChange } from '../structures/watch';
import * as garbage from './garbage';
import {
  blockOf,
  REFERENCE_SIZE,
  SET_INTSET,
  SET_TABLE,
  setBlock,
  setShape,
  shapeOf,
} from './kind';
import { setIntsetEntries } from './limits';

/** Longest text that can be an integer. */
const INTEGER_TEXT_MAX: usize = 20;
/** However large the limit: above this an intset's bytes could not be counted in a u32. */
const INTSET_ENTRIES_MAX: i64 = 1 << 28;
/** What a member takes in a table beside its own block: its place in a bucket, at a low load. */
const PLACE_COST: usize = 32;
/** A segment of buckets, and a table that grows a little. */
const TABLE_SLACK: usize = 32 * 1024;

const integerText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('an integer fits its text');

/** What `random` found; an integer is a text that lives until the next one. */
export let address: usize = 0;
export let length: usize = 0;

// Making

/** A new set without members, for integers until it is given something else. */
export function createEntry(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, SET_INTSET | flags, REFERENCE_SIZE);
  setBlock(entry, intset.create());
  return entry;
}

/** A new set without members that is a table from the beginning. */
export function createTableEntry(key: usize, keyLength: usize, flags: u32): Entry {
  const entry = create(key, keyLength, SET_TABLE | flags, REFERENCE_SIZE);
  setBlock(entry, createTable(TABLE_SIZE));
  return entry;
}

/** A new set for a member that is these bytes, and that is yet to be added. */
export function createEntryFor(key: usize, keyLength: usize, bytes: usize, size: usize): Entry {
  if (isInteger(bytes, size)) return createEntry(key, keyLength, 0);
  return createTableEntry(key, keyLength, 0);
}

/** Whether the bytes are an integer; it is in `parsedInteger` then. */
function isInteger(bytes: usize, size: usize): bool {
  return size <= INTEGER_TEXT_MAX && parseInteger(bytes, size);
}

export function isTable(entry: Entry): bool {
  return shapeOf(entry) == SET_TABLE;
}

export function tableOf(entry: Entry): Dict {
  return changetype<Dict>(blockOf(entry));
}

/** How many members the set has. */
export function count(entry: Entry): u32 {
  return isTable(entry) ? tableOf(entry).count : intset.count(blockOf(entry));
}

// Members

/** Memory that must be reserved to add so many members of so many bytes in all. */
export function growthCost(entry: Entry | null, members: usize, bytes: usize): usize {
  const needed = members * PLACE_COST + (bytes << 1);
  if (!entry || isTable(entry)) return needed;
  const present = <usize>intset.count(blockOf(entry)) * (PLACE_COST + INTEGER_TEXT_MAX + 4);
  return (
    needed + present + TABLE_SLACK + intset.costOf(<usize>intset.count(blockOf(entry)) + members)
  );
}

/** Adds a member; false if it is there already. Memory must be reserved. */
export function add(entry: Entry, bytes: usize, size: usize): bool {
  if (isTable(entry)) return addToTable(tableOf(entry), bytes, size);
  if (isInteger(bytes, size)) return addInteger(entry, parsedInteger);
  convert(entry);
  return addToTable(tableOf(entry), bytes, size);
}

function addToTable(table: Dict, bytes: usize, size: usize): bool {
  const hashed = hashOf(bytes, size);
  if (dict.find<Member>(table, hashed, bytes, size)) return false;
  if (table.watched) memberWillChange(table.watched, hashed);
  dict.insert<Member>(table, hashed, member.create(bytes, size, 0, 0));
  return true;
}

/** As `add`, for an integer. */
export function addInteger(entry: Entry, value: i64): bool {
  if (isTable(entry)) {
    return addToTable(tableOf(entry), integerText, formatInteger(value, integerText));
  }
  const set = intset.add(blockOf(entry), value);
  if (!intset.changed) return false;
  setBlock(entry, set);
  if (<i64>intset.count(set) > intsetMax()) convert(entry);
  return true;
}

/** Makes a table of an intset. */
export function convert(entry: Entry): void {
  const set = blockOf(entry);
  const table = createTable(TABLE_SIZE);
  const members = intset.count(set);
  for (let index: u32 = 0; index < members; index++) {
    const size = formatInteger(intset.at(set, index), integerText);
    const record = member.create(integerText, size, 0, 0);
    dict.insert<Member>(changetype<Dict>(table), hash(integerText, size), record);
  }
  release(set);
  setBlock(entry, table);
  setShape(entry, SET_TABLE);
}

/** Whether the set has this member. */
export function has(entry: Entry, bytes: usize, size: usize): bool {
  if (!isTable(entry)) return isInteger(bytes, size) && intset.has(blockOf(entry), parsedInteger);
  return dict.find<Member>(tableOf(entry), hashOf(bytes, size), bytes, size) != null;
}

/** Removes a member; false if it is not there. The last one leaves a set to be disposed of. */
export function remove(entry: Entry, bytes: usize, size: usize): bool {
  if (isTable(entry)) return removeFromTable(tableOf(entry), bytes, size);
  if (!isInteger(bytes, size)) return false;
  setBlock(entry, intset.remove(blockOf(entry), parsedInteger));
  return intset.changed;
}

function removeFromTable(table: Dict, bytes: usize, size: usize): bool {
  const hashed = hashOf(bytes, size);
  const found = dict.find<Member>(table, hashed, bytes, size);
  if (!found) return false;
  if (table.watched) memberWillChange(table.watched, hashed);
  dict.remove<Member>(table, hashed, found);
  member.dispose(found);
  return true;
}

/** What `random` found: the record of a table, or the index in an intset. */
let drawn: u32 = 0;

/** Finds some member of a set that has any, each with the same chance: `address` and `length`. */
export function random(entry: Entry): void {
  if (isTable(entry)) {
    const record = randomRecord<Member>(tableOf(entry));
    if (!record) return;
    drawn = <u32>changetype<usize>(record);
    address = record.keyAddress;
    length = record.keyLength;
  } else {
    const set = blockOf(entry);
    drawn = <u32>below(intset.count(set));
    address = integerText;
    length = formatInteger(intset.at(set, drawn), integerText);
  }
}

/** Removes the member that `random` found just now. */
export function removeDrawn(entry: Entry): void {
  if (!isTable(entry)) return setBlock(entry, intset.removeAt(blockOf(entry), drawn));
  const record = changetype<Member>(<usize>drawn);
  const table = tableOf(entry);
  if (table.watched) memberWillChange(table.watched, record.keyHash);
  removeGiven(table);
  member.dispose(record);
}

/**
 * Gives the set the encoding and the width that it would have if its members were added now,
 * where that is an intset: then it may be one again. Nothing changes if there is no memory.
 */
export function recode(entry: Entry): void {
  const members = count(entry);
  if (<i64>members > intsetMax() || !reserve(intset.costOf(members))) return;
  recoded = intset.create();
  visit(entry, recodeMember);
  if (!recoded) return;
  disposeValue(entry);
  setBlock(entry, recoded);
  setShape(entry, SET_INTSET);
}

/** The intset being made; 0 once a member was no integer. */
let recoded: usize = 0;

function recodeMember(bytes: usize, size: usize): void {
  if (!recoded) return;
  if (isInteger(bytes, size)) {
    recoded = intset.add(recoded, parsedInteger);
  } else {
    release(recoded);
    recoded = 0;
  }
}

function intsetMax(): i64 {
  return min(setIntsetEntries, INTSET_ENTRIES_MAX);
}

// All members

type Visitor = (address: usize, length: usize) => void;

let visitor: Visitor = ignore;

function ignore(_address: usize, _length: usize): void {}

/** Visits the members: integers of an intset in ascending order. The visitor must not change it. */
export function visit(entry: Entry, visitMember: Visitor): void {
  if (isTable(entry)) visitRecords(entry, visitMember);
  else visitTexts(blockOf(entry), visitMember);
}

/** As `visit`; what an intset has is visited as integers. */
export function visitBoth(
  entry: Entry,
  visitMember: Visitor,
  visitInteger: (value: i64) => void,
): void {
  if (isTable(entry)) return visitRecords(entry, visitMember);
  const set = blockOf(entry);
  const members = intset.count(set);
  for (let index: u32 = 0; index < members; index++) visitInteger(intset.at(set, index));
}

function visitRecords(entry: Entry, visitMember: Visitor): void {
  const table = tableOf(entry);
  const outer = visitor;
  visitor = visitMember;
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Member>(table, number, visitRecord);
  }
  visitor = outer;
}

function visitRecord(record: Member): void {
  visitor(record.keyAddress, record.keyLength);
}

function visitTexts(set: usize, visitMember: Visitor): void {
  const members = intset.count(set);
  for (let index: u32 = 0; index < members; index++) {
    visitMember(integerText, formatInteger(intset.at(set, index), integerText));
  }
}

// The value as a whole

/** Frees what lies outside of the entry. */
export function disposeValue(entry: Entry): void {
  if (isTable(entry)) garbage.disposeTable(blockOf(entry));
  else release(blockOf(entry));
}

/** An upper bound of the memory that a copy of the value takes. */
export function copyCost(entry: Entry): usize {
  if (!isTable(entry)) return intset.costOf(intset.count(blockOf(entry)));
  return bytesOf(tableOf(entry), 0) + <usize>count(entry) * PLACE_COST + TABLE_SLACK;
}

/** A deep copy of the value under another key. `flags` is VOLATILE or 0. */
export function copyEntry(entry: Entry, key: usize, keyLength: usize, flags: u32): Entry {
  const copied = create(key, keyLength, shapeOf(entry) | flags, REFERENCE_SIZE);
  if (isTable(entry)) {
    const table = createTable(TABLE_SIZE);
    setBlock(copied, table);
    copyTarget = changetype<Dict>(table);
    visit(entry, copyMember);
  } else {
    setBlock(copied, intset.copyOf(blockOf(entry)));
  }
  return copied;
}

let copyTarget: Dict = changetype<Dict>(0);

function copyMember(bytes: usize, size: usize): void {
  dict.insert<Member>(copyTarget, hashOf(bytes, size), member.create(bytes, size, 0, 0));
}

/** What OBJECT ENCODING calls the value. */
export function encodingName(entry: Entry): string {
  return isTable(entry) ? 'hashtable' : 'intset';
}

/** Bytes that the value takes outside of its entry; `samples` elements are measured, 0 for all. */
export function memoryOf(entry: Entry, samples: u32): usize {
  const block = blockSize(blockOf(entry));
  if (!isTable(entry)) return block;
  return block + bytesOf(tableOf(entry), samples);
}
