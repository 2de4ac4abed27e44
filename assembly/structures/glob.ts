/**
 * Glob patterns, to the letter as Redis matches them (stringmatchlen of src/util.c):
 *
 *   *         any bytes, also none          [abc]  one byte of these
 *   ?         any one byte                  [^a]   one byte that is not one of these
 *   \x        x itself                      [a-z]  ranges, either end first, signed bytes
 *
 * Odd but relied upon: an unclosed class ends with the pattern; a lone backslash at the
 * end is itself; inside a class an escaped byte ignores no case; an empty text is matched
 * by the empty pattern only, so that whoever means "all" asks for "*" beforehand (KEYS,
 * SCAN); beyond STARS_MAX stars nothing matches.
 *
 * Redis recurses at every star. Here only the last star is ever taken back: text that an
 * earlier star would take more of can only start the rest later, which the last star has
 * tried. Work that is still quadratic is bounded by WORK_MAX, and then nothing matches.
 */
import { toLower } from '../memory/bytes';

const STARS_MAX: i32 = 1000;

/** Pattern bytes looked at for one text, about 20 ms. Redis has no such bound. */
const WORK_MAX: i32 = 1 << 23;

const STAR: u32 = 0x2a;
const ANY: u32 = 0x3f;
const OPEN: u32 = 0x5b;
const ESCAPE: u32 = 0x5c;
const CLOSE: u32 = 0x5d;
const NOT: u32 = 0x5e;
const RANGE: u32 = 0x2d;

/** Where the atom that matchesAtom or matchesClass looked at ends. */
let atomEnd: usize = 0;

/** What is left of WORK_MAX. */
let work: i32 = 0;

/** Whether the whole text matches the pattern. `ignoreCase` folds ASCII letters. */
export function matchesGlob(
  pattern: usize,
  patternLength: usize,
  text: usize,
  textLength: usize,
  ignoreCase: bool,
): bool {
  const patternEnd = pattern + patternLength;
  const textEnd = text + textLength;
  if (textLength == 0) return patternLength == 0;
  let afterStar: usize = 0;
  let starTakesUntil: usize = 0;
  let stars = 0;
  work = WORK_MAX;
  while (text < textEnd) {
    if (pattern < patternEnd && load<u8>(pattern) == STAR) {
      pattern = skipStars(pattern, patternEnd);
      if (pattern == patternEnd) return true;
      if (++stars > STARS_MAX) return false;
      afterStar = pattern;
      starTakesUntil = text;
    } else if (
      pattern < patternEnd &&
      matchesAtom(pattern, patternEnd, load<u8>(text), ignoreCase)
    ) {
      pattern = atomEnd;
      text++;
    } else {
      if (afterStar == 0 || work < 0) return false;
      pattern = afterStar;
      text = ++starTakesUntil;
    }
  }
  return skipStars(pattern, patternEnd) == patternEnd;
}

function skipStars(pattern: usize, end: usize): usize {
  while (pattern < end && load<u8>(pattern) == STAR) pattern++;
  return pattern;
}

/** Whether the atom at `pattern`, anything but a star, matches `byte`. */
function matchesAtom(pattern: usize, end: usize, byte: u32, ignoreCase: bool): bool {
  work--;
  let first: u32 = load<u8>(pattern);
  if (first == OPEN) return matchesClass(pattern + 1, end, byte, ignoreCase);
  if (first == ESCAPE && pattern + 1 < end) first = load<u8>(++pattern);
  else if (first == ANY) first = byte;
  atomEnd = pattern + 1;
  return isSame(first, byte, ignoreCase);
}

function isSame(a: u32, b: u32, ignoreCase: bool): bool {
  return a == b || (ignoreCase && toLower(a) == toLower(b));
}

/** Whether the class whose first byte after the bracket is at `at` matches `byte`. */
function matchesClass(at: usize, end: usize, byte: u32, ignoreCase: bool): bool {
  const start = at;
  const not = at < end && load<u8>(at) == NOT;
  if (not) at++;
  let matched = false;
  while (at < end && load<u8>(at) != CLOSE) {
    const first: u32 = load<u8>(at);
    if (first == ESCAPE && at + 1 < end) {
      if (load<u8>(at + 1) == byte) matched = true;
      at += 2;
    } else if (at + 2 < end && load<u8>(at + 1) == RANGE) {
      if (isInRange(byte, first, load<u8>(at + 2), ignoreCase)) matched = true;
      at += 3;
    } else {
      if (isSame(first, byte, ignoreCase)) matched = true;
      at++;
    }
  }
  work -= <i32>(at - start);
  atomEnd = at < end ? at + 1 : end;
  return matched != not;
}

/** Bytes are signed here and the ends are put in order before their case goes, as in Redis. */
function isInRange(byte: u32, first: u32, last: u32, ignoreCase: bool): bool {
  const value = <i32>(<i8>byte);
  const low = min(<i32>(<i8>first), <i32>(<i8>last));
  const high = max(<i32>(<i8>first), <i32>(<i8>last));
  if (!ignoreCase) return value >= low && value <= high;
  return fold(value) >= fold(low) && fold(value) <= fold(high);
}

/** tolower of glibc for a signed char: -1 is EOF and stays, other negative ones lose their sign. */
function fold(byte: i32): i32 {
  return byte == -1 ? -1 : <i32>toLower(<u8>byte);
}
