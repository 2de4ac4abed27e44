/**
 * What does it cost that nothing is lost? Commits and commands a second under `always` and `everysec`
 * beside what the disk can do (append and fdatasync, in the same file system), and beside other stores
 * of a page that are told to wait for the disk as well; a snapshot of one million keys in the background,
 * and what others notice of it; the start with one million keys. Then the server in Node beside
 * redis-server, on files.
 *
 * 16-byte keys, 32-byte values. All contestants take turns in every round.
 */
import { type BenchPage, bundle, openBenchPage, served } from './support/bench-page.js';
import type { DurabilityBench, Pings } from './support/durability-page.js';
import { compareServers } from './support/durability-servers.js';
import { type Effort, effort } from './support/options.js';
import { rawFlushes } from './support/raw-flush.js';
import { median, printMachine, printTable, range, short } from './support/report.js';

type PageWindow = { durabilityBench: DurabilityBench };

const STORES: readonly [store: string, label: string][] = [
  ['always', 'Redstart, always'],
  ['everysec', 'Redstart, everysec'],
  ['Dexie', 'Dexie, strict'],
  ['sqlite', 'sqlite-wasm, OPFS, FULL'],
  ['PGlite', 'PGlite, OPFS'],
];
const TOGETHER = [1, 1000];
const SQLITE_WASM = 'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm';
const PGLITE = 'node_modules/@electric-sql/pglite/dist';
const BUDGET = { snapshotMs: 500, startMs: 1000, stallMs: 1 };

export async function run(): Promise<void> {
  const plan = effort();
  const page = await openBenchPage('test/bench/support/durability-page.ts', 'durabilityBench', {
    '/worker.js': await served('dist/worker.js', 'text/javascript'),
    '/core.wasm': await served('dist/core.wasm', 'application/wasm'),
    '/durability-worker.js': await bundle('test/bench/support/durability-worker.ts'),
    '/sqlite3.wasm': await served(SQLITE_WASM, 'application/wasm'),
    '/pglite.wasm': await served(`${PGLITE}/pglite.wasm`, 'application/wasm'),
    '/initdb.wasm': await served(`${PGLITE}/initdb.wasm`, 'application/wasm'),
    '/pglite.data': await served(`${PGLITE}/pglite.data`, 'application/octet-stream'),
  });
  try {
    printMachine(`Chromium ${page.version}, before`);
    await compareRates(page, plan);
    await measureMillion(page, plan.quick ? 200_000 : 1_000_000, plan);
    printMachine('after');
  } finally {
    await page.close();
  }
  await compareServers(plan);
}

interface Cell {
  readonly store: string;
  readonly label: string;
  readonly together: number;
  readonly rates: number[];
  /** Against the flushes of the same round. */
  readonly ratios: number[];
}

async function compareRates(page: BenchPage, { rounds, milliseconds }: Effort): Promise<void> {
  const cells = STORES.flatMap(([store, label]) =>
    TOGETHER.map((together): Cell => ({ store, label, together, rates: [], ratios: [] })),
  );
  const flushes: number[] = [];
  // The first time round is not counted: databases are made, code gets compiled.
  for (let round = 0; round <= rounds; round++) {
    const raw = rawFlushes(milliseconds);
    if (round > 0) flushes.push(raw);
    for (const { store, together, rates, ratios } of cells) {
      const order = { store, together, ms: milliseconds };
      const measured = await page.page.evaluate(
        (what) => (window as unknown as PageWindow).durabilityBench.rate(what),
        order,
      );
      if (round === 0) continue;
      const rate = (measured.commands / measured.milliseconds) * 1000;
      rates.push(rate);
      ratios.push(rate / raw);
    }
  }
  console.log(`\nappend and fdatasync: ${short(median(flushes))}/s (${range(flushes, 0)})`);
  const rows = STORES.map(([store, label]) => {
    const own = cells.filter((cell) => cell.store === store);
    return [label, ...own.flatMap(({ rates, ratios }) => [short(median(rates)), times(ratios)])];
  });
  const headings = [
    'durable SETs a second',
    'one by one',
    'x fdatasync',
    '1000 at once',
    'x fdatasync',
  ];
  printTable(headings, rows);
}

function times(ratios: readonly number[]): string {
  const middle = median(ratios);
  return `${middle.toFixed(middle < 10 ? 2 : 0)}x`;
}

async function measureMillion({ page }: BenchPage, keys: number, plan: Effort): Promise<void> {
  const count = keys.toLocaleString('en');
  const bench = <T>(call: (bench: DurabilityBench, given: number) => Promise<T>, given: number) =>
    page.evaluate(`(${call.toString()})(window.durabilityBench, ${given})`) as Promise<T>;
  await bench((durability, given) => durability.fill(given), keys);
  const snapshots: number[] = [];
  for (let round = 0; round < Math.min(plan.rounds, 5); round++) {
    const alone = await bench((durability, given) => durability.snapshot(given), 0);
    snapshots.push(alone.milliseconds);
  }
  for (let round = 0; round < Math.min(plan.rounds, 3); round++) {
    const pinged = await bench((durability, given) => durability.snapshot(given), 1);
    const { milliseconds, bytes, pings } = pinged;
    const idle = await bench((durability, given) => durability.idle(given), milliseconds);
    const megabytes = (bytes / 2 ** 20).toFixed(1);
    console.log(
      `\nsnapshot of ${count} keys (${megabytes} MB) under PINGs: ${milliseconds.toFixed(0)} ms`,
    );
    printTable(
      ['PINGs of the page, ms', 'number', 'p50', 'p99.9', 'longest'],
      [
        ['meanwhile', ...pingRow(pings)],
        ['as long afterwards', ...pingRow(idle)],
      ],
    );
  }
  const starts: number[] = [];
  for (let round = 0; round < Math.min(plan.rounds, 3); round++) {
    await page.reload();
    await page.waitForFunction(() => 'durabilityBench' in window);
    starts.push(await bench((durability, given) => durability.start(given), keys));
  }
  const line = (what: string, values: readonly number[], budget: number) =>
    `${what}: ${median(values).toFixed(0)} ms (${range(values, 0)}); budget for 1,000,000: ${budget} ms`;
  console.log(`\n${line(`snapshot of ${count} keys, durable`, snapshots, BUDGET.snapshotMs)}`);
  console.log(line(`from opening to the first reply, ${count} keys`, starts, BUDGET.startMs));
  console.log(`longest stall by a snapshot: budget ${BUDGET.stallMs} ms more than without it`);
}

function pingRow({ count, p50, p999, longest }: Pings): string[] {
  return [String(count), ...[p50, p999, longest].map((ms) => ms.toFixed(2))];
}
