/**
 * `npm run bench [-- QUESTION ...] [--quick]`: builds, then runs test/bench/QUESTION.bench.ts,
 * all of them without a QUESTION. A question that does not exist lists those that do. With
 * `--quick` they take about a minute each and are less exact (test/bench/support/options.ts).
 *
 * A benchmark is a module that exports `run(): Promise<void>` and prints ratios that were
 * measured in one run on one machine.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.js';
import { ROOT } from './files.js';
import { program } from './program.js';
import { setup } from './setup.js';

const FOLDER = join(ROOT, 'test/bench');
const ENDING = '.bench.ts';
const QUICK = '--quick';

await program(import.meta.url, async (args) => {
  const known = await questions();
  const named = args.filter((word) => word !== QUICK);
  const asked = named.length > 0 ? named : known;
  const unknown = asked.filter((question) => !known.includes(question));
  if (unknown.length > 0 || known.length === 0) throw new Error(listing(unknown, known));
  await setup();
  await build();
  for (const question of asked) await answer(question);
});

async function questions(): Promise<string[]> {
  if (!existsSync(FOLDER)) return [];
  return (await readdir(FOLDER))
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

async function answer(question: string): Promise<void> {
  console.log(`\n# ${question}\n`);
  const file = pathToFileURL(join(FOLDER, question + ENDING)).href;
  const { run } = (await import(file)) as { run(): Promise<void> };
  await run();
}

function listing(unknown: string[], known: string[]): string {
  const why = unknown.length > 0 ? `There is no question "${unknown.join('", "')}". ` : '';
  return `${why}The questions: ${known.join(', ') || 'none yet'}`;
}
