/**
 * Integers as decimal text, both ways, eight digits at a time within one u64.
 *
 * Only the canonical form is an integer, as in Redis (string2ll of src/util.c): the text
 * that formatInteger would write, so "0", "-7", "9223372036854775807", but not "-0",
 * "07", "+7", " 7" or "". That makes text -> integer -> text the identity.
 *
 * Eight digits in one word: https://kholdstare.github.io/technical/2020/05/26/faster-integer-parsing.html
 * and back: https://github.com/jeaiii/itoa describes the multiply-and-shift divisions.
 */

/** Room that formatInteger needs at `to`: 20 bytes of text and what the last store spills. */
export const INTEGER_TEXT_ROOM: usize = 32;

const MINUS: u8 = 0x2d;
const ZERO: u8 = 0x30;
const EIGHT_ZEROS: u64 = 0x3030303030303030;
const SIXES: u64 = 0x0606060606060606;
const HIGH_NIBBLES: u64 = 0xf0f0f0f0f0f0f0f0;
const EIGHT_THREES: u64 = 0x3333333333333333;
const TEN_TO_8: u64 = 100000000;
const TEN_TO_16: u64 = TEN_TO_8 * TEN_TO_8;
const I64_MAX: u64 = ((<u64>1) << 63) - 1;

/** The value of the last text that parseInteger accepted. */
export let parsedInteger: i64 = 0;

/**
 * Whether the bytes are an integer; if so it is in `parsedInteger`, else that is unchanged.
 * Reads, but does not use, up to seven bytes after them: those must lie inside the memory.
 */
export function parseInteger(address: usize, length: usize): bool {
  if (length == 0) return false;
  const negative = load<u8>(address) == MINUS;
  const signLength: usize = negative ? 1 : 0;
  const digits = length - signLength;
  const first = address + signLength;
  if (digits - 1 >= 19) return false;
  const digit = <u32>load<u8>(first) - ZERO;
  if (digit > 9) return false;
  if (!digit) {
    if (length != 1) return false;
    parsedInteger = 0;
    return true;
  }
  return parseDigits(first, digits, negative);
}

/** Writes `value`; returns the length. `to` has INTEGER_TEXT_ROOM bytes, not all are kept. */
export function formatInteger(value: i64, to: usize): usize {
  if (value >= 0) return formatUnsigned(<u64>value, to);
  store<u8>(to, MINUS);
  return formatUnsigned(0 - <u64>value, to + 1) + 1;
}

/** Writes `value`; returns the length. `to` has INTEGER_TEXT_ROOM bytes, not all are kept. */
export function formatUnsigned(value: u64, to: usize): usize {
  if (value < 10) {
    store<u8>(to, ZERO + <u8>value);
    return 1;
  }
  if (value < TEN_TO_8) return formatHead(value, to);
  if (value < TEN_TO_16) {
    const head = value / TEN_TO_8;
    const length = formatHead(head, to);
    store<u64>(to + length, toEightDigits(value - head * TEN_TO_8) | EIGHT_ZEROS);
    return length + 8;
  }
  const head = value / TEN_TO_16;
  const rest = value - head * TEN_TO_16;
  const middle = rest / TEN_TO_8;
  const length = formatHead(head, to);
  store<u64>(to + length, toEightDigits(middle) | EIGHT_ZEROS);
  store<u64>(to + length + 8, toEightDigits(rest - middle * TEN_TO_8) | EIGHT_ZEROS);
  return length + 16;
}

/** `digits` is 1 to 19 and the first of them is not '0'. */
function parseDigits(address: usize, digits: usize, negative: bool): bool {
  const headLength = ((digits - 1) & 7) + 1;
  const spare = (8 - <u64>headLength) << 3;
  // The digits go to the top of the word; zeros come in below them, in front of them as text.
  let word = load<u64>(address) << spare;
  word |= EIGHT_ZEROS & (((<u64>1) << spare) - 1);
  if (!areEightDigits(word)) return false;
  let value = fromEightDigits(word);
  const end = address + digits;
  for (address += headLength; address < end; address += 8) {
    word = load<u64>(address);
    if (!areEightDigits(word)) return false;
    value = value * TEN_TO_8 + fromEightDigits(word);
  }
  if (value > I64_MAX + (negative ? 1 : 0)) return false;
  parsedInteger = negative ? <i64>(0 - value) : <i64>value;
  return true;
}

function areEightDigits(word: u64): bool {
  return ((word & HIGH_NIBBLES) | (((word + SIXES) & HIGH_NIBBLES) >> 4)) == EIGHT_THREES;
}

/** The number that eight digits spell: neighbours are joined to pairs, fours, then all eight. */
function fromEightDigits(word: u64): u64 {
  const pairs = (word & 0x0f0f0f0f0f0f0f0f) * 2561;
  const fours = ((pairs >> 8) & 0x00ff00ff00ff00ff) * 6553601;
  return (((fours >> 16) & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** The eight digits of `value` < 10^8 as bytes 0 to 9, the first digit in the lowest byte. */
function toEightDigits(value: u64): u64 {
  const high = (value * 109951163) >> 40;
  const fours = high | ((value - high * 10000) << 32);
  const hundreds = ((fours * 10486) >> 20) & 0x0000007f0000007f;
  const pairs = hundreds | ((fours - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0x000f000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

/** Writes `value`, 1 to 10^8 - 1, without leading zeros; stores eight bytes. */
function formatHead(value: u64, to: usize): usize {
  const digits = toEightDigits(value);
  const zeros = <usize>ctz(digits) >> 3;
  store<u64>(to, (digits | EIGHT_ZEROS) >> ((<u64>zeros) << 3));
  return 8 - zeros;
}
