/** Sessions: their limits, who may do what, and what happens to others. */
import { expect, test, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { docsSource } from '../../src/commands/docs.js';
import { COMMANDS } from '../../src/commands/table.js';
import { EngineMemoryError } from '../../src/engine/engine.js';
import { hostCommands } from '../../src/host/commands/registry.js';
import { REDSTART_VERSION } from '../../src/host/version.js';
import { encode, openTestHost } from './test-host.js';

test('every command of the host has a handler, and every handler its command', () => {
  const rows = COMMANDS.filter((row) => row.handler === 'host').map((row) => row.name);
  const handlers = hostCommands(docsSource(() => Promise.resolve('[]')));
  expect(Object.keys(handlers).sort()).toEqual(rows.sort());
});

test('the version we tell is that of the package', () => {
  expect(REDSTART_VERSION).toBe(packageJson.version);
});

test.each([
  'POST / HTTP/1.1\r\n',
  'post /x HTTP/1.1\r\nHost: localhost\r\n\r\nSET k v\r\n',
  'GET / HTTP/1.1\r\n',
  'OPTIONS * HTTP/1.0\r\n',
  'Host: localhost\r\n',
  ' HOST:  x\n',
  'SET k v\r\nPOST / HTTP/1.1\r\n',
  'POST\r\n',
])('%j ends the connection before anything runs', async (bytes) => {
  const { connect, log } = await openTestHost();
  for (const slices of [[bytes], [...bytes]]) {
    const attacker = connect();
    for (const slice of slices) attacker.feed(slice);
    expect(attacker.ended).toBe(true);
    attacker.feed(encode(['SET', 'k', 'v']));
  }
  expect(log.filter((line) => line.includes('Possible SECURITY ATTACK detected'))).toHaveLength(1);
  const bySlices = bytes.startsWith('SET') ? ':1\r\n' : ':0\r\n';
  expect(connect().send('EXISTS k')).toBe(bySlices);
});

test('words of HTTP as arguments are no HTTP', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  connection.feed('SET POST HTTP/1.1\r\n');
  connection.feed(encode(['SET', 'k', 'POST / HTTP/1.1\r\nHost: x\r\n']));
  expect(connection.received).toBe('+OK\r\n+OK\r\n');
});

test('a page that is no TCP client may send what it likes', async () => {
  const { connect } = await openTestHost();
  const page = connect({ kind: 'worker' });
  page.feed('POST / HTTP/1.1\r\n');
  expect(page.ended).toBe(false);
});

test('requests beyond client-query-buffer-limit end the connection', async () => {
  const { connect, log } = await openTestHost({ config: { 'client-query-buffer-limit': '1mb' } });
  const connection = connect();
  connection.feed('*2\r\n$3\r\nGET\r\n$2000000\r\n');
  const piece = new Uint8Array(500_000);
  connection.feed(piece);
  connection.feed(piece);
  expect(connection.ended).toBe(false);
  connection.feed(piece);
  expect(connection.ended).toBe(true);
  expect(log.join()).toContain('reached max query buffer length');
});

test('a stranger may not make us keep more than 1 MiB', async () => {
  const { connect } = await openTestHost({ config: { requirepass: 'secret' } });
  const stranger = connect();
  // Ten arguments of 16 KiB are allowed; so are many lines, each too short to be refused.
  stranger.feed('*10\r\n');
  stranger.feed(`$16384\r\n${'x'.repeat(16384)}\r\n`.repeat(9));
  expect(stranger.ended).toBe(false);
  stranger.feed(`$16384\r\n${'x'.repeat(16384)}\r\n`);
  expect(stranger.received).toMatch(/^-ERR unknown command/);
});

test('a request for which there is no memory ends its connection and no other', async () => {
  const { host, connect } = await openTestHost();
  const [greedy, other] = [connect(), connect()];
  const input = vi.spyOn(host.engine, 'load').mockImplementationOnce(() => {
    throw new EngineMemoryError('no memory');
  });
  expect(greedy.send('PING')).toBe('-OOM no memory for this request\r\n');
  expect(greedy.ended).toBe(true);
  input.mockRestore();
  expect(other.send('PING')).toBe('+PONG\r\n');
});

