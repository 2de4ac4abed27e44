/** The real worker in a real browser: Chromium runs it over IndexedDB, a page passes the bytes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { bundleForPage, htmlFor, launchChromium, type ServedFile, servePage } from './browser.js';
import { Connection, type Pipe, type PipeEvents } from './connection.js';
import type { Store } from './targets.js';
import type { WorkerPage } from './worker-page.js';

const DIST = new URL('../../dist/', import.meta.url);
const PAGE_SCRIPT = fileURLToPath(new URL('worker-page.ts', import.meta.url));

type PageWindow = Window & { workerPage: WorkerPage };

export async function openWorker(): Promise<Store> {
  const [browser, server] = await Promise.all([launchChromium(), servePage(await pageFiles())]);
  const page = await browser.context.newPage();
  const pipes = new Map<number, PipeEvents>();
  await page.exposeFunction('passBytes', (id: number, base64: string | null) => {
    if (base64 === null) pipes.get(id)?.onClose();
    else pipes.get(id)?.onBytes(Buffer.from(base64, 'base64'));
  });
  await page.goto(server.origin);
  await page.waitForFunction(() => 'workerPage' in window);
  const connect = () => Connection.over((events) => openPipe(page, pipes, events));
  // A worker ends with its last client: this one stays.
  const anchor = await connect();
  return {
    connect,
    close: async () => {
      anchor.close();
      await browser.close();
      await server.close();
    },
  };
}

async function pageFiles(): Promise<Record<string, ServedFile>> {
  const dist = async (name: string, type: string) => ({
    type,
    body: await readFile(new URL(name, DIST)),
  });
  return {
    '/': htmlFor('/page.js'),
    '/page.js': await bundleForPage(PAGE_SCRIPT),
    '/worker.js': await dist('worker.js', 'text/javascript'),
    '/core.wasm': await dist('core.wasm', 'application/wasm'),
    '/command-docs.json': await dist('command-docs.json', 'application/json'),
  };
}

async function openPipe(
  page: Page,
  pipes: Map<number, PipeEvents>,
  events: PipeEvents,
): Promise<Pipe> {
  const id = await page.evaluate(() => (window as unknown as PageWindow).workerPage.open());
  pipes.set(id, events);
  return {
    write: (bytes) => {
      const base64 = Buffer.from(bytes).toString('base64');
      page
        .evaluate(([to, text]) => (window as unknown as PageWindow).workerPage.write(to, text), [
          id,
          base64,
        ] as const)
        .catch((error: Error) => events.onClose(error));
    },
    close: () => {
      page
        .evaluate((which) => (window as unknown as PageWindow).workerPage.close(which), id)
        .catch(() => {});
    },
  };
}
