/**
 * Chromium and Firefox as what is cut off: the profile is on the disk, a page writes through the
 * published package.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, rm, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { served } from '../../bench/support/bench-page.js';
import {
  bundleForPage,
  htmlFor,
  killBrowser,
  launchChromium,
  type ServedFile,
  type TestBrowser,
} from '../../support/browser.js';
import type { ToDriver, ToPage } from './messages.js';
import { type PageLink, Station } from './station.js';
import type { Life, Mode, Subject } from './subject.js';
import type { Plan } from './workload.js';
import type { Report } from './writer.js';

/** Long enough for a laden machine to start a browser and to replay a long journal. */
const OPEN_TIMEOUT_MS = 90_000;

/** Starts a browser on the profile, with that page; `kill` resolves when it is dead. */
type Launch = (profile: string, address: string) => Promise<{ kill(): Promise<void> }>;

export const openChromium = async () => ({
  ...(await openBrowser('chromium', launchOnce)),
  untilTurn: (directory: string) => untilNewLog(join(directory, 'chromium')),
});
export const openFirefox = () => openBrowser('firefox', launchFirefox);

async function openBrowser(name: string, launch: Launch): Promise<Subject> {
  const station = await Station.open(await pageFiles());
  return {
    name,
    open: async (directory, mode) => {
      const profile = join(directory, name);
      const browser = await launch(profile, pageAddress(station, mode));
      try {
        return await livePage(await station.nextPage(), () => browser.kill());
      } catch (error) {
        await browser.kill();
        throw error;
      }
    },
    close: () => station.close(),
  };
}

export function pageAddress({ origin }: Station, mode: Mode): string {
  return `${origin}/?mode=${mode}`;
}

export async function pageFiles(): Promise<Record<string, ServedFile>> {
  return {
    '/': htmlFor('/page.js'),
    '/page.js': await bundleForPage('test/reliability/power/page.ts'),
    '/index.js': await served('dist/index.js', 'text/javascript'),
    '/worker.js': await served('dist/worker.js', 'text/javascript'),
    '/core.wasm': await served('dist/core.wasm', 'application/wasm'),
    '/favicon.ico': { type: 'image/x-icon', body: '' },
  };
}

/** A page from its first words on. */
export function livePage(page: PageLink, kill: () => Promise<void>): Promise<Life> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`the page has said nothing in ${OPEN_TIMEOUT_MS} ms`));
    const timer = setTimeout(late, OPEN_TIMEOUT_MS);
    let hear: Report = () => {};
    const begin = (plan: Plan, report: Report) => {
      hear = report;
      page.send({ plan } satisfies ToPage);
    };
    page.listen((message) => {
      const said = message as ToDriver;
      if ('sights' in said) return said.sights.forEach(hear);
      clearTimeout(timer);
      if ('failure' in said) reject(new Error(`in the page: ${said.failure}`));
      else resolve({ cells: new Map(said.cells), report: said.report, begin, kill });
    });
  });
}

async function launchOnce(profileDir: string, address: string) {
  const { context } = await relaunchChromium(profileDir);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(address);
  return { kill: () => killBrowser(profileDir) };
}

/** On a profile whose last browser may have been killed. */
export async function relaunchChromium(profileDir: string): Promise<TestBrowser> {
  await mkdir(profileDir, { recursive: true });
  // They would make the new one look for the old one.
  for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) {
    await rm(join(profileDir, name), { force: true });
  }
  return launchChromium({ profileDir });
}

/**
 * LevelDB, below Chromium's IndexedDB, begins a new log after each 4 MB, and is not sure of the end of
 * the old one before the table made of it is on the disk (docs/RELIABILITY.md, F24).
 */
async function untilNewLog(profileDir: string): Promise<void> {
  const folder = join(profileDir, 'Default/IndexedDB');
  const database = (await readdir(folder)).find((name) => name.endsWith('.leveldb'));
  if (database === undefined) throw new Error(`no database in ${folder}`);
  for await (const { eventType, filename } of watch(join(folder, database))) {
    if (eventType === 'rename' && filename?.endsWith('.log')) return;
  }
}

// Firefox, without a driver: the page says all there is to say

const FIREFOX = process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr';

/** No first-run pages, no talk to Mozilla's hosts, no safe mode after the third crash. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': '',
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.enabled': false,
};

const firefoxes = new Set<ChildProcess>();

async function launchFirefox(profile: string, address: string) {
  await mkdir(profile, { recursive: true });
  for (const name of ['lock', '.parentlock']) await rm(join(profile, name), { force: true });
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const args = ['--headless', '--no-remote', '--profile', profile, address];
  const child = spawn(FIREFOX, args, { detached: true, stdio: 'ignore' });
  firefoxes.add(child);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
  const kill = async () => {
    killGroup(child);
    await ended;
    firefoxes.delete(child);
  };
  return { kill };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

process.once('exit', () => firefoxes.forEach(killGroup));
