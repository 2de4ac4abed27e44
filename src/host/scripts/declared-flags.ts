/**
 * What a command that executes a script or function is taken for: a script that declares flags is
 * one that writes, or one that does not, whatever the command by which it is called.
 */

import { asciiText } from '../../commands/ascii.js';
import { CommandFlag } from '../../commands/flags.js';
import type { CommandRow } from '../../commands/row.js';
import type { Host } from '../host.js';
import { parseScript, ShebangError } from './shebang.js';

/** What may change data, here or elsewhere. */
export const WRITE_LIKE = CommandFlag.WRITE | CommandFlag.MAY_REPLICATE;

type Declared = Iterable<string> | null;

/** Null for what is not there, or declares nothing. */
const DECLARED: Readonly<Record<string, (host: Host, what: Uint8Array) => Declared>> = {
  eval: (_, code) => flagsOfCode(code),
  evalsha: ({ scripts }, name) => scripts.find(asciiText(name).toLowerCase())?.flags ?? null,
  // Libraries of the journal are read when lua.wasm is there.
  fcall: ({ scripts }, name) =>
    scripts.isLoaded ? (scripts.libraries.find(asciiText(name))?.flags ?? null) : null,
};

/** The flags of a command as it was called; `args` are only read if they tell. */
export function flagsOfCall(host: Host, row: CommandRow, args: () => readonly Uint8Array[]) {
  const { flags, group, name } = row;
  const read = group === 'scripting' ? DECLARED[name.replace(/_ro$/, '')] : undefined;
  const what = read === undefined ? undefined : args()[1];
  const declared = what === undefined ? null : (read?.(host, what) ?? null);
  if (declared === null) return flags;
  const words = new Set(declared);
  if (words.has('no-writes')) return flags & ~WRITE_LIKE;
  return flags | CommandFlag.WRITE | (words.has('allow-oom') ? 0 : CommandFlag.DENYOOM);
}

function flagsOfCode(code: Uint8Array): Declared {
  try {
    return parseScript(code).flags;
  } catch (error) {
    if (error instanceof ShebangError) return null;
    throw error;
  }
}
