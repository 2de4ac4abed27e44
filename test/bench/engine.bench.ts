/**
 * How fast is the engine, RESP in, RESP out? GET, SET and INCR on random keys of 16 bytes, values
 * of 32 bytes, in Node and in a Chromium worker, beside redis-server per second of its CPU time
 * in the same run.
 *
 * Candidate and redis-server take turns; a ratio is taken in each round, and the median counts.
 * The engine's batch is redis-benchmark's pipeline; redis-server may choose between 1 and 50
 * connections. Neither side notes down its writes (`appendonly no`).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { type BenchPage, bundle, openBenchPage, served } from './support/bench-page.js';
import type { Measured } from './support/drive.js';
import type { EngineBench } from './support/engine-page.js';
import {
  COUNTERS,
  databaseOf,
  ENGINE_COMMANDS,
  type EngineCommand,
  EngineStore,
} from './support/engine-store.js';
import type { EngineRequest } from './support/engine-worker.js';
import { printMemorySpeed } from './support/memory-speed.js';
import { type Effort, effort } from './support/options.js';
import {
  fillServer,
  measureServer,
  openYardstick,
  type Rate,
  redisBenchmark,
  type Yardstick,
} from './support/redis.js';
import { median, millions, printMachine, printTable, range, ratio } from './support/report.js';
import { keyName, VALUE } from './support/requests.js';

const SIZES = [100_000, 1_000_000];
const BATCHES = [1, 16, 100, 1000];
/** Requests for redis-benchmark, over 50 connections: about a quarter of a second. */
const REQUESTS: Readonly<Record<number, number>> = {
  1: 15_000,
  16: 120_000,
  100: 200_000,
  1000: 300_000,
};

interface Cell {
  readonly command: EngineCommand;
  readonly batch: number;
  readonly rounds: Round[];
}

interface Round {
  readonly redis: number;
  readonly node: number;
  readonly worker: Rate;
}

interface Contestants {
  readonly keys: number;
  readonly redis: Yardstick;
  readonly node: EngineStore;
  readonly page: BenchPage;
}

export async function run(): Promise<void> {
  const wasm = 'dist/core.wasm';
  const module = await WebAssembly.compile(await readFile(join(ROOT, wasm)));
  const page = await openBenchPage('test/bench/support/engine-page.ts', 'engineBench', {
    '/engine-worker.js': await bundle('test/bench/support/engine-worker.ts'),
    '/core.wasm': await served(wasm, 'application/wasm'),
  });
  try {
    console.log(`redis-server 7.0.15, Chromium ${page.version}; M/s is millions of commands`);
    for (const keys of SIZES) await measureSize(module, page, keys);
  } finally {
    await page.close();
  }
}

async function measureSize(
  module: WebAssembly.Module,
  page: BenchPage,
  keys: number,
): Promise<void> {
  const redis = await openYardstick();
  try {
    await fillRedis(redis, keys);
    await ask(page, { kind: 'open', keys });
    const contestants = { keys, redis, node: new EngineStore(module, keys), page };
    printMachine(`\n${keys} keys, before`);
    printMemorySpeed();
    const cells = await measureCells(contestants, effort());
    printMachine('after');
    printMemorySpeed();
    await check(contestants);
    printCells(cells);
  } finally {
    await redis.close();
  }
}

async function fillRedis(redis: Yardstick, keys: number): Promise<void> {
  await fillServer(redis.port, keys, '1');
  await redis.control.send('SWAPDB', '0', String(COUNTERS));
  await fillServer(redis.port, keys, VALUE);
}

async function measureCells(contestants: Contestants, plan: Effort): Promise<Cell[]> {
  const cells = ENGINE_COMMANDS.flatMap((command) =>
    BATCHES.map((batch): Cell => ({ command, batch, rounds: [] })),
  );
  // Once ahead of all: code gets compiled, tables finish growing.
  for (const cell of cells) await measureRound(contestants, cell, { ...plan, milliseconds: 50 });
  for (let round = 0; round < plan.rounds; round++) {
    for (const cell of cells) cell.rounds.push(await measureRound(contestants, cell, plan));
  }
  return cells;
}

