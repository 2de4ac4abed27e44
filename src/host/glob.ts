/**
 * Glob patterns, to the letter as Redis matches them: `*`, `?`, `[a-z]`, `[^a]`, `\x`. Texts are
 * strings of bytes (one character each). The core has the same in assembly/structures/glob.ts,
 * where the oddities are told.
 *
 * Only the last `*` is ever tried again: time is bounded by pattern times text, and by WORK_MAX.
 */

/** The result of looking at one atom of a pattern. */
interface Step {
  readonly matches: boolean;
  /** Where the pattern goes on. */
  readonly next: number;
}

const STARS_MAX = 1000;
/** Pattern characters looked at for one text; beyond that nothing matches. */
const WORK_MAX = 1 << 23;

/** With upper and lower case taken as the same: names of parameters and commands. */
export function matchesGlob(pattern: string, text: string): boolean {
  return matchesGlobExactly(pattern.toLowerCase(), text.toLowerCase());
}

export function matchesGlobExactly(pattern: string, text: string): boolean {
  if (text === '') return pattern === '';
  let at = 0;
  let index = 0;
  let stars = 0;
  let starAt = -1;
  let starIndex = 0;
  let work = WORK_MAX;
  while (index < text.length) {
    if (pattern[at] === '*') {
      while (pattern[at] === '*') at++;
      if (at === pattern.length) return true;
      if (++stars > STARS_MAX) return false;
      starAt = at;
      starIndex = index;
      continue;
    }
    const step = at < pattern.length ? matchOne(pattern, at, text.charAt(index)) : null;
    work -= step === null ? 1 : step.next - at;
    if (step?.matches) {
      at = step.next;
      index++;
    } else if (starAt >= 0 && work >= 0) {
      at = starAt;
      index = ++starIndex;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at >= pattern.length;
}

/** Whether a pattern is anything but a plain name. */
export function isGlob(text: string): boolean {
  return /[[*?]/.test(text);
}

function matchOne(pattern: string, at: number, character: string): Step {
  const mark = pattern.charAt(at);
  if (mark === '?') return { matches: true, next: at + 1 };
  if (mark === '[') return matchClass(pattern, at + 1, character);
  const escaped = mark === '\\' && at + 1 < pattern.length;
  const wanted = escaped ? pattern.charAt(at + 1) : mark;
  return { matches: wanted === character, next: at + (escaped ? 2 : 1) };
}

/** A class without its end runs to the end of the pattern; an escaped character begins no range. */
function matchClass(pattern: string, start: number, character: string): Step {
  let at = start;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let found = false;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      if (pattern[at + 1] === character) found = true;
      at += 2;
    } else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      if (isBetween(character, pattern.charAt(at), pattern.charAt(at + 2))) found = true;
      at += 3;
    } else if (pattern[at++] === character) found = true;
  }
  return { matches: found !== negated, next: Math.min(at + 1, pattern.length) };
}

/** Either end first; bytes are signed here, as in Redis. */
function isBetween(character: string, one: string, other: string): boolean {
  const value = signed(character);
  const [low, high] = [signed(one), signed(other)].sort((a, b) => a - b) as [number, number];
  return value >= low && value <= high;
}

function signed(character: string): number {
  return (character.charCodeAt(0) << 24) >> 24;
}
