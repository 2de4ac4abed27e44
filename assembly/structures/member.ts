/**
 * Member: one record of a collection that is a hash table: a set member, a hash field with
 * its value, a sorted-set member with its score. It is an entry without what only keys of a
 * database need.
 *
 *   0      2               2 or 10
 *   +------+---------------+-----------+-----------------------------+
 *   | head | word          | key bytes | value, known to the owner   |
 *   +------+---------------+-----------+-----------------------------+
 *     u16    u64, if the head says so
 *
 *   head  bit   15         14        13..0
 *               has word   long key  key length
 *
 * The word is a field's deadline or a member's score. A key of LONG_KEY bytes or more has its
 * length, a u32, in front of its bytes, and bit 14 set.
 *
 * Example: the set member "abc" takes 5 bytes of 8:
 *
 *   03 00   61 62 63
 *   head    abc
 */
import { copy, equals } from '../memory/bytes';
import { allocate, release } from '../memory/heap';
import { hash } from '../memory/siphash';

export const HAS_WORD: u32 = 0x8000;
const LONG: u32 = 0x4000;
const LENGTH_MASK: u32 = 0x3fff;
const HEAD_SIZE: usize = 2;
/** Keys of this length and more have their length in front of them. */
export const LONG_KEY: usize = 0x4000;

@unmanaged
export class Member {
  head: u16;

  @inline get hasWord(): bool {
    return this.head >= HAS_WORD;
  }

  @inline get word(): u64 {
    return load<u64>(changetype<usize>(this), HEAD_SIZE);
  }

  set word(value: u64) {
    store<u64>(changetype<usize>(this), value, HEAD_SIZE);
  }

  @inline private get place(): usize {
    return changetype<usize>(this) + HEAD_SIZE + ((<usize>this.head >> 15) << 3);
  }

  @inline get keyAddress(): usize {
    return this.place + (<usize>(this.head & LONG) >> 12);
  }

  @inline get keyLength(): usize {
    if (this.head & LONG) return <usize>load<u32>(this.place);
    return this.head & LENGTH_MASK;
  }

  /** Where the owner's value begins. */
  @inline get valuePlace(): usize {
    return this.keyAddress + this.keyLength;
  }

  get keyHash(): u64 {
    return hash(this.keyAddress, this.keyLength);
  }

  hasKey(key: usize, keyLength: usize): bool {
    return this.keyLength == keyLength && equals(this.keyAddress, key, keyLength);
  }
}

if (LONG >> 12 != 4) ERROR('a long key is behind four bytes of length');

/** The bytes of a member with such a key and value. `flags` is HAS_WORD or 0. */
export function memberSize(keyLength: usize, flags: u32, valueSize: usize): usize {
  const long: usize = keyLength >= LONG_KEY ? 4 : 0;
  return HEAD_SIZE + ((<usize>flags >> 15) << 3) + long + keyLength + valueSize;
}

/**
 * A new member with a copy of the key and room for a value of `valueSize` bytes; word and value
 * are to be filled in. Memory must be reserved. Free it with `release`.
 */
export function create(key: usize, keyLength: usize, flags: u32, valueSize: usize): Member {
  const member = changetype<Member>(allocate(memberSize(keyLength, flags, valueSize)));
  if (keyLength < LONG_KEY) {
    member.head = <u16>(flags | <u32>keyLength);
  } else {
    member.head = <u16>(flags | LONG);
    store<u32>(member.keyAddress - 4, <u32>keyLength);
  }
  copy(member.keyAddress, key, keyLength);
  return member;
}

/** Frees a member. */
export function dispose(member: Member): void {
  release(changetype<usize>(member));
}
