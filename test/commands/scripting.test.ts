/** Scripts: EVAL, EVALSHA, their read-only forms, SCRIPT. */
import { commandSuite } from '../support/cases.js';

const given = commandSuite();

given('EVAL gives a script its keys and arguments')`
  EVAL "return 1" 0                            -> :1
  EVAL "return {KEYS[1],KEYS[2],ARGV[1],ARGV[2],KEYS[3]}" 2 a b c d -> ["a" "b" "c" "d"]
  EVAL "return {#KEYS,#ARGV}" 1 a b c          -> [:1 :2]
  EVAL "KEYS[1]='x' ARGV[5]='y' return {KEYS[1],ARGV[5]}" 1 a -> ["x" "y"]
  EVAL "return ARGV[1]" 0 "a\x00b\xff"         -> "a\x00b\xff"
  EVAL "return {1,'two',{3,{'four'}},nil,5}" 0 -> [:1 "two" [:3 ["four"]]]
  EVAL "return redis.call('SET',KEYS[1],ARGV[1])" 1 k v -> +OK
  EVAL "return redis.call('GET',KEYS[1])" 1 k  -> "v"
`;

given('EVAL says what is wrong with its numbers of keys')`
  EVAL "return 1"                     -> -ERR wrong number of arguments for 'eval' command
  EVAL "return 1" x                   -> -ERR value is not an integer or out of range
  EVAL "return 1" -1                  -> -ERR Number of keys can't be negative
  EVAL "return 1" 1                   -> -ERR Number of keys can't be greater than number of args
  EVAL "return 1" 9223372036854775808 -> -ERR value is not an integer or out of range
  EVAL "return 1" 2147483647 a        -> -ERR Number of keys can't be greater than number of args
  EVALSHA x 0                         -> -NOSCRIPT No matching script. Please use EVAL.
  EVALSHA x a                         -> -NOSCRIPT No matching script. Please use EVAL.
  EVALSHA_RO x 0                      -> -NOSCRIPT No matching script. Please use EVAL.
`;

given('what a script returns becomes a reply')`
  EVAL "return nil" 0               -> nil
  EVAL "return true" 0              -> :1
  EVAL "return false" 0             -> nil
  EVAL "return 3.99" 0              -> :3
  EVAL "return -3.99" 0             -> :-3
  EVAL "return 2^53" 0              -> :9007199254740992
  EVAL "return 1/0" 0               -> :-9223372036854775808
  EVAL "return 0/0" 0               -> :-9223372036854775808
  EVAL "return 'a\\x00b'" 0         -> "ax00b"
  EVAL "return {}" 0                -> []
  EVAL "return 1,2" 0               -> :1
  EVAL "return function() end" 0    -> nil
  EVAL "return {ok='fine'}" 0       -> +fine
  EVAL "return {ok='a\\nb'}" 0      -> +a b
  EVAL "return {err='MY error'}" 0  -> -MY error
  EVAL "return {err='x', ok='y'}" 0 -> -x
  EVAL "return {ok=5}" 0            -> []
  EVAL "return {double=3.5}" 0      -> ,3.5
  EVAL "return {double=0.1}" 0      -> ,0.10000000000000001
  EVAL "return {double=1/0}" 0      -> ,inf
  EVAL "return {double='3'}" 0      -> []
  EVAL "return {map={a=1}}" 0       -> {"a" => :1}
  EVAL "return {map='x',1,2}" 0     -> [:1 :2]
  EVAL "return {set={a=true}}" 0    -> ~["a"]
  EVAL "return {big_number='12345678901234567890'}" 0 -> *
  EVAL "return {big_number=5}" 0    -> []
  EVAL "return {verbatim_string={format='txt',string='x'}}" 0 -> ="txt:x"
  EVAL "return {verbatim_string={format='txt'}}" 0 -> []
  EVAL "return {{{redis.status_reply('x')},redis.error_reply('NO e')}}" 0 -> [[[+x] -"NO e"]]
  EVAL "return setmetatable({},{__index={1,2,ok='meta'}})" 0 -> []
`;

given('replies become Lua values')`
  SET s text                                   -> +OK
  RPUSH l a b                                  -> :2
  HSET h f v                                   -> :1
  ZADD z 1.5 m                                 -> :1
  EVAL "return type(redis.call('GET','nokey'))" 0 -> "boolean"
  EVAL "return redis.call('SET','k','v').ok" 0 -> "OK"
  EVAL "return redis.call('INCRBY','n',5)+1" 0 -> :6
  EVAL "return #redis.call('LRANGE','l',0,-1)" 0 -> :2
  EVAL "return redis.call('HGETALL','h')" 0    -> ["f" "v"]
  EVAL "return redis.call('ZSCORE','z','m')" 0 -> "1.5"
  EVAL "return redis.call('MGET','s','nokey','k')" 0 -> ["text" nil "v"]
  EVAL "return redis.pcall('LPUSH','s','x').err" 0
    -> "WRONGTYPE Operation against a key holding the wrong kind of value"
`;

