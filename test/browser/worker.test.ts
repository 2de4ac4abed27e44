/** The store in a worker of a real page: what it promises, and every way in which it fails to load. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  htmlFor,
  launchChromium,
  type PageServer,
  type ServedFile,
  servePage,
  type TestBrowser,
} from '../support/browser.js';

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
const WASM = 'application/wasm';
const PAGE = htmlFor('/page.js');
const PAGE_SCRIPT = `
  import * as redstart from './index.js';
  import * as redstartCore from './core.js';
  Object.assign(window, { redstart, redstartCore });
`;

let browser: TestBrowser;
let files: Record<string, ServedFile>;
const servers: PageServer[] = [];
const pages: Page[] = [];

const dist = async (name: string, type: string): Promise<ServedFile> => ({
  type,
  body: await readFile(new URL(`../../dist/${name}`, import.meta.url)),
});

beforeAll(async () => {
  files = {
    '/': PAGE,
    '/away': PAGE,
    '/page.js': { type: JS, body: PAGE_SCRIPT },
    '/index.js': await dist('index.js', JS),
    '/core.js': await dist('core.js', JS),
    '/worker.js': await dist('worker.js', JS),
    '/core.wasm': await dist('core.wasm', WASM),
  };
  browser = await launchChromium();
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => browser.close());

const script = (body: string): ServedFile => ({ type: JS, body });

async function serve(
  changes: Record<string, ServedFile | null> = {},
  headers: Record<string, string> = {},
): Promise<PageServer> {
  const all = Object.entries({ ...files, ...changes }).filter(([, file]) => file !== null);
  const server = await servePage(Object.fromEntries(all) as Record<string, ServedFile>, headers);
  servers.push(server);
  return server;
}

async function openPage(server: PageServer, path = '/'): Promise<Page> {
  const page = await browser.context.newPage();
  pages.push(page);
  await goTo(page, server.origin + path);
  return page;
}

async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'redstart' in window);
}

/** Tries to connect and tells how that ended, with the time that it took. */
function tryToConnect(page: Page, options: object = {}): Promise<Failure | null> {
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

describe('a page with a store', () => {
  test('keeps a value over a reload', async () => {
    const page = await openPage(await serve());
    const set = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'reload' }).connect();
      const reply = await client.set('greeting', 'grüß dich €');
      await client.flush();
      return reply;
    });
    expect(set).toBe('OK');
    await page.reload();
    await page.waitForFunction(() => 'redstart' in window);
    const found = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'reload' }).connect();
      const value = await client.get('greeting');
      await client.close();
      return { value, report: client.report };
    });
    expect(found.value).toBe('grüß dich €');
  });

  test('keeps what was written just before it was left, without being asked to', async () => {
    const server = await serve();
    const page = await openPage(server);
    await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'left' }).connect();
      await client.set('a', '1');
      await client.set('b', '2');
    });
    await goTo(page, `${server.origin}/away`);
    const values = await page.evaluate(async () => {
      const { connect } = window.redstartCore;
      const client = await connect({ name: 'left' });
      const replies = await client.pipeline([['MGET', 'a', 'b']]);
      await client.close();
      return replies;
    });
    expect(values).toEqual([['1', '2']]);
  });

  test('has one store for all its clients, each with a session of its own', async () => {
    const page = await openPage(await serve());
    const seen = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const [first, second] = await Promise.all([
        createClient({ name: 'shared' }).connect(),
        createClient({ name: 'shared', database: 1 }).connect(),
      ]);
      await first.set('k', 'in 0');
      await second.set('k', 'in 1');
      const values = [await first.get('k'), await second.get('k')];
      await first.close();
      values.push(await second.get('k'));
      await second.close();
      return values;
    });
    expect(seen).toEqual(['in 0', 'in 1', 'in 1']);
  });

  test('passes large values and large batches both ways', async () => {
    const page = await openPage(await serve());
    const seen = await page.evaluate(async () => {
      const { connect } = window.redstartCore;
      const client = await connect({ name: 'large', persistence: 'memory' });
      const big = 'é'.repeat(3_000_000);
      await client.send('SET', 'big', big);
      const back = await client.send('GET', 'big');
      const sets = Array.from({ length: 20_000 }, (_, i) => client.send('SET', `k${i}`, i));
      await Promise.all(sets);
      const gets = Array.from({ length: 20_000 }, (_, i) => client.send('GET', `k${i}`));
      const wrong = (await Promise.all(gets)).findIndex((value, i) => value !== String(i));
      await client.close();
      return { same: back === big, wrong };
    });
    expect(seen).toEqual({ same: true, wrong: -1 });
  });

  test('gives bytes back as they were', async () => {
    const page = await openPage(await serve());
    const seen = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'bytes', persistence: 'memory' }).connect();
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      await client.sendCommand(['SET', 'b', bytes]);
      const binary = client.withTypeMapping({ 36: Uint8Array as never });
      const back = await binary.get('b');
      await client.close();
      return [...(back as unknown as Uint8Array)];
    });
    expect(seen).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  test('is configured as by redis.conf, and says what is wrong with that', async () => {
    const page = await openPage(await serve());
    const store = { name: 'configured', persistence: 'memory' } as const;
    const wrong = await tryToConnect(page, { ...store, config: { hz: 'x' } });
    expect(wrong).toMatchObject({ code: 'CONFIGURATION' });
    const seen = await page.evaluate(async (given) => {
      const config = { databases: '20', 'rename-command': 'GET fetch', hz: '50' };
      const client = await window.redstart.createClient({ ...given, config }).connect();
      await client.select(19);
      const value = await client.sendCommand(['FETCH', 'k']);
      return [value, (await client.configGet('hz')).hz];
    }, store);
    expect(seen).toEqual([null, '50']);
  });

  test('settles everything on close, and on destroy, however often', async () => {
    const page = await openPage(await serve());
    const counts = await page.evaluate(async () => {
      const { connect } = window.redstartCore;
      const options = { name: 'settle', persistence: 'memory' } as const;
      const anchor = await connect(options);
      const counts = { made: 0, settled: 0 };
      const count = (promise: Promise<unknown>) => {
        counts.made++;
        const done = () => counts.settled++;
        return promise.then(done, done);
      };
      for (let round = 0; round < 300; round++) {
        const client = await connect(options);
        const all = [count(client.send('PING')), count(client.pipeline([['PING'], ['PING']]))];
        if (round % 2 === 0) all.push(count(client.close()));
        else client.destroy();
        all.push(count(client.send('PING')));
        await Promise.all(all);
      }
      await anchor.close();
      return counts;
    });
    expect(counts.settled).toBe(counts.made);
  });

  test('has nothing left to wait for when its last client has closed', async () => {
    const page = await openPage(await serve());
    for (let i = 0; i < 3; i++) {
      expect(await tryToConnect(page, { name: 'again', lockTimeoutMs: 0 })).toBe(null);
    }
    await expect.poll(() => page.workers().length).toBe(0);
  });
});

