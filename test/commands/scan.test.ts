/** SCAN: its options, and the guarantees of a full iteration while the keyspace changes. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';

const given = commandSuite();

given('SCAN with a large COUNT answers everything at once')`
  SCAN 0 -> ["0" []]
  MSET a 1 b 2 c 3 -> +OK
  SCAN 0 COUNT 1000 -> ["0" any["a" "b" "c"]]
  SCAN 0 COUNT 1000 MATCH a -> ["0" ["a"]]
  SCAN 0 MATCH x* COUNT 1000 -> ["0" []]
  SCAN 0 COUNT 1000 TYPE string -> ["0" any["a" "b" "c"]]
  SCAN 0 COUNT 1000 TYPE STRING -> ["0" any["a" "b" "c"]]
  SCAN 0 COUNT 1000 TYPE list -> ["0" []]
  SCAN 0 COUNT 1000 TYPE nosuchtype -> ["0" []]
  SCAN 0 MATCH [ab] COUNT 1000 TYPE string -> ["0" any["a" "b"]]
  SCAN 0 match b count 1000 type string -> ["0" ["b"]]
`;

given('the last of several MATCH, COUNT or TYPE options counts')`
  MSET a 1 b 2 -> +OK
  SCAN 0 MATCH a MATCH b COUNT 1000 -> ["0" ["b"]]
  SCAN 0 COUNT 1 COUNT 1000 -> ["0" any["a" "b"]]
  SCAN 0 COUNT 1000 TYPE list TYPE string -> ["0" any["a" "b"]]
`;

given('SCAN does not answer expired keys')`
  SET a 1 -> +OK
  SET b 1 PXAT 1 -> +OK
  SCAN 0 COUNT 1000 -> ["0" ["a"]]
`;

given('SCAN looks at the database that is selected')`
  SET a 1 -> +OK
  SELECT 1 -> +OK
  SCAN 0 COUNT 1000 -> ["0" []]
  SET b 1 -> +OK
  SCAN 0 COUNT 1000 -> ["0" ["b"]]
`;

given('SCAN refuses cursors that are no numbers')`
  SCAN x                       -> -ERR invalid cursor
  SCAN ""                      -> ["0" []]
  SCAN " 0"                    -> -ERR invalid cursor
  SCAN "0 "                    -> -ERR invalid cursor
  SCAN -x                      -> -ERR invalid cursor
  SCAN 1.5                     -> -ERR invalid cursor
  SCAN 0x10                    -> -ERR invalid cursor
  SCAN 18446744073709551616    -> -ERR invalid cursor
  SCAN 99999999999999999999999 -> -ERR invalid cursor
  SCAN "0\x00"                 -> ["0" []]
`;

given('SCAN reads a cursor as strtoul does')`
  SCAN +0 -> ["0" []]
  SCAN 00 -> ["0" []]
  SCAN 18446744073709551615 -> ["0" []]
  SCAN 9223372036854775808 -> ["0" []]
  SCAN -1 -> ["0" []]
`;

given('SCAN refuses what is no option, and counts below one')`
  SCAN 0 FOO                        -> -ERR syntax error
  SCAN 0 MATCH                      -> -ERR syntax error
  SCAN 0 COUNT                      -> -ERR syntax error
  SCAN 0 TYPE                       -> -ERR syntax error
  SCAN 0 COUNT 0                    -> -ERR syntax error
  SCAN 0 COUNT -1                   -> -ERR syntax error
  SCAN 0 COUNT x                    -> -ERR value is not an integer or out of range
  SCAN 0 COUNT 1.5                  -> -ERR value is not an integer or out of range
  SCAN 0 COUNT ""                   -> -ERR value is not an integer or out of range
  SCAN 0 COUNT 9223372036854775808  -> -ERR value is not an integer or out of range
  SCAN 0 COUNT -9223372036854775808 -> -ERR syntax error
  SCAN 0 COUNT 10 FOO               -> -ERR syntax error
  SCAN 0 COUNT 10 FOO bar           -> -ERR syntax error
  SCAN 0 NOVALUES                   -> -ERR syntax error
  SCAN x COUNT 0                    -> -ERR invalid cursor
  SCAN x FOO                        -> -ERR invalid cursor
  SCAN                              -> -ERR wrong number of arguments for 'scan' command
`;

given('SCAN takes the largest COUNT that there is')`
  MSET a 1 b 2 -> +OK
  SCAN 0 COUNT 2147483647 -> ["0" any["a" "b"]]
  SCAN 0 COUNT 922337203685477580 -> ["0" any["a" "b"]]
`;

const withStore = storeSuite();

/** Iterates to the end; `between` runs after each page. */
async function scanAll(
  connection: Connection,
  options: string[] = [],
  between: (page: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  for (let page = 0; page < 20_000; page++) {
    const reply = await connection.send('SCAN', cursor, ...options);
    const [next, items] = reply.tree.items ?? [];
    found.push(...(items?.items ?? []).map((item) => item.text ?? ''));
    cursor = next?.text ?? '';
    if (cursor === '0') return found;
    await between(page);
  }
  throw new Error('SCAN does not come to an end');
}

function names(count: number, prefix = 'key'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}:${index}`);
}

async function fill(connection: Connection, keys: string[]): Promise<void> {
  await connection.pipeline(keys.map((key) => ['SET', key, 'v']));
}

withStore('a full iteration answers every key', async (store) => {
  const connection = await store.connect();
  const keys = names(2000);
  await fill(connection, keys);
  for (const options of [[], ['COUNT', '1'], ['COUNT', '7'], ['COUNT', '500']]) {
    const found = await scanAll(connection, options);
    expect(new Set(found)).toEqual(new Set(keys));
    expect(found.length).toBe(keys.length);
  }
  connection.close();
});

withStore('MATCH and TYPE leave out keys, but no key that they admit', async (store) => {
  const connection = await store.connect();
  const keys = names(1000);
  await fill(connection, keys);
  const found = await scanAll(connection, ['MATCH', '*7', 'COUNT', '33', 'TYPE', 'string']);
  expect(found.sort()).toEqual(keys.filter((key) => key.endsWith('7')).sort());
  expect(await scanAll(connection, ['TYPE', 'hash', 'COUNT', '50'])).toEqual([]);
  connection.close();
});

withStore('keys that stay are answered although the table grows meanwhile', async (store) => {
  const connection = await store.connect();
  const keys = names(500);
  await fill(connection, keys);
  let added = 0;
  const found = await scanAll(connection, ['COUNT', '10'], async () => {
    if (added >= 4000) return;
    await fill(connection, names(200, `new:${added}`));
    added += 200;
  });
  const missing = keys.filter((key) => !new Set(found).has(key));
  expect(missing).toEqual([]);
  connection.close();
});

withStore(
  'keys that stay are answered although most others are removed meanwhile',
  async (store) => {
    const connection = await store.connect();
    const keys = names(4000);
    await fill(connection, keys);
    const stay = keys.filter((_, index) => index % 20 === 0);
    const go = keys.filter((_, index) => index % 20 !== 0);
    const found = await scanAll(connection, ['COUNT', '10'], async () => {
      const some = go.splice(0, 100);
      if (some.length > 0) await connection.send('DEL', ...some);
    });
    const missing = stay.filter((key) => !new Set(found).has(key));
    expect(missing).toEqual([]);
    connection.close();
  },
);

withStore('COUNT bounds the work of one call', async (store) => {
  const connection = await store.connect();
  await fill(connection, names(1000));
  const reply = await connection.send('SCAN', '0', 'COUNT', '10');
  const page = reply.tree.items?.[1]?.items?.length ?? 0;
  expect(page).toBeLessThan(60);
  expect(reply.tree.items?.[0]?.text).not.toBe('0');
  connection.close();
});

withStore('a cursor that was never answered does no harm', async (store) => {
  const connection = await store.connect();
  await fill(connection, names(300));
  for (const cursor of [
    '1',
    '2',
    '999',
    '4294967295',
    '9007199254740993',
    '18446744073709551615',
  ]) {
    const reply = await connection.send('SCAN', cursor, 'COUNT', '10');
    expect(reply.tree.items?.length).toBe(2);
  }
  connection.close();
});
