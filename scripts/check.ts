/**
 * `npm run check`: everything about the code that can be told without running it. All checks
 * run, each failure shows what the tool said, and a table of the results comes last.
 *
 * With REDSTART_REPORT=file the results are also written there as JSON.
 */
import { writeFile } from 'node:fs/promises';
import { generateTable } from './generate-table.js';
import { program, run, tool } from './program.js';

interface Check {
  name: string;
  command: string;
  args: string[];
}

const CHECKS: Check[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types of the core', command: 'tsc', args: ['-p', 'assembly'] },
  { name: 'lint and format', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'dead code', command: 'knip', args: ['--no-gitignore'] },
  {
    name: 'compatibility page',
    command: 'tsx',
    args: ['scripts/generate-compatibility.ts', '--check'],
  },
  {
    name: 'configuration page',
    command: 'tsx',
    args: ['scripts/generate-configuration.ts', '--check'],
  },
  { name: 'tidy', command: 'vitest', args: ['run', '--reporter=dot', 'test/tidy.test.ts'] },
];

interface Result {
  name: string;
  passed: boolean;
}

await program(import.meta.url, async () => {
  await generateTable();
  const results: Result[] = [];
  for (const check of CHECKS) results.push(await runCheck(check));
  for (const { name, passed } of results) console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name}`);
  const report = process.env.REDSTART_REPORT;
  if (report) await writeFile(report, JSON.stringify(results));
  if (!results.every(({ passed }) => passed)) process.exitCode = 1;
});

async function runCheck({ name, command, args }: Check): Promise<Result> {
  const { status, output } = await run(tool(command), args, { capture: true });
  if (status !== 0) console.log(`--- ${name}: ${command} ${args.join(' ')}\n${output.trim()}\n`);
  return { name, passed: status === 0 };
}
