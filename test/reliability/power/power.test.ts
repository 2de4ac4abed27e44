/**
 * The power is cut under a store that writes, a few times: cut.ts does it hundreds of times. Where
 * disks cannot be mounted the cases are skipped, and say why.
 */
import { describe, expect, it } from 'vitest';
import { openChromium } from './browsers.js';
import { whyNoDisk } from './disk.js';
import { type CutResult, runCuts } from './run.js';
import { openOurServer } from './servers.js';
import type { Mode, Subject } from './subject.js';

const reason = await whyNoDisk();
if (reason !== null) console.log(`power cuts are skipped: ${reason}`);

const CUTS = 3;

async function cutsOf(open: () => Promise<Subject>, mode: Mode): Promise<CutResult[]> {
  const subject = await open();
  const options = { mode, cuts: CUTS, seed: 20, snapshots: true, longestMs: 1200 };
  const results: CutResult[] = [];
  try {
    for await (const result of runCuts(subject, options)) results.push(result);
  } finally {
    await subject.close();
  }
  return results;
}

describe.skipIf(reason !== null)('after a power cut', () => {
  it('Chromium has all that was answered under appendfsync always', async () => {
    const results = await cutsOf(openChromium, 'always');
    expect(results.map(({ torn, lost }) => [torn, lost])).toEqual(Array(CUTS).fill([null, 0]));
    for (const { seen } of results) expect(seen).toBeGreaterThan(10);
  });

  it('the server has all that was answered under appendfsync always', async () => {
    const results = await cutsOf(openOurServer, 'always');
    expect(results.map(({ torn, lost }) => [torn, lost])).toEqual(Array(CUTS).fill([null, 0]));
    for (const { seen } of results) expect(seen).toBeGreaterThan(10);
  });

  it('Chromium has a prefix under appendfsync everysec', async () => {
    const results = await cutsOf(openChromium, 'everysec');
    for (const { torn } of results) expect(torn).toBeNull();
  });
});
