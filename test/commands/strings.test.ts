/** Strings: plain reading and writing, one key and many. SET's options have a file of their own. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('GET answers what SET stored, and nil for a key that is not there')`
  SET k value  -> +OK
  GET k        -> "value"
  GET missing  -> nil
  SET k ""     -> +OK
  GET k        -> ""
  STRLEN k     -> :0
  EXISTS k     -> :1
`;

given('SET replaces the value and forgets its time to live')`
  SET k one EX 100 -> +OK
  SET k two        -> +OK
  TTL k            -> :-1
  GET k            -> "two"
`;

given('keys and values hold every byte there is')`
  SET <bytes> <bytes>           -> +OK
  GET <bytes>                   -> <bytes>
  STRLEN <bytes>                -> :256
  SET "\x00" nul                -> +OK
  SET "\x00\x00" nulnul         -> +OK
  GET "\x00"                    -> "nul"
  GET "\x00\x00"                -> "nulnul"
  GET "\x00\x00\x00"            -> nil
  SET "a\r\nb" "c\r\nd"         -> +OK
  GET "a\r\nb"                  -> "c\r\nd"
  SET "\xff\xfe\xfd" "\xc3\x28" -> +OK
  GET "\xff\xfe\xfd"            -> "\xc3("
  DBSIZE                        -> :5
`;

given('the empty key is a key like any other')`
  SET "" empty    -> +OK
  GET ""          -> "empty"
  EXISTS "" ""    -> :2
  APPEND "" "!"   -> :6
  STRLEN ""       -> :6
  RENAME "" other -> +OK
  GET other       -> "empty!"
  EXISTS ""       -> :0
  RENAME other "" -> +OK
  DEL ""          -> :1
  DBSIZE          -> :0
`;

given('keys and values that look like numbers, flags or JavaScript names are just bytes')`
  SET __proto__ 1   -> +OK
  SET constructor 2 -> +OK
  SET toString 3    -> +OK
  SET -1 4          -> +OK
  SET NX 5          -> +OK
  MGET __proto__ constructor toString -1 NX hasOwnProperty -> ["1" "2" "3" "4" "5" nil]
  DBSIZE            -> :5
`;

given('a value of 600 KiB and one of 1 MiB come back whole')`
  SET a <x*614400>         -> +OK
  SET b <y*1048576>        -> +OK
  STRLEN a                 -> :614400
  STRLEN b                 -> :1048576
  GET a                    -> <x*614400>
  GET b                    -> <y*1048576>
  MGET b a b               -> [<y*1048576> <x*614400> <y*1048576>]
  APPEND a <z*4096>        -> :618496
  STRLEN a                 -> :618496
  GETRANGE a 614398 614401 -> "xxzz"
  SET b small              -> +OK
  GET b                    -> "small"
  DEL a b                  -> :2
  DBSIZE                   -> :0
`;

given('a key of 70,000 bytes works as a short one does')`
  SET <k*70000> 1                -> +OK
  INCR <k*70000>                 -> :2
  GET <k*70000>                  -> "2"
  EXISTS <k*69999>               -> :0
  EXISTS <k*70001>               -> :0
  RENAME <k*70000> <k*70001>     -> +OK
  GET <k*70001>                  -> "2"
  KEYS k*                        -> [<k*70001>]
  EXPIREAT <k*70001> 99999999999 -> :1
  EXPIRETIME <k*70001>           -> :99999999999
  DEL <k*70001>                  -> :1
  DBSIZE                         -> :0
`;

given('values of every length near the size classes come back whole')`
  ${[1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 43, 44, 45, 63, 64, 65, 127, 128, 129, 255, 256, 257]
    .concat([511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 16383, 16384, 16385, 32768, 65536])
    .map((n) => `SET k${n} <v*${n}> -> +OK\nGET k${n} -> <v*${n}>\nSTRLEN k${n} -> :${n}`)
    .join('\n')}
`;

given('keys of every length near the size classes are told apart')`
  ${[1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 254, 255, 256, 257, 1024]
    .map((n) => `SET <k*${n}> ${n} -> +OK`)
    .join('\n')}
  ${[1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 254, 255, 256, 257, 1024]
    .map((n) => `GET <k*${n}> -> "${n}"`)
    .join('\n')}
  DBSIZE -> :22
`;

given('a value grows and shrinks in place of itself')`
  SET k <a*10>     -> +OK
  SET k <b*1000>   -> +OK
  SET k <c*100000> -> +OK
  STRLEN k         -> :100000
  SET k <d*50>     -> +OK
  GET k            -> "dddddddddddddddddddddddddddddddddddddddddddddddddd"
  SET k 7          -> +OK
  GET k            -> "7"
  SET k <e*70>     -> +OK
  GET k            -> <e*70>
`;

given('GETSET answers the old value and stores the new one without a time to live')`
  GETSET k one   -> nil
  GETSET k two   -> "one"
  EXPIRE k 100   -> :1
  GETSET k three -> "two"
  TTL k          -> :-1
  GET k          -> "three"
`;

given('GETDEL answers the value and removes the key')`
  GETDEL k       -> nil
  SET k v EX 100 -> +OK
  GETDEL k       -> "v"
  EXISTS k       -> :0
  TTL k          -> :-2
  SET n 42       -> +OK
  GETDEL n       -> "42"
  GETDEL n       -> nil
`;

given('SETNX stores only where nothing is')`
  SETNX k one   -> :1
  SETNX k two   -> :0
  GET k         -> "one"
  PEXPIREAT k 1 -> :1
  SETNX k three -> :1
  GET k         -> "three"
  TTL k         -> :-1
`;

given('SETEX and PSETEX store with a time to live')`
  SETEX k 100 v -> +OK
  TTL k -> :90..100
  GET k -> "v"
  PSETEX k 100000 w -> +OK
  PTTL k -> :90000..100000
  GET k -> "w"
  SETEX k 9223372036854775 v -> -ERR invalid expire time in 'setex' command
  GET k -> "w"
`;

given('SETEX and PSETEX refuse times that are no positive integer')`
  SETEX k 0 v                    -> -ERR invalid expire time in 'setex' command
  SETEX k -1 v                   -> -ERR invalid expire time in 'setex' command
  SETEX k x v                    -> -ERR value is not an integer or out of range
  SETEX k 1.5 v                  -> -ERR value is not an integer or out of range
  SETEX k "" v                   -> -ERR value is not an integer or out of range
  SETEX k " 1" v                 -> -ERR value is not an integer or out of range
  SETEX k 01 v                   -> -ERR value is not an integer or out of range
  SETEX k +1 v                   -> -ERR value is not an integer or out of range
  SETEX k 9223372036854775807 v  -> -ERR invalid expire time in 'setex' command
  SETEX k 9223372036854775808 v  -> -ERR value is not an integer or out of range
  SETEX k -9223372036854775808 v -> -ERR invalid expire time in 'setex' command
  PSETEX k 0 v                   -> -ERR invalid expire time in 'psetex' command
  PSETEX k -1 v                  -> -ERR invalid expire time in 'psetex' command
  PSETEX k x v                   -> -ERR value is not an integer or out of range
  PSETEX k 9223372036854775807 v -> -ERR invalid expire time in 'psetex' command
  PSETEX k 9223372036854775808 v -> -ERR value is not an integer or out of range
  EXISTS k                       -> :0
`;

given('MSET stores all pairs, the last one of a key wins')`
  MSET a 1 b 2 c 3              -> +OK
  MGET a b c                    -> ["1" "2" "3"]
  MSET a x a y                  -> +OK
  GET a                         -> "y"
  EXPIRE a 100                  -> :1
  MSET a z                      -> +OK
  TTL a                         -> :-1
  MSET "" empty <bytes> <bytes> -> +OK
  MGET "" <bytes>               -> ["empty" <bytes>]
`;

given('MSETNX stores all pairs or none')`
  MSETNX a 1 b 2 -> :1
  MSETNX b 3 c 4 -> :0
  MGET a b c     -> ["1" "2" nil]
  MSETNX c 5 c 6 -> :1
  GET c          -> "6"
  PEXPIREAT c 1  -> :1
  MSETNX c 7 d 8 -> :1
  MGET c d       -> ["7" "8"]
`;

given('MSET and MSETNX want pairs')`
  MSET a       -> -ERR wrong number of arguments for 'mset' command
  MSET a 1 b   -> -ERR wrong number of arguments for 'mset' command
  MSET         -> -ERR wrong number of arguments for 'mset' command
  MSETNX a     -> -ERR wrong number of arguments for 'msetnx' command
  MSETNX a 1 b -> -ERR wrong number of arguments for 'msetnx' command
  MSETNX       -> -ERR wrong number of arguments for 'msetnx' command
  EXISTS a     -> :0
`;

given('MGET answers in the order of its keys and repeats what is asked twice')`
  SET a 1            -> +OK
  SET b two          -> +OK
  MGET b a missing b -> ["two" "1" nil "two"]
  MGET a             -> ["1"]
  MGET missing       -> [nil]
`;

given('a batch of commands sees its own earlier writes')`
  SET a 1      -> +OK
  GET a        -> "1"
  SET a 2      -> +OK
  GET a        -> "2"
  INCR a       -> :3
  GET a        -> "3"
  APPEND a 0   -> :2
  GET a        -> "30"
  DEL a        -> :1
  GET a        -> nil
  SETNX a 5    -> :1
  GET a        -> "5"
  GETSET a 6   -> "5"
  GETDEL a     -> "6"
  GET a        -> nil
  MSET a 1 b 2 -> +OK
  MGET a b     -> ["1" "2"]
  RENAME a b   -> +OK
  MGET a b     -> [nil "1"]
  COPY b a     -> :1
  MGET a b     -> ["1" "1"]
`;

given('two connections share one keyspace')`
  a> SET k from-a -> +OK
  b> GET k        -> "from-a"
  b> APPEND k +b  -> :8
  a> GET k        -> "from-a+b"
  b> SELECT 1     -> +OK
  b> GET k        -> nil
  a> DEL k        -> :1
  b> SELECT 0     -> +OK
  b> EXISTS k     -> :0
`;

given('names of commands and options are read in any case')`
  sEt k v               -> +OK
  GeT k                 -> "v"
  set k w eX 100 Nx gEt -> "v"
  gEtEx k pErSiSt       -> "v"
  mSeT a 1              -> +OK
`;

given('string commands count their arguments')`
  GET           -> -ERR wrong number of arguments for 'get' command
  GET a b       -> -ERR wrong number of arguments for 'get' command
  SET           -> -ERR wrong number of arguments for 'set' command
  SET k         -> -ERR wrong number of arguments for 'set' command
  GETSET k      -> -ERR wrong number of arguments for 'getset' command
  GETSET k v w  -> -ERR wrong number of arguments for 'getset' command
  GETDEL        -> -ERR wrong number of arguments for 'getdel' command
  GETDEL a b    -> -ERR wrong number of arguments for 'getdel' command
  SETNX k       -> -ERR wrong number of arguments for 'setnx' command
  SETNX k v w   -> -ERR wrong number of arguments for 'setnx' command
  SETEX k 1     -> -ERR wrong number of arguments for 'setex' command
  SETEX k 1 v w -> -ERR wrong number of arguments for 'setex' command
  PSETEX k 1    -> -ERR wrong number of arguments for 'psetex' command
  MGET          -> -ERR wrong number of arguments for 'mget' command
  STRLEN        -> -ERR wrong number of arguments for 'strlen' command
  STRLEN a b    -> -ERR wrong number of arguments for 'strlen' command
`;

given('an unknown command is named, with the beginning of its arguments')`
  NOSUCH
    -> -"ERR unknown command 'NOSUCH', with args beginning with: "
  nosuch a
    -> -"ERR unknown command 'nosuch', with args beginning with: 'a' "
  nosuch a b "c d"
    -> -"ERR unknown command 'nosuch', with args beginning with: 'a' 'b' 'c d' "
  "" x                                 -> -"ERR unknown command '', with args beginning with: 'x' "
  "a\r\nb" "c\r\nd"
    -> -"ERR unknown command 'a  b', with args beginning with: 'c  d' "
  nosuch <x*200>
    -> -"ERR unknown command 'nosuch', with args beginning with: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' "
  nosuch a <x*100> <y*100> z
    -> -"ERR unknown command 'nosuch', with args beginning with: 'a' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' 'yyyyyyyyyyyyyyyyyyyyy' "
  <n*300> a
    -> -"ERR unknown command 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', with args beginning with: 'a' "
  nosuch "quo'te" "nul\x00byte" "\xff"
    -> -"ERR unknown command 'nosuch', with args beginning with: 'quo'te' 'nul' '\xff' "
  nosuch 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
    -> -"ERR unknown command 'nosuch', with args beginning with: '1' '2' '3' '4' '5' '6' '7' '8' '9' '10' '11' '12' '13' '14' '15' '16' '17' '18' '19' '20' '21' '22' '23' '24' '25' '26' '27' '28' "
  GET|x k
    -> -"ERR unknown command 'GET|x', with args beginning with: 'k' "
  object|encoding k
    -> -"ERR unknown command 'object|encoding', with args beginning with: 'k' "
  config|get maxmemory
    -> -"ERR unknown command 'config|get', with args beginning with: 'maxmemory' "
`;
