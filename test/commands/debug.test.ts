/** DEBUG: what test suites of clients use. */
import { expect } from 'vitest';
import { commandSuite, storeSuite } from '../support/cases.js';

const given = commandSuite();

given('DEBUG DIGEST is zero for an empty store and follows the data')`
  DEBUG DIGEST -> +0000000000000000000000000000000000000000
  SET k v      -> +OK
  DEBUG DIGEST -> +264ccf65edec66bccfa7cc659414ccca432057d2
  SET k w      -> +OK
  DEBUG DIGEST -> +99305468ebab77e847df707190f0099cd3adea26
  SET k v      -> +OK
  DEBUG DIGEST -> +264ccf65edec66bccfa7cc659414ccca432057d2
  SET n 123    -> +OK
  DEBUG DIGEST -> +d828776067c5b1be6dacc04e74375bcad089b585
  DEL k        -> :1
  DEBUG DIGEST -> +545420f620c09ca8634537a06de97e893c3a14f5
  DEL n        -> :1
  DEBUG DIGEST -> +0000000000000000000000000000000000000000
`;

given('DEBUG DIGEST depends on the database and on whether there is a time to live')`
  SELECT 1               -> +OK
  SET k v                -> +OK
  DEBUG DIGEST           -> +3efb24844f90383a755c8c3b3dd4be484730a360
  SELECT 2               -> +OK
  SET k v                -> +OK
  DEBUG DIGEST           -> +fda6925cf3840d397d89345e2fb41e7f57829a78
  EXPIREAT k 33177117420 -> :1
  DEBUG DIGEST           -> +6469af2926e6811142414136ead442547eaa1a77
  EXPIREAT k 44177117420 -> :1
  DEBUG DIGEST           -> +6469af2926e6811142414136ead442547eaa1a77
  PERSIST k              -> :1
  DEBUG DIGEST           -> +fda6925cf3840d397d89345e2fb41e7f57829a78
`;

given('DEBUG DIGEST does not depend on the order of writing or on the encoding')`
  MSET a 1 b 2 c 3    -> +OK
  DEBUG DIGEST        -> +871079c4e7bab699d0b8569a2d92e3ae18526745
  FLUSHALL            -> +OK
  MSET c 3 b 2        -> +OK
  APPEND a 1          -> :1
  DEBUG DIGEST        -> +871079c4e7bab699d0b8569a2d92e3ae18526745
  SET big <x*100000>  -> +OK
  SET <bytes> <bytes> -> +OK
  SET "" ""           -> +OK
  DEBUG DIGEST        -> +d49281ef0f390513d7083f4944933dd628d4d93f
`;

given('DEBUG DIGEST-VALUE answers a digest for each key')`
  SET k v                        -> +OK
  SET n 123                      -> +OK
  DEBUG DIGEST-VALUE k           -> [+d79ee9fe5d5ad902d7f6620efc3b07b75ddd742f]
  DEBUG DIGEST-VALUE n k missing
    -> [+89f7f51b707418f666d5b45e053bd5bbbf82ac2b +d79ee9fe5d5ad902d7f6620efc3b07b75ddd742f
    +0000000000000000000000000000000000000000]
  DEBUG DIGEST-VALUE             -> []
  EXPIREAT k 33177117420         -> :1
  DEBUG DIGEST-VALUE k           -> [+311b17018163335616e089f6b951c82c477335ac]
`;

given('DEBUG DIGEST-VALUE shows a key that has expired but is still there')`
  DEBUG SET-ACTIVE-EXPIRE 0 -> +OK
  SET k v PXAT 1            -> +OK
  DEBUG DIGEST-VALUE k      -> [+311b17018163335616e089f6b951c82c477335ac]
  DEBUG DIGEST              -> +bf83f210388eea94f06fb90d517490e16a08d7dd
  GET k                     -> nil
  DEBUG DIGEST-VALUE k      -> [+0000000000000000000000000000000000000000]
  DEBUG DIGEST              -> +0000000000000000000000000000000000000000
  DEBUG SET-ACTIVE-EXPIRE 1 -> +OK
`;

given('DEBUG JMAP does nothing', { skip: { redis: 'redis-server 7.0 has no JMAP, others have' } })`
  DEBUG JMAP -> +OK
`;

given('DEBUG SET-ACTIVE-EXPIRE and SLEEP answer OK')`
  DEBUG SET-ACTIVE-EXPIRE 0 -> +OK
  DEBUG SET-ACTIVE-EXPIRE 1 -> +OK
  DEBUG SLEEP 0             -> +OK
  DEBUG SLEEP 0.001         -> +OK
`;

