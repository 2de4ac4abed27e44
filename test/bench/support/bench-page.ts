/** A cross-origin isolated page in Chromium, whose clock counts in steps of 5 microseconds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright';
import { ROOT } from '../../../scripts/files.js';
import { htmlFor, launchChromium, type ServedFile, servePage } from '../../support/browser.js';
import { threadSeconds } from './cpu.js';

const NO_ICON = { '/favicon.ico': { type: 'image/x-icon', body: '' } };
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
/** What createClient needs where no Buffer is; see scripts/build.ts. */
const BUFFER_SHIM = join(ROOT, 'src/client/buffer-shim.ts');

/** Other stores take their time to be filled. */
const READY_TIMEOUT_MS = 120_000;

export interface BenchPage {
  readonly page: Page;
  readonly version: string;
  /** CPU seconds of the page's threads whose name begins with `name`; null if unknown. */
  cpuSeconds(name?: string): Promise<number | null>;
  close(): Promise<void>;
}

/** Opens the page that runs `script`, which sets the global `ready`; `files` are beside it. */
export async function openBenchPage(
  script: string,
  ready: string,
  files: Readonly<Record<string, ServedFile>>,
): Promise<BenchPage> {
  const all = { '/': htmlFor('/page.js'), '/page.js': await bundle(script), ...NO_ICON, ...files };
  const [browser, server] = await Promise.all([launchChromium(), servePage(all, ISOLATED)]);
  const page = await browser.context.newPage();
  page.on('console', (line) => console.error(`in the page: ${line.text()}`));
  page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
  await page.goto(server.origin);
  await page.waitForFunction((name) => name in window, ready, { timeout: READY_TIMEOUT_MS });
  const session = await browser.browser.newBrowserCDPSession();
  return {
    page,
    version: browser.browser.version(),
    cpuSeconds: async (name = '') => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const renderers = processInfo.filter(({ type }) => type === 'renderer');
      return threadSeconds(
        renderers.map(({ id }) => id),
        name,
      );
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** `entry`, a path from the repository's root, and all it imports, as it would be shipped. */
export async function bundle(entry: string): Promise<ServedFile> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    inject: [BUFFER_SHIM],
    // Never reached in a page.
    external: ['node:module'],
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { type: 'text/javascript', body: output.contents };
}

/** A file of the repository, to be served as it is. */
export async function served(file: string, type: string): Promise<ServedFile> {
  return { type, body: await readFile(join(ROOT, file)) };
}
