/**
 * What a power cut leaves at the end of LevelDB's log and of its MANIFEST, made by hand: Chromium goes on
 * writing behind it, and the next time that it starts the whole database would be gone (docs/RELIABILITY.md
 * F25).
 */
import { appendFile, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openChromium } from './browsers.js';
import type { Life, Subject } from './subject.js';

const ANSWERS = 30;
/** Less than the last record of the log has. */
const TORN_BYTES = 13;
/** Of a record whose length has reached the disk before its bytes. */
const ZERO_BYTES = 100;

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

async function newest(profile: string, kind: RegExp): Promise<string> {
  const files = await readdir(profile, { recursive: true });
  const found = files.filter((path) => path.includes('.indexeddb.leveldb/') && kind.test(path));
  return join(profile, found.sort().at(-1) as string);
}

async function tearLog(profile: string): Promise<void> {
  const log = await newest(profile, /\/\d+\.log$/);
  await truncate(log, (await stat(log)).size - TORN_BYTES);
}

async function tearManifest(profile: string): Promise<void> {
  await appendFile(await newest(profile, /\/MANIFEST-\d+$/), new Uint8Array(ZERO_BYTES));
}

async function tearBoth(profile: string): Promise<void> {
  await tearLog(profile);
  await tearManifest(profile);
}

async function createdAgain(subject: Subject, directory: string): Promise<boolean> {
  const life = await subject.open(directory, 'always');
  await life.kill();
  return (life.report as { created: boolean }).created;
}

it.each([
  ['log', tearLog],
  ['MANIFEST', tearManifest],
  ['log and MANIFEST', tearBoth],
])('a store in Chromium outlives a torn %s', async (_, tear) => {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-torn-'));
  const subject = await openChromium();
  try {
    await wear(await subject.open(directory, 'always'), 1);
    await tear(directory);
    await wear(await subject.open(directory, 'always'), 2);
    expect(await createdAgain(subject, directory)).toBe(false);
    expect(await createdAgain(subject, directory)).toBe(false);
  } finally {
    await subject.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
});
