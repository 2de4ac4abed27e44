/** The parameters, beside those of redis-server 7.0.15. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARAMETER_NAMES, PARAMETERS } from '../../src/host/config-table.js';
import type { Connection } from '../support/connection.js';
import { openProcess } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { latin1, type Reply } from '../support/wire.js';
import { openTestHost, settled, type TestConnection } from './test-host.js';

let redis: Store;
let oracle: Connection;
let ours: TestConnection;

beforeAll(async () => {
  const program = process.env.REDIS_SERVER_PATH ?? 'redis-server';
  redis = await openProcess(program, [], ['--enable-protected-configs', 'yes']);
  oracle = await redis.connect();
  const config = { 'enable-protected-configs': 'yes' };
  ours = (await openTestHost({ config })).connect();
});
afterAll(async () => {
  oracle.close();
  await redis.close();
});

/** What both answer to a command, as text. */
async function both(...args: string[]): Promise<{ redis: string; ours: string }> {
  const reply = await oracle.send(...args);
  ours.received = '';
  const parts = args.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  ours.feed(Buffer.from(`*${args.length}\r\n${parts.join('')}`));
  await settled();
  return { redis: latin1(reply.wire), ours: ours.received };
}

function pairsOf(reply: Reply): Map<string, string> {
  const texts = (reply.items ?? []).map((item) => item.text ?? '');
  return new Map(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? '']] : [])));
}

/** Ours differ by purpose, or the oracle's depend on how it was started. */
const STARTED_WITH = new Set(
  'bind port dir save enable-debug-command enable-protected-configs pidfile'.split(' '),
);

test('every parameter of redis-server is there, with its default, and no other', async () => {
  const { tree } = await oracle.send('CONFIG', 'GET', '*');
  const theirs = pairsOf(tree);
  expect([...PARAMETER_NAMES.keys()].sort()).toEqual([...theirs.keys()].sort());
  for (const { name, default: value } of PARAMETERS) {
    if (!STARTED_WITH.has(name)) expect([name, value]).toEqual([name, theirs.get(name)]);
  }
});

/** Values of every kind, most of them wrong for most parameters. */
const VALUES = [
  '',
  'yes',
  'NO',
  'bogus!',
  '-1',
  '-100',
  '0',
  '1',
  '07',
  '+7',
  ' 7',
  '1.5',
  '99',
  '100',
  '101',
  '65536',
  '2147483647',
  '2147483648',
  '4294967296',
  '9223372036854775807',
  '9223372036854775808',
  '99999999999999999999',
  '1k',
  '1KB',
  '2mb',
  '3Gb',
  '4tb',
  'kb',
  '5%',
  '200%',
  '-5%',
  'a/b',
  '1 2',
  '900 1 300 10',
  '1 2 3',
  '-2001 0 0',
  'normal 1k 2kb 3',
  'replica 1 2 3 pubsub 0 0 0',
  'master 0 0 0',
  'KEA',
  'g$lshzxetdn',
  'Kq',
  '50 99.9',
  '101.5',
  'nosave force',
  'save nosave',
  'default',
  'EVERYSEC',
  'allkeys-lru',
  'debug',
  '{title} x',
  '{foo}',
  'yes, please',
]; // prettier-ignore

/** What a machine allows, what a process would do, or what there is no room for here. */
const NOT_COMPARED = new Set(
  `bind port tls-port maxclients dir logfile appendonly oom-score-adj oom-score-adj-values
   jemalloc-bg-thread loglevel maxmemory maxmemory-clients client-query-buffer-limit
   proto-max-bulk-len tls-cluster tls-replication tls-prefer-server-ciphers tls-session-caching
   tls-session-cache-size tls-session-cache-timeout tls-cert-file tls-key-file tls-key-file-pass
   tls-client-cert-file tls-client-key-file tls-client-key-file-pass tls-dh-params-file
   tls-ca-cert-file tls-ca-cert-dir tls-protocols tls-ciphers tls-ciphersuites`.split(/\s+/),
);

describe('CONFIG SET answers and stores as redis-server does', () => {
  const names = [...PARAMETER_NAMES.keys()].filter((name) => !NOT_COMPARED.has(name));
  test.each(names)('%s', async (name) => {
    const before = (await both('CONFIG', 'GET', name)).redis;
    for (const value of VALUES) {
      const set = await both('CONFIG', 'SET', name, value);
      expect([value, set.ours]).toEqual([value, set.redis]);
      const get = await both('CONFIG', 'GET', name);
      if (!STARTED_WITH.has(name)) expect([value, get.ours]).toEqual([value, get.redis]);
    }
    const [, , , , original = ''] = before.split('\r\n');
    await both('CONFIG', 'SET', name, original);
  });
});

