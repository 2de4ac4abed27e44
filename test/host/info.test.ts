/** INFO, beside that of redis-server 7.0.15. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../support/connection.js';
import { openProcess } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { encode, FakeStorage, openTestHost } from './test-host.js';

let redis: Store;
let oracle: Connection;

beforeAll(async () => {
  redis = await openProcess(process.env.REDIS_SERVER_PATH ?? 'redis-server', []);
  oracle = await redis.connect();
});
afterAll(async () => {
  oracle.close();
  await redis.close();
});

/** Fields of later versions. */
const LATER = new Set(['expired_subkeys']);

/** Names of the fields by section. */
function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  for (const part of text.trim().split('\r\n\r\n')) {
    const [title = '', ...lines] = part.split('\r\n');
    const names = lines.map((line) => line.replace(/:.*/, ''));
    sections.set(
      title,
      names.filter((name) => name !== '' && !LATER.has(name)),
    );
  }
  return sections;
}

async function ask(...args: string[]): Promise<{ theirs: string; ours: string }> {
  const { tree } = await oracle.send('INFO', ...args);
  const { connect } = await openTestHost();
  const reply = connect().send(['INFO', ...args].join(' '));
  return { theirs: tree.text ?? '', ours: reply.slice(reply.indexOf('\r\n') + 2, -2) };
}

/** Sections whose fields depend on what was done. */
const BY_USE = new Set(['# Commandstats', '# Errorstats', '# Latencystats', '# Keyspace']);

test.each([[[]], [['all']], [['everything']], [['default', 'commandstats']]])(
  'INFO %j has the sections and fields of redis-server, in its order, and ours at the end',
  async (args) => {
    const { theirs, ours } = await ask(...args);
    const [expected, actual] = [sectionsOf(theirs), sectionsOf(ours)];
    expect([...actual.keys()]).toEqual([...expected.keys(), '# Redstart']);
    for (const [title, fields] of expected) {
      if (!BY_USE.has(title)) expect([title, actual.get(title)]).toEqual([title, fields]);
    }
  },
);

test.each([
  [['nosuch']],
  [['cluster']],
  [['CLUSTER', 'Cluster']],
  [['keyspace', 'cluster']],
  [['modules', 'nosuch']],
])('INFO %j is byte for byte that of redis-server', async (args) => {
  const { theirs, ours } = await ask(...args);
  expect(ours).toBe(theirs);
});

test('INFO tells what is so', async () => {
  const { clock, connect, host } = await openTestHost({ config: { hz: '20', maxclients: '77' } });
  const connection = connect();
  connect();
  connection.send('SET k v', 'GET k', 'GET nothing', 'SELECT 3', 'SET t v EX 100', 'INCR t');
  connection.send('DEBUG ERROR CUSTOM', 'NOSUCH');
  clock.at += 90_061_000;
  const info = connection.send('INFO everything');
  host.facts.port = 0;
  const value = (name: string) => new RegExp(`\r\n${name}:(.*)\r\n`).exec(info)?.[1];
  expect(value('connected_clients')).toBe('2');
  expect(value('maxclients')).toBe('77');
  expect(value('hz')).toBe('20');
  expect(value('uptime_in_seconds')).toBe('90061');
  expect(value('uptime_in_days')).toBe('1');
  expect(value('keyspace_hits')).toBe('1');
  expect(value('keyspace_misses')).toBe('1');
  expect(value('total_connections_received')).toBe('2');
  expect(value('db0')).toBe('keys=1,expires=0,avg_ttl=0');
  expect(value('cmdstat_get')).toMatch(/^calls=2,.*rejected_calls=0,failed_calls=0$/);
  expect(value('cmdstat_select')).toMatch(/^calls=1,/);
  expect(value('cmdstat_debug')).toMatch(/^calls=1,.*failed_calls=1$/);
  expect(value('cmdstat_incr')).toMatch(/^calls=1,.*failed_calls=1$/);
  expect(value('errorstat_CUSTOM')).toBe('count=1');
  expect(value('errorstat_ERR')).toBe('count=2');
  expect(value('redstart_storage')).toBe('none');
  expect(value('redstart_durable')).toBe('no');
  expect(Number(value('used_memory'))).toBeGreaterThan(0);
});

