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
import { compareBytes, newDriver, type Shape } from './support/data-size.js';
import { effort } from './support/options.js';
import { END_OF_BATCH } from './support/redis.js';
import { printMachine, printTable } from './support/report.js';
import { cutBatches, encodeCommand, keyName, makePool, VALUE } from './support/requests.js';

const FAR_AWAY = '1000000';
const SHAPES: readonly Shape[] = [
  {
    name: '16 B key, 32 B value',
    commands: 1_000_000,
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), VALUE],
  },
  {
    name: '16 B key, 32 B value, TTL',
    commands: 1_000_000,
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), VALUE, 'EX', FAR_AWAY],
  },
  {
    name: '16 B key, integer',
    commands: 1_000_000,
    keys: 1_000_000,
    command: (index) => ['SET', keyName(index), String(index * 1000)],
  },
  {
    name: '16 B key, 1000 B value',
    commands: 100_000,
    keys: 100_000,
    command: (index) => ['SET', keyName(index), 'v'.repeat(1000)],
  },
];

const GROWTH_KEYS = 1_000_000;
const BUDGET_BYTES = 70;

export async function run(): Promise<void> {
  const module = await WebAssembly.compile(await readFile(join(ROOT, 'dist/core.wasm')));
  printMachine('before');
  await compareBytes(module, SHAPES, 'a key');
  console.log(`budget for the first: ${BUDGET_BYTES} bytes`);
  measureGrowth(module, effort().quick ? 4 : 6);
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
