/** The ways in which a key that somebody waits for becomes ready. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('RENAME')`
  a> BLPOP k 0    -> (blocked)
  b> BZPOPMIN k 0 -> (blocked)
  c> RPUSH l 1 2  -> :2
  c> RENAME l k   -> +OK
  a>              -> ["k" "1"]
  c> ZADD z 1 a   -> :1
  c> RENAMENX z k -> :0
  c> DEL k        -> :1
  c> RENAMENX z k -> :1
  b>              -> ["k" "a" ,1]
`;

given('RENAME over a key of another type')`
  a> BLPOP k 0   -> (blocked)
  c> SET k x     -> +OK
  c> RPUSH l 1 2 -> :2
  c> RENAME l k  -> +OK
  a>             -> ["k" "1"]
`;

given('COPY, with a type in the way and between databases')`
  a> BLPOP k 0        -> (blocked)
  c> RPUSH l 1        -> :1
  c> SET k x          -> +OK
  c> COPY l k         -> :0
  c> COPY l k REPLACE -> :1
  a>                  -> ["k" "1"]
  a> BLPOP k 0        -> (blocked)
  c> SELECT 1         -> +OK
  c> RPUSH k 2        -> :1
  c> COPY k k DB 0    -> :1
  a>                  -> ["k" "2"]
`;

given('MOVE and SWAPDB')`
  a> BLPOP k 0    -> (blocked)
  c> SELECT 1     -> +OK
  c> RPUSH k 1    -> :1
  c> MOVE k 0     -> :1
  a>              -> ["k" "1"]
  a> BLPOP k 0    -> (blocked)
  c> RPUSH k 2    -> :1
  c> SWAPDB 0 1   -> +OK
  a>              -> ["k" "2"]
  a> BZPOPMAX z 0 -> (blocked)
  c> ZADD z 2 a   -> :1
  c> SWAPDB 1 0   -> +OK
  a>              -> ["z" "a" ,2]
`;

given('RESTORE')`
  a> BLPOP k 0
    -> (blocked)
  c> RESTORE k 0 "\x12\x01\x02\x0d\x0d\x00\x00\x00\x02\x00\x81a\x02\x81b\x02\xff\x0a\x00h\xeb\x0a\x89\x13A\xbb\xb1"
    -> +OK
  a>
    -> ["k" "a"]
  c> LRANGE k 0 -1
    -> ["b"]
`;

given('SORT STORE, LMOVE, RPOPLPUSH')`
  a> BLPOP k 0            -> (blocked)
  b> RPUSH l 3 1 2        -> :3
  b> SORT l STORE k       -> :3
  a>                      -> ["k" "1"]
  b> DEL k                -> :1
  a> BLPOP k 0            -> (blocked)
  b> LMOVE l k LEFT RIGHT -> "3"
  a>                      -> ["k" "3"]
  a> BLPOP k 0            -> (blocked)
  b> RPOPLPUSH l k        -> "2"
  a>                      -> ["k" "2"]
  a> BLPOP k 0            -> (blocked)
  b> LPUSHX k 1           -> :0
  b> LPUSH k 1            -> :1
  a>                      -> ["k" "1"]
`;

given('what stores sorted sets')`
  a> BZPOPMIN k 0        -> (blocked)
  b> ZADD z 1 a 2 b      -> :2
  b> ZUNIONSTORE k 1 z   -> :2
  a>                     -> ["k" "a" ,1]
  b> DEL k               -> :1
  a> BZPOPMIN k 0        -> (blocked)
  b> ZRANGESTORE k z 1 1 -> :1
  a>                     -> ["k" "b" ,2]
  a> BZPOPMIN k 0        -> (blocked)
  b> ZINCRBY k 5 x       -> ,5
  a>                     -> ["k" "x" ,5]
  a> BZMPOP 0 1 k MAX    -> (blocked)
  b> GEOADD g 1 1 p      -> :1
  b> GEOSEARCHSTORE k g FROMMEMBER p BYRADIUS 1 m -> :1
  a>                     -> ["k" [["p" ,3377822707026402]]]
  a> BZMPOP 0 1 k MAX    -> (blocked)
  b> ZINTERSTORE k 2 z z -> :2
  a>                     -> ["k" [["b" ,4]]]
`;

given('an overwritten key of another type is not ready until it is new')`
  a> BLPOP k 0      -> (blocked)
  b> SET k x        -> +OK
  b> RPUSH l 1 2    -> :2
  b> SORT l STORE k -> :2
  a>                -> (none)
  b> LLEN k         -> :2
  b> RPUSH k 3      -> :3
  a>                -> (none)
  b> RENAME k m     -> +OK
  b> RENAME m k     -> +OK
  a>                -> ["k" "1"]
`;

given('an expired key makes room')`
  a> BLPOP k 0     -> (blocked)
  b> SET k x          -> +OK
  b> RPUSH l 1     -> :1
  b> PEXPIREAT k 1 -> :1
  b> RENAME l k    -> +OK
  a>               -> ["k" "1"]
`;

given('FLUSHALL changes nothing for those who wait for elements')`
  a> BLPOP k 0                 -> (blocked)
  b> XADD s 1-1 a b            -> "1-1"
  c> XREAD BLOCK 0 STREAMS s $ -> (blocked)
  b> FLUSHALL                  -> +OK
  b> FLUSHDB                   -> +OK
  a>                           -> (none)
  c>                           -> (none)
  b> RPUSH k 1                 -> :1
  a>                           -> ["k" "1"]
  b> XADD s 1-1 a b            -> "1-1"
  c>                           -> (none)
  b> XADD s 1-2 a b            -> "1-2"
  c>                           -> pairs{"s" => [["1-2" ["a" "b"]]]}
`;
