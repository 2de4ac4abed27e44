/** The commands that may wait for ever, by design: no deadline of ours ends them. */

/**
 * How their names begin, and no other command's: BLPOP, BLMOVE, BLMPOP, BRPOP, BRPOPLPUSH, BZPOPMIN,
 * BZPOPMAX, BZMPOP, XREAD, XREADGROUP, WAIT, WAITAOF.
 */
const BLOCKING = /^(b[lrz]|xread|wait)/i;

export function mayBlock(name: unknown): boolean {
  return typeof name === 'string' && BLOCKING.test(name);
}

/** Whether a command, with its arguments, may wait: of XREAD and XREADGROUP those with BLOCK. */
export function waits(args: readonly unknown[]): boolean {
  if (!mayBlock(args[0])) return false;
  return !/^x/i.test(String(args[0])) || args.some((word) => /^block$/i.test(String(word)));
}
