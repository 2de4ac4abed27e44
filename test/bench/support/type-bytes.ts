/**
 * The question `types`, its second part: what one element of a collection takes, as the growth of
 * the core's used memory, beside that of redis-server's `used_memory`.
 */
import { Engine } from '../../../src/engine/engine.js';
import { Driver, SEED } from './drive.js';
import { END_OF_BATCH, openYardstick, sendBatches, type Yardstick } from './redis.js';
import { printTable } from './report.js';
import { cutBatches, encodeCommand, keyName, makePool, VALUE } from './requests.js';
import { member } from './type-list.js';

interface Shape {
  readonly name: string;
  readonly count: number;
  /** The greatest share of what redis-server takes. */
  readonly budget: number;
  command(index: number): string[];
}

const MILLION = 1_000_000;
const SMALL_HASH = ['f1', 'f2', 'f3', 'f4', 'f5'].flatMap((field) => [field, 'sixteen bytes ok']);
const SHAPES: readonly Shape[] = [
  {
    name: 'hash field, 16 B and 32 B',
    count: MILLION,
    budget: 0.6,
    command: (index) => ['HSET', 'hash', keyName(index), VALUE],
  },
  {
    name: 'set member, 14 B',
    count: MILLION,
    budget: 0.6,
    command: (index) => ['SADD', 'set', member(index)],
  },
  {
    name: 'sorted-set member, 14 B',
    count: MILLION,
    budget: 0.6,
    command: (index) => ['ZADD', 'zset', String(index), member(index)],
  },
  {
    name: 'the same, added in random order',
    count: MILLION,
    budget: 0.6,
    command: (index) => ['ZADD', 'zset', String((index * 7919) % MILLION), member(index)],
  },
  {
    name: 'list element, 16 B',
    count: MILLION,
    budget: 1,
    command: (index) => ['RPUSH', 'list', keyName(index)],
  },
  {
    name: 'small hash, 5 fields of 2 B and 16 B',
    count: 100_000,
    budget: 1,
    command: (index) => ['HSET', keyName(index), ...SMALL_HASH],
  },
];

export async function compareBytes(module: WebAssembly.Module): Promise<void> {
  const rows: string[][] = [];
  for (const shape of SHAPES) {
    const batches = batchesOf(shape);
    const ours = bytesInEngine(module, batches) / shape.count;
    const redis = (await bytesInRedis(batches)) / shape.count;
    const share = ours / redis;
    rows.push([
      shape.name,
      shape.count.toLocaleString('en'),
      ours.toFixed(1),
      redis.toFixed(1),
      `${share.toFixed(2)}x`,
      share > shape.budget ? `above ${shape.budget}x` : '',
    ]);
  }
  console.log('');
  printTable(['', 'of them', 'bytes each', 'redis-server', 'ratio', ''], rows);
}

function batchesOf({ count, command }: Shape): Uint8Array[] {
  const pool = makePool(count, (index) => encodeCommand(command(index)));
  const end = Buffer.from(END_OF_BATCH);
  const batches = cutBatches(pool, 1000, Number.POSITIVE_INFINITY);
  return batches.map((batch) => Buffer.concat([batch, end]));
}

function bytesInEngine(module: WebAssembly.Module, batches: Uint8Array[]): number {
  const engine = Engine.create(module, { seed: SEED });
  engine.setTime(Date.now());
  const driver = new Driver(engine);
  // Ahead of the data: whatever a batch needs beside it.
  for (const batch of batches.slice(0, 1)) driver.execute(batch);
  driver.execute(new TextEncoder().encode(encodeCommand(['FLUSHALL'])));
  const before = engine.statistics().usedMemory;
  driver.executeAll(batches);
  const { usedMemory, errors } = engine.statistics();
  if (errors > 0) throw new Error(`${errors} errors while filling`);
  return usedMemory - before;
}

async function bytesInRedis(batches: Uint8Array[]): Promise<number> {
  const redis = await openYardstick();
  try {
    const before = await redis.info('used_memory');
    await sendBatches(redis.port, 1, batches, batches.length);
    return await settledMemory(redis, before);
  } finally {
    await redis.close();
  }
}

/** A table that has grown is moved bit by bit: the growth once it does not shrink any more. */
async function settledMemory(redis: Yardstick, before: number): Promise<number> {
  for (let last = Number.POSITIVE_INFINITY; ; ) {
    const now = (await redis.info('used_memory')) - before;
    if (now >= last) return last;
    last = now;
    await redis.control.send('DEBUG', 'SLEEP', '0');
    for (let read = 0; read < 1000; read++) await redis.control.send('EXISTS', 'hash', 'set');
  }
}
