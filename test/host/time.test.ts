/** What the host does by the clock, and that it sleeps when there is nothing to do. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encode, FakeStorage, openTestHost, type TestHost } from './test-host.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Both the clock and the timers go on by so much, in steps of 10 ms. */
async function pass({ clock }: TestHost, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.at += 10;
    await vi.advanceTimersByTimeAsync(10);
  }
}

test('keys expire without being asked for', async () => {
  const opened = await openTestHost();
  const connection = opened.connect();
  for (let n = 0; n < 1000; n++) connection.send(`SET key:${n} v PX ${100 + n}`);
  expect(connection.send('DBSIZE')).toBe(':1000\r\n');
  await pass(opened, 3000);
  expect(connection.send('DBSIZE')).toBe(':0\r\n');
  expect(connection.send('INFO stats')).toContain('expired_keys:1000');
});

test('what expires is told to storage', async () => {
  const storage = new FakeStorage('everysec');
  const opened = await openTestHost({ storage });
  opened.connect().send('SET k v PX 50');
  storage.appended = '';
  await pass(opened, 1000);
  expect(storage.appended).toContain(encode(['DEL', 'k']));
});

test('DEBUG SET-ACTIVE-EXPIRE 0 leaves them until they are asked for', async () => {
  const opened = await openTestHost();
  const connection = opened.connect();
  connection.send('DEBUG SET-ACTIVE-EXPIRE 0', 'SET k v PX 50');
  await pass(opened, 1000);
  expect(connection.send('DBSIZE')).toBe(':1\r\n');
  expect(connection.send('GET k')).toBe('$-1\r\n');
  connection.send('SET l v PX 50', 'DEBUG SET-ACTIVE-EXPIRE 1');
  await pass(opened, 1000);
  expect(connection.send('DBSIZE')).toBe(':0\r\n');
});

test('a store with nothing to do has no timer', async () => {
  const opened = await openTestHost();
  const connection = opened.connect();
  connection.send('SET k v', 'GET k');
  await pass(opened, 1000);
  expect(vi.getTimerCount()).toBe(0);
  connection.send('SET k v PX 300');
  expect(vi.getTimerCount()).toBe(1);
  await pass(opened, 1000);
  expect(vi.getTimerCount()).toBe(0);
});

test('a deadline far away is not waited for with a busy timer', async () => {
  const opened = await openTestHost();
  opened.connect().send('SET k v EX 100000');
  const started = vi.spyOn(globalThis, 'setTimeout');
  await pass(opened, 10_000);
  expect(started.mock.calls.length).toBeLessThan(110);
});

test('connections that are idle for longer than `timeout` are closed', async () => {
  const opened = await openTestHost({ config: { timeout: '5' } });
  const [idle, busy, worker] = [
    opened.connect(),
    opened.connect(),
    opened.connect({ kind: 'worker' }),
  ];
  for (let second = 0; second < 8; second++) {
    await pass(opened, 1000);
    busy.send('PING');
  }
  expect([idle.ended, busy.ended, worker.ended]).toEqual([true, false, false]);
});

test('strangers have ten seconds to give a password', async () => {
  const opened = await openTestHost({ config: { requirepass: 'secret' } });
  const [stranger, known] = [opened.connect(), opened.connect()];
  known.send('AUTH secret');
  for (let second = 0; second < 12; second++) {
    if (second === 10) expect(stranger.ended).toBe(false);
    await pass(opened, 1000);
    stranger.send('PING');
  }
  expect([stranger.ended, known.ended]).toEqual([true, false]);
});

test('DEBUG SLEEP answers nobody until it is over, then everybody in turn', async () => {
  const opened = await openTestHost();
  const [sleeper, other] = [opened.connect(), opened.connect()];
  sleeper.send('SET a 1', 'DEBUG SLEEP 0.5', 'GET a');
  other.send('PING', 'SELECT 1');
  expect(sleeper.take()).toBe('+OK\r\n');
  await pass(opened, 400);
  expect(other.received).toBe('');
  await pass(opened, 200);
  expect(sleeper.received).toBe('+OK\r\n$1\r\n1\r\n');
  expect(other.received).toBe('+PONG\r\n+OK\r\n');
});
