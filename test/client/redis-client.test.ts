/** node-redis's API: methods, types, options and events. */
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { createClientOver } from '../../src/client/create-client.js';
import { COMMANDS } from '../../src/client/redis-commands.js';
import { createClient, type RedisClient, ReplyError, UnsupportedError } from '../../src/index.js';
import { ConnectionError, LeaderLostError, type RedstartError } from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';

const RESP = { bulk: 36, number: 58, double: 44, set: 126, map: 37 } as const;

async function connected(answers: FakeStore['answers'], options = {}) {
  const store = new FakeStore();
  store.answers = answers;
  const client = createClientOver(store.open, options);
  await client.connect();
  return { store, client };
}

describe('methods', () => {
  test('each of node-redis has a method under both names', async () => {
    const { client } = await connected(() => null);
    expect(Object.keys(COMMANDS).length).toBeGreaterThan(400);
    for (const name of Object.keys(COMMANDS)) {
      expect(typeof (client as unknown as Record<string, unknown>)[name], name).toBe('function');
    }
    expect(client.hSet).toBeDefined();
    expect(client.HSET).toBeDefined();
  });

  test('arguments become a command and the reply what the command promises', async () => {
    const { client, store } = await connected(([name]) => {
      const replies: Record<string, string> = {
        SET: '+OK\r\n',
        GET: '$1\r\n1\r\n',
        HGETALL: '%1\r\n$1\r\nf\r\n$1\r\nv\r\n',
        EXISTS: ':2\r\n',
        SCAN: '*2\r\n$2\r\n17\r\n*1\r\n$1\r\nk\r\n',
      };
      return replies[name as string] ?? null;
    });
    const expiration = { type: 'EX', value: 60 } as const;
    const set = await client.set('user:1', 'ada', { expiration, condition: 'NX' });
    expect(set).toBe('OK');
    expect(store.pipe.batches.at(-1)).toEqual([['SET', 'user:1', 'ada', 'EX', '60', 'NX']]);
    const value = await client.get('user:1');
    expectTypeOf(value).toEqualTypeOf<string | null>();
    expect(value).toBe('1');
    expect(await client.hGetAll('h')).toEqual({ f: 'v' });
    const count = await client.exists(['a', 'b']);
    expectTypeOf(count).toEqualTypeOf<number>();
    expect(count).toBe(2);
    expect(await client.scan('0')).toEqual({ cursor: '17', keys: ['k'] });
  });

  test('wrong arguments and error replies reject', async () => {
    const { client } = await connected(() => '-WRONGTYPE no\r\n');
    await expect(client.get('k')).rejects.toBeInstanceOf(ReplyError);
    await expect(client.set('k', undefined as unknown as string)).rejects.toThrow(TypeError);
    await expect(client.zAdd('k', null as never)).rejects.toThrow();
  });

  test('sendCommand takes any command', async () => {
    const { client, store } = await connected(() => '+fine\r\n');
    expect(await client.sendCommand(['NO.SUCH', 'x'])).toBe('fine');
    expect(store.pipe.batches.at(-1)).toEqual([['NO.SUCH', 'x']]);
  });

  test('scanIterator goes through all pages', async () => {
    const { client } = await connected(([, cursor]) =>
      cursor === '0'
        ? '*2\r\n$1\r\n5\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n'
        : '*2\r\n$1\r\n0\r\n*1\r\n$1\r\nc\r\n',
    );
    const pages: string[][] = [];
    for await (const keys of client.scanIterator({ MATCH: '*' })) pages.push(keys);
    expect(pages).toEqual([['a', 'b'], ['c']]);
  });

  test('what will not be built says so', async () => {
    const { client } = await connected(() => null);
    expect(() => client.legacy()).toThrow(UnsupportedError);
  });
  test('RESP 2 greets with PING and transforms what arrays stand for', async () => {
    const { client, store } = await connected(
      ([name]) => (name === 'PING' ? '+PONG\r\n' : '*2\r\n$1\r\nf\r\n$1\r\nv\r\n'),
      { RESP: 2 },
    );
    expect(store.pipe.batches[0]).toEqual([['PING']]);
    expect({ ...(await client.hGetAll('h')) }).toEqual({ f: 'v' });
  });

  test('keyPrefix stands ahead of keys, not of values', async () => {
    const { client, store } = await connected(() => '+OK\r\n', { keyPrefix: 'app:' });
    await client.set('k', 'v');
    expect(store.pipe.batches.at(-1)).toEqual([['SET', 'app:k', 'v']]);
  });

  test('select is remembered for the next connection', async () => {
    const { client, store } = await connected(() => '+OK\r\n', { database: 2 });
    await client.select(5);
    store.pipe.break(new LeaderLostError('put aside'), true);
    store.pipe.events.resumed();
    await client.ping();
    expect(store.pipe.batches[0]).toEqual([
      ['HELLO', '3'],
      ['SELECT', '5'],
    ]);
  });

  test('a type mapping is for the calls made through it', async () => {
    const { client } = await connected(([name]) =>
      name === 'SMEMBERS' ? '~1\r\n$1\r\nx\r\n' : '$1\r\nx\r\n',
    );
    const binary = client.withTypeMapping({ [RESP.bulk]: Buffer });
    const bytes = await binary.get('k');
    expect(Buffer.isBuffer(bytes)).toBe(true);
    expect(await client.get('k')).toBe('x');
    const sets = client.withCommandOptions({ typeMapping: { [RESP.set]: Set } });
    expect(await sets.sMembers('s')).toEqual(new Set(['x']));
    expect(sets.isReady).toBe(true);
  });

  test('a timeout of its own rejects a call', async () => {
    const { client } = await connected(() => null);
    const hasty = client.withCommandOptions({ timeout: 5 });
    await expect(hasty.get('k')).rejects.toThrow('No reply within 5 ms');
    client.destroy();
  });
});

