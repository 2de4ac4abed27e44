/**
 * A double as Redis 7.0 writes it: C's `%.17g`, `inf`, `-inf`, `nan`.
 *
 *   0.1 -> 0.10000000000000001    3 -> 3    1e20 -> 1e+20    3e-7 -> 2.9999999999999999e-07
 */

const DIGITS = 17;

export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  return sign + layOut(roundToEven(Math.abs(value)));
}

/** `digits` without trailing zeros, and the power of ten of the first. */
interface Decimal {
  digits: string;
  exponent: number;
}

function parse(text: string): Decimal {
  const [mantissa = '', exponent = ''] = text.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/**
 * `toExponential` rounds an exact tie up, C to the even digit. They differ where the exact
 * value has 18 digits and ends in 5: 123456789012345.125.
 */
function roundToEven(value: number): Decimal {
  const exact = parse(value.toExponential(100));
  const isTie = /^50*$/.test(exact.digits.slice(DIGITS));
  const lastKept = exact.digits.charCodeAt(DIGITS - 1);
  const rounded =
    isTie && lastKept % 2 === 0
      ? { digits: exact.digits.slice(0, DIGITS), exponent: exact.exponent }
      : parse(value.toExponential(DIGITS - 1));
  return { digits: rounded.digits.replace(/0+$/, ''), exponent: rounded.exponent };
}

function layOut({ digits, exponent }: Decimal): string {
  if (exponent < -4 || exponent >= DIGITS) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const sign = exponent < 0 ? '-' : '+';
    return `${digits[0]}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
