/** Scripts in a real page: under a strict Content-Security-Policy, and stopped by another client. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  builtFile,
  htmlFor,
  launchChromium,
  type PageServer,
  servePage,
  type TestBrowser,
} from '../support/browser.js';

type Package = typeof import('../../src/index.js');

declare global {
  interface Window {
    scriptsPage: Package;
    /** What the policy has forbidden. */
    violations: string[];
  }
}

const JS = 'text/javascript';
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
const PAGE_SCRIPT = `
  import * as scriptsPage from './index.js';
  const violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(event.violatedDirective + ' ' + event.blockedURI);
  });
  Object.assign(window, { scriptsPage, violations });
`;

let browser: TestBrowser;
let server: PageServer;
let page: Page;
const said: string[] = [];

beforeAll(async () => {
  const files = {
    '/': htmlFor('/page.js'),
    '/page.js': { type: JS, body: PAGE_SCRIPT },
    '/index.js': await builtFile('index.js'),
    '/worker.js': await builtFile('worker.js'),
    '/core.wasm': await builtFile('core.wasm'),
    '/lua.wasm': await builtFile('lua.wasm'),
    '/assets/lua-1234.wasm': await builtFile('lua.wasm'),
  };
  server = await servePage(files, { 'content-security-policy': POLICY });
  browser = await launchChromium();
  page = await browser.context.newPage();
  // What a worker may not do is told on the console only.
  page.on('console', (message) => said.push(message.text()));
  await page.goto(server.origin);
  await page.waitForFunction(() => 'scriptsPage' in window);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const violations = async () => [
  ...(await page.evaluate(() => window.violations)),
  ...said.filter((text) => /Content.Security.Policy/i.test(text)),
];

test.each([
  ['beside the worker', {}],
  ['where luaUrl says', { luaUrl: '/assets/lua-1234.wasm' }],
])('a strict policy lets scripts run: lua.wasm %s', async (where, options) => {
  const seen = await page.evaluate(
    async ([name, given]) => {
      const store = { name, persistence: 'memory', ...given } as const;
      const client = await window.scriptsPage.createClient(store).connect();
      const script = "redis.call('SET',KEYS[1],ARGV[1]) return {cjson.encode({1}),KEYS[1]}";
      const reply = await client.eval(script, { keys: ['k'], arguments: ['v'] });
      const value = await client.get('k');
      await client.close();
      return { reply, value };
    },
    [where, options] as const,
  );
  expect(seen).toEqual({ reply: ['[1]', 'k'], value: 'v' });
  expect(await violations()).toEqual([]);
});

test('an endless script is killed by another client, and the page goes on meanwhile', async () => {
  const seen = await page.evaluate(async () => {
    const { createClient } = window.scriptsPage;
    const config = { 'busy-reply-threshold': '50' };
    const options = { name: 'endless', persistence: 'memory', config } as const;
    const runs = await createClient(options).connect();
    const other = await createClient(options).connect();
    const textOf = (error: Error) => error.message;
    let frames = 0;
    const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
    let isOver = false;
    const ended = runs
      .eval('while true do end')
      .catch(textOf)
      .finally(() => {
        isOver = true;
      });
    // The page's own tasks run while the script does.
    const busy: string[] = [];
    while (busy.length === 0) {
      await nextFrame();
      frames++;
      const reply = await other.get('k').catch(textOf);
      if (reply !== null) busy.push(reply);
    }
    const wasRunning = !isOver;
    const killed = await other.sendCommand(['SCRIPT', 'KILL']);
    const end = await ended;
    const after = await runs.eval('return 5');
    await Promise.all([runs.close(), other.close()]);
    return { busy, wasRunning, killed, end, after, frames };
  });
  expect(seen).toMatchObject({ wasRunning: true, killed: 'OK', after: 5 });
  expect(seen.busy[0]).toMatch(/^BUSY /);
  expect(seen.end).toContain('Script killed by user with SCRIPT KILL...');
  expect(seen.frames).toBeGreaterThan(0);
  expect(await violations()).toEqual([]);
});
