/** README's examples run as they stand: in Chromium and in Node, over what is published. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  builtFile,
  launchChromium,
  type PageServer,
  servePage,
  type TestBrowser,
} from '../support/browser.js';

const ROOT = new URL('../../', import.meta.url);
const PAGE = `<!doctype html><meta charset="utf-8"><title>test</title>
<script type="importmap">{"imports":{"redstart":"/index.js","redstart/core":"/core.js"}}</script>`;

let examples: string[];
let server: PageServer;
let browser: TestBrowser;

beforeAll(async () => {
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  server = await servePage({
    '/': { type: 'text/html', body: PAGE },
    '/index.js': await builtFile('index.js'),
    '/core.js': await builtFile('core.js'),
    '/worker.js': await builtFile('worker.js'),
    '/core.wasm': await builtFile('core.wasm'),
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** The only example that has these words. */
function example(words: string): string {
  const found = examples.filter((code) => code.includes(words));
  expect(found, `examples with ${words}`).toHaveLength(1);
  return found[0] ?? '';
}

/** What a page prints that runs `code` as a module. */
async function printedInPage(code: string): Promise<string[]> {
  const page = await browser.context.newPage();
  const printed: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'log') printed.push(message.text());
  });
  const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
  try {
    await page.goto(server.origin);
    const ended = page.waitForFunction(() => document.title === 'ended');
    await page.addScriptTag({ type: 'module', content: `${code}\ndocument.title = 'ended';` });
    await Promise.race([ended, failed]);
  } finally {
    await page.close();
  }
  return printed;
}

async function printedInNode(code: string): Promise<string> {
  const args = ['--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(ROOT),
  });
  return stdout;
}

test('the first example counts on after a reload', async () => {
  const code = example("createClient({ name: 'my-app' })");
  expect(await printedInPage(code)).toEqual(['Ada 1 3600']);
  expect(await printedInPage(code)).toEqual(['Ada 2 3600']);
});

test('the first example runs in Node too', async () => {
  expect(await printedInNode(example("createClient({ name: 'my-app' })"))).toBe('Ada 1 3600\n');
});

test('the example of durable calls and files runs', async () => {
  const code = `import { createClient } from 'redstart';\n${example("name: 'orders'")}`;
  expect(await printedInPage(code)).toEqual(['ok true boolean true']);
});

test('the bare client runs', async () => {
  const code = `${example('redstart/core')}\nconsole.log(greeting, seconds); await store.close();`;
  expect(await printedInPage(code)).toEqual(['hello 60']);
});

test('the server in Node starts and ends', async () => {
  const code = example('createServer').replace('// redis:', 'console.log(server.port); //');
  expect(Number(await printedInNode(code))).toBeGreaterThan(0);
});
