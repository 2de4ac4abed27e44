/** One sorted set: ZADD, ZINCRBY, ZREM, ZSCORE, ZMSCORE, ZCARD, ZRANK, ZREVRANK, popping, ZSCAN. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('ZADD counts only the members that are new')`
  ZADD z 1 a 2 b     -> :2
  ZADD z 1 a 3 b 4 c -> :1
  ZCARD z            -> :3
  ZSCORE z b         -> ,3
  TYPE z             -> +zset
  ZADD z 5 d 6 d 7 d -> :1
  ZSCORE z d         -> ,7
`;

given('CH counts the members that were changed as well')`
  ZADD z 1 a 2 b        -> :2
  ZADD z CH 1 a 3 b 4 c -> :2
  ZADD z ch 1 a         -> :0
`;

given('NX leaves members that are there, XX adds none')`
  ZADD z XX 1 a        -> :0
  EXISTS z             -> :0
  ZADD z NX 1 a 2 b    -> :2
  ZADD z NX 5 a 5 c    -> :1
  ZADD z XX 7 a 7 d    -> :0
  ZRANGE z 0 -1        -> ["b" "c" "a"]
  ZMSCORE z a b c d    -> [,7 ,2 ,5 nil]
  ZADD z XX CH 8 a 8 d -> :1
`;

given('GT and LT change a score in one direction only, and add members')`
  ZADD z 5 a 5 b           -> :2
  ZADD z GT CH 4 a 6 b 1 c -> :2
  ZADD z LT CH 4 a 7 b 1 d -> :2
  ZMSCORE z a b c d        -> [,4 ,6 ,1 ,1]
  ZADD z GT XX 9 a 9 e     -> :0
  ZADD z XX LT 1 a 1 e     -> :0
  ZMSCORE z a e            -> [,1 nil]
`;

given('INCR adds to the score and answers the sum, or nil if an option stood against it')`
  ZADD z INCR 1.5 a        -> ,1.5
  ZADD z INCR 2 a          -> ,3.5
  ZADD z NX INCR 1 a       -> nil
  ZADD z XX INCR 1 b       -> nil
  ZADD z GT INCR -1 a      -> nil
  ZADD z LT INCR -1 a      -> ,2.5
  ZADD z GT INCR 1 a       -> ,3.5
  ZADD missing XX INCR 1 a -> nil
  EXISTS missing           -> :0
`;

given('ZADD judges its options in order')`
  SET s x             -> +OK
  ZADD z              -> -ERR wrong number of arguments for 'zadd' command
  ZADD z 1            -> -ERR wrong number of arguments for 'zadd' command
  ZADD z 1 a 2        -> -ERR syntax error
  ZADD z CH NX        -> -ERR syntax error
  ZADD z NX XX 1 a    -> -ERR XX and NX options at the same time are not compatible
  ZADD z GT LT 1 a    -> -ERR GT, LT, and/or NX options at the same time are not compatible
  ZADD z GT NX 1 a    -> -ERR GT, LT, and/or NX options at the same time are not compatible
  ZADD z LT NX 1 a    -> -ERR GT, LT, and/or NX options at the same time are not compatible
  ZADD z INCR 1 a 2 b -> -ERR INCR option supports a single increment-element pair
  ZADD z NX XX 1      -> -ERR syntax error
  ZADD z x a          -> -ERR value is not a valid float
  ZADD z 1 a x b      -> -ERR value is not a valid float
  ZADD z FOO 1 a      -> -ERR syntax error
  ZADD s x a          -> -ERR value is not a valid float
  ZADD s 1 a          -> -WRONGTYPE Operation against a key holding the wrong kind of value
  EXISTS z            -> :0
`;

given('scores are all that a double can be but NaN')`
  ZADD z inf a -inf b +inf c 1e308 d 5e-324 e 0x10 f 1e3 g -> :7
  ZRANGE z 0 -1           -> ["b" "e" "f" "g" "d" "a" "c"]
  ZMSCORE z a b c d e f g -> [,inf ,-inf ,inf ,1e+308 ,4.9406564584124654e-324 ,16 ,1000]
  ZADD z nan a            -> -ERR value is not a valid float
  ZADD z 1e309 a          -> -ERR value is not a valid float
  ZADD z 1e-400 a         -> -ERR value is not a valid float
  ZADD z " 1" a           -> -ERR value is not a valid float
  ZADD z "1 " a           -> -ERR value is not a valid float
  ZADD z "" a             -> -ERR value is not a valid float
  ZINCRBY z -inf a        -> -ERR resulting score is not a number (NaN)
  ZINCRBY z inf a         -> ,inf
  ZADD z INCR inf b       -> -ERR resulting score is not a number (NaN)
  ZINCRBY z nan a         -> -ERR value is not a valid float
  ZINCRBY z 0.1 h         -> ,0.10000000000000001
  ZINCRBY z 0.2 h         -> ,0.30000000000000004
  ZADD z 9007199254740993 i 1e17 j 123456789012345678 k -> :3
  ZMSCORE z i j k         -> [,9007199254740992 ,1e+17 ,1.2345678901234568e+17]
`;

given('members with the same score are in the order of their bytes')`
  ZADD z 0 b 0 a 0 "" 0 ab 0 "\x00" 0 "\xff" 0 B 0 10 0 9 0 "a\x00" -> :10
  ZRANGE z 0 -1    -> ["" "\x00" "10" "9" "B" "a" "a\x00" "ab" "b" "\xff"]
  ZADD z 1 ab -1 B -> :0
  ZRANGE z 0 -1    -> ["B" "" "\x00" "10" "9" "a" "a\x00" "b" "\xff" "ab"]
  ZRANK z ""       -> :1
  ZRANK z "\xff"   -> :8
`;

given('ZINCRBY creates and adds')`
  SET s x         -> +OK
  ZINCRBY z 2 a   -> ,2
  ZINCRBY z -5 a  -> ,-3
  ZINCRBY z 0 a   -> ,-3
  ZINCRBY z x a   -> -ERR value is not a valid float
  ZINCRBY s 1 a   -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZINCRBY z 1     -> -ERR wrong number of arguments for 'zincrby' command
  ZINCRBY z 1 a b -> -ERR wrong number of arguments for 'zincrby' command
`;

given('ZREM counts what was there, and with the last member goes the key')`
  SET s x            -> +OK
  ZADD z 1 a 2 b 3 c -> :3
  ZREM z a a nope    -> :1
  ZREM z nope        -> :0
  ZREM z b c d       -> :2
  EXISTS z           -> :0
  ZREM z a           -> :0
  ZREM s a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZREM z             -> -ERR wrong number of arguments for 'zrem' command
`;

given('ZSCORE and ZMSCORE answer nil for what is not there')`
  SET s x             -> +OK
  ZADD z 1 a 2.5 b    -> :2
  ZSCORE z a          -> ,1
  ZSCORE z nope       -> nil
  ZSCORE missing a    -> nil
  ZSCORE s a          -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZMSCORE z a nope b  -> [,1 nil ,2.5]
  ZMSCORE missing a b -> [nil nil]
  ZMSCORE s a         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZMSCORE z           -> -ERR wrong number of arguments for 'zmscore' command
  ZCARD z             -> :2
  ZCARD missing       -> :0
  ZCARD s             -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('ranks count from either end')`
  SET s x                -> +OK
  ZADD z 1 a 2 b 3 c 3 d -> :4
  ZRANK z a              -> :0
  ZRANK z d              -> :3
  ZREVRANK z a           -> :3
  ZREVRANK z d           -> :0
  ZRANK z nope           -> nil
  ZREVRANK missing a     -> nil
  ZRANK s a              -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZREVRANK s a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZRANK z                -> -ERR wrong number of arguments for 'zrank' command
  ZRANK z a b            -> -ERR wrong number of arguments for 'zrank' command
`;

given('ZPOPMIN and ZPOPMAX take from either end', { protocols: [2] })`
  ZADD z 1 a 2 b 3 c 4 d 5 e 6 f -> :6
  ZPOPMIN z                      -> ["a" ,1]
  ZPOPMAX z                      -> ["f" ,6]
  ZPOPMIN z 2                    -> ["b" "2" "c" "3"]
  ZPOPMAX z 1                    -> ["e" "5"]
  ZPOPMAX z 10                   -> ["d" "4"]
  EXISTS z                       -> :0
`;

given('ZPOPMIN and ZPOPMAX nest pairs in RESP3 if there is a count', { protocols: [3] })`
  ZADD z 1 a 2 b 3 c 4 d 5 e 6 f -> :6
  ZPOPMIN z                      -> ["a" ,1]
  ZPOPMAX z                      -> ["f" ,6]
  ZPOPMIN z 2                    -> [["b" ,2] ["c" ,3]]
  ZPOPMAX z 1                    -> [["e" ,5]]
  ZPOPMAX z 10                   -> [["d" ,4]]
  EXISTS z                       -> :0
`;

given('ZPOPMIN judges its arguments in order')`
  SET s x                       -> +OK
  ZADD z 1 a                    -> :1
  ZPOPMIN missing               -> []
  ZPOPMIN missing 5             -> []
  ZPOPMIN z 0                   -> []
  ZPOPMIN z -1                  -> -ERR value is out of range, must be positive
  ZPOPMIN s -1                  -> -ERR value is out of range, must be positive
  ZPOPMAX s
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZPOPMAX z x                   -> -ERR value is out of range, must be positive
  ZPOPMAX z 9223372036854775808 -> -ERR value is out of range, must be positive
  ZPOPMAX z 1 2                 -> -ERR syntax error
  ZCARD z                       -> :1
`;

given('ZMPOP takes from the first key that is there')`
  SET s x                          -> +OK
  ZADD z 1 a 2 b 3 c               -> :3
  ZADD y 5 e                       -> :1
  ZMPOP 2 missing z MIN            -> ["z" [["a" ,1]]]
  ZMPOP 3 missing z y max COUNT 10 -> ["z" [["c" ,3] ["b" ,2]]]
  EXISTS z                         -> :0
  ZMPOP 2 z y MIN COUNT 2          -> ["y" [["e" ,5]]]
  ZMPOP 2 z y MIN                  -> nil[]
  ZMPOP 2 missing s MIN
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('ZMPOP judges its arguments in order')`
  ZADD z 1 a                      -> :1
  ZMPOP 0 z MIN                   -> -ERR numkeys should be greater than 0
  ZMPOP x z MIN                   -> -ERR numkeys should be greater than 0
  ZMPOP -1 z MIN                  -> -ERR numkeys should be greater than 0
  ZMPOP 9223372036854775807 z MIN -> -ERR syntax error
  ZMPOP 2 z MIN                   -> -ERR syntax error
  ZMPOP 1 z                       -> -ERR wrong number of arguments for 'zmpop' command
  ZMPOP 1 z MID                   -> -ERR syntax error
  ZMPOP 1 z MIN COUNT             -> -ERR syntax error
  ZMPOP 1 z MIN COUNT 0           -> -ERR count should be greater than 0
  ZMPOP 1 z MIN COUNT -1          -> -ERR count should be greater than 0
  ZMPOP 1 z MIN COUNT x           -> -ERR count should be greater than 0
  ZMPOP 1 z MIN FOO 1             -> -ERR syntax error
  ZMPOP 1 z MIN COUNT 1 COUNT 1   -> -ERR syntax error
  ZMPOP 1 z MIN COUNT 1 x         -> -ERR syntax error
  ZCARD z                         -> :1
`;

given('ZSCAN answers a small sorted set at once, scores as they are kept')`
  SET s x                            -> +OK
  ZADD z 1 a 2.5 b 1e17 c -0 d inf e -> :5
  ZSCAN z 0
    -> ["0" ["d" "0" "a" "1" "b" "2.5" "c" "100000000000000000" "e" "inf"]]
  ZSCAN z 5 COUNT 1
    -> ["0" ["d" "0" "a" "1" "b" "2.5" "c" "100000000000000000" "e" "inf"]]
  ZSCAN z 0 MATCH b                  -> ["0" ["b" "2.5"]]
  ZSCAN z 0 MATCH nope               -> ["0" []]
  ZSCAN missing 0                    -> ["0" []]
  ZSCAN z x                          -> -ERR invalid cursor
  ZSCAN missing x                    -> -ERR invalid cursor
  ZSCAN s 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  ZSCAN z 0 COUNT 0                  -> -ERR syntax error
  ZSCAN z 0 COUNT x                  -> -ERR value is not an integer or out of range
  ZSCAN z 0 FOO 1                    -> -ERR syntax error
  ZSCAN z 0 MATCH                    -> -ERR syntax error
  ZSCAN z 0 TYPE zset                -> -ERR syntax error
`;
