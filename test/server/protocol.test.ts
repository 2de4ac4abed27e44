/** What is no valid request, and what is one all the same: answered as by redis-server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, exchange, open, openPair, type Pair } from './pair.js';

let pair: Pair;
let locked: Pair;

beforeAll(async () => {
  [pair, locked] = await Promise.all([openPair(), openPair(['--requirepass', 'secret'])]);
});
afterAll(async () => {
  await Promise.all([pair.close(), locked.close()]);
});

const AFTER = command('ECHO', 'still here');
const LINE_MAX = 64 * 1024;

async function same(servers: Pair, bytes: string): Promise<string> {
  const [theirs, ours] = await Promise.all([
    exchange(servers.redis, bytes + AFTER),
    exchange(servers.ours, bytes + AFTER),
  ]);
  expect(ours).toBe(theirs);
  return ours;
}

describe('frames', () => {
  test.each([
    '*0\r\n',
    '*-1\r\n',
    '*-5\r\n',
    '*x\r\n',
    '*\r\n',
    '*+1\r\n$4\r\nPING\r\n',
    '*01\r\n$4\r\nPING\r\n',
    '* 1\r\n$4\r\nPING\r\n',
    '*1 \r\n$4\r\nPING\r\n',
    '*1\r$4\r\nPING\r\n',
    '*1\n$4\r\nPING\r\n',
    '*1\r\n$04\r\nPING\r\n',
    '*1\r\n$+4\r\nPING\r\n',
    '*1\r\n$ 4\r\nPING\r\n',
    '*1\r\n$-1\r\n',
    '*1\r\n$-0\r\n',
    '*1\r\n$0\r\n\r\n',
    '*2\r\n$4\r\nECHO\r\n$0\r\n\r\n',
    '*1\r\n$x\r\n',
    '*1\r\n$\r\n',
    '*1\r\n:4\r\n',
    '*1\r\nPING\r\n',
    '*1\r\n\r\n',
    '*1\r\n*1\r\n',
    '*1\r\n\x01\r\n',
    '*1\r\n$4\r\nPINGxx',
    '*1\r\n$4\r\nPINGPING\r\n',
    '*2147483648\r\n',
    '*9223372036854775808\r\n',
    '*99999999999999999999999\r\n',
    '*-9223372036854775808\r\n',
    '*1\r\n$536870913\r\n',
    '*1\r\n$9223372036854775807\r\n',
    '*1\r\n$99999999999999999999\r\n',
    '\r\n',
    '\0\r\n',
    '\n\n\r\n',
    '$4\r\nPING\r\n',
    ':1\r\n',
    '+OK\r\n',
  ])('%j', async (bytes) => {
    await same(pair, bytes);
  });
});

describe('inline commands', () => {
  test.each([
    'PING\r\n',
    'PING\n',
    'ping hello\r\n',
    '   PING   hello   \r\n',
    '\tPING\thello\r\n',
    'ECHO "a b"\r\n',
    "ECHO 'a b'\r\n",
    'ECHO "a\\r\\n\\t\\"\\x41\\xff"\r\n',
    "ECHO 'a\\'b\\n'\r\n",
    'ECHO a"b c"\r\n',
    'ECHO ""\r\n',
    "ECHO ''\r\n",
    'ECHO "a\r\n',
    "ECHO 'a\r\n",
    'ECHO "a"b\r\n',
    "ECHO 'a'b\r\n",
    'ECHO "\\xg1"\r\n',
    'ECHO a\\nb\r\n',
    '"ECHO" x\r\n',
    'NOSUCH "a b" c\r\n',
    'GET\r\n',
    'PING\0\r\n',
    'PING a\0b\r\n',
    'PING \xff\xfe\r\n',
    'PING\r\r\n',
  ])('%j', async (bytes) => {
    await same(pair, bytes);
  });
});

describe('unknown and refused commands', () => {
  test.each([
    ['NOSUCH'],
    ['nosuch', 'a', 'b'],
    ['x'.repeat(200), 'y'.repeat(200), 'z'],
    ['NO\r\nSUCH', 'a\r\nb'],
    ['', 'x'],
    ['GET', 'a', 'b'],
    ['CLIENT', 'NO\r\nSUCH'],
    ['CONFIG', 'x'.repeat(200)],
    ['OBJECT', 'NOSUCH', 'k'],
    ['SET', 'k', 'v', 'NOSUCH\r\n'],
    ['HELLO', '2', 'NO\r\nSUCH'],
    ['CLIENT', 'KILL', 'TYPE', 'no\r\nsuch'],
    ['CLIENT', 'KILL', 'USER', 'no\r\nsuch'],
    ['CONFIG', 'SET', 'no\r\nsuch', 'x'],
    ['DEBUG', 'no\r\nsuch'],
    ['DEBUG', 'ERROR', 'no\r\nsuch'],
  ])('%j is one reply, and the connection goes on', async (...words) => {
    const replies = await same(pair, command(...words));
    expect(replies.endsWith('$10\r\nstill here\r\n')).toBe(true);
    expect(replies.split('\r\n')).toHaveLength(4);
  });
});

describe('each limit, at one less, itself and one more', () => {
  const around = (limit: number) => [limit - 1, limit, limit + 1];
  test.each(around(LINE_MAX))('an inline command of %d bytes without an end', async (length) => {
    await same(pair, 'x'.repeat(length));
  });
  test.each(around(LINE_MAX))('an inline command of %d bytes', async (length) => {
    await same(pair, `ECHO ${'x'.repeat(length - 5)}\r\n`);
  });
  test.each(around(LINE_MAX))('a count line of %d bytes', async (length) => {
    await same(pair, `*${'1'.repeat(length - 1)}`);
  });
  test.each(around(LINE_MAX))('a length line of %d bytes', async (length) => {
    await same(pair, `*1\r\n$${'1'.repeat(length - 1)}`);
  });
  test.each(around(2 ** 31 - 1))('%d arguments', async (count) => {
    await same(pair, `*${count}\r\n`);
  });
  test.each(around(512 * 1024 * 1024))('a value of %d bytes', async (length) => {
    await same(pair, `*2\r\n$4\r\nECHO\r\n$${length}\r\n`);
  });
  test.each(around(10))('%d arguments of a stranger', async (count) => {
    await same(locked, command(...Array.from({ length: count }, () => 'x')));
  });
  test.each(around(16384))('an argument of %d bytes of a stranger', async (length) => {
    await same(locked, command('AUTH', 'x'.repeat(length)));
  });
  test('a smaller proto-max-bulk-len counts at once', async () => {
    await same(pair, command('CONFIG', 'SET', 'proto-max-bulk-len', '1mb'));
    for (const length of around(1024 * 1024))
      await same(pair, `*2\r\n$4\r\nECHO\r\n$${length}\r\n`);
    await same(pair, command('CONFIG', 'SET', 'proto-max-bulk-len', '512mb'));
  });
});

describe('strangers', () => {
  test.each([
    [command('PING')],
    [command('NOSUCH')],
    [command('GET')],
    [command('HELLO')],
    [command('HELLO', '3')],
    [command('HELLO', '3', 'SETNAME', 'x')],
    [command('HELLO', '3', 'AUTH', 'default', 'wrong')],
    [command('AUTH', 'wrong')],
    [command('AUTH', 'nobody', 'secret')],
    [command('AUTH', 'default', 'secret') + command('PING')],
    [command('AUTH', 'secret') + command('SELECT', '1') + command('RESET') + command('PING')],
    [command('RESET')],
    [command('QUIT')],
    ['a b c d e f g h i j k l m n\r\n'],
    [`AUTH ${'x'.repeat(20000)}\r\n`],
    [command('AUTH', 'secret') + command('ECHO', 'x'.repeat(20000))],
    [command('AUTH', 'secret') + command(...Array.from({ length: 20 }, () => 'x'))],
  ])('%j', async (bytes) => {
    await same(locked, bytes);
  });
});

test('requests cut at every byte on the wire are answered as the whole', async () => {
  const stream =
    command('SET', 'k', 'v\r\n') +
    'PING inline\r\n' +
    command('HELLO', '3') +
    command('GET', 'nothing');
  for (const port of [pair.redis, pair.ours]) {
    const whole = await exchange(port, stream);
    const socket = await open(port);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    for (const byte of Buffer.from(stream, 'latin1')) {
      await new Promise<void>((done) => socket.write(Buffer.of(byte), () => done()));
    }
    const closed = new Promise((done) => socket.on('close', done));
    socket.end();
    await closed;
    const withoutIds = (text: string) => text.replace(/id\r\n:\d+/, 'id');
    expect(withoutIds(received)).toBe(withoutIds(whole));
  }
});

test.each([
  'POST / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'Host: x\r\n',
])('%j is not answered, and nothing behind it runs', async (head) => {
  const marker = `marker:${head.slice(0, 4).trim()}`;
  const bytes = `${head}${command('SET', marker, 'x')}SET ${marker} x\r\n`;
  expect(await exchange(pair.ours, bytes)).toBe('');
  expect(await exchange(pair.ours, command('EXISTS', marker))).toBe(':0\r\n');
});
