/**
 * Are collections fast and small? The same bytes, in batches of 100 commands, to the engine in
 * Node and to redis-server over several connections, both by their CPU time, in turns. Then the
 * bytes that an element takes, beside redis-server's `used_memory`.
 *
 * Before each round both stores are emptied and filled anew: what pops finds something, what adds
 * begins with nothing.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/files.js';
import { Engine } from '../../src/engine/engine.js';
import { Driver, SEED } from './support/drive.js';
import { type Effort, effort } from './support/options.js';
import {
  END_OF_BATCH,
  measureServer,
  openYardstick,
  sendBatches,
  type Yardstick,
} from './support/redis.js';
import { median, millions, printMachine, printTable, ratio } from './support/report.js';
import { cutBatches, encodeCommand, makePool, Random } from './support/requests.js';
import { compareBytes } from './support/type-bytes.js';
import { TYPE_EXAMPLES, type TypeExample } from './support/type-list.js';

const BATCH = 100;
/** So many connections have a batch under way: redis-server is never idle. */
const CONNECTIONS = 16;

interface Contestants {
  readonly driver: Driver;
  readonly redis: Yardstick;
}

interface Rates {
  readonly ours: number;
  readonly redis: number;
}

export async function run(): Promise<void> {
  const plan = effort();
  const module = await WebAssembly.compile(await readFile(join(ROOT, 'dist/core.wasm')));
  const redis = await openYardstick();
  try {
    printMachine('before');
    const rows: string[][] = [];
    for (const example of chosenExamples()) {
      const engine = Engine.create(module, { seed: SEED });
      engine.setTime(Date.now());
      rows.push(
        rowOf(example, await measure({ driver: new Driver(engine), redis }, example, plan)),
      );
    }
    printMachine('after');
    const headings = [`batches of ${BATCH}`, 'ours M/CPU-s', 'redis M/CPU-s', 'ratio (range)', ''];
    printTable(headings, rows);
  } finally {
    await redis.close();
  }
  await compareBytes(module);
}

/** Those that TYPES=ZADD,SPOP names by their beginnings; all without it. */
function chosenExamples(): readonly TypeExample[] {
  const names = process.env.TYPES?.split(',');
  if (names === undefined) return TYPE_EXAMPLES;
  return TYPE_EXAMPLES.filter(({ name }) => names.some((begin) => name.startsWith(begin)));
}

async function measure(
  contestants: Contestants,
  example: TypeExample,
  plan: Effort,
): Promise<Rates[]> {
  const count = plan.quick ? 300 : 1000;
  const batches = batchesOf(example, count);
  const filling = fillingOf(example, count * BATCH);
  // Once ahead of all: code gets compiled, tables find their size.
  await measureRound(contestants, filling, batches);
  const rounds: Rates[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    rounds.push(await measureRound(contestants, filling, batches));
  }
  const { errors } = contestants.driver.engine.statistics();
  if (errors > 0) throw new Error(`${example.name} was answered with ${errors} errors`);
  return rounds;
}

/** `count` batches, each ended as those of redis-server have to. */
function batchesOf(example: TypeExample, count: number): Uint8Array[] {
  const random = new Random(0x1b873593);
  const pool = makePool(count * BATCH, () => encodeCommand(example.make(random)));
  return cutBatches(pool, BATCH, count).map(ended);
}

function fillingOf(example: TypeExample, commands: number): Uint8Array[] {
  const all = [['FLUSHALL'], ...example.fill(commands)].map(encodeCommand);
  return all.map((text) => ended(new TextEncoder().encode(text)));
}

function ended(batch: Uint8Array): Uint8Array {
  return Buffer.concat([batch, Buffer.from(END_OF_BATCH)]);
}

/** Commands per second of CPU time; the same batches on both sides. */
async function measureRound(
  { driver, redis }: Contestants,
  filling: Uint8Array[],
  batches: Uint8Array[],
): Promise<Rates> {
  driver.executeAll(filling);
  const before = process.cpuUsage();
  driver.executeAll(batches);
  const { user, system } = process.cpuUsage(before);
  await sendBatches(redis.port, 1, filling, filling.length);
  const rate = await measureServer(redis.control, async () => {
    await sendBatches(redis.port, CONNECTIONS, batches, batches.length);
    return batches.length * BATCH;
  });
  return { ours: ((batches.length * BATCH) / (user + system)) * 1e6, redis: rate.perCpuSecond };
}

function rowOf({ name, budget }: TypeExample, rounds: readonly Rates[]): string[] {
  const ratios = rounds.map(({ ours, redis }) => ours / redis);
  return [
    name,
    millions(median(rounds.map(({ ours }) => ours))),
    millions(median(rounds.map(({ redis }) => redis))),
    ratio(ratios),
    median(ratios) < budget ? `below ${budget}x` : '',
  ];
}
