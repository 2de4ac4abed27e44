/**
 * How a store is kept, as the app sees it, in a real Chromium: durable calls, what was deleted from
 * outside, files, and the end of a store.
 */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  builtFile,
  htmlFor,
  killBrowser,
  launchChromium,
  makeProfile,
  type PageServer,
  removeProfile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';

type Package = typeof import('../../src/index.js');
type Client = ReturnType<Package['createClient']>;

declare global {
  interface Window {
    durabilityPage: Package;
    /** Of the client that a step has left for the next one. */
    left: { client: Client; heard: string[] };
  }
}

const JS = 'text/javascript';
const PAGE_SCRIPT = `
  import * as durabilityPage from './index.js';
  Object.assign(window, { durabilityPage });
`;

let server: PageServer;
let browser: TestBrowser;
const pages: Page[] = [];

beforeAll(async () => {
  server = await servePage({
    '/': htmlFor('/page.js'),
    '/page.js': { type: JS, body: PAGE_SCRIPT },
    '/index.js': await builtFile('index.js'),
    '/worker.js': await builtFile('worker.js'),
    '/core.wasm': await builtFile('core.wasm'),
  });
  browser = await launchChromium();
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage({ context }: TestBrowser = browser): Promise<Page> {
  const page = await context.newPage();
  if (context === browser.context) pages.push(page);
  await page.goto(server.origin);
  await page.waitForFunction(() => 'durabilityPage' in window);
  return page;
}

/** Connects a client that notes down what it hears of persistence, and leaves it in the page. */
async function leaveClient(page: Page, name: string): Promise<void> {
  await page.evaluate(async (store) => {
    const client = window.durabilityPage.createClient({ name: store });
    const heard: string[] = [];
    client.on('persistence', ({ state, message }) => heard.push(`${state}: ${message}`));
    client.on('error', (error) => heard.push(error.name));
    window.left = { client, heard };
    await client.connect();
    heard.push('connected');
  }, name);
}

const heard = (page: Page) => page.evaluate(() => window.left.heard);

/** Deletes IndexedDB of the origin, as the user can in the browser's settings. */
async function deleteDatabases(page: Page): Promise<void> {
  const session = await browser.context.newCDPSession(page);
  const what = { origin: server.origin, storageTypes: 'indexeddb' };
  await session.send('Storage.clearDataForOrigin', what);
  await session.detach();
}

describe('a durable call', () => {
  test('outlives SIGKILL to the whole browser, under everysec', async () => {
    const profileDir = await makeProfile();
    try {
      const page = await openPage(await launchChromium({ profileDir }));
      await page.evaluate(async () => {
        const client = await window.durabilityPage.createClient({ name: 'kill' }).connect();
        const durable = client.withCommandOptions({ durable: true });
        await client.set('first', 'goes at once, and so those behind it wait');
        const keys = Array.from({ length: 100 }, (_, index) => `key:${index}`);
        await Promise.all(keys.map((key) => durable.set(key, 'v')));
        await durable.multi().incr('n').incr('n').exec();
      });
      await killBrowser(profileDir);
      const again = await launchChromium({ profileDir });
      try {
        const found = await (await openPage(again)).evaluate(async () => {
          const client = await window.durabilityPage.createClient({ name: 'kill' }).connect();
          return [await client.dbSize(), await client.get('n')];
        });
        expect(found).toEqual([102, '2']);
      } finally {
        await again.close();
      }
    } finally {
      await removeProfile(profileDir);
    }
  });

  test.each([
    ['in memory', { persistence: 'memory' }],
    ['under appendfsync no', { config: { appendfsync: 'no' } }],
  ] as const)('is rejected %s', async (_, options) => {
    const page = await openPage();
    const outcome = await page.evaluate(async (given) => {
      const client = await window.durabilityPage.createClient({ name: 'lax', ...given }).connect();
      const durable = client.withCommandOptions({ durable: true });
      const outcome = await durable.set('k', 'v').catch((error: Error) => error.name);
      await client.close();
      return outcome;
    }, options);
    expect(outcome).toBe('StorageError');
  });
});

describe('data that were deleted from outside', () => {
  test('while the store was open are not written back: clients go on with a new one', async () => {
    const page = await openPage();
    await leaveClient(page, 'cleared');
    await page.evaluate(async () => {
      await window.left.client.set('k', 'v');
      await window.left.client.flush();
      // Not on disk yet.
      await window.left.client.set('later', 'v');
    });
    await deleteDatabases(page);
    await expect.poll(() => heard(page)).toContainEqual(expect.stringMatching(/^wiped: /));
    const after = await page.evaluate(async () => {
      const { client } = window.left;
      const size = await client.dbSize();
      await client.set('new', 'v');
      await client.flush();
      return { size, keys: await client.keys('*') };
    });
    expect(after).toEqual({ size: 0, keys: ['new'] });
    // Chromium may refuse to open a database that it is deleting, so `degraded` may come first.
    const events = (await heard(page)).filter((line) => !line.startsWith('degraded: '));
    expect(events).toEqual(['connected', expect.stringMatching(/^wiped: /)]);
    await page.reload();
    await page.waitForFunction(() => 'durabilityPage' in window);
    await leaveClient(page, 'cleared');
    expect(await page.evaluate(() => window.left.client.keys('*'))).toEqual(['new']);
    expect(await heard(page)).toEqual(['connected']);
  });

  test('while the store was closed are missed when it opens', async () => {
    const page = await openPage();
    await leaveClient(page, 'missed');
    await page.evaluate(async () => {
      await window.left.client.set('k', 'v');
      await window.left.client.close();
    });
    await deleteDatabases(page);
    await leaveClient(page, 'missed');
    expect(await heard(page)).toEqual([
      expect.stringMatching(/^wiped: The store 'missed' was deleted while it was closed/),
      'connected',
    ]);
    await page.evaluate(() => window.left.client.close());
    await leaveClient(page, 'missed');
    expect(await heard(page)).toEqual(['connected']);
  });
});

describe('what is kept', () => {
  test('is told with what the browser grants', async () => {
    const page = await openPage();
    await leaveClient(page, 'told');
    const seen = await page.evaluate(async () => {
      const { client } = window.left;
      await client.set('k', 'v');
      await client.flush();
      return { info: await client.storage(), granted: await client.requestPersistence() };
    });
    expect(seen.info).toMatchObject({
      backend: 'indexeddb',
      durability: 'everysec',
      appendOnly: true,
      state: 'ok',
      epoch: 1,
      created: true,
    });
    expect(typeof seen.info.persisted).toBe('boolean');
    expect(seen.info.journalBytes).toBeGreaterThan(0);
    expect(seen.info.quota).toBeGreaterThan(1e6);
    expect(seen.info.usage).toBeLessThan(seen.info.quota as number);
    expect(typeof seen.granted).toBe('boolean');
  });

  test('and how far loading is, before the client is connected', async () => {
    const page = await openPage();
    await leaveClient(page, 'loading');
    await page.evaluate(async () => {
      const { client } = window.left;
      await client.set('large', 'x'.repeat(3_000_000));
      await client.close();
    });
    const told = await page.evaluate(async () => {
      const client = window.durabilityPage.createClient({ name: 'loading' });
      const told: { doing: string; bytes: number; total: number | null }[] = [];
      client.on('progress', (progress) => told.push(progress));
      await client.connect();
      const count = told.length;
      await client.close();
      return told.slice(0, count);
    });
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ doing }) => doing === 'loading')).toBe(true);
    expect(told.at(-1)?.bytes).toBeGreaterThan(3_000_000);
    expect(told.at(-1)?.bytes).toBe(told.at(-1)?.total);
  });
});

