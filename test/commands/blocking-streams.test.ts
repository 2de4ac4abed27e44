/** XREAD and XREADGROUP that wait, and what happens to their streams and groups meanwhile. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('XREAD answers at once if there is something, whatever BLOCK says')`
  XADD s 1-1 a b                        -> "1-1"
  XREAD BLOCK 0 STREAMS s 0             -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XREAD COUNT 1 BLOCK 0 STREAMS t s 0 0 -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XREAD BLOCK 1 STREAMS s $             -> nil[]
  XREAD BLOCK 1 STREAMS s 1-1           -> nil[]
`;

given('XREAD waits for entries above the ids, $ is the last one when it begins to wait')`
  a> XADD s 1-1 a b                          -> "1-1"
  a> XREAD BLOCK 0 STREAMS s t $ $           -> (blocked)
  b> XREAD BLOCK 0 STREAMS s 2               -> (blocked)
  c> XREAD COUNT 1 BLOCK 0 STREAMS t s 0-0 5 -> (blocked)
  d> MULTI                                   -> +OK
  d> XADD s 2-0 c d                          -> +QUEUED
  d> XADD s 2-1 e f                          -> +QUEUED
  d> EXEC                                    -> ["2-0" "2-1"]
  a>                                         -> pairs{"s" => [["2-0" ["c" "d"]] ["2-1" ["e" "f"]]]}
  b>                                         -> pairs{"s" => [["2-1" ["e" "f"]]]}
  c>                                         -> (none)
  d> XADD t 1-1 g h                          -> "1-1"
  c>                                         -> pairs{"t" => [["1-1" ["g" "h"]]]}
`;

given('a stream that was not there, a key that is named twice')`
  a> XREAD BLOCK 0 STREAMS s $     -> (blocked)
  b> XREAD BLOCK 0 STREAMS s s 5 0 -> (blocked)
  d> XADD s 1-1 a b                -> "1-1"
  a>                               -> pairs{"s" => [["1-1" ["a" "b"]]]}
  d> XADD s 5-1 a b                -> "5-1"
  b>                               -> pairs{"s" => [["5-1" ["a" "b"]]]}
`;

given('what was set back is waited for in vain')`
  a> XADD s 5-1 a 1            -> "5-1"
  a> XREAD BLOCK 0 STREAMS s $ -> (blocked)
  b> DEL s                     -> :1
  b> XADD s 1-1 a 1            -> "1-1"
  b> XADD s 5-1 a 1            -> "5-1"
  a>                           -> (none)
  b> XADD s 5-2 a 1            -> "5-2"
  a>                           -> pairs{"s" => [["5-2" ["a" "1"]]]}
`;

given('XSETID adds nothing')`
  a> XADD s 1-1 a 1            -> "1-1"
  a> XREAD BLOCK 0 STREAMS s $ -> (blocked)
  b> XSETID s 5-5              -> +OK
  a>                           -> (none)
  b> XADD s 6-1 a 1            -> "6-1"
  a>                           -> pairs{"s" => [["6-1" ["a" "1"]]]}
`;

given('readers get all, groups each entry once')`
  a> XGROUP CREATE s g $ MKSTREAM              -> +OK
  a> XREADGROUP GROUP g c1 COUNT 2 BLOCK 0 STREAMS s > -> (blocked)
  b> XREADGROUP GROUP g c2 BLOCK 0 NOACK STREAMS s > -> (blocked)
  c> XREAD BLOCK 0 COUNT 1 STREAMS s 0         -> (blocked)
  e> XREADGROUP GROUP g c3 BLOCK 0 STREAMS s > -> (blocked)
  d> MULTI                                     -> +OK
  d> XADD s 1-1 a b                            -> +QUEUED
  d> XADD s 1-2 a b                            -> +QUEUED
  d> XADD s 1-3 a b                            -> +QUEUED
  d> EXEC                                      -> ["1-1" "1-2" "1-3"]
  a>                                           -> pairs{"s" => [["1-1" ["a" "b"]] ["1-2" ["a" "b"]]]}
  b>                                           -> pairs{"s" => [["1-3" ["a" "b"]]]}
  c>                                           -> pairs{"s" => [["1-1" ["a" "b"]]]}
  e>                                           -> (none)
  d> XPENDING s g                              -> [:2 "1-1" "1-2" [["c1" "2"]]]
  d> XADD s 1-4 a b                            -> "1-4"
  e>                                           -> pairs{"s" => [["1-4" ["a" "b"]]]}
  d> XPENDING s g                              -> [:3 "1-1" "1-4" [["c1" "2"] ["c3" "1"]]]
`;

given('what a group has delivered before is read without waiting')`
  XGROUP CREATE s g $ MKSTREAM             -> +OK
  XREADGROUP GROUP g c BLOCK 0 STREAMS s 0 -> pairs{"s" => []}
  XADD s 1-1 a b                           -> "1-1"
  XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XREADGROUP GROUP g c BLOCK 0 STREAMS s 0 -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XREADGROUP GROUP g c BLOCK 1 STREAMS s > -> nil[]
`;

given('words may be names')`
  a> XGROUP CREATE STREAMS GROUP $ MKSTREAM -> +OK
  a> XREADGROUP GROUP GROUP STREAMS BLOCK 0 STREAMS STREAMS > -> (blocked)
  b> XADD STREAMS 1-1 a b                   -> "1-1"
  a>                                        -> pairs{"STREAMS" => [["1-1" ["a" "b"]]]}
`;

given('a stream that goes ends the waiting of groups')`
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XGROUP CREATE t g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s t > > -> (blocked)
  b> DEL t                                    -> :1
  a>                                          -> -UNBLOCKED the stream key no longer exists
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> SET s x                                  -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  b> DEL s                                    -> :1
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> RENAME s u                               -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  b> RENAME u s                               -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> SET u x                                  -> +OK
  b> RENAME u s                               -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  b> DEL s                                    -> :1
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> PEXPIREAT s 1                            -> :1
  a>                                          -> -UNBLOCKED the stream key no longer exists
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> MOVE s 1                                 -> :1
  a>                                          -> -UNBLOCKED the stream key no longer exists
`;

given('so do FLUSHALL, FLUSHDB, SWAPDB and a copy of another type')`
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> FLUSHALL                                 -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> SELECT 1                                 -> +OK
  b> FLUSHDB                                  -> +OK
  a>                                          -> (none)
  b> SELECT 0                                 -> +OK
  b> FLUSHDB                                  -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> SWAPDB 0 1                               -> +OK
  a>                                          -> -UNBLOCKED the stream key no longer exists
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> RPUSH l 1 2                              -> :2
  b> COPY l s REPLACE                         -> :1
  a>                                          -> -UNBLOCKED the stream key no longer exists
`;

given('so does a group that goes')`
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XGROUP CREATE s h $                      -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> XGROUP DESTROY s h                       -> :1
  a>                                          -> (none)
  b> XGROUP DESTROY s g                       -> :1
  a>
    -> -NOGROUP the consumer group this client was blocked on no longer exists
  b> XGROUP CREATE s g $                      -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> XADD t 1-1 a b                           -> "1-1"
  b> RENAME t s                               -> +OK
  a>
    -> -NOGROUP the consumer group this client was blocked on no longer exists
`;

given('a group that goes and comes in one transaction is the same')`
  a> XGROUP CREATE s g $ MKSTREAM             -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> MULTI                                    -> +OK
  b> XGROUP DESTROY s g                       -> +QUEUED
  b> XGROUP CREATE s g $                      -> +QUEUED
  b> EXEC                                     -> [:1 +OK]
  a>                                          -> (none)
  b> MULTI                                    -> +OK
  b> DEL s                                    -> +QUEUED
  b> XGROUP CREATE s g $ MKSTREAM             -> +QUEUED
  b> EXEC                                     -> [:1 +OK]
  a>                                          -> (none)
  b> XADD t 1-1 a b                           -> "1-1"
  b> XGROUP CREATE t g 0                      -> +OK
  b> RENAME t s                               -> +OK
  a>                                          -> pairs{"s" => [["1-1" ["a" "b"]]]}
`;

given('XGROUP SETID does not serve, the next entry does')`
  a> XADD s 1-1 a b                           -> "1-1"
  a> XGROUP CREATE s g $                      -> +OK
  a> XREADGROUP GROUP g c BLOCK 0 STREAMS s > -> (blocked)
  b> XGROUP SETID s g 0                       -> +OK
  a>                                          -> (none)
  b> XADD s 2-1 a b                           -> "2-1"
  a>                                          -> pairs{"s" => [["1-1" ["a" "b"]] ["2-1" ["a" "b"]]]}
`;
