/** Both clients over the real core, on this very thread. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { CoreClient } from '../../src/client/core-client.js';
import { createClientOver } from '../../src/client/create-client.js';
import type { RedisClient } from '../../src/client/redis-client.js';
import { ConfigurationError } from '../../src/resp/errors.js';
import { openInlineTransport } from '../../src/transport/inline.js';
import type { OpenTransport } from '../../src/transport/transport.js';

let module: WebAssembly.Module;
beforeAll(async () => {
  const bytes = await readFile(new URL('../../dist/core.wasm', import.meta.url));
  module = await WebAssembly.compile(bytes);
});

const openStore = () => openInlineTransport({ core: module, config: { save: '' } });

async function connectCore(open: OpenTransport): Promise<CoreClient> {
  const client = new CoreClient({ open, database: 0, timeoutMs: 5000, onError: undefined });
  await client.connect();
  return client;
}

const connectRedis = (open = openStore(), options = {}): Promise<RedisClient> =>
  createClientOver(open, options).connect() as Promise<RedisClient>;

describe('the bare client', () => {
  test('sets and gets text, numbers and bytes', async () => {
    const client = await connectCore(openStore());
    expect(await client.send('SET', 'k', 'grüß €')).toBe('OK');
    expect(await client.send('GET', 'k')).toBe('grüß €');
    expect(await client.send('SET', 'n', 1.5)).toBe('OK');
    expect(await client.send('INCRBYFLOAT', 'n', '0.25')).toBe('1.75');
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    await client.send('SET', bytes, bytes);
    expect(await client.call(['GET', bytes], { types: { 36: Uint8Array } })).toEqual(bytes);
    expect(
      await client.pipeline([
        ['GET', 'none'],
        ['INCR', 'k'],
        ['STRLEN', 'k'],
      ]),
    ).toMatchObject([null, { name: 'ReplyError', code: 'ERR' }, 10]);
    await client.close();
  });

  test('many calls at once, and calls made from their replies', async () => {
    const client = await connectCore(openStore());
    const round = async (i: number) => {
      await client.send('SET', `k${i}`, `v${i}`);
      return client.send('GET', `k${i}`);
    };
    const values = await Promise.all(Array.from({ length: 20_000 }, (_, i) => round(i)));
    expect(values.findIndex((value, i) => value !== `v${i}`)).toBe(-1);
    await client.close();
  });

  test('QUIT ends the connection, and the calls behind it', async () => {
    const client = await connectCore(openStore());
    const calls = await Promise.allSettled([client.send('QUIT'), client.send('PING')]);
    expect(calls[0]).toEqual({ status: 'fulfilled', value: 'OK' });
    expect(calls[1]).toMatchObject({ reason: { name: 'ConnectionError' } });
  });
});

describe("node-redis's API", () => {
  test('does what its documentation shows for strings and keys', async () => {
    const client = await connectRedis();
    await client.set('user:1', '{"name":"Ada"}', { expiration: { type: 'EX', value: 3600 } });
    expect(JSON.parse((await client.get('user:1')) ?? '')).toEqual({ name: 'Ada' });
    expect(await client.ttl('user:1')).toBeGreaterThan(3590);
    expect(await client.set('user:1', 'x', { condition: 'NX' })).toBe(null);
    await client.mSet({ a: '1', b: '2' });
    expect(await client.mGet(['a', 'b', 'c'])).toEqual(['1', '2', null]);
    expect(await client.incrBy('a', 41)).toBe(42);
    expect(await client.type('a')).toBe('string');
    expect(await client.objectEncoding('a')).toBe('int');
    expect((await client.keys('*')).sort()).toEqual(['a', 'b', 'user:1']);
    expect(await client.del(['a', 'b', 'nope'])).toBe(2);
    expect(await client.dbSize()).toBe(1);
    await client.close();
  });

  test.each([2, 3] as const)('replies have the same shape in RESP%d', async (RESP) => {
    const client = await connectRedis(openStore(), { RESP });
    await client.set('k', 'v');
    expect(await client.exists('k')).toBe(1);
    expect(await client.expire('k', 100)).toBe(1);
    expect(await client.scan('0')).toEqual({ cursor: '0', keys: ['k'] });
    expect({ ...(await client.configGet('maxmemory')) }).toEqual({ maxmemory: '0' });
    expect(await client.lcsLen('k', 'none')).toBe(0);
    const [info] = [await client.clientInfo()];
    expect(info.resp).toBe(RESP);
    await client.close();
  });

  test('scanIterator finds every key', async () => {
    const client = await connectRedis();
    const all = Array.from({ length: 500 }, (_, i) => [`key:${i}`, 'x'] as [string, string]);
    await client.mSet(all);
    const found = new Set<string>();
    for await (const page of client.scanIterator({ COUNT: 50 })) {
      for (const key of page) found.add(key);
    }
    expect(found.size).toBe(500);
    await client.close();
  });

  test('clients of one store share its data and have databases of their own', async () => {
    const open = openStore();
    const first = await connectRedis(open);
    const second = await connectRedis(open, { database: 1 });
    await first.set('k', 'zero');
    expect(await second.get('k')).toBe(null);
    await second.select(0);
    expect(await second.get('k')).toBe('zero');
    await first.close();
    expect(await second.get('k')).toBe('zero');
    await second.close();
    const anew = await connectRedis(open);
    expect(await anew.get('k')).toBe(null);
    await anew.close();
  });

  test('a core that is none is a WorkerLoadError', async () => {
    const open = openInlineTransport({ core: Uint8Array.of(1, 2, 3) });
    await expect(connectRedis(open)).rejects.toMatchObject({ name: 'WorkerLoadError' });
  });
});

describe('a store is configured as by redis.conf', () => {
  test('parameters, databases, new names of commands, users', async () => {
    const config = {
      databases: '20',
      'notify-keyspace-events': 'KEA',
      'client-output-buffer-limit': 'pubsub 1mb 512kb 10',
      'rename-command': 'FLUSHALL "" GET fetch',
      user: 'ada on >secret ~* +@all',
    };
    const client = await connectCore(openInlineTransport({ core: module, config }));
    expect(await client.send('SELECT', 19)).toBe('OK');
    expect(await client.send('CONFIG', 'GET', 'notify-keyspace-events')).toMatchObject({
      'notify-keyspace-events': 'AKE',
    });
    expect(await client.send('FETCH', 'none')).toBe(null);
    await expect(client.send('FLUSHALL')).rejects.toThrow("unknown command 'FLUSHALL'");
    expect(await client.send('AUTH', 'ada', 'secret')).toBe('OK');
    await client.close();
  });

  test.each([
    [{ nosuch: '1' }, 'nosuch: there is no such parameter'],
    [{ databases: 'x' }, "databases: argument couldn't be parsed into an integer"],
    [{ databases: '99999' }, 'databases: Redstart has at most 16384'],
    [{ 'rename-command': 'a b' }, 'rename-command: No such command in rename-command'],
    [{ user: 'ada +nosuch' }, 'user: Error loading ACL rule'],
  ])('%j is refused', async (config, message) => {
    const opening = connectCore(openInlineTransport({ core: module, config }));
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(message);
  });
});
