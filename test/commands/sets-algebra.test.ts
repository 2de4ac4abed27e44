/** Several sets: SINTER, SINTERCARD, SUNION, SDIFF and the forms that store. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SINTER answers what all sets have')`
  SADD a x y z 1 2   -> :5
  SADD b y z 2 3     -> :4
  SADD c z 2 q       -> :3
  SINTER a b c       -> anyset["z" "2"]
  SINTER a b         -> anyset["y" "z" "2"]
  SINTER b a         -> anyset["y" "z" "2"]
  SINTER a           -> anyset["x" "y" "z" "1" "2"]
  SINTER a a         -> anyset["x" "y" "z" "1" "2"]
  SADD d other       -> :1
  SINTER a d         -> ~[]
  SINTER a b missing -> ~[]
  SINTER missing     -> ~[]
`;

given('SINTER of intsets answers in ascending order, whatever their widths')`
  SADD a 5 1 3 100000 -9223372036854775808 -> :5
  SADD b 3 9223372036854775807 100000 1 -9223372036854775808 7 8 -> :7
  SADD c 100000 1                          -> :2
  SINTER a b                               -> ~["-9223372036854775808" "1" "3" "100000"]
  SINTER a b c                             -> ~["1" "100000"]
  SINTER c b a                             -> ~["1" "100000"]
  SADD t 1 x 100000                        -> :3
  SINTER t c                               -> ~["1" "100000"]
  SINTER c t                               -> ~["1" "100000"]
  SINTER a t b -> anyset["100000" "1"]
  SADD narrow 5 1 3                        -> :3
  SADD wide 5 1 3 9223372036854775807      -> :4
  SINTER narrow wide                       -> ~["1" "3" "5"]
  SINTER wide narrow                       -> ~["1" "3" "5"]
`;

given('SINTERCARD counts, up to a limit')`
  SADD a 1 2 3 4 x y                         -> :6
  SADD b 2 3 4 5 x y                         -> :6
  SINTERCARD 2 a b                           -> :5
  SINTERCARD 2 a b LIMIT 0                   -> :5
  SINTERCARD 2 a b LIMIT 3                   -> :3
  SINTERCARD 2 a b limit 100                 -> :5
  SINTERCARD 2 a b LIMIT 9223372036854775807 -> :5
  SINTERCARD 2 a b LIMIT 1 LIMIT 2           -> :2
  SINTERCARD 1 a                             -> :6
  SINTERCARD 1 a LIMIT 2                     -> :2
  SINTERCARD 3 a b missing                   -> :0
  SINTERCARD 2 a a LIMIT 4                   -> :4
  SADD i 1 2 3                               -> :3
  SADD j 2 3 4                               -> :3
  SINTERCARD 2 i j                           -> :2
  SINTERCARD 2 i j LIMIT 1                   -> :1
`;

given('SINTERCARD refuses wrong numbers and words in the order of Redis')`
  SET str v                                -> +OK
  SINTERCARD
    -> -ERR wrong number of arguments for 'sintercard' command
  SINTERCARD 1
    -> -ERR wrong number of arguments for 'sintercard' command
  SINTERCARD 0 a                           -> -ERR numkeys should be greater than 0
  SINTERCARD -1 a                          -> -ERR numkeys should be greater than 0
  SINTERCARD x a                           -> -ERR numkeys should be greater than 0
  SINTERCARD 9223372036854775808 a         -> -ERR numkeys should be greater than 0
  SINTERCARD 9223372036854775807 a
    -> -ERR Number of keys can't be greater than number of args
  SINTERCARD 2 a
    -> -ERR Number of keys can't be greater than number of args
  SINTERCARD 1 a b                         -> -ERR syntax error
  SINTERCARD 1 a LIMIT                     -> -ERR syntax error
  SINTERCARD 1 a LIMIT x                   -> -ERR LIMIT can't be negative
  SINTERCARD 1 a LIMIT -1                  -> -ERR LIMIT can't be negative
  SINTERCARD 1 a LIMIT 9223372036854775808 -> -ERR LIMIT can't be negative
  SINTERCARD 1 a LIMIT 1 FOO               -> -ERR syntax error
  SINTERCARD 1 str LIMIT -1                -> -ERR LIMIT can't be negative
  SINTERCARD 1 str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SINTERCARD 2 missing str
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('SUNION answers what any set has')`
  SADD a 1 2 3            -> :3
  SADD b 3 4              -> :2
  SADD c x 4              -> :2
  SUNION a b              -> ~["1" "2" "3" "4"]
  SUNION a b c            -> anyset["1" "2" "3" "4" "x"]
  SUNION a missing        -> ~["1" "2" "3"]
  SUNION missing missing2 -> ~[]
  SUNION a a              -> ~["1" "2" "3"]
`;

given('SDIFF answers what only the first set has')`
  SADD a 1 2 3 4             -> :4
  SADD b 2                   -> :1
  SADD c 4 x                 -> :2
  SDIFF a b                  -> ~["1" "3" "4"]
  SDIFF a b c                -> ~["1" "3"]
  SDIFF a missing            -> ~["1" "2" "3" "4"]
  SDIFF missing a            -> ~[]
  SDIFF a a                  -> ~[]
  SDIFF a b a                -> ~[]
  SDIFF c a                  -> ~["x"]
  SADD big 1 2 3 4 5 6 7 8 9 -> :9
  SDIFF big a b c b a        -> ~["5" "6" "7" "8" "9"]
  SDIFF a big                -> ~[]
`;

given('the results that are stored have the encodings of Redis')`
  SADD ints 1 2 3                -> :3
  SADD more 2 3 4                -> :3
  SADD mixed 2 3 x               -> :3
  SUNIONSTORE d ints more        -> :4
  OBJECT ENCODING d              -> "intset"
  SUNIONSTORE d ints mixed       -> :4
  OBJECT ENCODING d              -> "hashtable"
  SINTERSTORE d mixed ints       -> :2
  OBJECT ENCODING d              -> "intset"
  SINTERSTORE d mixed mixed      -> :3
  OBJECT ENCODING d              -> "hashtable"
  SDIFFSTORE d mixed ints        -> :1
  OBJECT ENCODING d              -> "hashtable"
  SADD letter x                  -> :1
  SDIFFSTORE d mixed letter      -> :2
  OBJECT ENCODING d              -> "intset"
  SADD table 1 x 2 3 4 5 6 7 8 9 -> :10
  SDIFFSTORE d table letter letter letter letter -> :9
  OBJECT ENCODING d              -> "hashtable"
  SUNIONSTORE d ints             -> :3
  OBJECT ENCODING d              -> "intset"
  SREM table x                   -> :1
  SUNIONSTORE d table            -> :9
  OBJECT ENCODING d              -> "intset"
  SMEMBERS d                     -> ~["1" "2" "3" "4" "5" "6" "7" "8" "9"]
  SINTERSTORE d table table      -> :9
  OBJECT ENCODING d              -> "intset"
`;

given('a result of integers that is too large for an intset is a table')`
  CONFIG SET set-max-intset-entries 3   -> +OK
  SADD a 1 2 3                          -> :3
  SADD b 3 4                            -> :2
  SUNIONSTORE d a b                     -> :4
  OBJECT ENCODING d                     -> "hashtable"
  SINTERSTORE d a b                     -> :1
  OBJECT ENCODING d                     -> "intset"
  SDIFFSTORE d a b                      -> :2
  OBJECT ENCODING d                     -> "intset"
  CONFIG SET set-max-intset-entries 512 -> +OK
`;

given('storing replaces whatever the destination was, its deadline too')`
  SADD a 1 2        -> :2
  SADD b 2 3        -> :2
  SET d text EX 100 -> +OK
  SINTERSTORE d a b -> :1
  SMEMBERS d        -> ~["2"]
  TTL d             -> :-1
  EXPIRE d 100      -> :1
  SUNIONSTORE d a b -> :3
  TTL d             -> :-1
  SMEMBERS d        -> ~["1" "2" "3"]
  EXPIRE d 100      -> :1
  SDIFFSTORE d a b  -> :1
  TTL d             -> :-1
  SMEMBERS d        -> ~["1"]
`;

given('storing nothing removes the destination')`
  SADD a 1 2                     -> :2
  SADD b 3                       -> :1
  SET d text                     -> +OK
  SINTERSTORE d a b              -> :0
  EXISTS d                       -> :0
  SET d text                     -> +OK
  SINTERSTORE d a missing        -> :0
  EXISTS d                       -> :0
  SET d text                     -> +OK
  SUNIONSTORE d missing missing2 -> :0
  EXISTS d                       -> :0
  SET d text                     -> +OK
  SDIFFSTORE d a a               -> :0
  EXISTS d                       -> :0
  SET d text                     -> +OK
  SDIFFSTORE d missing a         -> :0
  EXISTS d                       -> :0
  SINTERSTORE d a b              -> :0
  EXISTS d                       -> :0
`;

given('the destination may be one of the sets')`
  SADD a 1 2 x      -> :3
  SADD b 2 x 3      -> :3
  SINTERSTORE a a b -> :2
  SMEMBERS a        -> anyset["2" "x"]
  SUNIONSTORE a b a -> :3
  SMEMBERS a        -> anyset["2" "3" "x"]
  SADD c 2          -> :1
  SDIFFSTORE c c a  -> :0
  EXISTS c          -> :0
  SDIFFSTORE a a b  -> :0
  EXISTS a          -> :0
`;

given('a key of another type is refused even where another one is missing')`
  SADD s a                  -> :1
  SET str v                 -> +OK
  SINTER missing str        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SINTER str missing        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SUNION missing str        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SDIFF missing str         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SDIFF s str               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SINTERSTORE d missing str -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SUNIONSTORE d s str       -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SDIFFSTORE d str s        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  EXISTS d                  -> :0
  SINTERSTORE str s         -> :1
  TYPE str                  -> +set
`;

given('wrong numbers of arguments are refused')`
  SINTER        -> -ERR wrong number of arguments for 'sinter' command
  SUNION        -> -ERR wrong number of arguments for 'sunion' command
  SDIFF         -> -ERR wrong number of arguments for 'sdiff' command
  SINTERSTORE d -> -ERR wrong number of arguments for 'sinterstore' command
  SUNIONSTORE d -> -ERR wrong number of arguments for 'sunionstore' command
  SDIFFSTORE d  -> -ERR wrong number of arguments for 'sdiffstore' command
`;
