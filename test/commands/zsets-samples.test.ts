/** ZRANDMEMBER: members by chance. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';

const given = commandSuite();
const suite = storeSuite();

given('ZRANDMEMBER of one member is that member')`
  ZADD z 1 a                        -> :1
  ZRANDMEMBER z                     -> "a"
  ZRANDMEMBER z 1                   -> ["a"]
  ZRANDMEMBER z 5                   -> ["a"]
  ZRANDMEMBER z -3                  -> ["a" "a" "a"]
  ZRANDMEMBER z 0                   -> []
  ZRANDMEMBER missing               -> nil
  ZRANDMEMBER missing 2             -> []
  ZRANDMEMBER missing -2 WITHSCORES -> []
`;

given('ZRANDMEMBER judges its arguments in order')`
  ZADD z 1 a                                   -> :1
  SET s x                                      -> +OK
  ZRANDMEMBER z x                              -> -ERR value is not an integer or out of range
  ZRANDMEMBER s x                              -> -ERR value is not an integer or out of range
  ZRANDMEMBER s
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANDMEMBER s 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANDMEMBER z 1 SCORES                       -> -ERR syntax error
  ZRANDMEMBER z 1 WITHSCORES x                 -> -ERR syntax error
  ZRANDMEMBER z -9223372036854775808
    -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
  ZRANDMEMBER z -9223372036854775807 WITHSCORES -> -ERR value is out of range
  ZRANDMEMBER z 4611686018427387904 WITHSCORES -> -ERR value is out of range
  ZRANDMEMBER z 9223372036854775807            -> ["a"]
`;

given('ZRANDMEMBER nests members and scores in RESP3', { protocols: [3] })`
  ZADD z 1 a                     -> :1
  ZRANDMEMBER z 3 WITHSCORES     -> [["a" ,1]]
  ZRANDMEMBER z -2 withscores    -> [["a" ,1] ["a" ,1]]
`;

given('ZRANDMEMBER puts members and scores in turn in RESP2', { protocols: [2] })`
  ZADD z 1 a                     -> :1
  ZRANDMEMBER z 3 WITHSCORES     -> ["a" "1"]
  ZRANDMEMBER z -2 withscores    -> ["a" "1" "a" "1"]
`;

given('more members than there are come once each')`
  ZADD z 1 a 2 b 3 c     -> :3
  ZRANDMEMBER z 3        -> any["a" "b" "c"]
  ZRANDMEMBER z 100      -> any["a" "b" "c"]
`;

for (const [members, count] of [
  [20, 5],
  [20, 15],
  [1000, 10],
  [1000, 900],
] as const) {
  suite(`${count} of ${members} members are all different`, async (store) => {
    const connection = await store.connect();
    const pairs = Array.from({ length: members }, (_, index) => [String(index), `m${index}`]);
    await connection.send('ZADD', 'z', ...pairs.flat());
    const { tree } = await connection.send('ZRANDMEMBER', 'z', String(count));
    const names = (tree.items ?? []).map(({ text }) => text ?? '');
    expect(new Set(names).size).toBe(count);
    expect(names.every((name) => /^m\d+$/.test(name))).toBe(true);
    connection.close();
  });
}
