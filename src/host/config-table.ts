/**
 * The parameters of Redis 7.0.15: what CONFIG GET and SET know and what redis.conf may contain.
 *
 *   kind     bool, enum, text, int:min..max, size:min..max (`10mb`), or a shape of its own; the
 *            texts are read in config-values.ts
 *   flags    immutable   CONFIG SET refuses it
 *            protected   likewise, unless enable-protected-configs allows it
 *            sensitive   its value never reaches a log
 *            multi       takes several words
 *            active      has an effect in this version of Redstart. All others are accepted and
 *                        answered, so that scripts and configuration files work, and do nothing
 *                        here (yet)
 *   default  of Redis as compiled, without a configuration file
 *
 * `-` is no flag; a default that is not there is the empty string.
 */

export interface ParameterRow {
  readonly name: string;
  readonly kind: string;
  readonly min: bigint;
  readonly max: bigint;
  readonly immutable: boolean;
  readonly protected: boolean;
  readonly sensitive: boolean;
  readonly multi: boolean;
  readonly active: boolean;
  readonly default: string;
  /** Of an enum. */
  readonly words: readonly string[];
}

const TABLE = `
acl-pubsub-default                  enum                active           resetchannels
aclfile                             text                immutable,active
acllog-max-len                      int:0..int64        active           128
active-defrag-cycle-max             int:1..99           -                25
active-defrag-cycle-min             int:1..99           -                1
active-defrag-ignore-bytes          size:1..int64       -                104857600
active-defrag-max-scan-fields       int:1..int64        -                1000
active-defrag-threshold-lower       int:0..1000         -                10
active-defrag-threshold-upper       int:0..1000         -                100
active-expire-effort                int:1..10           -                1
activedefrag                        bool                -                no
activerehashing                     bool                -                yes
always-show-logo                    bool                immutable        no
aof-disable-auto-gc                 bool                -                no
aof-load-truncated                  bool                active           yes
aof-rewrite-incremental-fsync       bool                -                yes
aof-timestamp-enabled               bool                -                no
aof-use-rdb-preamble                bool                active           yes
aof_rewrite_cpulist                 text                immutable
appenddirname                       base-name           immutable,active appendonlydir
appendfilename                      base-name           immutable,active appendonly.aof
appendfsync                         enum                active           everysec
appendonly                          bool                active           no
auto-aof-rewrite-min-size           size:0..int64       active           67108864
auto-aof-rewrite-percentage         int:0..int32        active           100
bgsave_cpulist                      text                immutable
bind                                addresses           multi,active     * -::*
bind-source-addr                    text                -
bio_cpulist                         text                immutable
busy-reply-threshold                int:0..int64        active           5000
client-output-buffer-limit          output-limits       multi,active     normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60
client-query-buffer-limit           size:1048576..int64 active           1073741824
cluster-allow-pubsubshard-when-down bool                -                yes
cluster-allow-reads-when-down       bool                -                no
cluster-allow-replica-migration     bool                -                yes
cluster-announce-bus-port           int:0..65535        -                0
cluster-announce-hostname           host-name           -
cluster-announce-ip                 text                -
cluster-announce-port               int:0..65535        -                0
cluster-announce-tls-port           int:0..65535        -                0
cluster-config-file                 text                immutable        nodes.conf
cluster-enabled                     bool                immutable        no
cluster-link-sendbuf-limit          size:0..uint64      -                0
cluster-migration-barrier           int:0..int32        -                1
cluster-node-timeout                int:0..int64        -                15000
cluster-port                        int:0..65535        immutable        0
cluster-preferred-endpoint-type     enum                -                ip
cluster-replica-no-failover         bool                -                no
cluster-replica-validity-factor     int:0..int32        -                10
cluster-require-full-coverage       bool                -                yes
crash-log-enabled                   bool                -                yes
crash-memcheck-enabled              bool                -                yes
daemonize                           bool                immutable,active no
databases                           int:1..int32        immutable,active 16
dbfilename                          base-name           protected,active dump.rdb
dir                                 directory           protected,active .
disable-thp                         bool                immutable        yes
dynamic-hz                          bool                -                yes
enable-debug-command                enum                immutable,active no
enable-module-command               enum                immutable        no
enable-protected-configs            enum                immutable,active no
hash-max-listpack-entries           int:0..int64        active           512
hash-max-listpack-value             size:0..int64       active           64
hll-sparse-max-bytes                size:0..int64       active           3000
hz                                  int:0..int32        active           10
ignore-warnings                     text                -
io-threads                          int:1..128          immutable        1
io-threads-do-reads                 bool                immutable        no
jemalloc-bg-thread                  bool                -                yes
latency-monitor-threshold           int:0..int64        active           0
latency-tracking                    bool                active           yes
latency-tracking-info-percentiles   percentiles         multi,active     50 99 99.9
lazyfree-lazy-eviction              bool                -                no
lazyfree-lazy-expire                bool                -                no
lazyfree-lazy-server-del            bool                -                no
lazyfree-lazy-user-del              bool                -                no
lazyfree-lazy-user-flush            bool                -                no
lfu-decay-time                      int:0..int32        active           1
lfu-log-factor                      int:0..int32        active           10
list-compress-depth                 int:0..int32        active           0
list-max-listpack-size              int:-int32..int32   active           -2
logfile                             text                immutable,active
loglevel                            enum                active           notice
masterauth                          text                sensitive
masteruser                          text                sensitive
maxclients                          int:1..uint32       active           10000
maxmemory                           size:0..uint64      -                0
maxmemory-clients                   size-or-percent     active           0
maxmemory-eviction-tenacity         int:0..100          -                10
maxmemory-policy                    enum                active           noeviction
maxmemory-samples                   int:1..int32        -                5
min-replicas-max-lag                int:0..int32        -                10
min-replicas-to-write               int:0..int32        -                0
no-appendfsync-on-rewrite           bool                -                no
notify-keyspace-events              events              active
oom-score-adj                       enum                -                no
oom-score-adj-values                oom-scores          multi            0 200 800
pidfile                             text                immutable,active
port                                int:0..65535        active           6379
proc-title-template                 title               active           {title} {listen-addr} {server-mode}
propagation-error-behavior          enum                -                ignore
protected-mode                      bool                active           yes
proto-max-bulk-len                  size:1048576..int64 active           536870912
rdb-del-sync-files                  bool                -                no
rdb-save-incremental-fsync          bool                -                yes
rdbchecksum                         bool                immutable,active yes
rdbcompression                      bool                active           yes
repl-backlog-size                   size:1..int64       -                1048576
repl-backlog-ttl                    int:0..int64        -                3600
repl-disable-tcp-nodelay            bool                -                no
repl-diskless-load                  enum                -                disabled
repl-diskless-sync                  bool                -                yes
repl-diskless-sync-delay            int:0..int32        -                5
repl-diskless-sync-max-replicas     int:0..int32        -                0
repl-ping-replica-period            int:1..int32        -                10
repl-timeout                        int:1..int32        -                60
replica-announce-ip                 text                -
replica-announce-port               int:0..65535        -                0
replica-announced                   bool                -                yes
replica-ignore-disk-write-errors    bool                -                no
replica-ignore-maxmemory            bool                -                yes
replica-lazy-flush                  bool                -                no
replica-priority                    int:0..int32        -                100
replica-read-only                   bool                -                yes
replica-serve-stale-data            bool                -                yes
replicaof                           replica             immutable,multi
requirepass                         text                sensitive,active
sanitize-dump-payload               enum                -                no
save                                save                multi,active     3600 1 300 100 60 10000
server_cpulist                      text                immutable
set-max-intset-entries              int:0..int64        active           512
set-proc-title                      bool                immutable,active yes
shutdown-on-sigint                  shutdown            multi,active     default
shutdown-on-sigterm                 shutdown            multi,active     default
shutdown-timeout                    int:0..int32        -                10
slowlog-log-slower-than             int:-1..int64       active           10000
slowlog-max-len                     int:0..int64        active           128
socket-mark-id                      int:0..uint32       immutable        0
stop-writes-on-bgsave-error         bool                active           yes
stream-node-max-bytes               size:0..int64       active           4096
stream-node-max-entries             int:0..int64        active           100
supervised                          enum                immutable,active no
syslog-enabled                      bool                immutable        no
syslog-facility                     enum                immutable        local0
syslog-ident                        text                immutable        redis
tcp-backlog                         int:0..int32        immutable,active 511
tcp-keepalive                       int:0..int32        active           300
timeout                             int:0..int32        active           0
tls-auth-clients                    enum                -                yes
tls-ca-cert-dir                     text                -
tls-ca-cert-file                    text                -
tls-cert-file                       text                -
tls-ciphers                         text                -
tls-ciphersuites                    text                -
tls-client-cert-file                text                -
tls-client-key-file                 text                -
tls-client-key-file-pass            text                -
tls-cluster                         bool                -                no
tls-dh-params-file                  text                -
tls-key-file                        text                -
tls-key-file-pass                   text                -
tls-port                            int:0..65535        -                0
tls-prefer-server-ciphers           bool                -                no
tls-protocols                       text                -
tls-replication                     bool                -                no
tls-session-cache-size              int:0..int32        -                20480
tls-session-cache-timeout           int:0..int32        -                300
tls-session-caching                 bool                -                yes
tracking-table-max-keys             int:0..int64        active           1000000
unixsocket                          text                immutable,active
unixsocketperm                      octal               immutable,active 0
zset-max-listpack-entries           int:0..int64        active           128
zset-max-listpack-value             size:0..int64       active           64
`;

