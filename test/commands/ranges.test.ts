/** Parts of strings: APPEND, STRLEN, GETRANGE and its old name SUBSTR, SETRANGE. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('APPEND creates the key, then extends it')`
  APPEND k Hello    -> :5
  APPEND k " World" -> :11
  GET k             -> "Hello World"
  APPEND k ""       -> :11
  GET k             -> "Hello World"
  APPEND new ""     -> :0
  EXISTS new        -> :1
  STRLEN new        -> :0
`;

given('APPEND turns numbers into text and keeps the time to live')`
  SET n 12 EXAT 33177117420 -> +OK
  APPEND n 34               -> :4
  GET n                     -> "1234"
  EXPIRETIME n              -> :33177117420
  INCR n                    -> :1235
  APPEND n .5               -> :6
  GET n                     -> "1235.5"
`;

given('APPEND grows a value over every size class')`
  SET k ""               -> +OK
  APPEND k <a*10>        -> :10
  APPEND k <b*40>        -> :50
  APPEND k <c*400>       -> :450
  APPEND k <d*40000>     -> :40450
  APPEND k <e*700000>    -> :740450
  STRLEN k               -> :740450
  GETRANGE k 8 12        -> "aabbb"
  GETRANGE k 48 52       -> "bbccc"
  GETRANGE k 448 452     -> "ccddd"
  GETRANGE k 40448 40452 -> "ddeee"
  GETRANGE k -2 -1       -> "ee"
`;

given('APPEND adds all byte values')`
  APPEND k <bytes>   -> :256
  APPEND k <bytes>   -> :512
  STRLEN k           -> :512
  GETRANGE k 256 511 -> <bytes>
`;

given('STRLEN counts bytes, also of numbers')`
  STRLEN missing             -> :0
  SET k "caf\xc3\xa9"        -> +OK
  STRLEN k                   -> :5
  SET n -9223372036854775808 -> +OK
  STRLEN n                   -> :20
  SET n 0                    -> +OK
  STRLEN n                   -> :1
`;

given('GETRANGE counts from both ends and clips what lies outside')`
  SET k "This is a string"         -> +OK
  GETRANGE k 0 3                   -> "This"
  GETRANGE k -3 -1                 -> "ing"
  GETRANGE k 0 -1                  -> "This is a string"
  GETRANGE k 10 100                -> "string"
  GETRANGE k 15 15                 -> "g"
  GETRANGE k 16 16                 -> ""
  GETRANGE k 100 200               -> ""
  GETRANGE k 3 2                   -> ""
  GETRANGE k -1 -3                 -> ""
  GETRANGE k -100 3                -> "This"
  GETRANGE k -100 -100             -> "T"
  GETRANGE k -100 -90              -> "T"
  GETRANGE k 0 0                   -> "T"
  GETRANGE k -16 -16               -> "T"
  GETRANGE k -17 -17               -> "T"
  GETRANGE k 5 -100                -> ""
  GETRANGE k 0 9223372036854775807 -> "This is a string"
  GETRANGE k -9223372036854775808 9223372036854775807 -> "This is a string"
  GETRANGE k -9223372036854775808 -9223372036854775808 -> "T"
  GETRANGE k 9223372036854775807 9223372036854775807 -> ""
`;

given('GETRANGE reads numbers as text, and nothing from a missing key')`
  SET n 1234567890      -> +OK
  GETRANGE n 2 5        -> "3456"
  GETRANGE n -2 -1      -> "90"
  SET n -5              -> +OK
  GETRANGE n 0 0        -> "-"
  GETRANGE missing 0 -1 -> ""
  SET e ""              -> +OK
  GETRANGE e 0 -1       -> ""
  GETRANGE e 0 0        -> ""
`;

given('GETRANGE wants integers')`
  SET k v                           -> +OK
  GETRANGE k a 1                    -> -ERR value is not an integer or out of range
  GETRANGE k 0 b                    -> -ERR value is not an integer or out of range
  GETRANGE k 0 1.0                  -> -ERR value is not an integer or out of range
  GETRANGE k "" 1                   -> -ERR value is not an integer or out of range
  GETRANGE k 0 9223372036854775808  -> -ERR value is not an integer or out of range
  GETRANGE k -9223372036854775809 0 -> -ERR value is not an integer or out of range
  GETRANGE k 0                      -> -ERR wrong number of arguments for 'getrange' command
  GETRANGE k 0 1 2                  -> -ERR wrong number of arguments for 'getrange' command
  GETRANGE missing a b              -> -ERR value is not an integer or out of range
`;

given('SUBSTR is GETRANGE by its old name')`
  SET k "This is a string" -> +OK
  SUBSTR k 0 3             -> "This"
  SUBSTR k -3 -1           -> "ing"
  SUBSTR k 3 2             -> ""
  SUBSTR missing 0 1       -> ""
  SUBSTR k a 1             -> -ERR value is not an integer or out of range
  SUBSTR k 0               -> -ERR wrong number of arguments for 'substr' command
`;

given('SETRANGE overwrites, extends, and fills gaps with zero bytes')`
  SET k "Hello World"    -> +OK
  SETRANGE k 6 Redis     -> :11
  GET k                  -> "Hello Redis"
  SETRANGE k 9 "!!!!!"   -> :14
  GET k                  -> "Hello Red!!!!!"
  SETRANGE gap 5 x       -> :6
  GET gap                -> "\x00\x00\x00\x00\x00x"
  SETRANGE gap 8 yz      -> :10
  GET gap                -> "\x00\x00\x00\x00\x00x\x00\x00yz"
  SETRANGE gap 0 <bytes> -> :256
  STRLEN gap             -> :256
`;

given('SETRANGE of nothing changes nothing and creates nothing')`
  SETRANGE missing 0 ""  -> :0
  SETRANGE missing 10 "" -> :0
  EXISTS missing         -> :0
  SET k abc              -> +OK
  SETRANGE k 0 ""        -> :3
  SETRANGE k 100 ""      -> :3
  GET k                  -> "abc"
`;

given('SETRANGE turns numbers into text and keeps the time to live')`
  SET n 12345 EXAT 33177117420 -> +OK
  SETRANGE n 1 x               -> :5
  GET n                        -> "1x345"
  EXPIRETIME n                 -> :33177117420
  SET n 12345                  -> +OK
  SETRANGE n 1 9               -> :5
  GET n                        -> "19345"
  INCR n                       -> :19346
  OBJECT ENCODING n            -> "int"
`;

given('SETRANGE refuses offsets that are negative, too large, or no integers')`
  SET k v                           -> +OK
  SETRANGE k -1 x                   -> -ERR offset is out of range
  SETRANGE k -1 ""                  -> -ERR offset is out of range
  SETRANGE k -9223372036854775808 x -> -ERR offset is out of range
  SETRANGE k 536870912 x            -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 536870911 xx           -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 4294967295 x           -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 4294967296 x           -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 9223372036854775807 x  -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 9223372036854775806 xx -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE k 9223372036854775808 x  -> -ERR value is not an integer or out of range
  SETRANGE k a x                    -> -ERR value is not an integer or out of range
  SETRANGE k 1.0 x                  -> -ERR value is not an integer or out of range
  SETRANGE k "" x                   -> -ERR value is not an integer or out of range
  SETRANGE k 0                      -> -ERR wrong number of arguments for 'setrange' command
  SETRANGE k 0 x y                  -> -ERR wrong number of arguments for 'setrange' command
  GET k                             -> "v"
  SETRANGE missing 536870911 xx     -> -ERR string exceeds maximum allowed size (proto-max-bulk-len)
  SETRANGE missing -1 x             -> -ERR offset is out of range
  SETRANGE missing 536870912 ""     -> :0
  EXISTS missing                    -> :0
`;

given('SETRANGE far behind the end costs only what it says')`
  SETRANGE k 700000 end -> :700003
  STRLEN k              -> :700003
  GETRANGE k 699998 -1  -> "\x00\x00end"
  GETRANGE k 0 3        -> "\x00\x00\x00\x00"
`;

given('range commands count their arguments')`
  APPEND k     -> -ERR wrong number of arguments for 'append' command
  APPEND k a b -> -ERR wrong number of arguments for 'append' command
  STRLEN       -> -ERR wrong number of arguments for 'strlen' command
  GETRANGE     -> -ERR wrong number of arguments for 'getrange' command
  SUBSTR       -> -ERR wrong number of arguments for 'substr' command
  SETRANGE     -> -ERR wrong number of arguments for 'setrange' command
`;
