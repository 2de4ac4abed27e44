/**
 * `redstart/core`: the bare client for a store in a worker.
 *
 *   const store = await connect({ name: 'my-app' });
 *   await store.send('SET', 'key', 'value');
 *   await store.pipeline([['GET', 'key'], ['TTL', 'key']]);
 */
import { CoreClient } from './client/core-client.js';
import type { RedstartError } from './resp/errors.js';
import type { ReplyShapes } from './resp/reply-decoder.js';
import type { OpenTransport } from './transport/transport.js';
import { openWorkerTransport, type WorkerOptions } from './transport/worker.js';

export type { CoreClient } from './client/core-client.js';
export {
  ClosedError,
  ConfigurationError,
  ConnectionError,
  LeaderLostError,
  RedstartError,
  ReplyError,
  StorageError,
  StoreBusyError,
  TimeoutError,
  WorkerLoadError,
} from './resp/errors.js';
export type { ReplyShapes } from './resp/reply-decoder.js';

export interface ConnectOptions extends Partial<WorkerOptions> {
  readonly database?: number;
  /** Milliseconds until a call without a reply is rejected; 0: never. Default 10 000. */
  readonly timeout?: number;
  readonly onError?: (error: RedstartError) => void;
  /** Hears what comes unasked and has no listener: messages, lines of MONITOR. */
  readonly onPush?: (value: unknown) => void;
  /** What replies other than strings become, where a call has a type mapping. */
  readonly shapes?: ReplyShapes;
  /** Another way to a store than a worker. */
  readonly transport?: OpenTransport;
}

const TIMEOUT_MS = 10_000;

/** Opens the store; rejects with a typed error within a deadline. */
export async function connect(options: ConnectOptions = {}): Promise<CoreClient> {
  const { name = 'default', database = 0, timeout = TIMEOUT_MS } = options;
  const { transport, onError, onPush, shapes } = options;
  const open = transport ?? openWorkerTransport({ ...options, name });
  const client = new CoreClient({ open, database, timeoutMs: timeout, onError, onPush, shapes });
  await client.connect();
  return client;
}
