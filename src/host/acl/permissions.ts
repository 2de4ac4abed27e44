/** Whether a user may run a command with these arguments: its selectors are asked in turn. */

import { CommandFlag } from '../../commands/flags.js';
import { KeyFlag } from '../../commands/key-specs.js';
import { commandKeys, hasKeys, type KeyPosition } from '../../commands/keys.js';
import type { CommandRow } from '../../commands/row.js';
import { binaryText } from '../binary-text.js';
import { matchesGlobExactly } from '../glob.js';
import { KeyAccess, type Selector } from './selector.js';
import type { User } from './user.js';

type Arguments = readonly Uint8Array[];

export type DenialReason = 'command' | 'key' | 'channel';

export interface Denial {
  readonly reason: DenialReason;
  /** The argument that is to blame: 0 for the command. */
  readonly at: number;
}

/** The farther a command came, the more its denial says. */
const RANK: Readonly<Record<DenialReason, number>> = { command: 1, key: 2, channel: 3 };

const KEY_WRITES = KeyFlag.INSERT | KeyFlag.DELETE | KeyFlag.UPDATE;
const COMMAND_DENIED: Denial = { reason: 'command', at: 0 };

interface ChannelArguments {
  /** The number of the last one; all that follow if it is not said. */
  readonly last?: number;
  /** Patterns: they must be allowed as they are. */
  readonly patterns?: boolean;
}

/** Commands whose arguments, from the first, are channels. To unsubscribe is always allowed. */
const CHANNELS: ReadonlyMap<string, ChannelArguments> = new Map([
  ['publish', { last: 1 }],
  ['spublish', { last: 1 }],
  ['subscribe', {}],
  ['ssubscribe', {}],
  ['psubscribe', { patterns: true }],
]);

/** Null if one of the user's selectors allows all of it; else the most telling denial. */
export function denialOf(user: User, row: CommandRow, args: Arguments): Denial | null {
  if (user.isUnlimited) return null;
  const call = new Call(row, args);
  let worst = COMMAND_DENIED;
  for (const selector of user.selectors) {
    const denial = call.denialBy(selector);
    if (denial === null) return null;
    const rank = RANK[denial.reason] - RANK[worst.reason];
    if (rank > 0 || (rank === 0 && denial.at > worst.at)) worst = denial;
  }
  return worst;
}

/** Whether it may, and may read any key besides: what patterns of SORT need. */
export function mayReadAllKeys(user: User, row: CommandRow, args: Arguments): boolean {
  if (user.isUnlimited) return true;
  const call = new Call(row, args);
  return user.selectors.some(
    (selector) => readsAllKeys(selector) && call.denialBy(selector) === null,
  );
}

function readsAllKeys({ allKeys, keys }: Selector): boolean {
  return allKeys || keys.some(({ access, pattern }) => pattern === '*' && access & KeyAccess.READ);
}

/** Whether one of `selectors` lets a session stay subscribed to a channel or a pattern. */
export function allowsChannel(
  selectors: readonly Selector[],
  channel: string,
  isPattern: boolean,
): boolean {
  return selectors.some((selector) => selectorAllowsChannel(selector, channel, isPattern));
}

function selectorAllowsChannel(selector: Selector, channel: string, isPattern: boolean): boolean {
  if (selector.allChannels) return true;
  return selector.channels.some((pattern) =>
    isPattern ? pattern === channel : matchesGlobExactly(pattern, channel),
  );
}

/** A command with its arguments; what has been found out for one selector serves the next. */
class Call {
  private keys: readonly KeyPosition[] | null = null;

  constructor(
    private readonly row: CommandRow,
    private readonly args: Arguments,
  ) {}

  denialBy(selector: Selector): Denial | null {
    if (!this.commandAllowed(selector)) return COMMAND_DENIED;
    const key = this.refusedKey(selector);
    if (key !== null) return { reason: 'key', at: key };
    const channel = this.refusedChannel(selector);
    return channel === null ? null : { reason: 'channel', at: channel };
  }

  private commandAllowed(selector: Selector): boolean {
    const { row, args } = this;
    if (selector.allows(row.id) || row.flags & CommandFlag.NO_AUTH) return true;
    const words = selector.firstArguments.get(row.id);
    if (words === undefined || args.length < 2) return false;
    const first = binaryText(args[1]).toLowerCase();
    return words.some((word) => word.toLowerCase() === first);
  }

  private refusedKey(selector: Selector): number | null {
    const { row, args } = this;
    if (selector.allKeys || !hasKeys(row)) return null;
    this.keys ??= commandKeys(row, args);
    for (const { index, flags } of this.keys) {
      if (!allowsKey(selector, binaryText(args[index]), neededAccess(flags))) return index;
    }
    return null;
  }

  private refusedChannel(selector: Selector): number | null {
    const { row, args } = this;
    const channels = selector.allChannels ? undefined : CHANNELS.get(row.name);
    if (channels === undefined) return null;
    const last = channels.last ?? args.length - 1;
    for (let at = 1; at <= last; at++) {
      const channel = binaryText(args[at]);
      if (!selectorAllowsChannel(selector, channel, channels.patterns === true)) return at;
    }
    return null;
  }
}

function neededAccess(flags: number): number {
  const read = flags & KeyFlag.ACCESS ? KeyAccess.READ : 0;
  return flags & KEY_WRITES ? read | KeyAccess.WRITE : read;
}

/** One pattern must allow all that is needed. */
function allowsKey(selector: Selector, key: string, needed: number): boolean {
  return selector.keys.some(
    ({ access, pattern }) => (access & needed) === needed && matchesGlobExactly(pattern, key),
  );
}
