/** What clients may take of memory, and for how long: limits of output, of input, of all together. */
import { expect, test } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.js';
import { openTestHost, type TestHost } from './test-host.js';

async function open(config: Record<string, string> = {}) {
  const clock = new VirtualClock();
  return { ...(await openTestHost({ config, clock })), clock };
}

function info({ connect }: TestHost, section: string, field: string): string {
  const text = connect().send(`INFO ${section}`);
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(text)?.[1] ?? 'missing';
}

test('beyond the hard limit of its class a client is closed, without the reply', async () => {
  const opened = await open({ 'client-output-buffer-limit': 'normal 2000 0 0' });
  const connection = opened.connect();
  connection.send(`SET k ${'x'.repeat(1500)}`);
  expect(connection.send('GET k')).toHaveLength(1509);
  connection.pendingBytes = 600;
  expect(connection.send('GET k')).toBe('');
  expect(connection.ended).toBe(true);
  expect(connection.session.closed).toBe(true);
  expect(opened.log.join('\n')).toMatch(
    /warning: Client id=1 .* scheduled to be closed ASAP for overcoming of output buffer limits\./,
  );
});

test('the soft limit is for so many seconds', async () => {
  const opened = await open({ 'client-output-buffer-limit': 'normal 0 1000 5' });
  const [slow, late] = [opened.connect(), opened.connect()];
  slow.pendingBytes = 2000;
  late.pendingBytes = 2000;
  expect([slow.send('PING'), late.send('PING')]).toEqual(['+PONG\r\n', '+PONG\r\n']);
  opened.clock.pass(4000);
  expect([slow.ended, late.ended]).toEqual([false, false]);
  late.pendingBytes = 0;
  opened.clock.pass(3000);
  expect([slow.ended, late.ended]).toEqual([true, false]);
  late.pendingBytes = 2000;
  late.send('PING');
  opened.clock.pass(4000);
  expect(late.ended).toBe(false);
});

test('subscribers have limits of their own, and a message may be what is too much', async () => {
  const opened = await open({ 'client-output-buffer-limit': 'pubsub 1000 0 0' });
  const [subscriber, publisher] = [opened.connect(), opened.connect()];
  subscriber.send('SUBSCRIBE ch');
  subscriber.pendingBytes = 900;
  publisher.pendingBytes = 900;
  expect(publisher.send(`PUBLISH ch ${'x'.repeat(200)}`)).toBe(':1\r\n');
  expect(subscriber.ended).toBe(true);
  expect(publisher.send('PUBLISH ch x', `ECHO ${'x'.repeat(2000)}`)).toContain(':0\r\n');
});

test('CONFIG SET changes the limits of those who are there', async () => {
  const opened = await open();
  const [connection, other] = [opened.connect(), opened.connect()];
  connection.pendingBytes = 5000;
  expect(connection.send('PING')).toBe('+PONG\r\n');
  other.feed('CONFIG SET client-output-buffer-limit "normal 4000 0 0"\r\n');
  expect(other.take()).toBe('+OK\r\n');
  expect(connection.send('PING')).toBe('');
  expect(connection.ended).toBe(true);
});

test('when all clients together take too much, the largest go first', async () => {
  const opened = await open({ 'maxmemory-clients': '200000' });
  const clients = Array.from({ length: 4 }, () => opened.connect());
  for (const [n, client] of clients.entries()) {
    client.feed(`*2\r\n$3\r\nGET\r\n$1000000\r\n${'x'.repeat(20_000 * (n + 1))}`);
  }
  expect(clients.map(({ ended }) => ended)).toEqual([false, false, false, true]);
  expect(info(opened, 'stats', 'evicted_clients')).toBe('1');
  expect(opened.log.join('\n')).toMatch(/notice: Evicting client: id=4 /);
});

test('NO-EVICT spares a client, and what it takes does not count', async () => {
  const opened = await open({ 'maxmemory-clients': '100000' });
  const [spared, other] = [opened.connect(), opened.connect()];
  spared.send('CLIENT NO-EVICT on');
  spared.feed(`*2\r\n$3\r\nGET\r\n$1000000\r\n${'x'.repeat(500_000)}`);
  other.send('PING');
  expect([spared.ended, other.ended]).toEqual([false, false]);
  other.feed(`*2\r\n$3\r\nGET\r\n$1000000\r\n${'x'.repeat(200_000)}`);
  expect([spared.ended, other.ended]).toEqual([false, true]);
});

test('maxmemory-clients may be a share of maxmemory, and none without maxmemory', async () => {
  const opened = await open({ 'maxmemory-clients': '1%' });
  const connection = opened.connect();
  const half = `*2\r\n$3\r\nGET\r\n$1000000\r\n${'x'.repeat(200_000)}`;
  connection.feed(half);
  expect(connection.ended).toBe(false);
  expect(opened.connect().send('CONFIG SET maxmemory 10mb')).toBe('+OK\r\n');
  connection.feed('x');
  expect(connection.ended).toBe(true);
});

test('what MULTI has queued counts', async () => {
  const opened = await open({ 'maxmemory-clients': '100000' });
  const connection = opened.connect();
  connection.send('MULTI');
  for (let n = 0; n < 12 && !connection.ended; n++) connection.send(`SET k ${'x'.repeat(10_000)}`);
  expect(connection.ended).toBe(true);
});

test('a connection that has nothing to say is closed after timeout, a subscriber is not', async () => {
  const opened = await open({ timeout: '10' });
  const [idle, subscriber, busy] = [opened.connect(), opened.connect(), opened.connect()];
  subscriber.send('SUBSCRIBE ch');
  for (let second = 0; second < 15; second++) {
    opened.clock.pass(1000);
    busy.send('PING');
  }
  expect([idle.ended, subscriber.ended, busy.ended]).toEqual([true, false, false]);
});

test('INFO tells the largest buffers of the last seconds', async () => {
  const opened = await open();
  const connection = opened.connect();
  connection.pendingBytes = 12_345;
  connection.send(`ECHO ${'x'.repeat(5000)}`);
  expect(Number(info(opened, 'clients', 'client_recent_max_input_buffer'))).toBeGreaterThan(5000);
  expect(info(opened, 'clients', 'client_recent_max_output_buffer')).toBe('12345');
  opened.clock.pass(9000);
  expect(info(opened, 'clients', 'client_recent_max_output_buffer')).toBe('0');
});
