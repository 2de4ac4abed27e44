/** ACL: users and their rules, what is said of them, and what they may do. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('a new user may do nothing; rules add up')`
  ACL DELUSER u                               -> :*
  ACL SETUSER u                               -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off"] "passwords" => [] "commands" => "-@all" "keys" => "" "channels" => ""
    "selectors" => []}
  ACL SETUSER u on >secret ~a:* +get          -> +OK
  ACL GETUSER u
    -> {"flags" => ~["on"] "passwords" =>
    ["2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"] "commands" =>
    "-@all +get" "keys" => "~a:*" "channels" => "" "selectors" => []}
  ACL SETUSER u %R~b:* %W~c:* &news resetpass -> +OK
  ACL GETUSER u
    -> {"flags" => ~["on"] "passwords" => [] "commands" => "-@all +get" "keys" =>
    "~a:* %R~b:* %W~c:*" "channels" => "&news" "selectors" => []}
  ACL SETUSER u "(~d:* +set)"                 -> +OK
  ACL SETUSER u (%R~e:* &x +@list)            -> +OK
  ACL GETUSER u
    -> {"flags" => ~["on"] "passwords" => [] "commands" => "-@all +get" "keys" =>
    "~a:* %R~b:* %W~c:*" "channels" => "&news" "selectors" => [{"commands" => "-@all +set" "keys"
    => "~d:*" "channels" => ""} {"commands" => "-@all +@list" "keys" => "%R~e:*" "channels" =>
    "&x"}]}
  ACL SETUSER u reset                         -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL GETUSER nobody                          -> nil
  ACL DELUSER u                               -> :1
`;

given('a user is one line of ACL LIST')`
  ACL DELUSER u v        -> :0
  ACL LIST               -> ["user default on nopass ~* &* +@all"]
  ACL USERS              -> ["default"]
  ACL SETUSER u on nopass allkeys allchannels allcommands -> +OK
  ACL SETUSER v off >a <a ~x ~x %R~y &z -@all +@read -get -> +OK
  ACL LIST
    -> ["user default on nopass ~* &* +@all" "user u on nopass ~* &* +@all"
    "user v off ~x %R~y resetchannels &z -@all +@read -get"]
  ACL USERS              -> ["default" "u" "v"]
  ACL DELUSER u v nobody -> :2
  ACL LIST               -> ["user default on nopass ~* &* +@all"]
`;

given('passwords are kept as their SHA-256')`
  ACL SETUSER u reset >a >b >a >"" >"\xff\x00" -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" =>
    ["ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    "ea5dbf9596d187e9500f23e9a680109475341cf4e81f7e043f7d97152c10772f"] "commands" => "-@all"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u <b !ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" =>
    ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    "ea5dbf9596d187e9500f23e9a680109475341cf4e81f7e043f7d97152c10772f"] "commands" => "-@all"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u #ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" =>
    ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    "ea5dbf9596d187e9500f23e9a680109475341cf4e81f7e043f7d97152c10772f"
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"] "commands" => "-@all"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u <nosuch
    -> -ERR Error in ACL SETUSER modifier '<nosuch': The password you are trying to remove from the user does not exist
  ACL SETUSER u !ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bc
    -> -ERR Error in ACL SETUSER modifier '!ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bc': The password you are trying to remove from the user does not exist
  ACL SETUSER u #abc
    -> -ERR Error in ACL SETUSER modifier '#abc': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
  ACL SETUSER u #CA978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb
    -> -ERR Error in ACL SETUSER modifier '#CA978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
  ACL SETUSER u !
    -> -ERR Error in ACL SETUSER modifier '!': The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters
  ACL SETUSER u nopass                         -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "nopass" "sanitize-payload"] "passwords" => [] "commands" => "-@all"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u >x                             -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" =>
    ["2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"] "commands" => "-@all"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL DELUSER u                                -> :1
`;

given('commands are told in as few words as fit')`
  ACL SETUSER u reset +@all -get              -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "+@all -get" "keys"
    => "" "channels" => "" "selectors" => []}
  ACL SETUSER u +get                          -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "+@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@all -@write           -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "+@all -@write"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u +set                          -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "+@all -@write +set" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@read +get -@read      -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +config -config|set     -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "-@all +config -config|set" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +config|get             -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all +config|get"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u +config                       -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all +config"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@all -config +config|get -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "+@all -config +config|get" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +select|0 +select|A +select|a -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "-@all +select|0 +select|A" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u +select                       -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all +select"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@all +select|0         -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "+@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@all -select +select|0 -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "+@all -select +select|0" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@slow                  -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all +@slow"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@all -@dangerous       -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "+@all -@dangerous"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@admin -config|get     -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" =>
    "-@all +@admin -config|get" "keys" => "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +@READ +GET nocommands  -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER u reset +GET|Some               -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all +get|Some"
    "keys" => "" "channels" => "" "selectors" => []}
  ACL DELUSER u                               -> :1
`;

given('keys and channels are told as patterns')`
  ACL SETUSER u reset %r~a %Wr~b %RW~c %R %w~~d ~ & &a -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "%R~a ~b ~c ~ %W~~d" "channels" => "& &a" "selectors" => []}
  ACL SETUSER u ~* &* -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "~*" "channels" => "&*" "selectors" => []}
  ACL SETUSER u ~a
    -> -ERR Error in ACL SETUSER modifier '~a': Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns
  ACL SETUSER u %R~a
    -> -ERR Error in ACL SETUSER modifier '%R~a': Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns
  ACL SETUSER u &a
    -> -ERR Error in ACL SETUSER modifier '&a': Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels
  ACL SETUSER u resetkeys resetchannels %R~* %W~a ~a &a* &a* -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "%R~* ~a" "channels" => "&a*" "selectors" => []}
  ACL SETUSER u %RW~* -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "~* ~a" "channels" => "&a*" "selectors" => []}
  ACL SETUSER u ALLKEYS resetkeys AllChannels RESETCHANNELS -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL DELUSER u       -> :1
`;

given('selectors are whole sets of rules')`
  ACL SETUSER u reset () "( )" (+get "~a" "&b)" -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => [{"commands" => "-@all" "keys" => "" "channels" => ""}
    {"commands" => "-@all" "keys" => "" "channels" => ""} {"commands" => "-@all +get" "keys" =>
    "~a" "channels" => "&b"}]}
  ACL SETUSER u clearselectors (allkeys allchannels allcommands) "(\"~x\"	'+get')" -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => [{"commands" => "+@all" "keys" => "~*" "channels" => "&*"}
    {"commands" => "-@all +get" "keys" => "~x" "channels" => ""}]}
  ACL SETUSER u clearselectors -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER u (+get          -> -ERR Unmatched parenthesis in acl selector starting at '(+get'.
  ACL SETUSER u on (+get ~a    -> -ERR Unmatched parenthesis in acl selector starting at '(+get'.
  ACL SETUSER u "(+get) "      -> -ERR Unmatched parenthesis in acl selector starting at '(+get) '.
  ACL SETUSER u (%             -> -ERR Unmatched parenthesis in acl selector starting at '(%'.
  ACL SETUSER u (%%~*)         -> -ERR Error in ACL SETUSER modifier '(%%~*)': Syntax error
  ACL SETUSER u (on)           -> -ERR Error in ACL SETUSER modifier '(on)': Syntax error
  ACL SETUSER u (>x)           -> -ERR Error in ACL SETUSER modifier '(>x)': Syntax error
  ACL SETUSER u (reset)        -> -ERR Error in ACL SETUSER modifier '(reset)': Syntax error
  ACL SETUSER u (+nosuch)
    -> -ERR Error in ACL SETUSER modifier '(+nosuch)': Unknown command or category name in ACL
  ACL SETUSER u (+get))
    -> -ERR Error in ACL SETUSER modifier '(+get))': Unknown command or category name in ACL
  ACL SETUSER u ((+get) )      -> -ERR Error in ACL SETUSER modifier '((+get)': Syntax error
  ACL SETUSER u (a "b(" )      -> -ERR Error in ACL SETUSER modifier '(a b( )': Syntax error
  ACL SETUSER u "(~a" +get x ) -> -ERR Error in ACL SETUSER modifier '(~a +get x )': Syntax error
  ACL SETUSER u )              -> -ERR Error in ACL SETUSER modifier ')': Syntax error
  ACL SETUSER u "(~\"a b\")"   -> -ERR Error in ACL SETUSER modifier '(~"a b")': Syntax error
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL DELUSER u                -> :1
`;

given('rules that are none are named, and nothing is changed')`
  ACL SETUSER u reset          -> +OK
  ACL SETUSER u on foo +get    -> -ERR Error in ACL SETUSER modifier 'foo': Syntax error
  ACL SETUSER u +get +nosuch
    -> -ERR Error in ACL SETUSER modifier '+nosuch': Unknown command or category name in ACL
  ACL SETUSER u -nosuch
    -> -ERR Error in ACL SETUSER modifier '-nosuch': Unknown command or category name in ACL
  ACL SETUSER u +@nosuch
    -> -ERR Error in ACL SETUSER modifier '+@nosuch': Unknown command or category name in ACL
  ACL SETUSER u -@nosuch
    -> -ERR Error in ACL SETUSER modifier '-@nosuch': Unknown command or category name in ACL
  ACL SETUSER u +
    -> -ERR Error in ACL SETUSER modifier '+': Unknown command or category name in ACL
  ACL SETUSER u -
    -> -ERR Error in ACL SETUSER modifier '-': Unknown command or category name in ACL
  ACL SETUSER u +@
    -> -ERR Error in ACL SETUSER modifier '+@': Unknown command or category name in ACL
  ACL SETUSER u +@all|x
    -> -ERR Error in ACL SETUSER modifier '+@all|x': Unknown command or category name in ACL
  ACL SETUSER u "+@all "
    -> -ERR Error in ACL SETUSER modifier '+@all ': Unknown command or category name in ACL
  ACL SETUSER u +get|          -> -ERR Error in ACL SETUSER modifier '+get|': Syntax error
  ACL SETUSER u +config|       -> -ERR Error in ACL SETUSER modifier '+config|': Syntax error
  ACL SETUSER u +config|nosuch
    -> -ERR Error in ACL SETUSER modifier '+config|nosuch': Unknown command or category name in ACL
  ACL SETUSER u +config|get|x
    -> -ERR Error in ACL SETUSER modifier '+config|get|x': Allowing first-arg of a subcommand is not supported
  ACL SETUSER u +config|get|
    -> -ERR Error in ACL SETUSER modifier '+config|get|': Allowing first-arg of a subcommand is not supported
  ACL SETUSER u +get|a|b
    -> -ERR Error in ACL SETUSER modifier '+get|a|b': Unknown command or category name in ACL
  ACL SETUSER u +get||x
    -> -ERR Error in ACL SETUSER modifier '+get||x': Unknown command or category name in ACL
  ACL SETUSER u +|
    -> -ERR Error in ACL SETUSER modifier '+|': Unknown command or category name in ACL
  ACL SETUSER u +|x
    -> -ERR Error in ACL SETUSER modifier '+|x': Unknown command or category name in ACL
  ACL SETUSER u -select|0
    -> -ERR Error in ACL SETUSER modifier '-select|0': Unknown command or category name in ACL
  ACL SETUSER u -get|x
    -> -ERR Error in ACL SETUSER modifier '-get|x': Unknown command or category name in ACL
  ACL SETUSER u -config|nosuch
    -> -ERR Error in ACL SETUSER modifier '-config|nosuch': Unknown command or category name in ACL
  ACL SETUSER u -config|get|x
    -> -ERR Error in ACL SETUSER modifier '-config|get|x': Unknown command or category name in ACL
  ACL SETUSER u %              -> -ERR Error in ACL SETUSER modifier '%': Syntax error
  ACL SETUSER u %~a            -> -ERR Error in ACL SETUSER modifier '%~a': Syntax error
  ACL SETUSER u %X~a           -> -ERR Error in ACL SETUSER modifier '%X~a': Syntax error
  ACL SETUSER u %RR~a          -> -ERR Error in ACL SETUSER modifier '%RR~a': Syntax error
  ACL SETUSER u %RWR~          -> -ERR Error in ACL SETUSER modifier '%RWR~': Syntax error
  ACL SETUSER u "%R a"         -> -ERR Error in ACL SETUSER modifier '%R a': Syntax error
  ACL SETUSER u "~a b"         -> -ERR Error in ACL SETUSER modifier '~a b': Syntax error
  ACL SETUSER u "& b"          -> -ERR Error in ACL SETUSER modifier '& b': Syntax error
  ACL SETUSER u "a\r\nb"       -> -ERR Error in ACL SETUSER modifier 'a  b': Syntax error
  ACL SETUSER u "a\x00b"       -> -ERR Error in ACL SETUSER modifier 'a': Syntax error
  ACL SETUSER u "\xff\x80"     -> -"ERR Error in ACL SETUSER modifier '\xff\x80': Syntax error"
  ACL SETUSER u ""             -> +OK
  ACL GETUSER u
    -> {"flags" => ~["off" "sanitize-payload"] "passwords" => [] "commands" => "-@all" "keys" =>
    "" "channels" => "" "selectors" => []}
  ACL SETUSER new +nosuch
    -> -ERR Error in ACL SETUSER modifier '+nosuch': Unknown command or category name in ACL
  ACL GETUSER new              -> nil
  ACL DELUSER u                -> :1
`;

given('names of users are bytes without blanks')`
  ACL SETUSER "a b"                -> -ERR Usernames can't contain spaces or null characters
  ACL SETUSER "a\x00b"             -> -ERR Usernames can't contain spaces or null characters
  ACL SETUSER "a\nb"               -> -ERR Usernames can't contain spaces or null characters
  ACL SETUSER ""                   -> +OK
  ACL SETUSER "\xff\x80" on        -> +OK
  ACL USERS                        -> ["" "default" "\xff\x80"]
  ACL LIST
    -> ["user  off resetchannels -@all" "user default on nopass ~* &* +@all"
    "user \xff\x80 on resetchannels -@all"]
  ACL DELUSER "" "\xff\x80" "\xff" -> :2
  ACL USERS                        -> ["default"]
`;

given('default is the user who cannot be removed')`
  ACL WHOAMI            -> "default"
  ACL GETUSER default
    -> {"flags" => ~["on" "nopass"] "passwords" => [] "commands" => "+@all" "keys" => "~*"
    "channels" => "&*" "selectors" => []}
  ACL SETUSER u         -> +OK
  ACL DELUSER default   -> -ERR The 'default' user cannot be removed
  ACL DELUSER u default -> -ERR The 'default' user cannot be removed
  ACL USERS             -> ["default" "u"]
  ACL DELUSER u         -> :1
`;

given('ACL CAT tells categories and their commands')`
  ACL CAT
    -> ["keyspace" "read" "write" "set" "sortedset" "list" "hash" "string" "bitmap" "hyperloglog"
    "geo" "stream" "pubsub" "admin" "fast" "slow" "blocking" "dangerous" "connection"
    "transaction" "scripting"]
  ACL CAT GEO
    -> any["georadiusbymember_ro" "geohash" "geoadd" "geopos" "geosearch" "georadius" "geosearchstore" "geodist" "georadius_ro" "georadiusbymember"]
  ACL CAT transaction -> any["multi" "exec" "discard" "watch" "unwatch"]
  ACL CAT nosuch      -> -ERR Unknown category 'nosuch'
  ACL CAT "a\r\nb"    -> -ERR Unknown category 'a  b'
  ACL CAT a b
    -> -ERR unknown subcommand or wrong number of arguments for 'CAT'. Try ACL HELP.
`;

given('ACL GENPASS gives as many bits as were asked for')`
  ACL GENPASS      -> /[0-9a-f]{64}/
  ACL GENPASS 1    -> /[0-9a-f]/
  ACL GENPASS 5    -> /[0-9a-f]{2}/
  ACL GENPASS 4096 -> /[0-9a-f]{1024}/
  ACL GENPASS 0
    -> -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
  ACL GENPASS 4097
    -> -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
  ACL GENPASS -1
    -> -ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096
  ACL GENPASS x    -> -ERR value is not an integer or out of range
  ACL GENPASS 1 2
    -> -ERR unknown subcommand or wrong number of arguments for 'GENPASS'. Try ACL HELP.
`;

given('ACL without a file')`
  ACL LOAD
    -> -ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.
  ACL SAVE
    -> -ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.
  ACL LOAD x   -> -ERR wrong number of arguments for 'acl|load' command
`;

given('ACL takes no other forms')`
  ACL          -> -ERR wrong number of arguments for 'acl' command
  ACL nosuch   -> -ERR unknown subcommand 'nosuch'. Try ACL HELP.
  ACL WHOAMI x -> -ERR wrong number of arguments for 'acl|whoami' command
  ACL SETUSER  -> -ERR wrong number of arguments for 'acl|setuser' command
  ACL GETUSER  -> -ERR wrong number of arguments for 'acl|getuser' command
  ACL DELUSER  -> -ERR wrong number of arguments for 'acl|deluser' command
  ACL DRYRUN u -> -ERR wrong number of arguments for 'acl|dryrun' command
  ACL LIST x   -> -ERR wrong number of arguments for 'acl|list' command
  ACL HELP
    -> [+"ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"CAT [<category>]"
    +"    List all commands that belong to <category>, or all command categories"
    +"    when no category is specified." +"DELUSER <username> [<username> ...]"
    +"    Delete a list of users." +"DRYRUN <username> <command> [<arg> ...]"
    +"    Returns whether the user can execute the given command without executing the command."
    +"GETUSER <username>" +"    Get the user's details." +"GENPASS [<bits>]"
    / +Generate a secure 256-bit user password. The optional .bits. argument can/
    +"    be used to specify a different size." +LIST
    +"    Show users details in config file format." +LOAD +"    Reload users from the ACL file."
    +"LOG [<count> | RESET]" +"    Show the ACL log entries." +SAVE
    +"    Save the current config to the ACL file."
    +"SETUSER <username> <attribute> [<attribute> ...]"
    +"    Create or modify a user with the specified attributes." +USERS
    +"    List all the registered usernames." +WHOAMI
    +"    Return the current connection username." +HELP +"    Prints this help."]
`;