describe('a second owner', () => {
  const hold = (page: Page) =>
    page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = createClient({ name: 'busy' });
      const errors: string[] = [];
      client.on('error', (error) => errors.push(error.name));
      await client.connect();
      await client.set('k', 'first');
      window.kept = { client, errors };
    });

  test('is told that the store is busy, and gets it when the first has let go', async () => {
    const server = await serve();
    const [first, second] = [await openPage(server), await openPage(server)];
    await hold(first);
    const options = { name: 'busy', lockTimeoutMs: 50 };
    expect(await tryToConnect(second, options)).toMatchObject({
      name: 'StoreBusyError',
      code: 'STOREBUSY',
      message: expect.stringContaining("'busy' is open in another tab"),
    });
    await first.close();
    expect(await tryToConnect(second, { name: 'busy' })).toBe(null);
  });

  test('who steals the lock ends the first, which learns why', async () => {
    const page = await openPage(await serve());
    await hold(page);
    const seen = await page.evaluate(async () => {
      if (window.kept === undefined) throw new Error('the page has forgotten');
      const { client, errors } = window.kept;
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
      void navigator.locks.request('redstart:busy', { steal: true }, () => ended);
      await ended;
      const after = await client.get('k').catch((error: Error) => error.name);
      return { errors, after };
    });
    expect(seen).toEqual({ errors: ['LeaderLostError'], after: 'ClosedError' });
  });
});

