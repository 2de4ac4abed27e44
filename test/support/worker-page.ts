/**
 * Runs in Chromium: opens pipes to the real worker through the product's own transport, and
 * passes their bytes to and from the test process as base64.
 */
import type { Transport } from '../../src/transport/transport.js';
import { openWorkerTransport } from '../../src/transport/worker.js';

/** Bytes of a pipe, as base64; null: the pipe is closed. */
export type PipeBytes = readonly [id: number, base64: string | null];

export interface WorkerPage {
  open(): Promise<number>;
  /** Each item is a write of its own. */
  deliver(items: readonly PipeBytes[]): void;
}

declare global {
  interface Window {
    workerPage: WorkerPage;
    /** Given by the test process. */
    passBytes(items: readonly PipeBytes[]): Promise<void>;
  }
}

const CHUNK = 0x8000;
const pipes = new Map<number, Transport>();
let nextId = 1;

const openTransport = openWorkerTransport({
  name: 'commands',
  config: { 'enable-debug-command': 'yes' },
  worker: () => new Worker('/worker.js', { type: 'module' }),
});

window.workerPage = {
  open: async () => {
    const id = nextId++;
    const transport = await openTransport({
      receive: (bytes, length) => pass([id, toBase64(bytes.subarray(0, length))]),
      closed: () => pass([id, null]),
      resumed: () => undefined,
    });
    pipes.set(id, transport);
    return id;
  },
  deliver: (items) => {
    for (const [id, base64] of items) {
      if (base64 !== null) write(id, base64);
      else {
        pipes.get(id)?.destroy();
        pipes.delete(id);
      }
    }
  },
};

function write(id: number, base64: string): void {
  const transport = pipes.get(id);
  const text = atob(base64);
  const lent = transport?.lend();
  const buffer = lent && lent.length >= text.length ? lent : new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) buffer[index] = text.charCodeAt(index);
  transport?.send(buffer, text.length);
}

let waiting: PipeBytes[] = [];

/** What comes while a message is on its way to the test process goes with the next one. */
function pass(item: PipeBytes): void {
  waiting.push(item);
  if (waiting.length === 1) setTimeout(passAll);
}

function passAll(): void {
  const items = waiting;
  waiting = [];
  void window.passBytes(items);
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
