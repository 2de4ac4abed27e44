/**
 * What the differential tests are made of: arguments from plain to hostile, and a way to write a
 * command's grammar in one line. Arguments are latin1 strings, one character a byte.
 */
import * as fc from 'fast-check';
import { BOUNDARIES } from '../support/boundaries.js';

export type Command = readonly string[];
/** One argument, several (an option with its value), or none (an option left out). */
export type Part = fc.Arbitrary<string | readonly string[]>;

export const DATABASES = 4;
const NOT_INTEGERS = ['', 'x', '1.5', ' 1', '1 ', '01', '-0', '+1', '1e3', '0x10', '1\x00'];
const FLOATS = ['0.1', '0.2', '-0.1', '3.0', '5.0e3', '1e-5', '1e17', '1e-17', '.5', '5.', '0x1p3'];
const NOT_FLOATS = ['', 'x', 'nan', '-nan', 'inf', '-inf', '1e4933', '1e', '--1', '1.2.3', ' 1'];
const BINARY_KEY = '\x00\xff\r\n';
/** The key space is small, so that commands meet. */
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

export const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom(...KEYS) },
  // Enough others that the table grows.
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9999 }).map((number) => `w:${number}`) },
);
export const database = fc.integer({ min: 0, max: DATABASES - 1 }).map(String);
export const pattern = fc.constantFrom(...PATTERNS);

const boundary = fc.constantFrom(...BOUNDARIES).map(String);
const anyInteger = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const smallInteger = fc.integer({ min: -20, max: 20 }).map(String);
const notInteger = fc.constantFrom(...NOT_INTEGERS);

/** An integer argument: mostly small, often at an edge, sometimes wrong. */
export const integer = fc.oneof(
  { weight: 8, arbitrary: smallInteger },
  { weight: 4, arbitrary: boundary },
  { weight: 2, arbitrary: anyInteger },
  { weight: 1, arbitrary: notInteger },
);

/** An offset into a string. Between 2^17 and 2^31 a SETRANGE would really allocate it. */
export const offset = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: -60, max: 60 }).map(String) },
  { weight: 3, arbitrary: boundary },
  { weight: 1, arbitrary: notInteger },
);

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
const decimal = fc
  .tuple(fc.integer({ min: -9999999, max: 9999999 }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, places]) => (digits / 10 ** places).toFixed(places));

export const float = fc.oneof(
  { weight: 6, arbitrary: decimal },
  { weight: 3, arbitrary: fc.constantFrom(...FLOATS) },
  { weight: 2, arbitrary: anyDouble },
  { weight: 2, arbitrary: smallInteger },
  { weight: 1, arbitrary: boundary },
  { weight: 1, arbitrary: fc.constantFrom(...NOT_FLOATS) },
);

const bytes = fc.uint8Array({ maxLength: 12 }).map((data) => Buffer.from(data).toString('latin1'));
const words = fc.constantFrom('', 'a', 'ab', 'abc', 'value', 'abcbdab', 'bdcaba', '\r\n', 'OK');
/** Around the lengths at which an embstr becomes raw and size classes change. */
const stretched = fc
  .tuple(fc.constantFrom('x', '7', '\x00'), fc.constantFrom(19, 20, 43, 44, 45, 64, 127, 128, 300))
  .map(([char, length]) => char.repeat(length));
const large = fc
  .tuple(fc.constantFrom('y', '\xfe'), fc.constantFrom(1000, 4096, 20_000))
  .map(([char, length]) => char.repeat(length));

export const value = fc.oneof(
  { weight: 6, arbitrary: words },
  { weight: 5, arbitrary: smallInteger },
  { weight: 4, arbitrary: bytes },
  { weight: 3, arbitrary: stretched },
  { weight: 3, arbitrary: boundary },
  { weight: 2, arbitrary: float },
  { weight: 1, arbitrary: large },
);

/** A time to live so long that it cannot end, and so varied that no two are alike. */
const longSeconds = fc.integer({ min: 1_000_000, max: 2_000_000_000 }).map(String);
const longMilliseconds = fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }).map(String);
const notPositive = fc.constantFrom(...BOUNDARIES.filter((n) => n <= 0n)).map(String);
const tooLong = fc.constantFrom(...BOUNDARIES.filter((n) => n > 2n ** 54n)).map(String);

/** Relative times that are over before the command is, or not before the test is. */
export const seconds = fc.oneof(
  { weight: 6, arbitrary: longSeconds },
  { weight: 2, arbitrary: notPositive },
  { weight: 1, arbitrary: tooLong },
  { weight: 1, arbitrary: notInteger },
);
export const milliseconds = fc.oneof(
  { weight: 6, arbitrary: longMilliseconds },
  { weight: 2, arbitrary: notPositive },
  { weight: 1, arbitrary: tooLong },
  { weight: 1, arbitrary: notInteger },
);

/** Moments: past, far ahead, and at the edges. None is near the present. */
const farSecond = fc.integer({ min: 5_000_000, max: 5_000_020 }).map((n) => `${n}000`);
const farMillisecond = fc.integer({ min: 5_000_000, max: 5_000_020 }).map((n) => `${n}000499`);
export const secondsAt = fc.oneof(
  { weight: 6, arbitrary: farSecond },
  { weight: 3, arbitrary: boundary },
  { weight: 1, arbitrary: notInteger },
);
export const millisecondsAt = fc.oneof(
  { weight: 6, arbitrary: farMillisecond },
  { weight: 3, arbitrary: boundary },
  { weight: 1, arbitrary: notInteger },
);

// Combinators

/** A word in lower, upper or mixed case. */
export function word(text: string): fc.Arbitrary<string> {
  const mixed = [...text].map((char, index) => (index % 2 ? char.toLowerCase() : char)).join('');
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.constant(text.toLowerCase()) },
    { weight: 1, arbitrary: fc.constant(mixed) },
  );
}

/** An option: its name, and what follows it. */
export function option(name: string, ...parts: fc.Arbitrary<string>[]): Part {
  return fc.tuple(word(name), ...parts);
}

/** Some of the options, in any order, possibly one twice, sometimes one that is none. */
export function options(max: number, ...choices: Part[]): Part {
  const unknown = fc.constantFrom('FOO', '', 'NX', 'GET', 'EX', 'COUNT');
  const choice = fc.oneof(
    { weight: 20, arbitrary: fc.oneof(...choices) },
    { weight: 1, arbitrary: unknown },
  );
  return fc.array(choice, { maxLength: max, size: 'max' }).map((parts) => parts.flat());
}

export function many(part: Part, minimum = 1, maximum = 4): Part {
  return fc
    .array(part, { minLength: minimum, maxLength: maximum, size: 'max' })
    .map((parts) => parts.flat());
}

export function command(name: string, ...parts: Part[]): fc.Arbitrary<Command> {
  const names = name.split(' ').map(word);
  return fc.tuple(fc.tuple(...names), ...parts).map((all) => all.flat());
}

/** One in twenty commands has an argument too many or too few. */
export function withWrongArity(commands: fc.Arbitrary<Command>): fc.Arbitrary<Command> {
  const change = fc.oneof(
    { weight: 38, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constant('less' as const) },
    { weight: 1, arbitrary: fc.constant('more' as const) },
  );
  return fc.tuple(commands, change, value).map(([args, how, extra]) => {
    if (how === 'less' && args.length > 1) return args.slice(0, -1);
    return how === 'more' ? [...args, extra] : args;
  });
}
