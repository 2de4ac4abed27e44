/** redis-cli and redis-benchmark, unmodified, with our server: every mode that needs no replica. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import {
  connectTo,
  openProcess,
  openServer,
  type ProcessStore,
} from '../support/target-process.js';
import { exchange } from './pair.js';

const CLI = process.env.REDIS_CLI ?? 'redis-cli';

let server: ProcessStore;
let connection: Connection;
let directory: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-tools-'));
  server = await openServer();
  connection = await server.connect();
  await fill();
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  connection.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const KEYS = 306;

async function fill(): Promise<void> {
  const strings = Array.from({ length: 300 }, (_, at) => ['SET', `key:${at}`, `value ${at}`]);
  await connection.pipeline([
    ...strings,
    ['SET', 'big', 'x'.repeat(5000)],
    ['RPUSH', 'list', 'a', 'b', 'c', 'd'],
    ['HSET', 'hash', 'a', '1', 'b', '2'],
    ['SADD', 'set', 'x', 'y', 'z'],
    ['ZADD', 'zset', '1', 'a', '2', 'b'],
    ['XADD', 'stream', '*', 'field', 'value'],
  ]);
}

/** Runs a tool to its end; what it wrote. */
function run(args: readonly string[], input: string | Buffer = '', program = CLI): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = ['-p', String(server.port), ...args];
    const child = execFile(program, all, { timeout: 25_000 }, (error, out, err) => {
      running.delete(child);
      if (error === null) resolve(out + err);
      else reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${out}\n${err}`));
    });
    running.add(child);
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Starts a tool that goes on for ever, until it has written `pattern`. */
function until(pattern: RegExp, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(CLI, ['-p', String(server.port), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let out = '';
    const read = (chunk: Buffer) => {
      out += chunk.toString();
      if (!pattern.test(out)) return;
      child.kill('SIGKILL');
      resolve(out);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', () => {
      running.delete(child);
      reject(new Error(`ended: ${out}`));
    });
  });
}

test('redis-cli takes commands from standard input, in both protocols', async () => {
  const commands = [
    'SET greeting "hello world"',
    'GET greeting',
    'LRANGE list 0 -1',
    'NOSUCH x',
    'HELLO 3',
    'HGETALL hash',
    'MULTI',
    'INCR counter',
    'EXEC',
    'SELECT 3',
    'DBSIZE',
    'SELECT 0',
    'DEL greeting counter',
  ];
  const out = await run([], `${commands.join('\n')}\n`);
  expect(out).toMatch(/^OK\nhello world\na\nb\nc\nd\nERR unknown command 'NOSUCH'/);
  expect(out).toMatch(/proto 3\n[\s\S]*a 1\nb 2\nOK\nQUEUED\n1\nOK\n0\nOK\n2\n$/);
});

test.each([
  [['--csv', 'LRANGE', 'list', '0', '-1'], '"a","b","c","d"\n'],
  [['--json', 'HGETALL', 'hash'], '{"a":"1","b":"2"}\n'],
  [['--no-raw', 'GET', 'key:1'], '"value 1"\n'],
  [['--no-raw', '-3', 'HGETALL', 'hash'], '1# "a" => "1"\n2# "b" => "2"\n'],
  [['-n', '5', 'DBSIZE'], '0\n'],
  [['-r', '3', '-i', '0.01', 'PING'], 'PONG\nPONG\nPONG\n'],
  [['--user', 'default', '--pass', 'x', '--no-auth-warning', 'PING'], 'PONG\n'],
])('redis-cli %j', async (args, expected) => {
  const out = await run(args);
  expect(out.slice(-expected.length)).toBe(expected);
});

test('redis-cli -x takes the last argument from standard input', async () => {
  expect(await run(['-x', 'SET', 'piped'], 'some text')).toBe('OK\n');
  expect(await run(['GETDEL', 'piped'])).toBe('some text\n');
});

test('redis-cli --stat shows keys, memory, clients and requests', async () => {
  const out = await until(/(\n\d+ .*){3}/, ['--stat', '-i', '0.05']);
  expect(out).toMatch(new RegExp(`\n${KEYS} +\\S+[BKMG] +\\d+ +0 +\\d+ \\(\\+\\d+\\) +\\d+`));
});

test('redis-cli --bigkeys finds the biggest key of each type', async () => {
  const out = await run(['--bigkeys']);
  expect(out).toContain(`Sampled ${KEYS} keys in the keyspace!`);
  for (const line of [
    `string found '"big"' has 5000 bytes`,
    `list found '"list"' has 4 items`,
    `hash found '"hash"' has 2 fields`,
    `set found '"set"' has 3 members`,
    `zset found '"zset"' has 2 members`,
    `stream found '"stream"' has 1 entries`,
  ]) {
    expect(out).toContain(line);
  }
});

test('redis-cli --memkeys finds the keys that take most memory', async () => {
  const out = await run(['--memkeys']);
  expect(out).toContain(`Sampled ${KEYS} keys in the keyspace!`);
  expect(out).toMatch(/string found '"big"' has [5-9]\d{3} bytes/);
});

test('redis-cli --hotkeys finds keys that are used often', async () => {
  await expect(run(['--hotkeys'])).rejects.toThrow('An LFU maxmemory policy is not selected');
  await connection.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu', 'lfu-log-factor', '0');
  await connection.pipeline(Array.from({ length: 200 }, () => ['GET', 'key:7']));
  const out = await run(['--hotkeys']);
  expect(out).toMatch(/hot key found with counter: \d+\tkeyname: "key:7"/);
  await connection.send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'lfu-log-factor', '10');
});

test('redis-cli --scan lists keys, also by pattern', async () => {
  expect((await run(['--scan'])).trim().split('\n').length).toBe(KEYS);
  const some = (await run(['--scan', '--pattern', 'key:1?'])).trim().split('\n');
  expect(some.sort()).toEqual(Array.from({ length: 10 }, (_, at) => `key:1${at}`));
});

test('redis-cli measures latency', async () => {
  const [min, max, mean, count] = (await run(['--latency', '-i', '1']))
    .trim()
    .split(' ')
    .map(Number);
  expect([min, max, mean].every((value) => value !== undefined && value >= 0)).toBe(true);
  expect(count).toBeGreaterThan(1);
  await until(/seconds range/, ['--latency-history', '-i', '1', '--csv']);
  await until(/#/, ['--latency-dist', '-i', '1']);
});

test('redis-cli --pipe inserts masses', async () => {
  const count = 20_000;
  const lines = Array.from({ length: count }, (_, at) => {
    const key = `mass:${at}`;
    return `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$1\r\n1\r\n`;
  });
  const out = await run(['--pipe'], lines.join(''));
  expect(out).toContain(`errors: 0, replies: ${count}`);
  const { tree } = await connection.send('DBSIZE');
  expect(tree.text).toBe(String(KEYS + count));
  await connection.pipeline(Array.from({ length: count }, (_, at) => ['DEL', `mass:${at}`]));
});

test('redis-cli --rdb gets a file that redis-server loads', async () => {
  const file = join(directory, 'dump.rdb');
  await connection.send('CONFIG', 'SET', 'rdbcompression', 'no');
  expect(await run(['--rdb', file])).toMatch(/Transfer finished with success after \d+ bytes/);
  const options = ['--dir', directory, '--dbfilename', 'dump.rdb'];
  const redis = await openProcess(process.env.REDIS_SERVER_PATH ?? 'redis-server', [], options);
  const loaded = await connectTo(redis.port);
  const { wire: theirs } = await loaded.send('DEBUG', 'DIGEST');
  const { wire: ours } = await connection.send('DEBUG', 'DIGEST');
  expect(ours).toEqual(theirs);
  loaded.close();
  await redis.close();
});

test('without EOF a snapshot has its length in front; two take turns', async () => {
  const ask = () => exchange(server.port, 'SYNC\r\n');
  for (const bytes of await Promise.all([ask(), ask()])) {
    const [, length = '', snapshot = ''] = /^\$(\d+)\r\n([\s\S]*)$/.exec(bytes) ?? [];
    expect(snapshot.length).toBe(Number(length));
    expect(snapshot.slice(0, 9)).toBe('REDIS0010');
  }
});

test('who would be a replica is told no', async () => {
  const replica = await server.connect();
  const send = async (...words: string[]) => (await replica.send(...words)).tree.text;
  expect(await send('REPLCONF', 'listening-port', '6380')).toBe('OK');
  expect(await send('REPLCONF', 'capa', 'eof', 'capa', 'psync2')).toBe('OK');
  expect(await send('PSYNC', '?', '-1')).toContain('ERR Redstart has no replicas');
  expect(await send('SYNC')).toContain('ERR Redstart has no replicas');
  expect(await send('REPLCONF', 'rdb-filter-only', 'functions')).toContain('whole snapshots only');
  replica.close();
});

test.each([
  ['REPLCONF'],
  ['REPLCONF a'],
  ['REPLCONF a b'],
  ['REPLCONF rdb-only 2'],
  ['REPLCONF rdb-only x'],
  ['REPLCONF rdb-filter-only nosuch'],
  ['REPLCONF listening-port x'],
  ['REPLCONF capa nosuch'],
])('%s is answered as by redis-server', async (line) => {
  const redis = await openProcess(process.env.REDIS_SERVER_PATH ?? 'redis-server', []);
  const oracle = await redis.connect();
  const asked = await server.connect();
  const { wire: theirs } = await oracle.send(...line.split(' '));
  expect((await asked.send(...line.split(' '))).wire).toEqual(theirs);
  asked.close();
  oracle.close();
  await redis.close();
});

test('redis-benchmark runs the whole list of its tests', async () => {
  const out = await run(['-n', '200', '-c', '5', '-q'], '', 'redis-benchmark');
  const lines = out.replaceAll('\r', '\n').split('\n');
  const done = lines.filter((line) => line.includes('requests per second'));
  const names = done.map((line) => line.replace(/[ (:].*/, ''));
  expect(names).toEqual(
    `PING_INLINE PING_MBULK SET GET INCR LPUSH RPUSH LPOP RPOP SADD HSET SPOP ZADD ZPOPMIN LPUSH
     LRANGE_100 LRANGE_300 LRANGE_500 LRANGE_600 MSET`.split(/\s+/),
  );
});

test('redis-benchmark pipelines, over many keys, in RESP3, with threads', async () => {
  const args = '-n 2000 -c 20 -P 16 -r 500 -3 --threads 2 -t set,get,lpush,mset -q'.split(' ');
  const out = await run(args, '', 'redis-benchmark');
  expect(out).toMatch(/MSET \(10 keys\): [\d.]+ requests per second/);
  expect(out).not.toMatch(/error/i);
});
