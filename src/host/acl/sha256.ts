/**
 * SHA-256, at once: passwords are compared while a command runs, and Web Crypto only promises.
 * FIPS 180-4, https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 *
 *   the message          80   00 ... 00     length in bits, big-endian
 *   n bytes              1    to the next    8 bytes
 *                             multiple of 64, less 8
 */

const BLOCK = 64;
const LENGTH_SIZE = 8;
const START = Uint32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);
const ROUNDS = Uint32Array.from(
  (
    '428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 ' +
    'd807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 ' +
    'e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da ' +
    '983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 ' +
    '27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 ' +
    'a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 ' +
    '19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 ' +
    '748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2'
  ).split(' '),
  (word) => Number.parseInt(word, 16),
);

/** The digest in 64 lower-case hexadecimal digits. */
export function sha256(message: Uint8Array): string {
  const padded = pad(message);
  const state = START.slice();
  const schedule = new Uint32Array(BLOCK);
  for (let at = 0; at < padded.byteLength; at += BLOCK) {
    expand(padded, at, schedule);
    compress(state, schedule);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

function pad(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 1 + LENGTH_SIZE) / BLOCK);
  const bytes = new Uint8Array(blocks * BLOCK);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - LENGTH_SIZE, BigInt(message.length) * 8n);
  return view;
}

function expand(padded: DataView, block: number, schedule: Uint32Array): void {
  for (let at = 0; at < 16; at++) schedule[at] = padded.getUint32(block + at * 4);
  for (let at = 16; at < BLOCK; at++) {
    const early = wordAt(schedule, at - 15);
    const late = wordAt(schedule, at - 2);
    const mixed =
      (rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)) +
      (rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10));
    schedule[at] = wordAt(schedule, at - 16) + wordAt(schedule, at - 7) + mixed;
  }
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = Array.from(state) as Eight;
  for (let round = 0; round < BLOCK; round++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const input = wordAt(ROUNDS, round) + wordAt(schedule, round);
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + input) | 0;
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[at] = wordAt(state, at) + word;
  }
}

type Eight = [number, number, number, number, number, number, number, number];

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function wordAt(words: Uint32Array, index: number): number {
  return words[index] as number;
}
