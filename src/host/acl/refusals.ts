/** What who may not run a command is told: texts of Redis 7.0.15, different from place to place. */

import { asciiText } from '../../commands/ascii.js';
import type { CommandRow } from '../../commands/row.js';
import type { Denial, DenialReason } from './permissions.js';

const KEY = 'NOPERM this user has no permissions to access one of the keys used as arguments';
const CHANNEL =
  'NOPERM this user has no permissions to access one of the channels used as arguments';
const MEANWHILE =
  'NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC ' +
  'call. This command is no longer allowed for the following reason: ';
const IN_TRANSACTION: Readonly<Record<DenialReason, string>> = {
  command: 'no permission to execute the command or subcommand',
  key: 'no permission to touch the specified keys',
  channel: 'no permission to access one of the channels used as arguments',
};
const IN_SCRIPT: Readonly<Record<DenialReason, string>> = {
  command: "ERR The user executing the script can't run this command or subcommand",
  key:
    "ERR The user executing the script can't access at least one of the keys mentioned in the " +
    'command arguments',
  channel:
    "ERR The user executing the script can't publish to the channel mentioned in the command",
};

/** For a command that a client sends. */
export function plainRefusal({ reason }: Denial, row: CommandRow): string {
  if (reason === 'key') return KEY;
  if (reason === 'channel') return CHANNEL;
  return `NOPERM this user has no permissions to run the '${row.name}' command`;
}

/** For a command that had been queued, and is executed. */
export function transactionRefusal({ reason }: Denial): string {
  return MEANWHILE + IN_TRANSACTION[reason];
}

/** For a command that a script calls. */
export function scriptRefusal({ reason }: Denial): string {
  return IN_SCRIPT[reason];
}

/** SORT and SORT_RO read keys that no argument names, where they come upon these options. */
export function sortRefusal(args: readonly Uint8Array[]): string | null {
  for (let at = 2; at < args.length; at++) {
    const option = asciiText(args[at]).toUpperCase();
    const following = args.length - 1 - at;
    if (option === 'LIMIT' && following >= 2 && isPlainLimit(args, at)) at += 2;
    else if (option === 'STORE' && following >= 1) at += 1;
    else if (option === 'BY' && following >= 1) {
      if (asciiText(args[at + 1]).includes('*')) return sortOption('BY');
      at += 1;
    } else if (option === 'GET' && following >= 1) return sortOption('GET');
    else if (!['ASC', 'DESC', 'ALPHA'].includes(option)) return null;
  }
  return null;
}

function sortOption(option: string): string {
  return `ERR ${option} option of SORT denied due to insufficient ACL permissions.`;
}

/** What SORT would refuse itself, it says itself. */
function isPlainLimit(args: readonly Uint8Array[], at: number): boolean {
  return [at + 1, at + 2].every((index) => /^-?\d{1,19}$/.test(asciiText(args[index])));
}
