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

given('ACL DRYRUN tells what a user may run')`
  ACL SETUSER u reset on >p +get +@hash +config|get ~k* %R~r* &c* +select|0 +publish +subscribe +psubscribe +eval +sort +xread (+set ~s*) (+spublish &z)
    -> +OK
  ACL DRYRUN u get k                 -> +OK
  ACL DRYRUN u GET x                 -> "This user has no permissions to access the 'x' key"
  ACL DRYRUN u set s 1               -> +OK
  ACL DRYRUN u set k 1               -> "This user has no permissions to access the 'k' key"
  ACL DRYRUN u hset k f v            -> +OK
  ACL DRYRUN u hset r f v            -> "This user has no permissions to access the 'r' key"
  ACL DRYRUN u hget r f              -> +OK
  ACL DRYRUN u config get x          -> +OK
  ACL DRYRUN u CONFIG SET a b
    -> "This user has no permissions to run the 'config|set' command"
  ACL DRYRUN u select 0              -> +OK
  ACL DRYRUN u select 1              -> "This user has no permissions to run the 'select' command"
  ACL DRYRUN u publish c1 x          -> +OK
  ACL DRYRUN u publish d x           -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u spublish z x          -> +OK
  ACL DRYRUN u spublish c1 x         -> "This user has no permissions to access the 'c1' channel"
  ACL DRYRUN u subscribe c1 c2 d     -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u psubscribe c*         -> +OK
  ACL DRYRUN u psubscribe c1         -> "This user has no permissions to access the 'c1' channel"
  ACL DRYRUN u psubscribe c* d       -> "This user has no permissions to access the 'd' channel"
  ACL DRYRUN u unsubscribe d
    -> "This user has no permissions to run the 'unsubscribe' command"
  ACL DRYRUN u eval x 1 k            -> +OK
  ACL DRYRUN u eval x 2 k z          -> "This user has no permissions to access the 'z' key"
  ACL DRYRUN u sort k by x* get y    -> +OK
  ACL DRYRUN u sort k store k2       -> +OK
  ACL DRYRUN u sort k store s        -> "This user has no permissions to access the 's' key"
  ACL DRYRUN u xread streams k x 0 0 -> "This user has no permissions to access the 'x' key"
  ACL DRYRUN u xread streams k k 0 0 -> +OK
  ACL DRYRUN u auth a                -> +OK
  ACL DRYRUN u hello 3               -> +OK
  ACL DRYRUN u quit                  -> +OK
  ACL DRYRUN u ping                  -> "This user has no permissions to run the 'ping' command"
  ACL DRYRUN u get "a\r\nb"          -> "This user has no permissions to access the 'a\r\nb' key"
  ACL DRYRUN u get "\xff\x00"        -> "This user has no permissions to access the '\xff' key"
  ACL DRYRUN default get x           -> +OK
  ACL DRYRUN nobody get x            -> -ERR User 'nobody' not found
  ACL DRYRUN "no\r\nbody" get x      -> -ERR User 'no  body' not found
  ACL DRYRUN u nosuch x              -> -ERR Command 'nosuch' not found
  ACL DRYRUN u config nosuch         -> -ERR Command 'config' not found
  ACL DRYRUN u config|get x          -> -ERR Command 'config|get' not found
  ACL DRYRUN u get                   -> -ERR wrong number of arguments for 'get' command
  ACL DRYRUN u config                -> -ERR wrong number of arguments for 'config' command
  ACL DRYRUN u get a b               -> -ERR wrong number of arguments for 'get' command
  ACL DELUSER u                      -> :1
`;

given('who acts as a user may do what the user may')`
  SET k v                           -> +OK
  ACL SETUSER u reset on >p +get +set|x +@connection +@pubsub ~k* %R~r* &c* (+set ~s*) (+spublish &z)
    -> +OK
  b> AUTH u p                       -> +OK
  b> ACL WHOAMI
    -> -NOPERM this user has no permissions to run the 'acl|whoami' command
  b> GET k                          -> "v"
  b> GET r                          -> nil
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> SET s 1                        -> +OK
  b> SET k 1
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> DEL k                          -> -NOPERM this user has no permissions to run the 'del' command
  b> CONFIG SET a b
    -> -NOPERM this user has no permissions to run the 'config|set' command
  b> CONFIG                         -> -ERR wrong number of arguments for 'config' command
  b> NOSUCH                         -> -"ERR unknown command 'NOSUCH', with args beginning with: "
  b> GET                            -> -ERR wrong number of arguments for 'get' command
  b> PUBLISH c 1                    -> :0
  b> PUBLISH d 1
    -> -NOPERM this user has no permissions to access one of the channels used as arguments
  b> SPUBLISH z 1                   -> :0
  b> PING                           -> +PONG
  b> SELECT 3                       -> +OK
  b> GET k                          -> nil
  b> RESET                          -> +RESET
  b> GET x                          -> nil
  b> AUTH u p                       -> +OK
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  ACL SETUSER u ~x                  -> +OK
  b> GET x                          -> nil
  ACL SETUSER u resetkeys -@all     -> +OK
  b> GET k                          -> -NOPERM this user has no permissions to run the 'get' command
  b> PING
    -> -NOPERM this user has no permissions to run the 'ping' command
  b> SET s 1                        -> +OK
  ACL SETUSER u allkeys allcommands -> +OK
  b> SET x 1                        -> +OK
  ACL DELUSER u                     -> :1
  b> PING                           -> (closed)
`;