describe('a page that is put aside', () => {
  test('lets go of its store in the back/forward cache, and takes it again when it is back', async () => {
    const server = await serve();
    const page = await openPage(server);
    await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'cached' }).connect();
      await client.set('k', 'kept');
      window.kept = { client, errors: [] };
    });
    await goTo(page, `${server.origin}/away`);
    expect(await tryToConnect(page, { name: 'cached' })).toBe(null);
    // What comes out of the cache is not loaded, so playwright's goBack would wait for ever.
    await page.evaluate(() => history.back());
    await page.waitForFunction(() => window.kept !== undefined);
    const value = await page.evaluate(() => window.kept?.client.get('k'));
    expect(value).toBe('kept');
  });

  test('lets go of its store when it is frozen, and takes it again when it goes on', async () => {
    const server = await serve();
    const [first, second] = [await openPage(server), await openPage(server)];
    await first.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'frozen' }).connect();
      // A frozen page saves nothing more.
      await client.withCommandOptions({ durable: true }).set('k', 'kept');
      window.kept = { client, errors: [] };
    });
    // A headless Chromium 156 keeps its pages visible and freezes none: only the events are ours.
    await first.evaluate(() => document.dispatchEvent(new Event('freeze')));
    expect(await tryToConnect(second, { name: 'frozen', lockTimeoutMs: 200 })).toBe(null);
    await first.evaluate(() => document.dispatchEvent(new Event('resume')));
    const value = await first.evaluate(() => window.kept?.client.get('k'));
    expect(value).toBe('kept');
  });
});

describe('a worker that does not load is a WorkerLoadError', () => {
  const NO_WASM: ServedFile = { type: 'text/html', body: '<!doctype html>Not found' };
  const CASES: [string, Record<string, ServedFile | null>, RegExp][] = [
    ['because it is missing', { '/worker.js': null }, /did not load: not found/],
    ['because it is no script', { '/worker.js': NO_WASM }, /did not load/],
    ['because it is broken', { '/worker.js': script('let let let') }, /did not load/],
    ['because it throws', { '/worker.js': script('throw new Error("boom")') }, /boom/],
    [
      'because it throws at the first message',
      { '/worker.js': script('onmessage = () => { throw new Error("in handler") }') },
      /in handler/,
    ],
    ['because it never answers', { '/worker.js': script('') }, /did not answer 'health' within/],
    ['because core.wasm is missing', { '/core.wasm': null }, /core\.wasm.* status 404/],
    [
      'because core.wasm is a page',
      { '/core.wasm': NO_WASM },
      /core\.wasm was served as text\/html, not application\/wasm/,
    ],
    [
      'because core.wasm is damaged',
      { '/core.wasm': { type: WASM, body: Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 9, 9, 9) } },
      /core\.wasm could not be compiled/,
    ],
  ];

  test.each(CASES)('%s', async (_, changes, message) => {
    const page = await openPage(await serve(changes));
    const failure = await tryToConnect(page, { name: 'broken' });
    expect(failure).toMatchObject({ name: 'WorkerLoadError', code: 'WORKERLOAD' });
    expect(failure?.message).toMatch(message);
    await expect.poll(() => page.workers().length).toBe(0);
  });

  test('because the Content-Security-Policy forbids workers', async () => {
    const server = await serve({}, { 'content-security-policy': "worker-src 'none'" });
    const failure = await tryToConnect(await openPage(server));
    expect(failure?.name).toBe('WorkerLoadError');
    expect(failure?.message).toContain('Content-Security-Policy');
  });

  test('because the Content-Security-Policy forbids WebAssembly', async () => {
    const server = await serve({}, { 'content-security-policy': "default-src 'self'" });
    const failure = await tryToConnect(await openPage(server));
    expect(failure?.name).toBe('WorkerLoadError');
    expect(failure?.message).toContain('core.wasm could not be compiled');
  });

  test('and the next try works, once the file is there', async () => {
    const page = await openPage(
      await serve({ '/worker.js': null, '/w.js': files['/worker.js'] ?? null }),
    );
    expect(await tryToConnect(page, { name: 'later' })).not.toBe(null);
    const reply = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const worker = () => new Worker('/w.js', { type: 'module' });
      const client = await createClient({ name: 'later', worker }).connect();
      const pong = await client.ping();
      await client.close();
      return pong;
    });
    expect(reply).toBe('PONG');
  });
});

