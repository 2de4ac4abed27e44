/** The notation of command cases: what it accepts, what it refuses, and that it can fail. */
import { expect, test } from 'vitest';
import { renderReply } from './render.js';
import { mismatch, parseExpected, parseTranscript, quote } from './transcript.js';
import { encodeReply, fromLatin1, latin1, type Protocol, ReplySplitter } from './wire.js';

function judge(expected: string, wire: string, protocol: Protocol = 2): string | null {
  const [reply] = new ReplySplitter().push(fromLatin1(wire));
  if (reply === undefined) throw new Error(`not one reply: ${wire}`);
  return mismatch(parseExpected(expected), reply.tree, protocol);
}

const ACCEPTED: [expected: string, wire: string, protocol?: Protocol][] = [
  ['+OK', '+OK\r\n'],
  ['-ERR no such key', '-ERR no such key\r\n'],
  ['-"ERR ends with "', '-ERR ends with \r\n'],
  [':-5', ':-5\r\n'],
  ['"a\\x00\\n\\"b"', '$5\r\na\x00\n"b\r\n'],
  ['<ab*3>', '$6\r\nababab\r\n'],
  ['nil', '$-1\r\n'],
  ['nil', '_\r\n', 3],
  ['nil[]', '*-1\r\n'],
  ['nil[]', '_\r\n', 3],
  ['["a" :1 [nil] +OK]', '*4\r\n$1\r\na\r\n:1\r\n*1\r\n$-1\r\n+OK\r\n'],
  ['{"a" => :1}', '*2\r\n$1\r\na\r\n:1\r\n'],
  ['{"a" => :1}', '%1\r\n$1\r\na\r\n:1\r\n', 3],
  ['any{"a" => :1 "b" => :2}', '%2\r\n$1\r\nb\r\n:2\r\n$1\r\na\r\n:1\r\n', 3],
  ['~["a"]', '*1\r\n$1\r\na\r\n'],
  ['~["a"]', '~1\r\n$1\r\na\r\n', 3],
  ['any["a" "b"]', '*2\r\n$1\r\nb\r\n$1\r\na\r\n'],
  [',1.5', '$3\r\n1.5\r\n'],
  [',1.5', ',1.5\r\n', 3],
  ['#t', ':1\r\n'],
  ['#t', '#t\r\n', 3],
  ['="txt:hi"', '$2\r\nhi\r\n'],
  ['="txt:hi"', '=6\r\ntxt:hi\r\n', 3],
  [':1..9', ':9\r\n'],
  ['/a.*z/', '$3\r\nabz\r\n'],
  ['*', '*0\r\n'],
];

test.each(ACCEPTED)('%s accepts %j', (expected, wire, protocol) => {
  expect(judge(expected, wire, protocol)).toBe(null);
});

const REFUSED: [expected: string, wire: string, protocol?: Protocol][] = [
  ['+OK', '$2\r\nOK\r\n'],
  ['-ERR a', '-ERR a \r\n'],
  ['-ERR a', '+ERR a\r\n'],
  [':1', ':2\r\n'],
  [':1', '$1\r\n1\r\n'],
  ['"a"', '$1\r\nb\r\n'],
  ['"a"', '+a\r\n'],
  ['nil', '$0\r\n\r\n'],
  ['nil', '*-1\r\n'],
  ['nil', '$-1\r\n', 3],
  ['nil[]', '$-1\r\n'],
  ['["a"]', '*2\r\n$1\r\na\r\n$1\r\na\r\n'],
  ['["a" "b"]', '*2\r\n$1\r\nb\r\n$1\r\na\r\n'],
  ['any["a" "a"]', '*2\r\n$1\r\na\r\n$1\r\nb\r\n'],
  ['any{"a" => :1 "b" => :2}', '%2\r\n$1\r\na\r\n:2\r\n$1\r\nb\r\n:1\r\n', 3],
  ['{"a" => :1}', '*2\r\n$1\r\na\r\n:1\r\n', 3],
  ['~["a"]', '*1\r\n$1\r\na\r\n', 3],
  [',1.5', '$3\r\n1.5\r\n', 3],
  ['="txt:hi"', '$2\r\nhi\r\n', 3],
  [':1..9', ':10\r\n'],
  [':*', '$1\r\n1\r\n'],
  ['/a.*z/', '$3\r\naby\r\n'],
  ['(none)', '+OK\r\n'],
];

