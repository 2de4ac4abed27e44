/** The page's end of a data port: request batches out, reply batches in, buffers going round. */
import { ConnectionError, type RedstartError, unpackError } from '../resp/errors.js';
import type { PortMessage, StoreReport } from '../worker/messages.js';
import { BufferPool } from './buffer-pool.js';
import { watchPage } from './page-lifecycle.js';
import type { AskStore, Transport, TransportEvents } from './transport.js';

/** The worker that the port leads to. */
export interface PortOwner {
  readonly ask: AskStore;
  release(transport: PortTransport): Promise<void>;
  portEnded(transport: PortTransport, error: RedstartError | null): void;
}

export class PortTransport implements Transport {
  readonly #pool = new BufferPool();
  #isOpen = true;
  #stopWaiting: () => void = () => undefined;
  #released: Promise<void> = Promise.resolve();

  readonly report: StoreReport;
  readonly events: TransportEvents;
  readonly ask: AskStore;
  readonly #port: MessagePort;
  readonly #owner: PortOwner;

  constructor(port: MessagePort, report: StoreReport, events: TransportEvents, owner: PortOwner) {
    this.report = report;
    this.#port = port;
    this.events = events;
    this.ask = owner.ask;
    this.#owner = owner;
    port.onmessage = (event: MessageEvent<PortMessage>) => this.#handle(event.data);
    // The other end is gone: the worker was terminated, or it crashed.
    port.addEventListener('close', () => {
      if (this.#isOpen) this.#ended(new ConnectionError('The worker has ended'));
    });
  }

  lend(): Uint8Array<ArrayBuffer> {
    return this.#pool.take();
  }

  send(bytes: Uint8Array<ArrayBuffer>, length: number): void {
    const { buffer } = bytes;
    this.#port.postMessage({ buffer, length }, [buffer]);
  }

  close(): Promise<void> {
    this.destroy();
    return this.#released;
  }

  destroy(): void {
    this.#stopWaiting();
    if (!this.#isOpen) return;
    this.#port.postMessage({ end: null });
    this.#shut();
    this.#released = this.#owner.release(this);
    this.#released.catch(() => undefined);
  }

  /** The store has ended: this pipe leads nowhere any more. */
  break(error: RedstartError, mayReturn: boolean): void {
    if (!this.#isOpen) return;
    this.#shut();
    if (mayReturn) {
      this.#stopWaiting = watchPage({
        broughtBack: () => {
          this.#stopWaiting();
          this.events.resumed();
        },
      });
    }
    this.events.closed(error, mayReturn);
  }

  #handle(message: PortMessage): void {
    if ('end' in message) {
      this.#ended(message.end && unpackError(message.end));
    } else {
      this.events.receive(new Uint8Array(message.buffer), message.length);
      this.#pool.give(message.buffer);
    }
  }

  #ended(error: RedstartError | null): void {
    this.#owner.portEnded(this, error);
    this.break(error ?? new ConnectionError('The store closed the connection'), false);
  }

  #shut(): void {
    this.#isOpen = false;
    this.#port.onmessage = null;
    this.#port.close();
  }
}
