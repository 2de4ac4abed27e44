/**
 * The first line of a script or library: `#!lua flags=no-writes,allow-oom` or `#!lua name=mylib`.
 */
import { splitWords } from '../quoting.js';

const LF = 0x0a;
const HASH = 0x23;
const BANG = 0x21;
const decoder = new TextDecoder('latin1');

/** What a script or function declares about itself. */
export const SCRIPT_FLAGS: ReadonlySet<string> = new Set([
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
]);

export interface Script {
  /** What Lua gets: from the end of the shebang on, so that lines keep their numbers. */
  readonly source: Uint8Array;
  /** Null without a shebang: then the script may do what scripts could before there were any. */
  readonly flags: ReadonlySet<string> | null;
}

export interface LibraryCode {
  readonly name: string;
  readonly source: Uint8Array;
}

/** A mistake in a shebang; the message is the error reply. */
export class ShebangError extends Error {}

export function parseScript(code: Uint8Array): Script {
  if (!hasShebang(code)) return { source: code, flags: null };
  const end = code.indexOf(LF);
  if (end < 0) throw new ShebangError('ERR Invalid script shebang');
  const words = splitWords(decoder.decode(code.subarray(0, end)));
  if (words === null || words.length === 0) {
    throw new ShebangError('ERR Invalid engine in script shebang');
  }
  const [engine = '', ...options] = words;
  if (engine !== '#!lua')
    throw new ShebangError(`ERR Unexpected engine in script shebang: ${engine}`);
  const flags = new Set<string>();
  for (const option of options) {
    if (!option.startsWith('flags=')) {
      throw new ShebangError(`ERR Unknown lua shebang option: ${option}`);
    }
    addFlags(flags, option.slice('flags='.length));
  }
  return { source: code.subarray(end), flags };
}

function addFlags(flags: Set<string>, list: string): void {
  if (list === '') return;
  for (const flag of list.split(',')) {
    if (!SCRIPT_FLAGS.has(flag)) {
      throw new ShebangError(`ERR Unexpected flag in script shebang: ${flag}`);
    }
    flags.add(flag);
  }
}

export function parseLibrary(code: Uint8Array): LibraryCode {
  if (!hasShebang(code)) throw new ShebangError('ERR Missing library metadata');
  const end = code.indexOf(LF);
  const words = end < 0 ? null : splitWords(decoder.decode(code.subarray(0, end)));
  if (words === null || words.length === 0) throw new ShebangError('ERR Invalid library metadata');
  const [engine = '', ...options] = words;
  let name: string | null = null;
  for (const option of options) {
    if (!option.toLowerCase().startsWith('name=')) {
      throw new ShebangError(`ERR Invalid metadata value given: ${option}`);
    }
    if (name !== null) {
      throw new ShebangError('ERR Invalid metadata value, name argument was given multiple times');
    }
    name = option.slice('name='.length);
  }
  if (name === null) throw new ShebangError('ERR Library name was not given');
  if (!/^[A-Za-z0-9_]+$/.test(name)) {
    throw new ShebangError(
      'ERR Library names can only contain letters, numbers, or underscores(_) and must be at ' +
        'least one character long',
    );
  }
  if (engine.slice(2).toLowerCase() !== 'lua') {
    throw new ShebangError(`ERR Engine '${engine.slice(2)}' not found`);
  }
  return { name, source: code.subarray(end) };
}

function hasShebang(code: Uint8Array): boolean {
  return code[0] === HASH && code[1] === BANG;
}
