/** Transactions in the host: what reaches the journal, big ones, and what is left behind. */
import { expect, test } from 'vitest';
import { FakeStorage, openTestHost, settled } from './test-host.js';

/** RESP as words, without its lengths. */
function words(resp: string): string {
  return resp
    .replace(/[*$]\d+\r\n/g, '')
    .replace(/\r\n/g, ' ')
    .trim();
}

test('the effects of a transaction reach the journal as one whole', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET a 1', 'MULTI', 'SET b 1', 'GET b', 'INCR b', 'EXEC', 'INCR a');
  expect(words(storage.appended)).toBe('SELECT 0 SET a 1 MULTI SET b 1 INCR b EXEC INCR a');
  storage.appended = '';
  connection.send('MULTI', 'SET b 2', 'EXEC');
  expect(words(storage.appended)).toBe('SELECT 0 SET b 2');
  storage.appended = '';
  connection.send('MULTI', 'GET b', 'EXEC', 'MULTI', 'EXEC');
  expect(storage.appended).toBe('');
});

test('a journal with transactions is replayed', async () => {
  const first = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage: first });
  connect().send('MULTI', 'SET a 1', 'SELECT 2', 'SET b 2', 'EXEC', 'SADD s x');
  const { connect: again } = await openTestHost({
    storage: new FakeStorage('everysec', [first.appended]),
  });
  expect(again().send('GET a', 'SELECT 2', 'GET b', 'SISMEMBER s x')).toBe(
    '$1\r\n1\r\n+OK\r\n$1\r\n2\r\n:1\r\n',
  );
});

test('a journal that ends within a transaction is refused', async () => {
  const journal = '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n';
  const storage = new FakeStorage('everysec', [journal]);
  await expect(openTestHost({ storage })).rejects.toThrow('it ends within a transaction');
});

test('what EXEC replies may be larger than the core keeps back', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.send(`SET big ${'x'.repeat(200_000)}`);
  const reply = connection.send('MULTI', 'GET big', 'GET big', 'GET big', 'EXEC', 'PING');
  const bulk = `$200000\r\n${'x'.repeat(200_000)}\r\n`;
  expect(reply.endsWith(`*3\r\n${bulk}${bulk}${bulk}+PONG\r\n`)).toBe(true);
});

test('a connection that goes leaves no interest behind', async () => {
  const { host, connect } = await openTestHost();
  const connection = connect();
  connection.send('WATCH a b', 'SELECT 1', 'WATCH a');
  expect(connection.session.watched.size).toBe(3);
  connection.host.disconnect(connection.session);
  expect(connection.session.watched.size).toBe(0);
  host.interests.tell();
  const other = connect();
  other.send('WATCH a');
  other.send('QUIT');
  expect(other.session.watched.size).toBe(0);
});

test('while storage takes no writes, EXEC of writes is refused and EXEC of reads is not', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET a 1', 'MULTI', 'SET a 2');
  const reader = connect();
  reader.send('MULTI', 'GET a');
  storage.fail('the disk is on fire');
  await settled();
  expect(connection.send('EXEC')).toMatch(/^-EXECABORT Transaction discarded because of: MISCONF /);
  expect(connection.send('EXEC')).toBe('-ERR EXEC without MULTI\r\n');
  expect(reader.send('EXEC')).toBe('*1\r\n$1\r\n1\r\n');
  expect(connection.send('MULTI')).toBe('+OK\r\n');
  expect(connection.send('SET a 3')).toMatch(/^-MISCONF /);
  storage.heal();
});

test('half frames in a transaction change nothing about it', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.send('MULTI');
  connection.take();
  connection.feed('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nab');
  expect(connection.take()).toBe('');
  connection.feed('c\r\n*1\r\n$4\r\nEXEC\r\n');
  expect(connection.take()).toBe('+QUEUED\r\n*1\r\n+OK\r\n');
});

test('commands of the host take part', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.send('MULTI', 'CLIENT SETNAME x', 'SET a 1', 'CLIENT GETNAME', 'CONFIG GET hz');
  expect(connection.send('EXEC')).toBe(
    '*4\r\n+OK\r\n+OK\r\n$1\r\nx\r\n*2\r\n$2\r\nhz\r\n$2\r\n10\r\n',
  );
});
