/** The steps of the core's build that work on Binaryen's output: the examples of their headers. */
import { expect, test } from 'vitest';
import { markCold } from '../../scripts/mark-cold.js';
import { mergeSegments } from '../../scripts/merge-segments.js';

const HEADER = '00 61 73 6d 01 00 00 00';

test('data segments that lie close together become one', () => {
  const wasm = `${HEADER} 0b 10 02 00 41 80 08 0b 02 68 69 00 41 84 08 0b 01 21`;
  expect(merge(wasm)).toBe(`${HEADER} 0b 0c 01 00 41 80 08 0b 05 68 69 00 00 21`);
});

test('data segments that lie far apart stay, and the count of segments goes', () => {
  const data = '0b 10 02 00 41 80 08 0b 02 68 69 00 41 80 10 0b 01 21';
  expect(merge(`${HEADER} 0c 01 02 ${data}`)).toBe(`${HEADER} ${data}`);
});

test('a cold function calls cold twins of hot functions', () => {
  const find = (name: string) => ` (func $${name}\n  (nop)\n )`;
  const caller = (name: string, callee: string) => ` (func $${name}\n  (call $${callee})\n )`;
  const hot = 'assembly/commands/strings/get';
  const lookup = 'assembly/keyspace/database/lookup';
  const cold = 'assembly/commands/keys/copy';
  const text = ['(module', find(lookup), caller(hot, lookup), caller(cold, lookup), ')', ''];
  const marked = [
    '(module',
    find(lookup),
    caller(hot, lookup),
    caller(`${cold}~cold`, `${lookup}~cold`),
    find(`${lookup}~cold`),
    ')',
    '',
  ];
  expect(markCold(text.join('\n'))).toBe(marked.join('\n'));
});

function merge(hex: string): string {
  const merged = mergeSegments(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return Buffer.from(merged)
    .toString('hex')
    .replace(/..(?!$)/g, '$& ');
}
