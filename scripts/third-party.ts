/**
 * dist/THIRD-PARTY-LICENSES.txt: what is bundled into dist/, and under which terms.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT, writeWhole } from './files.js';

interface Manifest {
  name: string;
  version: string;
  license: string;
  homepage?: string;
  repository?: { url: string };
}

const RULE = '-'.repeat(80);
/** Of which something is in dist/ that is no JavaScript: lua.wasm. */
const BINARIES = ['node_modules/lua-redis-wasm'];
const NOTICE = /^(licen[sc]e|third_party_notices)/i;

/** Writes it for all packages of which something is in these bundles. */
export async function writeThirdPartyLicenses(bundles: Metafile[]): Promise<void> {
  const folders = new Set([...BINARIES, ...bundles.flatMap(packageFolders)]);
  const notices = await Promise.all([...folders].sort().map(noticeOf));
  const text = `Redstart contains code of these packages.\n\n${notices.join(`\n${RULE}\n\n`)}`;
  await writeWhole(join(ROOT, 'dist/THIRD-PARTY-LICENSES.txt'), text);
}

function packageFolders({ outputs }: Metafile): string[] {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0])
    .filter((folder) => folder !== undefined);
}

async function noticeOf(folder: string): Promise<string> {
  const text = await readFile(join(ROOT, folder, 'package.json'), 'utf8');
  const { name, version, license, homepage, repository } = JSON.parse(text) as Manifest;
  const address = homepage ?? repository?.url ?? repository;
  const files = (await readdir(join(ROOT, folder))).filter((file) => NOTICE.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, folder, file), 'utf8')));
  return [`${name} ${version} (${license}) ${address}\n`, ...texts].join('\n');
}
