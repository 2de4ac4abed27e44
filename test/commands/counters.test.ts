/** Counters: INCR, DECR, INCRBY, DECRBY and what counts as an integer. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('INCR and DECR begin at zero')`
  INCR up             -> :1
  INCR up             -> :2
  DECR down           -> :-1
  DECR down           -> :-2
  INCRBY by 5         -> :5
  DECRBY by2 5        -> :-5
  MGET up down by by2 -> ["2" "-2" "5" "-5"]
`;

given('counters keep the time to live')`
  SET k 1 EXAT 33177117420 -> +OK
  INCR k                   -> :2
  DECR k                   -> :1
  INCRBY k 5               -> :6
  DECRBY k 5               -> :1
  INCRBYFLOAT k 1          -> "2"
  EXPIRETIME k             -> :33177117420
`;

given('an expired counter begins again, without its old time to live')`
  SET k 100 PXAT 1 -> +OK
  INCR k           -> :1
  TTL k            -> :-1
`;

given('INCR and DECR stop at the ends of 64 bits')`
  SET k 9223372036854775806     -> +OK
  INCR k                        -> :9223372036854775807
  INCR k                        -> -ERR increment or decrement would overflow
  GET k                         -> "9223372036854775807"
  SET k -9223372036854775807    -> +OK
  DECR k                        -> :-9223372036854775808
  DECR k                        -> -ERR increment or decrement would overflow
  GET k                         -> "-9223372036854775808"
  INCRBY k 9223372036854775807  -> :-1
  SET k 9223372036854775807     -> +OK
  INCRBY k -9223372036854775808 -> :-1
  GET k                         -> "-1"
  SET k -1                      -> +OK
  INCRBY k -9223372036854775807 -> :-9223372036854775808
  INCRBY k -1                   -> -ERR increment or decrement would overflow
  INCRBY k 0                    -> :-9223372036854775808
  SET k 1                       -> +OK
  INCRBY k 9223372036854775807  -> -ERR increment or decrement would overflow
  INCRBY k 9223372036854775806  -> :9223372036854775807
  GET k                         -> "9223372036854775807"
`;

given('DECRBY cannot negate the smallest integer')`
  DECRBY k -9223372036854775808 -> -ERR decrement would overflow
  EXISTS k                      -> :0
  SET k 1                       -> +OK
  DECRBY k -9223372036854775808 -> -ERR decrement would overflow
  DECRBY k -9223372036854775807 -> -ERR increment or decrement would overflow
  DECRBY k 9223372036854775807  -> :-9223372036854775806
  DECRBY k 9223372036854775807  -> -ERR increment or decrement would overflow
  DECRBY k 9223372036854775807  -> -ERR increment or decrement would overflow
  GET k                         -> "-9223372036854775806"
`;

given('only the plain decimal form of an integer is one')`
  ${[
    '" 1"',
    '"1 "',
    '01',
    '-0',
    '+1',
    '--1',
    '-',
    '""',
    '1.0',
    '1e3',
    '0x10',
    'abc',
    '1a',
    'a1',
    '"1\\x00"',
    '"\\x001"',
    '"\\n1"',
    '1_000',
    '1,000',
    'nan',
    'inf',
    '00',
    '-01',
    '9223372036854775808',
    '-9223372036854775809',
    '18446744073709551615',
    '18446744073709551616',
    '99999999999999999999',
    '<1*100>',
    '<9*1000>',
  ]
    .map(
      (text) => `SET k ${text} -> +OK
        INCR k -> -ERR value is not an integer or out of range
        DECR k -> -ERR value is not an integer or out of range
        INCRBY k 1 -> -ERR value is not an integer or out of range
        INCRBY n ${text} -> -ERR value is not an integer or out of range
        DECRBY n ${text} -> -ERR value is not an integer or out of range
        GET k -> ${text.startsWith('"') || text.startsWith('<') ? text : `"${text}"`}`,
    )
    .join('\n')}
  EXISTS n -> :0
`;

given('text that reads as an integer counts, however it was stored')`
  SET k 12       -> +OK
  APPEND k 3     -> :3
  INCR k         -> :124
  SETRANGE k 0 9 -> :3
  INCR k         -> :925
  SET k <x*50>   -> +OK
  SET k 5        -> +OK
  INCR k         -> :6
  SET k ""       -> +OK
  APPEND k 41    -> :2
  INCR k         -> :42
  GET k          -> "42"
  SETRANGE z 0 7 -> :1
  DECR z         -> :6
`;

given('counters cross every width of integer')`
  ${[7, 8, 15, 16, 31, 32, 52, 53, 62]
    .map((bits) => {
      const edge = 2n ** BigInt(bits);
      return `SET k ${edge - 1n} -> +OK
        INCR k -> :${edge}
        INCR k -> :${edge + 1n}
        DECRBY k 2 -> :${edge - 1n}
        GET k -> "${edge - 1n}"
        SET k ${-edge + 1n} -> +OK
        DECR k -> :${-edge}
        DECR k -> :${-edge - 1n}
        GET k -> "${-edge - 1n}"
        INCRBY k ${2n * edge > 2n ** 62n ? 1n : 2n * edge} -> :${
          -edge - 1n + (2n * edge > 2n ** 62n ? 1n : 2n * edge)
        }`;
    })
    .join('\n')}
`;

given('small counters, which Redis shares, do not touch each other')`
  SET a 9999   -> +OK
  SET b 9999   -> +OK
  INCR a       -> :10000
  INCR a       -> :10001
  MGET a b     -> ["10001" "9999"]
  SET c 0      -> +OK
  SET d 0      -> +OK
  DECR c       -> :-1
  INCR d       -> :1
  MGET c d     -> ["-1" "1"]
  COPY a e     -> :1
  INCR e       -> :10002
  MGET a e     -> ["10001" "10002"]
`;

given('counters count their arguments')`
  INCR              -> -ERR wrong number of arguments for 'incr' command
  INCR a b          -> -ERR wrong number of arguments for 'incr' command
  DECR              -> -ERR wrong number of arguments for 'decr' command
  DECR a b          -> -ERR wrong number of arguments for 'decr' command
  INCRBY a          -> -ERR wrong number of arguments for 'incrby' command
  INCRBY a 1 2      -> -ERR wrong number of arguments for 'incrby' command
  DECRBY a          -> -ERR wrong number of arguments for 'decrby' command
  DECRBY a 1 2      -> -ERR wrong number of arguments for 'decrby' command
  INCRBYFLOAT a     -> -ERR wrong number of arguments for 'incrbyfloat' command
  INCRBYFLOAT a 1 2 -> -ERR wrong number of arguments for 'incrbyfloat' command
`;
