/**
 * Glob patterns as in CONFIG GET: `*`, `?`, `[a-z]`, `[^a]`, `\x`. Case does not matter.
 *
 * Runs in time proportional to pattern times text: only the last `*` is ever tried again.
 */

interface Step {
  readonly matches: boolean;
  /** Where the pattern goes on. */
  readonly next: number;
}

export function matchesGlob(givenPattern: string, givenText: string): boolean {
  const pattern = givenPattern.toLowerCase();
  const text = givenText.toLowerCase();
  let at = 0;
  let index = 0;
  let starAt = -1;
  let starIndex = 0;
  while (index < text.length) {
    if (pattern[at] === '*') {
      starAt = ++at;
      starIndex = index;
      continue;
    }
    const step = at < pattern.length ? matchOne(pattern, at, text.charAt(index)) : null;
    if (step?.matches) {
      at = step.next;
      index++;
    } else if (starAt >= 0) {
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

/** A class without its end runs to the end of the pattern, as in Redis. */
function matchClass(pattern: string, start: number, character: string): Step {
  let at = start;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let found = false;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) at++;
    let low = pattern.charAt(at++);
    let high = low;
    if (pattern[at] === '-' && at + 1 < pattern.length) {
      high = pattern.charAt(at + 1);
      at += 2;
    }
    if (low > high) [low, high] = [high, low];
    if (character >= low && character <= high) found = true;
  }
  return { matches: found !== negated, next: at + 1 };
}
