/**
 * Finds what the tests need beside npm packages: Chromium, redis-server as the oracle, and a
 * Python that has redis-py.
 *
 * Looks at CHROMIUM_PATH, REDIS_SERVER_PATH and PYTHON_PATH, then in PATH. What is missing is installed
 * from Debian's packages when we are root there; otherwise one line says what to install.
 * Afterwards all variables are set for the tests.
 */
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { program, run } from './program.js';

interface Need {
  variable: 'CHROMIUM_PATH' | 'REDIS_SERVER_PATH' | 'PYTHON_PATH';
  names: string[];
  /** Arguments with which the right program succeeds. */
  proof?: string[];
  debianPackage: string;
}

const NEEDS: Need[] = [
  {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    debianPackage: 'chromium',
  },
  { variable: 'REDIS_SERVER_PATH', names: ['redis-server'], debianPackage: 'redis-server' },
  {
    variable: 'PYTHON_PATH',
    names: ['python3'],
    proof: ['-c', 'import redis'],
    debianPackage: 'python3-redis',
  },
];

/** Sets the variables of all needs, or throws the line that says what to install. */
export async function setup(): Promise<void> {
  const missing = await findAll();
  if (missing.length === 0) return;
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (canInstall) await install(missing.map((need) => need.debianPackage));
  const stillMissing = canInstall ? await findAll() : missing;
  if (stillMissing.length > 0) throw new Error(whatToInstall(stillMissing));
}

async function findAll(): Promise<Need[]> {
  const missing: Need[] = [];
  for (const need of NEEDS) {
    const path = await find(need);
    if (path === undefined) missing.push(need);
    else process.env[need.variable] = path;
  }
  return missing;
}

async function find({ variable, names, proof }: Need): Promise<string | undefined> {
  const given = process.env[variable];
  if (given) {
    if (await isExecutable(given)) return given;
    throw new Error(`${variable} names ${given}, which cannot be executed`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if ((await isExecutable(path)) && (await proves(path, proof))) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function proves(path: string, proof: readonly string[] | undefined): Promise<boolean> {
  if (proof === undefined) return true;
  const { status } = await run(path, [...proof], { capture: true });
  return status === 0;
}

async function install(packages: string[]): Promise<void> {
  console.log(`installing ${packages.join(', ')} from Debian's packages`);
  // RUNLEVEL=1: a package's service is not started.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const steps = [['update'], ['install', '-y', '--no-install-recommends', ...packages]];
  for (const step of steps) {
    const { status, output } = await run('apt-get', ['-q', ...step], { capture: true, env });
    if (status !== 0) console.error(`apt-get ${step[0]}: ${output.trim()}`);
  }
}

function whatToInstall(needs: Need[]): string {
  const packages = needs.map((need) => need.debianPackage).join(' ');
  const variables = needs.map((need) => need.variable).join(', ');
  return `The tests need ${packages}: install it (Debian: apt-get install ${packages}) or set ${variables}.`;
}

await program(import.meta.url, setup);
