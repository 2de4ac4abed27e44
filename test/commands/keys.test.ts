/** Keys as such: there or not, how many, renamed, copied, moved, swapped, flushed. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';
import { latin1 } from '../support/wire.js';

const given = commandSuite();

given('DEL and UNLINK count the keys that they removed')`
  MSET a 1 b 2 c 3 d 4 -> +OK
  DEL a missing b      -> :2
  DEL a                -> :0
  UNLINK c missing d d -> :2
  UNLINK c             -> :0
  DBSIZE               -> :0
  SET a 1              -> +OK
  DEL a a a            -> :1
`;

given('EXISTS and TOUCH count a key as often as it is named')`
  MSET a 1 b 2       -> +OK
  EXISTS a           -> :1
  EXISTS a b missing -> :2
  EXISTS a a a       -> :3
  TOUCH a            -> :1
  TOUCH a b missing  -> :2
  TOUCH a a          -> :2
  EXISTS missing     -> :0
  TOUCH missing      -> :0
`;

given('TYPE names the type, and none for a key that is not there')`
  SET k v      -> +OK
  SET n 1      -> +OK
  TYPE k       -> +string
  TYPE n       -> +string
  TYPE missing -> +none
  TYPE k extra -> -ERR wrong number of arguments for 'type' command
`;

given('RENAME moves value and time to live, over whatever was there')`
  SET a 1 EXAT 33177117420 -> +OK
  SET b 2 EXAT 44177117420 -> +OK
  RENAME a b               -> +OK
  EXISTS a                 -> :0
  GET b                    -> "1"
  EXPIRETIME b             -> :33177117420
  SET c 3                  -> +OK
  RENAME c b               -> +OK
  TTL b                    -> :-1
  GET b                    -> "3"
  DBSIZE                   -> :1
`;

given('RENAME of a key to itself leaves it as it is')`
  SET a 1 EXAT 33177117420 -> +OK
  RENAME a a               -> +OK
  GET a                    -> "1"
  EXPIRETIME a             -> :33177117420
  RENAMENX a a             -> :0
  DBSIZE                   -> :1
`;

given('RENAME and RENAMENX want a source')`
  RENAME missing a         -> -ERR no such key
  RENAMENX missing a       -> -ERR no such key
  RENAME missing missing   -> -ERR no such key
  RENAMENX missing missing -> -ERR no such key
  SET gone v PXAT 1        -> +OK
  RENAME gone a            -> -ERR no such key
  SET gone v PXAT 1        -> +OK
  RENAMENX gone a          -> -ERR no such key
  RENAME a                 -> -ERR wrong number of arguments for 'rename' command
  RENAME a b c             -> -ERR wrong number of arguments for 'rename' command
  RENAMENX a               -> -ERR wrong number of arguments for 'renamenx' command
`;

given('RENAMENX moves only to a name that is free')`
  MSET a 1 b 2               -> +OK
  RENAMENX a b               -> :0
  MGET a b                   -> ["1" "2"]
  RENAMENX a c               -> :1
  MGET a b c                 -> [nil "2" "1"]
  SET e v PXAT 1             -> +OK
  RENAMENX b e               -> :1
  GET e                      -> "2"
  TTL e                      -> :-1
  PEXPIREAT c 33177117420123 -> :1
  RENAMENX c d               -> :1
  PEXPIRETIME d              -> :33177117420123
`;

given('RENAME keeps the encoding')`
  SET n 123         -> +OK
  RENAME n m        -> +OK
  OBJECT ENCODING m -> "int"
  SET r <x*100>     -> +OK
  RENAME r m        -> +OK
  OBJECT ENCODING m -> "raw"
  STRLEN m          -> :100
`;

given('COPY copies value and time to live to a name that is free')`
  SET a 1 PXAT 33177117420123 -> +OK
  COPY a b                    -> :1
  GET b                       -> "1"
  PEXPIRETIME b               -> :33177117420123
  INCR b                      -> :2
  GET a                       -> "1"
  COPY a b                    -> :0
  GET b                       -> "2"
  COPY a b REPLACE            -> :1
  GET b                       -> "1"
  PERSIST a                   -> :1
  COPY a b REPLACE            -> :1
  TTL b                       -> :-1
  COPY missing c              -> :0
  COPY missing b REPLACE      -> :0
  GET b                       -> "1"
`;

given('COPY goes to another database')`
  SET a 1 EXAT 33177117420 -> +OK
  COPY a a DB 1            -> :1
  COPY a a DB 1            -> :0
  COPY a a DB 1 REPLACE    -> :1
  COPY a b DB 1            -> :1
  SELECT 1                 -> +OK
  DBSIZE                   -> :2
  GET a                    -> "1"
  EXPIRETIME b             -> :33177117420
  COPY a a DB 0            -> :0
  SELECT 0                 -> +OK
  DBSIZE                   -> :1
`;

given('COPY refuses itself, databases that are not there, and unknown words')`
  SET a 1                         -> +OK
  COPY a a                        -> -ERR source and destination objects are the same
  COPY a a REPLACE                -> -ERR source and destination objects are the same
  COPY a a DB 0                   -> -ERR source and destination objects are the same
  COPY missing missing            -> -ERR source and destination objects are the same
  COPY a b DB 16                  -> -ERR DB index is out of range
  COPY a b DB -1                  -> -ERR DB index is out of range
  COPY a b DB x                   -> -ERR value is not an integer or out of range
  COPY a b DB ""                  -> -ERR value is not an integer or out of range
  COPY a b DB 9223372036854775807
    -> -ERR value is out of range, value must between -2147483648 and 2147483647
  COPY a b DB 9223372036854775808 -> -ERR value is not an integer or out of range
  COPY a b DB                     -> -ERR syntax error
  COPY a b FOO                    -> -ERR syntax error
  COPY a b REPLACE FOO            -> -ERR syntax error
  COPY a b DB 1 DB 2              -> :1
  COPY a b REPLACE REPLACE        -> :1
  COPY a                          -> -ERR wrong number of arguments for 'copy' command
  COPY missing b DB 16            -> -ERR DB index is out of range
  COPY missing b FOO              -> -ERR syntax error
  DBSIZE                          -> :2
`;

given('COPY takes its options in any order and case')`
  SET a 1               -> +OK
  COPY a b db 1 replace -> :1
  COPY a b RePlAcE Db 1 -> :1
  COPY a b dB 1         -> :0
  SELECT 1              -> +OK
  GET b                 -> "1"
`;

given('COPY copies text, integers and long values')`
  SET a <x*1000> -> +OK
  COPY a b       -> :1
  APPEND b y     -> :1001
  STRLEN a       -> :1000
  STRLEN b       -> :1001
  SET e ""       -> +OK
  COPY e f       -> :1
  STRLEN f       -> :0
  SET g <bytes>  -> +OK
  COPY g "\x00"  -> :1
  GET "\x00"     -> <bytes>
`;

given('MOVE takes a key with its time to live to another database')`
  SET a 1 EXAT 33177117420   -> +OK
  MOVE a 1                   -> :1
  EXISTS a                   -> :0
  SELECT 1                   -> +OK
  GET a                      -> "1"
  EXPIRETIME a               -> :33177117420
  MOVE missing 0             -> :0
  MOVE a 1                   -> -ERR source and destination objects are the same
  MOVE a 16                  -> -ERR DB index is out of range
  MOVE a -1                  -> -ERR DB index is out of range
  MOVE a x                   -> -ERR value is not an integer or out of range
  MOVE a 9223372036854775808 -> -ERR value is not an integer or out of range
  MOVE a                     -> -ERR wrong number of arguments for 'move' command
  SELECT 0                   -> +OK
  SET a 2                    -> +OK
  MOVE a 1                   -> :0
  GET a                      -> "2"
  SET b v PXAT 1             -> +OK
  MOVE b 1                   -> :0
`;

given('MOVE to a database where the key has expired succeeds')`
  SELECT 1         -> +OK
  SET k old PXAT 1 -> +OK
  SELECT 0         -> +OK
  SET k new        -> +OK
  MOVE k 1         -> :1
  SELECT 1         -> +OK
  GET k            -> "new"
  TTL k            -> :-1
`;

given('SWAPDB exchanges two databases under the feet of every connection')`
  SET a zero                   -> +OK
  SELECT 1                     -> +OK
  SET a one EXAT 33177117420   -> +OK
  SET b one                    -> +OK
  b> SELECT 0                  -> +OK
  b> GET a                     -> "zero"
  SWAPDB 0 1                   -> +OK
  b> GET a                     -> "one"
  b> EXPIRETIME a              -> :33177117420
  b> DBSIZE                    -> :2
  GET a                        -> "zero"
  DBSIZE                       -> :1
  SWAPDB 1 1                   -> +OK
  GET a                        -> "zero"
  SWAPDB 0 16                  -> -ERR DB index is out of range
  SWAPDB 16 0                  -> -ERR DB index is out of range
  SWAPDB -1 0                  -> -ERR DB index is out of range
  SWAPDB x 0                   -> -ERR invalid first DB index
  SWAPDB 0 x                   -> -ERR invalid second DB index
  SWAPDB 0                     -> -ERR wrong number of arguments for 'swapdb' command
  SWAPDB 0 9223372036854775808 -> -ERR invalid second DB index
  SWAPDB 0 4294967296          -> -ERR invalid second DB index
`;

given('SELECT keeps databases apart')`
  SET k zero    -> +OK
  SELECT 15     -> +OK
  GET k         -> nil
  SET k fifteen -> +OK
  DBSIZE        -> :1
  SELECT 0      -> +OK
  GET k         -> "zero"
  FLUSHDB       -> +OK
  SELECT 15     -> +OK
  GET k         -> "fifteen"
  FLUSHALL      -> +OK
  GET k         -> nil
`;

given('RANDOMKEY answers some key, or nil when there is none')`
  RANDOMKEY -> nil
  SET only 1 -> +OK
  RANDOMKEY -> "only"
  RANDOMKEY -> "only"
  SET other 1 -> +OK
  RANDOMKEY -> /only|other/
  SELECT 1 -> +OK
  RANDOMKEY -> nil
  RANDOMKEY x -> -ERR wrong number of arguments for 'randomkey' command
`;

given('RANDOMKEY does not answer an expired key')`
  SET gone 1 PXAT 1 -> +OK
  RANDOMKEY -> nil
  SET a 1 -> +OK
  SET gone 1 PXAT 1 -> +OK
  RANDOMKEY -> "a"
`;

given('DBSIZE counts the keys of this database')`
  DBSIZE           -> :0
  MSET a 1 b 2 c 3 -> +OK
  DBSIZE           -> :3
  SET a 9          -> +OK
  DBSIZE           -> :3
  DEL a b          -> :2
  DBSIZE           -> :1
  SELECT 3         -> +OK
  DBSIZE           -> :0
  DBSIZE x         -> -ERR wrong number of arguments for 'dbsize' command
`;

given('KEYS answers the keys that match a pattern')`
  MSET one 1 two 2 three 3 four 4 -> +OK
  KEYS * -> any["one" "two" "three" "four"]
  KEYS t* -> any["two" "three"]
  KEYS *o* -> any["one" "two" "four"]
  KEYS ??? -> any["one" "two"]
  KEYS [tf]* -> any["two" "three" "four"]
  KEYS [^t]* -> any["one" "four"]
  KEYS [a-o]* -> any["one" "four"]
  KEYS [o-a]* -> any["one" "four"]
  KEYS one -> ["one"]
  KEYS o -> []
  KEYS "" -> []
  KEYS nothing* -> []
  KEYS *e*e* -> ["three"]
  KEYS *************e -> any["one" "three"]
  KEYS -> -ERR wrong number of arguments for 'keys' command
  KEYS a b -> -ERR wrong number of arguments for 'keys' command
`;

given('KEYS does not answer expired keys')`
  SET a 1 -> +OK
  SET b 1 PXAT 1 -> +OK
  KEYS * -> ["a"]
  KEYS b -> []
`;

given('patterns can quote their own special characters')`
  MSET "a*b" 1 "a?b" 2 "a[b" 3 "a]b" 4 "a\\b" 5 "a-b" 6 "a^b" 7 "axb" 8 -> +OK
  KEYS "a\\*b" -> ["a*b"]
  KEYS "a\\?b" -> ["a?b"]
  KEYS "a\\[b" -> ["a[b"]
  KEYS "a\\\\b" -> ["a\\b"]
  KEYS "a[*]b" -> ["a*b"]
  KEYS "a[?]b" -> ["a?b"]
  KEYS "a[\\]]b" -> ["a]b"]
  KEYS "a[\\\\]b" -> ["a\\b"]
  KEYS "a[x-]b" -> []
  KEYS "a[+--]b" -> ["a-b"]
  KEYS "a[^a-z]b" -> any["a*b" "a?b" "a[b" "a]b" "a\\b" "a-b" "a^b"]
  KEYS "a[^^]b" -> any["a*b" "a?b" "a[b" "a]b" "a\\b" "a-b" "axb"]
  KEYS "a[]b" -> []
  KEYS "a[x" -> []
  KEYS "a\\xb" -> ["axb"]
  KEYS "axb\\" -> []
  KEYS "a[xb" -> []
`;

given('patterns match bytes, not characters')`
  MSET "\xff\x00\xfe" 1 "\xc3\xa9" 2 "A" 3 "a" 4 "a\nb" 5 -> +OK
  KEYS ??? -> any["\xff\x00\xfe" "a\nb"]
  KEYS ?? -> ["\xc3\xa9"]
  KEYS "\xff*" -> ["\xff\x00\xfe"]
  KEYS "[\xf0-\xff]*" -> ["\xff\x00\xfe"]
  KEYS "*\x00*" -> ["\xff\x00\xfe"]
  KEYS a -> ["a"]
  KEYS A -> ["A"]
  KEYS "a*b" -> ["a\nb"]
`;

given('hostile patterns end at once')`
  SET <k*20000>z 1 -> +OK
  SET <k*46> 1     -> +OK
  KEYS <k**20000>z -> []
  KEYS <[*50000>   -> []
  KEYS <a**30>b    -> []
`;

given('FLUSHDB empties this database, FLUSHALL every one')`
  SET a 1      -> +OK
  SELECT 1     -> +OK
  SET a 1      -> +OK
  FLUSHDB      -> +OK
  DBSIZE       -> :0
  SELECT 0     -> +OK
  DBSIZE       -> :1
  SELECT 1     -> +OK
  SET a 1      -> +OK
  FLUSHALL     -> +OK
  DBSIZE       -> :0
  SELECT 0     -> +OK
  DBSIZE       -> :0
`;

given('FLUSHDB and FLUSHALL take SYNC or ASYNC')`
  SET a 1            -> +OK
  FLUSHDB ASYNC      -> +OK
  SET a 1            -> +OK
  FLUSHDB SYNC       -> +OK
  FLUSHALL async     -> +OK
  FLUSHALL Sync      -> +OK
  FLUSHDB FOO        -> -ERR syntax error
  FLUSHALL FOO       -> -ERR syntax error
  FLUSHDB ASYNC SYNC -> -ERR syntax error
  FLUSHALL ASYNC x   -> -ERR syntax error
  DBSIZE             -> :0
`;

given('key commands count their arguments')`
  DEL          -> -ERR wrong number of arguments for 'del' command
  UNLINK       -> -ERR wrong number of arguments for 'unlink' command
  EXISTS       -> -ERR wrong number of arguments for 'exists' command
  TOUCH        -> -ERR wrong number of arguments for 'touch' command
  TYPE         -> -ERR wrong number of arguments for 'type' command
  COPY         -> -ERR wrong number of arguments for 'copy' command
  MOVE         -> -ERR wrong number of arguments for 'move' command
  RENAME       -> -ERR wrong number of arguments for 'rename' command
  SWAPDB       -> -ERR wrong number of arguments for 'swapdb' command
  SELECT       -> -ERR wrong number of arguments for 'select' command
  SELECT 0 1   -> -ERR wrong number of arguments for 'select' command
`;

const withStore = storeSuite();

withStore('thousands of keys are found again, also after many were removed', async (store) => {
  const connection = await store.connect();
  const names = Array.from({ length: 5000 }, (_, index) => `key:${index * 7919}`);
  await connection.pipeline(names.map((name, index) => ['SET', name, `${index}`]));
  const values = await connection.pipeline(names.map((name) => ['GET', name]));
  values.forEach((reply, index) => {
    expect(reply.tree.text).toBe(`${index}`);
  });
  const odd = names.filter((_, index) => index % 2 === 1);
  const removed = await connection.send('DEL', ...odd);
  expect(removed.tree.text).toBe('2500');
  expect((await connection.send('EXISTS', ...names)).tree.text).toBe('2500');
  const left = (await connection.send('KEYS', '*')).tree.items?.map((item) => item.text).sort();
  expect(left).toEqual(names.filter((_, index) => index % 2 === 0).sort());
  expect(latin1((await connection.send('DBSIZE')).wire)).toBe(':2500\r\n');
  connection.close();
});
