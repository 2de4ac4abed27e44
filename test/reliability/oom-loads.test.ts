/**
 * Memory that is refused while a store is loaded, saved or tidied up (docs/RELIABILITY.md, R10): what
 * was there before is there afterwards, and the next attempt works. REDSTART_OOM_FULL=1 refuses each
 * reservation, where otherwise long loads are sampled.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type Engine, EngineMemoryError } from '../../src/engine/engine.js';
import { findError } from '../../src/host/reply-scan.js';
import { encodeCommand } from '../support/wire.js';
import { BareStore } from './bare-store.js';
import { isSpent } from './oom-sweep.js';
import { keyspaceOf, LIMITS } from './oom-table.js';

const TEST_MS_MAX = 240_000;
const module = new WebAssembly.Module(
  readFileSync(new URL('../../dist/core.wasm', import.meta.url)),
);
const OLD = commands(['SET old value', 'RPUSH older a b c']);
/** Each of so many is refused, and of those above one in so many. */
const DENSE = 120;
const STRIDE = process.env.REDSTART_OOM_FULL === '1' ? 1 : 7;
const decoder = new TextDecoder('latin1');

function commands(lines: readonly string[]): Uint8Array {
  const words = (line: string) =>
    line.split(' ').map((word) => {
      const text = /^~(\d+)\.?(.*)$/.exec(word);
      return text === null ? word : 'x'.repeat(Number(text[1])) + text[2];
    });
  return Buffer.concat(lines.map((line) => encodeCommand(words(line))));
}

function makeStore(setup: Uint8Array): BareStore {
  const store = new BareStore(module);
  for (const [name, limit] of Object.entries(LIMITS)) {
    store.engine.configure(name as keyof typeof LIMITS, limit);
  }
  store.run(setup);
  store.engine.clearOutput();
  store.engine.clearEffects();
  return store;
}

let full: BareStore;
let effects: Uint8Array;
let snapshot: Uint8Array[];
let digest: string;
beforeAll(() => {
  full = makeStore(Buffer.alloc(0));
  full.run(commands(keyspaceOf('')));
  expect(findError(full.engine.output())).toBe(-1);
  effects = full.engine.effects().slice();
  full.engine.clearOutput();
  full.engine.clearEffects();
  snapshot = full.save();
  digest = full.engine.digest();
});

/** Calls `attempt` with each reservation refused until none is left to refuse; tells how many were. */
function sweep(engine: Engine, attempt: (count: number) => void): number {
  for (let count = 1; ; count += count < DENSE ? 1 : STRIDE) {
    engine.configure('refuse-reservation', count);
    attempt(count);
    if (!isSpent(engine, count)) return count - 1;
  }
}

test('a snapshot that does not fit leaves what was there', { timeout: TEST_MS_MAX }, () => {
  const store = makeStore(OLD);
  const { engine } = store;
  const before = engine.digest();
  let refusals = 0;
  let used = 0;
  const tried = sweep(engine, (count) => {
    let refused = false;
    try {
      store.load(snapshot);
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
      refused = true;
    }
    if (!refused) return;
    refusals++;
    expect(engine.digest(), `without reservation ${count}`).toBe(before);
    while (engine.tick(1e6) === 0);
    const after = engine.statistics().usedMemory;
    if (count > DENSE) expect(after, `reservation ${count} leaks`).toBeLessThanOrEqual(used);
    used = Math.max(used, after);
  });
  expect(refusals).toBeGreaterThan(Math.min(tried, DENSE) - 5);
  expect(engine.digest()).toBe(digest);
  store.load(snapshot);
  expect(engine.digest()).toBe(digest);
});

test('a journal is replayed again after it did not fit', { timeout: TEST_MS_MAX }, () => {
  const store = makeStore(Buffer.alloc(0));
  const { engine } = store;
  let refusals = 0;
  sweep(engine, () => {
    let refused = false;
    try {
      store.replay(effects);
    } catch (error) {
      expect(String(error)).toMatch(/OOM|memory/);
      refused = true;
      engine.clearOutput();
    }
    engine.configure('loading', 0);
    engine.setEffects(true);
    if (refused) refusals++;
    else expect(engine.digest()).toBe(digest);
    store.run(encodeCommand(['FLUSHALL', 'SYNC']));
    expect(engine.statistics().keys(0)).toBe(0);
    engine.clearOutput();
    engine.clearEffects();
  });
  expect(refusals).toBeGreaterThan(0);
  store.replay(effects);
  expect(engine.digest()).toBe(digest);
});

test('a snapshot that cannot be written is given up', { timeout: TEST_MS_MAX }, () => {
  const { engine } = full;
  const change = commands(['APPEND s:long x', 'LPUSH l:large y', 'HSET h:large f0 z']);
  let changed = 0;
  const tried = sweep(engine, (count) => {
    let bytes: Uint8Array[] | null = [];
    const before = engine.digest();
    try {
      engine.snapshotBegin();
      for (let slice = engine.snapshotNext(500); slice; slice = engine.snapshotNext(500)) {
        bytes.push(slice);
        if (bytes.length !== 3) continue;
        full.run(change);
        changed += findError(engine.output()) < 0 ? 1 : 0;
        engine.clearOutput();
      }
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
      bytes = null;
    }
    if (bytes === null) return;
    const copy = makeStore(Buffer.alloc(0));
    copy.load(bytes);
    expect(copy.engine.digest(), `written without reservation ${count}`).toBe(before);
  });
  expect(tried).toBeGreaterThan(0);
  expect(changed).toBeGreaterThan(0);
  const copy = makeStore(Buffer.alloc(0));
  copy.load(full.save());
  expect(copy.engine.digest()).toBe(engine.digest());
});

test('what is large is freed without memory', () => {
  const many = Array.from({ length: 2000 }, (_, n) => `${n} member${n}`).join(' ');
  const store = makeStore(commands(['SET small x']));
  const { engine } = store;
  const empty = usedBy(engine);
  for (let count = 1; count < 20; count++) {
    store.run(commands([`ZADD z ${many}`, `HSET h ${many}`]));
    engine.clearOutput();
    engine.configure('refuse-reservation', count);
    store.run(commands(['UNLINK z', 'DEL h']));
    engine.tick(10);
    const removed = decoder.decode(engine.output());
    expect(removed).toBe(':1\r\n:1\r\n');
    engine.configure('refuse-reservation', 0);
    engine.clearOutput();
    engine.clearEffects();
    expect(engine.statistics().keys(0)).toBe(1);
    if (count > 2) expect(usedBy(engine)).toBeLessThan(empty + (1 << 20));
  }
});

function usedBy(engine: Engine): number {
  while (engine.tick(1e6) === 0);
  return engine.statistics().usedMemory;
}
