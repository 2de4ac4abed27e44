/**
 * redis.conf: a directive a line, `#` for comments, `include` of files and patterns. Every
 * parameter of Redis 7.0.15 is accepted and checked; errors are told in Redis's words.
 */

import { findCommand } from '../commands/table.js';
import { findParameter } from '../host/config-table.js';
import { ConfigError, parseParameter } from '../host/config-values.js';
import { splitWords } from '../host/quoting.js';

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

/** Reads `text` into values as CONFIG GET shows them, by parameter. Throws a ConfigFileError. */
export function readConfig(text: string, reader: ConfigReader): Map<string, string> {
  const values = new Map<string, string>();
  readInto(values, text, reader);
  return values;
}

function readInto(values: Map<string, string>, text: string, reader: ConfigReader): void {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
    if (line === '' || line.startsWith('#')) continue;
    try {
      readLine(values, line, reader);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new ConfigFileError({ number: index + 1, text: line }, error.message);
    }
  }
}

function readLine(values: Map<string, string>, line: string, reader: ConfigReader): void {
  const words = splitWords(line);
  if (words === null) throw new ConfigError('Unbalanced quotes in configuration line');
  const [first, ...rest] = words;
  if (first === undefined) return;
  const name = first.toLowerCase();
  if (findParameter(name) !== undefined) setParameter(values, name, rest, reader);
  else if (FORGOTTEN.has(name) && rest.length === 1) return;
  else if (name === 'include' && rest.length === 1)
    readInto(values, reader.read(rest[0] ?? ''), reader);
  else refuse(name, rest);
}

function setParameter(
  values: Map<string, string>,
  name: string,
  rest: readonly string[],
  reader: ConfigReader,
): void {
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

/** Directives that are not parameters: those that Redis knows are told apart. */
function refuse(name: string, rest: readonly string[]): void {
  if (name === 'rename-command' && rest.length === 2) {
    if (findCommand(rest[0] ?? '') === undefined) {
      throw new ConfigError('No such command in rename-command');
    }
    throw new ConfigError('rename-command is not supported in this version of Redstart');
  }
  if (name === 'user' && rest.length >= 1) {
    throw new ConfigError('users are not supported in this version of Redstart');
  }
  if (name === 'loadmodule' && rest.length >= 1) {
    throw new ConfigError('modules are not supported by Redstart');
  }
  if (name === 'sentinel' && rest.length >= 1) {
    throw new ConfigError('sentinel directive while not in sentinel mode');
  }
  throw new ConfigError(BAD_DIRECTIVE);
}
