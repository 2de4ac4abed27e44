/** Functions: FUNCTION, FCALL, FCALL_RO. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('FUNCTION LOAD takes a library, FCALL calls its functions')`
  FUNCTION FLUSH        -> +OK
  FUNCTION LOAD "#!lua name=mylib\nredis.register_function('f1',function(k,a) return {k[1],a[1]} end)"
    -> "mylib"
  FCALL f1 1 a b        -> ["a" "b"]
  FCALL F1 1 a b        -> ["a" "b"]
  FCALL f1 0            -> []
  FCALL nosuch 0        -> -ERR Function not found
  FCALL f1 x            -> -ERR Bad number of keys provided
  FCALL f1 -1           -> -ERR Number of keys can't be negative
  FCALL f1 3 a          -> -ERR Number of keys can't be greater than number of args
  FCALL f1              -> -ERR wrong number of arguments for 'fcall' command
  FUNCTION LOAD "#!lua name=mylib\nredis.register_function('f1',function(k,a) return 2 end)"
    -> -ERR Library 'mylib' already exists
  FUNCTION LOAD REPLACE "#!lua name=mylib\nredis.register_function('f1',function(k,a) return 2 end)"
    -> "mylib"
  FCALL f1 0            -> :2
  FUNCTION LOAD NOSUCH "#!lua name=mylib\nredis.register_function('f1',function(k,a) return 2 end)"
    -> -ERR Unknown option given: NOSUCH
  FUNCTION LOAD "#!lua name=other\nredis.register_function('f1',function(k,a) return 2 end)"
    -> -ERR Function f1 already exists
  FUNCTION LOAD "#!lua name=other\nredis.register_function('F1',function(k,a) return 2 end)"
    -> -ERR Function F1 already exists
  FUNCTION DELETE mylib -> +OK
  FUNCTION DELETE mylib -> -ERR Library not found
  FCALL f1 0            -> -ERR Function not found
`;

given('a library says what it is in its first line')`
  FUNCTION FLUSH                               -> +OK
  FUNCTION LOAD "#!lua\nreturn 1"              -> -ERR Library name was not given
  FUNCTION LOAD "#!lua name=\nreturn 1"
    -> -ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
  FUNCTION LOAD "#!lua name=a-b\nreturn 1"
    -> -ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
  FUNCTION LOAD "#!lua name=a name=b\nreturn 1"
    -> -ERR Invalid metadata value, name argument was given multiple times
  FUNCTION LOAD "#!lua foo=a name=b\nreturn 1" -> -ERR Invalid metadata value given: foo=a
  FUNCTION LOAD "#!python name=a\nreturn 1"    -> -ERR Engine 'python' not found
  FUNCTION LOAD "return 1"                     -> -ERR Missing library metadata
  FUNCTION LOAD "#!lua name=a"                 -> -ERR Invalid library metadata
  FUNCTION LOAD "#!lua name=a \"\nreturn 1"    -> -ERR Invalid library metadata
  FUNCTION LOAD "#!Lua name=a\nredis.register_function('zz',function() return 1 end)" -> "a"
`;

given('FUNCTION LOAD says what is wrong with a library')`
  FUNCTION FLUSH                               -> +OK
  FUNCTION LOAD "#!lua name=lib\nreturn 1"     -> -ERR No functions registered
  FUNCTION LOAD "#!lua name=lib\nx x"
    -> -ERR Error compiling function: user_function:2: '=' expected near 'x'
  FUNCTION LOAD "#!lua name=lib\nredis.call('get','x')"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'call'
  FUNCTION LOAD "#!lua name=lib\nreturn redis.foo"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'foo'
  FUNCTION LOAD "#!lua name=lib\nfoo=1"
    -> -ERR Error registering functions: ERR user_function:2: Attempt to modify a readonly table
  FUNCTION LOAD "#!lua name=lib\nredis.x=1"
    -> -ERR Error registering functions: ERR user_function:2: Attempt to modify a readonly table
  FUNCTION LOAD "#!lua name=lib\nreturn foo"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'foo'
  FUNCTION LOAD "#!lua name=lib\nerror('x')"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'error'
  FUNCTION LOAD "#!lua name=lib\nreturn KEYS"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'KEYS'
  FUNCTION LOAD "#!lua name=lib\nlocal a=pairs"
    -> -ERR Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'pairs'
  FUNCTION LOAD "#!lua name=lib\nredis.log(1)"
    -> -ERR Error registering functions: ERR redis.log() requires two arguments or more.
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('a')"
    -> -ERR Error registering functions: ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).
  FUNCTION LOAD "#!lua name=lib\nredis.register_function()"
    -> -ERR Error registering functions: ERR wrong number of arguments to redis.register_function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function(1,2,3)"
    -> -ERR Error registering functions: ERR wrong number of arguments to redis.register_function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('x-y',function() end)"
    -> -ERR Error registering functions: ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('',function() end)"
    -> -ERR Error registering functions: ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long
  FUNCTION LOAD "#!lua name=lib\nredis.register_function({},function() end)"
    -> -ERR Error registering functions: ERR first argument to redis.register_function must be a string
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('x',5)"
    -> -ERR Error registering functions: ERR second argument to redis.register_function must be a function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x'}"
    -> -ERR Error registering functions: ERR redis.register_function must get a callback argument
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{callback=function() end}"
    -> -ERR Error registering functions: ERR redis.register_function must get a function name argument
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x',callback=1}"
    -> -ERR Error registering functions: ERR callback argument given to redis.register_function must be a function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x',callback=function() end,flags=1}"
    -> -ERR Error registering functions: ERR flags argument to redis.register_function must be a table representing function flags
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x',callback=function() end,flags={'bad'}}"
    -> -ERR Error registering functions: ERR unknown flag given
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x',callback=function() end,description={}}"
    -> -ERR Error registering functions: ERR description argument given to redis.register_function must be a string
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='x',callback=function() end,foo=5}"
    -> -ERR Error registering functions: ERR unknown argument given to redis.register_function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{5}"
    -> -ERR Error registering functions: ERR unknown argument given to redis.register_function
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('x',function() end) redis.register_function('x',function() end)"
    -> -ERR Error registering functions: ERR Function already exists in the library
  FUNCTION LIST                                -> []
`;

given('functions have state, globals of their own and errors with their names')`
  FUNCTION FLUSH         -> +OK
  FUNCTION LOAD "#!lua name=lib\nlocal n=0\nlocal early=redis\nredis.register_function('cnt',function(k,a) n=n+1 return n end)\nredis.register_function('glob',function(k,a) return foo end)\nredis.register_function('setg',function(k,a) foo=1 end)\nredis.register_function('keys',function(k,a) return KEYS end)\nredis.register_function('err',function(k,a) redis.call('BAD') end)\nredis.register_function('err2',function(k,a) error('x') end)\nredis.register_function('fld',function(k,a) return redis.foo end)\nredis.register_function('err4',function(k,a) error({err='MY e'}) end)\nredis.register_function('reg',function(k,a) redis.register_function('q',function() end) end)\nredis.register_function('ld',function(k,a) return early.call('get','x') end)\nredis.register_function('wr',function(k,a) return redis.call('SET',k[1],a[1]) end)\nredis.register_function('ro',function(k,a) return redis.pcall('SET','x',1).err end)\nredis.register_function('bp',function(k,a) return tostring(redis.breakpoint) end)\nredis.register_function('sc',function(k,a) return pcall(function() return error end) end)"
    -> "lib"
  FCALL cnt 0            -> :1
  FCALL cnt 1 key value  -> :2
  FCALL glob 1 key value
    -> -ERR user_function:5: Script attempted to access nonexistent global variable 'foo' script: glob, on @user_function:5.
  FCALL setg 1 key value
    -> -ERR user_function:6: Attempt to modify a readonly table script: setg, on @user_function:6.
  FCALL keys 1 key value
    -> -ERR user_function:7: Script attempted to access nonexistent global variable 'KEYS' script: keys, on @user_function:7.
  FCALL err 1 key value
    -> -ERR Unknown Redis command called from script script: err, on @user_function:8.
  FCALL err2 1 key value -> -ERR user_function:9: x script: err2, on @user_function:9.
  FCALL fld 1 key value  -> nil
  FCALL err4 1 key value -> -MY e script: err4, on @user_function:11.
  FCALL reg 1 key value
    -> -ERR user_function:12: attempt to call field 'register_function' (a nil value) script: reg, on @user_function:12.
  FCALL ld 1 key value
    -> -ERR user_function:13: Script attempted to access nonexistent global variable 'call' script: ld, on @user_function:13.
  FCALL wr 1 key value   -> +OK
  FCALL ro 1 key value   -> nil
  FCALL bp 1 key value   -> "nil"
  FCALL sc 1 key value   -> :1
  GET key                -> "value"
`;

given('flags say what functions may do')`
  FUNCTION FLUSH   -> +OK
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='r',callback=function(k) return redis.call('GET',k[1]) end,flags={'no-writes'}}\nredis.register_function{function_name='w',callback=function(k) return redis.call('SET',k[1],1) end,flags={'no-writes'}}\nredis.register_function('any',function(k) return redis.call('SET',k[1],1) end)"
    -> "lib"
  FCALL r 1 k      -> nil
  FCALL_RO r 1 k   -> nil
  FCALL w 1 k
    -> -ERR Write commands are not allowed from read-only scripts. script: w, on @user_function:3.
  FCALL_RO w 1 k
    -> -ERR Write commands are not allowed from read-only scripts. script: w, on @user_function:3.
  FCALL_RO any 1 k -> -ERR Can not execute a script with write flag using *_ro command.
  FCALL any 1 k    -> +OK
  FCALL_RO r 1 k   -> "1"
`;

given('FUNCTION LIST and STATS tell what there is')`
  FUNCTION FLUSH                            -> +OK
  FUNCTION LIST                             -> []
  FUNCTION STATS
    -> {"running_script" => nil "engines" => {"LUA" => {"libraries_count" => :0 "functions_count"
    => :0}}}
  FUNCTION LOAD "#!lua name=lib\nredis.register_function{function_name='f',callback=function() end,flags={'no-writes'},description='says'}"
    -> "lib"
  FUNCTION LIST
    -> [{"library_name" => "lib" "engine" => "LUA" "functions" => [{"name" => "f" "description" =>
    "says" "flags" => ~[+no-writes]}]}]
  FUNCTION LIST WITHCODE
    -> [{"library_name" => "lib" "engine" => "LUA" "functions" => [{"name" => "f" "description" =>
    "says" "flags" => ~[+no-writes]}] "library_code" =>
    "#!lua name=lib\nredis.register_function{function_name='f',callback=function() end,flags={'no-writes'},description='says'}"}]
  FUNCTION LIST LIBRARYNAME LIB
    -> [{"library_name" => "lib" "engine" => "LUA" "functions" => [{"name" => "f" "description" =>
    "says" "flags" => ~[+no-writes]}]}]
  FUNCTION LIST LIBRARYNAME x*              -> []
  FUNCTION LIST LIBRARYNAME                 -> -ERR library name argument was not given
  FUNCTION LIST LIBRARYNAME a LIBRARYNAME b -> -ERR Unknown argument LIBRARYNAME
  FUNCTION LIST WITHCODE WITHCODE           -> -ERR Unknown argument WITHCODE
  FUNCTION LIST foo                         -> -ERR Unknown argument foo
  FUNCTION STATS
    -> {"running_script" => nil "engines" => {"LUA" => {"libraries_count" => :1 "functions_count"
    => :1}}}
`;

given('FUNCTION has subcommands')`
  FUNCTION FLUSH              -> +OK
  FUNCTION FLUSH ASYNC        -> +OK
  FUNCTION FLUSH SYNC         -> +OK
  FUNCTION FLUSH x            -> -ERR FUNCTION FLUSH only supports SYNC|ASYNC option
  FUNCTION FLUSH SYNC x
    -> -ERR unknown subcommand or wrong number of arguments for 'FLUSH'. Try FUNCTION HELP.
  FUNCTION KILL               -> -NOTBUSY No scripts in execution right now.
  FUNCTION KILL x             -> -ERR wrong number of arguments for 'function|kill' command
  FUNCTION DELETE nolib       -> -ERR Library not found
  FUNCTION NOSUCH             -> -ERR unknown subcommand 'NOSUCH'. Try FUNCTION HELP.
  FUNCTION RESTORE x          -> -ERR DUMP payload version or checksum are wrong
  FUNCTION RESTORE x y
    -> -ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.
  FUNCTION RESTORE x APPEND y
    -> -ERR unknown subcommand or wrong number of arguments for 'RESTORE'. Try FUNCTION HELP.
  FUNCTION DUMP               -> "\n\x00]\x9b\\@\x0f\x7f\xa2\xda"
  FUNCTION HELP
    -> [+"FUNCTION <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"
    +"LOAD [REPLACE] <FUNCTION CODE>"
    +"    Create a new library with the given library name and code." +"DELETE <LIBRARY NAME>"
    +"    Delete the given library." +"LIST [LIBRARYNAME PATTERN] [WITHCODE]"
    +"    Return general information on all the libraries:" +"    * Library name"
    +"    * The engine used to run the Library" +"    * Library description"
    +"    * Functions list" +"    * Library code (if WITHCODE is given)"
    +"    It also possible to get only function that matches a pattern using LIBRARYNAME argument."
    +STATS +"    Return information about the current function running:" +"    * Function name"
    +"    * Command used to run the function" +"    * Duration in MS that the function is running"
    +"    If no function is running, return nil"
    +"    In addition, returns a list of available engines." +KILL
    +"    Kill the current running function." +"FLUSH [ASYNC|SYNC]"
    +"    Delete all the libraries."
    +"    When called without the optional mode argument, the behavior is determined by the"
    +"    lazyfree-lazy-user-flush configuration directive. Valid modes are:"
    +"    * ASYNC: Asynchronously flush the libraries."
    +"    * SYNC: Synchronously flush the libraries." +DUMP
    +"    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command"
    +"RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]"
    +"    Restore the libraries represented by the given payload, it is possible to give a restore policy to"
    +"    control how to handle existing libraries (default APPEND):"
    +"    * FLUSH: delete all existing libraries."
    +"    * APPEND: appends the restored libraries to the existing libraries. On collision, abort."
    +"    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old"
    +"      libraries with the new libraries (notice that even on this option there is a chance of failure"
    +"      in case of functions name collision with another library)." +HELP
    +"    Prints this help."]
`;

given('FUNCTION RESTORE takes what FUNCTION DUMP gives, of redis-server too')`
  FUNCTION FLUSH -> +OK
  FUNCTION RESTORE "\xf5@C#!lua name=lib\x0aredis.register_function('f',function() return 1 end)\x0a\x00\xa4\x8c\x22m\xd0g\xa5g"
    -> +OK
  FCALL f 0      -> :1
  FUNCTION DUMP
    -> "\xf5@C#!lua name=lib\nredis.register_function('f',function() return 1 end)\n\x00\xa4\x8c\"m\xd0g\xa5g"
  FUNCTION RESTORE "\xf5@C#!lua name=lib\x0aredis.register_function('f',function() return 1 end)\x0a\x00\xa4\x8c\x22m\xd0g\xa5g"
    -> -ERR Library lib already exists
  FUNCTION RESTORE "\xf5@C#!lua name=lib\x0aredis.register_function('f',function() return 1 end)\x0a\x00\xa4\x8c\x22m\xd0g\xa5g" REPLACE
    -> +OK
  FUNCTION RESTORE "\xf5\xc3@]D\xff\x19#!lua name=big\x0alocal t={1,\xe0\xff\x01\xe0\xff\x01\xe0\xff\x01\xe0\xff\x01\xe0\x85\x01\x1d}\x0aredis.register_function('g',\xe0\x00\x0c\x0f) return #t end)\x0a\x00\xec\xfc@\xb5\xe5\x83\xb5!" APPEND
    -> +OK
  FCALL g 0      -> :600
  FUNCTION RESTORE "\xf5@C#!lua name=lib\x0aredis.register_function('f',function() return 1 end)\x0a\x00\xa4\x8c\x22m\xd0g\xa5g" FLUSH
    -> +OK
  FCALL g 0      -> -ERR Function not found
  FCALL f 0      -> :1
  FUNCTION RESTORE "\xf5@C#!lua name=lib\x0aredis.register_function('f',function() return 1 end)\x0a\x00\xa4\x8c\x22m\xd0g\xa5\x00"
    -> -ERR DUMP payload version or checksum are wrong
`;

given('functions are executed in transactions')`
  FUNCTION FLUSH -> +OK
  FUNCTION LOAD "#!lua name=lib\nredis.register_function('f',function(k) return redis.call('INCR',k[1]) end)"
    -> "lib"
  MULTI          -> +OK
  FCALL f 1 n    -> +QUEUED
  FCALL f 1 n    -> +QUEUED
  EXEC           -> [:1 :2]
`;
