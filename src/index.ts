/**
 * `redstart` in the browser: node-redis's API over a store in a worker.
 *
 *   const store = await createClient({ name: 'my-app' }).connect();
 *   await store.set('key', 'value');
 *
 * Importing this touches no window, worker or database: it is safe on a server.
 */
import { type ClientOptions, type CreateClient, createClientOver } from './client/create-client.js';
import { withBeacon } from './transport/beacon.js';
import { openWorkerTransport, type WorkerOptions } from './transport/worker.js';

export type { CommandOptions, RedisClientEvents } from './client/client-session.js';
export { defineScript } from './client/define-script.js';
export type { PoolOptions, RedisClientPool } from './client/pool.js';
export type { RedisClient } from './client/redis-client.js';
export type { RedisArgument, TypeMapping } from './client/redis-commands.js';
export type { PubSubListener } from './client/subscriptions.js';
export {
  AbortError,
  ClosedError,
  ConfigurationError,
  ConnectionError,
  FormatError,
  LeaderLostError,
  MultiErrorReply,
  ProtocolError,
  RedstartError,
  ReplyError,
  StorageError,
  StoreBusyError,
  TimeoutError,
  UnsupportedError,
  WatchError,
  WorkerLoadError,
} from './resp/errors.js';
export type {
  Diagnosis,
  PersistenceEvent,
  PersistenceProgress,
  PersistenceState,
  SetAside,
  StorageInfo,
  StoreInspection,
  StoreNotice,
  StoreRequests,
} from './resp/persistence.js';
export { type InspectOptions, inspectStore } from './transport/inspect.js';
export type { AskStore, OpenTransport, Transport, TransportEvents } from './transport/transport.js';
export type { StoreReport } from './worker/messages.js';

export type CreateClientOptions = ClientOptions & Partial<WorkerOptions>;

/** A client for the store `name`, which lives in a worker of this page. `connect()` opens it. */
export const createClient: CreateClient<Partial<WorkerOptions>> = (
  options: CreateClientOptions = {},
) => {
  const name = options.name ?? 'default';
  const open = withBeacon(openWorkerTransport({ ...options, name }), name);
  return createClientOver(open, options);
};
