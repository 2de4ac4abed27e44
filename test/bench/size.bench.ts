/**
 * How much does a page load? Everything minified and as brotli at its highest level, as a good
 * server sends it: the core, the bare client, node-redis's client, the worker, and all that the
 * built demo asks for until it is ready.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { transform } from 'esbuild';
import { build as buildDemo } from 'vite';
import { ROOT } from '../../scripts/files.js';
import { launchChromium, type ServedFile, servePage } from '../support/browser.js';
import { printTable } from './support/report.js';

const PARTS: readonly (readonly [name: string, file: string, budget: string])[] = [
  ['core.wasm', 'dist/core.wasm', '60'],
  ['bare client (core.js)', 'dist/core.js', '6'],
  ['createClient (index.js)', 'dist/index.js', ''],
  ['worker.js', 'dist/worker.js', ''],
];
const DEMO_BUDGET = '120';

export async function run(): Promise<void> {
  const rows: string[][] = [];
  for (const [name, file, budget] of PARTS) {
    const bytes = await readFile(join(ROOT, file));
    const shipped = file.endsWith('.js') ? await minified(bytes) : bytes;
    rows.push([name, ...kilobytes(shipped), budget]);
  }
  if (existsSync(join(ROOT, 'demo/index.html'))) rows.push(...(await demoRows()));
  else console.log('there is no demo/index.html yet');
  printTable(['', 'kB', 'kB brotli', 'budget'], rows);
}

async function minified(bytes: Uint8Array): Promise<Uint8Array> {
  const { code } = await transform(Buffer.from(bytes).toString(), {
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  });
  return Buffer.from(code);
}

function kilobytes(bytes: Uint8Array): string[] {
  return [bytes.length, brotli(bytes)].map((size) => (size / 1000).toFixed(1));
}

function brotli(bytes: Uint8Array): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return brotliCompressSync(bytes, { params }).length;
}

/** Builds the demo as `npm start` does, but elsewhere, and lets Chromium load it. */
async function demoRows(): Promise<string[][]> {
  const outDir = await mkdtemp(join(tmpdir(), 'redstart-demo-'));
  try {
    await buildDemo({
      configFile: join(ROOT, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir },
    });
    const files = await loadedFiles(outDir);
    const total = [...files.values()].reduce((sum, bytes) => sum + brotli(bytes), 0);
    const raw = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    const each = [...files].map(([path, bytes]) => [`  ${path}`, ...kilobytes(bytes), '']);
    return [
      ['all that the demo loads', (raw / 1000).toFixed(1), (total / 1000).toFixed(1), DEMO_BUDGET],
      ...each,
    ];
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** What Chromium asks for until nothing is under way any more, by path. */
async function loadedFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const built = await readAll(folder);
  const asked = new Map<string, Uint8Array>();
  const server = await servePage(noting(built, asked));
  const browser = await launchChromium();
  try {
    const page = await browser.context.newPage();
    await page.goto(server.origin, { waitUntil: 'networkidle' });
    return asked;
  } finally {
    await browser.close();
    await server.close();
  }
}

async function readAll(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file)}`, await readFile(file));
  }
  return files;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Files to be served; each is noted down in `asked` when it is asked for. */
function noting(
  built: ReadonlyMap<string, Uint8Array>,
  asked: Map<string, Uint8Array>,
): Record<string, ServedFile> {
  const files: Record<string, ServedFile> = {};
  for (const [path, body] of built) {
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const note = () => {
      asked.set(path, body);
      return { type, body };
    };
    const url = path === '/index.html' ? '/' : path;
    Object.defineProperty(files, url, { get: note, enumerable: true });
  }
  return files;
}
