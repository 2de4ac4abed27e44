/** Pub/sub through the clients: listeners, forms of messages, protocols, and the page's return. */
import { describe, expect, test, vi } from 'vitest';
import { CoreClient } from '../../src/client/core-client.js';
import { createClientOver } from '../../src/client/create-client.js';
import { LeaderLostError, ReplyError } from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';
import { connect, openStore, until } from './inline-kit.js';

async function pair(options = {}) {
  const open = await openStore();
  const [reader, writer] = [await connect(open, options), await connect(open)];
  return { open, reader, writer };
}

describe.each([3, 2] as const)('listeners in RESP%i', (RESP) => {
  test('hear the messages of their channel until they are taken away', async () => {
    const { reader, writer } = await pair({ RESP });
    const heard: string[] = [];
    const first = (message: string, channel: string) => heard.push(`1 ${channel} ${message}`);
    const second = (message: string) => heard.push(`2 ${message}`);
    await reader.subscribe('news', first);
    await reader.subscribe(['news', 'more'], second);
    expect(await writer.publish('news', 'a')).toBe(1);
    expect(await writer.publish('more', 'b')).toBe(1);
    await reader.unsubscribe('news', first);
    await writer.publish('news', 'c');
    await reader.unsubscribe('news');
    expect(await writer.publish('news', 'd')).toBe(0);
    await reader.unsubscribe();
    expect(await writer.publish('more', 'e')).toBe(0);
    expect(heard).toEqual(['1 news a', '2 a', '2 b', '2 c']);
    expect(reader.isPubSubActive).toBe(false);
    expect(await reader.get('k')).toBe(null);
  });

  test('patterns and shard channels have listeners of their own', async () => {
    const { reader, writer } = await pair({ RESP });
    const heard: string[] = [];
    const note = (kind: string) => (message: string, channel: string) =>
      heard.push(`${kind} ${channel} ${message}`);
    await reader.subscribe('ab', note('c'));
    await reader.pSubscribe('a*', note('p'));
    await reader.sSubscribe('ab', note('s'));
    expect(await writer.publish('ab', '1')).toBe(2);
    expect(await writer.sPublish('ab', '2')).toBe(1);
    expect(heard).toEqual(['c ab 1', 'p ab 1', 's ab 2']);
    await reader.pUnsubscribe('a*');
    await reader.sUnsubscribe();
    expect(await writer.publish('ab', '3')).toBe(1);
    expect(await writer.sPublish('ab', '4')).toBe(0);
  });

  test('get bytes as they are in buffer mode', async () => {
    const { reader, writer } = await pair({ RESP });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const heard: unknown[] = [];
    await reader.subscribe('b', (message, channel) => heard.push(message, channel), true);
    await reader.subscribe('b', (message) => heard.push(message.length));
    await writer.publish('b', bytes);
    expect(heard.slice(0, 2)).toEqual([bytes, Buffer.from('b')]);
    expect(Buffer.isBuffer(heard[0])).toBe(true);
    expect(heard).toHaveLength(3);
    await reader.unsubscribe('b', undefined, true);
  });

  test('PING is answered alike with and without subscriptions', async () => {
    const { reader } = await pair({ RESP });
    expect(await reader.ping()).toBe('PONG');
    await reader.subscribe('x', () => undefined);
    expect((await reader.ping()).toLowerCase()).toBe('pong');
    expect(await reader.ping('hi')).toBe('hi');
  });
});

test('in RESP3 other calls go on, in RESP2 they are refused', async () => {
  const { reader } = await pair({ RESP: 3 });
  await reader.subscribe('x', () => undefined);
  expect(await reader.set('k', 'v')).toBe('OK');
  const { reader: old } = await pair({ RESP: 2 });
  await old.subscribe('x', () => undefined);
  await expect(old.set('k', 'v')).rejects.toThrow("Can't execute 'set'");
  await old.unsubscribe();
  expect(await old.set('k', 'v')).toBe('OK');
});

test('one hears oneself, and replies stay with their calls', async () => {
  const { reader } = await pair();
  const heard: string[] = [];
  await reader.subscribe('me', (message) => heard.push(message));
  const replies = await Promise.all([
    reader.set('k', '1'),
    reader.publish('me', 'a'),
    reader.incr('k'),
    reader.multi().publish('me', 'b').incr('k').exec(),
    reader.get('k'),
  ]);
  expect(replies).toEqual(['OK', 1, 2, [1, 3], '3']);
  expect(heard).toEqual(['a', 'b']);
});

