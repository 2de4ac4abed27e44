/** The wire itself: inline commands, framing, limits, errors, and slices of every size. */
import { expect } from 'vitest';
import { storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';
import type { TargetName } from '../support/targets.js';
import { encodeCommands, fromLatin1, latin1, ReplySplitter } from '../support/wire.js';

const withStore = storeSuite();

const PONG = '+PONG\r\n';
const PING = '*1\r\n$4\r\nPING\r\n';
const INVALID_BULK = '-ERR Protocol error: invalid bulk length\r\n';
const INVALID_MULTIBULK = '-ERR Protocol error: invalid multibulk length\r\n';
const UNBALANCED = '-ERR Protocol error: unbalanced quotes in request\r\n';
const NO_HTTP: Partial<Record<TargetName, string>> = {
  inline: 'no page can reach it with HTTP',
  worker: 'no page can reach it with HTTP',
};

interface Exchange {
  readonly request: string;
  readonly reply: string;
  /** The other side closes the connection after the reply. */
  readonly closes?: boolean;
  readonly skip?: Partial<Record<TargetName, string>>;
}

const INLINE: Record<string, Exchange> = {
  'a line is a command': { request: 'PING\r\n', reply: PONG },
  'a line may end with a line feed alone': { request: 'PING\n', reply: PONG },
  'empty lines are nothing': { request: '\r\n\r\nPING\r\n', reply: PONG },
  'blanks around words are nothing': { request: '   PING   hello \r\n', reply: '$5\r\nhello\r\n' },
  'tabs part words': { request: 'PING\thello\r\n', reply: '$5\r\nhello\r\n' },
  'lines and frames may alternate': {
    request: `PING\r\n${PING}PING\n${PING}`,
    reply: PONG.repeat(4),
  },
  'double quotes keep blanks': { request: 'ECHO "a b"\r\n', reply: '$3\r\na b\r\n' },
  'double quotes know escapes': {
    request: 'ECHO "\\n\\r\\t\\b\\a\\\\\\"\\x00\\xff\\q"\r\n',
    reply: '$10\r\n\n\r\t\b\x07\\"\x00\xffq\r\n',
  },
  'single quotes know one escape': { request: "ECHO 'a\\'b\\n'\r\n", reply: "$5\r\na'b\\n\r\n" },
  'a quote that is not closed ends the connection': {
    request: 'ECHO "abc\r\n',
    reply: UNBALANCED,
    closes: true,
  },
  'so does a single one': { request: "ECHO 'abc\r\n", reply: UNBALANCED, closes: true },
  'and so does a quote that touches the next word': {
    request: 'ECHO "abc"d\r\n',
    reply: UNBALANCED,
    closes: true,
  },
  'bytes outside ASCII are bytes': { request: 'ECHO \xff\xfe\r\n', reply: '$2\r\n\xff\xfe\r\n' },
  'other types of RESP3 are words of a line': {
    request: '%1\r\n+a\r\n',
    reply:
      "-ERR unknown command '%1', with args beginning with: \r\n" +
      "-ERR unknown command '+a', with args beginning with: \r\n",
  },
  'a line of 64 KiB without an end is too long': {
    request: 'x'.repeat(65537),
    reply: '-ERR Protocol error: too big inline request\r\n',
    closes: true,
  },
};

const FRAMES: Record<string, Exchange> = {
  'a frame is a command': { request: PING, reply: PONG },
  'many frames in one write are answered in order': {
    request: PING.repeat(1000),
    reply: PONG.repeat(1000),
  },
  'a frame of no or of negative length is nothing': {
    request: `*0\r\n*-1\r\n*-5\r\n${PING}`,
    reply: PONG,
  },
  'an argument may be empty': { request: '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', reply: '$0\r\n\r\n' },
  'the name may be empty, though no command has it': {
    request: '*1\r\n$0\r\n\r\n',
    reply: "-ERR unknown command '', with args beginning with: \r\n",
  },
  'the two bytes behind an argument are not looked at': {
    request: `*1\r\n$4\r\nPINGxx${PING}`,
    reply: PONG.repeat(2),
  },
  'an argument ends where its length says': {
    request: `*1\r\n$3\r\nPINGx${PING}`.replace('PINGx', 'PINxx'),
    reply: `-ERR unknown command 'PIN', with args beginning with: \r\n${PONG}`,
  },
};

const BAD_FRAMES: Record<string, [request: string, reply: string]> = {
  'a type that is no bulk string': [
    '*1\r\n:4\r\nPING\r\n',
    "-ERR Protocol error: expected '$', got ':'\r\n",
  ],
  'an array in an array': [`*2\r\n${PING}`, "-ERR Protocol error: expected '$', got '*'\r\n"],
  'an empty line for an argument': ['*1\r\n\r\n', "-ERR Protocol error: expected '$', got ' '\r\n"],
  'carriage returns alone': ['*1\r$4\rPING\r', "-ERR Protocol error: expected '$', got '4'\r\n"],
  'line feeds alone': ['*1\n$4\r\nPING\r\n', INVALID_MULTIBULK],
  ...Object.fromEntries(
    ['x', '', '+1', '01', ' 1', '1x', '-0', '2147483648', '20000000000', '9223372036854775808'].map(
      (count) => [`'${count}' arguments`, [`*${count}\r\n$4\r\nPING\r\n`, INVALID_MULTIBULK]],
    ),
  ),
  ...Object.fromEntries(
    ['x', '', '+4', '04', ' 4', '4x', '-0', '-1', '-2', '536870913', '4294967297']
      .concat('9223372036854775807', '9223372036854775808', '18446744073709551620')
      .map((length) => [
        `an argument of '${length}' bytes`,
        [`*1\r\n$${length}\r\nPING\r\n`, INVALID_BULK],
      ]),
  ),
  'a count without an end': [
    `*${'1'.repeat(65537)}`,
    '-ERR Protocol error: too big mbulk count string\r\n',
  ],
  'a length without an end': [
    `*1\r\n$${'1'.repeat(65537)}`,
    '-ERR Protocol error: too big bulk count string\r\n',
  ],
};

const HTTP: Record<string, string> = {
  'a POST': 'POST / HTTP/1.1\r\nHost: x\r\n\r\nPING\r\n',
  'a post in small letters': 'post x\r\nPING\r\n',
  'a Host line': 'Host: localhost\r\nPING\r\n',
  'a host line in small letters': 'host:\r\nPING\r\n',
  'a POST whose body holds commands': 'POST / HTTP/1.1\r\n\r\nSET k v\r\nSET k w\r\n',
};

for (const [title, exchange] of Object.entries({ ...INLINE, ...FRAMES }))
  expectExchange(title, exchange);

for (const [title, [request, reply]] of Object.entries(BAD_FRAMES)) {
  expectExchange(`${title} ends the connection with an error`, {
    request: PING + request,
    reply: PONG + reply,
    closes: true,
  });
}

for (const [title, request] of Object.entries(HTTP)) {
  expectExchange(`${title} ends the connection before anything runs`, {
    request,
    reply: '',
    closes: true,
    skip: NO_HTTP,
  });
}

function expectExchange(
  title: string,
  { request, reply, closes = false, skip = {} }: Exchange,
): void {
  const body = async (connection: Connection) => {
    const count = new ReplySplitter().push(fromLatin1(reply)).length;
    const replies = await connection.raw(fromLatin1(request), count);
    expect(replies.map(({ wire }) => latin1(wire)).join('')).toBe(reply);
    if (closes) await connection.untilClosed();
    else expect(latin1((await connection.send('PING', 'next')).wire)).toBe('$4\r\nnext\r\n');
    expect(connection.surplus()).toEqual([]);
  };
  withStore(
    title,
    async (store) => {
      const connection = await store.connect();
      await body(connection);
      connection.close();
      const other = await store.connect();
      expect((await other.send('EXISTS', 'k')).tree.text).toBe('0');
      other.close();
    },
    { skip },
  );
}

withStore('nothing behind a protocol error is executed', async (store) => {
  const [broken, other] = [await store.connect(), await store.connect()];
  const request = `*1\r\n$x\r\n${latin1(encodeCommands([['SET', 'k', 'v']]))}`;
  const [reply] = await broken.raw(fromLatin1(request), 1);
  expect(reply?.tree.mark).toBe('-');
  await broken.untilClosed();
  expect((await other.send('EXISTS', 'k')).tree.text).toBe('0');
  other.close();
});

const SLICED = [
  ['SET', 'key', 'some value'],
  ['GET', 'key'],
  ['APPEND', 'key', '\r\n$5\r\n'],
  ['NOSUCH', 'a'],
  ['GETRANGE', 'key', '0', '-1'],
  ['MGET', 'key', 'missing', 'key'],
];

withStore('requests may arrive cut at any byte', async (store) => {
  const bytes = encodeCommands(SLICED);
  const whole = await store.connect();
  const expected = (await whole.raw(bytes, SLICED.length)).map(({ wire }) => latin1(wire));
  for (let cut = 1; cut < bytes.length; cut++) {
    await whole.send('DEL', 'key');
    await whole.raw(bytes.subarray(0, cut), 0);
    const replies = await whole.raw(bytes.subarray(cut), SLICED.length);
    expect(replies.map(({ wire }) => latin1(wire))).toEqual(expected);
  }
  whole.close();
});

withStore('requests may arrive byte by byte, lines as well', async (store) => {
  const connection = await store.connect();
  const text = `${latin1(encodeCommands(SLICED))}PING\r\nECHO "a b"\r\n`;
  for (const byte of fromLatin1(text)) await connection.raw(Uint8Array.of(byte), 0);
  const replies = await connection.take(SLICED.length + 2);
  expect(replies.map(({ tree }) => tree.mark).join('')).toBe('+$:-$*+$');
  connection.close();
});

withStore('two connections that interleave their slices do not mix', async (store) => {
  const [left, right] = [await store.connect(), await store.connect()];
  const [one, two] = [encodeCommands([['SET', 'l', '1']]), encodeCommands([['SET', 'r', '22']])];
  for (let at = 0; at < 20; at++) {
    await left.raw(one.subarray(at, at + 1), 0);
    await right.raw(two.subarray(at, at + 1), 0);
  }
  await Promise.all([left.raw(one.subarray(20), 1), right.raw(two.subarray(20), 1)]);
  const { tree } = await left.send('MGET', 'l', 'r');
  expect(tree.items?.map(({ text }) => text)).toEqual(['1', '22']);
  left.close();
  right.close();
});

withStore('a pipeline of ten thousand commands is answered in order', async (store) => {
  const connection = await store.connect();
  const replies = await connection.pipeline(Array.from({ length: 10_000 }, () => ['INCR', 'n']));
  replies.forEach(({ tree }, index) => {
    expect(tree.text).toBe(`${index + 1}`);
  });
  connection.close();
});

withStore('a command may have very many arguments', async (store) => {
  const connection = await store.connect();
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}`);
  const pairs = keys.flatMap((key) => [key, 'v']);
  expect((await connection.send('MSET', ...pairs)).tree.text).toBe('OK');
  expect((await connection.send('EXISTS', ...keys)).tree.text).toBe('20000');
  expect((await connection.send('MGET', ...keys)).tree.items?.length).toBe(20_000);
  expect((await connection.send('DEL', ...keys)).tree.text).toBe('20000');
  connection.close();
});

withStore('an error line never carries the line breaks of its cause', async (store) => {
  const connection = await store.connect();
  const hostile = 'a\r\n+OK\r\n$1\r\nb';
  const commands = [
    [hostile],
    [hostile, hostile],
    ['OBJECT', hostile],
    ['CLIENT', hostile],
    ['CONFIG', hostile],
    ['CONFIG', 'SET', hostile, '1'],
    ['DEBUG', hostile],
    ['EXPIRE', 'k', '1', hostile],
    ['HELLO', '3', hostile],
    ['COMMAND', hostile],
    ['AUTH', hostile, hostile],
  ];
  const replies = await connection.pipeline(commands);
  expect(replies.map(({ tree }) => tree.mark)).toEqual(commands.map(() => '-'));
  expect((await connection.send('PING')).tree.text).toBe('PONG');
  connection.close();
});
