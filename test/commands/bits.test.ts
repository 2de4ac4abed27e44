/** Bitmaps: single bits, counting, finding, combining. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SETBIT answers the old bit and makes the string as long as it must be')`
  SETBIT k 7 1      -> :0
  SETBIT k 7 0      -> :1
  SETBIT k 7 1      -> :0
  GET k             -> "\x01"
  OBJECT ENCODING k -> "raw"
  SETBIT k 20 1     -> :0
  GET k             -> "\x01\x00\b"
  SETBIT k 30 0     -> :0
  STRLEN k          -> :4
  GETBIT k 7        -> :1
  GETBIT k 8        -> :0
  GETBIT k 100000   -> :0
  GETBIT missing 0  -> :0
`;

given('SETBIT of text and integers makes them raw, also if no bit changes')`
  SET text abc           -> +OK
  SETBIT text 0 0        -> :0
  OBJECT ENCODING text   -> "raw"
  SET number 12          -> +OK
  GETBIT number 3        -> :1
  SETBIT number 2 1      -> :1
  GET number             -> "12"
  OBJECT ENCODING number -> "raw"
  SET short a EX 100     -> +OK
  SETBIT short 4000 1    -> :0
  STRLEN short           -> :501
  TTL short              -> :99..100
`;

given('bit offsets go up to proto-max-bulk-len times eight')`
  SETBIT k 4294967296 1          -> -ERR bit offset is not an integer or out of range
  SETBIT k -1 1                  -> -ERR bit offset is not an integer or out of range
  SETBIT k x 1                   -> -ERR bit offset is not an integer or out of range
  SETBIT k 1.5 1                 -> -ERR bit offset is not an integer or out of range
  SETBIT k "" 1                  -> -ERR bit offset is not an integer or out of range
  SETBIT k #1 1                  -> -ERR bit offset is not an integer or out of range
  SETBIT k 9223372036854775808 1 -> -ERR bit offset is not an integer or out of range
  SETBIT k 0 2                   -> -ERR bit is not an integer or out of range
  SETBIT k 0 x                   -> -ERR bit is not an integer or out of range
  SETBIT k 0 -1                  -> -ERR bit is not an integer or out of range
  SETBIT k 0 9223372036854775808 -> -ERR bit is not an integer or out of range
  GETBIT k 4294967296            -> -ERR bit offset is not an integer or out of range
  GETBIT k -1                    -> -ERR bit offset is not an integer or out of range
  EXISTS k                       -> :0
  SETBIT k 0                     -> -ERR wrong number of arguments for 'setbit' command
  GETBIT k                       -> -ERR wrong number of arguments for 'getbit' command
`;

given('BITCOUNT counts all bits, or those of a range of bytes or bits')`
  SET k foobar            -> +OK
  BITCOUNT k              -> :26
  BITCOUNT k 0 0          -> :4
  BITCOUNT k 1 1          -> :6
  BITCOUNT k 1 -1         -> :22
  BITCOUNT k -2 -1        -> :7
  BITCOUNT k 0 100        -> :26
  BITCOUNT k 5 3          -> :0
  BITCOUNT k -1 -2        -> :0
  BITCOUNT k 5 30 BIT     -> :17
  BITCOUNT k 1 1 byte     -> :6
  BITCOUNT k 0 -1 BIT     -> :26
  BITCOUNT k -9223372036854775808 9223372036854775807 -> :26
  BITCOUNT missing        -> :0
  BITCOUNT missing 0 x    -> :0
  SET long <\xff*1000>    -> +OK
  BITCOUNT long           -> :16000
  BITCOUNT long 3 990     -> :3952
  BITCOUNT long 3 990 BIT -> :495
  SET number 1234         -> +OK
  BITCOUNT number         -> :13
`;

given('BITCOUNT refuses half a range, other words and no integers')`
  SET k foobar                     -> +OK
  BITCOUNT k 1                     -> -ERR syntax error
  BITCOUNT k 1 2 3                 -> -ERR syntax error
  BITCOUNT k 1 2 BIT x             -> -ERR syntax error
  BITCOUNT k x 2                   -> -ERR value is not an integer or out of range
  BITCOUNT k 1 9223372036854775808 -> -ERR value is not an integer or out of range
  BITCOUNT k -1 -2 x               -> :0
  BITCOUNT                         -> -ERR wrong number of arguments for 'bitcount' command
`;

given('BITPOS finds the first bit, and zeros behind the string if no end is given')`
  SET k \xff\xf0\x00      -> +OK
  BITPOS k 0              -> :0
  BITPOS k 1              -> :1
  BITPOS k 1 2            -> :17
  BITPOS k 0 1            -> :8
  BITPOS k 0 0 0          -> :0
  BITPOS k 1 -1           -> :90
  BITPOS k 0 7 15 BIT     -> :7
  BITPOS k 1 12 15 BIT    -> :12
  BITPOS k 1 0 -1 BIT     -> :1
  SET ones \xff\xff\xff   -> +OK
  BITPOS ones 0           -> :0
  BITPOS ones 0 0         -> :0
  BITPOS ones 0 0 -1      -> :0
  BITPOS ones 0 5         -> :40
  BITPOS ones 1 2 1       -> :-1
  BITPOS missing 0        -> :0
  BITPOS missing 1        -> :-1
  BITPOS missing 1 x      -> :-1
  SET empty ""            -> +OK
  BITPOS empty 0          -> :-1
  BITPOS empty 1          -> :-1
  SET long <\x00*100>\x01 -> +OK
  BITPOS long 1           -> :1
  BITPOS long 1 0 799 BIT -> :1
`;

given('BITPOS refuses other bits, words and numbers')`
  SET k a              -> +OK
  BITPOS k 2           -> -ERR The bit argument must be 1 or 0.
  BITPOS k -1          -> -ERR The bit argument must be 1 or 0.
  BITPOS k x           -> -ERR value is not an integer or out of range
  BITPOS k 1 x         -> -ERR value is not an integer or out of range
  BITPOS k 1 0 x       -> -ERR value is not an integer or out of range
  BITPOS k 1 0 1 x     -> -ERR syntax error
  BITPOS k 1 0 1 BIT x -> -ERR syntax error
  BITPOS k             -> -ERR wrong number of arguments for 'bitpos' command
`;

given('BITOP combines strings as if all were as long as the longest')`
  SET a foobar             -> +OK
  SET b abcdefgh           -> +OK
  BITOP AND and a b        -> :8
  GET and                  -> "\x60bc\x60ab\x00\x00"
  BITOP OR or a b          -> :8
  GET or                   -> "goofevgh"
  BITOP XOR xor a b        -> :8
  GET xor                  -> "\a\r\x0c\x06\x04\x14gh"
  BITOP not not a          -> :6
  GET not                  -> "\x99\x90\x90\x9d\x9e\x8d"
  OBJECT ENCODING and      -> "raw"
  BITOP OR a a b missing   -> :8
  GET a                    -> "goofevgh"
  BITOP AND none a missing -> :8
  GET none                 -> "\x00\x00\x00\x00\x00\x00\x00\x00"
  SET n 12                 -> +OK
  BITOP XOR n n n n        -> :2
  GET n                    -> "12"
`;

given('BITOP of nothing but missing keys removes the destination')`
  SET d x                       -> +OK
  BITOP AND d missing1 missing2 -> :0
  EXISTS d                      -> :0
  BITOP NOT d missing           -> :0
  SET e ""                      -> +OK
  SET d x                       -> +OK
  BITOP OR d e                  -> :0
  EXISTS d                      -> :0
  SET d x EX 100                -> +OK
  SET s y                       -> +OK
  BITOP OR d s                  -> :1
  TTL d                         -> :-1
`;

given('BITOP refuses other operations, several keys for NOT, and other types')`
  SET a x         -> +OK
  RPUSH l x       -> :1
  BITOP foo d a   -> -ERR syntax error
  BITOP NOT d a a -> -ERR BITOP NOT must be called with a single source key.
  BITOP AND d a l -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITOP NOT l a   -> :1
  TYPE l          -> +string
  BITOP AND d     -> -ERR wrong number of arguments for 'bitop' command
  BITOP           -> -ERR wrong number of arguments for 'bitop' command
`;

given('bits of other types are refused')`
  RPUSH l x    -> :1
  SETBIT l 0 1 -> -WRONGTYPE Operation against a key holding the wrong kind of value
  GETBIT l 0   -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITCOUNT l   -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITCOUNT l x -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITPOS l 0   -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITPOS l 0 x -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SETBIT l x 1 -> -ERR bit offset is not an integer or out of range
`;
