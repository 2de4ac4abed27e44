/**
 * `npm test [-- NAME]`: brings what the tests need, builds, and runs the test files whose path
 * contains NAME (all without it). Other arguments go to Vitest as they are.
 *
 * With REDSTART_REPORT=file Vitest's report is also written there as JSON.
 */
import { build } from './build.js';
import { program, run, tool } from './program.js';
import { setup } from './setup.js';

await program(import.meta.url, async (args) => {
  await setup();
  await build();
  const { status } = await run(tool('vitest'), ['run', ...reporters(), ...args]);
  process.exitCode = status;
});

function reporters(): string[] {
  const report = process.env.REDSTART_REPORT;
  if (!report) return [];
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
}
