/**
 * The words between a page and its worker. Types only.
 *
 * Control is Comlink on the worker itself; data is one MessagePort for each client, with buffers
 * that are transferred. See docs/ARCHITECTURE.md.
 */
import type { PackedError } from '../resp/errors.js';
import type { StoreInspection, StoreNotice, StoreRequests } from '../resp/persistence.js';

/** Both ways on a data port: the first `length` bytes of `buffer`, which travels with it. */
export interface DataMessage {
  readonly buffer: ArrayBuffer;
  readonly length: number;
}

/** Worker to page: no more bytes on this port. Page to worker: the client has gone. */
export interface EndMessage {
  readonly end: PackedError | null;
}

/** Worker to page, beside the control: told to all clients. */
export interface NoticeMessage {
  readonly notice: StoreNotice;
}

export type PortMessage = DataMessage | EndMessage;

export interface WorkerOpenOptions {
  readonly name: string;
  /** Where core.wasm is; beside the worker script if null. */
  readonly wasmUrl: string | null;
  /** Where lua.wasm is, which scripts need; beside the worker script if null. */
  readonly luaUrl: string | null;
  /** `memory` keeps nothing. Default `indexeddb`. */
  readonly persistence?: 'indexeddb' | 'memory' | undefined;
  /** redis.conf directives. */
  readonly config: Readonly<Record<string, string>>;
  /** What to do about a journal that is damaged, and not at its end alone. Default `refuse`. */
  readonly recover?: 'refuse' | 'truncate' | undefined;
  /** How long the lock is waited for while another owner lets go. Default 1000. */
  readonly lockTimeoutMs?: number | undefined;
}

/** What opening the store found. */
export interface StoreReport {
  readonly backend: string;
  /** True if the store did not exist before. */
  readonly created: boolean;
  readonly epoch: number;
  readonly frames: number;
  readonly bytes: number;
  readonly snapshotBytes: number;
  readonly damaged: unknown;
  readonly warnings: readonly string[];
}

/** A result that keeps the type of its error. */
export type Outcome<T> = { readonly value: T } | { readonly error: PackedError };

export interface StoreHealth {
  readonly state: 'new' | 'opening' | 'open' | 'ended';
  readonly clients: number;
}

/** What the worker exposes. */
export interface WorkerControl {
  /** Answers as soon as the script runs. */
  health(): Outcome<StoreHealth>;
  open(options: WorkerOpenOptions): Promise<Outcome<StoreReport>>;
  /** A new client on this port. */
  connect(port: MessagePort): Outcome<null>;
  /** Of the store with this name, which need not be open. */
  inspect(name: string): Promise<Outcome<StoreInspection>>;
  ask(name: keyof StoreRequests, args: readonly unknown[]): Promise<Outcome<unknown>>;
  /** Starts the last flush and gives up the lock at once: for a page that is left. */
  leave(): Outcome<null>;
  /** Flushes, closes the storage, gives up the lock. The worker is of no use afterwards. */
  close(): Promise<Outcome<null>>;
}
