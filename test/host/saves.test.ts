/** When snapshots are made, what they hold, and what is told of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PersistenceEvent } from '../../src/resp/persistence.js';
import { openProcess } from '../support/target-process.js';
import { KeepingStorage } from './keeping-storage.js';
import { encode, openTestHost, settled, type TestConnection } from './test-host.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const NO_RULES = { save: '' };

async function until(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isDone(); turn++) await settled();
  expect(isDone()).toBe(true);
}

function field(connection: TestConnection, name: string): string {
  const text = connection.send('INFO persistence');
  return new RegExp(`^${name}:(.*)\r$`, 'm').exec(text)?.[1] ?? `no field ${name}`;
}

async function replyOf(connection: TestConnection, line: string): Promise<string> {
  connection.send(line);
  await until(() => connection.received !== '');
  return connection.take();
}

test('a snapshot shows the moment of its cut, and the journal goes on behind it', async () => {
  const storage = new KeepingStorage();
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  connection.send('SET a 1', 'BGREWRITEAOF', 'SET a 2', 'SET b 1');
  await until(() => storage.calls.includes('commit base'));
  connection.send('INCR b');
  storage.sync();
  expect(storage.generations.map(({ kind }) => kind)).toEqual(['base']);
  const { connect: again } = await openTestHost({ storage: storage.reopened() });
  expect(again().send('GET a', 'GET b')).toBe('$1\r\n2\r\n$1\r\n2\r\n');
});

test('what is written while a snapshot is written is not lost and not doubled', async () => {
  const storage = new KeepingStorage();
  const { host, connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  connection.send('DEBUG POPULATE 20000 key 100');
  connection.take();
  const saved = host.persistence.save('dump');
  for (let round = 0; round < 200; round++) {
    connection.send('INCR counter', `RPUSH list ${round}`, `DEL key:${round}`);
    await settled();
  }
  await saved;
  storage.sync();
  const digest = connection.send('DEBUG DIGEST');
  const next = await openTestHost({ storage: storage.reopened() });
  expect(next.connect().send('DEBUG DIGEST')).toBe(digest);
  expect(next.connect().send('GET counter')).toBe('$3\r\n200\r\n');
});

test('SAVE holds its own session up, and no other', async () => {
  const storage = new KeepingStorage();
  let open = () => {};
  storage.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const [saver, other] = [connect(), connect()];
  saver.send('SAVE', 'PING');
  await until(() => storage.calls.includes('begin dump'));
  expect(saver.received).toBe('');
  expect(other.send('SET k v', 'SAVE')).toBe('+OK\r\n-ERR Background save already in progress\r\n');
  expect(other.send('BGSAVE')).toBe('-ERR Background save already in progress\r\n');
  expect(other.send('BGREWRITEAOF')).toBe('+Background append only file rewriting scheduled\r\n');
  expect(field(other, 'rdb_bgsave_in_progress')).toBe('1');
  expect(field(other, 'aof_rewrite_scheduled')).toBe('1');
  open();
  await until(() => storage.calls.includes('commit base'));
  expect(saver.received).toBe('+OK\r\n+PONG\r\n');
  expect(field(other, 'rdb_bgsave_in_progress')).toBe('0');
  expect(field(other, 'rdb_changes_since_last_save'), 'what came behind the cut').toBe('1');
});

test('while the journal is rewritten BGSAVE has to be patient', async () => {
  const storage = new KeepingStorage();
  let open = () => {};
  storage.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  connection.send('BGREWRITEAOF');
  expect(connection.send('BGREWRITEAOF')).toMatch(
    /^-ERR Background append only file rewriting alr/,
  );
  expect(connection.send('BGSAVE')).toMatch(/^-ERR Another child process is active \(AOF\?\)/);
  expect(connection.send('BGSAVE SCHEDULE')).toBe('+Background saving scheduled\r\n');
  open();
  await until(() => storage.calls.includes('commit dump'));
  expect(storage.calls.filter((call) => call.startsWith('begin'))).toEqual([
    'begin base',
    'begin dump',
  ]);
});

test('a rule saves when its time has come and enough has changed', async () => {
  const storage = new KeepingStorage();
  const { clock, connect, log } = await openTestHost({ storage, config: { save: '60 2' } });
  const connection = connect();
  connection.send('SET a 1');
  const pass = async (ms: number) => {
    clock.at += ms;
    await vi.advanceTimersByTimeAsync(ms);
    await settled();
  };
  await pass(61_000);
  expect(storage.calls).not.toContain('begin dump');
  connection.send('SET b 1');
  await pass(200);
  await until(() => storage.calls.includes('commit dump'));
  expect(log.join('\n')).toContain('2 changes in 60 seconds. Saving...');
  expect(field(connection, 'rdb_changes_since_last_save')).toBe('0');
  connection.send('MSET c 1 d 1');
  await pass(59_000);
  expect(storage.generations.length).toBe(1);
  await pass(2000);
  await until(() => storage.generations.length === 2);
});

test('nothing wakes a store that has nothing to save', async () => {
  const storage = new KeepingStorage();
  const { host, connect } = await openTestHost({ storage, config: { save: '60 2' } });
  connect().send('GET a');
  await vi.advanceTimersByTimeAsync(1000);
  const ran = vi.spyOn(host.persistence.saves, 'run');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(ran).not.toHaveBeenCalled();
});

test('a journal that has grown by its percentage is rewritten', async () => {
  const storage = new KeepingStorage();
  const config = { ...NO_RULES, 'auto-aof-rewrite-min-size': '2000' };
  const { clock, connect, log } = await openTestHost({ storage, config });
  const connection = connect();
  for (let round = 0; round < 100; round++) connection.send('SET key value');
  clock.at += 200;
  await vi.advanceTimersByTimeAsync(200);
  await until(() => storage.calls.includes('commit base'));
  expect(log.join('\n')).toMatch(/Starting automatic rewriting of AOF on \d+% growth/);
  expect(field(connection, 'aof_current_size')).toBe(field(connection, 'aof_base_size'));
});

test('a save that fails is told, and then writes are refused until one succeeds', async () => {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { connect } = await openTestHost({ storage, config: { save: '900 1' } });
  const connection = connect();
  storage.fail('failed', 'no such device');
  expect(await replyOf(connection, 'BGSAVE')).toBe('+Background saving started\r\n');
  await until(() => field(connection, 'rdb_last_bgsave_status') === 'err');
  const refusal = /^-MISCONF Redis is configured to save RDB snapshots, but it's currently unable/;
  expect(connection.send('SET k v')).toMatch(refusal);
  expect(connection.send('PING')).toMatch(refusal);
  expect(connection.send('GET k')).toBe('$-1\r\n');
  connection.send('CONFIG SET stop-writes-on-bgsave-error no');
  expect(connection.send('SET k v')).toBe('+OK\r\n');
  connection.send('CONFIG SET stop-writes-on-bgsave-error yes');
  expect(await replyOf(connection, 'SAVE')).toBe('-ERR\r\n');
  expect(connection.send('SET k v')).toMatch(refusal);
  storage.heal();
  expect(await replyOf(connection, 'SAVE')).toBe('+OK\r\n');
  expect(connection.send('SET k v')).toBe('+OK\r\n');
});

test('CONFIG SET appendonly yes begins with a base, and no stops the journal', async () => {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  connection.send('SET a 1');
  expect(storage.appends).toEqual([]);
  expect(await replyOf(connection, 'CONFIG SET appendonly yes')).toBe('+OK\r\n');
  connection.send('SET b 1');
  expect(field(connection, 'aof_enabled')).toBe('1');
  storage.sync();
  const next = await openTestHost({ storage: storage.reopened() });
  expect(next.connect().send('MGET a b')).toBe('*2\r\n$1\r\n1\r\n$1\r\n1\r\n');
  expect(await replyOf(connection, 'CONFIG SET appendonly no')).toBe('+OK\r\n');
  const { length } = storage.appends;
  connection.send('SET c 1');
  expect(storage.appends.length).toBe(length);
});

test('of changes of appendonly and appendfsync that overlap the last one holds', async () => {
  const storage = new KeepingStorage();
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const modes: string[] = [];
  storage.stopJournal = async () => {
    await gate;
    storage.journals = false;
  };
  storage.setDurability = async (mode) => {
    if (mode === 'no') await gate;
    modes.push(mode);
  };
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  for (const change of ['appendonly no', 'appendfsync no']) connect().send(`CONFIG SET ${change}`);
  const [third, fourth] = [connect(), connect()];
  third.send('CONFIG SET appendonly yes');
  fourth.send('CONFIG SET appendfsync always');
  await settled();
  expect([third.take(), fourth.take()]).toEqual(['', '']);
  release();
  await until(() => third.received !== '' && fourth.received !== '');
  expect([third.take(), fourth.take()]).toEqual(['+OK\r\n', '+OK\r\n']);
  expect(modes).toEqual(['no', 'always']);
  expect(field(third, 'aof_enabled')).toBe('1');
  const { length } = storage.appends;
  third.send('SET a 1');
  expect(storage.appends.length).toBe(length + 1);
});

test('where no journal is wanted it has ended before the next snapshot begins', async () => {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  const stop = storage.stopJournal.bind(storage);
  storage.stopJournal = async () => {
    for (let turn = 0; turn < 10; turn++) await settled();
    await stop();
  };
  connection.send('SET a 1', 'BGREWRITEAOF', 'SET a 2', 'SAVE');
  await until(() => storage.calls.includes('commit dump'));
  const order = storage.calls.filter((call) => /^(begin|commit|stop)/.test(call));
  expect(order).toEqual(['begin base', 'commit base', 'stop', 'begin dump', 'commit dump']);
  expect(storage.appends).toEqual([]);
});

/** A store whose journal waits for its first base, and a session beside it. */
async function openStarting() {
  const storage = new KeepingStorage();
  storage.journals = false;
  let release = () => {};
  storage.gate = new Promise((resolve) => {
    release = resolve;
  });
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  connect().send('SET a 1', 'CONFIG SET appendonly yes');
  await until(() => storage.calls.includes('begin base'));
  return { storage, waiting: connect(), release };
}

