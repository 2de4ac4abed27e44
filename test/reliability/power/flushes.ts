/**
 * Counts the flushes (fsync, fdatasync) that a store asks the system for while it answers writes one
 * after the other:
 *
 *   npx tsx test/reliability/power/flushes.ts
 *
 * Under `always` there is at least one before each answer. SIGKILL cannot show that, a power cut shows
 * it by chance only.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { program, run } from '../../../scripts/program.js';
import { openChromium, openFirefox } from './browsers.js';
import { openOurServer, openRedisServer } from './servers.js';
import type { Life, Mode, Subject } from './subject.js';
import { apply, type Cells, type Plan, type Step, stepOf } from './workload.js';

export interface Flushes {
  /** Answers to writes that changed something: a DEL of nothing need not wait for the disk. */
  readonly answers: number;
  readonly flushes: number;
}

const ANSWERS = 100;
const PLAN: Plan = { seed: 1, life: 0, inFlight: 1, snapshotEvery: 0 };

/** Why nothing can be counted here, or null. */
export async function whyNoTrace(): Promise<string | null> {
  const { status, output } = await run('strace', ['-o', '/dev/null', 'true'], { capture: true });
  return status === 0 ? null : `strace does not work: ${output.trim()}`;
}

export async function countFlushes(subject: Subject, mode: Mode): Promise<Flushes> {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-flushes-'));
  const life = await subject.open(directory, mode);
  try {
    return await trace(life, directory);
  } finally {
    await life.kill();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function trace(life: Life, directory: string): Promise<Flushes> {
  const processes = usersOf(directory).flatMap((id) => ['-p', String(id)]);
  const log = join(directory, 'strace.txt');
  // -y names the file of each descriptor.
  const args = ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', log, ...processes];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => strace.once('exit', resolve));
  const lines = createInterface(strace.stderr)[Symbol.asyncIterator]();
  for (let attached = 0; attached < processes.length / 2; attached++) await lines.next();
  let answers = 0;
  const model: Cells = new Map();
  await new Promise<void>((enough) => {
    life.begin(PLAN, ({ kind, step }) => {
      if (answers === ANSWERS || kind !== 'ok') return;
      if (changes(model, stepOf(PLAN, step)) && ++answers === ANSWERS) enough();
    });
  });
  strace.kill('SIGINT');
  await ended;
  const calls = readFileSync(log, 'latin1').split('\n');
  // Beside the data there are settings, cookies and the like in a profile.
  const ours = calls.filter((line) =>
    /sync\(\d+<[^>]*(IndexedDB|\/idb\/|appendonlydir)/.test(line),
  );
  return { answers, flushes: ours.length };
}

function changes(model: Cells, step: Step): boolean {
  const before = new Map(model);
  return apply(model, step).some((cell) => model.get(cell) !== before.get(cell));
}

/** The processes that have a file open in the directory. */
function usersOf(directory: string): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((id) => hasOpenFile(id, directory)).map(Number);
}

function hasOpenFile(id: string, directory: string): boolean {
  try {
    const descriptors = readdirSync(`/proc/${id}/fd`);
    return descriptors.some((fd) => readlinkSync(`/proc/${id}/fd/${fd}`).startsWith(directory));
  } catch {
    // It has ended, or it is not ours to look at.
    return false;
  }
}

await program(import.meta.url, async () => {
  const reason = await whyNoTrace();
  if (reason !== null) throw new Error(reason);
  for (const open of [openChromium, openFirefox, openOurServer, openRedisServer]) {
    const subject = await open();
    for (const mode of ['always', 'everysec', 'no'] as const) {
      const counted = await countFlushes(subject, mode);
      console.log(JSON.stringify({ subject: subject.name, mode, ...counted }));
    }
    await subject.close();
  }
});
