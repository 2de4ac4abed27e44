/**
 * Replies that are random: what is picked must be there. The grammars ask for all that is there
 * just before (SMEMBERS, HGETALL, ZRANGE with scores), with the arguments in the usual order.
 */
import { encodeReply, type Reply } from '../support/wire.js';
import type { Answered } from './allow-list.js';

/** SRANDMEMBER, HRANDFIELD, ZRANDMEMBER: with a negative count anything may come twice. */
export function isPicked(now: Answered, before: Answered | null): boolean {
  if (sizeOf(now.ours) !== sizeOf(now.theirs) || now.ours.mark !== now.theirs.mark) return false;
  const withValues = now.command.length > 3;
  const picked = leaves(now.ours, withValues);
  return areThere(picked, now, before, withValues) && (isNegative(now) || areDistinct(picked));
}

/** SPOP: never the same one twice. */
export function isPopped(now: Answered, before: Answered | null): boolean {
  if (sizeOf(now.ours) !== sizeOf(now.theirs) || now.ours.mark !== now.theirs.mark) return false;
  const popped = leaves(now.ours, false);
  return areThere(popped, now, before, false) && areDistinct(popped);
}

function isNegative({ command }: Answered): boolean {
  return command[2]?.startsWith('-') ?? false;
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

/** True if it is not known what is there: what was asked before has been shrunk away. */
function areThere(
  picked: readonly string[],
  { command }: Answered,
  before: Answered | null,
  pairs: boolean,
): boolean {
  const name = before?.command[0]?.toUpperCase() ?? '';
  if (before === null || before.command[1] !== command[1]) return true;
  if (!/^(SMEMBERS|HGETALL|ZRANGE)$/.test(name)) return true;
  const all = leaves(before.ours, name !== 'SMEMBERS');
  const known = new Set(pairs || name === 'SMEMBERS' ? all : all.map(firstOfPair));
  return picked.every((text) => known.has(text));
}

const BETWEEN = '\x00 => \x00';

function firstOfPair(text: string): string {
  return text.split(BETWEEN)[0] as string;
}

/** The texts of a reply; two that belong together are one, nested or not. */
function leaves(reply: Reply, pairs: boolean): string[] {
  const texts = flatten(reply);
  if (!pairs) return texts;
  return texts.flatMap((text, at) => (at % 2 ? [] : [`${text}${BETWEEN}${texts[at + 1]}`]));
}

function flatten(reply: Reply): string[] {
  if (reply.items !== null) return reply.items.flatMap(flatten);
  return [reply.text ?? encodeReply(reply)];
}

function sizeOf(reply: Reply): number {
  return reply.items?.length ?? (reply.text === null ? -2 : -1);
}
