/**
 * `npm run serve -- [redis.conf] [--port N ...]`: builds without a word, then runs the server
 * with these arguments. Its output and its exit status are ours.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildCode } from './build.js';
import { ROOT } from './files.js';
import { endWithParent, program } from './program.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C reaches us from the terminal and again from npm; the server takes two as haste. */
const SAME_SIGNAL_MS = 500;

await program(import.meta.url, async (args) => {
  await buildCode();
  // In a process group of its own, so that a terminal's signals come through us, once.
  const server = spawn(process.execPath, [join(ROOT, 'dist/redstart-server.js'), ...args], {
    stdio: 'inherit',
    detached: true,
  });
  forwardSignals((signal) => server.kill(signal));
  endWithParent(() => server.kill('SIGTERM'));
  process.exitCode = await new Promise<number>((done, fail) => {
    server.on('error', fail);
    server.on('exit', (status, signal) => done(status ?? statusOf(signal)));
  });
});

function forwardSignals(forward: (signal: NodeJS.Signals) => void): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - last > SAME_SIGNAL_MS) forward(signal);
      last = now;
    });
  }
}

/** As a shell reports a program that a signal has ended. */
function statusOf(signal: NodeJS.Signals | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal];
}