test('WAITAOF waits for the base with which the journal begins', async () => {
  const { storage, waiting, release } = await openStarting();
  waiting.send('WAITAOF 0 0 0', 'WAITAOF 1 0 0');
  for (let turn = 0; turn < 10; turn++) await settled();
  expect(waiting.take()).toBe('*2\r\n:0\r\n:0\r\n');
  release();
  await until(() => waiting.received !== '');
  expect(waiting.take()).toBe('*2\r\n:1\r\n:0\r\n');
  expect(storage.generations.length).toBe(1);
});

test('WAITAOF ends with an error when the journal does', async () => {
  const { storage, waiting, release } = await openStarting();
  waiting.send('WAITAOF 1 0 0');
  storage.fail('failed', 'no such device');
  release();
  await until(() => waiting.received !== '');
  expect(waiting.take()).toBe(
    '-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n',
  );
});

test('a journal that cannot be begun stays off', async () => {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  storage.fail('failed', 'no such device');
  expect(await replyOf(connection, 'CONFIG SET appendonly yes')).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - " +
      'Unable to turn on AOF. Check server logs.\r\n',
  );
  expect(connection.send('CONFIG GET appendonly')).toContain('\r\nno\r\n');
  expect(connection.send('SET a 1')).toBe('+OK\r\n');
  expect(storage.appends).toEqual([]);
});

