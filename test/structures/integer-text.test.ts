/** Integers as text: the canonical form and nothing else, over the whole range of i64. */
import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { type AssemblyInstance, compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('test/structures/integer-text.as.ts');
const AT = 0x10000;
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

let core: AssemblyInstance;
beforeEach(() => {
  core = instantiate(module);
});

/** The bytes that follow are digits, so that reading too far shows. */
function parse(text: string): bigint | null {
  Buffer.from(core.memory.buffer, AT, 64).fill('9').write(text, 'latin1');
  return core.call('parseInteger', AT, text.length) === 1 ? (core.call('parsed') as bigint) : null;
}

function format(value: bigint): string {
  const length = core.call('formatInteger', value, AT) as number;
  return Buffer.from(core.memory.buffer, AT, length).toString('latin1');
}

/** What string2ll accepts: the text that the integer itself would be written as. */
function expected(text: string): bigint | null {
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return null;
  const value = BigInt(text);
  return value < MIN || value > MAX ? null : value;
}

function* interestingIntegers(): Generator<bigint> {
  for (let digits = 0n; digits < 20n; digits++) {
    for (const near of [-2n, -1n, 0n, 1n, 2n]) {
      yield 10n ** digits + near;
      yield -(10n ** digits) + near;
    }
  }
  for (let bits = 0n; bits < 64n; bits++) yield* [2n ** bits, 2n ** bits - 1n, -(2n ** bits)];
  yield* [MIN, MIN + 1n, MAX, MAX - 1n];
  for (let round = 0; round < 20_000; round++) {
    yield randomBytes(8).readBigInt64LE() >> BigInt(round % 64);
  }
}

test('every integer survives being written and read', () => {
  for (const value of interestingIntegers()) {
    if (value < MIN || value > MAX) continue;
    expect(format(value)).toBe(value.toString());
    expect(parse(value.toString())).toBe(value);
  }
});

test('refuses what is not canonical', () => {
  const texts = [
    '',
    '-',
    '+',
    '+1',
    '-0',
    '00',
    '01',
    '-01',
    ' 1',
    '1 ',
    '1.0',
    '1e3',
    '0x10',
    'a',
  ];
  texts.push('--1', '1-', '12345678a', 'a12345678', '1234567:', '1234567/', '1\0', '\x001', '１');
  texts.push('9223372036854775808', '-9223372036854775809', '18446744073709551616');
  texts.push(
    '99999999999999999999',
    '10000000000000000000',
    '123456789012345678901',
    '1'.repeat(40),
  );
  for (const text of texts) expect(parse(text), JSON.stringify(text)).toBeNull();
});

test('agrees with the definition when one byte of an integer is changed', () => {
  for (const value of interestingIntegers()) {
    const bytes = Buffer.from(value.toString(), 'latin1');
    const [where = 0, byte = 0] = randomBytes(2);
    bytes[where % bytes.length] = byte;
    const text = bytes.toString('latin1');
    expect(parse(text), JSON.stringify(text)).toBe(expected(text));
  }
});

test('a refused text leaves the last integer alone', () => {
  parse('42');
  parse('4x');
  parse('9223372036854775808');
  expect(core.call('parsed')).toBe(42n);
});
