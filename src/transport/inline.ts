/**
 * The store on the caller's own thread: no worker, no copy of messages, a third of a microsecond
 * for a command. For Node, for tests, and for places without Worker.
 *
 * Replies arrive during `send`, unless they have to wait for storage.
 */
import { Engine } from '../engine/engine.js';
import type { Host } from '../host/host.js';
import { openHost } from '../host/open-host.js';
import { ConnectionError, WorkerLoadError } from '../resp/errors.js';
import { MemoryStorage } from '../storage/memory.js';
import type { Storage } from '../storage/storage.js';
import type { OpenTransport, Transport, TransportEvents } from './transport.js';

export interface InlineOptions {
  /** core.wasm: its bytes, or compiled already. */
  readonly core: BufferSource | WebAssembly.Module;
  /** lua.wasm: for scripts, asked for with the first of them. */
  readonly lua?: () => Promise<WebAssembly.Module>;
  /** Where the data is kept; nowhere if left out. */
  readonly storage?: Storage;
  /** redis.conf directives. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A store that any number of clients of this thread can share. It closes with the last of them. */
export function openInlineTransport(options: InlineOptions): OpenTransport {
  let store: Promise<Host> | null = null;
  let users = 0;
  const release = async () => {
    users--;
    if (users > 0 || store === null) return;
    const closing = store;
    store = null;
    await (await closing).close();
  };
  return async (events) => {
    users++;
    store ??= openStore(options);
    try {
      return new InlineTransport(await store, events, release);
    } catch (error) {
      users--;
      store = null;
      throw error;
    }
  };
}

async function openStore({ core, lua, storage, config = {} }: InlineOptions): Promise<Host> {
  const module = core instanceof WebAssembly.Module ? core : await compile(core);
  return openHost({
    engine: Engine.create(module, { seed: random(new Uint8Array(16)) }),
    storage: storage ?? new MemoryStorage('no', 'asked for'),
    random,
    config,
    ...(lua && { lua }),
  });
}

async function compile(core: BufferSource): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(core);
  } catch (cause) {
    throw new WorkerLoadError(`core.wasm could not be compiled: ${String(cause)}`, { cause });
  }
}

function random(bytes: Uint8Array): Uint8Array {
  return crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}

const BUFFER_BYTES = 64 * 1024;

class InlineTransport implements Transport {
  readonly report: unknown;
  /** Two buffers take turns: one is being sent while the next batch may begin. */
  #spare: Uint8Array<ArrayBuffer> | null = null;
  readonly #host: Host;
  readonly #session: ReturnType<Host['connect']>;
  readonly #release: () => Promise<void>;
  #isOpen = true;

  constructor(host: Host, events: TransportEvents, release: () => Promise<void>) {
    this.#host = host;
    this.#release = release;
    this.report = host.report;
    const sink = {
      write: (bytes: Uint8Array) => {
        if (this.#isOpen) events.receive(bytes, bytes.length);
      },
      end: () => {
        if (this.#isOpen) queueMicrotask(() => this.#ended(events));
      },
    };
    const about = { address: 'inline:0', localAddress: 'inline:0', kind: 'inline' } as const;
    this.#session = host.connect(sink, about);
  }

  lend(): Uint8Array<ArrayBuffer> {
    const lent = this.#spare ?? new Uint8Array(BUFFER_BYTES);
    this.#spare = null;
    return lent;
  }

  send(buffer: Uint8Array<ArrayBuffer>, length: number): void {
    this.#host.receive(this.#session, buffer, length);
    if (buffer.length === BUFFER_BYTES) this.#spare = buffer;
  }

  flush(): Promise<void> {
    return this.#host.executedIsDurable();
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#host.disconnect(this.#session);
    await this.#release();
  }

  destroy(): void {
    // Nobody is left who could be told that the storage failed at the very end.
    void this.close().catch(() => undefined);
  }

  /** The store ended the session. */
  #ended(events: TransportEvents): void {
    if (!this.#isOpen) return;
    const error = new ConnectionError('The store closed the connection');
    this.destroy();
    events.closed(error, false);
  }
}
