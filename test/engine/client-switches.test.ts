/** What clients switch in the core: data that stand still (CLIENT PAUSE), clocks that do (NO-TOUCH). */
import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { createCore, resp, run } from './core.js';

let engine: Engine;

beforeEach(async () => {
  engine = await createCore();
});

function ask(...lines: string[]): string {
  return run(engine, lines.map(resp).join('')).replies;
}

test('while expiry is frozen, expired keys are not seen and not removed', () => {
  ask('SET gone 1 PX 10', 'SET stays 1');
  engine.configure('freeze-expiry', 1);
  engine.setTime(1_001_000);
  expect(ask('GET gone', 'TTL gone', 'EXISTS gone', 'KEYS *')).toBe(
    '$-1\r\n:-2\r\n:0\r\n*1\r\n$5\r\nstays\r\n',
  );
  expect(ask('SCAN 0', 'DBSIZE')).toBe('*2\r\n$1\r\n0\r\n*1\r\n$5\r\nstays\r\n:2\r\n');
  expect(ask('SET gone 2', 'GET gone', 'DBSIZE')).toBe('+OK\r\n$1\r\n2\r\n:2\r\n');
  expect(run(engine, resp('GET gone')).effects).toBe('');
});

test('what was frozen expires afterwards', () => {
  ask('SET gone 1 PX 10');
  engine.configure('freeze-expiry', 1);
  engine.setTime(1_001_000);
  ask('GET gone');
  engine.configure('freeze-expiry', 0);
  expect(run(engine, resp('GET gone')).effects).toContain('gone');
  expect(ask('DBSIZE')).toBe(':0\r\n');
});

test('no-touch leaves the clock alone, but for TOUCH', () => {
  ask('SET k v');
  engine.setTime(1_050_000);
  engine.configure('no-touch', 1);
  expect(ask('GET k', 'APPEND k w', 'OBJECT IDLETIME k')).toBe('$1\r\nv\r\n:2\r\n:50\r\n');
  expect(ask('TOUCH k', 'OBJECT IDLETIME k')).toBe(':1\r\n:0\r\n');
  engine.setTime(1_060_000);
  expect(ask('GET k', 'OBJECT IDLETIME k')).toContain(':10\r\n');
  engine.configure('no-touch', 0);
  expect(ask('GET k', 'OBJECT IDLETIME k')).toContain(':0\r\n');
});
