/** CONFIG: reading and changing parameters, several at once, in the units that Redis takes. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('CONFIG GET answers a map of the parameters that match')`
  CONFIG GET maxmemory             -> any{"maxmemory" => "0"}
  CONFIG GET MAXMEMORY             -> any{"MAXMEMORY" => "0"}
  CONFIG GET nosuch                -> any{}
  CONFIG GET ""                    -> any{}
  CONFIG GET maxmemory maxmemory   -> any{"maxmemory" => "0"}
  CONFIG GET maxmemory nosuch      -> any{"maxmemory" => "0"}
  CONFIG GET maxmemory-samples maxmemory-policy
    -> any{"maxmemory-samples" => "5" "maxmemory-policy" => "noeviction"}
  CONFIG GET appendfsyn?           -> any{"appendfsync" => "everysec"}
  CONFIG GET hash-max-*ist*entries
    -> any{"hash-max-ziplist-entries" => "512" "hash-max-listpack-entries" => "512"}
  CONFIG GET [a]ppendfsync         -> any{"appendfsync" => "everysec"}
`;

given('CONFIG SET changes parameters and CONFIG GET shows it')`
  CONFIG SET maxmemory-samples 7 -> +OK
  CONFIG GET maxmemory-samples   -> any{"maxmemory-samples" => "7"}
  CONFIG SET maxmemory-samples 5 -> +OK
  CONFIG SET hz 20               -> +OK
  CONFIG GET hz                  -> any{"hz" => "20"}
  CONFIG SET hz 10               -> +OK
  CONFIG SET MaxMemory-Samples 6 -> +OK
  CONFIG GET maxmemory-samples   -> any{"maxmemory-samples" => "6"}
  CONFIG SET maxmemory-samples 5 -> +OK
`;

given('memory is read with units and shown in bytes')`
  CONFIG SET maxmemory 100mb      -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "104857600"}
  CONFIG SET maxmemory 1gb        -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "1073741824"}
  CONFIG SET maxmemory 100k       -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "100000"}
  CONFIG SET maxmemory 100000KB   -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "102400000"}
  CONFIG SET maxmemory 200000000b -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "200000000"}
  CONFIG SET maxmemory 1.5gb
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
  CONFIG SET maxmemory x
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
  CONFIG SET maxmemory -1
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
  CONFIG SET maxmemory 1tb
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value
  CONFIG SET maxmemory 0          -> +OK
  CONFIG GET maxmemory            -> any{"maxmemory" => "0"}
`;

given('several parameters are set together or not at all')`
  CONFIG SET maxmemory-samples 8 hz 30    -> +OK
  CONFIG GET hz maxmemory-samples         -> any{"hz" => "30" "maxmemory-samples" => "8"}
  CONFIG SET maxmemory-samples 9 hz x
    -> -ERR CONFIG SET failed (possibly related to argument 'hz') - argument couldn't be parsed into an integer
  CONFIG SET maxmemory-samples 9 nosuch 1
    -> -ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'
  CONFIG SET maxmemory-samples 9 maxmemory-samples 10
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - duplicate parameter
  CONFIG SET maxmemory-samples 9 hz       -> -ERR syntax error
  CONFIG GET maxmemory-samples            -> any{"maxmemory-samples" => "8"}
  CONFIG SET maxmemory-samples 5 hz 10    -> +OK
`;

given('values that a parameter cannot have are refused with the reason')`
  CONFIG SET maxmemory-samples 0
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - argument must be between 1 and 2147483647 inclusive
  CONFIG SET maxmemory-samples x
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - argument couldn't be parsed into an integer
  CONFIG SET maxmemory-samples ""
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-samples') - argument couldn't be parsed into an integer
  CONFIG SET maxmemory-policy nosuch
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-policy') - argument(s) must be one of the following: volatile-lru, volatile-lfu, volatile-random, volatile-ttl, allkeys-lru, allkeys-lfu, allkeys-random, noeviction
  CONFIG SET appendfsync sometimes
    -> -ERR CONFIG SET failed (possibly related to argument 'appendfsync') - argument(s) must be one of the following: everysec, always, no
  CONFIG SET appendonly maybe
    -> -ERR CONFIG SET failed (possibly related to argument 'appendonly') - argument must be 'yes' or 'no'
  CONFIG SET timeout -1
    -> -ERR CONFIG SET failed (possibly related to argument 'timeout') - argument must be between 0 and 2147483647 inclusive
  CONFIG SET proto-max-bulk-len 1
    -> -ERR CONFIG SET failed (possibly related to argument 'proto-max-bulk-len') - argument must be between 1048576 and 9223372036854775807 inclusive
  CONFIG SET lazyfree-lazy-expire x
    -> -ERR CONFIG SET failed (possibly related to argument 'lazyfree-lazy-expire') - argument must be 'yes' or 'no'
  CONFIG SET nosuch 1
    -> -ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'
  CONFIG SET "a\r\nb" 1
    -> -ERR Unknown option or number of arguments for CONFIG SET - 'a  b'
  CONFIG SET databases 5
    -> -ERR CONFIG SET failed (possibly related to argument 'databases') - can't set immutable config
  CONFIG SET enable-debug-command yes
    -> -ERR CONFIG SET failed (possibly related to argument 'enable-debug-command') - can't set immutable config
  CONFIG SET latency-monitor-threshold -1
    -> -ERR CONFIG SET failed (possibly related to argument 'latency-monitor-threshold') - argument must be between 0 and 9223372036854775807 inclusive
  CONFIG SET hash-max-listpack-entries x
    -> -ERR CONFIG SET failed (possibly related to argument 'hash-max-listpack-entries') - argument couldn't be parsed into an integer
  CONFIG SET notify-keyspace-events Q
    -> -ERR CONFIG SET failed (possibly related to argument 'notify-keyspace-events') - Invalid event class character. Use 'Ag$lshzxeKEtmdn'.
  CONFIG SET save x
    -> -ERR CONFIG SET failed (possibly related to argument 'save') - Invalid save parameters
  CONFIG SET maxmemory-clients 101%
    -> -ERR CONFIG SET failed (possibly related to argument 'maxmemory-clients') - percentage argument must be less or equal to 100
`;

given('old names of parameters work beside the new ones')`
  CONFIG SET hash-max-ziplist-entries 100  -> +OK
  CONFIG GET hash-max-listpack-entries     -> any{"hash-max-listpack-entries" => "100"}
  CONFIG GET hash-max-ziplist-entries      -> any{"hash-max-ziplist-entries" => "100"}
  CONFIG SET hash-max-listpack-entries 512 -> +OK
`;

given('CONFIG knows its subcommands')`
  CONFIG               -> -ERR wrong number of arguments for 'config' command
  CONFIG FOO           -> -ERR unknown subcommand 'FOO'. Try CONFIG HELP.
  CONFIG GET           -> -ERR wrong number of arguments for 'config|get' command
  CONFIG SET           -> -ERR wrong number of arguments for 'config|set' command
  CONFIG SET maxmemory -> -ERR wrong number of arguments for 'config|set' command
  CONFIG RESETSTAT x   -> -ERR wrong number of arguments for 'config|resetstat' command
  CONFIG RESETSTAT     -> +OK
  CONFIG REWRITE x     -> -ERR wrong number of arguments for 'config|rewrite' command
  CONFIG HELP x        -> -ERR wrong number of arguments for 'config|help' command
  CONFIG HELP
    -> [+"CONFIG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"GET <pattern>"
    +"    Return parameters matching the glob-like <pattern> and their values."
    +"SET <directive> <value>" +"    Set the configuration <directive> to <value>." +RESETSTAT
    +"    Reset statistics reported by the INFO command." +REWRITE
    +"    Rewrite the configuration file." +HELP +"    Prints this help."]
`;

given('yes and no are shown as such')`
  CONFIG GET lazyfree-lazy-user-del     -> any{"lazyfree-lazy-user-del" => "no"}
  CONFIG SET lazyfree-lazy-user-del YES -> +OK
  CONFIG GET lazyfree-lazy-user-del     -> any{"lazyfree-lazy-user-del" => "yes"}
  CONFIG SET lazyfree-lazy-user-del no  -> +OK
  CONFIG GET enable-debug-command       -> any{"enable-debug-command" => "yes"}
`;
