/**
 * What a half-typed command name may become. Names are those of COMMAND LIST, and of a command's
 * subcommands: `get`, `client|list`.
 */

/** Up to which word of the line the names have a say, and what they offer. */
export interface Offer {
  /** Whole lines, each a candidate in place of what was typed. */
  readonly lines: readonly string[];
  /** The same, only the words that are offered. */
  readonly words: readonly string[];
}

const NOTHING: Offer = { lines: [], words: [] };

/** The first word of the line, in small letters; empty if there is none. */
export function commandName(line: string): string {
  return (/^\s*(\S+)/.exec(line)?.[1] ?? '').toLowerCase();
}

/** Candidates for the word that the line ends with. `subcommands` are those of the first word. */
export function complete(
  line: string,
  commands: readonly string[],
  subcommands: readonly string[],
): Offer {
  const first = /^(\s*)(\S+)$/.exec(line);
  if (first !== null) return offer(first[1] as string, first[2] as string, commands);
  const second = /^(\s*\S+\s+)(\S*)$/.exec(line);
  if (second === null) return NOTHING;
  const words = subcommands.map((name) => name.slice(name.indexOf('|') + 1));
  return offer(second[1] as string, second[2] as string, words, isSmall(second[1] as string));
}

function offer(
  before: string,
  typed: string,
  names: readonly string[],
  small = isSmall(typed),
): Offer {
  const start = typed.toLowerCase();
  const words = names
    .filter((name) => name.startsWith(start))
    .sort()
    .map((name) => (small ? name : name.toUpperCase()));
  return { words, lines: words.map((word) => before + word) };
}

/** Whoever types small letters goes on with them. */
function isSmall(text: string): boolean {
  return text !== text.toUpperCase();
}
