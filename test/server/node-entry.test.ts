/** The package in Node: a server, and a client without one. */
import { expect, test } from 'vitest';
import { createClient, createServer, RedstartError, ReplyError } from '../../src/node.js';
import { coreModule } from '../host/test-host.js';
import { command, exchange } from './pair.js';

test('createServer listens on a free port of this machine and can be closed', async () => {
  const core = await coreModule();
  const server = await createServer({ core, config: { requirepass: 'secret' } });
  expect(server.port).toBeGreaterThan(0);
  const reply = await exchange(server.port, command('AUTH', 'secret') + command('PING'));
  expect(reply).toBe('+OK\r\n+PONG\r\n');
  await server.close();
  await expect(exchange(server.port, '')).rejects.toThrow('ECONNREFUSED');
});

test('createServer tells what is wrong with its options', async () => {
  const core = await coreModule();
  const taken = await createServer({ core });
  await expect(createServer({ core, port: taken.port })).rejects.toThrow(/Failed listening/);
  await expect(createServer({ core, config: { hz: 'x' } })).rejects.toThrow(/^hz: .*integer/);
  await expect(createServer({ core, config: { nosuch: 'x' } })).rejects.toThrow(
    /^nosuch: there is no such parameter/,
  );
  await expect(createServer({ core, config: { databases: '16385' } })).rejects.toThrow(
    /at most 16384/,
  );
  await taken.close();
});

test('createServer takes its time from the clock that it is given', async () => {
  let now = 1_700_000_000_000;
  const clock = { now: () => now, monotonic: () => now };
  const server = await createServer({ core: await coreModule(), clock });
  await exchange(server.port, command('SET', 'k', 'v', 'PX', '1000'));
  expect(await exchange(server.port, command('PTTL', 'k'))).toBe(':1000\r\n');
  now += 999;
  expect(await exchange(server.port, command('PTTL', 'k'))).toBe(':1\r\n');
  now += 2;
  expect(await exchange(server.port, command('GET', 'k'))).toBe('$-1\r\n');
  await server.close();
});

test('createClient has a store of its own, or shares one by its name', async () => {
  const core = await coreModule();
  const [a, b] = [createClient({ core }), createClient({ core })];
  const [c, d] = [createClient({ core, name: 'shared' }), createClient({ core, name: 'shared' })];
  await Promise.all([a, b, c, d].map((client) => client.connect()));
  await Promise.all([a.set('k', 'a'), c.set('k', 'c')]);
  expect(await a.get('k')).toBe('a');
  expect(await b.get('k')).toBeNull();
  expect(await d.get('k')).toBe('c');
  await expect(a.incr('k')).rejects.toThrow(ReplyError);
  expect(new ReplyError('ERR x')).toBeInstanceOf(RedstartError);
  await Promise.all([a, b, c, d].map((client) => client.close()));
});
