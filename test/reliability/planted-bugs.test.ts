/**
 * Each planted bug makes the test fail that is said to notice it (docs/RELIABILITY.md R22).
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { PLANTED_BUGS } from './planted-bugs.js';

const ROOT = new URL('../../', import.meta.url);
const RESULT = /^planted: (.*)$/m;
const RUN_MS_MAX = 180_000;

let results: Record<string, string[]> = {};

/** One Vitest for all of them, in a process of its own. */
beforeAll(async () => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$)/.test(name)),
  );
  const program = ['--import', 'tsx', 'test/reliability/run-planted.ts'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, program, {
    cwd: ROOT,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  const found = RESULT.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`no results:\n${stdout}\n${stderr}`);
  results = JSON.parse(found) as Record<string, string[]>;
}, RUN_MS_MAX);

test.each(PLANTED_BUGS)('$title: noticed by $test', ({ title }) => {
  expect(results[title]).toEqual([expect.stringMatching(/^failed: /)]);
});
