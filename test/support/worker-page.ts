/**
 * Runs in Chromium: opens pipes to the real worker through the product's own transport, and
 * passes their bytes to and from the test process as base64.
 */
import type { Transport } from '../../src/transport/transport.js';
import { openWorkerTransport } from '../../src/transport/worker.js';

export interface WorkerPage {
  open(): Promise<number>;
  write(id: number, base64: string): void;
  close(id: number): void;
}

declare global {
  interface Window {
    workerPage: WorkerPage;
    /** Given by the test process. Null bytes: the pipe was closed. */
    passBytes(id: number, base64: string | null): Promise<void>;
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
      receive: (bytes, length) => {
        void window.passBytes(id, toBase64(bytes.subarray(0, length)));
      },
      closed: () => {
        void window.passBytes(id, null);
      },
      resumed: () => undefined,
    });
    pipes.set(id, transport);
    return id;
  },
  write: (id, base64) => {
    const transport = pipes.get(id);
    const text = atob(base64);
    const lent = transport?.lend();
    const buffer = lent && lent.length >= text.length ? lent : new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) buffer[index] = text.charCodeAt(index);
    transport?.send(buffer, text.length);
  },
  close: (id) => {
    pipes.get(id)?.destroy();
    pipes.delete(id);
  },
};

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
