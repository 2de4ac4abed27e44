/** CRC64 against its published value, and against one bit at a time. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('assembly/memory/crc64.ts');
const AT = 0x10000;
const POLYNOMIAL = 0x95ac9329ac4bc9b5n;

function reference(bytes: Uint8Array): bigint {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? POLYNOMIAL : 0n);
  }
  return crc;
}

test('gives the published value', () => {
  const core = instantiate(module);
  Buffer.from(core.memory.buffer).write('123456789', AT);
  const crc = core.call('crc64', 0n, AT, 9) as bigint;
  expect(BigInt.asUintN(64, crc)).toBe(0xe9c6d914c4b8d9can);
});

test('gives at every length and alignment what one bit at a time does', () => {
  const core = instantiate(module);
  for (let length = 0; length <= 100; length++) {
    const bytes = randomBytes(length);
    const at = AT + (length % 8);
    Buffer.from(core.memory.buffer).set(bytes, at);
    const crc = core.call('crc64', 0n, at, length) as bigint;
    expect(BigInt.asUintN(64, crc), `length ${length}`).toBe(reference(bytes));
  }
});

test('goes on from the checksum of the bytes before', () => {
  const core = instantiate(module);
  const bytes = randomBytes(1000);
  Buffer.from(core.memory.buffer).set(bytes, AT);
  const whole = core.call('crc64', 0n, AT, 1000);
  for (const cut of [0, 1, 7, 8, 500, 999, 1000]) {
    const head = core.call('crc64', 0n, AT, cut) as bigint;
    expect(core.call('crc64', head, AT + cut, 1000 - cut)).toBe(whole);
  }
});
