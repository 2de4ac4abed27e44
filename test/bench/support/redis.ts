/**
 * redis-server 7.0.15 as the yardstick: what it does for a second of its own CPU time, as it
 * counts it itself.
 */
import { connect, type Socket } from 'node:net';
import { run } from '../../../scripts/program.js';
import type { Connection } from '../../support/connection.js';
import { openRedis } from '../../support/target-process.js';
import { fillBatches } from './requests.js';

export interface Rate {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

export interface Yardstick {
  readonly port: number;
  readonly control: Connection;
  /** A field of INFO, as a number. */
  info(field: string): Promise<number>;
  close(): Promise<void>;
}

/** A server of its own on a free port, with nothing persisted. */
export async function openYardstick(): Promise<Yardstick> {
  const store = await openRedis();
  const control = await store.connect();
  const info = async (field: string) => numberOf(await infoText(control), field);
  const processId = await info('process_id');
  const kill = () => process.kill(processId, 'SIGKILL');
  process.once('exit', kill);
  return {
    port: store.port,
    control,
    info,
    close: async () => {
      control.close();
      await store.close();
      process.off('exit', kill);
    },
  };
}

// So that those who wait for the end of the process hear of it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** The text of INFO everything. */
export async function infoText(control: Connection): Promise<string> {
  return (await control.send('INFO', 'everything')).tree.text ?? '';
}

/** `field` of the text of INFO. */
export function numberOf(text: string, field: string): number {
  const found = new RegExp(`(?:^|\\n)${field}:([\\d.]+)`).exec(text);
  if (found === null) throw new Error(`INFO has no ${field}`);
  return Number(found[1]);
}

/** The CPU seconds that the server has used, in user and system mode. */
export async function cpuSeconds(control: Connection): Promise<number> {
  const text = await infoText(control);
  return numberOf(text, 'used_cpu_user') + numberOf(text, 'used_cpu_sys');
}

/** Lets `work` put the server to work; what it returns is the number of commands. */
export async function measureServer(
  control: Connection,
  work: () => Promise<number>,
): Promise<Rate> {
  const cpuBefore = await cpuSeconds(control);
  const start = performance.now();
  const commands = await work();
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await cpuSeconds(control)) - cpuBefore;
  return { perSecond: commands / seconds, perCpuSecond: commands / cpu };
}

export interface BenchmarkOptions {
  readonly port: number;
  readonly database?: number;
  readonly connections: number;
  readonly pipeline: number;
  readonly requests: number;
  readonly keys: number;
}

/** Runs redis-benchmark with one command; returns the number of commands. */
export async function redisBenchmark(
  options: BenchmarkOptions,
  command: readonly string[],
): Promise<number> {
  const { port, database = 0, connections, pipeline, requests, keys } = options;
  const numbers = { p: port, n: requests, c: connections, P: pipeline, r: keys };
  const args = Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const all = [...args, '--dbnum', String(database), '-q', ...command];
  const { status, output } = await run('redis-benchmark', all, { capture: true });
  if (status !== 0) throw new Error(`redis-benchmark ended with ${status}: ${output}`);
  return requests;
}

const PONG = '+PONG\r\n';
/** Ends a batch, so that its replies can be told to be complete whatever they are. */
export const END_OF_BATCH = '*1\r\n$4\r\nPING\r\n';

/**
 * Sends `count` batches over several connections, each of which has one batch under way. Every
 * batch must end with END_OF_BATCH.
 */
export async function sendBatches(
  port: number,
  connections: number,
  batches: readonly Uint8Array[],
  count: number,
): Promise<void> {
  let sent = 0;
  const takeNext = () => (sent < count ? batches[sent++ % batches.length] : undefined);
  await Promise.all(Array.from({ length: connections }, () => sendOverOne(port, takeNext)));
}

/** SETs all keys of database 0, 1 000 in a batch. */
export async function fillServer(port: number, keys: number, value: string): Promise<void> {
  const end = Buffer.from(END_OF_BATCH);
  const batches = fillBatches(keys, value).map((batch) => Buffer.concat([batch, end]));
  await sendBatches(port, 2, batches, batches.length);
}

function sendOverOne(port: number, takeNext: () => Uint8Array | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let tail = '';
    const sendNext = () => {
      const batch = takeNext();
      if (batch === undefined) socket.destroy();
      else socket.write(batch);
    };
    socket.on('connect', sendNext);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.subarray(-PONG.length).toString('latin1')).slice(-PONG.length);
      if (tail !== PONG) return;
      tail = '';
      sendNext();
    });
  });
}
