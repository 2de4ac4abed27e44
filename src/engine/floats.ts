/**
 * The host's side of assembly/env.ts: floating point text that the core's fast paths leave
 * alone, exact through BigInt. Numbers are read as glibc's strtod and strtold read them and
 * refused where Redis refuses them; sums are those of the 80-bit long double of x86.
 */

/** What addExtended answers instead of a length (assembly/memory/extended.ts). */
const FIRST_NOT_A_FLOAT = -1;
const SECOND_NOT_A_FLOAT = -2;
const SUM_NOT_FINITE = -3;

/** A binary floating point format: the size of its mantissa and the range of its last bit. */
interface Format {
  readonly bits: number;
  readonly exponentMin: number;
  readonly exponentMax: number;
  /** Decimals beyond these powers of ten are infinite or zero whatever their digits. */
  readonly decadeMin: number;
  readonly decadeMax: number;
}

const DOUBLE: Format = {
  bits: 53,
  exponentMin: -1074,
  exponentMax: 971,
  decadeMin: -330,
  decadeMax: 310,
};

const EXTENDED: Format = {
  bits: 64,
  exponentMin: -16445,
  exponentMax: 16320,
  decadeMin: -4960,
  decadeMax: 4940,
};

/** mantissa * 2^exponent; the mantissa carries the sign. */
interface Finite {
  readonly mantissa: bigint;
  readonly exponent: number;
}

type Parsed = Finite | 'infinite' | 'refused';

const ZERO: Finite = { mantissa: 0n, exponent: 0 };
const TEN_TO_17 = 10n ** 17n;

/** Redis copies a long double's text into 5 * 1024 bytes, its NUL included. */
const EXTENDED_TEXT_MAX = 5119;

const INFINITE = /^[+-]?inf(?:inity)?$/i;
// No part can match what the next one could: long texts are refused in linear time.
const DECIMAL = /^[+-]?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:e([+-]?\d+))?$/i;
const HEXADECIMAL = /^[+-]?0x(?:([\da-f]+)(?:\.([\da-f]*))?|\.([\da-f]+))(?:p([+-]?\d+))?$/i;

/** The imports of the core's module "env"; `memory` gives a view of its memory as it is now. */
export function floatImports(memory: () => Uint8Array): {
  parseDouble(address: number, length: number): number;
  formatDouble(value: number, to: number): number;
  addExtended(a: number, aLength: number, b: number, bLength: number, to: number): number;
} {
  const decoder = new TextDecoder('latin1');
  const read = (address: number, length: number): string =>
    decoder.decode(memory().subarray(address >>> 0, (address >>> 0) + length));
  const write = (text: string, to: number): number => {
    const bytes = memory();
    const start = to >>> 0;
    for (let at = 0; at < text.length; at++) bytes[start + at] = text.charCodeAt(at);
    return text.length;
  };
  return {
    parseDouble: (address, length) => parseDouble(read(address, length)),
    formatDouble: (value, to) => write(formatDouble(value), to),
    addExtended(a, aLength, b, bLength, to) {
      const first = aLength > EXTENDED_TEXT_MAX ? 'refused' : parse(read(a, aLength), EXTENDED);
      const second = bLength > EXTENDED_TEXT_MAX ? 'refused' : parse(read(b, bLength), EXTENDED);
      if (first === 'refused') return FIRST_NOT_A_FLOAT;
      if (second === 'refused') return SECOND_NOT_A_FLOAT;
      const sum = add(first, second);
      return sum === null ? SUM_NOT_FINITE : write(formatHuman(sum), to);
    },
  };
}

/** The double that strtod reads from the whole text; NaN where Redis refuses it. */
export function parseDouble(text: string): number {
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const decimal = DECIMAL.exec(text);
  if (decimal === null) return parseHexadecimalDouble(text);
  const value = Number(text);
  const vanished = value === 0 && /[1-9]/.test(mantissaDigits(decimal));
  return vanished || !Number.isFinite(value) ? Number.NaN : value;
}

/**
 * `%.17g` of a finite double that is no fraction from 1e-10 to 1e17 (the core writes those).
 * No such double lies halfway between two texts of 17 digits, where JavaScript and C differ.
 */