given('a script that asks for RESP3 is given RESP3')`
  HSET h f v                   -> :1
  ZADD z 1.5 m                 -> :1
  SADD s m                     -> :1
  EVAL "redis.setresp(3) return redis.call('HGETALL','h').map.f" 0 -> "v"
  EVAL "redis.setresp(3) return tostring(redis.call('ZSCORE','z','m').double)" 0 -> "1.5"
  EVAL "redis.setresp(3) return tostring(redis.call('SMEMBERS','s').set.m)" 0 -> "true"
  EVAL "redis.setresp(3) return type(redis.call('GET','nokey'))" 0 -> "nil"
  EVAL "redis.setresp(3) return redis.call('HGETALL','h')" 0 -> {"f" => "v"}
  EVAL "redis.setresp(3) return redis.call('ZSCORE','z','m')" 0 -> ,1.5
  EVAL "redis.setresp(3) return {true,false}" 0 -> [#t #f]
  EVAL "return {true,false}" 0 -> [:1 nil]
  EVAL "redis.setresp(3) redis.setresp(2) return redis.call('HGETALL','h')" 0 -> ["f" "v"]
  EVAL "redis.setresp(4)" 0
    -> -ERR RESP version must be 2 or 3. script: 68e72e4d8a428b9f599dce492315f2455a425a82, on @user_script:1.
  EVAL "redis.setresp()" 0
    -> -ERR redis.setresp() requires one argument. script: 42aacaf580759e59c97e8b1974d08a62f960014f, on @user_script:1.
`;

given('numbers among the arguments are written with 17 digits')`
  EVAL "redis.call('MSET','a',3.1,'b',1e100,'c',2^53,'d',-0.5,'e',1234567890123456)" 0 -> nil
  MGET a b c d e -> ["3.1000000000000001" "1e+100" "9007199254740992" "-0.5" "1234567890123456"]
`;

given('errors name the script and the line')`
  EVAL "redis.call('NOSUCH')" 0
    -> -ERR Unknown Redis command called from script script: eea2adbb74a2562b985b1f54132beced21d2aa3c, on @user_script:1.
  EVAL "return redis.call('NOSUCH')" 0
    -> -ERR Unknown Redis command called from script script: 7ae0187b9ac91447963709e3bfd83c5935fec648, on @user_script:1.
  EVAL "redis.call()" 0
    -> -ERR Please specify at least one argument for this redis lib call script: 23251039f40992dadef496cbfe3f3d23a6d314ce, on @user_script:1.
  EVAL "redis.call(nil)" 0
    -> -ERR Lua redis lib command arguments must be strings or integers script: d188b2b820a3c38f7f0505c2644ae3e6af2022ea, on @user_script:1.
  EVAL "redis.call('SET','a',{})" 0
    -> -ERR Lua redis lib command arguments must be strings or integers script: 6b3b6109dff671be3ac285edd6aeed7369ce520c, on @user_script:1.
  EVAL "redis.call('GET')" 0
    -> -ERR Wrong number of args calling Redis command from script script: 7b9e965c0c88e6d0073a6ab96bfa2cf7e2fb23c6, on @user_script:1.
  EVAL "\n\nredis.call('LPUSH','l','x')\nredis.call('GET','l')" 0
    -> -WRONGTYPE Operation against a key holding the wrong kind of value script: 84dce888ae07cc615eb57e8e8642acb08da029cf, on @user_script:4.
  EVAL "\nlocal function f()\n  error('deep')\nend\nf()" 0
    -> -ERR user_script:3: deep script: 80e4eca8e62af5e62dcc316585b9f92b6c446697, on @user_script:3.
  EVAL "error('x')" 0
    -> -ERR user_script:1: x script: 9851144f39f03a0d597a980c5aa79c80cb696891, on @user_script:1.
  EVAL "error('x y',0)" 0
    -> -ERR x y script: 8fc61f79ed35533bdbdb74495ef9120b958a4de6, on @user_script:1.
  EVAL "error()" 0
    -> -ERR nil script: aca90d914519fdb9825352bdc0befb59f7c8510f, on @user_script:1.
  EVAL "error(5)" 0
    -> -ERR user_script:1: 5 script: 007feaf5de074afe3398416376e34525ad911752, on @user_script:1.
  EVAL "error({err='My Err'})" 0
    -> -My Err script: a059ab708ad4709a4f1c6aa12b1122498ee51704, on @user_script:1.
  EVAL "error({err='a', line='77', source='foo'})" 0
    -> -a script: 8de48fc27e5fe540fd25d472ffd8f56dc62a0ee9, on @user_script:1.
  EVAL "error('a\\r\\nb')" 0
    -> -ERR user_script:1: a  b script: 9651526a9f202dabbb853951a21a9aa00e6d7e2e, on @user_script:1.
  EVAL "assert(false)" 0
    -> -ERR user_script:1: assertion failed! script: 2878c2ae3cafd05c022d4f19e4b521d97df409a2, on @user_script:1.
  EVAL "assert(nil,'msg')" 0
    -> -ERR user_script:1: msg script: 9738728490db4cc2540d821f2ae9bf8d1cb2c2fb, on @user_script:1.
  EVAL "return nothing" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'nothing' script: e155794c2cea354dcea668762f18501f7cbc7689, on @user_script:1.
  EVAL "x==" 0
    -> -ERR Error compiling script (new function): user_script:1: '=' expected near '=='
  EVAL "return {}..1" 0
    -> -ERR user_script:1: attempt to concatenate a table value script: 8f06b2764b5deaa1419a4b159a50749c9ec8a260, on @user_script:1.
  EVAL "local function f() return f()+1 end return f()" 0
    -> -ERR user_script:1: stack overflow script: 17123be6b2e405691a19f87f62a8a7feb33b510f, on @user_script:1.
  EVAL "local f=coroutine.wrap(function() redis.call('NOSUCH') end) f()" 0
    -> -ERR Unknown Redis command called from script script: 65c82daec9929bafe57ea79ed85d4605bdf9c57b, on @user_script:1.
  EVAL "local f=loadstring('x x') return tostring(f)" 0 -> "nil"
  EVAL "local f,e=loadstring('x x') return e" 0 -> "[string \"x x\"]:1: '=' expected near 'x'"
`;

