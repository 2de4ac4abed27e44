/** The sockets: who is let in, how many, and what a slow or gone client costs. */
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createServer, type RunningServer } from '../../src/node.js';
import { bindProblem, refusalOf } from '../../src/server/admission.js';
import { addressText } from '../../src/server/connection.js';
import type { Server } from '../../src/server/server.js';
import { coreModule, openTestHost } from '../host/test-host.js';
import { command, exchange, open, openPair, openServer } from './pair.js';

const servers: Pick<RunningServer, 'close'>[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(config: Record<string, string> = {}): Promise<Server> {
  const server = await openServer({ config });
  servers.push(server);
  return server;
}

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (condition() ? resolve() : setImmediate(look));
    look();
  });
}

test('200 servers in one process keep their data apart', async () => {
  const core = await coreModule();
  const many = await Promise.all(Array.from({ length: 200 }, () => createServer({ core })));
  servers.push(...many);
  expect(new Set(many.map(({ port }) => port)).size).toBe(200);
  await Promise.all(many.map(({ port }, n) => exchange(port, command('SET', 'k', `v${n}`))));
  const values = await Promise.all(many.map(({ port }) => exchange(port, command('GET', 'k'))));
  expect(values).toEqual(many.map((_, n) => `$${`v${n}`.length}\r\nv${n}\r\n`));
});

test('no more than maxclients are let in', async () => {
  const pair = await openPair(['--maxclients', '3']);
  servers.push(pair);
  for (const port of [pair.redis, pair.ours]) {
    const sockets = [await open(port), await open(port), await open(port)];
    for (const socket of sockets) {
      socket.write('PING\r\n');
      await new Promise((done) => socket.once('data', done));
    }
    expect(await exchange(port, '')).toBe('-ERR max number of clients reached\r\n');
    for (const socket of sockets) socket.destroy();
  }
});

test('protected mode turns away who comes from elsewhere', async () => {
  const { host } = await openTestHost();
  expect(refusalOf(host, '127.0.0.1:5')).toBeNull();
  expect(refusalOf(host, '[::1]:5')).toBeNull();
  expect(refusalOf(host, '10.0.0.1:5')).toMatch(/^-DENIED Redis is running in protected mode/);
  const withPassword = await openTestHost({ config: { requirepass: 'x' } });
  expect(refusalOf(withPassword.host, '10.0.0.1:5')).toBeNull();
  const unprotected = await openTestHost({ config: { 'protected-mode': 'no' } });
  expect(refusalOf(unprotected.host, '10.0.0.1:5')).toBeNull();
});

test.each([
  ['127.0.0.1 -::1', false, true, null],
  ['127.0.0.5 localhost', false, true, null],
  ['0.0.0.0', false, true, '0.0.0.0'],
  ['127.0.0.1 * -::*', false, true, '*'],
  ['-10.1.2.3', false, true, '10.1.2.3'],
  ['*', true, true, null],
  ['*', false, false, null],
])('bind %s, password %s, protected-mode %s', (bind, password, protectedMode, refused) => {
  const problem = bindProblem(bind, { password, protectedMode });
  if (refused === null) expect(problem).toBeNull();
  else expect(problem).toContain(`Refusing to listen on ${refused} without a password`);
});

test('a server that would be open to everyone does not start', async () => {
  await expect(openServer({ bind: '0.0.0.0' })).rejects.toThrow('Refusing to listen on 0.0.0.0');
});

test('addresses are shown as Redis shows them', () => {
  expect(addressText('127.0.0.1', 7)).toBe('127.0.0.1:7');
  expect(addressText('::ffff:127.0.0.1', 7)).toBe('127.0.0.1:7');
  expect(addressText('::1', 7)).toBe('[::1]:7');
});

test('CONFIG SET port and bind move the server, or leave it where it was', async () => {
  const [server, taken] = [await start(), await start()];
  const [old, other] = [server.port, taken.port];
  expect(await exchange(old, command('CONFIG', 'SET', 'port', String(taken.port)))).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this " +
      'port. Check server logs.\r\n',
  );
  expect(await exchange(old, command('CONFIG', 'SET', 'bind', '0.0.0.0'))).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified " +
      'addresses.\r\n',
  );
  expect(await exchange(old, command('PING'))).toBe('+PONG\r\n');
  await taken.close();
  expect(await exchange(old, command('CONFIG', 'SET', 'port', String(other)))).toBe('+OK\r\n');
  await expect(exchange(old, command('PING'))).rejects.toThrow('ECONNREFUSED');
  expect(await exchange(server.port, command('INFO', 'server'))).toContain(`tcp_port:${other}\r\n`);
});

test('a client that does not read is not read from either', async () => {
  const server = await start();
  await exchange(server.port, command('SET', 'k', 'x'.repeat(1_000_000)));
  const socket = await open(server.port);
  socket.pause();
  socket.write(command('GET', 'k').repeat(300) + command('ECHO', 'end'));
  await until(() => [...server.host.sessions.values()].some((session) => session.suspended));
  const resident = server.host.statistics.outputBytes;
  expect(resident).toBeLessThan(100_000_000);
  expect(await exchange(server.port, command('PING'))).toBe('+PONG\r\n');
  const expected = 300 * (1_000_000 + 12) + 9;
  let received = 0;
  await new Promise<void>((done) => {
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received >= expected) done();
    });
    socket.resume();
  });
  expect(received).toBe(expected);
  socket.destroy();
});

test('connections that break off leave nothing behind', async () => {
  const server = await start();
  const sockets = await Promise.all(Array.from({ length: 50 }, () => open(server.port)));
  for (const [n, socket] of sockets.entries()) {
    socket.write(command('PING'));
    await new Promise((done) => socket.once('data', done));
    socket.write(command('SET', `k${n}`, 'v').slice(0, 5 + n));
    if (n % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
  }
  await until(() => server.host.sessions.size === 0);
});

test('1000 connections with half-written frames get their own answers', async () => {
  const server = await start();
  const sockets = await Promise.all(Array.from({ length: 1000 }, () => open(server.port)));
  const requests = sockets.map((_, n) => command('ECHO', `client ${n}`));
  for (const [n, socket] of sockets.entries()) socket.write((requests[n] ?? '').slice(0, 10));
  const replies = sockets.map(
    (socket) => new Promise<string>((done) => socket.once('data', (data) => done(String(data)))),
  );
  for (const [n, socket] of sockets.entries()) socket.write((requests[n] ?? '').slice(10));
  const texts = await Promise.all(replies);
  expect(texts.map((text) => text.split('\r\n')[1])).toEqual(sockets.map((_, n) => `client ${n}`));
  for (const socket of sockets) socket.destroy();
});

test('IPv6 is listened on where it exists', async () => {
  const server = await openServer({ bind: '127.0.0.1 -::1' });
  servers.push(server);
  const reply = await new Promise<string>((resolve) => {
    const socket = connect({ port: server.port, host: '::1' });
    socket.on('error', (error) => resolve(error.message));
    socket.on('data', (data) => resolve(String(data)));
    socket.end(command('PING'));
  });
  expect(reply).toMatch(/^\+PONG|EADDRNOTAVAIL|EAFNOSUPPORT/);
});

test('appendonly cannot be turned on where nothing is kept', async () => {
  const server = await start();
  expect(await exchange(server.port, command('CONFIG', 'SET', 'appendonly', 'yes'))).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. " +
      'Check server logs.\r\n',
  );
});
