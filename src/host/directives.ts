/**
 * What a configuration may say beside parameters, in the record of strings that a store is given:
 *
 *   rename-command   pairs of words: `GET fetch CONFIG ""`
 *   user             a line for each user: `alice on >secret ~cached:* +get`
 */
import { ConfigSetError } from './config.js';
import { splitWords } from './quoting.js';

export interface Directives {
  /** The parameters that are left. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Commands with their new names; the empty one takes a command away. */
  readonly renames: readonly (readonly [string, string])[];
  /** The words of each user's line: the name, then the rules. */
  readonly users: readonly (readonly string[])[];
}

const RENAME = 'rename-command';

/** Tells directives and parameters apart. Throws a ConfigSetError. */
export function readDirectives(config: Readonly<Record<string, string>> = {}): Directives {
  const { [RENAME]: renames = '', user = '', ...parameters } = config;
  return {
    parameters,
    renames: pairsOf(wordsOf(RENAME, renames)),
    users: user
      .split('\n')
      .map((line) => wordsOf('user', line))
      .filter((words) => words.length > 0),
  };
}

function wordsOf(name: string, text: string): string[] {
  const words = splitWords(text);
  if (words === null) throw new ConfigSetError(name, 'unbalanced quotes');
  return words;
}

function pairsOf(words: readonly string[]): [string, string][] {
  if (words.length % 2 !== 0) throw new ConfigSetError(RENAME, 'wrong number of arguments');
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : []));
}
