/**
 * One store in one worker: opens it once, connects clients to it, ends it once.
 *
 *   new -> opening -> open -> ended
 *
 * What can be replaced is handed in: how the core is loaded, the lock taken, the host opened.
 */
import { withDeadline } from '../resp/deadline.js';
import {
  ClosedError,
  LeaderLostError,
  type PackedError,
  packError,
  StorageError,
} from '../resp/errors.js';
import { type StoreInspection, type StoreRequests, WIPED } from '../resp/persistence.js';
import { isFault } from '../storage/errors.js';
import { type DataHost, DataPort } from './data-port.js';
import type {
  Outcome,
  StoreHealth,
  StoreReport,
  WorkerControl,
  WorkerOpenOptions,
} from './messages.js';
import type { StoreLock } from './store-lock.js';

/** The host as the worker uses it. */
export interface StoreHost<Session> extends DataHost<Session> {
  readonly requests: StoreRequests;
  close(): Promise<void>;
}

export interface OpenedStore<Session> {
  readonly host: StoreHost<Session>;
  readonly report: StoreReport;
}

export interface StoreParts<Session> {
  lock(
    options: WorkerOpenOptions,
    lost: (error: LeaderLostError) => void,
  ): Promise<StoreLock | null>;
  /** Loads core and storage and replays the journal; `ended` when the store cannot go on. */
  open(
    options: WorkerOpenOptions,
    hasLock: boolean,
    ended: (error: Error) => void,
  ): Promise<OpenedStore<Session>>;
  /** Looks at a store that is not open here. */
  inspect(name: string): Promise<StoreInspection>;
  /** Ends the worker. */
  stop(): void;
}

type Request = (...args: readonly unknown[]) => Promise<unknown>;

/** How long a store that failed may take to save what it had. */
const SAVE_TIMEOUT_MS = 2000;

export class StoreServer<Session> implements WorkerControl {
  private state: StoreHealth['state'] = 'new';
  private host: StoreHost<Session> | null = null;
  private lock: StoreLock | null = null;
  private failure: Error | null = null;
  private clientCount = 0;
  private readonly ports = new Set<DataPort<Session>>();

  constructor(private readonly parts: StoreParts<Session>) {}

  health(): Outcome<StoreHealth> {
    return { value: { state: this.state, clients: this.ports.size } };
  }

  open(options: WorkerOpenOptions): Promise<Outcome<StoreReport>> {
    return outcome(async () => {
      if (this.state !== 'new') throw new ClosedError(`The store is ${this.state}`);
      this.state = 'opening';
      try {
        return await this.openStore(options);
      } catch (error) {
        this.state = 'ended';
        await this.releaseLock();
        throw error;
      }
    });
  }

  connect(port: MessagePort): Outcome<null> {
    if (this.host === null || this.state !== 'open') {
      port.close();
      return { error: packError(this.failure ?? new ClosedError('The store is not open')) };
    }
    this.clientCount++;
    const address = `worker:${this.clientCount}`;
    const data: DataPort<Session> = new DataPort(port, this.host, address, {
      ended: () => this.ports.delete(data),
      failed: (error) => this.end(error),
    });
    this.ports.add(data);
    return { value: null };
  }

  inspect(name: string): Promise<Outcome<StoreInspection>> {
    return outcome(() => this.parts.inspect(name));
  }

  ask(name: keyof StoreRequests, args: readonly unknown[]): Promise<Outcome<unknown>> {
    return outcome(async () => {
      const { host } = this;
      if (host === null) throw this.failure ?? new ClosedError('The store is not open');
      if (name === 'deleteStore') return this.deleteStore(host);
      const requests = host.requests as unknown as Record<string, Request>;
      return requests[name]?.(...args);
    });
  }

  close(): Promise<Outcome<null>> {
    return outcome(async () => {
      try {
        await this.shut();
      } finally {
        await this.releaseLock();
      }
      return null;
    });
  }

  /**
   * The page has been left, and this worker may stop at any moment: the last flush is started and
   * the lock given up at once. Who takes the store next queues behind that flush in IndexedDB.
   */
  leave(): Outcome<null> {
    this.shut()
      .catch(() => undefined)
      .finally(() => this.parts.stop());
    void this.releaseLock();
    return { value: null };
  }

  private async shut(): Promise<void> {
    const { host } = this;
    this.state = 'ended';
    this.host = null;
    for (const port of this.ports) port.end(null);
    this.ports.clear();
    await host?.close();
  }

  /** Every client is told how that went; it is the last that they hear. */
  private async deleteStore({ requests }: StoreHost<Session>): Promise<void> {
    this.stop();
    try {
      await requests.deleteStore();
      this.tellWhy(packError(new ClosedError('The store has been deleted')));
    } catch (error) {
      this.tellWhy(packError(error));
      throw error;
    }
  }

  /** Executes nothing any more. */
  private stop(): void {
    this.state = 'ended';
    this.host = null;
    for (const port of this.ports) port.stop();
  }

  private async openStore(options: WorkerOpenOptions): Promise<StoreReport> {
    const end = (error: Error) => this.end(error);
    this.lock = await this.parts.lock(options, end);
    const { host, report } = await this.parts.open(options, this.lock !== null, end);
    if (this.failure !== null) throw this.failure;
    this.host = host;
    this.state = 'open';
    return report;
  }

  /**
   * The store cannot go on: nothing is executed any more, what has been executed is saved if it may
   * be, every client is told why.
   */
  private end(error: unknown): void {
    if (this.state === 'ended') return;
    const { host } = this;
    this.failure = error instanceof Error ? error : new Error(String(error));
    this.stop();
    // What was deleted from outside is never written back.
    const isWiped = isFault(error, 'wiped');
    const maySave = host !== null && !isWiped && !(error instanceof LeaderLostError);
    const saved = maySave ? host.requests.flush() : Promise.resolve();
    const tell = () => this.tellWhy(packError(isWiped ? wipedError(error) : error));
    withDeadline(saved, SAVE_TIMEOUT_MS, () => new Error('too late')).then(tell, tell);
  }

  private tellWhy(error: PackedError): void {
    for (const port of this.ports) port.end(error);
    this.ports.clear();
    void this.releaseLock();
  }

  private async releaseLock(): Promise<void> {
    const { lock } = this;
    this.lock = null;
    await lock?.release();
  }
}

/** As the page knows it: see beacon.ts. */
function wipedError({ message }: StorageError): StorageError {
  return new StorageError(message, { cause: WIPED });
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: packError(error) };
  }
}
