/** Lists: LPOS, and what moves elements or pops them from one of several lists. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('LPOS answers where the first match is')`
  RPUSH k a b c 1 2 3 c c -> :8
  LPOS k a                -> :0
  LPOS k c                -> :2
  LPOS k 1                -> :3
  LPOS k 01               -> nil
  LPOS k nobody           -> nil
  LPOS missing a          -> nil
`;

given('LPOS RANK begins at a later match, negative from the tail')`
  RPUSH k a b c 1 2 3 c c -> :8
  LPOS k c RANK 1         -> :2
  LPOS k c RANK 2         -> :6
  LPOS k c RANK 4         -> nil
  LPOS k c RANK -1        -> :7
  LPOS k c RANK -3        -> :2
  LPOS k c RANK -4        -> nil
  LPOS k c rank 1 RANK 2  -> :6
`;

given('LPOS COUNT answers several, all with 0')`
  RPUSH k a b c 1 2 3 c c            -> :8
  LPOS k c COUNT 0                   -> [:2 :6 :7]
  LPOS k c COUNT 1                   -> [:2]
  LPOS k c COUNT 2                   -> [:2 :6]
  LPOS k c COUNT 100                 -> [:2 :6 :7]
  LPOS k c COUNT 2 RANK 2            -> [:6 :7]
  LPOS k c COUNT 0 RANK -2           -> [:6 :2]
  LPOS k c COUNT 2 RANK -2           -> [:6 :2]
  LPOS k nobody COUNT 0              -> []
  LPOS missing a COUNT 0             -> []
  LPOS k c COUNT 9223372036854775807 -> [:2 :6 :7]
`;

given('LPOS MAXLEN compares no more than that')`
  RPUSH k a b c 1 2 3 c c             -> :8
  LPOS k c MAXLEN 2                   -> nil
  LPOS k c MAXLEN 3                   -> :2
  LPOS k c MAXLEN 0                   -> :2
  LPOS k a RANK -1 MAXLEN 7           -> nil
  LPOS k a RANK -1 MAXLEN 8           -> :0
  LPOS k c COUNT 0 MAXLEN 7           -> [:2 :6]
  LPOS k c COUNT 0 MAXLEN 7 RANK -1   -> [:7 :6 :2]
  LPOS k c MAXLEN 9223372036854775807 -> :2
`;

given('LPOS refuses what is no option, and numbers out of range')`
  RPUSH k a b a                              -> :3
  LPOS k a RANK 0
    -> -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
  LPOS missing a RANK 0
    -> -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
  LPOS k a RANK x                            -> -ERR value is not an integer or out of range
  LPOS k a RANK -9223372036854775807         -> nil
  LPOS k a RANK -9223372036854775808         -> :2
  LPOS k a RANK -9223372036854775808 COUNT 1 -> [:2 :0]
  LPOS k a RANK 9223372036854775807          -> nil
  LPOS k a COUNT -1                          -> -ERR COUNT can't be negative
  LPOS k a COUNT x                           -> -ERR COUNT can't be negative
  LPOS k a MAXLEN -1                         -> -ERR MAXLEN can't be negative
  LPOS k a MAXLEN x                          -> -ERR MAXLEN can't be negative
  LPOS k a RANK                              -> -ERR syntax error
  LPOS k a FOO 1                             -> -ERR syntax error
  LPOS k a COUNT 0 MAXLEN 5 RANK -1 FOO      -> -ERR syntax error
  LPOS k                                     -> -ERR wrong number of arguments for 'lpos' command
`;

given('LMOVE moves an element from either end to either end')`
  RPUSH k a b c d       -> :4
  LMOVE k l LEFT LEFT   -> "a"
  LMOVE k l LEFT RIGHT  -> "b"
  LMOVE k l RIGHT LEFT  -> "d"
  LMOVE k l right right -> "c"
  LRANGE l 0 -1         -> ["d" "a" "b" "c"]
  EXISTS k              -> :0
  LMOVE k l LEFT LEFT   -> nil
  LMOVE l l LEFT RIGHT  -> "d"
  LMOVE l l RIGHT LEFT  -> "d"
  LMOVE l l LEFT LEFT   -> "d"
  LMOVE l l RIGHT RIGHT -> "c"
  LRANGE l 0 -1         -> ["d" "a" "b" "c"]
`;

given('LMOVE of integers and of long elements keeps them as they are')`
  RPUSH k 12345678901 <x*5000> 7 -> :3
  LMOVE k k LEFT RIGHT           -> "12345678901"
  LMOVE k l LEFT RIGHT           -> <x*5000>
  LMOVE k l RIGHT RIGHT          -> "12345678901"
  LRANGE k 0 -1                  -> ["7"]
  LRANGE l 0 -1                  -> [<x*5000> "12345678901"]
  RPUSH one 5                    -> :1
  LMOVE one one LEFT RIGHT       -> "5"
  RPOPLPUSH one one              -> "5"
  LRANGE one 0 -1                -> ["5"]
`;

given('LMOVE refuses unknown ends and values of other types')`
  RPUSH k a                 -> :1
  SET s v                   -> +OK
  LMOVE k l UP LEFT         -> -ERR syntax error
  LMOVE k l LEFT DOWN       -> -ERR syntax error
  LMOVE missing l LEFT DOWN -> -ERR syntax error
  LMOVE k s LEFT LEFT       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LMOVE s k LEFT LEFT       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LMOVE missing s LEFT LEFT -> nil
  LMOVE k l LEFT            -> -ERR wrong number of arguments for 'lmove' command
  LRANGE k 0 -1             -> ["a"]
`;

given('RPOPLPUSH moves the last element to the head of another list')`
  RPUSH k a b c       -> :3
  RPOPLPUSH k l       -> "c"
  RPOPLPUSH k l       -> "b"
  RPOPLPUSH l l       -> "c"
  LRANGE l 0 -1       -> ["c" "b"]
  RPOPLPUSH missing l -> nil
  RPOPLPUSH k l       -> "a"
  EXISTS k            -> :0
  SET s v             -> +OK
  RPOPLPUSH l s       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPOPLPUSH s l       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPOPLPUSH missing s -> nil
  LRANGE l 0 -1       -> ["a" "c" "b"]
`;

given('LMPOP pops from the first list that is there')`
  RPUSH b 1 two 3             -> :3
  RPUSH c x                   -> :1
  LMPOP 3 a b c LEFT          -> ["b" ["1"]]
  LMPOP 3 a b c RIGHT COUNT 5 -> ["b" ["3" "two"]]
  LMPOP 3 a b c RIGHT COUNT 5 -> ["c" ["x"]]
  LMPOP 3 a b c right         -> nil[]
  EXISTS b c                  -> :0
`;

given('LMPOP stops at a value of another type only if it comes first')`
  SET s v                -> +OK
  RPUSH k a b c          -> :3
  LMPOP 2 k s LEFT       -> ["k" ["a"]]
  LMPOP 2 s k LEFT       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LMPOP 2 missing s LEFT -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('LMPOP refuses wrong numbers, ends and options')`
  RPUSH k a b c                    -> :3
  LMPOP 0 k LEFT                   -> -ERR numkeys should be greater than 0
  LMPOP -1 k LEFT                  -> -ERR numkeys should be greater than 0
  LMPOP x k LEFT                   -> -ERR numkeys should be greater than 0
  LMPOP 9223372036854775807 k LEFT -> -ERR syntax error
  LMPOP 2 k LEFT                   -> -ERR syntax error
  LMPOP 1 k UP                     -> -ERR syntax error
  LMPOP 1 k LEFT COUNT 0           -> -ERR count should be greater than 0
  LMPOP 1 k LEFT COUNT -1          -> -ERR count should be greater than 0
  LMPOP 1 k LEFT COUNT x           -> -ERR count should be greater than 0
  LMPOP 1 k LEFT COUNT x COUNT 1   -> -ERR count should be greater than 0
  LMPOP 1 k LEFT COUNT             -> -ERR syntax error
  LMPOP 1 k LEFT COUNT 1 COUNT 1   -> -ERR syntax error
  LMPOP 1 k LEFT FOO 1             -> -ERR syntax error
  LMPOP 1 k                        -> -ERR wrong number of arguments for 'lmpop' command
  LLEN k                           -> :3
`;

given('a list that LMOVE or RPOPLPUSH makes has just been used')`
  RPUSH a x y       -> :2
  LMOVE a b LEFT LEFT -> "x"
  OBJECT IDLETIME b -> :0
  RPOPLPUSH a c     -> "y"
  OBJECT IDLETIME c -> :0
`;
