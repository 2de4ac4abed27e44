/**
 * What the scripts share about programs: being one, and starting others.
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './files.js';

/** Runs `main` when the module at `url` is the program; a mistake is one message, not a stack. */
export async function program(url: string, main: (args: string[]) => Promise<void>): Promise<void> {
  const started = process.argv[1];
  if (started === undefined || realpathSync(started) !== fileURLToPath(url)) return;
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * Calls `end` when the shell that npm started us in is gone: a signal to npm ends that shell,
 * but does not reach what runs in it.
 */
export function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    end();
  }, 250);
  look.unref();
}

export interface Finished {
  status: number;
  /** What it wrote, standard output and error as they came; empty unless captured. */
  output: string;
}

export interface RunOptions {
  /** Keep what it writes instead of passing it on. */
  capture?: boolean;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. One that cannot be started has the status 127. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    const keep = (bytes: Buffer) => {
      output += bytes.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => done({ status: 127, output: error.message }));
    child.on('close', (status) => done({ status: status ?? 1, output }));
  });
}

/** A program that one of our dependencies brings. */
export function tool(name: string): string {
  return join(ROOT, 'node_modules/.bin', name);
}
