/** Transactions and pipelines through the client, WATCH, and what follows a broken connection. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createClientOver } from '../../src/client/create-client.js';
import { LeaderLostError, MultiErrorReply, ReplyError, WatchError } from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';
import { connect, openStore } from './inline-kit.js';

describe('multi()', () => {
  test('executes what was chained and gives each reply its form', async () => {
    const client = await connect();
    const replies = await client
      .multi()
      .set('k', '1')
      .incr('k')
      .hSet('h', { f: 'v' })
      .hGetAll('h')
      .zAdd('z', { score: 1, value: 'm' })
      .zRangeWithScores('z', 0, -1)
      .exec();
    expect(replies).toEqual(['OK', 2, 1, { f: 'v' }, 1, [{ value: 'm', score: 1 }]]);
    expect(await client.multi().exec()).toEqual([]);
  });

  test('types: a tuple of replies', async () => {
    const client = await connect();
    const typed = await client.multi().set('k', '1').get('k').exists('k').execTyped();
    expectTypeOf(typed).toEqualTypeOf<[string | null, string | null, number]>();
    const piped = await client.multi().incr('n').get('n').execAsPipelineTyped();
    expectTypeOf(piped).toEqualTypeOf<[number, string | null]>();
    expect(piped).toEqual([1, '1']);
  });

  test('an error while executing is among the replies', async () => {
    const client = await connect();
    await client.set('text', 'x');
    const failure = await client
      .multi()
      .set('k', '1')
      .incr('text')
      .get('k')
      .exec()
      .catch((e) => e);
    expect(failure).toBeInstanceOf(MultiErrorReply);
    const { replies, errorIndexes } = failure as MultiErrorReply;
    expect(errorIndexes).toEqual([1]);
    expect([replies[0], replies[2]]).toEqual(['OK', '1']);
    expect([...(failure as MultiErrorReply).errors()]).toMatchObject([{ code: 'ERR' }]);
  });

  test('an error while queueing aborts, and nothing is done', async () => {
    const client = await connect();
    const multi = client.multi().set('k', '1').sendCommand(['GET']);
    await expect(multi.exec()).rejects.toThrow("wrong number of arguments for 'get'");
    expect(await client.get('k')).toBe(null);
    expect(await client.ping()).toBe('PONG');
  });

  test('wrong arguments throw where they are', async () => {
    const client = await connect();
    expect(() => client.multi().zAdd('k', null as never)).toThrow();
  });

  test('discard forgets, select lasts, addCommand takes anything', async () => {
    const open = await openStore();
    const client = await connect(open);
    const multi = client.multi();
    multi.set('gone', '1');
    multi.discard();
    expect(await multi.select(3).addCommand(['SET', 'k', 'three']).get('k').exec()).toEqual([
      'OK',
      'OK',
      'three',
    ]);
    expect(await client.get('k')).toBe('three');
    expect(await client.exists('gone')).toBe(0);
    const zero = await connect(open);
    expect(await zero.get('k')).toBe(null);
  });

  test('a command that would wait does not', async () => {
    const client = await connect();
    expect(await client.multi().blPop('empty', 0).set('k', '1').exec()).toEqual([null, 'OK']);
  });

  test('key prefixes and type mappings reach into it', async () => {
    const open = await openStore();
    const client = await connect(open, { keyPrefix: 'p:' });
    const [, value] = await client
      .withTypeMapping({ 36: Buffer })
      .multi()
      .set('k', 'v')
      .get('k')
      .exec();
    expect(value).toEqual(Buffer.from('v'));
    expect(await (await connect(open)).get('p:k')).toBe('v');
  });
});

describe('execAsPipeline', () => {
  test('sends all in one message, not as a transaction', async () => {
    const store = new FakeStore();
    store.answers = () => '+OK\r\n';
    const client = createClientOver(store.open, {});
    await client.connect();
    expect(await client.multi().set('a', '1').set('b', '2').execAsPipeline()).toEqual(['OK', 'OK']);
    expect(store.pipe.batches.at(-1)).toEqual([
      ['SET', 'a', '1'],
      ['SET', 'b', '2'],
    ]);
    expect(await client.multi().execAsPipeline()).toEqual([]);
  });

  test('rejects with the first error', async () => {
    const client = await connect();
    await client.set('text', 'x');
    await expect(client.multi().incr('text').get('text').exec(true)).rejects.toThrow(ReplyError);
  });
});

describe('watch', () => {
  test('a change by another client makes exec a WatchError', async () => {
    const open = await openStore();
    const [client, other] = [await connect(open), await connect(open)];
    expect(await client.watch(['k', 'l'])).toBe('OK');
    expect(client.isWatching).toBe(true);
    await other.set('k', 'theirs');
    await expect(client.multi().set('k', 'ours').exec()).rejects.toBeInstanceOf(WatchError);
    expect(client.isWatching).toBe(false);
    expect(await client.multi().set('k', 'ours').exec()).toEqual(['OK']);
    await client.watch('k');
    await other.set('k', 'theirs');
    await client.unwatch();
    expect(await client.multi().get('k').exec()).toEqual(['theirs']);
  });

  test('is of the session: a new one refuses exec', async () => {
    const store = new FakeStore();
    store.answers = () => '+OK\r\n';
    const client = createClientOver(store.open, {});
    client.on('error', () => undefined);
    await client.connect();
    await client.watch('k');
    store.pipe.break(new LeaderLostError('away'), true);
    await expect(client.multi().get('k').exec()).rejects.toBeInstanceOf(WatchError);
    store.pipe.events.resumed();
    await client.ping();
    await client.watch('k');
    const pipes = store.pipes.length;
    store.pipe.break(new LeaderLostError('away'), true);
    store.pipe.events.resumed();
    await client.ping();
    expect(store.pipes.length).toBe(pipes + 1);
    await expect(client.multi().get('k').exec()).rejects.toThrow('Client reconnected after WATCH');
    client.setDirtyWatch('moved');
    expect(client.isDirtyWatch).toBe(true);
    await expect(client.multi().get('k').exec()).rejects.toThrow('moved');
  });

  test('executeIsolated and pools give sessions of their own', async () => {
    const client = await connect();
    await client.set('n', '1');
    const result = await client.executeIsolated(async (isolated) => {
      await isolated.watch('n');
      await client.incr('n');
      return isolated
        .multi()
        .incr('n')
        .exec()
        .catch((error: Error) => error.name);
    });
    expect(result).toBe('WatchError');
    const pool = await client.createPool({ minimum: 1, maximum: 2 }).connect();
    const seen = await Promise.all(
      [1, 2, 3, 4].map(() => pool.execute(async (one) => one.clientId())),
    );
    expect(new Set(seen).size).toBe(2);
    expect(await pool.execute((one) => one.incr('n'))).toBe(3);
    await pool.close();
    await expect(pool.execute((one) => one.get('n'))).rejects.toThrow('closed');
    await client.close();
  });
});
