/**
 * Redstart in Node: a server that other programs' Redis clients can talk to, in this process.
 *
 *     import { createServer } from 'redstart';
 *
 *     const server = await createServer({ port: 0 });
 *     // redis://127.0.0.1:${server.port}
 *     await server.close();
 *
 * and a client whose store is in this very thread, without TCP:
 *
 *     const store = await createClient().connect();
 */
import type { Duplex } from 'node:stream';
import { type ClientOptions, type CreateClient, createClientOver } from './client/create-client.js';
import type { Clock } from './host/clock.js';
import type { Log } from './host/host.js';
import type { PersistenceEvent, StorageInfo } from './resp/persistence.js';
import { type CoreSource, loadCore, loadLua } from './server/core-module.js';
import { DEFAULT_BIND, Server } from './server/server.js';
import { openInlineTransport } from './transport/inline.js';
import type { OpenTransport } from './transport/transport.js';

export { SnapshotFormatError } from './engine/snapshot.js';
// All of it but `createClient`, which is another one here.
export * from './index.js';
export { connectorOver } from './server/connectors.js';
export { StartError } from './server/server.js';

export interface CreateServerOptions {
  /** 0, the default, lets the system choose a free one. */
  readonly port?: number;
  /** Address or addresses to listen on; by default this machine's own alone. */
  readonly host?: string | readonly string[];
  /** Parameters of redis.conf by name: `{ requirepass: 'secret', maxclients: '100' }`. */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * Whether data outlive the server, in the files of Redis: `dump.rdb`, and `appendonlydir` with
   * `appendonly yes`. Left out: only if `config` has a `dir` to keep them in.
   */
  readonly keeps?: boolean;
  /** Time, for tests. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Where core.wasm is, if not beside this file. */
  readonly core?: CoreSource;
}

export interface RunningServer {
  readonly port: number;
  /**
   * In place of a port for clients in this process, which then need no TCP: node-redis's
   * `socket: { path, tls: false }`, ioredis's `path`, and whatever else uses `net.createConnection`.
   */
  readonly path: string;
  /** A connection to the store without TCP, as `net.createConnection` would give it. */
  createConnection(): Duplex;
  /** All data as they are now, as an RDB file: redis-server can read it too. */
  snapshot(): Promise<Uint8Array>;
  /**
   * Replaces all data by those of an RDB file. Watched keys count as changed, and who waits for a
   * key that is there now is served. Rejects, and leaves everything as it is, if the file is not
   * right.
   */
  restore(file: Uint8Array): Promise<void>;
  /** How the data are kept, and how much of them. */
  storage(): StorageInfo;
  /** Has `listener` called when that changes: no space, space again, something set aside. */
  onPersistence(listener: (event: PersistenceEvent) => void): void;
  /** Ends all connections and the store; what has been answered is in the append only file, if there is one. */
  close(): Promise<void>;
}

/** Starts a server with a store of its own: in memory, unless it is to be kept. */
export async function createServer(options: CreateServerOptions = {}): Promise<RunningServer> {
  const { host = DEFAULT_BIND, port = 0 } = options;
  const server = await Server.open({
    port,
    bind: typeof host === 'string' ? host : host.join(' '),
    ...(options.config && { config: options.config }),
    keeps: options.keeps ?? options.config?.dir !== undefined,
    ...(options.clock && { clock: options.clock }),
    ...(options.log && { log: options.log }),
    ...(options.core !== undefined && { core: options.core }),
  });
  try {
    await server.listen();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

export type CreateClientOptions = ClientOptions & Pick<CreateServerOptions, 'config' | 'core'>;

/** Stores that have a name, while they have clients. */
const named = new Map<string, OpenTransport>();

/**
 * A client of a store in this thread and in memory. Clients that give the same `name` share one
 * store for as long as one of them is connected; without a name a client has its own.
 */
export const createClient: CreateClient<Pick<CreateServerOptions, 'config' | 'core'>> = (
  options: CreateClientOptions = {},
) => {
  const { name } = options;
  const open = (name === undefined ? undefined : named.get(name)) ?? inlineStore(options);
  if (name !== undefined) named.set(name, open);
  return createClientOver(open, options);
};

function inlineStore({
  config,
  core,
}: Pick<CreateServerOptions, 'config' | 'core'>): OpenTransport {
  let opening: Promise<OpenTransport> | null = null;
  return async (events) => {
    opening ??= loadCore(core).then((module) =>
      openInlineTransport({ core: module, lua: loadLua, ...(config && { config }) }),
    );
    try {
      return (await opening)(events);
    } catch (error) {
      opening = null;
      throw error;
    }
  };
}
