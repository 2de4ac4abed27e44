/** How the process stands among others: in the background, supervised, with a file of its id. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../host/host.js';
import { systemErrorText } from './system-errors.js';

/** Tells a program that it was started to go on in the background. */
const BACKGROUND = 'REDSTART_BACKGROUND';
const PID_FILE = '/var/run/redis.pid';

/** Whether this is the process that `daemonize` has started. */
export function isInBackground(): boolean {
  return process.env[BACKGROUND] === '1';
}

/** Starts the same program once more, on its own; this one is to end. */
export function goOnInBackground(directory: string): void {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    cwd: directory,
    detached: true,
    env: { ...process.env, [BACKGROUND]: '1' },
    stdio: 'ignore',
  });
  child.unref();
}

/** The file that is to hold the process id: a program in the background always has one. */
export function pidFileOf(given: string): string {
  return given === '' && isInBackground() ? PID_FILE : given;
}

export function writePidFile(file: string, log: Log): void {
  if (file === '') return;
  try {
    writeFileSync(file, `${process.pid}\n`);
  } catch (error) {
    log('warning', `Failed to write PID file: ${systemErrorText(error)} (${dirname(file)})`);
  }
}

/** Tells whoever supervises that the server is up, as far as Node can; says so if it cannot. */
export function tellSupervisor(supervised: string, log: Log): void {
  const { NOTIFY_SOCKET, UPSTART_JOB } = process.env;
  if (UPSTART_JOB !== undefined && (supervised === 'upstart' || supervised === 'auto')) {
    log('notice', 'supervised by upstart, will stop to signal readiness');
    process.kill(process.pid, 'SIGSTOP');
  } else if (supervised === 'upstart') {
    log('warning', 'supervised upstart: there is no UPSTART_JOB, so nobody can be told.');
  } else if (supervised === 'systemd' || (supervised === 'auto' && NOTIFY_SOCKET !== undefined)) {
    log(
      'warning',
      'supervised systemd: Node cannot send what Type=notify waits for; use Type=simple or exec.',
    );
  }
}

/** The title that `proc-title-template` gives the process. */
export function processTitle(template: string, facts: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z-]+)\}/g, (_, name: string) => facts[name] ?? '').trim();
}