given('pcall and redis.pcall catch errors')`
  EVAL "local ok,e=pcall(redis.call,'NOSUCH') return {tostring(ok),type(e),e}" 0
    -> ["false" "string" "ERR Unknown Redis command called from script"]
  EVAL "local ok,e=pcall(redis.call) return e" 0
    -> "ERR Please specify at least one argument for this redis lib call"
  EVAL "local ok,e=pcall(redis.call,nil) return e" 0
    -> "ERR Lua redis lib command arguments must be strings or integers"
  EVAL "local e=redis.pcall('NOSUCH') return {type(e),e.err}" 0
    -> ["table" "ERR Unknown Redis command called from script"]
  EVAL "return redis.pcall('NOSUCH')" 0 -> -ERR Unknown Redis command called from script
  EVAL "return redis.pcall()" 0
    -> -ERR Please specify at least one argument for this redis lib call
  EVAL "return redis.pcall(nil)" 0
    -> -ERR Lua redis lib command arguments must be strings or integers
  EVAL "local ok,e=pcall(error,{err='My',x=1}) return e" 0 -> "My"
  EVAL "local ok,e=pcall(error,{x=1}) return e.x" 0 -> :1
  EVAL "local ok,e=xpcall(function() redis.call('NOSUCH') end,function(e) return e.err end) return e" 0
    -> "ERR Unknown Redis command called from script"
  EVAL "local co=coroutine.create(function() redis.call('NOSUCH') end) local ok,e=coroutine.resume(co) return e.err" 0
    -> "ERR Unknown Redis command called from script"
`;

