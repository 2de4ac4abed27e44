/**
 * Makes dist/command-docs.json, which COMMAND DOCS reads on demand, from src/commands/docs.jsonl.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, writeWhole } from './files.js';
import { program } from './program.js';

const SOURCE = join(ROOT, 'src/commands/docs.jsonl');
const TARGET = join(ROOT, 'dist/command-docs.json');

/** The text of command-docs.json: an array of the source's lines. */
export async function docsJson(): Promise<string> {
  const lines = (await readFile(SOURCE, 'utf8')).trimEnd().split('\n');
  return `[${lines.join(',\n')}]\n`;
}

/** Writes dist/command-docs.json. */
export async function buildDocs(): Promise<void> {
  await writeWhole(TARGET, await docsJson());
}

await program(import.meta.url, buildDocs);
