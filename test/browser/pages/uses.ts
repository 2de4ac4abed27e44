/**
 * Runs in Chromium: the uses that Redstart is for, through `createClient()` of the built package,
 * each with a store of its own. test/server/uses.py does the same with redis-py.
 */
type Package = typeof import('../../../src/index.js');
type Client = ReturnType<Package['createClient']>;
type Use = (store: Client, more: () => Promise<Client>) => Promise<void>;

export interface UsesPage {
  /** Runs one; rejects with what went wrong. */
  runUse(name: string): Promise<void>;
}

declare global {
  interface Window {
    usesPage: UsesPage;
  }
}

const address = '/index.js';
const redstart = (await import(address)) as Package;
const DAY_SECONDS = 86_400;

const uses: Readonly<Record<string, Use>> = {
  async cacheAside(store) {
    let computed = 0;
    const product = async (id: number) => {
      const cached = await store.get(`product:${id}`);
      if (cached !== null) return JSON.parse(cached) as object;
      computed++;
      const value = { id, name: `Größe ${id}` };
      await store.setEx(`product:${id}`, 300, JSON.stringify(value));
      return value;
    };
    same(
      [await product(7), await product(7), computed],
      [{ id: 7, name: 'Größe 7' }, { id: 7, name: 'Größe 7' }, 1],
    );
    between(await store.ttl('product:7'), 290, 300);
  },

  async sessions(store) {
    await store.set('session:a', '{"user":1}', { expiration: { type: 'EX', value: 900 } });
    await store.set('session:a', '{"user":1,"cart":[3]}', { expiration: 'KEEPTTL' });
    between(await store.ttl('session:a'), 890, 900);
    await store.hSet('session:b', { user: '2', visits: '1' });
    await store.expire('session:b', 1800);
    same(await store.hIncrBy('session:b', 'visits', 1), 2);
    between(await store.ttl('session:b'), 1790, 1800);
    await store.set('session:a', '{}');
    same(await store.ttl('session:a'), -1);
  },

  async fixedWindowRateLimit(store) {
    const allowed = async () => {
      const [count] = await store.multi().incr('rate').expire('rate', 60, 'NX').execTyped();
      return count <= 3;
    };
    const answers = await Promise.all(Array.from({ length: 5 }, allowed));
    same(answers, [true, true, true, false, false]);
    between(await store.ttl('rate'), 1, 60);
  },

  async slidingWindowRateLimit(store) {
    const allowed = async (now: number) => {
      const [, count] = await store
        .multi()
        .zRemRangeByScore('slide', '-inf', now - 60)
        .zCard('slide')
        .execTyped();
      if (count >= 3) return false;
      await store.zAdd('slide', { score: now, value: `request-${now}` });
      return true;
    };
    const answers: boolean[] = [];
    for (const now of [0, 10, 20, 30, 59, 61, 62, 71]) answers.push(await allowed(now));
    same(answers, [true, true, true, false, false, true, false, true]);
  },

  async leaderboard(store) {
    await store.zAdd('board', [
      { score: 300, value: 'ada' },
      { score: 100, value: 'bob' },
      { score: 200, value: 'cyd' },
      { score: 250, value: 'dan' },
    ]);
    same(await store.zIncrBy('board', 120, 'bob'), 220);
    const rank = (await store.zRevRank('board', 'bob')) ?? -1;
    same(rank, 2);
    same(await store.zRange('board', rank - 1, rank + 1, { REV: true }), ['dan', 'bob', 'cyd']);
    same(await store.zRangeWithScores('board', 0, 1, { REV: true }), [
      { value: 'ada', score: 300 },
      { value: 'dan', score: 250 },
    ]);
    same(await store.zScore('board', 'nobody'), null);
  },

  async publishAndSubscribe(store, more) {
    const writer = await more();
    const heard: string[] = [];
    const last = new Promise<void>((resolve) => {
      void store.pSubscribe('news:*', (message, channel) => {
        heard.push(`pattern ${channel} ${message}`);
        if (message === 'last') resolve();
      });
    });
    await store.subscribe('news:sport', (message) => heard.push(`channel ${message}`));
    const bytes: Uint8Array[] = [];
    await store.subscribe('raw', (message) => bytes.push(message), true);
    same(await writer.publish('news:sport', 'goal'), 2);
    await writer.sendCommand(['PUBLISH', 'raw', Uint8Array.of(0, 255, 13) as never]);
    same(await writer.publish('news:art', 'last'), 1);
    await last;
    same(heard, ['channel goal', 'pattern news:sport goal', 'pattern news:art last']);
    same(
      bytes.map((one) => [...one]),
      [[0, 255, 13]],
    );
    same(await store.get('commands go on'), null);
    await store.unsubscribe();
    await store.pUnsubscribe();
    same(await writer.publish('news:sport', 'nobody'), 0);
  },

  async jobQueue(store, more) {
    const done: string[] = [];
    const work = async () => {
      for (;;) {
        const job = await store.brPop(['urgent', 'jobs'], 10);
        if (job === null || job.element === 'stop') return;
        done.push(`${job.key} ${job.element}`);
      }
    };
    const worker = work();
    const pushes = await more();
    for (const id of [1, 2, 3]) await pushes.lPush('jobs', String(id));
    // The worker waits, but its client does not.
    same(await store.ping(), 'PONG');
    await pushes.lPush('jobs', 'stop');
    await worker;
    same(done, ['jobs 1', 'jobs 2', 'jobs 3']);
    same(await store.brPop('jobs', 0.01), null);
  },

  async distributedLock(store, more) {
    const other = await more();
    const take = (client: Client, owner: string) =>
      client.set('lock', owner, { condition: 'NX', expiration: { type: 'EX', value: 30 } });
    const release = (client: Client, owner: string) =>
      client.eval(
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0",
        { keys: ['lock'], arguments: [owner] },
      );
    same(await Promise.all([take(store, 'one'), take(other, 'two')]), ['OK', null]);
    between(await store.ttl('lock'), 1, 30);
    same(await release(other, 'two'), 0);
    same(await release(store, 'one'), 1);
    same(await take(other, 'two'), 'OK');
  },

  async countersByDay(store) {
    for (const day of ['2026-11-22', '2026-11-23', '2026-11-23']) {
      await store
        .multi()
        .incr(`visits:${day}`)
        .expire(`visits:${day}`, 7 * DAY_SECONDS)
        .pfAdd(`visitors:${day}`, ['ada', 'bob'])
        .exec();
    }
    same(await store.mGet(['visits:2026-11-22', 'visits:2026-11-23']), ['1', '2']);
    between(await store.ttl('visits:2026-11-23'), 6 * DAY_SECONDS, 7 * DAY_SECONDS);
    same(await store.pfCount(['visitors:2026-11-22', 'visitors:2026-11-23']), 2);
    const found: string[] = [];
    for await (const keys of store.scanIterator({ MATCH: 'visits:*' })) found.push(...keys);
    same(found.sort(), ['visits:2026-11-22', 'visits:2026-11-23']);
  },

  async pipelines(store, more) {
    const multi = store.multi();
    for (let i = 0; i < 1000; i++) multi.set(`p:${i}`, String(i));
    same((await multi.get('p:999').execAsPipeline()).at(-1) as unknown as string, '999');
    const other = await more();
    await store.watch('p:1');
    await other.set('p:1', 'theirs');
    await raises('WatchError', store.multi().set('p:1', 'lost').exec());
    await raises('MultiErrorReply', store.multi().set('t', 'x').incr('t').exec());
    same(await store.get('p:1'), 'theirs');
  },

  async connectionPool(store) {
    const pool = await store.createPool({ maximum: 4 }).connect();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        pool.execute(async (client) => {
          await client.watch('pooled');
          const next = Number((await client.get('pooled')) ?? 0) + 1;
          await client
            .multi()
            .set('pooled', String(next))
            .exec()
            .catch(() => undefined);
        }),
      ),
    );
    between(Number(await store.get('pooled')), 1, 50);
    same(pool.totalClients <= 4, true);
    await pool.close();
  },

  async password(store, more) {
    await store.configSet('requirepass', 'secret word');
    await raises('ReplyError', more(), 'NOAUTH');
    await raises('ReplyError', store.duplicate({ password: 'wrong' }).connect(), 'WRONGPASS');
    const guest = await store.duplicate({ password: 'secret word' }).connect();
    same(await guest.ping(), 'PONG');
    same(await guest.blPop('none', 0.01), null);
    await guest.close();
    await store.configSet('requirepass', '');
  },

  async decodedAndRaw(store) {
    const raw = store.withTypeMapping({ 36: Uint8Array } as never) as unknown as {
      get(key: string): Promise<Uint8Array>;
    };
    await store.set('bytes', Uint8Array.of(0, 255, 13, 10) as never);
    same([...(await raw.get('bytes'))], [0, 255, 13, 10]);
    await store.hSet('text', { größe: 'ü€😀' });
    same(await store.hGetAll('text'), { größe: 'ü€😀' });
  },

  async errors(store, more) {
    await store.set('text', 'x');
    await raises('ReplyError', store.lPush('text', '1'), 'WRONGTYPE');
    await raises('ReplyError', store.sendCommand(['NO.SUCH']), 'unknown command');
    const impatient = store.withCommandOptions({ timeout: 30 });
    await raises('TimeoutError', impatient.blPop('never', 0));
    const abort = new AbortController();
    const aborted = store.withAbortSignal(abort.signal).blPop('never', 0);
    abort.abort();
    await raises('AbortError', aborted);
    const victim = await more();
    victim.on('error', () => undefined);
    const waiting = victim.blPop('never', 0);
    await store.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal']);
    await raises('ConnectionError', waiting);
    await raises('ClosedError', victim.get('k'));
  },

  async information(store, more) {
    await store.set('k', 'v');
    const info = await store.info();
    same(/redis_version:7\.0\.15\r\n/.test(info), true);
    same(/db0:keys=1,/.test(info), true);
    same(/used_memory_human:[\d.]+[BKMG]/.test(await store.info('memory')), true);
    await store.clientSetName('uses');
    const clients = await store.clientList();
    same(
      clients.some(({ name }) => name === 'uses'),
      true,
    );
    const watcher = await more();
    const lines: string[] = [];
    const seen = new Promise<void>((resolve, reject) => {
      watcher
        .monitor((line) => {
          lines.push(line);
          if (line.includes('"watched"')) resolve();
        })
        .then(() => store.set('watched', 'a b'))
        .catch(reject);
    });
    await seen;
    same(/ \[0 [^\]]+\] "SET" "watched" "a b"$/.test(lines.at(-1) ?? ''), true);
    await store.configSet('slowlog-log-slower-than', '0');
    await store.set('slow', '1');
    const log = (await store.sendCommand(['SLOWLOG', 'GET'])) as unknown as unknown[][];
    same(
      log.some((entry) => JSON.stringify(entry[3]) === '["SET","slow","1"]'),
      true,
    );
  },
};

window.usesPage = {
  async runUse(name) {
    const { createClient } = redstart;
    const clients: Client[] = [];
    const more = async () => {
      const client = createClient({
        name,
        persistence: 'memory',
        worker: () => new Worker('/worker.js', { type: 'module' }),
      });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    };
    try {
      await uses[name]?.(await more(), more);
      if (uses[name] === undefined) throw new Error(`there is no use '${name}'`);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
  },
};

function same(actual: unknown, expected: unknown): void {
  const [given, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (given !== wanted) throw new Error(`got ${given}, not ${wanted}`);
}

function between(actual: number, low: number, high: number): void {
  if (actual < low || actual > high) throw new Error(`got ${actual}, not ${low} to ${high}`);
}

async function raises(name: string, promise: Promise<unknown>, text = ''): Promise<void> {
  const error = await promise.then(
    () => new Error('nothing'),
    (reason: Error) => reason,
  );
  if (error.name !== name || !error.message.includes(text)) {
    throw new Error(`got ${error.name}: ${error.message}, not ${name}: ${text}`);
  }
}
