/**
 * The worker's end of a client's data port: request batches in, replies out in the same buffers.
 *
 *   page                                worker
 *    | {buffer: requests, length} ------> |  host.receive
 *    | <------ {buffer: replies, length}  |  the same buffer, or a larger one
 *
 * Replies are collected apart until the batch is through, because the host may still read requests
 * from the buffer. Replies that come later (appendfsync always, pub/sub) leave in one message per
 * task, in a buffer of the pool.
 */

import { ByteSink } from '../resp/byte-sink.js';
import type { PackedError } from '../resp/errors.js';
import { BufferPool } from '../transport/buffer-pool.js';
import type { PortMessage } from './messages.js';

/** What is needed of the host. */
export interface DataHost<Session> {
  connect(
    sink: { write(bytes: Uint8Array): void; end(): void },
    about: { address: string; localAddress: string; kind: 'worker' },
  ): Session;
  receive(session: Session, bytes: Uint8Array): void;
  disconnect(session: Session): void;
}

/** The part of a MessagePort that is used. */
export interface Port {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: PortMessage, transfer: Transferable[]): void;
  close(): void;
}

const REPLIES_KEPT_BYTES = 1024 * 1024;

export class DataPort<Session> {
  private readonly pool = new BufferPool();
  private readonly session: Session;
  private replies = new ByteSink(64 * 1024);
  private isReceiving = false;
  private isScheduled = false;
  private isEnding = false;
  private isOpen = true;
  private isStopped = false;

  /** `ended` is called once, when the client or the host has ended the session. */
  constructor(
    private readonly port: Port,
    private readonly host: DataHost<Session>,
    address: string,
    private readonly events: { ended(): void; failed(error: unknown): void },
  ) {
    const sink = { write: (bytes: Uint8Array) => this.write(bytes), end: () => this.finish() };
    this.session = host.connect(sink, { address, localAddress: 'worker:0', kind: 'worker' });
    port.onmessage = (event: MessageEvent<PortMessage>) => this.handle(event.data);
  }

  /** Takes no more requests; `end` follows, whatever becomes of the session. */
  stop(): void {
    this.isStopped = true;
    this.port.onmessage = null;
  }

  /** Tells the page that no more bytes will come; `error` says why. */
  end(error: PackedError | null): void {
    if (!this.isOpen) return;
    this.post();
    this.isOpen = false;
    this.port.postMessage({ end: error }, []);
    this.port.onmessage = null;
    this.port.close();
  }

  private handle(message: PortMessage): void {
    try {
      if ('end' in message) this.leave();
      else this.receive(message.buffer, message.length);
    } catch (error) {
      this.events.failed(error);
    }
  }

  private receive(buffer: ArrayBuffer, length: number): void {
    this.isReceiving = true;
    try {
      this.host.receive(this.session, new Uint8Array(buffer, 0, length));
    } finally {
      this.isReceiving = false;
      this.pool.give(buffer);
    }
    this.post();
    if (this.isEnding) this.close();
  }

  private write(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    this.replies.raw(bytes);
    this.schedule();
  }

  private finish(): void {
    if (this.isStopped) return;
    this.isEnding = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.isReceiving || this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      this.post();
      if (this.isEnding && !this.isStopped) this.close();
    });
  }

  /** Sends what has been collected. */
  private post(): void {
    const length = this.replies.length;
    if (length === 0 || !this.isOpen) return;
    const taken = this.pool.take();
    const bytes = taken.length < length ? new Uint8Array(length) : taken;
    bytes.set(this.replies.bytes.subarray(0, length));
    this.replies.length = 0;
    if (this.replies.bytes.length > REPLIES_KEPT_BYTES) this.replies = new ByteSink(64 * 1024);
    this.port.postMessage({ buffer: bytes.buffer, length }, [bytes.buffer]);
  }

  /** The host ended the session (QUIT, CLIENT KILL, a protocol error). */
  private close(): void {
    if (!this.isOpen) return;
    this.end(null);
    this.leave();
  }

  /** The client has gone. */
  private leave(): void {
    this.isOpen = false;
    this.port.onmessage = null;
    this.port.close();
    this.host.disconnect(this.session);
    this.events.ended();
  }
}
