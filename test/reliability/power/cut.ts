/**
 * Cuts the power under a store, again and again, and counts what is lost:
 *
 *   npx tsx test/reliability/power/cut.ts --browser chromium --mode always --cuts 200
 *   npx tsx test/reliability/power/cut.ts --server redis --mode everysec --cuts 20 --snapshots no
 *
 *   npx tsx test/reliability/power/cut.ts --browser chromium --at turn --cuts 20
 *
 * `--browser chromium|firefox` or `--server redstart|redis`; `--seed N` gives the same writes again.
 * `--at turn` cuts when Chromium begins a new file, `--keep yes` keeps the disk of a broken promise.
 * Each cut is a line of JSON, the sum comes last; the status is 1 if a promise was broken.
 */
import { parseArgs } from 'node:util';
import { program } from '../../../scripts/program.js';
import { openChromium, openFirefox } from './browsers.js';
import { whyNoDisk } from './disk.js';
import { printResults } from './print.js';
import { runCuts } from './run.js';
import { openOurServer, openRedisServer } from './servers.js';
import type { Mode, Subject } from './subject.js';

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  'browser chromium': openChromium,
  'browser firefox': openFirefox,
  'server redstart': openOurServer,
  'server redis': openRedisServer,
};

await program(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      browser: { type: 'string' },
      server: { type: 'string' },
      mode: { type: 'string', default: 'always' },
      cuts: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      at: { type: 'string', default: 'any' },
      keep: { type: 'string', default: 'no' },
      longest: { type: 'string', default: '2500' },
      snapshots: { type: 'string', default: 'yes' },
    },
  });
  const { browser, server, mode } = values;
  const name = server === undefined ? `browser ${browser ?? 'chromium'}` : `server ${server}`;
  const open = SUBJECTS[name];
  if (open === undefined) throw new Error(`Known are: ${Object.keys(SUBJECTS).join(', ')}`);
  const reason = await whyNoDisk();
  if (reason !== null) throw new Error(`The power cannot be cut here: ${reason}`);
  const subject = await open();
  const options = {
    mode: mode as Mode,
    cuts: Number(values.cuts),
    seed: Number(values.seed),
    snapshots: values.snapshots === 'yes',
    longestMs: Number(values.longest),
    atTurn: values.at === 'turn',
    keepsBroken: values.keep === 'yes',
  };
  try {
    await printResults(runCuts(subject, options));
  } finally {
    await subject.close();
  }
});
