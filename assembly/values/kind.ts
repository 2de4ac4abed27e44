/**
 * Kind: the byte of an entry that tells which Redis type its value has and how it is
 * encoded. Type and encoding numbers stay inside the core; snapshots have their own.
 *
 *   bit   7          6..3       2..0
 *         volatile   encoding   type
 */
import { Entry, VOLATILE } from '../structures/entry';

export const TYPE_STRING: u32 = 0;
const TYPE_MASK: u32 = 7;

/** An i64 in the value's eight bytes. */
export const STRING_INT: u32 = (0 << 3) | TYPE_STRING;
/** Up to 44 bytes inside the entry, as written by SET. */
export const STRING_EMBSTR: u32 = (1 << 3) | TYPE_STRING;
/** Bytes inside the entry: longer ones, or such as were changed in place. */
export const STRING_RAW: u32 = (2 << 3) | TYPE_STRING;
/** Bytes in a block of their own, to which the value's four bytes point. Raw to clients. */
export const STRING_BLOB: u32 = (3 << 3) | TYPE_STRING;

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
