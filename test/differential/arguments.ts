/** Arguments of the differential tests, from plain to hostile: keys, values, numbers, times. */
import { BOUNDARIES } from '../support/boundaries.js';
import { between, constant, DATABASES, type Make, oneOf, weighted } from './grammar.js';

const NOT_INTEGERS = ['', 'x', '1.5', ' 1', '1 ', '01', '-0', '+1', '1e3', '0x10', '1\x00'];
const FLOATS = ['0.1', '0.2', '-0.1', '3.0', '5.0e3', '1e-5', '1e17', '1e-17', '.5', '5.', '0x1p3'];
const NOT_FLOATS = ['', 'x', 'nan', '-nan', 'inf', '-inf', '1e4933', '1e', '--1', '1.2.3', ' 1'];
const BINARY_KEY = '\x00\xff\r\n';
/** The key space is small, so that commands meet. These keys hold whatever comes. */
export const KEYS = ['a', 'b', 'c', 'd', 'e', 'k:1', 'k:2', '', BINARY_KEY, 'n'.repeat(300)];
const PATTERNS = [
  '*',
  'k:*',
  '?',
  '[a-c]',
  '[^a-c]*',
  '',
  'k:?',
  '\\a',
  '*\xff*',
  '[',
  'n*n',
  '**',
];

export const key: Make<string> = weighted(
  [15, oneOf(...KEYS)],
  // Enough others that the table grows.
  [1, (random) => `w:${random.below(10_000)}`],
);
export const database = between(0, DATABASES - 1);
export const pattern = oneOf(...PATTERNS, 'm*1', '*2', 'm:?', '[0-9]*');

/** Keys that a family mostly has to itself, so that most commands find the type they want. */
export interface FamilyKeys {
  readonly all: readonly string[];
  /** Mostly one of them, sometimes any. */
  readonly any: Make<string>;
}

export function familyKeys(name: string, count = 3): FamilyKeys {
  const all = Array.from({ length: count }, (_, index) => `${name}:${index + 1}`);
  return { all, any: weighted([20, oneOf(...all)], [1, key], [1, constant('a')]) };
}

// Numbers

const boundary = oneOf(...BOUNDARIES.map(String));
const anyInteger: Make<string> = (random) => String(random.wide());
export const smallInteger = between(-20, 20);
const notInteger = oneOf(...NOT_INTEGERS);

/** An integer argument: mostly small, often at an edge, sometimes wrong. */
export const integer = weighted([8, smallInteger], [4, boundary], [2, anyInteger], [1, notInteger]);

/** A count or an index: nearly always such that something comes of it. */
export const tame = weighted(
  [30, between(-12, 12)],
  [5, between(-300, 300)],
  [2, boundary],
  [1, notInteger],
);
/** As `tame`, and rarely negative. */
export const count = weighted([30, between(0, 12)], [3, between(13, 300)], [1, integer]);
/** How many to pick at random: of some negative numbers the oracle would never come back. */
export const pickCount = weighted(
  [30, between(-12, 12)],
  [3, between(-300, 300)],
  [2, oneOf('100000', '9223372036854775807', '-9223372036854775808')],
  [1, notInteger],
);

/** An offset into a string. Between 2^17 and 2^31 a SETRANGE would really allocate it. */
export const offset = weighted([10, between(-60, 60)], [3, boundary], [1, notInteger]);

const doubles = new Float64Array(1);
const halves = new Uint32Array(doubles.buffer);
const anyDouble: Make<string> = (random) => {
  halves[0] = random.next();
  halves[1] = random.next();
  return Number.isFinite(doubles[0]) ? String(doubles[0]) : '1.7976931348623157e308';
};
const decimal: Make<string> = (random) => {
  const places = random.below(10);
  return (random.between(-9_999_999, 9_999_999) / 10 ** places).toFixed(places);
};

export const float = weighted(
  [6, decimal],
  [3, oneOf(...FLOATS)],
  [2, anyDouble],
  [2, smallInteger],
  [1, boundary],
  [1, oneOf(...NOT_FLOATS)],
);

/** A score: small ones that meet, all kinds of doubles, and what is none. */
export const score = weighted(
  [20, between(-5, 5)],
  [6, decimal],
  [4, oneOf('0.5', '1.5', '-0', '-2.5', '1e300', '-1e300', '3.0', '1e-320', '5e-324')],
  [3, oneOf('inf', '-inf', '+inf', 'Infinity')],
  [2, anyDouble],
  [2, boundary],
  [1, oneOf(...NOT_FLOATS)],
);

// Bytes

const bytes: Make<string> = (random) => {
  let text = '';
  for (let left = random.below(13); left > 0; left--)
    text += String.fromCharCode(random.below(256));
  return text;
};
const phrases = oneOf('', 'a', 'ab', 'abc', 'value', 'abcbdab', 'bdcaba', '\r\n', 'OK');
/** Around the lengths at which encodings, headers and size classes change. */
const stretched: Make<string> = (random) => {
  const length = random.pick([11, 12, 19, 20, 43, 44, 45, 63, 64, 65, 127, 128, 253, 254, 300]);
  return random.pick(['x', '7', '\x00']).repeat(length);
};
const large: Make<string> = (random) =>
  random.pick(['y', '\xfe', 'yz']).repeat(random.pick([1000, 2047, 4095, 4096, 20_000]));

export const value = weighted(
  [6, phrases],
  [5, smallInteger],
  [4, bytes],
  [3, stretched],
  [3, boundary],
  [2, float],
  [1, large],
);

/** `m:1`, `m:2`, ... and as many plain integers: what members, fields and elements mostly are. */
const common: Make<string> = (random) => {
  const number = random.below(random.spread);
  return random.below(3) ? `m:${number}` : String(number);
};
export const member = weighted(
  [60, common],
  [6, phrases],
  [3, bytes],
  [3, boundary],
  [2, stretched],
  [1, anyInteger],
  [1, float],
);
/** An element of a list, a value of a hash. */
export const element = weighted([20, member], [10, value]);
/** Integers of all widths. */
export const number = weighted(
  [30, (random) => String(random.below(random.spread))],
  [6, smallInteger],
  [4, boundary],
  [1, anyInteger],
);

// Times

/** A time to live so long that it cannot end, and so varied that no two are alike. */
const longSeconds = between(1_000_000, 2_000_000_000);
const longMilliseconds = between(1_000_000_000, 2_000_000_000);
const notPositive = oneOf(...BOUNDARIES.filter((n) => n <= 0n).map(String));
const tooLong = oneOf(...BOUNDARIES.filter((n) => n > 2n ** 54n).map(String));

/** Relative times that are over before the command is, or not before the test is. */
export const seconds = weighted([8, longSeconds], [2, notPositive], [1, tooLong], [1, notInteger]);
export const milliseconds = weighted(
  [8, longMilliseconds],
  [2, notPositive],
  [1, tooLong],
  [1, notInteger],
);

/** Moments: past, far ahead, and at the edges. None is near the present. */
const farSecond = between(5_000_000, 5_000_020);
const boundaryTime = boundary;
export const secondsAt = weighted(
  [6, (random) => `${farSecond(random)}000`],
  [3, boundaryTime],
  [1, notInteger],
);
export const millisecondsAt = weighted(
  [6, (random) => `${farSecond(random)}000499`],
  [3, boundaryTime],
  [1, notInteger],
);
