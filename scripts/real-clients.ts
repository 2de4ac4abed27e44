/**
 * `npx tsx scripts/real-clients.ts [SCENARIO ...]`: builds, installs libraries that speak Redis from
 * npm, unmodified and in these very versions, into a folder outside of the repository, and has each
 * use our server (or the one at REDIS_PORT) as its users do. docs/CLIENTS.md tells what came out.
 *
 * A scenario is a file of scripts/real-clients/, run by Node beside the libraries.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.js';
import { ROOT } from './files.js';
import { program } from './program.js';
import { setup } from './setup.js';

const FOLDER = join(ROOT, 'scripts/real-clients');
const SCENARIOS = 'ioredis node-redis bullmq bull sessions rate-limits redlock caches'.split(' ');
const LIBRARIES: Readonly<Record<string, string>> = {
  '@keyv/redis': '5.1.6',
  bull: '4.16.5',
  bullmq: '6.7.0',
  'cache-manager': '7.2.9',
  'connect-redis': '9.0.0',
  express: '5',
  'express-rate-limit': '8.7.5',
  'express-session': '1.19.0',
  ioredis: '6.0.0',
  keyv: '5.6.0',
  'rate-limit-redis': '6.0.1',
  'rate-limiter-flexible': '11.4.0',
  redis: '6.3.1',
  redlock: '4.2.0',
};

await program(import.meta.url, async (args) => {
  const chosen = args.length > 0 ? args : SCENARIOS;
  const folder = await install();
  const given = process.env.REDIS_PORT;
  const server = given === undefined ? await startServer() : null;
  try {
    const port = given ?? String(server?.port);
    const failed = chosen.filter((name) => !passes(folder, name, port));
    if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
  } finally {
    server?.stop();
  }
});

/** Installs what is not there yet; the folder. */
async function install(): Promise<string> {
  const folder = join(tmpdir(), 'redstart-real-clients');
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, type: 'module', dependencies: LIBRARIES };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = { cwd: folder, stdio: 'inherit' } as const;
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  await cp(FOLDER, folder, { recursive: true });
  return folder;
}

async function startServer(): Promise<{ readonly port: number; stop(): void }> {
  await setup();
  await build();
  const port = 20_000 + (process.pid % 10_000);
  const args = [join(ROOT, 'dist/redstart-server.js'), '--port', String(port)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the server did not start')));
    child.stdout.on('data', (text) => {
      if (String(text).includes('Ready to accept connections')) resolve();
    });
  });
  return { port, stop: () => child.kill() };
}

function passes(folder: string, name: string, port: string): boolean {
  process.stdout.write(`\n${name}\n`);
  try {
    const env = { ...process.env, REDIS_PORT: port };
    execFileSync(process.execPath, [join(folder, `${name}.mjs`)], { stdio: 'inherit', env });
    return true;
  } catch {
    return false;
  }
}