/** What an enum parameter may be; errors name the words in this order. */
const WORDS = `
acl-pubsub-default              allchannels resetchannels
appendfsync                     everysec always no
cluster-preferred-endpoint-type ip hostname unknown-endpoint
enable-debug-command            no yes local
enable-module-command           no yes local
enable-protected-configs        no yes local
loglevel                        debug verbose notice warning
maxmemory-policy                volatile-lru volatile-lfu volatile-random volatile-ttl
                                allkeys-lru allkeys-lfu allkeys-random noeviction
oom-score-adj                   no yes relative absolute
propagation-error-behavior      ignore panic panic-on-replicas
repl-diskless-load              disabled on-empty-db swapdb
sanitize-dump-payload           no yes clients
shutdown-on-sigint              default save nosave now force
shutdown-on-sigterm             default save nosave now force
supervised                      upstart systemd auto no
syslog-facility                 user local0 local1 local2 local3 local4 local5 local6 local7
tls-auth-clients                no yes optional
`;

/** Names that Redis has kept from older versions, each with the one that it stands for. */
const ALIASES = `
cluster-slave-no-failover        cluster-replica-no-failover
cluster-slave-validity-factor    cluster-replica-validity-factor
hash-max-ziplist-entries         hash-max-listpack-entries
hash-max-ziplist-value           hash-max-listpack-value
list-max-ziplist-size            list-max-listpack-size
lua-time-limit                   busy-reply-threshold
min-slaves-max-lag               min-replicas-max-lag
min-slaves-to-write              min-replicas-to-write
repl-ping-slave-period           repl-ping-replica-period
slave-announce-ip                replica-announce-ip
slave-announce-port              replica-announce-port
slave-ignore-maxmemory           replica-ignore-maxmemory
slave-lazy-flush                 replica-lazy-flush
slave-priority                   replica-priority
slave-read-only                  replica-read-only
slave-serve-stale-data           replica-serve-stale-data
slaveof                          replicaof
zset-max-ziplist-entries         zset-max-listpack-entries
zset-max-ziplist-value           zset-max-listpack-value
`;

