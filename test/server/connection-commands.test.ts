/** The commands about connections and the server, beside redis-server's, in RESP2 and RESP3. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, exchange, openPair, type Pair } from './pair.js';

let pair: Pair;

beforeAll(async () => {
  pair = await openPair();
});
afterAll(() => pair.close());

/** Sequences on one connection; words are parted by blanks, `''` is the empty one. */
const SEQUENCES = [
  'SELECT 15; SELECT 16; SELECT -1; SELECT x; SELECT 99999999999; SELECT 99999999999999999999',
  'SELECT; SELECT 1 2; SELECT 01; SELECT 0',
  'SELECT 3; SET sk v; SELECT 0; EXISTS sk; SELECT 3; DEL sk',
  'HELLO; HELLO 2; HELLO 3; HELLO 4; HELLO 1; HELLO x; HELLO 99999999999999999999',
  'HELLO 3; GET nothing; HELLO 2; GET nothing; HELLO; HELLO 3 nosuch; GET nothing',
  'HELLO 2 SETNAME n1; CLIENT GETNAME; HELLO 3 SETNAME; CLIENT GETNAME; HELLO 2 AUTH default any',
  'HELLO 2 AUTH nobody x; HELLO 2 AUTH default; HELLO 2 SETNAME n2 AUTH nobody x; CLIENT GETNAME',
  'HELLO 2 setname n3 auth default y; CLIENT GETNAME',
  "CLIENT SETNAME one; CLIENT GETNAME; CLIENT SETNAME ''; CLIENT GETNAME; CLIENT SETNAME a|b!~",
  'CLIENT SETNAME a\tb; CLIENT SETNAME \xe4; CLIENT SETNAME; CLIENT GETNAME x',
  'AUTH x; AUTH default x; AUTH nobody x; AUTH; AUTH a b c',
  'RESET; SELECT 2; CLIENT SETNAME z; RESET; CLIENT GETNAME; RESET x',
  'HELLO 3; RESET; GET nothing',
  'CLIENT LIST TYPE; CLIENT LIST TYPE x; CLIENT LIST ID; CLIENT LIST ID x; CLIENT LIST ID 99999999',
  'CLIENT LIST TYPE master; CLIENT LIST TYPE replica; CLIENT LIST TYPE pubsub; CLIENT LIST nosuch x',
  'CLIENT KILL x; CLIENT KILL 1.2.3.4:5; CLIENT KILL ID; CLIENT KILL ID 0; CLIENT KILL ID x',
  'CLIENT KILL ID 99999999; CLIENT KILL TYPE x; CLIENT KILL USER x; CLIENT KILL SKIPME x',
  'CLIENT KILL nosuch x; CLIENT KILL ADDR 1:1 ID; CLIENT KILL ADDR 1:1 LADDR 2:2; CLIENT KILL',
  'CLIENT KILL TYPE pubsub; CLIENT KILL USER default ID 99999999; CLIENT KILL ID -5',
  'CLIENT NO-EVICT on; CLIENT NO-EVICT OFF; CLIENT NO-EVICT x; CLIENT NO-EVICT',
  'CLIENT REPLY on; CLIENT REPLY x; CLIENT REPLY; PING; CLIENT REPLY SKIP; PING; ECHO a',
  'CLIENT REPLY OFF; PING; CLIENT REPLY SKIP; CLIENT REPLY ON; ECHO b',
  'CLIENT REPLY SKIP; CLIENT REPLY OFF; PING; CLIENT REPLY ON; ECHO c',
  'CLIENT; CLIENT nosuch; CLIENT ID x',
  'SHUTDOWN nosuch; SHUTDOWN ABORT; SHUTDOWN SAVE NOSAVE; SHUTDOWN ABORT NOW; SHUTDOWN SAVE ABORT',
  'TIME x; QUIT x y',
  'DEBUG; DEBUG nosuch; DEBUG SLEEP; DEBUG SLEEP x; DEBUG SLEEP -1; DEBUG SLEEP 0.01 0.01',
  'DEBUG SLEEP 0.01; ECHO after',
  'DEBUG SET-ACTIVE-EXPIRE; DEBUG SET-ACTIVE-EXPIRE x; DEBUG set-active-expire 1',
  'DEBUG OBJECT; DEBUG OBJECT nokey; DEBUG OBJECT a b; DEBUG DIGEST x; DEBUG ERROR; DEBUG LOG x',
  "DEBUG ERROR 'FOO; DEBUG ERROR ERR",
  'DEBUG DIGEST-VALUE; DEBUG DIGEST-VALUE nokey nokey2',
  'SET dk 12345; SET dl some-text; DEBUG DIGEST-VALUE dk dl; DEL dk dl',
  'FLUSHALL; DEBUG DIGEST; SET a 1; SELECT 7; SET b two; DEBUG DIGEST; FLUSHALL; DEBUG DIGEST',
  ...'string integer double bignum null array set map attrib push verbatim true false nosuch'
    .split(' ')
    .map((type) => `DEBUG PROTOCOL ${type}`),
  'INFO nosuch; INFO cluster; INFO modules cluster',
  'CONFIG GET timeout; CONFIG GET nosuch; CONFIG SET hz x; CONFIG SET hz 12; CONFIG GET hz',
  'PING; PING a; PING a b; ECHO; ECHO a; ECHO a b',
];

