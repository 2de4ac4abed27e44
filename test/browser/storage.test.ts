/**
 * Storage in a real Chromium: the shared contract, what the fake cannot show (durability of each
 * transaction, deletion by the browser, a second tab), and SIGKILL.
 */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT } from '../storage/contract.js';
import { SNAPSHOT_CONTRACT } from '../storage/contract-snapshots.js';
import {
  bundleForPage,
  htmlFor,
  killBrowser,
  launchChromium,
  makeProfile,
  type PageServer,
  removeProfile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';
import type {} from './pages/storage.js';

let server: PageServer;

beforeAll(async () => {
  const script = await bundleForPage('test/browser/pages/storage.ts');
  server = await servePage({ '/': htmlFor('/storage.js'), '/storage.js': script });
});

afterAll(() => server.close());

async function openPage({ context }: TestBrowser): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.origin);
  await page.waitForFunction(() => 'storageTest' in window);
  return page;
}

describe('storage in Chromium', () => {
  let browser: TestBrowser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser.close());

  it.each([...CONTRACT, ...SNAPSHOT_CONTRACT].map(({ title }) => title))('%s', async (title) => {
    const page = await openPage(browser);
    await page.evaluate((name) => window.storageTest.runCase(name), title);
    await page.close();
  });

  it('never mixes strict and relaxed transactions in one database', async () => {
    const page = await openPage(browser);
    const used = await page.evaluate(async () => {
      const test = window.storageTest;
      test.watchTransactions();
      for (const mode of ['always', 'no', 'everysec', 'no', 'always'] as const) {
        await test.open('durability', mode);
        test.append('x');
        await test.flush();
      }
      return test.durabilities();
    });
    expect(used).toEqual({
      'redstart/1/strict/durability': ['strict'],
      'redstart/1/relaxed/durability': ['relaxed'],
    });
    await page.close();
  });

  it('is fenced by another tab that opens the same store', async () => {
    const [older, newer] = [await openPage(browser), await openPage(browser)];
    const open = (page: Page) => page.evaluate(() => window.storageTest.open('tabs', 'always'));
    await open(older);
    const report = await open(newer);
    expect(report.epoch).toBe(2);
    const outcome = (page: Page) =>
      page.evaluate(() => {
        window.storageTest.append('x');
        return window.storageTest.flushFailure();
      });
    expect(await outcome(older)).toBe('FencedError');
    expect(await outcome(newer)).toBe('none');
    await older.close();
    await newer.close();
  });

  it('is taken over even from a tab that never stops writing, with nothing lost', async () => {
    const [older, newer] = [await openPage(browser), await openPage(browser)];
    let acknowledged = -1;
    const [enough, reportEnough] = signal();
    await older.exposeFunction('acknowledged', (line: number) => {
      acknowledged = line;
      if (line >= 50) reportEnough();
    });
    await older.evaluate(() => window.storageTest.open('busy', 'always'));
    const stopped = older.evaluate(() =>
      window.storageTest.appendForEver().catch((error: Error) => error.name),
    );
    await enough;
    const text = await newer.evaluate(async () => {
      await window.storageTest.open('busy', 'always');
      return window.storageTest.contents();
    });
    expect(await stopped).toBe('FencedError');
    const lines = text.split('\n').slice(0, -1);
    expect(lines).toEqual(lines.map((_, index) => String(index)));
    expect(lines.length).toBeGreaterThan(acknowledged);
    await older.close();
    await newer.close();
  });

  it('never writes back what the browser has cleared', async () => {
    const page = await openPage(browser);
    await page.evaluate(async () => {
      await window.storageTest.open('cleared', 'always');
      window.storageTest.append('x');
      await window.storageTest.flush();
    });
    const session = await browser.context.newCDPSession(page);
    await session.send('Storage.clearDataForOrigin', {
      origin: server.origin,
      storageTypes: 'indexeddb',
    });
    const outcome = await page.evaluate(() => {
      try {
        window.storageTest.append('y');
      } catch (error) {
        return String((error as { kind?: string }).kind);
      }
      return window.storageTest.flushFailure();
    });
    expect(outcome).toMatch(/wiped$/);
    const left = await page.evaluate(async () => (await indexedDB.databases()).map((d) => d.name));
    expect(left).not.toContain('redstart/1/strict/cleared');
    await page.close();
  });
});

describe('storage and SIGKILL', () => {
  it('has after the kill everything that was acknowledged, and a prefix', async () => {
    const profileDir = await makeProfile();
    let acknowledged = -1;
    const [enough, reportEnough] = signal();
    const first = await launchChromium({ profileDir });
    const page = await openPage(first);
    await page.exposeFunction('acknowledged', (line: number) => {
      acknowledged = line;
      if (line >= 200) reportEnough();
    });
    await page.evaluate(async () => {
      await window.storageTest.open('killed', 'always');
      void window.storageTest.appendForEver();
    });
    await enough;
    await killBrowser(profileDir);
    const last = acknowledged;

    const second = await launchChromium({ profileDir });
    const again = await openPage(second);
    const [report, text] = await again.evaluate(
      async () =>
        [
          await window.storageTest.open('killed', 'always'),
          await window.storageTest.contents(),
        ] as const,
    );
    await second.close();
    await removeProfile(profileDir);

    const lines = text.split('\n').slice(0, -1);
    expect(lines).toEqual(lines.map((_, index) => String(index)));
    expect(lines.length).toBeGreaterThan(last);
    expect(report).toMatchObject({ epoch: 2, damaged: null });
  });
});

function signal(): [Promise<void>, () => void] {
  let ring = () => {};
  const rung = new Promise<void>((resolve) => {
    ring = resolve;
  });
  return [rung, ring];
}
