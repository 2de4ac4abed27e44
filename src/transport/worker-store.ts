/**
 * A worker that holds one store, seen from the page: started once, ended once.
 *
 *   starting -> open -> ended
 *
 * Whatever goes wrong (script missing or blocked, an exception in it, the port closed) ends it,
 * and each of its clients hears why.
 */
import { withDeadline } from '../resp/deadline.js';
import {
  ClosedError,
  ConnectionError,
  LeaderLostError,
  type RedstartError,
  unpackError,
  WorkerLoadError,
} from '../resp/errors.js';
import type { NoticeMessage, Outcome, StoreReport, WorkerControl } from '../worker/messages.js';
import { watchPage } from './page-lifecycle.js';
import { PortTransport } from './port-transport.js';
import type { AskStore, Transport, TransportEvents } from './transport.js';
import { askWorker } from './worker-control.js';

export interface WorkerOptions {
  /** Of the store: one name per origin is one keyspace. */
  readonly name: string;
  /** Makes the worker, where a bundler has put it elsewhere. */
  readonly worker?: (() => Worker) | undefined;
  /** Where core.wasm is, if not beside the worker script. */
  readonly wasmUrl?: string | URL | undefined;
  /** Where lua.wasm is, which scripts need, if not beside the worker script. */
  readonly luaUrl?: string | URL | undefined;
  readonly persistence?: 'indexeddb' | 'memory' | undefined;
  /** redis.conf directives, e.g. `{ appendfsync: 'always' }`. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** Within this the worker script has to run. */
  readonly loadTimeoutMs?: number | undefined;
  /** Within this the core has to be loaded and the journal replayed. */
  readonly openTimeoutMs?: number | undefined;
  /** How long another owner is waited for that is just letting go. */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * What to do about a journal that is damaged, and not at its end alone: `refuse`, the default,
   * to open, or `truncate` it there. What is cut off is set aside, not deleted.
   */
  readonly recover?: 'refuse' | 'truncate' | undefined;
}

/** For what takes no time by itself. */
const ANSWER_TIMEOUT_MS = 10_000;
/** For what takes as long as there are data. */
const WORK_TIMEOUT_MS = 600_000;
const OPEN_TIMEOUT_MS = 60_000;

/** The value of an answer. */
type Answer<Name extends keyof WorkerControl> =
  Awaited<ReturnType<WorkerControl[Name]>> extends Outcome<infer T> ? T : never;

export class WorkerStore {
  readonly #worker: Worker;
  readonly #options: WorkerOptions;
  readonly #ended: () => void;
  readonly #opened: Promise<StoreReport>;
  readonly #transports = new Set<PortTransport>();
  /** Of all clients, also those that are waiting for the store to open. */
  readonly #listeners = new Set<TransportEvents>();
  /** Rejects when the worker fails, so that nothing waits for ever. */
  readonly #failed: Promise<never>;
  readonly #unwatch: () => void;
  #fail!: (error: RedstartError) => void;
  #isOpen = false;
  #isEnded = false;
  /** Clients that are attached or about to be. */
  #users = 0;

