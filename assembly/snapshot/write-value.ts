/**
 * Write value: a value as the bytes of a snapshot, in steps, so that a large collection need not
 * be written at once. `begin`, then `step` until it says true; the value must stay what it is
 * between the steps. Small encodings are written as they lie in memory.
 *
 *   string       string
 *   list         18  nodes, then for each: 1 or 2 (one plain element, a listpack), string
 *   intset       11  string with its bytes
 *   set          2   members, then for each: string
 *   listpack     16 (hash), 17 (sorted set)  string with its bytes
 *   hash         4   fields, then for each: string, string
 *   with deadlines 24  earliest deadline i64, fields, then for each: its distance from that, plus
 *                    one, or 0 for none; string, string
 *   sorted set   5   members, then for each from the highest on: string, f64
 *   stream       19  see write-stream.ts
 */
import * as dict from '../structures/dict';
import { Entry } from '../structures/entry';
import * as intset from '../structures/intset';
import * as listpack from '../structures/listpack';
import { Member } from '../structures/member';
import { Quicklist } from '../structures/quicklist';
import { Node } from '../structures/quicklist-node';
import * as fields from '../values/hash-table';
import * as hashes from '../values/hashes';
import {
  blockOf,
  HASH_LISTPACK,
  LIST_QUICKLIST,
  SET_INTSET,
  SET_TABLE,
  STREAM_NODES,
  STRING_INT,
  shapeOf,
  TYPE_HASH,
  TYPE_STRING,
  typeOf,
  ZSET_LISTPACK,
  ZSET_SKIPLIST,
} from '../values/kind';
import * as sets from '../values/sets';
import * as strings from '../values/strings';
import * as zsets from '../values/zsets';
import * as format from './format';
import * as stream from './write-stream';
import * as writer from './writer';

/** Bytes of a long string, and members of a sorted set, that one step writes. */
const STRING_STEP: usize = 1 << 16;
const MEMBERS_STEP: u32 = 64;

/** The value that is being written, and how far it is: what it means depends on the shape. */
let current: Entry = changetype<Entry>(0);
let shape: u32 = 0;
let cursor: usize = 0;
/** Whether the fields that are being written have deadlines, and what these count from. */
let timed: bool = false;
let earliest: i64 = 0;

/** What the type byte of the value says. */
export function formatOf(entry: Entry): u32 {
  const encoding = shapeOf(entry);
  if (typeOf(entry) == TYPE_STRING) return format.STRING;
  if (encoding == LIST_QUICKLIST) return format.LIST_QUICKLIST_2;
  if (encoding == SET_INTSET) return format.SET_INTSET;
  if (encoding == SET_TABLE) return format.SET;
  if (encoding == HASH_LISTPACK) return format.HASH_LISTPACK;
  if (typeOf(entry) == TYPE_HASH) return hasDeadlines(entry) ? format.HASH_METADATA : format.HASH;
  if (encoding == ZSET_LISTPACK) return format.ZSET_LISTPACK;
  return encoding == ZSET_SKIPLIST ? format.ZSET_2 : format.STREAM_LISTPACKS_2;
}

function hasDeadlines(entry: Entry): bool {
  return hashes.isExpiring(entry) && fields.hasDeadlines(hashes.tableOf(entry));
}

/** Begins the body of a value: what stands behind its type and key. */
export function begin(entry: Entry): void {
  current = entry;
  shape = shapeOf(entry);
  cursor = 0;
  if (shape == LIST_QUICKLIST) beginList(changetype<Quicklist>(blockOf(entry)));
  else if (shape == SET_TABLE) writer.length(sets.count(entry));
  else if (shape == ZSET_SKIPLIST) beginSortedSet(entry);
  else if (shape == STREAM_NODES) cursor = stream.begin(entry);
  else if (typeOf(entry) == TYPE_HASH && shape != HASH_LISTPACK) beginHash(entry);
}

