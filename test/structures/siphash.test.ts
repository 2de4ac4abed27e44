/** SipHash-1-3 against a second implementation, written with BigInt from the paper. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('assembly/memory/siphash.ts');

type State = [bigint, bigint, bigint, bigint];

const AT = 0x10000;
const word = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint): bigint =>
  word(value << bits) | (value >> (64n - bits));

function sipRound(v: State): void {
  v[0] = word(v[0] + v[1]);
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = word(v[2] + v[3]);
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = word(v[0] + v[3]);
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = word(v[2] + v[1]);
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}

/** SipHash-c-d; only c = 2, d = 4 has published vectors, so the test checks those too. */
function referenceHash(bytes: Uint8Array, k0: bigint, k1: bigint, c = 1, d = 3): bigint {
  const v: State = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const padded = new Uint8Array((bytes.length & ~7) + 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length & 255;
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) {
    const m = view.getBigUint64(at, true);
    v[3] ^= m;
    for (let round = 0; round < c; round++) sipRound(v);
    v[0] ^= m;
  }
  v[2] ^= 0xffn;
  for (let round = 0; round < d; round++) sipRound(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

test('the reference gives the published vector of SipHash-2-4', () => {
  const bytes = Uint8Array.from({ length: 15 }, (_, index) => index);
  const [k0, k1] = [0x0706050403020100n, 0x0f0e0d0c0b0a0908n];
  expect(referenceHash(bytes, k0, k1, 2, 4)).toBe(0xa129ca6149be45e5n);
});

test('hashes every length up to 300 at every alignment as the reference does', () => {
  const core = instantiate(module);
  for (let length = 0; length <= 300; length++) {
    const bytes = randomBytes(length);
    const [k0, k1] = [randomBytes(8).readBigUInt64LE(), randomBytes(8).readBigUInt64LE()];
    const at = AT + (length % 16);
    new Uint8Array(core.memory.buffer, AT, 400).set(randomBytes(400));
    new Uint8Array(core.memory.buffer, at, length).set(bytes);
    core.call('setSeed', k0, k1);
    expect(word(core.call('hash', at, length) as bigint)).toBe(referenceHash(bytes, k0, k1));
  }
});
