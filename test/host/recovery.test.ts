/** What becomes of a store whose core breaks, or whose writes cannot be kept (P9, P13 and F9). */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersistenceEvent } from '../../src/resp/persistence.js';
import { StorageFault } from '../../src/storage/errors.js';
import { trappingCore } from '../support/trapping-core.js';
import { KeepingStorage } from './keeping-storage.js';
import { settledFor, trapNext } from './recovery-kit.js';
import { encode, openTestHost, settled, type TestConnection, type TestHost } from './test-host.js';

const MISCONF = '-MISCONF Errors writing to the AOF file: the disk is full\r\n';
const TRAPPED = '-ERR internal error: the command was undone\r\n';
const NO_RULES = { save: '' };
const COMPILE_TIMEOUT_MS = 120_000;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await trappingCore();
}, COMPILE_TIMEOUT_MS);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function until(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isDone(); turn++) await settled();
  expect(isDone()).toBe(true);
}

function open(storage: KeepingStorage | null, config = {}): Promise<TestHost> {
  return openTestHost({ storage, config: { ...NO_RULES, ...config }, module });
}

/** Sends commands and waits for the last reply of so many. */
async function replies(connection: TestConnection, ...lines: string[]): Promise<string> {
  connection.send(...lines);
  await settledFor(connection);
  return connection.take();
}

describe('under always, a write that is refused', () => {
  test('is told, and taken back with all that could have seen it', async () => {
    const storage = new KeepingStorage('always');
    const { connect } = await open(storage);
    const [writer, reader] = [connect(), connect()];
    writer.send('SET a 1', 'RPUSH l 1');
    storage.sync();
    await settled();
    writer.take();
    writer.send('SET a 2', 'RPUSH l 2');
    reader.send('GET a');
    storage.fail('full');
    await settledFor(writer);
    expect(writer.take()).toBe(MISCONF.repeat(2));
    expect(reader.take()).toBe(MISCONF);
    expect(storage.calls.slice(-2)).toEqual(['discard', 'load']);
    expect(reader.send('GET a', 'LRANGE l 0 -1')).toBe('$1\r\n1\r\n*1\r\n$1\r\n1\r\n');
  });

  test('makes WATCH fail, empties caches, and leaves those who wait waiting', async () => {
    const storage = new KeepingStorage('always');
    const { connect } = await open(storage);
    const [watcher, cacher, waiter, writer] = [connect(), connect(), connect(), connect()];
    cacher.send('HELLO 3', 'CLIENT TRACKING ON', 'GET k');
    watcher.send('WATCH k', 'MULTI', 'GET k');
    waiter.send('BLPOP queue 0');
    await settled();
    cacher.take();
    watcher.take();
    writer.send('SET other 1');
    storage.fail('full');
    await settledFor(writer);
    expect(cacher.take()).toBe('>2\r\n$10\r\ninvalidate\r\n_\r\n');
    expect(await replies(watcher, 'EXEC')).toBe('*-1\r\n');
    expect(waiter.take()).toBe('');
    storage.heal();
    storage.isInstant = true;
    expect(await replies(writer, 'RPUSH queue job')).toBe(':1\r\n');
    expect(waiter.take()).toBe('*2\r\n$5\r\nqueue\r\n$3\r\njob\r\n');
  });

  test('does not run what arrives before the store is whole again', async () => {
    const storage = new KeepingStorage('always');
    const { connect } = await open(storage);
    const connection = connect();
    connection.send('SET n 1');
    storage.fail('full');
    storage.heal();
    storage.isInstant = true;
    await Promise.resolve();
    connection.feed(encode(['INCR', 'n']));
    await settledFor(connection);
    expect(connection.take()).toBe(`${MISCONF}:1\r\n`);
  });
});

