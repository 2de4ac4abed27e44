/**
 * A transport: a duplex pipe of RESP bytes between a client and a running store.
 *
 * Buffers go round: the client asks for one with `lend`, writes requests into it, and gives it
 * away with `send`. The bytes that come back are lent to the client for the time of the call.
 */
import type { RedstartError } from '../resp/errors.js';
import type { StoreNotice, StoreRequests } from '../resp/persistence.js';

/** What the transport tells the client. */
export interface TransportEvents {
  /** The next `length` bytes of the reply stream; `bytes` may change after the call. */
  receive(bytes: Uint8Array, length: number): void;
  /**
   * The pipe is broken: no bytes will come any more. Called once at most, never after `close` or
   * `destroy`. `mayReturn`: the store has been put aside (page frozen or left), `resumed` follows.
   */
  closed(error: RedstartError, mayReturn: boolean): void;
  /** The page is back after a `closed` that may return: connect anew. */
  resumed(): void;
  /** News of the store, also while it is being opened. */
  notice?(notice: StoreNotice): void;
}

/** Asks something of the store, by name. Always ends; errors are typed. */
export type AskStore = <Name extends keyof StoreRequests>(
  name: Name,
  ...args: Parameters<StoreRequests[Name]>
) => Promise<Awaited<ReturnType<StoreRequests[Name]>>>;

export interface Transport {
  /** What is known of the store that was opened, for people and logs. */
  readonly report: unknown;
  /** A buffer to write requests into. */
  lend(): Uint8Array<ArrayBuffer>;
  /** Sends the first `length` bytes. The buffer belongs to the transport from now on. */
  send(buffer: Uint8Array<ArrayBuffer>, length: number): void;
  /** What is no command. */
  readonly ask: AskStore;
  /** Lets go in good order: resolves when the store needs this transport no more. Always ends. */
  close(): Promise<void>;
  /** Lets go at once. */
  destroy(): void;
}

/** Opens a transport. Rejects with a typed error within a deadline of its own. */
export type OpenTransport = (events: TransportEvents) => Promise<Transport>;
