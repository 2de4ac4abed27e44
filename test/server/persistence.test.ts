/** Data in files: ours and redis-server's go on with each other's, and start and end alike. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyspace } from '../formats/rdb-keyspaces.js';
import { digest, sendAll, textOf } from '../formats/rdb-kit.js';
import type { Connection } from '../support/connection.js';
import { seededRandom } from '../support/float-samples.js';
import { openProcess, type ProcessStore } from '../support/target-process.js';
import { command, exchange } from './pair.js';

const OUR_SERVER = fileURLToPath(new URL('../../dist/redstart-server.js', import.meta.url));
const REDIS = process.env.REDIS_SERVER_PATH ?? 'redis-server';
const run = promisify(execFile);

type Program = 'ours' | 'redis';

let directory: string;
const running = new Set<ProcessStore>();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-persistence-'));
});
afterEach(async () => {
  for (const store of running) await store.close();
  running.clear();
  await rm(directory, { recursive: true, force: true });
});

interface Started {
  readonly port: number;
  readonly connection: Connection;
  readonly connect: () => Promise<Connection>;
  /** SHUTDOWN with these words; resolves when it is gone. */
  end(...words: string[]): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

async function start(program: Program, ...options: string[]): Promise<Started> {
  const more = ['--dir', directory, ...options];
  const store =
    program === 'ours'
      ? await openProcess(process.execPath, [OUR_SERVER], more)
      : await openProcess(REDIS, [], more);
  running.add(store);
  const connection = await store.connect();
  return {
    port: store.port,
    connection,
    connect: store.connect,
    async kill() {
      await store.close();
      running.delete(store);
    },
    async end(...words) {
      expect(await exchange(store.port, command('SHUTDOWN', ...words))).toBe('');
      await store.gone;
      running.delete(store);
      await store.close();
    },
  };
}

const AOF = ['--appendonly', 'yes'];

/** Fills it with values of all types, some of which expire, in two databases. */
async function fill({ connection }: Started, seed: number): Promise<void> {
  const random = seededRandom(seed);
  await sendAll(connection, [['FLUSHALL'], ...keyspace(random, 40)]);
  await sendAll(connection, [['SELECT', '3'], ...keyspace(random, 10), ['SELECT', '0']]);
  await sendAll(connection, [
    ['SET', 'expires', 'later', 'PX', '100000000'],
    [
      'FUNCTION',
      'LOAD',
      'REPLACE',
      `#!lua name=lib${seed}\nredis.register_function('f${seed}', function() return ${seed} end)`,
    ],
    ['MULTI'],
    ['INCR', `counter${seed}`],
    ['RPUSH', `list${seed}`, 'a', 'b'],
    ['EXEC'],
  ]);
}

async function isSound(...names: string[]): Promise<void> {
  for (const name of names) {
    const tool = name.endsWith('.rdb') ? 'redis-check-rdb' : 'redis-check-aof';
    await run(tool, [join(directory, name)]);
  }
}

describe.each([
  ['a dump', ['--save', '1000 1000000'], ['dump.rdb']],
  ['an append only file', AOF, ['appendonlydir/appendonly.aof.manifest']],
  [
    'an append only file that is all commands',
    [...AOF, '--aof-use-rdb-preamble', 'no'],
    ['appendonlydir/appendonly.aof.manifest'],
  ],
  ['an append only file, always', [...AOF, '--appendfsync', 'always'], []],
])('%s', (_, options, files) => {
  test.each([
    ['ours', 'redis', 'ours'],
    ['redis', 'ours', 'redis'],
    ['ours', 'ours', 'redis'],
  ] as const)('goes from %s to %s to %s, all values alike', async (...programs) => {
    let before = '';
    for (const [index, program] of programs.entries()) {
      const server = await start(program, ...options);
      if (index > 0) expect(await digest(server.connection)).toBe(before);
      await fill(server, index + 1);
      before = await digest(server.connection);
      await server.end();
      if (program === 'ours') await isSound(...files);
    }
    const last = await start('redis', ...options);
    expect(await digest(last.connection)).toBe(before);
    const reply = await exchange(last.port, command('FCALL', 'f2', '0'));
    expect(reply).toBe(':2\r\n');
  });

  test('goes on after a rewrite', async () => {
    const server = await start('ours', ...options);
    await fill(server, 5);
    await sendAll(server.connection, [['SAVE'], ['BGREWRITEAOF']]);
    await untilRewritten(server);
    await fill(server, 6);
    const before = await digest(server.connection);
    await server.end();
    await isSound(...files);
    for (const program of ['redis', 'ours'] as const) {
      const next = await start(program, ...options);
      expect(await digest(next.connection)).toBe(before);
      await next.end();
    }
  });
});