given('AUTH wants a user who is on')`
  ACL SETUSER u reset >p           -> +OK
  b> AUTH u p                      -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL SETUSER u on                 -> +OK
  b> AUTH u p                      -> +OK
  b> AUTH u x                      -> -WRONGPASS invalid username-password pair or user is disabled.
  b> ACL WHOAMI
    -> -NOPERM this user has no permissions to run the 'acl|whoami' command
  b> PING                          -> -NOPERM this user has no permissions to run the 'ping' command
  ACL SETUSER u nopass +acl|whoami -> +OK
  c> AUTH u anything               -> +OK
  c> ACL WHOAMI                    -> "u"
  ACL SETUSER u off                -> +OK
  c> ACL WHOAMI                    -> "u"
  c> AUTH u anything               -> -WRONGPASS invalid username-password pair or user is disabled.
  c> HELLO 2 AUTH u x              -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL SETUSER u resetpass on       -> +OK
  c> AUTH u anything               -> -WRONGPASS invalid username-password pair or user is disabled.
  ACL DELUSER u                    -> :1
`;

given('a transaction asks for permission twice')`
  ACL SETUSER u reset on nopass +get +multi +exec +publish ~k &c -> +OK
  b> AUTH u x                 -> +OK
  b> MULTI                    -> +OK
  b> GET x
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> EXEC                     -> -EXECABORT Transaction discarded because of previous errors.
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u -get          -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to execute the command or subcommand"]
  ACL SETUSER u +get          -> +OK
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u resetkeys     -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to touch the specified keys"]
  ACL SETUSER u ~k            -> +OK
  b> MULTI                    -> +OK
  b> PUBLISH c 1              -> +QUEUED
  b> GET k                    -> +QUEUED
  ACL SETUSER u resetchannels -> +OK
  b> EXEC
    -> [-"NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: no permission to access one of the channels used as arguments"
    nil]
  b> MULTI                    -> +OK
  b> GET k                    -> +QUEUED
  ACL SETUSER u -exec         -> +OK
  b> EXEC
    -> -EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command
  ACL SETUSER u +exec         -> +OK
  b> EXEC                     -> -ERR EXEC without MULTI
  ACL DELUSER u               -> :1
`;

given('SORT reads other keys for those who may read all')`
  RPUSH k 2 1                      -> :2
  ACL SETUSER u reset on nopass +sort +sort_ro +multi +exec ~k -> +OK
  b> AUTH u x                      -> +OK
  b> SORT k                        -> ["1" "2"]
  b> SORT k BY x                   -> ["2" "1"]
  b> SORT k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT_RO k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT k GET x
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT k LIMIT 0 1 DESC GET #
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT k FOO BY x*              -> -ERR syntax error
  b> SORT k LIMIT x 1 BY x*        -> -ERR value is not an integer or out of range
  b> SORT k BY                     -> -ERR syntax error
  b> SORT k ALPHA STORE k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  b> SORT x BY x*
    -> -NOPERM this user has no permissions to access one of the keys used as arguments
  b> MULTI                         -> +OK
  b> SORT k BY x*                  -> +QUEUED
  b> EXEC
    -> [-"ERR BY option of SORT denied due to insufficient ACL permissions."]
  ACL SETUSER u %R~*               -> +OK
  b> SORT k BY x*                  -> ["1" "2"]
  ACL SETUSER u resetkeys ~k ~**   -> +OK
  b> SORT k BY x*
    -> -ERR BY option of SORT denied due to insufficient ACL permissions.
  ACL SETUSER u (allkeys +sort_ro) -> +OK
  b> SORT k GET x
    -> -ERR GET option of SORT denied due to insufficient ACL permissions.
  b> SORT_RO k GET x               -> [nil nil]
  ACL DELUSER u                    -> :1
`;

given('who listens to what is allowed no longer is disconnected')`
  ACL SETUSER u reset on nopass +@all allchannels -> +OK
  b> AUTH u x                        -> +OK
  b> SUBSCRIBE a                     -> >["subscribe" "a" :1]
  c> AUTH u x                        -> +OK
  c> PSUBSCRIBE a*                   -> >["psubscribe" "a*" :1]
  d> AUTH u x                        -> +OK
  d> SSUBSCRIBE a                    -> >["ssubscribe" "a" :1]
  e> AUTH u x                        -> +OK
  ACL SETUSER u resetchannels &a &a* -> +OK
  PUBSUB CHANNELS                    -> ["a"]
  ACL SETUSER u resetchannels &a     -> +OK
  PUBSUB NUMPAT                      -> :0
  PUBSUB CHANNELS                    -> ["a"]
  ACL SETUSER u resetchannels (&a)   -> +OK
  PUBSUB CHANNELS                    -> ["a"]
  PUBSUB SHARDCHANNELS               -> ["a"]
  ACL SETUSER u clearselectors       -> +OK
  PUBSUB CHANNELS                    -> []
  PUBSUB SHARDCHANNELS               -> []
  e> PING                            -> +PONG
  ACL DELUSER u                      -> :1
`;
