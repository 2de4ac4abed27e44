/**
 * LZF against redis-server: DUMP of a string shows what Redis makes of it, RESTORE what it reads.
 * REDSTART_SEED repeats a run.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileAssembly, instantiate } from '../support/assembly.js';
import type { Connection } from '../support/connection.js';
import { seededRandom } from '../support/float-samples.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';

const module = await compileAssembly('assembly/memory/lzf.ts', ['-O1', '--initialMemory', '64']);
const FROM = 0x100000;
const TO = 0x200000;
const BACK = 0x300000;
const seed = Number(process.env.REDSTART_SEED ?? Date.now() % 1_000_000);

const core = instantiate(module);
const at = (address: number, length: number): Buffer =>
  Buffer.from(core.memory.buffer, address, length);

/** What `compress` makes of the bytes in `room`; null if it does not fit. */
function compress(bytes: Uint8Array, room = bytes.length - 4): Buffer | null {
  at(FROM, bytes.length).set(bytes);
  const canary = at(TO, bytes.length + 1000).fill(0xee);
  const length = core.call('compress', FROM, bytes.length, TO, Math.max(0, room)) as number;
  expect(canary.subarray(Math.max(room, 0)).every((byte) => byte === 0xee)).toBe(true);
  return length === 0 ? null : Buffer.from(at(TO, length));
}

function decompress(bytes: Uint8Array, room: number): Buffer | null {
  at(FROM, bytes.length).set(bytes);
  const after = at(BACK + room, 1000).fill(0xee);
  const length = core.call('decompress', FROM, bytes.length, BACK, room) as number;
  expect(after.every((byte) => byte === 0xee)).toBe(true);
  return length === 0 ? null : Buffer.from(at(BACK, length));
}

test('writes the example of its header', () => {
  const compressed = compress(Buffer.from('abc'.repeat(8)));
  expect(compressed?.toString('hex')).toBe('0361626361e00a020063');
});

/** A text of a few words or letters, with runs and noise: everything a compressor likes. */
function sample(random: () => number): Buffer {
  const below = (n: number): number => Math.floor(random() * n);
  const length = below(10) === 0 ? below(100_000) : 21 + below(below(5) === 0 ? 5000 : 120);
  const letters = 1 + below(below(3) === 0 ? 256 : 4);
  const bytes = Buffer.alloc(length);
  for (let place = 0; place < length; ) {
    const kind = below(4);
    const count = 1 + below(kind === 0 ? 300 : 40);
    for (let index = 0; index < count && place < length; index++, place++) {
      if (kind === 0) bytes[place] = 0x61;
      else if (kind === 1 && place > 9000) bytes[place] = bytes[place - 8000 - (count % 200)] ?? 0;
      else bytes[place] = below(letters);
    }
  }
  return bytes;
}

describe('beside redis-server', () => {
  let redis: Store;
  let connection: Connection;
  beforeAll(async () => {
    redis = await openRedis();
    connection = await redis.connect();
  });
  afterAll(() => redis.close());

  /** The compressed bytes inside of a DUMP payload; null if it holds the string as it is. */
  async function redisCompresses(bytes: Buffer): Promise<Buffer | null> {
    await connection.send('SET', 'k', bytes);
    const reply = Buffer.from((await connection.send('DUMP', 'k')).wire);
    const payload = reply.subarray(reply.indexOf('\r\n') + 2);
    if (payload[1] !== 0xc3) return null;
    const [length, afterLength] = readLength(payload, 2);
    const [, begin] = readLength(payload, afterLength);
    return Buffer.from(payload.subarray(begin, begin + length));
  }

  test(`compresses to the same bytes (seed ${seed})`, { timeout: 120_000 }, async () => {
    const random = seededRandom(seed);
    let compressed = 0;
    for (let round = 0; round < 3000; round++) {
      const bytes = sample(random);
      if (/^\d+$/.test(bytes.toString('latin1'))) continue;
      const ours = compress(bytes);
      const theirs = await redisCompresses(bytes);
      if (Buffer.compare(ours ?? Buffer.of(), theirs ?? Buffer.of()) !== 0) {
        expect.fail(`seed ${seed}, round ${round}: ${bytes.toString('hex').slice(0, 2000)}`);
      }
      if (ours === null) continue;
      compressed++;
      expect(decompress(ours, bytes.length)?.equals(bytes)).toBe(true);
    }
    expect(compressed).toBeGreaterThan(1000);
  });
});

function readLength(bytes: Buffer, place: number): [number, number] {
  const head = bytes[place] ?? 0;
  if (head < 0x40) return [head, place + 1];
  if (head < 0x80) return [((head & 0x3f) << 8) | (bytes[place + 1] ?? 0), place + 2];
  return [bytes.readUInt32BE(place + 1), place + 5];
}

describe('malformed streams', () => {
  const text = Buffer.from(`${'hello world, '.repeat(30)}and ${'z'.repeat(300)}.`);
  const good = compress(text) ?? Buffer.of();

  test('every prefix gives a prefix of the text, or nothing', () => {
    for (let length = 0; length < good.length; length++) {
      const back = decompress(good.subarray(0, length), text.length);
      expect(text.subarray(0, back?.length ?? 0).equals(back ?? Buffer.of())).toBe(true);
    }
  });

  test('every flipped bit stays inside of its room', () => {
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Buffer.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      decompress(bad, text.length);
    }
  });

  test('too little room is refused at every size', () => {
    for (let room = 0; room < text.length; room++) expect(decompress(good, room)).toBe(null);
  });

  test('a reference behind the beginning is refused', () => {
    expect(decompress(Buffer.from('20ff', 'hex'), 100)).toBe(null);
    expect(decompress(Buffer.from('00612001', 'hex'), 100)).toBe(null);
    expect(decompress(Buffer.from('00612000', 'hex'), 100)?.toString()).toBe('aaaa');
  });
});

test('compresses into every room or not at all', () => {
  const text = Buffer.from('the quick brown fox, the quick brown dog, the quick brown cat');
  const whole = compress(text, 1000)?.length ?? 0;
  for (let room = 0; room < whole + 10; room++) {
    const some = compress(text, room);
    if (some !== null) expect(decompress(some, text.length)?.equals(text)).toBe(true);
  }
});
