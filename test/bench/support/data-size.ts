/**
 * What data takes in memory: the growth of the core's used memory beside that of redis-server's
 * `used_memory`, with the same commands.
 */
import { Engine } from '../../../src/engine/engine.js';
import { Driver, SEED } from './drive.js';
import { END_OF_BATCH, openYardstick, sendBatches, type Yardstick } from './redis.js';
import { printTable } from './report.js';
import { cutBatches, encodeCommand, makePool } from './requests.js';

export interface Shape {
  readonly name: string;
  /** Commands that make the data. */
  readonly commands: number;
  /** Keys that are there in the end. */
  readonly keys: number;
  /** The greatest share of what redis-server takes, if there is one. */
  readonly budget?: number;
  command(index: number): string[];
}

/** `unit` is what there are as many of as commands: a key, a member. */
export async function compareBytes(
  module: WebAssembly.Module,
  shapes: readonly Shape[],
  unit: string,
): Promise<void> {
  const rows: string[][] = [];
  for (const shape of shapes) {
    const batches = batchesOf(shape);
    const ours = bytesInEngine(module, shape, batches);
    const redis = await bytesInRedis(shape, batches);
    rows.push([
      shape.name,
      shape.commands.toLocaleString('en'),
      ours.toFixed(1),
      redis.toFixed(1),
      `${(ours / redis).toFixed(2)}x`,
      ours / redis > (shape.budget ?? 1) ? `above ${shape.budget ?? 1}x` : '',
    ]);
  }
  printTable(['', 'number', `bytes ${unit}`, 'redis-server', 'ratio', ''], rows);
}

/** Each ends as redis's loader wants it; the engine does not mind a PING. */
function batchesOf({ commands, command }: Shape): Uint8Array[] {
  const pool = makePool(commands, (index) => encodeCommand(command(index)));
  const end = new TextEncoder().encode(END_OF_BATCH);
  return cutBatches(pool, 1000, Number.POSITIVE_INFINITY).map((batch) =>
    Buffer.concat([batch, end]),
  );
}

export function newDriver(module: WebAssembly.Module): Driver {
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
  return (statistics.usedMemory - before) / shape.commands;
}

async function bytesInRedis(shape: Shape, batches: Uint8Array[]): Promise<number> {
  const redis = await openYardstick();
  try {
    const before = await redis.info('used_memory');
    await sendBatches(redis.port, 1, batches, batches.length);
    await untilRehashed(redis);
    expectKeys(shape, Number((await redis.control.send('DBSIZE')).tree.text));
    return ((await redis.info('used_memory')) - before) / shape.commands;
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