  /** `ended` is called once, as soon as the store must not be joined any more. */
  constructor(worker: Worker, options: WorkerOptions, ended: () => void) {
    this.#worker = worker;
    this.#options = options;
    this.#ended = ended;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
    this.#unwatch = watchPage({
      hidden: () => void this.ask('flush').catch(() => undefined),
      putAside: (atOnce) => this.#putAside(atOnce),
    });
    worker.addEventListener('error', (event) => this.#workerFailed(event));
    worker.addEventListener('message', ({ data }: MessageEvent<NoticeMessage>) => {
      if (data.notice) for (const events of this.#listeners) events.notice?.(data.notice);
    });
    this.#opened = this.#open();
    this.#opened.catch((error: RedstartError) => this.#end(error));
  }

  /** A pipe to the store for one client. */
  async attach(events: TransportEvents): Promise<Transport> {
    this.#users++;
    this.#listeners.add(events);
    try {
      const report = await this.#opened;
      if (this.#isEnded) throw new ClosedError(CLOSED);
      const { port1, port2 } = new MessageChannel();
      await this.#ask('connect', [port2], ANSWER_TIMEOUT_MS, [port2]);
      const transport = new PortTransport(port1, report, events, this);
      this.#transports.add(transport);
      return transport;
    } catch (error) {
      this.#listeners.delete(events);
      if (--this.#users === 0) this.#end(error as RedstartError);
      throw error;
    }
  }

  readonly ask: AskStore = async (name, ...args) => {
    if (!this.#isOpen || this.#isEnded) throw new ClosedError(CLOSED);
    const timeoutMs = /Rdb|Store/.test(name) ? WORK_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
    return (await this.#ask('ask', [name, args], timeoutMs)) as never;
  };

  /** A client has let go; with the last one the store closes. Resolves when that is done. */
  async release(transport: PortTransport): Promise<void> {
    try {
      if (this.#transports.delete(transport) && --this.#users === 0) await this.#close();
    } finally {
      // The last one hears what is said until the end.
      this.#listeners.delete(transport.events);
    }
  }

  /** The worker ended one client's session, or, with an `error`, the store as a whole. */
  portEnded(transport: PortTransport, error: RedstartError | null): void {
    if (error !== null) this.#end(error);
    else void this.release(transport).catch(() => undefined);
  }

  async #open(): Promise<StoreReport> {
    const { name, persistence, recover, lockTimeoutMs, config } = this.#options;
    const { wasmUrl, luaUrl, loadTimeoutMs, openTimeoutMs } = this.#options;
    await this.#ask('health', [], loadTimeoutMs ?? ANSWER_TIMEOUT_MS);
    const asked = {
      name,
      wasmUrl: absolute(wasmUrl),
      luaUrl: absolute(luaUrl),
      persistence,
      recover,
      config: { ...config },
      lockTimeoutMs,
    };
    const report = await this.#ask('open', [asked], openTimeoutMs ?? OPEN_TIMEOUT_MS);
    this.#isOpen = true;
    return report;
  }

  /** Calls the worker. Always ends, given a timeout; an error has its type. */
  async #ask<Name extends keyof WorkerControl>(
    name: Name,
    args: Parameters<WorkerControl[Name]>,
    timeoutMs: number,
    transfer?: Transferable[],
  ): Promise<Answer<Name>> {
    const answer = askWorker(this.#worker, name, args, transfer);
    const late = () => this.#failure(`did not answer '${name}' within ${timeoutMs} ms`);
    const outcome = await withDeadline(Promise.race([answer, this.#failed]), timeoutMs, late);
    if ('error' in outcome) throw unpackError(outcome.error);
    return outcome.value as Answer<Name>;
  }

  #workerFailed({ message, filename, lineno }: ErrorEvent): void {
    const at = filename ? ` (${filename}:${lineno})` : '';
    const what = this.#isOpen ? 'failed' : 'did not load';
    this.#end(this.#failure(`${what}: ${message || BLOCKED}${at}`));
  }

  #failure(what: string): RedstartError {
    const Class = this.#isOpen ? ConnectionError : WorkerLoadError;
    return new Class(`The worker ${what}`);
  }

  /** Flushes, closes the storage, gives up the lock, ends the worker. */
  async #close(): Promise<void> {
    if (this.#isEnded) return;
    this.#leave();
    try {
      await this.#ask('close', [], ANSWER_TIMEOUT_MS);
    } finally {
      this.#worker.terminate();
    }
  }

  /**
   * The page stops running: let go of the store. Clients come back to a new worker. A frozen worker
   * would keep its lock and save nothing more, so it is ended (what was written before the page was
   * hidden has been saved then); else it saves, lets go and ends by itself.
   */
  #putAside(atOnce: boolean): void {
    if (this.#isEnded) return;
    if (atOnce || !this.#isOpen) this.#worker.terminate();
    else askWorker(this.#worker, 'leave', []).catch(() => undefined);
    this.#detach(new LeaderLostError(PUT_ASIDE), true);
  }

  #end(error: RedstartError): void {
    if (this.#isEnded) return;
    this.#detach(error, false);
    this.#worker.terminate();
  }

  #detach(error: RedstartError, mayReturn: boolean): void {
    this.#leave();
    this.#fail(error);
    for (const transport of this.#transports) transport.break(error, mayReturn);
    this.#transports.clear();
  }

  #leave(): void {
    this.#isEnded = true;
    this.#ended();
    this.#unwatch();
  }
}

const CLOSED = 'The store is closed';
const BLOCKED = 'not found, or blocked by Content-Security-Policy';
const PUT_ASIDE = 'The page was put aside; the command may have run';

function absolute(url: string | URL | undefined): string | null {
  return url === undefined ? null : new URL(url, location.href).href;
}
