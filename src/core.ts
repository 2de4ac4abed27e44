/**
 * `redstart/core`: the bare client for a store in a worker.
 *
 *   const store = await connect({ name: 'my-app' });
 *   await store.send('SET', 'key', 'value');
 *   await store.pipeline([['GET', 'key'], ['TTL', 'key']]);
 */
import { CoreClient } from './client/core-client.js';
import type { RedstartError } from './resp/errors.js';
import type { StoreNotice } from './resp/persistence.js';
import type { ReplyShapes } from './resp/reply-decoder.js';
import type { OpenTransport } from './transport/transport.js';
import { openWorkerTransport, type WorkerOptions } from './transport/worker.js';

export type { CoreClient } from './client/core-client.js';
export {
  ClosedError,
  ConfigurationError,
  ConnectionError,
  FormatError,
  LeaderLostError,
  RedstartError,
  ReplyError,
  StorageError,
  StoreBusyError,
  TimeoutError,
  WorkerLoadError,
} from './resp/errors.js';
export type {
  PersistenceEvent,
  PersistenceProgress,
  StorageInfo,
  StoreNotice,
  StoreRequests,
} from './resp/persistence.js';
export type { ReplyShapes } from './resp/reply-decoder.js';

export interface ConnectOptions extends Partial<WorkerOptions> {
  readonly database?: number;
  /** Milliseconds until a call without a reply is rejected; 0: never. Default 10 000. */
  readonly timeout?: number;
  readonly onError?: (error: RedstartError) => void;
  /** Hears what comes unasked and has no listener: messages, lines of MONITOR. */
  readonly onPush?: (value: unknown) => void;
  /** Hears how the data are kept: trouble with storage, and progress of what takes long. */
  readonly onNotice?: (notice: StoreNotice) => void;
  /** What replies other than strings become, where a call has a type mapping. */
  readonly shapes?: ReplyShapes;
  /** Another way to a store than a worker. */
  readonly transport?: OpenTransport;
}

const TIMEOUT_MS = 10_000;

/** Opens the store; rejects with a typed error within a deadline. */
export async function connect(options: ConnectOptions = {}): Promise<CoreClient> {
  const client = new CoreClient({
    ...options,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    open: options.transport ?? openWorkerTransport({ ...options, name: options.name ?? 'default' }),
  });
  await client.connect();
  return client;
}
