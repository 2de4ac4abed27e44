/** DUMP and RESTORE: a value as bytes, and back, with a time to live and an access clock. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('DUMP answers the value in the format of snapshots, with version and checksum')`
  DUMP missing        -> nil
  SET str hello       -> +OK
  DUMP str            -> "\x00\x05hello\n\x00cr\xdfve4 \n"
  SET int 70000       -> +OK
  DUMP int            -> "\x00\xc2p\x11\x01\x00\n\x00\x01\xa4\b\xfe\x950\x95\xa5"
  RPUSH list a 2 c    -> :3
  DUMP list
    -> "\x12\x01\x02\x0f\x0f\x00\x00\x00\x03\x00\x81a\x02\x02\x01\x81c\x02\xff\n\x00BR\xb4\x8c^k8a"
  SADD intset 1 2 3   -> :3
  DUMP intset
    -> "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\n\x00\xa5\x02\\\xe2mnM\x1b"
  ZADD zset 1 a 2.5 b -> :2
  DUMP zset
    -> "\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff\n\x00\xd4Ln\xa4\xf6D\xd9\xd7"
  HSET hash f v       -> :1
  DUMP hash           -> "\x10\r\r\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff\n\x00 \xf1=D#T\b\x9d"
  XADD stream 1-1 a b -> "1-1"
  DUMP stream
    -> "\x13\x01\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x1d\x1d\x00\x00\x00\n\x00\x01\x01\x00\x01\x01\x01\x81a\x02\x00\x01\x02\x01\x00\x01\x00\x01\x81b\x02\x04\x01\xff\x01\x01\x01\x01\x01\x00\x00\x01\x00\n\x00oC4\xec\xd7\xfaZ\xec"
  SET long redisredisredisredisredisredisredisredisredisredis -> +OK
  DUMP long           -> "\x00\xc3\r2\x05redisr\xe0!\x04\x01is\n\x00\xd5>\xd9\x93\xc9Dp\xa0"
`;

given('RESTORE makes the value under another key')`
  RESTORE r:str 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> +OK
  RESTORE r:int 0 "\x00\xc2p\x11\x01\x00\x0a\x00\x01\xa4\x08\xfe\x950\x95\xa5" -> +OK
  RESTORE r:list 0 "\x12\x01\x02\x0f\x0f\x00\x00\x00\x03\x00\x81a\x02\x02\x01\x81c\x02\xff\x0a\x00BR\xb4\x8c^k8a"
    -> +OK
  RESTORE r:intset 0 "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\x0a\x00\xa5\x02\x5c\xe2mnM\x1b"
    -> +OK
  RESTORE r:zset 0 "\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff\x0a\x00\xd4Ln\xa4\xf6D\xd9\xd7"
    -> +OK
  RESTORE r:hash 0 "\x10\x0d\x0d\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff\x0a\x00\x20\xf1=D\x23T\x08\x9d"
    -> +OK
  RESTORE r:stream 0 "\x13\x01\x10\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x1d\x1d\x00\x00\x00\x0a\x00\x01\x01\x00\x01\x01\x01\x81a\x02\x00\x01\x02\x01\x00\x01\x00\x01\x81b\x02\x04\x01\xff\x01\x01\x01\x01\x01\x00\x00\x01\x00\x0a\x00oC4\xec\xd7\xfaZ\xec"
    -> +OK
  RESTORE r:long 0 "\x00\xc3\x0d2\x05redisr\xe0!\x04\x01is\x0a\x00\xd5\x3e\xd9\x93\xc9Dp\xa0" -> +OK
  GET r:str                     -> "hello"
  GET r:int                     -> "70000"
  GET r:long                    -> "redisredisredisredisredisredisredisredisredisredis"
  LRANGE r:list 0 -1            -> ["a" "2" "c"]
  SMEMBERS r:intset             -> ~["1" "2" "3"]
  ZRANGE r:zset 0 -1       -> ["a" "b"]
  ZSCORE r:zset b          -> ,2.5
  HGETALL r:hash                -> {"f" => "v"}
  XRANGE r:stream - +           -> [["1-1" ["a" "b"]]]
  OBJECT ENCODING r:intset      -> "intset"
  OBJECT ENCODING r:zset        -> "listpack"
  OBJECT ENCODING r:hash        -> "listpack"
  PTTL r:str                    -> :-1
`;

given('RESTORE refuses a key that is there, unless it may replace it')`
  SET k old            -> +OK
  RESTORE k 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> -BUSYKEY Target key name already exists.
  GET k                -> "old"
  RESTORE k x "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> -BUSYKEY Target key name already exists.
  RESTORE k 0 nonsense -> -BUSYKEY Target key name already exists.
  RESTORE k 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" REPLACE -> +OK
  GET k                -> "hello"
  LPUSH l a            -> :1
  RESTORE l 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" replace -> +OK
  TYPE l               -> +string
`;

given('RESTORE gives the key a time to live, or a time to end')`
  RESTORE a 100000 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> +OK
  PTTL a        -> :99000..100000
  RESTORE b 4000000000000 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" ABSTTL -> +OK
  PEXPIRETIME b -> :4000000000000
  RESTORE c 1 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" ABSTTL -> +OK
  EXISTS c      -> :0
  SET d old     -> +OK
  RESTORE d 1 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" ABSTTL REPLACE -> +OK
  EXISTS d      -> :0
  RESTORE e 9223372036854775807 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> +OK
  EXISTS e      -> :0
  RESTORE f 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" ABSTTL -> +OK
  PTTL f        -> :-1
  RESTORE g -1 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" -> -ERR Invalid TTL value, must be >= 0
  RESTORE g x "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a"
    -> -ERR value is not an integer or out of range
  RESTORE g 9223372036854775808 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a"
    -> -ERR value is not an integer or out of range
`;

given('RESTORE sets the access clock')`
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME 1000 -> +OK
  OBJECT IDLETIME a                       -> :1000..1001
  RESTORE b 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ 10 -> +OK
  OBJECT FREQ b
    -> -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
  OBJECT IDLETIME b                       -> :0..1
  CONFIG SET maxmemory-policy allkeys-lfu -> +OK
  RESTORE c 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ 255 -> +OK
  OBJECT FREQ c                           -> :254..255
  RESTORE d 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME 10 -> +OK
  OBJECT FREQ d                           -> :4..5
  CONFIG SET maxmemory-policy noeviction  -> +OK
`;

given('RESTORE refuses options that are not there, or out of range')`
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME -1
    -> -ERR Invalid IDLETIME value, must be >= 0
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME x
    -> -ERR value is not an integer or out of range
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME -> -ERR syntax error
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ -1
    -> -ERR Invalid FREQ value, must be >= 0 and <= 255
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ 256
    -> -ERR Invalid FREQ value, must be >= 0 and <= 255
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ x
    -> -ERR value is not an integer or out of range
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ -> -ERR syntax error
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" IDLETIME 1 FREQ 2 -> -ERR syntax error
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" FREQ 2 IDLETIME 1 -> -ERR syntax error
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" foo -> -ERR syntax error
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20\x0a" REPLACE ABSTTL foo -> -ERR syntax error
  RESTORE a 0  -> -ERR wrong number of arguments for 'restore' command
  DUMP         -> -ERR wrong number of arguments for 'dump' command
  DUMP a b     -> -ERR wrong number of arguments for 'dump' command
  EXISTS a     -> :0
`;

given('RESTORE refuses a payload with a wrong checksum, a later version, or too few bytes')`
  RESTORE a 0 ""         -> -ERR DUMP payload version or checksum are wrong
  RESTORE a 0 123456789  -> -ERR DUMP payload version or checksum are wrong
  RESTORE a 0 1234567890 -> -ERR DUMP payload version or checksum are wrong
  RESTORE a 0 "\x00\x05hello\x0a\x00cr\xdfve4\x20!"
    -> -ERR DUMP payload version or checksum are wrong
  RESTORE a 0 "\x00\x04hello\x0a\x00cr\xdfve4\x20\x0a"
    -> -ERR DUMP payload version or checksum are wrong
  RESTORE a 0 "\x00\x05hello\xff\xffcr\xdfve4\x20\x0a"
    -> -ERR DUMP payload version or checksum are wrong
  EXISTS a               -> :0
`;

given('RESTORE refuses a payload that is sealed but no value')`
  RESTORE a 0 "\x00?\x0a\x00\x7d4\x91/\xe7\xc6d;" -> -ERR Bad data format
  RESTORE a 0 "\x01\x00\x0a\x00\x5b\xf8%\xccl\x17CV" -> -ERR Bad data format
  RESTORE a 0 "\x02\x02\x01a\x01a\x0a\x00W\xbev/\xc2\xd6R:" -> -ERR Bad data format
  RESTORE a 0 "\x04\x01\x01a\x0a\x00L\xdb\x9f\xa5\xd7\xf7\xe6r" -> -ERR Bad data format
  RESTORE a 0 "\x05\x01\x01a\x00\x00\x00\x00\x00\x00\xf8\x7f\x0a\x00\xf0\xf9)\xa9\x06TY'"
    -> -ERR Bad data format
  RESTORE a 0 "\x0b\x08\x02\x00\x00\x00\x00\x00\x00\x00\x0a\x00ZC;\x1d\x95\xdb\x8d9"
    -> -ERR Bad data format
  RESTORE a 0 "c\x00\x0a\x00k\x89v\xbc*\xe5\x24\x98" -> -ERR Bad data format
  RESTORE a 0 "\x08\x00\x0a\x00\xc1\xce\xc9A^\xa5\xcd\x10" -> -ERR Bad data format
  RESTORE a 0 "\x10\x00\x0a\x00\x0e\xa3\xe1\x1b\xfe\xed\x24e" -> -ERR Bad data format
  RESTORE a 0 "\x00\xc3\x05@\xff\x00\x0a\x00\x91\xb5\x60pP\xbd\xb7\xba" -> -ERR Bad data format
  RESTORE a 0 "\x0a\x00\x5d\x9b\x5c@\x0f\x7f\xa2\xda" -> -ERR Bad data format
  EXISTS a     -> :0
`;

given('DUMP and RESTORE carry a collection into another encoding when the limits say so')`
  CONFIG SET hash-max-listpack-entries 0   -> +OK
  RESTORE h 0 "\x10\x0d\x0d\x00\x00\x00\x02\x00\x81f\x02\x81v\x02\xff\x0a\x00\x20\xf1=D\x23T\x08\x9d"
    -> +OK
  OBJECT ENCODING h                        -> "hashtable"
  CONFIG SET set-max-intset-entries 2      -> +OK
  RESTORE s 0 "\x0b\x0e\x02\x00\x00\x00\x03\x00\x00\x00\x01\x00\x02\x00\x03\x00\x0a\x00\xa5\x02\x5c\xe2mnM\x1b"
    -> +OK
  OBJECT ENCODING s                        -> "hashtable"
  CONFIG SET zset-max-listpack-entries 1   -> +OK
  RESTORE z 0 "\x11\x14\x14\x00\x00\x00\x04\x00\x81a\x02\x01\x01\x81b\x02\x832.5\x04\xff\x0a\x00\xd4Ln\xa4\xf6D\xd9\xd7"
    -> +OK
  OBJECT ENCODING z                        -> "skiplist"
  ZRANGE z 0 -1                            -> ["a" "b"]
  CONFIG SET hash-max-listpack-entries 512 -> +OK
  CONFIG SET set-max-intset-entries 512    -> +OK
  CONFIG SET zset-max-listpack-entries 128 -> +OK
`;

given('rdbcompression decides whether strings are compressed')`
  SET k redisredisredisredisredisredisredisredisredisredis -> +OK
  CONFIG SET rdbcompression no  -> +OK
  DUMP k
    -> "\x002redisredisredisredisredisredisredisredisredisredis\n\x00a@c\xf3f\x01\xc7*"
  CONFIG SET rdbcompression yes -> +OK
  DUMP k
    -> "\x00\xc3\r2\x05redisr\xe0!\x04\x01is\n\x00\xd5>\xd9\x93\xc9Dp\xa0"
  RESTORE copy 0 "\x00\xc3\x0d2\x05redisr\xe0!\x04\x01is\x0a\x00\xd5\x3e\xd9\x93\xc9Dp\xa0" -> +OK
  GET copy                      -> "redisredisredisredisredisredisredisredisredisredis"
`;
