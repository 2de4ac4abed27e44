/**
 * Expected: keys whose hash, and probably whose entry, are known before they are looked up.
 * The executor expects the first key of each command of a window; a command of many keys
 * has its own looked at in groups, so that their cache misses overlap as well.
 *
 * A group of up to GROUP_MAX keys, taken in order:
 *
 *   0         4       8        16
 *   +---------+-------+--------+
 *   | address | entry | hash   |        u32, u32 (a bucket at first; 0 if unknown), u64
 *   +---------+-------+--------+
 */
import { hash } from '../memory/siphash';
import * as dict from '../structures/dict';
import { Dict } from '../structures/dict';

const GROUP_MAX: u32 = 16;
const KEY_SIZE: usize = 16;
/** Small entries mostly lie across the end of a cache line: both are touched. */
const LINE_SIZE: usize = 64;
/** Fewer keys than this are not worth a group. */
const GROUP_MIN: u32 = 4;

const group: usize = memory.data(256, 16);
if (KEY_SIZE * GROUP_MAX != 256) ERROR('a group fills its place');

/** The key that is expected next, its hash, and the entry that it probably has or 0. */
export let address: usize = 0;
export let keyHash: u64 = 0;
export let entry: usize = 0;
/** The state of the tables for which expected entries hold. */
export let generation: u32 = 0;

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

/** Expects one key. */
export function one(key: usize, hashed: u64, likely: usize): void {
  address = key;
  keyHash = hashed;
  entry = likely;
  grouped = false;
}

/** Entries expected from here on were found in the tables as they are now. */
export function trust(): void {
  generation = dict.generation;
}

/** Expects nothing more: another database has been selected, or another batch begins. */
export function nothing(): void {
  address = 0;
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
  address = <usize>load<u32>(next);
  entry = <usize>load<u32>(next, 4);
  keyHash = load<u64>(next, 8);
  next += KEY_SIZE;
}

/** Hashes the next keys, touches their buckets, then their entries. */
function formGroup(keys: Dict): void {
  let to = group;
  while (to < group + 256 && argument < argumentsEnd) {
    const key = <usize>load<u32>(argument);
    const hashed = hash(key, <usize>load<u32>(argument, 4));
    const bucket = dict.bucketOf(keys, hashed);
    store<u32>(to, <u32>key);
    store<u32>(to, <u32>bucket, 4);
    store<u64>(to, hashed, 8);
    touched += load<u32>(bucket);
    to += KEY_SIZE;
    argument += stride;
  }
  groupEnd = to;
  for (let key = group; key < to; key += KEY_SIZE) {
    const likely = dict.candidate(<usize>load<u32>(key, 4), load<u64>(key, 8));
    store<u32>(key, <u32>likely, 4);
    touched += touch(likely);
  }
  trust();
  grouped = true;
  next = group;
  expectNext();
}

/** Loads both cache lines that a small entry may lie in. */
export function touch(likely: usize): u32 {
  return load<u32>(likely) + load<u32>(likely, LINE_SIZE - 4);
}
