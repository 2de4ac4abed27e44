/** The part of the question `durability` in Node: our server beside redis-server, on files. */

import { fileURLToPath } from 'node:url';
import type { Connection } from '../../support/connection.js';
import { openProcess, type ProcessStore } from '../../support/target-process.js';
import type { Effort } from './options.js';
import { rawFlushes } from './raw-flush.js';
import { fillServer, infoText, numberOf, redisBenchmark } from './redis.js';
import { median, printTable, range, short } from './report.js';
import { VALUE } from './requests.js';

const OUR_SERVER = fileURLToPath(new URL('../../../dist/redstart-server.js', import.meta.url));
const MODES = ['always', 'everysec', 'no'] as const;
const SHAPES = [
  { connections: 1, pipeline: 1 },
  { connections: 50, pipeline: 16 },
];

type Pair = readonly [ours: ProcessStore, redis: ProcessStore];

export async function compareServers(plan: Effort): Promise<void> {
  console.log('\nthe server in Node beside redis-server, on files');
  const rows: string[][] = [];
  for (const mode of MODES) {
    const pair = await openPair(['--appendonly', 'yes', '--appendfsync', mode]);
    try {
      for (const shape of SHAPES) rows.push(await compareSets(pair, mode, shape, plan));
    } finally {
      await Promise.all(pair.map((store) => store.close()));
    }
  }
  printTable(['appendfsync, SET', 'ours/s', 'redis/s', 'ratio', 'x fdatasync'], rows);
  await compareSnapshots(plan);
}

function openPair(more: readonly string[]): Promise<Pair> {
  return Promise.all([
    openProcess(process.execPath, [OUR_SERVER], more),
    openProcess('redis-server', [], more),
  ]);
}

async function compareSets(
  pair: Pair,
  mode: string,
  shape: (typeof SHAPES)[number],
  { rounds, quick }: Effort,
): Promise<string[]> {
  const alone = shape.connections === 1;
  const requests = (alone ? 500 : 50_000) * (quick ? 1 : 3);
  const rates: [number[], number[]] = [[], []];
  const flushes: number[] = [];
  for (let round = 0; round <= Math.min(rounds, 3); round++) {
    flushes.push(rawFlushes(150));
    for (const [index, { port }] of pair.entries()) {
      const start = performance.now();
      const options = { port, ...shape, requests, keys: 100_000 };
      await redisBenchmark(options, ['SET', 'key:__rand_int__', VALUE]);
      const rate = (requests / (performance.now() - start)) * 1000;
      if (round > 0) rates[index]?.push(rate);
    }
  }
  const [ours, redis] = rates;
  const ratios = ours.map((rate, round) => rate / (redis[round] ?? Number.NaN));
  const raw = median(ours) / median(flushes);
  const name = `${mode}, ${shape.connections} connections, pipeline ${shape.pipeline}`;
  const ratio = `${median(ratios).toFixed(2)}x (${range(ratios, 2)})`;
  return [name, short(median(ours)), short(median(redis)), ratio, `${raw.toFixed(2)}x`];
}

async function compareSnapshots({ quick, rounds }: Effort): Promise<void> {
  const keys = quick ? 200_000 : 1_000_000;
  const pair = await openPair(['--appendonly', 'no']);
  try {
    const rows: string[][] = [];
    const results = { save: [[], []] as number[][], load: [[], []] as number[][] };
    for (const { port } of pair) await fillServer(port, keys, VALUE);
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      for (const [index, store] of pair.entries()) {
        const control = await store.connect();
        results.save[index]?.push(await timeSave(control));
        results.load[index]?.push(await timeLoad(control));
        control.close();
      }
    }
    for (const [name, [ours = [], redis = []]] of Object.entries(results)) {
      const ratios = ours.map((ms, round) => ms / (redis[round] ?? Number.NaN));
      const columns = [ours, redis].map((all) => median(all).toFixed(0));
      rows.push([name === 'save' ? 'BGSAVE' : 'load', ...columns, `${median(ratios).toFixed(2)}x`]);
    }
    printTable([`${keys.toLocaleString('en')} keys, ms`, 'ours', 'redis', 'ours / redis'], rows);
  } finally {
    await Promise.all(pair.map((store) => store.close()));
  }
}

async function timeSave(control: Connection): Promise<number> {
  const start = performance.now();
  await expectReply(control, '+', 'BGSAVE');
  while (numberOf(await infoText(control), 'rdb_bgsave_in_progress') === 1);
  return performance.now() - start;
}

async function timeLoad(control: Connection): Promise<number> {
  const start = performance.now();
  await expectReply(control, '+', 'DEBUG', 'RELOAD', 'NOSAVE');
  return performance.now() - start;
}

async function expectReply(control: Connection, mark: string, ...command: string[]): Promise<void> {
  const { tree } = await control.send(...command);
  if (tree.mark !== mark) throw new Error(`${command.join(' ')}: ${tree.text}`);
}
