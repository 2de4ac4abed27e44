/** Commands that wait for keys: their arguments, who is served when, and what ends the waiting. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('with something to pop they answer at once')`
  RPUSH l a b c d e f g h         -> :8
  ZADD z 1 a 2 b 3 c 4 d 5 e      -> :5
  BLPOP nokey l 0                 -> ["l" "a"]
  BRPOP l nokey 0                 -> ["l" "h"]
  BLMOVE l m LEFT RIGHT 0         -> "b"
  BRPOPLPUSH l m 0.5              -> "g"
  BLMPOP 0 2 nokey l LEFT COUNT 2 -> ["l" ["c" "d"]]
  BLMPOP 0 1 l RIGHT              -> ["l" ["f"]]
  BLMPOP 0 2 l m RIGHT COUNT 10   -> ["l" ["e"]]
  LRANGE m 0 -1                   -> ["g" "b"]
  BZPOPMIN nokey z 0              -> ["z" "a" ,1]
  BZPOPMAX z nokey 0              -> ["z" "e" ,5]
  BZMPOP 0 2 nokey z MAX COUNT 2  -> ["z" [["d" ,4] ["c" ,3]]]
  BZMPOP 0 1 z MIN                -> ["z" [["b" ,2]]]
  EXISTS l z                      -> :0
`;

given('the first key that has something is served, a key of another type refuses')`
  SET str x                 -> +OK
  RPUSH l a                 -> :1
  BLPOP nokey str l 0       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BLPOP l str 0             -> ["l" "a"]
  BRPOP nokey str 0         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BLMOVE str d LEFT RIGHT 1 -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BRPOPLPUSH str d 1        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BLMPOP 1 2 nokey str LEFT -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BZPOPMIN nokey str 1      -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BZPOPMAX str 1            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BZMPOP 1 1 str MIN        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPUSH l a                 -> :1
  BLMOVE l str LEFT RIGHT 1 -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BRPOPLPUSH l str 1        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LRANGE l 0 -1             -> ["a"]
`;

given('timeouts are seconds with fractions')`
  BLPOP k 0.001                             -> nil[]
  BRPOP k 0x.01                             -> nil[]
  BLPOP k 1e-5                              -> nil[]
  BLPOP k 1e-20                             -> nil[]
  BLMOVE k d LEFT RIGHT 0.001               -> nil[]
  BRPOPLPUSH k d 0.001                      -> nil[]
  BLMPOP 0.001 1 k LEFT                     -> nil[]
  BZPOPMIN k 0.001                          -> nil[]
  BZPOPMAX k .001                           -> nil[]
  BZMPOP 0.001 1 k MAX                      -> nil[]
  XREAD BLOCK 1 STREAMS k $                 -> nil[]
  BLPOP k -0.5                              -> -ERR timeout is negative
  BLPOP k -1                                -> -ERR timeout is negative
  BLPOP k " 1"                              -> -ERR timeout is not a float or out of range
  BLPOP k "1 "                              -> -ERR timeout is not a float or out of range
  BLPOP k ""                                -> -ERR timeout is not a float or out of range
  BLPOP k nan                               -> -ERR timeout is not a float or out of range
  BLPOP k inf                               -> -ERR timeout is negative
  BLPOP k -inf                              -> -ERR timeout is negative
  BLPOP k 1e400                             -> -ERR timeout is negative
  BLPOP k 9223372036854775807               -> -ERR timeout is negative
  BLPOP k 9223372036854776                  -> -ERR timeout is negative
  BLPOP k 1.5s                              -> -ERR timeout is not a float or out of range
  XREAD BLOCK -1 STREAMS k $                -> -ERR timeout is negative
  XREAD BLOCK 1.5 STREAMS k $               -> -ERR timeout is not an integer or out of range
  XREAD BLOCK x STREAMS k $                 -> -ERR timeout is not an integer or out of range
  XREADGROUP GROUP g c BLOCK -1 STREAMS k > -> -ERR timeout is negative
`;

given('timeouts for ever, and nearly so')`
  a> BLPOP k 0                     -> (blocked)
  b> BLPOP k -0.0001               -> (blocked)
  c> BLPOP k 9223372036854775.8071 -> (blocked)
  d> BLPOP k 0x1p53                -> (blocked)
  e> XREAD BLOCK 9223372036854775807 STREAMS s $ -> (blocked)
  f> RPUSH k 1 2 3 4               -> :4
  a>                               -> ["k" "1"]
  b>                               -> ["k" "2"]
  c>                               -> ["k" "3"]
  d>                               -> ["k" "4"]
  f> XADD s 1-1 a b                -> "1-1"
  e>                               -> pairs{"s" => [["1-1" ["a" "b"]]]}
`;

given('mistakes are told in this order')`
  BLPOP k                           -> -ERR wrong number of arguments for 'blpop' command
  BRPOP 1                           -> -ERR wrong number of arguments for 'brpop' command
  BLMOVE k d LEFT RIGHT             -> -ERR wrong number of arguments for 'blmove' command
  BLMOVE k d LEFT up x              -> -ERR syntax error
  BLMOVE k d left right x           -> -ERR timeout is not a float or out of range
  BRPOPLPUSH k d x                  -> -ERR timeout is not a float or out of range
  BLMPOP x 1 k LEFT                 -> -ERR timeout is not a float or out of range
  BLMPOP x 0 k LEFT                 -> -ERR numkeys should be greater than 0
  BLMPOP 1 x k LEFT                 -> -ERR numkeys should be greater than 0
  BLMPOP -1 1 k UP                  -> -ERR syntax error
  BLMPOP x 1 k LEFT COUNT 0         -> -ERR count should be greater than 0
  BLMPOP x 1 k LEFT FOO             -> -ERR syntax error
  BLMPOP 1 1 k LEFT COUNT           -> -ERR syntax error
  BLMPOP 1 1 k LEFT COUNT 1 x       -> -ERR syntax error
  BLMPOP 1 3 k k LEFT               -> -ERR syntax error
  BZMPOP x 0 k MIN                  -> -ERR numkeys should be greater than 0
  BZMPOP 1 x k MIN                  -> -ERR numkeys should be greater than 0
  BZMPOP -1 1 k MIN                 -> -ERR timeout is negative
  BZMPOP 1 1 k UP                   -> -ERR syntax error
  BZMPOP 1 1 k MIN COUNT 0          -> -ERR count should be greater than 0
  BZMPOP 1 1 k MIN COUNT 2 x        -> -ERR syntax error
  BZMPOP 1 3 k k MIN                -> -ERR syntax error
  BZPOPMIN k x                      -> -ERR timeout is not a float or out of range
  XREAD BLOCK x FOO                 -> -ERR timeout is not an integer or out of range
  XREAD BLOCK 1 COUNT x STREAMS k $ -> -ERR value is not an integer or out of range
`;

given('who has waited longest is served first, what is behind a blocked command waits too')`
  a> BLPOP k 0       -> (blocked)
  a> ECHO behind     -> (blocked)
  b> BRPOP k k 0     -> (blocked)
  c> BLPOP x k 0     -> (blocked)
  d> RPUSH k 1 2 3 4 -> :4
  a>                 -> ["k" "1"]
  a>                 -> "behind"
  b>                 -> ["k" "4"]
  c>                 -> ["k" "2"]
  d> LRANGE k 0 -1   -> ["3"]
  a>                 -> (none)
`;

given('one element serves one, the others go on waiting')`
  a> BLPOP k 0                 -> (blocked)
  b> BLMPOP 0 1 k LEFT COUNT 5 -> (blocked)
  c> BLPOP k 0                 -> (blocked)
  d> RPUSH k 1                 -> :1
  a>                           -> ["k" "1"]
  b>                           -> (none)
  c>                           -> (none)
  d> RPUSH k 2 3 4             -> :3
  b>                           -> ["k" ["2" "3" "4"]]
  c>                           -> (none)
  d> LPUSH k 5 6               -> :2
  c>                           -> ["k" "6"]
  d> LRANGE k 0 -1             -> ["5"]
`;

given('each command gets what it asked for')`
  a> BLMOVE k1 t LEFT RIGHT 0      -> (blocked)
  b> BRPOPLPUSH k2 t 0             -> (blocked)
  c> BLMPOP 0 2 x k3 RIGHT COUNT 2 -> (blocked)
  d> BZPOPMIN x z1 0               -> (blocked)
  e> BZPOPMAX z2 x 0               -> (blocked)
  f> BZMPOP 0 2 x z3 MAX COUNT 2   -> (blocked)
  g> RPUSH k1 1 2                  -> :2
  g> RPUSH k2 1 2                  -> :2
  g> RPUSH k3 1 2 3                -> :3
  g> ZADD z1 1 a 2 b               -> :2
  g> ZADD z2 1 a 2 b               -> :2
  g> ZADD z3 1 a 2.5 b 3 c         -> :3
  a>                               -> "1"
  b>                               -> "2"
  c>                               -> ["k3" ["3" "2"]]
  d>                               -> ["z1" "a" ,1]
  e>                               -> ["z2" "b" ,2]
  f>                               -> ["z3" [["c" ,3] ["b" ,2.5]]]
  g> LRANGE t 0 -1                 -> ["2" "1"]
`;

given('a move that is served wakes the next')`
  a> BLMOVE k1 k2 LEFT LEFT 0 -> (blocked)
  b> BLMOVE k2 k3 LEFT LEFT 0 -> (blocked)
  c> BLPOP k3 0               -> (blocked)
  d> RPUSH k1 x y             -> :2
  a>                          -> "x"
  b>                          -> "x"
  c>                          -> ["k3" "x"]
  d> KEYS *                   -> ["k1"]
`;

given('moves in a circle end where they began')`
  a> BLMOVE k1 k2 LEFT LEFT 0 -> (blocked)
  b> BRPOPLPUSH k2 k1 0       -> (blocked)
  d> RPUSH k1 x               -> :1
  a>                          -> "x"
  b>                          -> "x"
  d> LRANGE k1 0 -1           -> ["x"]
  a> BLMOVE k k LEFT RIGHT 0  -> (blocked)
  d> RPUSH k 1 2 3            -> :3
  a>                          -> "1"
  d> LRANGE k 0 -1            -> ["2" "3" "1"]
`;

given('a target of another type ends the waiting, the element stays')`
  a> SET t x                -> +OK
  a> BLMOVE k t LEFT LEFT 0 -> (blocked)
  b> BRPOPLPUSH k t 0       -> (blocked)
  c> BLPOP k 0              -> (blocked)
  d> RPUSH k x y            -> :2
  a>                        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  b>                        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  c>                        -> ["k" "x"]
  d> LRANGE k 0 -1          -> ["y"]
`;

given('whole transactions come first, then keys in the order in which they became ready')`
  a> BLPOP k1 k2 0 -> (blocked)
  b> MULTI         -> +OK
  b> RPUSH k2 x    -> +QUEUED
  b> RPUSH k1 y    -> +QUEUED
  b> EXEC          -> [:1 :1]
  a>               -> ["k2" "x"]
  a> BLPOP k3 0    -> (blocked)
  b> MULTI         -> +OK
  b> RPUSH k3 1    -> +QUEUED
  b> LPOP k3       -> +QUEUED
  b> EXEC          -> [:1 "1"]
  a>               -> (none)
  b> MULTI         -> +OK
  b> RPUSH k3 1    -> +QUEUED
  b> LPUSH k3 2    -> +QUEUED
  b> EXEC          -> [:1 :2]
  a>               -> ["k3" "2"]
`;

given('in a transaction nobody waits')`
  MULTI                     -> +OK
  BLPOP k 0                 -> +QUEUED
  BRPOP k 0                 -> +QUEUED
  BLMOVE k k LEFT LEFT 0    -> +QUEUED
  BRPOPLPUSH k k 0          -> +QUEUED
  BLMPOP 0 1 k LEFT         -> +QUEUED
  BZPOPMIN k 0              -> +QUEUED
  BZPOPMAX k 0              -> +QUEUED
  BZMPOP 0 1 k MIN          -> +QUEUED
  XREAD BLOCK 0 STREAMS k $ -> +QUEUED
  WAIT 1 0                  -> +QUEUED
  RPUSH k a                 -> +QUEUED
  BLPOP k 0                 -> +QUEUED
  EXEC                      -> [nil[] nil[] nil nil nil[] nil[] nil[] nil[] nil[] :0 :1 ["k" "a"]]
`;

given('a key of another type keeps them waiting')`
  a> BLPOP k 0                 -> (blocked)
  b> BZPOPMIN k 0              -> (blocked)
  c> XREAD BLOCK 0 STREAMS k $ -> (blocked)
  d> SADD k 1                  -> :1
  d> DEL k                     -> :1
  d> HSET k a b                -> :1
  d> DEL k                     -> :1
  d> ZADD k 1 a 2 b            -> :2
  b>                           -> ["k" "a" ,1]
  d> DEL k                     -> :1
  d> XADD k 1-1 a b            -> "1-1"
  c>                           -> pairs{"k" => [["1-1" ["a" "b"]]]}
  d> DEL k                     -> :1
  d> RPUSH k a b               -> :2
  a>                           -> ["k" "a"]
`;

given('CLIENT UNBLOCK ends the waiting as time does, or with an error')`
  a> BLPOP k 0                       -> (blocked)
  b> CLIENT UNBLOCK <id:a>           -> :1
  a>                                 -> nil[]
  a> BLMOVE k k LEFT LEFT 0          -> (blocked)
  b> CLIENT UNBLOCK <id:a> TIMEOUT   -> :1
  a>                                 -> nil[]
  a> XREAD BLOCK 0 STREAMS k $       -> (blocked)
  b> CLIENT UNBLOCK <id:a> timeout   -> :1
  a>                                 -> nil[]
  a> BZPOPMIN k 0                    -> (blocked)
  b> CLIENT UNBLOCK <id:a> error     -> :1
  a>                                 -> -UNBLOCKED client unblocked via CLIENT UNBLOCK
  b> CLIENT UNBLOCK <id:a>           -> :0
  b> CLIENT UNBLOCK <id:b>           -> :0
  b> CLIENT UNBLOCK 999999           -> :0
  b> CLIENT UNBLOCK x                -> -ERR value is not an integer or out of range
  b> CLIENT UNBLOCK <id:a> FOO       -> -ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR
  b> CLIENT UNBLOCK <id:a> TIMEOUT x
    -> -ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.
  b> CLIENT UNBLOCK                  -> -ERR wrong number of arguments for 'client|unblock' command
  b> RPUSH k 1                       -> :1
  a>                                 -> (none)
`;

given('who has gone is not served')`
  a> BLPOP k 0             -> (blocked)
  b> BLPOP k 0             -> (blocked)
  c> CLIENT KILL ID <id:a> -> :1
  a>                       -> (closed)
  c> RPUSH k 1             -> :1
  b>                       -> ["k" "1"]
  b> BLPOP k 0             -> (blocked)
  c> MULTI                 -> +OK
  c> RPUSH k 2             -> +QUEUED
  c> CLIENT KILL ID <id:b> -> +QUEUED
  c> EXEC                  -> [:1 :1]
  b>                       -> (closed)
  c> LRANGE k 0 -1         -> ["2"]
`;

given('QUIT behind a blocked command')`
  a> BLPOP k 0 -> (blocked)
  a> QUIT      -> (blocked)
  b> RPUSH k 1 -> :1
  a>           -> ["k" "1"]
  a>           -> +OK
  a>           -> (closed)
`;

given('each database has its own keys')`
  a> BLPOP k 0 -> (blocked)
  b> SELECT 1  -> +OK
  b> BLPOP k 0 -> (blocked)
  c> SELECT 1  -> +OK
  c> RPUSH k 1 -> :1
  b>           -> ["k" "1"]
  a>           -> (none)
  c> SELECT 0  -> +OK
  c> RPUSH k 2 -> :1
  a>           -> ["k" "2"]
`;

given('WAIT has no replicas to wait for')`
  WAIT 0 0                       -> :0
  WAIT -1 0                      -> :0
  WAIT 1 1                       -> :0
  WAIT 0 9223372036854775807     -> :0
  WAIT x 0                       -> -ERR value is not an integer or out of range
  WAIT 1 x                       -> -ERR timeout is not an integer or out of range
  WAIT 1 1.5                     -> -ERR timeout is not an integer or out of range
  WAIT 1 -1                      -> -ERR timeout is negative
  WAIT 1                         -> -ERR wrong number of arguments for 'wait' command
  a> WAIT 1 0                    -> (blocked)
  b> CLIENT UNBLOCK <id:a>       -> :1
  a>                             -> :0
  a> WAIT 1 0                    -> (blocked)
  b> CLIENT UNBLOCK <id:a> ERROR -> :1
  a>                             -> -UNBLOCKED client unblocked via CLIENT UNBLOCK
`;

given('WAITAOF without a journal', { skip: { redis: 'a command of Redis 7.2' } })`
  WAITAOF 0 0 0       -> [:0 :0]
  WAITAOF 2 0 0       -> -ERR value is out of range, value must between 0 and 1
  WAITAOF 0 -1 0      -> -ERR value is out of range, must be positive
  WAITAOF 0 0 -1      -> -ERR timeout is negative
  WAITAOF 0 1 1       -> [:0 :0]
`;