/** Fields of INFO as numbers; what is none is NaN. */
function fieldsOf(text: string): Record<string, number> {
  const fields = [...text.matchAll(/^([a-z_0-9]+):(.*)\r$/gm)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, Number(value)]));
}

test('INFO memory adds up', async () => {
  const { connect, host } = await openTestHost();
  const connection = connect();
  const before = fieldsOf(connection.send('INFO memory'));
  expect(before.used_memory_startup).toBe(host.startupMemory);
  expect(before.used_memory_overhead).toBeGreaterThanOrEqual(before.used_memory_startup ?? 0);
  for (let at = 0; at < 5000; at++) connection.send(`SET key:${at} value EX 1000`);
  const text = connection.send('INFO memory');
  const after = fieldsOf(text);
  const { used_memory: used = 0, used_memory_overhead: overhead = 0 } = after;
  expect(after.used_memory_startup).toBe(before.used_memory_startup);
  expect(overhead - (before.used_memory_overhead ?? 0)).toBeGreaterThan((2 * 5000 * 64) / 12);
  expect(after.used_memory_dataset).toBe(used - overhead);
  expect(after.used_memory_peak).toBeGreaterThanOrEqual(used);
  expect(after.allocator_frag_bytes).toBe(
    (after.allocator_active ?? 0) - (after.allocator_allocated ?? 0),
  );
  expect(after.mem_fragmentation_bytes).toBe((after.used_memory_rss ?? 0) - used);
  expect(text).toContain(`used_memory_human:${(used / 1024).toFixed(2)}K\r\n`);
  expect(text).toMatch(/\r\nused_memory_dataset_perc:\d\d\.\d\d%\r\n/);
  expect(text).toMatch(/\r\nused_memory_peak_perc:\d+\.\d\d%\r\n/);
});

test('INFO persistence has the fields of redis-server with its AOF on', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k v');
  const theirs = await openProcess(
    process.env.REDIS_SERVER_PATH ?? 'redis-server',
    [],
    ['--appendonly', 'yes'],
  );
  const other = await theirs.connect();
  const { tree } = await other.send('INFO', 'persistence');
  const text = connection.send('INFO persistence');
  expect(Object.keys(fieldsOf(text))).toEqual(Object.keys(fieldsOf(tree.text ?? '')));
  expect(fieldsOf(text).aof_buffer_length).toBe(storage.position);
  expect(fieldsOf(text).aof_current_size).toBe(storage.position);
  storage.sync();
  expect(fieldsOf(connection.send('INFO persistence')).aof_buffer_length).toBe(0);
  other.close();
  await theirs.close();
});

test('INFO stats counts subscriptions and the work of expiry', async () => {
  const { clock, connect } = await openTestHost();
  const connection = connect();
  connect().send('SUBSCRIBE a b', 'PSUBSCRIBE c*');
  connect().send('SSUBSCRIBE a');
  const fields = fieldsOf(connection.send('INFO stats'));
  expect(fields).toMatchObject({ pubsub_channels: 2, pubsub_patterns: 1, pubsubshard_channels: 1 });
  connection.send('SET k v PX 10');
  clock.at += 20;
  expect(connection.send('GET k', 'INFO stats')).toContain('expired_keys:1\r\n');
});

test('INFO stats tells rates of the last one and a half seconds', async () => {
  const { clock, connect } = await openTestHost();
  const connection = connect();
  connection.send('INFO stats');
  for (let at = 0; at < 32; at++) {
    connection.send(...Array.from({ length: 10 }, () => 'PING'));
    clock.at += 100;
    connection.send('INFO stats');
  }
  const rate = fieldsOf(connection.send('INFO stats')).instantaneous_ops_per_sec;
  expect(rate).toBe(110);
});

test('CONFIG RESETSTAT starts the counts again', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.send('SET k v', 'GET k', 'NOSUCH', 'CONFIG RESETSTAT');
  const info = connection.send('INFO stats commandstats');
  expect(info).toContain('keyspace_hits:0\r\n');
  expect(info).toContain('total_error_replies:0\r\n');
  expect(info).not.toContain('cmdstat_get');
});

test('INFO persistence tells when the journal cannot be written', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  expect(connection.send('INFO persistence redstart')).toMatch(/aof_enabled:1[\s\S]*status:ok/);
  storage.fail('the disk is full');
  connection.feed(encode(['INFO', 'persistence']));
  expect(connection.received).toContain('aof_last_write_status:err');
});
