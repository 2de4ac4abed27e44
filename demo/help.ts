/** `help`: what this console can do, and what a command does. */
import type { CommandDocs } from './command-docs.js';

const OVERVIEW = `Type a command and press Enter, as in redis-cli.

  help SET       what SET does and how it is called
  Tab            completes the name of a command; again for the next one
  Up, Down       lines typed before
  clear, Ctrl+L  an empty screen
  quit           closes the store, so that another tab can have it

  "a b\\x00"      quotes hold blanks; \\n \\r \\t \\xff inside double quotes
  SELECT 1       another database, HELLO 3 the newer protocol

Everything runs in a worker of this page. Nothing is sent anywhere.`;

/** The answer to `help` or `help WORDS`. */
export async function helpText(words: readonly string[], docs: CommandDocs): Promise<string> {
  if (words.length === 0) return OVERVIEW;
  const line = words.join(' ');
  await docs.loadNames();
  await docs.load(line);
  const found = docs.find(line);
  if (found === undefined) return `There is no command ${line.toUpperCase()}.`;
  const { doc } = found;
  const facts = [
    `  ${found.usage}`,
    `  summary: ${doc.summary ?? ''}`,
    `  since: ${doc.since ?? ''}`,
    `  group: ${doc.group ?? ''}`,
  ];
  const names = Object.keys(doc.subcommands ?? {}).map((name) => name.replace(/.*\|/, ''));
  if (names.length > 0) facts.push(`  subcommands: ${names.join(', ').toUpperCase()}`);
  return facts.join('\n');
}
