/** A store as a file: RDB out and in, JSON for people, and the end of it all. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RedisClient } from '../../src/client/redis-client.js';
import { ClosedError, FormatError, StorageError } from '../../src/resp/errors.js';
import type { PersistenceProgress } from '../../src/resp/persistence.js';
import { connect, openStore } from './inline-kit.js';

let client: RedisClient;

beforeEach(async () => {
  client = await connect(await openStore());
});

describe('RDB files', () => {
  test('hold all data, and bring them to another store', async () => {
    await client.set('text', 'grüß dich');
    await client.hSet('user', { name: 'Ada', year: '1815' });
    await client.select(3);
    await client.zAdd('scores', { value: 'ada', score: 1.5 });
    const file = await client.exportRdb();
    expect(await file.slice(0, 9).text()).toBe('REDIS0010');

    const other = await connect(await openStore());
    await other.set('before', '1');
    await other.importRdb(file);
    expect(await other.keys('*')).toHaveLength(2);
    expect(await other.hGetAll('user')).toEqual({ name: 'Ada', year: '1815' });
    await other.select(3);
    expect(await other.zScore('scores', 'ada')).toBe(1.5);
  });

  test('are taken as bytes too', async () => {
    await client.set('k', 'v');
    const bytes = await (await client.exportRdb()).arrayBuffer();
    for (const file of [bytes, new Uint8Array(bytes)]) {
      const other = await connect(await openStore());
      await other.importRdb(file);
      expect(await other.get('k')).toBe('v');
    }
  });

  test('that are not right leave the data as they are', async () => {
    await client.set('k', 'v');
    const bytes = new Uint8Array(await (await client.exportRdb()).arrayBuffer());
    const flipped = bytes.slice();
    flipped[bytes.length - 12] = (flipped[bytes.length - 12] as number) ^ 1;
    for (const bad of [flipped, bytes.subarray(0, -1), new Uint8Array(0), new Blob(['hello'])]) {
      await expect(client.importRdb(bad)).rejects.toThrow(FormatError);
      expect(await client.get('k')).toBe('v');
    }
  });

  test('tell how far they are', async () => {
    const told: PersistenceProgress[] = [];
    client.on('progress', (progress) => told.push(progress));
    await client.setRange('large', 3_000_000, 'x');
    const { size } = await client.exportRdb();
    expect(told.length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({ doing: 'saving', bytes: size, total: size });
    const bytes = told.map((progress) => progress.bytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  });
});

describe('JSON', () => {
  const exported = async () => JSON.parse(await (await client.exportJson()).text());

  test('shows every type', async () => {
    await client.set('string', 'grüß dich "€"\n');
    await client.rPush('list', ['a', 'b', 'a']);
    await client.sAdd('set', '1');
    await client.hSet('hash', { name: 'Ada', year: '1815' });
    await client.sendCommand(['HSET', 'hash', '__proto__', 'kept']);
    await client.zAdd('zset', [
      { value: 'two', score: 2.5 },
      { value: 'least', score: Number.NEGATIVE_INFINITY },
      { value: 'most', score: Number.POSITIVE_INFINITY },
    ]);
    await client.xAdd('stream', '1-1', { a: '1', b: '2' });
    await client.xAdd('stream', '2-1', { a: '1' });
    const { format, version, exportedAt, databases } = await exported();
    expect([format, version]).toEqual(['redstart', 1]);
    expect(exportedAt).toBeGreaterThan(1.6e12);
    const values = Object.fromEntries(
      databases[0].map((entry: { key: string; type: string; value: unknown; ttl: unknown }) => {
        expect([entry.type, entry.ttl]).toEqual([entry.key, null]);
        return [entry.key, entry.value];
      }),
    );
    expect(values).toEqual({
      string: 'grüß dich "€"\n',
      list: ['a', 'b', 'a'],
      set: ['1'],
      hash: JSON.parse('{"name":"Ada","year":"1815","__proto__":"kept"}'),
      zset: [
        ['least', '-inf'],
        ['two', 2.5],
        ['most', 'inf'],
      ],
      stream: [
        { id: '1-1', fields: { a: '1', b: '2' } },
        { id: '2-1', fields: { a: '1' } },
      ],
    });
  });

  test('shows bytes that are no text as base64', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    await client.sendCommand(['SET', bytes, bytes]);
    await client.sendCommand(['HSET', 'hash', bytes, '1', 'field', bytes]);
    await client.sendCommand(['XADD', 'stream', '1-1', 'twice', '1', 'twice', '2']);
    const { databases } = await exported();
    const { base64 } = { base64: bytes.toString('base64') };
    expect(databases[0]).toHaveLength(3);
    expect(databases[0]).toContainEqual({
      key: { base64 },
      type: 'string',
      ttl: null,
      value: { base64 },
    });
    expect(databases[0].find(({ key }: { key: string }) => key === 'hash').value).toEqual([
      [{ base64 }, '1'],
      ['field', { base64 }],
    ]);
    expect(databases[0].find(({ key }: { key: string }) => key === 'stream').value).toEqual([
      {
        id: '1-1',
        fields: [
          ['twice', '1'],
          ['twice', '2'],
        ],
      },
    ]);
  });

  test('shows databases by their numbers, and times to live', async () => {
    await client.set('k', 'v', { expiration: { type: 'PX', value: 60_000 } });
    await client.select(7);
    await client.set('elsewhere', 'v');
    const { databases } = await exported();
    expect(Object.keys(databases)).toEqual(['0', '7']);
    expect(databases[0][0].ttl).toBeGreaterThan(0);
    expect(databases[0][0].ttl).toBeLessThanOrEqual(60_000);
    expect(databases[7]).toEqual([{ key: 'elsewhere', type: 'string', ttl: null, value: 'v' }]);
    // The client's own session has stayed where it was.
    expect(await client.get('elsewhere')).toBe('v');
  });

  test('of an empty store is an empty object', async () => {
    expect((await exported()).databases).toEqual({});
  });

  test('reads large collections and many keys to their end', async () => {
    const members = Array.from({ length: 3000 }, (_, index) => `member:${index}`);
    await Promise.all([
      client.rPush('list', members),
      client.sAdd('set', members),
      client.hSet('hash', Object.fromEntries(members.map((member) => [member, '1']))),
      client.zAdd(
        'zset',
        members.map((value, score) => ({ value, score })),
      ),
      ...members.map((member) => client.set(member, '1')),
      ...members.slice(0, 1200).map((member) => client.xAdd('stream', '*', { member })),
    ]);
    const { databases } = await exported();
    const entries = new Map<string, { value: object }>(
      databases[0].map((entry: { key: string }) => [entry.key, entry]),
    );
    expect([entries.size, databases[0].length]).toEqual([3005, 3005]);
    const size = (key: string) => Object.keys(entries.get(key)?.value ?? {}).length;
    expect(['list', 'set', 'hash', 'zset', 'stream'].map(size)).toEqual([
      3000, 3000, 3000, 3000, 1200,
    ]);
    expect(entries.get('list')?.value).toEqual(members);
  });

  test('is the same through RESP2', async () => {
    const open = await openStore();
    const [three, two] = [await connect(open), await connect(open, { RESP: 2 })];
    await three.zAdd('zset', [
      { value: 'a', score: 1.5 },
      { value: 'b', score: Number.POSITIVE_INFINITY },
    ]);
    await three.hSet('hash', { a: '1' });
    const [first, second] = await Promise.all(
      [three, two].map(async (one) => JSON.parse(await (await one.exportJson()).text())),
    );
    expect(second.databases).toEqual(first.databases);
    expect(first.databases[0]).toHaveLength(2);
  });
});

describe('the store as a whole', () => {
  test('says how it is kept', async () => {
    expect(await client.storage()).toMatchObject({
      backend: 'memory',
      state: 'ok',
      reason: 'asked for',
      epoch: 1,
      persisted: null,
      usage: null,
      quota: null,
    });
  });

  test('in memory promises no durable call', async () => {
    const call = client.withCommandOptions({ durable: true }).set('k', 'v');
    await expect(call).rejects.toThrow(StorageError);
    await expect(call).rejects.toThrow(/not durable: nothing is kept/);
    await client.flush();
  });

  test('ends for all its clients when it is deleted', async () => {
    const open = await openStore();
    const [one, other] = [await connect(open), await connect(open)];
    const told: string[] = [];
    one.on('error', (error) => told.push(`one: ${error.name}`));
    other.on('error', (error) => told.push(`other: ${error.name}: ${error.message}`));
    await one.set('k', 'v');
    await one.deleteStore();
    expect([one.isOpen, other.isOpen]).toEqual([false, false]);
    expect(told).toEqual(['other: ClosedError: The store has been deleted']);
    await expect(other.get('k')).rejects.toThrow(ClosedError);
    await expect(one.deleteStore()).rejects.toThrow(ClosedError);
    const again = await connect(open);
    expect(await again.get('k')).toBeNull();
  });
});
