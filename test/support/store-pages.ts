/** A page that imports the package from dist, for the suites about its worker. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll } from 'vitest';
import {
  builtFile,
  htmlFor,
  launchChromium,
  type PageServer,
  type ServedFile,
  servePage,
  type TestBrowser,
} from './browser.js';

type Package = typeof import('../../src/index.js');
type Core = typeof import('../../src/core.js');

declare global {
  interface Window {
    /** What the page's script imports. */
    redstart: Package;
    redstartCore: Core;
    /** What one step of a test keeps for the next. */
    kept: { client: ReturnType<Package['createClient']>; errors: string[] } | undefined;
  }
}

type Failure = { name: string; code: string; message: string };

const JS = 'text/javascript';
export const WASM = 'application/wasm';
const PAGE = htmlFor('/page.js');
const PAGE_SCRIPT = `
  import * as redstart from './index.js';
  import * as redstartCore from './core.js';
  Object.assign(window, { redstart, redstartCore });
`;

export const script = (body: string): ServedFile => ({ type: JS, body });

export interface StorePages {
  /** What `serve` serves. */
  readonly files: Readonly<Record<string, ServedFile>>;
  /** The files of the package with `changes`, null for one that is not there. */
  serve(
    changes?: Record<string, ServedFile | null>,
    headers?: Record<string, string>,
  ): Promise<PageServer>;
  openPage(server: PageServer, path?: string): Promise<Page>;
}

/** Chromium for the suite of the caller; its pages and servers end with each test. */
export function useStorePages(): StorePages {
  let browser: TestBrowser;
  let files: Record<string, ServedFile>;
  const servers: PageServer[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    files = {
      '/': PAGE,
      '/away': PAGE,
      '/page.js': script(PAGE_SCRIPT),
      '/index.js': await builtFile('index.js'),
      '/core.js': await builtFile('core.js'),
      '/worker.js': await builtFile('worker.js'),
      '/core.wasm': await builtFile('core.wasm'),
    };
    browser = await launchChromium();
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map((page) => page.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => browser.close());
  return {
    get files() {
      return files;
    },
    async serve(changes = {}, headers = {}) {
      const all = Object.entries({ ...files, ...changes }).filter(([, file]) => file !== null);
      const server = await servePage(
        Object.fromEntries(all) as Record<string, ServedFile>,
        headers,
      );
      servers.push(server);
      return server;
    },
    async openPage(server, path = '/') {
      const page = await browser.context.newPage();
      pages.push(page);
      await goTo(page, server.origin + path);
      return page;
    },
  };
}

export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'redstart' in window);
}

/** Tries to connect; null, or how that failed. */
export function tryToConnect(page: Page, options: object = {}): Promise<Failure | null> {
  return page.evaluate(async (given) => {
    const { createClient, RedstartError } = window.redstart;
    const client = createClient({ loadTimeoutMs: 3000, ...given });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.close();
      return null;
    } catch (error) {
      const { name, code, message } = error as Failure;
      if (!(error instanceof RedstartError)) throw error;
      return { name, code, message };
    }
  }, options);
}
