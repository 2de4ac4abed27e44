/** What leaves when: replies and the storage they depend on (docs/RELIABILITY.md P1, P2, P9). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encode, FakeStorage, openTestHost, settled } from './test-host.js';

const MISCONF = '-MISCONF Errors writing to the AOF file: the disk is full\r\n';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('with appendfsync always a reply leaves when its write is durable', async () => {
  const storage = new FakeStorage('always');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k v');
  await settled();
  expect(connection.received).toBe('');
  storage.sync();
  await settled();
  expect(connection.received).toBe('+OK\r\n');
});

test('a read waits for the writes that it may have seen', async () => {
  const storage = new FakeStorage('always');
  const { connect } = await openTestHost({ storage });
  const [writer, reader] = [connect(), connect()];
  writer.send('SET k v');
  reader.send('GET k');
  await settled();
  expect(reader.received).toBe('');
  storage.sync();
  await settled();
  expect(reader.received).toBe('$1\r\nv\r\n');
  expect(reader.send('GET k'), 'nothing is pending any more').toBe('$1\r\nv\r\n');
});

test('later replies never overtake those that wait', async () => {
  const storage = new FakeStorage('always');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k 1');
  const first = storage.position;
  connection.feed(encode(['SET', 'k', '2']) + encode(['GET', 'k']) + encode(['QUIT']));
  storage.sync(first);
  await settled();
  expect(connection.received).toBe('+OK\r\n');
  expect(connection.ended).toBe(false);
  storage.sync();
  await settled();
  expect(connection.received).toBe('+OK\r\n+OK\r\n$1\r\n2\r\n+OK\r\n');
  expect(connection.ended).toBe(true);
});

test('with appendfsync everysec replies leave at once', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  expect(connect().send('SET k v')).toBe('+OK\r\n');
  expect(storage.appended).toContain('SET');
});

test('reads and failed writes append nothing', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  connect().send('GET k', 'PING', 'SET k', 'INCRBY k x', 'DEL k', 'SELECT 2');
  expect(storage.appended).toBe('');
});

test('replies whose write failed become errors, one each', async () => {
  const storage = new FakeStorage('always');
  const { connect, log } = await openTestHost({ storage });
  const [writer, reader] = [connect(), connect()];
  writer.send('SET k v', 'GET k', 'HELLO 3');
  reader.send('GET k');
  storage.fail('the disk is full');
  await settled();
  expect(writer.received).toBe(MISCONF.repeat(3));
  expect(reader.received).toBe(MISCONF);
  expect(log.join()).toContain('the disk is full');
});

test('while storage fails writes and PING are refused and reads go on', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k v');
  storage.fail('the disk is full');
  expect(connection.send('SET k w')).toBe(MISCONF);
  expect(connection.send('PING')).toBe(MISCONF);
  expect(connection.send('GET k', 'SELECT 0', 'DEL k', 'GET k')).toBe(
    `$1\r\nv\r\n+OK\r\n${MISCONF}$1\r\nv\r\n`,
  );
});

test('while storage fails scripts are refused that declare flags, but not no-writes', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k v');
  storage.fail('the disk is full');
  const replyOf = (...words: string[]) => {
    connection.take();
    connection.feed(encode(words));
    return connection.take();
  };
  await vi.waitFor(() => expect(replyOf('EVAL', 'return 1', '0')).not.toBe(''));
  expect(replyOf('EVAL', '#!lua\nreturn 1', '0')).toBe(MISCONF);
  expect(replyOf('EVAL', '#!lua flags=no-writes\nreturn 1', '0')).toBe(':1\r\n');
  expect(replyOf('EVAL', '#!lua flags=x\nreturn 1', '0')).toMatch(/^-ERR Unexpected flag/);
});

test('writes are taken again within two seconds after storage has recovered', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  storage.fail('the disk is full');
  await vi.advanceTimersByTimeAsync(5000);
  expect(connection.send('SET k v')).toBe(MISCONF);
  storage.heal();
  await vi.advanceTimersByTimeAsync(2000);
  expect(connection.send('SET k v')).toBe('+OK\r\n');
});

test('CONFIG SET appendfsync changes when replies leave', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('CONFIG SET appendfsync always', 'SET k v');
  await settled();
  expect(storage.mode).toBe('always');
  expect(connection.take()).toBe('+OK\r\n');
  storage.sync();
  await settled();
  expect(connection.take()).toBe('+OK\r\n');
});

test('replies to a connection that is gone are dropped', async () => {
  const storage = new FakeStorage('always');
  const { host, connect } = await openTestHost({ storage });
  const [gone, other] = [connect(), connect()];
  gone.send('SET k v');
  other.send('GET k');
  host.disconnect(gone.session);
  storage.sync();
  await settled();
  expect(gone.received).toBe('');
  expect(other.received).toBe('$1\r\nv\r\n');
});

test('what was appended is brought back, in its databases and in any slices', async () => {
  const storage = new FakeStorage('everysec');
  const first = await openTestHost({ storage });
  first.connect().send('SET a 1', 'SELECT 5', 'SET b 2', 'INCR b', 'SET c x PX 1000');
  const { appended } = storage;
  for (const cut of [1, 20, appended.length - 3]) {
    const slices = [appended.slice(0, cut), appended.slice(cut)];
    const { connect } = await openTestHost({ storage: new FakeStorage('everysec', slices) });
    const connection = connect();
    expect(connection.send('GET a', 'SELECT 5', 'GET b')).toBe('$1\r\n1\r\n+OK\r\n$1\r\n3\r\n');
    expect(connection.send('PTTL c')).toBe(':1000\r\n');
  }
});

test('a key that has expired meanwhile is still there for the commands that followed', async () => {
  const journal = encode(['SET', 'n', '5', 'PXAT', '1700000000500']) + encode(['INCR', 'n']);
  const storage = new FakeStorage('everysec', [journal]);
  const { clock, connect } = await openTestHost({ storage });
  clock.at = 1_700_000_001_000;
  const connection = connect();
  connection.send('GET n');
  await settled();
  expect(connection.received).toBe('$-1\r\n');
});

test.each([
  ['a command that fails', encode(['SET', 'k', 'v']) + encode(['INCR', 'k']), /not an integer/],
  ['a command that is not whole', encode(['SET', 'k', 'v']).slice(0, -3), /not whole/],
  ['bytes that are not RESP', '*x\r\n', /not RESP/],
  ['a command that writes nothing', encode(['CONFIG', 'GET', 'x']), /config\|get/],
])('a journal with %s is not opened', async (_what, journal, reason) => {
  const storage = new FakeStorage('everysec', [journal]);
  await expect(openTestHost({ storage })).rejects.toThrow(reason);
});

test('closing ends the connections and lets go of storage', async () => {
  const storage = new FakeStorage('everysec');
  const { host, connect } = await openTestHost({ storage });
  const connection = connect();
  await host.close();
  expect(connection.ended).toBe(true);
  expect(storage.closed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});
