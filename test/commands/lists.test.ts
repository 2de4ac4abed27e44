/** Lists: pushing and popping at the ends, reading by index. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('LPUSH and RPUSH add at their end, in the order given, and answer the length')`
  RPUSH k a b c     -> :3
  LPUSH k x y z     -> :6
  LRANGE k 0 -1     -> ["z" "y" "x" "a" "b" "c"]
  RPUSH k a         -> :7
  LPUSH k a         -> :8
  LLEN k            -> :8
  TYPE k            -> +list
  OBJECT ENCODING k -> "quicklist"
`;

given('LPUSHX and RPUSHX add only to a list that is there')`
  LPUSHX k a    -> :0
  RPUSHX k a b  -> :0
  EXISTS k      -> :0
  RPUSH k a     -> :1
  LPUSHX k b c  -> :3
  RPUSHX k d    -> :4
  LRANGE k 0 -1 -> ["c" "b" "a" "d"]
`;

given('elements keep their bytes, whether they look like integers or not')`
  RPUSH k 0 127 128 -1 4095 4096 -4096 -4097 32767 32768 -32768 -32769 8388607 8388608 -> :14
  RPUSH k -8388608 -8388609 2147483647 2147483648 -2147483648 -2147483649 -> :20
  RPUSH k 9223372036854775807 -9223372036854775808 9223372036854775808 007 +1 -0 1.0 " 1" "" -> :29
  LRANGE k 0 -1
    -> ["0" "127" "128" "-1" "4095" "4096" "-4096" "-4097" "32767" "32768" "-32768" "-32769"
    "8388607" "8388608" "-8388608" "-8388609" "2147483647" "2147483648" "-2147483648"
    "-2147483649" "9223372036854775807" "-9223372036854775808" "9223372036854775808" "007" "+1"
    "-0" "1.0" " 1" ""]
  RPUSH b <bytes> <x*63> <y*64> <z*4095> <u*4096> -> :5
  LRANGE b 0 -1
    -> [<bytes> "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" <y*64> <z*4095>
    <u*4096>]
  LINDEX b 0    -> <bytes>
`;

given('LPOP and RPOP take one element, and the key with the last one')`
  RPUSH k a 1 c -> :3
  LPOP k        -> "a"
  RPOP k        -> "c"
  EXISTS k      -> :1
  LPOP k        -> "1"
  EXISTS k      -> :0
  LPOP k        -> nil
  RPOP k        -> nil
`;

given('LPOP and RPOP with a count answer an array, in the order of popping')`
  RPUSH k a b 3 d e f -> :6
  LPOP k 2            -> ["a" "b"]
  RPOP k 2            -> ["f" "e"]
  LPOP k 0            -> []
  RPOP k 100          -> ["d" "3"]
  EXISTS k            -> :0
  LPOP k 0            -> nil[]
  LPOP k 1            -> nil[]
  RPOP k 1            -> nil[]
`;

given('LPOP and RPOP refuse a count that is none, and more arguments')`
  RPUSH k a b                -> :2
  LPOP k -1                  -> -ERR value is out of range, must be positive
  RPOP k x                   -> -ERR value is out of range, must be positive
  LPOP missing -1            -> -ERR value is out of range, must be positive
  LPOP k 9223372036854775808 -> -ERR value is out of range, must be positive
  LPOP k 1 2                 -> -ERR wrong number of arguments for 'lpop' command
  RPOP k 1 2 3               -> -ERR wrong number of arguments for 'rpop' command
  LPOP                       -> -ERR wrong number of arguments for 'lpop' command
  LRANGE k 0 -1              -> ["a" "b"]
  LPOP k 9223372036854775807 -> ["a" "b"]
`;

given('LLEN counts, and a missing key has none')`
  LLEN k       -> :0
  RPUSH k a b  -> :2
  LLEN k       -> :2
  LLEN k k     -> -ERR wrong number of arguments for 'llen' command
`;

given('LINDEX counts from either end')`
  RPUSH k a 22 c                -> :3
  LINDEX k 0                    -> "a"
  LINDEX k 1                    -> "22"
  LINDEX k 2                    -> "c"
  LINDEX k 3                    -> nil
  LINDEX k -1                   -> "c"
  LINDEX k -3                   -> "a"
  LINDEX k -4                   -> nil
  LINDEX k 9223372036854775807  -> nil
  LINDEX k -9223372036854775808 -> nil
  LINDEX k x                    -> -ERR value is not an integer or out of range
  LINDEX k 1.0                  -> -ERR value is not an integer or out of range
  LINDEX missing 0              -> nil
  LINDEX missing x              -> nil
`;

given('LRANGE answers what there is of a range')`
  RPUSH k a b c d e   -> :5
  LRANGE k 0 -1       -> ["a" "b" "c" "d" "e"]
  LRANGE k 1 3        -> ["b" "c" "d"]
  LRANGE k -3 -2      -> ["c" "d"]
  LRANGE k -100 100   -> ["a" "b" "c" "d" "e"]
  LRANGE k 3 1        -> []
  LRANGE k 5 10       -> []
  LRANGE k 4 4        -> ["e"]
  LRANGE k 0 -6       -> []
  LRANGE k -9223372036854775808 9223372036854775807 -> ["a" "b" "c" "d" "e"]
  LRANGE k 9223372036854775807 9223372036854775807 -> []
  LRANGE missing 0 -1 -> []
  LRANGE k x 1        -> -ERR value is not an integer or out of range
  LRANGE k 0 x        -> -ERR value is not an integer or out of range
  LRANGE missing x 1  -> -ERR value is not an integer or out of range
  LRANGE k 0          -> -ERR wrong number of arguments for 'lrange' command
`;

given('list commands refuse values of other types')`
  SET s v              -> +OK
  LPUSH s a            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPUSH s a            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LPUSHX s a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPUSHX s a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LPOP s               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPOP s               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LPOP s 1             -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LLEN s               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LINDEX s 0           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LRANGE s 0 -1        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LSET s 0 a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LINSERT s BEFORE a b -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LREM s 0 a           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LTRIM s 0 -1         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LPOS s a             -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LMOVE s k LEFT LEFT  -> -WRONGTYPE Operation against a key holding the wrong kind of value
  RPOPLPUSH s k        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  LMPOP 1 s LEFT       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  GET s                -> "v"
  RPUSH l a            -> :1
  GET l                -> -WRONGTYPE Operation against a key holding the wrong kind of value
  APPEND l x           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  INCR l               -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('a list has a time to live of its own, which pushing and popping leave alone')`
  RPUSH k a b c          -> :3
  EXPIREAT k 33177117420 -> :1
  LPUSH k z              -> :4
  RPOP k                 -> "c"
  EXPIRETIME k           -> :33177117420
  LTRIM k 0 0            -> +OK
  EXPIRETIME k           -> :33177117420
  LPOP k                 -> "z"
  RPUSH k a              -> :1
  TTL k                  -> :-1
`;

given('COPY, RENAME and MOVE take a list with all its elements')`
  RPUSH k a 1 <x*5000> <y*5000> z -> :5
  COPY k c                        -> :1
  LPOP k                          -> "a"
  LRANGE c 0 -1                   -> ["a" "1" <x*5000> <y*5000> "z"]
  RENAME k r                      -> +OK
  LLEN r                          -> :4
  MOVE r 5                        -> :1
  SELECT 5                        -> +OK
  LLEN r                          -> :4
  LINDEX r -1                     -> "z"
`;

given('DEBUG DIGEST follows the elements and their order')`
  RPUSH k a b 3        -> :3
  DEBUG DIGEST-VALUE k -> [+09eb1fc9381ee92790d59930ab462945f8cd948b]
  LPOP k               -> "a"
  RPUSH k a            -> :3
  DEBUG DIGEST-VALUE k -> [+ac14769fc4bcfb4ed59c778c1d47897038cc6c8b]
  LSET k 0 c           -> +OK
  DEBUG DIGEST         -> +862df6a74ea097788032c3621f152e388afb1dd6
`;
