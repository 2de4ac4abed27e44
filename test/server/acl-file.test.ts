/** The file of users, beside redis-server: what is read, what is written, what is wrong with it. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, exchange, openPair, openServer, type Pair } from './pair.js';

let directory: string;
let file: string;
let pair: Pair;
const ADMIN = 'user adm on nopass ~* &* +@all\n';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'redstart-acl-'));
  file = join(directory, 'users.acl');
  await writeFile(file, ADMIN);
  pair = await openPair(['--aclfile', file]);
});
afterAll(async () => {
  await pair.close();
  await rm(directory, { recursive: true, force: true });
});

function ask(port: number, ...commands: string[][]): Promise<string> {
  const lines = [['AUTH', 'adm', 'x'], ...commands];
  return exchange(port, lines.map((words) => command(...words)).join(''));
}

const FILES = [
  '',
  '\n \n\t\nuser ada on\r\n  user bob off  \n',
  'user ada on >secret ~a:* %R~b +@read -get (+set ~c) \nuser default on nopass +@all',
  'user ada on +get +nosuch\nuser b foo bar',
  'user ada on\nuser bob foo\nusr x',
  'user',
  '# a remark',
  'user ada\nuser ada on',
  'user al\\x20ice on',
  'user "a b" on',
  'user ada on >x # remark',
  'user ada "on"',
  'User ada on',
  'user ada on\0foo',
  'user ada  on   +get',
  'user  ada on',
  'user ada on\t+get',
  'user ada (~a)',
  'user ada (+get ~a) (foo)',
  'user ada >p -nosuch foo <q (+bar)',
  'user ada <nosuch',
  'user ada +config|x +get|a|b',
  'user ada +config|get|x',
  'user ada ~* ~a',
  'user \xff\x01 on >z\xe9 ~\xfe',
  'user default off',
  'user default +get',
  'user ada on "+get',
];

test.each(FILES)('%j is read as by redis-server', async (text) => {
  await writeFile(file, Buffer.from(ADMIN + text, 'latin1'));
  const commands = [['ACL', 'LOAD'], ['PING']];
  const [theirs, ours] = [await ask(pair.redis, ...commands), await ask(pair.ours, ...commands)];
  // One that succeeds ends the connection, at once in redis-server or after another command.
  const plain = (reply: string) => reply.replace(/\+PONG\r\n$/, '');
  expect(plain(ours)).toBe(plain(theirs));
  const [theirUsers, ourUsers] = [
    await ask(pair.redis, ['ACL', 'LIST']),
    await ask(pair.ours, ['ACL', 'LIST']),
  ];
  expect(ourUsers).toBe(theirUsers);
});

test('what one has saved the other reads', async () => {
  await writeFile(file, ADMIN);
  for (const port of [pair.redis, pair.ours]) await ask(port, ['ACL', 'LOAD']);
  const rules = ['on', '>p', '~a', '%R~b', '&c', '+@read', '-get', '(+set ~d)', '(+@all &e)'];
  for (const [from, to] of [
    [pair.redis, pair.ours],
    [pair.ours, pair.redis],
  ] as const) {
    expect(await ask(from, ['ACL', 'SETUSER', `u${from}`, ...rules], ['ACL', 'SAVE'])).toBe(
      '+OK\r\n+OK\r\n+OK\r\n',
    );
    expect(await ask(to, ['ACL', 'LOAD'])).toMatch(/^\+OK\r\n\+OK/);
    expect(await ask(to, ['ACL', 'LIST'])).toBe(await ask(from, ['ACL', 'LIST']));
  }
});

test('a file that cannot be read or written is told of', async () => {
  await rm(file);
  const load = [['ACL', 'LOAD']];
  expect(await ask(pair.ours, ...load)).toBe(await ask(pair.redis, ...load));
  const nowhere = join(directory, 'none', 'users.acl');
  await expect(openServer({ config: { aclfile: nowhere } })).rejects.toThrow(
    `Aborting Redis startup because of ACL errors: Error loading ACLs, opening file '${nowhere}': ` +
      'No such file or directory',
  );
});

test('a new file is for nobody else to read', async () => {
  await writeFile(file, ADMIN);
  const server = await openServer({ config: { aclfile: file } });
  await rm(file);
  expect(await ask(server.port, ['ACL', 'SAVE'])).toBe('+OK\r\n+OK\r\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toBe(`${ADMIN}user default on nopass ~* &* +@all\n`);
  await server.close();
});

test('a server whose users ask for passwords may listen everywhere', async () => {
  const config = { user: 'default on >x ~* +@all' };
  const server = await openServer({ config, bind: '*' });
  expect(await exchange(server.port, command('PING'))).toBe('-NOAUTH Authentication required.\r\n');
  await server.close();
});
