/**
 * Is every type of value fast and small? Batches of 100 commands to the engine in a Chromium
 * worker and to redis-server over several connections, each by its own CPU time, in turns; then
 * the bytes that fields, members and elements take.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { type BenchPage, bundle, openBenchPage, served } from './support/bench-page.js';
import { compareBytes, type Shape } from './support/data-size.js';
import type { EngineBench } from './support/engine-page.js';
import { effort } from './support/options.js';
import {
  END_OF_BATCH,
  measureServer,
  openYardstick,
  sendBatches,
  type Yardstick,
} from './support/redis.js';
import { median, millions, printMachine, printTable, ratio } from './support/report.js';
import { keyName, VALUE } from './support/requests.js';
import {
  BATCH,
  fields,
  fillingBatches,
  measuredBatches,
  TYPE_EXAMPLES,
  type TypeExample,
} from './support/type-list.js';
import type { TypeRequest } from './support/type-worker.js';

const CORE = 'dist/core.wasm';
/** So many connections have a batch under way: redis-server is never idle. */
const CONNECTIONS = 16;
const WORKER_THREAD = 'DedicatedWorker';

interface Row {
  readonly example: TypeExample;
  readonly ours: number[];
  readonly redis: number[];
}

export async function run(): Promise<void> {
  const page = await openBenchPage('test/bench/support/engine-page.ts', 'engineBench', {
    '/engine-worker.js': await bundle('test/bench/support/type-worker.ts'),
    '/core.wasm': await served(CORE, 'application/wasm'),
  });
  const redis = await openYardstick();
  try {
    printMachine('before');
    const rows: Row[] = [];
    for (const example of TYPE_EXAMPLES) rows.push(await compare(page, redis, example));
    printMachine('after');
    print(rows);
  } finally {
    await redis.close();
    await page.close();
  }
  await compareSizes();
}

async function compare(page: BenchPage, redis: Yardstick, example: TypeExample): Promise<Row> {
  const filling = fillingBatches(example, END_OF_BATCH);
  const measured = measuredBatches(example, END_OF_BATCH);
  const row: Row = { example, ours: [], redis: [] };
  await ask(page, { kind: 'open', name: example.name });
  // The first one warms up: code gets compiled, tables finish growing.
  for (let round = -1; round < effort().rounds; round++) {
    if (round < 0 || example.drains) {
      await ask(page, { kind: 'prepare' });
      await redis.control.send('FLUSHALL');
      await sendBatches(redis.port, 1, filling, filling.length);
    }
    const ours = await measureWorker(page, example);
    const theirs = await measureRedis(redis, measured);
    if (round < 0) continue;
    row.ours.push(ours);
    row.redis.push(theirs);
  }
  await ask(page, { kind: 'check' });
  return row;
}

/** Commands per second of the worker's CPU time. */
async function measureWorker(page: BenchPage, { batches }: TypeExample): Promise<number> {
  const before = await page.cpuSeconds(WORKER_THREAD);
  const start = performance.now();
  await ask(page, { kind: 'run' });
  const wall = (performance.now() - start) / 1000;
  const after = await page.cpuSeconds(WORKER_THREAD);
  const seconds = before === null || after === null ? wall : after - before;
  return (batches * BATCH) / seconds;
}

async function measureRedis(redis: Yardstick, measured: Uint8Array[]): Promise<number> {
  const { perCpuSecond } = await measureServer(redis.control, async () => {
    await sendBatches(redis.port, CONNECTIONS, measured, measured.length);
    return measured.length * BATCH;
  });
  return perCpuSecond;
}

function ask(page: BenchPage, request: TypeRequest): Promise<unknown> {
  return page.page.evaluate(
    (what) => (window as unknown as { engineBench: EngineBench }).engineBench.ask(what),
    request,
  );
}

function print(rows: readonly Row[]): void {
  const ratios = rows.map(({ ours, redis }) =>
    ours.map((value, round) => value / (redis[round] ?? Number.NaN)),
  );
  printTable(
    [`batches of ${BATCH}`, 'worker M/CPU-s', 'redis M/CPU-s', 'ratio (range)', ''],
    rows.map(({ example, ours, redis }, index) => [
      example.name,
      millions(median(ours)),
      millions(median(redis)),
      ratio(ratios[index] ?? []),
      median(ratios[index] ?? []) < example.least ? `below ${example.least}x` : '',
    ]),
  );
}

// Sizes

/** 14 bytes. */
function memberName(index: number): string {
  return keyName(index).replace('key', 'm');
}

function sizesAt(number: number): Shape[] {
  const one = { commands: number, keys: 1, budget: 0.6 };
  return [
    {
      ...one,
      name: 'hash field, 16 B + 32 B',
      command: (index) => ['HSET', 'h', keyName(index), VALUE],
    },
    { ...one, name: 'set member, 14 B', command: (index) => ['SADD', 's', memberName(index)] },
    {
      ...one,
      name: 'zset member, 14 B',
      command: (index) => ['ZADD', 'z', String(index), memberName(index)],
    },
    {
      ...one,
      budget: 1,
      name: 'list element, 16 B',
      command: (index) => ['RPUSH', 'l', keyName(index)],
    },
    {
      commands: number / 10,
      keys: number / 10,
      name: 'small hash, 5 fields of 2 B + 16 B',
      command: (index) => ['HSET', keyName(index), ...fields(index)],
    },
  ];
}

async function compareSizes(): Promise<void> {
  const module = await WebAssembly.compile(await readFile(join(ROOT, CORE)));
  console.log('');
  await compareBytes(module, sizesAt(1_000_000), 'each');
}