const BOUNDS: Readonly<Record<string, bigint>> = {
  '-int32': -2147483648n,
  int32: 2147483647n,
  uint32: 4294967295n,
  int64: 9223372036854775807n,
  uint64: 18446744073709551615n,
};

export const PARAMETERS: readonly ParameterRow[] = lines(TABLE).map(parseRow);

/** All names under which a parameter can be asked for. */
export const PARAMETER_NAMES: ReadonlyMap<string, ParameterRow> = nameAll();

/** A parameter by its name or alias, in any case. */
export function findParameter(name: string): ParameterRow | undefined {
  return PARAMETER_NAMES.get(name.toLowerCase());
}

function lines(text: string): string[] {
  return text.trim().split('\n');
}

function parseRow(line: string): ParameterRow {
  const [, name = '', shape = '', flagText = '', value = ''] =
    /^(\S+) +(\S+) +(\S+) ?(.*)$/.exec(line) ?? [];
  const [kind = '', range = ''] = shape.split(':');
  const [min = '0', max = '0'] = range.split('..');
  const flags = new Set(flagText.split(','));
  return {
    name,
    kind,
    min: bound(min || '0'),
    max: bound(max || '0'),
    immutable: flags.has('immutable'),
    protected: flags.has('protected'),
    sensitive: flags.has('sensitive'),
    multi: flags.has('multi'),
    active: flags.has('active'),
    default: value.trim(),
    words: wordsOf(name),
  };
}

function bound(text: string): bigint {
  return BOUNDS[text] ?? BigInt(text);
}

function wordsOf(name: string): string[] {
  const line = lines(WORDS.replace(/\n +/g, ' ')).find((text) => text.startsWith(`${name} `));
  return line === undefined ? [] : line.split(/ +/).slice(1);
}

function nameAll(): Map<string, ParameterRow> {
  const names = new Map(PARAMETERS.map((row) => [row.name, row]));
  for (const line of lines(ALIASES)) {
    const [alias = '', name = ''] = line.split(/ +/);
    const row = names.get(name);
    if (row === undefined) throw new Error(`'${alias}' stands for no parameter`);
    names.set(alias, row);
  }
  return names;
}
