/**
 * Set algebra: intersections, unions and differences of sets, which stay as they are.
 *
 * The sets are given as a vector of u32 entry addresses. What comes out is visited, or
 * collected in a set of its own.
 */
import { reserve } from '../memory/heap';
import { formatInteger, INTEGER_TEXT_ROOM } from '../memory/integer-text';
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import { Member } from '../structures/member';
import { blockOf } from './kind';
import * as sets from './sets';

type Visitor = (address: usize, length: usize) => void;

const integerText: usize = memory.data(32, 16);
if (INTEGER_TEXT_ROOM > 32) ERROR('an integer fits its text');

// The selection under way: the sets beside the first one, and what becomes of what is found.
let others: usize = 0;
let othersEnd: usize = 0;
/** What a member must be in all others: there, or not there. */
let mustBeThere: bool = true;
let left: u64 = 0;
let visitor: Visitor = ignore;

function ignore(_address: usize, _length: usize): void {}

function setAt(place: usize): Entry {
  return changetype<Entry>(<usize>load<u32>(place));
}

// Selection

/** Visits what all sets have, up to `limit` members; the vector is put into another order. */
export function intersect(vector: usize, size: u32, limit: u64, visit: Visitor): void {
  let smallest = vector;
  const end = vector + ((<usize>size) << 2);
  for (let place = vector; place < end; place += 4) {
    if (sets.count(setAt(place)) < sets.count(setAt(smallest))) smallest = place;
  }
  const first = load<u32>(vector);
  store<u32>(vector, load<u32>(smallest));
  store<u32>(smallest, first);
  select(vector, end, true, limit, visit);
}

/** Visits what the first set has and no other one. */
export function subtract(vector: usize, size: u32, visit: Visitor): void {
  select(vector, vector + ((<usize>size) << 2), false, u64.MAX_VALUE, visit);
}

function select(vector: usize, end: usize, there: bool, limit: u64, visit: Visitor): void {
  others = vector + 4;
  othersEnd = end;
  mustBeThere = there;
  left = limit;
  visitor = visit;
  const entry = setAt(vector);
  if (!sets.isTable(entry)) return selectIntegers(blockOf(entry));
  const table = sets.tableOf(entry);
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets && left; number++) {
    dict.visitBucket<Member>(table, number, selectRecord);
  }
}

function selectRecord(record: Member): void {
  const bytes = record.keyAddress;
  const size = record.keyLength;
  let hashed: u64 = 0;
  if (!left) return;
  for (let place = others; place < othersEnd; place += 4) {
    const other = setAt(place);
    let found: bool;
    if (sets.isTable(other)) {
      if (!hashed) hashed = hash(bytes, size);
      found = dict.find<Member>(sets.tableOf(other), hashed, bytes, size) != null;
    } else {
      found = sets.has(other, bytes, size);
    }
    if (found != mustBeThere) return;
  }
  left--;
  visitor(bytes, size);
}

function selectIntegers(set: usize): void {
  const members = intset.count(set);
  for (let index: u32 = 0; index < members && left; index++) {
    const value = intset.at(set, index);
    if (!isSelected(value)) continue;
    left--;
    visitor(integerText, formatInteger(value, integerText));
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

function uncollect(bytes: usize, size: usize): void {
  sets.remove(result, bytes, size);
}

/** Collects what any of the sets has. */
export function unite(vector: usize, size: u32): void {
  const end = vector + ((<usize>size) << 2);
  for (let place = vector; place < end && !refused; place += 4) sets.visit(setAt(place), collect);
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
  if ((first * size) >> 1 <= total) return subtract(vector, size, collect);
  sets.visit(setAt(vector), collect);
  for (let place = vector + 4; place < end && sets.count(result); place += 4) {
    sets.visit(setAt(place), uncollect);
  }
}
