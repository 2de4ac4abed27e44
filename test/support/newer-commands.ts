/** The commands of later Redis versions than 7.0.15, which redis-server cannot tell of. */
import { readFileSync } from 'node:fs';
import type { CommandDoc } from '../../src/commands/docs.js';

const DOCS = new URL('../../src/commands/docs.jsonl', import.meta.url);
const FIRST_NEWER = [7, 2];

function isNewer({ since }: CommandDoc): boolean {
  const [major = 0, minor = 0] = since.split('.').map(Number);
  const [firstMajor = 0, firstMinor = 0] = FIRST_NEWER;
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

export const NEWER_COMMANDS: ReadonlySet<string> = new Set(
  readFileSync(DOCS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CommandDoc)
    .filter(isNewer)
    .map(({ name }) => name),
);
