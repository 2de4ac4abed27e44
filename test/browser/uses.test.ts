/** What people do with Redis, through `createClient()` of the built package in a real page. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, test } from 'vitest';
import {
  builtFile,
  bundleForPage,
  htmlFor,
  launchChromium,
  type PageServer,
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

beforeAll(async () => {
  server = await servePage({
    '/': htmlFor('/page.js'),
    '/page.js': await bundleForPage(SCRIPT),
    '/index.js': await builtFile('index.js'),
    '/worker.js': await builtFile('worker.js'),
    '/core.wasm': await builtFile('core.wasm'),
    '/lua.wasm': await builtFile('lua.wasm'),
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
