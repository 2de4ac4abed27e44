/** Hashes: when a listpack becomes a table, and what the configuration has to do with it. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';

const given = commandSuite();
const onStores = storeSuite();

given('a text of more than 64 bytes makes the hash a table')`
  HSET h a <x*64>         -> :1
  OBJECT ENCODING h       -> "listpack"
  HSET h a <x*65>         -> :0
  OBJECT ENCODING h       -> "hashtable"
  HSET h a 1              -> :0
  OBJECT ENCODING h       -> "hashtable"
  HSET f <x*64> 1         -> :1
  OBJECT ENCODING f       -> "listpack"
  HSET f <x*65> 1         -> :1
  OBJECT ENCODING f       -> "hashtable"
  HSET g a 1 b <x*65>     -> :2
  OBJECT ENCODING g       -> "hashtable"
  HSETNX g a <x*65>       -> :0
  HSETNX n a 1            -> :1
  HSETNX n a <x*65>       -> :0
  OBJECT ENCODING n       -> "listpack"
  HSETNX n b <x*65>       -> :1
  OBJECT ENCODING n       -> "hashtable"
  HINCRBY i <x*65> 1      -> :1
  OBJECT ENCODING i       -> "hashtable"
  HINCRBYFLOAT j <x*65> 1 -> "1"
  OBJECT ENCODING j       -> "hashtable"
  HSET big a <v*70000>    -> :1
  HSTRLEN big a           -> :70000
  HGET big a              -> <v*70000>
`;

given('hash-max-listpack-entries and -value decide, under their old names too')`
  CONFIG GET hash-max-listpack-entries    -> {"hash-max-listpack-entries" => "512"}
  CONFIG GET hash-max-ziplist-value       -> {"hash-max-ziplist-value" => "64"}
  CONFIG SET hash-max-ziplist-entries 3   -> +OK
  CONFIG GET hash-max-listpack-entries    -> {"hash-max-listpack-entries" => "3"}
  HSET h a 1 b 2 c 3                      -> :3
  OBJECT ENCODING h                       -> "listpack"
  HSET h d 4                              -> :1
  OBJECT ENCODING h                       -> "hashtable"
  HSET u a 1 b 2 c 3                      -> :3
  CONFIG SET hash-max-listpack-entries 2  -> +OK
  OBJECT ENCODING u                       -> "listpack"
  HSET u a 2                              -> :0
  OBJECT ENCODING u                       -> "hashtable"
  CONFIG SET hash-max-listpack-value 5    -> +OK
  CONFIG GET hash-max-ziplist-value       -> {"hash-max-ziplist-value" => "5"}
  HINCRBY n f 12345                       -> :12345
  OBJECT ENCODING n                       -> "listpack"
  HINCRBY n f 123456                      -> :135801
  OBJECT ENCODING n                       -> "hashtable"
  CONFIG SET hash-max-ziplist-value 1kb   -> +OK
  CONFIG GET hash-max-listpack-value      -> {"hash-max-listpack-value" => "1024"}
  HSET k f <x*1024>                       -> :1
  OBJECT ENCODING k                       -> "listpack"
  CONFIG SET hash-max-listpack-entries 512 hash-max-listpack-value 64 -> +OK
  CONFIG SET hash-max-listpack-entries -1
    -> -ERR CONFIG SET failed (possibly related to argument 'hash-max-listpack-entries') - argument must be between 0 and 9223372036854775807 inclusive
`;

onStores('512 fields are a listpack, 513 a table, which stays one', async (store) => {
  const connection = await store.connect();
  const ask = async (...args: string[]) => (await connection.send(...args)).tree.text;
  const pairs = Array.from({ length: 512 }, (_, index) => [`field:${index}`, String(index)]);
  expect(await ask('HSET', 'h', ...pairs.flat())).toBe('512');
  expect(await ask('OBJECT', 'ENCODING', 'h')).toBe('listpack');
  expect(await ask('HSET', 'h', 'one', 'more')).toBe('1');
  expect(await ask('OBJECT', 'ENCODING', 'h')).toBe('hashtable');
  for (const [field, value] of pairs) expect(await ask('HGET', 'h', field ?? '')).toBe(value);
  expect(await ask('HDEL', 'h', 'one')).toBe('1');
  expect(await ask('OBJECT', 'ENCODING', 'h')).toBe('hashtable');
  expect(await ask('HLEN', 'h')).toBe('512');
});

onStores('HSCAN of a table finds every field, HRANDFIELD different ones', async (store) => {
  const connection = await store.connect();
  const fields = Array.from({ length: 2000 }, (_, index) => `field:${index}`);
  await connection.send('HSET', 'h', ...fields.flatMap((field) => [field, 'v']));
  const found = new Set<string>();
  let cursor = '0';
  do {
    const { tree } = await connection.send('HSCAN', 'h', cursor, 'MATCH', 'field:*');
    cursor = tree.items?.[0]?.text ?? '0';
    tree.items?.[1]?.items?.forEach((item, index) => {
      if (index % 2 === 0) found.add(item.text ?? '');
    });
  } while (cursor !== '0');
  expect([...found].sort()).toEqual([...fields].sort());
  for (const count of [1, 5, 600, 700, 1999]) {
    const { tree } = await connection.send('HRANDFIELD', 'h', String(count));
    expect(new Set(tree.items?.map((item) => item.text)).size).toBe(count);
  }
  const { tree } = await connection.send('HRANDFIELD', 'h', '-5000');
  expect(tree.items?.length).toBe(5000);
  expect(new Set(tree.items?.map((item) => item.text)).size).toBeGreaterThan(1000);
});

onStores(
  'HRANDFIELD of more fields than any memory holds is refused',
  async (store) => {
    const connection = await store.connect();
    await connection.send('HSET', 'h', 'a', '1');
    const { tree } = await connection.send('HRANDFIELD', 'h', '-9223372036854775807');
    expect(tree.text).toMatch(/^OOM /);
    expect((await connection.send('HLEN', 'h')).tree.text).toBe('1');
  },
  { skip: { redis: 'it would answer for ever' } },
);
