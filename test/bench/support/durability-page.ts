/**
 * The page of the question `durability`: Redstart through its worker over IndexedDB, and a worker
 * with other stores beside it.
 */
import { type CoreClient, connect } from '../../../src/core.js';
import { keyName, VALUE } from './requests.js';

export interface DurabilityRate {
  readonly commands: number;
  readonly milliseconds: number;
}

export interface DurabilityOrder {
  readonly store: string;
  /** Writes that are made durable together. */
  readonly together: number;
  readonly ms: number;
}

/** Round trips of PINGs while something else goes on, in milliseconds. */
export interface Pings {
  readonly count: number;
  readonly p50: number;
  readonly p999: number;
  readonly longest: number;
}

export interface SnapshotTimes {
  /** From BGSAVE to the moment at which the snapshot was durable. */
  readonly milliseconds: number;
  readonly bytes: number;
  readonly pings: Pings;
}

export interface DurabilityBench {
  rate(order: DurabilityOrder): Promise<DurabilityRate>;
  /** Makes a store of so many keys; resolves when all of it is durable. */
  fill(keys: number): Promise<void>;
  /** The same, and nothing going on: what the machine does by itself. */
  idle(ms: number): Promise<Pings>;
  /** With a client that sends PING after PING meanwhile (1) or nobody else there (0). */
  snapshot(pinging: number): Promise<SnapshotTimes>;
  /** From nothing but the page to the first reply of that store, in milliseconds. */
  start(keys: number): Promise<number>;
}

declare global {
  interface Window {
    durabilityBench: DurabilityBench;
  }
}

const BIG = 'bench-durability-big';
const QUIET = { save: '', 'auto-aof-rewrite-percentage': '0', maxmemory: '0' };
const FILL_BATCH = 2000;
/** Opening and filling take longer than a call usually may. */
const PATIENCE_MS = 120_000;

const clients = new Map<string, Promise<CoreClient>>();

/** `always` or `everysec`: a store of its own for each. */
function storeOf(mode: string): Promise<CoreClient> {
  let client = clients.get(mode);
  if (client === undefined) {
    const config = { ...QUIET, appendfsync: mode };
    client = connect({ name: `bench-durability-${mode}`, config });
    clients.set(mode, client);
  }
  return client;
}

let next = 0;

async function rateOfOurs({ store, together, ms }: DurabilityOrder): Promise<DurabilityRate> {
  const client = await storeOf(store);
  const start = performance.now();
  let commands = 0;
  let elapsed = 0;
  while (elapsed < ms) {
    const from = next;
    next = (next + together) % 100_000;
    const calls = Array.from({ length: together }, (_, at) =>
      client.send('SET', keyName(from + at), VALUE),
    );
    await Promise.all(calls);
    commands += together;
    elapsed = performance.now() - start;
  }
  return { commands, milliseconds: elapsed };
}

let others: Worker | null = null;

function rateOfOthers(order: DurabilityOrder): Promise<DurabilityRate> {
  others ??= new Worker('/durability-worker.js', { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<DurabilityRate>((resolve, reject) => {
    port1.onmessage = ({ data }: MessageEvent<{ rate: DurabilityRate; failure?: string }>) => {
      if (data.failure === undefined) resolve(data.rate);
      else reject(new Error(data.failure));
    };
  });
  others.postMessage(order, [port2]);
  return answer;
}

// The store of many keys

let big: Promise<CoreClient> | null = null;

function openBig(): Promise<CoreClient> {
  big ??= connect({ name: BIG, config: QUIET, timeout: PATIENCE_MS, openTimeoutMs: PATIENCE_MS });
  return big;
}

async function fill(keys: number): Promise<void> {
  const client = await openBig();
  for (let from = 0; from < keys; from += FILL_BATCH) {
    const commands = Array.from({ length: FILL_BATCH }, (_, at) => [
      'SET',
      keyName(from + at),
      VALUE,
    ]);
    await client.pipeline(commands);
  }
  await client.flush();
}

/** PINGs one after the other until `isOver`. */
async function ping(client: CoreClient, isOver: () => boolean): Promise<Pings> {
  const times: number[] = [];
  while (!isOver()) {
    const start = performance.now();
    await client.send('PING');
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
  return { count: times.length, p50: at(0.5), p999: at(0.999), longest: at(1) };
}

async function idle(ms: number): Promise<Pings> {
  const client = await openBig();
  const start = performance.now();
  return ping(client, () => performance.now() - start >= ms);
}

async function snapshot(pinging: number): Promise<SnapshotTimes> {
  const client = await openBig();
  const start = performance.now();
  await client.send('BGSAVE');
  let milliseconds = 0;
  const pinged = ping(client, () => pinging === 0 || milliseconds > 0);
  while (/^rdb_bgsave_in_progress:1/m.test(await persistence(client))) await nextTurn();
  milliseconds = performance.now() - start;
  const text = await persistence(client);
  if (!/^rdb_last_bgsave_status:ok/m.test(text)) throw new Error(`BGSAVE failed:\n${text}`);
  const own = String(await client.send('INFO', 'redstart'));
  const bytes = Number(/^redstart_snapshot_bytes:(\d+)/m.exec(own)?.[1]);
  return { milliseconds, bytes, pings: await pinged };
}

async function persistence(client: CoreClient): Promise<string> {
  return String(await client.send('INFO', 'persistence'));
}

/** Asking is work for the worker too: not too often. */
function nextTurn(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

async function start(keys: number): Promise<number> {
  const began = performance.now();
  const client = await openBig();
  const value = await client.send('GET', keyName(keys - 1));
  const milliseconds = performance.now() - began;
  if (value !== VALUE) throw new Error(`the last key is ${value}`);
  const found = Number(await client.send('DBSIZE'));
  if (found !== keys) throw new Error(`${found} keys instead of ${keys}`);
  return milliseconds;
}

const OURS = /^(always|everysec)$/;
const rate = (order: DurabilityOrder) =>
  OURS.test(order.store) ? rateOfOurs(order) : rateOfOthers(order);

window.durabilityBench = { rate, fill, idle, snapshot, start };
