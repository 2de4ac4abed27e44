/**
 * Commands without their secrets: what MONITOR, SLOWLOG and logs may show. Redis hides them once it
 * has understood the command; here they are hidden also in AUTH and HELLO that are wrong.
 */
import { asciiText } from '../commands/ascii.js';
import type { CommandRow } from '../commands/row.js';
import { findParameter } from './config-table.js';

type Arguments = readonly Uint8Array[];

const REDACTED = new TextEncoder().encode('(redacted)');

/** The numbers of the arguments that are secrets. */
const SECRETS: ReadonlyMap<string, (args: Arguments) => number[]> = new Map([
  ['auth', (args) => from(1, args)],
  ['hello', helloSecrets],
  ['acl|setuser', (args) => from(2, args)],
  ['config|set', configSecrets],
  ['migrate', migrateSecrets],
]);

/** The arguments, secrets replaced by `(redacted)`; the same array if there are none. */
export function redact(row: CommandRow, args: Arguments): Arguments {
  const hidden = SECRETS.get(row.name)?.(args) ?? [];
  if (hidden.length === 0) return args;
  return args.map((arg, index) => (hidden.includes(index) ? REDACTED : arg));
}

function from(first: number, args: Arguments): number[] {
  return Array.from({ length: Math.max(0, args.length - first) }, (_, at) => first + at);
}

/** HELLO version [AUTH user password] [SETNAME name] */
function helloSecrets(args: Arguments): number[] {
  const hidden: number[] = [];
  for (let at = 2; at < args.length; at++) {
    if (isWord(args[at], 'AUTH')) hidden.push(++at, ++at);
    else if (isWord(args[at], 'SETNAME')) at += 1;
  }
  return hidden;
}

/** CONFIG SET name value ... */
function configSecrets(args: Arguments): number[] {
  return from(3, args).filter(
    (at) => at % 2 === 1 && findParameter(asciiText(args[at - 1]))?.sensitive === true,
  );
}

/** MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password] [AUTH2 user password] [KEYS ...] */
function migrateSecrets(args: Arguments): number[] {
  const hidden: number[] = [];
  for (let at = 6; at < args.length; at++) {
    const following = args.length - 1 - at;
    if (isWord(args[at], 'COPY') || isWord(args[at], 'REPLACE')) continue;
    if (isWord(args[at], 'AUTH') && following >= 1) hidden.push(++at);
    else if (isWord(args[at], 'AUTH2') && following >= 2) hidden.push(++at, ++at);
    else break;
  }
  return hidden;
}

function isWord(argument: Uint8Array | undefined, word: string): boolean {
  return asciiText(argument).toUpperCase() === word;
}
