/** BITFIELD: integers of any width at any bit of a string. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('BITFIELD reads and writes fields, one reply for each')`
  BITFIELD k SET u8 0 255 GET u8 0 GET i8 0 GET u4 2 INCRBY u8 0 1 -> [:0 :255 :-1 :15 :0]
  GET k                                      -> "\x00"
  BITFIELD k SET i8 #1 100 GET i8 #1 GET u16 0 SET i64 5 -2 GET i64 5
    -> [:0 :100 :100 :900719925474099200 :-2]
  STRLEN k                                   -> :9
  BITFIELD k GET u63 0 GET i64 1000 GET u1 3 -> [:288230376151711743 :0 :0]
  BITFIELD missing GET u8 0                  -> [:0]
  EXISTS missing                             -> :0
  BITFIELD k                                 -> []
  BITFIELD missing                           -> []
`;

given('BITFIELD SET answers the old value and wraps what does not fit')`
  BITFIELD k SET u8 0 256 GET u8 0 SET u8 0 -1 GET u8 0 -> [:0 :0 :0 :255]
  BITFIELD k SET i8 8 128 GET i8 8 SET i8 8 -129 GET i8 8 -> [:0 :-128 :-128 :127]
  BITFIELD k SET u63 #2 -1 GET u63 #2 -> [:0 :9223372036854775807]
  BITFIELD k SET i64 200 9223372036854775807 INCRBY i64 200 1 -> [:0 :-9223372036854775808]
`;

given('BITFIELD OVERFLOW chooses what becomes of an overflow, from there on')`
  BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1 -> [:1 :1]
  BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1 -> [:2 :2]
  BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1 -> [:3 :3]
  BITFIELD k INCRBY u2 100 1 OVERFLOW SAT INCRBY u2 102 1 -> [:0 :3]
  BITFIELD k OVERFLOW FAIL INCRBY u2 102 1 INCRBY u2 102 -1 SET u2 102 4 -> [nil :2 nil]
  BITFIELD s OVERFLOW SAT INCRBY i8 0 -1000 INCRBY i8 0 1000 INCRBY i8 0 -1 -> [:-128 :127 :126]
  BITFIELD s OVERFLOW SAT SET i8 0 1000 SET i8 0 -1000 GET i8 0 -> [:126 :127 :-128]
  BITFIELD s OVERFLOW SAT SET i8 0 -9223372036854775808 GET i8 0 -> [:-128 :127]
  BITFIELD s OVERFLOW SAT INCRBY i1 40 238 INCRBY i1 40 -5 -> [:0 :-1]
  BITFIELD s OVERFLOW wrap INCRBY i5 3 -100 -> [:-5]
  BITFIELD s OVERFLOW FAIL SET u8 0 256     -> [nil]
  BITFIELD s SET i64 64 9223372036854775807 OVERFLOW SAT INCRBY i64 64 1 OVERFLOW FAIL INCRBY i64 64 1
    -> [:0 :9223372036854775807 nil]
`;

given('BITFIELD refuses types, offsets, numbers and words before it does anything')`
  BITFIELD k SET u8 0 1 GET u64 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET i65 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET u0 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET x8 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET U8 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET u 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET u08 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD k GET u8 -1                       -> -ERR bit offset is not an integer or out of range
  BITFIELD k GET u8 x                        -> -ERR bit offset is not an integer or out of range
  BITFIELD k GET u8 #x                       -> -ERR bit offset is not an integer or out of range
  BITFIELD k GET u8 #-1                      -> -ERR bit offset is not an integer or out of range
  BITFIELD k GET u8 4294967296               -> -ERR bit offset is not an integer or out of range
  BITFIELD k SET u8 #536870912 1             -> -ERR bit offset is not an integer or out of range
  BITFIELD k SET u8 0 x                      -> -ERR value is not an integer or out of range
  BITFIELD k SET u8 0                        -> -ERR syntax error
  BITFIELD k GET u8                          -> -ERR syntax error
  BITFIELD k OVERFLOW foo                    -> -ERR Invalid OVERFLOW type specified
  BITFIELD k OVERFLOW                        -> -ERR syntax error
  BITFIELD k FOO u8 0                        -> -ERR syntax error
  BITFIELD k INCRBY u8 0 9223372036854775808 -> -ERR value is not an integer or out of range
  EXISTS k                                   -> :0
  BITFIELD
    -> -ERR wrong number of arguments for 'bitfield' command
`;

given('BITFIELD offsets in fields may wrap around, as they do in Redis')`
  SET k foobar                           -> +OK
  BITFIELD k GET u8 #2305843009213693952 -> [:102]
  BITFIELD k GET u8 #1152921504606846976 -> -ERR bit offset is not an integer or out of range
`;

given('BITFIELD_RO only reads')`
  SET k foobar                           -> +OK
  BITFIELD_RO k GET u8 0 GET i5 3        -> [:102 :6]
  BITFIELD_RO k OVERFLOW SAT GET u8 0    -> [:102]
  BITFIELD_RO k SET u8 0 1               -> -ERR BITFIELD_RO only supports the GET subcommand
  BITFIELD_RO k INCRBY u8 0 1            -> -ERR BITFIELD_RO only supports the GET subcommand
  BITFIELD_RO k GET u64 0
    -> -ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.
  BITFIELD_RO missing GET u8 0 GET i64 7 -> [:0 :0]
  BITFIELD_RO                            -> -ERR wrong number of arguments for 'bitfield_ro' command
  GET k                                  -> "foobar"
`;

given('fields of other types are refused, of integers not')`
  RPUSH l x              -> :1
  BITFIELD l GET u8 0    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITFIELD l SET u8 0 1  -> -WRONGTYPE Operation against a key holding the wrong kind of value
  BITFIELD_RO l GET u8 0 -> -WRONGTYPE Operation against a key holding the wrong kind of value
  SET n 12               -> +OK
  BITFIELD n GET u8 0    -> [:49]
  OBJECT ENCODING n      -> "int"
  BITFIELD n SET u8 0 50 -> [:49]
  OBJECT ENCODING n      -> "raw"
  GET n                  -> "22"
`;