describe('events', () => {
  test('a life: connect, ready, end; warnings of the store in between', async () => {
    const store = new FakeStore();
    const client = createClientOver(store.open, {});
    const seen: string[] = [];
    client.on('connect', () => seen.push('connect'));
    client.once('ready', () => seen.push('ready'));
    client.on('warning', (text) => seen.push(text));
    client.on('end', () => seen.push('end'));
    expect([client.isOpen, client.isReady]).toEqual([false, false]);
    const ready = client.connect();
    expect([client.isOpen, client.isReady]).toEqual([true, false]);
    expect(await ready).toBe(client);
    expect([client.isOpen, client.isReady]).toEqual([true, true]);
    await client.close();
    expect(client.isOpen).toBe(false);
    expect(seen).toEqual(['connect', 'ready', 'a fake', 'end']);
  });

  test('a broken connection is an error event', async () => {
    const { client, store } = await connected(() => null);
    const errors: RedstartError[] = [];
    client.on('error', (error) => errors.push(error));
    store.pipe.break(new ConnectionError('gone'));
    expect(errors.map((error) => error.message)).toEqual(['gone']);
  });

  test('an error event that nobody listens to is thrown as an uncaught error', async () => {
    const { store } = await connected(() => null);
    const uncaught = vi.fn();
    const schedule = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
      try {
        task();
      } catch (error) {
        uncaught(error);
      }
    });
    store.pipe.break(new ConnectionError('gone'));
    schedule.mockRestore();
    expect(uncaught.mock.calls[0]?.[0].message).toBe('gone');
  });

  test('a listener that was taken off is not called', async () => {
    const { client, store } = await connected(() => null);
    const listener = vi.fn();
    client.on('error', listener);
    client.on('error', () => undefined);
    client.off('error', listener);
    store.pipe.break(new ConnectionError('gone'));
    expect(listener).not.toHaveBeenCalled();
    expect(client.listenerCount('error')).toBe(1);
    expect(client.removeAllListeners().listenerCount('error')).toBe(0);
  });
});

test('importing the package in Node touches nothing of a browser, and a worker is missed by name', async () => {
  const client: RedisClient = createClient({ name: 'ssr' });
  await expect(client.connect()).rejects.toMatchObject({ name: 'WorkerLoadError' });
  await expect(client.get('k')).rejects.toMatchObject({ name: 'ClosedError' });
});
