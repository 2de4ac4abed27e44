/**
 * SHA-1 (https://www.rfc-editor.org/rfc/rfc3174): for DEBUG DIGEST and for naming scripts,
 * where Redis uses it too. Not for anything that must withstand an attacker.
 *
 * The text is hashed in blocks of 64 bytes; the last one or two are made:
 *
 *   rest of the text | 80 | zeros | length in bits, big-endian u64
 */
import { copy, fill } from './bytes';

export const DIGEST_SIZE: usize = 20;

const BLOCK: usize = 64;
const ROUNDS: usize = 80;

/** The words of one block, spread to eighty. */
const words: usize = memory.data(80 * 4, 4);

/** The rest of the text and its padding. */
const ending: usize = memory.data(2 * 64, 8);

let h0: u32 = 0;
let h1: u32 = 0;
let h2: u32 = 0;
let h3: u32 = 0;
let h4: u32 = 0;

/** Writes the digest of `length` bytes to the DIGEST_SIZE bytes at `to`, which may be the same. */
export function sha1(address: usize, length: usize, to: usize): void {
  h0 = 0x67452301;
  h1 = 0xefcdab89;
  h2 = 0x98badcfe;
  h3 = 0x10325476;
  h4 = 0xc3d2e1f0;
  const whole = length & ~(BLOCK - 1);
  for (let at: usize = 0; at < whole; at += BLOCK) addBlock(address + at);
  addEnding(address + whole, length - whole, (<u64>length) << 3);
  storeBigEndian(to, h0);
  storeBigEndian(to + 4, h1);
  storeBigEndian(to + 8, h2);
  storeBigEndian(to + 12, h3);
  storeBigEndian(to + 16, h4);
}

function addEnding(address: usize, length: usize, bits: u64): void {
  const size = length < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  copy(ending, address, length);
  store<u8>(ending + length, 0x80);
  fill(ending + length + 1, 0, size - length - 1);
  store<u64>(ending + size - 8, bswap(bits));
  for (let at: usize = 0; at < size; at += BLOCK) addBlock(ending + at);
}

function addBlock(address: usize): void {
  spread(address);
  let a = h0;
  let b = h1;
  let c = h2;
  let d = h3;
  let e = h4;
  for (let round: usize = 0; round < ROUNDS; round++) {
    const next = rotl(a, 5) + mix(round, b, c, d) + e + wordOf(round);
    e = d;
    d = c;
    c = rotl(b, 30);
    b = a;
    a = next;
  }
  h0 += a;
  h1 += b;
  h2 += c;
  h3 += d;
  h4 += e;
}

function spread(address: usize): void {
  for (let index: usize = 0; index < 16; index++) {
    store<u32>(words + (index << 2), bswap(load<u32>(address + (index << 2))));
  }
  for (let index: usize = 16; index < ROUNDS; index++) {
    const recent = wordOf(index - 3) ^ wordOf(index - 8);
    const word = rotl(recent ^ wordOf(index - 14) ^ wordOf(index - 16), 1);
    store<u32>(words + (index << 2), word);
  }
}

function wordOf(index: usize): u32 {
  return load<u32>(words + (index << 2));
}

/** The function and the constant of a round. */
function mix(round: usize, b: u32, c: u32, d: u32): u32 {
  if (round < 20) return (d ^ (b & (c ^ d))) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function storeBigEndian(to: usize, word: u32): void {
  store<u32>(to, bswap(word));
}
