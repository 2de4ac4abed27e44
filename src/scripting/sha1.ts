/**
 * SHA-1, as the names of scripts are made of it. FIPS 180-4: https://doi.org/10.6028/NIST.FIPS.180-4
 */

const BLOCK = 64;
const START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
const ROUND_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

/** The digest of `bytes` in 40 hexadecimal digits. */
export function sha1Hex(bytes: Uint8Array): string {
  const view = padded(bytes);
  const state = Uint32Array.from(START);
  const words = new Uint32Array(80);
  for (let at = 0; at < view.byteLength; at += BLOCK) {
    for (let t = 0; t < 16; t++) words[t] = view.getUint32(at + t * 4);
    addBlock(state, words);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** Behind the message: a bit, zeros, and its length in bits. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.length + 9) / BLOCK) * BLOCK;
  const all = new Uint8Array(length);
  all.set(bytes);
  all[bytes.length] = 0x80;
  const view = new DataView(all.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 0x2000_0000));
  view.setUint32(length - 4, bytes.length << 3);
  return view;
}

function addBlock(state: Uint32Array, words: Uint32Array): void {
  for (let t = 16; t < 80; t++) {
    const mixed = at(words, t - 3) ^ at(words, t - 8) ^ at(words, t - 14) ^ at(words, t - 16);
    words[t] = rotate(mixed, 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t++) {
    const constant = ROUND_CONSTANTS[Math.floor(t / 20)] ?? 0;
    const next = (rotate(a, 5) + choose(t, b, c, d) + e + constant + at(words, t)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  [a, b, c, d, e].forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

function choose(t: number, b: number, c: number, d: number): number {
  if (t < 20) return (b & c) | (~b & d);
  if (t >= 40 && t < 60) return (b & c) | (b & d) | (c & d);
  return b ^ c ^ d;
}

function rotate(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}
