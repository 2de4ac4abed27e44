/**
 * Set algebra: intersections, unions and differences of sets, which stay as they are.
 *
 * The sets are given as a vector of u32 entry addresses. What comes out is visited, or
 * collected in a set of its own.
 */
import { reserve } from '../memory/heap';
import { formatInteger, INTEGER_TEXT_ROOM } from '../memory/integer-text';
import { hash } from '../memory/siphash';
import { overflowOf, recordAt, usedSlots } from '../structures/bucket';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import {
  canIntersect,
  chainOfBits,
  intersect as intersectTables,
  sharedBits,
} from '../structures/dict-join';
import { Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import { Member } from '../structures/member';
import { blockOf } from './kind';
import * as sets from './sets';

type Visitor = (address: usize, length: usize) => void;
type IntegerVisitor = (value: i64) => void;

/** More bytes than the text of an integer has. */
const INTEGER_COST: usize = 24;
const integerText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('an integer fits its text');

// The selection under way: the sets beside the first one, and what becomes of what is found.
let others: usize = 0;
let othersEnd: usize = 0;
/** What a member must be in all others: there, or not there. */
let mustBeThere: bool = true;
let left: u64 = 0;
/** The buckets of the first few others that the bucket at hand goes with; 0 if not known. */
const chains: usize = memory.data(32, 8);
const CHAINS_SIZE: usize = 32;
/** A table is gone through in place of one that is smaller, up to so many times. */
const TIMES_LARGER_MAX: u32 = 4;
let visitor: Visitor = ignore;
let integerVisitor: IntegerVisitor = ignoreInteger;

function ignore(_address: usize, _length: usize): void {}

function ignoreInteger(_value: i64): void {}

function setAt(place: usize): Entry {
  return changetype<Entry>(<usize>load<u32>(place));
}

// Selection

/** Visits what all sets have, up to `limit` members; the vector is put into another order. */
export function intersect(
  vector: usize,
  size: u32,
  limit: u64,
  visit: Visitor,
  visitInteger: IntegerVisitor,
): void {
  let smallest = vector;
  const end = vector + ((<usize>size) << 2);
  for (let place = vector; place < end; place += 4) {
    if (sets.count(setAt(place)) < sets.count(setAt(smallest))) smallest = place;
  }
  swap(vector, smallest);
  if (size == 2 && isBetterFirst(setAt(vector + 4), setAt(vector))) swap(vector, vector + 4);
  integerVisitor = visitInteger;
  select(vector, end, true, limit, visit);
}

function swap(place: usize, other: usize): void {
  const entry = load<u32>(place);
  store<u32>(place, load<u32>(other));
  store<u32>(other, entry);
}

/** The number of a bucket of the larger table always tells a bucket of the other: no hashing. */
function isBetterFirst(larger: Entry, smaller: Entry): bool {
  if (!sets.isTable(larger) || !sets.isTable(smaller)) return false;
  if (sets.tableOf(larger).bucketCount <= sets.tableOf(smaller).bucketCount) return false;
  return sets.count(larger) <= sets.count(smaller) * TIMES_LARGER_MAX;
}

/** Collects what the first set has and no other one. */
function subtract(vector: usize, size: u32): void {
  integerVisitor = collectInteger;
  select(vector, vector + ((<usize>size) << 2), false, u64.MAX_VALUE, collect);
}

function select(vector: usize, end: usize, there: bool, limit: u64, visit: Visitor): void {
  others = vector + 4;
  othersEnd = end;
  mustBeThere = there;
  left = limit;
  visitor = visit;
  const entry = setAt(vector);
  if (sets.isTable(entry)) return selectFromTable(sets.tableOf(entry));
  const single = end - vector == 8 && !sets.isTable(setAt(others));
  if (single) selectBeside(blockOf(entry), blockOf(setAt(others)));
  else selectIntegers(blockOf(entry));
}

/** Two tables that have the same members are gone through at once, if one tells buckets of both. */
function selectFromTable(table: Dict): void {
  if (mustBeThere && othersEnd - others == 4 && sets.isTable(setAt(others))) {
    const other = sets.tableOf(setAt(others));
    if (canIntersect(table, other)) return intersectTables(table, other, takeRecord);
  }
  selectRecords(table);
}

function takeRecord(record: Member): bool {
  visitor(record.keyAddress, record.keyLength);
  return --left != 0;
}

function selectRecords(table: Dict): void {
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets && left; number++) {
    findChains(number, sharedBits(table, number));
    let bucket = dict.bucketAt(table, number);
    while (bucket) {
      for (let used = usedSlots(bucket); used && left; used &= used - 1) {
        const index = ctz(used);
        const record = changetype<Member>(recordAt(bucket, index));
        if (!isRecordSelected(record, load<u8>(bucket + index))) continue;
        left--;
        visitor(record.keyAddress, record.keyLength);
      }
      bucket = overflowOf(bucket);
    }
  }
}

