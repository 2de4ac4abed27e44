/** Calls that wait: they hold up nobody, and they end. */
import { describe, expect, test } from 'vitest';
import { createClientOver } from '../../src/client/create-client.js';
import { AbortError, ClosedError, TimeoutError } from '../../src/resp/errors.js';
import { FakeStore } from './fake-store.js';
import { connect, openStore, until } from './inline-kit.js';

const outcomeOf = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  );

async function blockedCount(client: Awaited<ReturnType<typeof connect>>): Promise<number> {
  const sessions = (await client.sendCommand<string>(['CLIENT', 'LIST'])).split('\n');
  return sessions.filter((line) => / flags=\S*b/.test(line)).length;
}

describe('a call that waits', () => {
  test('holds up no other call of the same client', async () => {
    const client = await connect();
    const popped = client.blPop('queue', 0);
    const moved = client.sendCommand(['BLMOVE', 'other', 'there', 'LEFT', 'LEFT', '0']);
    await until(async () => (await blockedCount(client)) === 2);
    expect(await client.set('k', 'v')).toBe('OK');
    await client.rPush('queue', 'job');
    expect(await popped).toEqual({ key: 'queue', element: 'job' });
    await client.rPush('other', 'x');
    expect(await moved).toBe('x');
    await client.close();
  });

  test('comes after the calls that were made before it, in the same database', async () => {
    const client = await connect(await openStore(), { database: 2 });
    void client.del('q');
    void client.rPush('q', 'first');
    expect(await client.blPop('q', 0)).toEqual({ key: 'q', element: 'first' });
    await client.select(5);
    await client.rPush('q', 'five');
    expect(await client.brPop('q', 0)).toEqual({ key: 'q', element: 'five' });
    await client.close();
  });

  test('sessions for it are used again', async () => {
    const open = await openStore();
    const client = await connect(open);
    for (let i = 0; i < 5; i++) {
      await client.rPush('q', String(i));
      await client.blPop('q', 0);
    }
    const list = await client.sendCommand<string>(['CLIENT', 'LIST']);
    expect(list.trim().split('\n')).toHaveLength(2);
    await client.close();
  });

  test('its timeout answers null', async () => {
    const client = await connect();
    expect(await client.blPop('none', 0.01)).toBe(null);
    await client.close();
  });

  test('ends when the client is closed, destroyed or does not want it any more', async () => {
    const open = await openStore();
    const keeper = await connect(open);
    for (const end of ['close', 'destroy'] as const) {
      const client = await connect(open);
      const waiting = outcomeOf(client.blPop('none', 0));
      await until(async () => (await blockedCount(keeper)) === 1);
      await client[end]();
      expect(await waiting).toBeInstanceOf(ClosedError);
      await until(async () => (await blockedCount(keeper)) === 0);
    }
    const client = await connect(open);
    const abort = new AbortController();
    const waiting = outcomeOf(client.withAbortSignal(abort.signal).blPop('none', 0));
    await until(async () => (await blockedCount(keeper)) === 1);
    abort.abort();
    expect(await waiting).toBeInstanceOf(AbortError);
    await until(async () => (await blockedCount(keeper)) === 0);
    expect(await outcomeOf(client.withAbortSignal(abort.signal).get('k'))).toBeInstanceOf(
      AbortError,
    );
    const late = client.withCommandOptions({ timeout: 20 }).blPop('none', 0);
    expect(await outcomeOf(late)).toBeInstanceOf(TimeoutError);
    await until(async () => (await blockedCount(keeper)) === 0);
    // What came too late is still there.
    await keeper.rPush('none', 'x');
    expect(await keeper.lLen('none')).toBe(1);
    await client.close();
    await keeper.close();
  });

  test('within a transaction sent by hand it does not wait', async () => {
    const client = await connect();
    await client.sendCommand(['MULTI']);
    expect(await client.sendCommand(['BLPOP', 'none', '0'])).toBe('QUEUED');
    expect(await client.sendCommand(['EXEC'])).toEqual([null]);
    await client.close();
  });
});

test('only what may wait goes aside', async () => {
  const store = new FakeStore();
  store.answers = () => '+OK\r\n';
  const client = createClientOver(store.open, {});
  await client.connect();
  await client.sendCommand(['XREAD', 'COUNT', '1', 'STREAMS', 's', '0']);
  await client.sendCommand(['BITCOUNT', 'k']);
  expect(store.pipes).toHaveLength(1);
  await client.sendCommand(['XREAD', 'BLOCK', '0', 'STREAMS', 's', '$']);
  await client.sendCommand(['wait', '0', '0']);
  expect(store.pipes).toHaveLength(2);
  expect(store.pipes[1]?.batches).toHaveLength(3);
  await client.close();
});
