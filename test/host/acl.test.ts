/** Access control within a host: digests, failed logins, ACL LOG, the file of users. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import type { AclFile } from '../../src/host/acl/acl.js';
import { commandsText, userLine } from '../../src/host/acl/description.js';
import { Selector } from '../../src/host/acl/selector.js';
import { applySelectorRule } from '../../src/host/acl/selector-rules.js';
import { UserListError } from '../../src/host/acl/user-list.js';
import { encode, openTestHost, type TestConnection, type TestHost } from './test-host.js';

const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets `ms` of the store's time pass. */
async function pass({ clock }: TestHost, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.at += 10;
    await vi.advanceTimersByTimeAsync(10);
  }
}

/** Texts of the lines of an array of bulk strings. */
function lines(reply: string): string[] {
  return reply.split('\r\n').filter((line) => line !== '' && !/^[*$%~]/.test(line));
}

test('any permissions are described by rules that make them again', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 60; round++) {
    const selector = new Selector(false);
    for (let rule = random(12); rule >= 0; rule--) {
      const row = COMMANDS[random(COMMANDS.length)];
      const category = row?.acl[random(row.acl.length)];
      const sign = random(2) === 0 ? '+' : '-';
      applySelectorRule(selector, random(3) === 0 ? `${sign}@${category}` : `${sign}${row?.name}`);
      if (random(8) === 0) applySelectorRule(selector, `${sign}@all`);
    }
    const again = new Selector(false);
    for (const rule of commandsText(selector).split(' ')) applySelectorRule(again, rule);
    expect(again.commands, commandsText(selector)).toEqual(selector.commands);
  }
});

test('ten wrong passwords end a connection, in whatever way they are given', async () => {
  const { connect } = await openTestHost({ config: { requirepass: 'x' } });
  const connection = connect();
  for (let count = 0; count < 3; count++) {
    expect(connection.send('AUTH wrong')).toBe(WRONGPASS);
    expect(connection.send('AUTH nobody wrong')).toBe(WRONGPASS);
    expect(connection.send('HELLO 3 AUTH default wrong')).toBe(WRONGPASS);
  }
  expect(connection.ended).toBe(false);
  expect(connection.send('AUTH wrong', 'AUTH x')).toBe(WRONGPASS);
  expect(connection.ended).toBe(true);
  const inline = connect({ kind: 'inline' });
  for (let count = 0; count < 50; count++) expect(inline.send('AUTH wrong')).toBe(WRONGPASS);
  expect(inline.ended).toBe(false);
});

test('an address has ten wrong passwords at once, then ten a second', async () => {
  const opened = await openTestHost({ config: { requirepass: 'x' } });
  const guess = (connection: TestConnection, word: string) =>
    connection.feed(encode(['AUTH', word]));
  const attackers = Array.from({ length: 40 }, (_, port) =>
    opened.connect({ address: `10.0.0.1:${port}` }),
  );
  for (const attacker of attackers) guess(attacker, 'wrong');
  const answered = () => attackers.filter(({ received }) => received === WRONGPASS).length;
  expect(answered()).toBe(10);
  const neighbour = opened.connect({ address: '10.0.0.2:1' });
  expect(neighbour.send('AUTH wrong', 'AUTH x', 'PING')).toBe(`${WRONGPASS}+OK\r\n+PONG\r\n`);
  await pass(opened, 1000);
  expect(answered()).toBeGreaterThanOrEqual(19);
  expect(answered()).toBeLessThanOrEqual(21);
  const late = opened.connect({ address: '10.0.0.1:99' });
  guess(late, 'x');
  expect(late.received).toBe('');
  await pass(opened, 4000);
  expect(answered()).toBe(40);
  expect(late.received).toBe('+OK\r\n');
  expect(late.send('AUTH x', 'PING')).toBe('+OK\r\n+PONG\r\n');
});

test('no more than 600 passwords a minute are tried from one address', async () => {
  const opened = await openTestHost({ config: { requirepass: 'x' } });
  const tried = vi.spyOn(opened.host.acl, 'authenticate');
  let port = 0;
  let current = opened.connect({ address: '10.0.0.1:0' });
  for (let step = 0; step < 6000; step++) {
    if (current.ended) current = opened.connect({ address: `10.0.0.1:${++port}` });
    current.feed(encode(['AUTH', 'wrong']));
    await pass(opened, 10);
  }
  expect(tried.mock.calls.length).toBeLessThanOrEqual(612);
  expect(tried.mock.calls.length).toBeGreaterThan(300);
});

