/**
 * Users and selectors in the words of their rules, as ACL LIST, ACL GETUSER and files show them.
 *
 *   user ada on sanitize-payload #2bb8...5b ~a:* %R~b:* resetchannels &news -@all +@read -get
 *        name, then flags and passwords     then the first selector       (the others, in brackets)
 */
import { ACL_CATEGORIES } from '../../commands/acl.js';
import { COMMANDS } from '../../commands/table.js';
import { KeyAccess, type KeyPattern, READ_AND_WRITE, Selector } from './selector.js';
import type { User } from './user.js';

/** The line by which the user could be made again. */
export function userLine(user: User): string {
  const words = [
    'user',
    user.name,
    ...userFlags(user),
    ...user.passwords.map((hash) => `#${hash}`),
    selectorText(user.root),
    ...user.selectors.slice(1).map((selector) => `(${selectorText(selector)})`),
  ];
  return words.join(' ');
}

export function userFlags({ enabled, noPassword, sanitizes }: User): string[] {
  const flags = [enabled ? 'on' : 'off'];
  if (noPassword) flags.push('nopass');
  if (sanitizes === 'skip') flags.push('skip-sanitize-payload');
  if (sanitizes === 'yes') flags.push('sanitize-payload');
  return flags;
}

function selectorText(selector: Selector): string {
  const channels = channelsText(selector);
  const parts = [
    keysText(selector),
    selector.allChannels ? channels : `resetchannels ${channels}`.trimEnd(),
    commandsText(selector),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

export function keysText({ allKeys, keys }: Selector): string {
  return allKeys ? '~*' : keys.map(keyText).join(' ');
}

function keyText({ access, pattern }: KeyPattern): string {
  if (access === READ_AND_WRITE) return `~${pattern}`;
  return `%${access === KeyAccess.READ ? 'R' : 'W'}~${pattern}`;
}

export function channelsText({ allChannels, channels }: Selector): string {
  return allChannels ? '&*' : channels.map((channel) => `&${channel}`).join(' ');
}

/**
 * The commands in few words: categories as far as they fit well, then single commands until the
 * rules, read in order, give the same permissions. The way that they were given is forgotten.
 */
export function commandsText(selector: Selector): string {
  const rules = [selector.fromAll ? '+@all' : '-@all'];
  const told = new Selector(false);
  told.setAllCommands(selector.fromAll);
  for (const category of fittingCategories(selector)) {
    rules.push(`${selector.fromAll ? '-' : '+'}@${category}`);
    told.setCategory(category, !selector.fromAll);
  }
  for (const row of COMMANDS) {
    const allowed = selector.allows(row.id);
    if (allowed !== told.allows(row.id)) {
      rules.push(`${allowed ? '+' : '-'}${row.name}`);
      told.setCommand(row, allowed);
    }
    if (allowed) continue;
    for (const word of selector.firstArguments.get(row.id) ?? []) {
      rules.push(`+${row.name}|${word}`);
    }
  }
  return rules.join(' ');
}

/**
 * Categories that tell more than they mistell: the one with the fewest commands that would have to
 * be corrected first, and of several such the one that tells most. What one has told is not told
 * by the next.
 */
function fittingCategories(selector: Selector): string[] {
  const untold = selector.clone();
  const chosen: string[] = [];
  for (;;) {
    const best = bestCategory(untold, !selector.fromAll, chosen);
    if (best === null) return chosen;
    untold.setCategory(best, selector.fromAll);
    chosen.push(best);
  }
}

function bestCategory(selector: Selector, allowed: boolean, used: string[]): string | null {
  let best: string | null = null;
  let fewestWrong = Number.POSITIVE_INFINITY;
  let mostRight = 0;
  for (const category of ACL_CATEGORIES) {
    if (used.includes(category)) continue;
    const rows = COMMANDS.filter((row) => row.acl.includes(category));
    const right = rows.filter((row) => selector.allows(row.id) === allowed).length;
    const wrong = rows.length - right;
    if (right <= wrong || wrong > fewestWrong) continue;
    if (wrong === fewestWrong && right <= mostRight) continue;
    best = category;
    fewestWrong = wrong;
    mostRight = right;
  }
  return best;
}