describe('a worker that fails later', () => {
  /** Speaks Comlink as far as opening goes, then does what it likes with data. */
  const fake = (onData: string) =>
    script(`onmessage = ({ data: { id, path, argumentList } }) => {
      if (path[0] === 'connect') {
        const port = argumentList[0].value;
        let greeted = false;
        port.onmessage = ({ data }) => {
          if (!greeted) {
            greeted = true;
            const reply = new TextEncoder().encode('%0\\r\\n');
            port.postMessage({ buffer: reply.buffer, length: reply.length });
          } else { ${onData} }
        };
      }
      postMessage({ id, type: 'RAW', value: { value: null } });
    };`);

  const callTwice = (page: Page) =>
    page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = createClient({ name: 'later', timeout: 500 });
      const errors: string[] = [];
      client.on('error', (error) => errors.push(error.name));
      await client.connect();
      const name = (error: Error) => error.name;
      const calls = [client.get('a').catch(name), client.get('b').catch(name)];
      return { calls: await Promise.all(calls), errors };
    });

  test('by an exception: calls are rejected and the error event says so', async () => {
    const page = await openPage(await serve({ '/worker.js': fake('throw new Error("later")') }));
    expect(await callTwice(page)).toEqual({
      calls: ['ConnectionError', 'ConnectionError'],
      errors: ['ConnectionError'],
    });
  });

  test('by silence: calls are rejected at their deadline', async () => {
    const page = await openPage(await serve({ '/worker.js': fake('') }));
    expect(await callTwice(page)).toEqual({ calls: ['TimeoutError', 'TimeoutError'], errors: [] });
  });

  test('by being terminated: calls are rejected within their deadline', async () => {
    const page = await openPage(await serve());
    const seen = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      let made: Worker | undefined;
      const worker = () => {
        made = new Worker('/worker.js', { type: 'module' });
        return made;
      };
      const client = createClient({ name: 'ended', worker, timeout: 300 });
      client.on('error', () => undefined);
      await client.connect();
      made?.terminate();
      return client.get('a').catch((error: Error) => error.name);
    });
    // Chromium 156 does not tell that the other end of a port has gone.
    expect(['ConnectionError', 'TimeoutError']).toContain(seen);
  });
});

describe('a worker may come from elsewhere', () => {
  test('under a strict Content-Security-Policy', async () => {
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
    const server = await serve({}, { 'content-security-policy': policy });
    expect(await tryToConnect(await openPage(server), { name: 'strict' })).toBe(null);
  });

  test('from another origin', async () => {
    const cdn = await serve({}, { 'access-control-allow-origin': '*' });
    const page = await openPage(await serve({ '/': htmlFor(`${cdn.origin}/page.js`) }));
    const reply = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = await createClient({ name: 'cdn' }).connect();
      const pong = await client.ping();
      await client.close();
      return pong;
    });
    expect(reply).toBe('PONG');
  });

  test('with core.wasm somewhere else, and under a wrong MIME type with a warning', async () => {
    const wasm = files['/core.wasm'] as ServedFile;
    const server = await serve({
      '/core.wasm': null,
      '/assets/core-1234.wasm': { ...wasm, type: 'application/octet-stream' },
    });
    const page = await openPage(server);
    const report = await page.evaluate(async () => {
      const { createClient } = window.redstart;
      const client = createClient({ name: 'moved', wasmUrl: '/assets/core-1234.wasm' });
      await client.connect();
      const { report } = client;
      await client.close();
      return report;
    });
    expect(report).toMatchObject({
      backend: 'indexeddb',
      warnings: [expect.stringMatching(/core-1234\.wasm was served as application\/octet-stream/)],
    });
  });
});
