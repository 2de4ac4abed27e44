/**
 * Writes docs/COMPATIBILITY.md from the command table: every command of Redis 7.0.15, and whether
 * this version has it. With `--check` nothing is written; it fails when the page is stale.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandDoc } from '../src/commands/docs.js';
import { CommandFlag } from '../src/commands/flags.js';
import type { CommandRow } from '../src/commands/row.js';
import { COMMANDS } from '../src/commands/table.js';
import { docsJson } from './build-docs.js';
import { ROOT, writeWhole } from './files.js';
import { program } from './program.js';

const PAGE = join(ROOT, 'docs/COMPATIBILITY.md');
const COMMAND = 'npx tsx scripts/generate-compatibility.ts';

const HEADER = `<!-- Written by scripts/generate-compatibility.ts from src/commands/table.ts: do not edit. -->

# Compatibility

Redstart follows Redis 7.0.15. This page lists every command of that version, and whether this
version of Redstart has it. A command that it does not have yet is known all the same: COMMAND
describes it, a wrong number of arguments gets the error of Redis, and calling it answers
\`ERR command 'lpush' is not implemented in this version of Redstart\`.

Where COMMAND differs on purpose: commands come in the order of our table instead of a hash
table's; summaries, notes and replacements in COMMAND DOCS and COMMAND INFO are in our own words;
COMMAND DOCS does not tell the history of changes.
`;

/** The page for these rows. */
function compatibilityPage(rows: readonly CommandRow[], docs: readonly CommandDoc[]): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const callable = rows.filter(isCallable);
  const there = callable.filter(isImplemented);
  const sections = groups.map((group) =>
    groupSection(
      group,
      rows.filter((row) => row.group === group),
      docs,
    ),
  );
  return [
    HEADER,
    `**${there.length} of ${callable.length}** commands and subcommands are implemented.\n`,
    overview(groups, callable),
    ...sections,
  ].join('\n');
}

function overview(groups: readonly string[], callable: readonly CommandRow[]): string {
  const lines = groups.map((group) => {
    const rows = callable.filter((row) => row.group === group);
    const link = `[${group}](#${group})`;
    return `| ${link} | ${rows.filter(isImplemented).length} | ${rows.length} |\n`;
  });
  return `| group | implemented | of |\n| --- | ---: | ---: |\n${lines.join('')}`;
}

function groupSection(
  group: string,
  rows: readonly CommandRow[],
  docs: readonly CommandDoc[],
): string {
  const lines = rows.map((row) => {
    const doc = docs.find(({ name }) => name === row.name);
    return `| ${spoken(row)} | ${doc?.since ?? ''} | ${stateOf(row)} | ${doc?.summary ?? ''} |\n`;
  });
  const head = '| command | since Redis | here | what it does |\n| --- | --- | --- | --- |\n';
  return `## ${group}\n\n${head}${lines.join('')}`;
}

/** `OBJECT ENCODING` */
function spoken({ name }: CommandRow): string {
  return `\`${name.toUpperCase().replace('|', ' ')}\``;
}

function stateOf(row: CommandRow): string {
  if (isCallable(row)) return isImplemented(row) ? 'yes' : 'not yet';
  const subcommands = row.subcommands.map((id) => COMMANDS[id] as CommandRow);
  return `${subcommands.filter(isImplemented).length} of ${subcommands.length}`;
}

/** False for what only groups subcommands. */
function isCallable({ handler }: CommandRow): boolean {
  return handler !== 'container';
}

function isImplemented(row: CommandRow): boolean {
  return isCallable(row) && !(row.flags & CommandFlag.LATER);
}

await program(import.meta.url, async (args) => {
  const page = compatibilityPage(COMMANDS, JSON.parse(await docsJson()) as CommandDoc[]);
  if (!args.includes('--check')) return writeWhole(PAGE, page);
  const written = await readFile(PAGE, 'utf8').catch(() => '');
  if (written !== page) throw new Error(`docs/COMPATIBILITY.md is stale: run ${COMMAND}`);
});
