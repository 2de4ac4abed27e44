/** Transactions: MULTI, EXEC, DISCARD, WATCH, UNWATCH, across connections. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('MULTI queues commands and EXEC executes them, in order')`
  MULTI            -> +OK
  SET a 1          -> +QUEUED
  INCR a           -> +QUEUED
  GET nothing      -> +QUEUED
  LPUSH list x y   -> +QUEUED
  LRANGE list 0 -1 -> +QUEUED
  HSET h f v       -> +QUEUED
  HGETALL h        -> +QUEUED
  ZADD z 1.5 m     -> +QUEUED
  ZSCORE z m       -> +QUEUED
  EXEC             -> [+OK :2 nil :2 ["y" "x"] :1 {"f" => "v"} :1 ,1.5]
  GET a            -> "2"
  EXEC             -> -ERR EXEC without MULTI
`;

given('MULTI, EXEC and DISCARD say what is wrong')`
  EXEC         -> -ERR EXEC without MULTI
  DISCARD      -> -ERR DISCARD without MULTI
  MULTI x      -> -ERR wrong number of arguments for 'multi' command
  MULTI        -> +OK
  MULTI        -> -ERR MULTI calls can not be nested
  EXEC         -> []
  EXEC foo
    -> -EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command
  DISCARD foo  -> -ERR wrong number of arguments for 'discard' command
  UNWATCH foo  -> -ERR wrong number of arguments for 'unwatch' command
  WATCH        -> -ERR wrong number of arguments for 'watch' command
  UNWATCH      -> +OK
`;

given('a command that cannot be queued aborts the transaction')`
  MULTI           -> +OK
  SET a           -> -ERR wrong number of arguments for 'set' command
  EXEC            -> -EXECABORT Transaction discarded because of previous errors.
  MULTI           -> +OK
  NOSUCHCOMMAND x -> -"ERR unknown command 'NOSUCHCOMMAND', with args beginning with: 'x' "
  SET a 1         -> +QUEUED
  EXEC            -> -EXECABORT Transaction discarded because of previous errors.
  GET a           -> nil
  MULTI           -> +OK
  CLIENT NOSUCH   -> -ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.
  EXEC            -> -EXECABORT Transaction discarded because of previous errors.
  MULTI           -> +OK
  SET a 1         -> +QUEUED
  EXEC foo
    -> -EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command
  EXEC            -> -ERR EXEC without MULTI
  GET a           -> nil
  MULTI           -> +OK
  DISCARD x       -> -ERR wrong number of arguments for 'discard' command
  EXEC            -> -EXECABORT Transaction discarded because of previous errors.
`;

given('an error of a command that runs does not abort')`
  MULTI        -> +OK
  SET a x      -> +QUEUED
  INCR a       -> +QUEUED
  LPUSH a 1    -> +QUEUED
  SET b 2      -> +QUEUED
  EXEC
    -> [+OK -"ERR value is not an integer or out of range"
    -"WRONGTYPE Operation against a key holding the wrong kind of value" +OK]
  GET b        -> "2"
`;

given('MULTI within MULTI and WATCH within MULTI are refused, and do no harm')`
  MULTI        -> +OK
  MULTI        -> -ERR MULTI calls can not be nested
  WATCH a      -> -ERR WATCH inside MULTI is not allowed
  SET a 1      -> +QUEUED
  EXEC         -> [+OK]
`;

given('DISCARD forgets what was queued and what is watched')`
  a> WATCH k   -> +OK
  a> MULTI     -> +OK
  a> SET k 1   -> +QUEUED
  a> DISCARD   -> +OK
  a> GET k     -> nil
  b> SET k 2   -> +OK
  a> MULTI     -> +OK
  a> GET k     -> +QUEUED
  a> EXEC      -> ["2"]
`;

given('a key that was watched and changed makes EXEC do nothing')`
  a> WATCH k   -> +OK
  b> SET k 1   -> +OK
  a> MULTI     -> +OK
  a> SET k 2   -> +QUEUED
  a> EXEC      -> nil[]
  a> GET k     -> "1"
  a> MULTI     -> +OK
  a> SET k 2   -> +QUEUED
  a> EXEC      -> [+OK]
`;

given('WATCH sees changes of every kind')`
  SET k v           -> +OK
  a> WATCH k        -> +OK
  b> EXPIRE k 100   -> :1
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> DEL k          -> :1
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> LPUSH k a      -> :1
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> RENAME k other -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> RENAME other k -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> FLUSHALL       -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> FLUSHALL       -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> []
  b> SET k 1        -> +OK
  a> WATCH k        -> +OK
  b> SWAPDB 0 1     -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> SWAPDB 0 1     -> +OK
  a> MULTI          -> +OK
  a> EXEC           -> nil[]
  a> WATCH k        -> +OK
  b> SWAPDB 2 3     -> +OK
  b> GET k          -> "1"
  b> TOUCH k        -> :1
  b> SET other x    -> +OK
  a> MULTI          -> +OK
  a> PING           -> +QUEUED
  a> EXEC           -> [+PONG]
  a> WATCH nothing  -> +OK
  b> DEL nothing    -> :0
  b> FLUSHDB        -> +OK
  a> MULTI          -> +OK
  a> PING           -> +QUEUED
  a> EXEC           -> [+PONG]
`;

given('WATCH is of one database')`
  a> WATCH k   -> +OK
  b> SELECT 1  -> +OK
  b> SET k 1   -> +OK
  a> MULTI     -> +OK
  a> PING      -> +QUEUED
  a> EXEC      -> [+PONG]
  a> SELECT 1  -> +OK
  a> WATCH k   -> +OK
  b> SET k 2   -> +OK
  a> SELECT 0  -> +OK
  a> MULTI     -> +OK
  a> PING      -> +QUEUED
  a> EXEC      -> nil[]
`;

given('what one does oneself counts too')`
  WATCH k      -> +OK
  SET k 1      -> +OK
  MULTI        -> +OK
  PING         -> +QUEUED
  EXEC         -> nil[]
  WATCH k      -> +OK
  MULTI        -> +OK
  SET k 2      -> +QUEUED
  SET k 3      -> +QUEUED
  EXEC         -> [+OK +OK]
`;

given('UNWATCH forgets')`
  a> WATCH k j -> +OK
  b> SET k 1   -> +OK
  a> UNWATCH   -> +OK
  a> MULTI     -> +OK
  a> PING      -> +QUEUED
  a> EXEC      -> [+PONG]
`;

given('a watched key that expires')`
  a> SET k 1 PX 500   -> +OK
  a> WATCH gone       -> +OK
  a> WATCH k          -> +OK
  b> DEBUG SLEEP 0.51 -> +OK
  a> MULTI            -> +OK
  a> PING             -> +QUEUED
  a> EXEC             -> nil[]
`;

given('a key that has expired already may be watched')`
  a> DEBUG SET-ACTIVE-EXPIRE 0 -> +OK
  a> SET k 1 PX 1              -> +OK
  b> DEBUG SLEEP 0.02          -> +OK
  a> WATCH k                   -> +OK
  b> GET k                     -> nil
  a> MULTI                     -> +OK
  a> PING                      -> +QUEUED
  a> EXEC                      -> [+PONG]
  a> DEBUG SET-ACTIVE-EXPIRE 1 -> +OK
`;

given('SELECT and HELLO take effect within a transaction')`
  MULTI        -> +OK
  SELECT 3     -> +QUEUED
  SET k v      -> +QUEUED
  EXEC         -> [+OK +OK]
  GET k        -> "v"
  SELECT 0     -> +OK
  EXISTS k     -> :0
`;

given('HELLO changes the protocol of the replies that follow', { protocols: [2] })`
  MULTI             -> +OK
  HELLO 3 SETNAME x -> +QUEUED
  GET nothing       -> +QUEUED
  EXEC              -> [* nil]
`;

given('RESET ends a transaction')`
  a> WATCH k   -> +OK
  a> MULTI     -> +OK
  a> SET k 1   -> +QUEUED
  a> RESET     -> +RESET
  a> EXEC      -> -ERR EXEC without MULTI
  b> SET k 2   -> +OK
  a> MULTI     -> +OK
  a> PING      -> +QUEUED
  a> EXEC      -> [+PONG]
`;

given('what cannot be in a transaction is refused')`
  MULTI        -> +OK
  SHUTDOWN ABORT -> -ERR Command not allowed inside a transaction
  SET a 1      -> +QUEUED
  EXEC         -> -EXECABORT Transaction discarded because of previous errors.
`;

given('an empty transaction has an empty answer')`
  MULTI        -> +OK
  EXEC         -> []
`;

given('SSUBSCRIBE has no place in a transaction, EXEC none among messages')`
  MULTI          -> +OK
  SSUBSCRIBE c   -> +QUEUED
  SUNSUBSCRIBE c -> +QUEUED
  EXEC
    -> [-"ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client" >["sunsubscribe" "c" :0]]
`;

given('EXEC that is refused says so', { protocols: [2] })`
  SUBSCRIBE c   -> >["subscribe" "c" :1]
  EXEC
    -> /EXECABORT Transaction discarded because of: Can't execute 'exec': only .P.*in this context/
  UNSUBSCRIBE c -> >["unsubscribe" "c" :0]
`;

given('what changes nothing but groups leaves a watched stream as it was')`
  XADD s 1-1 a b                   -> "1-1"
  XGROUP CREATE s g 0              -> +OK
  WATCH s                          -> +OK
  XREADGROUP GROUP g c STREAMS s > -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XGROUP CREATE s h 0              -> +OK
  XGROUP SETID s h 0               -> +OK
  XGROUP CREATECONSUMER s g d      -> :1
  XCLAIM s g d 0 1-1               -> [["1-1" ["a" "b"]]]
  XACK s g 1-1                     -> :1
  XGROUP DELCONSUMER s g d         -> :0
  XGROUP DESTROY s h               -> :1
  XSETID s 9-9                     -> +OK
  MULTI                            -> +OK
  EXEC                             -> []
  WATCH s                          -> +OK
  XDEL s 1-1                       -> :1
  MULTI                            -> +OK
  EXEC                             -> nil[]
`;
