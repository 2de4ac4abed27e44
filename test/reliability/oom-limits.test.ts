/**
 * Stores that are full, from the least memory on (docs/RELIABILITY.md, R10): what was answered OK is
 * there, what does not fit is an error, reads and deletions go on, and there is room again after them.
 * REDSTART_OOM_FULL=1 takes all steps from 1 to 64 MiB.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EngineMemoryError } from '../../src/engine/engine.js';
import { countReplies, findError } from '../../src/host/reply-scan.js';
import { encodeCommand, encodeCommands } from '../support/wire.js';
import { BareStore, randomCommands } from './bare-store.js';

const TEST_MS_MAX = 600_000;
const PAGES_A_MEBIBYTE = 16;
const MEBIBYTE = 1 << 20;
/** The core cannot be given less; what is too much of it is taken by strings, as far as they fit. */
const MEBIBYTES_MIN = 16;
const module = new WebAssembly.Module(
  readFileSync(new URL('../../dist/core.wasm', import.meta.url)),
);
/** The memory of a core without data, which has room for so much. */
const START_PAGES = new BareStore(module).engine.statistics().memoryBytes / 65536;
const STEPS =
  process.env.REDSTART_OOM_FULL === '1'
    ? Array.from({ length: 64 }, (_, step) => step + 1)
    : [1, 2, 4, 8, 20];
/** From here on small elements would take long. */
const SMALL_MEBIBYTES_MAX = process.env.REDSTART_OOM_FULL === '1' ? 64 : 2;
/** With less, what is free after all was deleted may lie in pieces too small to vouch for anything. */
const WHOLE_MEBIBYTES_MIN = 4;
const decoder = new TextDecoder('latin1');
const BATCH = 16;
const TEXT = 'x'.repeat(1000);
const LONG = 'x'.repeat(100_000);

interface Filling {
  readonly name: string;
  /** The n-th command that adds something. */
  readonly add: (n: number) => string[];
  /** How many were added, counted from the outside. */
  readonly count: string[];
}

const SMALL: readonly Filling[] = [
  {
    name: 'short strings',
    add: (n) => ['SET', `key${n}`, `${n}`, 'EX', '1000'],
    count: ['DBSIZE'],
  },
  { name: 'a set of integers', add: (n) => ['SADD', 'k', `${n * 7}`], count: ['SCARD', 'k'] },
  { name: 'a list', add: (n) => ['RPUSH', 'k', `element${n}`], count: ['LLEN', 'k'] },
  { name: 'a sorted set', add: (n) => ['ZADD', 'k', `${n}`, `member${n}`], count: ['ZCARD', 'k'] },
];

const LARGE: readonly Filling[] = [
  { name: 'strings', add: (n) => ['SET', `key${n}`, TEXT + n], count: ['DBSIZE'] },
  { name: 'one string', add: () => ['APPEND', 'k', LONG], count: ['STRLEN', 'k'] },
  { name: 'a list', add: (n) => ['RPUSH', 'k', TEXT + n], count: ['LLEN', 'k'] },
  { name: 'a set', add: (n) => ['SADD', 'k', TEXT + n], count: ['SCARD', 'k'] },
  { name: 'a sorted set', add: (n) => ['ZADD', 'k', `${n}`, TEXT + n], count: ['ZCARD', 'k'] },
  { name: 'a hash', add: (n) => ['HSET', 'k', `field${n}`, TEXT], count: ['HLEN', 'k'] },
  { name: 'a stream', add: (n) => ['XADD', 'k', `${n + 1}-0`, 'f', TEXT], count: ['XLEN', 'k'] },
];

class FullStore {
  readonly store: BareStore;
  added = 0;

  constructor(mebibytes: number) {
    const more = Math.max(0, mebibytes - MEBIBYTES_MIN) * PAGES_A_MEBIBYTE;
    this.store = new BareStore(module, START_PAGES + more);
    const ballast = Array.from({ length: Math.max(0, MEBIBYTES_MIN - mebibytes) * 4 }, (_, n) => {
      return ['SETRANGE', `ballast${n}`, `${MEBIBYTE / 4 - 1}`, 'x'];
    });
    this.store.run(encodeCommands([['SELECT', '1'], ...ballast, ['SELECT', '0']]));
    this.store.engine.clearOutput();
    this.store.engine.clearEffects();
  }

  /** Runs a request; the reply. */
  ask(request: readonly string[] | Uint8Array): string {
    const { engine } = this.store;
    try {
      this.store.run(request instanceof Uint8Array ? request : encodeCommand(request));
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
    }
    const reply = decoder.decode(engine.output());
    engine.clearOutput();
    engine.clearEffects();
    return reply;
  }

  /** Adds until that is refused; the error. Of requests that do not even fit the host says so. */
  fill(filling: Filling): string {
    try {
      return this.addAll(filling);
    } catch (error) {
      if (!(error instanceof EngineMemoryError)) throw error;
      return '-OOM';
    }
  }

  private addAll({ add }: Filling): string {
    for (let n = 0; ; n += BATCH) {
      const { engine } = this.store;
      const batch = Array.from({ length: BATCH }, (_, index) => add(n + index));
      this.store.run(encodeCommands(batch));
      const replies = engine.output();
      const error = findError(replies);
      const text = decoder.decode(replies.subarray(error));
      this.added += countReplies(error < 0 ? replies : replies.subarray(0, error));
      engine.clearOutput();
      engine.clearEffects();
      if (error >= 0) return text.slice(0, text.indexOf('\r'));
    }
  }
}

test.each(STEPS)('%d MiB are filled with each type', { timeout: TEST_MS_MAX }, (mebibytes) => {
  const fillings = mebibytes > SMALL_MEBIBYTES_MAX ? LARGE : [...LARGE, ...SMALL];
  for (const filling of fillings) {
    const full = new FullStore(mebibytes);
    const { engine } = full.store;
    const what = `${filling.name} in ${mebibytes} MiB`;
    expect(full.fill(filling), what).toMatch(/^-OOM/);
    const count = Number(full.ask(filling.count).slice(1));
    expect(count, what).toBeGreaterThanOrEqual(full.added);
    for (let again = 0; again < 50; again++) full.ask(filling.add(10_000_000 + again));
    expect(full.ask(['FLUSHDB', 'SYNC']), what).toBe('+OK\r\n');
    expect(engine.statistics().keys(0), what).toBe(0);
    if (mebibytes >= WHOLE_MEBIBYTES_MIN) {
      expect(full.ask(['SET', 'again', TEXT]), what).toBe('+OK\r\n');
    }
  }
});

test.each(STEPS.slice(0, 4))(
  '%d MiB take commands at random',
  { timeout: TEST_MS_MAX },
  (mebibytes) => {
    const full = new FullStore(mebibytes);
    full.fill({ name: '', add: (n) => ['SET', `filling${n}`, TEXT], count: [] });
    const next = randomCommands(mebibytes);
    for (let done = 0; done < 5000; done++) {
      for (const command of next()) {
        if (/FLUSH/i.test(decoder.decode(command.subarray(0, 20)))) continue;
        full.ask(command);
      }
    }
    expect(full.ask(['STRLEN', 'filling0'])).toMatch(/^:(0|1000)\r\n/);
    expect(full.ask(['FLUSHALL', 'SYNC'])).toBe('+OK\r\n');
    expect(full.store.engine.statistics().keys(0)).toBe(0);
  },
);
