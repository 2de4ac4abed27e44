/** The command line becomes lines of configuration, as in redis-server. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, splitWords } from '../../src/host/quoting.js';
import { parseArguments } from '../../src/server/arguments.js';

test.each([
  ['', null, false, null],
  ['a.conf', 'a.conf', false, ''],
  ['--port 7000', null, false, 'port "7000" '],
  [
    'a.conf --port 7000 --bind 127.0.0.1 ::1',
    'a.conf',
    false,
    'port "7000" \nbind "127.0.0.1" "::1" ',
  ],
  ['-', null, true, ''],
  ['a.conf -', 'a.conf', true, ''],
  ['- --port 1', null, true, 'port "1" '],
  ['--port 1 -', null, true, 'port "1" '],
  ['--save  --port 1', null, false, 'save "" \nport "1" '],
  ['--save --port 1', null, false, 'save ""\nport "1" '],
  ['--port 1 --save', null, false, 'port "1" \nsave ""'],
  ['--requirepass --secret --port 1', null, false, 'requirepass "--secret" \nport "1" '],
  ['--port', null, false, 'port '],
])('%s', (line, configFile, fromStdin, options) => {
  const args = line === '' ? [] : line.split(' ');
  expect(parseArguments(args)).toEqual({ kind: 'run', configFile, fromStdin, options });
});

test('an option may hold its value in the same word', () => {
  const args = ['--port 7000', '--timeout 3'];
  expect(parseArguments(args)).toMatchObject({ options: 'port 7000 \ntimeout 3 ' });
});

test.each([
  ['-v', 'version'],
  ['--version', 'version'],
  ['-h', 'help'],
  ['--help', 'help'],
  ['--test-memory', 'test-memory'],
  ['--check-system', 'check-system'],
])('%s asks for %s', (word, kind) => {
  expect(parseArguments([word, 'more'])).toEqual({ kind });
});

test.each([
  ['', []],
  ['  a\tb  ', ['a', 'b']],
  ['a "b c" d', ['a', 'b c', 'd']],
  ["a 'b c' d", ['a', 'b c', 'd']],
  ['save ""', ['save', '']],
  ['"\\x41\\n\\r\\t\\b\\a\\"\\\\\\q"', ['A\n\r\t\b\x07"\\q']],
  ["'it\\'s \\n'", ["it's \\n"]],
  ['a"b"', ['ab']],
  ['"a"b', null],
  ["'a'b", null],
  ['"a', null],
  ["'a", null],
])('the words of %j are %j', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test('a quoted word is itself again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      expect(splitWords(words.map(quote).join(' '))).toEqual(words);
    }),
  );
});
