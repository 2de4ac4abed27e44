/** Runs a sequence on two sides, finds the first difference, and makes the sequence small. */
import { renderReply, shorten } from '../support/render.js';
import { quote } from '../support/transcript.js';
import { fromLatin1, latin1, type Protocol, type Reply } from '../support/wire.js';
import { type Answered, areSame } from './allow-list.js';
import { type Command, DATABASES, type Step } from './grammar.js';
import { endOfReply, parseReply } from './replies.js';
import { USUAL_SETTINGS } from './settings.js';
import type { Side } from './sides.js';

export interface Sequence {
  readonly protocol: Protocol;
  /** Bytes that our side gets at a time; 0: all at once. */
  readonly slice: number;
  readonly steps: readonly Step[];
  /** The keys that are looked at in the end. */
  readonly keys: readonly string[];
}

export interface Sides {
  readonly ours: Side;
  readonly theirs: Side;
}

export interface Difference {
  readonly command: Command;
  readonly ours: string;
  readonly theirs: string;
}

/** Both sides begin empty; expired keys stay until somebody looks, or DBSIZE would be a race. */
export function beforehand(protocol: Protocol): Command[] {
  return [
    ['RESET'],
    ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'],
    ['FLUSHALL'],
    USUAL_SETTINGS,
    ...(protocol === 3 ? [['HELLO', '3']] : []),
  ];
}

/** What must be the same at the end: everything that is stored, how, and until when. */
function afterwards(keys: readonly string[]): Command[] {
  const commands: Command[] = [['DEBUG', 'DIGEST']];
  for (let database = 0; database < DATABASES; database++) {
    commands.push(['SELECT', `${database}`], ['DBSIZE'], ['KEYS', '*']);
    for (const key of keys) commands.push(['PEXPIRETIME', key], ['OBJECT', 'ENCODING', key]);
  }
  return [...commands, ['DEBUG', 'DIGEST']];
}

/** One batch to each side, and the first reply that is not the same. */
export async function firstDifference(
  sides: Sides,
  { protocol, slice, steps, keys }: Sequence,
): Promise<Difference | null> {
  const all = [...beforehand(protocol), ...steps.flat(), ...afterwards(keys)];
  const [ours, theirs] = await exchange(sides, all, slice);
  return Buffer.compare(ours, theirs) === 0 ? null : firstUnlike(all, ours, theirs);
}

/** Theirs first: redis-server works on another core while this one runs our side. */
export async function exchange(
  { ours, theirs }: Sides,
  commands: readonly Command[],
  slice: number,
): Promise<[ours: Uint8Array, theirs: Uint8Array]> {
  const bytes = encode(commands);
  const waiting = theirs.exchange(bytes, 0);
  return [await ours.exchange(bytes, slice), await waiting];
}

function firstUnlike(
  commands: readonly Command[],
  ours: Uint8Array,
  theirs: Uint8Array,
): Difference | null {
  let left = 0;
  let right = 0;
  let before: [Command, Uint8Array, Uint8Array] | null = null;
  for (const command of commands) {
    const leftEnd = endOfReply(ours, left);
    const rightEnd = endOfReply(theirs, right);
    if (rightEnd < 0) throw new Error(`redis-server does not answer ${cliLine(command)}`);
    if (leftEnd < 0) return missing(command, ours.subarray(left), theirs.subarray(right, rightEnd));
    const leftReply = ours.subarray(left, leftEnd);
    const rightReply = theirs.subarray(right, rightEnd);
    if (Buffer.compare(leftReply, rightReply) !== 0) {
      const now = answered(command, leftReply, rightReply);
      if (!areSame(now, before && answered(...before))) return differenceOf(now);
    }
    before = [command, leftReply, rightReply];
    left = leftEnd;
    right = rightEnd;
  }
  const surplus = latin1(ours.subarray(left));
  return surplus === '' ? null : { command: ['(the end)'], ours: surplus, theirs: 'nothing' };
}

function answered(command: Command, ours: Uint8Array, theirs: Uint8Array): Answered {
  return { command, ours: parseReply(ours), theirs: parseReply(theirs) };
}

function differenceOf({ command, ours, theirs }: Answered): Difference {
  return { command, ours: show(ours), theirs: show(theirs) };
}

function missing(command: Command, rest: Uint8Array, theirs: Uint8Array): Difference {
  const ours = `nothing, but for ${JSON.stringify(latin1(rest))}`;
  return { command, ours, theirs: show(parseReply(theirs)) };
}

function show(reply: Reply): string {
  return renderReply(reply);
}

export type Attempt = (sequence: Sequence) => Promise<Difference | null>;

/**
 * Delta debugging: leaves out ever smaller pieces as long as some difference is left, then
 * arguments. What remains has no step that could be spared.
 */
export async function minimize(differenceOf: Attempt, sequence: Sequence): Promise<Sequence> {
  const whole = await withoutPieces(differenceOf, sequence);
  return withoutArguments(differenceOf, whole);
}

async function withoutPieces(differenceOf: Attempt, sequence: Sequence): Promise<Sequence> {
  let { steps } = sequence;
  for (let piece = Math.ceil(steps.length / 2); piece >= 1; ) {
    let shrunk = false;
    for (let at = steps.length - piece; at > -piece; at -= piece) {
      const from = Math.max(0, at);
      const without = [...steps.slice(0, from), ...steps.slice(at + piece)];
      if ((await differenceOf({ ...sequence, steps: without })) === null) continue;
      steps = without;
      shrunk = true;
    }
    if (!shrunk || piece > 1) piece = piece === 1 ? 0 : Math.ceil(piece / 2);
  }
  return { ...sequence, steps };
}

/** Arguments of single commands that are not needed for the difference, the last ones first. */
async function withoutArguments(differenceOf: Attempt, sequence: Sequence): Promise<Sequence> {
  let smallest = sequence;
  for (let at = 0; at < sequence.steps.length; at++) {
    const [command, ...others] = smallest.steps[at] as Step;
    if (command === undefined || others.length > 0) continue;
    for (let index = command.length - 1; index > 0; index--) {
      const [kept = []] = smallest.steps[at] as Step;
      const steps = [...smallest.steps];
      steps[at] = [kept.filter((_, place) => place !== index)];
      const shorter = { ...smallest, steps };
      if ((await differenceOf(shorter)) !== null) smallest = shorter;
    }
  }
  return smallest;
}

/** The sequence as lines for redis-cli, and what each side answered. */
export function explain({ protocol, slice, steps }: Sequence, difference: Difference): string {
  return [
    ...(slice > 0 ? [`(in slices of ${slice} bytes)`] : []),
    ...(protocol === 3 ? ['HELLO 3'] : []),
    ...steps.flat().map(cliLine),
    `differs at: ${cliLine(difference.command)}`,
    `  redis-server: ${shorten(difference.theirs)}`,
    `  redstart:     ${shorten(difference.ours)}`,
  ].join('\n');
}

export function cliLine(command: Command): string {
  return command
    .map((text) => (/^[\w.:*?+-]+$/.test(text) && text.length < 100 ? text : cliQuote(text)))
    .join(' ');
}

/** redis-cli does not know the `<x*100>` of transcripts. */
function cliQuote(text: string): string {
  return quote(`${text}\x00`).slice(0, -5).concat('"');
}

export function encode(commands: readonly Command[]): Uint8Array {
  let text = '';
  for (const args of commands) {
    text += `*${args.length}\r\n`;
    for (const argument of args) text += `$${argument.length}\r\n${argument}\r\n`;
  }
  return fromLatin1(text);
}
