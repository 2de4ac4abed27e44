/**
 * Who may come in, and what strangers can do: the rules S1, S2, S6 and S9 of docs/RELIABILITY.md,
 * on sockets.
 */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { bindProblem } from '../../src/server/admission.js';
import type { Server } from '../../src/server/server.js';
import { Random } from '../differential/random.js';
import { encode, openTestHost } from '../host/test-host.js';
import { fromLatin1, ReplySplitter } from '../support/wire.js';
import { command, exchange, open, openPair, openServer } from './pair.js';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(config: Record<string, string>, bind = '127.0.0.1'): Promise<Server> {
  const server = await openServer({ config, bind });
  servers.push(server);
  return server;
}

/** An address of this machine that is not its own loop. */
function outsideAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** Everything that comes back from a server on another address. */
function ask(host: string, port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.end(bytes);
  });
}

test('what is open to others wants a password, or to be told that it shall be open', () => {
  for (const bind of ['0.0.0.0', '*', '::', '127.0.0.1 10.0.0.1', '-::*', 'example.org']) {
    for (const [password, protectedMode, allowed] of [
      [false, true, false],
      [true, true, true],
      [false, false, true],
      [true, false, true],
    ] as const) {
      const problem = bindProblem(bind, { password, protectedMode });
      expect(problem === null, `${bind} ${password} ${protectedMode}`).toBe(allowed);
    }
  }
  for (const bind of ['127.0.0.1', '127.0.0.1 -::1', 'localhost', '127.9.9.9']) {
    expect(bindProblem(bind, { password: false, protectedMode: true })).toBeNull();
  }
});

test.skipIf(outsideAddress() === undefined)('nobody from outside is answered', async () => {
  const outside = outsideAddress() ?? '';
  const closed = await start({});
  await expect(ask(outside, closed.port, command('PING'))).rejects.toThrow('ECONNREFUSED');
  const server = await start({ requirepass: 'x' }, '*');
  const marked = command('SET', 'marker', 'x');
  expect(await ask(outside, server.port, marked)).toBe('-NOAUTH Authentication required.\r\n');
  server.host.config.set([['requirepass', '']], () => true);
  expect(await ask(outside, server.port, marked)).toMatch(/^-DENIED Redis is running in protected/);
  server.host.acl.setUser('default', [{ text: '>y', at: 0 }], () => {});
  expect(await ask(outside, server.port, marked)).toMatch(/^-(NOAUTH|DENIED)/);
  expect(await exchange(server.port, command('AUTH', 'y') + command('EXISTS', 'marker'))).toBe(
    '+OK\r\n:0\r\n',
  );
});

/** Requests that a page can have a browser send, with Redis's commands in their bodies. */
function httpRequest(random: Random, marker: string): string {
  const method = random.pick(['POST', 'GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']);
  const path = random.pick(['/', '/a?b=c', '/SET', '/%0d%0aSET', '*', '/*1', '/$4']);
  const version = random.pick(['HTTP/1.1', 'HTTP/1.0']);
  const headers = [
    'Host: 127.0.0.1:6379',
    `Origin: ${random.pick(['null', 'https://example.org'])}`,
    `Content-Type: ${random.pick(['text/plain', 'application/x-www-form-urlencoded'])}`,
    random.pick(['Upgrade: websocket', 'Connection: keep-alive', 'X-A: *1']),
  ];
  if (random.below(2) === 0) headers.reverse();
  const body = random.pick([
    command('SET', marker, 'x'),
    `SET ${marker} x\r\n`,
    `\r\n\r\nSET ${marker} x\r\nQUIT\r\n`,
    `EVAL "redis.call('SET','${marker}','x')" 0\r\n`,
  ]);
  return `${method} ${path} ${version}\r\n${headers.join('\r\n')}\r\n\r\n${body.repeat(3)}`;
}

test('a thousand requests of web pages run no command', async () => {
  const seed = Date.now() % 1_000_000;
  const random = new Random(seed, 0);
  const server = await start({});
  for (let round = 0; round < 1000; round += 50) {
    const answers = Array.from({ length: 50 }, () =>
      exchange(server.port, httpRequest(random, 'marker')),
    );
    expect(new Set(await Promise.all(answers)), `seed ${seed}`).toEqual(new Set(['']));
  }
  expect(await exchange(server.port, command('DBSIZE'))).toBe(':0\r\n');
});

