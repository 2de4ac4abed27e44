/**
 * Popping: what LMPOP, ZMPOP and those that wait have in common.
 *
 *   ... | numkeys | key 1 | ... | key n | LEFT, RIGHT, MIN or MAX | [COUNT count] |
 *                                         ^ keysEnd
 */
import { COUNT_BELOW_ONE, NO_KEYS, SYNTAX_ERROR } from '../protocol/errors';
import * as reply from '../protocol/reply';
import * as args from './arguments';

/** The argument behind the keys. */
export let keysEnd: u32 = 0;
/** How many elements to pop. */
export let most: i64 = 1;

/** Reads `numkeys`, argument `index`; or replies what is wrong with it. */
export function areKeys(index: u32): bool {
  if (!isAtLeastOne(index, NO_KEYS)) return false;
  if (args.integer >= <i64>(args.count - index) - 1) return isWrong();
  keysEnd = <u32>args.integer + index + 1;
  return true;
}

/** Reads what may follow the word behind the keys; or replies what is wrong with it. */
export function isCount(): bool {
  most = 1;
  if (keysEnd + 1 == args.count) return true;
  if (keysEnd + 3 > args.count || !args.is(keysEnd + 1, 'COUNT')) return isWrong();
  if (!isAtLeastOne(keysEnd + 2, COUNT_BELOW_ONE)) return false;
  if (keysEnd + 3 < args.count) return isWrong();
  most = args.integer;
  return true;
}

function isAtLeastOne(index: u32, error: string): bool {
  if (!args.isIntegerOr(index, error)) return false;
  if (args.integer > 0) return true;
  reply.error(error);
  return false;
}

function isWrong(): bool {
  reply.error(SYNTAX_ERROR);
  return false;
}
