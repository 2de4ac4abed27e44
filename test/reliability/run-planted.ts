/**
 * Runs each planted bug against its test, all in one Vitest, and prints for each what the tests of that
 * name have come to: `npx tsx test/reliability/run-planted.ts`.
 */
import type { Plugin } from 'vite';
import { startVitest } from 'vitest/node';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.js';

const ROOT = new URL('../../', import.meta.url).pathname;
/** The last line of output begins with this. */
export const RESULT_MARK = 'planted: ';

function planting(bug: PlantedBug): Plugin {
  return {
    name: 'planted-bug',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(`/${bug.path}`)) return null;
      if (!code.includes(bug.find)) throw new Error(`${bug.title}: ${bug.path} is another by now`);
      return { code: code.replace(bug.find, () => bug.put), map: null };
    },
  };
}

function asPattern(text: string): string {
  return `${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
}

async function main(): Promise<void> {
  delete process.env.VITEST;
  const [only = ''] = process.argv.slice(2);
  const bugs = PLANTED_BUGS.filter(({ title }) => title.includes(only));
  const names = new Set(bugs.map(({ test }) => asPattern(test)));
  const vitest = await startVitest('test', [], {
    root: ROOT,
    config: false,
    watch: false,
    reporters: [{}],
    testNamePattern: [...names].join('|'),
    maxWorkers: 2,
    testTimeout: 60_000,
    projects: bugs.map((bug) => ({
      root: ROOT,
      plugins: [planting(bug)],
      test: { name: bug.title, include: [bug.file], environment: 'node' },
    })),
  });
  const results = new Map(bugs.map(({ title }) => [title, [] as string[]]));
  for (const module of vitest.state.getTestModules()) {
    const bug = bugs.find(({ title }) => title === module.project.name);
    if (bug === undefined) continue;
    const list = results.get(bug.title);
    for (const error of module.errors()) list?.push(`broken: ${error.message}`);
    for (const test of module.children.allTests()) {
      if (!test.fullName.endsWith(bug.test)) continue;
      const { state, errors } = test.result();
      list?.push(state === 'failed' ? `failed: ${errors[0]?.message.slice(0, 300)}` : state);
    }
  }
  await vitest.close();
  console.log(RESULT_MARK + JSON.stringify(Object.fromEntries(results)));
  process.exit(0);
}

void main();
