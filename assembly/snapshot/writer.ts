/**
 * Writer: the pieces that a snapshot is made of, appended to a Buffer: lengths, strings, numbers.
 *
 *   length   00nnnnnn                       up to 63
 *            01nnnnnn nnnnnnnn              up to 16383
 *            10000000 and u32, big endian
 *            10000001 and u64, big endian
 *   string   length, bytes
 *            11000000 i8   11000001 i16   11000010 i32     an integer as text, little endian
 *            11000011 length, length, LZF                  compressed, real length, bytes
 *
 * Whatever does not fit into memory sets `failed`, and from then on nothing is written.
 *
 * Example: "abc" is  03 61 62 63;  "-2" is  c0 fe;  "300" is  c1 2c 01.
 */
import { Buffer } from '../memory/buffer';
import { allocate, promised, reserve, setPromised } from '../memory/heap';
import { formatInteger, parsedInteger, parseInteger } from '../memory/integer-text';
import { compress } from '../memory/lzf';
import { ENCODED, ENCODED_INT8, ENCODED_INT16, ENCODED_INT32, ENCODED_LZF } from './format';

/** Longer strings are not compressed in a snapshot: that would take longer than a slice may. */
const SNAPSHOT_COMPRESSED_MAX: usize = 1 << 18;
/** Shorter ones neither: trying takes as long as all else that is done for a key, for few bytes. */
const SNAPSHOT_COMPRESSED_MIN: usize = 64;
/** What a buffer grows by at the least. */
const GROWTH_MIN: u64 = 8192;
/** Room for the head of a compressed string: a byte and two lengths. */
const HEAD_ROOM: usize = 1 + 9 + 9;
/** Longest text that is tried as an integer. */
const INTEGER_TEXT_MAX: usize = 11;
/** Shortest string that Redis compresses. */
const COMPRESSED_MIN: usize = 21;

let compressing: bool = true;
let out: Buffer = changetype<Buffer>(0);
/** True once a piece did not fit into memory. */
export let failed: bool = false;
/** Strings that are shorter or longer stay as they are. */
let compressedMin: usize = COMPRESSED_MIN;
let compressedMax: usize = usize.MAX_VALUE;

const integerText: usize = memory.data(32, 16);

/** The bytes that were compressed, or tried, since `resetEffort`. */
export let effort: usize = 0;

export function resetEffort(): void {
  effort = 0;
}

/** `rdbcompression`. */
export function setCompression(on: bool): void {
  compressing = on;
}

/** Appends to `buffer` from now on, and compresses what Redis compresses. */
export function open(buffer: Buffer): void {
  begin(buffer, COMPRESSED_MIN, usize.MAX_VALUE);
}

/** The same, as a snapshot has it: what takes long for what it gives stays as it is. */
export function openSnapshot(buffer: Buffer): void {
  begin(buffer, SNAPSHOT_COMPRESSED_MIN, SNAPSHOT_COMPRESSED_MAX);
}

function begin(buffer: Buffer, shortest: usize, longest: usize): void {
  out = buffer;
  compressedMin = shortest;
  compressedMax = longest;
  failed = false;
}

function hasRoom(size: usize): bool {
  if (!failed && (out.limit - out.end >= size || grows(size))) return true;
  failed = true;
  return false;
}

/** Makes room, but not with memory that the command at hand has reserved. */
function grows(size: usize): bool {
  const others = promised;
  const capacity = out.limit - out.bytes;
  const wanted = (<u64>capacity + max<u64>(<u64>size + GROWTH_MIN, capacity)) << 1;
  const granted = wanted + others < u32.MAX_VALUE && reserve(<usize>wanted + others);
  const grown = granted && out.hasRoom(size);
  setPromised(others);
  return grown;
}

/** A block that is not of the memory that the command at hand has reserved; 0 if there is none. */
export function claim(size: usize): usize {
  return canClaim(size) ? allocate(size) : 0;
}

/** True if so much can be allocated beside what the command at hand has reserved. */
export function canClaim(size: u64): bool {
  const others = promised;
  const granted = size + others < u32.MAX_VALUE && reserve(<usize>size + others);
  setPromised(others);
  return granted;
}

export function byte(value: u32): void {
  if (!hasRoom(1)) return;
  store<u8>(out.end, value);
  out.end += 1;
}

/** Bytes as they are. */
export function raw(address: usize, size: usize): void {
  if (hasRoom(size)) out.raw(address, size);
}

/** Eight bytes, little endian. */
export function word(value: u64): void {
  if (!hasRoom(8)) return;
  store<u64>(out.end, value);
  out.end += 8;
}

export function double(value: f64): void {
  word(reinterpret<u64>(value));
}

export function length(value: u64): void {
  if (hasRoom(9)) out.end += putLength(out.end, value);
}

/** Writes a length; returns how many bytes it takes. */
function putLength(to: usize, value: u64): usize {
  if (value < 0x40) {
    store<u8>(to, value);
    return 1;
  }
  if (value < 0x4000) {
    store<u16>(to, bswap<u16>(<u16>value | 0x4000));
    return 2;
  }
  if (value <= 0xffffffff) {
    store<u8>(to, 0x80);
    store<u32>(to + 1, bswap<u32>(<u32>value));
    return 5;
  }
  store<u8>(to, 0x81);
  store<u64>(to + 1, bswap<u64>(value));
  return 9;
}

/** An integer as a string. */
export function integer(value: i64): void {
  if (!hasRoom(8)) return;
  if (value == <i64>(<i8>value)) return encoded(ENCODED_INT8, value, 1);
  if (value == <i64>(<i16>value)) return encoded(ENCODED_INT16, value, 2);
  if (value == <i64>(<i32>value)) return encoded(ENCODED_INT32, value, 4);
  plain(integerText, formatInteger(value, integerText));
}

function encoded(kind: u32, value: i64, size: usize): void {
  store<u8>(out.end, ENCODED | kind);
  store<u32>(out.end + 1, <u32>value);
  out.end += 1 + size;
}

/** True if a string of this size, which is too long for an integer, is never compressed. */
export function staysPlain(size: usize): bool {
  return !compressing || size < compressedMin || size > compressedMax;
}

/** A string, in its shortest encoding. */
export function string(address: usize, size: usize): void {
  if (size - 1 < INTEGER_TEXT_MAX && parseInteger(address, size)) return integer(parsedInteger);
  if (staysPlain(size)) return plain(address, size);
  compressed(address, size);
}

function plain(address: usize, size: usize): void {
  length(size);
  raw(address, size);
}

/** A string compressed if that makes it shorter, as it is if not. */
function compressed(address: usize, size: usize): void {
  if (!hasRoom(HEAD_ROOM + size)) return;
  effort += size;
  const place = out.end + HEAD_ROOM;
  const taken = compress(address, size, place, size - 4);
  if (!taken) return plain(address, size);
  packed(place, taken, size);
}

/** A string of `size` bytes that is compressed already, to `taken` bytes at `address`. */
export function packed(address: usize, taken: usize, size: usize): void {
  if (!hasRoom(HEAD_ROOM + taken)) return;
  let at = out.end;
  store<u8>(at++, ENCODED | ENCODED_LZF);
  at += putLength(at, taken);
  at += putLength(at, size);
  // The bytes may lie a little behind, in the same room.
  memory.copy(at, address, taken);
  out.end = at + taken;
}
