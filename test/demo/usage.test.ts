/** The demo's hints say how a command is called in the words of redis-cli's help. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type CommandDoc, usage } from '../../demo/usage.js';
import { helpUsage } from './redis-cli.js';

// Not bitfield: redis-cli's table says less there than redis-server's COMMAND DOCS.
const NAMES = [
  ...['get', 'set', 'getex', 'mset', 'lcs', 'copy', 'expire', 'scan', 'sort', 'migrate', 'restore'],
  ...['lpop', 'lmpop', 'lpos', 'linsert', 'blmpop', 'bitpos', 'geosearch', 'georadius'],
  ...['hset', 'hrandfield', 'zadd', 'zrange', 'zunionstore', 'zinter', 'zmpop', 'hello', 'info'],
  ...['xadd', 'xread', 'xreadgroup', 'xautoclaim', 'xgroup|create', 'xclaim', 'eval', 'fcall'],
  ...['client|kill', 'client|list', 'client|tracking', 'config|set', 'object|encoding', 'shutdown'],
  ...['subscribe', 'ping', 'flushall', 'command|list', 'memory|usage', 'acl|setuser', 'failover'],
];

const lines = await readFile(new URL('../../src/commands/docs.jsonl', import.meta.url), 'utf8');
const docs = new Map(
  lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as CommandDoc & { name: string })
    .map((doc) => [doc.name, doc]),
);

test.each(NAMES)('%s', async (name) => {
  const doc = docs.get(name);
  if (doc === undefined) throw new Error(`docs.jsonl has no ${name}`);
  expect(usage(name, doc)).toBe(await helpUsage(name));
});
