/** Groups of consumers: XGROUP, XREADGROUP, XACK, XPENDING, and what XINFO tells of them. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('XGROUP CREATE makes a group, and with MKSTREAM the stream')`
  XGROUP CREATE s g 0
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
  XGROUP CREATE s g $ MKSTREAM        -> +OK
  XLEN s                              -> :0
  TYPE s                              -> +stream
  XGROUP CREATE s g 0                 -> -BUSYGROUP Consumer Group name already exists
  XGROUP CREATE s g 0 MKSTREAM        -> -BUSYGROUP Consumer Group name already exists
  XGROUP CREATE s b 5-5 ENTRIESREAD 7 -> +OK
  XGROUP CREATE s "a\x00" 5 MKSTREAM ENTRIESREAD -1 MKSTREAM
    -> -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
  XGROUP CREATE s x 0 ENTRIESREAD -2  -> -ERR value for ENTRIESREAD must be positive or -1
  XGROUP CREATE s x 0 ENTRIESREAD x   -> -ERR value is not an integer or out of range
  XGROUP CREATE s x 0 ENTRIESREAD
    -> -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
  XGROUP CREATE s x 0 FOO
    -> -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
  XGROUP CREATE s x -                 -> -ERR Invalid stream ID specified as stream command argument
  XGROUP CREATE s x y                 -> -ERR Invalid stream ID specified as stream command argument
  XGROUP CREATE s x                   -> -ERR wrong number of arguments for 'xgroup|create' command
  XGROUP CREATE s x 0 MKSTREAM MKSTREAM MKSTREAM MKSTREAM
    -> -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
  XADD s 7-7 a b                      -> "7-7"
  XGROUP CREATE s last $              -> +OK
  XINFO GROUPS s
    -> [{"name" => "b" "consumers" => :0 "pending" => :0 "last-delivered-id" => "5-5"
    "entries-read" => :7 "lag" => :-6} {"name" => "g" "consumers" => :0 "pending" => :0
    "last-delivered-id" => "0-0" "entries-read" => nil "lag" => :1} {"name" => "last" "consumers"
    => :0 "pending" => :0 "last-delivered-id" => "7-7" "entries-read" => nil "lag" => :0}]
  SET k v                             -> +OK
  XGROUP CREATE k g 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XGROUP CREATE k g 0 FOO
    -> -ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.
`;

given('XGROUP SETID moves a group')`
  XADD s 7-7 a b                   -> "7-7"
  XGROUP CREATE s g 0              -> +OK
  XGROUP SETID s g $               -> +OK
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :0 "pending" => :0 "last-delivered-id" => "7-7"
    "entries-read" => nil "lag" => :0}]
  XGROUP SETID s g 5 ENTRIESREAD 3 -> +OK
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :0 "pending" => :0 "last-delivered-id" => "5-0"
    "entries-read" => :3 "lag" => :-2}]
  XGROUP SETID s g +               -> +OK
  XGROUP SETID s g -               -> +OK
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :0 "pending" => :0 "last-delivered-id" => "0-0"
    "entries-read" => nil "lag" => :1}]
  XGROUP SETID s g x               -> -ERR Invalid stream ID specified as stream command argument
  XGROUP SETID s g 0 MKSTREAM
    -> -ERR unknown subcommand or wrong number of arguments for 'SETID'. Try XGROUP HELP.
  XGROUP SETID s g 0 ENTRIESREAD 1 ENTRIESREAD 2
    -> -ERR unknown subcommand or wrong number of arguments for 'SETID'. Try XGROUP HELP.
  XGROUP SETID s nog 0             -> -NOGROUP No such consumer group 'nog' for key name 's'
  XGROUP SETID missing g 0
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
  XGROUP SETID missing g x
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
`;

given('XGROUP DESTROY, CREATECONSUMER and DELCONSUMER')`
  XADD s 1-1 a b                           -> "1-1"
  XADD s 1-2 a b                           -> "1-2"
  XGROUP CREATE s g 0                      -> +OK
  XGROUP CREATECONSUMER s g c              -> :1
  XGROUP CREATECONSUMER s g c              -> :0
  XGROUP CREATECONSUMER s g ""             -> :1
  XGROUP CREATECONSUMER s nog c            -> -NOGROUP No such consumer group 'nog' for key name 's'
  XGROUP CREATECONSUMER missing g c
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
  XREADGROUP GROUP g c COUNT 1 STREAMS s > -> pairs{"s" => [["1-1" ["a" "b"]]]}
  XREADGROUP GROUP g d STREAMS s >         -> pairs{"s" => [["1-2" ["a" "b"]]]}
  XGROUP DELCONSUMER s g c                 -> :1
  XGROUP DELCONSUMER s g c                 -> :0
  XPENDING s g                             -> [:1 "1-2" "1-2" [["d" "1"]]]
  XGROUP DELCONSUMER s nog c               -> -NOGROUP No such consumer group 'nog' for key name 's'
  XGROUP DELCONSUMER missing g c
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
  XGROUP DESTROY s g                       -> :1
  XGROUP DESTROY s g                       -> :0
  XGROUP DESTROY missing g
    -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
  XINFO GROUPS s                           -> []
  XGROUP                                   -> -ERR wrong number of arguments for 'xgroup' command
  XGROUP FOO                               -> -ERR unknown subcommand 'FOO'. Try XGROUP HELP.
  XGROUP DESTROY s
    -> -ERR wrong number of arguments for 'xgroup|destroy' command
  XGROUP HELP
    -> [+"XGROUP <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"
    +"CREATE <key> <groupname> <id|$> [option]" +"    Create a new consumer group. Options are:"
    +"    * MKSTREAM" +"      Create the empty stream if it does not exist."
    +"    * ENTRIESREAD entries_read"
    +"      Set the group's entries_read counter (internal use)."
    +"CREATECONSUMER <key> <groupname> <consumer>"
    +"    Create a new consumer in the specified group."
    +"DELCONSUMER <key> <groupname> <consumer>" +"    Remove the specified consumer."
    +"DESTROY <key> <groupname>" +"    Remove the specified group."
    +"SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]"
    +"    Set the current group ID and entries_read counter." +HELP +"    Prints this help."]
  XINFO HELP
    -> [+"XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"
    +"CONSUMERS <key> <groupname>" +"    Show consumers of <groupname>." +"GROUPS <key>"
    +"    Show the stream consumer groups." +"STREAM <key> [FULL [COUNT <count>]"
    +"    Show information about the stream." +HELP +"    Prints this help."]
`;

given('XREADGROUP hands each new entry to one consumer')`
  XADD s 1-1 a 1                               -> "1-1"
  XADD s 1-2 a 2                               -> "1-2"
  XADD s 1-3 b 3 c 4                           -> "1-3"
  XGROUP CREATE s g 0                          -> +OK
  XREADGROUP GROUP g alice COUNT 1 STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]]]}
  XREADGROUP GROUP g bob COUNT 1 STREAMS s >   -> pairs{"s" => [["1-2" ["a" "2"]]]}
  XREADGROUP GROUP g alice STREAMS s >         -> pairs{"s" => [["1-3" ["b" "3" "c" "4"]]]}
  XREADGROUP GROUP g alice STREAMS s >         -> nil[]
  XREADGROUP GROUP g alice STREAMS s 0
    -> pairs{"s" => [["1-1" ["a" "1"]] ["1-3" ["b" "3" "c" "4"]]]}
  XREADGROUP GROUP g alice COUNT 1 STREAMS s 1-1 -> pairs{"s" => [["1-3" ["b" "3" "c" "4"]]]}
  XREADGROUP GROUP g bob STREAMS s 1-2         -> pairs{"s" => []}
  XREADGROUP GROUP g new STREAMS s 0           -> pairs{"s" => []}
  XPENDING s g                                 -> [:3 "1-1" "1-3" [["alice" "2"] ["bob" "1"]]]
  XPENDING s g - + 10
    -> [["1-1" "alice" :* :2] ["1-2" "bob" :* :1] ["1-3" "alice" :* :3]]
  XDEL s 1-1                                   -> :1
  XREADGROUP GROUP g alice STREAMS s 0         -> pairs{"s" => [["1-1" nil[]] ["1-3" ["b" "3" "c" "4"]]]}
  XACK s g 1-1 1-1 1-3                         -> :2
  XREADGROUP GROUP g alice STREAMS s 0         -> pairs{"s" => []}
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :3 "pending" => :1 "last-delivered-id" => "1-3"
    "entries-read" => :3 "lag" => :0}]
  XINFO CONSUMERS s g
    -> [{"name" => "alice" "pending" => :0 "idle" => :*} {"name" => "bob" "pending" => :1 "idle" => :*} {"name" => "new" "pending" => :0 "idle" => :*}]
`;

given('XREADGROUP NOACK leaves nothing pending')`
  XADD s 1-1 a 1                         -> "1-1"
  XADD s 1-2 a 2                         -> "1-2"
  XGROUP CREATE s g 0                    -> +OK
  XREADGROUP GROUP g c NOACK COUNT 1 STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]]]}
  XPENDING s g                           -> [:0 nil nil nil[]]
  XREADGROUP NOACK GROUP g c STREAMS s > -> pairs{"s" => [["1-2" ["a" "2"]]]}
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :1 "pending" => :0 "last-delivered-id" => "1-2"
    "entries-read" => :2 "lag" => :0}]
`;

given('XREADGROUP reads several streams, and one twice')`
  XADD s 1-1 a 1                               -> "1-1"
  XADD s 1-2 a 2                               -> "1-2"
  XADD t 5-1 a 3                               -> "5-1"
  XGROUP CREATE s g 0                          -> +OK
  XGROUP CREATE t g 0                          -> +OK
  XREADGROUP GROUP g c COUNT 1 STREAMS s t > >
    -> pairs{"s" => [["1-1" ["a" "1"]]] "t" => [["5-1" ["a" "3"]]]}
  XREADGROUP GROUP g c COUNT 1 STREAMS s t > > -> pairs{"s" => [["1-2" ["a" "2"]]]}
  XREADGROUP GROUP g c STREAMS s t > >         -> nil[]
  XREADGROUP GROUP g c STREAMS s t 0 >         -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]}
  XGROUP SETID s g 0                           -> +OK
  XREADGROUP GROUP g d STREAMS s s > 0
    -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]] "s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]}
  XPENDING s g                                 -> [:2 "1-1" "1-2" [["d" "2"]]]
  XREADGROUP GROUP g d STREAMS s 18446744073709551615-18446744073709551615 -> nil[]
`;

given('XREADGROUP refuses what it cannot read')`
  XADD s 1-1 a 1                             -> "1-1"
  XGROUP CREATE s g 0                        -> +OK
  XREADGROUP GROUP nog c STREAMS s >
    -> -NOGROUP No such key 's' or consumer group 'nog' in XREADGROUP with GROUP option
  XREADGROUP GROUP g c STREAMS missing >
    -> -NOGROUP No such key 'missing' or consumer group 'g' in XREADGROUP with GROUP option
  XREADGROUP GROUP g c STREAMS s $
    -> -ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.
  XREADGROUP GROUP g c STREAMS s x
    -> -ERR Invalid stream ID specified as stream command argument
  XREADGROUP GROUP g c STREAMS s s >
    -> -ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.
  XREADGROUP GROUP g c COUNT x STREAMS s >   -> -ERR value is not an integer or out of range
  XREADGROUP NOACK COUNT 1 STREAMS s 0       -> -ERR Missing GROUP option for XREADGROUP
  XREADGROUP GROUP g c FOO STREAMS s >       -> -ERR syntax error
  XREADGROUP GROUP g c BLOCK -1 STREAMS s >  -> -ERR timeout is negative
  XREADGROUP GROUP g c COUNT 1 NOACK BLOCK 1 -> -ERR syntax error
  SET k v                                    -> +OK
  XREADGROUP GROUP g c STREAMS k >
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('XACK forgets what was pending')`
  XADD s 1-1 a 1                   -> "1-1"
  XADD s 1-2 a 2                   -> "1-2"
  XGROUP CREATE s g 0              -> +OK
  XREADGROUP GROUP g c STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]}
  XACK s g 1-1 x                   -> -ERR Invalid stream ID specified as stream command argument
  XACK s g 1-1 9-9                 -> :1
  XACK s g 1-1                     -> :0
  XACK s nog x                     -> :0
  XACK missing g x                 -> :0
  SET k v                          -> +OK
  XACK k g 1-1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XPENDING s g                     -> [:1 "1-2" "1-2" [["c" "1"]]]
`;

given('XPENDING answers a summary, or the entries of a range')`
  XADD s 1-1 a 1                           -> "1-1"
  XADD s 1-2 a 2                           -> "1-2"
  XADD s 2-1 a 3                           -> "2-1"
  XGROUP CREATE s g 0                      -> +OK
  XPENDING s g                             -> [:0 nil nil nil[]]
  XREADGROUP GROUP g c COUNT 2 STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]}
  XREADGROUP GROUP g b STREAMS s >         -> pairs{"s" => [["2-1" ["a" "3"]]]}
  XPENDING s g                             -> [:3 "1-1" "2-1" [["b" "1"] ["c" "2"]]]
  XPENDING s g - + 10
    -> [["1-1" "c" :* :1] ["1-2" "c" :* :1] ["2-1" "b" :* :1]]
  XPENDING s g - + 10 b                    -> [["2-1" "b" :* :1]]
  XPENDING s g (1-1 (2-1 10 c              -> [["1-2" "c" :* :1]]
  XPENDING s g - + 1                       -> [["1-1" "c" :* :1]]
  XPENDING s g - + 0                       -> []
  XPENDING s g - + -1                      -> []
  XPENDING s g + - 5                       -> []
  XPENDING s g - + 10 nobody               -> []
  XPENDING s g IDLE 0 1-2 1-2 10           -> [["1-2" "c" :* :1]]
  XPENDING s g IDLE 100000 - + 10          -> []
  XPENDING s g - + 5 b d e                 -> [["2-1" "b" :* :1]]
  XPENDING s g - +                         -> -ERR syntax error
  XPENDING s g - + x                       -> -ERR value is not an integer or out of range
  XPENDING s g x + 5
    -> -ERR Invalid stream ID specified as stream command argument
  XPENDING s g - y 5
    -> -ERR Invalid stream ID specified as stream command argument
  XPENDING s g (+ + 5
    -> -ERR Invalid stream ID specified as stream command argument
  XPENDING s g (18446744073709551615-18446744073709551615 + 5
    -> -ERR invalid start ID for the interval
  XPENDING s g - (0 5                      -> []
  XPENDING s g - (0-0 5                    -> -ERR invalid end ID for the interval
  XPENDING s g IDLE 5                      -> -ERR syntax error
  XPENDING s g IDLE 5 - +                  -> -ERR syntax error
  XPENDING s g IDLE x - + 5                -> -ERR value is not an integer or out of range
  XPENDING s g IDLE 5 - + 5 c d            -> -ERR syntax error
  XPENDING s nog                           -> -NOGROUP No such key 's' or consumer group 'nog'
  XPENDING missing g - + 5                 -> -NOGROUP No such key 'missing' or consumer group 'g'
  SET k v                                  -> +OK
  XPENDING k g
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('XINFO STREAM tells all of a stream')`
  XADD s 1-1 a 1                           -> "1-1"
  XADD s 1-2 b 2                           -> "1-2"
  XADD s 1-3 b 3                           -> "1-3"
  XGROUP CREATE s g 0                      -> +OK
  XGROUP CREATE s empty 1-2 ENTRIESREAD 2  -> +OK
  XREADGROUP GROUP g c COUNT 2 STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["b" "2"]]]}
  XINFO STREAM s
    -> {"length" => :3 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" =>
    "1-3" "max-deleted-entry-id" => "0-0" "entries-added" => :3 "recorded-first-entry-id" => "1-1"
    "groups" => :2 "first-entry" => ["1-1" ["a" "1"]] "last-entry" => ["1-3" ["b" "3"]]}
  XINFO STREAM s FULL
    -> {"length" => :3 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" => "1-3"
  "max-deleted-entry-id" => "0-0" "entries-added" => :3 "recorded-first-entry-id" => "1-1"
  "entries" => [["1-1" ["a" "1"]] ["1-2" ["b" "2"]] ["1-3" ["b" "3"]]]
  "groups" => [{"name" => "empty" "last-delivered-id" => "1-2" "entries-read" => :2 "lag" => :1
  "pel-count" => :0 "pending" => [] "consumers" => []}
  {"name" => "g" "last-delivered-id" => "1-2" "entries-read" => :2 "lag" => :1 "pel-count" => :2
  "pending" => [["1-1" "c" :* :1] ["1-2" "c" :* :1]]
  "consumers" => [{"name" => "c" "seen-time" => :* "pel-count" => :2
  "pending" => [["1-1" :* :1] ["1-2" :* :1]]}]}]}
  XINFO STREAM s FULL COUNT 1
    -> {"length" => :3 "radix-tree-keys" => :1 "radix-tree-nodes" => :2 "last-generated-id" => "1-3"
  "max-deleted-entry-id" => "0-0" "entries-added" => :3 "recorded-first-entry-id" => "1-1"
  "entries" => [["1-1" ["a" "1"]]]
  "groups" => [{"name" => "empty" "last-delivered-id" => "1-2" "entries-read" => :2 "lag" => :1
  "pel-count" => :0 "pending" => [] "consumers" => []}
  {"name" => "g" "last-delivered-id" => "1-2" "entries-read" => :2 "lag" => :1 "pel-count" => :2
  "pending" => [["1-1" "c" :* :1]]
  "consumers" => [{"name" => "c" "seen-time" => :* "pel-count" => :2
  "pending" => [["1-1" :* :1]]}]}]}
  XINFO STREAM s FOO
    -> -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
  XINFO STREAM s FULL COUNT
    -> -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
  XINFO STREAM s FULL COUNT x              -> -ERR value is not an integer or out of range
  XINFO STREAM s FULL FOO 1
    -> -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
  XINFO STREAM missing FOO                 -> -ERR no such key
  XINFO GROUPS missing                     -> -ERR no such key
  XINFO CONSUMERS missing g                -> -ERR no such key
  XINFO CONSUMERS s nog                    -> -NOGROUP No such consumer group 'nog' for key name 's'
  XINFO FOO s                              -> -ERR unknown subcommand 'FOO'. Try XINFO HELP.
  XINFO STREAM
    -> -ERR wrong number of arguments for 'xinfo|stream' command
  SET k v                                  -> +OK
  XINFO STREAM k FOO
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XINFO GROUPS k
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
`;

given('the lag is told as long as it is known')`
  XADD s 1 a 1                             -> "1-0"
  XADD s 2 a 2                             -> "2-0"
  XADD s 3 a 3                             -> "3-0"
  XADD s 4 a 4                             -> "4-0"
  XGROUP CREATE s g 0                      -> +OK
  XGROUP CREATE s middle 2                 -> +OK
  XREADGROUP GROUP g c COUNT 1 STREAMS s > -> pairs{"s" => [["1-0" ["a" "1"]]]}
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :1 "pending" => :1 "last-delivered-id" => "1-0"
    "entries-read" => :1 "lag" => :3} {"name" => "middle" "consumers" => :0 "pending" => :0
    "last-delivered-id" => "2-0" "entries-read" => nil "lag" => nil}]
  XDEL s 3                                 -> :1
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :1 "pending" => :1 "last-delivered-id" => "1-0"
    "entries-read" => :1 "lag" => nil} {"name" => "middle" "consumers" => :0 "pending" => :0
    "last-delivered-id" => "2-0" "entries-read" => nil "lag" => nil}]
  XREADGROUP GROUP g c COUNT 1 STREAMS s > -> pairs{"s" => [["2-0" ["a" "2"]]]}
  XREADGROUP GROUP middle c COUNT 1 STREAMS s > -> pairs{"s" => [["4-0" ["a" "4"]]]}
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :1 "pending" => :2 "last-delivered-id" => "2-0"
    "entries-read" => nil "lag" => nil} {"name" => "middle" "consumers" => :1 "pending" => :1
    "last-delivered-id" => "4-0" "entries-read" => :4 "lag" => :0}]
  XDEL s 1 2 4                             -> :3
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :1 "pending" => :2 "last-delivered-id" => "2-0"
    "entries-read" => nil "lag" => :0} {"name" => "middle" "consumers" => :1 "pending" => :1
    "last-delivered-id" => "4-0" "entries-read" => :4 "lag" => :0}]
`;

given('XCLAIM gives pending entries to another consumer')`
  XADD s 1-1 a 1                            -> "1-1"
  XADD s 1-2 a 2                            -> "1-2"
  XADD s 1-3 a 3                            -> "1-3"
  XGROUP CREATE s g 0                       -> +OK
  XREADGROUP GROUP g c COUNT 2 STREAMS s >  -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]}
  XCLAIM s g d 0 1-1 1-3 9-9                -> [["1-1" ["a" "1"]]]
  XCLAIM s g d 0 1-2 JUSTID                 -> ["1-2"]
  XCLAIM s g d 100000 1-1                   -> []
  XCLAIM s g d 0 1-3 FORCE JUSTID           -> ["1-3"]
  XCLAIM s g e 0 1-1 RETRYCOUNT 7 IDLE 5000 -> [["1-1" ["a" "1"]]]
  XCLAIM s g e 0 1-2 TIME 1000 LASTID 5-5   -> [["1-2" ["a" "2"]]]
  XPENDING s g - + 10
    -> [["1-1" "e" :5000..9000 :7] ["1-2" "e" :* :2] ["1-3" "d" :* :1]]
  XDEL s 1-2                                -> :1
  XCLAIM s g f 0 1-2                        -> []
  XPENDING s g                              -> [:2 "1-1" "1-3" [["d" "1"] ["e" "1"]]]
  XINFO GROUPS s
    -> [{"name" => "g" "consumers" => :3 "pending" => :2 "last-delivered-id" => "5-5"
    "entries-read" => :2 "lag" => :1}]
  XCLAIM s g f 0 1 2 3                      -> []
  XCLAIM s g f -5 1-1 JUSTID                -> ["1-1"]
`;

given('XCLAIM refuses what it cannot read')`
  XADD s 1-1 a 1                  -> "1-1"
  XGROUP CREATE s g 0             -> +OK
  XCLAIM s g c x 1-1              -> -ERR Invalid min-idle-time argument for XCLAIM
  XCLAIM s g c 0 1-1 FOO          -> -ERR Unrecognized XCLAIM option 'FOO'
  XCLAIM s g c 0 x                -> -ERR Unrecognized XCLAIM option 'x'
  XCLAIM s g c 0 1-1 IDLE         -> -ERR Unrecognized XCLAIM option 'IDLE'
  XCLAIM s g c 0 1-1 IDLE x       -> -ERR Invalid IDLE option argument for XCLAIM
  XCLAIM s g c 0 1-1 TIME x       -> -ERR Invalid TIME option argument for XCLAIM
  XCLAIM s g c 0 1-1 RETRYCOUNT x -> -ERR Invalid RETRYCOUNT option argument for XCLAIM
  XCLAIM s g c 0 1-1 LASTID x     -> -ERR Invalid stream ID specified as stream command argument
  XCLAIM s g c 0 1-1 FORCE 1-2    -> -ERR Unrecognized XCLAIM option '1-2'
  XCLAIM s nog c 0 1-1            -> -NOGROUP No such key 's' or consumer group 'nog'
  XCLAIM missing g c 0 1-1        -> -NOGROUP No such key 'missing' or consumer group 'g'
  XCLAIM missing g c x 1-1        -> -NOGROUP No such key 'missing' or consumer group 'g'
  SET k v                         -> +OK
  XCLAIM k g c 0 1-1
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XCLAIM s g c 0                  -> -ERR wrong number of arguments for 'xclaim' command
`;

given('XAUTOCLAIM claims what has been pending, and tells where to go on')`
  XADD s 1-1 a 1                         -> "1-1"
  XADD s 1-2 a 2                         -> "1-2"
  XADD s 1-3 a 3                         -> "1-3"
  XADD s 1-4 a 4                         -> "1-4"
  XGROUP CREATE s g 0                    -> +OK
  XREADGROUP GROUP g c STREAMS s >
    -> pairs{"s" => [["1-1" ["a" "1"]] ["1-2" ["a" "2"]] ["1-3" ["a" "3"]] ["1-4" ["a" "4"]]]}
  XDEL s 1-2                             -> :1
  XAUTOCLAIM s g d 0 - COUNT 1           -> ["1-2" [["1-1" ["a" "1"]]] []]
  XAUTOCLAIM s g d 0 1-2 COUNT 2         -> ["1-4" [["1-3" ["a" "3"]]] ["1-2"]]
  XAUTOCLAIM s g d 100000 0              -> ["0-0" [] []]
  XAUTOCLAIM s g d 0 (1-1 JUSTID         -> ["0-0" ["1-3" "1-4"] []]
  XAUTOCLAIM s g d 0 (1-4 JUSTID         -> ["0-0" [] []]
  XPENDING s g - + 10                    -> [["1-1" "d" :* :2] ["1-3" "d" :* :2] ["1-4" "d" :* :1]]
  XAUTOCLAIM s g d 0 +                   -> ["0-0" [] []]
  XAUTOCLAIM s g d -1 0 COUNT 100 JUSTID -> ["0-0" ["1-1" "1-3" "1-4"] []]
`;

given('XAUTOCLAIM refuses counts whose products overflow')`
  XADD s 1-1 a 1                -> "1-1"
  XGROUP CREATE s g 0           -> +OK
  XAUTOCLAIM s g c 0 0 COUNT 9223372036854775807 -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT 576460752303423488 -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT 576460752303423487
    -> -ERR Insufficient memory, failed allocating transient memory, COUNT too high.
  XAUTOCLAIM s g c 0 0 COUNT 1152921504606846976 -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT 0  -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT -1 -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT x  -> -ERR COUNT must be > 0
  XAUTOCLAIM s g c 0 0 COUNT    -> -ERR syntax error
  XAUTOCLAIM s g c 0 0 FOO      -> -ERR syntax error
  XAUTOCLAIM s g c x 0          -> -ERR Invalid min-idle-time argument for XAUTOCLAIM
  XAUTOCLAIM s g c 0 x          -> -ERR Invalid stream ID specified as stream command argument
  XAUTOCLAIM s g c 0 (18446744073709551615-18446744073709551615
    -> -ERR invalid start ID for the interval
  XAUTOCLAIM s nog c 0 0        -> -NOGROUP No such key 's' or consumer group 'nog'
  XAUTOCLAIM missing g c 0 0    -> -NOGROUP No such key 'missing' or consumer group 'g'
  SET k v                       -> +OK
  XAUTOCLAIM k g c 0 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value
  XAUTOCLAIM k g c 0 x          -> -ERR Invalid stream ID specified as stream command argument
`;

given('COPY copies groups, consumers and what is pending')`
  XADD s 1-1 a 1                           -> "1-1"
  XADD s 1-2 a 2                           -> "1-2"
  XGROUP CREATE s g 0                      -> +OK
  XGROUP CREATE s h 1-1                    -> +OK
  XGROUP CREATECONSUMER s h idle           -> :1
  XREADGROUP GROUP g c COUNT 1 STREAMS s > -> pairs{"s" => [["1-1" ["a" "1"]]]}
  XREADGROUP GROUP g d COUNT 1 STREAMS s > -> pairs{"s" => [["1-2" ["a" "2"]]]}
  COPY s t                                 -> :1
  DEL s                                    -> :1
  XINFO GROUPS t
    -> [{"name" => "g" "consumers" => :2 "pending" => :2 "last-delivered-id" => "1-2"
    "entries-read" => :2 "lag" => :0} {"name" => "h" "consumers" => :1 "pending" => :0
    "last-delivered-id" => "1-1" "entries-read" => nil "lag" => :1}]
  XPENDING t g                             -> [:2 "1-1" "1-2" [["c" "1"] ["d" "1"]]]
  XREADGROUP GROUP g d STREAMS t 0         -> pairs{"t" => [["1-2" ["a" "2"]]]}
  XACK t g 1-1 1-2                         -> :2
  XPENDING t g                             -> [:0 nil nil nil[]]
  XINFO GROUPS t
    -> [{"name" => "g" "consumers" => :2 "pending" => :0 "last-delivered-id" => "1-2"
    "entries-read" => :2 "lag" => :0} {"name" => "h" "consumers" => :1 "pending" => :0
    "last-delivered-id" => "1-1" "entries-read" => nil "lag" => :1}]
  XGROUP DESTROY t g                       -> :1
  XRANGE t - +                             -> [["1-1" ["a" "1"]] ["1-2" ["a" "2"]]]
`;