async function measureRound(
  contestants: Contestants,
  cell: Cell,
  { milliseconds, quick }: Effort,
): Promise<Round> {
  const node = measureNode(contestants.node, cell, milliseconds);
  const redis = await measureRedis(contestants, cell, redisRuns(cell.batch, quick));
  const worker = await measureWorker(contestants.page, cell, milliseconds);
  return { node, redis, worker };
}

/** Per second of CPU time. */
function measureNode(store: EngineStore, { command, batch }: Cell, milliseconds: number): number {
  const before = process.cpuUsage();
  const { commands } = store.run(command, batch, milliseconds);
  const { user, system } = process.cpuUsage(before);
  return (commands / (user + system)) * 1e6;
}

interface RedisRun {
  readonly connections: number;
  readonly requests: number;
}

/** One connection is slower, and hardly ever better for the server: left out for a quick look. */
function redisRuns(batch: number, quick: boolean): RedisRun[] {
  const requests = REQUESTS[batch] ?? 0;
  if (quick) return [{ connections: 50, requests: requests / 3 }];
  return [
    { connections: 50, requests },
    { connections: 1, requests: requests / 4 },
  ];
}

/** Per second of the server's CPU time, in that of the runs which suits it best. */
async function measureRedis(
  { keys, redis }: Contestants,
  { command, batch }: Cell,
  runs: readonly RedisRun[],
): Promise<number> {
  const rest = command === 'SET' ? [VALUE] : [];
  const words = [command, keyName(0).replace('000000000000', '__rand_int__'), ...rest];
  const common = { port: redis.port, database: databaseOf(command), pipeline: batch, keys };
  let best = 0;
  for (const run of runs) {
    const { perCpuSecond } = await measureServer(redis.control, () =>
      redisBenchmark({ ...common, ...run }, words),
    );
    best = Math.max(best, perCpuSecond);
  }
  return best;
}

async function measureWorker(
  page: BenchPage,
  { command, batch }: Cell,
  milliseconds: number,
): Promise<Rate> {
  const before = await page.cpuSeconds(WORKER_THREAD);
  const asked = { kind: 'run', command, batch, milliseconds } as const;
  const measured = (await ask(page, asked)) as Measured;
  const after = await page.cpuSeconds(WORKER_THREAD);
  const perSecond = (measured.commands / measured.milliseconds) * 1000;
  if (before === null || after === null) return { perSecond, perCpuSecond: perSecond };
  return { perSecond, perCpuSecond: measured.commands / (after - before) };
}

const WORKER_THREAD = 'DedicatedWorker';

function ask(page: BenchPage, request: EngineRequest): Promise<unknown> {
  return page.page.evaluate(
    (what) => (window as unknown as { engineBench: EngineBench }).engineBench.ask(what),
    request,
  );
}

/** Nobody was fast because there was nothing to be found. */
async function check({ redis, node, page }: Contestants): Promise<void> {
  node.check();
  await ask(page, { kind: 'check' });
  const misses = await redis.info('keyspace_misses');
  if (misses > 0) throw new Error(`redis-server has missed ${misses} keys`);
}

function printCells(cells: readonly Cell[]): void {
  const headings = [
    'command',
    'batch',
    'redis M/CPU-s',
    'Node M/CPU-s',
    'ratio (range)',
    'worker M/s',
    'worker M/CPU-s',
    'ratio, CPU (range)',
    'ratio, wall',
  ];
  printTable(headings, cells.map(rowOf));
}

function rowOf({ command, batch, rounds }: Cell): string[] {
  const redis = rounds.map((round) => round.redis);
  const node = rounds.map((round) => round.node);
  const wall = rounds.map(({ worker }) => worker.perSecond);
  const cpu = rounds.map(({ worker }) => worker.perCpuSecond);
  const overRedis = (values: readonly number[]) =>
    values.map((value, index) => value / (redis[index] ?? Number.NaN));
  const inMillions = redis.map((value) => value / 1e6);
  return [
    command,
    String(batch),
    `${millions(median(redis))} (${range(inMillions, 2)})`,
    millions(median(node)),
    ratio(overRedis(node)),
    millions(median(wall)),
    millions(median(cpu)),
    ratio(overRedis(cpu)),
    `${median(overRedis(wall)).toFixed(1)}x`,
  ];
}
