/** SET with every option, alone and combined, and GETEX, which shares the options of time. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('SET NX stores only where nothing is, and answers nil otherwise')`
  SET k one NX   -> +OK
  SET k two NX   -> nil
  GET k          -> "one"
  PEXPIREAT k 1  -> :1
  SET k three NX -> +OK
  GET k          -> "three"
`;

given('SET XX stores only where something is')`
  SET k one XX   -> nil
  EXISTS k       -> :0
  SET k one      -> +OK
  SET k two XX   -> +OK
  GET k          -> "two"
  PEXPIREAT k 1  -> :1
  SET k three XX -> nil
  EXISTS k       -> :0
`;

given('SET GET answers the old value, whether it stores or not')`
  SET k one GET       -> nil
  SET k two GET       -> "one"
  SET k three NX GET  -> "two"
  GET k               -> "two"
  SET k four XX GET   -> "two"
  GET k               -> "four"
  DEL k               -> :1
  SET k five XX GET   -> nil
  EXISTS k            -> :0
  SET k six NX GET    -> nil
  GET k               -> "six"
  SET n 10            -> +OK
  SET n 11 GET        -> "10"
  SET n 12 GET EX 100 -> "11"
  TTL missing         -> :-2
`;

given('SET EX, PX, EXAT and PXAT set a time to live')`
  SET k v EX 100 -> +OK
  TTL k -> :90..100
  SET k v PX 100000 -> +OK
  PTTL k -> :90000..100000
  SET k v EXAT 33177117420 -> +OK
  EXPIRETIME k -> :33177117420
  PEXPIRETIME k -> :33177117420000
  SET k v PXAT 33177117420123 -> +OK
  PEXPIRETIME k -> :33177117420123
  EXPIRETIME k -> :33177117420
`;

given('SET EXAT and PXAT in the past store a key that is gone at once')`
  SET k v EXAT 1     -> +OK
  GET k              -> nil
  EXISTS k           -> :0
  SET k v PXAT 1     -> +OK
  GET k              -> nil
  SET k v            -> +OK
  SET k w EXAT 1 GET -> "v"
  GET k              -> nil
  SET k v NX PXAT 1  -> +OK
  TTL k              -> :-2
`;

given('SET KEEPTTL keeps the time to live, if there is one')`
  SET k one PXAT 33177117420123 -> +OK
  SET k two KEEPTTL             -> +OK
  PEXPIRETIME k                 -> :33177117420123
  GET k                         -> "two"
  SET k three KEEPTTL XX GET    -> "two"
  PEXPIRETIME k                 -> :33177117420123
  SET k four                    -> +OK
  PEXPIRETIME k                 -> :-1
  SET k five KEEPTTL            -> +OK
  PEXPIRETIME k                 -> :-1
  SET new v KEEPTTL             -> +OK
  TTL new                       -> :-1
  SET gone v PXAT 1             -> +OK
  SET gone w KEEPTTL            -> +OK
  GET gone                      -> "w"
  TTL gone                      -> :-1
`;

given('SET without KEEPTTL drops the time to live even when it stores the same value')`
  SET k v EXAT 33177117420 -> +OK
  SET k v                  -> +OK
  TTL k                    -> :-1
  SET k v EXAT 33177117420 -> +OK
  SET k w NX               -> nil
  EXPIRETIME k             -> :33177117420
  SET k w XX               -> +OK
  TTL k                    -> :-1
`;

given('SET refuses options that contradict each other')`
  SET k v NX XX           -> -ERR syntax error
  SET k v XX NX           -> -ERR syntax error
  SET k v EX 1 PX 1       -> -ERR syntax error
  SET k v PX 1 EX 1       -> -ERR syntax error
  SET k v EX 1 EXAT 1     -> -ERR syntax error
  SET k v EXAT 1 PXAT 1   -> -ERR syntax error
  SET k v PXAT 1 PX 1     -> -ERR syntax error
  SET k v EX 1 KEEPTTL    -> -ERR syntax error
  SET k v KEEPTTL EX 1    -> -ERR syntax error
  SET k v KEEPTTL PX 1    -> -ERR syntax error
  SET k v KEEPTTL EXAT 1  -> -ERR syntax error
  SET k v KEEPTTL PXAT 1  -> -ERR syntax error
  SET k v PXAT 1 KEEPTTL  -> -ERR syntax error
  EXISTS k                -> :0
`;

given('SET accepts an option that is only repeated')`
  SET k v GET GET            -> nil
  SET k v NX NX              -> nil
  SET k v EX 1 EX 20000000   -> +OK
  TTL k                      -> :19999000..20000000
  SET k v XX XX GET          -> "v"
  SET k v KEEPTTL XX KEEPTTL -> +OK
  GET k                      -> "v"
`;

given('SET refuses words that are no option')`
  SET k v FOO       -> -ERR syntax error
  SET k v ""        -> -ERR syntax error
  SET k v NXX       -> -ERR syntax error
  SET k v N         -> -ERR syntax error
  SET k v EX        -> -ERR syntax error
  SET k v PX        -> -ERR syntax error
  SET k v EXAT      -> -ERR syntax error
  SET k v PXAT      -> -ERR syntax error
  SET k v EX NX     -> -ERR value is not an integer or out of range
  SET k v NX EX     -> -ERR syntax error
  SET k v 10        -> -ERR syntax error
  SET k v PERSIST   -> -ERR syntax error
  SET k v EX 10 FOO -> -ERR syntax error
  SET k v EX 10 20  -> -ERR syntax error
  EXISTS k          -> :0
`;

given('SET refuses times that are no positive integer, and says which command it was')`
  SET k v EX 0                     -> -ERR invalid expire time in 'set' command
  SET k v EX -1                    -> -ERR invalid expire time in 'set' command
  SET k v PX 0                     -> -ERR invalid expire time in 'set' command
  SET k v PX -1                    -> -ERR invalid expire time in 'set' command
  SET k v EXAT 0                   -> -ERR invalid expire time in 'set' command
  SET k v EXAT -1                  -> -ERR invalid expire time in 'set' command
  SET k v PXAT 0                   -> -ERR invalid expire time in 'set' command
  SET k v PXAT -1                  -> -ERR invalid expire time in 'set' command
  SET k v EX x                     -> -ERR value is not an integer or out of range
  SET k v EX ""                    -> -ERR value is not an integer or out of range
  SET k v EX 1.0                   -> -ERR value is not an integer or out of range
  SET k v EX 1e3                   -> -ERR value is not an integer or out of range
  SET k v EX " 10"                 -> -ERR value is not an integer or out of range
  SET k v EX "10 "                 -> -ERR value is not an integer or out of range
  SET k v EX 010                   -> -ERR value is not an integer or out of range
  SET k v EX +10                   -> -ERR value is not an integer or out of range
  SET k v EX -0                    -> -ERR value is not an integer or out of range
  SET k v EX 0x10                  -> -ERR value is not an integer or out of range
  SET k v EX 9223372036854775807   -> -ERR invalid expire time in 'set' command
  SET k v EX 9223372036854775808   -> -ERR value is not an integer or out of range
  SET k v EX -9223372036854775808  -> -ERR invalid expire time in 'set' command
  SET k v EX 9223372036854776      -> -ERR invalid expire time in 'set' command
  SET k v PX 9223372036854775807   -> -ERR invalid expire time in 'set' command
  SET k v PX 9223372036854775808   -> -ERR value is not an integer or out of range
  SET k v EXAT 9223372036854775807 -> -ERR invalid expire time in 'set' command
  SET k v EXAT 9223372036854775    -> +OK
  SET k v EXAT 9223372036854776    -> -ERR invalid expire time in 'set' command
  SET k v PXAT 9223372036854775807 -> +OK
  PEXPIRETIME k                    -> :9223372036854775807
`;

given('a SET that fails leaves the old value and time to live alone')`
  SET k old EXAT 33177117420 -> +OK
  SET k new EX 0             -> -ERR invalid expire time in 'set' command
  SET k new EX x             -> -ERR value is not an integer or out of range
  SET k new NX XX            -> -ERR syntax error
  SET k new FOO              -> -ERR syntax error
  SET k new NX               -> nil
  SET k new NX GET EX 100    -> "old"
  GET k                      -> "old"
  EXPIRETIME k               -> :33177117420
`;

given('SET takes its options in any order')`
  SET k v XX                         -> nil
  SET k v NX EX 100                  -> +OK
  SET k v EX 100 XX                  -> +OK
  SET k v GET PX 100000 XX           -> "v"
  SET k w XX GET KEEPTTL             -> "v"
  SET k x PXAT 33177117420123 GET XX -> "w"
  PEXPIRETIME k                      -> :33177117420123
  GET k                              -> "x"
`;

given('GETEX without options reads and leaves the time to live alone')`
  GETEX missing              -> nil
  SET k v                    -> +OK
  GETEX k                    -> "v"
  TTL k                      -> :-1
  PEXPIREAT k 33177117420123 -> :1
  GETEX k                    -> "v"
  PEXPIRETIME k              -> :33177117420123
`;

given('GETEX sets, changes and removes the time to live')`
  SET k v -> +OK
  GETEX k EX 100 -> "v"
  TTL k -> :90..100
  GETEX k PX 200000 -> "v"
  PTTL k -> :190000..200000
  GETEX k EXAT 33177117420 -> "v"
  EXPIRETIME k -> :33177117420
  GETEX k PXAT 33177117420123 -> "v"
  PEXPIRETIME k -> :33177117420123
  GETEX k PERSIST -> "v"
  TTL k -> :-1
  GETEX k PERSIST -> "v"
`;

given('GETEX with a time in the past answers the value and removes the key')`
  SET k v        -> +OK
  GETEX k PXAT 1 -> "v"
  EXISTS k       -> :0
  SET k v        -> +OK
  GETEX k EXAT 1 -> "v"
  EXISTS k       -> :0
  DBSIZE         -> :0
`;

given('GETEX refuses what is no option, no time, or too much')`
  SET k v                        -> +OK
  GETEX k FOO                    -> -ERR syntax error
  GETEX k EX                     -> -ERR syntax error
  GETEX k EX 10 PX 10            -> -ERR syntax error
  GETEX k EX 10 PERSIST          -> -ERR syntax error
  GETEX k PERSIST EX 10          -> -ERR syntax error
  GETEX k PERSIST PERSIST        -> "v"
  GETEX k KEEPTTL                -> -ERR syntax error
  GETEX k NX                     -> -ERR syntax error
  GETEX k GET                    -> -ERR syntax error
  GETEX k EX 0                   -> -ERR invalid expire time in 'getex' command
  GETEX k EX -1                  -> -ERR invalid expire time in 'getex' command
  GETEX k EX x                   -> -ERR value is not an integer or out of range
  GETEX k PX 0                   -> -ERR invalid expire time in 'getex' command
  GETEX k EXAT 0                 -> -ERR invalid expire time in 'getex' command
  GETEX k PXAT 0                 -> -ERR invalid expire time in 'getex' command
  GETEX k PXAT -1                -> -ERR invalid expire time in 'getex' command
  GETEX k EX 9223372036854775807 -> -ERR invalid expire time in 'getex' command
  GETEX k EX 9223372036854775808 -> -ERR value is not an integer or out of range
  GETEX k EXAT 9223372036854776  -> -ERR invalid expire time in 'getex' command
  GETEX k PX 9223372036854775807 -> -ERR invalid expire time in 'getex' command
  TTL k                          -> :-1
  GETEX missing EX 0             -> nil
  GETEX missing EX x             -> nil
  GETEX missing FOO              -> -ERR syntax error
  GETEX missing EX 10            -> nil
  GETEX                          -> -ERR wrong number of arguments for 'getex' command
`;