describe('while the disk is full', () => {
  test('what takes no space goes on, and what does is refused', async () => {
    const storage = new KeepingStorage();
    const { connect } = await open(storage);
    const connection = connect();
    connection.send('MSET a 1 b 2 c 3');
    storage.fail('full');
    const sent = ['SET a 2', 'INCR n', 'DEL a', 'EXPIRE b 100', 'GET c', 'PING', 'FLUSHALL'];
    expect(await replies(connection, ...sent)).toBe(
      `${MISCONF.repeat(2)}:1\r\n:1\r\n$1\r\n3\r\n${MISCONF}+OK\r\n`,
    );
    storage.heal();
    expect(connection.send('SET a 3')).toBe('+OK\r\n');
  });

  test.each(['always', 'everysec'] as const)('to the last byte, under %s', async (durability) => {
    const storage = new KeepingStorage(durability);
    storage.isInstant = true;
    const { connect } = await open(storage);
    const connection = connect();
    await replies(connection, 'SET a 1');
    storage.exhausted = true;
    storage.fail('full');
    await settled();
    storage.calls.length = 0;
    // What is answered when it is durable would have to be taken back, again and again.
    const first = durability === 'always' ? MISCONF : ':1\r\n';
    expect(connection.send('DEL a')).toBe(first);
    expect(storage.calls).not.toContain('discard');
  });

  test('any other failure stops all writes, and nothing acknowledged is taken back', async () => {
    const storage = new KeepingStorage();
    const { connect } = await open(storage);
    const connection = connect();
    expect(connection.send('SET a 1')).toBe('+OK\r\n');
    storage.fail('failed');
    expect(connection.send('DEL a', 'GET a')).toBe(`${MISCONF}$1\r\n1\r\n`);
    storage.heal();
    storage.sync();
    const next = await open(storage.reopened());
    expect(next.connect().send('GET a')).toBe('$1\r\n1\r\n');
  });

  test('scripts may delete, but not add', async () => {
    const storage = new KeepingStorage();
    const { connect } = await open(storage);
    const connection = connect();
    connection.send('SET a 1');
    storage.fail('full');
    const ask = async (code: string) => {
      connection.take();
      connection.feed(encode(['EVAL', code, '0']));
      await until(() => connection.received !== '');
      return connection.take();
    };
    expect(await ask("return redis.call('del', 'a')")).toBe(':1\r\n');
    expect(await ask("return redis.call('set', 'a', 1)")).toMatch(/^-MISCONF Errors writing/);
    expect(await ask('#!lua flags=allow-oom\nreturn 1')).toBe(':1\r\n');
    expect(await ask('#!lua\nreturn 1')).toBe(MISCONF);
  });
});

