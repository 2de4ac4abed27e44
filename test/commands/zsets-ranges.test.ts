/** Ranges of sorted sets: by rank, by score, by bytes; read, counted, stored, removed. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('ZRANGE and ZREVRANGE go by rank, negative ones from the end')`
  ZADD z 1 a 2 b 3 c 4 d         -> :4
  ZRANGE z 0 -1                  -> ["a" "b" "c" "d"]
  ZRANGE z 1 2                   -> ["b" "c"]
  ZRANGE z -2 -1                 -> ["c" "d"]
  ZRANGE z -100 1                -> ["a" "b"]
  ZRANGE z 2 100                 -> ["c" "d"]
  ZRANGE z 3 1                   -> []
  ZRANGE z 4 5                   -> []
  ZRANGE z 0 -1 REV              -> ["d" "c" "b" "a"]
  ZREVRANGE z 0 0                -> ["d"]
  ZREVRANGE z -2 -1              -> ["b" "a"]
  ZRANGE z 9223372036854775807 9223372036854775807 -> []
  ZRANGE z -9223372036854775808 9223372036854775807 -> ["a" "b" "c" "d"]
  ZRANGE z 0 9223372036854775808 -> -ERR value is not an integer or out of range
  ZRANGE missing 0 -1            -> []
`;

given('WITHSCORES puts members and scores in turn in RESP2', { protocols: [2] })`
  ZADD z 1 a 2.5 b inf c                      -> :3
  ZRANGE z 0 -1 WITHSCORES                    -> ["a" "1" "b" "2.5" "c" "inf"]
  ZREVRANGE z 0 0 withscores                  -> ["c" "inf"]
  ZRANGEBYSCORE z 2 +inf WITHSCORES LIMIT 0 1 -> ["b" "2.5"]
  ZRANGE z 5 6 WITHSCORES                     -> []
  ZRANGE missing 0 -1 WITHSCORES              -> []
`;

given('WITHSCORES nests members and scores in RESP3', { protocols: [3] })`
  ZADD z 1 a 2.5 b inf c                      -> :3
  ZRANGE z 0 -1 WITHSCORES                    -> [["a" ,1] ["b" ,2.5] ["c" ,inf]]
  ZREVRANGE z 0 0 withscores                  -> [["c" ,inf]]
  ZRANGEBYSCORE z 2 +inf WITHSCORES LIMIT 0 1 -> [["b" ,2.5]]
  ZRANGE z 5 6 WITHSCORES                     -> []
  ZRANGE missing 0 -1 WITHSCORES              -> []
`;

given('BYSCORE takes inclusive and exclusive limits, and infinities')`
  ZADD z 1 a 2 b 3 c 4 d -inf e inf f -> :6
  ZRANGE z 2 3 BYSCORE                -> ["b" "c"]
  ZRANGE z (2 3 BYSCORE               -> ["c"]
  ZRANGE z 2 (3 BYSCORE               -> ["b"]
  ZRANGE z (2 (2 BYSCORE              -> []
  ZRANGE z 3 2 BYSCORE                -> []
  ZRANGE z 3 2 BYSCORE REV            -> ["c" "b"]
  ZRANGE z -inf +inf BYSCORE          -> ["e" "a" "b" "c" "d" "f"]
  ZRANGE z (-inf (+inf BYSCORE        -> ["a" "b" "c" "d"]
  ZRANGEBYSCORE z (1 inf              -> ["b" "c" "d" "f"]
  ZREVRANGEBYSCORE z +inf (3          -> ["f" "d"]
  ZREVRANGEBYSCORE z 1 2              -> []
  ZCOUNT z 2 3                        -> :2
  ZCOUNT z (2 +inf                    -> :3
  ZCOUNT z 3 2                        -> :0
  ZCOUNT missing 1 2                  -> :0
`;

given('score limits are read as strtod reads them')`
  ZADD z 1 a 2 b 3 c         -> :3
  ZRANGEBYSCORE z "" 2       -> ["a" "b"]
  ZRANGEBYSCORE z ( 2        -> ["a" "b"]
  ZRANGEBYSCORE z " 2" 3     -> ["b" "c"]
  ZRANGEBYSCORE z "( 2" 3    -> ["c"]
  ZRANGEBYSCORE z 0x2 3      -> ["b" "c"]
  ZRANGEBYSCORE z 2 1e999    -> ["b" "c"]
  ZRANGEBYSCORE z -1e999 2   -> ["a" "b"]
  ZRANGEBYSCORE z 1e-999 1   -> ["a"]
  ZRANGEBYSCORE z "2\x00x" 3 -> ["b" "c"]
  ZRANGEBYSCORE z "2 " 3     -> -ERR min or max is not a float
  ZRANGEBYSCORE z nan 3      -> -ERR min or max is not a float
  ZRANGEBYSCORE z x 3        -> -ERR min or max is not a float
  ZRANGEBYSCORE z 1 ((3      -> -ERR min or max is not a float
  ZCOUNT z 1 x               -> -ERR min or max is not a float
  ZCOUNT missing x 1         -> -ERR min or max is not a float
`;

given('LIMIT leaves out and ends, and a negative count has no end')`
  ZADD z 1 a 2 b 3 c 4 d             -> :4
  ZRANGE z 0 9 BYSCORE LIMIT 1 2     -> ["b" "c"]
  ZRANGE z 9 0 BYSCORE REV LIMIT 1 2 -> ["c" "b"]
  ZRANGE z 0 9 BYSCORE LIMIT 2 -1    -> ["c" "d"]
  ZRANGE z 0 9 BYSCORE LIMIT 2 -9223372036854775808 -> ["c" "d"]
  ZRANGE z 0 9 BYSCORE LIMIT 0 0     -> []
  ZRANGE z 0 9 BYSCORE LIMIT 4 1     -> []
  ZRANGE z 0 9 BYSCORE LIMIT -1 1    -> []
  ZRANGE z 0 9 BYSCORE LIMIT 9223372036854775807 9223372036854775807 -> []
  ZRANGEBYSCORE z 2 9 LIMIT 1 1      -> ["c"]
  ZREVRANGEBYSCORE z 9 2 LIMIT 0 1   -> ["d"]
  ZRANGEBYSCORE z 2 9 LIMIT x 1      -> -ERR value is not an integer or out of range
  ZRANGEBYSCORE z 2 9 LIMIT 1 x      -> -ERR value is not an integer or out of range
  ZRANGEBYSCORE z 2 9 LIMIT 1        -> -ERR syntax error
`;

given('BYLEX goes by bytes where scores are the same')`
  ZADD z 0 a 0 b 0 bb 0 c 0 d        -> :5
  ZRANGE z - + BYLEX                 -> ["a" "b" "bb" "c" "d"]
  ZRANGE z [b (c BYLEX               -> ["b" "bb"]
  ZRANGE z (b [c BYLEX               -> ["bb" "c"]
  ZRANGE z [bb + BYLEX               -> ["bb" "c" "d"]
  ZRANGE z + - BYLEX                 -> []
  ZRANGE z + - BYLEX REV             -> ["d" "c" "bb" "b" "a"]
  ZRANGE z [c [b BYLEX REV LIMIT 1 1 -> ["bb"]
  ZRANGEBYLEX z [ (b                 -> ["a"]
  ZRANGEBYLEX z - + LIMIT 1 2        -> ["b" "bb"]
  ZREVRANGEBYLEX z (d [b             -> ["c" "bb" "b"]
  ZLEXCOUNT z - +                    -> :5
  ZLEXCOUNT z [b [c                  -> :3
  ZLEXCOUNT z (b (b                  -> :0
  ZLEXCOUNT z [e +                   -> :0
  ZLEXCOUNT missing - +              -> :0
  ZRANGEBYLEX z b +                  -> -ERR min or max not valid string range item
  ZRANGEBYLEX z - d                  -> -ERR min or max not valid string range item
  ZRANGEBYLEX z -a +                 -> -ERR min or max not valid string range item
  ZRANGEBYLEX z "" +                 -> -ERR min or max not valid string range item
  ZLEXCOUNT z b +                    -> -ERR min or max not valid string range item
`;

given('BYLEX looks at one member after the other where scores differ in a small set')`
  ZADD z 1 b 2 a 3 d 4 c   -> :4
  ZRANGE z [a [c BYLEX     -> ["b" "a"]
  ZRANGE z [c [a BYLEX REV -> ["c" "d" "a" "b"]
  ZRANGE z [b [b BYLEX     -> ["b" "a"]
  ZRANGE z [c [d BYLEX     -> ["d" "c"]
  ZLEXCOUNT z [a [d        -> :4
  ZLEXCOUNT z [a [a        -> :0
`;

given('options that do not go with the kind of range are refused')`
  ZADD z 1 a                    -> :1
  SET s x                       -> +OK
  ZRANGE z 0 -1 FOO             -> -ERR syntax error
  ZRANGE z 0 -1 LIMIT 0 1
    -> -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
  ZRANGE z 0 -1 LIMIT 0 -1      -> ["a"]
  ZRANGE z 0 -1 REV REV         -> -ERR syntax error
  ZRANGE z 0 -1 BYSCORE BYLEX   -> -ERR syntax error
  ZRANGE z - + BYLEX WITHSCORES
    -> -ERR syntax error, WITHSCORES not supported in combination with BYLEX
  ZRANGEBYLEX z - + WITHSCORES
    -> -ERR syntax error, WITHSCORES not supported in combination with BYLEX
  ZREVRANGE z 0 -1 REV          -> -ERR syntax error
  ZREVRANGE z 0 -1 LIMIT 0 1
    -> -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
  ZRANGEBYSCORE z 1 2 BYSCORE   -> -ERR syntax error
  ZRANGEBYSCORE z 1 2 REV       -> -ERR syntax error
  ZRANGEBYLEX z - + REV         -> -ERR syntax error
  ZRANGE z x 0                  -> -ERR value is not an integer or out of range
  ZRANGE z 0 x                  -> -ERR value is not an integer or out of range
  ZRANGE s x 0                  -> -ERR value is not an integer or out of range
  ZRANGE s 0 -1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANGEBYSCORE s 1 2
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANGEBYLEX s - +
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZCOUNT s 1 2
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZLEXCOUNT s - +
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANGE z 0                    -> -ERR wrong number of arguments for 'zrange' command
  ZCOUNT z 1                    -> -ERR wrong number of arguments for 'zcount' command
`;

given('ZRANGESTORE replaces whatever the destination held')`
  ZADD z 1 a 2 b 3 c                        -> :3
  SET d x                                   -> +OK
  ZRANGESTORE d z 0 1                       -> :2
  ZRANGE d 0 -1                             -> ["a" "b"]
  ZMSCORE d a b c                           -> [,1 ,2 nil]
  ZRANGESTORE d z (1 +inf BYSCORE LIMIT 1 5 -> :1
  ZRANGE d 0 -1                             -> ["c"]
  ZRANGESTORE d z 0 0 REV                   -> :1
  ZRANGE d 0 -1                             -> ["c"]
  ZRANGESTORE d z - + BYLEX LIMIT 1 1       -> :1
  ZRANGE d 0 -1                             -> ["b"]
  ZRANGESTORE d z 5 6                       -> :0
  EXISTS d                                  -> :0
  ZRANGESTORE d missing 0 -1                -> :0
  ZRANGESTORE z z 1 -1                      -> :2
  ZRANGE z 0 -1                             -> ["b" "c"]
  ZRANGESTORE z z 9 10                      -> :0
  EXISTS z                                  -> :0
`;

given('ZRANGESTORE judges its arguments in order')`
  ZADD z 1 a                      -> :1
  SET s x                         -> +OK
  ZRANGESTORE d z 0 -1 WITHSCORES -> -ERR syntax error
  ZRANGESTORE d z 0 -1 LIMIT 0 1
    -> -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
  ZRANGESTORE d z x -1            -> -ERR value is not an integer or out of range
  ZRANGESTORE d missing x -1      -> -ERR value is not an integer or out of range
  ZRANGESTORE d s 0 -1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANGESTORE d z 0               -> -ERR wrong number of arguments for 'zrangestore' command
  EXISTS d                        -> :0
`;

given('ZREMRANGEBY commands count what they removed')`
  SET s x                        -> +OK
  ZADD z 1 a 2 b 3 c 4 d 5 e 6 f -> :6
  ZREMRANGEBYRANK z 0 1          -> :2
  ZREMRANGEBYRANK z 10 20        -> :0
  ZREMRANGEBYRANK z -1 -1        -> :1
  ZRANGE z 0 -1                  -> ["c" "d" "e"]
  ZREMRANGEBYSCORE z (3 4        -> :1
  ZREMRANGEBYSCORE z 10 20       -> :0
  ZRANGE z 0 -1                  -> ["c" "e"]
  ZREMRANGEBYLEX z [c [c         -> :1
  ZREMRANGEBYLEX z - +           -> :1
  EXISTS z                       -> :0
  ZREMRANGEBYRANK z 0 -1         -> :0
  ZREMRANGEBYRANK z x 1          -> -ERR value is not an integer or out of range
  ZREMRANGEBYRANK s 0 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZREMRANGEBYSCORE s 0 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZREMRANGEBYSCORE s x 1         -> -ERR min or max is not a float
  ZREMRANGEBYLEX s - +
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZREMRANGEBYLEX s a b           -> -ERR min or max not valid string range item
`;

given('ZRANGESTORE makes -0 a 0 where the result begins as a listpack, and keeps it elsewhere')`
  CONFIG SET zset-max-listpack-value 8 -> +OK
  ZADD a 1 longer-than-eight -0 m -> :2
  ZRANGESTORE b a 0 -1 -> :2
  OBJECT ENCODING b -> "skiplist"
  ZSCORE b m -> ,0
  ZSCORE a m -> ,-0
  CONFIG SET zset-max-listpack-value 64 -> +OK
`;
