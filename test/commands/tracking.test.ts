/**
 * CLIENT TRACKING: sessions that cache hear of the keys that change. What is pushed to a session
 * unasked can only be seen in RESP3, or by redirection.
 */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();
const pushed = { protocols: [3] } as const;

given('CLIENT TRACKINGINFO and CLIENT GETREDIR tell what was asked for')`
  CLIENT TRACKINGINFO -> {"flags" => ~["off"] "redirect" => :-1 "prefixes" => []}
  CLIENT GETREDIR -> :-1
  CLIENT TRACKING on -> +OK
  CLIENT TRACKINGINFO -> {"flags" => ~["on"] "redirect" => :0 "prefixes" => []}
  CLIENT GETREDIR -> :0
  CLIENT TRACKING on NOLOOP OPTIN -> +OK
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "optin" "noloop"] "redirect" => :0 "prefixes" => []}
  CLIENT TRACKING off -> +OK
  CLIENT TRACKING on BCAST PREFIX b PREFIX a -> +OK
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "bcast"] "redirect" => :0 "prefixes" => ["a" "b"]}
  CLIENT TRACKING on BCAST PREFIX "\x00\xff" -> +OK
  CLIENT TRACKINGINFO
    -> {"flags" => ~["on" "bcast"] "redirect" => :0 "prefixes" => ["\x00\xff" "a" "b"]}
  CLIENT TRACKING off -> +OK
  CLIENT TRACKING on BCAST -> +OK
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "bcast"] "redirect" => :0 "prefixes" => [""]}
  RESET -> +RESET
  CLIENT TRACKINGINFO -> ["flags" ["off"] "redirect" :-1 "prefixes" []]
`;

given('options that do not go together are refused')`
  CLIENT TRACKING foo -> -ERR syntax error
  CLIENT TRACKING on foo -> -ERR syntax error
  CLIENT TRACKING on REDIRECT -> -ERR syntax error
  CLIENT TRACKING on PREFIX -> -ERR syntax error
  CLIENT TRACKING off foo -> -ERR syntax error
  CLIENT TRACKING on PREFIX a -> -ERR PREFIX option requires BCAST mode to be enabled
  CLIENT TRACKING on OPTIN OPTOUT -> -ERR You can't specify both OPTIN mode and OPTOUT mode
  CLIENT TRACKING on BCAST OPTIN -> -ERR OPTIN and OPTOUT are not compatible with BCAST
  CLIENT TRACKING on BCAST OPTOUT -> -ERR OPTIN and OPTOUT are not compatible with BCAST
  CLIENT TRACKING on REDIRECT 999999 -> -ERR The client ID you want redirect to does not exist
  CLIENT TRACKING on REDIRECT 0 -> -ERR The client ID you want redirect to does not exist
  CLIENT TRACKING on REDIRECT x -> -ERR value is not an integer or out of range
  b> PING -> +PONG
  CLIENT TRACKING on REDIRECT <id:b> REDIRECT <id:b>
    -> -ERR A client can only redirect to a single other client
  CLIENT TRACKING -> -ERR wrong number of arguments for 'client|tracking' command
`;

given('modes are switched by way of off')`
  CLIENT TRACKING on OPTIN -> +OK
  CLIENT TRACKING on OPTOUT -> -ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.
  CLIENT TRACKING on BCAST -> -ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.
  CLIENT TRACKING on -> +OK
  CLIENT TRACKING off -> +OK
  CLIENT TRACKING on BCAST -> +OK
  CLIENT TRACKING on -> -ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.
`;

given('prefixes of one client do not overlap')`
  CLIENT TRACKING on BCAST PREFIX a PREFIX ab
    -> -ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.
  CLIENT TRACKING on BCAST PREFIX b PREFIX a -> +OK
  CLIENT TRACKING on BCAST PREFIX c PREFIX bb
    -> -ERR Prefix 'bb' overlaps with an existing prefix 'b'. Prefixes for a single client must not overlap.
  CLIENT TRACKING on BCAST PREFIX b
    -> -ERR Prefix 'b' overlaps with an existing prefix 'b'. Prefixes for a single client must not overlap.
  CLIENT TRACKING on BCAST PREFIX c -> +OK
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "bcast"] "redirect" => :0 "prefixes" => ["a" "b" "c"]}
`;

