/**
 * Entry: one record that holds a key and its value, or where the value is. The hash
 * tables of a database point at entries; those of collections at members (member.ts).
 *
 *   0        3      4            6              8              8 or 16
 *   +--------+------+------------+--------------+--------------+-----------+-------------+
 *   | clock  | kind | key length | value length | expires at   | key bytes | value bytes |
 *   +--------+------+------------+--------------+--------------+-----------+-------------+
 *     u24      u8     u16          u16            i64, if volatile
 *
 * `clock` is the 24-bit access clock that eviction works with. `kind` packs
 *
 *   bit   7          6      5..3       2..0
 *         volatile   mark   encoding   type
 *
 * The mark tells whether a snapshot has written the entry; which of its values says so is
 * different for each snapshot. Nobody else sees it: `kind` is without it.
 *
 * A key of LONG_KEY bytes or more lies in a block of its own; its place then holds
 * { u32 address, u32 length } and the key length says LONG_KEY.
 *
 * Example: key "a" with the string "hi" (embstr), not volatile, takes 11 bytes of 16:
 *
 *   00 00 00  08    01 00       02 00          61        68 69
 *   clock     kind  1           2              a         h  i
 */
import { copy, equals } from '../memory/bytes';
import { allocate, release, usableSize } from '../memory/heap';
import { hash } from '../memory/siphash';

@unmanaged
export class Entry {
  /** clock | kind << 24 */
  word: u32;
  keyLengthWord: u16;
  valueLength: u16;

  @inline get kind(): u32 {
    return (this.word & ~MARK) >> 24;
  }

  set kind(kind: u32) {
    this.word = (this.word & (CLOCK_MASK | MARK)) | (kind << 24);
  }

  /** True if the snapshot that is being written will need the entry as it is now. */
  @inline get isUnwritten(): bool {
    return ((this.word ^ written) & MARK) != 0;
  }

  /** The entry may change, as far as the snapshot is concerned. */
  markWritten(): void {
    this.word = (this.word & ~MARK) | written;
  }

  @inline get clock(): u32 {
    return this.word & CLOCK_MASK;
  }

  set clock(clock: u32) {
    this.word = (this.word & ~CLOCK_MASK) | (clock & CLOCK_MASK);
  }

  @inline get isVolatile(): bool {
    return <i32>this.word < 0;
  }

  @inline get expiresAt(): i64 {
    return load<i64>(changetype<usize>(this), HEADER_SIZE);
  }

  set expiresAt(unixMs: i64) {
    store<i64>(changetype<usize>(this), unixMs, HEADER_SIZE);
  }

  /** Where the key, or the reference to a long key, begins. */
  @inline get keyPlace(): usize {
    return changetype<usize>(this) + HEADER_SIZE + ((<usize>this.word >> 31) << 3);
  }

  @inline get keyAddress(): usize {
    const place = this.keyPlace;
    return this.keyLengthWord == LONG_KEY ? <usize>load<u32>(place) : place;
  }

  @inline get keyLength(): usize {
    if (this.keyLengthWord == LONG_KEY) return <usize>load<u32>(this.keyPlace, 4);
    return this.keyLengthWord;
  }

  /** Where the value's own bytes, or the reference to it, begin. */
  @inline get valuePlace(): usize {
    const length: usize = this.keyLengthWord == LONG_KEY ? LONG_KEY_SIZE : this.keyLengthWord;
    return this.keyPlace + length;
  }

  /** The bytes that the entry was allocated for. */
  @inline get size(): usize {
    return this.valuePlace - changetype<usize>(this) + this.valueLength;
  }

  /** The hash of the key. */
  get keyHash(): u64 {
    return hash(this.keyAddress, this.keyLength);
  }

  /** True if the key is these bytes. */
  hasKey(key: usize, keyLength: usize): bool {
    const word = <usize>this.keyLengthWord;
    if (word != min<usize>(keyLength, LONG_KEY)) return false;
    if (word != LONG_KEY) return equals(this.keyPlace, key, keyLength);
    return this.keyLength == keyLength && equals(this.keyAddress, key, keyLength);
  }
}

