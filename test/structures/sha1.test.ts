/** SHA-1 against node:crypto. */
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { compileAssembly, instantiate } from '../support/assembly.js';

const module = await compileAssembly('assembly/memory/sha1.ts');
const AT = 0x10000;
const TO = 0x8000;

function digestOf(core: ReturnType<typeof instantiate>, bytes: Uint8Array, to = TO): string {
  Buffer.from(core.memory.buffer, AT).set(bytes);
  core.call('sha1', AT, bytes.length, to);
  return Buffer.from(core.memory.buffer, to, 20).toString('hex');
}

const expected = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

test('gives the digest of node:crypto for every length up to four blocks', () => {
  const core = instantiate(module);
  for (let length = 0; length <= 260; length++) {
    const bytes = randomBytes(length);
    expect(digestOf(core, bytes), `length ${length}`).toBe(expected(bytes));
  }
});

test('hashes long texts and leaves no trace of the text before', () => {
  const core = instantiate(module);
  for (const length of [100_000, 3, 65_536, 0]) {
    const bytes = randomBytes(length);
    expect(digestOf(core, bytes)).toBe(expected(bytes));
  }
});

test('may overwrite its own input', () => {
  const core = instantiate(module);
  expect(digestOf(core, Buffer.from('abc'), AT)).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
});
