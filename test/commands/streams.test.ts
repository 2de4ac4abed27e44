/** Streams: adding, ranges, removing, trimming, the last id. Groups have files of their own. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('XADD appends an entry under an id that is above the last one')`
  XADD s 1-1 a b     -> "1-1"
  XADD s 1-2 a c d e -> "1-2"
  XADD s 5 f ""      -> "5-0"
  XLEN s             -> :3
  TYPE s             -> +stream
  OBJECT ENCODING s  -> "stream"
  XRANGE s - +       -> [["1-1" ["a" "b"]] ["1-2" ["a" "c" "d" "e"]] ["5-0" ["f" ""]]]
  XADD s 5-0 a b
    -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
  XADD s 4-9 a b
    -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
  XADD s 0-0 a b     -> -ERR The ID specified in XADD must be greater than 0-0
  XADD s 0 a b       -> -ERR The ID specified in XADD must be greater than 0-0
  XLEN s             -> :3
  XLEN missing       -> :0
`;

given('XADD makes ids, or their sequence')`
  XADD s * a b                -> /\d+-0/
  XADD s * a b                -> /\d+-\d/
  XADD t 5-* a b              -> "5-0"
  XADD t 5-* a b              -> "5-1"
  XADD t 6-* a b              -> "6-0"
  XADD t 5-* a b
    -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
  XADD u 0-* a b              -> "0-1"
  XADD u 99999999999999-5 a b -> "99999999999999-5"
  XADD u * a b                -> "99999999999999-6"
  XADD u * a b                -> "99999999999999-7"
`;

given('XADD reads ids as C reads numbers')`
  XADD s " 7-1" a b                 -> "7-1"
  XADD s +8-1 a b                   -> "8-1"
  XADD s 0010-007 a b               -> "10-7"
  XADD s 11--01 a b                 -> "11-18446744073709551615"
  XADD s "12-1\x00x" a b            -> "12-1"
  XADD s 13--1 a b                  -> -ERR Invalid stream ID specified as stream command argument
  XADD s 13- a b                    -> -ERR Invalid stream ID specified as stream command argument
  XADD s -1-1 a b                   -> -ERR Invalid stream ID specified as stream command argument
  XADD s 1-1-1 a b                  -> -ERR Invalid stream ID specified as stream command argument
  XADD s x a b                      -> -ERR Invalid stream ID specified as stream command argument
  XADD s "" a b                     -> -ERR Invalid stream ID specified as stream command argument
  XADD s - a b                      -> -ERR Invalid stream ID specified as stream command argument
  XADD s + a b                      -> -ERR Invalid stream ID specified as stream command argument
  XADD s $ a b                      -> -ERR Invalid stream ID specified as stream command argument
  XADD s 18446744073709551616 a b   -> -ERR Invalid stream ID specified as stream command argument
  XADD s 1-18446744073709551616 a b -> -ERR Invalid stream ID specified as stream command argument
  XADD s <1*128> a b                -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s - + COUNT 5
    -> [["7-1" ["a" "b"]] ["8-1" ["a" "b"]] ["10-7" ["a" "b"]] ["11-18446744073709551615" ["a"
    "b"]] ["12-1" ["a" "b"]]]
`;

given('XADD comes to the end of all ids')`
  XADD s 18446744073709551615-18446744073709551614 a b
    -> "18446744073709551615-18446744073709551614"
  XADD s 18446744073709551615-* a b -> "18446744073709551615-18446744073709551615"
  XADD s 18446744073709551615-* a b
    -> -ERR The stream has exhausted the last possible ID, unable to add more items
  XADD s * a b
    -> -ERR The stream has exhausted the last possible ID, unable to add more items
  XADD s 18446744073709551615-18446744073709551615 a b
    -> -ERR The stream has exhausted the last possible ID, unable to add more items
  XADD t 5-18446744073709551615 a b -> "5-18446744073709551615"
  XADD t 5-* a b                    -> -ERR Elements are too large to be stored
  XADD t 6-* a b                    -> "6-0"
  XRANGE s 18446744073709551615 +
    -> [["18446744073709551615-18446744073709551614" ["a" "b"]]
    ["18446744073709551615-18446744073709551615" ["a" "b"]]]
  XRANGE s (18446744073709551615-18446744073709551614 +
    -> [["18446744073709551615-18446744073709551615" ["a" "b"]]]
  XRANGE s (18446744073709551615-18446744073709551615 + -> -ERR invalid start ID for the interval
  XRANGE s - (0-0                   -> -ERR invalid end ID for the interval
  XREAD STREAMS s 18446744073709551615-18446744073709551614
    -> pairs{"s" => [["18446744073709551615-18446744073709551615" ["a" "b"]]]}
  XREAD STREAMS s 18446744073709551615-18446744073709551615 -> nil[]
`;

given('XADD NOMKSTREAM adds only to what is there')`
  XADD s NOMKSTREAM 1-1 a b          -> nil
  EXISTS s                           -> :0
  XADD s 1-1 a b                     -> "1-1"
  XADD s NOMKSTREAM 1-2 a b          -> "1-2"
  XADD s nomkstream MAXLEN 1 1-3 a b -> "1-3"
  XRANGE s - +                       -> [["1-3" ["a" "b"]]]
`;

given('XADD refuses what it cannot read')`
  XADD s 1-1                         -> -ERR wrong number of arguments for 'xadd' command
  XADD s 1-1 a                       -> -ERR wrong number of arguments for 'xadd' command
  XADD s 1-1 a b c                   -> -ERR wrong number of arguments for 'xadd' command
  XADD s MAXLEN 5 1-1 a              -> -ERR wrong number of arguments for 'xadd' command
  XADD s MAXLEN x 1-1 a b            -> -ERR value is not an integer or out of range
  XADD s MAXLEN -1 1-1 a b           -> -ERR The MAXLEN argument must be >= 0.
  XADD s MAXLEN = a b                -> -ERR value is not an integer or out of range
  XADD s MINID x 1-1 a b             -> -ERR Invalid stream ID specified as stream command argument
  XADD s MINID - 1-1 a b             -> -ERR Invalid stream ID specified as stream command argument
  XADD s MAXLEN 5 MINID 5 1-1 a b
    -> -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
  XADD s LIMIT 5 1-1 a b
    -> -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
  XADD s LIMIT 0 1-1 a b
    -> -ERR syntax error, LIMIT cannot be used without the special ~ option
  XADD s MAXLEN 5 LIMIT 5 1-2 a b
    -> -ERR syntax error, LIMIT cannot be used without the special ~ option
  XADD s MAXLEN ~ 5 LIMIT -1 1-2 a b -> -ERR The LIMIT argument must be >= 0.
  XADD s MAXLEN ~ 5 LIMIT x 1-2 a b  -> -ERR value is not an integer or out of range
  XADD s MAXLEN ~ 5 LIMIT 0 1-2 a b  -> "1-2"
  XADD s ~ 5 1-3 a b                 -> -ERR Invalid stream ID specified as stream command argument
  XADD s                             -> -ERR wrong number of arguments for 'xadd' command
  SET k v                            -> +OK
  XADD k 1-1 a b
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XADD k 0-0 a b                     -> -ERR The ID specified in XADD must be greater than 0-0
  XLEN k
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('XRANGE and XREVRANGE answer intervals, also open ones, in both orders')`
  XADD s 1-1 a 1               -> "1-1"
  XADD s 1-2 a 2               -> "1-2"
  XADD s 2-1 b 3 c 4           -> "2-1"
  XADD s 3-0 a 5               -> "3-0"
  XRANGE s - +
    -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]] ["2-1" ["b" "3" "c" "4"]] ["3-0" ["a" "5"]]]
  XREVRANGE s + -
    -> [["3-0" ["a" "5"]] ["2-1" ["b" "3" "c" "4"]] ["1-2" ["a" "2"]] ["1-1" ["a" "1"]]]
  XRANGE s 1 1                 -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]
  XRANGE s 1-2 2               -> [["1-2" ["a" "2"]] ["2-1" ["b" "3" "c" "4"]]]
  XRANGE s (1-1 (3-0           -> [["1-2" ["a" "2"]] ["2-1" ["b" "3" "c" "4"]]]
  XREVRANGE s (3-0 (1-1        -> [["2-1" ["b" "3" "c" "4"]] ["1-2" ["a" "2"]]]
  XRANGE s (1 2                -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]] ["2-1" ["b" "3" "c" "4"]]]
  XREVRANGE s 2 1              -> [["2-1" ["b" "3" "c" "4"]] ["1-2" ["a" "2"]] ["1-1" ["a" "1"]]]
  XRANGE s 3 1                 -> []
  XRANGE s - + COUNT 2         -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]
  XREVRANGE s + - COUNT 2      -> [["3-0" ["a" "5"]] ["2-1" ["b" "3" "c" "4"]]]
  XRANGE s - + COUNT 1 COUNT 3 -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]] ["2-1" ["b" "3" "c" "4"]]]
  XRANGE s - + COUNT 0         -> nil[]
  XRANGE s - + COUNT -5        -> nil[]
  XRANGE s + -                 -> []
  XRANGE missing - +           -> []
  XRANGE missing - + COUNT 0   -> []
`;

given('XRANGE refuses what it cannot read, before it looks for the key')`
  XRANGE s a b               -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s - b               -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s ( +               -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s (- +              -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s (+ +              -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s - $               -> -ERR Invalid stream ID specified as stream command argument
  XRANGE s - + COUNT         -> -ERR syntax error
  XRANGE s - + COUNT x       -> -ERR value is not an integer or out of range
  XRANGE s - + COUNT 1 COUNT -> -ERR syntax error
  XRANGE s - + LIMIT 1       -> -ERR syntax error
  XRANGE s -                 -> -ERR wrong number of arguments for 'xrange' command
  XREVRANGE s a b            -> -ERR Invalid stream ID specified as stream command argument
  SET k v                    -> +OK
  XRANGE k a b               -> -ERR Invalid stream ID specified as stream command argument
  XRANGE k - +               -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XREVRANGE k + -            -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('XDEL removes entries, and remembers the highest of their ids')`
  XADD s 1-1 a 1     -> "1-1"
  XADD s 1-2 a 2     -> "1-2"
  XADD s 2-1 a 3     -> "2-1"
  XDEL s 1-2 1-2 7-7 -> :1
  XLEN s             -> :2
  XRANGE s - +       -> [["1-1" ["a" "1"]] ["2-1" ["a" "3"]]]
  XINFO STREAM s
    -> {"length" => :2 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" =>
    "2-1" "max-deleted-entry-id" => "1-2" "entries-added" => :3 "recorded-first-entry-id" => "1-1"
    "groups" => :0 "first-entry" => ["1-1" ["a" "1"]] "last-entry" => ["2-1" ["a" "3"]]}
  XDEL s 1           -> :0
  XDEL s 1-1 x       -> -ERR Invalid stream ID specified as stream command argument
  XDEL s 1-1         -> :1
  XINFO STREAM s
    -> {"length" => :1 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" =>
    "2-1" "max-deleted-entry-id" => "1-2" "entries-added" => :3 "recorded-first-entry-id" => "2-1"
    "groups" => :0 "first-entry" => ["2-1" ["a" "3"]] "last-entry" => ["2-1" ["a" "3"]]}
  XDEL s 2-1         -> :1
  XINFO STREAM s
    -> {"length" => :0 "radix-tree-keys" => :0 "radix-tree-nodes" => :1 "last-generated-id" =>
    "2-1" "max-deleted-entry-id" => "2-1" "entries-added" => :3 "recorded-first-entry-id" => "0-0"
    "groups" => :0 "first-entry" => nil "last-entry" => nil}
  XADD s 2-1 a b
    -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
  XADD s 2-2 a b     -> "2-2"
  XRANGE s - +       -> [["2-2" ["a" "b"]]]
  XDEL missing 1     -> :0
  XDEL missing x     -> :0
  SET k v            -> +OK
  XDEL k x           -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('XTRIM MAXLEN keeps the last entries')`
  XADD s 1 a 1           -> "1-0"
  XADD s 2 a 2           -> "2-0"
  XADD s 3 a 3           -> "3-0"
  XADD s 4 a 4           -> "4-0"
  XTRIM s MAXLEN 3       -> :1
  XRANGE s - +           -> [["2-0" ["a" "2"]] ["3-0" ["a" "3"]] ["4-0" ["a" "4"]]]
  XTRIM s MAXLEN = 2     -> :1
  XTRIM s MAXLEN ~ 1     -> :0
  XTRIM s MAXLEN ~ 0     -> :2
  XLEN s                 -> :0
  XTRIM s MAXLEN 0       -> :0
  EXISTS s               -> :1
  XTRIM missing MAXLEN 0 -> :0
  XINFO STREAM s
    -> {"length" => :0 "radix-tree-keys" => :0 "radix-tree-nodes" => :1 "last-generated-id" =>
    "4-0" "max-deleted-entry-id" => "0-0" "entries-added" => :4 "recorded-first-entry-id" => "0-0"
    "groups" => :0 "first-entry" => nil "last-entry" => nil}
`;

given('XTRIM MINID keeps what is at the id or above')`
  XADD s 1 a 1         -> "1-0"
  XADD s 2 a 2         -> "2-0"
  XADD s 3 a 3         -> "3-0"
  XADD s 4 a 4         -> "4-0"
  XTRIM s MINID 2      -> :1
  XRANGE s - + COUNT 1 -> [["2-0" ["a" "2"]]]
  XTRIM s MINID = 3-1  -> :2
  XRANGE s - +         -> [["4-0" ["a" "4"]]]
  XTRIM s MINID ~ 5    -> :1
  XLEN s               -> :0
`;

given('XTRIM refuses what it cannot read')`
  XTRIM s MAXLEN              -> -ERR wrong number of arguments for 'xtrim' command
  XTRIM s FOO 1               -> -ERR syntax error
  XTRIM s MAXLEN x            -> -ERR value is not an integer or out of range
  XTRIM s MAXLEN -1           -> -ERR The MAXLEN argument must be >= 0.
  XTRIM s MAXLEN ~            -> -ERR value is not an integer or out of range
  XTRIM s MAXLEN 5 LIMIT 1
    -> -ERR syntax error, LIMIT cannot be used without the special ~ option
  XTRIM s MAXLEN ~ 5 LIMIT -1 -> -ERR The LIMIT argument must be >= 0.
  XTRIM s MAXLEN 1 MINID 1
    -> -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
  XTRIM s MAXLEN 1 MAXLEN 1
    -> -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
  XTRIM s MINID x             -> -ERR Invalid stream ID specified as stream command argument
  XTRIM s MINID -             -> -ERR Invalid stream ID specified as stream command argument
  XTRIM s LIMIT 5 5           -> -ERR syntax error
  XTRIM s LIMIT 0             -> -ERR syntax error, XTRIM must be called with a trimming strategy
  XTRIM s NOMKSTREAM MAXLEN 5 -> -ERR syntax error
  XTRIM s MAXLEN 1 1-1        -> -ERR syntax error
  SET k v                     -> +OK
  XTRIM k MAXLEN 1            -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XTRIM k MAXLEN x            -> -ERR value is not an integer or out of range
`;

given('approximate trimming removes whole nodes, up to a limit')`
  CONFIG SET stream-node-max-entries 2   -> +OK
  XADD s 1 a 1                           -> "1-0"
  XADD s 2 a 2                           -> "2-0"
  XADD s 3 a 3                           -> "3-0"
  XADD s 4 a 4                           -> "4-0"
  XADD s 5 a 5                           -> "5-0"
  XADD s 6 a 6                           -> "6-0"
  XADD s 7 a 7                           -> "7-0"
  XTRIM s MAXLEN ~ 6                     -> :0
  XTRIM s MAXLEN ~ 5                     -> :2
  XLEN s                                 -> :5
  XTRIM s MAXLEN ~ 1 LIMIT 1             -> :0
  XTRIM s MAXLEN ~ 1 LIMIT 2             -> :2
  XTRIM s MINID ~ 6                      -> :0
  XTRIM s MINID ~ 7                      -> :2
  XRANGE s - +                           -> [["7-0" ["a" "7"]]]
  XADD s MAXLEN ~ 1 8 a 8                -> "8-0"
  XADD s MAXLEN ~ 1 9 a 9                -> "9-0"
  XRANGE s - +                           -> [["9-0" ["a" "9"]]]
  XADD s MINID ~ 9 LIMIT 10 10 a 10      -> "10-0"
  XADD s MAXLEN 1 11 a 11                -> "11-0"
  XRANGE s - +                           -> [["11-0" ["a" "11"]]]
  CONFIG SET stream-node-max-entries 100 -> +OK
`;

given('a node goes as a whole once the id of its last entry is below, deleted or not')`
  CONFIG SET stream-node-max-entries 2 -> +OK
  XADD s 1-1 a b                       -> "1-1"
  XADD s 1-2 a b                       -> "1-2"
  XADD s 7-7 a b                       -> "7-7"
  XDEL s 1-2                           -> :1
  XTRIM s MINID ~ 1-2                  -> :0
  XTRIM s MINID ~ 1-3                  -> :1
  CONFIG SET stream-node-max-entries 100 -> +OK
`;

given('nodes end where Redis ends them')`
  CONFIG SET stream-node-max-bytes 100  -> +OK
  XADD s 1 a <x*50>                     -> "1-0"
  XADD s 2 a <x*50>                     -> "2-0"
  XADD s 3 a <x*30>                     -> "3-0"
  XADD s 4 other field                  -> "4-0"
  XADD s 256 a 1                        -> "256-0"
  XADD s 65536-1 a 1 b 2                -> "65536-1"
  XADD s 65536-2 a <x*200>              -> "65536-2"
  XADD s 65536-3 a 1                    -> "65536-3"
  XINFO STREAM s
    -> {"length" => :8 "radix-tree-keys" => :5 "radix-tree-nodes" => :14 "last-generated-id" =>
    "65536-3" "max-deleted-entry-id" => "0-0" "entries-added" => :8 "recorded-first-entry-id" =>
    "1-0" "groups" => :0 "first-entry" => ["1-0" ["a"
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]] "last-entry" => ["65536-3" ["a" "1"]]}
  XTRIM s MAXLEN ~ 3                    -> :2
  XINFO STREAM s
    -> {"length" => :6 "radix-tree-keys" => :3 "radix-tree-nodes" => :8 "last-generated-id" =>
    "65536-3" "max-deleted-entry-id" => "0-0" "entries-added" => :8 "recorded-first-entry-id" =>
    "3-0" "groups" => :0 "first-entry" => ["3-0" ["a" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]]
    "last-entry" => ["65536-3" ["a" "1"]]}
  CONFIG SET stream-node-max-bytes 4096 -> +OK
`;

given('entries keep every kind of field and value')`
  XADD s 1 0 127 128 -1 -4096 4095 4096 -4097 -> "1-0"
  XADD s 2 32767 -32768 32768 8388607 -8388608 8388608 -> "2-0"
  XADD s 3 2147483647 -2147483648 2147483648 9223372036854775807 -9223372036854775808 1 -> "3-0"
  XADD s 4 -0 007 9223372036854775808 1e5 "" "" -> "4-0"
  XADD s 5 <bytes> <x*63>                     -> "5-0"
  XADD s 6 <y*64> <x*127>                     -> "6-0"
  XADD s 7 f <x*4095> g <x*4096>              -> "7-0"
  XRANGE s - +
    -> [["1-0" ["0" "127" "128" "-1" "-4096" "4095" "4096" "-4097"]] ["2-0" ["32767" "-32768"
    "32768" "8388607" "-8388608" "8388608"]] ["3-0" ["2147483647" "-2147483648" "2147483648"
    "9223372036854775807" "-9223372036854775808" "1"]] ["4-0" ["-0" "007" "9223372036854775808"
    "1e5" "" ""]] ["5-0" [<bytes>
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]] ["6-0" [<y*64> <x*127>]]
    ["7-0" ["f" <x*4095> "g" <x*4096>]]]
  XREVRANGE s + -
    -> [["7-0" ["f" <x*4095> "g" <x*4096>]] ["6-0" [<y*64> <x*127>]] ["5-0" [<bytes>
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]] ["4-0" ["-0" "007"
    "9223372036854775808" "1e5" "" ""]] ["3-0" ["2147483647" "-2147483648" "2147483648"
    "9223372036854775807" "-9223372036854775808" "1"]] ["2-0" ["32767" "-32768" "32768" "8388607"
    "-8388608" "8388608"]] ["1-0" ["0" "127" "128" "-1" "-4096" "4095" "4096" "-4097"]]]
  COPY s t                                    -> :1

  XRANGE t 2 4
    -> [["2-0" ["32767" "-32768" "32768" "8388607" "-8388608" "8388608"]] ["3-0" ["2147483647"
    "-2147483648" "2147483648" "9223372036854775807" "-9223372036854775808" "1"]] ["4-0" ["-0"
    "007" "9223372036854775808" "1e5" "" ""]]]
  XDEL t 2                                    -> :1
  XRANGE s 2 2
    -> [["2-0" ["32767" "-32768" "32768" "8388607" "-8388608" "8388608"]]]
  DEL s                                       -> :1
  XREVRANGE t 3 1
    -> [["3-0" ["2147483647" "-2147483648" "2147483648" "9223372036854775807"
    "-9223372036854775808" "1"]] ["1-0" ["0" "127" "128" "-1" "-4096" "4095" "4096" "-4097"]]]
`;

given('XSETID sets the last id, and what was added and deleted')`
  XSETID s 1                                  -> -ERR no such key
  XADD s 1-1 a b                              -> "1-1"
  XADD s 5-1 a b                              -> "5-1"
  XSETID s 7-7                                -> +OK
  XADD s 7-7 a b
    -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
  XADD s 7-* a b                              -> "7-8"
  XSETID s 7-7
    -> -ERR The ID specified in XSETID is smaller than the target stream top item
  XSETID s 9 ENTRIESADDED 100                 -> +OK
  XSETID s 9 ENTRIESADDED 2
    -> -ERR The entries_added specified in XSETID is smaller than the target stream length
  XSETID s 9 ENTRIESADDED -1                  -> -ERR entries_added must be positive
  XSETID s 9 ENTRIESADDED x                   -> -ERR value is not an integer or out of range
  XSETID s 9 ENTRIESADDED                     -> -ERR syntax error
  XSETID s 9 MAXDELETEDID 9-1
    -> -ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id
  XSETID s 9 MAXDELETEDID x
    -> -ERR Invalid stream ID specified as stream command argument
  XSETID s 9 MAXDELETEDID 8-8 ENTRIESADDED 50 -> +OK
  XINFO STREAM s
    -> {"length" => :3 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" =>
    "9-0" "max-deleted-entry-id" => "8-8" "entries-added" => :50 "recorded-first-entry-id" =>
    "1-1" "groups" => :0 "first-entry" => ["1-1" ["a" "b"]] "last-entry" => ["7-8" ["a" "b"]]}
  XSETID s x
    -> -ERR Invalid stream ID specified as stream command argument
  XSETID s -
    -> -ERR Invalid stream ID specified as stream command argument
  XSETID s 9 FOO 1                            -> -ERR syntax error
  XSETID s 8-1                                -> +OK
  XTRIM s MAXLEN 0                            -> :3
  XSETID s 3                                  -> +OK
  XSETID s 3 ENTRIESADDED 0                   -> +OK
  XINFO STREAM s
    -> {"length" => :0 "radix-tree-keys" => :0 "radix-tree-nodes" => :1 "last-generated-id" =>
    "3-0" "max-deleted-entry-id" => "8-8" "entries-added" => :0 "recorded-first-entry-id" => "0-0"
    "groups" => :0 "first-entry" => nil "last-entry" => nil}
  SET k v                                     -> +OK
  XSETID k 1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XSETID k x
    -> -ERR Invalid stream ID specified as stream command argument
`;

given('XREAD answers what is above an id, of several streams')`
  XADD s 1-1 a 1                -> "1-1"
  XADD s 2-1 a 2                -> "2-1"
  XADD t 1-5 b 3                -> "1-5"
  XREAD STREAMS s 0             -> pairs{"s" => [["1-1" ["a" "1"]] ["2-1" ["a" "2"]]]}
  XREAD STREAMS s t 0 0
    -> pairs{"s" => [["1-1" ["a" "1"]] ["2-1" ["a" "2"]]] "t" => [["1-5" ["b" "3"]]]}
  XREAD COUNT 1 STREAMS s t 0 0 -> pairs{"s" => [["1-1" ["a" "1"]]] "t" => [["1-5" ["b" "3"]]]}
  XREAD COUNT 0 STREAMS s 1-1   -> pairs{"s" => [["2-1" ["a" "2"]]]}
  XREAD COUNT -5 STREAMS s 1    -> pairs{"s" => [["1-1" ["a" "1"]] ["2-1" ["a" "2"]]]}
  XREAD STREAMS s t 2-1 0       -> pairs{"t" => [["1-5" ["b" "3"]]]}
  XREAD STREAMS s missing 1-1 0 -> pairs{"s" => [["2-1" ["a" "2"]]]}
  XREAD STREAMS s t 2-1 1-5     -> nil[]
  XREAD STREAMS s $             -> nil[]
  XREAD STREAMS missing 0       -> nil[]
  XREAD STREAMS s s 1-1 0
    -> pairs{"s" => [["2-1" ["a" "2"]]] "s" => [["1-1" ["a" "1"]] ["2-1" ["a" "2"]]]}
  xread count 1 streams s 0     -> pairs{"s" => [["1-1" ["a" "1"]]]}
  XDEL s 2-1                    -> :1
  XREAD STREAMS s 1-1           -> nil[]
`;

given('XREAD refuses what it cannot read')`
  XADD s 1-1 a 1              -> "1-1"
  XREAD STREAMS s             -> -ERR wrong number of arguments for 'xread' command
  XREAD STREAMS s t 0
    -> -ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.
  XREAD COUNT x STREAMS s 0   -> -ERR value is not an integer or out of range
  XREAD COUNT STREAMS s 0     -> -ERR value is not an integer or out of range
  XREAD BLOCK x STREAMS s 0   -> -ERR timeout is not an integer or out of range
  XREAD BLOCK -1 STREAMS s 0  -> -ERR timeout is negative
  XREAD FOO STREAMS s 0       -> -ERR syntax error
  XREAD COUNT 1 BLOCK 5       -> -ERR syntax error
  XREAD STREAMS s >
    -> -ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.
  XREAD STREAMS s x           -> -ERR Invalid stream ID specified as stream command argument
  XREAD STREAMS s -           -> -ERR Invalid stream ID specified as stream command argument
  XREAD GROUP g c STREAMS s 0
    -> -ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.
  XREAD NOACK STREAMS s 0
    -> -ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.
  XREAD BLOCK 1 STREAMS s 0   -> pairs{"s" => [["1-1" ["a" "1"]]]}
  SET k v                     -> +OK
  XREAD STREAMS k 0           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XREAD STREAMS k x           -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XREAD STREAMS s k 0 0       -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;
