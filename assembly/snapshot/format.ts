/**
 * Format: the numbers of Redis's RDB, which snapshots and the payloads of DUMP are written in.
 * docs/formats/rdb.md draws the bytes.
 */

/** The version that is written: Redis 7.0's. */
export const VERSION: u32 = 10;
/** The newest version that is read: Redis 7.4's. */
export const VERSION_MAX: u32 = 12;

// What the type byte of a value says.
export const STRING: u32 = 0;
export const LIST: u32 = 1;
export const SET: u32 = 2;
export const ZSET: u32 = 3;
export const HASH: u32 = 4;
export const ZSET_2: u32 = 5;
export const MODULE_2: u32 = 7;
export const HASH_ZIPMAP: u32 = 9;
export const LIST_ZIPLIST: u32 = 10;
export const SET_INTSET: u32 = 11;
export const ZSET_ZIPLIST: u32 = 12;
export const HASH_ZIPLIST: u32 = 13;
export const LIST_QUICKLIST: u32 = 14;
export const STREAM_LISTPACKS: u32 = 15;
export const HASH_LISTPACK: u32 = 16;
export const ZSET_LISTPACK: u32 = 17;
export const LIST_QUICKLIST_2: u32 = 18;
export const STREAM_LISTPACKS_2: u32 = 19;
export const SET_LISTPACK: u32 = 20;
export const STREAM_LISTPACKS_3: u32 = 21;
export const HASH_METADATA: u32 = 24;
export const HASH_LISTPACK_EX: u32 = 25;

// What else a byte in a type's place can say.
export const FUNCTION_2: u32 = 245;
export const MODULE_AUX: u32 = 247;
export const IDLE: u32 = 248;
export const FREQ: u32 = 249;
export const AUX: u32 = 250;
export const RESIZE_DB: u32 = 251;
export const EXPIRE_MS: u32 = 252;
export const EXPIRE_SECONDS: u32 = 253;
export const SELECT_DB: u32 = 254;
export const END: u32 = 255;

// Special encodings of strings, in the low six bits of a length that begins with 11.
export const ENCODED: u32 = 0xc0;
export const ENCODED_INT8: u32 = 0;
export const ENCODED_INT16: u32 = 1;
export const ENCODED_INT32: u32 = 2;
export const ENCODED_LZF: u32 = 3;

// Containers of the nodes of a quicklist.
export const NODE_PLAIN: u64 = 1;
export const NODE_PACKED: u64 = 2;