describe('a disk that is full', () => {
  /** Chromium remembers for half a minute how much space an origin had: ours has not been seen yet. */
  let other: TestBrowser;
  beforeAll(async () => {
    other = await launchChromium();
  });
  afterAll(() => other.close());

  test('is told, refuses what needs space, and is well again when there is some', async () => {
    const page = await openPage(other);
    const session = await other.context.newCDPSession(page);
    const quota = (quotaSize?: number) =>
      session.send('Storage.overrideQuotaForOrigin', {
        origin: server.origin,
        ...(quotaSize !== undefined && { quotaSize }),
      });
    await quota(10_000_000);
    await leaveClient(page, 'full');
    await page.evaluate(() => window.left.client.set('before', 'v'));
    const refusal = await page.evaluate(async () => {
      const { client } = window.left;
      const durable = client.withCommandOptions({ durable: true });
      // It takes what does not compress, and more than the reserve, to fill a disk.
      const noise = new Uint8Array(480_000);
      const piece = 60_000;
      for (let index = 0; index < 200; index++) {
        for (let at = 0; at < noise.length; at += piece) {
          crypto.getRandomValues(noise.subarray(at, at + piece));
        }
        const error = await durable.sendCommand(['SET', `big:${index}`, noise]).then(
          () => null,
          ({ name, message }: Error) => `${name}: ${message}`,
        );
        if (error !== null) return error;
      }
      return null;
    });
    expect(refusal).toMatch(/^(StorageError: |ReplyError: MISCONF )/);
    await expect.poll(() => heard(page)).toContainEqual(expect.stringMatching(/^full: /));
    expect(await page.evaluate(() => window.left.client.get('before'))).toBe('v');
    expect((await page.evaluate(() => window.left.client.storage())).state).toBe('full');
    await quota();
    await expect
      .poll(() => heard(page), { timeout: 5000 })
      .toContainEqual(expect.stringMatching(/^ok: /));
    await page.evaluate(() =>
      window.left.client.withCommandOptions({ durable: true }).set('after', 'v'),
    );
    await session.detach();
  });
});