given('DEBUG knows its subcommands')`
  DEBUG                -> -ERR wrong number of arguments for 'debug' command
  DEBUG FOO
    -> -ERR unknown subcommand or wrong number of arguments for 'FOO'. Try DEBUG HELP.
  DEBUG "a\r\nb"
    -> -ERR unknown subcommand or wrong number of arguments for 'a  b'. Try DEBUG HELP.
  DEBUG SLEEP
    -> -ERR unknown subcommand or wrong number of arguments for 'SLEEP'. Try DEBUG HELP.
  DEBUG OBJECT
    -> -ERR unknown subcommand or wrong number of arguments for 'OBJECT'. Try DEBUG HELP.
  DEBUG OBJECT missing -> -ERR no such key
`;

given('DEBUG OBJECT describes a value')`
  SET k v -> +OK
  DEBUG OBJECT k
    -> /Value at:0x[0-9a-f]+ refcount:1 encoding:embstr serializedlength:2 lru:\d+ lru_seconds_idle:\d+/
  SET n 100 -> +OK
  DEBUG OBJECT n
    -> /Value at:0x[0-9a-f]+ refcount:2147483647 encoding:int serializedlength:2 lru:\d+ lru_seconds_idle:\d+/
  SET n 70000 -> +OK
  DEBUG OBJECT n
    -> /Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:5 lru:\d+ lru_seconds_idle:\d+/
  SET r <ab*50> -> +OK
  DEBUG OBJECT r
    -> /Value at:0x[0-9a-f]+ refcount:1 encoding:raw serializedlength:\d+ lru:\d+ lru_seconds_idle:\d+/
`;

const withStore = storeSuite();

withStore(
  'active expiry removes keys without being asked, unless it is switched off',
  async (store) => {
    const connection = await store.connect();
    await connection.send('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
    const past = Array.from({ length: 50 }, (_, index) => ['SET', `k${index}`, 'v', 'PXAT', '1']);
    await connection.pipeline(past);
    expect((await connection.send('DBSIZE')).tree.text).toBe('50');
    await connection.send('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
    const size = async () => Number((await connection.send('DBSIZE')).tree.text);
    await expect.poll(size, { timeout: 10_000, interval: 20 }).toBe(0);
    connection.close();
  },
);

given('DEBUG tells of strings and tables')`
  SET k hello              -> +OK
  SADD s a b c             -> :3
  RPUSH l a                -> :1
  SET n 12                 -> +OK
  DEBUG SDSLEN k
    -> /key_sds_len:1, key_sds_avail:\d+, key_zmalloc: \d+, val_sds_len:5, val_sds_avail:\d+, val_zmalloc: \d+/
  DEBUG SDSLEN n           -> -ERR Not an sds encoded string.
  DEBUG SDSLEN missing     -> -ERR no such key
  DEBUG HTSTATS-KEY s      -> /Hash table 0 stats .main hash table.:\n.*number of elements: 3\n.*/
  DEBUG HTSTATS-KEY missing -> -ERR no such key
  DEBUG HTSTATS-KEY l
    -> -ERR The value stored at the specified key is not represented using an hash table
  DEBUG HTSTATS 0          -> /\[Dictionary HT\]\n.*number of elements: 4\n.*\[Expires HT\]\n.*/
  DEBUG HTSTATS x          -> -ERR value is not an integer or out of range
  DEBUG HTSTATS -1         -> -ERR Out of range database
`;

given('DEBUG POPULATE makes keys, and leaves those that are there')`
  SET key:1 mine           -> +OK
  DEBUG POPULATE 3         -> +OK
  MGET key:0 key:1 key:2   -> ["value:0" "mine" "value:2"]
  DEBUG POPULATE 2 p 10    -> +OK
  MGET p:0 p:1             -> ["value:0\x00\x00\x00" "value:1\x00\x00\x00"]
  DEBUG POPULATE 1 q 3     -> +OK
  GET q:0                  -> "val"
  DBSIZE                   -> :6
  DEBUG POPULATE x         -> -ERR value is out of range, must be positive
  DEBUG POPULATE 1 p -1    -> -ERR value is out of range, must be positive
`;

given('DEBUG takes what test suites set')`
  DEBUG CHANGE-REPL-ID              -> +OK
  DEBUG CLIENT-EVICTION             -> -ERR maxmemory-clients is disabled.
  DEBUG LEAK x                      -> +OK
  DEBUG PAUSE-CRON 1                -> +OK
  DEBUG PAUSE-CRON 0                -> +OK
  DEBUG REPLYBUFFER RESIZING 0      -> +OK
  DEBUG REPLYBUFFER RESIZING 1      -> +OK
  DEBUG REPLYBUFFER PEAK-RESET-TIME NEVER -> +OK
  DEBUG REPLYBUFFER PEAK-RESET-TIME RESET -> +OK
  DEBUG REPLYBUFFER PEAK-RESET-TIME x -> -ERR value is not an integer or out of range
  DEBUG SET-DISABLE-DENY-SCRIPTS 0  -> +OK
`;

given('DEBUG does not end the store', { skip: { redis: 'redis-server crashes' } })`
  DEBUG SEGFAULT -> -ERR Redstart does not end a store for a test: close it, or end its process
  DEBUG STRINGMATCH-LEN a*c abc -> :1
`;
