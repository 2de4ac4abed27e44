/**
 * The part of the prelude that makes a reply of what a script returns: `encode(value)` gives RESP,
 * in `protocol`. `scriptProtocol` is what the script has asked for with redis.setresp: only
 * booleans depend on it. A table is read without its metatable, as Redis does.
 */
export const REPLIES = String.raw`
local STACK_LIMIT = 7995
local out, size, protocol, scriptProtocol

local function put(text)
  size = size + 1
  out[size] = text
end

local function oneLine(text)
  return (gsub(text, '[\r\n]', ' '))
end

-- What Redis takes for the end of a text that is an error or a status.
local function untilNul(text)
  return match(text, '^[^%z]*')
end

local function integer(value)
  if not (value > -9223372036854775808 and value < 9223372036854775808) then
    return ':-9223372036854775808\r\n'
  end
  value = value < 0 and -floor(-value) or floor(value)
  return ':' .. format('%.0f', value + 0) .. '\r\n'
end

local function double(value)
  local text = value ~= value and '-nan' or format('%.17g', value)
  if protocol == 3 then return ',' .. text .. '\r\n' end
  return '$' .. #text .. '\r\n' .. text .. '\r\n'
end

local function bulk(text)
  return '$' .. #text .. '\r\n' .. text .. '\r\n'
end

local function verbatim(text, kind)
  if protocol == 2 then return bulk(text) end
  return '=' .. (#text + 4) .. '\r\n' .. sub(kind .. '   ', 1, 3) .. ':' .. text .. '\r\n'
end

local function boolean(value)
  if scriptProtocol == 3 then
    if protocol == 3 then return value and '#t\r\n' or '#f\r\n' end
    return value and ':1\r\n' or ':0\r\n'
  end
  if value then return ':1\r\n' end
  return protocol == 3 and '_\r\n' or '$-1\r\n'
end

local reply

local function members(head, value, depth, withValues)
  local mark, count = size + 1, 0
  put('')
  for key, member in next, value do
    count = count + 1
    reply(key, depth)
    if withValues then reply(member, depth) end
  end
  if protocol == 2 then
    out[mark] = '*' .. (withValues and count * 2 or count) .. '\r\n'
  else
    out[mark] = head .. count .. '\r\n'
  end
end

local function array(value, depth)
  local mark, index = size + 1, 1
  put('')
  local member = rawget(value, 1)
  while member ~= nil do
    reply(member, depth)
    index = index + 1
    member = rawget(value, index)
  end
  out[mark] = '*' .. (index - 1) .. '\r\n'
end

local function tabular(value, depth)
  local field = rawget(value, 'err')
  if type(field) == 'string' then return put('-' .. oneLine(untilNul(field)) .. '\r\n') end
  field = rawget(value, 'ok')
  if type(field) == 'string' then return put('+' .. oneLine(untilNul(field)) .. '\r\n') end
  field = rawget(value, 'double')
  if type(field) == 'number' then return put(double(field)) end
  field = rawget(value, 'map')
  if type(field) == 'table' then return members('%', field, depth + 3, true) end
  field = rawget(value, 'set')
  if type(field) == 'table' then return members('~', field, depth + 3, false) end
  field = rawget(value, 'big_number')
  if type(field) == 'string' then
    field = oneLine(field)
    return put(protocol == 3 and '(' .. field .. '\r\n' or bulk(field))
  end
  field = rawget(value, 'verbatim_string')
  if type(field) == 'table' then
    local text, kind = rawget(field, 'string'), rawget(field, 'format')
    if type(text) == 'string' and type(kind) == 'string' then return put(verbatim(text, kind)) end
  end
  return array(value, depth + 1)
end

reply = function(value, depth)
  if depth >= STACK_LIMIT then return put('-ERR reached lua stack limit\r\n') end
  local kind = type(value)
  if kind == 'string' then return put(bulk(value)) end
  if kind == 'number' then return put(integer(value)) end
  if kind == 'table' then return tabular(value, depth) end
  if kind == 'boolean' then return put(boolean(value)) end
  return put(protocol == 3 and '_\r\n' or '$-1\r\n')
end

local function encode(value)
  local kind = type(value)
  if kind == 'string' then return bulk(value) end
  if kind == 'number' then return integer(value) end
  out, size = {}, 0
  reply(value, 0)
  return concat(out, '', 1, size)
end
`;
