/**
 * The page of the question `client`: Redstart through its worker and on the page's own thread,
 * beside what else a page can keep keys in. All work on the same 10 000 keys, strings in and
 * strings out, one promise (if there are promises) for each command.
 */
import { connect } from '../../../src/core.js';
import { createClient } from '../../../src/index.js';
import { openInlineTransport } from '../../../src/transport/inline.js';
import { KEYS, type Measured, type Peer } from './client-peer.js';
import { otherStores } from './client-peers.js';
import { keyName, Random, VALUE } from './requests.js';

export type Operation = 'get' | 'set';

export interface ClientBench {
  readonly names: readonly string[];
  /** Waves of `inFlight` commands for about so long, and one wave at the least. */
  run(name: string, operation: Operation, inFlight: number, ms: number): Promise<Measured>;
  roundTrips(count: number): Promise<RoundTrips>;
}

/** Medians in microseconds, each there and back and awaited. */
export interface RoundTrips {
  /** A GET through the worker. */
  readonly command: number;
  /** A string to a worker that sends it back. */
  readonly message: number;
  /** As a command travels: a buffer that is transferred over a MessagePort. */
  readonly buffer: number;
}

declare global {
  interface Window {
    clientBench: ClientBench;
  }
}

type Client = { send(...args: string[]): Promise<unknown>; close(): Promise<unknown> };

const INLINE = 'core client, inline';
const WORKER = 'core client, worker';

const names = Array.from({ length: KEYS }, (_, index) => keyName(index));
const random = new Random(0x9e3779b9);
const order = Array.from({ length: KEYS }, () => names[random.below(KEYS)] as string);

const bare = await connect({ name: 'bench-memory', persistence: 'memory' });
const peers = new Map<string, Peer>([
  [WORKER, fromCore(bare)],
  ['core client, worker, IndexedDB', fromCore(await connect({ name: 'bench-indexeddb' }))],
  ['createClient, worker', await fromNodeRedis()],
  [INLINE, fromCore(await connectInline())],
  ...(await otherStores()),
]);
for (const peer of peers.values()) await fill(peer);

function fromCore(client: Client): Peer {
  return {
    get: (key) => client.send('GET', key) as Promise<string>,
    set: (key, value) => client.send('SET', key, value),
  };
}

async function fromNodeRedis(): Promise<Peer> {
  const client = await createClient({ name: 'bench-redis', persistence: 'memory' }).connect();
  return { get: (key) => client.get(key), set: (key, value) => client.set(key, value) };
}

async function connectInline(): Promise<Client> {
  const core = await (await fetch('/core.wasm')).arrayBuffer();
  return connect({ transport: openInlineTransport({ core }) });
}

async function fill(peer: Peer): Promise<void> {
  for (let from = 0; from < KEYS; from += 1000) {
    const some = names.slice(from, from + 1000);
    if (peer.fill) await peer.fill(some, VALUE);
    else await Promise.all(some.map((key) => peer.set(key, VALUE)));
  }
  for (const key of names.slice(0, 10)) {
    const value = await peer.get(key);
    if (value !== VALUE) throw new Error(`${key} is ${value}`);
  }
}

let next = 0;

/** As many commands as may be in flight; a peer without promises is not made to wait for any. */
async function wave({ get, set, isSync }: Peer, operation: Operation, size: number): Promise<void> {
  if (next + size > KEYS) next = 0;
  const from = next;
  next += size;
  if (isSync) {
    if (operation === 'get') for (let at = from; at < next; at++) used = get(order[at] as string);
    else for (let at = from; at < next; at++) set(order[at] as string, VALUE);
    return;
  }
  const calls = new Array<unknown>(size);
  if (operation === 'get') {
    for (let at = 0; at < size; at++) calls[at] = get(order[from + at] as string);
  } else {
    for (let at = 0; at < size; at++) calls[at] = set(order[from + at] as string, VALUE);
  }
  await Promise.all(calls);
}

/** So that no loop can be left out. */
let used: unknown;

async function run(
  name: string,
  operation: Operation,
  inFlight: number,
  ms: number,
): Promise<Measured> {
  const peer = peers.get(name);
  if (peer === undefined) throw new Error(`nobody is called ${name}`);
  const start = performance.now();
  let commands = 0;
  let elapsed = 0;
  while (elapsed < ms) {
    await wave(peer, operation, inFlight);
    commands += inFlight;
    elapsed = performance.now() - start;
  }
  if (used === null) throw new Error(`${name} has lost keys`);
  return { commands, milliseconds: elapsed };
}

// One command against one message

const ECHO = `onmessage = ({ data, ports: [port] }) => {
  if (!port) return postMessage(data);
  port.onmessage = ({ data }) => port.postMessage(data, [data.buffer]);
};`;
const echo = new Worker(URL.createObjectURL(new Blob([ECHO])));
const { port1: echoPort, port2 } = new MessageChannel();
echo.postMessage(null, [port2]);
let lent = new ArrayBuffer(16 * 1024);

function message(): Promise<void> {
  return new Promise((resolve) => {
    echo.onmessage = () => resolve();
    echo.postMessage(VALUE);
  });
}

function buffer(): Promise<void> {
  return new Promise((resolve) => {
    echoPort.onmessage = ({ data }: MessageEvent<{ buffer: ArrayBuffer }>) => {
      lent = data.buffer;
      resolve();
    };
    echoPort.postMessage({ buffer: lent, length: 36 }, [lent]);
  });
}

async function roundTrips(count: number): Promise<RoundTrips> {
  const times = { command: [] as number[], message: [] as number[], buffer: [] as number[] };
  for (let block = 0; block < 4; block++) {
    await timeEach(times.message, count / 4, message);
    await timeEach(times.command, count / 4, () => bare.send('GET', names[0] as string));
    await timeEach(times.buffer, count / 4, buffer);
  }
  return {
    command: middle(times.command),
    message: middle(times.message),
    buffer: middle(times.buffer),
  };
}

async function timeEach(times: number[], count: number, work: () => Promise<unknown>) {
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    await work();
    times.push((performance.now() - start) * 1000);
  }
}

function middle(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? Number.NaN;
}

if (!crossOriginIsolated) throw new Error('the page is not cross-origin isolated');
window.clientBench = { names: [...peers.keys()], run, roundTrips };
