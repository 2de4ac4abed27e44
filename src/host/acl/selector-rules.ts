/**
 * The rules of a selector: `+get`, `-@write`, `~key:*`, `%R~log:*`, `&news`, and the words that
 * stand for several of them. Rules are text of one character a byte.
 */
import { isAclCategory } from '../../commands/acl.js';
import { findCommand } from '../../commands/table.js';
import { KeyAccess, READ_AND_WRITE, type Selector } from './selector.js';

export const UNKNOWN_COMMAND = 'Unknown command or category name in ACL';

/** A rule that is none; the message is Redis's. */
export class RuleError extends Error {
  override name = 'RuleError';

  constructor(
    message: string,
    /** It names a command or category that is not there. */
    readonly isUnknownCommand = false,
  ) {
    super(message);
  }
}

export function syntaxError(): RuleError {
  return new RuleError('Syntax error');
}

/** Blanks and NUL have no place in names and patterns. */
export function hasSpaces(text: string): boolean {
  return /[\0 \t\n\v\f\r]/.test(text);
}

/** Words that are rules as a whole. */
const WORDS: Readonly<Record<string, (selector: Selector) => void>> = {
  allkeys: (selector) => selector.setAllKeys(true),
  '~*': (selector) => selector.setAllKeys(true),
  resetkeys: (selector) => selector.setAllKeys(false),
  allchannels: (selector) => selector.setAllChannels(true),
  '&*': (selector) => selector.setAllChannels(true),
  resetchannels: (selector) => selector.setAllChannels(false),
  allcommands: (selector) => selector.setAllCommands(true),
  '+@all': (selector) => selector.setAllCommands(true),
  nocommands: (selector) => selector.setAllCommands(false),
  '-@all': (selector) => selector.setAllCommands(false),
};

/** Changes `selector` by one rule, or throws a RuleError and leaves it as it was. */
export function applySelectorRule(selector: Selector, rule: string) {
  const word = rule.toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word]?.(selector);
  switch (rule[0]) {
    case '~':
    case '%':
      return addKeys(selector, rule);
    case '&':
      return addChannel(selector, rule.slice(1));
    case '+':
    case '-':
      return changeCommands(selector, rule.slice(1), rule[0] === '+');
    default:
      throw syntaxError();
  }
}

function addKeys(selector: Selector, rule: string): void {
  if (selector.allKeys) {
    throw new RuleError(
      "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not " +
        "have any effect. Try 'resetkeys' to start with an empty list of patterns",
    );
  }
  const [, letters = '', pattern = ''] = /^(?:~|%([^~]*)~?)(.*)$/s.exec(rule) ?? [];
  const access = rule[0] === '~' ? READ_AND_WRITE : accessOf(letters);
  if (access === 0 || hasSpaces(pattern)) throw syntaxError();
  selector.addKeyPattern(pattern, access);
}

/** `R`, `W`, or both; 0 for anything else. */
function accessOf(letters: string): number {
  switch (letters.toUpperCase()) {
    case 'R':
      return KeyAccess.READ;
    case 'W':
      return KeyAccess.WRITE;
    case 'RW':
    case 'WR':
      return READ_AND_WRITE;
    default:
      return 0;
  }
}

function addChannel(selector: Selector, pattern: string): void {
  if (selector.allChannels) {
    throw new RuleError(
      "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does " +
        "not have any effect. Try 'resetchannels' to start with an empty list of channels",
    );
  }
  if (hasSpaces(pattern)) throw syntaxError();
  selector.addChannel(pattern);
}

function changeCommands(selector: Selector, name: string, allowed: boolean): void {
  if (name.startsWith('@')) {
    const category = name.slice(1).toLowerCase();
    if (!isAclCategory(category)) throw unknownCommand();
    selector.setCategory(category, allowed);
  } else if (allowed && name.includes('|')) allowPart(selector, name);
  else selector.setCommand(commandNamed(name), allowed);
}

/** `config|get`, a subcommand; or, of a command without any, `select|0`: its first argument. */
function allowPart(selector: Selector, name: string): void {
  const bar = name.lastIndexOf('|');
  const row = commandNamed(name.slice(0, bar));
  const part = name.slice(bar + 1);
  if (row.parent >= 0) {
    throw new RuleError('Allowing first-arg of a subcommand is not supported');
  }
  if (part === '') throw syntaxError();
  if (row.subcommands.length > 0) selector.setCommand(commandNamed(name), true);
  else selector.allowFirstArgument(row, part);
}

function commandNamed(name: string) {
  const row = findCommand(name);
  if (row === undefined) throw unknownCommand();
  return row;
}

function unknownCommand(): RuleError {
  return new RuleError(UNKNOWN_COMMAND, true);
}
