/**
 * How fast is a page's own call, JavaScript strings in and out? One promise a command through the
 * worker, at 1 to 1000 in flight; one awaited command beside one bare message there and back; the
 * engine on the page's own thread; and beside them what else a page can keep keys in.
 *
 * One page, 10 000 keys of 16 bytes, values of 32. All contestants take turns in every round.
 */
import { type BenchPage, openBenchPage, served } from './support/bench-page.js';
import type { ClientBench, Operation, RoundTrips } from './support/client-page.js';
import { type Effort, effort } from './support/options.js';
import { median, printMachine, printTable, range, short } from './support/report.js';

const WORKER = 'core client, worker';
const INLINE = 'core client, inline';
const OPERATIONS: readonly Operation[] = ['get', 'set'];
const IN_FLIGHT = [1, 10, 100, 1000];
const ROUND_TRIPS = 400;

interface Cell {
  readonly name: string;
  readonly operation: Operation;
  readonly inFlight: number;
  /** Commands a second, and CPU microseconds of the page's process a command. */
  readonly rates: number[];
  readonly cpu: number[];
}

export async function run(): Promise<void> {
  const page = await openBenchPage('test/bench/support/client-page.ts', 'clientBench', {
    '/worker.js': await served('dist/worker.js', 'text/javascript'),
    '/core.wasm': await served('dist/core.wasm', 'application/wasm'),
    '/sqlite3.wasm': await served(SQLITE_WASM, 'application/wasm'),
  });
  try {
    printMachine(`Chromium ${page.version}, before`);
    const plan = effort();
    await compareRoundTrips(page, plan);
    const cells = await measure(page, plan);
    printMachine('after');
    printDepths(cells);
    printPeers(cells);
  } finally {
    await page.close();
  }
}

const SQLITE_WASM = 'node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm';

async function compareRoundTrips(page: BenchPage, { rounds }: Effort): Promise<void> {
  const results: RoundTrips[] = [];
  for (let round = 0; round <= rounds; round++) {
    const result = await page.page.evaluate(
      (count) => (window as unknown as PageWindow).clientBench.roundTrips(count),
      ROUND_TRIPS,
    );
    if (round > 0) results.push(result);
  }
  const times = (name: keyof RoundTrips) => median(results.map((result) => result[name]));
  const against = (name: keyof RoundTrips) => {
    const ratios = results.map((result) => result.command / result[name]);
    return `${median(ratios).toFixed(2)}x (${range(ratios, 2)})`;
  };
  console.log(`\none awaited GET through the worker: ${times('command').toFixed(0)} us`);
  console.log(
    `  a bare message there and back: ${times('message').toFixed(0)} us, ${against('message')}`,
  );
  console.log(
    `  a transferred buffer there and back: ${times('buffer').toFixed(0)} us, ${against('buffer')}`,
  );
}

type PageWindow = { clientBench: ClientBench };

async function measure(page: BenchPage, plan: Effort): Promise<Cell[]> {
  const names = await page.page.evaluate(() => (window as unknown as PageWindow).clientBench.names);
  const cells = names.flatMap((name) =>
    OPERATIONS.flatMap((operation) =>
      depthsOf(name).map((inFlight): Cell => ({ name, operation, inFlight, rates: [], cpu: [] })),
    ),
  );
  for (const cell of cells) await measureOnce(page, cell, plan.milliseconds * 2);
  for (let round = 0; round < plan.rounds; round++) {
    for (const cell of cells) {
      const { rate, cpu } = await measureOnce(page, cell, plan.milliseconds);
      cell.rates.push(rate);
      if (cpu !== null) cell.cpu.push(cpu);
    }
  }
  return cells;
}

/** The other stores run at full depth only. */
function depthsOf(name: string): readonly number[] {
  return /client/i.test(name) ? IN_FLIGHT : IN_FLIGHT.slice(-1);
}

async function measureOnce(
  page: BenchPage,
  { name, operation, inFlight }: Cell,
  ms: number,
): Promise<{ rate: number; cpu: number | null }> {
  const before = await page.cpuSeconds();
  const { commands, milliseconds } = await page.page.evaluate(
    ([who, what, depth, time]) =>
      (window as unknown as PageWindow).clientBench.run(who, what, depth, time),
    [name, operation, inFlight, ms] as const,
  );
  const after = await page.cpuSeconds();
  const cpu = before === null || after === null ? null : ((after - before) / commands) * 1e6;
  return { rate: (commands / milliseconds) * 1000, cpu };
}

/** Our ways, by the number of commands in flight. */
function printDepths(cells: readonly Cell[]): void {
  console.log(
    '\ncommands/s by the number in flight (at 1000: range; CPU us of the page a command)',
  );
  const headings = ['', '', ...IN_FLIGHT.map(String), 'range at 1000', 'CPU us'];
  const ours = cells.filter(({ name, inFlight }) => inFlight === 1 && depthsOf(name).length > 1);
  const rows = ours.map(({ name, operation }) => {
    const all = IN_FLIGHT.map((depth) => cellOf(cells, name, operation, depth));
    const deepest = all[all.length - 1] as Cell;
    const inThousands = range(
      deepest.rates.map((rate) => rate / 1000),
      0,
    );
    const rates = all.map((cell) => short(median(cell.rates)));
    return [name, operation, ...rates, `${inThousands} k`, median(deepest.cpu).toFixed(2)];
  });
  printTable(headings, rows, 2);
  for (const operation of OPERATIONS) {
    const { rates } = cellOf(cells, INLINE, operation, 1000);
    console.log(`inline: one ${operation} takes ${(1e6 / median(rates)).toFixed(2)} us`);
  }
}

function printPeers(cells: readonly Cell[]): void {
  console.log('\n1000 in flight; ratio: the core client through the worker against this one');
  const names = [...new Set(cells.map(({ name }) => name))];
  const rows = names.map((name) => [name, ...OPERATIONS.flatMap((op) => compare(cells, name, op))]);
  printTable(['', 'get/s', 'ratio', 'set/s', 'ratio'], rows);
}

function compare(cells: readonly Cell[], name: string, operation: Operation): string[] {
  const ours = cellOf(cells, WORKER, operation, 1000).rates;
  const theirs = cellOf(cells, name, operation, 1000).rates;
  const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
  return [short(median(theirs)), `${ratio.toFixed(ratio < 10 ? 2 : 0)}x`];
}

function cellOf(
  cells: readonly Cell[],
  name: string,
  operation: Operation,
  inFlight: number,
): Cell {
  const found = cells.find(
    (cell) => cell.name === name && cell.operation === operation && cell.inFlight === inFlight,
  );
  if (found === undefined) throw new Error(`nothing was measured of ${name}, ${operation}`);
  return found;
}
