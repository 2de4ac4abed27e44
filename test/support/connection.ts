/**
 * A client connection as the tests use it, over any pipe of bytes. Replies are handed out in
 * order; nothing is interpreted, so what a case compares is what came over the wire.
 */
import {
  type Argument,
  encodeCommand,
  encodeCommands,
  type RawReply,
  ReplySplitter,
} from './wire.js';

/** What a target gives: a duplex pipe. */
export interface Pipe {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** What the connection gives to the pipe. */
export interface PipeEvents {
  onBytes(bytes: Uint8Array): void;
  onClose(error?: Error): void;
}

/** Long enough for a laden machine; a case that needs it has failed. */
const REPLY_TIMEOUT_MS = 20_000;

interface Waiter {
  count: number;
  resolve(replies: RawReply[]): void;
  reject(error: Error): void;
}

export class Connection implements PipeEvents {
  private pipe: Pipe | null = null;
  private readonly splitter = new ReplySplitter();
  private readonly arrived: RawReply[] = [];
  private readonly waiters: Waiter[] = [];
  private readonly closeListeners: (() => void)[] = [];
  private failure: Error | null = null;
  closed = false;

  static async over(open: (events: PipeEvents) => Promise<Pipe>): Promise<Connection> {
    const connection = new Connection();
    connection.pipe = await open(connection);
    return connection;
  }

  async send(...args: Argument[]): Promise<RawReply> {
    const [reply] = await this.raw(encodeCommand(args), 1);
    return reply as RawReply;
  }

  pipeline(commands: readonly (readonly Argument[])[]): Promise<RawReply[]> {
    return this.raw(encodeCommands(commands), commands.length);
  }

  /** Writes bytes as they are and waits for `count` replies. */
  raw(bytes: Uint8Array, count: number): Promise<RawReply[]> {
    this.pipe?.write(bytes);
    return this.take(count);
  }

  take(count: number): Promise<RawReply[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const rest = JSON.stringify(Buffer.from(this.splitter.rest()).toString('latin1'));
        reject(new Error(`waited for ${count} replies, have ${this.arrived.length} and ${rest}`));
      }, REPLY_TIMEOUT_MS);
      this.waiters.push({
        count,
        resolve: (replies) => {
          clearTimeout(timer);
          resolve(replies);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.serve();
    });
  }

  /** Resolves when the other side has closed; replies that were not taken stay to be looked at. */
  untilClosed(): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the other side did not close the connection')),
        REPLY_TIMEOUT_MS,
      );
      this.closeListeners.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Replies that came and that nobody has asked for. */
  surplus(): RawReply[] {
    return this.arrived;
  }

  close(): void {
    this.pipe?.close();
  }

  onBytes(bytes: Uint8Array): void {
    try {
      this.arrived.push(...this.splitter.push(bytes));
    } catch (error) {
      this.failure = error as Error;
    }
    this.serve();
  }

  onClose(error?: Error): void {
    this.closed = true;
    this.failure ??= error ?? null;
    this.serve();
    for (const listener of this.closeListeners.splice(0)) listener();
  }

  private serve(): void {
    for (;;) {
      const waiter = this.waiters[0];
      if (waiter === undefined) return;
      if (this.arrived.length >= waiter.count) {
        this.waiters.shift();
        waiter.resolve(this.arrived.splice(0, waiter.count));
      } else if (this.failure !== null || this.closed) {
        this.waiters.shift();
        const cause = this.failure?.message ?? 'the connection was closed';
        waiter.reject(
          new Error(`${cause}; ${this.arrived.length} of ${waiter.count} replies had come`),
        );
      } else return;
    }
  }
}
