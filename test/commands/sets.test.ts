/** One set: SADD, SREM, SMEMBERS, SISMEMBER, SMISMEMBER, SCARD, SMOVE, SSCAN. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SADD counts only the members that are new')`
  SADD s a b a -> :2
  SADD s b c   -> :1
  SADD s a     -> :0
  SCARD s      -> :3
  SMEMBERS s   -> anyset["a" "b" "c"]
  TYPE s       -> +set
`;

given('SADD takes any bytes, also none')`
  SADD s "" "a\x00b" <x*70000> <bytes> -> :4
  SCARD s                              -> :4
  SISMEMBER s ""                       -> :1
  SISMEMBER s "a\x00b"                 -> :1
  SISMEMBER s <x*70000>                -> :1
  SISMEMBER s <bytes>                  -> :1
  SISMEMBER s a                        -> :0
  SISMEMBER s <x*69999>                -> :0
  SREM s "" <x*70000> <bytes>          -> :3
  SMEMBERS s                           -> ~["a\x00b"]
`;

given('integers are an intset, in ascending order, as long as all members are')`
  SADD s 3 -1 2 300000 -9223372036854775808 9223372036854775807 -> :6
  OBJECT ENCODING s               -> "intset"
  SMEMBERS s
    -> ~["-9223372036854775808" "-1" "2" "3" "300000" "9223372036854775807"]
  SADD s 2 -1                     -> :0
  SISMEMBER s 300000              -> :1
  SISMEMBER s 300001              -> :0
  SISMEMBER s 03                  -> :0
  SISMEMBER s 9223372036854775808 -> :0
  SREM s 03 x 3                   -> :1
  SMEMBERS s
    -> ~["-9223372036854775808" "-1" "2" "300000" "9223372036854775807"]
  SADD s x                        -> :1
  OBJECT ENCODING s               -> "hashtable"
  SREM s x                        -> :1
  OBJECT ENCODING s               -> "hashtable"
  SMEMBERS s
    -> anyset["-1" "2" "300000" "-9223372036854775808" "9223372036854775807"]
`;

given('only the canonical text is an integer')`
  SADD a 007                  -> :1
  OBJECT ENCODING a           -> "hashtable"
  SADD b -0                   -> :1
  OBJECT ENCODING b           -> "hashtable"
  SADD c +1                   -> :1
  OBJECT ENCODING c           -> "hashtable"
  SADD d " 1"                 -> :1
  OBJECT ENCODING d           -> "hashtable"
  SADD e 9223372036854775808  -> :1
  OBJECT ENCODING e           -> "hashtable"
  SADD f -9223372036854775809 -> :1
  OBJECT ENCODING f           -> "hashtable"
  SADD g 1.0                  -> :1
  OBJECT ENCODING g           -> "hashtable"
  SADD h ""                   -> :1
  OBJECT ENCODING h           -> "hashtable"
  SADD i 0 -1                 -> :2
  OBJECT ENCODING i           -> "intset"
`;

given('widths of an intset meet at their ends')`
  SADD s 127 128 32767 32768 -32768 -32769 -> :6
  SMEMBERS s                               -> ~["-32769" "-32768" "127" "128" "32767" "32768"]
  SADD s 2147483647 2147483648 -2147483648 -2147483649 -> :4
  SMEMBERS s
    -> ~["-2147483649" "-2147483648" "-32769" "-32768" "127" "128" "32767" "32768" "2147483647"
    "2147483648"]
  SREM s 2147483648 -2147483649 9223372036854775807 -> :2
  SMEMBERS s
    -> ~["-2147483648" "-32769" "-32768" "127" "128" "32767" "32768" "2147483647"]
  SISMEMBER s 2147483648                   -> :0
  SISMEMBER s -2147483648                  -> :1
`;

given('set-max-intset-entries decides when an intset becomes a table')`
  CONFIG SET set-max-intset-entries 3   -> +OK
  SADD s 1 2 3                          -> :3
  OBJECT ENCODING s                     -> "intset"
  SADD s 3                              -> :0
  OBJECT ENCODING s                     -> "intset"
  SADD s 4                              -> :1
  OBJECT ENCODING s                     -> "hashtable"
  SREM s 4 3 2                          -> :3
  OBJECT ENCODING s                     -> "hashtable"
  CONFIG SET set-max-intset-entries 0   -> +OK
  SADD t 1                              -> :1
  OBJECT ENCODING t                     -> "hashtable"
  CONFIG SET set-max-intset-entries 512 -> +OK
  SADD t 2                              -> :1
  OBJECT ENCODING t                     -> "hashtable"
  SADD u 1 2 3 4                        -> :4
  CONFIG SET set-max-intset-entries 2   -> +OK
  OBJECT ENCODING u                     -> "intset"
  SADD u 1                              -> :0
  OBJECT ENCODING u                     -> "intset"
  SADD u 5                              -> :1
  OBJECT ENCODING u                     -> "hashtable"
  CONFIG SET set-max-intset-entries 512 -> +OK
`;

given('SREM counts what was there, and the key goes with its last member')`
  SADD s a b c -> :3
  SREM s a x a -> :1
  SREM s b c d -> :2
  EXISTS s     -> :0
  SREM s a     -> :0
  SADD i 1 2   -> :2
  SREM i 2 1   -> :2
  EXISTS i     -> :0
`;

given('SADD and SREM keep the deadline of the key')`
  SADD s a     -> :1
  EXPIRE s 100 -> :1
  SADD s b 1 2 -> :3
  SREM s a     -> :1
  TTL s        -> :99..100
  SADD i 1     -> :1
  EXPIRE i 100 -> :1
  SADD i x     -> :1
  TTL i        -> :99..100
`;

given('SISMEMBER and SMISMEMBER tell who is there')`
  SADD s a b 1           -> :3
  SISMEMBER s a          -> :1
  SISMEMBER s x          -> :0
  SISMEMBER missing a    -> :0
  SMISMEMBER s a x 1 a   -> [:1 :0 :1 :1]
  SMISMEMBER missing a b -> [:0 :0]
  SCARD s                -> :3
  SCARD missing          -> :0
  SMEMBERS missing       -> ~[]
`;

given('SMOVE moves one member from set to set')`
  SADD a x y        -> :2
  SADD b z          -> :1
  SMOVE a b x       -> :1
  SMEMBERS a        -> ~["y"]
  SMEMBERS b        -> anyset["x" "z"]
  SMOVE a b x       -> :0
  SMOVE a b nothing -> :0
  SMOVE a c y       -> :1
  EXISTS a          -> :0
  SMEMBERS c        -> ~["y"]
  SMOVE a b y       -> :0
  SADD a z          -> :1
  SMOVE a b z       -> :1
  EXISTS a          -> :0
  SCARD b           -> :2
`;

given('SMOVE to the same set changes nothing')`
  SADD a x     -> :1
  SMOVE a a x  -> :1
  SMOVE a a y  -> :0
  SMEMBERS a   -> ~["x"]
  SADD i 1 2   -> :2
  SMOVE i i 1  -> :1
  SMEMBERS i   -> ~["1" "2"]
`;

given('SMOVE makes an intset of an integer, and a table of an intset that gets a text')`
  SADD t x 5        -> :2
  SADD i 1          -> :1
  SMOVE t n 5       -> :1
  OBJECT ENCODING n -> "intset"
  SMOVE t i x       -> :1
  OBJECT ENCODING i -> "hashtable"
  EXISTS t          -> :0
`;

given('SMOVE looks at types in the order of Redis')`
  SET str v           -> +OK
  SADD s a            -> :1
  SMOVE missing str a -> :0
  SMOVE str missing a -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMOVE s str a       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMOVE s str nothing -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMOVE str s a       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMEMBERS s          -> ~["a"]
`;

given('SSCAN gives all members of an intset at once')`
  SADD i 3 1 2               -> :3
  SSCAN i 0                  -> ["0" ["1" "2" "3"]]
  SSCAN i 0 COUNT 1          -> ["0" ["1" "2" "3"]]
  SSCAN i 17                 -> ["0" ["1" "2" "3"]]
  SSCAN i 0 MATCH [12]       -> ["0" ["1" "2"]]
  SSCAN i 0 match x* count 5 -> ["0" []]
  SSCAN missing 0            -> ["0" []]
  SSCAN missing 0 FOO        -> ["0" []]
`;

given('SSCAN goes through a table')`
  SADD s a b c                                -> :3
  SSCAN s 0 COUNT 100                         -> ["0" any["a" "b" "c"]]
  SSCAN s 0 COUNT 100 MATCH [b-z]             -> ["0" any["b" "c"]]
  SSCAN s 0 MATCH * COUNT 9223372036854775807 -> ["0" any["a" "b" "c"]]
`;

given('SSCAN refuses cursors and options in the order of Redis')`
  SET str v                    -> +OK
  SADD s a                     -> :1
  SSCAN s x                    -> -ERR invalid cursor
  SSCAN missing x              -> -ERR invalid cursor
  SSCAN str x                  -> -ERR invalid cursor
  SSCAN str 0                  -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SSCAN str 0 FOO              -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SSCAN s 0 FOO                -> -ERR syntax error
  SSCAN s 0 COUNT              -> -ERR syntax error
  SSCAN s 0 MATCH              -> -ERR syntax error
  SSCAN s 0 COUNT 0            -> -ERR syntax error
  SSCAN s 0 COUNT -1           -> -ERR syntax error
  SSCAN s 0 COUNT x            -> -ERR value is not an integer or out of range
  SSCAN s 0 TYPE set           -> -ERR syntax error
  SSCAN s 18446744073709551616 -> -ERR invalid cursor
  SSCAN s ""                   -> ["0" ["a"]]
`;

given('values of other types are refused')`
  SET str v        -> +OK
  SADD str a       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SREM str a       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMEMBERS str     -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SISMEMBER str a  -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SMISMEMBER str a -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SCARD str        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SADD s a         -> :1
  GET s            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  APPEND s x       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  INCR s           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SET s v          -> +OK
  GET s            -> "v"
`;

given('wrong numbers of arguments are refused')`
  SADD s          -> -ERR wrong number of arguments for 'sadd' command
  SADD            -> -ERR wrong number of arguments for 'sadd' command
  SREM s          -> -ERR wrong number of arguments for 'srem' command
  SMEMBERS        -> -ERR wrong number of arguments for 'smembers' command
  SMEMBERS s t    -> -ERR wrong number of arguments for 'smembers' command
  SISMEMBER s     -> -ERR wrong number of arguments for 'sismember' command
  SISMEMBER s a b -> -ERR wrong number of arguments for 'sismember' command
  SMISMEMBER s    -> -ERR wrong number of arguments for 'smismember' command
  SCARD           -> -ERR wrong number of arguments for 'scard' command
  SCARD s t       -> -ERR wrong number of arguments for 'scard' command
  SMOVE a b       -> -ERR wrong number of arguments for 'smove' command
  SMOVE a b c d   -> -ERR wrong number of arguments for 'smove' command
  SSCAN s         -> -ERR wrong number of arguments for 'sscan' command
`;

given('sets are copied, moved and renamed as a whole')`
  SADD t a 1         -> :2
  SADD i 1 2         -> :2
  COPY t t2          -> :1
  COPY i i2          -> :1
  SADD t2 b          -> :1
  SADD i2 3          -> :1
  SMEMBERS t         -> anyset["a" "1"]
  SMEMBERS t2        -> anyset["a" "1" "b"]
  SMEMBERS i         -> ~["1" "2"]
  SMEMBERS i2        -> ~["1" "2" "3"]
  OBJECT ENCODING i2 -> "intset"
  RENAME t u         -> +OK
  SMEMBERS u         -> anyset["a" "1"]
  DEL u t2 i         -> :3
  SADD i 9           -> :1
  SMEMBERS i         -> ~["9"]
`;

given('a set that SMOVE makes has just been used')`
  SADD a x         -> :1
  SMOVE a b x      -> :1
  OBJECT IDLETIME b -> :0
`;
