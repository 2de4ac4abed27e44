/** `snapshot()` and `restore()` of a server: its data as a file, and a file as its data. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { afterEach, expect, test } from 'vitest';
import { createServer, type RunningServer, SnapshotFormatError } from '../../src/node.js';
import { coreModule } from '../host/test-host.js';
import { openProcess } from '../support/target-process.js';
import { command, exchange } from './pair.js';

/** Several slices. */
const KEYS = 5000;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(): Promise<RunningServer> {
  const config = { 'enable-debug-command': 'yes' };
  const server = await createServer({ core: await coreModule(), config });
  ends.push(() => server.close());
  return server;
}

async function connect(server: RunningServer) {
  const socket = { path: server.path, tls: false } as const;
  const client = await createClient({ socket, RESP: 2 }).connect();
  ends.push(async () => client.destroy());
  return client;
}

test('what was taken from one server is given to another', async () => {
  const [one, other] = [await start(), await start()];
  const [a, b] = [await connect(one), await connect(other)];
  await a.mSet(Array.from({ length: 5000 }, (_, n) => [`key:${n}`, `value ${n}`]).flat());
  await a.hSet('h', { f: 'v' });
  await a.set('ends', 'v', { expiration: { type: 'PX', value: 1_000_000 } });
  await b.set('was here', '1');
  await other.restore(await one.snapshot());
  expect(await b.sendCommand(['DEBUG', 'DIGEST'])).toBe(await a.sendCommand(['DEBUG', 'DIGEST']));
  expect(await b.exists('was here')).toBe(0);
  expect(await b.pTTL('ends')).toBeGreaterThan(900_000);
});

test('a snapshot is of the moment at which it was begun', async () => {
  const server = await start();
  const client = await connect(server);
  await client.mSet(
    Array.from({ length: KEYS }, (_, n) => [`key:${n}`, 'before'.repeat(100)]).flat(),
  );
  const taking = server.snapshot();
  const meanwhile = Promise.all([server.snapshot(), client.flushAll()]);
  await server.restore(await taking);
  await meanwhile;
  expect(await client.dbSize()).toBe(KEYS);
  expect(await client.strLen('key:1')).toBe(600);
});

test('watched keys count as changed', async () => {
  const server = await start();
  const [watcher, other] = [await connect(server), await connect(server)];
  await other.set('k', '1');
  const file = await server.snapshot();
  await watcher.watch('k');
  await server.restore(file);
  await expect(watcher.multi().set('k', '2').exec()).rejects.toThrow(
    'One (or more) of the watched',
  );
  expect(await other.get('k')).toBe('1');
});

test('who waits for a key that is there now is served', async () => {
  const server = await start();
  const [waiter, other] = [await connect(server), await connect(server)];
  await other.rPush('l', 'x');
  const file = await server.snapshot();
  await other.flushAll();
  const popped = waiter.blPop('l', 0);
  while (!(await other.sendCommand(['CLIENT', 'LIST'])).toString().includes('flags=b'));
  await server.restore(file);
  expect(await popped).toEqual({ key: 'l', element: 'x' });
  expect(await other.exists('l')).toBe(0);
});

test('a file that is not right changes nothing', async () => {
  const server = await start();
  const client = await connect(server);
  await client.set('k', 'v');
  const file = await server.snapshot();
  const cut = file.subarray(0, file.length - 3);
  await expect(server.restore(cut)).rejects.toThrow(SnapshotFormatError);
  await expect(server.restore(Buffer.from('no snapshot'))).rejects.toThrow(SnapshotFormatError);
  expect(await client.get('k')).toBe('v');
});

test('redis-server reads it', async () => {
  const server = await start();
  const client = await connect(server);
  await client.zAdd('z', [{ score: 1, value: 'a' }]);
  await client.xAdd('s', '*', { f: 'v' });
  const dir = await mkdtemp(join(tmpdir(), 'redstart-'));
  ends.push(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'dump.rdb'), await server.snapshot());
  const program = process.env.REDIS_SERVER_PATH ?? 'redis-server';
  const redis = await openProcess(program, [], ['--dir', dir]);
  ends.push(() => redis.close());
  expect(await exchange(redis.port, command('DEBUG', 'DIGEST'))).toBe(
    await exchange(server.port, command('DEBUG', 'DIGEST')),
  );
});

test('a server says how its data are kept', async () => {
  expect((await start()).storage()).toMatchObject({ backend: 'memory', state: 'ok' });
  const dir = await mkdtemp(join(tmpdir(), 'redstart-kept-'));
  ends.push(() => rm(dir, { recursive: true }));
  const config = { dir, appendonly: 'yes' };
  const server = await createServer({ core: await coreModule(), config });
  ends.push(() => server.close());
  const client = await connect(server);
  await client.set('k', 'v');
  const kept = { backend: 'files', durability: 'everysec', appendOnly: true };
  expect(server.storage()).toMatchObject(kept);
  await expect.poll(() => server.storage().journalBytes).toBeGreaterThan(0);
});
