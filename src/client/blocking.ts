/** The commands that may wait for ever, by design: no deadline of ours ends them. */

const BLOCKING =
  ' BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP XREAD XREADGROUP WAIT WAITAOF ';

const LONGEST = 10;
const LOWER_CASE = 0x20;

export function mayBlock(name: unknown): boolean {
  if (typeof name !== 'string' || name.length > LONGEST) return false;
  // One look at the first letter (b, w, x) spares nearly all commands the rest.
  const letter = name.charCodeAt(0) | LOWER_CASE;
  if (letter !== 0x62 && letter !== 0x77 && letter !== 0x78) return false;
  return BLOCKING.includes(` ${name.toUpperCase()} `);
}
