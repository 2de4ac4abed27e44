/** Blocked sessions in the host: time, the journal, and what becomes of those that go. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeStorage, openTestHost, settled, TestConnection } from './test-host.js';

const NIL = '*-1\r\n';
const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** RESP as words, without its lengths. */
function words(resp: string): string {
  return resp
    .replace(/[*$]\d+\r\n/g, '')
    .replace(/\r\n/g, ' ')
    .trim();
}

test('a timeout is as long as it says, fractions are rounded up', async () => {
  const { connect } = await openTestHost();
  const [a, b, c] = [connect(), connect(), connect()];
  a.send('BLPOP k 0.25');
  b.send('BZPOPMIN k 0.0001', 'PING');
  c.send('XREAD BLOCK 300 STREAMS k $');
  vi.advanceTimersByTime(1);
  expect(b.take()).toBe(`${NIL}+PONG\r\n`);
  vi.advanceTimersByTime(248);
  expect(a.take()).toBe('');
  vi.advanceTimersByTime(1);
  expect(a.take()).toBe(NIL);
  vi.advanceTimersByTime(50);
  expect(c.take()).toBe(NIL);
});

test('a timeout may be longer than a timer of the platform', async () => {
  const { host, connect } = await openTestHost();
  const connection = connect();
  connection.send(`BLPOP k ${40 * 86_400}`);
  vi.advanceTimersByTime(40 * DAY_MS - 1);
  expect(connection.take()).toBe('');
  expect(host.blocking.timedCount).toBe(1);
  vi.advanceTimersByTime(1);
  expect(connection.take()).toBe(NIL);
  expect([host.blocking.count, host.blocking.timedCount]).toEqual([0, 0]);
});

test('who was served is not told that time is up', async () => {
  const { connect } = await openTestHost();
  const [a, b] = [connect(), connect()];
  a.send('BLPOP k 1');
  b.send('RPUSH k x');
  expect(words(a.take())).toBe('k x');
  vi.advanceTimersByTime(2000);
  expect(a.take()).toBe('');
  expect(a.send('PING')).toBe('+PONG\r\n');
});

test('INFO and CLIENT LIST tell of those who wait', async () => {
  const { connect } = await openTestHost();
  const [a, b, c] = [connect(), connect(), connect()];
  a.send('BLPOP k 0');
  b.send('BLPOP k 1');
  expect(c.send('INFO clients')).toMatch(/blocked_clients:2\r\n.*clients_in_timeout_table:1\r\n/s);
  expect(c.send(`CLIENT LIST ID ${a.session.id}`)).toMatch(/flags=b .* cmd=blpop /);
  c.send('RPUSH k 1 2');
  expect(c.send('INFO clients')).toMatch(/blocked_clients:0\r\n.*clients_in_timeout_table:0\r\n/s);
});

test('a call is counted once, whether it waited or not', async () => {
  const { connect } = await openTestHost();
  const [a, b, c] = [connect(), connect(), connect()];
  a.send('BLPOP k 0');
  b.send('BLPOP k 0');
  expect(c.send('INFO commandstats')).toContain('cmdstat_blpop:calls=2,');
  c.send('RPUSH k 1', 'RPUSH k 2');
  expect(c.send('INFO commandstats')).toContain('cmdstat_blpop:calls=2,');
});

test('the journal has the push first, then what it served, as commands that do not wait', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const [a, b, c, d] = [connect(), connect(), connect(), connect()];
  a.send('BLMOVE k l LEFT RIGHT 0');
  b.send('BLMPOP 0 2 x l LEFT COUNT 3');
  c.send('BZPOPMAX z 0');
  expect(storage.appended).toBe('');
  d.send('RPUSH k 1', 'ZADD z 1 m');
  expect(words(storage.appended)).toBe(
    'SELECT 0 RPUSH k 1 SELECT 0 LMOVE k l LEFT RIGHT SELECT 0 LPOP l 1 ' +
      'SELECT 0 ZADD z 1 m SELECT 0 ZPOPMAX z',
  );
  storage.appended = '';
  a.send('BRPOPLPUSH k l 0');
  b.send('BLPOP l 0');
  c.send('MULTI', 'RPUSH k 1', 'RPUSH k 2', 'EXEC');
  expect(words(storage.appended)).toBe(
    'MULTI SELECT 0 RPUSH k 1 RPUSH k 2 EXEC SELECT 0 RPOPLPUSH k l SELECT 0 LPOP l',
  );
});

