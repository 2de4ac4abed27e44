/** More databases than sixteen: as many as `databases` says, with all that belongs to each. */
import { expect, test } from 'vitest';
import { FakeStorage, openTestHost, settled } from './test-host.js';

test('each of 1,000 databases has its own keys, deadlines and statistics', async () => {
  const { clock, connect, host } = await openTestHost({ config: { databases: '1000' } });
  const connection = connect();
  for (const index of [0, 15, 16, 31, 500, 999]) {
    connection.send(`SELECT ${index}`, `SET k ${index}`, 'SET gone v PX 100');
  }
  expect(connection.send('SELECT 1000')).toBe('-ERR DB index is out of range\r\n');
  expect(connection.send('SELECT 500', 'GET k')).toContain('$3\r\n500\r\n');
  expect(connection.send('INFO keyspace')).toContain('db999:keys=2,expires=1,avg_ttl=100\r\n');
  expect(connection.send('SWAPDB 500 3', 'DBSIZE', 'SELECT 3', 'GET k')).toContain('$3\r\n500\r\n');
  clock.at += 200;
  host.engine.setTime(clock.at);
  while (host.engine.tick(1_000_000) === 0);
  expect(host.engine.statistics().keys(999)).toBe(1);
  expect(connection.send('FLUSHALL', 'INFO keyspace')).not.toContain('db999');
});

test('a snapshot of many databases brings them back', async () => {
  const config = { databases: '300' };
  const [from, to] = [await openTestHost({ config }), await openTestHost({ config })];
  const connection = from.connect();
  for (const index of [299, 16, 0]) connection.send(`SELECT ${index}`, `SET k ${index}`);
  from.host.engine.snapshotBegin();
  to.host.engine.loadBegin();
  for (;;) {
    const bytes = from.host.engine.snapshotNext(64);
    if (bytes === null) break;
    to.host.engine.loadNext(bytes);
  }
  to.host.engine.loadEnd();
  expect(to.host.engine.digest()).toBe(from.host.engine.digest());
  expect(to.connect().send('SELECT 299', 'GET k')).toContain('$3\r\n299\r\n');
});

test('what has to do with keys of interest works in each of them', async () => {
  const { host, connect } = await openTestHost({ config: { databases: '100' } });
  const key = Buffer.from('k');
  host.engine.setInterest(77, key, true);
  expect(connect().send('SELECT 61', 'SET k v', 'SELECT 77', 'GET k')).toContain('$-1\r\n');
  host.engine.setInterest(77, key, false);
});

test('a journal that needs more databases is not replayed into others', async () => {
  const storage = new FakeStorage('everysec', ['*2\r\n$6\r\nSELECT\r\n$2\r\n20\r\n']);
  await expect(openTestHost({ storage })).rejects.toThrow('it needs more databases than 16');
  const again = new FakeStorage('everysec', [
    '*2\r\n$6\r\nSELECT\r\n$2\r\n20\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n',
  ]);
  const { connect } = await openTestHost({ storage: again, config: { databases: '21' } });
  const connection = connect();
  connection.send('SELECT 20', 'GET k');
  await settled();
  expect(connection.received).toContain('v\r\n');
});

test('there is an end to it', async () => {
  await expect(openTestHost({ config: { databases: '16385' } })).rejects.toThrow(
    'Redstart has at most 16384',
  );
  const { connect } = await openTestHost({ config: { databases: '16384' } });
  expect(connect().send('SELECT 16383', 'SET k v')).toBe('+OK\r\n+OK\r\n');
});
