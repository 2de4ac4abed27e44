/**
 * The command line of redis-server:
 *
 *   redstart-server [/path/to/redis.conf] [--name value ...] [-]
 *
 * Options become lines of configuration that come after those of the file and of standard input
 * (`-`), so the last one wins.
 */
import { quote, splitWords } from '../host/quoting.js';

export type CommandLine = { readonly kind: Question } | RunArguments;

/** What is answered without starting. */
export type Question = 'version' | 'help' | 'test-memory' | 'check-system' | 'sentinel';

export interface RunArguments {
  readonly kind: 'run';
  /** As given; null without one. */
  readonly configFile: string | null;
  readonly fromStdin: boolean;
  /** Lines of configuration; null when there were no arguments at all. */
  readonly options: string | null;
}

const ASKING: Readonly<Record<string, Question>> = {
  '-v': 'version',
  '--version': 'version',
  '-h': 'help',
  '--help': 'help',
  '--test-memory': 'test-memory',
  '--check-system': 'check-system',
};

/** Reads `args`, the words behind the program's name. */
export function parseArguments(args: readonly string[]): CommandLine {
  if (args.includes('--sentinel')) return { kind: 'sentinel' };
  const first = args[0];
  if (first === undefined) {
    return { kind: 'run', configFile: null, fromStdin: false, options: null };
  }
  const asking = Object.hasOwn(ASKING, first) ? ASKING[first] : undefined;
  if (asking !== undefined) return { kind: asking };
  const hasFile = !first.startsWith('-');
  const rest = hasFile ? args.slice(1) : args;
  const isStdin = (at: number) => {
    const outer = (!hasFile && at === 0) || at === rest.length - 1;
    return rest[at] === '-' && outer;
  };
  return {
    kind: 'run',
    configFile: hasFile ? first : null,
    fromStdin: rest.some((_, at) => isStdin(at)),
    options: optionLines(rest.filter((_, at) => !isStdin(at))),
  };
}

/**
 * `--port 7000 --save ''` as lines. A word that begins with `--` is a value if the option before
 * it has none yet; only `--save` may go without.
 */
function optionLines(words: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  let hasValue = true;
  for (const [at, word] of words.entries()) {
    if (!hasValue || !word.startsWith('--')) {
      line += `${quote(word)} `;
      hasValue = true;
      continue;
    }
    if (line !== '') lines.push(line);
    line = `${word.slice(2)} `;
    hasValue = (splitWords(word)?.length ?? 0) !== 1;
    const next = words[at + 1];
    const optionFollows = next === undefined || next.startsWith('--');
    if (!hasValue && word.toLowerCase() === '--save' && optionFollows) {
      line += '""';
      hasValue = next !== undefined;
    }
  }
  return [...lines, line].join('\n');
}
