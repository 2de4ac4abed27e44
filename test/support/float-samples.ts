/** Texts of floats for tests: of every shape, near the limits and ties of their formats. */

export type Random = () => number;

/** mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, bound: number): number => Math.floor(random() * bound);

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => below(random, 10)).join('');
}

function powerText(power: bigint, shift: number): string {
  return shift < 0 ? decimalOf(power, -shift) : (power << BigInt(shift)).toString();
}

/** mantissa / 2^places, with all its decimals. */
function decimalOf(mantissa: bigint, places: number): string {
  const text = (mantissa * 5n ** BigInt(places)).toString().padStart(places + 1, '0');
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}

type Shape = (random: Random) => string;

/** Far beyond doubles; their sums are texts of thousands of digits, so they come seldom. */
const hugeShapes: readonly Shape[] = [
  (random) => `${1 + below(random, 9)}.${digits(random, 5)}e${below(random, 9900) - 4960}`,
  (random) => `0X1.${below(random, 2 ** 30).toString(16)}P${below(random, 34000) - 17000}`,
];

const shapes: readonly Shape[] = [
  // What people write.
  (random) => `${below(random, 1000)}.${digits(random, 1 + below(random, 3))}`,
  (random) => `${below(random, 100)}`,
  (random) => (random() * 10 ** below(random, 6)).toFixed(below(random, 8)),
  // What programs write.
  (random) => String(random()),
  (random) => String(random() * 10 ** (below(random, 40) - 20)),
  (random) => (random() * 10 ** (below(random, 40) - 20)).toPrecision(17),
  (random) => `${digits(random, 1 + below(random, 25))}.${digits(random, below(random, 25))}`,
  (random) => `0.${'0'.repeat(below(random, 30))}${digits(random, 1 + below(random, 20))}`,
  (random) => `${digits(random, 1 + below(random, 19))}e${below(random, 60) - 30}`,
  (random) => `${digits(random, 1 + below(random, 22))}e${below(random, 800) - 400}`,
  (random) => `${random() < 0.5 ? '+' : ''}${digits(random, 3)}.E+${below(random, 12)}`,
  (random) => `.${digits(random, 1 + below(random, 18))}`,
  // Halfway between two numbers of 53 or of 64 bits, and a little beside.
  (random) => tie(random, 53),
  (random) => tie(random, 64),
  // The sum or the text of the other operand ends in a tie of the 17th decimal.
  (random) => decimalOf(BigInt(1 + below(random, 2 ** 30)), 18),
  (random) => powerText(1n + BigInt(below(random, 4)), below(random, 140) - 70),
  (random) => (2n ** BigInt(60 + below(random, 8)) + BigInt(below(random, 9) - 4)).toString(),
  (random) =>
    `0x${below(random, 2 ** 30).toString(16)}.${below(random, 2 ** 30).toString(16)}p${below(random, 200) - 100}`,
];

function tie(random: Random, bits: number): string {
  const high = (BigInt(below(random, 2 ** 30)) << 34n) | BigInt(below(random, 2 ** 30));
  const odd = ((high | (1n << 63n)) >> BigInt(64 - bits)) * 2n + 1n;
  const places = below(random, bits + 30);
  const text = places === 0 ? `${odd}.0` : decimalOf(odd, places);
  const beside = below(random, 3);
  if (beside === 0) return text;
  return beside === 1
    ? `${text}1`
    : `${text.slice(0, -1)}${Math.max(0, Number(text.slice(-1)) - 1)}9`;
}

/** A float's text of a random shape, one in three with a minus. */
export function pickFloat(random: Random): string {
  const among = random() < 0.02 ? hugeShapes : shapes;
  const shape = among[below(random, among.length)] as Shape;
  const text = shape(random);
  return random() < 0.33 && !text.startsWith('+') ? `-${text}` : text;
}

/** Texts at the edge of what is a float at all. */
export const ODD_FLOATS: string[] = [
  ...['', '+', '-', '.', '-.', '+.5', '5.', '.5', '-.5e1', '+5', ' 5', '5 ', '\t5', '5\n', '--5'],
  ...['nan', '-nan', 'NAN(1)', 'nan()', 'inf', '+inf', '-inf', 'INFINITY', '-Infinity', 'infinit'],
  ...['in', 'infx', '0x', '0x.', '0x10', '0x1p3', '0x1.8p', '0x1.8p+', '0x.8p1', '0xg', '-0x1P-3'],
  ...['0x1p-1074', '0x1p-1075', '0x1.8p-1075', '0x0p99999', '0x1p16383', '0x1p16384', '0x1p-16445'],
  ...['0x1p-16446', '0x1.8p-16446', '0x1.ffffffffffffffffp16383', '0x1.fffffffffffffffep16383'],
  ...['0x1.fffffffffffff7p1023', '0x1.fffffffffffff8p1023', '0x1.00000000000008p0', '0x00000.1'],
  ...['1e', '1e5', '1E+5', '1e+', '1e-', '1e 5', '1e5.', '1e400', '1e-400', '1e4932', '2e4932'],
  ...['5e-324', '2e-324', '2.5e-324', '4.9e-325', '0e-999999', '0e999999', '1e-5000', '3.6e-4951'],
  ...[
    '1.8e-4951',
    '1.9e-4951',
    '1.7976931348623157e308',
    '1.7976931348623159e308',
    '1e99999999999',
  ],
  ...['1.18973149535723176502e4932', '1.18973149535723176506e4932', '-1e-99999999999', '1e0005'],
  ...['-0', '-0.0', '+0', '00', '007', '1_0', '1,5', '1\0', '\x001', '1d', '1f', '1e5f', '\xb2'],
  ...['9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551615'],
  ...['18446744073709551616', '18446744073709551617', '1e17', '1e16', '123456789012345678', '1e21'],
  ...['0.1', '0.2', '0.3', '1e-10', '9.9999999999999999e-11', '1e-5', '0.0001', '0.00001', '1e-17'],
  ...['5e-18', '4.9999e-18', '-5e-18', '1e-18', '99999999999999999.5', '0.99999999999999999999'],
  `0.${'0'.repeat(300)}1`,
  '1'.repeat(400),
  '1'.repeat(4000),
  '1'.repeat(5000),
  '0'.repeat(5119),
  '0'.repeat(5120),
  `0.${'1'.repeat(5117)}`,
  `0.${'1'.repeat(5118)}`,
  `${'0'.repeat(5000)}1.5`,
];

/** 2^54 ends in 2^-9 as a long double; this is half of that, and 2^-63 of itself more. */
const BESIDE_TIE = '0.0009765625000000000001';

export const ODD_PAIRS: [string, string][] = [
  ...['18014398509481984', '18014398509481984.001953125'].flatMap((big): [string, string][] =>
    [BESIDE_TIE, '0.0009765625', '0.00097656249999999999995'].flatMap((small) => [
      [big, small],
      [big, `-${small}`],
      [`-${small}`, big],
    ]),
  ),
  ['1', '-1'],
  ['1', '-0.99999999999999999995'],
  ['18446744073709551615', '0.5'],
  ['18446744073709551615', '1'],
  ['18446744073709551615', '0.49999999999999999'],
  ['9223372036854775807.5', '-1e-27'],
  ['1', '1e-27'],
  ['1', '-1e-27'],
  ...ODD_FLOATS.flatMap((text): [string, string][] => [
    [text, '0'],
    ['1.5', text],
    [text, text],
  ]),
];
