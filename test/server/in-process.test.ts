/** Unmodified client libraries on a store of this process, over TCP and without. */
import net from 'node:net';
import { createClient, createClientPool, type RedisClientOptions } from '@redis/client';
import { AbstractConnector, Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectorOver, createServer, type RunningServer } from '../../src/node.js';
import { coreModule } from '../host/test-host.js';

let server: RunningServer;

beforeEach(async () => {
  server = await createServer({ core: await coreModule() });
});

afterEach(() => server.close());

/** How a library is connected: over TCP, by the path, by a Connector. */
const ioredisWays: Readonly<Record<string, () => Redis>> = {
  TCP: () => new Redis({ port: server.port }),
  'the path': () => new Redis({ path: server.path }),
  'a Connector': () =>
    new Redis({ Connector: connectorOver(AbstractConnector, () => server.createConnection()) }),
};
const nodeRedisWays: Readonly<Record<string, () => RedisClientOptions['socket']>> = {
  TCP: () => ({ port: server.port }),
  'the path': () => ({ path: server.path, tls: false }),
};

test.each(Object.keys(ioredisWays))('ioredis over %s', async (way) => {
  const redis = ioredisWays[way]?.() as Redis;
  expect(await redis.set('k', 'väl')).toBe('OK');
  expect(await redis.get('k')).toBe('väl');
  const bytes = Buffer.from([0, 255, 13, 10]);
  await redis.set('bytes', bytes);
  expect(await redis.getBuffer('bytes')).toEqual(bytes);
  const big = 'x'.repeat(5_000_000);
  await redis.set('big', big);
  expect((await redis.get('big'))?.length).toBe(big.length);
  const piped = redis.pipeline();
  for (let n = 0; n < 1000; n++) piped.incr('n');
  expect((await piped.exec())?.at(-1)).toEqual([null, 1000]);
  expect(await redis.multi().set('a', 1).get('a').exec()).toEqual([
    [null, 'OK'],
    [null, '1'],
  ]);
  await expect(redis.call('LPUSH', 'k', 'x')).rejects.toThrow('WRONGTYPE');
  const other = redis.duplicate();
  const heard = new Promise((resolve) => other.on('message', (...args) => resolve(args)));
  await other.subscribe('news');
  await redis.publish('news', 'hello');
  expect(await heard).toEqual(['news', 'hello']);
  other.disconnect();
  expect(await redis.quit()).toBe('OK');
});

test.each(Object.keys(nodeRedisWays))('node-redis over %s', async (way) => {
  const socket = nodeRedisWays[way]?.() ?? {};
  const client = await createClient({ socket }).connect();
  await client.set('k', 'väl');
  expect(await client.get('k')).toBe('väl');
  await client.hSet('h', { a: 1, b: 2 });
  expect(await client.hGetAll('h')).toEqual({ a: '1', b: '2' });
  expect(await client.multi().incr('n').incr('n').exec()).toEqual([1, 2]);
  const listener = await client.duplicate().connect();
  const heard = new Promise((resolve) => {
    void listener.subscribe('news', (message) => resolve(message));
  });
  while ((await client.publish('news', 'hello')) === 0);
  expect(await heard).toBe('hello');
  const pool = createClientPool({ socket }, { minimum: 2, maximum: 8 });
  await pool.connect();
  const counts = await Promise.all(Array.from({ length: 100 }, () => pool.incr('pooled')));
  expect(new Set(counts).size).toBe(100);
  pool.destroy();
  listener.destroy();
  await client.close();
});

test('a killed connection is connected anew', async () => {
  const redis = new Redis({ path: server.path, retryStrategy: () => 1 });
  const id = await redis.client('ID');
  const again = new Promise((resolve) => redis.once('ready', resolve));
  const killer = new Redis({ path: server.path });
  expect(await killer.client('KILL', 'ID', id)).toBe(1);
  await again;
  expect(await redis.client('ID')).not.toBe(id);
  redis.disconnect();
  killer.disconnect();
});

test('a reader that is slow is not executed for, and gets everything in the end', async () => {
  const socket = server.createConnection();
  const value = 'x'.repeat(100_000);
  socket.write(`SET k ${value.slice(0, 60_000)}\r\n`);
  socket.pause();
  for (let n = 0; n < 200; n++) socket.write('GET k\r\n');
  socket.end('ECHO end\r\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.readableLength).toBeLessThan(4_000_000);
  let received = '';
  for await (const bytes of socket) received += String(bytes);
  expect(received.endsWith('$3\r\nend\r\n')).toBe(true);
  expect(received.length).toBe(5 + 200 * (60_000 + 10) + 9);
});

test('other paths are still the system’s, and ours end with the server', async () => {
  const { path } = server;
  const before = net.createConnection;
  const error = await new Promise((resolve) => {
    net.createConnection({ path: '/nonexistent/redstart.sock' }).once('error', resolve);
  });
  expect(error).toMatchObject({ code: 'ENOENT' });
  const socket = net.createConnection(path);
  await new Promise((resolve) => socket.once('connect', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await closed;
  expect(net.createConnection).not.toBe(before);
});
