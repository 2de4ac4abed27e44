/** The bare client: batches, order, deadlines, and that every call ends. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoreClient } from '../../src/client/core-client.js';
import {
  ClosedError,
  ConnectionError,
  LeaderLostError,
  ProtocolError,
  type RedstartError,
  ReplyError,
  TimeoutError,
} from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';

let store: FakeStore;
let errors: RedstartError[];

beforeEach(() => {
  store = new FakeStore();
  errors = [];
});
afterEach(() => vi.useRealTimers());

function makeClient(timeoutMs = 1000, database = 0): CoreClient {
  const onError = (error: RedstartError) => errors.push(error);
  return new CoreClient({ open: store.open, database, timeoutMs, onError });
}

async function connected(timeoutMs?: number): Promise<CoreClient> {
  const client = makeClient(timeoutMs);
  await client.connect();
  return client;
}

/** All promises that can settle by themselves have settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('batches', () => {
  test('calls of one task leave as one batch, in order', async () => {
    const client = await connected();
    store.answers = ([, , value]) => `$1\r\n${value}\r\n`;
    const replies = await Promise.all([
      client.send('SET', 'k', '1'),
      client.send('SET', 'k', '2'),
      client.send('SET', 'k', '3'),
    ]);
    expect(replies).toEqual(['1', '2', '3']);
    expect(store.pipe.batches.slice(1)).toEqual([
      [
        ['SET', 'k', '1'],
        ['SET', 'k', '2'],
        ['SET', 'k', '3'],
      ],
    ]);
  });

  test('calls made from the replies of a batch leave together again', async () => {
    const client = await connected();
    store.answers = () => ':1\r\n';
    const twice = async () => {
      await client.send('INCR', 'a');
      await client.send('INCR', 'a');
    };
    await Promise.all(Array.from({ length: 50 }, twice));
    expect(store.pipe.batches.slice(1).map((batch) => batch.length)).toEqual([50, 50]);
  });

  test('a large batch leaves in parts, before the task is over', async () => {
    const client = await connected();
    store.answers = () => '+OK\r\n';
    const big = 'x'.repeat(100_000);
    const all = Array.from({ length: 10 }, () => client.send('SET', 'k', big));
    expect(store.pipe.batches.length).toBeGreaterThan(3);
    expect(await Promise.all(all)).toEqual(Array(10).fill('OK'));
  });

  test('more calls than the ring has room for keep their order', async () => {
    const client = await connected();
    store.answers = ([, value]) => `+${value}\r\n`;
    for (const count of [1500, 3, 5000]) {
      const calls = Array.from({ length: count }, (_, i) => client.send('ECHO', `${i}`));
      expect(await Promise.all(calls)).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
    }
  });

  test('a pipeline gives all replies, errors among them', async () => {
    const client = await connected();
    store.answers = ([name]) => (name === 'BAD' ? '-ERR bad\r\n' : '+OK\r\n');
    const [first, replies, last] = await Promise.all([
      client.send('A'),
      client.pipeline([['B'], ['BAD'], ['C', 1]]),
      client.send('D'),
    ]);
    expect([first, last]).toEqual(['OK', 'OK']);
    expect(replies).toEqual(['OK', new ReplyError('ERR bad'), 'OK']);
    expect(await client.pipeline([])).toEqual([]);
  });

  test('an argument of a wrong type rejects its call alone', async () => {
    const client = await connected();
    store.answers = () => '+OK\r\n';
    const wrong = client.send('SET', 'k', undefined as unknown as string);
    const right = client.send('PING');
    await expect(wrong).rejects.toThrow(TypeError);
    await expect(client.pipeline([['A'], [{} as string]])).rejects.toThrow(TypeError);
    expect(await right).toBe('OK');
    expect(store.pipe.batches.slice(1)).toEqual([[['PING']]]);
  });

  test('an error reply rejects with its code', async () => {
    const client = await connected();
    store.answers = () => '-WRONGTYPE no\r\n';
    await expect(client.send('GET', 'k')).rejects.toMatchObject({
      name: 'ReplyError',
      code: 'WRONGTYPE',
      message: 'WRONGTYPE no',
    });
  });

  test('a type mapping is for its call alone', async () => {
    const client = await connected();
    store.answers = () => '$1\r\nx\r\n';
    const types = { 36: Uint8Array };
    const [bytes, text] = await Promise.all([client.call(['A'], { types }), client.send('B')]);
    expect(bytes).toEqual(Uint8Array.of(120));
    expect(text).toBe('x');
    expect(await client.pipeline([['A']], { types })).toEqual([Uint8Array.of(120)]);
  });
});

describe('connecting', () => {
  test('the greeting comes first, then the calls that waited', async () => {
    const client = makeClient(1000, 3);
    store.answers = () => '+OK\r\n';
    const ready = client.connect();
    const early = client.send('PING');
    expect(await early).toBe('OK');
    await ready;
    expect(store.pipe.batches).toEqual([
      [
        ['HELLO', '3'],
        ['SELECT', '3'],
      ],
      [['PING']],
    ]);
  });

  test('calls before connect and after close are refused', async () => {
    const client = makeClient();
    await expect(client.send('PING')).rejects.toThrow(ClosedError);
    await client.connect();
    await client.close();
    await expect(client.send('PING')).rejects.toThrow(ClosedError);
    await expect(client.pipeline([['PING']])).rejects.toThrow(ClosedError);
    expect(store.pipe.isClosed).toBe(true);
  });

  test('a failure to open rejects connect and the calls that wait, once each', async () => {
    store.opening = Promise.reject(new ConnectionError('no way'));
    const client = makeClient();
    const results = await Promise.allSettled([client.connect(), client.send('PING')]);
    expect(results.map((result) => (result as PromiseRejectedResult).reason.message)).toEqual([
      'no way',
      'no way',
    ]);
    store.opening = Promise.resolve();
    await client.connect();
    store.answers = () => '+OK\r\n';
    expect(await client.send('PING')).toBe('OK');
  });

  test('an error reply to the greeting is the reason', async () => {
    store.answers = () => '-ERR DB index is out of range\r\n';
    const client = makeClient(1000, 99);
    await expect(client.connect()).rejects.toThrow('ERR DB index is out of range');
    expect(store.pipe.isDestroyed).toBe(true);
  });

  test('a greeting that is not answered ends at the deadline', async () => {
    vi.useFakeTimers();
    store.handle = () => undefined;
    const client = makeClient(50);
    const failed = expect(client.connect()).rejects.toThrow(TimeoutError);
    await vi.advanceTimersByTimeAsync(60);
    await failed;
    expect(store.pipe.isDestroyed).toBe(true);
  });

  test('a pipe that breaks during the greeting is the reason', async () => {
    store.handle = (pipe) => pipe.break(new ConnectionError('gone'));
    await expect(makeClient().connect()).rejects.toThrow('gone');
  });

  test.each(['close', 'destroy'] as const)('%s while connecting ends all', async (how) => {
    let open: () => void = () => undefined;
    store.opening = new Promise((resolve) => {
      open = resolve;
    });
    const client = makeClient();
    const results = Promise.allSettled([client.connect(), client.send('PING')]);
    await client[how]();
    for (const result of await results) {
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(ClosedError);
    }
    open();
    await settled();
    expect(store.pipe.isDestroyed).toBe(true);
  });
});

describe('every call ends', () => {
  test('at its deadline; a late reply does not go to another call', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const late = client.send('SLOW');
    const failed = expect(late).rejects.toThrow(TimeoutError);
    await vi.advanceTimersByTimeAsync(130);
    await failed;
    const next = client.send('NEXT');
    await vi.advanceTimersByTimeAsync(0);
    store.pipe.reply('+for slow\r\n+for next\r\n');
    expect(await next).toBe('for next');
  });

  test('the deadline is counted from each batch', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const ended: string[] = [];
    const note = (name: string) => client.send(name).catch(() => ended.push(name));
    note('first');
    await vi.advanceTimersByTimeAsync(60);
    note('second');
    await vi.advanceTimersByTimeAsync(39);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(27);
    expect(ended).toEqual(['first']);
    await vi.advanceTimersByTimeAsync(60);
    expect(ended).toEqual(['first', 'second']);
    // Nothing is in flight, so the deadlines tick no more. Others may have timers of their own.
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await vi.advanceTimersByTimeAsync(500);
    expect(timers.mock.calls.filter(([, delay]) => delay === 100 / 4)).toEqual([]);
    timers.mockRestore();
  });

  test('time in which the page was frozen does not count', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const call = client.send('GET', 'k');
    await vi.advanceTimersByTimeAsync(30);
    // Frozen for an hour: no timer fires. Then the one that is due, ahead of the waiting reply.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersToNextTimer();
    store.pipe.reply('+value\r\n');
    expect(await call).toBe('value');
  });

  test('with a deadline of its own', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const short = expect(client.call(['A'], { timeoutMs: 10 })).rejects.toThrow('within 10 ms');
    const patient = client.call(['B'], { timeoutMs: 0 });
    await vi.advanceTimersByTimeAsync(20);
    await short;
    await vi.advanceTimersByTimeAsync(5000);
    store.pipe.reply('+a\r\n+b\r\n');
    expect(await patient).toBe('b');
  });

  test('but a blocking command waits as long as it likes', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const blocked = [client.send('blpop', 'k', '0'), client.send('XREAD'), client.send('Wait')];
    const behind = expect(client.send('GET', 'k')).rejects.toThrow(TimeoutError);
    await vi.advanceTimersByTimeAsync(5000);
    await behind;
    store.pipe.reply('+1\r\n+2\r\n+3\r\n+4\r\n');
    expect(await Promise.all(blocked)).toEqual(['1', '2', '3']);
  });

  test('when the pipe breaks', async () => {
    const client = await connected();
    const call = client.send('GET', 'k');
    await settled();
    store.pipe.break(new ConnectionError('the worker died'));
    await expect(call).rejects.toThrow('the worker died');
    expect(errors.map((error) => error.message)).toEqual(['the worker died']);
    await expect(client.send('GET', 'k')).rejects.toThrow(ClosedError);
  });

  test('when what comes is not RESP', async () => {
    const client = await connected();
    const call = client.send('GET', 'k');
    await settled();
    store.pipe.reply('HTTP/1.1 200 OK\r\n');
    await expect(call).rejects.toThrow(ProtocolError);
    expect(store.pipe.isDestroyed).toBe(true);
  });

  test('and a reply that nobody asked for ends the connection', async () => {
    await connected();
    store.pipe.reply('+surprise\r\n');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(ProtocolError);
  });

  test('close waits for the replies, and takes no more calls', async () => {
    const client = await connected();
    const call = client.send('GET', 'k');
    const closing = [client.close(), client.close()];
    await expect(client.send('GET', 'k')).rejects.toThrow(ClosedError);
    expect(store.pipe.isClosed).toBe(false);
    store.pipe.reply('+value\r\n');
    expect(await call).toBe('value');
    await Promise.all(closing);
    expect(store.pipe.isClosed).toBe(true);
  });

  test('close does not wait for ever', async () => {
    vi.useFakeTimers();
    const client = await connected(100);
    const blocked = expect(client.send('BLPOP', 'k', '0')).rejects.toThrow(ClosedError);
    const closed = client.close();
    await vi.advanceTimersByTimeAsync(110);
    await Promise.all([closed, blocked]);
  });

  test('destroy rejects what is in flight, at once', async () => {
    const client = await connected();
    const call = client.send('GET', 'k');
    client.destroy();
    await expect(call).rejects.toThrow(ClosedError);
    expect(store.pipe.isDestroyed).toBe(true);
  });

  test('ten thousand clients that open and close leave nothing behind', async () => {
    store.answers = () => '+OK\r\n';
    let ended = 0;
    for (let i = 0; i < 10_000; i++) {
      const client = makeClient(1000);
      const ready = client.connect();
      const calls = [client.send('PING'), client.send('PING')];
      if (i % 3 === 0) await ready;
      if (i % 2 === 0) client.destroy();
      else void client.close();
      ended += (await Promise.allSettled([ready, ...calls])).length;
      store.pipes.length = 0;
    }
    expect(ended).toBe(30_000);
  });
});

describe('a page that is put aside', () => {
  test('loses the calls that had left and sends the others when it is back', async () => {
    const client = await connected();
    const sent = client.send('INCR', 'a');
    await settled();
    store.pipe.break(new LeaderLostError('put aside'), true);
    await expect(sent).rejects.toThrow(LeaderLostError);
    const waiting = client.send('GET', 'a');
    await settled();
    expect(store.pipes).toHaveLength(1);
    store.answers = () => '+value\r\n';
    store.pipe.events.resumed();
    expect(await waiting).toBe('value');
    expect(store.pipes).toHaveLength(2);
    expect(store.pipe.batches).toEqual([[['HELLO', '3']], [['GET', 'a']]]);
    expect(errors).toEqual([]);
  });

  test('tells that it could not come back', async () => {
    const client = await connected();
    store.pipe.break(new LeaderLostError('put aside'), true);
    const waiting = client.send('GET', 'a');
    store.opening = Promise.reject(new ConnectionError('taken'));
    store.pipe.events.resumed();
    await expect(waiting).rejects.toThrow('taken');
    expect(errors.map((error) => error.message)).toEqual(['taken']);
  });

  test('may be closed meanwhile', async () => {
    const client = await connected();
    const { pipe } = store;
    pipe.break(new LeaderLostError('put aside'), true);
    const waiting = client.send('GET', 'a');
    await client.close();
    await expect(waiting).rejects.toThrow(ClosedError);
    expect(pipe.isDestroyed).toBe(true);
    pipe.events.resumed();
    await settled();
    expect(store.pipes).toHaveLength(1);
  });
});
