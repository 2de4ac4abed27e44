/**
 * Writes docs/COMPATIBILITY.md from the command table: every command of Redis 7.0.15, whether
 * this version has it, and in how many cases its tests use it, with the day of the count. With
 * `--check` nothing is written; it fails when the page is stale. Numbers of tests may be: they are
 * those of their day.
 */
import { readdir, readFile } from 'node:fs/promises';
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
version of Redstart has it. A command that it does not have is known all the same: COMMAND
describes it, a wrong number of arguments gets the error of Redis, and calling it answers that it
is not implemented in this version of Redstart.

Some commands are there and have nothing to do, because a store stands alone: they answer what
redis-server answers that has no replicas, no cluster and no modules. CLUSTER and its kin say that
cluster support is disabled, MODULE LIST is empty, ROLE is a master without replicas. Where
redis-server would reach for another server, the answer is its error for one that cannot be reached
(MIGRATE), or one of our own (REPLICAOF with a host, PSYNC).

Where COMMAND differs on purpose: commands come in the order of our table instead of a hash
table's; summaries, notes and replacements in COMMAND DOCS and COMMAND INFO are in our own words;
COMMAND DOCS does not tell the history of changes.
`;

const TEST_FOLDERS = ['test/commands', 'test/formats', 'test/server'];
const CASE = /^(?=\s*(?:given|test|it)(?:\.\w+)*\()/m;

/** The page for these rows. */
function compatibilityPage(
  rows: readonly CommandRow[],
  docs: readonly CommandDoc[],
  cases: readonly string[],
): string {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const callable = rows.filter(isCallable);
  const there = callable.filter(isImplemented);
  const sections = groups.map((group) =>
    groupSection(
      group,
      rows.filter((row) => row.group === group),
      docs,
      cases,
    ),
  );
  return [
    HEADER,
    `**${there.length} of ${callable.length}** commands and subcommands are implemented.`,
    `Counted on ${today()}: ${cases.length.toLocaleString('en')} cases of tests in`,
    `${TEST_FOLDERS.join(', ')}. The numbers below tell in how many of them`,
    'a command is used; what is generated beside them (test/differential) is not counted.\n',
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
  cases: readonly string[],
): string {
  const lines = rows.map((row) => {
    const doc = docs.find(({ name }) => name === row.name);
    const state = `${stateOf(row)} | ${casesOf(row, cases)}`;
    return `| ${spoken(row)} | ${doc?.since ?? ''} | ${state} | ${doc?.summary ?? ''} |\n`;
  });
  const head =
    '| command | since Redis | here | cases | what it does |\n| --- | --- | --- | ---: | --- |\n';
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

// Tests

/** The text of every test case, its words apart by one space: quotes and commas are none. */
async function testCases(): Promise<string[]> {
  const cases: string[] = [];
  for (const folder of TEST_FOLDERS) {
    for (const name of (await readdir(join(ROOT, folder))).sort()) {
      if (!name.endsWith('.test.ts')) continue;
      const [, ...found] = (await readFile(join(ROOT, folder, name), 'utf8')).split(CASE);
      cases.push(...found.map((text) => ` ${text.replace(/[\s'"`,;:()[\]]+/g, ' ')} `));
    }
  }
  return cases;
}

/** In how many cases the command stands as it is sent; empty for what is not there. */
function casesOf(row: CommandRow, cases: readonly string[]): string {
  if (!isImplemented(row)) return '';
  const name = ` ${row.name.toUpperCase().replace('|', ' ')} `;
  return String(cases.filter((text) => text.includes(name)).length);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The page without what was counted. */
function uncounted(page: string): string {
  return page.replace(/Counted on .* cases of/, '').replace(/\| \d+ \| (?=[^|\d])/g, '| | ');
}

await program(import.meta.url, async (args) => {
  const page = compatibilityPage(
    COMMANDS,
    JSON.parse(await docsJson()) as CommandDoc[],
    await testCases(),
  );
  if (!args.includes('--check')) return writeWhole(PAGE, page);
  const written = await readFile(PAGE, 'utf8').catch(() => '');
  if (uncounted(written) !== uncounted(page))
    throw new Error(`docs/COMPATIBILITY.md is stale: run ${COMMAND}`);
});