describe('a core that breaks', () => {
  test.each(['everysec', 'always'] as const)(
    'undoes the one command, under %s',
    async (durability) => {
      const storage = new KeepingStorage(durability);
      storage.isInstant = true;
      const store = await open(storage);
      const [connection, other] = [store.connect(), store.connect()];
      connection.send('SET a 1', 'RPUSH l 1 2');
      connection.take();
      // The steps of SET and of the lists before the HSET differ: it is sent alone first.
      trapNext(store);
      connection.send('HSET h f v', 'INCR a', 'SELECT 3', 'SET k v');
      other.feed(encode(['GET', 'a']));
      await settledFor(connection);
      expect(connection.take()).toBe(`${TRAPPED}:2\r\n+OK\r\n+OK\r\n`);
      expect(other.take()).toBe('$1\r\n2\r\n');
      expect(other.send('EXISTS h l', 'LLEN l')).toBe(':1\r\n:2\r\n');
      expect(connection.send('GET k')).toBe('$1\r\nv\r\n');
      expect(store.host.persistence.recovery.restarts).toBe(1);
    },
  );

  test('keeps what the batch had done before', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const connection = store.connect();
    const { engine } = store.host;
    const executed = vi.spyOn(engine, 'setTime');
    executed.mockImplementationOnce(() => trapNext(store, 100));
    connection.send(...Array.from({ length: 20 }, (_, at) => `SADD set:${at} a b c d`));
    await settledFor(connection);
    const answers = connection.take();
    expect(answers.split(TRAPPED).length).toBe(2);
    const before = answers.indexOf(TRAPPED) / ':4\r\n'.length;
    expect(before).toBeGreaterThan(0);
    expect(answers).toBe(`${':4\r\n'.repeat(before)}${TRAPPED}${':4\r\n'.repeat(19 - before)}`);
    expect(connection.send('DBSIZE', `EXISTS set:${before}`)).toBe(':19\r\n:0\r\n');
    storage.sync();
    const digest = connection.send('DEBUG DIGEST');
    const next = await open(storage.reopened());
    expect(next.connect().send('DEBUG DIGEST')).toBe(digest);
  });

  test('undoes the whole of a transaction', async () => {
    const store = await open(new KeepingStorage());
    const connection = store.connect();
    connection.send('SET a 1', 'MULTI', 'INCR a', 'INCR a', 'SADD s 1 2 3');
    trapNext(store, 4);
    expect(await replies(connection, 'EXEC', 'GET a', 'EXISTS s')).toBe(
      `${TRAPPED}$1\r\n1\r\n:0\r\n`,
    );
    expect(await replies(connection, 'MULTI', 'INCR a', 'EXEC')).toBe(
      '+OK\r\n+QUEUED\r\n*1\r\n:2\r\n',
    );
  });

  test('undoes the whole of a script', async () => {
    const store = await open(new KeepingStorage());
    const connection = store.connect();
    connection.send('SET a 1');
    const script = "redis.call('incr', 'a') redis.call('sadd', 's', 1, 2, 3) return 7";
    connection.take();
    connection.feed(encode(['EVAL', 'return 1', '0']));
    await until(() => connection.received !== '');
    connection.take();
    trapNext(store, 3);
    connection.feed(encode(['EVAL', script, '0']));
    await settledFor(connection);
    expect(connection.take()).toBe(TRAPPED);
    expect(connection.send('GET a', 'EXISTS s')).toBe('$1\r\n1\r\n:0\r\n');
    connection.take();
    connection.feed(encode(['EVAL', script, '0']));
    await settledFor(connection);
    expect(connection.take()).toBe(':7\r\n');
  });

  test('under the request of a client that had waited: that one is told, the other is answered', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const [waiter, pusher] = [store.connect(), store.connect()];
    waiter.send('BLMOVE source target LEFT RIGHT 0');
    const { host } = store;
    const dispatch = host.run.bind(host);
    vi.spyOn(host, 'run').mockImplementationOnce((session, requests) => {
      trapNext(store);
      return dispatch(session, requests);
    });
    pusher.send('RPUSH source a b', 'LLEN source', 'PING');
    await settledFor(pusher);
    expect(waiter.take()).toBe(TRAPPED);
    expect(pusher.take()).toBe(':2\r\n:2\r\n+PONG\r\n');
    expect(waiter.send('LRANGE source 0 -1', 'EXISTS target')).toBe(
      '*2\r\n$1\r\na\r\n$1\r\nb\r\n:0\r\n',
    );
    expect(host.blocking.count).toBe(0);
  });

  test('under a waiting client after a transaction: the transaction was answered', async () => {
    const store = await open(new KeepingStorage());
    const [waiter, pusher] = [store.connect(), store.connect()];
    waiter.send('BLMOVE source target LEFT RIGHT 0');
    pusher.send('MULTI', 'RPUSH source a', 'SET k v');
    pusher.take();
    const { host } = store;
    const dispatch = host.run.bind(host);
    vi.spyOn(host, 'run').mockImplementationOnce((session, requests) => {
      trapNext(store);
      return dispatch(session, requests);
    });
    pusher.send('EXEC', 'LLEN source');
    await settledFor(pusher);
    expect(waiter.take()).toBe(TRAPPED);
    expect(pusher.take()).toBe('*2\r\n:1\r\n+OK\r\n:1\r\n');
  });

  test('while a script takes long: the script is undone as a whole, and ends', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage, { 'busy-reply-threshold': '20' });
    const { clock, host } = store;
    clock.monotonic = () => clock.at++;
    const [runs, other] = [store.connect(), store.connect()];
    runs.feed(encode(['EVAL', 'return 1', '0']));
    await until(() => runs.received !== '');
    runs.take();
    other.send('SET a 1');
    other.take();
    const script =
      "redis.call('INCR','a') for i = 1, 3e6 do end return redis.pcall('INCR','a')['err'] or 7";
    runs.feed(encode(['EVAL', script, '0']));
    expect(host.scripts.running?.isBusy).toBe(true);
    host.persistence.recovery.guard(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    await host.persistence.recovery.done;
    await vi.advanceTimersByTimeAsync(5000);
    expect(runs.take()).toMatch(/^-ERR (internal error|Script killed)/);
    expect(other.send('INCR a')).toBe(':2\r\n');
    expect(storage.text).not.toContain('MULTI');
    storage.sync();
    const next = await open(storage.reopened());
    expect(next.connect().send('GET a')).toBe('$1\r\n2\r\n');
  });

  test('while keys expire or a snapshot is read: the data are brought back', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const { clock, host } = store;
    const connection = store.connect();
    connection.send('SET a 1', 'SADD s 1 2 3', 'PEXPIRE s 5');
    connection.take();
    clock.at += 200;
    trapNext(store);
    await vi.advanceTimersByTimeAsync(200);
    await settledFor(connection);
    expect(host.persistence.recovery.restarts).toBe(1);
    expect(connection.send('GET a', 'EXISTS s')).toBe('$1\r\n1\r\n:0\r\n');
    const file = await host.snapshots.take();
    connection.send('SET a 2');
    trapNext(store);
    await expect(host.snapshots.restore(file)).rejects.toThrow('the core broke');
    await settledFor(connection);
    connection.take();
    expect(connection.send('GET a')).toBe('$1\r\n2\r\n');
  });

  test('has a snapshot that was under way begun again', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const connection = store.connect();
    connection.send('DEBUG POPULATE 20000 key 100');
    connection.take();
    const saved = store.host.persistence.save('base');
    await until(() => storage.calls.includes('begin base'));
    trapNext(store);
    expect(await replies(connection, 'SADD s a b')).toBe(TRAPPED);
    await saved;
    expect(storage.calls.filter((call) => call !== 'load')).toEqual([
      'begin base',
      'abort base',
      'begin base',
      'commit base',
    ]);
    storage.sync();
    const next = await open(storage.reopened());
    expect(next.connect().send('DBSIZE')).toBe(':20000\r\n');
  });

  test('that kept nothing starts empty, and says so', async () => {
    const store = await open(null);
    const connection = store.connect();
    const events: PersistenceEvent[] = [];
    store.host.persistence.on((event) => events.push(event));
    connection.send('SET a 1');
    trapNext(store);
    expect(await replies(connection, 'SADD s 1 2', 'DBSIZE')).toBe(`${TRAPPED}:0\r\n`);
    expect(events.map(({ state }) => state)).toEqual(['recovered']);
    expect(store.log.join('\n')).toContain('all data are gone');
  });

  test('breaks again while it is filled: the store ends with an error', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const connection = store.connect();
    const ends: Error[] = [];
    store.host.persistence.onEnd((error) => ends.push(error));
    connection.send('SET a 1');
    trapNext(store);
    const trap = () => new WebAssembly.RuntimeError('unreachable');
    storage.loadFailures = [trap(), trap(), trap()];
    connection.send('SADD s 1 2');
    await settledFor(connection);
    expect(ends.map((error) => error.name)).toEqual(['StorageError']);
    expect(connection.ended).toBe(true);
    expect(store.host.persistence.info().state).toBe('ended');
    expect(storage.loadFailures.length, 'no endless loop').toBe(1);
    await expect(store.host.persistence.save('dump')).rejects.toThrow('The core breaks whenever');
  });

  test('is filled all the same if that breaks it once', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage);
    const connection = store.connect();
    connection.send('SET a 1');
    trapNext(store);
    storage.loadFailures = [new WebAssembly.RuntimeError('unreachable')];
    expect(await replies(connection, 'SADD s 1 2', 'GET a')).toBe(`${TRAPPED}$1\r\n1\r\n`);
  });

  test('calls commands by their new names afterwards', async () => {
    const storage = new KeepingStorage();
    const store = await open(storage, { 'rename-command': 'SET put GET set DEL ""' });
    const connection = store.connect();
    connection.send('PUT a 1');
    trapNext(store);
    expect(await replies(connection, 'SADD s 1 2', 'SET a', 'PUT a 2', 'SET a')).toBe(
      `${TRAPPED}$1\r\n1\r\n+OK\r\n$1\r\n2\r\n`,
    );
    expect(connection.send('DEL a')).toMatch(/^-ERR unknown command/);
  });
});

