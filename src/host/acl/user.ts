/**
 * A user: whether one may log in as it, with which passwords, and what it may do. Sessions hold
 * the object itself, so a change of its rules holds for them at once.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { binaryBytes } from '../binary-text.js';
import { splitWords } from '../quoting.js';
import { Selector } from './selector.js';
import { applySelectorRule, RuleError, syntaxError } from './selector-rules.js';

const HASH = /^[0-9a-f]{64}$/;
const decoder = new TextDecoder();

/** What is kept of a password, in hexadecimal digits. */
export function digestOf(password: Uint8Array): string {
  return bytesToHex(sha256(password));
}

export class User {
  enabled = false;
  /** Any password is right. */
  noPassword = false;
  /** Said of payloads for RESTORE; without effect here, where all are checked. */
  sanitizes: 'unsaid' | 'yes' | 'skip' = 'unsaid';
  /** SHA-256 digests. */
  passwords: string[] = [];
  /** The first is the user's own; it is always there. */
  selectors: Selector[];
  /** May do everything: needs no checks. */
  isUnlimited = false;
  /** As it is shown where text is expected. */
  readonly title: string;

  /** `name` has one character a byte. */
  constructor(
    readonly name: string,
    allChannels: boolean,
  ) {
    this.selectors = [new Selector(allChannels)];
    this.title = decoder.decode(binaryBytes(name));
  }

  get root(): Selector {
    return this.selectors[0] as Selector;
  }

  clone(): User {
    const copy = new User(this.name, false);
    copy.become(this);
    return copy;
  }

  /** Takes over everything but the name. */
  become(other: User): void {
    this.enabled = other.enabled;
    this.noPassword = other.noPassword;
    this.sanitizes = other.sanitizes;
    this.passwords = [...other.passwords];
    this.selectors = other.selectors.map((selector) => selector.clone());
    this.isUnlimited = this.selectors.some((selector) => selector.isUnlimited);
  }

  setPassword(password: Uint8Array): void {
    this.addPassword(digestOf(password));
  }

  addPassword(hash: string): void {
    if (!this.passwords.includes(hash)) this.passwords.push(hash);
    this.noPassword = false;
  }

  removePassword(hash: string): void {
    const at = this.passwords.indexOf(hash);
    if (at < 0) {
      throw new RuleError('The password you are trying to remove from the user does not exist');
    }
    this.passwords.splice(at, 1);
  }

  clearPasswords(noPassword: boolean): void {
    this.passwords = [];
    this.noPassword = noPassword;
  }
}

const WORDS: Readonly<Record<string, (user: User, allChannels: boolean) => void>> = {
  '': () => {},
  on: (user) => {
    user.enabled = true;
  },
  off: (user) => {
    user.enabled = false;
  },
  nopass: (user) => user.clearPasswords(true),
  resetpass: (user) => user.clearPasswords(false),
  'sanitize-payload': (user) => {
    user.sanitizes = 'yes';
  },
  'skip-sanitize-payload': (user) => {
    user.sanitizes = 'skip';
  },
  clearselectors: (user) => {
    user.selectors = [user.root];
  },
  reset: (user, allChannels) => {
    user.clearPasswords(false);
    user.enabled = false;
    user.sanitizes = 'yes';
    user.selectors = [new Selector(allChannels)];
  },
};

/**
 * Changes `user` by one rule, or throws a RuleError. `allChannels` is what a new selector is
 * allowed. What was merged from several arguments is one rule: `(+get ~k)`.
 */
export function applyUserRule(user: User, rule: string, allChannels: boolean) {
  const word = rule.toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word]?.(user, allChannels);
  const rest = rule.slice(1);
  switch (rule[0]) {
    case '>':
      return user.setPassword(binaryBytes(rest));
    case '#':
      return user.addPassword(checkedHash(rest));
    case '<':
      return user.removePassword(digestOf(binaryBytes(rest)));
    case '!':
      return user.removePassword(checkedHash(rest));
    case '(':
      if (!rule.endsWith(')')) throw syntaxError();
      user.selectors.push(readSelector(rule.slice(1, -1), allChannels));
      return;
    default:
      applySelectorRule(user.root, rule);
  }
}

/** Words whose quotes are not closed are none, as in Redis. */
function readSelector(text: string, allChannels: boolean): Selector {
  const selector = new Selector(allChannels);
  for (const rule of splitWords(text) ?? []) applySelectorRule(selector, rule);
  return selector;
}

function checkedHash(hash: string): string {
  if (HASH.test(hash)) return hash;
  throw new RuleError(
    'The password hash must be exactly 64 characters and contain only lowercase hexadecimal ' +
      'characters',
  );
}

/** A selector that was begun with `(` and not ended. */
export class UnmatchedError extends RuleError {
  override name = 'UnmatchedError';

  constructor(
    /** The number of the argument that begins it. */
    readonly at: number,
    beginning: string,
  ) {
    super(`Unmatched parenthesis in acl selector starting at '${beginning}'.`);
  }
}

export interface Rule {
  readonly text: string;
  /** The number of the argument with which it begins. */
  readonly at: number;
}

/** The rules in arguments: a selector may go over several. Throws an UnmatchedError. */
export function mergeSelectors(words: readonly string[]): Rule[] {
  const rules: Rule[] = [];
  let open: Rule | null = null;
  for (const [at, word] of words.entries()) {
    if (open === null && word.startsWith('(') && !word.endsWith(')')) open = { text: word, at };
    else if (open !== null) {
      open = { text: `${open.text} ${word}`, at: open.at };
      if (!word.endsWith(')')) continue;
      rules.push(open);
      open = null;
    } else rules.push({ text: word, at });
  }
  if (open !== null) throw new UnmatchedError(open.at, words[open.at] ?? '');
  return rules;
}
