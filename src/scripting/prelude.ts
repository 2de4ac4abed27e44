/**
 * What runs in Lua before any script does: it makes the globals that scripts see, and `run`, by
 * which the host has scripts executed.
 *
 * Scripts have globals of their own (`setfenv`), so the real ones are out of their reach. Once
 * this is done the machine makes read-only what can be reached from the real globals, and with
 * that the scripts' (`_G._G`, `_G.loading`).
 *
 * `host(operation, ...)` asks TypeScript (script-machine.ts has the other end). `run` gets KEYS
 * and ARGV from the machine, the rest of the job from the host, and returns one string: a RESP
 * reply.
 *
 * An error on its way is a string with a position, as Lua makes it, or a table `{err = ...}`. What
 * redis.call raises comes as text behind ERROR_MARK and is made a table where it is caught.
 */
import { NUMBERS } from './prelude-numbers.js';
import { REPLIES } from './prelude-replies.js';
import { ERROR_MARK } from './reply-encoding.js';

/** It is in lua.wasm, where it is loaded with the first script: `]====]` must not appear in it. */
export const PRELUDE = String.raw`
local VERSION, VERSION_NUMBER = ...
local host, call = redis.pcall, redis.call
local assert, error, getmetatable, ipairs, next = assert, error, getmetatable, ipairs, next
local pairs, rawget, select, setfenv, setmetatable = pairs, rawget, select, setfenv, setmetatable
local tonumber, tostring, type, pcall, xpcall = tonumber, tostring, type, pcall, xpcall
local loadstring, load, concat, floor = loadstring, load, table.concat, math.floor
local find, format, gsub, match, sub = string.find, string.format, string.gsub, string.match, string.sub
local resume, rep, unpack = coroutine.resume, string.rep, unpack
local IS_LIBRARY = host('kind') == 'function'
local CHUNK = IS_LIBRARY and '@user_function' or '@user_script'
local ERROR_MARK = '${ERROR_MARK}'
local STOPPED = 'Script killed by fuel limit'
local NO_COMMAND = 'ERR Please specify at least one argument for this redis lib call'
local ARGUMENT_TYPE = 'ERR Lua redis lib command arguments must be strings or integers'

-- Errors

local registering

local function raise(text)
  error({ err = 'ERR ' .. text })
end

local function commandError(text)
  return { err = text, ignore_error_stats_update = true }
end

-- What a script may see of an error.
local function translate(e)
  if type(e) ~= 'string' then return e end
  local _, mark = find(e, ERROR_MARK, 1, true)
  if mark then return commandError(sub(e, mark + 1)) end
  if find(e, '__RLUA_E__:', 1, true) then return { err = ARGUMENT_TYPE } end
  return e
end

-- The chunk and the line of the function that raised an error, from within its handler.
local function position()
  for level = 4, 24 do
    local _, where = pcall(error, '', level)
    if where ~= '' and sub(where, 1, 9) ~= 'redstart:' then
      local chunk, line = match(where, '^(.*):(%d+): $')
      if chunk == 'user_script' then return CHUNK, line end
      if chunk then return sub(chunk, 1, 9) == '[string "' and sub(chunk, 10, -3) or '@' .. chunk, line end
    end
  end
  return CHUNK, '1'
end

-- Raises an error of a function of ours where the script has called it.
local function complain(text)
  local chunk, line = position()
  error(sub(chunk, 2) .. ':' .. line .. ': ' .. text, 0)
end

-- A script that is stopped by tick must not catch that.
local function isStop(e)
  return type(e) == 'string' and find(e, STOPPED, 1, true)
end

local function handler(e)
  if isStop(e) then
    local chunk, line = match(e, '([%w_]+):(%d+): ' .. STOPPED .. '$')
    if chunk == nil or chunk == 'redstart' then chunk, line = position() else chunk = '@' .. chunk end
    if registering then return { err = 'ERR ' .. sub(chunk, 2) .. ':' .. line .. ': FUNCTION LOAD timeout' } end
    return { err = 'ERR Script killed by user with SCRIPT KILL...', source = chunk, line = line }
  end
  e = translate(e)
  if type(e) ~= 'table' then
    e = { err = 'ERR ' .. gsub(tostring(e), '^redstart:%d+', function()
      local chunk, line = position()
      return sub(chunk, 2) .. ':' .. line
    end) }
  end
  if type(rawget(e, 'err')) ~= 'string' then e = { err = 'ERR unknown error' } end
  e.source, e.line = position()
  return e
end

${REPLIES}
-- What scripts may call

local env = {}
local library = {
  call = call,
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
  REPL_NONE = 0, REPL_AOF = 1, REPL_SLAVE = 2, REPL_REPLICA = 2, REPL_ALL = 3,
  REDIS_VERSION = VERSION, REDIS_VERSION_NUM = VERSION_NUMBER,
}

local function checked(ok, value)
  if not ok then return translate(value) end
  if type(value) == 'table' and value.err and value.err ~= NO_COMMAND then value.ignore_error_stats_update = true end
  return value
end

function library.pcall(...)
  return checked(pcall(host, 'call', ...))
end

function library.log(...)
  local count = select('#', ...)
  if count < 2 then raise('redis.log() requires two arguments or more.') end
  local level = ...
  if not tonumber(level) or type(level) == 'table' then
    raise('First argument must be a number (log level).')
  end
  level = tonumber(level)
  if level < 0 or level > 3 then raise('Invalid debug level.') end
  local words = {}
  for index = 2, count do
    local word = select(index, ...)
    local kind = type(word)
    words[#words + 1] = (kind == 'string' or kind == 'number') and tostring(word) or ''
  end
  host('log', floor(level), concat(words, ' '))
end

function library.sha1hex(...)
  if select('#', ...) ~= 1 then raise('wrong number of arguments') end
  local text = ...
  local kind = type(text)
  return host('sha1', (kind == 'string' or kind == 'number') and tostring(text) or '')
end

local function onlyString(...)
  local text = ...
  if select('#', ...) == 1 and type(text) == 'string' then return text end
end

function library.error_reply(...)
  local text = onlyString(...)
  if not text then return { err = 'ERR wrong number or type of arguments' } end
  text = untilNul(text)
  if sub(text, 1, 1) == '-' then text = sub(text, 2) end
  text = gsub(text, '[\r\n]+$', '')
  if not find(text, ' ', 1, true) then text = 'ERR ' .. text end
  return { err = text }
end

function library.status_reply(...)
  local text = onlyString(...)
  if not text then return { err = 'ERR wrong number or type of arguments' } end
  return { ok = text }
end

function library.setresp(...)
  if select('#', ...) ~= 1 then raise('redis.setresp() requires one argument.') end
  local wanted = tonumber((...))
  if wanted ~= 2 and wanted ~= 3 then raise('RESP version must be 2 or 3.') end
  scriptProtocol = wanted
  host('setresp', wanted)
end

function library.set_repl(...)
  if select('#', ...) ~= 1 then raise('redis.set_repl() requires two arguments.') end
  local flags = tonumber((...)) or 0
  if flags < 0 or flags > 3 or flags ~= floor(flags) then
    raise('Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.')
  end
  host('setrepl', flags)
end

function library.acl_check_cmd(...)
  if select('#', ...) == 0 then raise('Please specify at least one argument for this redis lib call') end
  local ok, answer = pcall(host, 'acl', ...)
  if not ok then error(translate(answer)) end
  if type(answer) == 'table' then error(commandError(answer.err)) end
  return answer == 1
end

if not IS_LIBRARY then
  function library.breakpoint() return false end
  function library.debug() end
  function library.replicate_commands() return true end
end

-- The globals of scripts

for name in string.gmatch([[
  string xpcall tostring _VERSION unpack setmetatable next assert tonumber rawequal collectgarbage
  struct getmetatable cjson math pcall type bit cmsgpack select rawset gcinfo rawget loadstring
  table coroutine pairs ipairs error load ]], '%S+') do
  env[name] = _G[name]
end
env._G, env.redis = env, library
string.dump = nil

local function caught(ok, ...)
  if ok then return true, ... end
  if isStop((...)) then error((...), 0) end
  local e = translate((...))
  if type(e) == 'table' then
    local text = rawget(e, 'err')
    if type(text) == 'string' then e = text end
  end
  return false, e
end

function env.pcall(...)
  return caught(pcall(...))
end

local function unstopped(ok, ...)
  if not ok and isStop((...)) then error((...), 0) end
  return ok, ...
end

function env.xpcall(...)
  if select('#', ...) < 2 then complain("bad argument #2 to 'xpcall' (value expected)") end
  local f, h = ...
  return unstopped(xpcall(f, function(e)
    if isStop(e) then return e end
    return h(translate(e))
  end))
end

local function resumed(ok, ...)
  if ok then return true, ... end
  if isStop((...)) then error((...), 0) end
  return false, translate((...))
end

function env.coroutine.resume(...)
  return resumed(resume(...))
end

local function inside(f, ...)
  if f then return setfenv(f, env) end
  return f, ...
end

function env.loadstring(...) return inside(loadstring(...)) end
function env.load(...) return inside(load(...)) end

${NUMBERS}
-- Running

local job = { keys = nil, argv = nil }
local compiled, functions = {}, {}

local function nonexistent(_, name)
  if not IS_LIBRARY then
    if name == 'KEYS' then return job.keys end
    if name == 'ARGV' then return job.argv end
  end
  error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
end
setmetatable(env, { __index = nonexistent })

-- While a library is loaded there is little more than redis.register_function.
local loading = setmetatable({}, { __index = nonexistent })
loading.redis = setmetatable({
  log = library.log,
  LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3,
  REDIS_VERSION = VERSION, REDIS_VERSION_NUM = VERSION_NUMBER,
}, { __index = nonexistent })

local function named(arguments)
  local name, callback, description
  local flags = {}
  for key, value in pairs(arguments) do
    if key == 'function_name' then
      if type(value) ~= 'string' and type(value) ~= 'number' then
        raise('function_name argument given to redis.register_function must be a string')
      end
      name = tostring(value)
    elseif key == 'description' then
      if type(value) ~= 'string' and type(value) ~= 'number' then
        raise('description argument given to redis.register_function must be a string')
      end
      description = tostring(value)
    elseif key == 'callback' then
      if type(value) ~= 'function' then
        raise('callback argument given to redis.register_function must be a function')
      end
      callback = value
    elseif key == 'flags' then
      if type(value) ~= 'table' then
        raise('flags argument to redis.register_function must be a table representing function flags')
      end
      for _, flag in ipairs(value) do
        if host('flag', type(flag) == 'string' and flag or '') ~= 1 then raise('unknown flag given') end
        flags[#flags + 1] = flag
      end
    else
      raise('unknown argument given to redis.register_function')
    end
  end
  if not name then raise('redis.register_function must get a function name argument') end
  if not callback then raise('redis.register_function must get a callback argument') end
  return name, callback, description, flags
end

local function positional(name, callback)
  if type(name) ~= 'string' and type(name) ~= 'number' then
    raise('first argument to redis.register_function must be a string')
  end
  if type(callback) ~= 'function' then
    raise('second argument to redis.register_function must be a function')
  end
  return tostring(name), callback, nil, {}
end

local function register(...)
  local count = select('#', ...)
  if not registering then raise('redis.register_function can only be called on FUNCTION LOAD command') end
  if count < 1 or count > 2 then raise('wrong number of arguments to redis.register_function') end
  local first = ...
  if count == 1 and type(first) ~= 'table' then
    raise('calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).')
  end
  local name, callback, description, flags
  if count == 1 then name, callback, description, flags = named(first)
  else name, callback, description, flags = positional(...) end
  if not find(name, '^[%w_]+$') then
    raise('Library names can only contain letters, numbers, or underscores(_) and must be at least one character long')
  end
  for _, other in ipairs(registering) do
    if other[1] == name then raise('Function already exists in the library') end
  end
  registering[#registering + 1] = { name, description or false, flags, callback }
end
loading.redis.register_function = register

local function failure(e, id)
  -- Out of memory, and an error while one was handled, come without having been handled.
  if type(e) ~= 'table' then e = { err = 'ERR ' .. tostring(e), source = CHUNK, line = '1' } end
  return '-' .. oneLine(untilNul(e.err) .. ' script: ' .. id .. ', on ' .. e.source .. ':' .. e.line .. '.') .. '\r\n'
end

local function execute(id, f, ...)
  local ok, result
  if select('#', ...) == 0 then ok, result = xpcall(f, handler)
  else
    local keys, argv = ...
    ok, result = xpcall(function() return (f(keys, argv)) end, handler)
  end
  if ok then return encode(result) end
  return failure(result, id)
end

local operations = {}

function operations.compile(id, source)
  if compiled[id] then return '+OK\r\n' end
  local f, message = loadstring(source, CHUNK)
  if not f then return '-ERR Error compiling script (new function): ' .. oneLine(message) .. '\r\n' end
  compiled[id] = setfenv(f, env)
  return '+OK\r\n'
end

function operations.eval(id)
  return execute(id, compiled[id])
end

function operations.forget()
  compiled = {}
  return '+OK\r\n'
end

function operations.fcall(id)
  return execute(id, functions[id], job.keys, job.argv)
end

-- Loads a library; its functions count only once they are taken.
local loaded
function operations.load(id, source)
  local f, message = loadstring(source, CHUNK)
  if not f then return '-ERR Error compiling function: ' .. oneLine(message) .. '\r\n' end
  local meta = { __index = loading }
  meta.__newindex = function() error('Attempt to modify a readonly table', 2) end
  setfenv(f, setmetatable({}, meta))
  registering = {}
  local ok, e = xpcall(f, handler)
  loaded, registering = registering, nil
  meta.__index = env
  if not ok then
    local text = type(e) == 'table' and e.err or 'ERR ' .. tostring(e)
    return '-ERR Error registering functions: ' .. oneLine(text) .. '\r\n'
  end
  local list = {}
  for index, entry in ipairs(loaded) do list[index] = { entry[1], entry[2], entry[3] } end
  protocol, scriptProtocol = 2, 2
  return encode(list)
end

function operations.take()
  for _, entry in ipairs(loaded) do functions[entry[1]] = entry[4] end
  loaded = nil
  return '+OK\r\n'
end

function operations.drop(id)
  functions[id] = nil
  return '+OK\r\n'
end

function _G.run(keys, argv)
  local now = host('job')
  job.keys, job.argv, protocol, scriptProtocol = keys, argv, now[3], 2
  local answer = operations[now[1]](now[2], now[4])
  job.keys, job.argv, out = nil, nil, nil
  return answer
end

_G._G, _G.loading = env, loading
`;
