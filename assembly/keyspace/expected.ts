/**
 * Expected: keys whose hash, and probably whose entry, are known before they are looked up.
 * The executor expects the first key of each command of a window; a command of many keys
 * has its own looked at in groups, so that their cache misses overlap as well.
 *
 * What is known of a key; a group is up to GROUP_MAX of them, taken in order:
 *
 *   0         4       8        16
 *   +---------+-------+--------+
 *   | address | entry | hash   |        u32, u32 (a bucket at first; 0 if unknown), u64
 *   +---------+-------+--------+
 */
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';
import { Entry } from '../structures/entry';
import { blockOf, TYPE_STRING, typeOf } from '../values/kind';

const GROUP_MAX: u32 = 16;
const KEY_SIZE: usize = 16;
/** Small entries mostly lie across the end of a cache line: both are touched. */
const LINE_SIZE: usize = 64;
/** Fewer keys than this are not worth a group. */
const GROUP_MIN: u32 = 4;

const group: usize = memory.data(256, 16);
if (KEY_SIZE * GROUP_MAX != 256) ERROR('a group fills its place');

/** What is known of no key: nobody's key is at address 0. */
const NOTHING: usize = memory.data(16, 16);
/** The record of the key that is expected next. */
let current: usize = NOTHING;
/** The state of the tables in which the entries of the window, and of the group, were found. */
let windowGeneration: u32 = 0;
let groupGeneration: u32 = 0;

/** True while the expected key is one of a group. */
let grouped: bool = false;
// The rest of a group, and of the arguments that more groups are made of.
let next: usize = 0;
let groupEnd: usize = 0;
let argument: usize = 0;
let argumentsEnd: usize = 0;
let stride: usize = 0;
/** Keeps the touching loads from being optimised away. */
// biome-ignore lint/correctness/noUnusedVariables: it is only written, which is what it is for
let touched: u32 = 0;

/** Expects the key of a record that stays until it is looked up. */
export function one(record: usize): void {
  current = record;
  grouped = false;
}

/** The address of the key that is expected. */
export function address(): usize {
  return <usize>load<u32>(current);
}

/** Its hash. */
export function keyHash(): u64 {
  return load<u64>(current, 8);
}

/** The entry that it probably has, or 0. */
export function entry(): usize {
  const found = grouped ? groupGeneration : windowGeneration;
  return found == dict.generation ? <usize>load<u32>(current, 4) : 0;
}

/** The window's entries were found in the tables as they are now. */
export function trustWindow(): void {
  windowGeneration = dict.generation;
}

/** Expects nothing more: another database has been selected, or another batch begins. */
export function nothing(): void {
  current = NOTHING;
  grouped = false;
}

/** Expects `count` keys: every `step`-th argument from the place `first` of a vector on. */
export function many(keys: Dict, first: usize, count: u32, step: u32): void {
  if (count < GROUP_MIN || !keys.directory) return;
  argument = first;
  stride = (<usize>step) << 3;
  argumentsEnd = first + <usize>count * stride;
  formGroup(keys);
}

/** Goes on to the key after the expected one, which has been taken. */
export function advance(keys: Dict): void {
  if (grouped) takeNext(keys);
}

function takeNext(keys: Dict): void {
  if (next < groupEnd) expectNext();
  else if (argument < argumentsEnd) formGroup(keys);
  else grouped = false;
}

function expectNext(): void {
  current = next;
  next += KEY_SIZE;
}

/** Hashes the next keys; touches their buckets, then their entries, in loops of their own. */
function formGroup(keys: Dict): void {
  let to = group;
  while (to < group + 256 && argument < argumentsEnd) {
    const key = <usize>load<u32>(argument);
    const hashed = hash(key, <usize>load<u32>(argument, 4));
    store<u32>(to, <u32>key);
    store<u32>(to, <u32>dict.bucketOf(keys, hashed), 4);
    store<u64>(to, hashed, 8);
    to += KEY_SIZE;
    argument += stride;
  }
  groupEnd = to;
  let sum: u32 = 0;
  for (let key = group; key < to; key += KEY_SIZE) sum += load<u32>(<usize>load<u32>(key, 4));
  for (let key = group; key < to; key += KEY_SIZE) {
    // No bucket: the command may have removed the last key meanwhile, and the table with it.
    const bucket = <usize>load<u32>(key, 4);
    if (bucket) store<u32>(key, <u32>dict.candidate(bucket, load<u64>(key, 8)), 4);
  }
  for (let key = group; key < to; key += KEY_SIZE) sum += touch(<usize>load<u32>(key, 4));
  touched += sum;
  groupGeneration = dict.generation;
  grouped = true;
  next = group;
  expectNext();
}

/** Loads both cache lines that a small entry may lie in. */
export function touch(likely: usize): u32 {
  return load<u32>(likely) + load<u32>(likely, LINE_SIZE - 4);
}

/** Loads the beginning of the block that an entry's value is, unless it is a string. */
export function touchValue(likely: usize): u32 {
  const entry = changetype<Entry>(likely);
  if (!likely || typeOf(entry) == TYPE_STRING) return 0;
  const block = blockOf(entry);
  return load<u32>(block) + load<u32>(block, LINE_SIZE) + load<u32>(block, 2 * LINE_SIZE);
}