/** Writes the next piece; true if it was the last. */
export function step(): bool {
  if (typeOf(current) == TYPE_STRING) return stepString();
  if (shape == LIST_QUICKLIST) return stepList();
  if (shape == SET_TABLE) return stepSet();
  if (shape == ZSET_SKIPLIST) return stepSortedSet();
  if (shape == STREAM_NODES) return stepStream();
  const block = blockOf(current);
  if (shape == SET_INTSET) writer.string(block, intset.bytesOf(block));
  else if (shape == HASH_LISTPACK || shape == ZSET_LISTPACK) writePack(block);
  else return stepHash();
  return true;
}

/** Writes the whole body, even between the steps of another value. */
export function whole(entry: Entry): void {
  const keptEntry = current;
  const keptShape = shape;
  const keptCursor = cursor;
  const keptTimed = timed;
  const keptEarliest = earliest;
  begin(entry);
  while (!step());
  current = keptEntry;
  shape = keptShape;
  cursor = keptCursor;
  timed = keptTimed;
  earliest = keptEarliest;
}

function writePack(block: usize): void {
  writer.string(block, listpack.bytesOf(block));
}

// Strings

function stepString(): bool {
  if (shape == STRING_INT) {
    writer.integer(strings.integerOf(current));
    return true;
  }
  strings.read(current);
  const size = strings.length;
  if (size <= STRING_STEP || !writer.staysPlain(size)) {
    writer.string(strings.address, size);
    return true;
  }
  if (!cursor) writer.length(size);
  const piece = min(size - cursor, STRING_STEP);
  writer.raw(strings.address + cursor, piece);
  cursor += piece;
  return cursor == size;
}

// Lists

function beginList(list: Quicklist): void {
  writer.length(list.length);
  cursor = <usize>list.head;
}

function stepList(): bool {
  const node = changetype<Node>(cursor);
  writer.length(node.isPlain ? format.NODE_PLAIN : format.NODE_PACKED);
  if (node.isPacked) writer.packed(node.packedBytes, node.packedLength, node.size);
  else writer.string(node.contents, node.size);
  cursor = <usize>node.next;
  return !cursor;
}

// Tables, a bucket a step

function stepSet(): bool {
  const table = sets.tableOf(current);
  dict.visitBucket<Member>(table, <u32>cursor, writeMember);
  cursor++;
  return <u32>cursor == table.bucketCount;
}

function writeMember(member: Member): void {
  writer.string(member.keyAddress, member.keyLength);
}

function beginHash(entry: Entry): void {
  timed = hasDeadlines(entry);
  if (timed) {
    earliest = hashes.earliestDeadline(entry);
    writer.word(earliest);
  }
  writer.length(hashes.tableOf(entry).count);
}

function stepHash(): bool {
  const table = hashes.tableOf(current);
  dict.visitBucket<Member>(table, <u32>cursor, writeField);
  cursor++;
  return <u32>cursor == table.bucketCount;
}

function writeField(member: Member): void {
  if (timed) writer.length(member.hasWord ? member.word - earliest + 1 : 0);
  writer.string(member.keyAddress, member.keyLength);
  fields.readValue(member);
  writer.string(fields.address, fields.length);
}

// Sorted sets, from the highest member on

function beginSortedSet(entry: Entry): void {
  cursor = zsets.count(entry);
  writer.length(cursor);
}

function stepSortedSet(): bool {
  const piece = min(<u32>cursor, MEMBERS_STEP);
  zsets.walk(current, <u32>cursor - 1, true);
  for (let left = piece; left; left--) {
    zsets.step();
    writer.string(zsets.address, zsets.length);
    writer.double(zsets.score);
  }
  cursor -= piece;
  return !cursor;
}

// Streams, a node a step

function stepStream(): bool {
  if (cursor) cursor = stream.writeNode(current, cursor);
  if (cursor) return false;
  stream.end(current);
  return true;
}
