/**
 * Stream node: entries of a stream in one listpack, as Redis has it. The ids of the entries are
 * kept as distances from the first one's, which is the node's own id; the names of the fields
 * only once, if entries have the same.
 *
 *   master   count | deleted | fields | field 1 | ... | field n | 0
 *   entry    flags | ms | seq | value 1 | ... | value n | size                  SAME_FIELDS
 *   entry    flags | ms | seq | fields | field 1 | value 1 | ... | size         else
 *
 * `size` is the number of elements of the entry in front of it, so that entries can be walked
 * backwards. `count` leaves out the entries with the flag DELETED, of which `deleted` tells.
 *
 * Example: the entry 5-1 {a: b}, alone in the node 5-1, takes 29 bytes:
 *
 *   1d 00 00 00   0a 00   01 01   00 01     01 01    81 61 02   00 01
 *   total 29      10      count   deleted   fields   "a"        end of the master
 *
 *   02 01         00 01   00 01   81 62 02   04 01    ff
 *   SAME_FIELDS   ms      seq     "b"        size
 *
 * One node at a time is open for reading; what is read is left in the variables below.
 */
import { allocate, blockSize, resize } from '../memory/heap';
import * as listpack from './listpack';
import { beginOf, END, measure, measureInteger, spanAt, write } from './listpack-element';

const DELETED: u8 = 1;
const SAME_FIELDS: u8 = 2;
/** Elements of an entry beside its fields and values: flags, ms, seq; one more if it has names. */
const HEAD_ELEMENTS: u32 = 3;
const COUNT_PLACE: usize = listpack.HEADER_SIZE;
/** Where a listpack tells how many elements it has; the highest number stands for more. */
const ELEMENTS_PLACE: usize = 4;
const ELEMENTS_MAX: u32 = 0xffff;
/** Integers up to this take one byte, which can be written over. */
const SMALL_MAX: u32 = 127;
/** The most that an integer or the frame of a text takes. */
const ELEMENT_FRAME: usize = 10;
const FIRST_SIZE: usize = 64;
/** Nodes up to this size are doubled when they grow. */
const DOUBLED_MAX: usize = 2048;

/** The entry that was stepped to. */
export let milliseconds: u64 = 0;
export let sequence: u64 = 0;
export let isDeleted: bool = false;
export let fieldCount: u32 = 0;
// The node that is open
let node: usize = 0;
let masterMs: u64 = 0;
let masterSeq: u64 = 0;
let masterFields: usize = 0;
let masterFieldCount: u32 = 0;
let firstEntry: usize = 0;
/** Where the entry begins; the end of the node before `stepBack`. */
let entry: usize = 0;
/** The element of the entry that is to be read next, and how many its body still has. */
let cursor: usize = 0;
let unread: u32 = 0;
/** The next field's name in the master, for entries with the same fields; else 0. */
let sharedName: usize = 0;

// Reading

function integerAt(at: usize): i64 {
  listpack.read(at);
  return listpack.integer;
}

/** Entries that are not deleted. */
export function liveCount(listpackOfNode: usize): u32 {
  return <u32>integerAt(listpackOfNode + COUNT_PLACE);
}

/** Entries that are marked as deleted. */
export function deletedCount(listpackOfNode: usize): u32 {
  const count = listpackOfNode + COUNT_PLACE;
  return <u32>integerAt(count + spanAt(count));
}

/** Opens a node in front of its first entry. */
export function open(listpackOfNode: usize, ms: u64, seq: u64): void {
  node = listpackOfNode;
  masterMs = ms;
  masterSeq = seq;
  let at = node + COUNT_PLACE;
  at += spanAt(at);
  at += spanAt(at);
  masterFieldCount = <u32>integerAt(at);
  masterFields = at + spanAt(at);
  firstEntry = skip(masterFields, masterFieldCount + 1);
  cursor = firstEntry;
  entry = firstEntry;
  unread = 0;
}

/** As `open`, but behind the last entry. */
export function openAtEnd(listpackOfNode: usize, ms: u64, seq: u64): void {
  open(listpackOfNode, ms, seq);
  entry = node + listpack.bytesOf(node) - 1;
}

function skip(at: usize, elements: u32): usize {
  for (; elements; elements--) at += spanAt(at);
  return at;
}

/** Steps to the next entry, deleted ones too; false at the end. */
export function step(): bool {
  const at = nextEntry();
  if (load<u8>(at) == END) return false;
  readHead(at);
  return true;
}

function nextEntry(): usize {
  return cursor == firstEntry ? firstEntry : skip(cursor, unread + 1);
}

/** Steps to the entry in front; false at the begin. */
export function stepBack(): bool {
  if (entry == firstEntry) return false;
  let at = beginOf(entry);
  for (let elements = <u32>integerAt(at); elements; elements--) at = beginOf(at);
  readHead(at);
  return true;
}

function readHead(at: usize): void {
  entry = at;
  const flags = load<u8>(at);
  isDeleted = (flags & DELETED) != 0;
  at += spanAt(at);
  milliseconds = masterMs + integerAt(at);
  at += spanAt(at);
  sequence = masterSeq + integerAt(at);
  at += spanAt(at);
  if (flags & SAME_FIELDS) {
    fieldCount = masterFieldCount;
    unread = fieldCount;
    sharedName = masterFields;
  } else {
    fieldCount = <u32>integerAt(at);
    unread = fieldCount << 1;
    sharedName = 0;
    at += spanAt(at);
  }
  cursor = at;
}

/** Reads the name of the entry's next field: `listpack.address` and `length`. */
export function readField(): void {
  if (!sharedName) return readBody();
  listpack.readText(sharedName);
  sharedName += spanAt(sharedName);
}

