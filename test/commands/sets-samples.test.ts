/** Chance: SPOP and SRANDMEMBER. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import type { Connection } from '../support/connection.js';
import type { Store } from '../support/targets.js';

const given = commandSuite();
const givenStore = storeSuite();

given('SPOP takes a member away, and the key with the last one')`
  SADD s a     -> :1
  SPOP s       -> "a"
  EXISTS s     -> :0
  SPOP s       -> nil
  SADD i 7     -> :1
  SPOP i       -> "7"
  EXISTS i     -> :0
  SADD t a b c -> :3
  SPOP t       -> /[abc]/
  SCARD t      -> :2
`;

given('SPOP with a count takes so many')`
  SADD s a b c               -> :3
  SPOP s 0                   -> ~[]
  SCARD s                    -> :3
  SPOP s 3                   -> anyset["a" "b" "c"]
  EXISTS s                   -> :0
  SPOP s 3                   -> ~[]
  SPOP s 0                   -> ~[]
  SADD i 3 1 2               -> :3
  SPOP i 100                 -> ~["1" "2" "3"]
  EXISTS i                   -> :0
  SADD j 1 2 3               -> :3
  SPOP j 9223372036854775807 -> ~["1" "2" "3"]
  SADD k 1 2 3 4 5           -> :5
  SPOP k 2                   -> ~[/[1-5]/ /[1-5]/]
  SCARD k                    -> :3
`;

given('SPOP that leaves only integers leaves an intset where Redis makes the set anew')`
  SADD s 1 2 3 4 5 6 7 8 9 10 x       -> :11
  SREM s x                            -> :1
  OBJECT ENCODING s                   -> "hashtable"
  SPOP s 8                            -> *
  OBJECT ENCODING s                   -> "hashtable"
  SADD t 1 2 3 4 5 6 7 8 9 10 11 12 x -> :13
  SREM t x                            -> :1
  SPOP t 10                           -> *
  OBJECT ENCODING t                   -> "intset"
  SCARD t                             -> :2
`;

given('SPOP refuses wrong counts in the order of Redis')`
  SET str v                        -> +OK
  SPOP str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SPOP str 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SPOP str 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SPOP str -1                      -> -ERR value is out of range, must be positive
  SPOP str x                       -> -ERR value is out of range, must be positive
  SPOP missing -1                  -> -ERR value is out of range, must be positive
  SPOP missing 1.0                 -> -ERR value is out of range, must be positive
  SPOP missing 9223372036854775808 -> -ERR value is out of range, must be positive
  SPOP missing 1 2                 -> -ERR syntax error
  SPOP                             -> -ERR wrong number of arguments for 'spop' command
`;

given('SRANDMEMBER leaves the set as it is')`
  SADD s a                          -> :1
  SRANDMEMBER s                     -> "a"
  SRANDMEMBER s 5                   -> ["a"]
  SRANDMEMBER s -3                  -> ["a" "a" "a"]
  SRANDMEMBER s 0                   -> []
  SRANDMEMBER missing               -> nil
  SRANDMEMBER missing 5             -> []
  SRANDMEMBER missing -5            -> []
  SRANDMEMBER missing 0             -> []
  SADD i 3 1 2                      -> :3
  SRANDMEMBER i 3                   -> ["1" "2" "3"]
  SRANDMEMBER i 9223372036854775807 -> ["1" "2" "3"]
  SRANDMEMBER i 2                   -> [/[123]/ /[123]/]
  SRANDMEMBER i -4                  -> [/[123]/ /[123]/ /[123]/ /[123]/]
  SCARD i                           -> :3
`;

given('SRANDMEMBER refuses wrong counts in the order of Redis')`
  SET str v                                -> +OK
  SRANDMEMBER str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SRANDMEMBER str 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SRANDMEMBER str 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SRANDMEMBER str x                        -> -ERR value is not an integer or out of range
  SRANDMEMBER missing x                    -> -ERR value is not an integer or out of range
  SRANDMEMBER missing 1.5                  -> -ERR value is not an integer or out of range
  SRANDMEMBER missing 9223372036854775808  -> -ERR value is not an integer or out of range
  SRANDMEMBER missing -9223372036854775808
    -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
  SRANDMEMBER missing -9223372036854775807 -> []
  SRANDMEMBER missing -4611686018427387905 -> []
  SRANDMEMBER str 1 2                      -> -ERR syntax error
  SRANDMEMBER
    -> -ERR wrong number of arguments for 'srandmember' command
`;

given('SRANDMEMBER with more repetitions than any reply can hold is refused', {
  skip: { redis: 'redis-server 7.0.15 goes on until its memory is used up' },
})`
  SADD s a                           -> :1
  SRANDMEMBER s -9223372036854775807 -> -OOM the reply does not fit into memory
  SRANDMEMBER s -4611686018427387905 -> -OOM the reply does not fit into memory
  SRANDMEMBER s -2                   -> ["a" "a"]
`;

const SIZE = 1000;

/** Integers, or texts of them. */
async function fill(connection: Connection, prefix: string): Promise<Set<string>> {
  const members = Array.from({ length: SIZE }, (_, index) => `${prefix}${index}`);
  await connection.send('DEL', 's');
  await connection.send('SADD', 's', ...members);
  return new Set(members);
}

function textsOf(reply: { tree: { items: { text: string | null }[] | null } }): string[] {
  return (reply.tree.items ?? []).map((item) => item.text as string);
}

for (const prefix of ['', 'm']) {
  const kind = prefix === '' ? 'intset beyond its limit' : 'table';
  givenStore(`samples of a ${kind} are distinct members of it`, async (store) => {
    const connection = await store.connect();
    const all = await fill(connection, prefix);
    for (const count of [1, 2, 10, 100, 332, 334, 600, 999, 1000, 2000]) {
      const sample = textsOf(await connection.send('SRANDMEMBER', 's', `${count}`));
      expect(new Set(sample).size).toBe(Math.min(count, SIZE));
      expect(sample.every((member) => all.has(member))).toBe(true);
    }
    connection.close();
  });

  givenStore(`what SPOP takes of a ${kind} is gone, all else is there`, async (store) => {
    const connection = await store.connect();
    for (const count of [1, 5, 300, 500, 900, 999]) {
      const all = await fill(connection, prefix);
      const popped = textsOf(await connection.send('SPOP', 's', `${count}`));
      const left = textsOf(await connection.send('SMEMBERS', 's'));
      expect(popped.length).toBe(count);
      expect(new Set([...popped, ...left])).toEqual(all);
      expect(left.length).toBe(SIZE - count);
    }
    connection.close();
  });
}

async function drawFairly(store: Store): Promise<void> {
  const connection = await store.connect();
  const members = Array.from({ length: 64 }, (_, index) => `m${index}`);
  await connection.send('SADD', 's', ...members);
  const counts = new Map(members.map((member) => [member, 0]));
  const draws = 64 * 500;
  for (const member of textsOf(await connection.send('SRANDMEMBER', 's', `-${draws}`))) {
    counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  const expected = draws / members.length;
  const squares = [...counts.values()].map((count) => (count - expected) ** 2 / expected);
  // 63 degrees of freedom: more than 150 has a chance of 10^-9.
  expect(squares.reduce((sum, square) => sum + square)).toBeLessThan(150);
  connection.close();
}

givenStore('every member of a set has the same chance', drawFairly, {
  skip: {
    redis: 'redis-server draws among the members of a few buckets: some come twice as often',
  },
});
