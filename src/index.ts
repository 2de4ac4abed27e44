/**
 * `redstart` in the browser: node-redis's API over a store in a worker.
 *
 *   const store = await createClient({ name: 'my-app' }).connect();
 *   await store.set('key', 'value');
 *
 * Importing this touches no window, worker or database: it is safe on a server.
 */
import { type ClientOptions, createClientOver } from './client/create-client.js';
import type { RedisClient } from './client/redis-client.js';
import type { RespVersions, TypeMapping } from './client/redis-commands.js';
import { openWorkerTransport, type WorkerOptions } from './transport/worker.js';

export type { CommandOptions, RedisClient, RedisClientEvents } from './client/redis-client.js';
export type { RedisArgument, TypeMapping } from './client/redis-commands.js';
export {
  ClosedError,
  ConnectionError,
  LeaderLostError,
  ProtocolError,
  RedstartError,
  ReplyError,
  StorageError,
  StoreBusyError,
  TimeoutError,
  UnsupportedError,
  WorkerLoadError,
} from './resp/errors.js';
export type { OpenTransport, Transport, TransportEvents } from './transport/transport.js';
export type { StoreReport } from './worker/messages.js';

export type CreateClientOptions<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = Record<never, never>,
> = ClientOptions<RESP, MAPPING> & Partial<WorkerOptions>;

/** A client for the store `name`, which lives in a worker of this page. `connect()` opens it. */
export function createClient<
  RESP extends RespVersions = 3,
  MAPPING extends TypeMapping = Record<never, never>,
>(options: CreateClientOptions<RESP, MAPPING> = {}): RedisClient<RESP, MAPPING> {
  const name = options.name ?? 'default';
  return createClientOver(openWorkerTransport({ ...options, name }), options);
}
