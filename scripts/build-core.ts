/**
 * Compiles assembly/ to one core.wasm: `buildCore()`.
 *
 * asc runs only when a source, its flags or asc itself has changed: the hash of all inputs
 * and of the output is kept in node_modules/.cache/redstart. The output is written beside
 * its place and renamed, so two builds at once cannot tear it.
 *
 * asc runs as a program of its own: loaded through tsx it would take ten seconds.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE, digest, ROOT, temporaryName, writeWhole } from './files.js';
import { generateTable } from './generate-table.js';
import { COLD_NAMES, markCold } from './mark-cold.js';
import { mergeSegments } from './merge-segments.js';

export interface CoreOptions {
  /** Keep assertions and function names, optimize little. */
  debug?: boolean;
  /** Leave out the second optimization, which takes most of the time: for development. */
  quick?: boolean;
  /** Default: dist/core.wasm (with `debug`: core.debug.wasm in node_modules/.cache/redstart). */
  outFile?: string;
}

const WASM_OPT = join(ROOT, 'node_modules/binaryen/bin/wasm-opt');
const ENTRY = 'assembly/index.ts';
const ASC = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
const REFUSE_MANAGED = './scripts/refuse-managed.js';
/** What else decides on the output. */
const STEPS = [REFUSE_MANAGED, ...['hot-functions', 'mark-cold', 'merge-segments'].map(stepFile)];
const FEATURES = ['--enable', 'simd,bulk-memory', '--runtime', 'stub', '--use', 'abort='];
const COMMON = [...FEATURES, '--bindings', 'none', '--transform', REFUSE_MANAGED, '--noColors'];
const QUICK = [...COMMON, '-O3', '--noAssert'];
/** wasm-opt does it all, and needs the names. */
const RELEASE = [...COMMON, '-O0', '--noAssert', '--debug'];
const BINARYEN_FEATURES = [
  'simd',
  'bulk-memory',
  'mutable-globals',
  'sign-ext',
  'nontrapping-float-to-int',
].map((feature) => `--enable-${feature}`);
/** Small, as text, with names. */
const SHRINK = [...BINARYEN_FEATURES, '-Os', '-g', '-S'];
/**
 * Engines of today call what is not inlined: once more, with larger limits, but only into hot
 * functions (docs/decisions/0012).
 */
const INLINE = [
  ...BINARYEN_FEATURES,
  `--no-inline=${COLD_NAMES}`,
  '-O3',
  '--always-inline-max-function-size=45',
  '--flexible-inline-max-function-size=160',
  '--one-caller-inline-max-function-size=2000',
];
const DEBUG = [...COMMON, '-O1', '--debug'];

/** Brings `outFile` up to date with assembly/. Throws asc's own message when it cannot. */
export async function buildCore(options: CoreOptions = {}): Promise<void> {
  const outFile = resolve(ROOT, options.outFile ?? defaultOutFile(options.debug ?? false));
  const flags = options.debug ? DEBUG : options.quick ? QUICK : RELEASE;
  const stampFile = join(CACHE, `core-${digest([outFile]).slice(0, 16)}.stamp`);
  await generateTable();
  const inputs = await hashInputs([...flags, ...SHRINK, ...INLINE]);
  if (await isCurrent(outFile, stampFile, inputs)) return;
  await compile(flags, outFile);
  await writeWhole(stampFile, stampOf(inputs, await readFile(outFile)));
}

function stepFile(name: string): string {
  return `scripts/${name}.ts`;
}

function defaultOutFile(debug: boolean): string {
  return debug ? join(CACHE, 'core.debug.wasm') : 'dist/core.wasm';
}

async function compile(flags: string[], outFile: string): Promise<void> {
  const temporary = `${temporaryName(outFile)}.wasm`;
  await mkdir(dirname(outFile), { recursive: true });
  try {
    await run(process.execPath, [ASC, ENTRY, ...flags, '--outFile', relative(ROOT, temporary)]);
    if (flags === RELEASE) await optimize(temporary);
    await rename(temporary, outFile);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes it small, then its hot functions fast. */
async function optimize(file: string): Promise<void> {
  const text = `${file}.wat`;
  try {
    await run(process.execPath, [WASM_OPT, ...SHRINK, file, '-o', text]);
    await writeFile(text, markCold(await readFile(text, 'utf8')));
    await run(process.execPath, [WASM_OPT, ...INLINE, text, '-o', file]);
    await writeFile(file, mergeSegments(await readFile(file)));
  } finally {
    await rm(text, { force: true });
  }
}

function run(program: string, args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    execFile(program, args, { cwd: ROOT }, (error, _stdout, stderr) => {
      if (error) fail(new Error(stderr.trim() || error.message));
      else done();
    });
  });
}

async function hashInputs(flags: string[]): Promise<string> {
  const sources = (await readdir(join(ROOT, 'assembly'), { recursive: true }))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('assembly', name))
    .sort();
  const asc = 'node_modules/assemblyscript/package.json';
  const parts: (string | Uint8Array)[] = [flags.join(' ')];
  for (const file of [...sources, ...STEPS, asc]) {
    parts.push(file, await readFile(join(ROOT, file)));
  }
  return digest(parts);
}

function stampOf(inputs: string, wasm: Uint8Array): string {
  return `${inputs}\n${digest([wasm])}\n`;
}

async function isCurrent(outFile: string, stampFile: string, inputs: string): Promise<boolean> {
  if (!existsSync(outFile) || !existsSync(stampFile)) return false;
  return (await readFile(stampFile, 'utf8')) === stampOf(inputs, await readFile(outFile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCore();