export function formatDouble(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(16).split('e');
  const short = digits.replace(/\.?0+$/, '');
  return `${short}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

function parseHexadecimalDouble(text: string): number {
  const parsed = parse(text, DOUBLE);
  if (typeof parsed === 'string') return Number.NaN;
  if (parsed.mantissa === 0n) return text.startsWith('-') ? -0 : 0;
  // In two steps, so that the power of two is within range; both are exact.
  const half = Math.trunc(parsed.exponent / 2);
  return Number(parsed.mantissa) * 2 ** half * 2 ** (parsed.exponent - half);
}

function parse(text: string, format: Format): Parsed {
  if (INFINITE.test(text)) return 'infinite';
  const negative = text.startsWith('-');
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return signed(parseDecimal(decimal, format), negative);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal !== null) return signed(parseHexadecimal(hexadecimal, format), negative);
  return 'refused';
}

function signed(parsed: Finite | null, negative: boolean): Parsed {
  if (parsed === null) return 'refused';
  return negative ? { ...parsed, mantissa: -parsed.mantissa } : parsed;
}

function mantissaDigits(match: RegExpExecArray): string {
  return (match[1] ?? '') + (match[2] ?? '') + (match[3] ?? '');
}

/** How many of those digits stand behind the point. */
function fractionLength(match: RegExpExecArray): number {
  return (match[2] ?? '').length + (match[3] ?? '').length;
}

function parseDecimal(match: RegExpExecArray, format: Format): Finite | null {
  const digits = mantissaDigits(match).replace(/^0+/, '');
  if (digits === '') return ZERO;
  const tens = Number(match[4] ?? '0') - fractionLength(match);
  const decade = digits.length + tens;
  if (decade > format.decadeMax || decade < format.decadeMin) return null;
  const value = BigInt(digits);
  return tens >= 0
    ? round(value * 10n ** BigInt(tens), 1n, 0, format)
    : round(value, 10n ** BigInt(-tens), 0, format);
}

function parseHexadecimal(match: RegExpExecArray, format: Format): Finite | null {
  const digits = mantissaDigits(match).replace(/^0+/, '');
  if (digits === '') return ZERO;
  const power = Number(match[4] ?? '0') - 4 * fractionLength(match);
  const top = 4 * digits.length + power;
  if (top > format.exponentMax + format.bits + 8 || top < format.exponentMin - 8) return null;
  return round(BigInt(`0x${digits}`), 1n, power, format);
}

/**
 * numerator / denominator * 2^power, above zero, rounded half to even; null where Redis
 * refuses: beyond the greatest finite number, or so small that nothing is left.
 */
function round(
  numerator: bigint,
  denominator: bigint,
  power: number,
  format: Format,
): Finite | null {
  const quotientPower = bitLength(numerator) - bitLength(denominator) - format.bits;
  let exponent = Math.max(quotientPower + power, format.exponentMin);
  let rounded = divideRounding(numerator, denominator, exponent - power);
  // The quotient has a bit too many half of the time, and gets one when it is rounded to 2^bits.
  while (bitLength(rounded) > format.bits) {
    exponent += 1;
    rounded = divideRounding(numerator, denominator, exponent - power);
  }
  if (rounded === 0n) return null;
  const tooLarge = exponent > format.exponentMax;
  return tooLarge ? null : { mantissa: rounded, exponent };
}

/** numerator / denominator / 2^shift as the nearest integer, half to even. */
function divideRounding(numerator: bigint, denominator: bigint, shift: number): bigint {
  const dividend = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const divisor = shift > 0 ? denominator << BigInt(shift) : denominator;
  const quotient = dividend / divisor;
  const twice = (dividend - quotient * divisor) * 2n;
  if (twice < divisor || (twice === divisor && (quotient & 1n) === 0n)) return quotient;
  return quotient + 1n;
}

function bitLength(value: bigint): number {
  const text = value.toString(16);
  return 4 * text.length - Math.clz32(Number.parseInt(text.slice(0, 1), 16)) + 28;
}

/** The sum in 80 bits; null if it is infinite or no number. */
function add(a: Finite | 'infinite', b: Finite | 'infinite'): Finite | null {
  if (a === 'infinite' || b === 'infinite') return null;
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = ({ mantissa, exponent: own }: Finite): bigint =>
    mantissa << BigInt(own - exponent);
  const exact = aligned(a) + aligned(b);
  if (exact === 0n) return ZERO;
  const rounded = round(exact < 0n ? -exact : exact, 1n, exponent, EXTENDED);
  if (rounded === null) return null;
  return exact < 0n ? { ...rounded, mantissa: -rounded.mantissa } : rounded;
}

/** `%.17Lf` without the zeros at its end, and never "-0": LD_STR_HUMAN of src/util.c. */
function formatHuman({ mantissa, exponent }: Finite): string {
  if (exponent >= 0) return (mantissa << BigInt(exponent)).toString();
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const scaled = divideRounding(magnitude * TEN_TO_17, 1n, -exponent);
  const digits = scaled.toString().padStart(18, '0');
  const decimals = digits.slice(-17).replace(/0+$/, '');
  const sign = mantissa < 0n && scaled !== 0n ? '-' : '';
  return `${sign}${digits.slice(0, -17)}${decimals === '' ? '' : `.${decimals}`}`;
}
