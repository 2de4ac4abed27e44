/** The commands that may wait for ever, by design: no deadline of ours ends them. */

/**
 * How their names begin, and no other command's: BLPOP, BLMOVE, BLMPOP, BRPOP, BRPOPLPUSH, BZPOPMIN,
 * BZPOPMAX, BZMPOP, XREAD, XREADGROUP, WAIT, WAITAOF.
 */
const BLOCKING = /^(b[lrz]|xread|wait)/i;

export function mayBlock(name: unknown): boolean {
  return typeof name === 'string' && BLOCKING.test(name);
}
