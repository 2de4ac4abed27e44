/**
 * Write value: a value as the bytes of a snapshot: `whole`, or a string in steps, so that a long one
 * need not be written at once: `begin`, then `step` until it says true. It must stay what it is
 * between the steps. Small encodings are written as they lie in memory. Large collections are
 * written by frozen.ts and its kin, with what stands here.
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
import { Dict } from '../structures/dict';
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

/** Bytes of a long string that one step writes. */
const STRING_STEP: usize = 1 << 16;

/** The string that is being written, and how far it is. */
let current: Entry = changetype<Entry>(0);
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

/** Writes what stands in front of a value: deadline, type and key. */
export function writeHead(entry: Entry): void {
  if (entry.isVolatile) {
    writer.byte(format.EXPIRE_MS);
    writer.word(entry.expiresAt);
  }
  writer.byte(formatOf(entry));
  writer.string(entry.keyAddress, entry.keyLength);
}

/** Writes what stands in front of the elements of a collection that has several blocks. */
export function writeCount(entry: Entry): void {
  const encoding = shapeOf(entry);
  if (encoding == LIST_QUICKLIST) writer.length(listOf(entry).length);
  else if (encoding == SET_TABLE) writer.length(sets.count(entry));
  else if (encoding == ZSET_SKIPLIST) writer.length(zsets.count(entry));
  else if (encoding == STREAM_NODES) stream.begin(entry);
  else beginHash(entry);
}

/** Begins the body of a string. */
export function begin(entry: Entry): void {
  current = entry;
  cursor = 0;
}

/** Writes the next piece of a string; true if it was the last. */
export function step(): bool {
  if (shapeOf(current) == STRING_INT) {
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

/** Writes the whole body, even between the steps of another value. */
export function whole(entry: Entry): void {
  if (typeOf(entry) == TYPE_STRING) return wholeString(entry);
  const encoding = shapeOf(entry);
  const block = blockOf(entry);
  if (encoding == SET_INTSET) return writer.string(block, intset.bytesOf(block));
  if (encoding == HASH_LISTPACK || encoding == ZSET_LISTPACK) {
    return writer.string(block, listpack.bytesOf(block));
  }
  writeCount(entry);
  if (encoding == LIST_QUICKLIST) writeNodes(listOf(entry));
  else if (encoding == SET_TABLE) visitMembers(sets.tableOf(entry), writeMember);
  else if (encoding == ZSET_SKIPLIST) writeSortedSet(entry);
  else if (encoding == STREAM_NODES) writeStream(entry);
  else visitMembers(hashes.tableOf(entry), writeField);
}

function wholeString(entry: Entry): void {
  const keptEntry = current;
  const keptCursor = cursor;
  begin(entry);
  while (!step());
  current = keptEntry;
  cursor = keptCursor;
}

// Lists

function listOf(entry: Entry): Quicklist {
  return changetype<Quicklist>(blockOf(entry));
}

function writeNodes(list: Quicklist): void {
  for (let at = <usize>list.head; at; at = <usize>changetype<Node>(at).next) {
    writeNode(changetype<Node>(at));
  }
}

export function writeNode(node: Node): void {
  writer.length(node.isPlain ? format.NODE_PLAIN : format.NODE_PACKED);
  if (node.isPacked) writer.packed(node.packedBytes, node.packedLength, node.size);
  else writer.string(node.contents, node.size);
}

// Tables

function visitMembers(table: Dict, visitor: (member: Member) => void): void {
  const buckets = table.bucketCount;
  for (let number: u32 = 0; number < buckets; number++) {
    dict.visitBucket<Member>(table, number, visitor);
  }
}

export function writeMember(member: Member): void {
  writer.string(member.keyAddress, member.keyLength);
}

function beginHash(entry: Entry): void {
  const start = hasDeadlines(entry) ? hashes.earliestDeadline(entry) : 0;
  setTiming(hasDeadlines(entry), start);
  if (timed) writer.word(start);
  writer.length(hashes.tableOf(entry).count);
}

/** Says whether the fields that follow have deadlines, and from when these count. */
export function setTiming(on: bool, start: i64): void {
  timed = on;
  earliest = start;
}

export function writeField(member: Member): void {
  if (timed) writer.length(member.hasWord ? member.word - earliest + 1 : 0);
  writer.string(member.keyAddress, member.keyLength);
  fields.readValue(member);
  writer.string(fields.address, fields.length);
}

// Sorted sets, from the highest member on

function writeSortedSet(entry: Entry): void {
  zsets.walk(entry, zsets.count(entry) - 1, true);
  for (let left = zsets.count(entry); left; left--) {
    zsets.step();
    writer.string(zsets.address, zsets.length);
    writer.double(zsets.score);
  }
}

// Streams

function writeStream(entry: Entry): void {
  stream.writeNodes(entry);
  stream.end(entry);
}
