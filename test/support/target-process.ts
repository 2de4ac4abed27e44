/**
 * Stores in a process of their own, reached over TCP: redis-server, which is the oracle, and our
 * own server, started with the same arguments.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection, type Pipe, type PipeEvents } from './connection.js';
import type { Store } from './targets.js';

const OUR_SERVER = fileURLToPath(new URL('../../dist/redstart-server.js', import.meta.url));
const READY = 'Ready to accept connections';
const START_TIMEOUT_MS = 40_000;

export interface ProcessStore extends Store {
  readonly port: number;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
}

export function openRedis(): Promise<ProcessStore> {
  return openProcess(process.env.REDIS_SERVER ?? 'redis-server', []);
}

export function openServer(): Promise<ProcessStore> {
  return openProcess(process.execPath, [OUR_SERVER]);
}

const running = new Set<ChildProcess>();

/** Whatever ends the test run ends its servers. */
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server in a new directory on a free port; `more` are arguments of redis-server. */
export async function openProcess(
  program: string,
  programArguments: readonly string[],
  more: readonly string[] = [],
): Promise<ProcessStore> {
  const directory = await mkdtemp(join(tmpdir(), 'redstart-test-'));
  const port = await freePort();
  const options = `--port ${port} --bind 127.0.0.1 --save --appendonly no --enable-debug-command yes`;
  const args = options.split(' ').flatMap((word) => (word === '--save' ? ['--save', ''] : [word]));
  const child = spawn(program, [...programArguments, ...args, '--dir', directory, ...more], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  await untilReady(child, program);
  return {
    port,
    gone,
    connect: () => connectTo(port),
    close: async () => {
      await ended(child);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function connectTo(port: number): Promise<Connection> {
  return Connection.over((events) => openSocket(port, events));
}

function openSocket(port: number, events: PipeEvents): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (chunk) => events.onBytes(chunk));
    socket.on('error', (error) => {
      reject(error);
      events.onClose(error);
    });
    socket.on('close', () => events.onClose());
    socket.on('connect', () =>
      resolve({
        write: (bytes) => {
          socket.write(bytes);
        },
        close: () => socket.destroy(),
      }),
    );
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export function untilReady(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (why: string) => reject(new Error(`${program} ${why}\n${log.slice(-2000)}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`did not say '${READY}'`);
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      if (!log.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (error) => fail(`cannot be started: ${error.message}`));
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
