/** Configuration from a file, standard input and options, in this order; the last word wins. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { matchesGlob } from '../host/glob.js';
import type { Log } from '../host/host.js';
import type { RunArguments } from './arguments.js';
import { type ConfigReader, readConfig } from './config-file.js';
import { systemErrorText } from './system-errors.js';

/** A configuration file that cannot be read. */
export class ConfigOpenError extends Error {
  override name = 'ConfigOpenError';
}

const STDIN = 0;

/** Values by parameter. Changes the directory if `dir` says so. */
export function loadConfiguration(args: RunArguments, log: Log): Map<string, string> {
  let text = args.configFile === null ? '' : readFiles(args.configFile);
  if (args.fromStdin) {
    log('warning', 'Reading config from stdin');
    text += readFileSync(STDIN, 'utf8');
  }
  if (args.options !== null) text += `\n${args.options}`;
  return readConfig(text, NODE_READER);
}

const NODE_READER: ConfigReader = { read: readFiles, changeDirectory };

function changeDirectory(path: string): string | null {
  try {
    process.chdir(path);
    return null;
  } catch (error) {
    return systemErrorText(error);
  }
}

/** The text of a file, or of all files that a pattern matches, in order; none is no mistake. */
function readFiles(path: string): string {
  if (!/[*?[]/.test(path)) return readOne(path);
  return expand(path).map(readOne).join('');
}

function expand(pattern: string): string[] {
  const directory = dirname(pattern);
  const parents = /[*?[]/.test(directory) ? expand(directory) : [directory];
  return parents.flatMap((parent) =>
    namesIn(parent)
      .filter((name) => !name.startsWith('.') && matchesGlob(basename(pattern), name))
      .sort()
      .map((name) => join(parent, name)),
  );
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readOne(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigOpenError(
      `Fatal error, can't open config file '${path}': ${systemErrorText(error)}`,
    );
  }
}
