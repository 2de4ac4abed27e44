/**
 * Kills the browser, the page's process or the worker while two clients read and write, again and
 * again, and counts what is lost and what was read and is gone:
 *
 *   npx tsx test/reliability/kills.ts --what browser --mode always --kills 100
 *
 * `--what browser|renderer|worker`. SIGKILL alone proves nothing about `always` (docs/RELIABILITY.md,
 * F1): the page cache survives it. It proves that nothing is promised before it has left the process.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { program } from '../../scripts/program.js';
import { openVictim, type Part } from './killed-browser.js';
import { printResults } from './power/print.js';
import { runKills } from './power/run.js';
import type { Mode } from './power/subject.js';

await program(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      what: { type: 'string', default: 'browser' },
      mode: { type: 'string', default: 'always' },
      kills: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      snapshots: { type: 'string', default: 'yes' },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'redstart-kills-'));
  const subject = await openVictim(values.what as Part);
  const options = {
    mode: values.mode as Mode,
    cuts: Number(values.kills),
    seed: Number(values.seed),
    snapshots: values.snapshots === 'yes',
    longestMs: 400,
  };
  try {
    await printResults(runKills(subject, directory, options));
  } finally {
    await subject.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