test('who waits for a turn may go, and what was sent behind it waits too', async () => {
  const opened = await openTestHost({ config: { requirepass: 'x' } });
  const first = opened.connect();
  for (let count = 0; count < 9; count++) first.send('AUTH wrong');
  opened.connect().send('AUTH wrong', 'AUTH wrong', 'AUTH wrong');
  const [gone, patient] = [opened.connect(), opened.connect()];
  gone.feed(encode(['AUTH', 'x']));
  patient.feed(encode(['AUTH', 'x']) + encode(['PING']));
  opened.host.disconnect(gone.session);
  expect(patient.received).toBe('');
  await pass(opened, 2000);
  expect(patient.received).toBe('+OK\r\n+PONG\r\n');
  expect(gone.received).toBe('');
});

test('a transaction is no way around it', async () => {
  const opened = await openTestHost();
  const connection = opened.connect();
  connection.send('ACL SETUSER u on >x', 'MULTI');
  for (let count = 0; count < 30; count++) connection.send('AUTH u wrong');
  const tried = vi.spyOn(opened.host.acl, 'authenticate');
  expect(connection.send('EXEC')).toBe(`*30\r\n${WRONGPASS.repeat(30)}`);
  expect(tried.mock.calls.length).toBe(10);
  expect(connection.ended).toBe(true);
});

test('strangers are no strangers any more once there is no password', async () => {
  const { connect } = await openTestHost({ config: { requirepass: 'x' } });
  const [owner, stranger] = [connect(), connect()];
  owner.send('AUTH x');
  expect(stranger.send('PING')).toBe('-NOAUTH Authentication required.\r\n');
  owner.send('ACL SETUSER default nopass');
  expect(stranger.send('PING')).toBe('+PONG\r\n');
  owner.send('ACL SETUSER default off');
  expect(stranger.send('PING')).toBe('-NOAUTH Authentication required.\r\n');
  expect(stranger.send('AUTH default y')).toBe(WRONGPASS);
  owner.send('ACL SETUSER default on -@all +get resetkeys ~a');
  expect(stranger.send('PING', 'GET a', 'GET b')).toBe(
    "-NOPERM this user has no permissions to run the 'ping' command\r\n$-1\r\n" +
      '-NOPERM this user has no permissions to access one of the keys used as arguments\r\n',
  );
  expect(connect().send('GET a')).toBe('$-1\r\n');
});

test('requirepass is the password of the default user, whatever it had', async () => {
  const { connect } = await openTestHost({ config: { requirepass: 'one' } });
  const connection = connect();
  connection.send('AUTH one');
  const line = () => lines(connection.send('ACL LIST'))[0];
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(line()).toBe(`user default on #${digest('one')} ~* &* +@all`);
  connection.send('ACL SETUSER default >two');
  expect(line()).toBe(`user default on #${digest('one')} #${digest('two')} ~* &* +@all`);
  connection.send('CONFIG SET requirepass three');
  expect(line()).toBe(`user default on #${digest('three')} ~* &* +@all`);
  connection.send('CONFIG SET requirepass ');
  expect(line()).toBe('user default on nopass ~* &* +@all');
});

