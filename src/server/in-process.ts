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
  /** Replies on their way: they arrive in a later turn than their requests left. */
  private arriving: Buffer[] = [];
  private arrivingBytes = 0;
  private isScheduled = false;
  /** The reader has room for more. */
  private isAskedFor = false;
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
    this.isAskedFor = true;
    this.schedule();
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
    return this.arrivingBytes > QUEUED_BYTES_MAX;
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
        return self.arrivingBytes + self.readableLength;
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
    process.nextTick(() => {
      const handover = this.host.storage?.handover;
      if (handover?.isDue) handover.run(() => this.hand());
      else this.hand();
    });
  }

  /** Gives the reader what it has room for, and lets the store go on if that was all. */
  private hand(): void {
    this.isScheduled = false;
    while (this.isAskedFor && !this.destroyed) {
      const bytes = this.arriving.shift();
      if (bytes === undefined) break;
      this.arrivingBytes -= bytes.length;
      this.isAskedFor = this.push(bytes);
    }
    if (this.destroyed || this.arriving.length > 0) return;
    if (this.isEnding) this.push(null);
    else this.goOn();
  }

  private goOn(): void {
    this.host.resumeCongested(this.session);
    const taken = this.whenTaken;
    if (taken === null || this.isCongested) return;
    this.whenTaken = null;
    taken();
  }
}