const SEQUENCE_CASES = SEQUENCES.map((sequence) => [sequence]);

/** Ids of sessions are counted by each server for itself. */
function withoutIds(replies: string): string {
  return replies.replace(/(\$2\r\nid\r\n):\d+/g, '$1:id');
}

function bytesOf(sequence: string): string {
  const commands = sequence.split('; ').map((text) => {
    const words = text.split(' ').map((word) => (word === "''" ? '' : word));
    return command(...words);
  });
  return commands.join('');
}

describe.each([2, 3])('in RESP%d', (protocol) => {
  test.each(SEQUENCE_CASES)('%s', async (sequence) => {
    const bytes = command('HELLO', String(protocol)) + bytesOf(sequence);
    const theirs = await exchange(pair.redis, bytes);
    const ours = await exchange(pair.ours, bytes);
    expect(withoutIds(ours)).toBe(withoutIds(theirs));
  });
});

test('TIME has seconds and microseconds', async () => {
  const [, , seconds, , micros] = (await exchange(pair.ours, command('TIME'))).split('\r\n');
  expect(Math.abs(Number(seconds) * 1000 - Date.now())).toBeLessThan(60_000);
  expect(Number(micros)).toBeLessThan(1_000_000);
});

test('CLIENT INFO and LIST have the fields of redis-server', async () => {
  const bytes = command('CLIENT', 'INFO') + command('CLIENT', 'LIST');
  const fieldsIn = (text: string) =>
    text.split('\n').map((line) => line.split(' ').map((field) => field.replace(/=.*/, '')));
  const [theirs, ours] = [await exchange(pair.redis, bytes), await exchange(pair.ours, bytes)];
  expect(fieldsIn(ours)[1]).toEqual(fieldsIn(theirs)[1]);
  expect(ours).toMatch(/ addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:\d+ fd=\d+ /);
  expect(ours).toMatch(/ cmd=client\|info user=default redir=-1 resp=2\n/);
});

test.each(['CLIENT', 'CONFIG', 'DEBUG'])(
  '%s HELP has lines of redis-server and begins and ends as there',
  async (name) => {
    const bytes = command(name, 'HELP');
    const lines = (text: string) => text.split('\r\n').filter((line) => line.startsWith('+'));
    const theirs = lines(await exchange(pair.redis, bytes));
    const ours = lines(await exchange(pair.ours, bytes));
    expect(ours.filter((line) => !theirs.includes(line))).toEqual([]);
    expect([ours[0], ...ours.slice(-2)]).toEqual([theirs[0], ...theirs.slice(-2)]);
  },
);
