/** Runs a sequence on two stores, finds the first difference, and makes the sequence small. */
import type { Connection } from '../support/connection.js';
import { renderReply, shorten } from '../support/render.js';
import { quote } from '../support/transcript.js';
import { fromLatin1, type Protocol, type RawReply } from '../support/wire.js';
import { areSame } from './allow-list.js';
import { type Command, DATABASES, KEYS } from './grammar.js';

export interface Sequence {
  readonly protocol: Protocol;
  /** Bytes that our side gets at a time; 0: all at once. */
  readonly slice: number;
  readonly commands: readonly Command[];
}

export interface Sides {
  readonly ours: Connection;
  readonly theirs: Connection;
}

export interface Difference {
  readonly command: Command;
  readonly ours: string;
  readonly theirs: string;
}

/** Both sides begin empty; expired keys stay until somebody looks, or DBSIZE would be a race. */
function beforehand(protocol: Protocol): Command[] {
  return [
    ['RESET'],
    ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'],
    ['FLUSHALL'],
    ...(protocol === 3 ? [['HELLO', '3']] : []),
  ];
}

/** What must be the same at the end: everything that is stored, how, and until when. */
function afterwards(): Command[] {
  const commands: Command[] = [['DEBUG', 'DIGEST']];
  for (let database = 0; database < DATABASES; database++) {
    commands.push(['SELECT', `${database}`], ['DBSIZE'], ['KEYS', '*']);
    for (const key of KEYS) {
      commands.push(['PEXPIRETIME', key], ['OBJECT', 'ENCODING', key]);
    }
  }
  return [...commands, ['DEBUG', 'DIGEST']];
}

const ENDING = afterwards();

/** One batch to each side, and the first reply that is not the same. */
export async function firstDifference(
  sides: Sides,
  { protocol, slice, commands }: Sequence,
): Promise<Difference | null> {
  const all = [...beforehand(protocol), ...commands, ...ENDING];
  const bytes = encode(all);
  const [ours, theirs] = await Promise.all([
    sendSliced(sides.ours, bytes, slice, all.length),
    sides.theirs.raw(bytes, all.length),
  ]);
  const at = all.findIndex((command, index) => {
    const [left, right] = [ours[index] as RawReply, theirs[index] as RawReply];
    return !areSame(command, left.tree, right.tree);
  });
  if (at < 0) return null;
  const show = (reply: RawReply | undefined) => (reply ? renderReply(reply.tree) : 'nothing');
  return { command: all[at] as Command, ours: show(ours[at]), theirs: show(theirs[at]) };
}

function sendSliced(
  connection: Connection,
  bytes: Uint8Array,
  slice: number,
  replies: number,
): Promise<RawReply[]> {
  const step = slice || bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    void connection.raw(bytes.subarray(at, at + step), 0);
  }
  return connection.take(replies);
}

/**
 * Delta debugging: leaves out ever smaller pieces as long as some difference is left. What
 * remains has no command that could be spared.
 */
export async function minimize(
  differenceOf: (sequence: Sequence) => Promise<Difference | null>,
  sequence: Sequence,
): Promise<Sequence> {
  let commands = [...sequence.commands];
  for (let piece = Math.ceil(commands.length / 2); piece >= 1; ) {
    let shrunk = false;
    for (let at = commands.length - piece; at > -piece; at -= piece) {
      const from = Math.max(0, at);
      const without = [...commands.slice(0, from), ...commands.slice(from + piece)];
      if ((await differenceOf({ ...sequence, commands: without })) === null) continue;
      commands = without;
      shrunk = true;
    }
    if (!shrunk || piece > 1) piece = piece === 1 ? 0 : Math.ceil(piece / 2);
  }
  return { ...sequence, commands };
}

/** The sequence as lines for redis-cli, and what each side answered. */
export function explain({ protocol, slice, commands }: Sequence, difference: Difference): string {
  return [
    ...(slice > 0 ? [`(in slices of ${slice} bytes)`] : []),
    ...(protocol === 3 ? ['HELLO 3'] : []),
    ...commands.map(cliLine),
    `differs at: ${cliLine(difference.command)}`,
    `  redis-server: ${shorten(difference.theirs)}`,
    `  redstart:     ${shorten(difference.ours)}`,
  ].join('\n');
}

function cliLine(command: Command): string {
  return command
    .map((text) => (/^[\w.:*?+-]+$/.test(text) && text.length < 100 ? text : cliQuote(text)))
    .join(' ');
}

/** redis-cli does not know the `<x*100>` of transcripts. */
function cliQuote(text: string): string {
  return quote(`${text}\x00`).slice(0, -5).concat('"');
}

function encode(commands: readonly Command[]): Uint8Array {
  let text = '';
  for (const args of commands) {
    text += `*${args.length}\r\n`;
    for (const argument of args) text += `$${argument.length}\r\n${argument}\r\n`;
  }
  return fromLatin1(text);
}
