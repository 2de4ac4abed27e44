/** Each part of a browser is killed while two clients read and write: kills.ts does it more often. */
import { expect, it } from 'vitest';
import { makeProfile, removeProfile } from '../support/browser.js';
import { openVictim, type Part } from './killed-browser.js';
import { type CutResult, runKills } from './power/run.js';

const KILLS = 2;
const PARTS: readonly Part[] = ['browser', 'renderer', 'worker'];

it.each(PARTS)('what was answered or read is there when the %s was killed', async (part) => {
  const directory = await makeProfile();
  const subject = await openVictim(part);
  const options = {
    mode: 'always',
    cuts: KILLS,
    seed: 31,
    snapshots: true,
    longestMs: 400,
  } as const;
  const results: CutResult[] = [];
  try {
    for await (const result of runKills(subject, directory, options)) results.push(result);
  } finally {
    await subject.close();
    await removeProfile(directory);
  }
  expect(results.map(({ torn, lost }) => [torn, lost])).toEqual(Array(KILLS).fill([null, 0]));
  for (const { seen } of results) expect(seen).toBeGreaterThan(10);
});
