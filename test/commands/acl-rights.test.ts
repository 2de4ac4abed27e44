/** ACL: what users may run, plainly, in transactions, with other keys, and on channels. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('ACL DRYRUN tells what a user may run')`
  ACL SETUSER u reset on >p +get +@hash +config|get ~k* %R~r* &c* +select|0 +publish +subscribe +psubscribe +eval +sort +xread (+set ~s*) (+spublish &z)
    -> +OK
  ACL DRYRUN u get k                 -> +OK
  ACL DRYRUN u GET x                 -> "This user has no permissions to access the 'x' key"
  ACL DRYRUN u set s 1               -> +OK
  ACL DRYRUN u set k 1               -> "This user has no permissions to access the 'k' key"
  ACL DRYRUN u hset k f v            -> +OK
  ACL DRYRUN u hset r f v            -> "This user has no permissions to access the 'r' key"
  ACL DRYRUN u hget r f              -> +OK
  ACL DRYRUN u config get x          -> +OK
  ACL DRYRUN u CONFIG SET a b
    -> "This user has no permissions to run the 'config|set' command"
  ACL DRYRUN u select 0              -> +OK
  ACL DRYRUN u select 1              -> "This user has no permissions to run the 'select' command"
  ACL DRYRUN u publish c1 x          -> +OK
  ACL DRYRUN u publish d x           -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u spublish z x          -> +OK
  ACL DRYRUN u spublish c1 x         -> "This user has no permissions to access the 'c1' channel"
  ACL DRYRUN u subscribe c1 c2 d     -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u psubscribe c*         -> +OK
  ACL DRYRUN u psubscribe c1         -> "This user has no permissions to access the 'c1' channel"
  ACL DRYRUN u psubscribe c* d       -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u unsubscribe d
    -> "This user has no permissions to run the 'unsubscribe' command"
  ACL DRYRUN u eval x 1 k            -> +OK
  ACL DRYRUN u eval x 2 k z          -> "This user has no permissions to access the 'z' key"
  ACL DRYRUN u sort k by x* get y    -> +OK
  ACL DRYRUN u sort k store k2       -> +OK
  ACL DRYRUN u sort k store s        -> "This user has no permissions to access the 's' key"
  ACL DRYRUN u xread streams k x 0 0 -> "This user has no permissions to access the 'x' key"
  ACL DRYRUN u xread streams k k 0 0 -> +OK
  ACL DRYRUN u auth a                -> +OK
  ACL DRYRUN u hello 3               -> +OK
  ACL DRYRUN u quit                  -> +OK
  ACL DRYRUN u ping                  -> "This user has no permissions to run the 'ping' command"
  ACL DRYRUN u get "a\r\nb"          -> "This user has no permissions to access the 'a\r\nb' key"
  ACL DRYRUN u get "\xff\x00"        -> "This user has no permissions to access the '\xff' key"
  ACL DRYRUN default get x           -> +OK
  ACL DRYRUN nobody get x            -> -ERR User 'nobody' not found
  ACL DRYRUN "no\r\nbody" get x      -> -ERR User 'no  body' not found
  ACL DRYRUN u nosuch x              -> -ERR Command 'nosuch' not found
  ACL DRYRUN u config nosuch         -> -ERR Command 'config' not found
  ACL DRYRUN u config|get x          -> -ERR Command 'config|get' not found
  ACL DRYRUN u get                   -> -ERR wrong number of arguments for 'get' command
  ACL DRYRUN u config                -> -ERR wrong number of arguments for 'config' command
  ACL DRYRUN u get a b               -> -ERR wrong number of arguments for 'get' command
  ACL DELUSER u                      -> :1
`;

given('who acts as a user may do what the user may')`
  SET k v                           -> +OK
  ACL SETUSER u reset on >p +get +set|x +@connection +@pubsub ~k* %R~r* &c* (+set ~s*) (+spublish &z)
    -> +OK
  b> AUTH u p                       -> +OK
  b> ACL WHOAMI
    -> -NOPERM this user has no permissions to run the 'acl|whoami' command
  b> GET k                          -> "v"
  b> GET r                          -> nil
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> SET s 1                        -> +OK
  b> SET k 1
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> DEL k                          -> -NOPERM this user has no permissions to run the 'del' command
  b> CONFIG SET a b
    -> -NOPERM this user has no permissions to run the 'config|set' command
  b> CONFIG                         -> -ERR wrong number of arguments for 'config' command
  b> NOSUCH                         -> -"ERR unknown command 'NOSUCH', with args beginning with: "
  b> GET                            -> -ERR wrong number of arguments for 'get' command
  b> PUBLISH c 1                    -> :0
  b> PUBLISH d 1
    -> -NOPERM this user has no permissions to access one of the channels used as arguments
  b> SPUBLISH z 1                   -> :0
  b> PING                           -> +PONG
  b> SELECT 3                       -> +OK
  b> GET k                          -> nil
  b> RESET                          -> +RESET
  b> GET x                          -> nil
  b> AUTH u p                       -> +OK
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  ACL SETUSER u ~x                  -> +OK
  b> GET x                          -> nil
  ACL SETUSER u resetkeys -@all     -> +OK
  b> GET k                          -> -NOPERM this user has no permissions to run the 'get' command
  b> PING
    -> -NOPERM this user has no permissions to run the 'ping' command
  b> SET s 1                        -> +OK
  ACL SETUSER u allkeys allcommands -> +OK
  b> SET x 1                        -> +OK
  ACL DELUSER u                     -> :1
  b> PING                           -> (closed)
`;

given('AUTH wants a user who is on')`
  ACL SETUSER u reset >p           -> +OK
  b> AUTH u p                      -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL SETUSER u on                 -> +OK
  b> AUTH u p                      -> +OK
  b> AUTH u x                      -> -WRONGPASS invalid username-password pair or user is disabled.
  b> ACL WHOAMI
    -> -NOPERM this user has no permissions to run the 'acl|whoami' command
  b> PING                          -> -NOPERM this user has no permissions to run the 'ping' command
  ACL SETUSER u nopass +acl|whoami -> +OK
  c> AUTH u anything               -> +OK
  c> ACL WHOAMI                    -> "u"
  ACL SETUSER u off                -> +OK
  c> ACL WHOAMI                    -> "u"
  c> AUTH u anything               -> -WRONGPASS invalid username-password pair or user is disabled.
  c> HELLO 2 AUTH u x              -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL SETUSER u resetpass on       -> +OK
  c> AUTH u anything               -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL DELUSER u                    -> :1
  b> PING -> (closed)
  c> PING -> (closed)
`;

given('a transaction asks for permission twice')`
  ACL SETUSER u reset on nopass +get +multi +exec +publish ~k &c -> +OK
  b> AUTH u x                 -> +OK
  b> MULTI                    -> +OK
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> EXEC                     -> -EXECABORT Transaction discarded because of previous errors.
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u -get          -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to execute the command or subcommand"]
  ACL SETUSER u +get          -> +OK
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u resetkeys     -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to touch the specified keys"]
  ACL SETUSER u ~k            -> +OK
  b> MULTI                    -> +OK
  b> PUBLISH c 1              -> +QUEUED
  b> GET k                    -> +QUEUED
  ACL SETUSER u resetchannels -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to access one of the channels used as arguments"
    nil]
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u -exec         -> +OK
  b> EXEC
    -> -EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command
  ACL SETUSER u +exec         -> +OK
  b> EXEC                     -> -ERR EXEC without MULTI
  ACL DELUSER u               -> :1
  b> PING -> (closed)
`;

given('SORT reads other keys for those who may read all')`
  RPUSH k 2 1                      -> :2
  ACL SETUSER u reset on nopass +sort +sort_ro +multi +exec ~k -> +OK
  b> AUTH u x                      -> +OK
  b> SORT k                        -> ["1" "2"]
  b> SORT k BY x                   -> ["2" "1"]
  b> SORT k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT_RO k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT k GET x
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT k LIMIT 0 1 DESC GET #
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT k FOO BY x*              -> -ERR syntax error
  b> SORT k LIMIT x 1 BY x*        -> -ERR value is not an integer or out of range
  b> SORT k BY                     -> -ERR syntax error
  b> SORT k ALPHA STORE k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT x BY x*
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> MULTI                         -> +OK
  b> SORT k BY x*                  -> +QUEUED
  b> EXEC
    -> [-"ERR BY option of SORT denied due to insufficient ACL permissions."]
  ACL SETUSER u %R~*               -> +OK
  b> SORT k BY x*                  -> ["1" "2"]
  ACL SETUSER u resetkeys ~k ~**   -> +OK
  b> SORT k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  ACL SETUSER u (allkeys +sort_ro) -> +OK
  b> SORT k GET x
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT_RO k GET x               -> [nil nil]
  ACL DELUSER u                    -> :1
  b> PING -> (closed)
`;

given('who listens to what is allowed no longer is disconnected')`
  ACL SETUSER u reset on nopass +@all allchannels -> +OK
  b> AUTH u x                        -> +OK
  b> SUBSCRIBE a                     -> >["subscribe" "a" :1]
  c> AUTH u x                        -> +OK
  c> PSUBSCRIBE a*                   -> >["psubscribe" "a*" :1]
  d> AUTH u x                        -> +OK
  d> SSUBSCRIBE a                    -> >["ssubscribe" "a" :1]
  e> AUTH u x                        -> +OK
  ACL SETUSER u resetchannels &a &a* -> +OK
  PUBSUB CHANNELS                    -> ["a"]
  ACL SETUSER u resetchannels &a     -> +OK
  PUBSUB NUMPAT                      -> :0
  PUBSUB CHANNELS                    -> ["a"]
  ACL SETUSER u resetchannels (&a)   -> +OK
  PUBSUB CHANNELS                    -> ["a"]
  PUBSUB SHARDCHANNELS               -> ["a"]
  ACL SETUSER u clearselectors       -> +OK
  PUBSUB CHANNELS                    -> []
  PUBSUB SHARDCHANNELS               -> []
  e> PING                            -> +PONG
  ACL DELUSER u                      -> :1
  b> PING -> (closed)
  c> PING -> (closed)
  d> PING -> (closed)
  e> PING -> (closed)
`;

given('a script may do what its caller may')`
  SET k v                                      -> +OK
  ACL SETUSER u reset on nopass +eval +eval_ro +fcall +get +sort +publish +multi +exec +acl|log ~k* &c
    -> +OK
  ACL LOG RESET                                -> +OK
  b> AUTH u x                                  -> +OK
  b> EVAL "return redis.call('get', KEYS[1])" 1 k -> "v"
  b> EVAL "return redis.call('get', KEYS[1])" 1 x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> EVAL "return redis.call('get', 'x')" 0
    -> -ERR The user executing the script can't access at least one of the keys mentioned in the command arguments script: 7b232de2280a0be147450f1bfc287bf012a22d2b, on @user_script:1.
  b> EVAL "return redis.call('del', 'k')" 0
    -> -ERR The user executing the script can't run this command or subcommand script: 47b7443a0476c69075e4c3fdb47629aacc40bcfa, on @user_script:1.
  b> EVAL "return redis.call('publish', 'd', 1)" 0
    -> -ERR The user executing the script can't publish to the channel mentioned in the command script: a0863d62ca05e5f82e4911efb4714e1f596ad8ee, on @user_script:1.
  b> EVAL "return redis.call('publish', 'c', 1)" 0 -> :0
  b> EVAL "return redis.call('sort', 'k2', 'by', 'x*')" 0
    -> -ERR BY option of SORT denied due to insufficient ACL permissions. script: 36dfb28b0f13dd9c99c6d951d2cc58c147febc1d, on @user_script:1.
  b> EVAL "return redis.pcall('del', 'k')" 0
    -> -ERR The user executing the script can't run this command or subcommand
  b> EVAL "return {redis.acl_check_cmd('get', 'x'), redis.acl_check_cmd('get', 'k'), redis.acl_check_cmd('del', 'k')}" 0
    -> [nil :1 nil]
  b> EVAL "return redis.acl_check_cmd('nosuch')" 0
    -> -ERR Invalid command passed to redis.acl_check_cmd() script: d2491587bab5149c93be0dce4426f7a06ba9e1a1, on @user_script:1.
  b> EVAL_RO "return redis.call('get', 'x')" 0
    -> -ERR The user executing the script can't access at least one of the keys mentioned in the command arguments script: 7b232de2280a0be147450f1bfc287bf012a22d2b, on @user_script:1.
  b> EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
    -> -NOPERM this user has no permissions to run the 'evalsha' command
  b> MULTI                                     -> +OK
  b> EVAL "return redis.call('get', 'x')" 0    -> +QUEUED
  b> GET k                                     -> +QUEUED
  b> EXEC
    -> [-"ERR The user executing the script can't access at least one of the keys mentioned in the command arguments script: 7b232de2280a0be147450f1bfc287bf012a22d2b, on @user_script:1."
    "v"]
  ACL DELUSER u                                -> :1
  b> PING                                      -> (closed)
`;

given('what a script is refused is in ACL LOG, as its caller')`
  ACL SETUSER u reset on nopass +eval ~k     -> +OK
  ACL LOG RESET                              -> +OK
  b> AUTH u x                                -> +OK
  b> EVAL "return redis.pcall('del', 'k')" 0
    -> -ERR The user executing the script can't run this command or subcommand
  ACL LOG
    -> [{"count" => :1 "reason" => "command" "context" => "lua" "object" => "del" "username" =>
    "u" "age-seconds" => * "client-info" =>
    /id=.* cmd=eval user=u .*/}]
  ACL DELUSER u                              -> :1
  b> PING                                    -> (closed)
`;