test('under appendfsync always nobody is served before that is safe', async () => {
  const storage = new FakeStorage('always');
  const { connect } = await openTestHost({ storage });
  const [a, b] = [connect(), connect()];
  a.send('BLPOP k 0');
  expect(b.send('RPUSH k 1')).toBe('');
  expect(a.take()).toBe('');
  storage.sync();
  await settled();
  expect(b.take()).toBe(':1\r\n');
  expect(words(a.take())).toBe('k 1');
});

test('a connection whose other side has ended waits no more', async () => {
  const { host, connect } = await openTestHost();
  const [a, b] = [connect(), connect()];
  a.send('BLPOP k 0');
  host.endOfInput(a.session);
  expect(a.ended).toBe(true);
  b.send('RPUSH k 1');
  expect(b.send('LLEN k')).toBe(':1\r\n');
  expect(host.blocking.count).toBe(0);
});

test('replies that nobody wants are swallowed when they come', async () => {
  const { connect } = await openTestHost();
  const [a, b] = [connect(), connect()];
  a.send('CLIENT REPLY SKIP', 'BLPOP k 0', 'PING');
  b.send('RPUSH k 1');
  expect(a.take()).toBe('+PONG\r\n');
});

test('active expiry ends the waiting of groups', async () => {
  const { host, clock, connect } = await openTestHost();
  const [a, b] = [connect(), connect()];
  b.send('XGROUP CREATE s g $ MKSTREAM', 'PEXPIRE s 100');
  a.send('XREADGROUP GROUP g c BLOCK 0 STREAMS s >');
  clock.at += 200;
  vi.advanceTimersByTime(200);
  expect(a.take()).toBe('-UNBLOCKED the stream key no longer exists\r\n');
  expect(host.blocking.count).toBe(0);
});

test('ten thousand that wait are served in order', async () => {
  const { connect } = await openTestHost();
  const waiting = Array.from({ length: 10_000 }, () => connect());
  for (const one of waiting) one.send('BLPOP k 0');
  const pusher = connect();
  for (let number = 0; number < waiting.length; number += 2) {
    pusher.send(`RPUSH k ${number} ${number + 1}`);
  }
  const served = waiting.map((one) => words(one.take()));
  expect(served).toEqual(waiting.map((_, number) => `k ${number}`));
});

// WAITAOF

test('WAITAOF resolves when the journal is written', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  expect(connection.send('SET k v', 'WAITAOF 0 0 0')).toBe('+OK\r\n*2\r\n:0\r\n:0\r\n');
  expect(connection.send('WAITAOF 1 0 0', 'PING')).toBe('');
  await settled();
  expect(connection.take()).toBe('*2\r\n:1\r\n:0\r\n+PONG\r\n');
  expect(connection.send('WAITAOF 0 0 0')).toBe('*2\r\n:1\r\n:0\r\n');
  expect(connection.send('MULTI', 'WAITAOF 1 1 0', 'EXEC')).toContain('*1\r\n*2\r\n:1\r\n:0\r\n');
});

