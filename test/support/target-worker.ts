/** The real worker in a real browser: Chromium runs it over IndexedDB, a page passes the bytes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { bundleForPage, htmlFor, launchChromium, type ServedFile, servePage } from './browser.js';
import { Connection, type Pipe, type PipeEvents } from './connection.js';
import type { Store } from './targets.js';
import type { PipeBytes, WorkerPage } from './worker-page.js';

const DIST = new URL('../../dist/', import.meta.url);
const PAGE_SCRIPT = fileURLToPath(new URL('worker-page.ts', import.meta.url));

type PageWindow = Window & { workerPage: WorkerPage };

export async function openWorker(): Promise<Store> {
  const [browser, server] = await Promise.all([launchChromium(), servePage(await pageFiles())]);
  const page = await browser.context.newPage();
  const pipes = new Map<number, PipeEvents>();
  await page.exposeFunction('passBytes', (items: readonly PipeBytes[]) => {
    for (const [id, base64] of items) {
      if (base64 === null) pipes.get(id)?.onClose();
      else pipes.get(id)?.onBytes(Buffer.from(base64, 'base64'));
    }
  });
  await page.goto(server.origin);
  await page.waitForFunction(() => 'workerPage' in window);
  const outbox = new Outbox(page);
  const connect = () => Connection.over((events) => openPipe(page, outbox, pipes, events));
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
    '/lua.wasm': await dist('lua.wasm', 'application/wasm'),
    '/command-docs.json': await dist('command-docs.json', 'application/json'),
  };
}

async function openPipe(
  page: Page,
  outbox: Outbox,
  pipes: Map<number, PipeEvents>,
  events: PipeEvents,
): Promise<Pipe> {
  const id = await page.evaluate(() => (window as unknown as PageWindow).workerPage.open());
  pipes.set(id, events);
  return {
    write: (bytes) => outbox.put([id, Buffer.from(bytes).toString('base64')]),
    close: () => outbox.put([id, null]),
  };
}

/** Everything that is written in one turn goes to the page in one message. */
class Outbox {
  private items: PipeBytes[] = [];

  constructor(private readonly page: Page) {}

  put(item: PipeBytes): void {
    this.items.push(item);
    if (this.items.length === 1) setImmediate(() => this.send());
  }

  private send(): void {
    const items = this.items;
    this.items = [];
    // When the page is gone, so are its pipes: whoever waits for a reply will say so.
    this.page
      .evaluate((all) => (window as unknown as PageWindow).workerPage.deliver(all), items)
      .catch(() => {});
  }
}
