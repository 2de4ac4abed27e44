/**
 * Glob patterns against redis-server, which is asked with KEYS (with case) and COMMAND LIST
 * FILTERBY PATTERN (without). REDSTART_SEED repeats a run.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { matchesGlobExactly } from '../../src/host/glob.js';
import { type AssemblyInstance, compileAssembly, instantiate } from '../support/assembly.js';
import type { Connection } from '../support/connection.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { fromLatin1, type RawReply } from '../support/wire.js';

const seed = Number(process.env.REDSTART_SEED ?? randomInt(2 ** 31));
const module = await compileAssembly('assembly/structures/glob.ts', ['-O1']);
const PATTERN = 0x10000;
const TEXT = 0x20000;

let core: AssemblyInstance;
beforeEach(() => {
  core = instantiate(module);
});

/** Bytes that follow in memory could change the answer if they were read. */
function put(address: number, text: string): void {
  Buffer.from(core.memory.buffer, address, text.length + 8)
    .fill(']')
    .write(text, 'latin1');
}

function matches(pattern: string, text: string, ignoreCase = false): boolean {
  put(PATTERN, pattern);
  put(TEXT, text);
  const noCase = ignoreCase ? 1 : 0;
  return core.call('matchesGlob', PATTERN, pattern.length, TEXT, text.length, noCase) === 1;
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed });

const word = (units: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units), minLength, maxLength });

const oddPattern = (units: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        word(units, 1, 2),
        fc.constantFrom('*', '?', '**', '[', ']', '[^', '\\', '-', '[]', '[^]', '*?', '[\\', '^'),
        word(`${units}-\\^*`, 0, 5).map((inner) => `[${inner}]`),
        word(`${units}-`, 3, 3).map((inner) => `[^${inner}]`),
        fc.tuple(word(units, 1, 1), word(units, 1, 1)).map((ends) => `[${ends.join('-')}]`),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join(''));

/** Classes whose ends are no ASCII: tolower knows -1 as EOF and the others as letters. */
const ODD_CLASSES = [
  '[\xe4--]',
  '[\xff--]',
  '[--\xff]',
  '[^\xfe-A]',
  '[A-\xff]',
  '[\x80-Z]',
  '[Z-a]',
];

describe('as redis-server', () => {
  let redis: Store;
  let connection: Connection;
  beforeAll(async () => {
    redis = await openRedis();
    connection = await redis.connect();
  });
  afterAll(() => redis?.close());

  const texts = ({ tree }: RawReply): string[] =>
    (tree.items ?? []).map(({ text }) => text ?? '').sort();

  test(`matches the same keys (seed ${seed})`, { timeout: 120_000 }, async () => {
    const units = 'aabbc-]^[\\*?zAZ\0\x7f\x80\xff';
    const keys = [...new Set(['', ...sample(word(units, 1, 6), 400)])];
    await connection.pipeline(keys.map((key) => ['SET', fromLatin1(key), '1']));
    const patterns = sample(oddPattern(units), 6000).filter((pattern) => pattern !== '*');
    const replies = await connection.pipeline(patterns.map((text) => ['KEYS', fromLatin1(text)]));
    let matched = 0;
    patterns.forEach((pattern, index) => {
      const ours = keys.filter((key) => matches(pattern, key)).sort();
      expect(ours, JSON.stringify(pattern)).toEqual(texts(replies[index] as RawReply));
      const hosts = keys.filter((key) => matchesGlobExactly(pattern, key)).sort();
      expect(hosts, JSON.stringify(pattern)).toEqual(ours);
      matched += ours.length;
    });
    expect(matched).toBeGreaterThan(patterns.length);
  });

  test(`matches the same command names in any case (seed ${seed})`, async () => {
    const names = texts(await connection.send('COMMAND', 'LIST'));
    const starts = sample(fc.constantFrom(...names), 1500);
    const tails = sample(oddPattern('gGeEtTsS|-_Z\xe4\xff'), 1500);
    const patterns = starts.flatMap((name, index) => {
      const tail = tails[index] as string;
      const cut = index % (name.length + 1);
      const mixed = index % 2 ? name.toUpperCase() : name;
      return [
        mixed.slice(0, cut) + tail,
        `*${tail}*`,
        mixed.slice(0, cut) + tail + mixed.slice(cut + 1),
      ];
    });
    patterns.push(...ODD_CLASSES, ...ODD_CLASSES.map((text) => `*${text}*`));
    const replies = await connection.pipeline(
      patterns.map((text) => ['COMMAND', 'LIST', 'FILTERBY', 'PATTERN', fromLatin1(text)]),
    );
    let matched = 0;
    patterns.forEach((pattern, index) => {
      const ours = names.filter((name) => matches(pattern, name, true)).sort();
      expect(ours, JSON.stringify(pattern)).toEqual(texts(replies[index] as RawReply));
      matched += ours.length;
    });
    expect(matched).toBeGreaterThan(patterns.length);
  });

  test('gives up at the same number of stars', async () => {
    const key = 'a'.repeat(3000);
    await connection.send('FLUSHALL');
    await connection.send('SET', key, '1');
    for (const stars of [1, 999, 1000, 1001, 1002, 2000]) {
      for (const part of ['a*', '*a', '**a']) {
        const pattern = part.repeat(stars);
        const theirs = texts(await connection.send('KEYS', pattern)).length === 1;
        expect(matches(pattern, key), `${stars} times ${part}`).toBe(theirs);
        expect(matchesGlobExactly(pattern, key), `${stars} times ${part}`).toBe(theirs);
      }
    }
  });
});

test('patterns made to exhaust a matcher end soon', () => {
  const text = 'k'.repeat(60_000);
  // Time of this process, not of the clock: the machine may be busy with others.
  const soon = (pattern: string): void => {
    const start = process.cpuUsage();
    expect(matches(pattern, text)).toBe(false);
    expect(process.cpuUsage(start).user / 1000, pattern.slice(0, 20)).toBeLessThan(1000);
  };
  soon(`${'k*'.repeat(20_000)}z`);
  soon(`${'k*'.repeat(900)}z`);
  soon('['.repeat(50_000));
  soon(`*${'k'.repeat(30_000)}z`);
  soon(`*[${'a'.repeat(50_000)}]`);
});
