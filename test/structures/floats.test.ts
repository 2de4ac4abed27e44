/**
 * Floats against redis-server: what it takes for a double and how it writes it (ZADD and
 * ZSCORE with `%.17g`), and the sums of INCRBYFLOAT. REDSTART_SEED repeats a run.
 */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { floatImports } from '../../src/engine/floats.js';
import { compileAssembly, instantiate } from '../support/assembly.js';
import type { Connection } from '../support/connection.js';
import { ODD_FLOATS, ODD_PAIRS, pickFloat, seededRandom } from '../support/float-samples.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { type Argument, fromLatin1 } from '../support/wire.js';

const PAIRS = 100_000;
const DOUBLES = 60_000;
const CHUNK = 5_000;
const FIRST = 0x10000;
const SECOND = 0x14000;
const TO = 0x18000;

const seed = Number(process.env.REDSTART_SEED ?? randomInt(2 ** 31));
const module = await compileAssembly('test/structures/floats.as.ts', ['-O1']);

/** How often the core had to ask: the fast paths are meant to be the rule. */
let asked = 0;
const core = instantiate(module, (memory) => {
  const imports = floatImports(() => {
    asked++;
    return new Uint8Array(memory().buffer);
  });
  return { ...imports };
});

/** The bytes that follow are digits: reading too far would show. */
function put(address: number, text: string): void {
  Buffer.from(core.memory.buffer, address, text.length + 8)
    .fill('7')
    .write(text, 'latin1');
}

const readText = (length: number): string =>
  Buffer.from(core.memory.buffer, TO, length).toString('latin1');

function format(value: number): string {
  return readText(core.call('formatDouble', value, TO) as number);
}

/** What ZSCORE would say after ZADD; null where ZADD would refuse the text. */
function readAndWrite(text: string): string | null {
  put(FIRST, text);
  if (core.call('parseDouble', FIRST, text.length) === 0) return null;
  return format(core.call('parsed') as number);
}

function sum(a: string, b: string): string | number {
  put(FIRST, a);
  put(SECOND, b);
  const length = core.call('addFloats', FIRST, a.length, SECOND, b.length, TO) as number;
  return length < 0 ? length : readText(length);
}

/** What INCRBYFLOAT says to that sum. */
function sumReply(a: string, b: string): string {
  const result = sum(a, b);
  if (typeof result === 'string') return result;
  const invalid = 'ERR value is not a valid float';
  return result === -3 ? 'ERR increment would produce NaN or Infinity' : invalid;
}

describe(`as redis-server (seed ${seed})`, () => {
  let redis: Store;
  let connection: Connection;
  beforeAll(async () => {
    redis = await openRedis();
    connection = await redis.connect();
    // In a listpack whole scores are kept as integers, which loses the sign of -0.
    await connection.send('CONFIG', 'SET', 'zset-max-listpack-entries', '0');
  });
  afterAll(() => redis?.close());

  async function ask(commands: Argument[][]): Promise<string[]> {
    const answers: string[] = [];
    for (let at = 0; at < commands.length; at += CHUNK) {
      const replies = await connection.pipeline(commands.slice(at, at + CHUNK));
      answers.push(...replies.map(({ tree }) => tree.text ?? '(nil)'));
    }
    return answers;
  }

  async function compareDoubles(texts: string[]): Promise<void> {
    const commands = texts.flatMap((text) => [
      ['ZADD', 'z', fromLatin1(text), 'm'],
      ['ZSCORE', 'z', 'm'],
      ['DEL', 'z'],
    ]);
    const answers = await ask(commands);
    const different = texts.filter((text, index) => {
      const refused = answers[3 * index]?.startsWith('ERR') === true;
      return readAndWrite(text) !== (refused ? null : answers[3 * index + 1]);
    });
    expect(different).toEqual([]);
  }

  async function compareSums(pairs: [string, string][]): Promise<void> {
    const commands = pairs.flatMap(([a, b]) => [
      ['SET', 'k', fromLatin1(a)],
      ['INCRBYFLOAT', 'k', fromLatin1(b)],
    ]);
    const answers = await ask(commands);
    const different = pairs.filter(([a, b], index) => sumReply(a, b) !== answers[2 * index + 1]);
    expect(different).toEqual([]);
  }

  test('takes and refuses the same odd texts', async () => {
    await compareDoubles(ODD_FLOATS);
    await compareSums(ODD_PAIRS);
  });

  test(`reads and writes ${DOUBLES} doubles alike`, { timeout: 120_000 }, async () => {
    const random = seededRandom(seed);
    await compareDoubles(Array.from({ length: DOUBLES }, () => pickFloat(random)));
  });

  test(`adds ${PAIRS} pairs alike`, { timeout: 240_000 }, async () => {
    const random = seededRandom(seed + 1);
    const pair = (): [string, string] => [pickFloat(random), pickFloat(random)];
    await compareSums(Array.from({ length: PAIRS }, pair));
  });

  test('adds on to its own sums alike', async () => {
    const random = seededRandom(seed + 2);
    let total = '0';
    const pairs: [string, string][] = [];
    for (let round = 0; round < 5_000; round++) {
      const step = (random() * 10 - 5).toFixed(randomInt(4));
      pairs.push([total, step]);
      total = sum(total, step) as string;
    }
    await compareSums(pairs);
  });
});

