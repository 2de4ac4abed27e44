/**
 * Is every command fast, not only the three that everybody measures? The same bytes, in batches
 * of 100 commands, to the engine in Node and to redis-server over several connections, both by
 * their CPU time, in turns, each with 100 000 keys.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { Engine } from '../../src/engine/engine.js';
import { EXAMPLES, type Example, KEYS } from './support/command-list.js';
import { Driver, SEED, type Workload } from './support/drive.js';
import { type Effort, effort } from './support/options.js';
import {
  END_OF_BATCH,
  fillServer,
  measureServer,
  openYardstick,
  sendBatches,
  type Yardstick,
} from './support/redis.js';
import { median, millions, printMachine, printTable, ratio } from './support/report.js';
import {
  cutBatches,
  encodeCommand,
  fillBatches,
  keyName,
  makePool,
  Random,
} from './support/requests.js';

const BATCH = 100;
/** So many connections have a batch under way: redis-server is never idle. */
const CONNECTIONS = 16;
const DISTINCT_BATCHES = 400;
const BUDGET = 5;

interface Row {
  readonly name: string;
  readonly ours: number[];
  readonly redis: number[];
}

interface Contestants {
  readonly driver: Driver;
  readonly redis: Yardstick;
}

export async function run(): Promise<void> {
  const plan = effort();
  const module = await WebAssembly.compile(await readFile(join(ROOT, 'dist/core.wasm')));
  const redis = await openYardstick();
  try {
    printMachine('before');
    const rows: Row[] = [];
    for (const example of EXAMPLES) {
      const engine = Engine.create(module, { seed: SEED });
      engine.setTime(Date.now());
      rows.push(await compare({ driver: new Driver(engine), redis }, example, plan));
    }
    printMachine('after');
    print(rows);
  } finally {
    await redis.close();
  }
}

async function compare(contestants: Contestants, example: Example, plan: Effort): Promise<Row> {
  const { driver, redis } = contestants;
  await redis.control.send('FLUSHALL');
  await fillServer(redis.port, KEYS, example.value);
  driver.executeAll(fillBatches(KEYS, example.value));
  if (example.ahead !== undefined) await sendAhead(contestants, example.ahead);
  const row: Row = { name: example.name, ours: [], redis: [] };
  const workload = workloadOf(example);
  const batches = plan.quick ? 300 : 1000;
  await measureBoth(contestants, workload, batches >> 1);
  for (let round = 0; round < plan.rounds; round++) {
    const rates = await measureBoth(contestants, workload, batches);
    row.ours.push(rates.ours);
    row.redis.push(rates.redis);
  }
  expectNoErrors(driver, example);
  return row;
}

/** A command for every key, to both. */
async function sendAhead(
  { driver, redis }: Contestants,
  ahead: (key: string) => string[],
): Promise<void> {
  const pool = makePool(KEYS, (index) => encodeCommand(ahead(keyName(index))));
  const batches = cutBatches(pool, BATCH, KEYS).map(ended);
  driver.executeAll(batches);
  await sendBatches(redis.port, 1, batches, batches.length);
}

/** Batches of `BATCH` commands; examples of several commands count as so many. */
function workloadOf(example: Example): Workload {
  const random = new Random(0x1b873593);
  const pending: string[] = [];
  const next = () => {
    if (pending.length === 0) pending.push(...example.make(random).map(encodeCommand));
    return pending.shift() as string;
  };
  const batches = cutBatches(makePool(DISTINCT_BATCHES * BATCH, next), BATCH, DISTINCT_BATCHES);
  return { batches: batches.map(ended), commandsPerBatch: BATCH, next: 0 };
}

function ended(batch: Uint8Array): Uint8Array {
  return Buffer.concat([batch, Buffer.from(END_OF_BATCH)]);
}

/** Commands per second of CPU time; the same batches on both sides. */
async function measureBoth(
  { driver, redis }: Contestants,
  workload: Workload,
  count: number,
): Promise<{ ours: number; redis: number }> {
  const first = workload.next;
  const rotated = [...workload.batches.slice(first), ...workload.batches.slice(0, first)];
  const before = process.cpuUsage();
  driver.runBatches(workload, 0, count);
  const { user, system } = process.cpuUsage(before);
  const rate = await measureServer(redis.control, async () => {
    await sendBatches(redis.port, CONNECTIONS, rotated, count);
    return count * BATCH;
  });
  return { ours: ((count * BATCH) / (user + system)) * 1e6, redis: rate.perCpuSecond };
}

function expectNoErrors(driver: Driver, { name }: Example): void {
  const { errors } = driver.engine.statistics();
  if (errors > 0) throw new Error(`${name} was answered with ${errors} errors`);
}

function print(rows: readonly Row[]): void {
  const ratios = rows.map(({ ours, redis }) =>
    ours.map((value, round) => value / (redis[round] ?? Number.NaN)),
  );
  printTable(
    [`batches of ${BATCH}`, 'ours M/CPU-s', 'redis M/CPU-s', 'ratio (range)', ''],
    rows.map(({ name, ours, redis }, index) => [
      name,
      millions(median(ours)),
      millions(median(redis)),
      ratio(ratios[index] ?? []),
      median(ratios[index] ?? []) < BUDGET ? `below ${BUDGET}x` : '',
    ]),
  );
}
