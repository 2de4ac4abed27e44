/** Every way in which the worker of a store fails to load or fails later, and where it may come from. */
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { htmlFor, type ServedFile } from '../support/browser.js';
import { script, tryToConnect, useStorePages, WASM } from '../support/store-pages.js';

const pages = useStorePages();
const { serve, openPage } = pages;

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
      await serve({ '/worker.js': null, '/w.js': pages.files['/worker.js'] ?? null }),
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
    const wasm = pages.files['/core.wasm'] as ServedFile;
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
