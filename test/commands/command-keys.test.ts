/**
 * COMMAND GETKEYS and COMMAND GETKEYSANDFLAGS beside redis-server: the same keys, flags and errors,
 * for written command lines and for made-up ones.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/table.js';
import { answer } from '../support/command-handlers.js';
import type { Connection } from '../support/connection.js';
import { NEWER_COMMANDS } from '../support/newer-commands.js';
import { openRedis } from '../support/target-process.js';
import type { Store } from '../support/targets.js';
import { encodeReply, type Protocol } from '../support/wire.js';

let store: Store;
const connections = new Map<Protocol, Connection>();
beforeAll(async () => {
  store = await openRedis();
  for (const protocol of [2, 3] as const) {
    const connection = await store.connect();
    await connection.send('HELLO', String(protocol));
    connections.set(protocol, connection);
  }
});
afterAll(() => store.close());

/** Each line with the replies of both; equal when all is well. */
async function compare(protocol: Protocol, commands: readonly (readonly string[])[]) {
  const replies = (await connections.get(protocol)?.pipeline(commands)) ?? [];
  const expected = replies.map(({ tree }, index) => [commands[index], encodeReply(tree)]);
  const actual = commands.map(async (words) => [words, encodeReply(await answer(protocol, words))]);
  expect(await Promise.all(actual)).toEqual(expected);
}

/** Command lines, an empty argument written as `''`. */
const LINES = `
  get a | get a b | nosuch a | ping a | config get x | subscribe a | ssubscribe a b | spublish a b
  object encoding a | OBJECT freq a | object nosuch a | object help | object|encoding a b
  object encoding|x a | xgroup create | xgroup create a b c | xinfo stream a | memory usage a
  mset a b | mset a b c | mset a b c d | msetnx a b c d | del a b a | lcs a b | bitop and d a b
  pfmerge a | pfmerge a b | pfcount a b | pfdebug encoding a | sunionstore a b | smove a b c
  blpop a b 0 | blpop a b | blmove a b left right 0 | brpoplpush a b 0 | restore-asking a 0 x
  rename a b | copy a b | zrangestore a b 0 1 | geosearchstore a b fromlonlat 1 2 byradius 1 m
  eval x 0 | eval x 1 a | eval x 2 a | eval x 3 a b c d | eval x -1 a | eval x foo a | eval x '' a
  eval x +1 a | eval x 1x a | eval x 01 a | eval x 4294967297 a | eval x 9223372036854775808 a
  evalsha_ro x 1 a | fcall x 1x a | fcall_ro x 2 a b
  zunion 2 a b | zunion 3 a b | zunion 0 a b | zunion x a b | zunion 2x a b | zinter 1 a
  zunionstore d 2 a b | zunionstore d 3 a b | zunionstore d 2x a b | zdiffstore d 1 a
  sintercard 2 a b | zintercard 1x a | lmpop 1 a left | zmpop 1x a min
  blmpop 0 2 a b left | blmpop 0 1x a left | bzmpop 0 1 a min | bzmpop 0 01 a min
  xread streams a 0 | xread count 2 streams a b 0 0 | xread count 2 streams a b 0
  xread count 2 nosuch a b 0 | xread streams a | xread block streams x | xread streams streams 0
  xreadgroup group g c streams a b 0 0 | xreadgroup group streams c streams a b 0 0
  xreadgroup GROUP g c COUNT 1 NOACK STREAMS a b 0 0 | xreadgroup group g c count streams s 0
  sort a | sort a by x_* get y_* store d | sort a limit store d store e store f | sort a store
  sort a limit 0 store d | sort a store store | SORT a STORE b GET | sort a by store x | sort_ro a by x | sort_ro a store b
  georadius a 1 2 3 m | georadius a 1 2 3 m store x | georadius a 1 2 3 m store
  georadius a 1 2 3 m storedist x count 3 store z | georadius a 1 2 3 m store store x
  georadius a 1 2 3 store x y | georadiusbymember a m 1 m store x | georadiusbymember a store 1 m
  set a b | set a b get | set a b ex 10 GET | set a get | set a b ex get | set a b nx
  bitfield a | bitfield a get u8 0 | bitfield a get u8 | bitfield a GET u8 0 overflow wrap
  bitfield a get u8 0 set u8 0 1 | bitfield a nosuch | bitfield a overflow | bitfield_ro a get u8 0
  migrate h 1 a 0 1 | migrate h 1 '' 0 1 | migrate h 1 '' 0 1 copy | migrate h 1 a 0 1 keys x
  migrate h 1 '' 0 1 keys a b | migrate h 1 '' 0 1 copy replace auth keys keys a b
  migrate h 1 '' 0 1 auth2 keys keys keys a b | migrate h 1 '' 0 1 keys keys a
  migrate h 1 '' 0 1 keys | migrate h 1 a 0 1 auth keys
`
  .split(/ \| |\n/)
  .map((line) => line.trim())
  .filter((line) => line !== '')
  .map((line) => line.split(' ').map((word) => (word === "''" ? '' : word)));

const KEYED = COMMANDS.filter(({ keySpecs }) => keySpecs.length > 0)
  .map(({ name }) => name)
  .filter((name) => !NEWER_COMMANDS.has(name));
const WORDS = [
  ...['a', 'b', '', '0', '1', '2', '3', '-1', '2x', '+1', '01', '4294967297', 'x'],
  ...['get', 'set', 'incrby', 'overflow', 'by', 'limit', 'store', 'storedist', 'STREAMS', 'KEYS'],
  ...['copy', 'auth', 'auth2', 'count', 'block', 'group'],
];

/** A command that has keys, mostly with enough arguments. */
const COMMAND_LINE = fc
  .tuple(fc.constantFrom(...KEYED), fc.array(fc.constantFrom(...WORDS), { maxLength: 9 }))
  .map(([name, words]) => [...name.split('|'), ...words]);

describe.each([2, 3] as const)('in RESP%d', (protocol) => {
  test.each(['GETKEYS', 'GETKEYSANDFLAGS'])('COMMAND %s answers written lines alike', (kind) =>
    compare(
      protocol,
      LINES.filter((line) => line.length > 1).map((line) => ['COMMAND', kind, ...line]),
    ),
  );

  test('COMMAND GETKEYSANDFLAGS answers made-up lines alike', () =>
    fc.assert(
      fc.asyncProperty(fc.array(COMMAND_LINE, { minLength: 40, maxLength: 40 }), (lines) =>
        compare(
          protocol,
          lines
            .filter((line) => line.length > 1)
            .map((line) => ['COMMAND', 'GETKEYSANDFLAGS', ...line]),
        ),
      ),
      { numRuns: 50 },
    ));
});
