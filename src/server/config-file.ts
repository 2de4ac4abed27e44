/**
 * redis.conf: a directive a line, `#` for comments, `include` of files and patterns. Every
 * parameter of Redis 7.0.15 is accepted and checked; errors are told in Redis's words.
 */

import { CommandNames } from '../commands/names.js';
import { duplicateUser, userLineProblem } from '../host/acl/user-list.js';
import { findParameter } from '../host/config-table.js';
import { ConfigError, parseParameter } from '../host/config-values.js';
import { quote, splitWords } from '../host/quoting.js';

/** A directive that cannot be followed. `line` is null where no single line is to blame. */
export class ConfigFileError extends Error {
  override name = 'ConfigFileError';

  constructor(
    readonly line: { readonly number: number; readonly text: string } | null,
    message: string,
  ) {
    super(message);
  }
}

export interface ConfigReader {
  /** The text of an included file or of all files of a pattern; throws if one cannot be read. */
  read(path: string): string;
  /** Checks that `dir` can be changed to and does it; returns what is wrong, or null. */
  changeDirectory(path: string): string | null;
}

/** Directives of former versions that may still stand in files. */
const FORGOTTEN = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
]);
const BAD_DIRECTIVE = 'Bad directive or wrong number of arguments';

interface Reading {
  readonly values: Map<string, string>;
  readonly names: CommandNames;
  /** Of `user` lines so far. */
  readonly users: Set<string>;
  readonly reader: ConfigReader;
}

/**
 * Reads `text` into values as CONFIG GET shows them, by parameter; what directives say is in the
 * form of host/directives.ts. Throws a ConfigFileError.
 */
export function readConfig(text: string, reader: ConfigReader): Map<string, string> {
  const reading = {
    values: new Map<string, string>(),
    names: new CommandNames(),
    users: new Set<string>(),
    reader,
  };
  readInto(reading, text);
  return reading.values;
}

function readInto(reading: Reading, text: string): void {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
    if (line === '' || line.startsWith('#')) continue;
    try {
      readLine(reading, line);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new ConfigFileError({ number: index + 1, text: line }, error.message);
    }
  }
}

function readLine(reading: Reading, line: string): void {
  const words = splitWords(line);
  if (words === null) throw new ConfigError('Unbalanced quotes in configuration line');
  const [first, ...rest] = words;
  if (first === undefined) return;
  const name = first.toLowerCase();
  if (findParameter(name) !== undefined) setParameter(reading, name, rest);
  else if (FORGOTTEN.has(name) && rest.length === 1) return;
  else followDirective(reading, name, rest);
}

/** What is not a parameter. */
function followDirective(reading: Reading, name: string, rest: readonly string[]): void {
  const [first = '', second = ''] = rest;
  if (name === 'include' && rest.length === 1) readInto(reading, reading.reader.read(first));
  else if (name === 'rename-command' && rest.length === 2) {
    const row = reading.names.rename(first, second);
    if (typeof row === 'string') throw new ConfigError(row);
    addTo(reading.values, name, rest, ' ');
  } else if (name === 'user' && rest.length >= 1) addUser(reading, rest);
  else throw new ConfigError(whyNot(name, rest));
}

function addUser({ users, values }: Reading, words: readonly string[]): void {
  const [name = ''] = words;
  const problem = users.has(name) ? duplicateUser(name) : userLineProblem(words);
  if (problem !== null) throw new ConfigError(problem);
  users.add(name);
  addTo(values, 'user', words, '\n');
}

function whyNot(name: string, rest: readonly string[]): string {
  if (name === 'loadmodule' && rest.length >= 1) return 'modules are not supported by Redstart';
  if (name === 'sentinel' && rest.length >= 1) {
    return 'sentinel directive while not in sentinel mode';
  }
  return BAD_DIRECTIVE;
}

function addTo(
  values: Map<string, string>,
  name: string,
  words: readonly string[],
  separator: string,
): void {
  const before = values.get(name);
  const text = words.map(quote).join(' ');
  values.set(name, before === undefined ? text : `${before}${separator}${text}`);
}

function setParameter({ values, reader }: Reading, name: string, rest: readonly string[]): void {
  const row = findParameter(name);
  if (row === undefined) return;
  if (!row.multi && rest.length !== 1) throw new ConfigError('wrong number of arguments');
  const single = row.multi && rest.length === 1 && rest[0] !== '';
  const words = single ? (splitWords(rest[0] ?? '') ?? []) : rest;
  const before = values.get(row.name);
  const value = parseParameter(row, words, before ?? row.default);
  if (row.kind === 'directory') {
    const problem = reader.changeDirectory(value);
    if (problem !== null) throw new ConfigError(problem);
  }
  // Save points add up, from line to line.
  const adds = row.name === 'save' && before !== undefined && value !== '';
  values.set(row.name, adds ? `${before} ${value}`.trim() : value);
}
