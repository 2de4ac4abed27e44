/**
 * Blocking: a command that finds nothing and would rather wait says so here and replies
 * nothing. The executor stops after it, and the host decides: it lets the client wait, or
 * answers for the command where nobody can wait, in a transaction or a script.
 */
import { raise } from '../memory/buffer';

let waiting: bool = false;
/** How long the last command that waits would wait, in milliseconds; 0: for ever. */
export let timeoutMs: f64 = 0;

/** The running command would wait so long. It must not have replied or changed anything. */
export function wait(milliseconds: f64): void {
  timeoutMs = milliseconds;
  waiting = true;
  raise();
}

/** True if the command that has just run would wait; asked once. */
export function takeWaiting(): bool {
  const is = waiting;
  waiting = false;
  return is;
}