test('ACL LOG counts what happens again within a minute', async () => {
  const { clock, connect } = await openTestHost();
  const [admin, user] = [connect({ kind: 'inline' }), connect({ kind: 'inline' })];
  admin.send('ACL SETUSER u on nopass +get +multi +exec ~a', 'ACL SETUSER v on >x');
  user.send('AUTH u x', 'GET b', 'DEL a', 'GET b', 'AUTH v wrong', 'MULTI', 'GET b', 'EXEC');
  const log = (...words: string[]) =>
    lines(admin.send(['ACL LOG', ...words].join(' '))).filter((line) => !line.startsWith('id='));
  const entry = (count: number, reason: string, context: string, object: string, name: string) =>
    `count :${count} reason ${reason} context ${context} object ${object} username ${name}`;
  const told = () =>
    log()
      .join(' ')
      .split(/ age-seconds \S+ client-info ?/);
  expect(told()).toEqual([
    entry(1, 'key', 'multi', 'b', 'u'),
    entry(1, 'auth', 'toplevel', 'AUTH', 'v'),
    entry(2, 'key', 'toplevel', 'b', 'u'),
    entry(1, 'command', 'toplevel', 'del', 'u'),
    '',
  ]);
  clock.at += 1500;
  expect(log('1')).toContain('1.5');
  clock.at += 60_000;
  user.send('GET b');
  expect(told().slice(0, 2)).toEqual([
    entry(1, 'key', 'toplevel', 'b', 'u'),
    entry(1, 'key', 'multi', 'b', 'u'),
  ]);
  expect(admin.send('ACL LOG 0')).toBe('*0\r\n');
  expect(admin.send('ACL LOG -5')).toBe('*0\r\n');
  expect(admin.send('ACL LOG 2')).toMatch(/^\*2\r\n/);
  admin.send('CONFIG SET acllog-max-len 2');
  user.send('GET c');
  expect(admin.send('ACL LOG')).toMatch(/^\*2\r\n/);
  expect(admin.send('ACL LOG RESET', 'ACL LOG')).toBe('+OK\r\n*0\r\n');
  expect(admin.send('ACL LOG x')).toBe('-ERR value is not an integer or out of range\r\n');
});

test('ACL LOG shows the client as it was, with the command that it sent', async () => {
  const { connect } = await openTestHost();
  const [admin, user] = [connect(), connect({ address: '1.2.3.4:5' })];
  admin.send('ACL SETUSER u on nopass');
  user.send('AUTH u x', 'GET k');
  expect(admin.send('ACL LOG')).toMatch(/\r\nid=\d+ addr=1\.2\.3\.4:5 .* cmd=get user=u /);
});

/** A file of users that is a string. */
class FakeFile implements AclFile {
  readonly path = '/etc/users.acl';
  failure: string | null = null;

  constructor(public text: string) {}

  read(): string {
    if (this.failure !== null) throw new Error(this.failure);
    return this.text;
  }

  write(text: string): void {
    if (this.failure !== null) throw new Error(this.failure);
    this.text = text;
  }
}

const ADMIN = 'user adm on nopass ~* &* +@all';

async function openWithFile(text: string) {
  const file = new FakeFile(text);
  const opened = await openTestHost({ aclFile: file });
  const admin = () => {
    const connection = opened.connect();
    connection.send('AUTH adm x');
    return connection;
  };
  return { ...opened, file, admin };
}

test('users come from the file, and are saved to it', async () => {
  const { admin, file } = await openWithFile(`${ADMIN}\n\n  user ada on >x (~k\xff +get)  \n`);
  const connection = admin();
  connection.send('ACL SETUSER bob on nopass');
  const { text } = file;
  expect(connection.send('ACL SAVE')).toBe('+OK\r\n');
  expect(file.text).not.toBe(text);
  expect(file.text.split('\n')).toEqual([
    'user ada on #2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 ' +
      'resetchannels -@all (~k\xff resetchannels -@all +get)',
    ADMIN,
    'user bob on nopass resetchannels -@all',
    'user default on nopass ~* &* +@all',
    '',
  ]);
  file.failure = 'Permission denied';
  expect(connection.send('ACL SAVE')).toMatch(/^-ERR There was an error trying to save the ACLs/);
  expect(connection.send('ACL LOAD')).toBe(
    "-ERR Error loading ACLs, opening file '/etc/users.acl': Permission denied\r\n",
  );
});

test('ACL LOAD ends the connections of all but the default user', async () => {
  const { admin, connect, file } = await openWithFile(ADMIN);
  const [loading, other, anybody] = [admin(), admin(), connect()];
  file.text = `${ADMIN}\nuser default on nopass +ping`;
  expect(loading.send('ACL LOAD', 'PING')).toBe('+OK\r\n');
  expect([loading.ended, other.ended, anybody.ended]).toEqual([true, true, false]);
  expect(anybody.send('PING', 'GET k')).toMatch(/^\+PONG\r\n-NOPERM/);
  file.text = ADMIN;
  expect(admin().send('ACL LOAD')).toBe('+OK\r\n');
  expect(anybody.send('GET k')).toBe('$-1\r\n');
});