given('globals are protected')`
  EVAL "x=1" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: 7caf6056913504f0508c65faf2dc3f94ff65bcfd, on @user_script:1.
  EVAL "return x" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'x' script: 03c387736bb5cc009ff35151572cee04677aa374, on @user_script:1.
  EVAL "redis.x=1" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: 5b2bc017c4ad02e0a4040b10e3482419e45c58b0, on @user_script:1.
  EVAL "return redis.x" 0               -> nil
  EVAL "string.x=1" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: 0200261db1e7771c266e77366576961c8f228af1, on @user_script:1.
  EVAL "KEYS={}" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: d56cbec64d0a52d32701732d5d5401b3c9819535, on @user_script:1.
  EVAL "rawset(_G,'x',1)" 0
    -> -ERR Attempt to modify a readonly table script: 90860ee597073785c7a12c667667abc4495e2c78, on @user_script:1.
  EVAL "rawset(redis,'x',1)" 0
    -> -ERR Attempt to modify a readonly table script: 7b6209d7fed36b4873b6a6cf0c3d3de1d89b9933, on @user_script:1.
  EVAL "table.insert(redis,1)" 0
    -> -ERR Attempt to modify a readonly table script: 3a23258ee49a94b81503b4867b0064d44bda462d, on @user_script:1.
  EVAL "setmetatable(_G,{})" 0
    -> -ERR Attempt to modify a readonly table script: e8f1b52cec0990f58c59b37010d130cfdce9e1a5, on @user_script:1.
  EVAL "getmetatable(_G).__index=nil" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: 083d1807f1c42cf4f52a132b3c0e099e3c4b2d17, on @user_script:1.
  EVAL "getmetatable('').__index=1" 0
    -> -ERR user_script:1: Attempt to modify a readonly table script: 6252c9f1f7b0d445012a0983d7595ca7470339b9, on @user_script:1.
  EVAL "return {type(_G),type(redis),tostring(getmetatable(redis))}" 0 -> ["table" "table" "nil"]
  EVAL "return print" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'print' script: df4c752a7558004676bbee87e38b92e0b9056d68, on @user_script:1.
  EVAL "return os" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'os' script: f03b5ad6e7d58786b6a5e879efbea4a4408f5c2f, on @user_script:1.
  EVAL "return package" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'package' script: bfab18646c3a65e87365badef4807726c27a0041, on @user_script:1.
  EVAL "return io" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'io' script: badfe324d30f60abd2dbecf4d4b0f915038384e2, on @user_script:1.
  EVAL "return debug" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'debug' script: 7f0eed9eaa523ec9e1ff69159f45a399473d9771, on @user_script:1.
  EVAL "return require" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'require' script: 68c9d8918a98cebaec1948aff703e96c57af9fdd, on @user_script:1.
  EVAL "return dofile" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'dofile' script: 0c5f629ecf4a281cada464398cd571c2f6828b27, on @user_script:1.
  EVAL "return loadfile" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'loadfile' script: a08fbe72c95f67027cc9b6349f5d335b598397b7, on @user_script:1.
  EVAL "return newproxy" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'newproxy' script: f77b925834a6a5cd4c3f954d604c77e44181c40f, on @user_script:1.
  EVAL "return setfenv" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'setfenv' script: 3ffeb955c6323bb75eb872e0e1bc7214ea8780d9, on @user_script:1.
  EVAL "return getfenv" 0
    -> -ERR user_script:1: Script attempted to access nonexistent global variable 'getfenv' script: 16cfebc0feae9751eb6419326840e1512625eb36, on @user_script:1.
  EVAL "return string.dump" 0           -> nil
  EVAL "return loadstring('return setfenv')()" 0
    -> -ERR [string "return setfenv"]:1: Script attempted to access nonexistent global variable 'setfenv' script: eedb0ae66323db6261f895e78a303a687ad2053c, on return setfenv:1.
  EVAL "return loadstring('\\27Lua')" 0 -> nil
`;

given('hostile scripts are told off')`
  EVAL "return unpack({1,2,3},0,2147483647)" 0
    -> -ERR user_script:1: too many results to unpack script: 783ef19f3ecf03e2acee8b6e8b0370dfbfde5679, on @user_script:1.
  EVAL "return struct.pack('>I2147483648',1)" 0
    -> -ERR user_script:1: integral size overflow script: 0bffb6b67968b27c912e2cb716ec17e760007f91, on @user_script:1.
  EVAL "local t={} local u=t for i=1,1001 do u.a={} u=u.a end return cjson.encode(t)" 0
    -> -ERR user_script:1: Cannot serialise, excessive nesting (1001) script: 3fc17ce1390922b844fd0a2fead0d0479f7653c8, on @user_script:1.
  EVAL "return cjson.decode(string.rep('[',1001)..string.rep(']',1001))" 0
    -> -ERR user_script:1: Found too many nested data structures (1001) at character 1001 script: 0452f07bcb9cdaa76a2b8ce0e1d0aad04c80908d, on @user_script:1.
  EVAL "return cjson.decode('{')" 0
    -> -ERR user_script:1: Expected object key string but found T_END at character 2 script: 6c60bbb22c4b71b0415e4e539d6dc66cc27df21d, on @user_script:1.
  EVAL "local ok=pcall(string.rep,'x',-1) return tostring(ok)" 0 -> "true"
  EVAL "return unpack({1},-2147483648,2147483647)" 0
    -> -ERR user_script:1: too many results to unpack script: b1353c5892d2de6e32b0336677800e164483b8fc, on @user_script:1.
  EVAL "return unpack({},1,1e7)" 0
    -> -ERR user_script:1: too many results to unpack script: d4e22fa1850d3bf9424dd5b17679f8c6cd13cb28, on @user_script:1.
  EVAL "return struct.unpack('>I2147483648','x')" 0
    -> -ERR user_script:1: integral size overflow script: 326a6a571f52a9f59bbbe97cc077900fce2a533d, on @user_script:1.
  EVAL "return struct.pack('!2147483648i',1)" 0
    -> -ERR user_script:1: integral size overflow script: 0e7954374a35fd3be679334ca23a69869b0334a2, on @user_script:1.
  EVAL "return struct.unpack('c2147483647','x')" 0
    -> -ERR user_script:1: bad argument #2 to 'unpack' (data string too short) script: 41e5ce01431d75759205bf39c5dea36b39886c9c, on @user_script:1.
  EVAL "return struct.unpack('c0','x')" 0
    -> -ERR user_script:1: format 'c0' needs a previous size script: 5fa941a7a9f6a014df691dc525cf83135e8557c2, on @user_script:1.
  EVAL "return struct.pack('bhi3',2^53+1,256,1e15)" 0 -> "\x00\x00\x01\x00\x80\xc6"
  EVAL "return {bit.tohex(255,-2147483648),bit.tohex(255,2147483647),bit.lshift(1,2^53)}" 0
    -> ["000000FF" "000000ff" :1]
  EVAL "return #cmsgpack.pack((function() local t={} local u=t for i=1,1000 do u[1]={} u=u[1] end return t end)())" 0
    -> :17
  EVAL "return cmsgpack.unpack('\\221\\255\\255\\255\\255')" 0
    -> -ERR user_script:1: Missing bytes in input. script: d927de6b02ace026366ff615f6b86eded580403b, on @user_script:1.
  EVAL "return cmsgpack.pack({1e100,-1e30,{a=2^64}})" 0
    -> "\x93\xcbT\xb2I\xad%\x94\xc3}\xcb\xc6)>Y9\xa0\x8c\xea\x81\xa1a\xca_\x80\x00\x00"
  EVAL "return {string.format('%x|%u|%o|%#x',2^64,-1/0,1/0,2^40),string.format('%.12d|%015.12d',2^40,-2^40)}" 0
    -> ["0|9223372036854775808|0|0x10000000000" "1099511627776| -1099511627776"]
  EVAL "return {string.format('%c|%x',2^31,-1/0),tostring(tonumber('-ff',16))}" 0
    -> ["|8000000000000000" "1.844674407371e+19"]
  EVAL "local f,e=loadstring('return '..string.rep('(',201)..'1'..string.rep(')',201)) return e" 0
    -> "[string \"return ((((((((((((((((((((((((((((((((((((((((((((((((((((((((...\"]:1: chunk has too many syntax levels"
  EVAL "local f,e=loadstring('return '..string.rep('(',100000)) return e" 0
    -> "[string \"return ((((((((((((((((((((((((((((((((((((((((((((((((((((((((...\"]:1: chunk has too many syntax levels"
  EVAL "local f,e=loadstring(string.rep('do ',300)..string.rep(' end',300)) return e" 0
    -> "[string \"do do do do do do do do do do do do do do do do do do do do do ...\"]:1: chunk has too many syntax levels"
  EVAL "return loadstring('return '..string.rep('1+',100000)..'1')()" 0 -> :100001
  EVAL "local f,e=loadstring('x x',string.rep('x',5000)) return e" 0
    -> "[string \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"]:1: '=' expected near 'x'"
  EVAL "local t={} for i=1,201 do t[i]='local a'..i end local f,e=loadstring(table.concat(t,' ')) return e" 0
    -> "[string \"local a1 local a2 local a3 local a4 local a5 local a6 local a7 ...\"]:1: main function has more than 200 local variables"
`;

