/** What people do with Redis, through `createClient()` of the built package in a real page. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, test } from 'vitest';
import {
  bundleForPage,
  htmlFor,
  launchChromium,
  type PageServer,
  type ServedFile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';

const USES = [
  'cacheAside',
  'sessions',
  'fixedWindowRateLimit',
  'slidingWindowRateLimit',
  'leaderboard',
  'publishAndSubscribe',
  'jobQueue',
  'distributedLock',
  'countersByDay',
  'pipelines',
  'connectionPool',
  'password',
  'decodedAndRaw',
  'errors',
  'information',
];
const SCRIPT = fileURLToPath(new URL('pages/uses.ts', import.meta.url));

let browser: TestBrowser;
let server: PageServer;
let page: Page;

const built = async (name: string, type: string): Promise<ServedFile> => ({
  type,
  body: await readFile(new URL(`../../dist/${name}`, import.meta.url)),
});

beforeAll(async () => {
  server = await servePage({
    '/': htmlFor('/page.js'),
    '/page.js': await bundleForPage(SCRIPT),
    '/index.js': await built('index.js', 'text/javascript'),
    '/worker.js': await built('worker.js', 'text/javascript'),
    '/core.wasm': await built('core.wasm', 'application/wasm'),
    '/lua.wasm': await built('lua.wasm', 'application/wasm'),
  });
  browser = await launchChromium();
  page = await browser.context.newPage();
  await page.goto(server.origin);
  await page.waitForFunction(() => 'usesPage' in window);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test.each(USES)('%s', (name) => page.evaluate((use) => window.usesPage.runUse(use), name));
