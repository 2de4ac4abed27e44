/** Lists: the nodes they are made of, as DEBUG OBJECT tells, and packed thresholds. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('DEBUG OBJECT of a list tells of its nodes')`
  RPUSH k a b c 1000 -> :4
  DEBUG OBJECT k
    -> /.*ql_nodes:1 ql_avg_node:4.00 ql_listpack_max:-2 ql_compressed:0 ql_uncompressed_size:19/
`;

given('list-max-listpack-size limits the elements of a node, for lists made since')`
  CONFIG SET list-max-listpack-size 3  -> +OK
  RPUSH k a b c d e f g h              -> :8
  DEBUG OBJECT k
    -> /.*ql_nodes:3 ql_avg_node:2.67 ql_listpack_max:3 ql_compressed:0 ql_uncompressed_size:45/
  CONFIG SET list-max-ziplist-size -1  -> +OK
  CONFIG GET list-max-listpack-size    -> {"list-max-listpack-size" => "-1"}
  RPUSH k i j                          -> :10
  DEBUG OBJECT k
    -> /.*ql_nodes:4 ql_avg_node:2.50 ql_listpack_max:3 ql_compressed:0 ql_uncompressed_size:58/
  RPUSH l <x*4000> <y*80> z            -> :3
  DEBUG OBJECT l                       -> /.*ql_nodes:2 ql_avg_node:1.50 ql_listpack_max:-1 .*/
  CONFIG SET list-max-listpack-size -2 -> +OK
`;

given('inserting splits full nodes and joins neighbours as Redis does')`
  CONFIG SET list-max-listpack-size 4  -> +OK
  RPUSH k a b c d e f g h i j k l      -> :12
  DEBUG OBJECT k                       -> /.*ql_nodes:3 ql_avg_node:4.00 .*/
  LINSERT k AFTER f x                  -> :13
  DEBUG OBJECT k                       -> /.*ql_nodes:4 ql_avg_node:3.25 .*/
  LINSERT k BEFORE f y                 -> :14
  DEBUG OBJECT k                       -> /.*ql_nodes:4 ql_avg_node:3.50 .*/
  LINSERT k BEFORE a z                 -> :15
  DEBUG OBJECT k                       -> /.*ql_nodes:5 ql_avg_node:3.00 .*/
  LREM k 0 e                           -> :1
  LREM k 0 f                           -> :1
  LTRIM k 1 -2                         -> +OK
  DEBUG OBJECT k                       -> /.*ql_nodes:4 ql_avg_node:2.75 .*/
  LRANGE k 0 -1                        -> ["a" "b" "c" "d" "y" "x" "g" "h" "i" "j" "k"]
  CONFIG SET list-max-listpack-size -2 -> +OK
`;

given('lists with compressed nodes answer as others do')`
  CONFIG SET list-max-listpack-size 2  -> +OK
  CONFIG SET list-compress-depth 1     -> +OK
  RPUSH k <a*100> <b*100> <c*100> <d*100> <e*100> <f*100> <g*100> <h*100> -> :8
  DEBUG OBJECT k
    -> /.*ql_nodes:4 ql_avg_node:2.00 ql_listpack_max:2 ql_compressed:1 ql_uncompressed_size:852/
  LINDEX k 3                           -> <d*100>
  LSET k 4 x                           -> +OK
  LINSERT k AFTER <c*100> 5            -> :9
  LREM k 0 <d*100>                     -> :1
  LPOS k <f*100>                       -> :5
  LMOVE k k LEFT RIGHT                 -> <a*100>
  LTRIM k 1 -2                         -> +OK
  COPY k c                             -> :1
  LPUSH c y                            -> :7
  LRANGE c 0 -1                        -> ["y" <c*100> "5" "x" <f*100> <g*100> <h*100>]
  LPOP k 3                             -> [<c*100> "5" "x"]
  LRANGE k 0 -1                        -> [<f*100> <g*100> <h*100>]
  CONFIG SET list-compress-depth 0     -> +OK
  CONFIG SET list-max-listpack-size -2 -> +OK
`;

given('elements above the packed threshold get a node of their own')`
  DEBUG QUICKLIST-PACKED-THRESHOLD 5   -> +OK
  RPUSH k a b hello c d                -> :5
  DEBUG OBJECT k
    -> /.*ql_nodes:3 ql_avg_node:1.67 ql_listpack_max:-2 ql_compressed:0 ql_uncompressed_size:31/
  LSET k 0 longer                      -> +OK
  LSET k 2 x                           -> +OK
  LINSERT k AFTER c plainly            -> :6
  LRANGE k 0 -1                        -> ["longer" "b" "x" "c" "plainly" "d"]
  LPOS k plainly                       -> :4
  LREM k 1 longer                      -> :1
  LPOP k                               -> "b"
  RPOP k 2                             -> ["d" "plainly"]
  LMOVE k k LEFT RIGHT                 -> "x"
  LRANGE k 0 -1                        -> ["c" "x"]
  DEBUG QUICKLIST-PACKED-THRESHOLD 0   -> +OK
  RPUSH k hello                        -> :3
  DEBUG OBJECT k                       -> /.*ql_nodes:1 .*/
  DEBUG QUICKLIST-PACKED-THRESHOLD 4gb
    -> -ERR argument must be a memory value bigger than 1 and smaller than 4gb
  DEBUG QUICKLIST-PACKED-THRESHOLD -1
    -> -ERR argument must be a memory value bigger than 1 and smaller than 4gb
  DEBUG QUICKLIST-PACKED-THRESHOLD x
    -> -ERR argument must be a memory value bigger than 1 and smaller than 4gb
`;

given('DEBUG LISTPACK and QUICKLIST know whether the encoding is theirs')`
  RPUSH k a               -> :1
  SET s v                 -> +OK
  DEBUG QUICKLIST k       -> +Quicklist structure printed on stdout
  DEBUG QUICKLIST k 1     -> +Quicklist structure printed on stdout
  DEBUG LISTPACK k        -> -ERR Not a listpack encoded object.
  DEBUG LISTPACK s        -> -ERR Not a listpack encoded object.
  DEBUG QUICKLIST s       -> -ERR Not a quicklist encoded object.
  DEBUG LISTPACK missing  -> -ERR no such key
  DEBUG QUICKLIST missing -> -ERR no such key
`;