/** Finds where the members of a bucket are in the first few of the others, if they are there. */
function findChains(number: u32, bits: u32): void {
  let place = others;
  for (let chain = chains; chain < chains + CHAINS_SIZE && place < othersEnd; chain += 4) {
    const other = setAt(place);
    const found = sets.isTable(other) ? chainOfBits(sets.tableOf(other), number, bits) : 0;
    store<u32>(chain, <u32>found);
    place += 4;
  }
}

function isRecordSelected(record: Member, tag: u32): bool {
  const bytes = record.keyAddress;
  const size = record.keyLength;
  for (let place = others; place < othersEnd; place += 4) {
    const offset = place - others;
    const chain = offset < CHAINS_SIZE ? <usize>load<u32>(chains + offset) : 0;
    const found = chain
      ? dict.findInChain<Member>(chain, tag, bytes, size) != null
      : sets.has(setAt(place), bytes, size);
    if (found != mustBeThere) return false;
  }
  return true;
}

/** Selects from an intset beside another one, by going through both at once. */
function selectBeside(set: usize, other: usize): void {
  const members = intset.count(set);
  const otherMembers = intset.count(other);
  let place: u32 = 0;
  for (let index: u32 = 0; index < members && left; index++) {
    const value = intset.at(set, index);
    place = intset.seek(other, value, place);
    const found = place < otherMembers && intset.at(other, place) == value;
    if (found != mustBeThere) continue;
    left--;
    integerVisitor(value);
  }
}

function selectIntegers(set: usize): void {
  const members = intset.count(set);
  for (let index: u32 = 0; index < members && left; index++) {
    const value = intset.at(set, index);
    if (!isSelected(value)) continue;
    left--;
    integerVisitor(value);
  }
}

function isSelected(value: i64): bool {
  let hashed: u64 = 0;
  let size: usize = 0;
  for (let place = others; place < othersEnd; place += 4) {
    const other = setAt(place);
    let found: bool;
    if (sets.isTable(other)) {
      if (!size) {
        size = formatInteger(value, integerText);
        hashed = hash(integerText, size);
      }
      found = dict.find<Member>(sets.tableOf(other), hashed, integerText, size) != null;
    } else {
      found = intset.has(blockOf(other), value);
    }
    if (found != mustBeThere) return false;
  }
  return true;
}

// Collection

/** The set that is being collected. */
let result: Entry = changetype<Entry>(0);
/** True if there was no memory for all that was to be collected: the result is not whole then. */
export let refused: bool = false;

/** Begins to collect, in a new set for integers at first. */
export function beginResult(key: usize, keyLength: usize): Entry {
  refused = false;
  result = sets.createEntry(key, keyLength, 0);
  return result;
}

/** Adds a member to the result. */
export function collect(bytes: usize, size: usize): void {
  if (refused) return;
  if (reserve(sets.growthCost(result, 1, size))) sets.add(result, bytes, size);
  else refused = true;
}

/** As `collect`, for an integer. */
export function collectInteger(value: i64): void {
  if (refused) return;
  if (reserve(sets.growthCost(result, 1, INTEGER_COST))) sets.addInteger(result, value);
  else refused = true;
}

function uncollect(bytes: usize, size: usize): void {
  sets.remove(result, bytes, size);
}

/** Collects what any of the sets has. */
export function unite(vector: usize, size: u32): void {
  const end = vector + ((<usize>size) << 2);
  for (let place = vector; place < end && !refused; place += 4)
    sets.visitBoth(setAt(place), collect, collectInteger);
}

/**
 * Collects what the first set has and no other one. As in Redis, by which the result's encoding
 * is decided too: either by looking members up in all others, or by removing those of the others.
 */
export function collectDifference(vector: usize, size: u32): void {
  const end = vector + ((<usize>size) << 2);
  const first = <u64>sets.count(setAt(vector));
  let total: u64 = 0;
  for (let place = vector; place < end; place += 4) total += sets.count(setAt(place));
  if ((first * size) >> 1 <= total) return subtract(vector, size);
  sets.visitBoth(setAt(vector), collect, collectInteger);
  for (let place = vector + 4; place < end && sets.count(result); place += 4) {
    sets.visit(setAt(place), uncollect);
  }
}
