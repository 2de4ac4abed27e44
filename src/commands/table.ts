/**
 * The command table: every command and subcommand of Redis 7.0.15, and some of later versions
 * (`since` in docs.jsonl tells), one row each.
 *
 * This is where a command is added: its row here, its function in the core's family file (or its
 * handler in the host), its test. Everything else about it follows from the row: dispatch, arity,
 * key positions, COMMAND, ACL categories, the compatibility page.
 *
 *   name     in lower case; a subcommand is `container|name` and follows its container
 *   arity    arguments including the name; negative: at least so many
 *   keys     key specs in the notation of key-specs.ts
 *   acl      categories that do not follow from the flags (see acl.ts)
 *   flags    Redis's words (see flags.ts); `movablekeys` follows from the keys
 *   handler  `family.function` in assembly/commands/family.ts, or
 *            `host`       a handler of this name in src/host/commands/
 *            `container`  only its subcommands do anything
 *            `later`      not implemented in this version
 *
 * `-` is nothing. The heading above a group is the group of COMMAND DOCS. A row's position is the
 * command's id, in the core as in the host; it is never stored, so rows may move.
 */
import { type CommandRow, parseTable } from './row.js';

const TABLE = `
# generic
copy            -3 ROa:1,OWu:2  keyspace           write,denyoom keys.copy
del             -2 RMd:1..-1    keyspace           write         keys.del
dump             2 ROa:1        keyspace           readonly      dump.dump
exists          -2 RO:1..-1     keyspace           readonly,fast keys.exists
expire          -3 RWu:1        keyspace           write,fast    expiry.expire
expireat        -3 RWu:1        keyspace           write,fast    expiry.expireat
expiretime       2 ROa:1        keyspace           readonly,fast expiry.expiretime
keys             2 -            keyspace,dangerous readonly      keys.keys
migrate         -6 RWad:3,RWadn:KEYS@-2..-1 keyspace,dangerous write host
move             3 RWau:1       keyspace           write,fast    keys.move
object          -2 -            -                  -             container
object|encoding  3 RO:2         keyspace           readonly      objects.encoding
object|freq      3 RO:2         keyspace           readonly      objects.freq
object|help      2 -            keyspace           loading,stale objects.help
object|idletime  3 RO:2         keyspace           readonly      objects.idletime
object|refcount  3 RO:2         keyspace           readonly      objects.refcount
persist          2 RWu:1        keyspace           write,fast    expiry.persist
pexpire         -3 RWu:1        keyspace           write,fast    expiry.pexpire
pexpireat       -3 RWu:1        keyspace           write,fast    expiry.pexpireat
pexpiretime      2 ROa:1        keyspace           readonly,fast expiry.pexpiretime
pttl             2 ROa:1        keyspace           readonly,fast expiry.pttl
randomkey        1 -            keyspace           readonly      keys.randomkey
rename           3 RWad:1,OWu:2 keyspace           write         keys.rename
renamenx         3 RWad:1,OWi:2 keyspace           write,fast    keys.renamenx
restore         -4 OWu:1        keyspace,dangerous write,denyoom dump.restore
scan            -2 -            keyspace           readonly      keys.scan
sort            -2 ROa:1,ROa:?,OWu:? set,sortedset,list,dangerous write,denyoom sort.sort
sort_ro         -2 ROa:1,ROa:?  set,sortedset,list,dangerous readonly sort.sortReadOnly
touch           -2 RO:1..-1     keyspace           readonly,fast keys.touch
ttl              2 ROa:1        keyspace           readonly,fast expiry.ttl
type             2 RO:1         keyspace           readonly,fast keys.type
unlink          -2 RMd:1..-1    keyspace           write,fast    keys.unlink
wait             3 -            connection         noscript      host
waitaof          4 -            connection         noscript      host

# string
append       3 RWi:1       string write,denyoom,fast strings.append
decr         2 RWau:1      string write,denyoom,fast counters.decr
decrby       3 RWau:1      string write,denyoom,fast counters.decrby
get          2 ROa:1       string readonly,fast      strings.get
getdel       2 RWad:1      string write,fast         strings.getdel
getex       -2 RWau:1      string write,fast         strings.getex
getrange     4 ROa:1       string readonly           strings.getrange
getset       3 RWau:1      string write,denyoom,fast strings.getset
incr         2 RWau:1      string write,denyoom,fast counters.incr
incrby       3 RWau:1      string write,denyoom,fast counters.incrby
incrbyfloat  3 RWau:1      string write,denyoom,fast counters.incrbyfloat
lcs         -3 ROa:1..1    string readonly           lcs.lcs
mget        -2 ROa:1..-1   string readonly,fast      strings.mget
mset        -3 OWu:1..-1/2 string write,denyoom      strings.mset
msetnx      -3 OWi:1..-1/2 string write,denyoom      strings.msetnx
psetex       4 OWu:1       string write,denyoom      strings.psetex
set         -3 RWauv:1     string write,denyoom      strings.set
setex        4 OWu:1       string write,denyoom      strings.setex
setnx        3 OWi:1       string write,denyoom,fast strings.setnx
setrange     4 RWu:1       string write,denyoom      strings.setrange
strlen       2 RO:1        string readonly,fast      strings.strlen
substr       4 ROa:1       string readonly           strings.substr

# bitmap
bitcount    -2 ROa:1   bitmap readonly      bits.bitcount
bitfield    -2 RWauv:1 bitmap write,denyoom bitfield.bitfield
bitfield_ro -2 ROa:1   bitmap readonly,fast bitfield.bitfieldRo
bitop       -4 OWu:2,ROa:3..-1 bitmap write,denyoom bits.bitop
bitpos      -3 ROa:1   bitmap readonly      bits.bitpos
getbit       3 ROa:1   bitmap readonly,fast bits.getbit
setbit       4 RWau:1  bitmap write,denyoom bits.setbit

# list
blmove      6 RWad:1,RWi:2 list write,denyoom,noscript,blocking lists-blocking.blmove
blmpop     -5 RWad:2#      list write,blocking                  lists-blocking.blmpop
blpop      -3 RWad:1..-2   list write,noscript,blocking         lists-blocking.blpop
brpop      -3 RWad:1..-2   list write,noscript,blocking         lists-blocking.brpop
brpoplpush  4 RWad:1,RWi:2 list write,denyoom,noscript,blocking lists-blocking.brpoplpush
lindex      3 ROa:1        list readonly                        lists.lindex
linsert     5 RWi:1        list write,denyoom                   lists.linsert
llen        2 RO:1         list readonly,fast                   lists.llen
lmove       5 RWad:1,RWi:2 list write,denyoom                   lists-moves.lmove
lmpop      -4 RWad:1#      list write                           lists-moves.lmpop
lpop       -2 RWad:1       list write,fast                      lists.lpop
lpos       -3 ROa:1        list readonly                        lists-moves.lpos
lpush      -3 RWi:1        list write,denyoom,fast              lists.lpush
lpushx     -3 RWi:1        list write,denyoom,fast              lists.lpushx
lrange      4 ROa:1        list readonly                        lists.lrange
lrem        4 RWd:1        list write                           lists.lrem
lset        4 RWu:1        list write,denyoom                   lists.lset
ltrim       4 RWd:1        list write                           lists.ltrim
rpop       -2 RWad:1       list write,fast                      lists.rpop
rpoplpush   3 RWad:1,RWi:2 list write,denyoom                   lists-moves.rpoplpush
rpush      -3 RWi:1        list write,denyoom,fast              lists.rpush
rpushx     -3 RWi:1        list write,denyoom,fast              lists.rpushx

# set
sadd        -3 RWi:1        set write,denyoom,fast sets.sadd
scard        2 RO:1         set readonly,fast      sets.scard
sdiff       -2 ROa:1..-1    set readonly           set-algebra.sdiff
sdiffstore  -3 OWu:1,ROa:2..-1 set write,denyoom   set-algebra.sdiffstore
sinter      -2 ROa:1..-1    set readonly           set-algebra.sinter
sintercard  -3 ROa:1#       set readonly           set-algebra.sintercard
sinterstore -3 RWu:1,ROa:2..-1 set write,denyoom   set-algebra.sinterstore
sismember    3 RO:1         set readonly,fast      sets.sismember
smembers     2 ROa:1        set readonly           sets.smembers
smismember  -3 ROa:1        set readonly,fast      sets.smismember
smove        4 RWad:1,RWi:2 set write,fast         sets.smove
spop        -2 RWad:1       set write,fast         set-samples.spop
srandmember -2 ROa:1        set readonly           set-samples.srandmember
srem        -3 RWd:1        set write,fast         sets.srem
sscan       -3 ROa:1        set readonly           sets.sscan
sunion      -2 ROa:1..-1    set readonly           set-algebra.sunion
sunionstore -3 OWu:1,ROa:2..-1 set write,denyoom   set-algebra.sunionstore

# sorted-set
bzmpop           -5 RWad:2#      sortedset write,blocking               zsets-blocking.bzmpop
bzpopmax         -3 RWad:1..-2   sortedset write,noscript,blocking,fast zsets-blocking.bzpopmax
bzpopmin         -3 RWad:1..-2   sortedset write,noscript,blocking,fast zsets-blocking.bzpopmin
zadd             -4 RWu:1        sortedset write,denyoom,fast           zsets.zadd
zcard             2 RO:1         sortedset readonly,fast                zsets.zcard
zcount            4 ROa:1        sortedset readonly,fast                zset-ranges.zcount
zdiff            -3 ROa:1#       sortedset readonly                     zset-algebra.zdiff
zdiffstore       -4 OWu:1,ROa:2# sortedset write,denyoom                zset-algebra.zdiffstore
zincrby           4 RWau:1       sortedset write,denyoom,fast           zsets.zincrby
zinter           -3 ROa:1#       sortedset readonly                     zset-algebra.zinter
zintercard       -3 ROa:1#       sortedset readonly                     zset-algebra.zintercard
zinterstore      -4 OWu:1,ROa:2# sortedset write,denyoom                zset-algebra.zinterstore
zlexcount         4 ROa:1        sortedset readonly,fast                zset-ranges.zlexcount
zmpop            -4 RWad:1#      sortedset write                        zsets.zmpop
zmscore          -3 ROa:1        sortedset readonly,fast                zsets.zmscore
zpopmax          -2 RWad:1       sortedset write,fast                   zsets.zpopmax
zpopmin          -2 RWad:1       sortedset write,fast                   zsets.zpopmin
zrandmember      -2 ROa:1        sortedset readonly                     zset-samples.zrandmember
zrange           -4 ROa:1        sortedset readonly                     zset-ranges.zrange
zrangebylex      -4 ROa:1        sortedset readonly                     zset-ranges.zrangebylex
zrangebyscore    -4 ROa:1        sortedset readonly                     zset-ranges.zrangebyscore
zrangestore      -5 OWu:1,ROa:2  sortedset write,denyoom                zset-ranges.zrangestore
zrank             3 ROa:1        sortedset readonly,fast                zsets.zrank
zrem             -3 RWd:1        sortedset write,fast                   zsets.zrem
zremrangebylex    4 RWd:1        sortedset write                        zset-ranges.zremrangebylex
zremrangebyrank   4 RWd:1        sortedset write                        zset-ranges.zremrangebyrank
zremrangebyscore  4 RWd:1        sortedset write                        zset-ranges.zremrangebyscore
zrevrange        -4 ROa:1        sortedset readonly                     zset-ranges.zrevrange
zrevrangebylex   -4 ROa:1        sortedset readonly                     zset-ranges.zrevrangebylex
zrevrangebyscore -4 ROa:1        sortedset readonly                     zset-ranges.zrevrangebyscore
zrevrank          3 ROa:1        sortedset readonly,fast                zsets.zrevrank
zscan            -3 ROa:1        sortedset readonly                     zsets.zscan
zscore            3 ROa:1        sortedset readonly,fast                zsets.zscore
zunion           -3 ROa:1#       sortedset readonly                     zset-algebra.zunion
zunionstore      -4 OWu:1,ROa:2# sortedset write,denyoom                zset-algebra.zunionstore

# hash
hdel         -3 RWd:1  hash write,fast         hashes.hdel
hexists       3 RO:1   hash readonly,fast      hashes.hexists
hexpire      -6 RWu:1  hash write,denyoom,fast hash-expiry.hexpire
hexpireat    -6 RWu:1  hash write,denyoom,fast hash-expiry.hexpireat
hexpiretime  -5 ROa:1  hash readonly,fast      hash-expiry.hexpiretime
hget          3 ROa:1  hash readonly,fast      hashes.hget
hgetall       2 ROa:1  hash readonly           hashes.hgetall
hgetdel      -5 RWad:1 hash write,fast         hash-volatile.hgetdel
hgetex       -5 RWau:1 hash write,fast         hash-volatile.hgetex
hincrby       4 RWau:1 hash write,denyoom,fast hashes.hincrby
hincrbyfloat  4 RWau:1 hash write,denyoom,fast hashes.hincrbyfloat
hkeys         2 ROa:1  hash readonly           hashes.hkeys
hlen          2 RO:1   hash readonly,fast      hashes.hlen
hmget        -3 ROa:1  hash readonly,fast      hashes.hmget
hmset        -4 RWu:1  hash write,denyoom,fast hashes.hmset
hpersist     -5 RWu:1  hash write,fast         hash-expiry.hpersist
hpexpire     -6 RWu:1  hash write,denyoom,fast hash-expiry.hpexpire
hpexpireat   -6 RWu:1  hash write,denyoom,fast hash-expiry.hpexpireat
hpexpiretime -5 ROa:1  hash readonly,fast      hash-expiry.hpexpiretime
hpttl        -5 ROa:1  hash readonly,fast      hash-expiry.hpttl
hrandfield   -2 ROa:1  hash readonly           hash-random.hrandfield
hscan        -3 ROa:1  hash readonly           hashes.hscan
hset         -4 RWu:1  hash write,denyoom,fast hashes.hset
hsetex       -6 RWu:1  hash write,denyoom,fast hash-volatile.hsetex
hsetnx        4 RWi:1  hash write,denyoom,fast hashes.hsetnx
hstrlen       3 RO:1   hash readonly,fast      hashes.hstrlen
httl         -5 ROa:1  hash readonly,fast      hash-expiry.httl
hvals         2 ROa:1  hash readonly           hashes.hvals

# stream
xack                  -4 RWu:1 stream write,fast         stream-groups.xack
xadd                  -5 RWu:1 stream write,denyoom,fast streams.xadd
xautoclaim            -6 RWd:1 stream write,fast         stream-claims.xautoclaim
xclaim                -6 RWu:1 stream write,fast         stream-claims.xclaim
xdel                  -3 RWd:1 stream write,fast         streams.xdel
xgroup                -2 -     -      -                  container
xgroup|create         -5 RWi:2 stream write,denyoom      stream-groups.create
xgroup|createconsumer  5 RWi:2 stream write,denyoom      stream-groups.createconsumer
xgroup|delconsumer     5 RWd:2 stream write              stream-groups.delconsumer
xgroup|destroy         4 RWd:2 stream write              stream-groups.destroy
xgroup|help            2 -     stream loading,stale      stream-groups.help
xgroup|setid          -5 RWu:2 stream write              stream-groups.setid
xinfo                 -2 -     -      -                  container
xinfo|consumers        4 ROa:2 stream readonly           stream-info.consumers
xinfo|groups           3 ROa:2 stream readonly           stream-info.groupsOf
xinfo|help             2 -     stream loading,stale      stream-info.help
xinfo|stream          -3 ROa:2 stream readonly           stream-info.stream
xlen                   2 RO:1  stream readonly,fast      streams.xlen
xpending              -3 ROa:1 stream readonly           stream-groups.xpending
xrange                -4 ROa:1 stream readonly           streams.xrange
xread                 -4 ROa:STREAMS@1..-1|2 stream readonly,blocking stream-reading.xread
xreadgroup            -7 ROa:STREAMS@4..-1|2 stream write,blocking stream-reading.xreadgroup
xrevrange             -4 ROa:1 stream readonly           streams.xrevrange
xsetid                -3 RWu:1 stream write,denyoom,fast streams.xsetid
xtrim                 -4 RWd:1 stream write              streams.xtrim

# hyperloglog
pfadd      -2 RWi:1     hyperloglog write,denyoom,fast  hyperloglog.pfadd
pfcount    -2 RWa:1..-1 hyperloglog readonly,may_replicate hyperloglog.pfcount
pfdebug     3 RWa:2     hyperloglog write,denyoom,admin hyperloglog.pfdebug
pfmerge    -2 RWai:1,ROa:2..-1 hyperloglog write,denyoom hyperloglog.pfmerge
pfselftest  1 -         hyperloglog admin               hyperloglog.pfselftest

# geo
geoadd               -5 RWu:1       geo write,denyoom geo.geoadd
geodist              -4 ROa:1       geo readonly      geo.geodist
geohash              -2 ROa:1       geo readonly      geo.geohash
geopos               -2 ROa:1       geo readonly      geo.geopos
georadius            -6 ROa:1,OWu:STORE@6,OWu:STOREDIST@6 geo write,denyoom geo-search.georadius
georadius_ro         -6 ROa:1       geo readonly      geo-search.georadiusRo
georadiusbymember    -5 ROa:1,OWu:STORE@5,OWu:STOREDIST@5 geo write,denyoom geo-search.georadiusbymember
georadiusbymember_ro -5 ROa:1       geo readonly      geo-search.georadiusbymemberRo
geosearch            -7 ROa:1       geo readonly      geo-search.geosearch
geosearchstore       -8 OWu:1,ROa:2 geo write,denyoom geo-search.geosearchstore

# pubsub
psubscribe           -2 -       - pubsub,noscript,loading,stale host
publish               3 -       - pubsub,loading,stale,fast,may_replicate host
pubsub               -2 -       - -                             container
pubsub|channels      -2 -       - pubsub,loading,stale          host
pubsub|help           2 -       - loading,stale                 host
pubsub|numpat         2 -       - pubsub,loading,stale          host
pubsub|numsub        -2 -       - pubsub,loading,stale          host
pubsub|shardchannels -2 -       - pubsub,loading,stale          host
pubsub|shardnumsub   -2 -       - pubsub,loading,stale          host
punsubscribe         -1 -       - pubsub,noscript,loading,stale host
spublish              3 x:1     - pubsub,loading,stale,fast,may_replicate host
ssubscribe           -2 x:1..-1 - pubsub,noscript,loading,stale host
subscribe            -2 -       - pubsub,noscript,loading,stale host
sunsubscribe         -1 x:1..-1 - pubsub,noscript,loading,stale host
unsubscribe          -1 -       - pubsub,noscript,loading,stale host

# transactions
discard  1 -        transaction noscript,loading,stale,fast,allow_busy host
exec     1 -        transaction noscript,loading,stale,skip_slowlog    host
multi    1 -        transaction noscript,loading,stale,fast,allow_busy host
unwatch  1 -        transaction noscript,loading,stale,fast,allow_busy host
watch   -2 RO:1..-1 transaction noscript,loading,stale,fast,allow_busy host

# scripting
eval             -3 RWau:2# scripting noscript,stale,skip_monitor,no_mandatory_keys,may_replicate host
eval_ro          -3 ROa:2#  scripting readonly,noscript,stale,skip_monitor,no_mandatory_keys host
evalsha          -3 RWau:2# scripting noscript,stale,skip_monitor,no_mandatory_keys,may_replicate host
evalsha_ro       -3 ROa:2#  scripting readonly,noscript,stale,skip_monitor,no_mandatory_keys host
fcall            -3 RWau:2# scripting noscript,stale,skip_monitor,no_mandatory_keys,may_replicate host
fcall_ro         -3 ROa:2#  scripting readonly,noscript,stale,skip_monitor,no_mandatory_keys host
function         -2 -       -         -                      container
function|delete   3 -       scripting write,noscript         host
function|dump     2 -       scripting noscript               host
function|flush   -2 -       scripting write,noscript         host
function|help     2 -       scripting loading,stale          host
function|kill     2 -       scripting noscript,allow_busy    host
function|list    -2 -       scripting noscript               host
function|load    -3 -       scripting write,denyoom,noscript host
function|restore -3 -       scripting write,denyoom,noscript host
function|stats    2 -       scripting noscript,allow_busy    host
script           -2 -       -         -                      container
script|debug      3 -       scripting noscript               host
script|exists    -3 -       scripting noscript               host
script|flush     -2 -       scripting noscript               host
script|help       2 -       scripting loading,stale          host
script|kill       2 -       scripting noscript,allow_busy    host
script|load       3 -       scripting noscript,stale         host

# connection
auth                -2 - connection noscript,loading,stale,fast,no_auth,allow_busy host
client              -2 - -          -                                              container
client|caching       3 - connection noscript,loading,stale                         host
client|getname       2 - connection noscript,loading,stale                         host
client|getredir      2 - connection noscript,loading,stale                         host
client|help          2 - connection loading,stale                                  host
client|id            2 - connection noscript,loading,stale                         host
client|info          2 - connection noscript,loading,stale                         host
client|kill         -3 - connection admin,noscript,loading,stale                   host
client|list         -2 - connection admin,noscript,loading,stale                   host
client|no-evict      3 - connection admin,noscript,loading,stale                   host
client|no-touch      3 - connection noscript,loading,stale                         host
client|pause        -3 - connection admin,noscript,loading,stale                   host
client|reply         3 - connection noscript,loading,stale                         host
client|setinfo       4 - connection noscript,loading,stale                         host
client|setname       3 - connection noscript,loading,stale                         host
client|tracking     -3 - connection noscript,loading,stale                         host
client|trackinginfo  2 - connection noscript,loading,stale                         host
client|unblock      -3 - connection admin,noscript,loading,stale                   host
client|unpause       2 - connection admin,noscript,loading,stale                   host
echo                 2 - connection loading,stale,fast                             connection.echo
hello               -1 - connection noscript,loading,stale,fast,no_auth,allow_busy host
ping                -1 - connection fast                                           connection.ping
quit                -1 - connection noscript,loading,stale,fast,no_auth,allow_busy host
reset                1 - connection noscript,loading,stale,fast,no_auth,allow_busy host
select               2 - connection loading,stale,fast                             host

# server
acl                     -2 -     -                  -                            container
acl|cat                 -2 -     -                  noscript,loading,stale       host
acl|deluser             -3 -     -                  admin,noscript,loading,stale host
acl|dryrun              -4 -     -                  admin,noscript,loading,stale host
acl|genpass             -2 -     -                  noscript,loading,stale       host
acl|getuser              3 -     -                  admin,noscript,loading,stale host
acl|help                 2 -     -                  loading,stale                host
acl|list                 2 -     -                  admin,noscript,loading,stale host
acl|load                 2 -     -                  admin,noscript,loading,stale host
acl|log                 -2 -     -                  admin,noscript,loading,stale host
acl|save                 2 -     -                  admin,noscript,loading,stale host
acl|setuser             -3 -     -                  admin,noscript,loading,stale host
acl|users                2 -     -                  admin,noscript,loading,stale host
acl|whoami               2 -     -                  noscript,loading,stale       host
bgrewriteaof             1 -     -                  admin,noscript,no_async_loading host
bgsave                  -1 -     -                  admin,noscript,no_async_loading host
command                 -1 -     connection         loading,stale                host
command|count            2 -     connection         loading,stale                host
command|docs            -2 -     connection         loading,stale                host
command|getkeys         -4 -     connection         loading,stale                host
command|getkeysandflags -4 -     connection         loading,stale                host
command|help             2 -     connection         loading,stale                host
command|info            -2 -     connection         loading,stale                host
command|list            -2 -     connection         loading,stale                host
config                  -2 -     -                  -                            container
config|get              -3 -     -                  admin,noscript,loading,stale host
config|help              2 -     -                  loading,stale                host
config|resetstat         2 -     -                  admin,noscript,loading,stale host
config|rewrite           2 -     -                  admin,noscript,loading,stale host
config|set              -4 -     -                  admin,noscript,loading,stale host
dbsize                   1 -     keyspace           readonly,fast                keys.dbsize
debug                   -2 -     -                  admin,noscript,loading,stale host
failover                -1 -     -                  admin,noscript,stale         host
flushall                -1 -     keyspace,dangerous write                        keys.flushall
flushdb                 -1 -     keyspace,dangerous write                        keys.flushdb
info                    -1 -     dangerous          loading,stale                host
lastsave                 1 -     admin,dangerous    loading,stale,fast           host
latency                 -2 -     -                  -                            container
latency|doctor           2 -     -                  admin,noscript,loading,stale host
latency|graph            3 -     -                  admin,noscript,loading,stale host
latency|help             2 -     -                  loading,stale                host
latency|histogram       -2 -     -                  admin,noscript,loading,stale host
latency|history          3 -     -                  admin,noscript,loading,stale host
latency|latest           2 -     -                  admin,noscript,loading,stale host
latency|reset           -2 -     -                  admin,noscript,loading,stale host
lolwut                  -1 -     -                  readonly,fast                host
memory                  -2 -     -                  -                            container
memory|doctor            2 -     -                  -                            host
memory|help              2 -     -                  loading,stale                host
memory|malloc-stats      2 -     -                  -                            host
memory|purge             2 -     -                  -                            host
memory|stats             2 -     -                  -                            host
memory|usage            -3 RO:2  -                  readonly                     objects.usage
module                  -2 -     -                  -                            container
module|help              2 -     -                  loading,stale                host
module|list              2 -     -                  admin,noscript               host
module|load             -3 -     -                  admin,noscript,no_async_loading host
module|loadex           -3 -     -                  admin,noscript,no_async_loading host
module|unload            3 -     -                  admin,noscript,no_async_loading host
monitor                  1 -     -                  admin,noscript,loading,stale host
psync                   -3 -     -                  admin,noscript,no_async_loading,no_multi host
replconf                -1 -     -                  admin,noscript,loading,stale,allow_busy host
replicaof                3 -     -                  admin,noscript,stale,no_async_loading host
restore-asking          -4 OWu:1 keyspace,dangerous write,denyoom,asking         dump.restore
role                     1 -     admin,dangerous    noscript,loading,stale,fast  host
save                     1 -     -                  admin,noscript,no_async_loading,no_multi host
shutdown                -1 - - admin,noscript,loading,stale,no_multi,allow_busy host
slaveof                  3 -     -                  admin,noscript,stale,no_async_loading host
slowlog                 -2 -     -                  -                            container
slowlog|get             -2 -     -                  admin,loading,stale          host
slowlog|help             2 -     -                  loading,stale                host
slowlog|len              2 -     -                  admin,loading,stale          host
slowlog|reset            2 -     -                  admin,loading,stale          host
swapdb                   3 -     keyspace,dangerous write,fast                   keys.swapdb
sync                     1 -     -                  admin,noscript,no_async_loading,no_multi host
time                     1 -     -                  loading,stale,fast           host

# cluster
asking                         1 - connection fast                         host
cluster                       -2 - -          -                            container
cluster|addslots              -3 - -          admin,stale,no_async_loading host
cluster|addslotsrange         -4 - -          admin,stale,no_async_loading host
cluster|bumpepoch              2 - -          admin,stale,no_async_loading host
cluster|count-failure-reports  3 - -          admin,stale                  host
cluster|countkeysinslot        3 - -          stale                        host
cluster|delslots              -3 - -          admin,stale,no_async_loading host
cluster|delslotsrange         -4 - -          admin,stale,no_async_loading host
cluster|failover              -2 - -          admin,stale,no_async_loading host
cluster|flushslots             2 - -          admin,stale,no_async_loading host
cluster|forget                 3 - -          admin,stale,no_async_loading host
cluster|getkeysinslot          4 - -          stale                        host
cluster|help                   2 - -          loading,stale                host
cluster|info                   2 - -          stale                        host
cluster|keyslot                3 - -          stale                        host
cluster|links                  2 - -          stale                        host
cluster|meet                  -4 - -          admin,stale,no_async_loading host
cluster|myid                   2 - -          stale                        host
cluster|nodes                  2 - -          stale                        host
cluster|replicas               3 - -          admin,stale                  host
cluster|replicate              3 - -          admin,stale,no_async_loading host
cluster|reset                 -2 - -          admin,noscript,stale         host
cluster|saveconfig             2 - -          admin,stale,no_async_loading host
cluster|set-config-epoch       3 - -          admin,stale,no_async_loading host
cluster|setslot               -4 - -          admin,stale,no_async_loading host
cluster|shards                 2 - -          stale                        host
cluster|slaves                 3 - -          admin,stale                  host
cluster|slots                  2 - -          stale                        host
readonly                       1 - connection loading,stale,fast           host
readwrite                      1 - connection loading,stale,fast           host
`;

/** All commands and subcommands; a command's id is its index. */
export const COMMANDS: readonly CommandRow[] = parseTable(TABLE);

const BY_NAME: ReadonlyMap<string, CommandRow> = new Map(COMMANDS.map((row) => [row.name, row]));

/** The row of a command (`get`) or subcommand (`object|encoding`), in any case. */
export function findCommand(name: string): CommandRow | undefined {
  return BY_NAME.get(name.toLowerCase());
}