test('a file with mistakes changes nothing, and is told all of them', async () => {
  const { admin, file } = await openWithFile(`${ADMIN}\nuser bob on`);
  const connection = admin();
  file.text = [
    'user a +nosuch foo >x bar -@nosuch',
    '# a remark',
    'user a',
    'user',
    'user b (+get',
    'user c >x <y',
  ].join('\n');
  const at = '/etc/users.acl';
  const unknown = 'Unknown command or category name in ACL';
  expect(connection.send('ACL LOAD')).toBe(
    `-ERR ${at}:1: Error in applying operation '+nosuch': ${unknown}. ${at}:1: Syntax error. ` +
      `${at}:1: Error in applying operation '-@nosuch': ${unknown}. ` +
      `${at}:2 should start with user keyword followed by the username. ` +
      "WARNING: Duplicate user 'a' found on line 3. " +
      `${at}:4 should start with user keyword followed by the username. ` +
      `${at}:5: Unmatched parenthesis in acl selector starting at '(+get'. ` +
      `${at}:6: The password you are trying to remove from the user does not exist. ` +
      'WARNING: ACL errors detected, no change to the previously active ACL rules was performed\r\n',
  );
  expect(connection.send('ACL USERS')).toBe('*3\r\n$3\r\nadm\r\n$3\r\nbob\r\n$7\r\ndefault\r\n');
});

test('a store does not open with users that cannot be made', async () => {
  const text = 'user a foo';
  await expect(openTestHost({ aclFile: new FakeFile(text) })).rejects.toThrow(UserListError);
  for (const user of ['"a b" on', 'a foo', 'a +nosuch', 'a (+get', 'a on\na on']) {
    await expect(openTestHost({ config: { user } }), user).rejects.toThrow(UserListError);
  }
  const both = openTestHost({ config: { user: 'a on' }, aclFile: new FakeFile('') });
  await expect(both).rejects.toThrow(/Configuring Redis with users defined in redis.conf and/);
});

test('users of the configuration are there from the beginning', async () => {
  const user = 'ada on >s\u00e9same ~* (+get ~k)\n"default" on nopass +@all';
  const { connect, host } = await openTestHost({ config: { user, requirepass: 'x' } });
  const connection = connect();
  expect(connection.send('AUTH ada s\xc3\xa9same')).toBe('+OK\r\n');
  const digest = createHash('sha256').update('s\u00e9same').digest('hex');
  expect(host.acl.list().map(userLine)).toEqual([
    `user ada on #${digest} ~* resetchannels -@all (~k resetchannels -@all +get)`,
    'user default on nopass resetchannels +@all',
  ]);
});

test('acl-pubsub-default is what new users and selectors begin with', async () => {
  const { connect } = await openTestHost({ config: { 'acl-pubsub-default': 'allchannels' } });
  const connection = connect();
  connection.send('ACL SETUSER u', 'ACL SETUSER v reset resetchannels (+get)');
  expect(lines(connection.send('ACL LIST')).slice(1)).toEqual([
    'user u off &* -@all',
    'user v off sanitize-payload resetchannels -@all (&* -@all +get)',
  ]);
  connection.send('CONFIG SET acl-pubsub-default resetchannels', 'ACL SETUSER u reset');
  expect(lines(connection.send('ACL LIST'))[1]).toBe(
    'user u off sanitize-payload resetchannels -@all',
  );
});

test('who is deleted or takes its own channels away is answered first', async () => {
  const { connect } = await openTestHost();
  const [admin, user, listener] = [connect(), connect(), connect()];
  admin.send('ACL SETUSER u on nopass allcommands allchannels');
  user.send('AUTH u x', 'HELLO 3', 'SUBSCRIBE a');
  expect(user.send('ACL SETUSER u resetchannels', 'PING')).toBe('+OK\r\n');
  expect(user.ended).toBe(true);
  listener.send('AUTH u x');
  expect(listener.send('ACL DELUSER u', 'PING')).toBe(':1\r\n');
  expect(listener.ended).toBe(true);
});