test('WAITAOF waits for replicas in vain, and for a journal that fails', async () => {
  const storage = new FakeStorage('everysec');
  const { connect } = await openTestHost({ storage });
  const connection = connect();
  connection.send('SET k v', 'WAITAOF 1 1 500');
  await settled();
  expect(connection.take()).toBe('+OK\r\n');
  vi.advanceTimersByTime(500);
  expect(connection.take()).toBe('*2\r\n:1\r\n:0\r\n');
  connection.send('SET k w');
  storage.fail('no space');
  expect(connection.send('WAITAOF 1 0 0')).toBe('');
  await settled();
  expect(connection.take()).toBe('');
  storage.heal();
  vi.advanceTimersByTime(1000);
  await settled();
  expect(connection.take()).toBe('*2\r\n:1\r\n:0\r\n');
});

test('WAITAOF tells what is wrong', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  const range = '-ERR value is out of range, value must between 0 and 1\r\n';
  expect(connection.send('WAITAOF 2 0 0', 'WAITAOF -1 0 0')).toBe(range + range);
  expect(connection.send('WAITAOF 0 -1 0')).toBe(
    '-ERR value is out of range, must be positive\r\n',
  );
  expect(connection.send('WAITAOF 0 0 -1')).toBe('-ERR timeout is negative\r\n');
  expect(connection.send('WAITAOF 1 0 0')).toMatch(/^-ERR WAITAOF cannot be used when numlocal/);
});

// RELIABILITY section 5: a blocked client that is gone while it is served

/** A sequence of numbers that a seed decides. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

test('clients that are killed, time out or go while others push: nothing is lost or doubled', async () => {
  const seed = Number(process.env.SEED ?? 1) || 1;
  const rounds = Number(process.env.ROUNDS ?? 3000);
  const random = chance(seed);
  const { host, connect } = await openTestHost();
  const clients: TestConnection[] = [];
  const pusher = connect();
  let pushed = 0;
  let received = 0;
  const gather = (client: TestConnection) => {
    received += client.take().match(/v\d+/g)?.length ?? 0;
  };
  const anyone = () => clients[random(clients.length)] as TestConnection;
  const steps: (() => void)[] = [
    () => clients.push(new TestConnection(host)),
    () => anyone().feed(request(`BLPOP k${random(3)} k${random(3)} ${random(2) / 4}`)),
    () => anyone().feed(request(`BLMOVE k${random(3)} k${random(3)} LEFT RIGHT 0`)),
    () => anyone().feed(request(`BLMPOP 0 2 k${random(3)} k${random(3)} RIGHT COUNT 2`)),
    () => pusher.feed(request(`RPUSH k${random(3)} v${pushed++}`)),
    () => {
      const kill = `CLIENT KILL ID ${anyone().session.id}`;
      const push = `RPUSH k${random(3)} v${pushed++}`;
      const both = random(2) === 0 ? [kill, push] : [push, kill];
      pusher.feed(['MULTI', ...both, 'EXEC'].map(request).join(''));
    },
    () => pusher.feed(request(`CLIENT UNBLOCK ${anyone().session.id}`)),
    () => host.disconnect(clients.splice(random(clients.length), 1)[0]?.session ?? pusher.session),
    () => vi.advanceTimersByTime(random(300)),
  ];
  clients.push(connect(), connect());
  for (let round = 0; round < rounds; round++) {
    if (clients.length < 2) clients.push(connect());
    const before = [...clients];
    steps[random(steps.length)]?.();
    for (const client of before) gather(client);
  }
  const moved = clients.length;
  expect(moved).toBeGreaterThan(0);
  pusher.take();
  const left = ['k0', 'k1', 'k2'].map((key) => Number(pusher.send(`LLEN ${key}`).slice(1)));
  const kept = left.reduce((sum, length) => sum + length, 0);
  const waiting = clients.filter(({ session }) => session.blocked !== null).length;
  expect(host.blocking.count).toBe(waiting);
  expect(received + kept, `SEED=${seed}`).toBeGreaterThanOrEqual(pushed);
});

function request(line: string): string {
  const parts = line.split(' ').map((word) => `$${word.length}\r\n${word}\r\n`);
  return `*${parts.length}\r\n${parts.join('')}`;
}
