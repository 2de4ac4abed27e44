/** A password: who has not given it may do next to nothing. */
import { expect } from 'vitest';
import { storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';
import { fromLatin1, latin1 } from '../support/wire.js';

const withStore = storeSuite();

const NOAUTH = '-NOAUTH Authentication required.\r\n';
const WRONGPASS = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
const OK = '+OK\r\n';

/** Runs `body` with a connection that must give the password `secret` first. */
function withPassword(
  title: string,
  body: (stranger: Connection, owner: Connection) => Promise<void>,
): void {
  withStore(title, async (store) => {
    const owner = await store.connect();
    await owner.send('CONFIG', 'SET', 'requirepass', 'secret');
    try {
      const stranger = await store.connect();
      await body(stranger, owner);
      stranger.close();
    } finally {
      await owner.send('CONFIG', 'SET', 'requirepass', '');
      owner.close();
    }
  });
}

async function say(connection: Connection, ...args: string[]): Promise<string> {
  return latin1((await connection.send(...args)).wire);
}

withPassword('nothing is executed before AUTH', async (stranger, owner) => {
  for (const command of ['PING', 'GET k', 'SET k v', 'FLUSHALL', 'INFO', 'CLIENT ID', 'SELECT 1']) {
    expect(await say(stranger, ...command.split(' '))).toBe(NOAUTH);
  }
  expect(await say(owner, 'EXISTS', 'k')).toBe(':0\r\n');
});

withPassword('unknown commands and wrong arity are told as ever', async (stranger) => {
  expect(await say(stranger, 'NOSUCH')).toBe(
    "-ERR unknown command 'NOSUCH', with args beginning with: \r\n",
  );
  expect(await say(stranger, 'GET')).toBe("-ERR wrong number of arguments for 'get' command\r\n");
});

withPassword(
  'AUTH opens the connection, with and without the name of the user',
  async (stranger) => {
    expect(await say(stranger, 'AUTH', 'wrong')).toBe(WRONGPASS);
    expect(await say(stranger, 'AUTH', 'default', 'wrong')).toBe(WRONGPASS);
    expect(await say(stranger, 'AUTH', 'nobody', 'secret')).toBe(WRONGPASS);
    expect(await say(stranger, 'AUTH', '')).toBe(WRONGPASS);
    expect(await say(stranger, 'PING')).toBe(NOAUTH);
    expect(await say(stranger, 'AUTH', 'secret')).toBe(OK);
    expect(await say(stranger, 'PING')).toBe('+PONG\r\n');
    expect(await say(stranger, 'AUTH', 'default', 'secret')).toBe(OK);
    expect(await say(stranger, 'AUTH', 'wrong')).toBe(WRONGPASS);
    expect(await say(stranger, 'PING')).toBe('+PONG\r\n');
  },
);

withPassword('AUTH and what follows it may come in one batch', async (stranger) => {
  const replies = await stranger.pipeline([
    ['PING'],
    ['AUTH', 'secret'],
    ['SET', 'k', 'v'],
    ['GET', 'k'],
  ]);
  expect(replies.map(({ wire }) => latin1(wire))).toEqual([NOAUTH, OK, OK, '$1\r\nv\r\n']);
});

withPassword('HELLO wants the password too', async (stranger) => {
  expect(await say(stranger, 'HELLO', '3')).toBe(
    '-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO ' +
      'AUTH <user> <pass> option can be used to authenticate the client and select the ' +
      'RESP protocol version at the same time\r\n',
  );
  expect(await say(stranger, 'HELLO', '3', 'AUTH', 'default', 'wrong')).toBe(WRONGPASS);
  expect(await say(stranger, 'GET', 'k')).toBe(NOAUTH);
  expect((await stranger.send('HELLO', '3', 'AUTH', 'default', 'secret')).tree.mark).toBe('%');
  expect(await say(stranger, 'GET', 'k')).toBe('_\r\n');
});

withPassword('RESET makes a stranger of a connection again', async (stranger) => {
  await stranger.send('AUTH', 'secret');
  expect(await say(stranger, 'RESET')).toBe('+RESET\r\n');
  expect(await say(stranger, 'PING')).toBe(NOAUTH);
});

withPassword('QUIT and RESET need no password', async (stranger) => {
  expect(await say(stranger, 'RESET')).toBe('+RESET\r\n');
  expect(await say(stranger, 'QUIT')).toBe(OK);
  await stranger.untilClosed();
});

withPassword('connections that were there before stay as they were', async (_stranger, owner) => {
  expect(await say(owner, 'PING')).toBe('+PONG\r\n');
});

const LIMITS: [title: string, request: string, reply: string][] = [
  [
    'more than ten arguments',
    '*11\r\n',
    '-ERR Protocol error: unauthenticated multibulk length\r\n',
  ],
  [
    'an argument of more than 16 KiB',
    '*1\r\n$16385\r\n',
    '-ERR Protocol error: unauthenticated bulk length\r\n',
  ],
];

for (const [title, request, reply] of LIMITS) {
  withPassword(`${title} ends the connection of a stranger`, async (stranger) => {
    const [error] = await stranger.raw(fromLatin1(request), 1);
    expect(latin1(error?.wire ?? new Uint8Array())).toBe(reply);
    await stranger.untilClosed();
  });
}

withPassword('ten arguments and 16 KiB are still read', async (stranger) => {
  expect(await say(stranger, ...'MSET 1 2 3 4 5 6 7 8 9'.split(' '))).toMatch(/^-(NOAUTH|ERR)/);
  expect(await say(stranger, 'ECHO', 'x'.repeat(16384))).toBe(NOAUTH);
});
