/** OBJECT: the encoding after each kind of write, and what else Redis tells about a value. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SET chooses int, embstr or raw by content and length')`
  SET k 0                    -> +OK
  OBJECT ENCODING k          -> "int"
  SET k -1                   -> +OK
  OBJECT ENCODING k          -> "int"
  SET k 9999                 -> +OK
  OBJECT ENCODING k          -> "int"
  SET k 10000                -> +OK
  OBJECT ENCODING k          -> "int"
  SET k 9223372036854775807  -> +OK
  OBJECT ENCODING k          -> "int"
  SET k -9223372036854775808 -> +OK
  OBJECT ENCODING k          -> "int"
  SET k 9223372036854775808  -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k -9223372036854775809 -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k 01                   -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k -0                   -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k +1                   -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k 1.5                  -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k ""                   -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k <x*44>               -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k <x*45>               -> +OK
  OBJECT ENCODING k          -> "raw"
  SET k <1*20>               -> +OK
  OBJECT ENCODING k          -> "embstr"
  SET k <1*19>               -> +OK
  OBJECT ENCODING k          -> "int"
`;

given('every command that writes a string leaves the encoding that Redis leaves')`
  APPEND a 12               -> :2
  OBJECT ENCODING a         -> "int"
  APPEND a 3                -> :3
  OBJECT ENCODING a         -> "raw"
  SETRANGE s 0 12           -> :2
  OBJECT ENCODING s         -> "raw"
  SETRANGE s 0 3            -> :2
  OBJECT ENCODING s         -> "raw"
  INCR s                    -> :33
  OBJECT ENCODING s         -> "int"
  SET k 1                   -> +OK
  APPEND k ""               -> :1
  OBJECT ENCODING k         -> "raw"
  SET k abc                 -> +OK
  APPEND k ""               -> :3
  OBJECT ENCODING k         -> "raw"
  APPEND k d                -> :4
  OBJECT ENCODING k         -> "raw"
  SET k 10                  -> +OK
  INCRBYFLOAT k 1           -> "11"
  OBJECT ENCODING k         -> "embstr"
  INCRBYFLOAT k 0.5         -> "11.5"
  OBJECT ENCODING k         -> "embstr"
  INCRBYFLOAT k 0.5         -> "12"
  OBJECT ENCODING k         -> "embstr"
  INCR k                    -> :13
  OBJECT ENCODING k         -> "int"
  GETSET k 5                -> "13"
  OBJECT ENCODING k         -> "int"
  GETSET k <y*50>           -> "5"
  OBJECT ENCODING k         -> "raw"
  SETNX n 7                 -> :1
  OBJECT ENCODING n         -> "int"
  MSET m 7 o seven p <z*99> -> +OK
  OBJECT ENCODING m         -> "int"
  OBJECT ENCODING o         -> "embstr"
  OBJECT ENCODING p         -> "raw"
  MSETNX q 8 r eight        -> :1
  OBJECT ENCODING q         -> "int"
  OBJECT ENCODING r         -> "embstr"
  SETEX t 100 9             -> +OK
  OBJECT ENCODING t         -> "int"
  PSETEX u 100000 nine      -> +OK
  OBJECT ENCODING u         -> "embstr"
`;

given('reading, copying, renaming and expiring leave the encoding alone')`
  SET k abc         -> +OK
  APPEND k d        -> :4
  GET k             -> "abcd"
  GETEX k EX 100    -> "abcd"
  PERSIST k         -> :1
  OBJECT ENCODING k -> "raw"
  COPY k l          -> :1
  OBJECT ENCODING l -> "raw"
  RENAME k m        -> +OK
  OBJECT ENCODING m -> "raw"
  MOVE m 1          -> :1
  SELECT 1          -> +OK
  OBJECT ENCODING m -> "raw"
  SETRANGE m 0 ""   -> :4
  OBJECT ENCODING m -> "raw"
`;

given('OBJECT REFCOUNT shows small integers as shared')`
  SET k 0           -> +OK
  OBJECT REFCOUNT k -> :2147483647
  SET k 9999        -> +OK
  OBJECT REFCOUNT k -> :2147483647
  SET k 10000       -> +OK
  OBJECT REFCOUNT k -> :1
  SET k -1          -> +OK
  OBJECT REFCOUNT k -> :1
  SET k abc         -> +OK
  OBJECT REFCOUNT k -> :1
  SET k 9           -> +OK
  INCR k            -> :10
  OBJECT REFCOUNT k -> :2147483647
  SET k 9998        -> +OK
  INCR k            -> :9999
  OBJECT REFCOUNT k -> :2147483647
  INCR k            -> :10000
  OBJECT REFCOUNT k -> :1
  DECR k            -> :9999
  OBJECT REFCOUNT k -> :2147483647
`;

given('OBJECT IDLETIME counts seconds since the last access')`
  SET k v -> +OK
  OBJECT IDLETIME k -> :0..5
  TOUCH k -> :1
  OBJECT IDLETIME k -> :0..5
  COPY k copy -> :1
  OBJECT IDLETIME copy -> :0..5
  RENAME k other -> +OK
  OBJECT IDLETIME other -> :0..5
`;

given('OBJECT FREQ wants an LFU policy, OBJECT IDLETIME any other')`
  SET k v -> +OK
  OBJECT FREQ k
    -> -ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
  CONFIG SET maxmemory-policy allkeys-lfu -> +OK
  OBJECT FREQ k -> :*
  OBJECT IDLETIME k
    -> -ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.
  SET new v -> +OK
  OBJECT FREQ new -> :5
  CONFIG SET maxmemory-policy noeviction -> +OK
`;

given('OBJECT answers nil for a key that is not there')`
  OBJECT ENCODING missing -> nil
  OBJECT REFCOUNT missing -> nil
  OBJECT IDLETIME missing -> nil
  OBJECT FREQ missing     -> nil
  SET gone v PXAT 1       -> +OK
  OBJECT ENCODING gone    -> nil
`;

given('OBJECT knows its subcommands and counts their arguments')`
  OBJECT                  -> -ERR wrong number of arguments for 'object' command
  OBJECT FOO              -> -ERR unknown subcommand 'FOO'. Try OBJECT HELP.
  OBJECT FOO k            -> -ERR unknown subcommand 'FOO'. Try OBJECT HELP.
  OBJECT "" k             -> -ERR unknown subcommand ''. Try OBJECT HELP.
  OBJECT "a\r\nb"         -> -ERR unknown subcommand 'a  b'. Try OBJECT HELP.
  OBJECT ENCODING         -> -ERR wrong number of arguments for 'object|encoding' command
  OBJECT ENCODING a b     -> -ERR wrong number of arguments for 'object|encoding' command
  OBJECT REFCOUNT         -> -ERR wrong number of arguments for 'object|refcount' command
  OBJECT IDLETIME         -> -ERR wrong number of arguments for 'object|idletime' command
  OBJECT FREQ             -> -ERR wrong number of arguments for 'object|freq' command
  OBJECT HELP x           -> -ERR wrong number of arguments for 'object|help' command
  object encoding missing -> nil
`;

given('OBJECT HELP lists the subcommands')`
  OBJECT HELP
    -> [+"OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"ENCODING <key>"
    +"    Return the kind of internal representation used in order to store the value"
    +"    associated with a <key>." +"FREQ <key>"
    +"    Return the access frequency index of the <key>. The returned integer is"
    +"    proportional to the logarithm of the recent access frequency of the key."
    +"IDLETIME <key>" +"    Return the idle time of the <key>, that is the approximated number of"
    +"    seconds elapsed since the last access to the key." +"REFCOUNT <key>"
    +"    Return the number of references of the value associated with the specified"
    +"    <key>." +HELP +"    Prints this help."]
`;