describe('after a pause', () => {
  test('nothing is answered before the store is known to be ours', async () => {
    const storage = new KeepingStorage('everysec', 'indexeddb');
    const { clock, connect } = await open(storage);
    const connection = connect();
    expect(connection.send('SET a 1')).toBe('+OK\r\n');
    clock.at += 400;
    expect(connection.send('GET a')).toBe('$1\r\n1\r\n');
    clock.at += 501;
    expect(connection.send('GET a')).toBe('');
    await settled();
    expect(connection.take()).toBe('$1\r\n1\r\n');
    expect(storage.calls.filter((call) => call === 'verify').length).toBe(1);
  });

  test('nothing is answered while storage cannot tell whether it is', async () => {
    const storage = new KeepingStorage('everysec', 'indexeddb');
    const { clock, connect } = await open(storage);
    const connection = connect();
    connection.send('SET a 1');
    connection.take();
    const { verify } = storage;
    storage.verify = async () => {
      throw new StorageFault('timeout', 'no answer');
    };
    clock.at += 60_000;
    connection.send('GET a');
    for (let second = 0; second < 5; second++) await vi.advanceTimersByTimeAsync(1000);
    expect(connection.received).toBe('');
    storage.verify = verify;
    await vi.advanceTimersByTimeAsync(1000);
    await settled();
    expect(connection.take()).toBe('$1\r\n1\r\n');
  });

  test('a store that has ended does not wait for ever for an answer', async () => {
    const storage = new KeepingStorage('everysec', 'indexeddb');
    const { clock, connect } = await open(storage);
    const connection = connect();
    storage.verify = async () => {
      throw new StorageFault('wiped', 'it is gone');
    };
    clock.at += 60_000;
    connection.send('GET a');
    await settled();
    expect(connection.take()).toBe('$-1\r\n');
  });

  test('a store that somebody else owns answers nobody', async () => {
    const storage = new KeepingStorage('everysec', 'indexeddb');
    const { clock, connect, host } = await open(storage);
    const connection = connect();
    const ends: Error[] = [];
    host.persistence.onEnd((error) => ends.push(error));
    connection.send('SET a 1');
    connection.take();
    storage.owned = false;
    clock.at += 60_000;
    connection.send('GET a');
    await settled();
    expect(connection.received).toBe('');
    expect(connection.ended).toBe(true);
    expect(ends.map((error) => error.name)).toEqual(['FencedError']);
  });
});

test('a store that was robbed neither writes nor reads', async () => {
  const storage = new KeepingStorage();
  const { connect } = await open(storage);
  const connection = connect();
  connection.send('SET a 1');
  storage.fail('fenced', 'another owner');
  expect(connection.send('GET a', 'DEL a')).toBe(
    '-MISCONF Errors writing to the AOF file: another owner\r\n'.repeat(2),
  );
});

test('data that were deleted from outside are gone, and not written again', async () => {
  const storage = new KeepingStorage('everysec', 'indexeddb');
  const { connect, host } = await open(storage);
  const events: string[] = [];
  host.persistence.on(({ state }) => events.push(state));
  const connection = connect();
  connection.send('SET a 1');
  storage.fail('wiped', 'the data was deleted');
  await settledFor(connection);
  const { length } = storage.appends;
  expect(connection.send('GET a', 'SET a 2')).toMatch(/^\$-1\r\n-MISCONF .* the data was deleted/);
  expect(events).toEqual(['wiped']);
  expect(storage.appends.length).toBe(length);
});
