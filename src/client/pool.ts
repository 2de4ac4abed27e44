/**
 * A pool: clients of one store that take turns, each with a session of its own. It is for work that
 * has a session to itself (WATCH, SELECT); other calls of one client never wait for each other.
 */
import { ClosedError, TimeoutError } from '../resp/errors.js';
import { Emitter } from './emitter.js';
import type { RedisArgument, ReplyUnion } from './redis-commands.js';

export interface PoolOptions {
  /** Clients that are kept connected. Default 1. */
  readonly minimum?: number;
  /** Default 100. */
  readonly maximum?: number;
  /** Milliseconds that a task waits for a client at the most. Default 3000. */
  readonly acquireTimeout?: number;
  /** Milliseconds after which clients that are too many are closed. Default 3000. */
  readonly cleanupDelay?: number;
}

/** What the pool needs of a client. */
export interface PooledClient {
  readonly isOpen: boolean;
  /** @internal */
  readonly _isDirty: boolean;
  connect(): Promise<unknown>;
  close(): Promise<void>;
  destroy(): void;
  reset(): Promise<void>;
  on(event: 'error', listener: (error: never) => void): unknown;
  sendCommand<T>(args: readonly RedisArgument[]): Promise<T>;
}

interface Waiter<CLIENT> {
  readonly take: (client: CLIENT) => void;
  readonly fail: (error: Error) => void;
}

const DEFAULTS: Required<PoolOptions> = {
  minimum: 1,
  maximum: 100,
  acquireTimeout: 3000,
  cleanupDelay: 3000,
};

export class RedisClientPool<CLIENT extends PooledClient> extends Emitter<{
  error(error: unknown): void;
}> {
  private readonly options: Required<PoolOptions>;
  private readonly idle: CLIENT[] = [];
  private readonly all = new Set<CLIENT>();
  private readonly waiters: Waiter<CLIENT>[] = [];
  private cleanup: ReturnType<typeof setTimeout> | undefined;
  private state: 'new' | 'open' | 'closing' | 'closed' = 'new';
  private drained: () => void = () => undefined;

  constructor(
    private readonly make: () => CLIENT,
    options: PoolOptions = {},
  ) {
    super();
    this.options = { ...DEFAULTS, ...options };
    const { minimum, maximum } = this.options;
    if (minimum < 1 || maximum < minimum) throw new TypeError('1 <= minimum <= maximum');
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get isClosing(): boolean {
    return this.state === 'closing';
  }

  get totalClients(): number {
    return this.all.size;
  }

  get idleClients(): number {
    return this.idle.length;
  }

  get clientsInUse(): number {
    return this.all.size - this.idle.length;
  }

  get tasksQueueLength(): number {
    return this.waiters.length;
  }

  async connect(): Promise<this> {
    if (this.state === 'open') return this;
    this.state = 'open';
    try {
      const first = Array.from({ length: this.options.minimum }, () => this.open());
      this.idle.push(...(await Promise.all(first)));
    } catch (error) {
      this.destroy();
      throw error;
    }
    return this;
  }

  /** Runs `task` with a client that nobody else has meanwhile. */
  async execute<T>(task: (client: CLIENT) => T): Promise<Awaited<T>> {
    const client = await this.acquire();
    try {
      return await task(client);
    } finally {
      await this.release(client);
    }
  }

  sendCommand(args: readonly RedisArgument[]): Promise<ReplyUnion> {
    return this.execute((client) => client.sendCommand<ReplyUnion>(args));
  }

  /** Takes no more tasks, waits for those under way, lets go. */
  async close(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'closing';
    if (this.clientsInUse > 0) {
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
    }
    await Promise.all([...this.all].map((client) => client.close()));
    this.end();
  }

  /** Rejects what is under way and lets go at once. */
  destroy(): void {
    for (const client of this.all) client.destroy();
    this.end();
  }

  private end(): void {
    clearTimeout(this.cleanup);
    this.state = 'closed';
    this.all.clear();
    this.idle.length = 0;
    for (const { fail } of this.waiters.splice(0)) fail(new ClosedError(CLOSED));
    this.drained();
  }

  private async open(): Promise<CLIENT> {
    const client = this.make();
    client.on('error', (error) => this.emit('error', error));
    this.all.add(client);
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.all.delete(client);
      throw error;
    }
  }

  private async acquire(): Promise<CLIENT> {
    if (this.state !== 'open') throw new ClosedError(CLOSED);
    const client = this.idle.pop();
    if (client !== undefined) return client;
    if (this.all.size < this.options.maximum) return this.open();
    const { acquireTimeout } = this.options;
    return new Promise((resolve, reject) => {
      const waiter = {
        take: (one: CLIENT) => {
          clearTimeout(timer);
          resolve(one);
        },
        fail: (error: Error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(new TimeoutError(`No client of the pool was free within ${acquireTimeout} ms`));
      }, acquireTimeout);
      this.waiters.push(waiter);
    });
  }

  private async release(client: CLIENT): Promise<void> {
    if (client._isDirty && client.isOpen) {
      await client.reset().catch(() => client.destroy());
    }
    const waiter = client.isOpen ? this.waiters.shift() : undefined;
    if (waiter !== undefined) return waiter.take(client);
    if (client.isOpen && this.all.has(client)) {
      this.idle.push(client);
      this.scheduleCleanup();
    } else this.all.delete(client);
    if (this.state === 'closing' && this.clientsInUse === 0) this.drained();
  }

  private scheduleCleanup(): void {
    const { minimum, cleanupDelay } = this.options;
    clearTimeout(this.cleanup);
    if (this.all.size <= minimum || this.state !== 'open') return;
    this.cleanup = setTimeout(() => {
      while (this.idle.length > 0 && this.all.size > minimum) {
        const client = this.idle.shift() as CLIENT;
        this.all.delete(client);
        client.close().catch((error: unknown) => this.emit('error', error));
      }
    }, cleanupDelay);
    // In Node it is not for a pool to keep a process alive.
    (this.cleanup as { unref?(): void }).unref?.();
  }
}

const CLOSED = 'The pool is closed';
