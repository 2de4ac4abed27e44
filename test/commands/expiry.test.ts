/** Time to live: setting, comparing, reading, removing it. No case waits: times are far or past. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('EXPIRE and PEXPIRE set a time to live from now')`
  SET k v -> +OK
  EXPIRE k 100 -> :1
  TTL k -> :90..100
  PTTL k -> :90000..100000
  PEXPIRE k 200000 -> :1
  TTL k -> :190..200
  PTTL k -> :190000..200000
  EXPIRE missing 100 -> :0
  PEXPIRE missing 100 -> :0
`;

given('EXPIREAT and PEXPIREAT set the moment itself')`
  SET k v                          -> +OK
  EXPIREAT k 33177117420           -> :1
  EXPIRETIME k                     -> :33177117420
  PEXPIRETIME k                    -> :33177117420000
  PEXPIREAT k 33177117420123       -> :1
  EXPIRETIME k                     -> :33177117420
  PEXPIRETIME k                    -> :33177117420123
  EXPIREAT missing 33177117420     -> :0
  PEXPIREAT missing 33177117420123 -> :0
`;

given('EXPIRETIME rounds to the nearest second, as TTL does')`
  SET k v                    -> +OK
  PEXPIREAT k 33177117420499 -> :1
  EXPIRETIME k               -> :33177117420
  PEXPIREAT k 33177117420500 -> :1
  EXPIRETIME k               -> :33177117421
  PEXPIREAT k 33177117420999 -> :1
  EXPIRETIME k               -> :33177117421
`;

given('TTL, PTTL, EXPIRETIME and PEXPIRETIME tell a key without time from no key')`
  SET k v             -> +OK
  TTL k               -> :-1
  PTTL k              -> :-1
  EXPIRETIME k        -> :-1
  PEXPIRETIME k       -> :-1
  TTL missing         -> :-2
  PTTL missing        -> :-2
  EXPIRETIME missing  -> :-2
  PEXPIRETIME missing -> :-2
`;

given('PERSIST removes the time to live once')`
  SET k v EX 100  -> +OK
  PERSIST k       -> :1
  TTL k           -> :-1
  PERSIST k       -> :0
  PERSIST missing -> :0
  SET k v PXAT 1  -> +OK
  PERSIST k       -> :0
  EXISTS k        -> :0
`;

given('a time that is not in the future removes the key at once')`
  SET k v                          -> +OK
  EXPIRE k 0                       -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  EXPIRE k -1                      -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  PEXPIRE k 0                      -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  PEXPIRE k -100000                -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  EXPIREAT k 0                     -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  EXPIREAT k 1                     -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  EXPIREAT k -1                    -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  PEXPIREAT k 1                    -> :1
  EXISTS k                         -> :0
  SET k v                          -> +OK
  PEXPIREAT k -9223372036854775808 -> :1
  EXISTS k                         -> :0
  DBSIZE                           -> :0
`;

given('an expired key is as good as gone for every command')`
  DEBUG SET-ACTIVE-EXPIRE 0 -> +OK
  SET k v PXAT 1            -> +OK
  GET k                     -> nil
  EXISTS k                  -> :0
  TYPE k                    -> +none
  TTL k                     -> :-2
  PTTL k                    -> :-2
  EXPIRETIME k              -> :-2
  STRLEN k                  -> :0
  GETRANGE k 0 -1           -> ""
  MGET k                    -> [nil]
  TOUCH k                   -> :0
  OBJECT ENCODING k         -> nil
  SET k v PXAT 1            -> +OK
  DEL k                     -> :0
  SET k v PXAT 1            -> +OK
  UNLINK k                  -> :0
  SET k v PXAT 1            -> +OK
  GETDEL k                  -> nil
  SET k v PXAT 1            -> +OK
  GETEX k                   -> nil
  SET k v PXAT 1            -> +OK
  RENAME k l                -> -ERR no such key
  SET k v PXAT 1            -> +OK
  COPY k l                  -> :0
  SET k v PXAT 1            -> +OK
  EXPIRE k 100              -> :0
  SET k v PXAT 1            -> +OK
  PERSIST k                 -> :0
  SET k v PXAT 1            -> +OK
  GETSET k w                -> nil
  TTL k                     -> :-1
  SET k v PXAT 1            -> +OK
  APPEND k w                -> :1
  TTL k                     -> :-1
  SET k v PXAT 1            -> +OK
  SETRANGE k 1 w            -> :2
  GET k                     -> "\x00w"
  DEBUG SET-ACTIVE-EXPIRE 1 -> +OK
`;

given('an expired key still counts for DBSIZE until somebody looks')`
  DEBUG SET-ACTIVE-EXPIRE 0 -> +OK
  SET k v PXAT 1            -> +OK
  DBSIZE                    -> :1
  GET k                     -> nil
  DBSIZE                    -> :0
  DEBUG SET-ACTIVE-EXPIRE 1 -> +OK
`;

given('NX sets a time only where there is none')`
  SET k v                   -> +OK
  EXPIREAT k 33177117420 NX -> :1
  EXPIREAT k 44177117420 NX -> :0
  EXPIRETIME k              -> :33177117420
  PERSIST k                 -> :1
  EXPIREAT k 44177117420 NX -> :1
  EXPIRETIME k              -> :44177117420
`;

given('XX sets a time only where there is one')`
  SET k v                   -> +OK
  EXPIREAT k 33177117420 XX -> :0
  EXPIRETIME k              -> :-1
  EXPIREAT k 33177117420    -> :1
  EXPIREAT k 44177117420 XX -> :1
  EXPIRETIME k              -> :44177117420
`;

given('GT sets only a later time; no time at all is later than any')`
  SET k v                   -> +OK
  EXPIREAT k 33177117420 GT -> :0
  TTL k                     -> :-1
  EXPIREAT k 33177117420    -> :1
  EXPIREAT k 33177117420 GT -> :0
  EXPIREAT k 33177117419 GT -> :0
  EXPIRETIME k              -> :33177117420
  EXPIREAT k 33177117421 GT -> :1
  EXPIRETIME k              -> :33177117421
`;

given('LT sets only an earlier time; any time is earlier than none')`
  SET k v                   -> +OK
  EXPIREAT k 33177117420 LT -> :1
  EXPIRETIME k              -> :33177117420
  EXPIREAT k 33177117420 LT -> :0
  EXPIREAT k 33177117421 LT -> :0
  EXPIRETIME k              -> :33177117420
  EXPIREAT k 33177117419 LT -> :1
  EXPIRETIME k              -> :33177117419
  EXPIRE k -1 LT            -> :1
  EXISTS k                  -> :0
`;

given('XX goes together with GT and LT, and any option may be repeated')`
  SET k v                         -> +OK
  EXPIREAT k 33177117420 XX GT    -> :0
  EXPIREAT k 33177117420 XX LT    -> :0
  TTL k                           -> :-1
  EXPIREAT k 33177117420          -> :1
  EXPIREAT k 33177117421 XX GT    -> :1
  EXPIREAT k 33177117419 LT XX    -> :1
  EXPIRETIME k                    -> :33177117419
  EXPIREAT k 33177117420 GT GT    -> :1
  EXPIREAT k 33177117419 xx lt XX -> :1
  EXPIRETIME k                    -> :33177117419
`;

given('options that contradict each other are refused')`
  SET k v                  -> +OK
  EXPIRE k 100 NX XX       -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIRE k 100 NX GT       -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIRE k 100 NX LT       -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIRE k 100 GT LT       -> -ERR GT and LT options at the same time are not compatible
  EXPIRE k 100 LT GT       -> -ERR GT and LT options at the same time are not compatible
  EXPIRE k 100 XX NX       -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIRE k 100 GT NX       -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIRE k 100 XX GT LT    -> -ERR GT and LT options at the same time are not compatible
  EXPIRE k 100 FOO         -> -ERR Unsupported option FOO
  EXPIRE k 100 ""          -> -"ERR Unsupported option "
  EXPIRE k 100 "a\x00b"    -> -ERR Unsupported option a
  EXPIRE k 100 "a\r\nb"    -> -"ERR Unsupported option a  b"
  EXPIRE k 100 "\r\n\n"    -> -"ERR Unsupported option "
  EXPIRE k 100 NX FOO      -> -ERR Unsupported option FOO
  EXPIRE k 100 N           -> -ERR Unsupported option N
  EXPIRE k x FOO           -> -ERR Unsupported option FOO
  EXPIRE k x NX XX         -> -ERR NX and XX, GT or LT options at the same time are not compatible
  PEXPIRE k 100 NX XX      -> -ERR NX and XX, GT or LT options at the same time are not compatible
  PEXPIRE k 100 FOO        -> -ERR Unsupported option FOO
  EXPIREAT k 100 NX XX     -> -ERR NX and XX, GT or LT options at the same time are not compatible
  EXPIREAT k 100 FOO       -> -ERR Unsupported option FOO
  PEXPIREAT k 100 NX XX    -> -ERR NX and XX, GT or LT options at the same time are not compatible
  PEXPIREAT k 100 FOO      -> -ERR Unsupported option FOO
  EXPIRE missing 100 FOO   -> -ERR Unsupported option FOO
  EXPIRE missing 100 NX XX -> -ERR NX and XX, GT or LT options at the same time are not compatible
  TTL k                    -> :-1
`;

given('options hold for the past too')`
  SET k v        -> +OK
  EXPIRE k -1 XX -> :0
  EXISTS k       -> :1
  EXPIRE k -1 GT -> :0
  EXISTS k       -> :1
  EXPIRE k -1 LT -> :1
  EXISTS k       -> :0
  SET k v EX 100 -> +OK
  EXPIRE k -1 NX -> :0
  EXISTS k       -> :1
  EXPIRE k -1 GT -> :0
  EXISTS k       -> :1
  EXPIRE k -1 XX -> :1
  EXISTS k       -> :0
  SET k v        -> +OK
  EXPIRE k -1 NX -> :1
  EXISTS k       -> :0
`;

given('times that are no integers or leave the range are refused')`
  SET k v                            -> +OK
  EXPIRE k x                         -> -ERR value is not an integer or out of range
  EXPIRE k ""                        -> -ERR value is not an integer or out of range
  EXPIRE k 1.5                       -> -ERR value is not an integer or out of range
  EXPIRE k 1e3                       -> -ERR value is not an integer or out of range
  EXPIRE k " 1"                      -> -ERR value is not an integer or out of range
  EXPIRE k 9223372036854775808       -> -ERR value is not an integer or out of range
  EXPIRE k -9223372036854775809      -> -ERR value is not an integer or out of range
  EXPIRE k 9223372036854775807       -> -ERR invalid expire time in 'expire' command
  EXPIRE k -9223372036854775808      -> -ERR invalid expire time in 'expire' command
  EXPIRE k 9223372036854776          -> -ERR invalid expire time in 'expire' command
  EXPIRE k -9223372036854776         -> -ERR invalid expire time in 'expire' command
  PEXPIRE k 9223372036854775807      -> -ERR invalid expire time in 'pexpire' command
  PEXPIRE k x                        -> -ERR value is not an integer or out of range
  PEXPIRE k 9223372036854775808      -> -ERR value is not an integer or out of range
  EXPIREAT k 9223372036854775807     -> -ERR invalid expire time in 'expireat' command
  EXPIREAT k 9223372036854776        -> -ERR invalid expire time in 'expireat' command
  EXPIREAT k -9223372036854776       -> -ERR invalid expire time in 'expireat' command
  EXPIREAT k x                       -> -ERR value is not an integer or out of range
  PEXPIREAT k x                      -> -ERR value is not an integer or out of range
  PEXPIREAT k 9223372036854775808    -> -ERR value is not an integer or out of range
  TTL k                              -> :-1
  EXPIRE missing 9223372036854775807 -> -ERR invalid expire time in 'expire' command
  EXPIRE missing x                   -> -ERR value is not an integer or out of range
`;

given('the latest moment is the largest number of milliseconds')`
  SET k v                            -> +OK
  PEXPIREAT k 9223372036854775807    -> :1
  EXPIRETIME k                       -> :9223372036854776
  PEXPIRETIME k                      -> :9223372036854775807
  EXPIREAT k 9223372036854775        -> :1
  EXPIRETIME k                       -> :9223372036854775
  PEXPIRETIME k                      -> :9223372036854775000
  PEXPIREAT k 9223372036854775806 LT -> :0
  PEXPIREAT k 9223372036854775807 GT -> :1
  PEXPIRETIME k                      -> :9223372036854775807
`;

given('commands that rewrite a value in place keep its time to live')`
  SET k 10 PXAT 33177117420123 -> +OK
  INCR k                       -> :11
  INCRBYFLOAT k 0.5            -> "11.5"
  APPEND k 0                   -> :5
  SETRANGE k 0 9               -> :5
  GETRANGE k 0 -1              -> "91.50"
  TOUCH k                      -> :1
  GETEX k                      -> "91.50"
  COPY k l                     -> :1
  PEXPIRETIME k                -> :33177117420123
  PEXPIRETIME l                -> :33177117420123
`;

given('commands that store anew drop the time to live')`
  SET k v EX 100 -> +OK
  SET k v        -> +OK
  TTL k          -> :-1
  SET k v EX 100 -> +OK
  GETSET k v     -> "v"
  TTL k          -> :-1
  SET k v EX 100 -> +OK
  MSET k v       -> +OK
  TTL k          -> :-1
  SET k v EX 100 -> +OK
  DEL k          -> :1
  SETNX k v      -> :1
  TTL k          -> :-1
  SET k v EX 100 -> +OK
  DEL k          -> :1
  MSETNX k v     -> :1
  TTL k          -> :-1
`;

given('expiry commands count their arguments')`
  EXPIRE       -> -ERR wrong number of arguments for 'expire' command
  EXPIRE k     -> -ERR wrong number of arguments for 'expire' command
  PEXPIRE k    -> -ERR wrong number of arguments for 'pexpire' command
  EXPIREAT k   -> -ERR wrong number of arguments for 'expireat' command
  PEXPIREAT k  -> -ERR wrong number of arguments for 'pexpireat' command
  TTL          -> -ERR wrong number of arguments for 'ttl' command
  TTL a b      -> -ERR wrong number of arguments for 'ttl' command
  PTTL         -> -ERR wrong number of arguments for 'pttl' command
  EXPIRETIME   -> -ERR wrong number of arguments for 'expiretime' command
  PEXPIRETIME  -> -ERR wrong number of arguments for 'pexpiretime' command
  PERSIST      -> -ERR wrong number of arguments for 'persist' command
  PERSIST a b  -> -ERR wrong number of arguments for 'persist' command
`;

given('SCAN by TYPE removes expired keys in passing, and takes them for none')`
  DEBUG SET-ACTIVE-EXPIRE 0     -> +OK
  SET k v PXAT 1                -> +OK
  SCAN 0 COUNT 1000 TYPE string -> ["0" []]
  DBSIZE                        -> :0
  SET k v PXAT 1                -> +OK
  SCAN 0 COUNT 1000 TYPE none   -> ["0" ["k"]]
  DBSIZE                        -> :0
  SET k v PXAT 1                -> +OK
  KEYS *                        -> []
  DBSIZE                        -> :1
  DEBUG SET-ACTIVE-EXPIRE 1     -> +OK
`;
