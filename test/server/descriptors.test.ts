/** `maxclients` within what the system can open. */
import { expect, test } from 'vitest';
import { boundClients, descriptorsMax } from '../../src/server/descriptors.js';
import { openTestHost } from '../host/test-host.js';

test('the limit is read where the system tells it', () => {
  const limits = 'Max processes   1 2 processes\nMax open files            200       400   files\n';
  expect(descriptorsMax(limits)).toBe(200);
  expect(descriptorsMax('')).toBe(Number.POSITIVE_INFINITY);
  expect(descriptorsMax()).toBeGreaterThan(100);
});

test('maxclients is lowered at the start, and cannot be raised beyond', async () => {
  const { host, log, connect } = await openTestHost();
  boundClients(host, 200);
  const client = connect();
  expect(client.send('CONFIG GET maxclients')).toContain('$3\r\n168\r\n');
  expect(log.join('\n')).toContain('maxclients of 10000 requiring at least 10032 max file');
  expect(log.join('\n')).toContain('maxclients has been reduced to 168');
  expect(client.send('CONFIG SET maxclients 169')).toBe(
    "-ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating system is " +
      'not able to handle the specified number of clients, try with 168\r\n',
  );
  expect(client.send('CONFIG SET maxclients 168')).toBe('+OK\r\n');
});

test('enough descriptors change nothing', async () => {
  const { host, log, connect } = await openTestHost();
  boundClients(host, 1_000_000);
  expect(log).toEqual([]);
  expect(connect().send('CONFIG SET maxclients 20000')).toBe('+OK\r\n');
});
