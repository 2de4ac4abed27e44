/** The demo splits a line into words as the real redis-cli does. */
import { describe, expect, test } from 'vitest';
import { splitLine, wordTexts } from '../../demo/line-parser.js';
import { sent } from './redis-cli.js';

const LINES = [
  'get key',
  '  get \t key  ',
  'set k "a b"',
  "set k 'a b'",
  'set k ""',
  "set k ''",
  'set k "\\n\\r\\t\\b\\a"',
  'set k "\\x00\\xff\\x41"',
  'set k "\\xZZ \\x4 \\q \\\\ \\""',
  "set k 'it\\'s'",
  "set k '\\n \\x41 \\\\ '",
  'set k a\\nb',
  'set k a"b c"',
  "set k a'b c'",
  'set k "a"\t"b"',
  'set k "a\'b"',
  "set k 'a\"b'",
  'set k gr\u00fc\u00df',
  'set k "\u20ac \\xe2\\x82\\xac"',
  'mset a 1 b 2 c 3',
  'set a\vb c\fd',
];
const UNBALANCED = [
  'set k {"a":1}',
  'set k \\"a',
  "set k '\\n \\x41 \\\\'",
  'set k "a',
  "set k 'a",
  'set k "a"b',
  "set k 'a'b",
  'set k a"b"c',
  'set k "\\"',
  'set k "a\\',
];

const latin1 = (word: Uint8Array) => String.fromCharCode(...word);

test.each(LINES)('splits %j as redis-cli does', async (line) => {
  const words = splitLine(line)?.map(latin1);
  expect(words).toBeDefined();
  expect(words).toEqual(await sent(line));
});

test.each(UNBALANCED)('refuses %j as redis-cli does', async (line) => {
  expect(await sent(line)).toBe(null);
  expect(splitLine(line)).toBe(null);
});

describe('without words', () => {
  test.each(['', '   ', '\t'])('%j is no command', (line) => expect(splitLine(line)).toEqual([]));
});

test('words can be read as text', () => {
  expect(wordTexts(splitLine('set "gr\u00fc\u00df" \u20ac') ?? [])).toEqual([
    'set',
    'gr\u00fc\u00df',
    '\u20ac',
  ]);
});
