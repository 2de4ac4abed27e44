/**
 * Builds the package into dist/: core.wasm, command-docs.json, one JavaScript file per entry, and
 * the types.
 *
 * - Entries are bundled with esbuild and nothing else, because it leaves
 *   `new URL('./worker.js', import.meta.url)` as written: that is what the bundlers of those
 *   who use the package look for. The relative addresses in src/ are those of dist/.
 * - Dependencies are bundled in, with their licences, so a page needs no import map. Only
 *   @redis/client, which our types refer to, is installed with the package.
 * - Nothing is minified: an application's bundler does that, with the worker and everything
 *   else; whoever takes the files as they are can read them, and their stack traces.
 * - dist/types are the declarations of all of src/.
 */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build as bundle, type Metafile } from 'esbuild';
import { buildCore } from './build-core.js';
import { buildDocs } from './build-docs.js';
import { buildLua } from './build-lua.js';
import { ROOT } from './files.js';
import { program, run, tool } from './program.js';
import { writeThirdPartyLicenses } from './third-party.js';

const BROWSER_ENTRIES = {
  index: 'src/index.ts',
  core: 'src/core.ts',
  worker: 'src/worker/worker.ts',
};
const NODE_ENTRIES = {
  node: 'src/node.ts',
  'redstart-server': 'src/server/redstart-server.ts',
  'redstart-check': 'src/server/redstart-check.ts',
};
/** Gives a `Buffer` to the parts of node-redis that want one; dropped where nothing does. */
const BUFFER_SHIM = 'src/client/buffer-shim.ts';

const COMMON = {
  absWorkingDir: ROOT,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/** All but the types: enough to run everything. `quick` as for the core. */
export async function buildCode(quick = false): Promise<void> {
  await Promise.all([buildCore({ quick }), buildLua(), buildDocs(), bundleAll()]);
}

/** All of dist/. */
export async function build(): Promise<void> {
  await Promise.all([buildCode(), emitTypes()]);
}

async function bundleAll(): Promise<void> {
  await writeThirdPartyLicenses(await Promise.all([bundleBrowser(), bundleNode()]));
}

async function bundleBrowser(): Promise<Metafile> {
  const { metafile } = await bundle({
    ...COMMON,
    entryPoints: BROWSER_ENTRIES,
    platform: 'browser',
    inject: [BUFFER_SHIM],
  });
  return metafile;
}

async function bundleNode(): Promise<Metafile> {
  const { metafile } = await bundle({
    ...COMMON,
    entryPoints: NODE_ENTRIES,
    platform: 'node',
    target: 'node20',
  });
  for (const name of ['redstart-server', 'redstart-check']) {
    await chmod(join(ROOT, `dist/${name}.js`), 0o755);
  }
  return metafile;
}

async function emitTypes(): Promise<void> {
  const { status, output } = await run(tool('tsc'), ['-p', 'scripts/tsconfig.types.json'], {
    capture: true,
  });
  if (status !== 0) throw new Error(output.trim());
}

await program(import.meta.url, build);
