/**
 * The cache that node-redis keeps in the client, over TCP: what it has read comes from it until
 * the server says that it has changed. The same with redis-server.
 */
import { BasicClientSideCache, createClient } from '@redis/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRedis, openServer, type ProcessStore } from '../support/target-process.js';

const SERVERS = { redis: openRedis, server: openServer };
const stores = new Map<string, ProcessStore>();

beforeAll(async () => {
  for (const [name, open] of Object.entries(SERVERS)) stores.set(name, await open());
});

afterAll(() => Promise.all([...stores.values()].map((store) => store.close())));

async function connected(name: string, cache?: BasicClientSideCache) {
  const url = `redis://127.0.0.1:${stores.get(name)?.port}`;
  const options = cache === undefined ? { url } : { url, RESP: 3 as const, clientSideCache: cache };
  return createClient(options).connect();
}

test.each(Object.keys(SERVERS))('%s: a cached value is served until it changes', async (name) => {
  const cache = new BasicClientSideCache({ maxEntries: 100 });
  const invalidated: (string | null)[] = [];
  cache.on('invalidate', (key) => invalidated.push(key === null ? null : String(key)));
  const reader = await connected(name, cache);
  const writer = await connected(name);
  try {
    await writer.flushAll();
    await writer.set('k', '1');
    await vi.waitFor(() => expect(invalidated).toContain(null));
    expect(await reader.get('k')).toBe('1');
    expect(await reader.get('k')).toBe('1');
    expect(cache.stats()).toMatchObject({ hitCount: 1, missCount: 1 });
    await writer.set('k', '2');
    await vi.waitFor(() => expect(invalidated).toContain('k'));
    expect(await reader.get('k')).toBe('2');
    expect(await reader.mGet(['k', 'j'])).toEqual(['2', null]);
    expect(cache.stats()).toMatchObject({ hitCount: 1, missCount: 3 });
    await writer.rPush('l', ['a', 'b']);
    expect(await reader.lRange('l', 0, -1)).toEqual(['a', 'b']);
    await writer.lPop('l');
    await vi.waitFor(() => expect(invalidated).toContain('l'));
    expect(await reader.lRange('l', 0, -1)).toEqual(['b']);
    await reader.set('k', '3');
    await vi.waitFor(async () => expect(await reader.get('k')).toBe('3'));
    await writer.flushAll();
    await vi.waitFor(async () => expect(await reader.get('k')).toBe(null));
  } finally {
    reader.destroy();
    writer.destroy();
  }
});

test.each(Object.keys(SERVERS))('%s: a key that expires leaves the cache', async (name) => {
  const cache = new BasicClientSideCache();
  const reader = await connected(name, cache);
  const writer = await connected(name);
  try {
    await writer.set('k', '1', { expiration: { type: 'PX', value: 100 } });
    expect(await reader.get('k')).toBe('1');
    await vi.waitFor(async () => expect(await reader.get('k')).toBe(null), { timeout: 10_000 });
  } finally {
    reader.destroy();
    writer.destroy();
  }
});
