/**
 * The part of the prelude that is about numbers. lua.wasm was compiled for 32 bits, Redis's Lua
 * for 64: `%d` of string.format, the integers of struct, the huge numbers of cmsgpack and tonumber
 * with a base are done in Lua where 32 bits do not suffice. math.random is the generator that
 * Redis gives to scripts, drand48's: x = x * 0x5deece66d + 0xb, modulo 2^48.
 */
export const NUMBERS = `
local TWO_32 = 4294967296

-- What C has complained about, said of the function that the script has called.
local function settled(name, ok, ...)
  if ok then return ... end
  complain((gsub(tostring((...)), "'%?'", "'" .. name .. "'", 1)))
end

local function whole(value)
  return value < 0 and -floor(-value) or floor(value)
end

-- The two halves of a 64-bit integer.
local function halves(value)
  return floor(value / TWO_32) % TWO_32, value % TWO_32
end

local function unsigned(value)
  if value >= 0 then return format('%.0f', value) end
  local high, low = 18446744073, 709551616 - (-value) % 1000000000
  high = high - floor(-value / 1000000000)
  if low < 0 then high, low = high - 1, low + 1000000000 end
  if low >= 1000000000 then high, low = high + 1, low - 1000000000 end
  return format('%.0f%09.0f', high, low)
end

local function digitsOf(value, conversion)
  if conversion == 'd' or conversion == 'i' then return format('%.0f', value) end
  if conversion == 'u' then return unsigned(value) end
  local text = ''
  local high, low = halves(value)
  if conversion == 'o' then
    repeat
      text = low % 8 .. text
      low = floor(low / 8) + high % 8 * 536870912
      high = floor(high / 8)
    until high == 0 and low == 0
    return text
  end
  local function hex(half) return format('%04x%04x', floor(half / 65536), half % 65536) end
  text = gsub(hex(high) .. hex(low), '^0+(.)', '%1')
  return conversion == 'X' and string.upper(text) or text
end

-- A long integer for one directive of string.format.
local function long(flags, width, precision, conversion, value)
  local text = digitsOf(value, conversion)
  local sign = sub(text, 1, 1) == '-' and '-' or ''
  if sign ~= '' then text = sub(text, 2) end
  local isExact = precision ~= ''
  text = rep('0', (tonumber(sub(precision, 2)) or 0) - #text) .. text
  if find(flags, '#', 1, true) and text ~= '0' then
    if conversion == 'o' and sub(text, 1, 1) ~= '0' then text = '0' .. text end
    if conversion == 'x' or conversion == 'X' then sign = '0' .. conversion end
  end
  if sign == '' and (conversion == 'd' or conversion == 'i') then
    sign = find(flags, '+', 1, true) and '+' or find(flags, ' ', 1, true) and ' ' or ''
  end
  local room = (tonumber(width) or 0) - #sign - #text
  if room <= 0 then return sign .. text end
  if find(flags, '-', 1, true) then return sign .. text .. rep(' ', room) end
  if find(flags, '0', 1, true) and not isExact then return sign .. rep('0', room) .. text end
  return rep(' ', room) .. sign .. text
end

-- What 64 bits hold after a double was converted to them.
local function wrapped(value, isSigned)
  if not isSigned and value >= 18446744073709551616 then return 0 end
  if not isSigned and value >= 9223372036854775808 then return value end
  if value >= -9223372036854775808 and value < 9223372036854775808 then return value end
  return -9223372036854775808
end

local function longFormat(pattern, ...)
  local arguments, index = { ... }, 0
  local count = select('#', ...)
  pattern = gsub(pattern, '%%([-+ #0]*)(%d*)(%.?%d*)(.)', function(flags, width, precision, conversion)
    if conversion == '%' then return end
    index = index + 1
    local value = tonumber(arguments[index])
    if conversion == 'c' and value and not (value < 2147483648 and value > -2147483649) then
      arguments[index] = 0
    end
    if not find(conversion, '[diouxX]') or #width > 2 or #precision > 3 or not value then return end
    value = whole(value)
    local isSigned = find(conversion, '[di]')
    if value < 2147483648 and value >= (isSigned and -2147483648 or 0) then return end
    arguments[index] = long(flags, width, precision, conversion, wrapped(value, isSigned))
    return '%s'
  end)
  return settled('format', pcall(format, pattern, unpack(arguments, 1, count)))
end

function string.format(pattern, ...)
  if type(pattern) == 'string' and find(pattern, '%%[-+ #0]*%d*%.?%d*[cdiouxX]') then
    return longFormat(pattern, ...)
  end
  return settled('format', pcall(format, pattern, ...))
end

-- What cannot fit is not tried.
function string.rep(text, count)
  if type(text) == 'string' and type(count) == 'number' and #text * count > 67108864 then
    error('not enough memory', 0)
  end
  return settled('rep', pcall(rep, text, count))
end

-- struct: integers of eight bytes are packed as two of four.
local pack, unpackStruct, sizeOf = struct.pack, struct.unpack, struct.size

-- The format with long integers in halves; for each value, what kind of integer it is.
local function halved(pattern)
  local isLittle, integers, index = true, {}, 0
  local isAligned = find(pattern, '!', 1, true)
  local result = gsub(pattern, '([<>=!%a ])(%d*)', function(option, size)
    if option == '<' or option == '=' then isLittle = true end
    if option == '>' then isLittle = false end
    if find(option, '[<>=! x]') then return end
    index = index + 1
    if not find(option, '[bBhHlLTiI]') then return end
    local isLong = not isAligned and (find(option, '[lLT]') or (find(option, '[iI]') and size == '8'))
    integers[index] = { isLong = isLong, isLittle = isLittle, isSigned = option == 'l' or option == 'i' }
    if isLong then return 'I4I4' end
  end)
  return result, integers
end

local function hasIntegers(pattern)
  return type(pattern) == 'string' and find(pattern, '[bBhHlLTiI]')
end

function struct.pack(pattern, ...)
  if not hasIntegers(pattern) then return settled('pack', pcall(pack, pattern, ...)) end
  local halvedPattern, integers = halved(pattern)
  local values, count = {}, 0
  for index = 1, select('#', ...) do
    local value = (select(index, ...))
    local integer = integers[index]
    count = count + 1
    if integer and tonumber(value) then
      local high, low = halves(wrapped(whole(tonumber(value)), false))
      if integer.isLong then
        if integer.isLittle then high, low = low, high end
        values[count], count = high, count + 1
      end
      values[count] = low
    else
      values[count] = value
    end
  end
  return settled('pack', pcall(pack, halvedPattern, unpack(values, 1, count)))
end

local function joined(integers, ...)
  local values, from, to = { ... }, 1, 0
  local count = select('#', ...)
  while from <= count do
    to = to + 1
    local entry = from < count and integers[to]
    if entry and entry.isLong then
      local first, second = values[from], values[from + 1]
      if entry.isLittle then first, second = second, first end
      if entry.isSigned and first >= 2147483648 then first = first - TWO_32 end
      values[to] = first * TWO_32 + second
      from = from + 2
    else
      values[to] = values[from]
      from = from + 1
    end
  end
  return unpack(values, 1, to)
end

function struct.unpack(pattern, ...)
  if not hasIntegers(pattern) then return settled('unpack', pcall(unpackStruct, pattern, ...)) end
  local halvedPattern, integers = halved(pattern)
  return joined(integers, settled('unpack', pcall(unpackStruct, halvedPattern, ...)))
end

function struct.size(pattern, ...)
  if hasIntegers(pattern) then pattern = halved(pattern) end
  return settled('size', pcall(sizeOf, pattern, ...))
end

-- cmsgpack: doubles beyond 64 bits are not integers, wherever they are.
local MESSAGE_DEPTH = 16
local packMessage = cmsgpack.pack

local function isHuge(value)
  return type(value) == 'number' and (value >= 9223372036854775808 or value < -9223372036854775808)
end

local function hasHuge(value, depth)
  if type(value) ~= 'table' then return isHuge(value) end
  if depth == MESSAGE_DEPTH then return false end
  for key, member in next, value do
    if isHuge(key) or hasHuge(member, depth + 1) then return true end
  end
  return false
end

local function head(count, short, kind)
  if count < 16 then return string.char(short + count) end
  return string.char(count < 65536 and kind or kind + 1) .. pack(count < 65536 and '>I2' or '>I4', count)
end

local function isArray(value)
  local count, last = 0, 0
  for key in next, value do
    if type(key) ~= 'number' or key < 1 or key ~= floor(key) then return false end
    count, last = count + 1, math.max(last, key)
  end
  return count == last, count
end

local function message(value, depth)
  if isHuge(value) then
    local single = pack('>f', value)
    return unpackStruct('>f', single) == value and string.char(202) .. single or string.char(203) .. pack('>d', value)
  end
  if type(value) ~= 'table' then return packMessage(value) end
  if depth == MESSAGE_DEPTH then return string.char(192) end
  local parts, isList, count = {}, isArray(value)
  if isList then
    for index = 1, count do parts[index] = message(value[index], depth + 1) end
    return head(count, 144, 220) .. concat(parts)
  end
  count = 0
  for key, member in next, value do
    count = count + 1
    parts[count] = message(key, depth + 1) .. message(member, depth + 1)
  end
  return head(count, 128, 222) .. concat(parts)
end

function cmsgpack.pack(...)
  local parts, isAny = {}, false
  for index = 1, select('#', ...) do isAny = isAny or hasHuge((select(index, ...)), 0) end
  if not isAny then return settled('pack', pcall(packMessage, ...)) end
  for index = 1, select('#', ...) do parts[index] = message((select(index, ...)), 0) end
  return concat(parts)
end

function env.tonumber(...)
  local text, base = ...
  if type(text) ~= 'string' or base == nil or base == 10 or not (#text > 6 or find(text, '-', 1, true)) then
    return settled('tonumber', pcall(tonumber, ...))
  end
  if settled('tonumber', pcall(tonumber, text, base)) == nil then return nil end
  local sign, digits = match(string.lower(text), '^%s*([-+]?)(%w*)')
  if base == 16 then digits = gsub(digits, '^0x', '') end
  local value = 0
  for digit in string.gmatch(digits, '%w') do value = value * base + tonumber(digit, base) end
  if value >= 18446744073709551616 then return 18446744073709551616 end
  return sign == '-' and value > 0 and 18446744073709551616 - value or value
end

-- math.random

local r0, r1 = 0x330e + 0xabcd * 65536, 0x1234
local function random()
  -- x = x * 0x5deece66d + 0xb, modulo 2^48, in halves of 24 bits.
  local low, high = r0 % 16777216, floor(r0 / 16777216) + r1 * 256
  local l = low * 0xece66d + 0xb
  local h = floor(l / 16777216) + low * 0x5de + high * 0xece66d
  l, h = l % 16777216, h % 16777216
  r0, r1 = l + (h % 256) * 16777216, floor(h / 256)
  local value = floor((l + h * 16777216) / 131072)
  return (value % 2147483647) / 2147483647
end

function math.random(...)
  local r, count = random(), select('#', ...)
  if count == 0 then return r end
  local low, high = ...
  if count > 2 then complain('wrong number of arguments') end
  if count == 1 then low, high = 1, low end
  low, high = tonumber(low), tonumber(high)
  if not low or not high then
    complain("bad argument #" .. count .. " to 'random' (number expected, got " .. type((select(count, ...))) .. ")")
  end
  low, high = floor(low), floor(high)
  if low > high then complain("bad argument #" .. count .. " to 'random' (interval is empty)") end
  return floor(r * (high - low + 1)) + low
end

function math.randomseed(seed)
  seed = tonumber(seed)
  if not seed then complain("bad argument #1 to 'randomseed' (number expected, got no value)") end
  seed = floor(seed) % 4294967296
  r0, r1 = 0x330e + (seed % 65536) * 65536, floor(seed / 65536)
end
`;
