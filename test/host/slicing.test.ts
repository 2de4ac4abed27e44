/** However a byte stream is cut, the replies are the same. */
import { expect, test } from 'vitest';
import { encode, openTestHost } from './test-host.js';

const STREAM = [
  encode(['SET', 'k', 'v\r\n$3']),
  'PING inline\r\n',
  '\r\n',
  '*0\r\n',
  encode(['SELECT', '3']),
  encode(['APPEND', 'k', 'x'.repeat(20)]),
  'GET "k"\n',
  encode(['HELLO', '3']),
  encode(['GET', 'nothing']),
  encode(['CLIENT', 'REPLY', 'SKIP']),
  encode(['PING']),
  encode(['NOSUCH', 'a']),
  encode(['RESET']),
  encode(['QUIT']),
  encode(['PING']),
].join('');

async function repliesTo(slices: readonly string[]): Promise<string> {
  const { connect } = await openTestHost();
  const connection = connect();
  for (const slice of slices) connection.feed(slice);
  return `${connection.received}${connection.ended ? '<end>' : ''}`;
}

test('a stream cut in two, at any byte, is answered as the whole', async () => {
  const whole = await repliesTo([STREAM]);
  expect(whole).toContain('+RESET\r\n+OK\r\n<end>');
  for (let at = 1; at < STREAM.length; at++) {
    const cut = await repliesTo([STREAM.slice(0, at), STREAM.slice(at)]);
    expect(cut, `cut at ${at}`).toBe(whole);
  }
});

test('a stream that comes byte by byte is answered as the whole', async () => {
  expect(await repliesTo([...STREAM])).toBe(await repliesTo([STREAM]));
});

test('a large value in small pieces is parsed once it can be whole', async () => {
  const { host, connect } = await openTestHost();
  const connection = connect();
  const value = 'x'.repeat(1_000_000);
  const bytes = Buffer.from(encode(['SET', 'big', value]) + encode(['STRLEN', 'big']));
  let fed = 0;
  const input = host.engine.input.bind(host.engine);
  host.engine.input = (length: number) => {
    fed += length;
    return input(length);
  };
  for (let at = 0; at < bytes.length; at += 1000) connection.feed(bytes.subarray(at, at + 1000));
  expect(connection.received).toBe('+OK\r\n:1000000\r\n');
  expect(fed).toBeLessThan(bytes.length * 2);
});

test('a batch is answered by one write', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.send('PING', 'SELECT 1', 'SET k v', 'TIME', 'GET k');
  expect(connection.writes).toBe(1);
});

test('replies that are not taken stop the batch, which goes on once they are', async () => {
  const { host, connect } = await openTestHost();
  const connection = connect();
  connection.send(`SET k ${'x'.repeat(100_000)}`);
  connection.take();
  connection.congested = true;
  connection.feed(encode(['GET', 'k']).repeat(100));
  const first = connection.take().length;
  expect(first).toBeLessThan(50 * 100_000);
  connection.feed(encode(['PING']));
  expect(connection.received).toBe('');
  connection.congested = false;
  host.resumeCongested(connection.session);
  expect(first + connection.received.length).toBe(100 * (100_000 + 11) + 7);
  expect(connection.received.endsWith('+PONG\r\n')).toBe(true);
});

test('bytes that arrive while a batch runs wait for its end', async () => {
  const { host, connect } = await openTestHost();
  const other = connect();
  let received = '';
  const session = host.connect(
    {
      write(bytes) {
        received += Buffer.from(bytes).toString('latin1');
        if (received === '+OK\r\n') other.feed(encode(['GET', 'k']));
      },
      end() {},
    },
    { address: 'inline:1', localAddress: 'inline:0', kind: 'inline' },
  );
  host.receive(session, Buffer.from(encode(['SET', 'k', 'v'])));
  expect(received).toBe('+OK\r\n');
  expect(other.received).toBe('$1\r\nv\r\n');
});
