/**
 * The part of the prelude that is about numbers. lua.wasm was compiled for 32 bits, Redis's Lua
 * for 64: `%d` of string.format, the long integers of struct and tonumber with a base are done in
 * Lua where 32 bits do not suffice. math.random is the generator that Redis gives to scripts,
 * drand48's: x = x * 0x5deece66d + 0xb, modulo 2^48.
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
  text = gsub(hex(high) .. hex(low), '^0+', '')
  return conversion == 'X' and string.upper(text) or text
end

-- A long integer for one directive of string.format.
local function long(flags, width, conversion, value)
  local text = digitsOf(value, conversion)
  local sign = sub(text, 1, 1) == '-' and '-' or ''
  if sign ~= '' then text = sub(text, 2) end
  if sign == '' and (conversion == 'd' or conversion == 'i') then
    sign = find(flags, '+', 1, true) and '+' or find(flags, ' ', 1, true) and ' ' or ''
  end
  local room = (tonumber(width) or 0) - #sign - #text
  if room <= 0 then return sign .. text end
  if find(flags, '-', 1, true) then return sign .. text .. rep(' ', room) end
  if find(flags, '0', 1, true) then return sign .. rep('0', room) .. text end
  return rep(' ', room) .. sign .. text
end

local function longFormat(pattern, ...)
  local arguments, index = { ... }, 0
  local count = select('#', ...)
  pattern = gsub(pattern, '%%([-+ #0]*)(%d*)(%.?%d*)(.)', function(flags, width, precision, conversion)
    if conversion == '%' then return end
    index = index + 1
    local value = tonumber(arguments[index])
    if not find(conversion, '[diouxX]') or precision ~= '' or not value then return end
    value = whole(value)
    local isSmall = value < 2147483648 and value >= (find(conversion, '[di]') and -2147483648 or 0)
    if isSmall or value ~= value then return end
    if value >= 9223372036854775808 or value < -9223372036854775808 then value = -9223372036854775808 end
    arguments[index] = long(flags, width, conversion, value)
    return '%s'
  end)
  return settled('format', pcall(format, pattern, unpack(arguments, 1, count)))
end

function string.format(pattern, ...)
  if type(pattern) == 'string' and find(pattern, '%%[-+ #0]*%d*[diouxX]') then
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

-- The format with long integers in halves; which values those are.
local function halved(pattern)
  local isLittle, longs, index = true, {}, 0
  local result = gsub(pattern, '([<>=!%a ])(%d*)', function(option, size)
    if option == '<' or option == '=' then isLittle = true end
    if option == '>' then isLittle = false end
    if find(option, '[<>=! x]') then return end
    index = index + 1
    local isLong = find(option, '[lLT]') or (find(option, '[iI]') and size == '8')
    if not isLong then return end
    longs[index] = { isLittle = isLittle, isSigned = option == 'l' or option == 'i' }
    return 'I4I4'
  end)
  return result, longs
end

local function isLong(pattern)
  return type(pattern) == 'string' and find(pattern, '[lLTiI]') and not find(pattern, '!', 1, true)
    and (find(pattern, '[lLT]') or find(pattern, '[iI]8'))
end

function struct.pack(pattern, ...)
  if not isLong(pattern) then return settled('pack', pcall(pack, pattern, ...)) end
  local halvedPattern, longs = halved(pattern)
  local values, count = {}, 0
  for index = 1, select('#', ...) do
    local value = (select(index, ...))
    if longs[index] and tonumber(value) then
      local high, low = halves(whole(tonumber(value)))
      if longs[index].isLittle then high, low = low, high end
      values[count + 1], values[count + 2] = high, low
      count = count + 2
    else
      count = count + 1
      values[count] = value
    end
  end
  return settled('pack', pcall(pack, halvedPattern, unpack(values, 1, count)))
end

local function joined(longs, ...)
  local values, from, to = { ... }, 1, 0
  local count = select('#', ...)
  while from <= count do
    to = to + 1
    local entry = from < count and longs[to]
    if entry then
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
  if not isLong(pattern) then return settled('unpack', pcall(unpackStruct, pattern, ...)) end
  local halvedPattern, longs = halved(pattern)
  return joined(longs, settled('unpack', pcall(unpackStruct, halvedPattern, ...)))
end

function struct.size(pattern, ...)
  if isLong(pattern) then pattern = halved(pattern) end
  return settled('size', pcall(sizeOf, pattern, ...))
end

function env.tonumber(...)
  local text, base = ...
  if type(text) ~= 'string' or base == nil or base == 10 or #text < 7 then
    return settled('tonumber', pcall(tonumber, ...))
  end
  if tonumber(text, base) == nil then return nil end
  local value = 0
  local digits = gsub(string.lower(match(text, '^%s*(.-)%s*$')), '^0x', '')
  for digit in string.gmatch(digits, '%w') do value = value * base + tonumber(digit, base) end
  return value
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