export const HEADER_SIZE: usize = 8;
if (offsetof<Entry>() != HEADER_SIZE) ERROR('an entry header is eight bytes');

/** Keys of this length and more are kept outside of their entry. */
export const LONG_KEY: u32 = 0xffff;
const LONG_KEY_SIZE: usize = 8;
export const CLOCK_MASK: u32 = 0xffffff;
export const VOLATILE: u32 = 0x80;
/** The bit of an entry's word that is its mark. */
const MARK: u32 = 0x40 << 24;
/** The mark of entries that a snapshot has written, or that are newer than it. */
let written: u32 = 0;

/** Makes every entry that has been written an unwritten one: a snapshot begins. */
export function exchangeMarks(): void {
  written ^= MARK;
}

/** Bytes that an entry for such a key and value takes from the heap, the long key included. */
export function entryCost(keyLength: usize, valueLength: usize): usize {
  return HEADER_SIZE + 8 + keyLength + valueLength + 64;
}

function keySizeWithin(keyLength: usize): usize {
  return keyLength >= LONG_KEY ? LONG_KEY_SIZE : keyLength;
}

/**
 * A new entry with a copy of the key, room for `valueLength` bytes of value, clock 0;
 * `kind` tells if there is a deadline to be filled in. Memory must be reserved.
 */
export function create(key: usize, keyLength: usize, kind: u32, valueLength: usize): Entry {
  const deadline: usize = kind & VOLATILE ? 8 : 0;
  const size = HEADER_SIZE + deadline + keySizeWithin(keyLength) + valueLength;
  const entry = changetype<Entry>(allocate(size));
  entry.word = (kind << 24) | written;
  entry.keyLengthWord = <u16>min<usize>(keyLength, LONG_KEY);
  entry.valueLength = <u16>valueLength;
  const place = entry.keyPlace;
  if (keyLength >= LONG_KEY) {
    const block = allocate(keyLength);
    store<u32>(place, <u32>block);
    store<u32>(place, <u32>keyLength, 4);
    copy(block, key, keyLength);
  } else {
    copy(place, key, keyLength);
  }
  return entry;
}

/**
 * Gives the entry another kind and room for `valueLength` bytes of value, of which the
 * first `kept` stay what they were; key, clock and deadline stay too. The entry may move.
 */
export function reshape(entry: Entry, kind: u32, valueLength: usize, kept: usize): Entry {
  const deadline: usize = kind & VOLATILE ? 8 : 0;
  const keySize: usize = entry.keyLengthWord == LONG_KEY ? LONG_KEY_SIZE : entry.keyLengthWord;
  const size = HEADER_SIZE + deadline + keySize + valueLength;
  const sameLayout = ((entry.kind ^ kind) & VOLATILE) == 0;
  if (sameLayout && (valueLength == entry.valueLength || sameBlock(size, entry.size))) {
    entry.kind = kind;
    entry.valueLength = <u16>valueLength;
    return entry;
  }
  const moved = changetype<Entry>(allocate(size));
  moved.word = (entry.word & (CLOCK_MASK | MARK)) | (kind << 24);
  moved.keyLengthWord = entry.keyLengthWord;
  moved.valueLength = <u16>valueLength;
  if (kind & entry.kind & VOLATILE) moved.expiresAt = entry.expiresAt;
  copy(moved.keyPlace, entry.keyPlace, keySize);
  copy(moved.valuePlace, entry.valuePlace, kept);
  release(changetype<usize>(entry));
  return moved;
}

function sameBlock(size: usize, other: usize): bool {
  return usableSize(size) == usableSize(other);
}

/** Frees the entry and its long key; what the value refers to must be freed before. */
export function dispose(entry: Entry): void {
  if (entry.keyLengthWord == LONG_KEY) release(entry.keyAddress);
  release(changetype<usize>(entry));
}
