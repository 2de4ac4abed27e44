/** What a server answers that stands alone: replication, clusters, modules, memory, LOLWUT. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('ROLE and REPLICAOF of a store without replicas')`
  ROLE              -> ["master" :0 []]
  REPLICAOF NO ONE  -> +OK
  SLAVEOF no one    -> +OK
  REPLICAOF a b     -> -ERR Invalid master port
  SLAVEOF a 65536   -> -ERR Invalid master port
`;

given('REPLICAOF of another server is refused', {
  skip: { redis: 'redis-server would try to follow it' },
})`
  REPLICAOF 127.0.0.1 1
    -> -ERR REPLICAOF is not supported: a Redstart store has no other server to follow
`;

given('FAILOVER has nothing to fail over to')`
  FAILOVER                 -> -ERR FAILOVER requires connected replicas.
  FAILOVER ABORT           -> -ERR No failover in progress.
  FAILOVER TO a            -> -ERR syntax error
  FAILOVER TO a b          -> -ERR value is not an integer or out of range
  FAILOVER TO a 1 FORCE TIMEOUT 5 -> -ERR FAILOVER requires connected replicas.
  FAILOVER TIMEOUT 0       -> -ERR FAILOVER timeout must be greater than 0
  FAILOVER TIMEOUT x       -> -ERR value is not an integer or out of range
  FAILOVER TIMEOUT 1 TIMEOUT 2 -> -ERR syntax error
  FAILOVER NOSUCH          -> -ERR syntax error
`;

given('REPLCONF takes what replicas tell of themselves')`
  REPLCONF                           -> +OK
  REPLCONF listening-port 1 capa eof -> +OK
  REPLCONF ip-address 1.2.3.4        -> +OK
  REPLCONF capa                      -> -ERR syntax error
  REPLCONF listening-port x          -> -ERR value is not an integer or out of range
  REPLCONF rdb-only 2 -> -ERR value is out of range, value must between 0 and 1
  REPLCONF rdb-filter-only x         -> -ERR Unsupported rdb-filter-only option: x
  REPLCONF version 1                 -> -ERR Unrecognized REPLCONF option: version
`;

given('CLUSTER and its kin are switched off')`
  CLUSTER INFO                    -> -ERR This instance has cluster support disabled
  CLUSTER KEYSLOT k               -> -ERR This instance has cluster support disabled
  CLUSTER KEYSLOT                 -> -ERR wrong number of arguments for 'cluster|keyslot' command
  CLUSTER FOO                     -> -ERR unknown subcommand 'FOO'. Try CLUSTER HELP.
  CLUSTER HELP                    -> -ERR This instance has cluster support disabled
  CLUSTER MYID                    -> -ERR This instance has cluster support disabled
  CLUSTER NODES                   -> -ERR This instance has cluster support disabled
  CLUSTER SLOTS                   -> -ERR This instance has cluster support disabled
  CLUSTER SHARDS                  -> -ERR This instance has cluster support disabled
  CLUSTER LINKS                   -> -ERR This instance has cluster support disabled
  CLUSTER COUNTKEYSINSLOT 1       -> -ERR This instance has cluster support disabled
  CLUSTER GETKEYSINSLOT 1 1       -> -ERR This instance has cluster support disabled
  CLUSTER ADDSLOTS 1              -> -ERR This instance has cluster support disabled
  CLUSTER ADDSLOTSRANGE 1 2       -> -ERR This instance has cluster support disabled
  CLUSTER DELSLOTS 1              -> -ERR This instance has cluster support disabled
  CLUSTER DELSLOTSRANGE 1 2       -> -ERR This instance has cluster support disabled
  CLUSTER SETSLOT 1 STABLE        -> -ERR This instance has cluster support disabled
  CLUSTER FLUSHSLOTS              -> -ERR This instance has cluster support disabled
  CLUSTER BUMPEPOCH               -> -ERR This instance has cluster support disabled
  CLUSTER SET-CONFIG-EPOCH 1      -> -ERR This instance has cluster support disabled
  CLUSTER COUNT-FAILURE-REPORTS a -> -ERR This instance has cluster support disabled
  CLUSTER FAILOVER                -> -ERR This instance has cluster support disabled
  CLUSTER FORGET a                -> -ERR This instance has cluster support disabled
  CLUSTER MEET a 1                -> -ERR This instance has cluster support disabled
  CLUSTER REPLICAS a              -> -ERR This instance has cluster support disabled
  CLUSTER SLAVES a                -> -ERR This instance has cluster support disabled
  CLUSTER REPLICATE a             -> -ERR This instance has cluster support disabled
  CLUSTER RESET                   -> -ERR This instance has cluster support disabled
  CLUSTER SAVECONFIG              -> -ERR This instance has cluster support disabled
  READONLY                        -> -ERR This instance has cluster support disabled
  READWRITE                       -> -ERR This instance has cluster support disabled
  ASKING                          -> -ERR This instance has cluster support disabled
`;

given('RESTORE-ASKING is RESTORE')`
  SET k hello                       -> +OK
  RESTORE-ASKING k 0 x              -> -BUSYKEY Target key name already exists.
  RESTORE-ASKING a 0 x              -> -ERR DUMP payload version or checksum are wrong
  RESTORE-ASKING                    -> -ERR wrong number of arguments for 'restore-asking' command
`;

given('MIGRATE says what is wrong, or that there is nothing to send')`
  SET k v                               -> +OK
  MIGRATE 127.0.0.1 1 nokey 0 100       -> +NOKEY
  MIGRATE 127.0.0.1 1 k 0 x             -> -ERR value is not an integer or out of range
  MIGRATE 127.0.0.1 1 k 0 100 FOO       -> -ERR syntax error
  MIGRATE 127.0.0.1 1 k 0 100 AUTH      -> -ERR syntax error
  MIGRATE 127.0.0.1 1 k 0 100 KEYS k
    -> -ERR When using MIGRATE KEYS option, the key argument must be set to the empty string
  MIGRATE 127.0.0.1 1 "" 0 100 COPY REPLACE AUTH2 a b KEYS x y -> +NOKEY
  MIGRATE 127.0.0.1 1 k 0 100           -> /IOERR error or timeout .*/