test('what is restored is durable before that is told', async () => {
  const first = await openTestHost();
  first.connect().send('SET new 1');
  const file = await first.host.snapshots.take();
  const storage = new KeepingStorage();
  const { host, connect } = await openTestHost({ storage, config: NO_RULES });
  connect().send('SET old 1');
  await host.snapshots.restore(file);
  storage.sync();
  expect(storage.calls).toContain('commit base');
  const next = await openTestHost({ storage: storage.reopened() });
  expect(next.connect().send('MGET old new')).toBe('*2\r\n$-1\r\n$1\r\n1\r\n');
});

test('what cannot be kept is not restored', async () => {
  const first = await openTestHost();
  first.connect().send('SET new 1');
  const file = await first.host.snapshots.take();
  const storage = new KeepingStorage();
  const { host, connect } = await openTestHost({ storage, config: NO_RULES });
  const connection = connect();
  connection.send('SET old 1');
  connection.take();
  storage.fail('full');
  const restored = host.snapshots.restore(file);
  await expect(restored).rejects.toThrow('the disk is full');
  expect(connection.send('MGET old new')).toBe('*2\r\n$1\r\n1\r\n$-1\r\n');
});

test('SHUTDOWN saves if there are rules or it is asked to, and stays if that fails', async () => {
  const ends: unknown[] = [];
  const storage = new KeepingStorage();
  const shutdown = (options: unknown) => ends.push(options);
  const { connect } = await openTestHost({ storage, config: { save: '900 1' }, shutdown });
  const connection = connect();
  storage.fail('failed');
  expect(await replyOf(connection, 'SHUTDOWN')).toBe(
    '-ERR Errors trying to SHUTDOWN. Check logs.\r\n',
  );
  storage.heal();
  connection.send('SHUTDOWN NOSAVE');
  await until(() => ends.length === 1);
  expect(storage.generations).toEqual([]);
  connect().send('SHUTDOWN SAVE');
  await until(() => ends.length === 2);
  expect(storage.generations.length).toBe(1);
});