test('a password is asked of those who come later, and by RESET again', async () => {
  const { connect } = await openTestHost();
  const first = connect();
  expect(first.send('CONFIG SET requirepass secret', 'PING')).toBe('+OK\r\n+PONG\r\n');
  const second = connect();
  expect(second.send('PING', 'AUTH wrong', 'AUTH secret', 'PING')).toBe(
    '-NOAUTH Authentication required.\r\n' +
      '-WRONGPASS invalid username-password pair or user is disabled.\r\n+OK\r\n+PONG\r\n',
  );
  expect(first.send('RESET', 'PING')).toBe('+RESET\r\n-NOAUTH Authentication required.\r\n');
});

test('passwords are compared whole', async () => {
  const { connect } = await openTestHost({ config: { requirepass: 'sesam' } });
  const connection = connect();
  for (const wrong of ['sesa', 'sesamsesam', 'sesan', 'Sesam', 'sesam\0']) {
    expect(connection.send(`AUTH ${wrong}`), wrong).toMatch(/^-WRONGPASS/);
  }
  expect(connection.send('AUTH sesam')).toBe('+OK\r\n');
});

test('no secret is written to the log or told by another session', async () => {
  const { connect, log } = await openTestHost({ config: { requirepass: 'hunter2' } });
  const connection = connect();
  connection.send('AUTH hunter3', 'HELLO 3 AUTH default hunter4', 'AUTH hunter2');
  connection.send('CONFIG SET requirepass hunter5 masterauth hunter6');
  expect(log.join()).not.toContain('hunter');
  expect(connect().host.sessions.size).toBe(2);
  expect(connection.send('CLIENT LIST', 'INFO everything')).not.toContain('hunter');
});

test('CLIENT KILL ends other connections and, last, its own', async () => {
  const { connect } = await openTestHost();
  const [self, other, third] = [
    connect(),
    connect({ address: '10.0.0.1:7' }),
    connect({ localAddress: '10.0.0.9:6379' }),
  ];
  expect(self.send('CLIENT KILL 10.0.0.1:7')).toBe('+OK\r\n');
  expect(other.ended).toBe(true);
  expect(self.send('CLIENT KILL LADDR 10.0.0.9:6379 TYPE normal')).toBe(':1\r\n');
  expect(third.ended).toBe(true);
  expect(self.send(`CLIENT KILL ID ${self.session.id}`)).toBe(':0\r\n');
  expect(self.send(`CLIENT KILL ID ${self.session.id} SKIPME no`, 'PING')).toBe(':1\r\n');
  expect(self.ended).toBe(true);
  expect(self.host.sessions.size).toBe(0);
});

test('CLIENT REPLY OFF is silent until ON, SKIP for one command', async () => {
  const { connect } = await openTestHost();
  const connection = connect();
  expect(connection.send('PING', 'CLIENT REPLY OFF', 'PING', 'SET k v')).toBe('+PONG\r\n');
  expect(connection.send('PING')).toBe('');
  expect(connection.send('CLIENT REPLY SKIP', 'CLIENT REPLY ON', 'GET k')).toBe(
    '+OK\r\n$1\r\nv\r\n',
  );
  expect(connection.send('CLIENT REPLY SKIP', 'GET k', 'PING')).toBe('+PONG\r\n');
  expect(connection.send('CLIENT REPLY SKIP')).toBe('');
  expect(connection.send('GET k')).toBe('');
  expect(connection.send('GET k')).toBe('$1\r\nv\r\n');
});

test('SHUTDOWN ends the program, or says that there is none', async () => {
  const calls: unknown[] = [];
  const { connect } = await openTestHost({ shutdown: (options) => calls.push(options) });
  expect(connect().send('SHUTDOWN NOSAVE')).toBe('');
  expect(connect().send('SHUTDOWN')).toBe('');
  expect(calls, 'nothing is kept').toEqual([{ save: false }, { save: false }]);
  const page = await openTestHost();
  expect(page.connect().send('SHUTDOWN')).toBe('-ERR Errors trying to SHUTDOWN. Check logs.\r\n');
});

test('DEBUG is refused as enable-debug-command says', async () => {
  const no = await openTestHost({ config: { 'enable-debug-command': 'no' } });
  expect(no.connect().send('DEBUG JMAP')).toMatch(/^-ERR DEBUG command not allowed\./);
  const local = await openTestHost({ config: { 'enable-debug-command': 'local' } });
  expect(local.connect().send('DEBUG JMAP')).toBe('+OK\r\n');
  expect(local.connect({ address: '[::1]:7' }).send('DEBUG JMAP')).toBe('+OK\r\n');
  expect(local.connect({ address: '10.0.0.1:7' }).send('DEBUG JMAP')).toMatch(/^-ERR DEBUG/);
});