test.each(REFUSED)('%s refuses %j', (expected, wire, protocol) => {
  expect(judge(expected, wire, protocol)).not.toBe(null);
});

test('a transcript knows connections, remarks, and replies on lines of their own', () => {
  const lines = parseTranscript(`
    # a remark
    SET k "a -> b"   -> +OK
    b> GET k
      -> ["x"
      "y"]
    KEYS *
  `);
  expect(lines.map(({ connection }) => connection)).toEqual(['a', 'b', 'a']);
  expect(lines[0]?.args.map(latin1)).toEqual(['SET', 'k', 'a -> b']);
  expect(lines[1]?.expected).toMatchObject({
    kind: 'items',
    items: [{ text: 'x' }, { text: 'y' }],
  });
  expect(lines[2]?.expected).toBe(null);
});

test('what comes unasked, and what does not come yet, has lines of its own', () => {
  const lines = parseTranscript(`
    b> BLPOP k 0 -> (blocked)
    b> -> ["k" "v"]
    b> ->
    SUBSCRIBE x y -> >["subscribe" "x" :1]
      -> >["subscribe" "y" :2]
  `);
  expect(lines.map(({ connection, args }) => [connection, args.length])).toEqual([
    ['b', 3],
    ['b', 0],
    ['b', 0],
    ['a', 3],
    ['a', 0],
  ]);
  expect(lines.map(({ expected }) => expected?.kind)).toEqual([
    'blocked',
    'items',
    undefined,
    'items',
    'items',
  ]);
});

test('words are quoted, repeated and joined as written', () => {
  const [line] = parseTranscript('SET k<x*3>y "" "\\xff\\r\\n" <bytes> a*3');
  const words = line?.args.map(latin1) ?? [];
  expect(words.slice(0, 4)).toEqual(['SET', 'kxxxy', '', '\xff\r\n']);
  expect(words[4]).toHaveLength(256);
  expect(words[5]).toBe('a*3');
});

test('what is rendered is accepted again', () => {
  const wires = [
    '+OK\r\n',
    '-ERR x \r\n',
    ':1\r\n',
    '$0\r\n\r\n',
    '*1\r\n*1\r\n+a b\r\n',
    '*-1\r\n',
  ];
  for (const wire of wires) {
    const [reply] = new ReplySplitter().push(fromLatin1(wire));
    const text = reply ? renderReply(reply.tree, reply.tree) : '';
    expect(judge(text, wire)).toBe(null);
  }
});

test('quote writes bytes that the notation reads back', () => {
  for (const text of ['', 'a b', '\x00\xff', '"\\', 'x'.repeat(1000)]) {
    expect(parseExpected(quote(text))).toMatchObject({ text });
  }
});

test('replies are cut at any byte and are never anything but canonical', () => {
  const wire = fromLatin1('*2\r\n$3\r\na\r\n\r\n%1\r\n+k\r\n_\r\n:1\r\n');
  for (let cut = 0; cut <= wire.length; cut++) {
    const splitter = new ReplySplitter();
    const replies = [...splitter.push(wire.subarray(0, cut)), ...splitter.push(wire.subarray(cut))];
    expect(replies.map(({ tree }) => encodeReply(tree)).join('')).toBe(latin1(wire));
  }
  for (const wrong of ['OK\r\n', '$01\r\na\r\n', '*+1\r\n:1\r\n']) {
    expect(() => new ReplySplitter().push(fromLatin1(wrong))).toThrow();
  }
});
