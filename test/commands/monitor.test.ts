/** MONITOR: what one connection sees of the others. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('MONITOR shows the commands of others once they have run')`
  m> MONITOR           -> +OK
  SET k "a\"b\\\r\n\t\a\b\x00\xff e" -> +OK
  m> -> /\d+\.\d{6} \[0 .+\] "SET" "k" "a\\"b\\\\\\r\\n\\t\\a\\b\\x00\\xff e"/
  get k                -> "a\"b\\\r\n\t\a\b\x00\xff e"
  m>                   -> /.* "get" "k"/
  SELECT 3             -> +OK
  m>                   -> /\d+\.\d{6} \[3 .+\] "SELECT" "3"/
  m> RESET             -> +RESET
`;

given('MONITOR shows a transaction as it runs')`
  m> MONITOR -> +OK
  MULTI      -> +OK
  m>         -> /.* "MULTI"/
  SET k v    -> +QUEUED
  GET k      -> +QUEUED
  EXEC       -> [+OK "v"]
  m>         -> /.* "SET" "k" "v"/
  m>         -> /.* "GET" "k"/
  m>         -> /.* "EXEC"/
  m> RESET             -> +RESET
`;

given('MONITOR shows neither secrets nor administrators, nor what was refused')`
  m> MONITOR      -> +OK
  CONFIG GET port -> *
  GET             -> -ERR wrong number of arguments for 'get' command
  NOSUCH          -> -"ERR unknown command 'NOSUCH', with args beginning with: "
  AUTH bob secret -> -WRONGPASS invalid username-password pair or user is disabled.
  m>              -> /.* "AUTH" "\(redacted\)" "\(redacted\)"/
  HELLO 2 AUTH bob secret -> -WRONGPASS invalid username-password pair or user is disabled.
  m>              -> /.* "HELLO" "2" "AUTH" "\(redacted\)" "\(redacted\)"/
  m> RESET             -> +RESET
`;

given('a session that monitors stays away from data, and sees itself')`
  m> MONITOR      -> +OK
  m> PING         -> +PONG
  m>              -> /.* "PING"/
  m> GET k        -> -ERR Replica can't interact with the keyspace
  m> SET k v      -> -ERR Replica can't interact with the keyspace
  m> PUBLISH c x  -> -ERR Replica can't interact with the keyspace
  m> RESET        -> +RESET
  PING            -> +PONG
  m> GET k        -> nil
`;

given('MONITOR inside a transaction is refused')`
  MULTI   -> +OK
  MONITOR -> +QUEUED
  EXEC    -> [-"ERR MONITOR isn't allowed for DENY BLOCKING client"]
`;

given('MONITOR shows a script before what it calls')`
  m> MONITOR      -> +OK
  EVAL "redis.call('SELECT', 4) return redis.call('set', KEYS[1], 'v')" 1 k -> +OK
  m> -> /\d+\.\d{6} \[0 .+\] "EVAL" "redis.call\('SELECT', 4\) .*" "1" "k"/
  m>              -> /\d+\.\d{6} \[4 lua\] "SELECT" "4"/
  m>              -> /\d+\.\d{6} \[4 lua\] "set" "k" "v"/
  MULTI           -> +OK
  m>              -> /.* "MULTI"/
  EVAL "return redis.call('get', 'x')" 0 -> +QUEUED
  EXEC            -> [nil]
  m>              -> /.* \[0 .+\] "EVAL" .*/
  m>              -> /.* \[0 lua\] "get" "x"/
  m>              -> /.* \[0 .+\] "EXEC"/
  m> RESET        -> +RESET
`;