async function closed(config: Record<string, string>, ...commands: string[]): Promise<string[]> {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { host, connect } = await openTestHost({ storage, config, shutdown: () => {} });
  connect().send(...commands);
  await settled();
  await host.close();
  return storage.calls.filter((call) => call === 'commit dump');
}

const NO_JOURNAL = { appendonly: 'no', save: '900 1' };

test('without a journal what has changed is saved at close, if there are rules', async () => {
  expect(await closed(NO_JOURNAL, 'SET k v')).toEqual(['commit dump']);
  expect(await closed({ ...NO_JOURNAL, save: '' }, 'SET k v'), 'no rules').toEqual([]);
  expect(await closed(NO_JOURNAL, 'GET k'), 'nothing has changed').toEqual([]);
  expect(await closed(NO_JOURNAL, 'SET k v', 'SHUTDOWN NOSAVE'), 'unwanted').toEqual([]);
});

test('what cannot be saved at close is told, and the storage closed all the same', async () => {
  const storage = new KeepingStorage();
  storage.journals = false;
  const { host, connect } = await openTestHost({ storage, config: NO_JOURNAL });
  connect().send('SET k v');
  storage.fail('full');
  await expect(host.close()).rejects.toThrow();
  expect(storage.calls.at(-1)).toBe('close');
});

