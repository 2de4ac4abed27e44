/**
 * Soundness: what stood when the command at work began, for the case that the core traps in it.
 * The instance is lost then, but what its buffers hold from commands before that one is good:
 *
 *   replies   | of commands before        | begun      |
 *   effects   | of commands before        | begun      |
 *   batch     | commands before           | the guilty | the rest |
 *                                         ^ the marks
 *
 * A command counts as a whole, with all that is nested in it: of EXEC or a script it is the
 * outermost one that is guilty. One at which the batch has stopped for the host is at work until
 * the batch goes on.
 */
import * as effects from '../keyspace/effects';
import * as reply from '../protocol/reply';
import { Request } from '../protocol/request';

/** The request that the core is running, or 0 between two of them. */
let running: usize = 0;
/** The length of the effects when it began. */
let effectsBefore: usize = 0;

/** True while the marks below are what counts: the host is at work, or a nested batch. */
let held: bool = false;
let heldStart: usize = 0;
let heldReplies: usize = 0;
let heldEffects: usize = 0;

/** A request is at work from here on; its reply begins at the mark of the replies. */
export function begin(slot: Request): void {
  running = changetype<usize>(slot);
  effectsBefore = effects.pending().length;
}

/** What ran has ended. */
export function end(): void {
  running = 0;
}

/** What was held has ended: the outermost batch goes on. */
export function release(): void {
  held = false;
  running = 0;
}

/** The batch stops at a request that is at work until `release`. */
export function hold(slot: Request): void {
  if (held) return;
  const output = reply.pending();
  holdAt(<usize>slot.start, output.mark - output.bytes);
}

/**
 * From here to `release` all is one piece of work, if it is not a part of one already; then false.
 * No request has begun since `start`.
 */
export function holdAll(start: usize): bool {
  if (held) return false;
  holdAt(start, reply.pending().length);
  return true;
}

function holdAt(start: usize, replies: usize): void {
  held = true;
  heldStart = start;
  heldReplies = replies;
  heldEffects = effects.pending().length;
}

/** The host has taken all replies but the first `length` bytes. */
export function repliesLeft(length: usize): void {
  heldReplies = min(heldReplies, length);
}

/** The host has taken the effects. */
export function effectsTaken(): void {
  heldEffects = 0;
}

/** How many bytes of replies are sound. */
export function replies(): usize {
  const output = reply.pending();
  if (held) return min(heldReplies, output.length);
  return running ? output.mark - output.bytes : output.length;
}

/** How many bytes of effects are sound. */
export function effectsLength(): usize {
  if (held) return min(heldEffects, effects.closedLength());
  return running ? effectsBefore : effects.closedLength();
}

/** True if the core was left in the middle of a request: by a trap. */
export function isBroken(): bool {
  return running != 0;
}

/** Where the guilty request begins; `position` if none is at work. */
export function start(position: usize): usize {
  if (held) return heldStart;
  return running ? <usize>changetype<Request>(running).start : position;
}
