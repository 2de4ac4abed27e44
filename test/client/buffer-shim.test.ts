/** The Buffer of browser bundles does what node-redis's definitions ask of Node's. */
import { expect, test } from 'vitest';
import { Buffer as Shim } from '../../src/client/buffer-shim.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('text, bytes and memory become bytes as with Buffer', () => {
  for (const source of ['', 'a€😀', [1, 2, 255], Uint8Array.of(9)]) {
    expect(hex(Shim.from(source))).toBe(hex(Buffer.from(source as string)));
  }
  const { buffer } = Uint8Array.of(1, 2);
  expect(hex(Shim.from(buffer))).toBe('0102');
  expect(Shim.alloc(3)).toHaveLength(3);
});

test('concat, byteLength, isBuffer, toString and subarray', () => {
  const joined = Shim.concat([Shim.from('a€'), Uint8Array.of(98)]);
  expect(joined.toString()).toBe('a€b');
  expect(joined.toString('utf8', 1, 4)).toBe('€');
  expect(joined.subarray(0, 1).toString()).toBe('a');
  expect(Shim.isBuffer(joined)).toBe(true);
  expect(Shim.isBuffer(Uint8Array.of(1))).toBe(false);
  expect(Shim.isView(new DataView(new ArrayBuffer(1)))).toBe(true);
  expect([Shim.byteLength('a€'), Shim.byteLength(joined)]).toEqual([4, 5]);
});
