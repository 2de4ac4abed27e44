/**
 * Runs many seeds of the simulation: `npx tsx test/reliability/simulate.ts storage|host FROM COUNT`.
 */
import { hostLives } from './host-life.js';
import { installGlobals } from './simulated-indexeddb.js';
import { type Outcome, simulate } from './simulation.js';
import { World } from './world.js';

const [what = 'storage', from = '1', count = '1000'] = process.argv.slice(2);

/** How often it is told how far it is. */
const SEEDS_A_LINE = 2500;

/** Violations that are told with their last events. */
const SHOWN_MAX = 5;

function show({ seed, hash, steps, violation, trace }: Outcome): void {
  console.log(`seed ${seed}, step ${steps}, hash ${hash}: ${violation}`);
  for (const line of trace) console.log(`  ${line}`);
}

async function main(): Promise<void> {
  installGlobals();
  if (Number(count) === 1) World.traceLength = Number.POSITIVE_INFINITY;
  const startedAt = performance.now();
  const sums = { steps: 0, entries: 0, owners: 0, violations: 0 };
  const makeLife = what === 'host' ? await hostLives() : undefined;
  for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
    const outcome = await simulate(seed, makeLife);
    sums.steps += outcome.steps;
    sums.entries += outcome.entries;
    sums.owners += outcome.owners;
    if (seed % SEEDS_A_LINE === 0) console.log(`${seed}: ${JSON.stringify(sums)}`);
    if (outcome.violation === null) continue;
    sums.violations++;
    if (sums.violations <= SHOWN_MAX) show(outcome);
    else console.log(`seed ${seed}: ${outcome.violation}`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${count} seeds in ${seconds.toFixed(1)} s:`, JSON.stringify(sums));
  process.exitCode = sums.violations === 0 ? 0 : 1;
}

void main();
