/**
 * Fills the disk (server) or the quota (Chromium) under a store that writes, and frees it, again and
 * again; kills it in the end and compares:
 *
 *   npx tsx test/reliability/full.ts --what server|chromium --mode always --cycles 20
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { program } from '../../scripts/program.js';
import { openQuota, openSmallDisk, REFUSAL, runCycles } from './full-disk.js';
import { isWhole } from './power/verdict.js';

await program(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      what: { type: 'string', default: 'chromium' },
      mode: { type: 'string', default: 'always' },
      cycles: { type: 'string', default: '5' },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'redstart-full-'));
  const space = values.what === 'server' ? await openSmallDisk() : await openQuota(directory);
  try {
    const mode = values.mode as 'always' | 'everysec' | 'no';
    const { cycles, verdict, refusals } = await runCycles(space, mode, Number(values.cycles));
    for (const cycle of cycles) console.log(JSON.stringify(cycle));
    const times = cycles.map(({ resumedMs }) => resumedMs).sort((a, b) => a - b);
    const resumed = { median: times[times.length >> 1], longest: times.at(-1) };
    console.log(JSON.stringify({ cycles: cycles.length, resumed, ...verdict, refusals }));
    const right = refusals.every((text) => REFUSAL.test(text));
    if (!isWhole(verdict, mode) || !right || (resumed.longest ?? 0) > 2000) process.exitCode = 1;
  } finally {
    await space.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