given('CLIENT CACHING is for OPTIN and OPTOUT')`
  CLIENT CACHING yes -> -ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled
  CLIENT TRACKING on -> +OK
  CLIENT CACHING yes -> -ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.
  CLIENT CACHING no -> -ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.
  CLIENT CACHING maybe -> -ERR syntax error
  CLIENT TRACKING on OPTIN -> +OK
  CLIENT CACHING yes -> +OK
  CLIENT TRACKINGINFO
    -> {"flags" => ~["on" "optin" "caching-yes"] "redirect" => :0 "prefixes" => []}
  CLIENT TRACKINGINFO
    -> {"flags" => ~["on" "optin" "caching-yes"] "redirect" => :0 "prefixes" => []}
  PING -> +PONG
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "optin"] "redirect" => :0 "prefixes" => []}
  CLIENT TRACKING off -> +OK
  CLIENT TRACKING on OPTOUT -> +OK
  CLIENT CACHING no -> +OK
  CLIENT TRACKINGINFO
    -> {"flags" => ~["on" "optout" "caching-no"] "redirect" => :0 "prefixes" => []}
  GET k -> nil
  CLIENT TRACKINGINFO -> {"flags" => ~["on" "optout"] "redirect" => :0 "prefixes" => []}
`;

given('a key that was read is invalidated once, in whichever database it changes', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> GET k -> nil
  b> SET k v -> +OK
  a> -> >["invalidate" ["k"]]
  b> SET k w -> +OK
  a> -> (none)
  a> MGET k j -> ["w" nil]
  b> SELECT 3 -> +OK
  b> SET j v -> +OK
  a> -> >["invalidate" ["j"]]
  b> SELECT 0 -> +OK
  b> MSET j 1 k 2 -> +OK
  a> -> >["invalidate" ["k"]]
`;

given('its own change is told behind the reply, unless it wants none of that', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> GET k -> nil
  a> SET k v -> +OK
  -> >["invalidate" ["k"]]
  a> CLIENT TRACKING on NOLOOP -> +OK
  a> GET k -> "v"
  a> SET k w -> +OK
  a> GET k -> "w"
  b> SET k x -> +OK
  a> -> >["invalidate" ["k"]]
`;

given('what a key is changed by does not matter', pushed)`
  a> CLIENT TRACKING on -> +OK
  b> RPUSH l 1 2 -> :2
  b> SET s v -> +OK
  a> LRANGE l 0 -1 -> ["1" "2"]
  a> TTL s -> :-1
  a> EXISTS gone -> :0
  b> LPOP l -> "1"
  a> -> >["invalidate" ["l"]]
  b> EXPIRE s 100 -> :1
  a> -> >["invalidate" ["s"]]
  b> RENAME s gone -> +OK
  a> -> >["invalidate" ["gone"]]
`;

given('a key that expires is invalidated', pushed)`
  a> CLIENT TRACKING on -> +OK
  b> SET j v PX 300 -> +OK
  a> GET j -> "v"
  a> -> >["invalidate" ["j"]]
`;

given('FLUSHALL and FLUSHDB invalidate all keys', pushed)`
  a> CLIENT TRACKING on -> +OK
  b> CLIENT TRACKING on BCAST PREFIX nothing -> +OK
  a> GET k -> nil
  c> SELECT 5 -> +OK
  c> FLUSHDB -> +OK
  a> -> >["invalidate" nil]
  b> -> >["invalidate" nil]
  c> SET k v -> +OK
  a> -> (none)
  a> FLUSHALL -> +OK
  -> >["invalidate" nil]
  b> -> >["invalidate" nil]
`;

given('OPTIN remembers what CLIENT CACHING yes announces: a command, or a transaction', pushed)`
  a> CLIENT TRACKING on OPTIN -> +OK
  a> GET k -> nil
  b> SET k 1 -> +OK
  a> CLIENT CACHING yes -> +OK
  a> GET k -> "1"
  a> GET j -> nil
  b> MSET k 2 j 2 -> +OK
  a> -> >["invalidate" ["k"]]
  a> CLIENT CACHING yes -> +OK
  a> MULTI -> +OK
  a> GET k -> +QUEUED
  a> GET j -> +QUEUED
  a> EXEC -> ["2" "2"]
  a> GET i -> nil
  b> MSET k 3 j 3 i 3 -> +OK
  a> -> >["invalidate" ["k"]]
  a> -> >["invalidate" ["j"]]
`;

given('OPTOUT forgets what CLIENT CACHING no announces', pushed)`
  a> CLIENT TRACKING on OPTOUT -> +OK
  a> CLIENT CACHING no -> +OK
  a> GET k -> nil
  a> GET j -> nil
  b> MSET k 2 j 2 -> +OK
  a> -> >["invalidate" ["j"]]
`;

given('a transaction is answered before it invalidates', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> MULTI -> +OK
  a> GET k -> +QUEUED
  a> SET k v -> +QUEUED
  a> GET k -> +QUEUED
  a> SET k w -> +QUEUED
  a> EXEC -> [nil +OK "v" +OK]
  -> >["invalidate" ["k"]]
  -> >["invalidate" ["k"]]
`;

given('BCAST tells of all keys under the prefixes, whether they were read or not', pushed)`
  a> CLIENT TRACKING on BCAST PREFIX user: PREFIX job: -> +OK
  b> SET user:1 x -> +OK
  a> -> >["invalidate" ["user:1"]]
  b> SET other x -> +OK
  b> MSET job:2 x user:3 x job:1 x -> +OK
  a> -> >["invalidate" ["job:1" "job:2"]]
  a> -> >["invalidate" ["user:3"]]
  b> DEL job:1 -> :1
  a> -> >["invalidate" ["job:1"]]
  a> SET user:1 y -> +OK
  -> >["invalidate" ["user:1"]]
`;

given('BCAST without prefixes, and without own changes', pushed)`
  a> CLIENT TRACKING on BCAST NOLOOP -> +OK
  a> SET k v -> +OK
  b> SET k v -> +OK
  a> -> >["invalidate" ["k"]]
  a> CLIENT TRACKING off -> +OK
  b> SET k v -> +OK
  a> -> (none)
`;

given('another session is told: as a push in RESP3', pushed)`
  b> PING -> +PONG
  a> CLIENT TRACKING on REDIRECT <id:b> -> +OK
  a> GET k -> nil
  c> SET k v -> +OK
  b> -> >["invalidate" ["k"]]
  a> -> (none)
  c> FLUSHALL -> +OK
  b> -> >["invalidate" nil]
`;

given('another session is told: as a message in RESP2', { protocols: [2] })`
  b> SUBSCRIBE __redis__:invalidate -> ["subscribe" "__redis__:invalidate" :1]
  a> CLIENT TRACKING on REDIRECT <id:b> -> +OK
  a> GET k -> nil
  c> SET k v -> +OK
  b> -> ["message" "__redis__:invalidate" ["k"]]
  c> FLUSHALL -> +OK
  b> -> ["message" "__redis__:invalidate" nil]
  a> CLIENT TRACKING off -> +OK
  a> CLIENT TRACKING on REDIRECT <id:b> BCAST PREFIX x -> +OK
  c> MSET x1 1 x2 2 -> +OK
  b> -> ["message" "__redis__:invalidate" ["x1" "x2"]]
  # The null is one of the protocol of the session that tracks.
  a> HELLO 3 -> *
  c> FLUSHALL -> +OK
  b> -> ["message" "__redis__:invalidate" *]
`;

given('who was to be told is gone', pushed)`
  b> PING -> +PONG
  a> CLIENT TRACKING on REDIRECT <id:b> -> +OK
  a> GET k -> nil
  c> CLIENT KILL ID <id:b> -> :1
  b> -> (closed)
  c> SET k v -> +OK
  a> -> >["tracking-redir-broken" :1..9223372036854775807]
  a> CLIENT TRACKINGINFO
    -> {"flags" => ~["on" "broken_redirect"] "redirect" => :* "prefixes" => []}
`;

given('the table is kept small', pushed)`
  CONFIG SET tracking-table-max-keys 1 -> +OK
  a> CLIENT TRACKING on -> +OK
  a> MGET k -> [nil]
  a> CONFIG SET tracking-table-max-keys 0 -> +OK
  a> GET j -> nil
  b> SET j v -> +OK
  a> -> >["invalidate" ["j"]]
  a> CONFIG SET tracking-table-max-keys 1000000 -> +OK
`;

given('CLIENT LIST and INFO know who tracks')`
  CLIENT TRACKING on -> +OK
  CLIENT INFO -> /[^]*flags=t [^]*redir=0 [^]*/
  CLIENT TRACKING off -> +OK
  CLIENT TRACKING on BCAST PREFIX a PREFIX b -> +OK
  CLIENT INFO -> /[^]*flags=tB [^]*/
  INFO clients -> /[^]*tracking_clients:1[^]*/
  INFO stats -> /[^]*tracking_total_prefixes:2[^]*/
  CLIENT TRACKING off -> +OK
  CLIENT INFO -> /[^]*flags=N [^]*redir=-1 [^]*/
  INFO clients -> /[^]*tracking_clients:0[^]*/
`;

given('many sessions, and a pipeline: each is told of what it has read', pushed)`
  a> CLIENT TRACKING on -> +OK
  b> CLIENT TRACKING on NOLOOP -> +OK
  c> CLIENT TRACKING on OPTIN -> +OK
  a> GET k -> nil
  b> GET k -> nil
  c> GET k -> nil
  b> APPEND k x -> :1
  a> -> >["invalidate" ["k"]]
  a> HGETALL h -> {}
  a> STRLEN k -> :1
  b> HSET h f v -> :1
  a> -> >["invalidate" ["h"]]
  b> SUNIONSTORE k none -> :0
  a> -> >["invalidate" ["k"]]
`;

given('only what reads is remembered', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> SET k v -> +OK
  a> INCR n -> :1
  a> WATCH w -> +OK
  a> UNWATCH -> +OK
  a> GETEX k -> "v"
  b> MSET k 1 n 2 w 3 -> +OK
  a> -> (none)
  a> GET n x -> -ERR wrong number of arguments for 'get' command
  a> LLEN n -> -WRONGTYPE Operation against a key holding the wrong kind of value
  b> SET n 1 -> +OK
  a> -> >["invalidate" ["n"]]
`;

given('a blocked session that is served invalidates, and is told behind its reply', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> LLEN l -> :0
  a> BLPOP l 0 -> (blocked)
  b> RPUSH l x -> :1
  a> -> >["invalidate" ["l"]]
  a> -> ["l" "x"]
  a> LRANGE l 0 -1 -> []
  b> RPUSH l y -> :1
  a> -> >["invalidate" ["l"]]
`;

given('keys that a script is called with are remembered for who called it, if it reads', pushed)`
  a> CLIENT TRACKING on -> +OK
  a> EVAL "redis.call('get', KEYS[1]); return redis.call('strlen', 'j')" 1 k -> :0
  b> SET k 1 -> +OK
  a> -> >["invalidate" ["k"]]
  b> SET j 1 -> +OK
  a> -> (none)
  a> EVAL "return redis.call('get', 'j')" 1 k -> "1"
  b> MSET j 1 k 1 -> +OK
  a> -> >["invalidate" ["k"]]
  a> EVAL "return redis.call('set', KEYS[1], 'x')" 1 k -> +OK
  b> SET k 1 -> +OK
  a> -> (none)
  a> EVAL_RO "return 1" 1 k -> :1
  b> SET k 2 -> +OK
  a> -> (none)
  a> EVAL "redis.call('get', KEYS[1]); redis.call('set', KEYS[1], 'y'); return 1" 1 k -> :1
  -> >["invalidate" ["k"]]
  a> GET k -> "y"
  a> MULTI -> +OK
  a> EVAL "return redis.call('set', KEYS[1], 'z')" 1 k -> +QUEUED
  a> PING -> +QUEUED
  a> EXEC -> [+OK +PONG]
  -> >["invalidate" ["k"]]
`;

given('what a script publishes to its caller comes in front of the reply', pushed)`
  CONFIG SET notify-keyspace-events K$ -> +OK
  a> SUBSCRIBE __keyspace@0__:k -> >["subscribe" "__keyspace@0__:k" :1]
  a> EVAL "redis.call('set', KEYS[1], 'x'); return {1, 2}" 1 k
    -> >["message" "__keyspace@0__:k" "set"]
  -> [:1 :2]
  a> CONFIG SET notify-keyspace-events "" -> +OK
`;

given('databases that are exchanged invalidate nothing, emptied ones all keys at once', pushed)`
  a> CLIENT TRACKING on -> +OK
  b> MSET k 1 j 1 -> +OK
  a> MGET k j -> ["1" "1"]
  c> WATCH k -> +OK
  b> SWAPDB 0 1 -> +OK
  a> -> (none)
  b> SWAPDB 0 1 -> +OK
  b> FLUSHDB -> +OK
  a> -> >["invalidate" nil]
`;
