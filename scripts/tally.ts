/**
 * The last line of .ci/run: reads the reports of `npm test` and `npm run check` and prints
 * `N passed, N failed`. A report that is missing is a failure, and so is a step that ended
 * badly without a failed test: nothing that went wrong may look green.
 *
 *   tally TEST_REPORT TEST_STATUS CHECK_REPORT CHECK_STATUS
 */
import { readFile } from 'node:fs/promises';
import { program } from './program.js';

interface Tally {
  passed: number;
  failed: number;
}

/** The parts of Vitest's JSON report that are counted. */
interface TestReport {
  numPassedTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

await program(import.meta.url, async ([testReport, testStatus, checkReport, checkStatus]) => {
  const tests = guard(countTests(await readJson(testReport)), testStatus);
  const checks = guard(countChecks(await readJson(checkReport)), checkStatus);
  const passed = tests.passed + checks.passed;
  const failed = tests.failed + checks.failed;
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

/** A test that failed counts as one, and so does a file that could not be run. */
function countTests(report: unknown): Tally {
  if (report === undefined) return { passed: 0, failed: 0 };
  const { numPassedTests, testResults } = report as TestReport;
  let failed = 0;
  for (const file of testResults) {
    const failures = file.assertionResults.filter(({ status }) => status === 'failed').length;
    failed += failures === 0 && file.status === 'failed' ? 1 : failures;
  }
  return { passed: numPassedTests, failed };
}

function countChecks(report: unknown): Tally {
  const results = (report ?? []) as { passed: boolean }[];
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed };
}

/** At least one failure when the step's exit status says so, or when it counted nothing. */
function guard({ passed, failed }: Tally, status: string | undefined): Tally {
  const wentWrong = status !== '0' || passed + failed === 0;
  return { passed, failed: wentWrong ? Math.max(failed, 1) : failed };
}

async function readJson(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  return readFile(file, 'utf8').then(JSON.parse, () => undefined);
}