/** Reads the value of the field whose name was read. */
export function readValue(): void {
  readBody();
}

function readBody(): void {
  listpack.readText(cursor);
  cursor += spanAt(cursor);
  unread--;
}

// Changes

/** Marks the entry that was stepped to as deleted; the counts of the node are left. */
export function markDeleted(): void {
  store<u8>(entry, load<u8>(entry) | DELETED);
  isDeleted = true;
}

/** Sets both counts of a node; it may move. */
export function setCounts(listpackOfNode: usize, live: u32, deleted: u32): usize {
  const count = listpackOfNode + COUNT_PLACE;
  const old = load<u8>(count) | load<u8>(count, 2);
  if (old <= SMALL_MAX && live <= SMALL_MAX && deleted <= SMALL_MAX) {
    store<u8>(count, <u8>live);
    store<u8>(count, <u8>deleted, 2);
    return listpackOfNode;
  }
  const changed = listpack.replaceInteger(listpackOfNode, count, live);
  const next = changed + COUNT_PLACE;
  return listpack.replaceInteger(changed, next + spanAt(next), deleted);
}

/** The bytes that an entry, or a master, of so many words and bytes takes at the most. */
export function sizeBound(words: u32, bytes: usize): usize {
  return bytes + <usize>(words + 8) * ELEMENT_FRAME + COUNT_PLACE;
}

/**
 * A node with the fields of its first entry as master, and no entry yet. Fields and values are
 * pairs { u32 address, u32 length } in turn, `pairs` of them.
 */
export function create(vector: usize, pairs: u32, capacity: usize): usize {
  const created = allocate(max(capacity, FIRST_SIZE));
  store<u16>(created, 0, ELEMENTS_PLACE);
  let at = writeInteger(created + COUNT_PLACE, 0);
  at = writeInteger(at, 0);
  at = writeInteger(at, pairs);
  for (let pair: u32 = 0; pair < pairs; pair++) at = writeArgument(at, vector, pair << 1);
  at = writeInteger(at, 0);
  finish(created, at, pairs + 4);
  return created;
}

/** Makes sure that a node has room for `size` bytes more; it may move. */
export function withRoom(listpackOfNode: usize, size: usize): usize {
  const total = listpack.bytesOf(listpackOfNode);
  if (total + size <= blockSize(listpackOfNode)) return listpackOfNode;
  return resize(listpackOfNode, grownSize(total, size), total);
}

/** What a node of `total` bytes grows to, to take `size` more. */
export function grownSize(total: usize, size: usize): usize {
  return max(total + size, total + (total > DOUBLED_MAX ? total >> 2 : total));
}

/**
 * Appends an entry to a node that has the room. Its id is so far behind the node's; fields and
 * values are as for `create`. Counts it, so the node may move.
 */
export function append(listpackOfNode: usize, ms: i64, seq: i64, vector: usize, pairs: u32): usize {
  const same = hasMasterFields(listpackOfNode, vector, pairs);
  let at = listpackOfNode + listpack.bytesOf(listpackOfNode) - 1;
  at = writeInteger(at, same ? SAME_FIELDS : 0);
  at = writeInteger(at, ms);
  at = writeInteger(at, seq);
  if (!same) at = writeInteger(at, pairs);
  const words = pairs << 1;
  const stride: u32 = same ? 2 : 1;
  for (let index = stride - 1; index < words; index += stride) {
    at = writeArgument(at, vector, index);
  }
  const elements = HEAD_ELEMENTS + (same ? pairs : words + 1);
  at = writeInteger(at, elements);
  finish(listpackOfNode, at, elements + 1);
  return countAppended(listpackOfNode);
}

function countAppended(listpackOfNode: usize): usize {
  const count = <u32>load<u8>(listpackOfNode, COUNT_PLACE);
  if (count >= SMALL_MAX) {
    const live = liveCount(listpackOfNode) + 1;
    return setCounts(listpackOfNode, live, deletedCount(listpackOfNode));
  }
  store<u8>(listpackOfNode, <u8>(count + 1), COUNT_PLACE);
  return listpackOfNode;
}

/** Whether the fields are those of the master, in the same order. */
function hasMasterFields(listpackOfNode: usize, vector: usize, pairs: u32): bool {
  let at = listpackOfNode + COUNT_PLACE;
  at += spanAt(at);
  at += spanAt(at);
  if (<u32>integerAt(at) != pairs) return false;
  for (let pair: u32 = 0; pair < pairs; pair++) {
    at += spanAt(at);
    const field = vector + ((<usize>pair) << 4);
    if (!listpack.equals(at, load<u32>(field), load<u32>(field, 4))) return false;
  }
  return true;
}

function writeInteger(at: usize, value: i64): usize {
  if (<u64>value <= SMALL_MAX) {
    store<u16>(at, <u16>(0x100 | value));
    return at + 2;
  }
  measureInteger(value);
  return write(at);
}

function writeArgument(at: usize, vector: usize, index: u32): usize {
  const argument = vector + ((<usize>index) << 3);
  measure(load<u32>(argument), load<u32>(argument, 4));
  return write(at);
}

/** Ends a node that was written up to `at`, with so many elements more than before. */
function finish(listpackOfNode: usize, at: usize, elements: u32): void {
  store<u8>(at, END);
  store<u32>(listpackOfNode, <u32>(at + 1 - listpackOfNode));
  const known = <u32>load<u16>(listpackOfNode, ELEMENTS_PLACE);
  store<u16>(listpackOfNode, <u16>min(known + elements, ELEMENTS_MAX), ELEMENTS_PLACE);
}
