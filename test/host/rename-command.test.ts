/** `rename-command`, beside redis-server 7.0.15: only the way from a name to a command changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigSetError } from '../../src/host/config.js';
import type { Connection } from '../support/connection.js';
import { openProcess } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { latin1 } from '../support/wire.js';
import { encode, FakeStorage, openTestHost, settled, type TestConnection } from './test-host.js';

const RENAMES = [
  ['GET', 'fetch'],
  ['set', ''],
  ['CONFIG', 'b840fc02d524045429941cc15f59e41cb7be6c52b840fc02d524045429941cc1'],
  ['object', 'Thing'],
  ['incrby', 'set'],
  ['fetch', 'obtain'],
] as const;
const CONFIG = 'b840fc02d524045429941cc15f59e41cb7be6c52b840fc02d524045429941cc1';

let redis: Store;
let oracle: Connection;
let ours: TestConnection;

beforeAll(async () => {
  const options = RENAMES.flatMap((pair) => ['--rename-command', ...pair]);
  redis = await openProcess(process.env.REDIS_SERVER_PATH ?? 'redis-server', [], options);
  oracle = await redis.connect();
  const words = RENAMES.flat().map((word) => `"${word}"`);
  ours = (await openTestHost({ config: { 'rename-command': words.join(' ') } })).connect();
});
afterAll(async () => {
  oracle.close();
  await redis.close();
});

test.each([
  'SETEX k 1000 v',
  'OBTAIN k',
  'obtain',
  'GET k',
  'fetch k',
  'SET n 5',
  'INCRBY n 5',
  'Thing encoding n',
  'thing nosuch n',
  'THING encoding',
  'OBJECT encoding n',
  'CONFIG GET port',
  `${CONFIG} GET maxclients`,
  `${CONFIG} nosuch`,
  'INCR n',
  'COMMAND INFO get set fetch obtain thing|encoding object|encoding',
  'COMMAND LIST FILTERBY PATTERN ?et',
  'COMMAND LIST FILTERBY PATTERN object*q',
  'COMMAND GETKEYS GET k',
  'COMMAND GETKEYS obtain k',
  'COMMAND GETKEYS thing encoding k',
  'COMMAND GETKEYSANDFLAGS set k 1',
])('%s', async (line) => {
  const { wire } = await oracle.send(...line.split(' '));
  expect(ours.send(line)).toBe(latin1(wire));
});

test('statistics go by the commands’ own names', () => {
  expect(ours.send('INFO commandstats')).toContain('cmdstat_get:calls=');
});

describe('what cannot be renamed', () => {
  test.each([
    ['nosuch x', 'No such command in rename-command'],
    ['get fetch get x', 'No such command in rename-command'],
    ['get set', 'Target command name already exists'],
    ['config|get x', 'No such command in rename-command'],
    ['get', 'wrong number of arguments'],
    ['get "x', 'unbalanced quotes'],
    [`get ${'x'.repeat(129)}`, 'a name has at most 128 bytes'],
  ])('%s', async (text, message) => {
    const opening = openTestHost({ config: { 'rename-command': text } });
    await expect(opening).rejects.toThrow(new ConfigSetError('rename-command', message));
  });
});

test('the journal has the commands’ own names', async () => {
  const storage = new FakeStorage('everysec');
  const config = { 'rename-command': 'set put xgroup crew' };
  const { connect } = await openTestHost({ storage, config });
  const connection = connect();
  connection.send('PUT k v', 'CREW CREATE s g $ MKSTREAM');
  connection.feed(Buffer.from('put inline v\r\n'));
  await settled();
  expect(storage.appended).toContain('$3\r\nset\r\n$1\r\nk\r\n');
  expect(storage.appended).toContain('$6\r\nxgroup\r\n$6\r\nCREATE\r\n');
  expect(storage.appended).toContain('$3\r\nset\r\n$6\r\ninline\r\n');
  expect(storage.appended).not.toMatch(/put|crew/i);
  connection.feed(encode(['SET', 'k', 'v']));
  expect(connection.received).toContain("unknown command 'SET'");
});
