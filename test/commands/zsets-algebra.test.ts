/** Several sorted sets and sets: ZUNION, ZINTER, ZDIFF, ZINTERCARD, and what stores a result. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('ZUNION has all members, in the order of their sums')`
  ZADD a 1 x 2 y 3 z    -> :3
  ZADD b 10 y 20 z 30 w -> :3
  ZUNION 2 a b          -> ["x" "y" "z" "w"]
  ZUNION 3 a missing b  -> ["x" "y" "z" "w"]
  ZUNION 1 missing      -> []
  ZUNION 2 a a          -> ["x" "y" "z"]
  ZUNIONSTORE d 2 a b   -> :4
  ZMSCORE d x y z w     -> [,1 ,12 ,23 ,30]
`;

given('scores come in turn in RESP2', { protocols: [2] })`
  ZADD a 1 x 2 y 3 z         -> :3
  ZADD b 10 y 20 z 30 w      -> :3
  ZUNION 2 a b WITHSCORES    -> ["x" "1" "y" "12" "z" "23" "w" "30"]
  ZINTER 2 a b WITHSCORES    -> ["y" "12" "z" "23"]
  ZDIFF 2 a b WITHSCORES     -> ["x" "1"]
  ZDIFF 1 missing WITHSCORES -> []
`;

given('scores are nested in RESP3', { protocols: [3] })`
  ZADD a 1 x 2 y 3 z         -> :3
  ZADD b 10 y 20 z 30 w      -> :3
  ZUNION 2 a b WITHSCORES    -> [["x" ,1] ["y" ,12] ["z" ,23] ["w" ,30]]
  ZINTER 2 a b WITHSCORES    -> [["y" ,12] ["z" ,23]]
  ZDIFF 2 a b WITHSCORES     -> [["x" ,1]]
  ZDIFF 1 missing WITHSCORES -> []
`;

given('ZINTER has the members that all have, ZDIFF those that only the first has')`
  ZADD a 1 x 2 y 3 z    -> :3
  ZADD b 10 y 20 z 30 w -> :3
  ZINTER 2 a b          -> ["y" "z"]
  ZINTER 2 a missing    -> []
  ZINTER 1 a            -> ["x" "y" "z"]
  ZINTERSTORE d 3 a b a -> :2
  ZMSCORE d y z         -> [,14 ,26]
  ZDIFF 2 a b           -> ["x"]
  ZDIFF 2 b a           -> ["w"]
  ZDIFF 2 missing a     -> []
  ZDIFF 2 a missing     -> ["x" "y" "z"]
  ZDIFF 2 a a           -> []
  ZDIFFSTORE d 2 a b    -> :1
  ZRANGE d 0 -1         -> ["x"]
`;

given('members of sets count as having score 1')`
  ZADD a 1 x 2 y      -> :2
  SADD s x z 7        -> :3
  ZUNIONSTORE d 2 a s -> :4
  ZMSCORE d x y z 7   -> [,2 ,2 ,1 ,1]
  ZUNIONSTORE d 2 s a WEIGHTS 10 1 AGGREGATE MAX -> :4
  ZMSCORE d x y z 7   -> [,10 ,2 ,10 ,10]
  ZINTER 2 s a        -> ["x"]
  ZDIFF 2 a s         -> ["y"]
  ZDIFF 2 s a         -> ["7" "z"]
  ZINTERCARD 2 s a    -> :1
  ZUNION 2 s s        -> ["7" "x" "z"]
`;

given('WEIGHTS and AGGREGATE make the scores')`
  ZADD a 1 x 2 y                    -> :2
  ZADD b 10 x 20 y                  -> :2
  ZUNIONSTORE d 2 a b WEIGHTS 2 0.5 -> :2
  ZMSCORE d x y                     -> [,7 ,14]
  ZUNIONSTORE d 2 a b AGGREGATE MIN -> :2
  ZMSCORE d x y                     -> [,1 ,2]
  ZUNIONSTORE d 2 a b AGGREGATE max WEIGHTS 1 -1 -> :2
  ZMSCORE d x y                     -> [,1 ,2]
  ZINTERSTORE d 2 a b WEIGHTS 1 1 WEIGHTS 3 4 AGGREGATE MAX AGGREGATE SUM -> :2
  ZMSCORE d x y                     -> [,43 ,86]
`;

given('what is not a number is zero')`
  ZADD a inf x -inf y 0 z              -> :3
  ZADD b -inf x inf y inf z            -> :3
  ZUNIONSTORE d 2 a b                  -> :3
  ZMSCORE d x y z                      -> [,0 ,0 ,inf]
  ZUNIONSTORE d 2 a b WEIGHTS 0 0      -> :3
  ZMSCORE d x y z                      -> [,0 ,0 ,0]
  ZUNIONSTORE d 2 a b WEIGHTS inf -inf -> :3
  ZMSCORE d x y z                      -> [,inf ,-inf ,-inf]
  ZINTERSTORE d 2 a b WEIGHTS inf 0    -> :3
  ZMSCORE d x y z                      -> [,0 ,0 ,0]
  ZINTERSTORE d 2 a b AGGREGATE MIN    -> :3
  ZMSCORE d x y z                      -> [,-inf ,-inf ,0]
`;

given('ZINTERCARD counts up to a limit')`
  ZADD a 1 x 2 y 3 z               -> :3
  ZADD b 10 y 20 z 30 w            -> :3
  ZINTERCARD 2 a b                 -> :2
  ZINTERCARD 2 a b LIMIT 1         -> :1
  ZINTERCARD 2 a b LIMIT 0         -> :2
  ZINTERCARD 2 a b LIMIT 1 LIMIT 2 -> :2
  ZINTERCARD 2 a missing           -> :0
  ZINTERCARD 2 a b LIMIT -1        -> -ERR LIMIT can't be negative
  ZINTERCARD 2 a b LIMIT x         -> -ERR LIMIT can't be negative
  ZINTERCARD 2 a b LIMIT           -> -ERR syntax error
  ZINTERCARD 2 a b WITHSCORES      -> -ERR syntax error
  ZINTERCARD 0 a                   -> -ERR at least 1 input key is needed for 'zintercard' command
`;

given('arguments are judged in order, keys before options')`
  ZADD a 1 x                          -> :1
  SET str x                           -> +OK
  ZUNION 0 a                          -> -ERR at least 1 input key is needed for 'zunion' command
  ZINTER -1 a                         -> -ERR at least 1 input key is needed for 'zinter' command
  ZDIFF x a                           -> -ERR value is not an integer or out of range
  ZUNIONSTORE d 0 a
    -> -ERR at least 1 input key is needed for 'zunionstore' command
  ZINTERSTORE d 9223372036854775807 a -> -ERR syntax error
  ZDIFFSTORE d 2 a                    -> -ERR syntax error
  ZUNION 2 a                          -> -ERR syntax error
  ZUNION 4294967297 a                 -> -ERR syntax error
  ZUNION 2 a str FOO
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZINTER 2 missing str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZDIFF 2 missing str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZUNION 1 a FOO                      -> -ERR syntax error
  ZUNION 2 a a WEIGHTS 1              -> -ERR syntax error
  ZUNION 2 a a WEIGHTS 1 x            -> -ERR weight value is not a float
  ZUNION 2 a a WEIGHTS nan 1          -> -ERR weight value is not a float
  ZUNION 1 a AGGREGATE                -> -ERR syntax error
  ZUNION 1 a AGGREGATE AVG            -> -ERR syntax error
  ZDIFF 1 a WEIGHTS 1                 -> -ERR syntax error
  ZDIFF 1 a AGGREGATE SUM             -> -ERR syntax error
  ZUNIONSTORE d 1 a WITHSCORES        -> -ERR syntax error
  ZUNION 1                            -> -ERR wrong number of arguments for 'zunion' command
  EXISTS d                            -> :0
`;

given('an empty result leaves no destination')`
  ZADD a 1 x                -> :1
  ZADD d 1 x                -> :1
  ZUNIONSTORE d 1 missing   -> :0
  EXISTS d                  -> :0
  SET d x                   -> +OK
  ZINTERSTORE d 2 a missing -> :0
  EXISTS d                  -> :0
  SET d x                   -> +OK
  ZDIFFSTORE d 2 a a        -> :0
  EXISTS d                  -> :0
  ZUNIONSTORE a 2 a a       -> :1
  ZSCORE a x                -> ,2
  SET d x EX 100            -> +OK
  ZUNIONSTORE d 1 a         -> :1
  TTL d                     -> :-1
`;
