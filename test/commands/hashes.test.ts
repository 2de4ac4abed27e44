/** Hash commands: fields with values, one at a time, several and all. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('HSET counts the fields that are new, HGET finds them')`
  HSET h a 1         -> :1
  HSET h a 2 b 3 c 4 -> :2
  HGET h a           -> "2"
  HGET h c           -> "4"
  HGET h missing     -> nil
  HGET missing a     -> nil
  HSET h "" "" x ""  -> :2
  HGET h ""          -> ""
  HGET h x           -> ""
  HLEN h             -> :5
  TYPE h             -> +hash
`;

given('HSET of one field several times in one command keeps the last value')`
  HSET h a 1 a 2 a 3 -> :1
  HGET h a           -> "3"
  HLEN h             -> :1
`;

given('HSET and HMSET want pairs')`
  HSET h a              -> -ERR wrong number of arguments for 'hset' command
  HSET h a 1 b          -> -ERR wrong number of arguments for 'hset' command
  HMSET h a             -> -ERR wrong number of arguments for 'hmset' command
  HMSET h a 1 b         -> -ERR wrong number of arguments for 'hmset' command
  HSET h                -> -ERR wrong number of arguments for 'hset' command
  EXISTS h              -> :0
  HMSET h a 1 b 2       -> +OK
  HMGET h b a nothing b -> ["2" "1" nil "2"]
  HMGET missing a b     -> [nil nil]
`;

given('HSETNX sets only what is missing')`
  HSETNX h a 1 -> :1
  HSETNX h a 2 -> :0
  HGET h a     -> "1"
  HSETNX h b 2 -> :1
  HLEN h       -> :2
`;

given('HGETALL, HKEYS and HVALS answer in order of insertion while the hash is small')`
  HSET h name Ada born 1815 "" empty -> :3
  HGETALL h                          -> {"name" => "Ada" "born" => "1815" "" => "empty"}
  HKEYS h                            -> ["name" "born" ""]
  HVALS h                            -> ["Ada" "1815" "empty"]
  HSET h born 10                     -> :0
  HGETALL h                          -> {"name" => "Ada" "born" => "10" "" => "empty"}
  HGETALL missing                    -> {}
  HKEYS missing                      -> []
  HVALS missing                      -> []
  HLEN missing                       -> :0
`;

given('HDEL removes fields, and the key with the last of them')`
  HSET h a 1 b 2 c 3 -> :3
  HDEL h a           -> :1
  HDEL h a           -> :0
  HDEL h b nothing b -> :1
  HGETALL h          -> {"c" => "3"}
  HDEL h x c y c     -> :1
  EXISTS h           -> :0
  HDEL h c           -> :0
`;

given('HEXISTS and HSTRLEN tell of one field')`
  HSET h a hello b 12345 c "" -> :3
  HEXISTS h a                 -> :1
  HEXISTS h x                 -> :0
  HEXISTS missing a           -> :0
  HSTRLEN h a                 -> :5
  HSTRLEN h b                 -> :5
  HSTRLEN h c                 -> :0
  HSTRLEN h x                 -> :0
  HSTRLEN missing a           -> :0
`;

given('HINCRBY adds to an integer, which begins at 0')`
  HINCRBY h n 5                      -> :5
  HINCRBY h n -7                     -> :-2
  HGET h n                           -> "-2"
  HSET h text abc space " 1" zeros 007 max 9223372036854775807 -> :4
  HINCRBY h text 1                   -> -ERR hash value is not an integer
  HINCRBY h space 1                  -> -ERR hash value is not an integer
  HINCRBY h zeros 1                  -> -ERR hash value is not an integer
  HINCRBY h max 1                    -> -ERR increment or decrement would overflow
  HINCRBY h max 0                    -> :9223372036854775807
  HINCRBY h min -9223372036854775808 -> :-9223372036854775808
  HINCRBY h min -1                   -> -ERR increment or decrement would overflow
  HINCRBY h n 9223372036854775808    -> -ERR value is not an integer or out of range
  HINCRBY h n 1.5                    -> -ERR value is not an integer or out of range
  HINCRBY h n x                      -> -ERR value is not an integer or out of range
  HGETALL h
    -> {"n" => "-2" "text" => "abc" "space" => " 1" "zeros" => "007" "max" =>
    "9223372036854775807" "min" => "-9223372036854775808"}
`;

given('HINCRBYFLOAT adds as a long double does')`
  HINCRBYFLOAT h n 10.5                       -> "10.5"
  HINCRBYFLOAT h n 0.1                        -> "10.6"
  HINCRBYFLOAT h n -5                         -> "5.6"
  HSET h e 5.0e3 text abc huge 1.1e4932 int 7 -> :4
  HINCRBYFLOAT h e 2.0e2                      -> "5200"
  HINCRBYFLOAT h int 1                        -> "8"
  HINCRBYFLOAT h text 1                       -> -ERR hash value is not a float
  HINCRBYFLOAT h n x                          -> -ERR value is not a valid float
  HINCRBYFLOAT h n " 1"                       -> -ERR value is not a valid float
  HINCRBYFLOAT h n ""                         -> -ERR value is not a valid float
  HINCRBYFLOAT h huge 1.1e4932                -> -ERR increment would produce NaN or Infinity
  HGET h int                                  -> "8"
`;

given('HINCRBYFLOAT takes no infinity, and leaves no empty hash behind')`
  HINCRBYFLOAT h f +inf   -> -ERR value is NaN or Infinity
  HINCRBYFLOAT h f -inf   -> -ERR value is NaN or Infinity
  HINCRBYFLOAT h f nan    -> -ERR value is not a valid float
  HINCRBYFLOAT h f 1e5000 -> -ERR value is not a valid float
  EXISTS h                -> :0
  HGETALL h               -> {}
  HSET h f inf            -> :1
  HINCRBYFLOAT h f 1      -> -ERR increment would produce NaN or Infinity
  HGETALL h               -> {"f" => "inf"}
`;

given('HRANDFIELD answers nothing of a missing key')`
  HRANDFIELD missing              -> nil
  HRANDFIELD missing 1            -> []
  HRANDFIELD missing -1           -> []
  HRANDFIELD missing 1 WITHVALUES -> []
  HSET h a 1                      -> :1
  HRANDFIELD h                    -> "a"
  HRANDFIELD h 0                  -> []
  HRANDFIELD h 0 WITHVALUES       -> []
  HRANDFIELD h 1                  -> ["a"]
  HRANDFIELD h -3                 -> ["a" "a" "a"]
`;

given('HRANDFIELD of more fields than there are answers each once')`
  HSET h a 1 b 2 c 3 -> :3
  HRANDFIELD h 3     -> ["a" "b" "c"]
  HRANDFIELD h 100   -> ["a" "b" "c"]
`;

given('HRANDFIELD nests fields and values in RESP3', { protocols: [3] })`
  HSET h a 1                 -> :1
  HRANDFIELD h 5 WITHVALUES  -> [["a" "1"]]
  HRANDFIELD h -2 WITHVALUES -> [["a" "1"] ["a" "1"]]
  HRANDFIELD h 1 withvalues  -> [["a" "1"]]
`;

given('HRANDFIELD puts fields and values in turn in RESP2', { protocols: [2] })`
  HSET h a 1                 -> :1
  HRANDFIELD h 5 WITHVALUES  -> ["a" "1"]
  HRANDFIELD h -2 WITHVALUES -> ["a" "1" "a" "1"]
  HRANDFIELD h 1 withvalues  -> ["a" "1"]
`;

given('HRANDFIELD judges its arguments in order')`
  HSET h a 1                                   -> :1
  HRANDFIELD h x                               -> -ERR value is not an integer or out of range
  HRANDFIELD h -9223372036854775808
    -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
  HRANDFIELD h 9223372036854775808             -> -ERR value is not an integer or out of range
  HRANDFIELD h 1 VALUES                        -> -ERR syntax error
  HRANDFIELD h 1 WITHVALUES x                  -> -ERR syntax error
  HRANDFIELD h 4611686018427387904 WITHVALUES  -> -ERR value is out of range
  HRANDFIELD h -4611686018427387905 WITHVALUES -> -ERR value is out of range
  HRANDFIELD h -4611686018427387904 WITHVALUES -> -ERR value is out of range
  HRANDFIELD h 4611686018427387903 WITHVALUES extra -> -ERR syntax error
  HRANDFIELD h 9223372036854775807             -> ["a"]
`;

given('HSCAN answers a small hash at once, whatever cursor and count')`
  HSET h a 1 b 2 c 3          -> :3
  HSCAN h 0                   -> ["0" ["a" "1" "b" "2" "c" "3"]]
  HSCAN h 17                  -> ["0" ["a" "1" "b" "2" "c" "3"]]
  HSCAN h 0 COUNT 1           -> ["0" ["a" "1" "b" "2" "c" "3"]]
  HSCAN h 0 MATCH [ab]        -> ["0" ["a" "1" "b" "2"]]
  HSCAN h 0 MATCH b COUNT 100 -> ["0" ["b" "2"]]
  HSCAN h 0 MATCH x           -> ["0" []]
  HSCAN missing 0             -> ["0" []]
  HSCAN missing 5 NOTHING     -> ["0" []]
`;

given('HSCAN judges its arguments')`
  HSET h a 1                   -> :1
  HSCAN h                      -> -ERR wrong number of arguments for 'hscan' command
  HSCAN h x                    -> -ERR invalid cursor
  HSCAN h 99999999999999999999 -> -ERR invalid cursor
  HSCAN h 0 COUNT 0            -> -ERR syntax error
  HSCAN h 0 COUNT x            -> -ERR value is not an integer or out of range
  HSCAN h 0 COUNT              -> -ERR syntax error
  HSCAN h 0 MATCH              -> -ERR syntax error
  HSCAN h 0 TYPE hash          -> -ERR syntax error
  HSCAN h 0 NOVALUES           -> -ERR syntax error
`;

given('hash commands want a hash')`
  SET s x              -> +OK
  HSET s a 1           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HMSET s a 1          -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HSETNX s a 1         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HGET s a             -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HMGET s a            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HGETALL s            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HKEYS s              -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HVALS s              -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HLEN s               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HSTRLEN s a          -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HEXISTS s a          -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HDEL s a             -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HINCRBY s a 1        -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HINCRBY s a x        -> -ERR value is not an integer or out of range
  HINCRBYFLOAT s a 1   -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HINCRBYFLOAT s a x   -> -ERR value is not a valid float
  HINCRBYFLOAT s a inf -> -ERR value is NaN or Infinity
  HRANDFIELD s         -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HRANDFIELD s x       -> -ERR value is not an integer or out of range
  HSCAN s 0            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  HSCAN s x            -> -ERR invalid cursor
  HSCAN s 0 COUNT 0    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('hash commands want their arguments')`
  HSET             -> -ERR wrong number of arguments for 'hset' command
  HSETNX h a       -> -ERR wrong number of arguments for 'hsetnx' command
  HSETNX h a 1 2   -> -ERR wrong number of arguments for 'hsetnx' command
  HGET h           -> -ERR wrong number of arguments for 'hget' command
  HGET h a b       -> -ERR wrong number of arguments for 'hget' command
  HMGET h          -> -ERR wrong number of arguments for 'hmget' command
  HGETALL          -> -ERR wrong number of arguments for 'hgetall' command
  HGETALL h x      -> -ERR wrong number of arguments for 'hgetall' command
  HKEYS            -> -ERR wrong number of arguments for 'hkeys' command
  HVALS            -> -ERR wrong number of arguments for 'hvals' command
  HLEN             -> -ERR wrong number of arguments for 'hlen' command
  HSTRLEN h        -> -ERR wrong number of arguments for 'hstrlen' command
  HEXISTS h        -> -ERR wrong number of arguments for 'hexists' command
  HDEL h           -> -ERR wrong number of arguments for 'hdel' command
  HINCRBY h a      -> -ERR wrong number of arguments for 'hincrby' command
  HINCRBYFLOAT h a -> -ERR wrong number of arguments for 'hincrbyfloat' command
  HRANDFIELD       -> -ERR wrong number of arguments for 'hrandfield' command
  HSCAN h          -> -ERR wrong number of arguments for 'hscan' command
`;

given('a hash goes through COPY, RENAME, MOVE and expiry')`
  HSET h a 1 b 2 -> :2
  COPY h c       -> :1
  HSET c a 3     -> :0
  HGETALL h      -> {"a" => "1" "b" => "2"}
  HGETALL c      -> {"a" => "3" "b" => "2"}
  RENAME c d     -> +OK
  HGETALL d      -> {"a" => "3" "b" => "2"}
  MOVE d 1       -> :1
  SELECT 1       -> +OK
  HGETALL d      -> {"a" => "3" "b" => "2"}
  SELECT 0       -> +OK
  PEXPIREAT h 1  -> :1
  EXISTS h       -> :0
  SET h x        -> +OK
  GET h          -> "x"
`;
