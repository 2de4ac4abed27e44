/**
 * How much memory does a key take, and does growing ever make anybody wait?
 *
 * Bytes a key are the growth of the core's used memory beside that of redis-server's
 * `used_memory`. The stall is the longest single SET while one million keys are added, in batches
 * of one: of several equal runs the shortest time of each position counts, because whatever else
 * ran on the machine does not hit the same position every time. SETs in which the linear memory
 * grew are listed apart.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { Engine } from '../../src/engine/engine.js';
import { Driver, SEED } from './support/drive.js';
import { effort } from './support/options.js';
import { END_OF_BATCH, openYardstick, sendBatches, type Yardstick } from './support/redis.js';
import { printMachine, printTable } from './support/report.js';
import { cutBatches, encodeCommand, keyName, makePool, VALUE } from './support/requests.js';

interface Shape {
  readonly name: string;
  readonly keys: number;
  command(index: number): string[];
}

const FAR_AWAY = '1000000';
const SHAPES: readonly Shape[] = [
  {
    name: '16 B key, 32 B value',
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), VALUE],
  },
  {
    name: '16 B key, 32 B value, TTL',
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), VALUE, 'EX', FAR_AWAY],
  },
  {
    name: '16 B key, integer',
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), String(index * 1000)],
  },
  {
    name: '16 B key, 1000 B value',
    keys: 100_000,
    command: (index) => ['SET', keyName(index), 'v'.repeat(1000)],
  },
];

const GROWTH_KEYS = 1_000_000;
const BUDGET_BYTES = 70;

export async function run(): Promise<void> {
  const module = await WebAssembly.compile(await readFile(join(ROOT, 'dist/core.wasm')));
  printMachine('before');
  await compareBytes(module);
  measureGrowth(module, effort().quick ? 4 : 6);
}

async function compareBytes(module: WebAssembly.Module): Promise<void> {
  const rows: string[][] = [];
  for (const shape of SHAPES) {
    const batches = batchesOf(shape);
    const ours = bytesInEngine(module, shape, batches);
    const redis = await bytesInRedis(shape, batches);
    rows.push([
      shape.name,
      shape.keys.toLocaleString('en'),
      ours.toFixed(1),
      redis.toFixed(1),
      `${(ours / redis).toFixed(2)}x`,
    ]);
  }
  printTable(['', 'keys', 'bytes a key', 'redis-server', 'ratio'], rows);
  console.log(`budget for the first: ${BUDGET_BYTES} bytes`);
}

/** Each ends as redis's loader wants it; the engine does not mind a PING. */
function batchesOf({ keys, command }: Shape): Uint8Array[] {
  const pool = makePool(keys, (index) => encodeCommand(command(index)));
  const end = new TextEncoder().encode(END_OF_BATCH);
  return cutBatches(pool, 1000, Number.POSITIVE_INFINITY).map((batch) =>
    Buffer.concat([batch, end]),
  );
}

function newDriver(module: WebAssembly.Module): Driver {
  const engine = Engine.create(module, { seed: SEED });
  engine.setTime(Date.now());
  return new Driver(engine);
}

function bytesInEngine(module: WebAssembly.Module, shape: Shape, batches: Uint8Array[]): number {
  const driver = newDriver(module);
  // Ahead of the data: whatever a batch needs beside it.
  for (const batch of batches.slice(0, 1)) driver.execute(batch);
  driver.execute(new TextEncoder().encode(encodeCommand(['FLUSHALL'])));
  const before = driver.engine.statistics().usedMemory;
  driver.executeAll(batches);
  const statistics = driver.engine.statistics();
  expectKeys(shape, statistics.keys(0));
  return (statistics.usedMemory - before) / shape.keys;
}

async function bytesInRedis(shape: Shape, batches: Uint8Array[]): Promise<number> {
  const redis = await openYardstick();
  try {
    const before = await redis.info('used_memory');
    await sendBatches(redis.port, 1, batches, batches.length);
    await untilRehashed(redis);
    expectKeys(shape, Number((await redis.control.send('DBSIZE')).tree.text));
    return ((await redis.info('used_memory')) - before) / shape.keys;
  } finally {
    await redis.close();
  }
}

function expectKeys({ name, keys }: Shape, found: number): void {
  if (found !== keys) throw new Error(`${name}: ${found} keys instead of ${keys}`);
}

/** While the table is being moved there are two of them. */
async function untilRehashed({ control }: Yardstick): Promise<void> {
  for (;;) {
    const text = (await control.send('DEBUG', 'HTSTATS', '0')).tree.text ?? '';
    if (!text.includes('rehashing target')) return;
  }
}

// Growing

interface Growth {
  /** Of each SET, milliseconds; the shortest of all runs. */
  readonly shortest: Float64Array;
  /** Those in which the linear memory grew. */
  readonly grew: Uint8Array;
}

function measureGrowth(module: WebAssembly.Module, runs: number): void {
  const pool = makePool(GROWTH_KEYS, (index) => encodeCommand(['SET', keyName(index), VALUE]));
  const batches = cutBatches(pool, 1, GROWTH_KEYS);
  const growth: Growth = {
    shortest: new Float64Array(GROWTH_KEYS).fill(Number.POSITIVE_INFINITY),
    grew: new Uint8Array(GROWTH_KEYS),
  };
  for (let run = 0; run < runs; run++) growOnce(module, batches, growth, run * 7919);
  printGrowth(growth, runs);
}

/** `ahead` commands come first, so that JavaScript's collector falls on other positions each run. */
function growOnce(
  module: WebAssembly.Module,
  batches: Uint8Array[],
  growth: Growth,
  ahead: number,
): void {
  const driver = newDriver(module);
  const { engine } = driver;
  const ping = new TextEncoder().encode(END_OF_BATCH);
  for (let done = 0; done < ahead; done++) driver.execute(ping);
  let memory = engine.output().buffer;
  for (let index = 0; index < batches.length; index++) {
    const start = performance.now();
    driver.execute(batches[index] as Uint8Array);
    const elapsed = performance.now() - start;
    if (elapsed < (growth.shortest[index] ?? 0)) growth.shortest[index] = elapsed;
    const { buffer } = engine.output();
    if (buffer !== memory) growth.grew[index] = 1;
    memory = buffer;
  }
}

function printGrowth({ shortest, grew }: Growth, runs: number): void {
  const quiet = shortest.filter((_, index) => grew[index] === 0).sort();
  const growing = shortest.filter((_, index) => grew[index] === 1).sort();
  const at = (share: number) => micro(quiet[Math.floor(share * (quiet.length - 1))]);
  console.log(
    `\none SET while growing from 0 to ${GROWTH_KEYS.toLocaleString('en')} keys, ${runs} runs`,
  );
  printTable(
    ['p50 us', 'p99 us', 'p99.99 us', 'longest us', 'with memory.grow: number', 'longest us'],
    [[at(0.5), at(0.99), at(0.9999), at(1), String(growing.length), micro(growing.at(-1))]],
  );
}

function micro(milliseconds: number | undefined): string {
  return ((milliseconds ?? Number.NaN) * 1000).toFixed(1);
}
