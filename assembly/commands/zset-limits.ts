/**
 * Limits of ranges of sorted sets, as clients write them: scores such as "1.5", "(1.5" for
 * exclusive, "-inf"; bytes such as "[abc", "(abc", "-", "+". A question that fails has written
 * its error reply.
 */
import { parseDouble, parsedDouble } from '../memory/float-text';
import { LIMIT_NOT_FLOAT, LIMIT_NOT_LEX } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as lex from '../values/zsets-lex';
import { EXCLUSIVE, HIGHEST, INCLUSIVE, LOWEST } from '../values/zsets-lex';
import * as args from './arguments';

const PARENTHESIS: u8 = 0x28;
const BRACKET: u8 = 0x5b;
const PLUS: u8 = 0x2b;
const MINUS: u8 = 0x2d;
const SPACE: u8 = 0x20;
const TAB: u8 = 0x09;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** The scores that `isScoreRange` has read, and whether they are out of the range themselves. */
export let minScore: f64 = 0;
export let maxScore: f64 = 0;
export let minExclusive: bool = false;
export let maxExclusive: bool = false;

/** The ranks that `isRankRange` has read; negative ones count from the end. */
export let startRank: i64 = 0;
export let endRank: i64 = 0;

/** Reads two arguments as ranks. */
export function isRankRange(start: u32, end: u32): bool {
  if (!args.isInteger(start)) return false;
  startRank = args.integer;
  if (!args.isInteger(end)) return false;
  endRank = args.integer;
  return true;
}

let score: f64 = 0;

/** Reads two arguments as scores. */
export function isScoreRange(min: u32, max: u32): bool {
  if (!readScore(min)) return refuse(LIMIT_NOT_FLOAT);
  minScore = score;
  minExclusive = isExclusive(min);
  if (!readScore(max)) return refuse(LIMIT_NOT_FLOAT);
  maxScore = score;
  maxExclusive = isExclusive(max);
  return true;
}

function refuse(error: string): bool {
  reply.error(error);
  return false;
}

function isExclusive(index: u32): bool {
  return args.length(index) != 0 && load<u8>(args.address(index)) == PARENTHESIS;
}

/** Reads a score as strtod does: up to a NUL, with spaces in front, 0 if there is nothing. */
function readScore(index: u32): bool {
  let at = args.address(index);
  const end = at + args.length(index);
  if (isExclusive(index)) at++;
  let textEnd = at;
  while (textEnd < end && load<u8>(textEnd)) textEnd++;
  while (at < textEnd && isSpace(load<u8>(at))) at++;
  score = 0;
  if (at == textEnd) return true;
  if (!parseDouble(at, textEnd - at)) return readExtreme(at, textEnd);
  score = parsedDouble;
  return true;
}

function isSpace(byte: u8): bool {
  return byte == SPACE || byte - TAB < 5;
}

/** Reads a number that is too large for a double, or too small: infinity, or zero. */
function readExtreme(at: usize, end: usize): bool {
  const negative = load<u8>(at) == MINUS;
  if (negative || load<u8>(at) == PLUS) at++;
  const whole = digitsAt(at, end);
  at += whole;
  const hasPoint = at < end && load<u8>(at) == POINT;
  if (hasPoint) at++;
  const fraction = hasPoint ? digitsAt(at, end) : 0;
  at += fraction;
  if (!(whole + fraction)) return false;
  let isSmall = false;
  if (at < end) {
    if ((load<u8>(at) | 0x20) != 0x65) return false;
    at++;
    if (at < end && (load<u8>(at) == MINUS || load<u8>(at) == PLUS)) {
      isSmall = load<u8>(at) == MINUS;
      at++;
    }
    const exponent = digitsAt(at, end);
    if (!exponent || at + exponent != end) return false;
  }
  const magnitude: f64 = isSmall ? 0 : Infinity;
  score = negative ? -magnitude : magnitude;
  return true;
}

function digitsAt(at: usize, end: usize): usize {
  let digits: usize = 0;
  while (at + digits < end && load<u8>(at + digits) - ZERO < 10) digits++;
  return digits;
}

/** Reads two arguments as bytes; they are handed to values/zsets-lex. */
export function isLexRange(min: u32, max: u32): bool {
  const minKind = lexKind(min);
  const maxKind = lexKind(max);
  if (minKind < 0 || maxKind < 0) return refuse(LIMIT_NOT_LEX);
  lex.setMin(minKind, args.address(min) + 1, args.length(min) - 1);
  lex.setMax(maxKind, args.address(max) + 1, args.length(max) - 1);
  return true;
}

/** What the limit at an argument is, or -1. */
function lexKind(index: u32): i32 {
  const length = args.length(index);
  if (!length) return -1;
  const first = load<u8>(args.address(index));
  if (first == BRACKET) return INCLUSIVE;
  if (first == PARENTHESIS) return EXCLUSIVE;
  if (length > 1) return -1;
  return first == MINUS ? LOWEST : first == PLUS ? HIGHEST : -1;
}
