/**
 * How fast is the Node server, seen by redis-benchmark, beside redis-server? Both over TCP, in
 * turns, with the tests that redis-benchmark has for what is implemented.
 */
import { run as runProgram } from '../../scripts/program.js';
import { openRedis, openServer, type ProcessStore } from '../support/target-process.js';
import { effort } from './support/options.js';
import { cpuSeconds } from './support/redis.js';
import { median, printMachine, printTable, range, short } from './support/report.js';

const TESTS = ['SET', 'GET', 'INCR', 'MSET'];
const CONNECTIONS = 50;
const KEYS = 100_000;
const PIPELINES = [16, 100];

interface Result {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

export async function run(): Promise<void> {
  const { rounds, quick } = effort();
  const requests = quick ? 60_000 : 200_000;
  console.log(`redis-benchmark -c ${CONNECTIONS} -n ${requests} -r ${KEYS}, ${rounds} rounds`);
  for (const pipeline of quick ? PIPELINES.slice(0, 1) : PIPELINES) {
    await compare(pipeline, requests, rounds);
  }
}

async function compare(pipeline: number, requests: number, rounds: number): Promise<void> {
  const stores = [await openServer(), await openRedis()] as const;
  try {
    printMachine(`\n-P ${pipeline}, before`);
    const results = TESTS.map(() => ({ ours: [] as Result[], redis: [] as Result[] }));
    // The first time round is not counted: code gets compiled, keys are made.
    for (let round = 0; round <= rounds; round++) {
      for (const [index, test] of TESTS.entries()) {
        const ours = await measure(stores[0], test, pipeline, requests);
        const redis = await measure(stores[1], test, pipeline, requests);
        if (round === 0) continue;
        results[index]?.ours.push(ours);
        results[index]?.redis.push(redis);
      }
    }
    printMachine('after');
    printTable(
      HEADINGS,
      results.map(({ ours, redis }, index) => row(TESTS[index], ours, redis)),
    );
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

async function measure(
  store: ProcessStore,
  test: string,
  pipeline: number,
  requests: number,
): Promise<Result> {
  const control = await store.connect();
  const before = await cpuSeconds(control);
  const numbers = { p: store.port, c: CONNECTIONS, n: requests, r: KEYS, P: pipeline, t: test };
  const args = Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const { status, output } = await runProgram('redis-benchmark', [...args, '--csv'], {
    capture: true,
  });
  const cpu = (await cpuSeconds(control)) - before;
  control.close();
  const perSecond = Number(
    /^"[^"]*","([\d.]+)"/m.exec(output.split('\n').slice(1).join('\n'))?.[1],
  );
  if (status !== 0 || !(perSecond > 0)) throw new Error(`redis-benchmark failed: ${output}`);
  return { perSecond, perCpuSecond: requests / cpu };
}

const HEADINGS = [
  'test',
  'ours/s',
  'redis/s',
  'ratio, wall (range)',
  'ours/CPU-s',
  'redis/CPU-s',
  'ratio, CPU (range)',
];

function row(
  test: string | undefined,
  ours: readonly Result[],
  redis: readonly Result[],
): string[] {
  const columns = (['perSecond', 'perCpuSecond'] as const).flatMap((field) => {
    const mine = ours.map((result) => result[field]);
    const theirs = redis.map((result) => result[field]);
    const ratios = mine.map((value, round) => value / (theirs[round] ?? Number.NaN));
    return [
      short(median(mine)),
      short(median(theirs)),
      `${median(ratios).toFixed(2)}x (${range(ratios, 2)})`,
    ];
  });
  return [test ?? '', ...columns];
}