given('what is nested without end is told off', {
  skip: {
    worker: 'Chromium gives workers less stack: the machine breaks at it, is replaced, says so',
  },
})`
  EVAL "return cmsgpack.unpack(string.rep('\\145',100000)..'\\1')" 0
    -> -ERR user_script:1: stack overflow (in function mp_decode_to_lua_array) script: 2b4cb56b5afd2e588614227fc2239fdc65be6cda, on @user_script:1.
`;

given('errors and statuses end at a zero byte')`
  EVAL "return {err='a\\0b'}" 0                -> -a
  EVAL "return {ok='a\\0b'}" 0                 -> +a
  EVAL "return redis.error_reply('a\\0b c')" 0 -> -ERR a
  EVAL "error('a\\0b')" 0
    -> -ERR user_script:1: a script: 5f5ac4831d66dd38653b036c54cfd07d78762d8c, on @user_script:1.
  EVAL "error('\\1a')" 0
    -> -"ERR user_script:1: \x01a script: b9488e5b536ffd128d5db7ed8654d7a8c4db2dc2, on @user_script:1."
  EVAL "local ok,e=pcall(error,'a\\0b') return e" 0 -> "a\x00b"
`;

given('redis has what scripts expect of it')`
  EVAL "return {redis.REDIS_VERSION,redis.REDIS_VERSION_NUM}" 0 -> ["7.0.15" :458767]
  EVAL "return {redis.LOG_DEBUG,redis.LOG_VERBOSE,redis.LOG_NOTICE,redis.LOG_WARNING}" 0
    -> [:0 :1 :2 :3]
  EVAL "return {redis.REPL_NONE,redis.REPL_AOF,redis.REPL_SLAVE,redis.REPL_REPLICA,redis.REPL_ALL}" 0
    -> [:0 :1 :2 :2 :3]
  EVAL "return redis.sha1hex('')" 0          -> "da39a3ee5e6b4b0d3255bfef95601890afd80709"
  EVAL "return redis.sha1hex(1)" 0           -> "356a192b7913b04c54574d18c28d46e6395428ab"
  EVAL "return redis.sha1hex()" 0
    -> -ERR wrong number of arguments script: 3c7ce947ae74a835cc575b6ee87fb27503cb7ba4, on @user_script:1.
  EVAL "return redis.error_reply('a b')" 0   -> -a b
  EVAL "return redis.error_reply('-a b')" 0  -> -a b
  EVAL "return redis.error_reply('ab')" 0    -> -ERR ab
  EVAL "return redis.error_reply()" 0        -> -ERR wrong number or type of arguments
  EVAL "return redis.status_reply('x')" 0    -> +x
  EVAL "return redis.status_reply(1)" 0      -> -ERR wrong number or type of arguments
  EVAL "return redis.log(redis.LOG_DEBUG,'x')" 0 -> nil
  EVAL "redis.log(1)" 0
    -> -ERR redis.log() requires two arguments or more. script: 3f3f405a68f1629d40734c03d5bbba6b55824cf9, on @user_script:1.
  EVAL "redis.log('x','y')" 0
    -> -ERR First argument must be a number (log level). script: 44225587e192013397ebcdcfb56a766ebb8c7e47, on @user_script:1.
  EVAL "redis.log(9,'y')" 0
    -> -ERR Invalid debug level. script: 6d93cfa0116834feceea9d3139f21cd8df553169, on @user_script:1.
  EVAL "return redis.set_repl(redis.REPL_ALL)" 0 -> nil
  EVAL "redis.set_repl(9)" 0
    -> -ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE. script: 4f4229ed072529678bbea9429f2d7b099eb34534, on @user_script:1.
  EVAL "redis.set_repl()" 0
    -> -ERR redis.set_repl() requires two arguments. script: e39b47fd8e0d5dc1c7155bbafcefaf48cf163f82, on @user_script:1.
  EVAL "return redis.replicate_commands()" 0 -> :1
  EVAL "return redis.breakpoint()" 0         -> nil
  EVAL "return redis.debug('x')" 0           -> nil
  EVAL "return redis.acl_check_cmd('get','x')" 0 -> :1
  EVAL "redis.acl_check_cmd('nosuch','x')" 0
    -> -ERR Invalid command passed to redis.acl_check_cmd() script: 64b1bf6f17691b40fb70c9134638da14b2c7f20d, on @user_script:1.
  EVAL "redis.acl_check_cmd()" 0
    -> -ERR Please specify at least one argument for this redis lib call script: 15a4c93aacab46eaebb4c3c20688111aed48351d, on @user_script:1.
  EVAL "return tostring(redis.register_function)" 0 -> "nil"
`;

