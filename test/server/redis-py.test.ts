/**
 * What people do with Redis, by redis-py as Debian has it: uses.py runs against redis-server, so
 * that we know that it asks for the right things, and against our server.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedis, openServer, type ProcessStore } from '../support/target-process.js';

const PROGRAM = fileURLToPath(new URL('uses.py', import.meta.url));
const PYTHON = process.env.PYTHON_PATH ?? '/usr/bin/python3';
const USES_TIMEOUT_MS = 120_000;

const USES = [
  'cache_aside',
  'sessions',
  'fixed_window_rate_limit',
  'sliding_window_rate_limit',
  'leaderboard',
  'publish_and_subscribe',
  'job_queue',
  'distributed_lock',
  'counters_by_day',
  'pipelines',
  'connection_pool',
  'password',
  'decode_responses',
  'errors',
  'information',
  'monitor',
  'slow_log',
];

describe.each([
  ['redis-server', openRedis],
  ['our server', openServer],
])('%s', (_, open) => {
  let store: ProcessStore;
  const errors = new Map<string, string | null>();

  beforeAll(async () => {
    store = await open();
    for (const line of (await runUses(store.port)).split('\n')) {
      if (line === '') continue;
      const { name, error } = JSON.parse(line) as { name: string; error: string | null };
      errors.set(name, error);
    }
  }, USES_TIMEOUT_MS);
  afterAll(() => store?.close());

  test.each(USES)('%s', (name) => expect(errors.get(name)).toBe(null));

  test('has run no other uses', () => expect([...errors.keys()]).toEqual(USES));
});

function runUses(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, [PROGRAM, String(port)], { timeout: USES_TIMEOUT_MS });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`uses.py ended with ${status}: ${complaint}`));
    });
  });
}
