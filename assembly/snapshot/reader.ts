/**
 * Reader: the pieces that a snapshot is made of, taken from bytes that nobody vouches for. The
 * mirror of writer.ts, which draws them.
 *
 * A piece that is not there, or not whole, sets `trouble`, and from then on every piece is empty:
 * whoever reads looks at `trouble` before believing in what was read, and nothing is read or
 * allocated beyond what the remaining bytes can account for.
 */
import { copy } from '../memory/bytes';
import { allocate, blockSize, release, reserve } from '../memory/heap';
import { formatInteger } from '../memory/integer-text';
import { decompress } from '../memory/lzf';
import { ENCODED, ENCODED_INT8, ENCODED_INT16, ENCODED_INT32, ENCODED_LZF } from './format';

export const FINE: u32 = 0;
/** The bytes end before the piece does. */
export const SHORT: u32 = 1;
export const MALFORMED: u32 = 2;
export const NO_MEMORY: u32 = 3;

/** What went wrong first: FINE, that is nothing, or more. */
export let trouble: u32 = 0;
/** The next byte to be read. */
export let at: usize = 0;
let end: usize = 0;

/** Three bytes of LZF make 264 at the most. */
const EXPANSION_MAX: u64 = 88;
const EXPANSION_EXTRA: u64 = 264;
const INTEGER_ROOM: usize = 32;

/**
 * A string that was read: valid until the next one is read into the same Text, or `close`. Its
 * bytes are those of the source, an integer written out behind the Text, or decompressed to a block.
 */
@unmanaged
export class Text {
  address: usize;
  length: usize;
  block: usize;
}

const TEXT_SIZE: usize = (offsetof<Text>() + 7) & ~7;
const TEXT_ROOM: usize = TEXT_SIZE + INTEGER_ROOM;
const texts: usize = memory.data(144, 16);
if (TEXT_ROOM * 3 > 144) ERROR('three texts fit');
/** Two strings can be held at a time, and a key. */
export const first: Text = changetype<Text>(texts);
export const second: Text = changetype<Text>(texts + TEXT_ROOM);
export const key: Text = changetype<Text>(texts + TEXT_ROOM * 2);

/** Reads from these bytes from now on. */
export function open(address: usize, size: usize): void {
  at = address;
  end = address + size;
  trouble = FINE;
}

/** Frees what strings were decompressed to. */
export function close(): void {
  forget(first);
  forget(second);
  forget(key);
}

function forget(text: Text): void {
  if (text.block) release(text.block);
  text.block = 0;
}

export function remaining(): usize {
  return end - at;
}

/** Notes that what was read is wrong, or why it cannot be taken. Always false. */
export function refuse(why: u32 = MALFORMED): bool {
  if (!trouble) trouble = why;
  at = end;
  return false;
}

function has(size: u64): bool {
  if (<u64>(end - at) >= size) return true;
  return refuse(SHORT);
}

/** Reserves memory ahead of an allocation; false, and it is trouble, if there is none. */
export function hasMemory(size: u64): bool {
  if (size < 0xf0000000 && reserve(<usize>size)) return true;
  return refuse(NO_MEMORY);
}

export function byte(): u32 {
  if (!has(1)) return 0;
  return load<u8>(at++);
}

/** Eight bytes, little endian. */
export function word(): u64 {
  if (!has(8)) return 0;
  at += 8;
  return load<u64>(at - 8);
}

/** Four bytes, little endian. */
export function halfWord(): u32 {
  if (!has(4)) return 0;
  at += 4;
  return load<u32>(at - 4);
}

export function double(): f64 {
  return reinterpret<f64>(word());
}

/** Bytes as they are: their address, or 0 if there are fewer. */
export function raw(size: u64): usize {
  if (!has(size)) return 0;
  at += <usize>size;
  return at - <usize>size;
}

/** A length or another number of that form. */
export function length(): u64 {
  const head = byte();
  if (head < 0x40) return head;
  if (head < 0x80) return ((<u64>(head & 0x3f)) << 8) | byte();
  if (head == 0x80) return has(4) ? bswap<u32>(halfWord()) : 0;
  if (head == 0x81) return bswap<u64>(word());
  refuse();
  return 0;
}

/** A count of things of at least `size` bytes each: no more than there can be. */
export function count(size: u32): u64 {
  const announced = length();
  if (announced <= <u64>remaining() / size) return announced;
  refuse(SHORT);
  return 0;
}

/** Reads a string into `text`; false, and it is empty, if there is none. */
export function string(text: Text): bool {
  text.length = 0;
  text.address = at;
  if (!has(1)) return false;
  const head = <u32>load<u8>(at);
  if (head < ENCODED) {
    const size = length();
    if (trouble || !has(size)) return false;
    text.address = at;
    text.length = <usize>size;
    at += <usize>size;
    return true;
  }
  at++;
  if (head == (ENCODED | ENCODED_LZF)) return compressed(text);
  return integer(text, head & ~ENCODED);
}

function integer(text: Text, kind: u32): bool {
  let value: i64 = 0;
  if (kind == ENCODED_INT8) value = <i8>byte();
  else if (kind == ENCODED_INT16) value = <i16>(byte() | (byte() << 8));
  else if (kind == ENCODED_INT32) value = <i32>halfWord();
  else refuse();
  if (trouble) return false;
  text.address = changetype<usize>(text) + TEXT_SIZE;
  text.length = formatInteger(value, text.address);
  return true;
}

function compressed(text: Text): bool {
  const packed = length();
  const size = length();
  if (trouble || !has(packed)) return false;
  const from = at;
  at += <usize>packed;
  if (!size || size > packed * EXPANSION_MAX + EXPANSION_EXTRA) return refuse();
  if (!hasRoom(text, size)) return false;
  if (decompress(from, <usize>packed, text.block, <usize>size) != <usize>size) return refuse();
  text.address = text.block;
  text.length = <usize>size;
  return true;
}

/** Gives the text a block that holds `size` bytes. */
function hasRoom(text: Text, size: u64): bool {
  if (text.block && <u64>blockSize(text.block) >= size) return true;
  forget(text);
  if (!hasMemory(size)) return false;
  text.block = allocate(<usize>size);
  return true;
}

/** The bytes of a text in a block of their own, which is the caller's; 0 without memory. */
export function take(text: Text): usize {
  let block = text.block;
  if (block && text.address == block && blockSize(block) - text.length < text.length >> 3) {
    text.block = 0;
    return block;
  }
  if (!hasMemory(text.length)) return 0;
  block = allocate(text.length);
  copy(block, text.address, text.length);
  return block;
}

/** Passes over a string without looking into it. */
export function skipString(): void {
  const head = byte();
  if (head < ENCODED) {
    if (trouble) return;
    at--;
    raw(length());
  } else if (head == (ENCODED | ENCODED_LZF)) {
    const packed = length();
    length();
    raw(packed);
  } else if (head <= (ENCODED | ENCODED_INT32)) {
    raw((<u64>1) << (head & ~ENCODED));
  } else {
    refuse();
  }
}
