/**
 * What a power cut leaves at the end of LevelDB's log, made with truncate(): Chromium goes on writing
 * behind it, and the next time that it starts the whole database would be gone (docs/RELIABILITY.md F25).
 */
import { mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openChromium } from './browsers.js';
import type { Life, Subject } from './subject.js';

const ANSWERS = 30;
/** Less than the last record of the log has. */
const TORN_BYTES = 13;

/** Writes until there are so many answers, then ends the browser. */
async function wear(life: Life, seed: number): Promise<void> {
  let answers = 0;
  await new Promise<void>((enough) => {
    life.begin({ seed, life: seed, inFlight: 1, snapshotEvery: 0 }, ({ kind }) => {
      if (kind === 'ok' && ++answers === ANSWERS) enough();
    });
  });
  await life.kill();
}

async function tearLog(profile: string): Promise<void> {
  const files = await readdir(profile, { recursive: true });
  const logs = files.filter((name) => /\.indexeddb\.leveldb\/\d+\.log$/.test(name)).sort();
  const log = join(profile, logs.at(-1) as string);
  await truncate(log, (await stat(log)).size - TORN_BYTES);
}

async function createdAgain(subject: Subject, directory: string): Promise<boolean> {
  const life = await subject.open(directory, 'always');
  await life.kill();
  return (life.report as { created: boolean }).created;
}

it('a store in Chromium outlives a torn log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-torn-'));
  const subject = await openChromium();
  try {
    await wear(await subject.open(directory, 'always'), 1);
    await tearLog(directory);
    await wear(await subject.open(directory, 'always'), 2);
    expect(await createdAgain(subject, directory)).toBe(false);
    expect(await createdAgain(subject, directory)).toBe(false);
  } finally {
    await subject.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