async function untilRewritten({ port }: Started): Promise<void> {
  let info = 'aof_rewrite_in_progress:1';
  while (info.includes('aof_rewrite_in_progress:1')) {
    info = await exchange(port, command('INFO', 'persistence'));
  }
  expect(info).toContain('aof_last_bgrewrite_status:ok');
}

describe('starting and ending', () => {
  test('CONFIG SET appendonly starts a journal and stops it', async () => {
    const first = await start('ours');
    await sendAll(first.connection, [
      ['SET', 'a', '1'],
      ['CONFIG', 'SET', 'appendonly', 'yes'],
      ['SET', 'b', '2'],
    ]);
    await first.end('NOSAVE');
    const second = await start('redis', ...AOF);
    expect(await exchange(second.port, command('MGET', 'a', 'b'))).toBe(
      '*2\r\n$1\r\n1\r\n$1\r\n2\r\n',
    );
    await second.end('NOSAVE');
    const third = await start('ours', ...AOF);
    await sendAll(third.connection, [
      ['CONFIG', 'SET', 'appendonly', 'no'],
      ['SET', 'c', '3'],
    ]);
    await third.end('NOSAVE');
    const fourth = await start('redis', ...AOF);
    expect(await exchange(fourth.port, command('EXISTS', 'a', 'b', 'c'))).toBe(':2\r\n');
  });

  test.each(['ours', 'redis'] as const)('%s: SHUTDOWN saves if asked to', async (program) => {
    const outcomes: string[] = [];
    for (const [words, rules] of [
      [['NOSAVE'], '1000 1000'],
      [[], ''],
      [[], '1000 1000'],
      [['SAVE'], ''],
    ] as const) {
      await rm(join(directory, 'dump.rdb'), { force: true });
      const server = await start(program, '--save', rules);
      await sendAll(server.connection, [['SET', 'a', '1']]);
      await server.end(...words);
      outcomes.push((await readdir(directory)).includes('dump.rdb') ? 'saved' : 'not saved');
    }
    expect(outcomes).toEqual(['not saved', 'not saved', 'saved', 'saved']);
  });

  test('what was not saved is gone, and an AOF has it', async () => {
    const first = await start('ours', ...AOF, '--appendfsync', 'always');
    await sendAll(first.connection, [['SET', 'kept', '1']]);
    for (const store of running) await store.close();
    running.clear();
    const second = await start('ours', ...AOF);
    expect(await exchange(second.port, command('GET', 'kept'))).toBe('$1\r\n1\r\n');
  });

  test.each([
    ['redis', 'everysec'],
    ['ours', 'everysec'],
    ['ours', 'no'],
  ] as const)(
    '%s, %s: a killed process loses nothing that it has answered',
    async (program, mode) => {
      const options = [...AOF, '--appendfsync', mode];
      let least = 0;
      for (const round of [1, 2, 3, 4]) {
        const server = await start(program, ...options);
        const found = Number.parseInt(
          (await exchange(server.port, command('INCR', 'n'))).slice(1),
          10,
        );
        expect(found).toBeGreaterThan(least);
        const rewrites = round % 2 === 0;
        least = await countUntilKilled(server, found + 300 * round, rewrites);
      }
      const last = await start(program, ...options);
      const reply = await exchange(last.port, command('INCR', 'n'));
      expect(Number.parseInt(reply.slice(1), 10)).toBeGreaterThan(least);
    },
  );

  /** Counts in many connections up to about `enough`; the highest number that was answered. */
  async function countUntilKilled(server: Started, enough: number, rewrites: boolean) {
    let highest = 0;
    const count = async (pipeline: number) => {
      const connection = await server.connect();
      while (highest < enough) {
        const sent = Array.from({ length: pipeline }, () => connection.send('INCR', 'n'));
        const replies = await Promise.all(sent);
        for (const reply of replies) highest = Math.max(highest, Number(textOf(reply).slice(1)));
        if (highest >= enough) await server.kill();
      }
    };
    const counting = [1, 1, 1, 5].map((pipeline) => count(pipeline).catch(() => {}));
    if (rewrites) await server.connection.send('BGREWRITEAOF');
    await Promise.all(counting);
    return highest;
  }

  test('with appendonly yes a dump is not read, as redis-server does not', async () => {
    const first = await start('ours');
    await sendAll(first.connection, [['SET', 'a', '1']]);
    await first.end('SAVE');
    for (const program of ['redis', 'ours'] as const) {
      await rm(join(directory, 'appendonlydir'), { recursive: true, force: true });
      const next = await start(program, ...AOF);
      expect(await exchange(next.port, command('DBSIZE'))).toBe(':0\r\n');
      await next.end('NOSAVE');
    }
  });
});

