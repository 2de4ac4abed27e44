/** Byte operations against Buffer's, at every length around the widths they switch at. */
import { randomBytes, randomInt } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type AssemblyInstance, compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('test/structures/bytes.as.ts');
const A = 0x10000;
const B = 0x14000;
const LENGTHS = [...Array(300).keys(), 511, 512, 1000, 4096];

let core: AssemblyInstance;
beforeEach(() => {
  core = instantiate(module);
});

const at = (address: number, length: number): Buffer =>
  Buffer.from(core.memory.buffer, address, length);
const put = (address: number, bytes: Uint8Array): void => void at(address, bytes.length).set(bytes);
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

test('copies exactly the bytes asked for', () => {
  for (const length of LENGTHS) {
    const [from, to] = [A + (length % 17), B + (length % 13)];
    put(A, randomBytes(8192));
    put(B, randomBytes(8192));
    const expected = Buffer.from(at(B, 8192));
    at(from, length).copy(expected, to - B);
    core.call('copy', to, from, length);
    expect(at(B, 8192).equals(expected), `length ${length}`).toBe(true);
  }
});

test('fills exactly the bytes asked for', () => {
  for (const length of LENGTHS) {
    put(B, randomBytes(8192));
    const expected = Buffer.from(at(B, 8192)).fill(0xa7, 5, 5 + length);
    core.call('fill', B + 5, 0xa7, length);
    expect(at(B, 8192).equals(expected), `length ${length}`).toBe(true);
  }
});

test('finds every single difference and no other', () => {
  for (const length of LENGTHS.filter((n) => n <= 300)) {
    const bytes = randomBytes(length + 2);
    put(A, bytes);
    put(B + 3, bytes);
    at(A + length, 1)[0] ^= 1;
    expect(core.call('equals', A, B + 3, length), `length ${length}`).toBe(1);
    for (let index = 0; index < length; index++) {
      at(B + 3 + index, 1)[0] ^= 0x80;
      expect(core.call('equals', A, B + 3, length), `${index} of ${length}`).toBe(0);
      at(B + 3 + index, 1)[0] ^= 0x80;
    }
  }
});

test('orders as memcmp does and puts a prefix first', () => {
  for (let round = 0; round < 20_000; round++) {
    const a = randomBytes(randomInt(60));
    const b = Buffer.concat([a.subarray(0, randomInt(a.length + 1)), randomBytes(randomInt(3))]);
    put(A, a);
    put(B, b);
    const order = core.call('compare', A, a.length, B, b.length) as number;
    expect(Math.sign(order)).toBe(Buffer.compare(a, b));
  }
});

describe('keywords', () => {
  test('match in any case, whole, and up to a NUL as C strings do', () => {
    const matches = (text: string): boolean => {
      put(A, ascii(`${text}ZZZZ`));
      return core.call('isExat', A, text.length) === 1;
    };
    const yes = ['EXAT', 'exat', 'ExaT', 'exat\0', 'EXAT\0junk'];
    const no = ['', 'E', 'EXA', 'EXATX', 'EX\0T', 'exbt', '\0', 'EXA\0', 'eXa\x54\x01', 'EXA\x74 '];
    expect(yes.filter((text) => !matches(text))).toEqual([]);
    expect(no.filter(matches)).toEqual([]);
  });

  test('letters only change case: neighbours of A-Z in ASCII stay themselves', () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = String.fromCharCode(byte);
      const expected = byte < 128 ? text.toLowerCase() : text;
      expect(core.call('toLower', byte)).toBe(expected.charCodeAt(0));
    }
  });

  test('literals of every length are written as bytes', () => {
    const length = core.call('writeLiteral', A) as number;
    expect(at(A, length).toString('latin1')).toBe('-ERR value is not an integer or out of range');
    expect(core.call('writeShort', B)).toBe(3);
    expect(at(B, 4).toString('latin1')).toBe('+OK\0');
  });
});