describe('a store that is damaged', () => {
  test('is looked at, and opened as it was before, with what is bad set aside', async () => {
    const page = await openPage();
    await leaveClient(page, 'broken');
    await page.evaluate(async () => {
      const { client } = window.left;
      const durable = client.withCommandOptions({ durable: true });
      for (const key of ['a', 'b', 'c', 'd']) await durable.set(key, 'v'.repeat(100));
      await client.close();
      const opening = indexedDB.open('redstart/1/strict/broken');
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const transaction = opening.result.transaction('journal', 'readwrite');
      const seen: { key: IDBValidKey; value: Uint8Array }[] = [];
      const cursor = transaction.objectStore('journal').openCursor();
      await new Promise<void>((resolve) => {
        cursor.addEventListener('success', () => {
          if (cursor.result === null) return resolve();
          seen.push({ key: cursor.result.key, value: cursor.result.value });
          cursor.result.continue();
        });
        cursor.addEventListener('error', () => resolve());
      });
      // Of the second write: one bit.
      const [, bad] = seen.filter(({ value }) => value.length > 100);
      if (bad === undefined) throw new Error('the journal is another');
      bad.value[bad.value.length - 1] = (bad.value.at(-1) ?? 0) ^ 1;
      transaction.objectStore('journal').put(bad.value, bad.key);
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      opening.result.close();
    });
    const seen = await page.evaluate(async () => {
      const { createClient, inspectStore } = window.durabilityPage;
      const refused = await createClient({ name: 'broken' })
        .connect()
        .catch((error: Error) => error.name);
      const before = await inspectStore({ name: 'broken' });
      const client = createClient({ name: 'broken', recover: 'truncate' });
      const states: string[] = [];
      client.on('persistence', ({ state }) => states.push(state));
      await client.connect();
      const keys = await client.keys('*');
      await client.close();
      const after = await inspectStore({ name: 'broken' });
      const none = await inspectStore({ name: 'no such store' });
      return { refused, before, states, keys, after, none };
    });
    expect([seen.refused, seen.states, seen.keys]).toEqual(['StorageError', ['recovered'], ['a']]);
    expect(seen.before.quarantine).toEqual([]);
    expect(seen.before.diagnosis?.damaged?.kind).toBe('damaged');
    expect(seen.before.diagnosis?.journalBytesLost).toBeGreaterThan(300);
    expect(seen.after.quarantine.length).toBeGreaterThanOrEqual(3);
    expect(seen.after.diagnosis?.damaged).toBe(null);
    expect(seen.none).toEqual({ quarantine: [], diagnosis: null });
  });
});

describe('files', () => {
  test('go out of one store and into another, and are there after a reload', async () => {
    const page = await openPage();
    await leaveClient(page, 'source');
    await page.evaluate(async () => {
      const { client } = window.left;
      await client.hSet('user', { name: 'Ada', year: '1815' });
      const file = await client.exportRdb();
      const target = await window.durabilityPage.createClient({ name: 'target' }).connect();
      await target.set('before', 'v');
      await target.importRdb(file);
    });
    await page.reload();
    await page.waitForFunction(() => 'durabilityPage' in window);
    await leaveClient(page, 'target');
    const seen = await page.evaluate(async () => {
      const { client } = window.left;
      const json = JSON.parse(await (await client.exportJson()).text());
      const refusal = await client
        .importRdb(new Blob(['no such file']))
        .catch((error: Error) => [error instanceof window.durabilityPage.FormatError, error.name]);
      return { entries: json.databases[0], refusal, size: await client.dbSize() };
    });
    expect(seen).toEqual({
      entries: [{ key: 'user', type: 'hash', ttl: null, value: { name: 'Ada', year: '1815' } }],
      refusal: [true, 'FormatError'],
      size: 1,
    });
  });
});

describe('a store that is deleted', () => {
  test('leaves nothing behind, and is closed for all clients of the page', async () => {
    const page = await openPage();
    await leaveClient(page, 'gone');
    const seen = await page.evaluate(async () => {
      const { client } = window.left;
      const other = window.durabilityPage.createClient({ name: 'gone' });
      const told: string[] = [];
      other.on('error', (error) => told.push(error.message));
      await other.connect();
      await client.withCommandOptions({ durable: true }).set('k', 'v');
      const beacons = Object.keys(localStorage).filter((key) => key.endsWith(':gone')).length;
      await client.deleteStore();
      const databases = await indexedDB.databases();
      return {
        told,
        beacons,
        left: [...databases.map(({ name }) => String(name)), ...Object.keys(localStorage)].filter(
          (name) => name.endsWith('gone'),
        ),
        isOpen: client.isOpen,
      };
    });
    expect(seen).toEqual({
      told: ['The store has been deleted'],
      beacons: 1,
      left: [],
      isOpen: false,
    });
    await leaveClient(page, 'gone');
    expect(await page.evaluate(() => window.left.client.dbSize())).toBe(0);
    expect(await heard(page)).toEqual(['connected']);
  });
});
