/**
 * Users from text: the lines of an ACL file, the `user` lines of a configuration.
 *
 *   user ada on >secret ~a:* +@read
 *   user bob off (+get ~b:*)
 *
 * In a file a line is a user; empty lines are nothing, there are no remarks and no quotes. Text
 * has one character a byte.
 */
import { hasSpaces, RuleError, UNKNOWN_COMMAND } from './selector-rules.js';
import { applyUserRule, mergeSelectors, UnmatchedError, User } from './user.js';

/** Users that cannot be made; the message tells all that is wrong. */
export class UserListError extends Error {
  override name = 'UserListError';
}

const DUPLICATE = 'Duplicate user found. A user can only be defined once in config files';
const UNCHANGED =
  'WARNING: ACL errors detected, no change to the previously active ACL rules was performed';

/** The users of a file. Throws a UserListError. `path` is for its message. */
export function readUsers(text: string, path: string, allChannels: boolean): User[] {
  const users = new Map<string, User>();
  const problems: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (raw.split('\0', 1)[0] ?? '').replace(/^[ \t\r]+|[ \t\r]+$/g, '');
    if (line === '') continue;
    const place = `${path}:${index + 1}`;
    const [keyword, name, ...words] = line.split(' ');
    if (keyword !== 'user' || name === undefined || hasSpaces(name)) {
      problems.push(`${place} should start with user keyword followed by the username. `);
      continue;
    }
    if (users.has(name)) {
      problems.push(`WARNING: Duplicate user '${name}' found on line ${index + 1}. `);
      continue;
    }
    const user = new User(name, allChannels);
    users.set(name, user);
    for (const problem of applyLine(user, words, allChannels)) {
      problems.push(`${place}: ${problem}. `);
    }
  }
  if (problems.length > 0) throw new UserListError(problems.join('') + UNCHANGED);
  return [...users.values()];
}

/** What is wrong: unknown commands one by one, of everything else the first. */
function applyLine(user: User, words: readonly string[], allChannels: boolean): string[] {
  const problems: string[] = [];
  let toldOther = false;
  try {
    for (const { text } of mergeSelectors(words.filter((word) => word !== ''))) {
      const error = tryRule(user, text, allChannels);
      if (error === null) continue;
      if (error.isUnknownCommand) {
        problems.push(`Error in applying operation '${text}': ${error.message}`);
      } else if (!toldOther) {
        problems.push(error.message);
        toldOther = true;
      }
    }
  } catch (error) {
    if (!(error instanceof UnmatchedError)) throw error;
    problems.push(error.message.replace(/\.$/, ''));
  }
  return problems;
}

function tryRule(user: User, rule: string, allChannels: boolean): RuleError | null {
  try {
    applyUserRule(user, rule, allChannels);
    return null;
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
}

/**
 * The users of a configuration's lines, each given as its words: the name, then the rules. Throws
 * a UserListError.
 */
export function configuredUsers(
  lines: readonly (readonly string[])[],
  allChannels: boolean,
): User[] {
  const users = new Map<string, User>();
  for (const [name = '', ...words] of lines) {
    if (hasSpaces(name)) throw new UserListError('Spaces not allowed in ACL usernames');
    if (users.has(name)) {
      throw new UserListError(duplicateUser(name));
    }
    users.set(name, configuredUser(name, words, allChannels));
  }
  return [...users.values()];
}

/** For a second line of the same user. */
export function duplicateUser(name: string): string {
  return `Error in user declaration '${name}': ${DUPLICATE}`;
}

function configuredUser(name: string, words: readonly string[], allChannels: boolean): User {
  const user = new User(name, allChannels);
  for (const { text } of mergeOrRefuse(name, words)) {
    const error = tryRule(user, text, allChannels);
    if (error === null) continue;
    throw new UserListError(
      `Error loading ACL rule '${text}' for the user named '${name}': ${error.message}`,
    );
  }
  return user;
}

/**
 * What is wrong with a `user` line, given as its words, before anything is made of it; null if
 * nothing is. Commands may be unknown as yet. Which word is named is Redis's choice.
 */
export function userLineProblem(words: readonly string[]): string | null {
  const [name = '', ...rules] = words;
  const line = ['user', ...words];
  const told = (at: number, why: string) => `Error in user declaration '${line[at]}': ${why}`;
  const user = new User(name, false);
  try {
    for (const [at, { text }] of mergeSelectors(rules).entries()) {
      const error = tryRule(user, text, false);
      if (error !== null && !error.isUnknownCommand) return told(at, error.message);
    }
    return null;
  } catch (error) {
    if (!(error instanceof UnmatchedError)) throw error;
    return told(error.at, UNKNOWN_COMMAND);
  }
}

function mergeOrRefuse(name: string, words: readonly string[]) {
  try {
    return mergeSelectors(words);
  } catch (error) {
    if (!(error instanceof UnmatchedError)) throw error;
    throw new UserListError(`Error in user declaration '${name}': ${error.message}`);
  }
}