/** %.17g from the definition: all digits of the double, then rounded half to even. */
function exactly(value: number): string {
  const [digits = '', tens = ''] = value.toExponential(100).replace('.', '').split('e');
  const negative = digits.startsWith('-');
  const all = negative ? digits.slice(1) : digits;
  const half = 5n * 10n ** BigInt(all.length - 18);
  const rest = BigInt(all.slice(17));
  let kept = BigInt(all.slice(0, 17));
  if (rest > half || (rest === half && kept % 2n === 1n)) kept += 1n;
  const carried = kept === 10n ** 17n;
  const decade = Number(tens) + (carried ? 1 : 0);
  const short = (carried ? '1' : kept.toString()).replace(/0+$/, '');
  return (negative ? '-' : '') + place(short, decade);
}

function place(digits: string, decade: number): string {
  if (decade < -4 || decade >= 17) {
    const point = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = Math.abs(decade).toString().padStart(2, '0');
    return `${digits.slice(0, 1)}${point}e${decade < 0 ? '-' : '+'}${size}`;
  }
  if (decade < 0) return `0.${'0'.repeat(-decade - 1)}${digits}`;
  const whole = digits.padEnd(decade + 1, '0');
  return whole.length === decade + 1
    ? whole
    : `${whole.slice(0, decade + 1)}.${whole.slice(decade + 1)}`;
}

describe('%.17g', () => {
  test('rounds numbers halfway between two texts to the even digit', () => {
    const random = seededRandom(seed + 3);
    let ties = 0;
    for (let round = 0; round < 40_000; round++) {
      const bits = 1 + Math.floor(random() * 30);
      const value =
        Math.floor(random() * 10 ** (18 - bits)) +
        (2 * Math.floor(random() * 2 ** (bits - 1)) + 1) / 2 ** bits;
      const digits = value.toExponential(17).split('e')[0] ?? '';
      if (Number(digits.replace('.', '')) !== 0 && digits.endsWith('5')) ties++;
      expect(format(value)).toBe(exactly(value));
      expect(format(-value)).toBe(exactly(-value));
    }
    expect(ties).toBeGreaterThan(1000);
  });

  test('agrees with the definition over all doubles and around every power of ten and two', () => {
    const random = seededRandom(seed + 4);
    const view = new DataView(new ArrayBuffer(8));
    const values: number[] = [];
    for (let decade = -320; decade <= 308; decade++) values.push(Number(`1e${decade}`));
    for (let power = -1074; power <= 1023; power++) values.push(2 ** power);
    for (let round = 0; round < 20_000; round++) {
      view.setUint32(0, random() * 2 ** 32);
      view.setUint32(4, random() * 2 ** 32);
      values.push(view.getFloat64(0));
    }
    for (const value of values.filter((each) => Number.isFinite(each))) {
      view.setFloat64(0, value);
      const bits = view.getBigInt64(0);
      for (const near of [-1n, 0n, 1n]) {
        view.setBigInt64(0, bits + near);
        const neighbour = view.getFloat64(0);
        if (!Number.isFinite(neighbour) || neighbour === 0) continue;
        expect(format(neighbour)).toBe(exactly(neighbour));
      }
    }
  });

  test('writes zeros, infinities and no number as C does', () => {
    const values = [0, -0, Infinity, -Infinity, Number.NaN];
    expect(values.map(format)).toEqual(['0', '-0', 'inf', '-inf', 'nan']);
  });
});

const constant = (name: string): number => (core.exports[name] as WebAssembly.Global).value;

test('core and host mean the same by a status', () => {
  const statuses: [string, string, string][] = [
    ['FIRST_NOT_A_FLOAT', 'x', 'x'],
    ['SECOND_NOT_A_FLOAT', 'inf', 'x'],
    ['SUM_NOT_FINITE', '1', '-inf'],
  ];
  for (const [name, a, b] of statuses) expect(sum(a, b)).toBe(constant(name));
});

test('a double never needs more room than it asks for', () => {
  const values = [-1.2345678901234567e-308, -0.00012345678901234567, -98765432.10987654, 5e-324];
  const room = constant('DOUBLE_TEXT_ROOM');
  for (const value of [...values, -9007199254740992, -99999999999999984]) {
    const beyond = Buffer.from(core.memory.buffer, TO + room, 64).fill(0xee);
    format(value);
    expect(beyond.every((byte) => byte === 0xee)).toBe(true);
  }
});

test('common texts never leave the core', () => {
  asked = 0;
  const texts = ['0', '-0', '1', '-17', '3.14', '1e5', '3.1400000000000001', '1690000000.123456'];
  for (const text of [...texts, '0.10000000000000001', '.5', '5.', '12345678.0009765625']) {
    expect(Number(readAndWrite(text))).toBe(Number(text));
    expect(typeof sum(text, '0.1')).toBe('string');
  }
  expect(asked).toBe(0);
});

test('refuses a long text that is almost a number in linear time', () => {
  const { parseDouble } = floatImports(() => Buffer.from(`${'1'.repeat(1_000_000)}x`));
  const start = performance.now();
  expect(parseDouble(0, 1_000_001)).toBeNaN();
  expect(performance.now() - start).toBeLessThan(1000);
});
