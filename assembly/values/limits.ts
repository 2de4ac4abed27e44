/**
 * Limits: up to what size a collection keeps its compact encoding. The host sets them from
 * the configuration (`hash-max-listpack-entries` and the like); the values here are Redis's.
 */

// Numbers of the limits; append-only, `configure` adds LIMITS_BEGIN to them.
const HASH_LISTPACK_ENTRIES: u32 = 0;
const HASH_LISTPACK_VALUE: u32 = 1;
const LIST_LISTPACK_SIZE: u32 = 2;
const LIST_COMPRESS_DEPTH: u32 = 3;
const SET_INTSET_ENTRIES: u32 = 4;
const ZSET_LISTPACK_ENTRIES: u32 = 5;
const ZSET_LISTPACK_VALUE: u32 = 6;
const STREAM_NODE_BYTES: u32 = 7;
const STREAM_NODE_ENTRIES: u32 = 8;
const HLL_SPARSE_BYTES: u32 = 9;

/** Fields that a hash may have as a listpack. */
export let hashListpackEntries: i64 = 512;
/** Bytes that a field or value of such a hash may have. */
export let hashListpackValue: i64 = 64;
/** Elements of a quicklist node if positive; -1 to -5 for 4 to 64 KiB. */
export let listListpackSize: i64 = -2;
/** Nodes at each end of a list that are not compressed; 0 compresses none. */
export let listCompressDepth: i64 = 0;
/** Members that a set of integers may have as an intset. */
export let setIntsetEntries: i64 = 512;
/** Members that a sorted set may have as a listpack. */
export let zsetListpackEntries: i64 = 128;
/** Bytes that a member of such a sorted set may have. */
export let zsetListpackValue: i64 = 64;
/** Bytes that a node of a stream may have; 0 for no limit. */
export let streamNodeBytes: i64 = 4096;
/** Entries that a node of a stream may have; 0 for no limit. */
export let streamNodeEntries: i64 = 100;
/** Bytes that a sparse HyperLogLog may have. */
export let hllSparseBytes: i64 = 3000;

/** Sets limit `name`; unknown names are ignored. */
export function setLimit(name: u32, value: i64): void {
  if (name == HASH_LISTPACK_ENTRIES) hashListpackEntries = value;
  else if (name == HASH_LISTPACK_VALUE) hashListpackValue = value;
  else if (name == LIST_LISTPACK_SIZE) listListpackSize = value;
  else if (name == LIST_COMPRESS_DEPTH) listCompressDepth = value;
  else if (name == SET_INTSET_ENTRIES) setIntsetEntries = value;
  else if (name == ZSET_LISTPACK_ENTRIES) zsetListpackEntries = value;
  else if (name == ZSET_LISTPACK_VALUE) zsetListpackValue = value;
  else if (name == STREAM_NODE_BYTES) streamNodeBytes = value;
  else if (name == STREAM_NODE_ENTRIES) streamNodeEntries = value;
  else if (name == HLL_SPARSE_BYTES) hllSparseBytes = value;
}