describe('CONFIG SET while a server runs', () => {
  const PROTECTED = ['--enable-protected-configs', 'yes'];

  test('gives dumps another name, as redis-server does', async () => {
    const outcomes: unknown[] = [];
    for (const program of ['redis', 'ours'] as const) {
      const server = await start(program, ...PROTECTED);
      const words = [
        ['SET', 'a', program],
        ['SAVE'],
        ['CONFIG', 'SET', 'dbfilename', 'a/b.rdb'],
        ['CONFIG', 'SET', 'dbfilename', 'other.rdb'],
        ['SET', 'a', `${program} again`],
        ['SAVE'],
      ];
      const replies: string[] = [];
      for (const one of words) replies.push(await exchange(server.port, command(...one)));
      await server.end('NOSAVE');
      const found: string[] = [];
      for (const name of ['dump.rdb', 'other.rdb']) {
        const next = await start(program, '--dbfilename', name);
        found.push(await exchange(next.port, command('GET', 'a')));
        await next.end('NOSAVE');
      }
      outcomes.push([
        replies,
        found.map((text) => text.replace(program, 'program').replace(/^.\d+/, '')),
      ]);
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
  });

  test('does not leave the directory, and says so', async () => {
    const set = (port: number, path: string) =>
      exchange(port, command('CONFIG', 'SET', 'dir', path));
    const replies: string[][] = [];
    for (const program of ['redis', 'ours'] as const) {
      const server = await start(program, ...PROTECTED);
      const same = ['/nonexistent', join(directory, 'dump.rdb'), '.', directory];
      await sendAll(server.connection, [['SAVE']]);
      const one: string[] = [];
      for (const path of same) one.push(await set(server.port, path));
      one.push(await exchange(server.port, command('CONFIG', 'GET', 'dir')));
      replies.push(one);
      if (program === 'ours') expect(await set(server.port, tmpdir())).toContain(`data stay in`);
      await server.end('NOSAVE');
    }
    expect(replies[1]).toEqual(replies[0]);
  });
});

describe('an append only file of the old style', () => {
  const SET = '*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n';

  test.each([
    ['of commands', async () => Buffer.from(SET)],
    ['with a preamble', async () => Buffer.concat([await dump(), Buffer.from(SET)])],
    ['of a preamble alone', dump],
  ] as const)('%s is taken over', async (_, make) => {
    const file = await make();
    const outcomes: unknown[] = [];
    for (const program of ['redis', 'ours'] as const) {
      await rm(join(directory, 'appendonlydir'), { recursive: true, force: true });
      await writeFile(join(directory, 'appendonly.aof'), file);
      const server = await start(program, ...AOF);
      const values = await exchange(server.port, command('MGET', 'a', 'b'));
      await sendAll(server.connection, [['SET', 'c', '3']]);
      await server.end('NOSAVE');
      const names = (await readdir(join(directory, 'appendonlydir'))).sort();
      const manifest = join(directory, 'appendonlydir', 'appendonly.aof.manifest');
      const lines = await readFile(manifest, 'utf8');
      // Our own line, which redis-server takes for a comment.
      outcomes.push([values, names, lines.replace(/^#RS:[^\n]*\n/, '')]);
    }
    expect(outcomes[1]).toEqual(outcomes[0]);
    const again = await start('redis', ...AOF);
    expect(await exchange(again.port, command('GET', 'c'))).toBe('$1\r\n3\r\n');
  });

  async function dump(): Promise<Buffer> {
    const server = await start('redis');
    await sendAll(server.connection, [
      ['SET', 'a', '1'],
      ['RPUSH', 'ff', Buffer.alloc(300, 0xff), '*1\r\n'],
    ]);
    await server.end('SAVE');
    const file = await readFile(join(directory, 'dump.rdb'));
    await rm(join(directory, 'dump.rdb'));
    return file;
  }
});