test('subscribing while the last listener leaves does not lose the channel', async () => {
  const { reader, writer } = await pair();
  const heard: string[] = [];
  const listener = (message: string) => heard.push(message);
  await reader.subscribe('x', listener);
  await Promise.all([reader.unsubscribe('x'), reader.subscribe('x', listener)]);
  expect(await writer.publish('x', '1')).toBe(1);
  expect(heard).toEqual(['1']);
  await Promise.all([reader.subscribe('y', listener), reader.subscribe('y', () => undefined)]);
  expect(await writer.publish('y', '2')).toBe(1);
  await reader.unsubscribe('z');
});

test('a refused subscription rejects and leaves no listener', async () => {
  const store = new FakeStore();
  store.answers = ([name]) => (name === 'SUBSCRIBE' ? '-NOPERM no\r\n' : '+OK\r\n');
  const client = createClientOver(store.open, {});
  await client.connect();
  await expect(client.subscribe(['a', 'b'], () => undefined)).rejects.toBeInstanceOf(ReplyError);
  expect(client.isPubSubActive).toBe(false);
  expect(await client.ping()).toBe('OK');
});

test('a page that comes back is subscribed again before anything else', async () => {
  const store = new FakeStore();
  const statuses = ([name, channel]: string[]) =>
    name?.endsWith('SUBSCRIBE')
      ? `>3\r\n$${name.length}\r\n${name.toLowerCase()}\r\n$1\r\n${channel}\r\n:1\r\n`
      : '+OK\r\n';
  store.answers = statuses;
  const client = createClientOver(store.open, {});
  client.on('error', () => undefined);
  await client.connect();
  const heard: string[] = [];
  await client.subscribe('a', (message) => heard.push(message));
  await client.pSubscribe('b', (message, channel) => heard.push(channel + message));
  store.pipe.break(new LeaderLostError('away'), true);
  const waiting = client.ping();
  store.pipe.events.resumed();
  expect(await waiting).toBe('OK');
  expect(store.pipe.batches).toEqual([
    [
      ['HELLO', '3'],
      ['SUBSCRIBE', 'a'],
      ['PSUBSCRIBE', 'b'],
    ],
    [['PING']],
  ]);
  store.pipe.reply('>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\n1\r\n');
  store.pipe.reply('>4\r\n$8\r\npmessage\r\n$1\r\nb\r\n$1\r\nx\r\n$1\r\n2\r\n');
  expect(heard).toEqual(['1', 'x2']);
});

test('what a listener throws is reported, and the others hear all the same', async () => {
  const { reader, writer } = await pair();
  const uncaught: unknown[] = [];
  vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) => {
    try {
      task();
    } catch (error) {
      uncaught.push(error);
    }
  });
  const heard: string[] = [];
  await reader.subscribe('x', () => {
    throw new Error('no');
  });
  await reader.subscribe('x', (message) => heard.push(message));
  await writer.publish('x', '1');
  vi.restoreAllMocks();
  expect(heard).toEqual(['1']);
  expect(uncaught).toEqual([new Error('no')]);
});

test('types: strings, or Buffers in buffer mode', async () => {
  const { reader } = await pair();
  await reader.subscribe('x', (message, channel) => {
    const both: readonly string[] = [message, channel];
    return both;
  });
  const inBuffers = (message: Buffer) => message.byteLength;
  await reader.subscribe('x', inBuffers, true);
});

test('the bare client has one listener for a channel', async () => {
  const open = await openStore();
  const client = new CoreClient({ open, database: 0, timeoutMs: 5000, onError: undefined });
  await client.connect();
  const heard: string[] = [];
  await client.subscribe('x', (message, channel) => heard.push(channel + message));
  expect(await client.send('PUBLISH', 'x', '1')).toBe(1);
  expect(
    await client.pipeline([
      ['PUBLISH', 'x', '2'],
      ['SET', 'k', 'v'],
    ]),
  ).toEqual([1, 'OK']);
  await client.unsubscribe('x');
  expect(await client.send('PUBLISH', 'x', '3')).toBe(0);
  expect(heard).toEqual(['x1', 'x2']);
  await client.close();
});

test('MONITOR goes through a session of its own', async () => {
  const { reader, writer } = await pair();
  const lines: string[] = [];
  await reader.monitor((line) => lines.push(line));
  await writer.set('seen', '1');
  await reader.set('own', '2');
  await until(() => lines.length >= 2);
  expect(lines.join('\n')).toMatch(/"SET" "seen" "1"(.|\n)*"SET" "own" "2"/);
  await reader.reset();
  await reader.close();
});
