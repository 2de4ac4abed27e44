/** CLIENT PAUSE and UNPAUSE: what is put off, and what becomes of it; NO-TOUCH and SETINFO. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();
const later = { skip: { redis: '7.0 does not have it' } };

given('CLIENT PAUSE takes a time in milliseconds and a word')`
  CLIENT PAUSE                      -> -ERR wrong number of arguments for 'client|pause' command
  CLIENT PAUSE -1                   -> -ERR timeout is negative
  CLIENT PAUSE x                    -> -ERR timeout is not an integer or out of range
  CLIENT PAUSE 1.5                  -> -ERR timeout is not an integer or out of range
  CLIENT PAUSE 99999999999999999999 -> -ERR timeout is not an integer or out of range
  CLIENT PAUSE 1 foo                -> -ERR CLIENT PAUSE mode must be WRITE or ALL
  CLIENT PAUSE x foo                -> -ERR CLIENT PAUSE mode must be WRITE or ALL
  CLIENT PAUSE 1 write x
    -> -ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.
  CLIENT UNPAUSE x                  -> -ERR wrong number of arguments for 'client|unpause' command
  CLIENT UNPAUSE                    -> +OK
  CLIENT PAUSE 100000 WRITE         -> +OK
  CLIENT UNPAUSE                    -> +OK
`;

given('while writes pause they wait, and what only reads does not')`
  SET k 1                   -> +OK
  CLIENT PAUSE 100000 WRITE -> +OK
  a> GET k                  -> "1"
  b> SET k 2                -> (blocked)
  c> PUBLISH ch x           -> (blocked)
  d> PFCOUNT h              -> (blocked)
  a> GET k                  -> "1"
  e> MULTI                  -> +OK
  e> GET k                  -> +QUEUED
  e> EXEC                   -> ["1"]
  f> MULTI                  -> +OK
  f> SET k 3                -> (blocked)
  g> SUBSCRIBE ch           -> >["subscribe" "ch" :1]
  h> SET                    -> -ERR wrong number of arguments for 'set' command
  h> NOSUCH                 -> -"ERR unknown command 'NOSUCH', with args beginning with: "
  h> EXISTS k               -> :1
  a> CLIENT UNPAUSE         -> +OK
  b>                        -> +OK
  c>                        -> :1
  d>                        -> :0
  f>                        -> +QUEUED
  g>                        -> >["message" "ch" "x"]
  f> EXEC                   -> [+OK]
  a> GET k                  -> "3"
`;

given('EXEC waits if something queued writes')`
  a> MULTI                     -> +OK
  a> SET k 1                   -> +QUEUED
  b> MULTI                     -> +OK
  b> GET k                     -> +QUEUED
  c> CLIENT PAUSE 100000 WRITE -> +OK
  a> EXEC                      -> (blocked)
  b> EXEC                      -> [nil]
  c> CLIENT UNPAUSE            -> +OK
  a>                           -> [+OK]
`;

const NO_WRITES = '"#!lua flags=no-writes\\nreturn 1"';
const WRITES = '"#!lua\\nreturn 1"';
const LIBRARY =
  "\"#!lua name=lib\\nredis.register_function{function_name='reads'," +
  "callback=function() return 1 end,flags={'no-writes'}}\\n" +
  "redis.register_function('writes',function() return 1 end)\"";

given('while writes pause, of scripts those wait that may write')`
  FUNCTION LOAD REPLACE ${LIBRARY}       -> "lib"
  SCRIPT LOAD ${NO_WRITES}               -> "77f21361171213377cb083e2ffc2ae24ffdff8fb"
  z> MULTI                               -> +OK
  z> FCALL reads 0                       -> +QUEUED
  b> MULTI                               -> +OK
  b> FCALL writes 0                      -> +QUEUED
  CLIENT PAUSE 100000 WRITE              -> +OK
  EVAL ${NO_WRITES} 0                    -> :1
  EVAL_RO "return 1" 0                   -> :1
  EVALSHA 77F21361171213377cb083e2ffc2ae24ffdff8fb 0 -> :1
  FCALL reads 0                          -> :1
  FCALL_RO READS 0                       -> :1
  EVAL ${NO_WRITES} x                    -> -ERR value is not an integer or out of range
  z> EXEC                                -> [:1]
  z> MULTI                               -> +OK
  z> EVAL ${NO_WRITES} 0                 -> +QUEUED
  z> EXEC                                -> [:1]
  b> EXEC                                -> (blocked)
  c> EVAL ${WRITES} 0                    -> (blocked)
  d> EVAL "return 1" 0                   -> (blocked)
  e> EVAL_RO ${WRITES} 0                 -> (blocked)
  f> EVALSHA ffffffffffffffffffffffffffffffffffffffff 0 -> (blocked)
  g> FCALL none 0                        -> (blocked)
  h> EVAL "#!lua flags=bogus\nreturn 1" 0 -> (blocked)
  CLIENT UNPAUSE                         -> +OK
  b>                                     -> [:1]
  c>                                     -> :1
  d>                                     -> :1
  e>                                     -> -ERR Can not execute a script with write flag using *_ro command.
  f>                                     -> -NOSCRIPT No matching script. Please use EVAL.
  g>                                     -> -ERR Function not found
  h>                                     -> -ERR Unexpected flag in script shebang: bogus
`;

given('a pause ends by itself')`
  CLIENT PAUSE 50 -> +OK
  PING            -> +PONG
`;

given('a second pause makes the first wider and longer, never shorter')`
  CLIENT PAUSE 100000 WRITE -> +OK
  CLIENT PAUSE 1 WRITE      -> +OK
  b> SET k 1                -> (blocked)
  CLIENT UNPAUSE            -> +OK
  b>                        -> +OK
`;

given('what waits for data goes on waiting')`
  a> BLPOP l 0                 -> (blocked)
  b> CLIENT PAUSE 100000 WRITE -> +OK
  c> RPUSH l x                 -> (blocked)
  b> CLIENT UNPAUSE            -> +OK
  a>                           -> ["l" "x"]
  c>                           -> :1
`;

given('the requests behind one that waits wait too, in their order')`
  b> CLIENT PAUSE 100000 WRITE -> +OK
  a> INCR n                    -> (blocked)
  c> GET n                     -> nil
  b> CLIENT UNPAUSE            -> +OK
  a>                           -> :1
  a> INCR n                    -> :2
`;

given('inside EXEC nothing waits')`
  MULTI                     -> +OK
  CLIENT PAUSE 100000 WRITE -> +QUEUED
  SET k 1                   -> +QUEUED
  CLIENT UNPAUSE            -> +QUEUED
  EXEC                      -> [+OK +OK +OK]
`;

given('one that waits can be killed')`
  b> CLIENT PAUSE 100000 WRITE -> +OK
  a> SET k 1                   -> (blocked)
  b> CLIENT KILL ID <id:a>     -> :1
  a>                           -> (closed)
  b> CLIENT UNPAUSE            -> +OK
  b> EXISTS k                  -> :0
`;

given('CLIENT NO-TOUCH is on or off', later)`
  CLIENT NO-TOUCH     -> -ERR wrong number of arguments for 'client|no-touch' command
  CLIENT NO-TOUCH foo -> -ERR syntax error
  CLIENT NO-TOUCH ON  -> +OK
  CLIENT INFO         -> /[^]* flags=T [^]*/
  CLIENT NO-TOUCH off -> +OK
  CLIENT INFO         -> /[^]* flags=N [^]*/
`;

given('CLIENT SETINFO tells of the library', later)`
  CLIENT SETINFO LIB-NAME           -> -ERR wrong number of arguments for 'client|setinfo' command
  CLIENT SETINFO FOO x              -> -ERR Unrecognized option 'FOO'
  CLIENT SETINFO LIB-NAME "a b"
    -> -ERR lib-name cannot contain spaces, newlines or special characters.
  CLIENT SETINFO lib-name redis-py  -> +OK
  CLIENT SETINFO LIB-VER 5.1        -> +OK
  CLIENT INFO                       -> /[^]* lib-name=redis-py lib-ver=5\.1\n/
`;
