/**
 * The store on the caller's own thread: no worker, no copy of messages, a third of a microsecond
 * for a command. For Node, for tests, and for places without Worker.
 *
 * Replies arrive during `send`, unless they have to wait for storage.
 */
import { Engine } from '../engine/engine.js';
import type { Host, HostOptions } from '../host/host.js';
import { openHost } from '../host/open-host.js';
import {
  ClosedError,
  ConnectionError,
  type RedstartError,
  StorageError,
  WorkerLoadError,
} from '../resp/errors.js';
import type { StoreNotice, StoreRequests } from '../resp/persistence.js';
import { MemoryStorage } from '../storage/memory.js';
import type { Storage } from '../storage/storage.js';
import { HostRequests } from './host-requests.js';
import type { AskStore, OpenTransport, Transport, TransportEvents } from './transport.js';

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
  let store: InlineStore | null = null;
  return async (events) => {
    if (store === null || store.hasEnded) store = new InlineStore(options);
    return store.attach(events);
  };
}

/** A store from the first client that wants it to the last one. */
class InlineStore {
  hasEnded = false;
  readonly #opened: Promise<Host>;
  /** Of all clients, also those that are waiting for the store to open. */
  readonly #clients = new Set<TransportEvents>();
  readonly #transports = new Set<InlineTransport>();
  #requests: StoreRequests | null = null;

  constructor(options: InlineOptions) {
    this.#opened = this.#open(options);
  }

  async attach(events: TransportEvents): Promise<Transport> {
    this.#clients.add(events);
    try {
      const transport = new InlineTransport(await this.#opened, events, this);
      this.#transports.add(transport);
      return transport;
    } catch (error) {
      this.#clients.delete(events);
      this.hasEnded = true;
      throw error;
    }
  }

  readonly ask: AskStore = async (name, ...args) => {
    if (this.hasEnded || this.#requests === null) throw new ClosedError('The store is closed');
    const request = this.#requests[name] as (...given: unknown[]) => Promise<unknown>;
    const isLast = name === 'deleteStore';
    if (isLast) this.hasEnded = true;
    try {
      return (await request.apply(this.#requests, args)) as never;
    } finally {
      if (isLast) this.#breakAll(new ClosedError('The store has been deleted'));
    }
  };

  async release(transport: InlineTransport, events: TransportEvents): Promise<void> {
    this.#transports.delete(transport);
    this.#clients.delete(events);
    if (this.#clients.size > 0 || this.hasEnded) return;
    this.hasEnded = true;
    await (await this.#opened).close();
  }

  async #open(options: InlineOptions): Promise<Host> {
    const tell = (notice: StoreNotice) => {
      for (const events of this.#clients) events.notice?.(notice);
    };
    const host = await openStore(options, (persistence) => {
      persistence.on((event) => tell({ persistence: event }));
      persistence.onProgress((progress) => tell({ progress }));
      persistence.onEnd((error) => {
        this.hasEnded = true;
        this.#breakAll(new StorageError(`The store has ended: ${error.message}`, { cause: error }));
      });
    });
    this.#requests = new HostRequests(host, tell);
    return host;
  }

  #breakAll(error: RedstartError): void {
    for (const transport of [...this.#transports]) transport.break(error);
  }
}

async function openStore(
  { core, lua, storage, config = {} }: InlineOptions,
  beforeLoad: HostOptions['beforeLoad'],
): Promise<Host> {
  const module = core instanceof WebAssembly.Module ? core : await compile(core);
  return openHost({
    engine: Engine.create(module, { seed: random(new Uint8Array(16)) }),
    storage: storage ?? new MemoryStorage('no', 'asked for'),
    random,
    config,
    beforeLoad,
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
  readonly ask: AskStore;
  /** Two buffers take turns: one is being sent while the next batch may begin. */
  #spare: Uint8Array<ArrayBuffer> | null = null;
  readonly #host: Host;
  readonly #events: TransportEvents;
  readonly #session: ReturnType<Host['connect']>;
  readonly #store: InlineStore;
  #isOpen = true;

  constructor(host: Host, events: TransportEvents, store: InlineStore) {
    this.#host = host;
    this.#events = events;
    this.#store = store;
    this.ask = store.ask;
    this.report = host.report;
    const sink = {
      write: (bytes: Uint8Array) => {
        if (this.#isOpen) events.receive(bytes, bytes.length);
      },
      end: () => {
        // A store that ends tells why.
        if (!this.#isOpen || store.hasEnded) return;
        const error = new ConnectionError('The store closed the connection');
        queueMicrotask(() => this.break(error));
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

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#host.disconnect(this.#session);
    await this.#store.release(this, this.#events);
  }

  destroy(): void {
    // Nobody is left who could be told that the storage failed at the very end.
    void this.close().catch(() => undefined);
  }

  /** The store ended the session, or has ended itself. */
  break(error: RedstartError): void {
    if (!this.#isOpen) return;
    this.destroy();
    this.#events.closed(error, false);
  }
}