given('libraries do what they do in Redis')`
  EVAL "return cjson.encode({1,2,{a='b'}})" 0 -> "[1,2,{\"a\":\"b\"}]"
  EVAL "return cjson.decode('[1,2,null,true,\"x\"]')" 0 -> [:1 :2 nil :1 "x"]
  EVAL "return cjson.encode(cjson.null)" 0    -> "null"
  EVAL "return cjson.encode({1.5,2^40,1e100})" 0 -> "[1.5,1099511627776,1e+100]"
  EVAL "return {bit.band(255,15),bit.bor(1,2),bit.bxor(3,5),bit.lshift(1,4),bit.tohex(255)}" 0
    -> [:15 :3 :6 :16 "000000ff"]
  EVAL "return {struct.unpack('<hi',struct.pack('<hi',-5,70000))}" 0 -> [:-5 :70000 :7]
  EVAL "return cmsgpack.unpack(cmsgpack.pack({1,'a',{2}}))" 0 -> [:1 "a" [:2]]
  EVAL "return cmsgpack.pack({1,'a',1.5,true})" 0 -> "\x94\x01\xa1a\xca?\xc0\x00\x00\xc3"
  EVAL "local t={3,1,2} table.sort(t) return table.concat(t,',')" 0 -> "1,2,3"
  EVAL "return {string.format('%5d|%x|%s',42,255,'x'),('x'):rep(3),#('abc')}" 0
    -> ["   42|ff|x" "xxx" :3]
  EVAL "return {math.floor(1.7),math.max(1,5),tostring(math.pi)}" 0 -> [:1 :5 "3.1415926535898"]
  EVAL "math.randomseed(7) return {math.random(100),math.random(100),math.random(5,9)}" 0
    -> [:27 :69 :6]
  EVAL "return math.random(0)" 0
    -> -ERR user_script:1: bad argument #1 to 'random' (interval is empty) script: 008bcb60f86ee36d26c67b641b46674578d9cba0, on @user_script:1.
`;

