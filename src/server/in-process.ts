/**
 * A connection to a store of this process without TCP: a stream that looks like the socket which
 * client libraries expect.
 */
import { Duplex } from 'node:stream';
import type { Host } from '../host/host.js';
import type { ReplySink, Session } from '../host/session.js';

/** Replies that the other side has not taken: beyond this much, no more requests are executed. */
const QUEUED_BYTES_MAX = 1024 * 1024;
const ADDRESS = 'in-process';

/** The client's end; the other is a session of the store. It is open a turn after it was made. */
export class InProcessSocket extends Duplex {
  connecting = true;
  readonly remoteAddress = ADDRESS;
  readonly remotePort = 0;
  private readonly session: Session;
  /** Replies arrive in a later turn than their requests left, as they do from a socket. */
  private arriving: Buffer[] = [];
  private arrivingBytes = 0;
  private isScheduled = false;
  /** The store has ended the session; nothing comes after what has been sent. */
  private isEnding = false;
  /** Called when the store takes requests again. */
  private whenTaken: (() => void) | null = null;

  constructor(private readonly host: Host) {
    super({ allowHalfOpen: false });
    const address = `${ADDRESS}:0`;
    this.session = host.connect(this.sink(), { address, localAddress: address, kind: 'inline' });
    process.nextTick(() => {
      if (this.destroyed) return;
      this.connecting = false;
      this.emit('connect');
      this.emit('ready');
    });
  }

  override _write(bytes: Buffer, _encoding: unknown, taken: () => void): void {
    this.host.receive(this.session, bytes);
    if (this.isCongested) this.whenTaken = taken;
    else taken();
  }

  override _read(): void {
    if (this.isCongested) return;
    this.host.resumeCongested(this.session);
    const taken = this.whenTaken;
    this.whenTaken = null;
    taken?.();
  }

  override _final(done: () => void): void {
    this.host.endOfInput(this.session);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.arriving = [];
    this.host.disconnect(this.session);
    done(error);
  }

  // What a socket can do besides; here it has no meaning.

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  private get isCongested(): boolean {
    return this.pendingBytes > QUEUED_BYTES_MAX;
  }

  private get pendingBytes(): number {
    return this.arrivingBytes + this.readableLength;
  }

  private sink(): ReplySink {
    const self = this;
    return {
      write: (bytes) => this.arrive(Buffer.from(bytes)),
      end: () => {
        this.isEnding = true;
        this.schedule();
      },
      abort: () => this.destroy(),
      get congested() {
        return self.isCongested;
      },
      get pendingBytes() {
        return self.pendingBytes;
      },
    };
  }

  private arrive(bytes: Buffer): void {
    if (this.destroyed) return;
    this.arriving.push(bytes);
    this.arrivingBytes += bytes.length;
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    process.nextTick(() => this.hand());
  }

  private hand(): void {
    this.isScheduled = false;
    const { arriving } = this;
    this.arriving = [];
    this.arrivingBytes = 0;
    if (this.destroyed) return;
    for (const bytes of arriving) this.push(bytes);
    if (this.isEnding) this.push(null);
  }
}