/** Sizes alone: that they do not change what the oracle can do for the other tests. */
test.each([
  ['maxmemory', ['1gb', '0', 'x', '-1', '99999999999999999999']],
  ['maxmemory-clients', ['5%', '101%', '1mb', '-1', 'x', '0%', '0']],
  ['client-query-buffer-limit', ['1', '1mb', '1048575', 'x', '1gb']],
  ['proto-max-bulk-len', ['1', '1mb', '1048575', '-1', '512mb']],
  ['loglevel', ['debug', 'foo', 'NOTICE']],
  ['maxclients', ['0', '-1', 'x', '4294967296', '1000']],
  ['port', ['65536', 'x', '-1']],
  ['bind', [`${'127.0.0.1 '.repeat(17)}::1`]],
])('CONFIG SET %s answers as redis-server does', async (name, values) => {
  for (const value of values) {
    const set = await both('CONFIG', 'SET', name, value);
    expect([value, set.ours]).toEqual([value, set.redis]);
  }
});

test.each([
  [['CONFIG', 'SET', 'timeout', '1', 'timeout', '2']],
  [['CONFIG', 'SET', 'timeout', '1', 'TimeOut', '2']],
  [['CONFIG', 'SET', 'nosuch', '1', 'timeout', 'x']],
  [['CONFIG', 'SET', 'timeout', '1', 'nosuch', '2']],
  [['CONFIG', 'SET', 'databases', '1', 'nosuch', '2']],
  [['CONFIG', 'SET', 'hz', '50', 'timeout', 'x']],
  [['CONFIG', 'SET', 'timeout', '1', 'hz']],
  [['CONFIG', 'GET', 'hz']],
  [['CONFIG', 'GET', 'nosuch']],
  [['CONFIG', 'GET', 'HZ', 'hz']],
  [['CONFIG', 'GET', '']],
  [['CONFIG', 'GET', 'maxmemory-s*', 'maxmemory-samples']],
  [['CONFIG', 'SET', 'slave-priority', '7']],
  [['CONFIG', 'GET', 'replica-priority']],
  [['CONFIG', 'SET', 'slave-priority', 'x']],
  [['CONFIG']],
  [['CONFIG', 'GET']],
  [['CONFIG', 'SET', 'a']],
  [['CONFIG', 'NOSUCH']],
  [['CONFIG', 'RESETSTAT']],
])('%j is answered as by redis-server', async (args) => {
  const replies = await both(...args);
  expect(replies.ours).toBe(replies.redis);
});

test.each([
  '*',
  'a*',
  '*e*',
  '[a-c]*',
  '[^a-s]*',
  'max?emory*',
  '*-*-*-*',
  '\\*',
  'hz*',
  '[',
  '[a',
])('CONFIG GET %s matches the same parameters', async (pattern) => {
  const { tree } = await oracle.send('CONFIG', 'GET', pattern);
  ours.received = '';
  ours.send(`CONFIG GET ${pattern}`);
  const names = ours.received.split('\r\n').filter((_, at) => at % 4 === 2);
  expect(names.sort()).toEqual([...pairsOf(tree).keys()].sort());
});

test('CONFIG SET sets all or nothing', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  expect(connection.send('CONFIG SET hz 77 timeout x')).toMatch(/^-ERR CONFIG SET failed/);
  expect(connection.send('CONFIG GET hz')).toContain('\r\n10\r\n');
  expect(connection.send('CONFIG SET hz 77 timeout 9')).toBe('+OK\r\n');
  expect(connection.send('CONFIG GET hz timeout')).toContain('77');
});

test('what cannot be put into effect is taken back', async () => {
  const { host, connect } = await openTestHost();
  const connection = connect();
  host.config.onChange('port', () => Promise.reject(new Error('the port is taken')));
  connection.send('CONFIG SET timeout 9 port 1234');
  await settled();
  expect(connection.take()).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'port') - the port is taken\r\n",
  );
  expect(connection.send('CONFIG GET timeout')).toContain('\r\n0\r\n');
});

test('protected parameters are refused unless they are allowed', async () => {
  const { connect } = await openTestHost();
  expect(connect().send('CONFIG SET dbfilename x')).toContain("can't set protected config");
  const local = await openTestHost({ config: { 'enable-protected-configs': 'local' } });
  const far = local.connect({ address: '10.1.1.1:50000' });
  expect(far.send('CONFIG SET dbfilename x')).toContain("can't set protected config");
  expect(local.connect().send('CONFIG SET dbfilename x')).toBe('+OK\r\n');
});
