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

/** Names of the fields by section. */
function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  for (const part of text.trim().split('\r\n\r\n')) {
    const [title = '', ...lines] = part.split('\r\n');
    sections.set(title, lines.map((line) => line.replace(/:.*/, '')).filter(Boolean));
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
