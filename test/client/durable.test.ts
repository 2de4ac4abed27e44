/** Calls that are answered once they are on disk. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreClient } from '../../src/client/core-client.js';
import { createClientOver } from '../../src/client/create-client.js';
import type { RedisClient } from '../../src/client/redis-client.js';
import { ReplyError, StorageError, TimeoutError } from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';

let store: FakeStore;
/** Ends the commits that are under way. */
let commits: { resolve(): void; reject(error: Error): void }[];

const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  store = new FakeStore();
  store.answers = () => '+OK\r\n';
  commits = [];
  store.requests = {
    durable: () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject })),
  };
});

afterEach(() => vi.useRealTimers());

async function bareClient(): Promise<CoreClient> {
  const client = new CoreClient({
    open: store.open,
    database: 0,
    timeoutMs: 1000,
    onError: undefined,
  });
  await client.connect();
  return client;
}

async function richClient(): Promise<RedisClient> {
  return (await createClientOver(store.open, {}).connect()) as RedisClient;
}

/** What became of a promise so far. */
function watch(promise: Promise<unknown>): { outcome: unknown } {
  const seen: { outcome: unknown } = { outcome: 'waits' };
  promise.then(
    (value) => {
      seen.outcome = value;
    },
    (error) => {
      seen.outcome = error;
    },
  );
  return seen;
}

describe('a durable call', () => {
  test('is answered when the store says that it is on disk', async () => {
    const client = await bareClient();
    const call = watch(client.send(['SET', 'k', 'v'], { durable: true }));
    await settled();
    expect([call.outcome, commits.length]).toEqual(['waits', 1]);
    commits[0]?.resolve();
    await settled();
    expect(call.outcome).toBe('OK');
  });

  test('shares its commit with the others of its batch', async () => {
    const client = await bareClient();
    const calls = Array.from({ length: 100 }, (_, index) =>
      watch(client.send(['SET', index, 'v'], { durable: true })),
    );
    await settled();
    expect(commits).toHaveLength(1);
    commits[0]?.resolve();
    await settled();
    expect(calls.every(({ outcome }) => outcome === 'OK')).toBe(true);
  });

  test('does not share a commit that may have begun before it ran', async () => {
    const client = await bareClient();
    const first = watch(client.send(['SET', 'a', 'v'], { durable: true }));
    await settled();
    const second = watch(client.send(['SET', 'b', 'v'], { durable: true }));
    await settled();
    commits[0]?.resolve();
    await settled();
    expect([first.outcome, second.outcome, commits.length]).toEqual(['OK', 'waits', 2]);
    commits[1]?.resolve();
    await settled();
    expect(second.outcome).toBe('OK');
  });

  test('holds up no other call', async () => {
    const client = await bareClient();
    const durable = watch(client.send(['SET', 'a', 'v'], { durable: true }));
    expect(await client.send('SET', 'b', 'v')).toBe('OK');
    expect(durable.outcome).toBe('waits');
  });

  test('is rejected when it cannot be brought to disk', async () => {
    const client = await bareClient();
    const call = watch(client.send(['SET', 'k', 'v'], { durable: true }));
    await settled();
    commits[0]?.reject(new StorageError('the disk is full'));
    await settled();
    expect(call.outcome).toEqual(new StorageError('the disk is full'));
  });

  test('that fails asks for no commit', async () => {
    store.answers = () => '-ERR no\r\n';
    const client = await bareClient();
    await expect(client.send(['SET', 'k', 'v'], { durable: true })).rejects.toThrow(ReplyError);
    expect(commits).toEqual([]);
  });

  test('ends at its own deadline', async () => {
    const client = await bareClient();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const call = client.send(['SET', 'k', 'v'], { durable: true, timeoutMs: 100 });
    const rejected = expect(call).rejects.toThrow(TimeoutError);
    vi.advanceTimersByTime(100);
    await rejected;
  });
});

describe('node-redis’s methods', () => {
  test('are durable through withCommandOptions, and only there', async () => {
    const client = await richClient();
    expect(await client.set('a', '1')).toBe('OK');
    const durable = client.withCommandOptions({ durable: true });
    const calls = [watch(durable.set('a', '2')), watch(durable.sendCommand(['SET', 'b', '2']))];
    await settled();
    expect(commits).toHaveLength(1);
    commits[0]?.resolve();
    await settled();
    expect(calls.map(({ outcome }) => outcome)).toEqual(['OK', 'OK']);
  });

  test('are durable as a transaction, with one commit', async () => {
    store.answers = ([name]) =>
      name === 'EXEC' ? '*2\r\n+OK\r\n:1\r\n' : name === 'MULTI' ? '+OK\r\n' : '+QUEUED\r\n';
    const client = await richClient();
    const multi = client.withCommandOptions({ durable: true }).multi().set('a', '1').incr('n');
    const call = watch(multi.exec());
    await settled();
    expect([call.outcome, commits.length]).toEqual(['waits', 1]);
    commits[0]?.resolve();
    await settled();
    expect(call.outcome).toEqual(['OK', 1]);
  });

  test('are durable in other sessions too', async () => {
    store.answers = ([name]) => (name === 'BLPOP' ? '*2\r\n$1\r\nk\r\n$1\r\nv\r\n' : '+OK\r\n');
    const client = await richClient();
    const call = watch(client.withCommandOptions({ durable: true }).blPop('k', 0));
    await settled();
    await settled();
    expect([call.outcome, commits.length]).toEqual(['waits', 1]);
    commits[0]?.resolve();
    await settled();
    expect(call.outcome).toEqual({ key: 'k', element: 'v' });
  });
});
