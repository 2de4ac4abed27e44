/**
 * Memory that is refused to what runs inside of a command: of a transaction, of a script each command
 * is answered for itself, and the next one finds a store that is whole (docs/RELIABILITY.md, R10).
 */
import { expect, test } from 'vitest';
import { countReplies } from '../../src/host/reply-scan.js';
import { FakeStorage, openTestHost, settled, type TestConnection } from '../host/test-host.js';

const RESERVATIONS = 40;
const OUT_OF_MEMORY = /^-OOM .*\r\n$/;

function replay(journal: string) {
  return openTestHost({ storage: new FakeStorage('everysec', [journal]) });
}

/** What is there, in an order of its own. */
function contents(connection: TestConnection): string {
  return connection.send('DEBUG DIGEST');
}

test('each command of a transaction is answered for itself', async () => {
  let failures = 0;
  for (let count = 1; count < RESERVATIONS; count++) {
    const storage = new FakeStorage('everysec');
    const { host, connect } = await openTestHost({ storage });
    const connection = connect();
    const value = 'x'.repeat(30_000);
    connection.send('MULTI', `SET a ${value}`, 'RPUSH l a b c', `HSET h f ${value}`, 'GET a');
    connection.take();
    host.engine.configure('refuse-reservation', count);
    const reply = connection.send('EXEC');
    host.engine.configure('refuse-reservation', 0);
    expect(
      countReplies(Buffer.from(reply, 'latin1')),
      `reservation ${count}: ${reply.slice(0, 200)}`,
    ).toBe(1);
    if (OUT_OF_MEMORY.test(reply)) {
      failures++;
      expect(storage.appended).toBe('');
    } else {
      expect(reply).toMatch(/^\*4\r\n/);
      const each = Buffer.from(reply.slice(4), 'latin1');
      expect(countReplies(each), `reservation ${count}: ${reply.slice(0, 200)}`).toBe(4);
      if (reply.includes('-OOM')) failures++;
    }
    expect(connection.ended).toBe(false);
    const again = await replay(storage.appended);
    expect(contents(again.connect()), `reservation ${count}`).toBe(contents(connection));
    expect(connection.send('SET after 1')).toBe('+OK\r\n');
  }
  expect(failures).toBeGreaterThan(3);
});

test('a script hears of each command that does not fit', async () => {
  let failures = 0;
  for (let count = 1; count < RESERVATIONS; count++) {
    const storage = new FakeStorage('everysec');
    const { host, connect } = await openTestHost({ storage });
    const connection = connect();
    connection.send('SET before 1');
    const script =
      "local~v=string.rep('x',30000)~redis.call('SET','a',v)~redis.call('RPUSH','l','a','b')" +
      "~redis.call('HSET','h','f',v)~return~redis.call('GET','a')";
    await ask(connection, 'EVAL', "return~redis.call('GET','before')", '0');
    host.engine.configure('refuse-reservation', count);
    const reply = await ask(connection, 'EVAL', script, '0');
    host.engine.configure('refuse-reservation', 0);
    expect(
      countReplies(Buffer.from(reply, 'latin1')),
      `reservation ${count}: ${reply.slice(0, 200)}`,
    ).toBe(1);
    if (reply.startsWith('-')) {
      failures++;
      expect(reply).toMatch(/^-OOM /);
    }
    expect(connection.ended).toBe(false);
    const again = await replay(storage.appended);
    expect(contents(again.connect()), `reservation ${count}`).toBe(contents(connection));
    expect(connection.send('SET after 1')).toBe('+OK\r\n');
  }
  expect(failures).toBeGreaterThan(3);
});

async function ask(connection: TestConnection, ...words: string[]): Promise<string> {
  connection.take();
  const bulks = words.map((word) => {
    const text = word.replaceAll('~', ' ');
    return `$${text.length}\r\n${text}\r\n`;
  });
  connection.feed(`*${words.length}\r\n${bulks.join('')}`);
  for (let turns = 0; connection.received === '' && turns < 10_000; turns++) await settled();
  return connection.take();
}
