/** The demo prints every kind of reply as the real redis-cli does. */
import { describe, expect, test } from 'vitest';
import {
  documentText,
  isDocument,
  quoted,
  REPLY_SHAPES,
  REPLY_TYPES,
  replyText,
} from '../../demo/reply-text.js';
import { ReplyDecoder, type ReplyTypes } from '../../src/resp/reply-decoder.js';
import { printed } from './redis-cli.js';

const ALL_BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
const array = (...items: string[]) => `*${items.length}\r\n${items.join('')}`;
const map = (...items: string[]) => `%${items.length / 2}\r\n${items.join('')}`;
const set = (...items: string[]) => `~${items.length}\r\n${items.join('')}`;
const integers = (count: number) => Array.from({ length: count }, (_, i) => `:${i}\r\n`);

function decode(reply: string): unknown {
  const decoder = new ReplyDecoder({}, REPLY_SHAPES);
  decoder.feed(Uint8Array.from(reply, (character) => character.charCodeAt(0)));
  if (!decoder.next(REPLY_TYPES as ReplyTypes)) throw new Error(`not a whole reply: ${reply}`);
  return decoder.value;
}

const REPLIES: [string, string][] = [
  ['a status', '+OK\r\n'],
  ['an error', '-ERR unknown command\r\n'],
  ['an error with a code', '-WRONGTYPE Operation against a key\r\n'],
  ['an integer', ':42\r\n'],
  ['a negative integer', ':-1\r\n'],
  ['the largest integer', ':9223372036854775807\r\n'],
  ['the smallest integer', ':-9223372036854775808\r\n'],
  ['a string', bulk('hello')],
  ['an empty string', bulk('')],
  ['a string of every byte', bulk(ALL_BYTES)],
  ['a string of more than one line', bulk('a\r\nb\n')],
  ['a string with quotes', bulk('say "hi" \\ it\'s')],
  ['no string', '$-1\r\n'],
  ['no array', '*-1\r\n'],
  ['nothing', '_\r\n'],
  ['an empty array', array()],
  ['an array of each kind', array(bulk('a'), ':1\r\n', '$-1\r\n', '+QUEUED\r\n', '-ERR no\r\n')],
  ['nine elements', array(...integers(9))],
  ['ten elements', array(...integers(10))],
  ['a hundred elements', array(...integers(100))],
  ['arrays in an array', array(bulk('0'), array(bulk('a'), bulk('b')), array())],
  [
    'arrays in arrays in arrays',
    array(array(array(':1\r\n', ':2\r\n'), ':3\r\n'), array(':4\r\n')),
  ],
  ['wide numbers over nested ones', array(...integers(10), array(...integers(11)), bulk('z'))],
  ['true', '#t\r\n'],
  ['false', '#f\r\n'],
  ['a map', map(bulk('a'), ':1\r\n', bulk('b\n'), bulk('two'))],
  ['an empty map', map()],
  ['ten pairs', map(...integers(20))],
  ['a map in a map', map(bulk('a'), map(bulk('b'), array(':1\r\n', ':2\r\n')), bulk('c'), '_\r\n')],
  ['an array in a map in an array', array(map(bulk('k'), array(bulk('x'), bulk('y'))), ':1\r\n')],
  ['a set', set(bulk('a'), bulk('b'))],
  ['an empty set', set()],
  ['empty values in a map', map(bulk('a'), array(), bulk('b'), set(), bulk('c'), map())],
  ['a set in a map', map(bulk('flags'), set('+write\r\n', '+fast\r\n'), bulk('n'), ':1\r\n')],
  ['a verbatim string', '=12\r\ntxt:line\none\r\n'],
  ['a double', ',3.1415926535897931\r\n'],
  ['a whole double', ',3\r\n'],
  ['a large double', ',1.0000000000000001e+300\r\n'],
  ['a double of 17 digits', ',12345678901234568\r\n'],
  ['a double of 18 digits', ',1.2345678901234568e+17\r\n'],
  ['a small double', ',0.0001\r\n'],
  ['a smaller double', ',1.0000000000000001e-05\r\n'],
  ['a tenth', ',0.10000000000000001\r\n'],
  ['a negative double', ',-2.5\r\n'],
  ['a negative zero', ',-0\r\n'],
  ['infinity', ',inf\r\n'],
  ['negative infinity', ',-inf\r\n'],
];

test.each(REPLIES)('prints %s as redis-cli does', async (_, reply) => {
  expect(replyText(decode(reply))).toBe(await printed(reply));
});

describe('what redis-cli cannot print', () => {
  test('a big number is its digits', () => {
    expect(replyText(decode('(3492890328409238509324850943850943825024385\r\n'))).toBe(
      '3492890328409238509324850943850943825024385',
    );
  });
});

describe('documents', () => {
  test('are the replies of these commands, in any letters', () => {
    const yes = [['INFO'], ['info', 'server'], ['CLIENT', 'list'], ['MEMORY', 'DOCTOR']];
    const no = [['GET', 'info'], ['CLIENT', 'ID'], ['CLIENT'], []];
    expect(yes.filter((words) => !isDocument(words))).toEqual([]);
    expect(no.filter((words) => isDocument(words))).toEqual([]);
  });

  test('are printed as they are', () => {
    expect(documentText(decode(bulk('# Server\r\na:"1"\r\n')))).toBe('# Server\r\na:"1"');
    expect(documentText(decode('-ERR no\r\n'))).toBe('(error) ERR no');
  });
});

test('quotes bytes', () => {
  expect(quoted(Uint8Array.of(0, 0x22, 0x41, 0xff))).toBe('"\\x00\\"A\\xff"');
});