test('a thousand strangers take little memory and nobody’s turn', async () => {
  const server = await start({ requirepass: 'secret' });
  const known = await open(server.port);
  const answers: string[] = [];
  known.on('data', (data) => answers.push(String(data)));
  known.write(command('AUTH', 'secret'));
  const strangers = await Promise.all(Array.from({ length: 1000 }, () => open(server.port)));
  const argument = `$16384\r\n${'x'.repeat(16_384)}\r\n`;
  for (const [at, stranger] of strangers.entries()) {
    stranger.on('error', () => {});
    stranger.on('data', () => {});
    if (at % 4 === 0) stranger.write(command('GET', 'k').repeat(50));
    if (at % 4 === 1) stranger.write(`*10\r\n${argument.repeat(9)}`);
    if (at % 4 === 2) stranger.write('*11\r\n');
  }
  for (let count = 0; count < 50; count++) known.write(command('PING'));
  await until(() => answers.join('').endsWith('+PONG\r\n'.repeat(50)));
  await until(() => server.host.sessions.size <= 751);
  const sessions = [...server.host.sessions.values()];
  const kept = sessions.reduce((sum, { input }) => sum + input.length, 0);
  expect(kept).toBeLessThan(33 * 1024 * 1024);
  for (const stranger of strangers) stranger.destroy();
  known.destroy();
});

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (condition() ? resolve() : setImmediate(look));
    look();
  });
}

const HOSTILE = ['a\r\n+OK\r\n:1', '\r\n', 'b\n$1\nx', 'c\r*1', '\0\r\n-ERR', '\xff\r\n>2\r\n'];
/** They would end or hold up the connection that is asked. */
const ENDING = new Set(['quit', 'shutdown', 'monitor', 'sync', 'psync', 'client|reply', 'debug']);

test('whatever names say, each command is answered by one reply', async () => {
  for (const protocol of [2, 3]) {
    const { connect: connectTo } = await openTestHost();
    for (const row of COMMANDS) {
      if (ENDING.has(row.name)) continue;
      for (const [at, hostile] of HOSTILE.entries()) {
        const connection = connectTo({ kind: 'inline' });
        if (protocol === 3) connection.send('HELLO 3');
        const name = row.name.split('|');
        const count = Math.abs(row.arity) - name.length + (at % 3);
        const args = Array.from({ length: Math.max(0, count) }, () => hostile);
        connection.take();
        connection.feed(encode([...name, ...args]));
        const text = connection.take();
        const replies = new ReplySplitter().push(fromLatin1(text));
        const isWaiting = connection.session.suspended && replies.length === 0;
        const isSubscribing = /subscribe$/.test(row.name);
        if (!isWaiting && !isSubscribing) expect(replies.length, `${row.name} ${text}`).toBe(1);
      }
    }
  }
});

test.each([
  ['an unknown command', ['NO\r\nSUCH', 'a\r\n+OK']],
  ['an unknown subcommand', ['CONFIG', 'NO\r\n+OK']],
  ['an unknown user', ['ACL', 'DRYRUN', 'a\r\n+OK', 'get', 'x']],
  ['an unknown rule', ['ACL', 'SETUSER', 'u', 'a\r\n+OK\r\n']],
  ['an unknown category', ['ACL', 'CAT', 'a\r\n+OK\r\n']],
  ['an unknown parameter', ['CONFIG', 'SET', 'a\r\n+OK', 'x']],
  ['a bad value', ['CONFIG', 'SET', 'maxmemory', 'a\r\n+OK']],
  ['an unknown option', ['HELLO', '3', 'a\r\n+OK']],
  ['an unknown type', ['CLIENT', 'LIST', 'TYPE', 'a\r\n+OK']],
])('%s is quoted on one line, as redis-server does it', async (_, words) => {
  const pair = await openPair();
  servers.push(pair);
  const line = command(...words) + command('PING');
  expect(await exchange(pair.ours, line)).toBe(await exchange(pair.redis, line));
});
