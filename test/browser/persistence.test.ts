/** What was acknowledged is still there: after a reload, and after a SIGKILL to the whole browser. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  killBrowser,
  launchChromium,
  makeProfile,
  type PageServer,
  removeProfile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';
import { buildDemo, DemoPage, POLICY } from '../support/demo.js';

let server: PageServer;

beforeAll(async () => {
  server = await servePage(await buildDemo(), { 'content-security-policy': POLICY });
});
afterAll(() => server.close());

async function openDemo({ context }: TestBrowser): Promise<DemoPage> {
  const demo = new DemoPage(await context.newPage());
  await demo.goTo(server.origin);
  await demo.status('kept-in').getByText('IndexedDB').waitFor();
  return demo;
}

test('a value outlives a reload of the page', async () => {
  const browser = await launchChromium();
  try {
    const demo = await openDemo(browser);
    expect(await demo.type('SET greeting "still here"')).toBe('OK');
    expect(await demo.type('SET short EX 100')).toMatch(/syntax error/);
    expect(await demo.type('SET lease 1 EX 1000')).toBe('OK');
    expect(await demo.type('SELECT 5')).toBe('OK');
    expect(await demo.type('SET elsewhere yes')).toBe('OK');
    await demo.reload();
    expect(await demo.type('GET greeting')).toBe('"still here"');
    expect(await demo.type('TTL lease')).toMatch(/^\(integer\) (9\d\d|1000)$/);
    expect(await demo.type('DBSIZE')).toBe('(integer) 2');
    expect(await demo.type('SELECT 5')).toBe('OK');
    expect(await demo.type('GET elsewhere')).toBe('"yes"');
    expect(demo.complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

/** Runs `write` in a browser that is then killed, `read` in the next one on the same profile. */
async function overKill(
  write: (demo: DemoPage) => Promise<void>,
  read: (demo: DemoPage) => Promise<void>,
): Promise<void> {
  const profileDir = await makeProfile();
  try {
    const first = await launchChromium({ profileDir });
    try {
      await write(await openDemo(first));
    } finally {
      await killBrowser(profileDir);
    }
    const second = await launchChromium({ profileDir });
    try {
      await read(await openDemo(second));
    } finally {
      await second.close();
    }
  } finally {
    await removeProfile(profileDir);
  }
}

test('with appendfsync always every acknowledged value outlives SIGKILL', async () => {
  await overKill(
    async (demo) => {
      expect(await demo.type('CONFIG SET appendfsync always')).toBe('OK');
      for (let count = 1; count <= 20; count++) {
        expect(await demo.type('INCR counter')).toBe(`(integer) ${count}`);
      }
      expect(await demo.type('SET last "acknowledged"')).toBe('OK');
    },
    async (demo) => {
      expect(await demo.type('MGET counter last')).toBe('1) "20"\n2) "acknowledged"');
      expect(await demo.status('epoch').textContent()).toBe('2');
    },
  );
});

test('with appendfsync everysec what was flushed outlives SIGKILL', async () => {
  await overKill(
    async (demo) => {
      expect(await demo.type('SET flushed yes')).toBe('OK');
      await expect.poll(() => unflushedBytes(demo), { timeout: 10_000 }).toBe(0);
    },
    async (demo) => {
      expect(await demo.type('GET flushed')).toBe('"yes"');
    },
  );
});

/** How much of the journal is not on disk yet, as the store says. */
async function unflushedBytes(demo: DemoPage): Promise<number> {
  const info = await demo.type('INFO redstart');
  const field = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1]);
  const written = field('redstart_journal_bytes');
  expect(written).toBeGreaterThan(0);
  return written - field('redstart_journal_bytes_durable');
}
