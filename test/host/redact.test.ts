/** Secrets in commands: what MONITOR, SLOWLOG and logs show of them (docs/RELIABILITY.md S20). */
import { expect, test } from 'vitest';
import { CommandNames } from '../../src/commands/names.js';
import { redact } from '../../src/host/redact.js';
import { openTestHost } from './test-host.js';

const X = '(redacted)';

test.each([
  ['AUTH secret', `AUTH ${X}`],
  ['auth user secret', `auth ${X} ${X}`],
  ['AUTH a b c', `AUTH ${X} ${X} ${X}`],
  ['HELLO', 'HELLO'],
  ['HELLO 3 AUTH user secret SETNAME me', `HELLO 3 AUTH ${X} ${X} SETNAME me`],
  ['HELLO 3 SETNAME auth AUTH user secret', `HELLO 3 SETNAME auth AUTH ${X} ${X}`],
  ['HELLO x foo AUTH user secret', `HELLO x foo AUTH ${X} ${X}`],
  ['HELLO 3 AUTH secret', `HELLO 3 AUTH ${X}`],
  ['ACL SETUSER user >secret on', `ACL SETUSER ${X} ${X} ${X}`],
  ['ACL GETUSER user', 'ACL GETUSER user'],
  ['CONFIG SET requirepass secret maxclients 5', `CONFIG SET requirepass ${X} maxclients 5`],
  ['CONFIG SET foo 1 MASTERAUTH secret', `CONFIG SET foo 1 MASTERAUTH ${X}`],
  ['CONFIG SET masteruser secret', `CONFIG SET masteruser ${X}`],
  ['CONFIG GET requirepass', 'CONFIG GET requirepass'],
  ['MIGRATE h 1 k 0 1 COPY AUTH secret', `MIGRATE h 1 k 0 1 COPY AUTH ${X}`],
  ['MIGRATE h 1 k 0 1 auth2 u secret KEYS auth', `MIGRATE h 1 k 0 1 auth2 ${X} ${X} KEYS auth`],
  ['MIGRATE h 1 k 0 1 AUTH', 'MIGRATE h 1 k 0 1 AUTH'],
  ['SET auth secret', 'SET auth secret'],
])('%s is shown as %s', (line, shown) => {
  const args = line.split(' ').map((word) => Buffer.from(word));
  const row = new CommandNames().ofLine(args);
  if (row === undefined) throw new Error(`${line} is no command`);
  const words = redact(row, args).map((word) => Buffer.from(word).toString());
  expect(words.join(' ')).toBe(shown);
});

test('no secret is found in what a store says of itself', async () => {
  const { connect, log } = await openTestHost({ config: { requirepass: 'planted0' } });
  const [admin, watcher] = [connect(), connect()];
  watcher.send('AUTH planted0');
  watcher.take();
  admin.send('AUTH planted0', 'CONFIG SET slowlog-log-slower-than 0');
  watcher.send('MONITOR');
  admin.send('AUTH planted1', 'AUTH user planted2', 'HELLO 2 AUTH default planted3');
  admin.send('ACL SETUSER u on >planted4', 'AUTH u planted4', 'AUTH planted0');
  admin.send('CONFIG SET masterauth planted5', 'CONFIG SET requirepass planted6');
  admin.send('MIGRATE 127.0.0.1 1 k 0 1 AUTH planted7', 'ACL SETUSER u >planted8 nosuch');
  admin.send('AUTH planted6');
  const told = admin.send(
    ...['SLOWLOG GET 100', 'ACL LOG', 'ACL LIST', 'CLIENT LIST', 'INFO everything'],
  );
  expect(told).toContain('user=default');
  expect(told + watcher.take() + log.join('\n')).not.toContain('planted');
});
