/**
 * COMMAND through the whole store, on every target; that all facts agree with redis-server's is
 * what table.test.ts and command-keys.test.ts show.
 */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('COMMAND COUNT counts the commands, of which Redis 7.0 has 240')`
  COMMAND COUNT    -> :240..300
  COMMAND COUNT x  -> -ERR wrong number of arguments for 'command|count' command
`;

given('COMMAND refuses a subcommand that it does not know')`
  COMMAND nosuch  -> -ERR unknown subcommand 'nosuch'. Try COMMAND HELP.
`;

given('COMMAND INFO answers nil for a name that is no command')`
  COMMAND INFO nosuch   -> [nil]
  COMMAND INFO object|  -> [nil]
`;

given('COMMAND INFO tells arity, flags, keys and categories', { protocols: [2] })`
  COMMAND INFO get
  -> [["get" :2 [+readonly +fast] :1 :1 :1 [+@read +@string +@fast] [] [["flags" [+RO +access] "begin_search" ["type" "index" "spec" ["index" :1]] "find_keys" ["type" "range" "spec" ["lastkey" :0 "keystep" :1 "limit" :0]]]] []]]
`;

given('COMMAND INFO uses sets and maps in RESP3', { protocols: [3] })`
  COMMAND INFO ping
  -> [["ping" :-1 ~[+fast] :0 :0 :0 ~[+@fast +@connection] ~["request_policy:all_shards" "response_policy:all_succeeded"] ~[] ~[]]]
`;

given('COMMAND DOCS documents the commands that it knows')`
  COMMAND DOCS nosuch        -> {}
  COMMAND DOCS strlen nosuch
  -> {"strlen" => {"summary" => * "since" => "2.2.0" "group" => "string" "complexity" => "O(1)" "arguments" => [{"name" => "key" "type" => "key" "key_spec_index" => :0}]}}
`;

given('requests after COMMAND DOCS are answered after it')`
  COMMAND DOCS nosuch  -> {}
  PING                 -> +PONG
`;

given('COMMAND LIST filters names')`
  COMMAND LIST FILTERBY PATTERN incr*        -> any["incr" "incrby" "incrbyfloat"]
  COMMAND LIST FILTERBY ACLCAT transaction   -> any["multi" "exec" "discard" "watch" "unwatch"]
  COMMAND LIST FILTERBY MODULE nosuch        -> []
  COMMAND LIST FILTERBY nosuch x             -> -ERR syntax error
`;

given('COMMAND GETKEYS finds the keys of a command line')`
  COMMAND GETKEYS MSET a 1 b 2          -> ["a" "b"]
  COMMAND GETKEYS EVAL script 2 a b c   -> ["a" "b"]
  COMMAND GETKEYS EVAL script 0         -> []
  COMMAND GETKEYS OBJECT ENCODING a     -> ["a"]
  COMMAND GETKEYS SORT a STORE b        -> ["a" "b"]
  COMMAND GETKEYS GET "\xff\x00"        -> ["\xff\x00"]
`;

given('COMMAND GETKEYS says what is wrong with a command line')`
  COMMAND GETKEYS nosuch a     -> -ERR Invalid command specified
  COMMAND GETKEYS PING a       -> -ERR The command has no key arguments
  COMMAND GETKEYS GET a b      -> -ERR Invalid number of arguments specified for command
  COMMAND GETKEYS ZUNION 2 a   -> -ERR Invalid arguments specified for command
  COMMAND GETKEYS GET          -> -ERR wrong number of arguments for 'command|getkeys' command
`;

given('COMMAND GETKEYSANDFLAGS tells what happens to each key', { protocols: [3] })`
  COMMAND GETKEYSANDFLAGS SET a 1       -> [["a" ~[+OW +update]]]
  COMMAND GETKEYSANDFLAGS SET a 1 GET   -> [["a" ~[+RW +access +update]]]
  COMMAND GETKEYSANDFLAGS COPY a b      -> [["a" ~[+RO +access]] ["b" ~[+OW +update]]]
`;
