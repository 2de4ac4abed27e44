/** A store in Chromium of which one part is killed: all of it, the page's process, or the worker. */
import { join } from 'node:path';
import type { Page } from 'playwright';
import { killBrowser, type TestBrowser } from '../support/browser.js';
import { livePage, pageAddress, pageFiles, relaunchChromium } from './power/browsers.js';
import type {} from './power/page.js';
import { Station } from './power/station.js';
import type { Subject } from './power/subject.js';

export type Part = 'browser' | 'renderer' | 'worker';

export async function openVictim(part: Part): Promise<Subject> {
  const station = await Station.open(await pageFiles());
  let browser: TestBrowser | null = null;
  const kill = async (page: Page) => {
    if (part === 'browser') {
      await killBrowser((browser as TestBrowser).profileDir);
      browser = null;
      return;
    }
    if (part === 'renderer') await killRenderers(browser as TestBrowser);
    else await page.evaluate(() => window.powerPage.endWorker());
    await page.close();
  };
  return {
    name: `chromium, ${part} killed`,
    open: async (directory, mode) => {
      browser ??= await relaunchChromium(join(directory, 'profile'));
      const { context } = browser;
      // The first may fall to the process that is dying.
      const page = await context.newPage().catch(() => context.newPage());
      // A page whose process is killed while it is closed says so.
      page.on('crash', () => {});
      await page.goto(pageAddress(station, mode));
      const link = await station.nextPage();
      return livePage(link, () => kill(page));
    },
    close: async () => {
      await browser?.close();
      await station.close();
    },
  };
}

async function killRenderers({ browser }: TestBrowser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { type, id } of processInfo) {
    if (type === 'renderer') process.kill(id, 'SIGKILL');
  }
  await session.detach();
}
