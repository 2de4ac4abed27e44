/**
 * Kind: the byte of an entry that tells which Redis type its value has and how it is
 * encoded. Type and encoding numbers stay inside the core; snapshots have their own.
 *
 *   bit   7          6              5..3       2..0
 *         volatile   the mark of    encoding   type
 *                    snapshots, 0 here
 *
 * Every value but a string keeps its data outside of the entry: the entry's value is the u32
 * address of a block. What the block is, the encoding tells.
 */
import { Entry, VOLATILE } from '../structures/entry';

// Type numbers are Redis's own: DEBUG DIGEST mixes them in.
export const TYPE_STRING: u32 = 0;
export const TYPE_LIST: u32 = 1;
export const TYPE_SET: u32 = 2;
export const TYPE_ZSET: u32 = 3;
export const TYPE_HASH: u32 = 4;
export const TYPE_STREAM: u32 = 6;
const TYPE_MASK: u32 = 7;

/** An i64 in the value's eight bytes. */
export const STRING_INT: u32 = (0 << 3) | TYPE_STRING;
/** Up to 44 bytes inside the entry, as written by SET. */
export const STRING_EMBSTR: u32 = (1 << 3) | TYPE_STRING;
/** Bytes inside the entry: longer ones, or such as were changed in place. */
export const STRING_RAW: u32 = (2 << 3) | TYPE_STRING;
/** Bytes in a block of their own, to which the value's four bytes point. Raw to clients. */
export const STRING_BLOB: u32 = (3 << 3) | TYPE_STRING;

/** A quicklist. */
export const LIST_QUICKLIST: u32 = (0 << 3) | TYPE_LIST;
/** An intset. */
export const SET_INTSET: u32 = (0 << 3) | TYPE_SET;
/** A table of members. */
export const SET_TABLE: u32 = (1 << 3) | TYPE_SET;
/** A listpack of members and scores in turn. */
export const ZSET_LISTPACK: u32 = (0 << 3) | TYPE_ZSET;
/** A table of members with scores, and a skiplist over them. */
export const ZSET_SKIPLIST: u32 = (1 << 3) | TYPE_ZSET;
/** A listpack of fields and values in turn. */
export const HASH_LISTPACK: u32 = (0 << 3) | TYPE_HASH;
/** A table of fields with values. */
export const HASH_TABLE: u32 = (1 << 3) | TYPE_HASH;
/** A value of this encoding is in a book of its own in its database, for something in it ends. */
export const BOOKED: u32 = 4 << 3;
/** A table of fields with values, some with deadlines. */
export const HASH_EXPIRING: u32 = BOOKED | HASH_TABLE;
/** A stream of listpack nodes, with its groups. */
export const STREAM_NODES: u32 = (0 << 3) | TYPE_STREAM;

/** Bytes of an entry's value that refer to a block: what `create` is to be given. */
export const REFERENCE_SIZE: usize = 4;

/** Type and encoding of a value, without what belongs to the key. */
export function shapeOf(entry: Entry): u32 {
  return entry.kind & ~VOLATILE;
}

/** True if the value keeps anything outside of its entry, which must be freed with it. */
export function keepsOutside(entry: Entry): bool {
  return shapeOf(entry) > STRING_RAW || typeOf(entry) != TYPE_STRING;
}

export function typeOf(entry: Entry): u32 {
  return entry.kind & TYPE_MASK;
}

/** True if the value is a table of members: its block begins with a Dict. */
export function keepsMembers(entry: Entry): bool {
  const shape = shapeOf(entry) & ~BOOKED;
  return shape == SET_TABLE || shape == HASH_TABLE || shape == ZSET_SKIPLIST;
}

// Values that are a block

/** The block that is the value of an entry of another type than string. */
export function blockOf(entry: Entry): usize {
  return <usize>load<u32>(entry.valuePlace);
}

export function setBlock(entry: Entry, block: usize): void {
  store<u32>(entry.valuePlace, <u32>block);
}

/** Changes the encoding of a value that is a block and stays one: the entry does not move. */
export function setShape(entry: Entry, shape: u32): void {
  entry.kind = shape | (entry.kind & VOLATILE);
}