test('without a checksum the file ends with zeros, and is read all the same', async () => {
  const storage = new KeepingStorage();
  const { host, connect } = await openTestHost({
    storage,
    config: { ...NO_RULES, rdbchecksum: 'no' },
  });
  connect().send('DEBUG POPULATE 3000 key 50', 'SET last 1');
  await host.persistence.save('base');
  storage.sync();
  const { bytes } = storage.generations[0] as { bytes: Uint8Array };
  expect([...bytes.slice(-8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  const next = await openTestHost({ storage: storage.reopened() });
  expect(next.connect().send('DBSIZE', 'GET last')).toBe(':3001\r\n$1\r\n1\r\n');
});

test('a base of commands is read by us and by redis-server', async () => {
  const storage = new KeepingStorage();
  const config = { ...NO_RULES, 'aof-use-rdb-preamble': 'no' };
  const { host, connect } = await openTestHost({ storage, config });
  const connection = connect();
  connection.send('MSET a 1 b 2', 'RPUSH l 1 2 3', 'HSET h f v', 'ZADD z 1.5 m', 'SADD s 1 2');
  connection.send('EXPIREAT a 33177117420', 'XADD x 1-1 f v', 'SELECT 7', 'SET k v');
  const library = '#!lua name=lib\nredis.register_function("f", function() return 7 end)';
  connection.feed(encode(['FUNCTION', 'LOAD', library]));
  await until(() => connection.received.includes('lib'));
  await host.persistence.save('base');
  storage.sync();
  const bytes = storage.generations[0]?.bytes as Uint8Array;
  expect(Buffer.from(bytes).toString('latin1')).toMatch(/^\*3\r\n\$8\r\nFUNCTION\r\n/);
  const digest = connection.send('DEBUG DIGEST');
  const next = await openTestHost({ storage: storage.reopened() });
  expect(next.connect().send('DEBUG DIGEST')).toBe(digest);
  expect(next.host.scripts.libraries.codeBytes).toBe(library.length);

  vi.useRealTimers();
  const directory = mkdtempSync(join(tmpdir(), 'redstart-base-'));
  writeFileSync(join(directory, 'appendonly.aof'), bytes);
  const redis = await openProcess('redis-server', [], ['--appendonly', 'yes', '--dir', directory]);
  try {
    const peer = await redis.connect();
    expect(`+${(await peer.send('DEBUG', 'DIGEST')).tree.text}\r\n`).toBe(digest);
    expect((await peer.send('FCALL', 'f', '0')).tree.text).toBe('7');
    peer.close();
  } finally {
    await redis.close();
    rmSync(directory, { recursive: true });
  }
});

test('events that nobody heard are told to the first listener, and progress while it lasts', async () => {
  const storage = new KeepingStorage();
  const damaged = { kind: 'torn', at: { epoch: 2, n: 7 }, bytesLost: 12, cause: 'a bad frame' };
  storage.report = { ...storage.report, damaged: damaged as never };
  const { host } = await openTestHost({ storage, config: NO_RULES });
  const events: PersistenceEvent[] = [];
  host.persistence.on((event) => events.push(event));
  storage.fail('full', 'no space');
  storage.fail('full', 'no space');
  storage.heal();
  storage.fail('failed', 'broken');
  expect(events).toEqual([
    { state: 'recovered', message: 'set aside: a bad frame', bytesLost: 12, at: '2:7' },
    { state: 'full', message: 'no space' },
    { state: 'ok', message: 'writes are taken again' },
    { state: 'degraded', message: 'broken' },
  ]);
  storage.heal();
  const progress: unknown[] = [];
  host.persistence.onProgress((step) => progress.push(step.doing));
  await host.persistence.save('dump');
  expect(progress).toContain('saving');
  expect(host.persistence.info()).toMatchObject({
    backend: 'files',
    appendOnly: true,
    generation: 1,
    epoch: 3,
    bytesLost: 12,
    state: 'ok',
    lastSaveAt: host.clock.now(),
  });
});

test('the latency monitor hears of a journal that takes long to take something', async () => {
  const storage = new KeepingStorage();
  const store = await openTestHost({ storage, config: NO_RULES });
  const connection = store.connect();
  connection.send('CONFIG SET latency-monitor-threshold 50');
  const append = storage.append.bind(storage);
  storage.append = (bytes) => {
    store.clock.at += 70;
    return append(bytes);
  };
  connection.send('SET a 1');
  expect(connection.send('LATENCY LATEST')).toMatch(/^\*1\r\n\*4\r\n\$9\r\naof-write\r\n/);
});
