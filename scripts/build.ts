/**
 * Builds the package into dist/: core.wasm, command-docs.json, one JavaScript file per entry, and
 * the types.
 *
 * - Entries are bundled with esbuild and nothing else, because it leaves
 *   `new URL('./worker.js', import.meta.url)` as written: that is what the bundlers of those
 *   who use the package look for. The relative addresses in src/ are those of dist/.
 * - Dependencies are bundled in, so a page needs no import map and Node no installation.
 * - Nothing is minified: an application's bundler does that, with the worker and everything
 *   else; whoever takes the files as they are can read them, and their stack traces.
 * - dist/types are the declarations of all of src/.
 */
import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build as bundle } from 'esbuild';
import { buildCore } from './build-core.js';
import { buildDocs } from './build-docs.js';
import { ROOT } from './files.js';
import { program, run, tool } from './program.js';

const BROWSER_ENTRIES = {
  index: 'src/index.ts',
  core: 'src/core.ts',
  worker: 'src/worker/worker.ts',
};
const NODE_ENTRIES = {
  node: 'src/node.ts',
  'redstart-server': 'src/server/redstart-server.ts',
};
/** Gives a `Buffer` to the parts of node-redis that want one; dropped where nothing does. */
const BUFFER_SHIM = 'src/client/buffer-shim.ts';

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  logLevel: 'warning',
};

/** All but the types: enough to run everything. */
export async function buildCode(): Promise<void> {
  await Promise.all([buildCore(), buildDocs(), bundleBrowser(), bundleNode()]);
}

/** All of dist/. */
export async function build(): Promise<void> {
  await Promise.all([buildCode(), emitTypes()]);
}

async function bundleBrowser(): Promise<void> {
  await bundle({
    ...COMMON,
    entryPoints: existing(BROWSER_ENTRIES),
    platform: 'browser',
    inject: existsSync(join(ROOT, BUFFER_SHIM)) ? [BUFFER_SHIM] : [],
  });
}

async function bundleNode(): Promise<void> {
  const entryPoints = existing(NODE_ENTRIES);
  await bundle({ ...COMMON, entryPoints, platform: 'node', target: 'node20' });
  if ('redstart-server' in entryPoints) await chmod(join(ROOT, 'dist/redstart-server.js'), 0o755);
}

async function emitTypes(): Promise<void> {
  const { status, output } = await run(tool('tsc'), ['-p', 'scripts/tsconfig.types.json'], {
    capture: true,
  });
  if (status !== 0) throw new Error(output.trim());
}

/** Bring-up: entries appear one after the other. */
function existing(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, file]) => existsSync(join(ROOT, file))),
  );
}

await program(import.meta.url, build);