given('some commands are not for scripts')`
  EVAL "return redis.call('SUBSCRIBE','x')" 0
    -> -ERR This Redis command is not allowed from script script: 29e26abf7d6c5f139b1a70728e41ec7c6997fe5a, on @user_script:1.
  EVAL "return redis.call('EVAL','return 1',0)" 0
    -> -ERR This Redis command is not allowed from script script: c225e144ce9661ef1bbf2a55c99e7c3ff6a38b64, on @user_script:1.
  EVAL "return redis.call('MULTI')" 0
    -> -ERR This Redis command is not allowed from script script: ba922d924f6e7808414359ed93c37767dd0532ce, on @user_script:1.
  EVAL "return redis.call('BLPOP','nolist',0)" 0
    -> -ERR This Redis command is not allowed from script script: 3698430c03b583db613ed14aa2661871b1a4e83b, on @user_script:1.
  EVAL "return redis.call('CLIENT','ID')" 0
    -> -ERR This Redis command is not allowed from script script: 14a340356663d6198502058227488df08c8f36d8, on @user_script:1.
  EVAL "return redis.call('CONFIG','NOSUCH','x')" 0
    -> -ERR Unknown Redis command called from script script: 029270d95f0b94c0ab0e07bd5b4e9861806d6d0b, on @user_script:1.
  EVAL "return redis.call('XREAD','BLOCK',0,'STREAMS','nostream','$')" 0
    -> -ERR XREAD command is not allowed with BLOCK option from scripts script: d3a2d3f72e8c890fdd52843b42c3893508354892, on @user_script:1.
  EVAL "return redis.call('INCR','a','b')" 0
    -> -ERR Wrong number of args calling Redis command from script script: 2770ce1cdab0829e8d80eef965fe0f84b28765c6, on @user_script:1.
  EVAL "return redis.call('PING')" 0          -> +PONG
  EVAL "return redis.call('ECHO','x')" 0      -> "x"
`;

given('SELECT in a script lasts as long as the script')`
  EVAL "redis.call('SELECT',3) redis.call('SET','k','three') return redis.call('GET','k')" 0
    -> "three"
  GET k                                 -> nil
  SELECT 3                              -> +OK
  GET k                                 -> "three"
  EVAL "return redis.call('GET','k')" 0 -> "three"
`;

given('read-only scripts do not write')`
  SET k v                     -> +OK
  EVAL_RO "return redis.call('GET',KEYS[1])" 1 k -> "v"
  EVAL_RO "return redis.call('SET',KEYS[1],1)" 1 k
    -> -ERR Write commands are not allowed from read-only scripts. script: a8e045687019c1230c01d4717e0579b12b1a1b50, on @user_script:1.
  EVAL_RO "return redis.pcall('SET',KEYS[1],1)" 1 k
    -> -ERR Write commands are not allowed from read-only scripts.
  EVAL_RO "return redis.call('PUBLISH','c','x')" 0
    -> -ERR Write commands are not allowed from read-only scripts. script: 61eab992dc94c5099d07748f1fd9475f57e3bfdf, on @user_script:1.
  EVAL "#!lua flags=no-writes\nreturn redis.call('SET','k',1)" 0
    -> -ERR Write commands are not allowed from read-only scripts. script: cae12ba2ec462f1541143886465681f29557f7c1, on @user_script:2.
  EVAL_RO "#!lua\nreturn 1" 0 -> -ERR Can not execute a script with write flag using *_ro command.
  EVAL_RO "#!lua flags=no-writes\nreturn redis.call('GET','k')" 0 -> "v"
  GET k                       -> "v"
`;

given('a shebang is read')`
  SCRIPT LOAD "#!lua\nreturn 1"        -> "cb70127618f0b0be70c53cf6bfcfa54a29d9b0c0"
  SCRIPT LOAD "#!lua flags=no-writes,allow-oom,allow-stale,no-cluster,allow-cross-slot-keys\nreturn 1"
    -> "aca8c059b747aa6a4fd3dc998861fea9d7020109"
  SCRIPT LOAD "#!lua flags=no-writes,foo\nreturn 1" -> -ERR Unexpected flag in script shebang: foo
  SCRIPT LOAD "#!lua flags=\nreturn 1" -> "60d9b08fd5c7b4a5db89a2459ae4fc54ee9c35d6"
  SCRIPT LOAD "#!lua name=x\nreturn 1" -> -ERR Unknown lua shebang option: name=x
  SCRIPT LOAD "#!python\nreturn 1"     -> -ERR Unexpected engine in script shebang: #!python
  SCRIPT LOAD "#!lua"                  -> -ERR Invalid script shebang
  SCRIPT LOAD "#!lua \"\nreturn 1"     -> -ERR Invalid engine in script shebang
  SCRIPT LOAD "#!LUA\nreturn 1"        -> -ERR Unexpected engine in script shebang: #!LUA
  EVAL "#!lua\nerror('x')" 0
    -> -ERR user_script:2: x script: f0363b84b71234131413165ce8dee0dbb5f9ce96, on @user_script:2.
`;