`;

given('MODULE knows of none and loads none')`
  MODULE LIST  -> []
  MODULE LOAD x
    -> -ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.
  MODULE LOADEX x
    -> -ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.
  MODULE UNLOAD x
    -> -ERR MODULE command not allowed. If the enable-module-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.
  MODULE HELP
    -> [+"MODULE <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +LIST
    +"    Return a list of loaded modules." +"LOAD <path> [<arg> ...]"
    +"    Load a module library from <path>, passing to it any optional arguments."
    +"LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]"
    +"    Load a module library from <path>, while passing it module configurations and optional arguments."
    +"UNLOAD <name>" +"    Unload a module." +HELP +"    Prints this help."]
`;

given('MEMORY tells of the store as a whole')`
  MEMORY PURGE        -> +OK
  MEMORY DOCTOR       -> /.*memory.*/
  MEMORY MALLOC-STATS -> /.+/
  MEMORY STATS FOO    -> -ERR wrong number of arguments for 'memory|stats' command
  MEMORY HELP
    -> [+"MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +DOCTOR
    +"    Return memory problems reports." +MALLOC-STATS
    +"    Return internal statistics report from the memory allocator." +PURGE
    +"    Attempt to purge dirty pages for reclamation by the allocator." +STATS
    +"    Return information about the memory usage of the server."
    +"USAGE <key> [SAMPLES <count>]"
    +"    Return memory in bytes used by <key> and its value. Nested values are"
    +"    sampled up to <count> times (default: 5, 0 means sample all)." +HELP
    +"    Prints this help."]
`;

given('LOLWUT ends with the version')`
  LOLWUT                   -> ="txt:Redis ver. 7.0.15\n"
  LOLWUT 1 2               -> ="txt:Redis ver. 7.0.15\n"
  LOLWUT VERSION 7         -> ="txt:Redis ver. 7.0.15\n"
  LOLWUT VERSION 5 30 4 3  -> /.+Redis ver. 7.0.15\n/
  LOLWUT VERSION 6 10 5    -> /.+Redis ver. 7.0.15\n/
  LOLWUT VERSION x         -> -ERR value is not an integer or out of range
  LOLWUT VERSION 5 x       -> -ERR value is not an integer or out of range
`;
