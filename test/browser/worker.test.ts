/** The store in a worker of a real page: what it promises. */
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { goTo, tryToConnect, useStorePages } from '../support/store-pages.js';

const { serve, openPage } = useStorePages();

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