given('SCRIPT keeps scripts by their SHA-1')`
  SCRIPT LOAD "return 1"    -> "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
  SCRIPT LOAD "x x"
    -> -ERR Error compiling script (new function): user_script:1: '=' expected near 'x'
  SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db E0E1F9FABFC9D4800C877A703B823AC0578FF8DB x
    -> [:1 :1 :0]
  EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0 -> :1
  EVALSHA E0E1F9FABFC9D4800C877A703B823AC0578FF8DB 0 -> :1
  EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0 -> :1
  SCRIPT FLUSH              -> +OK
  EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
    -> -NOSCRIPT No matching script. Please use EVAL.
  EVAL "return 1" 0         -> :1
  SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db -> [:1]
  SCRIPT FLUSH ASYNC        -> +OK
  SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db -> [:0]
  SCRIPT FLUSH NOW          -> -ERR SCRIPT FLUSH only support SYNC|ASYNC option
  SCRIPT FLUSH SYNC 1       -> -ERR SCRIPT FLUSH only support SYNC|ASYNC option
  SCRIPT KILL               -> -NOTBUSY No scripts in execution right now.
  SCRIPT DEBUG YES          -> +OK
  SCRIPT DEBUG NO           -> +OK
  SCRIPT DEBUG X            -> -ERR Use SCRIPT DEBUG YES/SYNC/NO
  SCRIPT NOSUCH             -> -ERR unknown subcommand 'NOSUCH'. Try SCRIPT HELP.
  SCRIPT HELP
    -> [+"SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:" +"DEBUG (YES|SYNC|NO)"
    +"    Set the debug mode for subsequent scripts executed." +"EXISTS <sha1> [<sha1> ...]"
    +"    Return information about the existence of the scripts in the script cache."
    +"FLUSH [ASYNC|SYNC]" +"    Flush the Lua scripts cache. Very dangerous on replicas."
    +"    When called without the optional mode argument, the behavior is determined by the"
    +"    lazyfree-lazy-user-flush configuration directive. Valid modes are:"
    +"    * ASYNC: Asynchronously flush the scripts cache."
    +"    * SYNC: Synchronously flush the scripts cache." +KILL
    +"    Kill the currently executing Lua script." +"LOAD <script>"
    +"    Load a script into the scripts cache without executing it." +HELP
    +"    Prints this help."]
  +"    Set the debug mode for subsequent scripts executed." +"EXISTS <sha1> [<sha1> ...]"
    -> -"ERR unknown command '+    Set the debug mode for subsequent scripts executed.', with args beginning with: '+EXISTS <sha1> [<sha1> ...]' "
  +"    Return information about the existence of the scripts in the script cache."
    -> -"ERR unknown command '+    Return information about the existence of the scripts in the script cache.', with args beginning with: "
  +"FLUSH [ASYNC|SYNC]" +"    Flush the Lua scripts cache. Very dangerous on replicas."
    -> -"ERR unknown command '+FLUSH [ASYNC|SYNC]', with args beginning with: '+    Flush the Lua scripts cache. Very dangerous on replicas.' "
  +"    When called without the optional mode argument, the behavior is determined by the"
    -> -"ERR unknown command '+    When called without the optional mode argument, the behavior is determined by the', with args beginning with: "
  +"    lazyfree-lazy-user-flush configuration directive. Valid modes are:"
    -> -"ERR unknown command '+    lazyfree-lazy-user-flush configuration directive. Valid modes are:', with args beginning with: "
  +"    * ASYNC: Asynchronously flush the scripts cache."
    -> -"ERR unknown command '+    * ASYNC: Asynchronously flush the scripts cache.', with args beginning with: "
  +"    * SYNC: Synchronously flush the scripts cache." +KILL
    -> -"ERR unknown command '+    * SYNC: Synchronously flush the scripts cache.', with args beginning with: '+KILL' "
  +"    Kill the currently executing Lua script." +"LOAD <script>"
    -> -"ERR unknown command '+    Kill the currently executing Lua script.', with args beginning with: '+LOAD <script>' "
  +"    Load a script into the scripts cache without executing it." +HELP
    -> -"ERR unknown command '+    Load a script into the scripts cache without executing it.', with args beginning with: '+HELP' "
  +"    Prints this help."]
    -> -"ERR unknown command '+    Prints this help.]', with args beginning with: "
`;

given('scripts are executed in transactions')`
  MULTI                                  -> +OK
  SET a 1                                -> +QUEUED
  EVAL "return redis.call('INCR','a')" 0 -> +QUEUED
  EVAL "return redis.call('NOSUCH')" 0   -> +QUEUED
  SCRIPT LOAD "return 1"                 -> +QUEUED
  EXEC
    -> [+OK :2
    -"ERR Unknown Redis command called from script script: 7ae0187b9ac91447963709e3bfd83c5935fec648, on @user_script:1."
    "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"]
  GET a                                  -> "2"
`;

given('a script that fails half way keeps what it has done')`
  EVAL "redis.call('SET','a',1) redis.call('NOSUCH') redis.call('SET','b',1)" 0
    -> -ERR Unknown Redis command called from script script: b2d6fd004282920a16b93f3ad1afcac7d58d4a61, on @user_script:1.
  MGET a b     -> ["1" nil]
`;
